//! The watch: sees to it that long work of one process never keeps others waiting.
//!
//! A native function, a collection or the copy of a large message can take long, and cannot be broken off. Once a
//! worker has been in one turn for a millisecond, and used a processor, and others wait, a worker of the reserve takes
//! its seat and the processes that wait. The first one stands by as soon as its turn ends. So there are as many
//! seats as schedulers, and at most so many workers that take turns beside those held up by long work.

use super::post::{Post, TurnId};
use super::run_queue::{Ready, RunQueues};
use crate::sys::clock::{self, ThreadClock};
use crate::sys::large;
use crate::sys::slice::ThreadNumber;
use crate::vm::Vm;
use crossbeam_deque::Worker;
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

/// How often the watch looks while any worker is at work.
const INTERVAL: Duration = Duration::from_millis(1);
/// How much slower than usual this build is: one that collects at every allocation is to run processes in the usual
/// order all the same.
const SLOWNESS: u32 = if cfg!(gc_stress) { 50 } else { 1 };
/// Processor time between two looks after which a turn is long: a turn of usual length takes less in all, and a worker
/// that shares its processor with one other gets this much.
const LONG_TURN: Duration = Duration::from_micros(400 * SLOWNESS as u64);
/// Looks after which a turn that uses no processor time is long too: it is held up by the system.
const MANY_LOOKS: u32 = 20 * SLOWNESS;

/// Looks between two at memory that waits for its next user.
const LOOKS_PER_TRIM: u32 = 32;

/// Workers beyond the seats: so many can be held up at a time.
pub(crate) fn reserve(schedulers: usize) -> usize {
    2 * schedulers + 14
}

/// How long workers run before the operating system lets other threads in, as long as nothing holds them up: those
/// whose turn is long have the system's own slice, so that the others go before them.
const SHORT_SLICE: Duration = Duration::from_micros(400);
/// The same for what wakes others and sleeps again.
pub(super) const SHORTEST_SLICE: Duration = Duration::from_micros(100);

#[derive(Debug)]
struct WorkerPost {
    post: Post,
    /// Which scheduler the worker is, counted from 0.
    seat: AtomicUsize,
    /// Processor time of its thread.
    clock: OnceLock<ThreadClock>,
    /// The number of its thread.
    thread: OnceLock<ThreadNumber>,
    /// Its turn is to end at the next occasion.
    hurry: AtomicBool,
    /// Nanoseconds that it has been at work since the machine began, less the time of the clock when it went to work
    /// if it is now. See [`Watch::worked`].
    worked: AtomicI64,
    at_work: AtomicBool,
    /// Wakes it where it stands by.
    call: Condvar,
}

#[derive(Debug)]
struct Reserve {
    /// Deques of workers whose threads have not been started.
    unborn: Vec<(usize, Worker<Ready>)>,
    /// Who stands by, the longest first.
    standing_by: VecDeque<usize>,
    /// Whose place the worker of this number takes.
    called: Vec<Option<usize>>,
    /// Nobody is at work, the watch sleeps.
    dormant: bool,
}

/// The watch over the workers of a machine.
#[derive(Debug)]
pub(crate) struct Watch {
    posts: Box<[WorkerPost]>,
    seats: usize,
    reserve: Mutex<Reserve>,
    /// Mirrors `Reserve::dormant`.
    dormant: AtomicBool,
    wake: Condvar,
}

/// What the watch saw of a worker the last time.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    turn: Option<TurnId>,
    since: Duration,
    looks: u32,
}

impl Watch {
    /// Over `seats` workers and those whose deques are given for the reserve.
    pub(crate) fn new(seats: usize, unborn: Vec<(usize, Worker<Ready>)>) -> Self {
        let count = seats + unborn.len();
        let post = |seat| WorkerPost {
            post: Post::new(),
            seat: AtomicUsize::new(seat),
            clock: OnceLock::new(),
            thread: OnceLock::new(),
            hurry: AtomicBool::new(false),
            worked: AtomicI64::new(0),
            at_work: AtomicBool::new(false),
            call: Condvar::new(),
        };
        Self {
            posts: (0..count).map(post).collect(),
            seats,
            reserve: Mutex::new(Reserve {
                unborn,
                standing_by: VecDeque::new(),
                called: vec![None; count],
                dormant: false,
            }),
            dormant: AtomicBool::new(false),
            wake: Condvar::new(),
        }
    }

    /// The post of worker `number`.
    pub(crate) fn post(&self, number: usize) -> &Post {
        &self.posts[number].post
    }

    /// Which scheduler worker `number` is now, counted from 0.
    pub(crate) fn seat(&self, number: usize) -> usize {
        self.posts[number].seat.load(Ordering::Relaxed)
    }

    /// Where worker `number` reads that its turn is to end.
    pub(crate) fn hurry(&self, number: usize) -> &AtomicBool {
        &self.posts[number].hurry
    }

    /// The calling thread is worker `number` from now on.
    pub(crate) fn enter(&self, number: usize) {
        let _ = self.posts[number].clock.set(ThreadClock::of_this_thread());
        let thread = *self.posts[number].thread.get_or_init(ThreadNumber::own);
        thread.set_slice(SHORT_SLICE);
    }

    /// Worker `number` goes to work, or stops.
    pub(crate) fn works(&self, number: usize, begins: bool) {
        let now = clock::monotonic_nanoseconds();
        let post = &self.posts[number];
        post.at_work.store(begins, Ordering::Relaxed);
        post.worked.fetch_add(if begins { -now } else { now }, Ordering::Relaxed);
    }

    /// How many workers are at work.
    pub(crate) fn at_work(&self) -> usize {
        self.posts.iter().filter(|post| post.at_work.load(Ordering::Relaxed)).count()
    }

    /// How long each scheduler has been at work, in nanoseconds.
    pub(crate) fn worked(&self) -> Vec<u64> {
        let mut seats = vec![0; self.seats];
        let now = clock::monotonic_nanoseconds();
        for post in &self.posts {
            let open = if post.at_work.load(Ordering::Relaxed) { now } else { 0 };
            let worked = post.worked.load(Ordering::Relaxed) + open;
            // One that has never been called has no seat.
            if let Some(seat) = seats.get_mut(post.seat.load(Ordering::Relaxed)) {
                *seat += u64::try_from(worked).unwrap_or(0);
            }
        }
        seats
    }

    /// A worker has come back from where it waited for work.
    pub(crate) fn worker_awake(&self) {
        if self.dormant.load(Ordering::SeqCst) {
            let mut reserve = self.reserve.lock();
            reserve.dormant = false;
            self.dormant.store(false, Ordering::SeqCst);
            self.wake.notify_one();
        }
    }

    /// Worker `number` waits until it is called. False: the machine stops.
    pub(crate) fn stand_by(&self, number: usize, queues: &RunQueues) -> bool {
        if let Some(thread) = self.posts[number].thread.get() {
            thread.set_slice(SHORT_SLICE);
        }
        let mut reserve = self.reserve.lock();
        reserve.standing_by.push_back(number);
        loop {
            if queues.stopping() {
                return false;
            }
            if let Some(seat) = reserve.called[number].take() {
                self.posts[number].seat.store(seat, Ordering::Relaxed);
                return true;
            }
            self.posts[number].call.wait(&mut reserve);
        }
    }

    /// Tells everybody who waits here that the machine stops.
    pub(crate) fn stop(&self) {
        drop(self.reserve.lock());
        self.posts.iter().for_each(|post| _ = post.call.notify_one());
        self.wake.notify_all();
    }

    /// Puts a worker of the reserve in the place of worker `number`, which is in this turn.
    fn replace(&self, vm: &Arc<Vm>, number: usize, turn: TurnId) {
        let mut reserve = self.reserve.lock();
        if reserve.standing_by.is_empty() && reserve.unborn.is_empty() {
            return;
        }
        let seat = self.seat(number);
        if !self.posts[number].post.replace(turn) {
            return;
        }
        if let Some(thread) = self.posts[number].thread.get() {
            thread.set_slice(Duration::ZERO);
        }
        vm.queues.share(number);
        if let Some(other) = reserve.standing_by.pop_front() {
            reserve.called[other] = Some(seat);
            self.posts[other].call.notify_one();
        } else if let Some((other, deque)) = reserve.unborn.pop() {
            self.posts[other].seat.store(seat, Ordering::Relaxed);
            super::worker::start(vm, deque, other);
        }
    }

    /// A thread that is no worker has made a process ready: if all workers are busy, and the turn of one is known to
    /// take long, another takes its place at once, not when the watch looks next.
    pub(crate) fn relieve(&self, vm: &Vm) {
        if vm.queues.anybody_parked() {
            return;
        }
        let long = |place: &WorkerPost| place.post.long_turn();
        let held_up = self.posts.iter().enumerate().find_map(|(number, place)| Some((number, long(place)?)));
        if let (Some((number, turn)), Some(vm)) = (held_up, vm.shared()) {
            self.replace(&vm, number, turn);
        }
    }

    /// Looks once at every worker.
    fn look(&self, vm: &Arc<Vm>, seen: &mut [Seen]) {
        let mut relieved = false;
        for (number, (place, seen)) in self.posts.iter().zip(seen).enumerate() {
            let turn = place.post.turn();
            let Some(used) = place.clock.get().map(ThreadClock::used) else { continue };
            if turn.is_none() || turn != seen.turn {
                *seen = Seen { turn, since: used, looks: 0 };
                continue;
            }
            let Some(turn) = turn else { continue };
            seen.looks += 1;
            if used.saturating_sub(seen.since) < LONG_TURN && seen.looks < MANY_LOOKS {
                continue;
            }
            place.post.set_long(turn);
            place.hurry.store(true, Ordering::Relaxed);
            if !relieved && vm.queues.anybody_waits() {
                relieved = true;
                if vm.queues.anybody_parked() {
                    vm.queues.share(number);
                } else {
                    self.replace(vm, number, turn);
                }
            }
        }
    }

    /// Sleeps while every worker waits for work.
    fn rest(&self, queues: &RunQueues) {
        let mut reserve = self.reserve.lock();
        reserve.dormant = true;
        self.dormant.store(true, Ordering::SeqCst);
        let mut is_first = true;
        while reserve.dormant && queues.all_parked(self.seats) && !queues.stopping() {
            if !is_first {
                self.wake.wait(&mut reserve);
            } else if self.wake.wait_for(&mut reserve, large::KEPT).timed_out() {
                is_first = false;
                MutexGuard::unlocked(&mut reserve, large::release);
            }
        }
        reserve.dormant = false;
        self.dormant.store(false, Ordering::SeqCst);
    }
}

/// Watches until the machine is gone.
pub(crate) fn run(vm: &Weak<Vm>) {
    ThreadNumber::own().set_slice(SHORTEST_SLICE);
    let _guard = super::EndOnPanic;
    let mut seen = Vec::new();
    let mut looks = 0_u32;
    while let Some(vm) = vm.upgrade() {
        if vm.queues.stopping() {
            return;
        }
        seen.resize(vm.watch.posts.len(), Seen::default());
        vm.watch.look(&vm, &mut seen);
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(LOOKS_PER_TRIM) {
            large::trim();
        }
        if vm.queues.all_parked(vm.watch.seats) {
            vm.watch.rest(&vm.queues);
        }
        drop(vm);
        std::thread::sleep(INTERVAL);
    }
}
