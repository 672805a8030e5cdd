//! Making changed maps.

use super::Build;
use crate::term::{Term, map, map_key_order};

/// `map` with `key` bound to `value`.
pub(crate) fn put<B: Build + ?Sized>(memory: &mut B, source: Term, key: Term, value: Term) -> Term {
    if let Some(flat) = source.as_flat_map() {
        return match flat.keys.binary_search_by(|probe| map_key_order(*probe, key)) {
            Ok(at) => {
                if flat.values[at] == value {
                    return source;
                }
                let mut values = flat.values.to_vec();
                values[at] = value;
                memory.flat_map_with(flat.key_tuple, &values)
            }
            Err(at) => {
                let (mut keys, mut values) = (flat.keys.to_vec(), flat.values.to_vec());
                keys.insert(at, key);
                values.insert(at, value);
                memory.flat_map(&keys, &values)
            }
        };
    }
    source
}

/// The map of these pairs; later ones win.
pub(crate) fn from_pairs<B: Build + ?Sized>(memory: &mut B, pairs: &[(Term, Term)]) -> Term {
    let mut result = memory.flat_map(&[], &[]);
    for &(key, value) in pairs {
        result = put(memory, result, key, value);
    }
    let _ = map::size(result);
    result
}
