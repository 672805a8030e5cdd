//! Where one worker stands: in which turn, and whether another worker has taken its place meanwhile.
//!
//! One word decides between the worker that ends a turn and the watch that replaces it: each turn is ended once,
//! and a worker that was replaced learns of it when its turn ends, never later and never for another turn.

use crate::sync::{AtomicU64, Ordering};

const IN_TURN: u64 = 1;
const REPLACED: u64 = 2;
const TURN: u64 = 4;

/// A turn of a worker, seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TurnId(u64);

/// The post of one worker.
#[derive(Debug)]
pub(crate) struct Post {
    /// The number of the turn, and the two flags.
    state: AtomicU64,
    /// The last turn that took long.
    long: AtomicU64,
}

impl Post {
    /// Of a worker that has had no turn yet.
    pub(crate) fn new() -> Self {
        Self { state: AtomicU64::new(0), long: AtomicU64::new(0) }
    }

    /// The worker begins a turn.
    pub(crate) fn begin(&self) {
        let next = (self.state.load(Ordering::Relaxed) & !(TURN - 1)).wrapping_add(TURN);
        self.state.store(next | IN_TURN, Ordering::Relaxed);
    }

    /// The worker ends its turn. True: another has taken its place, and the worker is one too many.
    pub(crate) fn end(&self) -> bool {
        self.state.fetch_and(!(IN_TURN | REPLACED), Ordering::AcqRel) & REPLACED != 0
    }

    /// The turn that the worker is in, unless it has been replaced.
    pub(crate) fn turn(&self) -> Option<TurnId> {
        let state = self.state.load(Ordering::Acquire);
        (state & (IN_TURN | REPLACED) == IN_TURN).then_some(TurnId(state))
    }

    /// This turn takes long.
    pub(crate) fn set_long(&self, turn: TurnId) {
        self.long.store(turn.0, Ordering::Relaxed);
    }

    /// The turn that the worker is in, if it is known to take long, and nobody has replaced the worker.
    pub(crate) fn long_turn(&self) -> Option<TurnId> {
        self.turn().filter(|turn| turn.0 == self.long.load(Ordering::Relaxed))
    }

    /// Takes the place of the worker if it is still in this turn.
    pub(crate) fn replace(&self, turn: TurnId) -> bool {
        self.state.compare_exchange(turn.0, turn.0 | REPLACED, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
