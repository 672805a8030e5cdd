//! The table: text to index under a lock, index to text without one.

use hashbrown::HashMap;
use std::cmp::Ordering;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Acquire, Ordering::Release};
use std::sync::{OnceLock, RwLock};

/// Most atoms there can be, unless `erl +t` says otherwise.
const LIMIT: usize = 1_048_576;
/// What a limit can be at most.
const MOST: usize = 1 << 25;
/// Longest text of an atom, in characters.
const MAX_CHARACTERS: usize = 255;
const CHUNK: usize = 4096;

/// An atom: an index into the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Atom(u32);

/// Why a text is no atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AtomError {
    /// More than 255 characters.
    #[error("an atom has at most 255 characters")]
    TooLong,
    /// The table is full.
    #[error("the atom table is full")]
    TableFull,
}

struct Entry {
    text: &'static str,
    /// The first eight bytes, big-endian: decides most comparisons.
    prefix: u64,
    /// What [`Atom::hash`] says.
    hash: u32,
}

struct Table {
    index: RwLock<HashMap<&'static str, u32>>,
    chunks: Box<[AtomicPtr<Entry>]>,
    count: AtomicUsize,
    limit: AtomicUsize,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table = Table {
            index: RwLock::default(),
            chunks: (0..MOST / CHUNK).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect(),
            count: AtomicUsize::new(0),
            limit: AtomicUsize::new(LIMIT),
        };
        for (position, text) in super::names::PREDECLARED.iter().enumerate() {
            let atom = table.intern(text, MOST);
            debug_assert_eq!(atom.map(|atom| atom.0 as usize), Ok(position), "atom {text} declared twice");
        }
        table
    })
}

impl Table {
    #[inline]
    fn entry(&self, index: u32) -> &'static Entry {
        let chunk = self.chunks[index as usize / CHUNK].load(Acquire);
        // SAFETY: an atom exists only after its chunk was published and its entry written; neither is ever freed.
        #[allow(unsafe_code, reason = "reads a table that only grows")]
        unsafe {
            &*chunk.add(index as usize % CHUNK)
        }
    }

    fn intern(&self, text: &str, limit: usize) -> Result<Atom, AtomError> {
        if let Some(&index) = self.index.read().expect("the atom table is never poisoned").get(text) {
            return Ok(Atom(index));
        }
        if text.len() > MAX_CHARACTERS && text.chars().count() > MAX_CHARACTERS {
            return Err(AtomError::TooLong);
        }
        let mut index = self.index.write().expect("the atom table is never poisoned");
        if let Some(&index) = index.get(text) {
            return Ok(Atom(index));
        }
        let position = self.count.load(Acquire);
        if position >= limit {
            return Err(AtomError::TableFull);
        }
        let chunk = &self.chunks[position / CHUNK];
        if chunk.load(Acquire).is_null() {
            let entries: Vec<Entry> = (0..CHUNK).map(|_| Entry { text: "", prefix: 0, hash: 0 }).collect();
            chunk.store(Box::leak(entries.into_boxed_slice()).as_mut_ptr(), Release);
        }
        let text: &'static str = Box::leak(text.into());
        let mut prefix = [0; 8];
        for (to, from) in prefix.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        let entry = Entry { text, prefix: u64::from_be_bytes(prefix), hash: hash(text) };
        // SAFETY: the slot is inside the chunk, and nobody reads it before its index is handed out below.
        #[allow(unsafe_code, reason = "writes a slot that nobody can name yet")]
        unsafe {
            *chunk.load(Acquire).add(position % CHUNK) = entry;
        }
        self.count.store(position + 1, Release);
        index.insert(text, position as u32);
        Ok(Atom(position as u32))
    }
}

fn hash(text: &str) -> u32 {
    let mut hash = 0u32;
    let mut add = |byte: u8| {
        hash = (hash << 4).wrapping_add(u32::from(byte));
        let high = hash & 0xf000_0000;
        if high != 0 {
            hash ^= high >> 24;
            hash ^= high;
        }
    };
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => add(byte),
            Err(_) => c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut add),
        }
    }
    hash
}

/// Most atoms there can be.
#[must_use]
pub fn limit() -> usize {
    table().limit.load(Acquire)
}

/// Sets how many there can be, for the whole program; no more than 33,554,432.
pub fn set_limit(limit: usize) {
    table().limit.store(limit.min(MOST), Release);
}

/// How many atoms there are.
#[must_use]
pub fn count() -> usize {
    table().count.load(Acquire)
}

impl Atom {
    #[inline]
    pub(crate) const fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// Position in the table.
    #[must_use]
    #[inline]
    pub const fn index(self) -> u32 {
        self.0
    }

    /// The atom with this text, made if there is none.
    ///
    /// # Errors
    /// The text is too long, or the table is full.
    pub fn new(text: &str) -> Result<Self, AtomError> {
        let table = table();
        table.intern(text, table.limit.load(Acquire))
    }

    /// The atom of a text that stands in the machine's own code: the limit is for programs.
    ///
    /// # Panics
    /// The text has more than 255 characters.
    #[must_use]
    pub fn own(text: &'static str) -> Self {
        table().intern(text, MOST).expect("names in the machine's own code are short and few")
    }

    /// The atom with this text, if it exists.
    #[must_use]
    pub fn existing(text: &str) -> Option<Self> {
        table().index.read().expect("the atom table is never poisoned").get(text).map(|&index| Self(index))
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> &'static str {
        table().entry(self.0).text
    }

    /// A hash of the text that every version of Erlang agrees on: P. J. Weinberger's; characters of Latin-1 count as one byte.
    #[inline]
    pub(crate) fn hash(self) -> u32 {
        table().entry(self.0).hash
    }

    /// Order of the texts.
    #[must_use]
    #[inline]
    pub fn order(self, other: Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let (a, b) = (table().entry(self.0), table().entry(other.0));
        a.prefix.cmp(&b.prefix).then_with(|| a.text.cmp(b.text))
    }
}

impl std::fmt::Debug for Atom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "'{}'", self.text())
    }
}
