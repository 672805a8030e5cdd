//! The words of a module instance's code: written whole, or one function after the other.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Code words at an address that stays. Only those in use were written.
#[derive(Debug)]
pub(crate) struct CodeArea {
    start: *mut u64,
    /// Words that there is room for. What was never written costs no memory.
    room: usize,
    used: AtomicUsize,
}

// SAFETY: words in use change only as a whole, by `write`; others are written before they come into use.
unsafe impl Send for CodeArea {}
// SAFETY: as above.
unsafe impl Sync for CodeArea {}

impl CodeArea {
    /// An area with room for so many words.
    pub(crate) fn with_room(room: usize) -> Self {
        let room = room.max(1);
        let layout = Self::layout(room);
        // SAFETY: the layout is not empty.
        let start: *mut u64 = unsafe { alloc(layout) }.cast();
        if start.is_null() {
            handle_alloc_error(layout);
        }
        let _ = start.expose_provenance();
        Self { start, room, used: AtomicUsize::new(0) }
    }

    fn layout(room: usize) -> Layout {
        Layout::array::<u64>(room).expect("a module's code is smaller than the address space")
    }

    /// The addresses that belong to it, in use or not.
    pub(crate) fn range(&self) -> Range<*const u64> {
        self.start.cast_const()..self.start.wrapping_add(self.room).cast_const()
    }

    /// Words in use.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Acquire)
    }

    /// The address of a word.
    pub(crate) fn address(&self, word: u32) -> *mut u64 {
        self.start.wrapping_add(word as usize)
    }

    /// Appends words. Only one at a time may do so. False: there is no room.
    pub(crate) fn append(&self, words: &[u64]) -> bool {
        let used = self.used.load(Ordering::Relaxed);
        if words.len() > self.room - used {
            return false;
        }
        // SAFETY: there is room, and nobody knows of these words yet.
        unsafe { std::ptr::copy_nonoverlapping(words.as_ptr(), self.start.add(used), words.len()) };
        self.used.store(used + words.len(), Ordering::Release);
        true
    }

    /// Changes a word in use. Who runs the code sees the former or the new one.
    pub(crate) fn write(&self, word: u32, value: u64) {
        assert!((word as usize) < self.used(), "a word in use");
        // SAFETY: it is in use, and handlers read words whole.
        unsafe { (*self.start.add(word as usize).cast::<AtomicU64>()).store(value, Ordering::Release) };
    }
}

impl Drop for CodeArea {
    fn drop(&mut self) {
        // SAFETY: allocated so.
        unsafe { dealloc(self.start.cast(), Self::layout(self.room)) };
    }
}
