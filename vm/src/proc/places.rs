//! Places that are found by number in three loads, and used again by others: what the process table is made of.
//!
//! Who is new gets the place that became free last, whose memory is still in the cache, and a number never used before:
//! a table leads from the one to the other. Memory of a place is never freed while the table lives, so that who has
//! found one may still look at it when its user is gone. A number is never used twice, so that he can tell.

use crate::sync::{AtomicPtr, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering};
use std::collections::VecDeque;
use std::ptr::NonNull;
use std::sync::PoisonError;

/// Number of a place that nobody uses.
pub(crate) const NOBODY: u64 = u64::MAX;

/// Bits of a number.
const NUMBER_BITS: u32 = 57;

/// What stands at a place.
pub(crate) trait Place {
    /// One that nobody uses.
    fn new() -> Self;

    /// The number of its user. Whoever takes the place writes it when others may find him.
    fn number(&self) -> &AtomicU64;
}

/// The places. The first piece of their memory has `FIRST` of them, each further one twice as many, up to [`MOST`].
pub(crate) struct Places<P, const FIRST: usize> {
    /// Where the user of each number was last, `NUMBERS` to a piece of memory.
    numbers: Box<[AtomicPtr<AtomicPtr<P>>]>,
    limit: usize,
    mask: u64,
    count: AtomicUsize,
    stock: Mutex<Stock<P>>,
}

/// Numbers that a piece of their table has.
const NUMBERS: usize = 1024;

/// Places in a piece of memory at most.
const MOST: usize = 1024;

/// What can be taken.
struct Stock<P> {
    /// First number never given out.
    fresh: u64,
    /// Numbers to be given out when all are used up that are within the table: each the next one of its entry.
    used: VecDeque<u64>,
    /// Places without a user, the last that became free at the end.
    free: Vec<NonNull<P>>,
    /// All memory of places.
    slabs: Vec<NonNull<[P]>>,
}

// SAFETY: a place is shared by all threads; these are pointers to what lives as long as the table.
unsafe impl<P: Send + Sync> Send for Stock<P> {}

impl<P: Place, const FIRST: usize> Places<P, FIRST> {
    /// Places for at most `limit` users.
    pub(crate) fn new(limit: usize) -> Self {
        let size = limit.next_power_of_two();
        Self {
            numbers: (0..size.div_ceil(NUMBERS)).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect(),
            limit,
            mask: size as u64 - 1,
            count: AtomicUsize::new(0),
            stock: Mutex::new(Stock { fresh: 0, used: VecDeque::new(), free: Vec::new(), slabs: Vec::new() }),
        }
    }

    /// Most users there can be.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn stock(&self) -> MutexGuard<'_, Stock<P>> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entry of a number, if its piece of the table exists.
    fn entry(&self, number: u64) -> Option<&AtomicPtr<P>> {
        let index = (number & self.mask) as usize;
        let entries = self.numbers[index / NUMBERS].load(Ordering::Acquire);
        // SAFETY: a published piece has NUMBERS entries and is never freed while the table lives.
        (!entries.is_null()).then(|| unsafe { &*entries.add(index % NUMBERS) })
    }

    /// The place of the user with this number.
    #[inline]
    pub(crate) fn find(&self, number: u64) -> Option<&P> {
        let place = self.entry(number)?.load(Ordering::Acquire);
        if place.is_null() {
            return None;
        }
        // SAFETY: an entry leads to a place, which is never freed while the table lives.
        let place = unsafe { &*place };
        (place.number().load(Ordering::Acquire) == number).then_some(place)
    }

    /// Takes a place and a number. `None` if all are taken.
    pub(crate) fn take(&self) -> Option<(u64, &P)> {
        if self.count.fetch_add(1, Ordering::Relaxed) >= self.limit {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let mut stock = self.stock();
        let number = if stock.fresh <= self.mask {
            stock.fresh += 1;
            stock.fresh - 1
        } else {
            stock.used.pop_front().expect("fewer users than numbers")
        };
        let place = stock.free.pop().unwrap_or_else(|| stock.grow(FIRST));
        if self.entry(number).is_none() {
            let entries: Box<[_]> = (0..NUMBERS).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect();
            let piece = &self.numbers[(number & self.mask) as usize / NUMBERS];
            piece.store(Box::leak(entries).as_mut_ptr(), Ordering::Release);
        }
        self.entry(number).expect("its piece exists").store(place.as_ptr(), Ordering::Release);
        // SAFETY: places live as long as the table.
        Some((number, unsafe { place.as_ref() }))
    }

    /// Nobody finds the user any more.
    pub(crate) fn retire(&self, place: &P) {
        place.number().store(NOBODY, Ordering::Release);
    }

    /// Gives the place of a user who is gone back for another.
    pub(crate) fn release(&self, number: u64, place: &P) {
        let mut stock = self.stock();
        stock.used.push_back((number + self.mask + 1) & ((1 << NUMBER_BITS) - 1));
        stock.free.push(NonNull::from(place));
        drop(stock);
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// All places there are.
    pub(crate) fn all(&self) -> impl Iterator<Item = &P> {
        let slabs = self.stock().slabs.clone();
        // SAFETY: places live as long as the table.
        slabs.into_iter().flat_map(|slab| unsafe { slab.as_ref() })
    }
}

impl<P: Place> Stock<P> {
    /// Makes places: one that is the caller's, the others free.
    fn grow(&mut self, first: usize) -> NonNull<P> {
        let count = (first << self.slabs.len().min(16)).min(MOST.max(first));
        let places: Box<[P]> = (0..count).map(|_| P::new()).collect();
        let slab = NonNull::from(Box::leak(places));
        self.slabs.push(slab);
        // SAFETY: all are within the slab.
        self.free.extend((1..count).rev().map(|at| unsafe { slab.cast::<P>().add(at) }));
        slab.cast()
    }
}

impl<P, const FIRST: usize> Drop for Places<P, FIRST> {
    fn drop(&mut self) {
        for piece in &self.numbers {
            let entries = piece.load(Ordering::Acquire);
            if !entries.is_null() {
                // SAFETY: made by leaking a box of NUMBERS entries; nobody uses the table any more.
                drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(entries, NUMBERS)) });
            }
        }
        let stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        for slab in &stock.slabs {
            // SAFETY: made by leaking a box; nobody uses the table any more.
            drop(unsafe { Box::from_raw(slab.as_ptr()) });
        }
    }
}
