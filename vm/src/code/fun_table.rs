//! Fun entries: what closures refer to. One a fun expression of a module version; kept for ever, as funs may
//! outlive their code. An entry whose code is purged leads nowhere until the same version is loaded again.

use crate::atom::Atom;
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::sync::atomic::AtomicPtr;

/// A fun entry.
#[derive(Debug)]
pub(crate) struct FunEntry {
    /// Entry of the lifted function; null while its code is not loaded.
    pub(crate) code: AtomicPtr<u64>,
    pub(crate) module: Atom,
    /// Name of the lifted function.
    pub(crate) function: Atom,
    /// Arguments of the fun itself.
    pub(crate) arity: u32,
    /// Position among the module's funs.
    pub(crate) index: u32,
    pub(crate) old_uniq: u32,
    pub(crate) free: u32,
    /// MD5 of the module version.
    pub(crate) version: [u8; 16],
}

/// Module, version, and position among the module's funs.
type FunKey = (Atom, [u8; 16], u32);

/// All fun entries of a machine, by module version and position.
#[derive(Debug, Default)]
pub(crate) struct FunTable {
    entries: Mutex<HashMap<FunKey, &'static FunEntry>>,
}

impl FunTable {
    /// The entry for this fun of this module version; `make` describes a new one.
    pub(crate) fn get(&self, make: FunEntry) -> &'static FunEntry {
        let key = (make.module, make.version, make.index);
        self.entries.lock().entry(key).or_insert_with(|| Box::leak(Box::new(make)))
    }
}

impl FunEntry {
    /// The entry that a closure refers to.
    #[allow(unsafe_code, reason = "closures hold the addresses of entries, which live for ever")]
    pub(crate) fn of(closure: &crate::term::FunView<'_>) -> &'static Self {
        let entry: *const Self = std::ptr::with_exposed_provenance(closure.entry as usize);
        // SAFETY: entries are never freed, and closures are made with the addresses of entries alone.
        unsafe { &*entry }
    }

    /// The order of funs without regard to what they hold: by module, position there, and version.
    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.module
            .order(other.module)
            .then(self.index.cmp(&other.index))
            .then(self.old_uniq.cmp(&other.old_uniq))
            .then(self.version.cmp(&other.version))
    }
}
