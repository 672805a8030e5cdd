//! Making whole maps: from pairs, of two maps, with other values.
//!
//! A large map is built in the order of the ways to its keys, so that the leaves of a node lie beside it.

use super::Build;
use super::map::{Leaf, Put, Terms, put, put_in_node, split};
use crate::term::map::{FLAT_LIMIT, LEVELS, Leaves, Path};
use crate::term::{Term, exactly_equal, map, map_key_order};

/// The map of distinct keys in their order, and their values.
pub(super) fn from_sorted<B: Build + ?Sized>(memory: &mut B, keys: &[Term], values: &[Term]) -> Term {
    if keys.len() <= FLAT_LIMIT {
        return memory.flat_map(keys, values);
    }
    let pairs: Vec<(Term, Term)> = keys.iter().copied().zip(values.iter().copied()).collect();
    let order = ways(&pairs);
    large(memory, &pairs, &order)
}

/// A way and the pair that it leads to.
type Way = (u32, u32);

/// The ways to the keys of pairs, sorted: of a hash the four bits that choose at the top come first.
fn ways(pairs: &[(Term, Term)]) -> Vec<Way> {
    let turned = |hash: u32| {
        let hash = hash.swap_bytes();
        (hash & 0x0f0f_0f0f) << 4 | (hash >> 4 & 0x0f0f_0f0f)
    };
    let way = |(index, &(key, _)): (usize, &(Term, Term))| (turned(Path::new(key).hash()), index as u32);
    let mut ways: Vec<Way> = pairs.iter().enumerate().map(way).collect();
    // What was taken from a map and left in its order is sorted already.
    if !ways.is_sorted() {
        ways.sort_unstable();
    }
    ways
}

/// The large map of pairs with distinct keys, of which there are enough.
fn large<B: Build + ?Sized>(memory: &mut B, pairs: &[(Term, Term)], ways: &[Way]) -> Term {
    let root = node(memory, pairs, ways, 0);
    memory.hash_map(ways.len(), root)
}

/// What stands at a level of a large map for pairs whose ways are the same up to there. It calls itself as often as a hash
/// has levels.
fn node<B: Build + ?Sized>(memory: &mut B, pairs: &[(Term, Term)], ways: &[Way], level: u32) -> Term {
    let pair = |&(_, index): &Way| pairs[index as usize];
    match ways {
        [only] => {
            let (key, value) = pair(only);
            return memory.cons(key, value);
        }
        [first, second, more @ ..] if level == LEVELS => {
            let ((first_key, first), (second_key, second)) = (pair(first), pair(second));
            let (first, second) = (memory.cons(first_key, first), memory.cons(second_key, second));
            let mut node = split(memory, first, first_key, second, Path::at(second_key, level));
            for (key, value) in more.iter().map(pair) {
                node = put_in_node(memory, node, Path::at(key, level), Leaf::New(key, value), true).0;
            }
            return node;
        }
        _ => {}
    }
    let slot = |way: &Way| way.0 >> (28 - 4 * level) & 15;
    let mut children = [Term::NIL; 16];
    let (mut bitmap, mut count) = (0, 0);
    for sharing in ways.chunk_by(|a, b| slot(a) == slot(b)) {
        bitmap |= 1 << slot(&sharing[0]);
        children[count] = node(memory, pairs, sharing, level + 1);
        count += 1;
    }
    memory.hash_node(bitmap, &children[..count])
}

/// Most keys with one hash that are told apart one by one.
const MOST_ALIKE: usize = 16;

/// The ways to those of `pairs` that no later one with the same key follows. `None`: too many share a hash.
fn distinct(pairs: &[(Term, Term)]) -> Option<Vec<Way>> {
    u32::try_from(pairs.len()).ok()?;
    let mut all = ways(pairs);
    if all.windows(2).all(|two| two[0].0 != two[1].0) {
        return Some(all);
    }
    let mut kept: Vec<Way> = Vec::with_capacity(all.len());
    for alike in all.chunk_by_mut(|a, b| a.0 == b.0) {
        let start = kept.len();
        for &mut (hash, index) in alike.iter_mut().rev() {
            let same = |&(_, other): &Way| exactly_equal(pairs[other as usize].0, pairs[index as usize].0);
            if !kept[start..].iter().any(same) {
                kept.push((hash, index));
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
        return large(memory, pairs, &kept);
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
    if size_second == 0 || first == second {
        return first;
    }
    if size_first == 0 {
        return second;
    }
    match (first.as_hash_map(), second.as_hash_map()) {
        (Some(one), Some(other)) => {
            let mut common = 0;
            let root = merge_nodes(memory, one.root, other.root, 0, &mut common);
            match root {
                root if root == other.root => second,
                root if root == one.root => first,
                root => memory.hash_map(one.size + other.size - common, root),
            }
        }
        (Some(_), None) => Leaves::of(second).fold(first, |map, (key, value)| put(memory, map, key, value)),
        (None, Some(other)) => {
            let (mut root, mut size) = (other.root, other.size);
            for (key, value) in Leaves::of(first) {
                let (changed, what) = put_in_node(memory, root, Path::new(key), Leaf::New(key, value), false);
                (root, size) = (changed, size + usize::from(what == Put::Added));
            }
            if root == other.root { second } else { memory.hash_map(size, root) }
        }
        (None, None) => {
            let mut pairs = map::pairs(first);
            pairs.extend(Leaves::of(second));
            from_pairs(memory, &pairs)
        }
    }
}

/// What stands at a level for both of what stood there: a leaf or a node each. Counts the keys that both have. Where it is
/// one of them, it is the same term. It calls itself as often as a map has levels.
fn merge_nodes<B: Build + ?Sized>(
    memory: &mut B,
    first: Term,
    second: Term,
    level: u32,
    common: &mut usize,
) -> Term {
    if first == second {
        *common += if first.is_cons() { 1 } else { Leaves::below(first).count() };
        return second;
    }
    match (first.as_cons(), second.as_cons()) {
        (Some((key, _)), Some((other, _))) => {
            if exactly_equal(key, other) {
                *common += 1;
                return second;
            }
            split(memory, first, key, second, Path::at(other, level))
        }
        (Some((key, value)), None) => {
            let leaf = Leaf::Known(first, key, value);
            let (node, what) = put_in_node(memory, second, Path::at(key, level), leaf, false);
            *common += usize::from(what != Put::Added);
            node
        }
        (None, Some((key, value))) => {
            let leaf = Leaf::Known(second, key, value);
            let (node, what) = put_in_node(memory, first, Path::at(key, level), leaf, true);
            *common += usize::from(what != Put::Added);
            node
        }
        (None, None) => {
            let (Some((ours, one)), Some((theirs, other))) = (first.as_hash_node(), second.as_hash_node())
            else {
                return second;
            };
            let (mut one, mut other) = (one.iter(), other.iter());
            let mut children = [Term::NIL; 16];
            let mut count = 0;
            let (mut is_first, mut is_second) = (ours | theirs == ours, ours | theirs == theirs);
            for slot in 0..16 {
                let has = |bitmap: u32| bitmap >> slot & 1 == 1;
                let child = match (has(ours).then(|| one.next()), has(theirs).then(|| other.next())) {
                    (Some(Some(&one)), Some(Some(&other))) => {
                        let child = merge_nodes(memory, one, other, level + 1, common);
                        is_first &= child == one;
                        is_second &= child == other;
                        child
                    }
                    (Some(Some(&child)), _) | (_, Some(Some(&child))) => child,
                    _ => continue,
                };
                children[count] = child;
                count += 1;
            }
            if is_second {
                second
            } else if is_first {
                first
            } else {
                memory.hash_node(ours | theirs, &children[..count])
            }
        }
    }
}

/// The map with other values, which come in the order of [`Leaves`]: as many as there are keys, or it is `None`.
pub(crate) fn with_values<B: Build + ?Sized>(memory: &mut B, source: Term, values: &[Term]) -> Option<Term> {
    if values.len() != map::size(source) {
        return None;
    }
    if let Some(flat) = source.as_flat_map() {
        return Some(memory.flat_map_with(flat.key_tuple, values));
    }
    let hash = source.as_hash_map()?;
    let root = node_with(memory, hash.root, &mut values.iter().copied())?;
    Some(memory.hash_map(hash.size, root))
}

fn node_with<B: Build + ?Sized>(
    memory: &mut B,
    node: Term,
    values: &mut dyn Iterator<Item = Term>,
) -> Option<Term> {
    if let Some((key, _)) = node.as_cons() {
        return Some(memory.cons(key, values.next()?));
    }
    let (bitmap, children) = node.as_hash_node()?;
    let mut changed = [Term::NIL; 16];
    for (to, &child) in changed.iter_mut().zip(children) {
        *to = node_with(memory, child, values)?;
    }
    Some(memory.hash_node(bitmap, &changed[..children.len()]))
}
