//! The objects of a whole table: in one store, or in parts with locks of their own.
//!
//! Tables with `write_concurrency` have parts (but those in the order of keys): a key's hash says in which part its
//! objects are, and buckets are dealt out to the parts in turn. Who has only the right to read the table may change
//! the objects of one key while he holds its part; nobody holds two parts at once. A walk goes through one part after
//! the other, as in OTP; a bucket splits within its part, so that a walk meets all that stays, once.

use super::balance::Balance;
use super::hashed::{self, FIRST, STEPS, hash_of, too_many};
use super::store::{Kind, Place, Store};
use crate::term::Term;
use crossbeam_utils::CachePadded;
use parking_lot::RwLock;

/// Bits of a hash that say which part it is.
const SHIFT: u32 = 6;
/// How many parts there are. The first buckets are dealt out to them evenly.
const PARTS: usize = 1 << SHIFT;

/// The objects.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) kind: Kind,
    /// Position of the key in an object, from 0.
    pub(super) position: usize,
    objects: Objects,
}

#[derive(Debug)]
enum Objects {
    One(Store),
    Parted(Parts),
}

/// Parts of a table.
#[derive(Debug)]
pub(super) struct Parts {
    parts: Box<[CachePadded<RwLock<Store>>]>,
    balance: CachePadded<Balance>,
}

impl Parts {
    fn new(kind: Kind, position: usize) -> Self {
        let part = |_| CachePadded::new(RwLock::new(Store::new(kind, position, SHIFT)));
        Self { parts: (0..PARTS).map(part).collect(), balance: CachePadded::new(Balance::new(FIRST)) }
    }

    /// The part of a bucket, or of a hash.
    fn part(&self, number: usize) -> &RwLock<Store> {
        &self.parts[number % PARTS]
    }

    /// Works with the objects of a key.
    pub(super) fn with<R>(&self, key: Term, work: impl FnOnce(&Store) -> R) -> R {
        work(&self.part(hash_of(key) as usize).read())
    }

    /// Changes the objects of a key.
    pub(super) fn change<R>(&self, key: Term, work: impl FnOnce(&mut Store) -> R) -> R {
        let mut part = self.part(hash_of(key) as usize).write();
        let before = part.size;
        let result = work(&mut part);
        let (after, fixed) = (part.size, part.fixed);
        self.balance.count(before, after);
        drop(part);
        // Whether the table is held fast changes only while nobody has the right to read it.
        if !fixed && after > before {
            self.balance.grow(STEPS, |bucket| {
                let mut part = self.part(bucket).write();
                part.split();
                part
            });
        } else if !fixed && after < before {
            self.balance.shrink(STEPS, too_many, |bucket| {
                let mut part = self.part(bucket).write();
                part.join();
                part
            });
        }
        result
    }

    /// Works with the first object in or behind a bucket.
    fn first_from<R>(&self, slot: usize, work: impl FnOnce(&Store, Term) -> R) -> Option<R> {
        if self.balance.objects() == 0 {
            return None;
        }
        let (mut number, mut bucket) = (slot % PARTS, slot / PARTS);
        while number < PARTS {
            let part = self.part(number).read();
            if let Some(object) = (bucket..part.slots()).find_map(|bucket| part.bucket(bucket).next()) {
                return Some(work(&part, object));
            }
            (number, bucket) = (number + 1, 0);
        }
        None
    }

    fn walk(&self, from: Place, visit: &mut dyn FnMut(Term) -> bool) -> Option<Place> {
        let Place::Slot(slot) = from else { return None };
        let (first, mut bucket) = (slot % PARTS, slot / PARTS);
        for number in first..PARTS {
            let part = self.part(number).read();
            match part.walk(Place::Slot(bucket), false, visit) {
                Some(Place::Slot(next)) if next < part.slots() => {
                    return Some(Place::Slot(next * PARTS + number));
                }
                Some(_) => return (number + 1 < PARTS).then_some(Place::Slot(number + 1)),
                None => bucket = 0,
            }
        }
        None
    }
}

impl Contents {
    /// None yet. With `parted`, those of several keys can be changed at a time.
    pub(super) fn new(kind: Kind, position: usize, parted: bool) -> Self {
        let objects = if parted && kind != Kind::OrderedSet {
            Objects::Parted(Parts::new(kind, position))
        } else {
            Objects::One(Store::new(kind, position, 0))
        };
        Self { kind, position, objects }
    }

    /// The parts, if there are several.
    pub(super) fn parts(&self) -> Option<&Parts> {
        match &self.objects {
            Objects::One(_) => None,
            Objects::Parted(parts) => Some(parts),
        }
    }

    /// The number of objects.
    pub(super) fn size(&self) -> usize {
        match &self.objects {
            Objects::One(store) => store.size,
            Objects::Parted(parts) => parts.balance.objects(),
        }
    }

    /// The words that the table and its objects take in OTP.
    pub(super) fn memory(&self) -> usize {
        match &self.objects {
            Objects::One(store) => store.memory(),
            Objects::Parted(parts) => {
                let words = parts.parts.iter().map(|part| part.read().words).sum();
                hashed::memory(parts.balance.buckets(), parts.balance.objects(), words)
            }
        }
    }

    /// How many objects each bucket has; `None` of an ordered table.
    pub(super) fn chains(&self) -> Option<Vec<usize>> {
        match &self.objects {
            Objects::One(store) => (self.kind != Kind::OrderedSet)
                .then(|| (0..store.slots()).map(|bucket| store.bucket(bucket).count()).collect()),
            Objects::Parted(parts) => {
                let lengths = |part: &CachePadded<RwLock<Store>>| {
                    let part = part.read();
                    (0..part.slots()).map(|bucket| part.bucket(bucket).count()).collect::<Vec<_>>()
                };
                Some(parts.parts.iter().flat_map(lengths).collect())
            }
        }
    }

    /// How many deleted objects are left for those who walk over the table.
    pub(super) fn held(&self) -> usize {
        match &self.objects {
            Objects::One(store) => store.held(),
            Objects::Parted(parts) => parts.parts.iter().map(|part| part.read().held()).sum(),
        }
    }

    /// Works with the objects of a key.
    #[inline(always)]
    pub(super) fn with<R>(&self, key: Term, work: impl FnOnce(&Store) -> R) -> R {
        match &self.objects {
            Objects::One(store) => work(store),
            Objects::Parted(parts) => parts.with(key, work),
        }
    }

    /// Changes the objects of a key.
    #[inline(always)]
    pub(super) fn change<R>(&mut self, key: Term, work: impl FnOnce(&mut Store) -> R) -> R {
        match &mut self.objects {
            Objects::One(store) => work(store),
            Objects::Parted(parts) => parts.change(key, work),
        }
    }

    /// Works with the first object, or the last.
    pub(super) fn end<R>(&self, backwards: bool, work: impl FnOnce(&Store, Term) -> R) -> Option<R> {
        match &self.objects {
            Objects::One(store) => store.end(backwards).map(|object| work(store, object)),
            Objects::Parted(parts) => parts.first_from(0, work),
        }
    }

    /// Works with the first object behind a key, or before it. `Err`: a hashed table does not know the key.
    pub(super) fn beside<R>(
        &self,
        key: Term,
        backwards: bool,
        work: impl FnOnce(&Store, Term) -> R,
    ) -> Result<Option<R>, ()> {
        match &self.objects {
            Objects::One(store) => Ok(store.beside(key, backwards)?.map(|object| work(store, object))),
            Objects::Parted(parts) => {
                let number = hash_of(key) as usize % PARTS;
                let part = parts.part(number).read();
                let (next, bucket) = part.rest(key)?;
                if let Some(object) = next {
                    return Ok(Some(work(&part, object)));
                }
                drop(part);
                Ok(parts.first_from((bucket + 1) * PARTS + number, work))
            }
        }
    }

    /// Works with the objects of a bucket; of an ordered table, with the one with this number.
    pub(super) fn slot<R>(&self, slot: usize, work: impl FnOnce(&[Term]) -> R) -> Option<R> {
        match &self.objects {
            Objects::One(store) => store.slot(slot).map(|objects| work(&objects)),
            Objects::Parted(parts) => {
                let part = parts.part(slot).read();
                let mut objects: Vec<Term> = part.bucket(slot / PARTS).collect();
                objects.reverse();
                (slot < parts.balance.buckets()).then(|| work(&objects))
            }
        }
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        match &self.objects {
            Objects::One(store) => store.slots(),
            Objects::Parted(parts) => parts.balance.buckets(),
        }
    }

    /// Shows objects from a place on to `visit`, which says when it has enough. Buckets are shown whole. Answers the
    /// place to go on from, or none at the end.
    pub(super) fn walk(
        &self,
        from: Place,
        backwards: bool,
        visit: &mut dyn FnMut(Term) -> bool,
    ) -> Option<Place> {
        match &self.objects {
            Objects::One(store) => {
                let next = store.walk(from, backwards, visit)?;
                let is_end = matches!(next, Place::Slot(slot) if slot >= store.slots());
                (!is_end).then_some(next)
            }
            Objects::Parted(parts) => parts.walk(from, visit),
        }
    }

    /// Says whether somebody walks over the table.
    pub(super) fn set_fixed(&mut self, fixed: bool) {
        match &mut self.objects {
            Objects::One(store) => store.set_fixed(fixed),
            Objects::Parted(parts) => {
                parts.parts.iter_mut().for_each(|part| part.get_mut().set_fixed(fixed));
            }
        }
    }

    /// Forgets all objects; answers how many there were.
    pub(super) fn clear(&mut self) -> usize {
        let size = self.size();
        match &mut self.objects {
            Objects::One(store) => store.clear(0),
            Objects::Parted(parts) => {
                let fixed = parts.parts[0].get_mut().fixed;
                parts.parts.iter_mut().for_each(|part| part.get_mut().clear(SHIFT));
                if fixed {
                    parts.balance.count(size, 0);
                } else {
                    *parts.balance = Balance::new(FIRST);
                }
            }
        }
        size
    }
}
