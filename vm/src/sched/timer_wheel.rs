//! Timers: a hierarchical wheel of four levels with 256 places each (Varghese and Lauck 1987), one
//! millisecond a place at the lowest. Starting and cancelling take constant time; one thread turns the wheel.

use super::alarm::{Alarm, Watched};
use crate::heap::copy::OwnedTerm;
use crate::proc::{Signal, SignalBody};
use crate::sys::clock;
use crate::sys::slice::ThreadNumber;
use crate::term::Pid;
use crate::vm::Vm;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

const LEVELS: usize = 4;
const PLACES: usize = 256;
const NONE: u32 = u32::MAX;

/// A timer: position in the slab, and a number that tells its uses apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerId {
    index: u32,
    generation: u32,
}

impl TimerId {
    /// That of no timer.
    pub(crate) const NEVER: Self = Self { index: u32::MAX, generation: u32::MAX };
}

/// What happens when the time has come.
#[derive(Debug)]
pub(crate) enum Action {
    /// A `receive ... after` ends.
    Receive { pid: Pid, id: u64 },
    /// A message is sent (`send_after`, `start_timer`): to a process or whoever has the name then.
    Message { to: Destination, message: OwnedTerm, reference: u64 },
}

/// To whom a timer's message goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Destination {
    Process(Pid),
    Name(crate::atom::Atom),
}

#[derive(Debug)]
struct Timer {
    action: Option<Action>,
    /// Millisecond at which it runs out.
    due: u64,
    /// How many were started before it: those of one millisecond run out in the order in which they were started.
    started: u64,
    generation: u32,
    previous: u32,
    next: u32,
    /// Level and place, or `NONE` for a free entry.
    place: u32,
}

/// A timer that has run out.
#[derive(Debug)]
struct Fired {
    started: u64,
    action: Action,
}

#[derive(Debug)]
struct Wheel {
    timers: Vec<Timer>,
    free: u32,
    heads: Vec<u32>,
    /// The millisecond that was handled last.
    now: u64,
    count: usize,
    started: u64,
    receive_ids: u64,
    /// Timers that can be cancelled by reference.
    references: hashbrown::HashMap<u64, TimerId>,
    /// Receiver and reference of those that send to a pid.
    by_pid: BTreeSet<(Pid, u64)>,
}

/// The timers of a machine. The thread that turns the wheel wakes by milliseconds.
#[derive(Debug)]
pub(crate) struct Timers(Alarm<Wheel>);

fn milliseconds() -> u64 {
    u64::try_from(clock::monotonic_nanoseconds() / 1_000_000).unwrap_or(0)
}

impl Wheel {
    fn insert(&mut self, index: u32) {
        let due = self.timers[index as usize].due.max(self.now + 1);
        let distance = due - self.now;
        let mut level = 0;
        while level + 1 < LEVELS && distance >= 1 << (8 * (level + 1)) {
            level += 1;
        }
        let within = if distance >> (8 * LEVELS) != 0 { self.now.wrapping_sub(1) } else { due };
        let at = (level * PLACES) as u32 + ((within >> (8 * level)) & 0xff) as u32;
        let head = self.heads[at as usize];
        let timer = &mut self.timers[index as usize];
        timer.place = at;
        timer.previous = NONE;
        timer.next = head;
        if head != NONE {
            self.timers[head as usize].previous = index;
        }
        self.heads[at as usize] = index;
    }

    fn unlink(&mut self, index: u32) {
        let (previous, next, place) = {
            let timer = &self.timers[index as usize];
            (timer.previous, timer.next, timer.place)
        };
        if previous == NONE {
            self.heads[place as usize] = next;
        } else {
            self.timers[previous as usize].next = next;
        }
        if next != NONE {
            self.timers[next as usize].previous = previous;
        }
    }

    fn release(&mut self, index: u32) -> Option<Action> {
        let free = self.free;
        let timer = &mut self.timers[index as usize];
        timer.generation = timer.generation.wrapping_add(1);
        timer.place = NONE;
        timer.next = free;
        let action = timer.action.take();
        self.free = index;
        self.count -= 1;
        if let Some(Action::Message { reference, to, .. }) = &action {
            self.references.remove(reference);
            if let Destination::Process(pid) = to {
                self.by_pid.remove(&(*pid, *reference));
            }
        }
        action
    }

    fn start(&mut self, due: u64, action: Action) -> TimerId {
        let index = if self.free == NONE {
            self.timers.push(Timer {
                action: None,
                due,
                started: 0,
                generation: 0,
                previous: NONE,
                next: NONE,
                place: NONE,
            });
            self.timers.len() as u32 - 1
        } else {
            let index = self.free;
            self.free = self.timers[index as usize].next;
            index
        };
        let timer = &mut self.timers[index as usize];
        timer.due = due;
        timer.started = self.started;
        timer.action = Some(action);
        self.started += 1;
        let id = TimerId { index, generation: timer.generation };
        self.count += 1;
        self.insert(index);
        id
    }

    /// Moves on to `now`; what has run out goes to `fired`, in its order.
    fn advance(&mut self, now: u64, fired: &mut Vec<Fired>) {
        if self.count == 0 {
            self.now = self.now.max(now);
            return;
        }
        while self.now < now {
            self.now += 1;
            // Where a level has come round, the next one's place is dealt out to the levels below.
            for level in (1..LEVELS).rev() {
                if self.now.trailing_zeros() as usize >= 8 * level {
                    let at = level * PLACES + ((self.now >> (8 * level)) & 0xff) as usize;
                    let mut index = std::mem::replace(&mut self.heads[at], NONE);
                    while index != NONE {
                        let next = self.timers[index as usize].next;
                        self.timers[index as usize].due = self.timers[index as usize].due.max(self.now);
                        if self.timers[index as usize].due == self.now {
                            // Due in this very millisecond: handled below.
                            let head = self.heads[(self.now & 0xff) as usize];
                            let timer = &mut self.timers[index as usize];
                            timer.place = (self.now & 0xff) as u32;
                            timer.previous = NONE;
                            timer.next = head;
                            if head != NONE {
                                self.timers[head as usize].previous = index;
                            }
                            self.heads[(self.now & 0xff) as usize] = index;
                        } else {
                            self.insert(index);
                        }
                        index = next;
                    }
                }
            }
            let mut index = std::mem::replace(&mut self.heads[(self.now & 0xff) as usize], NONE);
            let before = fired.len();
            while index != NONE {
                let Timer { next, started, .. } = self.timers[index as usize];
                if let Some(action) = self.release(index) {
                    fired.push(Fired { started, action });
                }
                index = next;
            }
            fired[before..].sort_unstable_by_key(|fired| fired.started);
        }
    }

    /// How long nothing happens, at least.
    fn idle_for(&self) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        // The lowest level is exact; beyond it, wake when the next level's place is dealt out.
        let rest = PLACES as u64 - (self.now & 0xff);
        Some(
            (1..=rest).find(|ahead| self.heads[((self.now + ahead) & 0xff) as usize] != NONE).unwrap_or(rest),
        )
    }
}

impl Timers {
    pub(crate) fn new() -> Self {
        Self(Alarm::new(Wheel {
            timers: Vec::new(),
            free: NONE,
            heads: vec![NONE; LEVELS * PLACES],
            now: milliseconds(),
            count: 0,
            started: 0,
            receive_ids: 0,
            references: hashbrown::HashMap::new(),
            by_pid: BTreeSet::new(),
        }))
    }

    fn start(&self, wheel: &mut Watched<Wheel>, due: u64, action: Action) -> TimerId {
        if wheel.count == 0 {
            wheel.now = wheel.now.max(milliseconds());
        }
        let id = wheel.start(due, action);
        // Most timers are stopped long before they run out: the thread is not woken for what it comes to in time.
        self.0.set(wheel, due);
        id
    }

    /// A timer for a receive. One millisecond is added, as time since the last tick has passed in part.
    pub(crate) fn start_receive(&self, pid: Pid, timeout: u64) -> (TimerId, u64) {
        let mut wheel = self.0.lock();
        wheel.receive_ids += 1;
        let id = wheel.receive_ids;
        let due = milliseconds() + timeout + 1;
        (self.start(&mut wheel, due, Action::Receive { pid, id }), id)
    }

    /// A timer that sends a message at millisecond `due` of the monotonic clock.
    pub(crate) fn start_message(&self, due: u64, to: Destination, message: OwnedTerm, reference: u64) {
        let mut wheel = self.0.lock();
        let id = self.start(&mut wheel, due, Action::Message { to, message, reference });
        wheel.references.insert(reference, id);
        if let Destination::Process(pid) = to {
            wheel.by_pid.insert((pid, reference));
        }
    }

    /// Stops the timers that would send to a process that has ended.
    pub(crate) fn cancel_for(&self, pid: Pid) {
        let mut wheel = self.0.lock();
        let references: Vec<u64> =
            wheel.by_pid.range((pid, 0)..=(pid, u64::MAX)).map(|(_, reference)| *reference).collect();
        for reference in references {
            if let Some(&id) = wheel.references.get(&reference) {
                wheel.unlink(id.index);
                wheel.release(id.index);
            }
        }
    }

    /// Stops a timer; nothing happens if it has run out.
    pub(crate) fn cancel(&self, id: TimerId) -> bool {
        let mut wheel = self.0.lock();
        match wheel.timers.get(id.index as usize) {
            Some(timer) if timer.generation == id.generation && timer.place != NONE => {
                wheel.unlink(id.index);
                let action = wheel.release(id.index);
                drop(wheel);
                drop(action);
                true
            }
            _ => false,
        }
    }

    /// Milliseconds left on a message timer; `cancel` stops it.
    pub(crate) fn message_timer(&self, reference: u64, cancel: bool) -> Option<u64> {
        let mut wheel = self.0.lock();
        let id = *wheel.references.get(&reference)?;
        let left = wheel.timers[id.index as usize].due.saturating_sub(milliseconds());
        if cancel {
            wheel.unlink(id.index);
            wheel.release(id.index);
        }
        Some(left)
    }
}

/// Turns the wheel until the machine is gone.
pub(crate) fn run(vm: &Weak<Vm>) {
    ThreadNumber::own().set_slice(super::watch::SHORTEST_SLICE);
    let _guard = super::EndOnPanic;
    let mut fired = Vec::new();
    while let Some(vm) = vm.upgrade() {
        if vm.queues.stopping() {
            return;
        }
        {
            let mut wheel = vm.timers.0.lock();
            wheel.advance(milliseconds(), &mut fired);
            if fired.is_empty() {
                let now = clock::monotonic_nanoseconds();
                let wait = match wheel.idle_for() {
                    Some(ahead) => {
                        let due = i64::try_from((wheel.now + ahead) * 1_000_000).unwrap_or(i64::MAX);
                        Duration::from_nanos(u64::try_from(due - now).unwrap_or(0).max(50_000))
                    }
                    None => Duration::from_secs(1),
                };
                let wait = wait.min(Duration::from_secs(1));
                let until = now.saturating_add(i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX));
                vm.timers.0.wait(wheel, u64::try_from(until).unwrap_or(0).div_ceil(1_000_000), wait);
                continue;
            }
        }
        for fired in fired.drain(..) {
            fire(&vm, fired.action);
        }
    }
}

fn fire(vm: &Arc<Vm>, action: Action) {
    match action {
        Action::Receive { pid, id } => {
            vm.send(Signal::new(crate::proc::signal::NOBODY, pid, SignalBody::Timeout { id }));
        }
        Action::Message { to, message, .. } => {
            let pid = match to {
                Destination::Process(pid) => Some(pid),
                Destination::Name(name) => vm.whereis(name),
            };
            if let Some(pid) = pid {
                let (term, fragment) = message.into_parts();
                vm.send(Signal::new(
                    crate::proc::signal::NOBODY,
                    pid,
                    SignalBody::Message { term, fragment },
                ));
            }
        }
    }
}
