//! Places that are found by number in two loads, and used again by others later: what the process table is made of.
//!
//! Memory of a place is never freed while the table lives, so that who has found one may still look at it when its user
//! is gone. A number is never used twice, so that he can tell.

use crate::sync::{AtomicPtr, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering};
use std::collections::VecDeque;
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

/// The places, `CHUNK` of them in a piece of memory.
pub(crate) struct Places<P, const CHUNK: usize> {
    chunks: Box<[AtomicPtr<P>]>,
    limit: usize,
    mask: u64,
    count: AtomicUsize,
    free: Mutex<Free>,
}

struct Free {
    /// First number never given out.
    fresh: u64,
    /// Places used before, with the next number of each: taken when every place has been used once.
    used: VecDeque<u64>,
}

impl<P: Place, const CHUNK: usize> Places<P, CHUNK> {
    /// Places for at most `limit` users.
    pub(crate) fn new(limit: usize) -> Self {
        let size = limit.next_power_of_two().max(CHUNK);
        Self {
            chunks: (0..size / CHUNK).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect(),
            limit,
            mask: size as u64 - 1,
            count: AtomicUsize::new(0),
            free: Mutex::new(Free { fresh: 0, used: VecDeque::new() }),
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

    fn free(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, number: u64) -> Option<&P> {
        let index = (number & self.mask) as usize;
        let chunk = self.chunks[index / CHUNK].load(Ordering::Acquire);
        if chunk.is_null() {
            return None;
        }
        // SAFETY: a published chunk holds CHUNK places and is never freed while the table lives.
        Some(unsafe { &*chunk.add(index % CHUNK) })
    }

    /// The place of the user with this number.
    #[inline]
    pub(crate) fn find(&self, number: u64) -> Option<&P> {
        self.place(number).filter(|place| place.number().load(Ordering::Acquire) == number)
    }

    /// Takes a place and a number. `None` if all are taken.
    pub(crate) fn take(&self) -> Option<(u64, &P)> {
        if self.count.fetch_add(1, Ordering::Relaxed) >= self.limit {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let number = {
            let mut free = self.free();
            if free.fresh <= self.mask {
                let number = free.fresh;
                free.fresh += 1;
                let chunk = &self.chunks[number as usize / CHUNK];
                if chunk.load(Ordering::Relaxed).is_null() {
                    let places: Vec<P> = (0..CHUNK).map(|_| P::new()).collect();
                    chunk.store(Box::leak(places.into_boxed_slice()).as_mut_ptr(), Ordering::Release);
                }
                number
            } else {
                free.used.pop_front().expect("fewer users than places")
            }
        };
        Some((number, self.place(number).expect("the place's chunk exists")))
    }

    /// Nobody finds the user any more.
    pub(crate) fn retire(&self, place: &P) {
        place.number().store(NOBODY, Ordering::Release);
    }

    /// Gives the place of a user who is gone back for another.
    pub(crate) fn release(&self, number: u64) {
        self.free().used.push_back((number + self.mask + 1) & ((1 << NUMBER_BITS) - 1));
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// All places that have ever had a user.
    pub(crate) fn all(&self) -> impl Iterator<Item = &P> {
        let fresh = self.free().fresh;
        (0..fresh).filter_map(|number| self.place(number))
    }
}

impl<P, const CHUNK: usize> Drop for Places<P, CHUNK> {
    fn drop(&mut self) {
        for chunk in &self.chunks {
            let places = chunk.load(Ordering::Acquire);
            if !places.is_null() {
                // SAFETY: made by leaking a box of CHUNK places; nobody uses the table any more.
                drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(places, CHUNK)) });
            }
        }
    }
}
