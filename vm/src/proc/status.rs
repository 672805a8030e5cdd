//! Where a process stands with the scheduler.
//!
//! Who brings a signal puts it into the queue of signals first, then calls [`Status::notify`]; the runner looks at the
//! queue after [`Status::begin`]. So a signal is seen in the turn that begins, or the process is queued once more.
//! And a process is in at most one run queue, once.
//!
//! Between its turns a process can be held ([`Status::hold`]): then the holder alone reaches it, and looks at it without
//! waiting for a turn. A worker that takes a held process from a queue leaves it to the holder to queue it again.

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
/// Held by one that looks at it, in no queue.
const HELD: u8 = 5;
/// Held, and in a run queue.
const HELD_QUEUED: u8 = 6;
/// Held, in no queue, and to be queued when it is let go.
const HELD_WANTED: u8 = 7;

/// What [`Status::hold`] finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The caller holds the process.
    Held,
    /// It is being run.
    Running,
    /// There is none.
    Free,
}

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
        self.0.store(IDLE, Ordering::Release);
    }

    /// Something happened to the process: must the caller put it into a run queue?
    pub(crate) fn notify(&self) -> bool {
        let mut status = self.0.load(Ordering::Relaxed);
        loop {
            let (next, queue) = match status {
                IDLE => (QUEUED, true),
                RUNNING => (NOTIFIED, false),
                HELD => (HELD_WANTED, false),
                // Written even where nothing changes: the runner must see the signal pushed before.
                _ => (status, false),
            };
            match self.0.compare_exchange_weak(status, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return queue,
                Err(now) => status = now,
            }
        }
    }

    /// A worker took the process from a queue. True: it is the runner now. False: somebody holds the process, and will
    /// queue it.
    pub(crate) fn begin(&self) -> bool {
        let mut status = QUEUED;
        loop {
            let (next, runs) = if status == HELD_QUEUED { (HELD_WANTED, false) } else { (RUNNING, true) };
            // An exchange, not a store: what a sender did before its `notify` found the process queued is seen from here.
            match self.0.compare_exchange_weak(status, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return runs,
                Err(now) => status = now,
            }
        }
    }

    /// Takes hold of the process if it is not being run. One may do so at a time.
    pub(crate) fn hold(&self) -> Hold {
        let mut status = self.0.load(Ordering::Relaxed);
        loop {
            let next = match status {
                IDLE => HELD,
                QUEUED => HELD_QUEUED,
                FREE => return Hold::Free,
                _ => return Hold::Running,
            };
            match self.0.compare_exchange_weak(status, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Hold::Held,
                Err(now) => status = now,
            }
        }
    }

    /// Lets go of it; `wanted` if it has got something to do. Must the caller put it into a run queue?
    pub(crate) fn let_go(&self, wanted: bool) -> bool {
        let mut status = self.0.load(Ordering::Relaxed);
        loop {
            let (next, queue) = match status {
                HELD if !wanted => (IDLE, false),
                HELD_QUEUED => (QUEUED, false),
                _ => (QUEUED, true),
            };
            match self.0.compare_exchange_weak(status, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return queue,
                Err(now) => status = now,
            }
        }
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
