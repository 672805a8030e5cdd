//! Run queues: one deque a worker, which others steal from, and shared ones for what comes from outside and
//! for the priorities other than normal. The only place that knows `crossbeam-deque`.
//!
//! A process that becomes ready on a worker first waits for that worker, as in OTP: a sender that goes on after a
//! send is ahead of the receiver, and some that talk to each other stay on one core, in the order in which they
//! became ready. Where more is left in a deque than a few, or anything for the work of some whole turns, it is for
//! others too: they are woken then, and may steal. So a process does not wait for long while another core is idle;
//! where turns are long, the watch sees to that.

use super::parking::Parking;
use super::priority::Priority;
use crate::interp::TURN;
use crate::proc::process::Slot;
use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// After so many reductions in turns that leave something in a deque, others are woken for it,
const WORK_LEFT: u64 = 4 * TURN.unsigned_abs();
/// where a turn, however short, counts as so many,
const LEAST_WORK: u64 = 64;
/// or at once where so much is left.
const MANY_LEFT: usize = 4;

/// A slot in a queue. Slots live as long as the machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready(pub(crate) *const Slot);

// SAFETY: slots are shared between threads by design; the table outlives the queues.
unsafe impl Send for Ready {}

/// The queues that all workers see.
#[derive(Debug)]
pub(crate) struct RunQueues {
    stealers: Vec<Stealer<Ready>>,
    /// For each deque, whether something was left in it when its worker's turn began: then others may steal.
    spare: Vec<AtomicBool>,
    max: Injector<Ready>,
    high: Injector<Ready>,
    normal: Injector<Ready>,
    low: Injector<Ready>,
    /// Processes of priority high or max in the queues: saves looking.
    urgent: AtomicUsize,
    parking: Parking,
    stop: AtomicBool,
}

impl RunQueues {
    /// Queues for as many workers as there are deques.
    pub(crate) fn new<'a>(deques: impl Iterator<Item = &'a Worker<Ready>>) -> Self {
        let stealers: Vec<_> = deques.map(Worker::stealer).collect();
        Self {
            spare: stealers.iter().map(|_| AtomicBool::new(false)).collect(),
            stealers,
            max: Injector::new(),
            high: Injector::new(),
            normal: Injector::new(),
            low: Injector::new(),
            urgent: AtomicUsize::new(0),
            parking: Parking::new(),
            stop: AtomicBool::new(false),
        }
    }

    /// Puts a process in, from any thread.
    pub(crate) fn push(&self, slot: &Slot) {
        let ready = Ready(std::ptr::from_ref(slot));
        match Priority::from_u8(slot.priority.load(Ordering::Relaxed)) {
            Priority::Max => {
                self.urgent.fetch_add(1, Ordering::Relaxed);
                self.max.push(ready);
            }
            Priority::High => {
                self.urgent.fetch_add(1, Ordering::Relaxed);
                self.high.push(ready);
            }
            Priority::Normal => self.normal.push(ready),
            Priority::Low => self.low.push(ready),
        }
        self.parking.wake_one();
    }

    /// Is anybody else waiting that this worker would take?
    pub(crate) fn has_others(&self, deque: &Worker<Ready>) -> bool {
        !deque.is_empty()
            || self.urgent.load(Ordering::Relaxed) > 0
            || !self.normal.is_empty()
            || !self.low.is_empty()
    }

    /// Puts a process into the worker's own deque, if its priority is normal. That wakes nobody: this worker comes
    /// to it when the process that runs waits, or at the end of its turn.
    pub(crate) fn push_local(&self, deque: &Worker<Ready>, slot: &Slot) {
        if slot.priority.load(Ordering::Relaxed) == Priority::Normal as u8 {
            deque.push(Ready(std::ptr::from_ref(slot)));
        } else {
            self.push(slot);
        }
    }

    /// The next process for worker `number`, whose last one took `work` reductions. What is left in its deque is for
    /// others from now on, if it is much or has been left for long, which `left` counts.
    pub(crate) fn pop(
        &self,
        deque: &Worker<Ready>,
        number: usize,
        turn: u32,
        work: u64,
        left: &mut u64,
    ) -> Option<Ready> {
        let next = self.choose(deque, turn);
        *left = if deque.is_empty() { 0 } else { left.saturating_add(work.max(LEAST_WORK)) };
        let spare = *left >= WORK_LEFT || deque.len() >= MANY_LEFT;
        self.spare[number].store(spare, Ordering::Relaxed);
        if spare {
            self.parking.wake_one();
        }
        next
    }

    /// Urgent processes first, then the worker's own, then those of others. `turn` counts turns, so that shared
    /// queues and low priority get their share.
    fn choose(&self, deque: &Worker<Ready>, turn: u32) -> Option<Ready> {
        if self.urgent.load(Ordering::Relaxed) > 0 {
            for queue in [&self.max, &self.high] {
                if let Some(ready) = take(queue) {
                    self.urgent.fetch_sub(1, Ordering::Relaxed);
                    return Some(ready);
                }
            }
        }
        if turn.is_multiple_of(8)
            && let Some(ready) = take(&self.low)
        {
            return Some(ready);
        }
        if turn.is_multiple_of(4)
            && let Some(ready) = take(&self.normal)
        {
            return Some(ready);
        }
        deque
            .pop()
            .or_else(|| take(&self.normal))
            .or_else(|| self.with_spare().find_map(|stealer| steal(stealer, deque)))
            .or_else(|| take(&self.low))
    }

    /// The deques that may be stolen from.
    fn with_spare(&self) -> impl Iterator<Item = &Stealer<Ready>> {
        let all = self.stealers.iter().zip(&self.spare);
        all.filter(|(_, spare)| spare.load(Ordering::Relaxed)).map(|(stealer, _)| stealer)
    }

    fn has_work(&self) -> bool {
        self.urgent.load(Ordering::Relaxed) > 0
            || !self.normal.is_empty()
            || !self.low.is_empty()
            || self.with_spare().any(|stealer| !stealer.is_empty())
    }

    /// Sleeps until there may be work.
    pub(crate) fn park(&self) {
        self.parking.sleep_unless(|| self.has_work() || self.stopping());
    }

    /// Tells all workers to end.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.parking.wake_all();
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What is in the deque of worker `number` is for all from now on: it is held up.
    pub(crate) fn share(&self, number: usize) {
        self.spare[number].store(true, Ordering::Relaxed);
        self.parking.wake_one();
    }

    /// Leaves what is in the deque of worker `number` to others: it stands by.
    pub(crate) fn leave(&self, deque: &Worker<Ready>, number: usize) {
        while let Some(ready) = deque.pop() {
            self.normal.push(ready);
            self.parking.wake_one();
        }
        self.spare[number].store(false, Ordering::Relaxed);
    }

    /// Is any process in a queue?
    pub(crate) fn anybody_waits(&self) -> bool {
        self.has_work() || self.stealers.iter().any(|stealer| !stealer.is_empty())
    }

    /// Is a worker without work?
    pub(crate) fn anybody_parked(&self) -> bool {
        self.parking.sleeping() > 0
    }

    /// Are as many workers as there are seats without work?
    pub(crate) fn all_parked(&self, seats: usize) -> bool {
        self.parking.sleeping() >= seats
    }

    /// How many processes wait for a turn, roughly.
    pub(crate) fn len(&self) -> usize {
        self.normal.len()
            + self.low.len()
            + self.urgent.load(Ordering::Relaxed)
            + self.stealers.iter().map(Stealer::len).sum::<usize>()
    }
}

fn take(queue: &Injector<Ready>) -> Option<Ready> {
    loop {
        match queue.steal() {
            Steal::Success(ready) => return Some(ready),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}

fn steal(from: &Stealer<Ready>, deque: &Worker<Ready>) -> Option<Ready> {
    loop {
        match from.steal_batch_and_pop(deque) {
            Steal::Success(ready) => return Some(ready),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}
