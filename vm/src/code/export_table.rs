//! Export entries: one a function name, at a stable address for ever, with the code it leads to now. See [`super::lead`].

use super::lead::{Generation, Lead};
use crate::atom::Atom;
use crate::bif::Native;
use crate::interp::{self, Handler};
use crate::term::Term;
use hashbrown::HashMap;
use parking_lot::RwLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Words of the stub: `func_info` (5), then the instruction that stands in for missing code (3), the one that new
/// processes begin with (3), and the one by which processes call that keep their last calls (3).
const STUB: usize = 14;
const ENTRY: usize = 5;
const BEGIN: usize = 8;
const KEEP: usize = 11;

/// Module, function and arity of `fun M:F/A`; `None` for another term.
#[must_use]
pub fn external_fun(fun: Term) -> Option<(Atom, Atom, u32)> {
    Export::of(fun).map(|export| (export.module, export.function, export.arity))
}

/// An export entry.
#[derive(Debug)]
pub(crate) struct Export {
    /// Where calls go.
    pub(crate) lead: Lead<u64>,
    pub(crate) module: Atom,
    pub(crate) function: Atom,
    pub(crate) arity: u32,
    /// When the function became known, as that of a module or as a constant of one: a count, from 1; 0 before.
    pub(crate) number: AtomicU32,
    /// The native function of this name, if there is one. It wins over loaded code.
    pub(crate) native: Option<&'static Native>,
    stub: Box<[u64; STUB]>,
}

impl Export {
    /// The entry that `fun M:F/A` refers to; `None` for another term.
    #[allow(unsafe_code, reason = "such funs hold the addresses of entries, which live for ever")]
    pub(crate) fn of(fun: Term) -> Option<&'static Self> {
        let entry: *const Self = std::ptr::with_exposed_provenance(fun.as_export()? as usize);
        // SAFETY: entries are never freed, and such funs are made with the addresses of entries alone.
        Some(unsafe { &*entry })
    }

    /// The order of such funs: by module, function and arity.
    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.module
            .order(other.module)
            .then_with(|| self.function.order(other.function))
            .then(self.arity.cmp(&other.arity))
    }

    /// The words of the fun that refers to this entry.
    pub(crate) fn word(&self) -> u64 {
        std::ptr::from_ref(self).expose_provenance() as u64
    }

    /// The stub's code: the native function, or the call of the error handler.
    pub(crate) fn stub(&self) -> *mut u64 {
        self.stub[ENTRY..].as_ptr().cast_mut()
    }

    /// Where a process that is to call this function begins: at an instruction that goes where a call goes then. So
    /// a process that has not run yet is in no module's code.
    pub(crate) fn begin(&self) -> *const u64 {
        self.stub[BEGIN..].as_ptr()
    }

    /// Where a call goes now.
    ///
    /// # Safety
    /// `generation` is the machine's.
    #[inline(always)]
    pub(crate) unsafe fn current(&self, generation: *const Generation) -> *const u64 {
        // SAFETY: by the contract.
        let generation = unsafe { (*generation).current() };
        self.lead.at(generation)
    }

    /// Is there code, loaded or native, in this generation?
    pub(crate) fn defined_at(&self, generation: usize) -> bool {
        self.native.is_some() || self.lead.at(generation) != self.stub()
    }

    /// Is there code in any generation?
    pub(crate) fn is_defined(&self) -> bool {
        self.defined_at(0) || self.defined_at(1)
    }

    /// Does the address lie in this entry's stub?
    pub(crate) fn owns(&self, address: *const u64) -> bool {
        self.stub.as_ptr_range().contains(&address)
    }
}

/// All export entries of a machine.
#[derive(Debug, Default)]
pub(crate) struct ExportTable {
    entries: RwLock<HashMap<(Atom, Atom, u32), &'static Export>>,
    /// So many functions have become known.
    known: AtomicU32,
}

impl ExportTable {
    /// The entry of this function, made if there is none.
    pub(crate) fn get(&self, module: Atom, function: Atom, arity: u32) -> &'static Export {
        if let Some(export) = self.find(module, function, arity) {
            return export;
        }
        let mut entries = self.entries.write();
        entries.entry((module, function, arity)).or_insert_with(|| make(module, function, arity, None))
    }

    /// The same for a function that a module has or names as a constant: it is known from now on.
    pub(crate) fn get_known(&self, module: Atom, function: Atom, arity: u32) -> &'static Export {
        let export = self.get(module, function, arity);
        if export.number.load(Ordering::Relaxed) == 0 {
            let number = self.known.fetch_add(1, Ordering::Relaxed) + 1;
            let _ = export.number.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
        }
        export
    }

    /// The entry of this function, if there is one.
    pub(crate) fn find(&self, module: Atom, function: Atom, arity: u32) -> Option<&'static Export> {
        self.entries.read().get(&(module, function, arity)).copied()
    }

    /// Enters a native function.
    pub(crate) fn add_native(&self, module: Atom, function: Atom, native: &'static Native) {
        let arity = u32::from(native.arity);
        self.entries.write().insert((module, function, arity), make(module, function, arity, Some(native)));
    }

    /// All entries.
    pub(crate) fn all(&self) -> Vec<&'static Export> {
        self.entries.read().values().copied().collect()
    }
}

/// Entries live for ever: code and funs hold their addresses.
fn make(module: Atom, function: Atom, arity: u32, native: Option<&'static Native>) -> &'static Export {
    let export = Box::leak(Box::new(Export {
        lead: Lead::new(std::ptr::null_mut()),
        module,
        function,
        arity,
        number: AtomicU32::new(0),
        native,
        stub: Box::new([0; STUB]),
    }));
    let address = std::ptr::from_ref(export).expose_provenance() as u64;
    let (handler, operand) = match native {
        Some(native) => {
            (interp::native::native_entry as Handler, std::ptr::from_ref(native).expose_provenance() as u64)
        }
        None => (interp::call::undefined_export as Handler, address),
    };
    *export.stub = [
        interp::exception::func_info as Handler as usize as u64,
        0,
        Term::atom(module).word(),
        Term::atom(function).word(),
        u64::from(arity),
        handler as usize as u64,
        0,
        operand,
        interp::call::begin_process as Handler as usize as u64,
        0,
        address,
        interp::call::keep_call as Handler as usize as u64,
        0,
        address,
    ];
    let stub = export.stub();
    let _ = stub.expose_provenance();
    export.lead.redirect(stub);
    // Native functions are written down where they are run, however they are called.
    export.lead.set_aside(if native.is_some() { stub } else { export.stub[KEEP..].as_ptr().cast_mut() });
    export
}
