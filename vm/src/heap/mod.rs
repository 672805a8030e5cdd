//! Memory of one process: heap growing up and stack growing down in one block, an old generation, fragments.
//!
//! ```text
//!   start        high_water      top ──►            ◄── stack        end
//!     │ survivors of    │ made since │      free          │ frames     │
//!     │ the last one    │            │                    │            │
//! ```
//!
//! A native function allocates in the free room or else in a fragment; nothing but [`gc`] moves terms, and
//! only the interpreter and the scheduler call it, at places where every root is known.
#![allow(unsafe_code, reason = "raw memory of processes is managed here, behind safe methods")]

pub(crate) mod block;
mod build;
pub(crate) mod compact;
pub(crate) mod copy;
pub(crate) mod fragment;
pub(crate) mod gc;
pub(crate) mod literal_area;
pub(crate) mod map;
pub(crate) mod map_whole;
pub(crate) mod sizing;
pub(crate) mod spares;
#[cfg(test)]
mod tests;
#[cfg(gc_stress)]
mod verify;

pub use build::Build;
pub(crate) use fragment::Fragment;
pub(crate) use gc::GcError;

use crate::term::{Header, TAG_BOXED, TAG_CONS, TAG_HEADER, Term};
use block::Block;
use sizing::HeapLimit;

/// Words that are always left between heap and stack, so that a call's return address, an exception or a
/// native function's small result need no check of their own.
pub(crate) const STACK_MARGIN: usize = 16;

/// Most words of a message that is copied once more when it is looked at.
const SMALL_MESSAGE: usize = 24;

/// Memory of one process.
#[derive(Debug)]
pub(crate) struct Heap {
    pub(crate) block: Block,
    /// First free word of the heap.
    pub(crate) top: *mut u64,
    /// Last pushed word of the stack (`block.end()` when empty).
    pub(crate) stack: *mut u64,
    /// Below it: objects that survived a collection.
    pub(crate) high_water: *mut u64,
    pub(crate) old: Block,
    pub(crate) old_top: *mut u64,
    /// Fragments taken since the last collection, newest first.
    pub(crate) fragments: *mut Fragment,
    pub(crate) fragment_words: usize,
    /// Chain of the off-heap binaries that this memory refers to.
    pub(crate) off_heap: u64,
    /// Bytes of off-heap binaries made or received since the last collection.
    pub(crate) off_heap_bytes: usize,
    /// The most of them before a collection is wanted.
    pub(crate) off_heap_limit: usize,
    /// Minor collections since the last major one.
    pub(crate) minor_gcs: u16,
    /// Collections so far.
    pub(crate) collections: u32,
    /// Collections in this turn of the process.
    pub(crate) recent: u16,
    /// Turns without a collection before this one.
    pub(crate) quiet: u16,
    /// Words that the young generation of a process that collects often has at least.
    pub(crate) nursery: u32,
    /// The most words of that.
    pub(crate) nursery_limit: u32,
    pub(crate) min_size: u32,
    pub(crate) fullsweep_after: u16,
    /// Was there no room for a small message since the last collection?
    pub(crate) is_full: bool,
    /// Did nearly everything survive the last collection?
    pub(crate) grows: bool,
    /// The most words in all.
    pub(crate) limit: HeapLimit,
}

impl Heap {
    /// An empty memory with room for `words` and the margin.
    pub(crate) fn new(words: usize, min_size: usize, fullsweep_after: u16) -> Self {
        let block = Block::allocate(words + STACK_MARGIN);
        let (start, end) = (block.start(), block.end());
        Self {
            block,
            top: start,
            stack: end,
            high_water: start,
            old: Block::empty(),
            old_top: std::ptr::null_mut(),
            fragments: std::ptr::null_mut(),
            fragment_words: 0,
            off_heap: 0,
            off_heap_bytes: 0,
            off_heap_limit: 1 << 18,
            minor_gcs: 0,
            collections: 0,
            recent: 0,
            quiet: 0,
            nursery: 0,
            nursery_limit: 0,
            min_size: min_size as u32,
            fullsweep_after,
            is_full: false,
            grows: false,
            limit: HeapLimit::NONE,
        }
    }

    /// A turn of the process begins.
    pub(crate) fn begin_turn(&mut self) {
        self.quiet = if self.recent == 0 { self.quiet.saturating_add(1) } else { 0 };
        self.recent = 0;
    }

    /// Words of heap in use, fragments and old generation included.
    pub(crate) fn used_words(&self) -> usize {
        self.young_words() + self.old_words() + self.fragment_words
    }

    pub(crate) fn young_words(&self) -> usize {
        words_between(self.block.start(), self.top)
    }

    pub(crate) fn old_words(&self) -> usize {
        words_between(self.old.start(), self.old_top)
    }

    /// Words on the stack.
    pub(crate) fn stack_words(&self) -> usize {
        words_between(self.stack, self.block.end())
    }

    /// How many `catch` and `try` are open on the stack.
    pub(crate) fn open_handlers(&self) -> usize {
        // SAFETY: the words of the live stack.
        let stack = unsafe { std::slice::from_raw_parts(self.stack, self.stack_words()) };
        stack.iter().filter(|&&word| Term(word).as_catch().is_some()).count()
    }

    /// The shared binaries that this memory refers to: address, bytes, and how many refer to them in all.
    pub(crate) fn shared_binaries(&self) -> Vec<(u64, usize, usize)> {
        let mut list = Vec::new();
        let mut chain = self.off_heap;
        while chain != 0 {
            let object = Term(chain).boxed_pointer();
            // SAFETY: members of the chain are off-heap binaries: header, size, address, next.
            unsafe {
                let shared: *const crate::term::SharedBinary =
                    std::ptr::with_exposed_provenance(*object.add(2) as usize);
                list.push((*object.add(2), *object.add(1) as usize, (*shared).reference_count()));
                chain = *object.add(3);
            }
        }
        list
    }

    /// Words between heap and stack.
    pub(crate) fn free_words(&self) -> usize {
        words_between(self.top, self.stack)
    }

    /// Words allocated from the system.
    pub(crate) fn total_words(&self) -> usize {
        self.block.words() + self.old.words() + self.fragment_words
    }

    /// Has so much been allocated outside the block, or is there so little room in it, that a collection is due?
    pub(crate) fn wants_collection(&self) -> bool {
        // Not more where there is room for what is made: fragments should go while they are in the cache.
        let lasting = self.block.words().saturating_sub(self.nursery as usize);
        self.is_full
            || self.fragment_words > lasting.max(256) / 2
            || self.off_heap_bytes > self.off_heap_limit
    }

    /// Takes a fragment's contents over: its terms are now terms of this process.
    pub(crate) fn adopt(&mut self, mut fragment: Box<Fragment>) {
        self.fragment_words += fragment.used();
        fragment.give_off_heap(&mut self.off_heap, &mut self.off_heap_bytes);
        fragment.next = self.fragments;
        self.fragments = Box::into_raw(fragment);
    }

    /// Copies the words of a small fragment behind the heap's own, if there is room for them, and frees it: it is
    /// still in the processor's cache, which it would not be when the next collection comes to it. Answers where
    /// `term`, which refers to the fragment, is now.
    pub(crate) fn absorb(&mut self, mut fragment: Box<Fragment>, term: Term) -> Result<Term, Box<Fragment>> {
        let chained = *fragment.off_heap_mut() != 0;
        let (from, words) = fragment.words_mut();
        if chained || words > SMALL_MESSAGE {
            return Err(fragment);
        }
        if self.free_words() < words + STACK_MARGIN {
            self.is_full = true;
            return Err(fragment);
        }
        let to = self.top;
        let moved = |term: Term| match term.0 & 7 {
            TAG_CONS if words_between(from, term.cons_pointer()) < words => {
                Term::cons_at(to.wrapping_add(words_between(from, term.cons_pointer())))
            }
            TAG_BOXED if words_between(from, term.boxed_pointer()) < words => {
                Term::boxed_at(to.wrapping_add(words_between(from, term.boxed_pointer())))
            }
            _ => term,
        };
        let mut at = 0;
        while at < words {
            // SAFETY: `at` is below the words in use of the fragment, and the heap has room for as many.
            let word = unsafe { *from.add(at) };
            let raw = if word & 7 == TAG_HEADER { 1 + Header(word).raw_words() } else { 0 };
            if raw > 0 {
                // SAFETY: as above; a header tells how many words behind it belong to its object.
                unsafe { std::ptr::copy_nonoverlapping(from.add(at), to.add(at), raw) };
                at += raw;
            } else {
                // SAFETY: as above.
                unsafe { *to.add(at) = moved(Term(word)).0 };
                at += 1;
            }
        }
        self.top = to.wrapping_add(words);
        let term = moved(term);
        Fragment::recycle(fragment);
        Ok(term)
    }

    fn drop_fragments(&mut self) {
        let mut fragment = std::mem::replace(&mut self.fragments, std::ptr::null_mut());
        while !fragment.is_null() {
            // SAFETY: the chain owns its fragments, each made by `Box::into_raw`.
            let owned = unsafe { Box::from_raw(fragment) };
            fragment = owned.next;
            Fragment::recycle(owned);
        }
        self.fragment_words = 0;
    }
}

/// Distance of two addresses of one block, in words.
#[inline]
pub(crate) fn words_between(low: *const u64, high: *const u64) -> usize {
    (high as usize).wrapping_sub(low as usize) / 8
}

/// Copies words of one object to other memory. A few are copied one by one: a call of the library's function would
/// take longer.
///
/// # Safety
/// There are `count` words at `from`, and room for as many at `to`, apart from them.
#[inline(always)]
pub(crate) unsafe fn copy_words(from: *const u64, to: *mut u64, count: usize) {
    // SAFETY: by the contract.
    unsafe {
        if count > 16 {
            return std::ptr::copy_nonoverlapping(from, to, count);
        }
        let mut index = 0;
        while index < count {
            // Volatile, or the compiler would make the loop a call.
            to.add(index).write_volatile(*from.add(index));
            index += 1;
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        fragment::release_off_heap(self.off_heap);
        self.drop_fragments();
    }
}
