//! The hash of keys of large maps. It decides the order in which a large map shows its keys; for numbers, strings,
//! binaries, and tuples and lists of these, it is that of OTP 25.

use super::jenkins::{block, byte_run, long, mark, words};
use super::{Term, hash, map};
use smallvec::SmallVec;

/// What every hash starts from.
const START: u32 = 3_432_918_353;
/// From this salt on, a hash that tells any two terms apart takes over.
const LAST_SALT: u32 = 2;

/// An immediate term of OTP, which has its tag in the low bits.
fn immediate(hash: u32, word: u64) -> u32 {
    long(hash, word, mark(1))
}

fn with_mark(hash: u32, number: u32) -> u32 {
    (hash ^ mark(number)).rotate_left(17)
}

enum Step {
    Term(Term),
    /// The tail of a list that is no list cell.
    Tail,
}

type Pending = SmallVec<[Step; 8]>;

/// The hash of `key` under one of many salts.
pub(crate) fn salted(key: Term, salt: u32) -> u32 {
    if salt >= LAST_SALT {
        return hash::salted(key, salt);
    }
    let mut state = START;
    let mut pending = Pending::new();
    let mut current = Some(key);
    if salt > 0 {
        // As if the key had the salt before it in a list.
        let run = byte_run(state, key, salt, 1);
        state = words(run.hash, run.rest, run.count, mark(22));
        if key.is_cons() {
            current = None;
            after_run(run.tail, &mut state, &mut pending);
        }
    }
    loop {
        let term = match current.take() {
            Some(term) => term,
            None => match pending.pop() {
                Some(Step::Term(term)) => term,
                Some(Step::Tail) => {
                    state = with_mark(state, 18);
                    continue;
                }
                None => return state,
            },
        };
        if let Some(value) = term.as_small() {
            if (-(1 << 59)..1 << 59).contains(&value) {
                state = immediate(state, (value << 4).cast_unsigned() | 15);
            } else {
                // Beyond OTP's small integers.
                state = long(state, value.unsigned_abs(), if value < 0 { mark(10) } else { mark(11) });
            }
        } else if term.is_cons() {
            let run = byte_run(state, term, 0, 0);
            state = if run.count > 0 { words(run.hash, run.rest, run.count, mark(22)) } else { run.hash };
            after_run(run.tail, &mut state, &mut pending);
        } else if let Some(elements) = term.as_tuple() {
            state = words(state, elements.len() as u32, 0, mark(9));
            pending.extend(elements.iter().rev().map(|&element| Step::Term(element)));
        } else if let Some(value) = term.as_float() {
            let bits = if value == 0.0 { 0 } else { value.to_bits() };
            state = long(state, bits, mark(12));
        } else if let Some(bits) = term.as_bits() {
            let initial = mark(13).wrapping_add(state);
            let (whole, odd) = (bits.size / 8, bits.size % 8);
            if bits.size == 0 {
                state = initial;
            } else if let Some(bytes) = bits.as_bytes() {
                state = block(bytes, initial);
            } else {
                let bytes = bits.to_bytes();
                state = block(&bytes[..whole], initial);
                if odd > 0 {
                    state = words(state, odd as u32, u32::from(bytes[whole] >> (8 - odd)), mark(15));
                }
            }
        } else if let Some((negative, limbs)) = term.as_big_limbs() {
            let kind = if negative { mark(10) } else { mark(11) };
            state = limbs.iter().fold(state, |state, &limb| long(state, limb, kind));
        } else if term.is_nil() {
            state = immediate(state, 0x3b);
        } else if term.is_map() {
            // Without regard to the order of the keys.
            let sum = map::pairs(term).into_iter().fold(0u32, |sum, (key, value)| {
                sum ^ words(hash::salted(key, salt), hash::salted(value, salt), 0, mark(16))
            });
            state = words(state, map::size(term) as u32, sum, mark(19));
        } else {
            state = words(state, hash::salted(term, salt), 0, mark(1));
        }
    }
}

/// Goes on with what stands behind the bytes at the front of a list.
fn after_run(tail: Term, state: &mut u32, pending: &mut Pending) {
    match tail.as_cons() {
        Some((head, tail)) => {
            *state = with_mark(*state, 17);
            pending.push(Step::Term(tail));
            if !tail.is_cons() {
                pending.push(Step::Tail);
            }
            pending.push(Step::Term(head));
        }
        None => pending.push(Step::Term(tail)),
    }
}
