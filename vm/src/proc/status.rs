//! Where a process stands with the scheduler.
//!
//! Who brings a signal puts it into the queue of signals first, then calls [`Status::notify`]; the runner looks at the
//! queue after [`Status::begin`]. So a signal is seen in the turn that begins, or the process is queued once more.
//! And a process is in at most one run queue, once.

use crate::sync::{AtomicU8, Ordering};

/// Waits for a signal.
const IDLE: u8 = 0;
/// In a run queue.
const QUEUED: u8 = 1;
/// Being run.
const RUNNING: u8 = 2;
/// Being run, and a signal has come meanwhile.
const NOTIFIED: u8 = 3;
/// No process.
const FREE: u8 = 4;

/// The state of one place of the process table.
#[derive(Debug)]
pub(crate) struct Status(AtomicU8);

impl Status {
    /// Of a place without a process.
    pub(crate) fn new() -> Self {
        Self(AtomicU8::new(FREE))
    }

    /// There is a process now, in no queue.
    pub(crate) fn occupy(&self) {
        self.0.store(IDLE, Ordering::Relaxed);
    }

    /// Something happened to the process: must the caller put it into a run queue?
    pub(crate) fn notify(&self) -> bool {
        let mut status = self.0.load(Ordering::Relaxed);
        loop {
            let (next, queue) = match status {
                IDLE => (QUEUED, true),
                RUNNING => (NOTIFIED, false),
                // Written even where nothing changes: the runner must see the signal pushed before.
                _ => (status, false),
            };
            match self.0.compare_exchange_weak(status, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return queue,
                Err(now) => status = now,
            }
        }
    }

    /// A worker took the process from a queue: it is the runner now.
    pub(crate) fn begin(&self) {
        // An exchange, not a store: what a sender did before its `notify` found the process queued is seen from here.
        self.0.swap(RUNNING, Ordering::AcqRel);
    }

    /// The runner stops, the process waits: must it be queued again because a signal came meanwhile?
    pub(crate) fn end_waiting(&self) -> bool {
        if self.0.compare_exchange(RUNNING, IDLE, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            return false;
        }
        self.0.store(QUEUED, Ordering::Release);
        true
    }

    /// The runner stops and will queue the process again.
    pub(crate) fn end_yielding(&self) {
        self.0.store(QUEUED, Ordering::Release);
    }

    /// The process is gone.
    pub(crate) fn vacate(&self) {
        self.0.store(FREE, Ordering::Release);
    }
}
