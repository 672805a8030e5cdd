//! The module table: a persistent map from name to current and old instance, published through one pointer,
//! and the code of a machine as a whole.

use super::export_table::{Export, ExportTable};
use super::fun_table::FunTable;
use super::instance::Instance;
use super::lead::Generation;
use super::loader::Prepared;
use crate::atom::Atom;
use arc_swap::ArcSwap;
use parking_lot::{Mutex, MutexGuard, RwLock, RwLockReadGuard};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The instances of one module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    pub(crate) current: Option<Arc<Instance>>,
    pub(crate) old: Option<Arc<Instance>>,
    /// Loaded, but its `-on_load` function has not answered yet.
    pub(crate) loading: Option<Arc<Instance>>,
}

/// Why prepared code did not become current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommitError {
    /// There is old code that must be purged first.
    NotPurged(Atom),
}

/// Instances by the address that their code begins at.
#[derive(Debug, Default)]
pub(crate) struct Ranges {
    instances: BTreeMap<usize, Arc<Instance>>,
    /// A number of its own for each state that any machine's ranges have been in.
    state: u64,
    /// Where the first begins and the last ends: most words that are asked about are no addresses.
    outer: (usize, usize),
}

thread_local! {
    /// The last answers of [`Ranges::bounds_at`].
    static LAST_BOUNDS: Cell<LastBounds> = const { Cell::new(LastBounds { state: 0, bounds: [(0, 0); LAST], next: 0 }) };
}

/// How many answers a thread remembers: a stack leads through few modules, again and again.
const LAST: usize = 4;

/// Where codes begin and end, and the state of the ranges in which they did.
#[derive(Clone, Copy)]
struct LastBounds {
    state: u64,
    bounds: [(usize, usize); LAST],
    /// Which is replaced next.
    next: usize,
}

impl Ranges {
    fn insert(&mut self, instance: Arc<Instance>) {
        self.instances.insert(instance.code.range().start as usize, instance);
        self.changed();
    }

    fn remove(&mut self, instance: &Instance) {
        self.instances.remove(&(instance.code.range().start as usize));
        self.changed();
    }

    fn changed(&mut self) {
        static STATES: AtomicU64 = AtomicU64::new(1);
        self.state = STATES.fetch_add(1, Ordering::Relaxed);
        let first = self.instances.first_key_value().map_or(0, |(&start, _)| start);
        let last = self.instances.last_key_value();
        self.outer = (first, last.map_or(0, |(_, instance)| instance.code.range().end as usize));
    }

    fn instance_at(&self, address: *const u64) -> Option<&Arc<Instance>> {
        let (_, instance) = self.instances.range(..=address as usize).next_back()?;
        instance.contains(address).then_some(instance)
    }

    /// Where the code begins and ends that an address lies in. Most are asked for again and again: each thread
    /// remembers its last ones.
    pub(crate) fn bounds_at(&self, address: *const u64) -> Option<Range<usize>> {
        let at = address as usize;
        if at < self.outer.0 || at >= self.outer.1 {
            return None;
        }
        let mut last = LAST_BOUNDS.get();
        if last.state != self.state {
            last = LastBounds { state: self.state, bounds: [(0, 0); LAST], next: 0 };
        } else if let Some(&(start, end)) =
            last.bounds.iter().find(|&&(start, end)| (start..end).contains(&at))
        {
            return Some(start..end);
        }
        let code = self.instance_at(address)?.code.range();
        last.bounds[last.next] = (code.start as usize, code.end as usize);
        last.next = (last.next + 1) % LAST;
        LAST_BOUNDS.set(last);
        Some(code.start as usize..code.end as usize)
    }
}

/// All code of a machine.
#[derive(Debug)]
pub(crate) struct Code {
    modules: ArcSwap<im::HashMap<Atom, Versions>>,
    exports: ExportTable,
    pub(crate) funs: FunTable,
    generation: Box<Generation>,
    aside: Box<Generation>,
    /// Instances by address, for stack traces.
    ranges: RwLock<Ranges>,
    /// Held while code changes; the entries that the last change left unequal.
    changes: Mutex<Vec<&'static Export>>,
    /// Two words: where a process's first function returns to.
    end: Box<[u64; 2]>,
    /// The files of the modules that come with the program, which has checked them.
    bundle: Bundle,
}

/// Finds the file of a module that comes with the program.
pub type Bundle = fn(&str) -> Option<BundledFile>;

/// A module that comes with the program, and was checked when that was built.
#[derive(Clone, Copy, Debug)]
pub struct BundledFile {
    /// Its BEAM file.
    pub bytes: &'static [u8],
    /// The checksum of the chunks that decide what its code does, as they stand.
    pub md5: [u8; 16],
}

impl Code {
    pub(crate) fn new(bundle: Bundle) -> Self {
        Self {
            bundle,
            modules: ArcSwap::from_pointee(im::HashMap::new()),
            exports: ExportTable::default(),
            funs: FunTable::default(),
            generation: Box::new(Generation::new()),
            aside: Box::new(Generation::aside()),
            ranges: RwLock::default(),
            changes: Mutex::default(),
            // The record word before the return address: a frame of no slots.
            end: Box::new([0, crate::interp::call::end_of_process as crate::interp::Handler as usize as u64]),
        }
    }

    /// The return address at the bottom of every stack.
    pub(crate) fn end_address(&self) -> *const u64 {
        self.end[1..].as_ptr()
    }

    /// The file of a module that comes with the program.
    pub(crate) fn bundled(&self, module: Atom) -> Option<BundledFile> {
        (self.bundle)(module.text())
    }

    pub(crate) fn generation(&self) -> *const Generation {
        &raw const *self.generation
    }

    /// What processes go by that keep their last calls.
    pub(crate) fn aside(&self) -> *const Generation {
        &raw const *self.aside
    }

    /// The export entry of this function, made if there is none.
    pub(crate) fn export(&self, module: Atom, function: Atom, arity: u32) -> &'static Export {
        self.exports.get(module, function, arity)
    }

    /// The same for a function that a module has or names as a constant.
    pub(crate) fn known_export(&self, module: Atom, function: Atom, arity: u32) -> &'static Export {
        self.exports.get_known(module, function, arity)
    }

    /// The export entry, if one was ever made.
    pub(crate) fn find_export(&self, module: Atom, function: Atom, arity: u32) -> Option<&'static Export> {
        self.exports.find(module, function, arity)
    }

    /// Is the function exported by current code or native?
    pub(crate) fn is_exported(&self, module: Atom, function: Atom, arity: u32) -> bool {
        self.find_export(module, function, arity)
            .is_some_and(|export| export.defined_at(self.generation.current()))
    }

    pub(crate) fn exports(&self) -> &ExportTable {
        &self.exports
    }

    /// The instances of a module.
    pub(crate) fn versions(&self, module: Atom) -> Option<Versions> {
        self.modules.load().get(&module).cloned()
    }

    /// All modules with current code.
    pub(crate) fn loaded(&self) -> Vec<Atom> {
        self.modules
            .load()
            .iter()
            .filter(|(_, versions)| versions.current.is_some())
            .map(|(name, _)| *name)
            .collect()
    }

    /// The instance that an address lies in.
    pub(crate) fn instance_at(&self, address: *const u64) -> Option<Arc<Instance>> {
        let ranges = self.ranges.read();
        ranges.instance_at(address).cloned()
    }

    /// All code by address, which stays what it is until the guard is dropped.
    pub(crate) fn ranges(&self) -> RwLockReadGuard<'_, Ranges> {
        self.ranges.read()
    }

    /// Brings the entries that the last change left unequal level, and answers the number not in use.
    fn begin_change(&self) -> (MutexGuard<'_, Vec<&'static Export>>, usize) {
        let mut unequal = self.changes.lock();
        let staging = 1 - self.generation.current();
        for export in unequal.drain(..) {
            export.lead.level(staging);
        }
        (unequal, staging)
    }

    fn update(&self, module: Atom, change: impl Fn(&mut Versions)) {
        self.modules.rcu(|modules| {
            let mut modules = im::HashMap::clone(modules);
            let mut versions = modules.get(&module).cloned().unwrap_or_default();
            change(&mut versions);
            modules.insert(module, versions);
            modules
        });
    }

    /// Makes prepared modules current, all at once; their former code becomes old.
    pub(crate) fn commit(&self, prepared: Vec<Prepared>) -> Result<Vec<Arc<Instance>>, CommitError> {
        let (mut unequal, staging) = self.begin_change();
        for module in &prepared {
            // Code that was deleted leaves room: only what is current has to become old.
            let is_full = |versions: Versions| versions.current.is_some() && versions.old.is_some();
            if self.versions(module.instance.name).is_some_and(is_full) {
                return Err(CommitError::NotPurged(module.instance.name));
            }
        }
        let mut instances = Vec::new();
        for module in prepared {
            let instance = Arc::new(module.instance);
            instance.lazy.attach(&instance);
            self.ranges.write().insert(instance.clone());
            let former = self.versions(instance.name).and_then(|versions| versions.current);
            if instance.on_load.is_some() {
                self.update(instance.name, |versions| versions.loading = Some(instance.clone()));
                instances.push(instance);
                continue;
            }
            self.switch(&instance, former.as_deref(), staging, &mut unequal);
            instances.push(instance);
        }
        // Calls reach the code before anybody can learn that it is there: who finds a module loaded finds its
        // functions.
        self.generation.turn_to(staging);
        for instance in instances.iter().filter(|instance| instance.on_load.is_none()) {
            self.update(instance.name, |versions| {
                if let Some(former) = versions.current.replace(instance.clone()) {
                    versions.old = Some(former);
                }
            });
        }
        Ok(instances)
    }

    /// Makes all calls of an exported function go to this address until its module changes.
    pub(crate) fn redirect(&self, export: &Export, address: *mut u64) {
        let _change = self.begin_change();
        export.lead.redirect(address);
    }

    /// Writes the staging pointers for `instance` in place of `former`.
    fn switch(
        &self,
        instance: &Instance,
        former: Option<&Instance>,
        staging: usize,
        unequal: &mut Vec<&'static Export>,
    ) {
        for (export, _) in former.iter().flat_map(|former| &former.exports) {
            export.lead.stage(staging, export.stub());
            unequal.push(export);
        }
        for &(export, word) in &instance.exports {
            if export.native.is_none() {
                export.lead.stage(staging, instance.entry_address(word));
            }
            unequal.push(export);
        }
        for &(entry, word) in &instance.funs {
            entry.code.store(instance.entry_address(word), Ordering::Release);
        }
    }

    /// The `-on_load` function of a module has answered: its code becomes current or is dropped.
    pub(crate) fn finish_on_load(&self, module: Atom, keep: bool) {
        let (mut unequal, staging) = self.begin_change();
        let Some(versions) = self.versions(module) else { return };
        let Some(instance) = versions.loading else { return };
        if keep {
            self.switch(&instance, versions.current.as_deref(), staging, &mut unequal);
            self.generation.turn_to(staging);
            self.update(module, |versions| {
                if let Some(former) = std::mem::replace(&mut versions.current, versions.loading.take()) {
                    versions.old = Some(former);
                }
            });
        } else {
            self.update(module, |versions| versions.loading = None);
            self.ranges.write().remove(&instance);
        }
    }

    /// Current code becomes old. `None`: there is old code already; `Some(false)`: there was no current code.
    pub(crate) fn delete(&self, module: Atom) -> Option<bool> {
        let (mut unequal, staging) = self.begin_change();
        let versions = self.versions(module).unwrap_or_default();
        if versions.old.is_some() {
            return None;
        }
        let Some(current) = versions.current else { return Some(false) };
        for (export, _) in &current.exports {
            export.lead.stage(staging, export.stub());
            unequal.push(export);
        }
        self.update(module, |versions| versions.old = versions.current.take());
        self.generation.turn_to(staging);
        Some(true)
    }

    /// Drops old code, which nothing uses any more. That its funs lead nowhere is done.
    pub(crate) fn forget_old(&self, old: &Arc<Instance>) {
        let _guard = self.changes.lock();
        let is_same =
            |versions: &Versions| versions.old.as_ref().is_some_and(|other| Arc::ptr_eq(other, old));
        if self.versions(old.name).is_some_and(|versions| is_same(&versions)) {
            self.ranges.write().remove(old);
            self.update(old.name, |versions| versions.old = None);
        }
    }
}
