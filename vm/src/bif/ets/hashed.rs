//! Objects hashed by their keys: linear hashing, whose buckets give the order in which a table is walked.
//!
//! The order is that of OTP for numbers, strings, binaries and atoms as keys: same hash, same growth. While
//! somebody walks over the table, buckets neither split nor join, and what is deleted stays as a mark.
//!
//! A part of a table that has several holds each `1 << shift`th of its buckets: to split or to join one touches no
//! other part. When that is done is then decided for all parts together.

use super::store::{Kind, key_of};
use crate::heap::compact::Compact;
use crate::sys::memory::prefetch;
use crate::term::{Term, exactly_equal, map_hash};

/// Buckets of an empty table.
pub(super) const FIRST: usize = 256;
/// Buckets that come at a time afterwards.
const SEGMENT: usize = 2048;
/// Buckets that are split or joined at a time.
pub(super) const STEPS: usize = 5;
/// No node.
const NONE: u32 = u32::MAX;

/// An object in the chain of its bucket.
#[derive(Debug)]
struct Node {
    hash: u32,
    next: u32,
    gone: bool,
    /// None in a node that is not used.
    object: Option<Compact>,
}

impl Node {
    fn term(&self) -> Term {
        self.object.as_ref().map_or(Term::NONE, Compact::term)
    }

    /// The words that its object takes.
    fn words(&self) -> usize {
        self.object.as_ref().map_or(0, Compact::words)
    }
}

/// Objects in buckets.
#[derive(Debug)]
pub(super) struct Hashed {
    kind: Kind,
    position: usize,
    /// The lowest bits of a hash, so many, have chosen the part that this is.
    shift: u32,
    buckets: Vec<u32>,
    nodes: Vec<Node>,
    /// The first of the unused nodes, a chain of their own.
    unused: u32,
    /// Objects that are not gone.
    live: usize,
    /// Those that are and wait for the walkers to end.
    gone: usize,
}

/// The hash of a key.
pub(super) fn hash_of(key: Term) -> u32 {
    match key.as_atom() {
        Some(atom) => atom.hash(),
        None => map_hash::salted(key, 0),
    }
}

impl Hashed {
    pub(super) fn new(kind: Kind, position: usize, shift: u32) -> Self {
        let buckets = vec![NONE; FIRST >> shift];
        Self { kind, position, shift, buckets, nodes: Vec::new(), unused: NONE, live: 0, gone: 0 }
    }

    /// The number of buckets.
    pub(super) fn slots(&self) -> usize {
        self.buckets.len()
    }

    /// The number of objects.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// The number of objects that are gone and wait for the walkers to end.
    pub(super) fn held(&self) -> usize {
        self.gone
    }

    fn slot(&self, hash: u32) -> usize {
        let count = self.buckets.len();
        let mask = count.next_power_of_two() - 1;
        let slot = (hash >> self.shift) as usize & mask;
        if slot < count { slot } else { slot & (mask >> 1) }
    }

    fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    fn has_key(&self, at: u32, hash: u32, key: Term) -> bool {
        let node = self.node(at);
        if node.hash != hash {
            return false;
        }
        let known = key_of(node.term(), self.position);
        known == key || exactly_equal(known, key)
    }

    /// The node before the first with a key (none: it leads the chain), and that node.
    #[inline]
    fn find(&self, hash: u32, key: Term) -> (u32, u32) {
        let mut before = NONE;
        let mut at = self.buckets[self.slot(hash)];
        while at != NONE && !self.has_key(at, hash, key) {
            before = at;
            at = self.node(at).next;
        }
        (before, at)
    }

    /// The object of a key, the newest of several.
    #[inline]
    pub(super) fn one(&self, key: Term) -> Option<&Compact> {
        let hash = hash_of(key);
        let (_, mut at) = self.find(hash, key);
        while at != NONE && self.has_key(at, hash, key) {
            let node = self.node(at);
            if !node.gone {
                return node.object.as_ref();
            }
            at = node.next;
        }
        None
    }

    /// The same, to be changed in place.
    #[inline]
    pub(super) fn one_mut(&mut self, key: Term) -> Option<&mut Compact> {
        let (_, at) = self.find(hash_of(key), key);
        if at == NONE {
            return None;
        }
        let node = &mut self.nodes[at as usize];
        if node.gone { None } else { node.object.as_mut() }
    }

    /// The objects of a key, the oldest first.
    pub(super) fn all(&self, key: Term) -> Vec<Term> {
        let hash = hash_of(key);
        let (_, mut at) = self.find(hash, key);
        let mut objects = Vec::new();
        while at != NONE && self.has_key(at, hash, key) {
            let node = self.node(at);
            if !node.gone {
                objects.push(node.term());
            }
            at = node.next;
        }
        objects.reverse();
        objects
    }

    fn set_next(&mut self, slot: usize, before: u32, next: u32) {
        match before {
            NONE => self.buckets[slot] = next,
            before => self.nodes[before as usize].next = next,
        }
    }

    /// Puts an object in before the node `at`, behind `before`.
    fn link(&mut self, hash: u32, before: u32, at: u32, object: Term) {
        let node = Node { hash, next: at, gone: false, object: Compact::new(object) };
        let new = if self.unused == NONE {
            self.nodes.push(node);
            u32::try_from(self.nodes.len() - 1).expect("a table has fewer objects than memory has nodes")
        } else {
            let new = self.unused;
            self.unused = self.node(new).next;
            self.nodes[new as usize] = node;
            new
        };
        self.set_next(self.slot(hash), before, new);
        self.live += 1;
    }

    /// Takes a node out of its chain.
    fn unlink(&mut self, slot: usize, before: u32, at: u32) -> Option<Compact> {
        let node = &mut self.nodes[at as usize];
        let next = std::mem::replace(&mut node.next, self.unused);
        let object = node.object.take();
        self.unused = at;
        self.set_next(slot, before, next);
        object
    }

    /// Puts an object in; answers how the words that objects take have changed.
    pub(super) fn insert(&mut self, object: Term, fixed: bool) -> isize {
        let key = key_of(object, self.position);
        let hash = hash_of(key);
        let (before, at) = self.find(hash, key);
        let mut change = 0;
        if at != NONE && self.kind == Kind::Set {
            let node = &mut self.nodes[at as usize];
            if node.gone {
                node.gone = false;
                self.gone -= 1;
                self.live += 1;
            } else {
                change -= node.words() as isize;
            }
            node.object = Compact::new(object);
            return change + node.words() as isize;
        }
        if self.kind == Kind::Bag {
            let mut same = at;
            while same != NONE && self.has_key(same, hash, key) {
                let node = &mut self.nodes[same as usize];
                if exactly_equal(node.term(), object) {
                    if !node.gone {
                        return 0;
                    }
                    node.gone = false;
                    self.gone -= 1;
                    self.live += 1;
                    return self.node(same).words() as isize;
                }
                same = node.next;
            }
        }
        // A new key stands last in its chain, a new object of a known key before the older ones.
        self.link(hash, before, at, object);
        let new = if before == NONE { self.buckets[self.slot(hash)] } else { self.node(before).next };
        change += self.node(new).words() as isize;
        if !fixed && self.shift == 0 {
            self.grow();
        }
        change
    }

    /// Takes out the objects of a key that `which` names; answers how many, and the words they took.
    pub(super) fn remove(&mut self, key: Term, fixed: bool, which: impl Fn(Term) -> bool) -> (usize, usize) {
        let hash = hash_of(key);
        let slot = self.slot(hash);
        let (mut before, mut at) = self.find(hash, key);
        let (mut count, mut words) = (0, 0);
        // The key may live in an object that goes, so the objects live on until the end.
        let mut removed = Vec::new();
        while at != NONE && self.has_key(at, hash, key) {
            let next = self.node(at).next;
            let node = self.node(at);
            if node.gone || !which(node.term()) {
                before = at;
            } else {
                count += 1;
                words += node.words();
                self.live -= 1;
                if fixed {
                    self.nodes[at as usize].gone = true;
                    self.gone += 1;
                    before = at;
                } else {
                    removed.push(self.unlink(slot, before, at));
                }
            }
            at = next;
        }
        if !fixed && count > 0 && self.shift == 0 {
            self.shrink();
        }
        (count, words)
    }

    /// Splits buckets where there are fewer than objects.
    fn grow(&mut self) {
        for _ in 0..STEPS {
            if self.live <= self.buckets.len() {
                return;
            }
            self.split();
        }
    }

    /// Makes a bucket, from a part of what is in another.
    pub(super) fn split(&mut self) {
        let to = self.buckets.len();
        let mask = (to + 1).next_power_of_two() - 1;
        let from = to & (mask >> 1);
        self.buckets.push(NONE);
        let (mut stay, mut go) = (NONE, NONE);
        let mut at = std::mem::replace(&mut self.buckets[from], NONE);
        while at != NONE {
            let node = &mut self.nodes[at as usize];
            let next = std::mem::replace(&mut node.next, NONE);
            let goes = (node.hash >> self.shift) as usize & mask == to;
            let (slot, last) = if goes { (to, &mut go) } else { (from, &mut stay) };
            let before = std::mem::replace(last, at);
            self.set_next(slot, before, at);
            at = next;
        }
    }

    /// Joins buckets where a table has become much smaller.
    fn shrink(&mut self) {
        for _ in 0..STEPS {
            if !too_many(self.buckets.len(), self.live) {
                return;
            }
            self.join();
        }
    }

    /// Takes the last bucket away; what is in it goes to another.
    pub(super) fn join(&mut self) {
        let count = self.buckets.len();
        let into = (count - 1) & ((count.next_power_of_two() - 1) >> 1);
        let moved = self.buckets.pop().unwrap_or(NONE);
        // The chain that goes comes before the other.
        let (mut end, mut at) = (NONE, moved);
        while at != NONE {
            end = at;
            at = self.node(at).next;
        }
        if end != NONE {
            self.nodes[end as usize].next = self.buckets[into];
            self.buckets[into] = moved;
        }
    }

    /// All objects go, but somebody walks over the table: they stay as marks, so that he finds his way.
    pub(super) fn mark_all(&mut self) {
        for slot in 0..self.buckets.len() {
            let mut at = self.buckets[slot];
            while at != NONE {
                let node = &mut self.nodes[at as usize];
                node.gone = true;
                at = node.next;
            }
        }
        self.gone += self.live;
        self.live = 0;
    }

    /// Nobody walks over the table any more: takes out what is gone.
    pub(super) fn unfixed(&mut self) {
        if self.gone > 0 {
            for slot in 0..self.buckets.len() {
                let (mut before, mut at) = (NONE, self.buckets[slot]);
                while at != NONE {
                    let next = self.node(at).next;
                    if self.node(at).gone {
                        self.unlink(slot, before, at);
                    } else {
                        before = at;
                    }
                    at = next;
                }
            }
            self.gone = 0;
        }
    }

    /// The objects of a bucket, in the order of its chain.
    pub(super) fn bucket(&self, slot: usize) -> Bucket<'_> {
        Bucket { table: self, at: self.buckets.get(slot).copied().unwrap_or(NONE) }
    }

    /// Says that a walk over the buckets, which has come to this one, will go on: what comes next lies anywhere in memory.
    pub(super) fn fetch_ahead(&self, slot: usize) {
        const NODES: usize = 16;
        const OBJECTS: usize = 8;
        let leader = |slot: usize| self.buckets.get(slot).and_then(|&at| self.nodes.get(at as usize));
        if let Some(node) = leader(slot + NODES) {
            prefetch(node);
        }
        if let Some(object) = leader(slot + OBJECTS).and_then(|node| node.object.as_ref()) {
            object.prefetch();
        }
    }

    /// The first object at or behind a bucket.
    pub(super) fn first_from(&self, slot: usize) -> Option<Term> {
        (slot..self.buckets.len()).find_map(|slot| self.bucket(slot).next())
    }

    /// The first object with another key behind this one in its bucket, and the number of that. The key must be
    /// known: `Err` if it is not.
    pub(super) fn rest(&self, key: Term) -> Result<(Option<Term>, usize), ()> {
        let hash = hash_of(key);
        let (_, mut at) = self.find(hash, key);
        if at == NONE {
            return Err(());
        }
        while at != NONE && self.has_key(at, hash, key) {
            at = self.node(at).next;
        }
        Ok((Bucket { table: self, at }.next(), self.slot(hash)))
    }
}

/// Are there buckets to be joined?
pub(super) fn too_many(buckets: usize, objects: usize) -> bool {
    let segments = buckets.saturating_sub(FIRST).div_ceil(SEGMENT);
    let slots = FIRST + segments * SEGMENT;
    slots >= FIRST + 2 * SEGMENT && objects < (slots - SEGMENT) / 2
}

/// The words that a table of so many buckets and objects takes in OTP, of which the objects take `words`.
pub(super) fn memory(buckets: usize, objects: usize, words: usize) -> usize {
    let more = buckets - FIRST;
    let segments = if more == 0 { 0 } else { 262 + more.div_ceil(SEGMENT) * SEGMENT };
    305 + segments + words + objects * 4
}

/// The objects of a bucket.
pub(super) struct Bucket<'a> {
    table: &'a Hashed,
    at: u32,
}

impl Iterator for Bucket<'_> {
    type Item = Term;

    fn next(&mut self) -> Option<Term> {
        while self.at != NONE {
            let node = self.table.node(self.at);
            self.at = node.next;
            if !node.gone {
                return Some(node.term());
            }
        }
        None
    }
}
