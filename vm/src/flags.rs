//! What `erlang:system_flag/2` sets for the whole machine.

use crate::bif::erlang::system_monitor::SystemMonitor;
use crate::heap::sizing::{self, HeapLimit, MIN_HEAP_SIZE};
use crate::proc::process::{MIN_BINARY_WORDS, SpawnOptions};
use crate::sched::accounting::Accounting;
use crate::term::Pid;
use crate::vm::Config;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Most frames that `backtrace_depth` can ask for.
const MOST_FRAMES: usize = 64;

/// Since when `scheduler_wall_time` counts, and how long each scheduler had been at work by then, in nanoseconds.
#[derive(Debug)]
pub(crate) struct WallTime {
    pub(crate) since: Instant,
    pub(crate) worked: Vec<u64>,
}

/// Who gets what the machine itself has to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemLogger {
    /// Whoever is registered as `logger`.
    Registered,
    Nobody,
    Process(Pid),
}

/// The settings, each with the value that `system_flag` answers when it sets another.
#[derive(Debug)]
pub(crate) struct SystemFlags {
    backtrace_depth: AtomicUsize,
    pub(crate) fullsweep_after: AtomicUsize,
    pub(crate) min_heap_size: AtomicUsize,
    pub(crate) min_binary_words: AtomicUsize,
    pub(crate) heap_limit: Mutex<HeapLimit>,
    off_heap_messages: bool,
    pub(crate) schedulers_online: AtomicUsize,
    pub(crate) dirty_schedulers_online: AtomicUsize,
    pub(crate) trace_control_word: AtomicUsize,
    pub(crate) wall_time: Mutex<Option<WallTime>>,
    pub(crate) monitor: SystemMonitor,
    pub(crate) accounting: Accounting,
    pub(crate) outstanding_requests: AtomicUsize,
    pub(crate) logger: Mutex<SystemLogger>,
}

impl SystemFlags {
    pub(crate) fn new(config: &Config) -> Self {
        let (most, kill, log) = config.max_heap;
        Self {
            backtrace_depth: AtomicUsize::new(8),
            fullsweep_after: AtomicUsize::new(65535),
            min_heap_size: AtomicUsize::new(config.min_heap_words.map_or(MIN_HEAP_SIZE, sizing::least_step)),
            min_binary_words: AtomicUsize::new(
                config
                    .min_binary_words
                    .map_or(MIN_BINARY_WORDS, |words| sizing::step(words).max(MIN_BINARY_WORDS)),
            ),
            heap_limit: Mutex::new(HeapLimit::new(most, kill, log)),
            off_heap_messages: config.off_heap_messages,
            schedulers_online: AtomicUsize::new(config.schedulers.max(1)),
            dirty_schedulers_online: AtomicUsize::new(config.dirty_schedulers.1.max(1)),
            trace_control_word: AtomicUsize::new(0),
            wall_time: Mutex::new(None),
            monitor: SystemMonitor::default(),
            accounting: Accounting::new(config.schedulers.max(1)),
            outstanding_requests: AtomicUsize::new(4),
            logger: Mutex::new(SystemLogger::Registered),
        }
    }

    /// Whether messages of new processes wait outside of their heaps.
    pub(crate) fn off_heap_messages(&self) -> bool {
        self.off_heap_messages
    }

    /// Most frames of a stack trace.
    pub(crate) fn backtrace_depth(&self) -> usize {
        self.backtrace_depth.load(Ordering::Relaxed)
    }

    /// Sets it, and answers the former one.
    pub(crate) fn set_backtrace_depth(&self, depth: usize) -> usize {
        self.backtrace_depth.swap(depth.min(MOST_FRAMES), Ordering::Relaxed)
    }

    /// What a process gets that is started without options.
    pub(crate) fn spawn_options(&self) -> SpawnOptions {
        let least = self.min_heap_size.load(Ordering::Relaxed);
        SpawnOptions {
            min_heap_size: if least == MIN_HEAP_SIZE { 0 } else { least },
            fullsweep_after: self.fullsweep_after.load(Ordering::Relaxed) as u16,
            min_binary_words: self.min_binary_words.load(Ordering::Relaxed),
            heap_limit: *self.heap_limit.lock(),
            off_heap_messages: self.off_heap_messages,
            ..SpawnOptions::default()
        }
    }
}
