//! `erlang:phash2`: a hash that every version of Erlang on every machine agrees on.

use super::jenkins::{block, byte_run, long, mark, words};
use super::{Kind, Term, map};
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;

fn small(hash: u32, value: i64) -> u32 {
    if (-(1 << 27)..1 << 27).contains(&value) {
        let value = value as i32;
        let hash = if value < 0 { words(hash, value.unsigned_abs(), 0, mark(1)) } else { hash };
        return words(hash, value.cast_unsigned(), 0, mark(1));
    }
    long(hash, value.unsigned_abs(), if value < 0 { mark(10) } else { mark(11) })
}

enum Step {
    Term(Term),
    /// A pair of a map is done.
    Pair,
    /// All pairs are: the hash before the map, and the pairs of the map around it.
    Map(u32, u32),
}

/// The hash, 32 bits.
pub(crate) fn phash2(term: Term) -> u32 {
    let mut hash = 0;
    let mut pairs = 0;
    let mut pending = vec![Step::Term(term)];
    while let Some(step) = pending.pop() {
        let term = match step {
            Step::Term(term) => term,
            Step::Pair => {
                pairs ^= hash;
                hash = 0;
                continue;
            }
            Step::Map(before, outer) => {
                hash = words(before, pairs, 0, mark(19));
                pairs = outer;
                continue;
            }
        };
        if term.is_cons() {
            let run = byte_run(hash, term, 0, 0);
            hash = if run.count > 0 { words(run.hash, run.rest, 0, mark(4)) } else { run.hash };
            match run.tail.as_cons() {
                Some((head, tail)) => {
                    pending.push(Step::Term(tail));
                    pending.push(Step::Term(head));
                }
                None => pending.push(Step::Term(run.tail)),
            }
        } else if let Some(elements) = term.as_tuple() {
            hash = words(hash, elements.len() as u32, 0, mark(9));
            pending.extend(elements.iter().rev().map(|&element| Step::Term(element)));
        } else if term.is_map() {
            hash = words(hash, map::size(term) as u32, 0, mark(16));
            let all = map::pairs(term);
            if all.is_empty() {
                continue;
            }
            pending.push(Step::Map(hash, pairs));
            hash = 0;
            pairs = 0;
            for (key, value) in all {
                pending.extend([Step::Pair, Step::Term(value), Step::Term(key)]);
            }
        } else if let Some(closure) = term.as_closure() {
            let entry = FunEntry::of(&closure);
            hash = words(hash, closure.environment.len() as u32, entry.module.hash(), mark(1));
            hash = words(hash, entry.index, entry.old_uniq, mark(1));
            pending.extend(closure.environment.iter().rev().map(|&free| Step::Term(free)));
        } else {
            hash = leaf(hash, term);
        }
    }
    hash
}

fn leaf(hash: u32, term: Term) -> u32 {
    if let Some(value) = term.as_small() {
        // The range of OTP's small integers is one bit less than here; their hashes agree beyond it.
        return small(hash, value);
    }
    if let Some(name) = term.as_atom() {
        return if hash == 0 { name.hash() } else { words(hash, name.hash(), 0, mark(3)) };
    }
    if term.is_nil() {
        return if hash == 0 { 3_468_870_702 } else { words(hash, 2, 0, mark(2)) };
    }
    if let Some(value) = term.as_float() {
        let bits = if value == 0.0 { 0 } else { value.to_bits() };
        return words(hash, (bits >> 32) as u32, bits as u32, mark(12));
    }
    if let Some(bits) = term.as_bits() {
        let initial = mark(13).wrapping_add(hash);
        if bits.size == 0 {
            return initial;
        }
        let bytes = bits.to_bytes();
        let (whole, odd) = (bits.size / 8, bits.size % 8);
        let hash = block(&bytes[..whole], initial);
        if odd == 0 {
            return hash;
        }
        return words(hash, odd as u32, u32::from(bytes[whole] >> (8 - odd)), mark(15));
    }
    if let Some((negative, limbs)) = term.as_big_limbs() {
        let kind = if negative { mark(10) } else { mark(11) };
        return limbs.iter().fold(hash, |hash, &limb| long(hash, limb, kind));
    }
    if let Some(pid) = term.as_pid() {
        return words(hash, pid.number() as u32, 0, mark(5));
    }
    if let Some(port) = term.as_port() {
        return words(hash, port as u32, 0, mark(6));
    }
    if let Some(number) = term.as_ref_number() {
        return words(hash, (number & 0x3ffff) as u32, 0, mark(7));
    }
    if let Some(export) = Export::of(term) {
        let hash = words(hash, export.arity, export.module.hash(), mark(1));
        return words(hash, export.function.hash(), 0, mark(14));
    }
    let kind = match term.kind() {
        Some(Kind::ExternalPid) => mark(5),
        Some(Kind::ExternalPort) => mark(6),
        _ => mark(7),
    };
    let number = term.boxed_words().first().copied().unwrap_or(0);
    words(hash, number as u32, 0, kind)
}
