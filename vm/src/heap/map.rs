//! Making changed maps: a key at a time. Whole maps are made in [`super::map_whole`].

use super::Build;
use super::map_whole::from_sorted;
pub(crate) use super::map_whole::{from_pairs, merge, with_values};
use crate::term::map::{FLAT_LIMIT, Path, child_index};
use crate::term::{Term, exactly_equal, map, map_key_order};
use smallvec::SmallVec;

/// The keys or the values of a flat map while it changes.
pub(super) type Terms = SmallVec<[Term; 32]>;

/// `map` with `key` bound to `value`.
pub(crate) fn put<B: Build + ?Sized>(memory: &mut B, source: Term, key: Term, value: Term) -> Term {
    if let Some(flat) = source.as_flat_map() {
        return match map::find(flat.keys, key) {
            Some(at) if flat.values[at] == value => source,
            Some(at) => memory.flat_map_changed(flat.key_tuple, flat.values, at, value),
            None if flat.keys.len() < FLAT_LIMIT => {
                memory.flat_map_inserted(flat.keys, flat.values, place(flat.keys, key), (key, value))
            }
            None => {
                let at = place(flat.keys, key);
                let (mut keys, mut values) = (Terms::from_slice(flat.keys), Terms::from_slice(flat.values));
                keys.insert(at, key);
                values.insert(at, value);
                from_sorted(memory, &keys, &values)
            }
        };
    }
    let Some(hash) = source.as_hash_map() else { return source };
    match put_in_node(memory, hash.root, Path::new(key), Leaf::New(key, value), true) {
        (_, Put::Same) => source,
        (root, Put::Changed) => memory.hash_map(hash.size, root),
        (root, Put::Added) => memory.hash_map(hash.size + 1, root),
    }
}

/// A leaf that goes into a large map: a key and its value, or the cell of another map.
#[derive(Clone, Copy)]
pub(super) enum Leaf {
    New(Term, Term),
    Known(Term, Term, Term),
}

impl Leaf {
    /// The key and its value.
    fn pair(self) -> (Term, Term) {
        match self {
            Self::New(key, value) | Self::Known(_, key, value) => (key, value),
        }
    }

    fn cell<B: Build + ?Sized>(self, memory: &mut B) -> Term {
        match self {
            Self::New(key, value) => memory.cons(key, value),
            Self::Known(cell, ..) => cell,
        }
    }
}

/// What putting a leaf in has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// Nothing: it was there.
    Same,
    /// The value of a key.
    Changed,
    /// There is one key more.
    Added,
}

/// The node with a leaf put in below it. `path` is that of the leaf's key, at the level of the node. Unless it `wins`, a
/// leaf with its key stays.
pub(super) fn put_in_node<B: Build + ?Sized>(
    memory: &mut B,
    top: Term,
    mut path: Path,
    leaf: Leaf,
    wins: bool,
) -> (Term, Put) {
    let (key, value) = leaf.pair();
    let mut steps: SmallVec<[_; 8]> = SmallVec::new();
    let mut node = top;
    let mut what = Put::Added;
    let mut changed = loop {
        let Some((bitmap, children)) = node.as_hash_node() else { return (top, Put::Same) };
        let at = child_index(bitmap, path.slot());
        if bitmap & (1 << path.slot()) == 0 {
            let leaf = leaf.cell(memory);
            break memory.hash_node_inserted(bitmap | 1 << path.slot(), children, at, leaf);
        }
        steps.push((bitmap, children, at));
        let child = children[at];
        path.descend();
        if let Some((found, former)) = child.as_cons() {
            if exactly_equal(found, key) {
                if !wins || former == value {
                    return (top, Put::Same);
                }
                what = Put::Changed;
                break memory.cons(found, value);
            }
            let leaf = leaf.cell(memory);
            break split(memory, child, found, leaf, path);
        }
        node = child;
    };
    for (bitmap, children, at) in steps.into_iter().rev() {
        changed = memory.hash_node_changed(bitmap, children, at, changed);
    }
    (changed, what)
}

/// Where a key that is not among the sorted `keys` belongs.
fn place(keys: &[Term], key: Term) -> usize {
    keys.partition_point(|&probe| map_key_order(probe, key).is_lt())
}

/// `source` with each key bound to its value, later ones winning.
pub(crate) fn put_all<B: Build + ?Sized>(memory: &mut B, source: Term, pairs: &[(Term, Term)]) -> Term {
    let (Some(flat), [_, _, ..]) = (source.as_flat_map(), pairs) else {
        return pairs.iter().fold(source, |map, &(key, value)| put(memory, map, key, value));
    };
    let (mut keys, mut values) = (Terms::from_slice(flat.keys), Terms::from_slice(flat.values));
    for &(key, value) in pairs {
        match map::find(&keys, key) {
            Some(at) => values[at] = value,
            None => {
                let at = place(&keys, key);
                keys.insert(at, key);
                values.insert(at, value);
            }
        }
    }
    if keys.len() > flat.keys.len() {
        from_sorted(memory, &keys, &values)
    } else if values[..] == *flat.values {
        source
    } else {
        memory.flat_map_with(flat.key_tuple, &values)
    }
}

/// Nodes that lead to two leaves with different keys, from the level of `path` (which is that of the new leaf's key).
pub(super) fn split<B: Build + ?Sized>(
    memory: &mut B,
    old: Term,
    old_key: Term,
    new: Term,
    mut path: Path,
) -> Term {
    let mut other = Path::at(old_key, path.level());
    let mut shared = Vec::new();
    while path.slot() == other.slot() {
        shared.push(path.slot());
        path.descend();
        other.descend();
    }
    let children = if path.slot() < other.slot() { [new, old] } else { [old, new] };
    let mut node = memory.hash_node(1 << path.slot() | 1 << other.slot(), &children);
    for slot in shared.into_iter().rev() {
        node = memory.hash_node(1 << slot, &[node]);
    }
    node
}

/// `map` without `key`, and the value it had; `None` if it had none.
pub(crate) fn take<B: Build + ?Sized>(memory: &mut B, source: Term, key: Term) -> Option<(Term, Term)> {
    if let Some(flat) = source.as_flat_map() {
        let at = map::find(flat.keys, key)?;
        return Some((memory.flat_map_without(flat.keys, flat.values, at), flat.values[at]));
    }
    let hash = source.as_hash_map()?;
    if hash.size == FLAT_LIMIT + 1 {
        let value = map::get(source, key)?;
        let mut rest = map::sorted_pairs(source);
        rest.retain(|(other, _)| !exactly_equal(*other, key));
        let (keys, values): (Vec<Term>, Vec<Term>) = rest.into_iter().unzip();
        return Some((memory.flat_map(&keys, &values), value));
    }
    let mut steps: SmallVec<[_; 8]> = SmallVec::new();
    let mut path = Path::new(key);
    let mut node = hash.root;
    let value = loop {
        let (bitmap, children) = node.as_hash_node()?;
        if bitmap & (1 << path.slot()) == 0 {
            return None;
        }
        let at = child_index(bitmap, path.slot());
        steps.push((bitmap, children, at, path.slot()));
        let child = children[at];
        if let Some((found, value)) = child.as_cons() {
            if !exactly_equal(found, key) {
                return None;
            }
            break value;
        }
        node = child;
        path.descend();
    };
    // What stands in place of the child: nothing, a lone leaf that moves up, or a smaller node.
    let mut rest: Option<Term> = None;
    let depth = steps.len();
    for (level, (bitmap, children, at, slot)) in steps.into_iter().enumerate().rev() {
        let mut copy: SmallVec<[Term; 16]> = SmallVec::from_slice(children);
        let mut bits = bitmap;
        match rest {
            Some(child) => copy[at] = child,
            None => {
                copy.remove(at);
                bits &= !(1 << slot);
            }
        }
        rest = match copy[..] {
            [] => None,
            [only] if only.is_cons() && level > 0 => Some(only),
            _ => Some(memory.hash_node(bits, &copy)),
        };
    }
    debug_assert!(depth > 0, "a key was found in a node");
    Some((memory.hash_map(hash.size - 1, rest?), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::Heap;

    fn numbers(heap: &mut Heap, range: std::ops::Range<i64>) -> Term {
        let pairs: Vec<(Term, Term)> = range.map(|n| (Term::small(n), Term::small(n * n))).collect();
        from_pairs(heap, &pairs)
    }

    #[test]
    fn a_map_built_at_once_equals_one_built_by_steps() {
        let mut heap = Heap::new(1 << 20, 0, 0);
        let whole = numbers(&mut heap, 0..5000);
        let mut grown = heap.flat_map(&[], &[]);
        for n in (0..5000).rev() {
            grown = put(&mut heap, grown, Term::small(n), Term::small(n * n));
        }
        assert_eq!(map::size(grown), 5000);
        assert!(exactly_equal(whole, grown));
        assert_eq!(map::pairs(whole), map::pairs(grown));
        for n in 0..5000 {
            assert_eq!(map::get(whole, Term::small(n)), Some(Term::small(n * n)));
        }
        assert_eq!(map::get(whole, Term::small(5000)), None);
    }

    #[test]
    fn taking_all_keys_out_leaves_the_empty_map() {
        let mut heap = Heap::new(1 << 20, 0, 0);
        let mut map = numbers(&mut heap, 0..1000);
        for n in 0..1000 {
            let (rest, value) = take(&mut heap, map, Term::small(n)).expect("the key is there");
            assert_eq!(value, Term::small(n * n));
            assert!(take(&mut heap, rest, Term::small(n)).is_none());
            map = rest;
            let same = numbers(&mut heap, n + 1..1000);
            if n % 97 == 0 || n > 950 {
                assert!(exactly_equal(map, same));
                assert_eq!(map::pairs(map), map::pairs(same));
            }
        }
        assert_eq!(map::size(map), 0);
    }

    #[test]
    fn the_later_pair_wins() {
        let mut heap = Heap::new(1 << 12, 0, 0);
        let pairs = [(Term::small(1), Term::small(1)), (Term::small(1), Term::small(2))];
        let map = from_pairs(&mut heap, &pairs);
        assert_eq!(map::pairs(map), vec![(Term::small(1), Term::small(2))]);
        let float = heap.float(1.0);
        let map = put(&mut heap, map, float, Term::small(3));
        assert_eq!(map::size(map), 2);
        let (plus, minus) = (heap.float(0.0), heap.float(-0.0));
        let map = put(&mut heap, map, plus, Term::small(4));
        let map = put(&mut heap, map, minus, Term::small(5));
        assert_eq!(map::size(map), 3);
    }
}
