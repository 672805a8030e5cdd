//! Where calls of a function lead: two targets, and one number for the whole machine that says which of them counts.
//!
//! A load writes the targets that do not count and then changes the number ([`Generation::turn_to`]): whoever sees the
//! new number sees the new targets of all functions and the code behind them, whoever sees the old one sees all as it
//! was. The two targets are brought level again before the next load.
//!
//! Who reads another number ([`Generation::aside`]) goes by a third target, which stays what it is.

use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// The place of the third target. There is a fourth, so that a number needs only to be cut off to be a place.
const ASIDE: usize = 2;
const PLACES: usize = 4;

/// The number that says which targets count.
#[derive(Debug)]
pub(crate) struct Generation(AtomicUsize);

impl Generation {
    /// The first.
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// For those who go by the third targets.
    pub(crate) fn aside() -> Self {
        Self(AtomicUsize::new(ASIDE))
    }

    /// Which targets count now.
    #[inline(always)]
    pub(crate) fn current(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    /// Makes the other targets count.
    pub(crate) fn turn_to(&self, generation: usize) {
        self.0.store(generation, Ordering::Release);
    }
}

/// The targets of a function.
#[derive(Debug)]
pub(crate) struct Lead<T>([AtomicPtr<T>; PLACES]);

impl<T> Lead<T> {
    /// All lead to the same.
    pub(crate) fn new(target: *mut T) -> Self {
        Self(std::array::from_fn(|_| AtomicPtr::new(target)))
    }

    /// Where calls go in a generation.
    #[inline(always)]
    pub(crate) fn at(&self, generation: usize) -> *mut T {
        self.0[generation & (PLACES - 1)].load(Ordering::Acquire)
    }

    /// Sets the target of a generation that does not count.
    pub(crate) fn stage(&self, generation: usize, target: *mut T) {
        self.0[generation].store(target, Ordering::Release);
    }

    /// Makes the generation that does not count lead where the other one does.
    pub(crate) fn level(&self, staging: usize) {
        self.stage(staging, self.at(1 - staging));
    }

    /// Makes calls that lead to `from` go to `to`, whichever generation counts.
    pub(crate) fn exchange(&self, from: *mut T, to: *mut T) {
        for place in &self.0 {
            let _ = place.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed);
        }
    }

    /// Makes calls go to another target at once.
    pub(crate) fn redirect(&self, target: *mut T) {
        for place in &self.0[..ASIDE] {
            place.store(target, Ordering::Release);
        }
    }

    /// Sets the third target.
    pub(crate) fn set_aside(&self, target: *mut T) {
        self.0[ASIDE].store(target, Ordering::Release);
    }
}
