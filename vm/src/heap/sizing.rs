//! How large heaps are made.

use super::STACK_MARGIN;

/// The smallest heap after the first collection, in words: what `erlang:system_info(min_heap_size)` says.
pub(crate) const MIN_HEAP_SIZE: usize = 233;
/// The steps below that one.
pub(crate) const LOWER_STEPS: [usize; 5] = [12, 38, 51, 90, 142];
/// From here on sizes grow by a fifth.
const LARGE: usize = 833_026;

/// `max_heap_size`: the most words, and what happens beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeapLimit(u64);

impl HeapLimit {
    const KILL: u64 = 1 << 63;
    const LOG: u64 = 1 << 62;
    /// No limit, and what a limit without options does.
    pub(crate) const NONE: Self = Self(Self::KILL | Self::LOG);

    /// A limit of so many words (0 for none): whether who crosses it is killed, and whether that is told.
    pub(crate) fn new(words: usize, kill: bool, log: bool) -> Self {
        let flags = if kill { Self::KILL } else { 0 } | if log { Self::LOG } else { 0 };
        Self((words as u64).min(Self::LOG - 1) | flags)
    }

    /// The most words, 0 for no limit.
    pub(crate) fn words(self) -> usize {
        (self.0 & (Self::LOG - 1)) as usize
    }

    /// Is who crosses it killed?
    pub(crate) fn kills(self) -> bool {
        self.0 & Self::KILL != 0
    }

    /// Is the logger told?
    pub(crate) fn logs(self) -> bool {
        self.0 & Self::LOG != 0
    }

    /// Is `total` beyond it?
    pub(crate) fn is_crossed_by(self, total: usize) -> bool {
        self.words() != 0 && total > self.words()
    }
}

/// The step of the ladder of sizes that has room for `words`: each the sum of the two before it and one, later
/// a fifth more than the one before it.
pub(crate) fn step(words: usize) -> usize {
    let (mut before, mut size) = (142, MIN_HEAP_SIZE);
    while size < words {
        (before, size) = (size, if size < LARGE { before + size + 1 } else { size + size / 5 });
    }
    size
}

/// The step that a machine may begin processes with: the ladder has lower ones than heaps ever get.
pub(crate) fn least_step(words: usize) -> usize {
    LOWER_STEPS.into_iter().find(|&step| words <= step).unwrap_or_else(|| step(words))
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
