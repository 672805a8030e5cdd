//! The old portable hash `phash`: the same numbers on every machine, release and system.
//!
//! Programs store these numbers, and the order in which `dict` and `sets` show their keys is that of
//! this hash. So it follows OTP bit for bit; only for local funs is it our own. For `phash2` see
//! `term::portable_hash`.
//! Reference: `erlang:phash/2`, OTP 25.

use crate::atom::Atom;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::portable_hash::phash2;
use crate::term::{BitsView, Term};

/// The module, function and arity of an external fun.
fn external(term: Term) -> Option<(Atom, Atom, u32)> {
    Export::of(term).map(|export| (export.module, export.function, export.arity))
}

/// The low part of what an identifier is told by, which is all that is hashed of it.
fn identifier(term: Term) -> u32 {
    let object = || term.boxed_words().first().copied().unwrap_or(0);
    let number = if let Some(pid) = term.as_pid() {
        pid.number()
    } else if let Some(port) = term.as_port() {
        port
    } else if let Some(number) = term.as_ref_number() {
        number & 0x3_ffff
    } else {
        object()
    };
    number as u32
}

/// The magnitude of an integer as 64-bit digits, the lowest first, and whether it is negative.
fn digits(term: Term) -> Option<(bool, Vec<u64>)> {
    match term.as_small() {
        Some(small) => Some((small < 0, vec![small.unsigned_abs()])),
        None => term.as_big_limbs().map(|(negative, limbs)| (negative, limbs.to_vec())),
    }
}

/// The bits of a float; both zeros are one.
fn float_halves(float: f64) -> (u32, u32) {
    halves(if float == 0.0 { 0 } else { float.to_bits() })
}

/// The low and the high half of a word.
fn halves(word: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = word.to_le_bytes();
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// The whole bytes of a bit string, the value of the bits after them, and how many those are.
fn split_bits(bits: &BitsView<'_>) -> (Vec<u8>, u32, u32) {
    let mut bytes = bits.to_bytes();
    match bits.size % 8 {
        0 => (bytes, 0, 0),
        extra => {
            let last = bytes.pop().unwrap_or_default();
            (bytes, u32::from(last >> (8 - extra)), extra as u32)
        }
    }
}

/// A size as it is hashed.
fn low(size: usize) -> u32 {
    halves(size as u64).0
}

/// A byte, if this integer is one.
fn byte(term: Term) -> Option<u32> {
    term.as_small().and_then(|small| u8::try_from(small).ok()).map(u32::from)
}

/// The multipliers of `phash`, one for each kind of term.
mod prime {
    pub(super) const ATOM: u32 = 268_440_163;
    pub(super) const BYTE: u32 = 268_439_161;
    pub(super) const POSITIVE: u32 = 268_435_459;
    pub(super) const NEGATIVE: u32 = 268_436_141;
    pub(super) const FLOAT: u32 = 268_437_017;
    pub(super) const LIST: u32 = 268_437_511;
    pub(super) const TUPLE: u32 = 268_439_627;
    pub(super) const EXPORT: u32 = 268_440_577;
    pub(super) const BITS: u32 = 268_440_581;
    pub(super) const MAP: u32 = 268_440_593;
    pub(super) const MAP_ADDEND: u32 = 268_440_611;
    /// Of each byte, and at the end.
    pub(super) const OF_PID: (u32, u32) = (268_438_633, FLOAT);
    /// Of ports too.
    pub(super) const OF_REFERENCE: (u32, u32) = (TUPLE, 268_440_479);
}

/// What is still to be hashed, or to be done after it.
enum Step {
    Term(Term),
    /// The rest of a list, whose end counts.
    Rest(Term),
    ListEnd,
    TupleEnd(u32),
}

/// The state of `phash`: one multiplication and addition for each byte.
struct Polynomial(u32);

impl Polynomial {
    fn step(&mut self, prime: u32, value: u32) {
        self.0 = self.0.wrapping_mul(prime).wrapping_add(value);
    }

    fn bytes(&mut self, prime: u32, bytes: &[u8]) {
        for &byte in bytes {
            self.step(prime, u32::from(byte));
        }
    }

    /// A magnitude by its bytes, in groups of four.
    fn integer(&mut self, negative: bool, digits: &[u64]) {
        let mut bytes: Vec<u8> = digits.iter().flat_map(|digit| digit.to_le_bytes()).collect();
        while bytes.len() > 4 && bytes.ends_with(&[0; 4]) {
            bytes.truncate(bytes.len() - 4);
        }
        self.bytes(prime::BYTE, &bytes);
        self.step(if negative { prime::NEGATIVE } else { prime::POSITIVE }, 0);
    }
}

fn portable(term: Term) -> u32 {
    let mut hash = Polynomial(0);
    let mut steps = vec![Step::Term(term)];
    while let Some(step) = steps.pop() {
        match step {
            Step::ListEnd => hash.step(prime::LIST, 0),
            Step::TupleEnd(arity) => hash.step(prime::TUPLE, arity),
            Step::Rest(mut list) => {
                // Bytes at the head of a list are hashed as they are.
                while let Some((head, tail)) = list.as_cons() {
                    let Some(byte) = byte(head) else {
                        steps.push(Step::Rest(tail));
                        steps.push(Step::Term(head));
                        break;
                    };
                    hash.step(prime::BYTE, byte);
                    list = tail;
                }
                if !list.is_cons() {
                    steps.push(Step::ListEnd);
                    steps.push(Step::Term(list));
                }
            }
            Step::Term(term) => portable_step(term, &mut hash, &mut steps),
        }
    }
    hash.0
}

fn portable_step(term: Term, hash: &mut Polynomial, steps: &mut Vec<Step>) {
    if term.is_nil() {
        hash.step(prime::POSITIVE, 1);
    } else if let Some(atom) = term.as_atom() {
        hash.step(prime::ATOM, atom.hash());
    } else if term.is_cons() {
        steps.push(Step::Rest(term));
    } else if let Some(elements) = term.as_tuple() {
        steps.push(Step::TupleEnd(low(elements.len())));
        steps.extend(elements.iter().rev().map(|&element| Step::Term(element)));
    } else if let Some((negative, digits)) = digits(term) {
        hash.integer(negative, &digits);
    } else if let Some(float) = term.as_float() {
        let (low, high) = float_halves(float);
        hash.step(prime::FLOAT, low ^ high);
    } else if let Some(bits) = term.as_bits() {
        let (bytes, last, extra) = split_bits(&bits);
        hash.bytes(prime::ATOM, &bytes);
        if extra > 0 {
            hash.step(prime::ATOM, last);
            hash.step(prime::BITS, extra);
        }
        hash.step(prime::NEGATIVE, low(bytes.len()));
    } else if term.is_map() {
        hash.step(prime::MAP, prime::MAP_ADDEND.wrapping_add(phash2(term)));
    } else if let Some((module, function, arity)) = external(term) {
        hash.step(prime::EXPORT, arity);
        hash.step(prime::ATOM, module.hash());
        hash.step(prime::ATOM, function.hash());
    } else if let Some(closure) = term.as_closure() {
        let entry = FunEntry::of(&closure);
        hash.step(prime::EXPORT, low(closure.environment.len()));
        hash.step(prime::ATOM, entry.module.hash());
        hash.step(prime::BYTE, entry.index);
        steps.extend(closure.environment.iter().rev().map(|&value| Step::Term(value)));
    } else {
        let (each, end) = if term.is_pid() { prime::OF_PID } else { prime::OF_REFERENCE };
        hash.bytes(each, &identifier(term).to_le_bytes());
        hash.step(end, 0);
    }
}

/// A range from 1 to 2 to the power of 32.
fn range(term: Term) -> Result<u64, Exception> {
    term.as_u64().filter(|range| (1..=1 << 32).contains(range)).ok_or_else(Exception::badarg)
}

fn within(hash: u32, range: u64) -> i64 {
    // The remainder is below 2 to the power of 32.
    (u64::from(hash) % range).cast_signed()
}

fn phash(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::small(within(portable(args[0]), range(args[1])?) + 1))
}

/// The functions of this chapter.
pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "phash"/2 => phash;
    }
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Build as _, Heap};
    use num_bigint::BigInt;

    /// Terms with what OTP 25 gives for them: `phash(T, 1 bsl 32) - 1`.
    fn samples(heap: &mut Heap) -> Vec<(Term, u32)> {
        let atom = |text: &str| Term::atom(Atom::new(text).expect("a short atom"));
        let (a, b) = (atom("a"), atom("b"));
        let string = heap.string("abc");
        let wide = heap.string("\u{e5}\u{e4}\u{65e5}\u{672c}");
        let improper = heap.cons(Term::small(1), Term::small(2));
        let pair = heap.tuple(&[a, improper]);
        let empty = heap.binary(&[]);
        let two_bits = heap.bit_string(&[0b1100_0000], 2);
        let bits = heap.tuple(&[empty, two_bits]);
        let x = heap.string("x");
        let map = heap.flat_map(&[a, b], &[Term::small(1), x]);
        let no_map = heap.flat_map(&[], &[]);
        let big = heap.big(&(BigInt::from(1) << 70_u32));
        let half = heap.float(1.5);
        let text = heap.binary(b"0123456789abcdef");
        let odd = heap.bit_string(&[1, 2, 0b1010_0000], 19);
        vec![
            (a, 97),
            (Term::NIL, 1),
            (Term::empty_tuple(), 0),
            (half, 1_073_217_536),
            (string, 3_654_580_165),
            (pair, 4_031_112_438),
            (big, 2_395_840_192),
            (Term::small(-(1 << 27) - 1), 3_827_674_397),
            (map, 2_421_825_959),
            (no_map, 1_113_425_984),
            (text, 624_527_356),
            (wide, 1_241_761_371),
            (empty, 0),
            (bits, 2_326_669_217),
            (odd, 2_826_779_293),
        ]
    }

    #[test]
    fn hashes_are_those_of_otp() {
        let mut heap = Heap::new(640, 0, 65535);
        for (index, (term, hash)) in samples(&mut heap).into_iter().enumerate() {
            assert_eq!(portable(term), hash, "sample {index}");
        }
    }

    #[test]
    fn a_deep_term_is_hashed_without_native_recursion() {
        let mut heap = Heap::new(640, 0, 65535);
        let mut deep = Term::NIL;
        for _ in 0..1_000_000 {
            deep = heap.cons(deep, Term::NIL);
        }
        assert_ne!(portable(deep), portable(Term::NIL));
    }
}
