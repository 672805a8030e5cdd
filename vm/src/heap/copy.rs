//! Copying a term to other memory: messages, spawn arguments, literals, tables.
//!
//! Two passes, both without native recursion: count the words, then copy breadth first (Cheney 1970),
//! list spines in one run. Sharing inside the term is lost, as in BEAM.

use super::{Build, Fragment, Heap};
use crate::term::{Header, Kind, SharedBinary, TAG_BOXED, TAG_CONS, TAG_HEADER, Term};
use smallvec::SmallVec;

/// Words needed for a copy of `root`.
pub(crate) fn size_of(root: Term) -> usize {
    if root.is_immediate() {
        return 0;
    }
    let mut words = 0;
    // Most terms are shallow: no trip to the allocator for them.
    let mut pending: SmallVec<[Term; 16]> = SmallVec::new();
    let mut current = root;
    loop {
        if let Some((head, tail)) = current.as_cons() {
            words += 2;
            if head.is_immediate() {
                current = tail;
            } else {
                if !tail.is_immediate() {
                    pending.push(tail);
                }
                current = head;
            }
        } else if let Some(header) = current.header() {
            if header.size() > 0 {
                words += header.size() + 1;
            }
            let parts = &current.boxed_words()[header.raw_words()..];
            current = Term::NIL;
            for &part in crate::term::as_terms(parts) {
                if !part.is_immediate() {
                    pending.push(part);
                }
            }
        }
        if current.is_immediate() {
            match pending.pop() {
                Some(next) => current = next,
                None => return words,
            }
        }
    }
}

/// Copies `root`, whose size the caller has counted, into memory that has the room.
pub(crate) fn copy_sized<B: Build + ?Sized>(root: Term, words: usize, memory: &mut B) -> Term {
    if root.is_immediate() {
        return root;
    }
    if words == 0 {
        return Term::empty_tuple();
    }
    let start = memory.take(words);
    let mut top = start;
    let mut scan = start;
    let result = copy_object(root, &mut top, memory);
    while scan < top {
        // SAFETY: `scan` walks the words already copied, all of them initialised.
        let word = unsafe { *scan };
        match word & 7 {
            // Within a spine that was copied in one run, cells refer to each other already.
            TAG_CONS if super::words_between(start, Term(word).cons_pointer()) < words => {
                scan = scan.wrapping_add(1);
            }
            TAG_CONS | TAG_BOXED => {
                let copied = copy_object(Term(word), &mut top, memory);
                // SAFETY: as above.
                unsafe { *scan = copied.0 };
                scan = scan.wrapping_add(1);
            }
            TAG_HEADER => scan = scan.wrapping_add(1 + Header(word).raw_words()),
            _ => scan = scan.wrapping_add(1),
        }
    }
    debug_assert_eq!(super::words_between(start, top), words, "counted and copied sizes agree");
    result
}

/// Copies one object (of a list, the spine) to `top`; its parts still refer to the original.
fn copy_object<B: Build + ?Sized>(term: Term, top: &mut *mut u64, memory: &mut B) -> Term {
    if let Some(header) = term.header() {
        if header.size() == 0 {
            return Term::empty_tuple();
        }
        let at = *top;
        let words = header.size() + 1;
        // SAFETY: the object has header and size words; the destination was sized to hold every object.
        unsafe { std::ptr::copy_nonoverlapping(term.boxed_pointer(), at, words) };
        *top = at.wrapping_add(words);
        let copied = Term::boxed_at(at);
        if header.kind() == Kind::RefcBinary {
            // SAFETY: words 2 and 3 of an off-heap binary are the shared bytes and the chain.
            unsafe {
                let shared: *const SharedBinary = std::ptr::with_exposed_provenance(*at.add(2) as usize);
                (*shared).retain();
                *at.add(3) = memory.note_off_heap(copied.0, *at.add(1) as usize);
            }
        }
        return copied;
    }
    let first = *top;
    let mut cell = first;
    let mut rest = term;
    while let Some((head, tail)) = rest.as_cons() {
        let next = cell.wrapping_add(2);
        let more = tail.is_cons();
        // SAFETY: the destination was sized to hold every cell.
        unsafe {
            *cell = head.0;
            *cell.add(1) = if more { Term::cons_at(next).0 } else { tail.0 };
        }
        cell = next;
        rest = if more { tail } else { Term::NIL };
    }
    *top = cell;
    Term::cons_at(first)
}

/// Copies `root` into `memory`.
pub(crate) fn copy<B: Build + ?Sized>(root: Term, memory: &mut B) -> Term {
    copy_sized(root, size_of(root), memory)
}

/// Copies `root` into a fragment of its own; none for an immediate.
pub(crate) fn copy_to_fragment(root: Term) -> (Term, Option<Box<Fragment>>) {
    if root.is_immediate() {
        return (root, None);
    }
    let words = size_of(root);
    let mut fragment = Fragment::new(words);
    let term = copy_sized(root, words, &mut *fragment);
    (term, Some(fragment))
}

/// A term with memory of its own, to be kept or handed between threads.
#[derive(Debug)]
pub struct OwnedTerm {
    term: Term,
    fragment: Option<Box<Fragment>>,
}

// SAFETY: the fragment is owned and not shared; off-heap binaries are counted atomically.
unsafe impl Send for OwnedTerm {}
// SAFETY: a shared reference only reads.
unsafe impl Sync for OwnedTerm {}

impl OwnedTerm {
    /// A copy of `term`.
    #[must_use]
    pub fn new(term: Term) -> Self {
        let (term, fragment) = copy_to_fragment(term);
        Self { term, fragment }
    }

    /// Builds a term in memory that grows as needed, then keeps a compact copy.
    pub fn build(make: impl FnOnce(&mut dyn Build) -> Term) -> Self {
        let mut heap = Heap::new(64, 0, 0);
        let term = make(&mut heap);
        Self::new(term)
    }

    /// The term, valid as long as `self`.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// The words that the term takes.
    pub(crate) fn words(&self) -> usize {
        self.fragment.as_ref().map_or(0, |fragment| fragment.used())
    }

    pub(crate) fn into_parts(self) -> (Term, Option<Box<Fragment>>) {
        (self.term, self.fragment)
    }

    /// A copy in other memory.
    pub fn copy_to<B: Build + ?Sized>(&self, memory: &mut B) -> Term {
        copy(self.term, memory)
    }
}
