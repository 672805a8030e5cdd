//! The functions of guards that code asks most, without a call where the answer is at hand.
//!
//! Instructions as those of [`guard_native`]: `[fail] [native] [packed target] [packed argument]...`. What is not
//! answered here (and every failure) goes there, so a function has one definition of what it raises.

use super::native::guard_native;
use super::operand::{Source, Target};
use super::{Handler, dispatch, handlers, resume, tail};
use crate::bif::Native;
use crate::code::emit::{Value, pick};
use crate::term::{Kind, Term, float, map};

/// A function of one argument.
pub(crate) trait Unary {
    /// Its value, if it is a word that needs no memory.
    fn fast(argument: Term) -> Option<Term>;
}

/// A function of two arguments.
pub(crate) trait Binary {
    /// Its value, if it is a word that needs no memory.
    fn fast(first: Term, second: Term) -> Option<Term>;
}

macro_rules! functions {
    ($(unary $unary:ident $unary_name:literal ($a:ident) $unary_body:expr;)* $(binary $binary:ident $binary_name:literal ($x:ident, $y:ident) $binary_body:expr;)*) => {
        $(
            #[doc = concat!("`", $unary_name, "/1`.")]
            pub(crate) struct $unary;
            impl Unary for $unary {
                #[inline(always)]
                fn fast($a: Term) -> Option<Term> { $unary_body }
            }
        )*
        $(
            #[doc = concat!("`", $binary_name, "/2`.")]
            pub(crate) struct $binary;
            impl Binary for $binary {
                #[inline(always)]
                fn fast($x: Term, $y: Term) -> Option<Term> { $binary_body }
            }
        )*

        /// The handler of a native function for operands of these kinds, if it is one of these.
        pub(crate) fn fast(native: &Native, operands: &[Value], d: Value) -> Option<Handler> {
            use crate::interp::guard;
            match (native.module, native.function, operands) {
                ("erlang", "get", [a]) => Some(pick!(guard::dictionary: acc a, reg d)),
                $(("erlang", $unary_name, [a]) => Some(pick!(guard::unary: ty $unary, acc a, reg d)),)*
                $(("erlang", $binary_name, [a, b]) => Some(pick!(guard::binary: ty $binary, acc a, acc b, reg d)),)*
                _ => None,
            }
        }
    };
}

/// Two small integers, shifted alike.
#[inline(always)]
fn smalls(a: Term, b: Term) -> Option<(i64, i64)> {
    ((a.0 | b.0) & 7 == 0).then_some((a.0 as i64, b.0 as i64))
}

/// `=:=` where the words tell.
#[inline(always)]
fn same(a: Term, b: Term) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    let is_alone = |term: Term| term.is_immediate() && !float::is_self_tagged(term.0);
    (is_alone(a) || is_alone(b)).then_some(false)
}

functions! {
    unary Hd "hd" (list) list.as_cons().map(|(head, _)| head);
    unary Tl "tl" (list) list.as_cons().map(|(_, tail)| tail);
    unary TupleSize "tuple_size" (tuple) tuple.as_tuple().map(|elements| Term::small(elements.len() as i64));
    unary MapSize "map_size" (map) map.is_map().then(|| Term::small(map::size(map) as i64));
    unary ByteSize "byte_size" (binary) {
        let words = if binary.is_immediate() || binary.is_cons() { return None } else { binary.boxed_words() };
        match binary.kind() {
            Some(Kind::HeapBinary | Kind::RefcBinary) => Some(Term::small(*words.first()? as i64)),
            Some(Kind::SubBits) => Some(Term::small(words.first()?.div_ceil(8) as i64)),
            _ => None,
        }
    };
    unary Absolute "abs" (number) number.as_small().filter(|&value| value >= 0).map(Term::small);
    unary IsAtom "is_atom" (term) Some(Term::bool(term.is_atom()));
    unary IsInteger "is_integer" (term) Some(Term::bool(term.is_integer()));
    unary IsList "is_list" (term) Some(Term::bool(term.is_list()));
    unary IsTuple "is_tuple" (term) Some(Term::bool(term.is_tuple()));
    unary IsBinary "is_binary" (term) Some(Term::bool(term.is_binary()));
    unary IsMap "is_map" (term) Some(Term::bool(term.is_map()));
    unary IsPid "is_pid" (term) Some(Term::bool(term.is_pid()));
    unary Not "not" (term) term.as_bool().map(|value| Term::bool(!value));
    binary Less "<" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a < b));
    binary LessEqual "=<" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a <= b));
    binary Greater ">" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a > b));
    binary GreaterEqual ">=" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a >= b));
    binary Equal "==" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a == b));
    binary NotEqual "/=" (a, b) smalls(a, b).map(|(a, b)| Term::bool(a != b));
    binary Same "=:=" (a, b) same(a, b).map(Term::bool);
    binary NotSame "=/=" (a, b) same(a, b).map(|same| Term::bool(!same));
    binary And "and" (a, b) {
        let (a, b) = (a.as_bool()?, b.as_bool()?);
        Some(Term::bool(a && b))
    };
    binary Or "or" (a, b) {
        let (a, b) = (a.as_bool()?, b.as_bool()?);
        Some(Term::bool(a || b))
    };
    binary Element "element" (position, tuple) {
        let at = position.as_small().map(|at| (at - 1) as usize)?;
        tuple.as_tuple()?.get(at).copied()
    };
    binary MapGet "map_get" (key, map) if map.is_map() { map::get(map, key) } else { None };
    binary IsMapKey "is_map_key" (key, map) if map.is_map() { Some(Term::bool(map::get(map, key).is_some())) } else { None };
}

/// Reads an operand whose kind the handler knows from its word.
macro_rules! operand {
    ($S:ident, $word:expr, $c:ident, $sp:ident, $accumulator:ident) => {
        $S::take($accumulator, (*$word >> 8) as usize, $word, $c, $sp)
    };
}

handlers! {
    /// A function of one argument.
    fn unary<F: Unary, A: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        if let Some(value) = F::fast(operand!(A, ip.add(5), c, sp, accumulator)) {
            D::write((*ip.add(4) >> 8) as usize, c, sp, value);
            dispatch!(ip.add(6), c, sp, hp, reds, value)
        }
        tail!(guard_native, ip, c, sp, hp, reds);
    }

    /// `get/1`, which has no way to fail.
    fn dictionary<A: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let key = operand!(A, ip.add(5), c, sp, accumulator);
        let value = (*c).process().dictionary.get(key).unwrap_or(Term::atom(crate::atom::UNDEFINED));
        D::write((*ip.add(4) >> 8) as usize, c, sp, value);
        resume!(ip.add(6), c, sp, hp, reds, value)
    }

    /// A function of two arguments.
    fn binary<F: Binary, A: Source, B: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let a = operand!(A, ip.add(5), c, sp, accumulator);
        let b = operand!(B, ip.add(6), c, sp, accumulator);
        if let Some(value) = F::fast(a, b) {
            D::write((*ip.add(4) >> 8) as usize, c, sp, value);
            dispatch!(ip.add(7), c, sp, hp, reds, value)
        }
        tail!(guard_native, ip, c, sp, hp, reds);
    }
}
