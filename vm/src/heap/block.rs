//! A block of words from the allocator, or a large piece of memory.
//!
//! A collection frees a block about as large as the one the next will ask for. Given back to the system, its pages would
//! have to be mapped and cleared again each time, which takes longer than the collection and holds up others. So each
//! scheduler keeps some of the middling ones until it has nothing to do. Large ones are [pieces](crate::sys::large), which
//! wait for their next user by themselves, and can give back what is behind their use.

use crate::sys::large;
use crate::sys::tally::BLOCKS;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::RefCell;

/// Blocks from so many words on are worth keeping.
const LARGE: usize = 1 << 13;
/// From so many words on they are pieces.
const PIECE: usize = large::LARGE / 8;
/// Most blocks that a thread keeps.
const MOST_SPARE: usize = 6;

/// Memory of blocks that nobody owns.
#[derive(Default)]
struct SpareBlocks(Vec<(*mut u64, usize)>);

impl SpareBlocks {
    /// Kept memory for `words` words, not much larger than that.
    fn take(&mut self, words: usize) -> Option<(*mut u64, usize)> {
        let at = self.0.iter().position(|&(_, size)| size >= words && size / 2 <= words)?;
        Some(self.0.swap_remove(at))
    }

    /// Keeps memory. False: there is enough.
    fn put(&mut self, start: *mut u64, words: usize) -> bool {
        let room = self.0.len() < MOST_SPARE;
        if room {
            self.0.push((start, words));
        }
        room
    }

    fn free(self) {
        self.0.into_iter().for_each(|(start, words)| free(start, words));
    }
}

thread_local! {
    /// What this thread keeps, if it keeps any.
    static SPARES: RefCell<Option<SpareBlocks>> = const { RefCell::new(None) };
}

/// From now on this thread keeps blocks for itself.
pub(crate) fn keep_spare() {
    SPARES.set(Some(SpareBlocks::default()));
}

/// Gives back what this thread has kept.
pub(crate) fn release_spare() {
    SPARES.with_borrow_mut(|spares| spares.as_mut().map(std::mem::take)).unwrap_or_default().free();
}

/// Kept memory for `words` words, if there is any.
fn take_spare(words: usize) -> Option<(*mut u64, usize)> {
    SPARES.with_borrow_mut(|spares| spares.as_mut()?.take(words))
}

/// Keeps memory. False: there is enough, or this thread keeps none.
fn put_spare(start: *mut u64, words: usize) -> bool {
    let kept =
        SPARES.try_with(|spares| spares.borrow_mut().as_mut().is_some_and(|spares| spares.put(start, words)));
    // A thread at its end keeps nothing.
    kept.unwrap_or(false)
}

fn layout(words: usize) -> Layout {
    Layout::array::<u64>(words).expect("a block is smaller than the address space")
}

fn free(start: *mut u64, words: usize) {
    BLOCKS.add(-(words * 8).cast_signed());
    // SAFETY: got in one of these two ways by `Block::allocate`; whoever calls this owns it and lets it go.
    unsafe {
        if words >= PIECE {
            large::give_back(start.cast(), words * 8);
        } else {
            dealloc(start.cast(), layout(words));
        }
    }
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
        if (LARGE..PIECE).contains(&words)
            && let Some((start, words)) = take_spare(words)
        {
            return Self { start, words };
        }
        let (start, words) = if words >= PIECE {
            let words = large::whole(words * 8) / 8;
            (large::take(words * 8).0, words)
        } else {
            // SAFETY: the layout is not empty.
            (unsafe { alloc(layout(words)) }, words)
        };
        if start.is_null() {
            handle_alloc_error(layout(words));
        }
        let _ = start.expose_provenance();
        BLOCKS.add((words * 8).cast_signed());
        Self { start: start.cast(), words }
    }

    /// Gives back what is behind the first `words` words, or somewhat more of them, where that can be done in place.
    pub(crate) fn shrink(&mut self, words: usize) {
        let words = large::whole(words.max(PIECE) * 8) / 8;
        if words < self.words {
            BLOCKS.add(-((self.words - words) * 8).cast_signed());
            // SAFETY: a block of more words than `PIECE` is a piece, and this one's owner has it for himself.
            unsafe { large::cut(self.start.cast(), self.words * 8, words * 8) };
            self.words = words;
        }
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
        if self.words != 0 && !((LARGE..PIECE).contains(&self.words) && put_spare(self.start, self.words)) {
            free(self.start, self.words);
        }
    }
}
