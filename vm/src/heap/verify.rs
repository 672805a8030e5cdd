//! Walks a heap after each collection of the collect-at-every-allocation build.

use super::Heap;
use crate::term::{Header, TAG_BOXED, TAG_CONS, TAG_HEADER, Term};

/// Panics if a word of the heap is not what the layout allows.
pub(crate) fn check(heap: &Heap) {
    for (start, words, old) in
        [(heap.block.start(), heap.young_words(), false), (heap.old.start(), heap.old_words(), true)]
    {
        let mut index = 0;
        while index < words {
            // SAFETY: the words below the top are initialised.
            let word = unsafe { *start.add(index) };
            match word & 7 {
                TAG_HEADER => index += Header(word).raw_words(),
                TAG_CONS => check_pointer(heap, Term(word).cons_pointer(), old),
                TAG_BOXED => {
                    let at = Term(word).boxed_pointer();
                    check_pointer(heap, at, old);
                    // SAFETY: the pointer lies in a live range.
                    assert_eq!(unsafe { *at } & 7, TAG_HEADER, "a boxed term points at a header");
                }
                _ => {}
            }
            index += 1;
        }
    }
}

fn check_pointer(heap: &Heap, at: *const u64, from_old: bool) {
    let inside = |start: *const u64, words: usize| super::words_between(start, at) < words;
    assert!(
        (!from_old && inside(heap.block.start(), heap.young_words()))
            || inside(heap.old.start(), heap.old_words())
            || (at as usize).wrapping_sub(super::literal_area::base()) < super::literal_area::bytes(),
        "a pointer leads out of the heap"
    );
}
