//! Hashes of terms.

use super::{Term, map};

/// A hash that depends on the value alone: equal (`=:=`) terms have equal hashes, wherever they are.
pub(crate) fn internal(term: Term) -> u32 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |word: u64| {
        state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state ^= state >> 29;
    };
    let mut pending = vec![term];
    while let Some(term) = pending.pop() {
        if let Some((head, tail)) = term.as_cons() {
            add(1);
            pending.push(tail);
            pending.push(head);
        } else if let Some(elements) = term.as_tuple() {
            add(2 + elements.len() as u64);
            pending.extend(elements);
        } else if term.is_map() {
            add(3);
            for (key, value) in map::sorted_pairs(term) {
                pending.push(key);
                pending.push(value);
            }
        } else if let Some(float) = term.as_float() {
            add(if float == 0.0 { 0 } else { float.to_bits() });
        } else if let Some(bits) = term.as_bits() {
            add(bits.size as u64);
            for byte in bits.to_bytes() {
                add(u64::from(byte));
            }
        } else if let Some(closure) = term.as_closure() {
            add(closure.entry);
            pending.extend(closure.environment);
        } else if let Some(number) = term.as_ref_number() {
            add(number);
        } else if term.is_immediate() {
            add(term.word());
        } else {
            for &word in term.boxed_words() {
                add(word);
            }
        }
    }
    (state ^ (state >> 32)) as u32
}
