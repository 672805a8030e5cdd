//! Memory of small things that a thread has freed, for the next of their kind that it makes.
//!
//! A message is made by one thread and freed by another. The system's allocator gives such memory back to the thread that
//! it came from, which misses it in its cache; here it stays with the one that has just read it.

use std::alloc::{Layout, dealloc};
use std::cell::Cell;
use std::mem::MaybeUninit;

/// Most pieces that are kept of a kind: none where what is used after its end shall be noticed.
const MOST: u32 = if cfg!(gc_stress) { 0 } else { 256 };

/// Pieces of memory for values of one type, chained through their first words. A thread local of it needs no end: who
/// starts to keep some must [`release`](Self::release) them.
pub(crate) struct Spares<T> {
    first: Cell<*mut T>,
    /// How many more may come.
    room: Cell<u32>,
}

impl<T> Spares<T> {
    /// The chain needs a pointer's room in each.
    const LAYOUT: Layout = {
        let layout = Layout::new::<T>();
        assert!(layout.size() >= size_of::<*mut T>() && layout.align() >= align_of::<*mut T>());
        layout
    };

    /// None, and none will be kept.
    pub(crate) const fn new() -> Self {
        Self { first: Cell::new(std::ptr::null_mut()), room: Cell::new(0) }
    }

    /// From now on some are kept.
    pub(crate) fn keep(&self) {
        self.room.set(MOST);
    }

    /// A box for a value.
    #[inline]
    pub(crate) fn take(&self) -> Box<MaybeUninit<T>> {
        let first = self.first.get();
        if first.is_null() {
            return Box::new_uninit();
        }
        self.room.set(self.room.get() + 1);
        // SAFETY: pieces of the chain came from boxes of this type; the first word of each is the next piece.
        unsafe {
            self.first.set(*first.cast::<*mut T>());
            Box::from_raw(first.cast())
        }
    }

    /// Keeps the memory of a value that is gone, or frees it.
    #[inline]
    pub(crate) fn put(&self, memory: Box<MaybeUninit<T>>) {
        if self.room.get() == 0 {
            return;
        }
        self.room.set(self.room.get() - 1);
        let piece = Box::into_raw(memory).cast::<T>();
        // SAFETY: the piece is nobody else's, and a pointer fits in.
        unsafe { *piece.cast::<*mut T>() = self.first.get() };
        self.first.set(piece);
    }

    /// Frees all, and keeps none any more.
    pub(crate) fn release(&self) {
        let mut piece = self.first.replace(std::ptr::null_mut());
        self.room.set(0);
        while !piece.is_null() {
            // SAFETY: as in `take`; a box of this type has this layout.
            unsafe {
                let next = *piece.cast::<*mut T>();
                dealloc(piece.cast(), Self::LAYOUT);
                piece = next;
            }
        }
    }
}
