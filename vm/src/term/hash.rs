//! Hashes of terms for the machine's own tables and maps.

use super::{Term, map};
use smallvec::SmallVec;

/// A hash that depends on the value alone: equal (`=:=`) terms have equal hashes, wherever they are.
pub(crate) fn internal(term: Term) -> u32 {
    salted(term, 0)
}

/// One hash of many: terms that differ differ under some salt.
pub(crate) fn salted(term: Term, salt: u32) -> u32 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325 ^ (u64::from(salt) << 17);
    let mut add = |word: u64| {
        state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state ^= state >> 29;
    };
    // Each kind of term starts with a number of its own, so that no two read alike.
    if term.is_immediate() && !term.is_float() {
        add(term.word());
        return (state ^ (state >> 32)) as u32;
    }
    let is_word = |term: Term| term.is_immediate() && !term.is_float();
    if let Some(elements) = term.as_tuple()
        && elements.iter().all(|&element| is_word(element))
    {
        add(2);
        add(elements.len() as u64);
        elements.iter().rev().for_each(|element| add(element.word()));
        return (state ^ (state >> 32)) as u32;
    }
    let mut pending: SmallVec<[Term; 16]> = SmallVec::new();
    pending.push(term);
    while let Some(term) = pending.pop() {
        if let Some((head, tail)) = term.as_cons() {
            add(1);
            pending.push(tail);
            pending.push(head);
        } else if let Some(elements) = term.as_tuple() {
            add(2);
            add(elements.len() as u64);
            pending.extend(elements.iter().copied());
        } else if term.is_map() {
            add(3);
            add(map::size(term) as u64);
            for (key, value) in map::sorted_pairs(term) {
                pending.push(key);
                pending.push(value);
            }
        } else if let Some(float) = term.as_float() {
            add(4);
            add(if float == 0.0 { 0 } else { float.to_bits() });
        } else if let Some(bits) = term.as_bits() {
            add(5);
            add(bits.size as u64);
            match bits.as_bytes() {
                Some(bytes) => bytes_of(bytes, &mut add),
                None => bytes_of(&bits.to_bytes(), &mut add),
            }
        } else if let Some(closure) = term.as_closure() {
            add(9);
            add(closure.entry);
            pending.extend(closure.environment.iter().copied());
        } else if let Some(number) = term.as_ref_number() {
            add(10);
            add(number);
        } else if term.is_immediate() {
            add(term.word());
        } else {
            add(11);
            add(term.kind().map_or(0, |kind| kind as u64));
            for &word in term.boxed_words() {
                add(word);
            }
        }
    }
    (state ^ (state >> 32)) as u32
}

fn bytes_of(bytes: &[u8], add: &mut impl FnMut(u64)) {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        add(u64::from_le_bytes(word));
    }
}
