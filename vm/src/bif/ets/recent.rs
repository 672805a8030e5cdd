//! What a thread remembers of the tables that it used last, so that it finds them without touching what all threads
//! share: neither the lock of the list of tables nor a table's count of holders.
//!
//! Numbers of tables are never used twice, and a table that was deleted says so itself; names are remembered together
//! with the version of the list of names in which they were found.

use super::lock::TableLock;
use crate::atom::Atom;
use crate::term::Term;
use std::cell::RefCell;
use std::ops::Deref;
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

/// A name, the version of the names, and the number of the table.
type Name = (Machine, Atom, u64, u64);

#[derive(Default)]
struct Recent {
    tables: [Option<(Machine, u64, Arc<TableLock>)>; KEPT],
    names: [Option<Name>; KEPT],
}

thread_local! {
    static RECENT: RefCell<Recent> = RefCell::default();
}

fn place(number: u64) -> usize {
    (number ^ (number >> 32)) as usize % KEPT
}

/// A table that is in use; it is remembered when that ends.
#[derive(Debug)]
pub(super) struct Found {
    machine: Machine,
    id: u64,
    table: Option<Arc<TableLock>>,
}

impl Found {
    /// The table with a number: remembered, or as `look` finds it.
    pub(super) fn get(
        machine: Machine,
        id: u64,
        look: impl FnOnce() -> Option<Arc<TableLock>>,
    ) -> Option<Self> {
        let remembered = RECENT.with_borrow_mut(|recent| {
            let entry = &mut recent.tables[place(id)];
            entry.take_if(|entry| (entry.0, entry.1) == (machine, id))
        });
        let table = match remembered {
            Some((_, _, table)) => table,
            None => look()?,
        };
        Some(Self { machine, id, table: Some(table) })
    }
}

impl Deref for Found {
    type Target = TableLock;

    fn deref(&self) -> &TableLock {
        self.table.as_ref().expect("it is given back at the end only")
    }
}

impl Drop for Found {
    fn drop(&mut self) {
        let entry = self.table.take().map(|table| (self.machine, self.id, table));
        // What was there before is dropped outside: it may be the last holder of a table. A thread that ends
        // remembers nothing.
        let before = RECENT.try_with(|recent| {
            recent
                .try_borrow_mut()
                .map(|mut recent| std::mem::replace(&mut recent.tables[place(self.id)], entry))
        });
        drop(before);
    }
}

/// The number of the table that has a name, if this thread found it in this version of the names.
pub(super) fn name(machine: Machine, name: Atom, version: u64) -> Option<u64> {
    RECENT.with_borrow(|recent| match recent.names[place(Term::atom(name).0)] {
        Some((of, known, seen, id)) if (of, known, seen) == (machine, name, version) => Some(id),
        _ => None,
    })
}

/// Remembers it.
pub(super) fn keep_name(machine: Machine, name: Atom, version: u64, id: u64) {
    RECENT.with_borrow_mut(|recent| {
        recent.names[place(Term::atom(name).0)] = Some((machine, name, version, id));
    });
}
