//! A block of words from the system's allocator.
//!
//! A collection frees a block about as large as the one the next will ask for. A scheduler keeps a few large ones
//! until it has nothing to do: given back, their pages would have to be mapped and cleared again each time.

use crate::sys::tally::BLOCKS;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::RefCell;

/// Blocks from so many words on are worth keeping.
const LARGE: usize = 1 << 13;
/// Most blocks a thread keeps, and most words of them together (64 MiB).
const MOST_SPARE: usize = 6;
const MOST_SPARE_WORDS: usize = 1 << 23;

/// Blocks from so many words on (4 MiB) lie in huge pages where the system has them.
const HUGE: usize = 1 << 19;

/// Memory of a block that nobody owns.
type Spare = (*mut u64, usize);

thread_local! {
    /// What this thread keeps, if it keeps any.
    static SPARE: RefCell<Option<Vec<Spare>>> = const { RefCell::new(None) };
}

/// From now on this thread keeps blocks for itself.
pub(crate) fn keep_spare() {
    SPARE.set(Some(Vec::with_capacity(MOST_SPARE)));
}

/// Gives back what this thread has kept.
pub(crate) fn release_spare() {
    let spare = SPARE.with_borrow_mut(|spare| spare.as_mut().map(std::mem::take));
    for (start, words) in spare.into_iter().flatten() {
        free(start, words);
    }
}

/// Kept memory for `words` words, not much larger than that.
fn take_spare(words: usize) -> Option<Spare> {
    SPARE.with_borrow_mut(|spare| {
        let spare = spare.as_mut()?;
        let at = spare.iter().position(|&(_, size)| size >= words && size / 2 <= words)?;
        Some(spare.swap_remove(at))
    })
}

/// Keeps memory. False: this thread keeps none, or has enough.
fn put_spare(start: *mut u64, words: usize) -> bool {
    let kept = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        let Some(spare) = spare.as_mut() else { return false };
        let held: usize = spare.iter().map(|&(_, size)| size).sum();
        let room = spare.len() < MOST_SPARE && held + words <= MOST_SPARE_WORDS;
        if room {
            spare.push((start, words));
        }
        room
    });
    // A thread at its end keeps nothing.
    kept.unwrap_or(false)
}

fn layout(words: usize) -> Layout {
    Layout::array::<u64>(words).expect("a block is smaller than the address space")
}

fn free(start: *mut u64, words: usize) {
    BLOCKS.add(-(words * 8).cast_signed());
    // SAFETY: allocated with this layout by `Block::allocate`; whoever calls this owns it and lets it go.
    unsafe { dealloc(start.cast(), layout(words)) }
}

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

    /// A block of `words` words, or of somewhat more.
    pub(crate) fn allocate(words: usize) -> Self {
        if words == 0 {
            return Self::empty();
        }
        if words >= LARGE
            && let Some((start, words)) = take_spare(words)
        {
            return Self { start, words };
        }
        let layout = layout(words);
        // SAFETY: the layout is not empty.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        let _ = start.expose_provenance();
        BLOCKS.add((words * 8).cast_signed());
        if words >= HUGE {
            crate::sys::memory::prefer_huge_pages(start, words * 8);
        }
        Self { start: start.cast(), words }
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
        if self.words != 0 && !(self.words >= LARGE && put_spare(self.start, self.words)) {
            free(self.start, self.words);
        }
    }
}
