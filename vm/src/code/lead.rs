//! Where calls of a function lead: two targets, and one number for the whole machine that says which of them counts.
//!
//! A load writes the targets that do not count and then changes the number ([`Generation::turn_to`]): whoever sees the
//! new number sees the new targets of all functions and the code behind them, whoever sees the old one sees all as it
//! was. The two targets are brought level again before the next load.

use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// The number that says which targets count.
#[derive(Debug)]
pub(crate) struct Generation(AtomicUsize);

impl Generation {
    /// The first.
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
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

/// The two targets of a function.
#[derive(Debug)]
pub(crate) struct Lead<T>([AtomicPtr<T>; 2]);

impl<T> Lead<T> {
    /// Both lead to the same.
    pub(crate) fn new(target: *mut T) -> Self {
        Self([AtomicPtr::new(target), AtomicPtr::new(target)])
    }

    /// Where calls go in a generation.
    #[inline(always)]
    pub(crate) fn at(&self, generation: usize) -> *mut T {
        self.0[generation & 1].load(Ordering::Acquire)
    }

    /// Sets the target of a generation that does not count.
    pub(crate) fn stage(&self, generation: usize, target: *mut T) {
        self.0[generation].store(target, Ordering::Release);
    }

    /// Makes the generation that does not count lead where the other one does.
    pub(crate) fn level(&self, staging: usize) {
        self.stage(staging, self.at(1 - staging));
    }

    /// Makes calls go to another target at once.
    pub(crate) fn redirect(&self, target: *mut T) {
        for place in &self.0 {
            place.store(target, Ordering::Release);
        }
    }
}
