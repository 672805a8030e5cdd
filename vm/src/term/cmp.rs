//! Order and equality of all terms. Iterative: a list nested ten million deep is compared without native recursion.
//!
//! Reference: "Term Comparisons", Erlang Reference Manual:
//! number < atom < reference < fun < port < pid < tuple < map < nil < list < bit string.

use super::integer::big_from_limbs;
use super::{BitsView, Kind, Term, float, map};
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use num_bigint::BigInt;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// How integers and floats relate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// `1 == 1.0`.
    Numeric,
    /// `1` and `1.0` differ: `=:=`.
    Exact,
    /// As keys of maps: integers before floats, each by value.
    Key,
}

/// `==`.
#[must_use]
pub fn equal(a: Term, b: Term) -> bool {
    a == b || run(a, b, Mode::Numeric).is_eq()
}

/// `=:=`.
#[must_use]
#[inline]
pub fn exactly_equal(a: Term, b: Term) -> bool {
    if a == b {
        return true;
    }
    if a.is_immediate() && b.is_immediate() {
        return float::is_self_tagged(a.0) && a.as_float() == b.as_float();
    }
    if (a.0 ^ b.0) & 7 != 0 {
        return false;
    }
    if let (Some(x), Some(y)) = (a.as_tuple(), b.as_tuple()) {
        if x.len() != y.len() {
            return false;
        }
        // Keys differ in a word more often than not, or in none.
        let mut same = true;
        for (&p, &q) in x.iter().zip(y) {
            if p != q {
                if p.is_immediate() && q.is_immediate() && !(p.is_float() && q.is_float()) {
                    return false;
                }
                same = false;
            }
        }
        if same {
            return true;
        }
    } else if let (Some(x), Some(y)) = (a.as_bits(), b.as_bits()) {
        return x.size == y.size && bits(&x, &y).is_eq();
    }
    run(a, b, Mode::Exact).is_eq()
}

/// The order of `<` and `lists:sort/1`.
#[must_use]
#[inline]
pub fn compare(a: Term, b: Term) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
        return x.cmp(&y);
    }
    run(a, b, Mode::Numeric)
}

/// The order of keys in a map: as [`compare`], but integers before floats.
#[must_use]
pub fn map_key_order(a: Term, b: Term) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if a.is_immediate() && b.is_immediate() {
        return match (a.as_atom(), b.as_atom()) {
            (Some(x), Some(y)) => x.order(y),
            _ => leaf(a, b, Mode::Key),
        };
    }
    if let (Some(x), Some(y)) = (a.as_bits(), b.as_bits()) {
        return bits(&x, &y);
    }
    run(a, b, Mode::Key)
}

/// Rank of a term's type.
fn rank(term: Term) -> u8 {
    if term.is_small() || float::is_self_tagged(term.0) {
        return 0;
    }
    if term.is_atom() {
        return 1;
    }
    if term.as_port().is_some() {
        return 4;
    }
    if term.as_pid().is_some() {
        return 5;
    }
    if term.is_nil() {
        return 8;
    }
    if term.is_cons() {
        return 9;
    }
    match term.kind() {
        Some(Kind::BigPos | Kind::BigNeg | Kind::Float) => 0,
        Some(Kind::Ref | Kind::ExternalRef) => 2,
        Some(Kind::Fun | Kind::Export) => 3,
        Some(Kind::ExternalPort) => 4,
        Some(Kind::ExternalPid) => 5,
        Some(Kind::Tuple) => 6,
        Some(Kind::FlatMap | Kind::HashMap) => 7,
        Some(Kind::HeapBinary | Kind::RefcBinary | Kind::SubBits | Kind::MatchContext) => 10,
        Some(Kind::HashNode | Kind::Filler) | None => 11,
    }
}

/// What is still to be compared once the present parts are equal.
enum Part<'a> {
    Pair(Term, Term, Mode),
    /// Elements side by side, from the first on.
    Elements(&'a [Term], &'a [Term], Mode),
}

type Parts = SmallVec<[Part<'static>; 6]>;

fn run(a: Term, b: Term, mode: Mode) -> Ordering {
    let mut pending = Parts::new();
    let mut order = step(a, b, mode, &mut pending);
    loop {
        if order.is_ne() {
            return order;
        }
        order = match pending.pop() {
            Some(Part::Pair(a, b, _)) if a == b => Ordering::Equal,
            Some(Part::Pair(a, b, mode)) => step(a, b, mode, &mut pending),
            Some(Part::Elements(a, b, mode)) => elements(a, b, mode, &mut pending),
            None => return Ordering::Equal,
        }
    }
}

/// Compares elements up to the first pair that has parts, which goes to `pending` before the rest.
fn elements(a: &'static [Term], b: &'static [Term], mode: Mode, pending: &mut Parts) -> Ordering {
    for (index, (&x, &y)) in a.iter().zip(b).enumerate() {
        if x == y {
            continue;
        }
        if x.is_immediate() && y.is_immediate() {
            let order = leaf(x, y, mode);
            if order.is_ne() {
                return order;
            }
            continue;
        }
        if index + 1 < a.len() {
            pending.push(Part::Elements(&a[index + 1..], &b[index + 1..], mode));
        }
        pending.push(Part::Pair(x, y, mode));
        break;
    }
    Ordering::Equal
}

/// Compares what can be compared at once; the parts go to `pending`, the first on top.
fn step(a: Term, b: Term, mode: Mode, pending: &mut Parts) -> Ordering {
    if let (Some((head_a, tail_a)), Some((head_b, tail_b))) = (a.as_cons(), b.as_cons()) {
        let (mut head_a, mut head_b, mut tail_a, mut tail_b) = (head_a, head_b, tail_a, tail_b);
        // Runs of simple elements need no stack.
        loop {
            if head_a != head_b {
                if !head_a.is_immediate() || !head_b.is_immediate() {
                    if tail_a != tail_b {
                        pending.push(Part::Pair(tail_a, tail_b, mode));
                    }
                    pending.push(Part::Pair(head_a, head_b, mode));
                    return Ordering::Equal;
                }
                let order = leaf(head_a, head_b, mode);
                if order.is_ne() {
                    return order;
                }
            }
            match (tail_a.as_cons(), tail_b.as_cons()) {
                (Some(next_a), Some(next_b)) => {
                    (head_a, tail_a) = next_a;
                    (head_b, tail_b) = next_b;
                }
                _ => {
                    if tail_a != tail_b {
                        pending.push(Part::Pair(tail_a, tail_b, mode));
                    }
                    return Ordering::Equal;
                }
            }
        }
    }
    if let (Some(x), Some(y)) = (a.as_tuple(), b.as_tuple()) {
        if x.len() != y.len() {
            return x.len().cmp(&y.len());
        }
        return elements(x, y, mode, pending);
    }
    if a.is_map() && b.is_map() {
        let order = map::size(a).cmp(&map::size(b));
        if order.is_ne() {
            return order;
        }
        let key_mode = if mode == Mode::Exact { Mode::Exact } else { Mode::Key };
        if let (Some(x), Some(y)) = (a.as_flat_map(), b.as_flat_map()) {
            pending.push(Part::Elements(x.values, y.values, mode));
            pending.push(Part::Elements(x.keys, y.keys, key_mode));
            return Ordering::Equal;
        }
        if mode == Mode::Exact
            && let (Some(x), Some(y)) = (a.as_hash_map(), b.as_hash_map())
        {
            // Equal keys take equal ways: the nodes of equal maps correspond.
            pending.push(Part::Pair(x.root, y.root, mode));
            return Ordering::Equal;
        }
        let (pairs_a, pairs_b) = (map::sorted_pairs(a), map::sorted_pairs(b));
        for (p, q) in pairs_a.iter().zip(&pairs_b).rev() {
            pending.push(Part::Pair(p.1, q.1, mode));
        }
        for (p, q) in pairs_a.iter().zip(&pairs_b).rev() {
            pending.push(Part::Pair(p.0, q.0, key_mode));
        }
        return Ordering::Equal;
    }
    if let (Some((bits_a, x)), Some((bits_b, y))) = (a.as_hash_node(), b.as_hash_node()) {
        if bits_a != bits_b {
            return bits_a.cmp(&bits_b);
        }
        return elements(x, y, mode, pending);
    }
    if let (Some(x), Some(y)) = (a.as_closure(), b.as_closure()) {
        let order =
            FunEntry::of(&x).order(FunEntry::of(&y)).then(x.environment.len().cmp(&y.environment.len()));
        if order.is_ne() {
            return order;
        }
        return elements(x.environment, y.environment, mode, pending);
    }
    leaf(a, b, mode)
}

/// Compares terms that have no parts.
fn leaf(a: Term, b: Term, mode: Mode) -> Ordering {
    if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
        return x.cmp(&y);
    }
    let (rank_a, rank_b) = (rank(a), rank(b));
    if rank_a != rank_b {
        return rank_a.cmp(&rank_b);
    }
    match rank_a {
        0 => numbers(a, b, mode),
        1 => match (a.as_atom(), b.as_atom()) {
            (Some(x), Some(y)) => x.order(y),
            _ => Ordering::Equal,
        },
        4 if a.as_port().is_some() && b.as_port().is_some() => a.as_port().cmp(&b.as_port()),
        5 if a.as_pid().is_some() && b.as_pid().is_some() => {
            let key = |term: Term| term.as_pid().map(|pid| (pid.serial(), pid.number()));
            key(a).cmp(&key(b))
        }
        2 if a.is_kind(Kind::Ref) && b.is_kind(Kind::Ref) => a.as_ref_number().cmp(&b.as_ref_number()),
        3 if a.is_kind(Kind::Export) != b.is_kind(Kind::Export) => {
            a.is_kind(Kind::Export).cmp(&b.is_kind(Kind::Export))
        }
        3 => match (Export::of(a), Export::of(b)) {
            (Some(x), Some(y)) => x.order(y),
            _ => Ordering::Equal,
        },
        10 => match (a.as_bits(), b.as_bits()) {
            (Some(x), Some(y)) => bits(&x, &y),
            _ => Ordering::Equal,
        },
        _ => {
            if a.is_immediate() || b.is_immediate() {
                // A local identifier sorts before one of another node.
                return b.is_immediate().cmp(&a.is_immediate());
            }
            a.boxed_words().cmp(b.boxed_words())
        }
    }
}

fn bits(a: &BitsView<'_>, b: &BitsView<'_>) -> Ordering {
    if let (Some(x), Some(y)) = (a.as_bytes(), b.as_bytes()) {
        return x.cmp(y);
    }
    a.to_bytes().cmp(&b.to_bytes()).then(a.size.cmp(&b.size))
}

fn numbers(a: Term, b: Term, mode: Mode) -> Ordering {
    match (a.as_float(), b.as_float()) {
        (Some(x), Some(y)) => x.partial_cmp(&y).unwrap_or(Ordering::Equal),
        (None, None) => integers(a, b),
        (Some(_), None) if mode != Mode::Numeric => Ordering::Greater,
        (None, Some(_)) if mode != Mode::Numeric => Ordering::Less,
        (Some(x), None) => integer_with_float(b, x).reverse(),
        (None, Some(y)) => integer_with_float(a, y),
    }
}

fn integers(a: Term, b: Term) -> Ordering {
    match (a.as_small(), b.as_small()) {
        (Some(x), Some(y)) => return x.cmp(&y),
        (Some(_), None) => return if b.is_kind(Kind::BigNeg) { Ordering::Greater } else { Ordering::Less },
        (None, Some(_)) => return if a.is_kind(Kind::BigNeg) { Ordering::Less } else { Ordering::Greater },
        (None, None) => {}
    }
    let (Some((neg_a, limbs_a)), Some((neg_b, limbs_b))) = (a.as_big_limbs(), b.as_big_limbs()) else {
        return Ordering::Equal;
    };
    if neg_a != neg_b {
        return neg_b.cmp(&neg_a);
    }
    let magnitude =
        limbs_a.len().cmp(&limbs_b.len()).then_with(|| limbs_a.iter().rev().cmp(limbs_b.iter().rev()));
    if neg_a { magnitude.reverse() } else { magnitude }
}

/// Compares by exact value, without rounding the integer.
fn integer_with_float(integer: Term, float: f64) -> Ordering {
    if let Some(value) = integer.as_small() {
        if value.unsigned_abs() <= 1 << 53 {
            return (value as f64).partial_cmp(&float).unwrap_or(Ordering::Equal);
        }
        // Beyond 2^63 the float decides; below, its integer part is exact.
        if float >= 9.3e18 {
            return Ordering::Less;
        }
        if float <= -9.3e18 {
            return Ordering::Greater;
        }
        if float.abs() < 9.2e18 {
            let whole = float.trunc();
            return value.cmp(&(whole as i64)).then(whole.partial_cmp(&float).unwrap_or(Ordering::Equal));
        }
    }
    let value = match integer.as_big_limbs() {
        Some((negative, limbs)) => big_from_limbs(negative, limbs),
        None => BigInt::from(integer.as_small().unwrap_or(0)),
    };
    let whole = float.trunc();
    match <BigInt as num_traits::FromPrimitive>::from_f64(whole) {
        Some(other) => value.cmp(&other).then(whole.partial_cmp(&float).unwrap_or(Ordering::Equal)),
        None => Ordering::Equal,
    }
}
