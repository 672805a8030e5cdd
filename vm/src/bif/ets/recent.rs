//! What a thread remembers of the tables that it used last, so that it finds them without touching what all threads
//! share: neither the lock of the list of tables nor a table's count of holders.
//!
//! Numbers of tables are never used twice, and a table that was deleted says so itself; names are remembered together
//! with the version of the list of names in which they were found.

use super::lock::TableLock;
use crate::atom::Atom;
use crate::term::Term;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many tables, and how many names, are remembered.
const KEPT: usize = 16;

/// The number of a machine in this program, which may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine(u64);

impl Default for Machine {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A table's machine and number, and the table.
type Known = Option<(Machine, u64, Arc<TableLock>)>;

/// A name, the version of the names, and the number of the table.
type Name = (Machine, Atom, u64, u64);

thread_local! {
    static TABLES: RefCell<[Known; KEPT]> = RefCell::default();
    static NAMES: RefCell<[Option<Name>; KEPT]> = RefCell::default();
}

#[inline(always)]
fn place(number: u64) -> usize {
    (number ^ (number >> 32)) as usize % KEPT
}

/// Works with the table of a number, remembered or as `look` finds it; `None` if there is none.
#[inline(always)]
pub(super) fn with<R>(
    machine: Machine,
    id: u64,
    look: impl FnOnce() -> Option<Arc<TableLock>>,
    work: impl FnOnce(&TableLock) -> R,
) -> Option<R> {
    TABLES.with(|tables| {
        if let Some((of, known, table)) = &tables.borrow()[place(id)]
            && (*of, *known) == (machine, id)
        {
            return Some(work(table));
        }
        let table = look()?;
        // Not while another one is in use, which is remembered already.
        let before =
            tables.try_borrow_mut().map(|mut tables| tables[place(id)].replace((machine, id, table.clone())));
        // What was there before is dropped outside: it may be the last holder of a table.
        drop(before);
        Some(work(&table))
    })
}

/// The number of the table that has a name, if this thread found it in this version of the names.
pub(super) fn name(machine: Machine, name: Atom, version: u64) -> Option<u64> {
    NAMES.with_borrow(|names| match names[place(Term::atom(name).0)] {
        Some((of, known, seen, id)) if (of, known, seen) == (machine, name, version) => Some(id),
        _ => None,
    })
}

/// Remembers it.
pub(super) fn keep_name(machine: Machine, name: Atom, version: u64, id: u64) {
    NAMES.with_borrow_mut(|names| {
        names[place(Term::atom(name).0)] = Some((machine, name, version, id));
    });
}
