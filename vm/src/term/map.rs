//! Reading maps of both sizes.
//!
//! Up to [`FLAT_LIMIT`] keys a map is flat: a sorted tuple of keys, and the values. A larger one is a hash array
//! mapped trie (Bagwell 2001) of sixteen-way nodes: each level takes four bits of the key's hash. A child is a
//! leaf (a cons of key and value) or a node; where the hash is used up, the key is hashed again with a new salt.

use super::{Term, exactly_equal, map_hash};
use smallvec::SmallVec;

pub use super::cmp::map_key_order;

/// Most keys of a flat map.
pub(crate) const FLAT_LIMIT: usize = 32;
/// Levels that one hash serves.
pub(crate) const LEVELS: u32 = 8;

/// The way of a key through a large map: the position in the node of each level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    key: Term,
    hash: u32,
    level: u32,
}

impl Path {
    pub(crate) fn new(key: Term) -> Self {
        Self { key, hash: map_hash::salted(key, 0), level: 0 }
    }

    /// The way of `key` from `level` on.
    pub(crate) fn at(key: Term, level: u32) -> Self {
        let hash = map_hash::salted(key, level / LEVELS) >> (4 * (level % LEVELS));
        Self { key, hash, level }
    }

    /// The hash that the first levels are taken from, before the way is gone.
    pub(crate) fn hash(&self) -> u32 {
        self.hash
    }

    /// How deep it has come.
    pub(crate) fn level(&self) -> u32 {
        self.level
    }

    /// Position in the node at this level.
    pub(crate) fn slot(&self) -> u32 {
        self.hash & 15
    }

    /// Goes one level down.
    pub(crate) fn descend(&mut self) {
        self.level += 1;
        if self.level.is_multiple_of(LEVELS) {
            self.hash = map_hash::salted(self.key, self.level / LEVELS);
        } else {
            self.hash >>= 4;
        }
    }
}

/// Position of the child for `slot` among the children of a node with this bitmap.
pub(crate) fn child_index(bitmap: u32, slot: u32) -> usize {
    (bitmap & ((1 << slot) - 1)).count_ones() as usize
}

/// Number of keys.
pub(crate) fn size(map: Term) -> usize {
    if let Some(flat) = map.as_flat_map() {
        flat.keys.len()
    } else {
        map.as_hash_map().map_or(0, |hash| hash.size)
    }
}

/// The pairs of a map, in the order that iteration shows.
pub(crate) struct Leaves<'a> {
    /// Of a small map what is left of it.
    flat: (&'a [Term], &'a [Term]),
    /// Of a large one, at each level, the children that are left.
    levels: SmallVec<[&'a [Term]; 16]>,
}

impl Leaves<'_> {
    /// All pairs.
    pub(crate) fn of(map: Term) -> Self {
        if let Some(flat) = map.as_flat_map() {
            return Self { flat: (flat.keys, flat.values), levels: SmallVec::new() };
        }
        map.as_hash_map().map_or_else(|| Self::below(Term::NIL), |hash| Self::below(hash.root))
    }

    /// The pairs below a node of a large map; none of anything else.
    pub(crate) fn below(node: Term) -> Self {
        let mut levels = SmallVec::new();
        if let Some((_, children)) = node.as_hash_node() {
            levels.push(children);
        }
        Self { flat: (&[], &[]), levels }
    }

    /// Those behind a key of a large map; none if it is not there.
    pub(crate) fn behind(map: Term, key: Term) -> Self {
        let mut levels = SmallVec::new();
        let none = Self { flat: (&[], &[]), levels: SmallVec::new() };
        let Some(hash) = map.as_hash_map() else { return none };
        let (mut node, mut path) = (hash.root, Path::new(key));
        while let Some((bitmap, children)) = node.as_hash_node() {
            if bitmap & (1 << path.slot()) == 0 {
                return none;
            }
            let at = child_index(bitmap, path.slot());
            levels.push(&children[at + 1..]);
            node = children[at];
            path.descend();
        }
        Self { flat: (&[], &[]), levels }
    }
}

impl Iterator for Leaves<'_> {
    type Item = (Term, Term);

    fn next(&mut self) -> Option<(Term, Term)> {
        if let ([key, keys @ ..], [value, values @ ..]) = self.flat {
            self.flat = (keys, values);
            return Some((*key, *value));
        }
        loop {
            let left = self.levels.last_mut()?;
            let [child, others @ ..] = *left else {
                self.levels.pop();
                continue;
            };
            *left = others;
            if let Some(leaf) = child.as_cons() {
                return Some(leaf);
            }
            if let Some((_, children)) = child.as_hash_node() {
                self.levels.push(children);
            }
        }
    }
}

/// All pairs, in the order that iteration shows.
#[must_use]
pub fn pairs(map: Term) -> Vec<(Term, Term)> {
    let mut pairs = Vec::with_capacity(size(map));
    pairs.extend(Leaves::of(map));
    pairs
}

/// All pairs, by the order of keys.
pub(crate) fn sorted_pairs(map: Term) -> Vec<(Term, Term)> {
    let mut out = pairs(map);
    if map.as_hash_map().is_some() {
        out.sort_by(|a, b| map_key_order(a.0, b.0));
    }
    out
}

/// The position of `key` among the sorted keys of a flat map.
#[inline]
pub(crate) fn find(keys: &[Term], key: Term) -> Option<usize> {
    if key.is_immediate() && !key.is_float() {
        return keys.iter().position(|&probe| probe == key);
    }
    find_any(keys, key)
}

#[inline(never)]
fn find_any(keys: &[Term], key: Term) -> Option<usize> {
    keys.binary_search_by(|probe| map_key_order(*probe, key)).ok()
}

/// The value of `key`.
pub(crate) fn get(map: Term, key: Term) -> Option<Term> {
    if let Some(flat) = map.as_flat_map() {
        return find(flat.keys, key).map(|at| flat.values[at]);
    }
    let mut node = map.as_hash_map()?.root;
    let mut path = Path::new(key);
    loop {
        let (bitmap, children) = node.as_hash_node()?;
        if bitmap & (1 << path.slot()) == 0 {
            return None;
        }
        let child = children[child_index(bitmap, path.slot())];
        if let Some((found, value)) = child.as_cons() {
            return exactly_equal(found, key).then_some(value);
        }
        node = child;
        path.descend();
    }
}
