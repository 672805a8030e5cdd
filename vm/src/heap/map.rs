//! Making changed maps: one key at a time, whole maps from pairs, merging.

use super::Build;
use crate::term::map::{FLAT_LIMIT, Path, child_index};
use crate::term::{Term, exactly_equal, map, map_key_order};
use smallvec::SmallVec;

/// The keys or the values of a flat map while it changes.
type Terms = SmallVec<[Term; 32]>;

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
    let mut steps: SmallVec<[_; 8]> = SmallVec::new();
    let mut path = Path::new(key);
    let mut node = hash.root;
    let mut added = true;
    let mut changed = loop {
        let Some((bitmap, children)) = node.as_hash_node() else { return source };
        let at = child_index(bitmap, path.slot());
        if bitmap & (1 << path.slot()) == 0 {
            let leaf = memory.cons(key, value);
            break memory.hash_node_inserted(bitmap | 1 << path.slot(), children, at, leaf);
        }
        steps.push((bitmap, children, at));
        let child = children[at];
        path.descend();
        if let Some((found, former)) = child.as_cons() {
            if exactly_equal(found, key) {
                if former == value {
                    return source;
                }
                added = false;
                break memory.cons(found, value);
            }
            let leaf = memory.cons(key, value);
            break split(memory, child, found, leaf, path);
        }
        node = child;
    };
    for (bitmap, children, at) in steps.into_iter().rev() {
        changed = memory.hash_node_changed(bitmap, children, at, changed);
    }
    memory.hash_map(hash.size + usize::from(added), changed)
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
fn split<B: Build + ?Sized>(memory: &mut B, old: Term, old_key: Term, new: Term, mut path: Path) -> Term {
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
    let mut steps = Vec::new();
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
        let mut copy = children.to_vec();
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

/// The map of distinct keys in their order, and their values.
fn from_sorted<B: Build + ?Sized>(memory: &mut B, keys: &[Term], values: &[Term]) -> Term {
    if keys.len() <= FLAT_LIMIT {
        return memory.flat_map(keys, values);
    }
    let leaf = |(&key, &value): (&Term, &Term)| (Path::new(key), memory.cons(key, value));
    let leaves = keys.iter().zip(values).map(leaf).collect();
    large(memory, leaves)
}

/// A part of a large map still to be built: its leaves in the order of their ways, from a level on.
struct Part {
    leaves: Vec<(Path, Term)>,
    parent: Option<(usize, usize)>,
}

/// The large map of leaves with distinct keys, built node by node from the leaves up.
fn large<B: Build + ?Sized>(memory: &mut B, leaves: Vec<(Path, Term)>) -> Term {
    let size = leaves.len();
    // First downwards: which leaves share which node; then upwards, as children come before parents.
    let mut parts = vec![Part { leaves, parent: None }];
    let mut nodes: Vec<(u32, Vec<Term>)> = Vec::new();
    let mut next = 0;
    while next < parts.len() {
        let mut slots: [Vec<(Path, Term)>; 16] = Default::default();
        for (path, leaf) in std::mem::take(&mut parts[next].leaves) {
            slots[path.slot() as usize].push((path, leaf));
        }
        let mut bitmap = 0;
        let mut children = Vec::new();
        for (slot, mut sharing) in slots.into_iter().enumerate() {
            match sharing.len() {
                0 => continue,
                1 => children.push(sharing[0].1),
                _ => {
                    for (path, _) in &mut sharing {
                        path.descend();
                    }
                    parts.push(Part { leaves: sharing, parent: Some((next, children.len())) });
                    children.push(Term::NIL);
                }
            }
            bitmap |= 1 << slot;
        }
        nodes.push((bitmap, children));
        next += 1;
    }
    let mut root = Term::NIL;
    for at in (0..nodes.len()).rev() {
        let (bitmap, children) = &nodes[at];
        let node = memory.hash_node(*bitmap, children);
        match parts[at].parent {
            Some((parent, child)) => nodes[parent].1[child] = node,
            None => root = node,
        }
    }
    memory.hash_map(size, root)
}

/// Most keys with one hash that are told apart one by one.
const MOST_ALIKE: usize = 16;

/// The ways of those of `pairs` that no later one with the same key follows, and where they stand; found by hashes.
/// `None`: too many share one.
fn distinct(pairs: &[(Term, Term)]) -> Option<Vec<(Path, usize)>> {
    let ways: Vec<Path> = pairs.iter().map(|&(key, _)| Path::new(key)).collect();
    let mut order: Vec<(u32, u32)> = Vec::with_capacity(pairs.len());
    for (index, way) in ways.iter().enumerate() {
        order.push((way.hash(), u32::try_from(index).ok()?));
    }
    order.sort_unstable();
    let mut kept = Vec::with_capacity(pairs.len());
    for alike in order.chunk_by(|a, b| a.0 == b.0) {
        let start = kept.len();
        for &(_, index) in alike.iter().rev() {
            let at = index as usize;
            let same = |&(_, other): &(Path, usize)| exactly_equal(pairs[other].0, pairs[at].0);
            if !kept[start..].iter().any(same) {
                kept.push((ways[at], at));
            }
            if kept.len() - start > MOST_ALIKE {
                return None;
            }
        }
    }
    Some(kept)
}

/// The map of these pairs; later ones win.
pub(crate) fn from_pairs<B: Build + ?Sized>(memory: &mut B, pairs: &[(Term, Term)]) -> Term {
    if pairs.len() > FLAT_LIMIT
        && let Some(kept) = distinct(pairs)
        && kept.len() > FLAT_LIMIT
    {
        let leaf = |(way, at): (Path, usize)| (way, memory.cons(pairs[at].0, pairs[at].1));
        let leaves = kept.into_iter().map(leaf).collect();
        return large(memory, leaves);
    }
    if pairs.len() <= FLAT_LIMIT && pairs.is_sorted_by(|a, b| map_key_order(a.0, b.0).is_lt()) {
        let (keys, values): (Terms, Terms) = pairs.iter().copied().unzip();
        return from_sorted(memory, &keys, &values);
    }
    let mut sorted: Vec<(usize, (Term, Term))> = pairs.iter().copied().enumerate().collect();
    sorted.sort_by(|a, b| map_key_order(a.1.0, b.1.0).then(b.0.cmp(&a.0)));
    sorted.dedup_by(|later, first| exactly_equal(later.1.0, first.1.0));
    let keys: Vec<Term> = sorted.iter().map(|entry| entry.1.0).collect();
    let values: Vec<Term> = sorted.iter().map(|entry| entry.1.1).collect();
    from_sorted(memory, &keys, &values)
}

/// The keys of both maps; where both have one, the second's value.
pub(crate) fn merge<B: Build + ?Sized>(memory: &mut B, first: Term, second: Term) -> Term {
    let (size_first, size_second) = (map::size(first), map::size(second));
    if size_second == 0 {
        return first;
    }
    if size_first == 0 {
        return second;
    }
    if size_second * 8 < size_first {
        return map::pairs(second).into_iter().fold(first, |map, (key, value)| put(memory, map, key, value));
    }
    let mut pairs = map::pairs(first);
    pairs.extend(map::pairs(second));
    from_pairs(memory, &pairs)
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
