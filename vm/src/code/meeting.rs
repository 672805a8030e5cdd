//! Waiting for the answers of many, where the one who asked may look on for a while and then sleep.
//!
//! The last answer ends the meeting once: either the one who asked sees that and goes on, or it has left before, and
//! whoever answered last goes on in its place. Never both, never nobody.

use crate::sync::{AtomicU8, AtomicUsize, Ordering};

/// Who asked looks on.
const LOOKING_ON: u8 = 0;
/// It waits to be told.
const LEFT: u8 = 1;
/// All have answered while it looked on.
const ENDED: u8 = 2;

/// Answers that are awaited.
#[derive(Debug)]
pub(crate) struct Meeting {
    /// Those still to come, and one for the asking itself.
    open: AtomicUsize,
    state: AtomicU8,
}

impl Meeting {
    /// Of one who looks on, or who has left already.
    pub(crate) fn new(looks_on: bool) -> Self {
        let state = if looks_on { LOOKING_ON } else { LEFT };
        Self { open: AtomicUsize::new(1), state: AtomicU8::new(state) }
    }

    /// One more is asked. Only before the asking itself has been answered.
    pub(crate) fn ask(&self) {
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    /// One has answered. True: it was the last, and the caller goes on in the place of the one who asked.
    pub(crate) fn answer(&self) -> bool {
        if self.open.fetch_sub(1, Ordering::AcqRel) != 1 {
            return false;
        }
        self.state.compare_exchange(LOOKING_ON, ENDED, Ordering::AcqRel, Ordering::Acquire).is_err()
    }

    /// Have all answered? For the one who looks on.
    pub(crate) fn has_ended(&self) -> bool {
        self.state.load(Ordering::Acquire) == ENDED
    }

    /// The one who asked looks on no longer. False: all have just answered, and it goes on itself.
    pub(crate) fn leave(&self) -> bool {
        self.state.compare_exchange(LOOKING_ON, LEFT, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}
