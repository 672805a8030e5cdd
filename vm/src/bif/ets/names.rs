//! The names of tables.

use super::recent::{self, Machine};
use crate::atom::Atom;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use parking_lot::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The numbers of the tables that have names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Grows with each change, before others can see that it was made.
    version: AtomicU64,
    numbers: RwLock<HashMap<Atom, u64>>,
}

impl Names {
    /// The number of the table with this name.
    pub(super) fn find(&self, machine: Machine, name: Atom) -> Option<u64> {
        let version = self.version.load(Ordering::Acquire);
        recent::name(machine, name, version).or_else(|| {
            let number = self.numbers.read().get(&name).copied()?;
            recent::keep_name(machine, name, version, number);
            Some(number)
        })
    }

    /// Enters a name. `false`: it is taken.
    pub(super) fn insert(&self, name: Atom, number: u64) -> bool {
        match self.numbers.write().entry(name) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(number);
                true
            }
        }
    }

    /// Takes a name out.
    pub(super) fn remove(&self, name: Atom) {
        let mut numbers = self.numbers.write();
        numbers.remove(&name);
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Gives a table another name. `false`: it is taken.
    pub(super) fn rename(&self, from: Atom, to: Atom) -> bool {
        let mut numbers = self.numbers.write();
        if numbers.contains_key(&to) {
            return false;
        }
        if let Some(number) = numbers.remove(&from) {
            numbers.insert(to, number);
        }
        self.version.fetch_add(1, Ordering::AcqRel);
        true
    }
}
