//! Interned names. An [`Atom`] is a handle that is cheap to copy and compare; its text lives for ever.

use hashbrown::HashMap;
use std::fmt;
use std::sync::{OnceLock, RwLock};

/// An interned atom. Equality and hashing are those of the text; ordering is by text (Unicode code points).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Atom(u32);

#[derive(Default)]
struct Table {
    index: HashMap<&'static str, u32>,
    names: Vec<&'static str>,
}

fn table() -> &'static RwLock<Table> {
    static TABLE: OnceLock<RwLock<Table>> = OnceLock::new();
    TABLE.get_or_init(RwLock::default)
}

impl Atom {
    /// The atom with this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if let Some(&index) = table().read().expect("the atom table is never poisoned").index.get(text) {
            return Self(index);
        }
        let mut table = table().write().expect("the atom table is never poisoned");
        if let Some(&index) = table.index.get(text) {
            return Self(index);
        }
        let name: &'static str = Box::leak(text.into());
        let index = u32::try_from(table.names.len()).expect("fewer than 2^32 atoms");
        table.names.push(name);
        table.index.insert(name, index);
        Self(index)
    }

    /// The text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        table().read().expect("the atom table is never poisoned").names[self.0 as usize]
    }
}

impl From<&str> for Atom {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self.0 == other.0 { std::cmp::Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.as_str())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
