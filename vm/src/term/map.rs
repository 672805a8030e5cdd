//! Reading maps of both sizes.

use super::Term;

pub use super::cmp::map_key_order;

/// Number of keys.
pub(crate) fn size(map: Term) -> usize {
    if let Some(flat) = map.as_flat_map() {
        flat.keys.len()
    } else {
        map.as_hash_map().map_or(0, |hash| hash.size)
    }
}

/// All pairs, in the order that iteration shows.
pub(crate) fn pairs(map: Term) -> Vec<(Term, Term)> {
    if let Some(flat) = map.as_flat_map() {
        return flat.keys.iter().copied().zip(flat.values.iter().copied()).collect();
    }
    let Some(hash) = map.as_hash_map() else { return Vec::new() };
    let mut out = Vec::with_capacity(hash.size);
    let mut pending = vec![hash.root];
    while let Some(node) = pending.pop() {
        if let Some((key, value)) = node.as_cons() {
            out.push((key, value));
        } else if let Some((_, children)) = node.as_hash_node() {
            pending.extend(children.iter().rev());
        }
    }
    out
}

/// All pairs, by the order of keys.
pub(crate) fn sorted_pairs(map: Term) -> Vec<(Term, Term)> {
    let mut out = pairs(map);
    if map.as_hash_map().is_some() {
        out.sort_by(|a, b| map_key_order(a.0, b.0));
    }
    out
}

/// The value of `key`.
pub(crate) fn get(map: Term, key: Term) -> Option<Term> {
    let flat = map.as_flat_map()?;
    if key.is_immediate() && !key.is_float() {
        return flat.keys.iter().position(|&probe| probe == key).map(|at| flat.values[at]);
    }
    flat.keys.binary_search_by(|probe| map_key_order(*probe, key)).ok().map(|at| flat.values[at])
}
