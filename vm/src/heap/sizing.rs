//! How large heaps are made.

use super::STACK_MARGIN;

/// The smallest heap after the first collection, in words: what `erlang:system_info(min_heap_size)` says.
pub(crate) const MIN_HEAP_SIZE: usize = 233;
/// From here on sizes grow by a fifth.
const LARGE: usize = 833_026;

/// The step of the ladder of sizes that has room for `words`: each the sum of the two before it and one, later
/// a fifth more than the one before it.
pub(crate) fn step(words: usize) -> usize {
    let (mut before, mut size) = (142, MIN_HEAP_SIZE);
    while size < words {
        (before, size) = (size, if size < LARGE { before + size + 1 } else { size + size / 5 });
    }
    size
}

/// The size of block for `words` in use.
pub(crate) fn next_size(words: usize, min_size: usize) -> usize {
    step(words.max(min_size)) + STACK_MARGIN
}

/// The most words of young generation that a process gets because it collects often, where `waiting` others wait for
/// the same worker and so many `processes` are alive: what those that take turns work in stays in the processor's
/// cache, beside other data, and all have not more than 64 MiB.
pub(crate) fn nursery_limit(waiting: usize, processes: usize) -> u32 {
    const MOST: usize = 1 << 14;
    const SHARED: usize = 1 << 23;
    (MOST / (waiting + 1)).min(SHARED / processes.max(1)) as u32
}
