//! A term in memory of exactly its size: for what is kept for long, and in great number.

use super::Build;
use super::copy::{copy_sized, size_of};
use super::fragment::release_off_heap;
use crate::term::{Header, Kind, SharedBinary, TAG_BOXED, TAG_CONS, TAG_HEADER, Term};
use std::alloc::{Layout, handle_alloc_error};
use std::ptr::NonNull;

/// A boxed term that owns its memory: the chain of its off-heap binaries, the number of its words, and the words, of which
/// the term itself is the first.
#[derive(Debug)]
pub(crate) struct Compact(NonNull<u64>);

/// Words before the term.
const HEAD: usize = 2;

// SAFETY: the memory is owned and not shared; off-heap binaries are counted atomically.
unsafe impl Send for Compact {}
// SAFETY: a shared reference only reads.
unsafe impl Sync for Compact {}

/// Memory that is being filled.
struct Filling {
    top: *mut u64,
    left: usize,
    off_heap: u64,
}

impl Build for Filling {
    fn take(&mut self, words: usize) -> *mut u64 {
        assert!(words <= self.left, "a copy has the words that were counted");
        self.left -= words;
        let at = self.top;
        self.top = at.wrapping_add(words);
        at
    }

    fn note_off_heap(&mut self, object: u64, _bytes: usize) -> u64 {
        std::mem::replace(&mut self.off_heap, object)
    }
}

fn layout(words: usize) -> Layout {
    Layout::array::<u64>(words + HEAD).expect("what is copied is in memory")
}

impl Compact {
    /// A copy of a boxed term; `None` of one that has no words.
    pub(crate) fn new(term: Term) -> Option<Self> {
        let words = if term.header().is_some() { size_of(term) } else { 0 };
        if words == 0 {
            return None;
        }
        // SAFETY: the layout has a size.
        let memory = unsafe { std::alloc::alloc(layout(words)) }.cast::<u64>();
        let Some(start) = NonNull::new(memory) else { handle_alloc_error(layout(words)) };
        let _ = memory.expose_provenance();
        let mut filling = Filling { top: memory.wrapping_add(HEAD), left: words, off_heap: 0 };
        copy_sized(term, words, &mut filling);
        // SAFETY: the words before the term are there.
        unsafe {
            *memory = filling.off_heap;
            *memory.add(1) = words as u64;
        }
        Some(Self(start))
    }

    /// The term, valid as long as `self`.
    #[inline(always)]
    pub(crate) fn term(&self) -> Term {
        Term::boxed_at(self.0.as_ptr().wrapping_add(HEAD))
    }

    /// Says that the term is about to be read.
    #[inline]
    pub(crate) fn prefetch(&self) {
        crate::sys::memory::prefetch(self.term().boxed_pointer());
    }

    /// The words that the term takes.
    pub(crate) fn words(&self) -> usize {
        // SAFETY: the number stands there.
        unsafe { *self.0.as_ptr().add(1) as usize }
    }

    /// A copy in other memory. Nothing is counted: the words stay in their order, and what refers to one of them is moved by as
    /// much as they are.
    pub(crate) fn copy_to<B: Build + ?Sized>(&self, memory: &mut B) -> Term {
        let words = self.words();
        let from = self.0.as_ptr().wrapping_add(HEAD);
        let to = memory.take(words);
        let moved = (to as u64).wrapping_sub(from as u64);
        let mut at = 0;
        while at < words {
            // SAFETY: both pieces have so many words; objects begin with headers that say how many words are no terms, and an
            // off-heap binary has what is shared and the chain behind its header and size.
            unsafe {
                let word = *from.add(at);
                *to.add(at) = match word & 7 {
                    TAG_CONS | TAG_BOXED if word.wrapping_sub(from as u64) < words as u64 * 8 => {
                        word.wrapping_add(moved)
                    }
                    _ => word,
                };
                at += 1;
                if word & 7 == TAG_HEADER {
                    for _ in 0..Header(word).raw_words() {
                        *to.add(at) = *from.add(at);
                        at += 1;
                    }
                    if Header(word).kind() == Kind::RefcBinary {
                        let shared: *const SharedBinary =
                            std::ptr::with_exposed_provenance(*from.add(at - 2) as usize);
                        (*shared).retain();
                        let object = Term::boxed_at(to.add(at - 4));
                        *to.add(at - 1) = memory.note_off_heap(object.0, *from.add(at - 3) as usize);
                    }
                }
            }
        }
        Term::boxed_at(to)
    }

    /// Puts immediate terms in the place of elements of a tuple that are immediate too. `false`: nothing was changed, as one
    /// of them is not, or the term is no tuple of this size.
    pub(crate) fn set_elements(&mut self, changes: &[(usize, Term)]) -> bool {
        let Some(elements) = self.term().as_tuple() else { return false };
        let fits = |&(at, value): &(usize, Term)| {
            value.is_immediate() && elements.get(at).is_some_and(|old| old.is_immediate())
        };
        if !changes.iter().all(fits) {
            return false;
        }
        for &(at, value) in changes {
            // SAFETY: the tuple lies in memory that `self` owns and that nobody else can change now, and the element is one of
            // its words behind the header.
            unsafe { *self.0.as_ptr().add(HEAD + 1 + at) = value.0 };
        }
        true
    }
}

impl Drop for Compact {
    fn drop(&mut self) {
        // SAFETY: the memory was allocated with this layout, and nobody refers to it any more.
        unsafe {
            release_off_heap(*self.0.as_ptr());
            std::alloc::dealloc(self.0.as_ptr().cast(), layout(self.words()));
        }
    }
}
