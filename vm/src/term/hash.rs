//! Hashes of terms for the machine's own tables and maps.

use super::{Term, map};
use smallvec::SmallVec;

/// A hash that depends on the value alone: equal (`=:=`) terms have equal hashes, wherever they are.
#[inline]
pub(crate) fn internal(term: Term) -> u32 {
    of_words(term, 0).unwrap_or_else(|| salted(term, 0))
}

/// A hash under way.
#[derive(Clone, Copy)]
struct Mixing(u64);

impl Mixing {
    #[inline(always)]
    fn new(salt: u32) -> Self {
        Self(0xcbf2_9ce4_8422_2325 ^ (u64::from(salt) << 17))
    }

    #[inline(always)]
    fn add(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }

    #[inline(always)]
    fn end(self) -> u32 {
        (self.0 ^ (self.0 >> 32)) as u32
    }
}

/// The hash of a term in one word, or of a tuple of such terms: most keys are no more.
#[inline]
fn of_words(term: Term, salt: u32) -> Option<u32> {
    let is_word = |term: Term| term.is_immediate() && !term.is_float();
    let mut mixing = Mixing::new(salt);
    if is_word(term) {
        mixing.add(term.word());
        return Some(mixing.end());
    }
    let elements = term.as_tuple()?;
    mixing.add(2);
    mixing.add(elements.len() as u64);
    for &element in elements.iter().rev() {
        if !is_word(element) {
            return None;
        }
        mixing.add(element.word());
    }
    Some(mixing.end())
}

/// One hash of many: terms that differ differ under some salt.
pub(crate) fn salted(term: Term, salt: u32) -> u32 {
    if let Some(hash) = of_words(term, salt) {
        return hash;
    }
    let mut mixing = Mixing::new(salt);
    let mut add = |word: u64| mixing.add(word);
    // Each kind of term starts with a number of its own, so that no two read alike.
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
    mixing.end()
}

fn bytes_of(bytes: &[u8], add: &mut impl FnMut(u64)) {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        add(u64::from_le_bytes(word));
    }
}
