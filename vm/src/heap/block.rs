//! A block of words from the system's allocator.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};

/// An owned, uninitialised run of words. May be empty.
#[derive(Debug)]
pub(crate) struct Block {
    start: *mut u64,
    words: usize,
}

impl Block {
    /// A block of no words.
    pub(crate) const fn empty() -> Self {
        Self { start: std::ptr::null_mut(), words: 0 }
    }

    /// A block of `words` words.
    pub(crate) fn allocate(words: usize) -> Self {
        if words == 0 {
            return Self::empty();
        }
        let layout = Self::layout(words);
        // SAFETY: the layout is not empty.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        let _ = start.expose_provenance();
        Self { start: start.cast(), words }
    }

    fn layout(words: usize) -> Layout {
        Layout::array::<u64>(words).expect("a block is smaller than the address space")
    }

    #[inline]
    pub(crate) fn start(&self) -> *mut u64 {
        self.start
    }

    #[inline]
    pub(crate) fn end(&self) -> *mut u64 {
        self.start.wrapping_add(self.words)
    }

    #[inline]
    pub(crate) fn words(&self) -> usize {
        self.words
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if self.words != 0 {
            // SAFETY: allocated with this layout, freed once.
            unsafe { dealloc(self.start.cast(), Self::layout(self.words)) }
        }
    }
}
