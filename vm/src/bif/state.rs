//! What native functions keep for a machine: environment, running differences of statistics.

use super::atomics::Arrays;
use super::crypto::Streams as Ciphers;
use super::ets::Tables;
use super::persistent_term::PersistentTerms;
use super::prim_file::handle::Files;
use super::re::pattern::Patterns;
use super::zlib::Streams;
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::ffi::OsString;
use std::sync::atomic::AtomicI64;

/// One of these a machine.
#[derive(Debug)]
pub(crate) struct State {
    /// Environment variables, as this machine's programs see and change them.
    pub(crate) environment: Mutex<HashMap<OsString, OsString>>,
    pub(crate) files: Files,
    pub(crate) arrays: Arrays,
    pub(crate) patterns: Patterns,
    pub(crate) streams: Streams,
    pub(crate) ciphers: Ciphers,
    pub(crate) tables: Tables,
    pub(crate) persistent_terms: PersistentTerms,
    /// The last answer of `erlang:now/0`, in microseconds.
    pub(crate) last_now: AtomicI64,
    /// When `statistics(runtime)` and `statistics(wall_clock)` were last asked, in milliseconds.
    pub(crate) last_runtime: AtomicI64,
    pub(crate) last_wall_clock: AtomicI64,
    /// Reductions at the last `statistics(reductions)`.
    pub(crate) last_reductions: AtomicI64,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            environment: Mutex::new(std::env::vars_os().collect()),
            files: Files::default(),
            arrays: Arrays::default(),
            patterns: Patterns::default(),
            streams: Streams::default(),
            ciphers: Ciphers::default(),
            tables: Tables::default(),
            persistent_terms: PersistentTerms::default(),
            last_now: AtomicI64::new(0),
            last_runtime: AtomicI64::new(0),
            last_wall_clock: AtomicI64::new(0),
            last_reductions: AtomicI64::new(0),
        }
    }
}
