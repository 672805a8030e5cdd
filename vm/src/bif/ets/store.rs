//! The objects of a table, or of one of its parts: hashed by their keys, or in the order of the keys.

use super::hashed::{self, Hashed};
use crate::heap::compact::Compact;
use crate::heap::copy::OwnedTerm;
use crate::term::{Term, compare};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;

/// How a table keeps objects with equal keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Set,
    OrderedSet,
    Bag,
    DuplicateBag,
}

impl Kind {
    /// May a key have several objects?
    pub(super) fn is_bag(self) -> bool {
        matches!(self, Self::Bag | Self::DuplicateBag)
    }
}

/// The element that is an object's key.
#[inline]
pub(super) fn key_of(object: Term, position: usize) -> Term {
    object.as_tuple().and_then(|elements| elements.get(position).copied()).unwrap_or(Term::NONE)
}

/// A key in the order of terms.
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
        match (self.0.as_small(), other.0.as_small()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => compare(self.0, other.0),
        }
    }
}

/// An object with its key, which lives in it.
#[derive(Debug)]
struct Entry {
    key: Ordered,
    object: Compact,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Borrow<Ordered> for Entry {
    fn borrow(&self) -> &Ordered {
        &self.key
    }
}

#[derive(Debug)]
enum Objects {
    Hashed(Hashed),
    Ordered(BTreeSet<Entry>),
}

/// The objects.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) kind: Kind,
    /// Position of the key in an object, from 0.
    pub(super) position: usize,
    objects: Objects,
    /// Whether somebody walks over the table.
    pub(super) fixed: bool,
    pub(super) size: usize,
    pub(super) words: usize,
}

/// Where a walk over a table stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// Before the bucket with this number, or at the start.
    Slot(usize),
    /// Behind this key.
    Key(Term),
}

impl Place {
    /// Behind the last bucket of a table, of its last part where it has several.
    pub(super) const BEHIND: Self = Self::Slot((1 << 40) - 1);
}

impl Store {
    /// An empty one; `shift` bits of the hashes have chosen the part that it is.
    pub(super) fn new(kind: Kind, position: usize, shift: u32) -> Self {
        let objects = if kind == Kind::OrderedSet {
            Objects::Ordered(BTreeSet::new())
        } else {
            Objects::Hashed(Hashed::new(kind, position, shift))
        };
        Self { kind, position, objects, fixed: false, size: 0, words: 0 }
    }

    /// The object of a key; of several, one.
    #[inline]
    pub(super) fn one(&self, key: Term) -> Option<Term> {
        self.object(key).map(Compact::term)
    }

    /// The same, with its memory.
    #[inline]
    pub(super) fn object(&self, key: Term) -> Option<&Compact> {
        match &self.objects {
            Objects::Ordered(tree) => tree.get(&Ordered(key)).map(|entry| &entry.object),
            Objects::Hashed(table) => table.one(key),
        }
    }

    /// The same, to be changed in place; not of an ordered table.
    pub(super) fn one_mut(&mut self, key: Term) -> Option<&mut Compact> {
        match &mut self.objects {
            Objects::Ordered(_) => None,
            Objects::Hashed(table) => table.one_mut(key),
        }
    }

    /// The objects of a key, in the order in which they came.
    pub(super) fn all(&self, key: Term) -> Vec<Term> {
        match &self.objects {
            Objects::Hashed(table) if self.kind.is_bag() => table.all(key),
            _ => self.one(key).into_iter().collect(),
        }
    }

    /// Puts an object in. It has a key.
    pub(super) fn insert(&mut self, object: Term) {
        match &mut self.objects {
            Objects::Ordered(tree) => {
                let Some(object) = Compact::new(object) else { return };
                self.words += object.words();
                let key = Ordered(key_of(object.term(), self.position));
                match tree.replace(Entry { key, object }) {
                    Some(old) => self.words -= old.object.words(),
                    None => self.size += 1,
                }
            }
            Objects::Hashed(table) => {
                let change = table.insert(object, self.fixed);
                self.words = self.words.wrapping_add_signed(change);
                self.size = table.len();
            }
        }
    }

    /// Changes elements of the one object of a key. Elements that need no memory of their own are changed in place.
    pub(super) fn change(&mut self, key: Term, changes: &[(usize, Term)]) {
        if self.one_mut(key).is_some_and(|object| object.set_elements(changes)) {
            return;
        }
        let Some(object) = self.one(key) else { return };
        let mut elements = object.as_tuple().unwrap_or(&[]).to_vec();
        for &(at, value) in changes {
            elements[at] = value;
        }
        let new = OwnedTerm::build(|memory| memory.tuple(&elements));
        self.insert(new.term());
    }

    /// Takes out the objects of a key that `which` names; answers how many.
    pub(super) fn remove(&mut self, key: Term, which: impl Fn(Term) -> bool) -> usize {
        match &mut self.objects {
            Objects::Ordered(tree) => {
                let found = tree.get(&Ordered(key)).is_some_and(|entry| which(entry.object.term()));
                let removed = if found { tree.take(&Ordered(key)) } else { None };
                let Some(entry) = removed else { return 0 };
                self.size -= 1;
                self.words -= entry.object.words();
                1
            }
            Objects::Hashed(table) => {
                let (count, words) = table.remove(key, self.fixed, which);
                self.size -= count;
                self.words -= words;
                count
            }
        }
    }

    /// Says whether somebody walks over the table.
    pub(super) fn set_fixed(&mut self, fixed: bool) {
        let ended = self.fixed && !fixed;
        self.fixed = fixed;
        if let Objects::Hashed(table) = &mut self.objects
            && ended
        {
            table.unfixed();
        }
    }

    /// The first object, or the last.
    pub(super) fn end(&self, backwards: bool) -> Option<Term> {
        match &self.objects {
            Objects::Ordered(tree) => {
                let entry = if backwards { tree.last() } else { tree.first() };
                entry.map(|entry| entry.object.term())
            }
            Objects::Hashed(table) => table.first_from(0),
        }
    }

    /// The first object behind a key, or before it. `Err`: a hashed table does not know the key.
    pub(super) fn beside(&self, key: Term, backwards: bool) -> Result<Option<Term>, ()> {
        match &self.objects {
            Objects::Ordered(tree) => {
                let entry = if backwards {
                    tree.range((Bound::Unbounded, Bound::Excluded(Ordered(key)))).next_back()
                } else {
                    tree.range((Bound::Excluded(Ordered(key)), Bound::Unbounded)).next()
                };
                Ok(entry.map(|entry| entry.object.term()))
            }
            Objects::Hashed(table) => {
                let (next, slot) = table.rest(key)?;
                Ok(next.or_else(|| table.first_from(slot + 1)))
            }
        }
    }

    /// The next object behind a key in its bucket, and the number of that. `Err`: the key is not known.
    pub(super) fn rest(&self, key: Term) -> Result<(Option<Term>, usize), ()> {
        match &self.objects {
            Objects::Ordered(_) => Err(()),
            Objects::Hashed(table) => table.rest(key),
        }
    }

    /// The objects of a bucket, in the order of its chain.
    pub(super) fn bucket(&self, slot: usize) -> impl Iterator<Item = Term> {
        match &self.objects {
            Objects::Ordered(_) => None,
            Objects::Hashed(table) => Some(table.bucket(slot)),
        }
        .into_iter()
        .flatten()
    }

    /// How many deleted objects are left for those who walk over the table.
    pub(super) fn held(&self) -> usize {
        match &self.objects {
            Objects::Ordered(_) => 0,
            Objects::Hashed(table) => table.held(),
        }
    }

    /// Makes a bucket from a part of another.
    pub(super) fn split(&mut self) {
        if let Objects::Hashed(table) = &mut self.objects {
            table.split();
        }
    }

    /// Joins the last bucket to another.
    pub(super) fn join(&mut self) {
        if let Objects::Hashed(table) = &mut self.objects {
            table.join();
        }
    }

    /// The objects of a bucket; of an ordered table, the one with this number.
    pub(super) fn slot(&self, slot: usize) -> Option<Vec<Term>> {
        match &self.objects {
            Objects::Ordered(tree) => tree.iter().nth(slot).map(|entry| vec![entry.object.term()]),
            Objects::Hashed(table) => {
                let mut objects: Vec<Term> = table.bucket(slot).collect();
                objects.reverse();
                (slot < table.slots()).then_some(objects)
            }
        }
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        match &self.objects {
            Objects::Ordered(tree) => tree.len(),
            Objects::Hashed(table) => table.slots(),
        }
    }

    /// Shows objects from a place on to `visit`, which says when it has enough. Buckets are shown whole. Answers the
    /// place to go on from, which may lie behind the last bucket, or none at the end.
    pub(super) fn walk(
        &self,
        from: Place,
        backwards: bool,
        visit: &mut dyn FnMut(Term) -> bool,
    ) -> Option<Place> {
        match &self.objects {
            Objects::Ordered(tree) => {
                let mut show = |entry: &Entry| {
                    let enough = visit(entry.object.term());
                    enough.then_some(Place::Key(entry.key.0))
                };
                match (from, backwards) {
                    (Place::Slot(_), false) => tree.iter().find_map(&mut show),
                    (Place::Slot(_), true) => tree.iter().rev().find_map(&mut show),
                    (Place::Key(key), false) => {
                        tree.range((Bound::Excluded(Ordered(key)), Bound::Unbounded)).find_map(&mut show)
                    }
                    (Place::Key(key), true) => {
                        let range = tree.range((Bound::Unbounded, Bound::Excluded(Ordered(key))));
                        range.rev().find_map(&mut show)
                    }
                }
            }
            Objects::Hashed(table) => {
                let from = match from {
                    Place::Slot(slot) => slot,
                    Place::Key(_) => 0,
                };
                for slot in from..table.slots() {
                    let mut enough = false;
                    table.fetch_ahead(slot);
                    for object in table.bucket(slot) {
                        enough |= visit(object);
                    }
                    if enough {
                        return Some(Place::Slot(slot + 1));
                    }
                }
                None
            }
        }
    }

    /// Forgets all objects while somebody walks over the table.
    fn mark_all(&mut self) {
        match &mut self.objects {
            Objects::Ordered(tree) => tree.clear(),
            Objects::Hashed(table) => table.mark_all(),
        }
        (self.size, self.words) = (0, 0);
    }

    /// Forgets all objects. `shift` as it was made.
    pub(super) fn clear(&mut self, shift: u32) {
        if self.fixed {
            self.mark_all();
        } else {
            *self = Self::new(self.kind, self.position, shift);
        }
    }

    /// The words that the table and its objects take in OTP.
    pub(super) fn memory(&self) -> usize {
        match &self.objects {
            Objects::Ordered(_) => 139 + self.words + self.size * 5,
            Objects::Hashed(table) => hashed::memory(table.slots(), self.size, self.words),
        }
    }
}
