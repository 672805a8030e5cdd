//! What few processes have: it stands aside, so that the others are smaller.

use super::kept_calls::KeptCalls;
use super::process::{MIN_BINARY_WORDS, SpawnOptions};
use crate::bif::DirtyFailure;
use crate::term::Pid;
use crate::trace::times::CallTime;
use std::collections::BTreeMap;

/// What few processes have.
#[derive(Debug, Default)]
pub(crate) struct Uncommon {
    /// How a native function of the dirty pool failed: raised when the process runs again.
    pub(crate) failure: Option<Box<DirtyFailure>>,
    /// The last calls, where `process_flag(save_calls, _)` asks for them.
    pub(crate) kept_calls: Option<KeptCalls>,
    /// Which of the timed functions the process is in.
    pub(crate) call_time: Option<CallTime>,
    /// Whom it holds up, and how often.
    pub(crate) suspending: BTreeMap<Pid, u32>,
    /// Words of binaries, where it has asked for another number than the usual one.
    pub(crate) min_binary_words: Option<usize>,
    /// How often it has asked to be told of nodes.
    pub(crate) watches_nodes: u16,
    /// The scheduler that `process_flag(scheduler, _)` asks for, or 0. It is a wish: every scheduler may take any process.
    pub(crate) scheduler: u16,
}

impl Uncommon {
    /// What a process has of it that is started with these options: mostly nothing.
    pub(crate) fn of(options: &SpawnOptions) -> Option<Box<Self>> {
        let words = options.min_binary_words;
        (words != MIN_BINARY_WORDS)
            .then(|| Box::new(Self { min_binary_words: Some(words), ..Self::default() }))
    }
}
