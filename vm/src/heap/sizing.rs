//! How large heaps are made.

use super::STACK_MARGIN;

/// The smallest heap after the first collection, in words: what `erlang:system_info(min_heap_size)` says.
pub(crate) const MIN_HEAP_SIZE: usize = 233;

/// The size of block for `words` in use: the next step of a ladder that grows by about 1.6 below a million
/// words and by a fifth above.
pub(crate) fn next_size(words: usize, min_size: usize) -> usize {
    let mut size = min_size.max(MIN_HEAP_SIZE);
    while size < words {
        size = if size < 1 << 20 { size * 8 / 5 } else { size * 6 / 5 };
    }
    size + STACK_MARGIN
}
