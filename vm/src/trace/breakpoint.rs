//! Breakpoints: which functions are traced, and how their code leads here.
//!
//! A function traced `local`ly (or counted, or watched by a meta tracer) has the first word of its entry
//! replaced by the handler of breakpoints; the word it stood for is kept here. For one traced `global`ly the
//! two pointers of its export entry lead to a trampoline, so that calls inside its module go by. Native
//! functions are looked up by their table entry when any of them is traced.

use super::TraceSpec;
use super::times::Times;
use crate::atom::Atom;
use crate::bif::Native;
use crate::code::export_table::Export;
use crate::code::instance::Instance;
use crate::interp::Handler;
use crate::interp::trace as handlers;
use crate::term::Pid;
use crate::vm::Vm;
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// Module, function and arity.
pub(crate) type Mfa = (Atom, Atom, u32);

/// Terms that a frame of [`handlers::return_trace`] holds.
pub(crate) const FRAME: usize = 4;

/// When calls of a function are told: always, or when a specification says so.
pub(crate) type Spec = Option<Arc<TraceSpec>>;

/// How a function is traced.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modes {
    /// For processes with the flag `call`; `true` for local calls too.
    pub(crate) traced: Option<(bool, Spec)>,
    pub(crate) meta: Option<(Pid, Spec)>,
    pub(crate) counted: bool,
    pub(crate) paused: bool,
    pub(crate) timed: bool,
    pub(crate) times_paused: bool,
}

impl Modes {
    fn is_empty(&self) -> bool {
        self.traced.is_none() && self.meta.is_none() && !self.counted && !self.timed
    }

    fn is_local(&self) -> bool {
        let traced = self.traced.as_ref().is_some_and(|(local, _)| *local);
        traced || self.meta.is_some() || self.counted || self.timed
    }

    fn is_global(&self) -> bool {
        self.traced.as_ref().is_some_and(|(local, _)| !*local)
    }
}

/// A traced function.
#[derive(Debug)]
pub(crate) struct Breakpoint {
    pub(crate) mfa: Mfa,
    pub(crate) modes: RwLock<Modes>,
    pub(crate) count: AtomicI64,
    pub(crate) times: Times,
}

/// A word of code that a breakpoint took the place of.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) breakpoint: Arc<Breakpoint>,
    original: u64,
}

impl Place {
    /// What the code would have done here.
    pub(crate) fn handler(&self) -> Handler {
        // SAFETY: the word was read from code, where it is the address of a handler.
        unsafe { std::mem::transmute::<usize, Handler>(self.original as usize) }
    }
}

/// All breakpoints of a machine.
#[derive(Debug)]
pub(crate) struct Breakpoints {
    functions: RwLock<HashMap<Mfa, Arc<Breakpoint>>>,
    /// By the address of the replaced word.
    places: RwLock<HashMap<usize, Place>>,
    /// Arity, handler, unused, export: by export. Kept for ever, as processes may stand there.
    trampolines: Mutex<HashMap<Mfa, &'static [u64; 4]>>,
    any_native: AtomicBool,
    /// The record and the handler that frames of traced calls return to.
    back: [u64; 2],
    changing: Mutex<()>,
}

impl Default for Breakpoints {
    fn default() -> Self {
        Self {
            functions: RwLock::default(),
            places: RwLock::default(),
            trampolines: Mutex::default(),
            any_native: AtomicBool::new(false),
            back: [FRAME as u64, handlers::return_trace as Handler as usize as u64],
            changing: Mutex::default(),
        }
    }
}

/// Overwrites a word of code.
///
/// # Safety
/// `address` is the first word of an instruction of loaded code, and `word` the address of a handler.
unsafe fn write_code(address: usize, word: u64) -> u64 {
    let code: *const AtomicU64 = std::ptr::with_exposed_provenance(address);
    // SAFETY: by the contract. Handlers read the word whole; either value leads to code that is right.
    unsafe { (*code).swap(word, Ordering::AcqRel) }
}

/// What `trace_pattern` changes of a function.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Traced {
        local: bool,
        spec: Option<Spec>,
    },
    Meta {
        tracer: Pid,
        spec: Option<Spec>,
    },
    /// Counting on or off; `None` leaves it on and stops at the present number.
    Count(Option<bool>),
    /// Counting from zero again.
    Restart,
    /// As the two before, for the time that calls take.
    Time(Option<bool>),
    RestartTime,
    /// Nothing: only how many functions are meant is asked.
    Keep,
}

/// Which functions are meant; `None` for all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    pub(crate) module: Option<Atom>,
    pub(crate) function: Option<Atom>,
    pub(crate) arity: Option<u32>,
}

impl Pattern {
    fn covers(&self, (module, function, arity): Mfa) -> bool {
        self.module.is_none_or(|wanted| wanted == module)
            && self.function.is_none_or(|wanted| wanted == function)
            && self.arity.is_none_or(|wanted| wanted == arity)
    }
}

impl Breakpoints {
    /// The address that traced calls return to.
    pub(crate) fn return_address(&self) -> u64 {
        self.back[1..].as_ptr().expose_provenance() as u64
    }

    /// Whether native functions have to look for breakpoints.
    pub(crate) fn any_native(&self) -> *const AtomicBool {
        &raw const self.any_native
    }

    /// The breakpoint of a function.
    pub(crate) fn find(&self, mfa: Mfa) -> Option<Arc<Breakpoint>> {
        self.functions.read().get(&mfa).cloned()
    }

    /// The breakpoint at an address.
    pub(crate) fn at(&self, address: *const u64) -> Option<Place> {
        self.places.read().get(&(address as usize)).cloned()
    }

    /// Changes how functions are traced; answers how many there are.
    pub(crate) fn change(&self, vm: &Vm, pattern: Pattern, change: &Change) -> usize {
        let _changing = self.changing.lock();
        let mut count = 0;
        let global = matches!(change, Change::Traced { local: false, .. });
        for name in vm.code.loaded() {
            if pattern.module.is_some_and(|module| module != name) {
                continue;
            }
            let Some(instance) = vm.code.versions(name).and_then(|versions| versions.current) else {
                continue;
            };
            if !instance.functions.iter().any(|own| pattern.covers((name, own.name, own.arity))) {
                continue;
            }
            for function in instance.read_functions(&vm.code) {
                let mfa = (name, function.name, function.arity);
                let export = vm.code.find_export(name, function.name, function.arity);
                if !pattern.covers(mfa) || export.is_some_and(|export| export.native.is_some()) {
                    continue;
                }
                let exported = instance
                    .exports
                    .iter()
                    .find(|(own, _)| export.is_some_and(|export| std::ptr::eq(*own, export)));
                if global && exported.is_none() {
                    continue;
                }
                count += 1;
                let entry = instance.address(function.entry) as usize;
                self.apply(mfa, change, |former, now| {
                    self.set_local(mfa, entry, now.is_local());
                    if let Some((export, word)) = exported
                        && (former.is_global() || now.is_global())
                    {
                        let address = match now.is_global() {
                            true => self.trampoline(mfa, export).expose_provenance() as *mut u64,
                            false => instance.entry_address(*word),
                        };
                        vm.code.redirect(export, address);
                    }
                });
            }
        }
        for export in vm.code.exports().all() {
            let mfa = (export.module, export.function, export.arity);
            if export.native.is_some() && pattern.covers(mfa) {
                count += 1;
                self.apply(mfa, change, |_, _| {});
            }
        }
        let natives = self.functions.read().keys().any(|&(module, function, arity)| {
            vm.code.find_export(module, function, arity).is_some_and(|export| export.native.is_some())
        });
        self.any_native.store(natives, Ordering::Release);
        count
    }

    /// Changes the modes of one function; `place` brings its code in line.
    fn apply(&self, mfa: Mfa, change: &Change, place: impl FnOnce(&Modes, &Modes)) {
        let breakpoint = self.find(mfa);
        let former = breakpoint.as_ref().map(|found| found.modes.read().clone()).unwrap_or_default();
        let mut now = former.clone();
        let (mut reset, mut forget_times) = (false, false);
        match change {
            Change::Traced { local, spec } => match spec {
                Some(spec) if *local => now.traced = Some((true, spec.clone())),
                // What is traced globally is traced in no other way.
                Some(spec) => now = Modes { traced: Some((false, spec.clone())), ..Modes::default() },
                None if now.traced.as_ref().is_some_and(|traced| traced.0 == *local) => now.traced = None,
                None => {}
            },
            Change::Meta { tracer, spec } => now.meta = spec.clone().map(|spec| (*tracer, spec)),
            Change::Count(on) => {
                now.counted = on.unwrap_or(former.counted);
                now.paused = on.is_none();
                reset = *on == Some(true) && !former.counted;
            }
            Change::Restart => {
                now.paused = false;
                reset = true;
            }
            Change::Time(on) => {
                now.timed = on.unwrap_or(former.timed);
                now.times_paused = on.is_none();
                forget_times = *on == Some(true) && !former.timed;
            }
            Change::Keep => {}
            Change::RestartTime => {
                now.times_paused = false;
                forget_times = true;
            }
        }
        if former.is_global() && now.is_local() {
            now.traced = now.traced.filter(|(local, _)| *local);
        }
        if now.is_empty() {
            if breakpoint.is_some() {
                place(&former, &now);
                self.functions.write().remove(&mfa);
            }
            return;
        }
        let breakpoint = breakpoint.unwrap_or_else(|| {
            let made = Arc::new(Breakpoint {
                mfa,
                modes: RwLock::new(now.clone()),
                count: AtomicI64::new(0),
                times: Times::default(),
            });
            self.functions.write().insert(mfa, made.clone());
            made
        });
        *breakpoint.modes.write() = now.clone();
        if reset {
            breakpoint.count.store(0, Ordering::Relaxed);
        }
        if forget_times {
            breakpoint.times.forget();
        }
        place(&former, &now);
    }

    /// Sets or removes the breakpoint in the code of a function.
    fn set_local(&self, mfa: Mfa, entry: usize, on: bool) {
        let mut places = self.places.write();
        match (on, places.contains_key(&entry)) {
            (true, false) => {
                let Some(breakpoint) = self.find(mfa) else { return };
                let handler = handlers::breakpoint as Handler as usize as u64;
                // The lock keeps who comes by from looking before the place is known.
                // SAFETY: the entry of a function of current code.
                let original = unsafe { write_code(entry, handler) };
                places.insert(entry, Place { breakpoint, original });
            }
            (false, true) => {
                if let Some(place) = places.remove(&entry) {
                    // SAFETY: as above.
                    unsafe { write_code(entry, place.original) };
                }
            }
            _ => {}
        }
    }

    /// The code that the export entry of a traced function leads to.
    fn trampoline(&self, mfa: Mfa, export: &'static Export) -> *const u64 {
        let mut trampolines = self.trampolines.lock();
        let code = trampolines.entry(mfa).or_insert_with(|| {
            let handler = handlers::export_breakpoint as Handler as usize as u64;
            Box::leak(Box::new([u64::from(mfa.2), handler, 0, export.word()]))
        });
        code[1..].as_ptr()
    }

    /// Whose trampoline an address is in.
    pub(crate) fn trampoline_at(&self, address: *const u64) -> Option<Mfa> {
        let trampolines = self.trampolines.lock();
        trampolines.iter().find(|(_, code)| code.as_ptr_range().contains(&address)).map(|(mfa, _)| *mfa)
    }

    /// The code of a module has been replaced or deleted: it is traced no more.
    pub(crate) fn forget(&self, module: Atom, former: Option<&Instance>) {
        let _changing = self.changing.lock();
        self.functions.write().retain(|mfa, _| mfa.0 != module);
        if let Some(former) = former {
            for function in former.functions_in_code() {
                let entry = former.address(function.entry) as usize;
                let mut places = self.places.write();
                if let Some(place) = places.remove(&entry) {
                    // SAFETY: the instance is held by the caller.
                    unsafe { write_code(entry, place.original) };
                }
            }
        }
    }
}

/// The breakpoint of a native function.
pub(crate) fn of_native(vm: &Vm, native: &Native) -> Option<Arc<Breakpoint>> {
    let (module, function) = native.names();
    vm.trace.breakpoints.find((module, function, u32::from(native.arity)))
}

/// Where a call of a globally traced function goes on.
pub(crate) fn behind_trampoline(vm: &Vm, export: &'static Export) -> *const u64 {
    let instance = vm.code.versions(export.module).and_then(|versions| versions.current);
    let entry = instance.and_then(|instance| {
        let (_, word) = instance.exports.iter().find(|(own, _)| std::ptr::eq(*own, export))?;
        Some(instance.entry_address(*word).cast_const())
    });
    entry.unwrap_or_else(|| export.stub().cast_const())
}
