//! Amounts that all threads change all the time and somebody asks for now and then.

use crossbeam_utils::CachePadded;
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

/// In so many places the amounts are kept, so that threads seldom meet.
const PLACES: usize = 16;

/// Bytes of the heaps of processes and of messages, in blocks of their own.
pub(crate) static BLOCKS: Tally = Tally::new();
/// Bytes of binaries off the heaps.
pub(crate) static BINARIES: Tally = Tally::new();

/// An amount.
#[derive(Debug)]
pub(crate) struct Tally([CachePadded<AtomicIsize>; PLACES]);

thread_local! {
    /// Which place this thread uses.
    static OWN: Cell<usize> = const { Cell::new(PLACES) };
}

fn own() -> usize {
    let place = OWN.try_with(|own| {
        if own.get() == PLACES {
            static NEXT: AtomicUsize = AtomicUsize::new(0);
            own.set(NEXT.fetch_add(1, Relaxed) % PLACES);
        }
        own.get()
    });
    // A thread at its end has no place any more.
    place.unwrap_or(0)
}

impl Tally {
    const fn new() -> Self {
        Self([const { CachePadded::new(AtomicIsize::new(0)) }; PLACES])
    }

    /// So much has been added; less than nothing, taken away.
    #[inline]
    pub(crate) fn add(&self, amount: isize) {
        self.0[own()].fetch_add(amount, Relaxed);
    }

    /// All together.
    pub(crate) fn total(&self) -> usize {
        let sum: isize = self.0.iter().map(|place| place.load(Relaxed)).sum();
        usize::try_from(sum).unwrap_or(0)
    }
}
