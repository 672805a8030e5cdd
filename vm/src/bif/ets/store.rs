//! The objects of one table: hashed by their keys, or in the order of the keys.

use crate::heap::copy::{self, OwnedTerm};
use crate::term::{Term, compare, exactly_equal, hash};
use hashbrown::HashTable;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

/// How a table keeps objects with equal keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Set,
    OrderedSet,
    Bag,
    DuplicateBag,
}

/// The element that is an object's key.
pub(super) fn key_of(object: Term, position: usize) -> Term {
    object.as_tuple().and_then(|elements| elements.get(position).copied()).unwrap_or(Term::NONE)
}

/// A key in the order of terms. The term lives in the object that it is the key of.
#[derive(Clone, Copy, Debug)]
struct Ordered(Term);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.0, other.0)
    }
}

/// The objects of a key. One without objects marks a place that somebody may still go on from.
#[derive(Debug)]
struct Entry {
    hash: u32,
    objects: Vec<OwnedTerm>,
    /// The key, once the objects are gone.
    key: Option<OwnedTerm>,
}

impl Entry {
    fn key(&self, position: usize) -> Term {
        match (self.objects.first(), &self.key) {
            (Some(object), _) => key_of(object.term(), position),
            (None, Some(key)) => key.term(),
            (None, None) => Term::NONE,
        }
    }
}

#[derive(Debug)]
enum Objects {
    /// Entries in the order in which their keys came, and the places of the keys.
    Hashed {
        entries: Vec<Entry>,
        index: HashTable<usize>,
        gone: usize,
    },
    Ordered(BTreeMap<Ordered, OwnedTerm>),
}

/// The objects.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) kind: Kind,
    /// Position of the key in an object, from 0.
    pub(super) position: usize,
    objects: Objects,
    pub(super) size: usize,
    pub(super) words: usize,
}

/// Where a walk over a table stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Start,
    /// Behind the entry with this number.
    Entry(usize),
    /// Behind this key.
    Key(Term),
}

impl Store {
    pub(super) fn new(kind: Kind, position: usize) -> Self {
        let objects = if kind == Kind::OrderedSet {
            Objects::Ordered(BTreeMap::new())
        } else {
            Objects::Hashed { entries: Vec::new(), index: HashTable::new(), gone: 0 }
        };
        Self { kind, position, objects, size: 0, words: 0 }
    }

    fn entry(&self, key: Term) -> Option<usize> {
        let Objects::Hashed { entries, index, .. } = &self.objects else { return None };
        let hash = hash::internal(key);
        let found = index.find(spread(hash), |&at| {
            entries[at].hash == hash && exactly_equal(entries[at].key(self.position), key)
        });
        found.copied()
    }

    /// The objects of a key.
    pub(super) fn get(&self, key: Term) -> &[OwnedTerm] {
        match &self.objects {
            Objects::Ordered(tree) => tree.get(&Ordered(key)).map_or(&[], std::slice::from_ref),
            Objects::Hashed { entries, .. } => self.entry(key).map_or(&[], |at| &entries[at].objects),
        }
    }

    /// Puts an object in. It has a key.
    pub(super) fn insert(&mut self, object: Term) {
        let key = key_of(object, self.position);
        let words = copy::size_of(object);
        if let Objects::Ordered(tree) = &mut self.objects {
            // The old key goes with the old object.
            match tree.remove(&Ordered(key)) {
                Some(old) => self.words -= copy::size_of(old.term()),
                None => self.size += 1,
            }
            let object = OwnedTerm::new(object);
            tree.insert(Ordered(key_of(object.term(), self.position)), object);
            self.words += words;
            return;
        }
        let found = self.entry(key);
        let Objects::Hashed { entries, index, gone } = &mut self.objects else { return };
        let Some(at) = found else {
            let hash = hash::internal(key);
            entries.push(Entry { hash, objects: vec![OwnedTerm::new(object)], key: None });
            let at = entries.len() - 1;
            index.insert_unique(spread(hash), at, |&at| spread(entries[at].hash));
            self.size += 1;
            self.words += words;
            return;
        };
        let entry = &mut entries[at];
        if entry.objects.is_empty() {
            *gone -= 1;
            entry.key = None;
        }
        match self.kind {
            Kind::Set => {
                for old in entry.objects.drain(..) {
                    self.size -= 1;
                    self.words -= copy::size_of(old.term());
                }
            }
            Kind::Bag => {
                if entry.objects.iter().any(|old| exactly_equal(old.term(), object)) {
                    return;
                }
            }
            Kind::DuplicateBag | Kind::OrderedSet => {}
        }
        entry.objects.push(OwnedTerm::new(object));
        self.size += 1;
        self.words += words;
    }

    /// Takes out the objects of a key that `which` names; answers how many.
    pub(super) fn remove(&mut self, key: Term, which: impl Fn(Term) -> bool) -> usize {
        if let Objects::Ordered(tree) = &mut self.objects {
            let found = tree.get(&Ordered(key)).is_some_and(|object| which(object.term()));
            let removed = if found { tree.remove(&Ordered(key)) } else { None };
            let Some(object) = removed else { return 0 };
            self.size -= 1;
            self.words -= copy::size_of(object.term());
            return 1;
        }
        let Some(at) = self.entry(key) else { return 0 };
        let Objects::Hashed { entries, gone, .. } = &mut self.objects else { return 0 };
        let entry = &mut entries[at];
        if entry.objects.is_empty() {
            return 0;
        }
        let kept_key = OwnedTerm::new(key);
        let before = entry.objects.len();
        let words = &mut self.words;
        entry.objects.retain(|object| {
            let goes = which(object.term());
            if goes {
                *words -= copy::size_of(object.term());
            }
            !goes
        });
        let removed = before - entry.objects.len();
        self.size -= removed;
        if entry.objects.is_empty() {
            entry.key = Some(kept_key);
            *gone += 1;
        }
        removed
    }

    /// Forgets the places of keys that are gone. Nobody may be walking over the table.
    pub(super) fn compact(&mut self, at_once: bool) {
        let Objects::Hashed { entries, index, gone } = &mut self.objects else { return };
        if *gone == 0 || (!at_once && *gone < 64 + entries.len() / 2) {
            return;
        }
        entries.retain(|entry| !entry.objects.is_empty());
        *gone = 0;
        index.clear();
        for at in 0..entries.len() {
            let hash = spread(entries[at].hash);
            index.insert_unique(hash, at, |&at| spread(entries[at].hash));
        }
    }

    /// Is a key here, if only as a place to go on from?
    pub(super) fn knows(&self, key: Term) -> bool {
        match &self.objects {
            Objects::Ordered(_) => true,
            Objects::Hashed { .. } => self.entry(key).is_some(),
        }
    }

    /// The place of a key to go on from.
    pub(super) fn place(&self, key: Term) -> Place {
        match &self.objects {
            Objects::Ordered(_) => Place::Key(key),
            Objects::Hashed { .. } => self.entry(key).map_or(Place::Start, Place::Entry),
        }
    }

    /// The objects that come next, and the place behind them. `backwards` counts for ordered tables alone.
    pub(super) fn next(&self, place: Place, backwards: bool) -> Option<(Place, &[OwnedTerm])> {
        match &self.objects {
            Objects::Ordered(tree) => {
                let found = match (place, backwards) {
                    (Place::Key(key), false) => {
                        tree.range((Bound::Excluded(Ordered(key)), Bound::Unbounded)).next()
                    }
                    (Place::Key(key), true) => {
                        tree.range((Bound::Unbounded, Bound::Excluded(Ordered(key)))).next_back()
                    }
                    (Place::Start | Place::Entry(_), false) => tree.iter().next(),
                    (Place::Start | Place::Entry(_), true) => tree.iter().next_back(),
                };
                found.map(|(key, object)| (Place::Key(key.0), std::slice::from_ref(object)))
            }
            Objects::Hashed { entries, .. } => {
                let from = match place {
                    Place::Entry(at) => at + 1,
                    Place::Start | Place::Key(_) => 0,
                };
                let at = (from..entries.len()).find(|&at| !entries[at].objects.is_empty())?;
                Some((Place::Entry(at), &entries[at].objects))
            }
        }
    }

    /// All objects.
    pub(super) fn clear(&mut self) -> usize {
        let size = self.size;
        *self = Self::new(self.kind, self.position);
        size
    }
}

/// The index wants the high bits of a hash filled too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
