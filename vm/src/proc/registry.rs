//! Registered names.

use crate::atom::Atom;
use crate::term::Pid;
use hashbrown::HashMap;
use parking_lot::RwLock;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registered {
    Process(Pid),
    Port(u64),
}

/// Name to process or port.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    names: RwLock<HashMap<Atom, Registered>>,
}

impl Registry {
    /// What `name` stands for.
    pub(crate) fn find(&self, name: Atom) -> Option<Registered> {
        self.names.read().get(&name).copied()
    }

    /// Gives `name` to `who`; `false` if it is taken.
    pub(crate) fn insert(&self, name: Atom, who: Registered) -> bool {
        let mut names = self.names.write();
        if names.contains_key(&name) {
            return false;
        }
        names.insert(name, who);
        true
    }

    /// Takes the name away, from `who` if given.
    pub(crate) fn remove(&self, name: Atom, who: Option<Registered>) -> Option<Registered> {
        let mut names = self.names.write();
        if who.is_some() && names.get(&name).copied() != who {
            return None;
        }
        names.remove(&name)
    }

    /// All names.
    pub(crate) fn names(&self) -> Vec<Atom> {
        self.names.read().keys().copied().collect()
    }
}

impl Registry {
    /// Has this process a name?
    pub(crate) fn has(&self, pid: Pid) -> bool {
        self.names.read().values().any(|who| *who == Registered::Process(pid))
    }
}
