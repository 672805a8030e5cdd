//! Module `ets`: tables of tuples that live apart from the heaps of processes.
//!
//! A table is found by its number (a reference shows it) or by its name. Its own lock guards all that is in it;
//! what is read is copied to the reader's heap under the lock. With `write_concurrency` the objects are in parts with
//! locks of their own: then the right to read the table is enough for changing the objects of one key.

mod access;
mod balance;
mod contents;
mod hashed;
mod info;
mod lock;
pub(crate) mod match_spec;
mod match_spec_fault;
mod names;
mod recent;
mod replace;
mod select;
mod specs;
mod store;
mod walk;

use super::argument::{self, named};
use super::{Interrupt, Native, NativeContext, NativeResult};
use crate::atom::{self, Atom};
use crate::heap::Build as _;
use crate::heap::copy::{self, OwnedTerm};
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use contents::Contents;
use hashbrown::HashMap;
use lock::{Reading, TableLock, Writing};
use names::Names;
use parking_lot::{Mutex, RwLock};
use recent::Machine;
use std::sync::Arc;
use store::{Kind, Store};

/// Who may do what with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Public,
    Protected,
    Private,
}

/// A table.
#[derive(Debug)]
struct Table {
    id: u64,
    name: Atom,
    is_named: bool,
    protection: Protection,
    owner: Pid,
    heir: Option<(Pid, OwnedTerm)>,
    read_concurrency: bool,
    write_concurrency: Term,
    decentralized_counters: bool,
    compressed: bool,
    /// Processes that walk over it, and how often each has said so.
    fixes: HashMap<Pid, usize>,
    /// When the first of them began, in nanoseconds.
    fixed_since: i64,
    deleted: bool,
    contents: Contents,
}

/// The tables of a machine.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    machine: Machine,
    by_id: RwLock<HashMap<u64, Arc<TableLock>>>,
    names: Names,
    owned: Mutex<HashMap<Pid, Vec<u64>>>,
    /// The tables that a process walks over.
    fixed: Mutex<HashMap<Pid, Vec<u64>>>,
    specs: specs::Specs,
}

impl Table {
    /// What the program calls it.
    fn identifier(&self, ctx: &mut NativeContext<'_>) -> Term {
        if self.is_named { Term::atom(self.name) } else { ctx.process.heap.reference(self.id, None) }
    }
}

/// What an operation needs of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
    /// Only what everybody may know.
    Any,
}

#[inline(always)]
fn number(ctx: &NativeContext<'_>, table: Term) -> Option<u64> {
    match table.as_atom() {
        Some(name) => ctx.vm.natives.tables.names.find(ctx.vm.natives.tables.machine, name),
        None => table.as_ref_number(),
    }
}

/// Works with the lock of a table; `None` if there is none.
#[inline(always)]
fn with<R>(
    ctx: &mut NativeContext<'_>,
    table: Term,
    work: impl FnOnce(&mut NativeContext<'_>, &TableLock) -> R,
) -> Option<R> {
    let id = number(ctx, table)?;
    let tables = &ctx.vm.natives.tables;
    recent::with(tables.machine, id, || tables.by_id.read().get(&id).cloned(), |table| work(ctx, table))
}

/// The same; without one it is the caller's mistake.
#[inline(always)]
fn with_table<R>(
    ctx: &mut NativeContext<'_>,
    table: Term,
    work: impl FnOnce(&mut NativeContext<'_>, &TableLock) -> Result<R, Interrupt>,
) -> Result<R, Interrupt> {
    with(ctx, table, work).unwrap_or_else(|| Err(no_table(table).into()))
}

/// Set in the numbers of references that stand for tables, so that one that is gone is told from a reference that
/// never stood for any.
const TABLE: u64 = 1 << 62;

fn may_be_table(table: Term) -> bool {
    table.is_atom() || table.as_ref_number().is_some_and(|number| number & TABLE != 0)
}

#[cold]
fn no_table(table: Term) -> Exception {
    let cause = if may_be_table(table) { "id" } else { "type" };
    Exception::badarg_because(named(cause).as_atom().unwrap_or(atom::UNDEFINED))
}

#[cold]
fn no_access() -> Exception {
    Exception::badarg_because(named("access").as_atom().unwrap_or(atom::UNDEFINED))
}

#[inline(always)]
fn check(ctx: &NativeContext<'_>, table: &Table, access: Access) -> Result<(), Interrupt> {
    if table.deleted {
        return Err(argument::because("id").into());
    }
    let allowed = table.owner == ctx.process.pid
        || match access {
            Access::Any => true,
            Access::Read => table.protection != Protection::Private,
            Access::Write => table.protection == Protection::Public,
        };
    if allowed { Ok(()) } else { Err(no_access().into()) }
}

/// Works with a table under its lock, for reading.
#[inline(always)]
fn reading<R>(
    ctx: &mut NativeContext<'_>,
    table: Term,
    access: Access,
    work: impl FnOnce(&mut NativeContext<'_>, Reading<'_>) -> Result<R, Interrupt>,
) -> Result<R, Interrupt> {
    with_table(ctx, table, |ctx, table| {
        let guard = table.read();
        check(ctx, &guard, access)?;
        work(ctx, guard)
    })
}

/// Works with a table under its lock, for changing it.
fn writing<R>(
    ctx: &mut NativeContext<'_>,
    table: Term,
    access: Access,
    work: impl FnOnce(&mut NativeContext<'_>, Writing<'_>) -> Result<R, Interrupt>,
) -> Result<R, Interrupt> {
    with_table(ctx, table, |ctx, table| {
        let guard = table.write();
        check(ctx, &guard, access)?;
        work(ctx, guard)
    })
}

/// Works with the objects of a key under the lock that guards them, for reading.
#[inline(always)]
fn reading_key(
    ctx: &mut NativeContext<'_>,
    table: Term,
    access: Access,
    key: Term,
    work: impl FnOnce(&mut NativeContext<'_>, &Store) -> NativeResult,
) -> NativeResult {
    reading(ctx, table, access, |ctx, table| table.contents.with(key, |store| work(ctx, store)))
}

/// Works with the objects of a key under the lock that guards them, for changing them. `key` finds the key, given its
/// position in the table's objects.
#[inline(always)]
fn writing_key(
    ctx: &mut NativeContext<'_>,
    table: Term,
    access: Access,
    key: impl FnOnce(usize) -> Result<Term, Exception>,
    work: impl FnOnce(&mut NativeContext<'_>, &mut Store) -> NativeResult,
) -> NativeResult {
    with_table(ctx, table, |ctx, table| {
        if table.is_parted {
            let guard = table.read();
            check(ctx, &guard, access)?;
            if let Some(parts) = guard.contents.parts() {
                return parts.change(key(guard.contents.position)?, |store| work(ctx, store));
            }
        }
        let mut guard = table.write();
        check(ctx, &guard, access)?;
        let key = key(guard.contents.position)?;
        guard.contents.change(key, |store| work(ctx, store))
    })
}

/// The objects, copied to the caller's heap.
fn copied(ctx: &mut NativeContext<'_>, objects: &[Term]) -> Term {
    let heap = &mut ctx.process.heap;
    let mut list = Term::NIL;
    for &object in objects.iter().rev() {
        let object = copy::copy(object, heap);
        list = heap.cons(object, list);
    }
    list
}

/// The objects of a key, copied to the caller's heap.
fn copied_of(ctx: &mut NativeContext<'_>, store: &Store, key: Term) -> Term {
    if store.kind.is_bag() {
        return copied(ctx, &store.all(key));
    }
    let Some(object) = store.object(key) else { return Term::NIL };
    let heap = &mut ctx.process.heap;
    let object = object.copy_to(heap);
    heap.cons(object, Term::NIL)
}

impl Table {
    /// A process begins to walk over the table.
    fn fix(&mut self, tables: &Tables, pid: Pid) {
        if self.fixes.is_empty() {
            self.fixed_since = crate::sys::clock::erlang_monotonic_nanoseconds();
            self.contents.set_fixed(true);
        }
        let count = self.fixes.entry(pid).or_insert(0);
        *count += 1;
        if *count == 1 {
            tables.fixed.lock().entry(pid).or_default().push(self.id);
        }
    }

    /// It ends one walk, or all of them.
    fn unfix(&mut self, tables: &Tables, pid: Pid, all: bool) {
        let Some(count) = self.fixes.get_mut(&pid) else { return };
        *count -= 1;
        if *count > 0 && !all {
            return;
        }
        self.fixes.remove(&pid);
        if let Some(ids) = tables.fixed.lock().get_mut(&pid) {
            ids.retain(|&id| id != self.id);
        }
        if self.fixes.is_empty() {
            self.contents.set_fixed(false);
        }
    }
}

impl Tables {
    /// How many tables there are.
    pub(crate) fn count(&self) -> usize {
        self.by_id.read().len()
    }

    /// Enters a new table. `false`: its name is taken.
    fn insert(&self, table: Table) -> bool {
        let (id, owner, name) = (table.id, table.owner, table.is_named.then_some(table.name));
        // Whoever finds the name finds the table.
        self.by_id.write().insert(id, Arc::new(TableLock::new(table)));
        if name.is_some_and(|name| !self.names.insert(name, id)) {
            self.by_id.write().remove(&id);
            return false;
        }
        self.owned.lock().entry(owner).or_default().push(id);
        true
    }

    /// Takes a table out. Who still holds it finds it deleted.
    fn remove(&self, table: &mut Table) {
        table.deleted = true;
        self.by_id.write().remove(&table.id);
        if table.is_named {
            self.names.remove(table.name);
        }
        self.disown(table.owner, table.id);
        // Without parts, as threads remember tables for a while.
        table.contents = Contents::new(Kind::OrderedSet, 0, false);
    }

    fn disown(&self, owner: Pid, id: u64) {
        let mut owned = self.owned.lock();
        if let Some(ids) = owned.get_mut(&owner) {
            ids.retain(|&other| other != id);
            if ids.is_empty() {
                owned.remove(&owner);
            }
        }
    }

    /// Makes `to` the owner of a table and tells him.
    fn transfer(&self, vm: &Vm, table: &mut Table, to: Pid, data: Term) {
        let from = table.owner;
        self.disown(from, table.id);
        self.owned.lock().entry(to).or_default().push(table.id);
        table.owner = to;
        let (id, name) = (table.id, table.is_named.then_some(table.name));
        let message = OwnedTerm::build(|memory| {
            let table = match name {
                Some(name) => Term::atom(name),
                None => memory.reference(id, None),
            };
            let data = copy::copy(data, memory);
            memory.tuple(&[named("ETS-TRANSFER"), table, Term::pid(from), data])
        });
        vm.send_message(to, message);
    }

    /// The words of all tables.
    pub(crate) fn words(&self) -> usize {
        let tables: Vec<_> = self.by_id.read().values().cloned().collect();
        tables.iter().map(|table| table.read().contents.memory()).sum()
    }

    /// A process has ended: its walks do, and its tables go to their heirs, or go.
    pub(crate) fn owner_ended(&self, vm: &Vm, owner: Pid) {
        let fixed = self.fixed.lock().remove(&owner).unwrap_or_default();
        for id in fixed {
            if let Some(table) = self.by_id.read().get(&id).cloned() {
                table.write().unfix(self, owner, true);
            }
        }
        let Some(ids) = self.owned.lock().get(&owner).cloned() else { return };
        for id in ids {
            let Some(table) = self.by_id.read().get(&id).cloned() else { continue };
            let mut table = table.write();
            let heir = table.heir.take().filter(|(heir, _)| *heir != owner);
            match heir {
                Some((heir, data)) if vm.processes.find(heir).is_some() => {
                    self.transfer(vm, &mut table, heir, data.term());
                    table.heir = Some((heir, data));
                }
                _ => self.remove(&mut table),
            }
        }
    }
}

/// The tables of native functions.
pub(super) fn tables(tables: &mut Vec<&'static [Native]>) {
    tables.extend([access::NATIVES, info::NATIVES, select::NATIVES, specs::NATIVES, walk::NATIVES]);
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::OrderedSet => "ordered_set",
            Self::Bag => "bag",
            Self::DuplicateBag => "duplicate_bag",
        }
    }
}
