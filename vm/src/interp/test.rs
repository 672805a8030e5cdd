//! Type tests and comparisons: `[fail]` first, then constants.

use super::operand::{Packed, Source, are_small};
use super::{dispatch, field, handlers, tail, target};
use crate::term::{Header, Kind, TAG_BOXED, TAG_HEADER, Term, compare, exactly_equal, float};

/// A test of one term.
pub(crate) trait Test {
    /// Does the term pass?
    fn test(term: Term) -> bool;
}

macro_rules! tests {
    ($($name:ident: $term:ident => $body:expr;)*) => {
        $(
            #[doc = concat!("Type test ", stringify!($name), ".")]
            pub(crate) struct $name;
            impl Test for $name {
                #[inline(always)]
                fn test($term: Term) -> bool { $body }
            }
        )*
    };
}

tests! {
    IsInteger: term => term.is_integer();
    IsFloat: term => term.is_float();
    IsNumber: term => term.is_small() || term.is_number();
    IsAtom: term => term.is_atom();
    IsPid: term => term.is_pid();
    IsReference: term => term.is_reference();
    IsPort: term => term.is_port();
    IsNil: term => term.is_nil();
    IsBinary: term => term.is_binary();
    IsBitstring: term => term.is_bitstring();
    IsList: term => term.is_list();
    IsNonemptyList: term => term.is_cons();
    IsTuple: term => term.is_tuple();
    IsFunction: term => term.is_fun();
    IsBoolean: term => term == Term::bool(true) || term == Term::bool(false);
    IsMap: term => term.is_map();
}

/// An order test.
pub(crate) trait Comparison {
    /// The answer for two small integers, shifted alike.
    fn smalls(a: i64, b: i64) -> bool;
    /// The answer for two floats.
    fn floats(a: f64, b: f64) -> bool;
    /// Does the pair pass?
    fn any(a: Term, b: Term) -> bool;
}

macro_rules! comparisons {
    ($($name:ident: ($a:ident, $b:ident) small $op:tt else $body:expr;)*) => {
        $(
            #[doc = concat!("Comparison ", stringify!($name), ".")]
            pub(crate) struct $name;
            impl Comparison for $name {
                #[inline(always)]
                fn smalls(a: i64, b: i64) -> bool { a $op b }
                #[inline(always)]
                fn floats(a: f64, b: f64) -> bool { a $op b }
                fn any($a: Term, $b: Term) -> bool { $body }
            }
        )*
    };
}

comparisons! {
    Lt: (a, b) small < else compare(a, b).is_lt();
    Ge: (a, b) small >= else compare(a, b).is_ge();
    Eq: (a, b) small == else crate::term::equal(a, b);
    Ne: (a, b) small != else !crate::term::equal(a, b);
    EqExact: (a, b) small == else exactly_equal(a, b);
    NeExact: (a, b) small != else !exactly_equal(a, b);
}

handlers! {
    /// A type test: a = source, `[fail]`.
    fn type_test<S: Source, T: Test>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip.add(3), c, sp);
        if T::test(value) {
            dispatch!(ip.add(3 + S::WORDS), c, sp, hp, reds, value)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// A comparison: a, b = sources, `[fail]`.
    fn compare_test<A: Source, B: Source, T: Comparison>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 1), ip.add(3), c, sp);
        let b = B::take(accumulator, field!(ip, 2), ip.add(3 + A::WORDS), c, sp);
        if are_small::<A, B>(a, b) {
            if T::smalls(a.0 as i64, b.0 as i64) {
                dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, a)
            }
            dispatch!(target!(ip, 2), c, sp, hp, reds)
        }
        // In tail position, so that the case of small integers saves no registers for a call.
        tail!(compare_any::<A, B, T>, ip, c, sp, hp, reds);
    }

    /// The same of terms that are not both small integers, floats first.
    #[inline(never)]
    fn compare_any<A: Source, B: Source, T: Comparison>(ip, c, sp, hp, reds) {
        let a = A::read(field!(ip, 1), ip.add(3), c, sp);
        let b = B::read(field!(ip, 2), ip.add(3 + A::WORDS), c, sp);
        let passes = if float::is_self_tagged(a.0) && float::is_self_tagged(b.0) {
            T::floats(float::decode(a.0), float::decode(b.0))
        } else {
            T::any(a, b)
        };
        if passes {
            dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, a)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `is_eq_exact` with a constant that is one word: a = source, `[fail] [constant]`.
    fn is_same<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if value.0 == *ip.add(3) {
            dispatch!(ip.add(4), c, sp, hp, reds, value)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `is_ne_exact` with a constant that is one word: a = source, `[fail] [constant]`.
    fn is_not_same<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if value.0 != *ip.add(3) {
            dispatch!(ip.add(4), c, sp, hp, reds, value)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// Has the term, if it is a tuple, so many elements? `[fail] [packed tuple] [size]`.
    fn has_elements(ip, c, sp, hp, reds) {
        if Packed(*ip.add(3)).get(c, sp).as_tuple().is_some_and(|tuple| tuple.len() >= *ip.add(4) as usize) {
            dispatch!(ip.add(5), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `is_tuple` and `test_arity` in one: a = source, `[fail] [header]`.
    fn is_tuple_of_arity<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if value.0 & 7 == TAG_BOXED && *value.boxed_pointer() == *ip.add(3) {
            dispatch!(ip.add(4), c, sp, hp, reds, value)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `is_tagged_tuple`: a = source, `[fail] [header] [tag]`.
    fn is_tagged_tuple<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if value.0 & 7 == TAG_BOXED {
            let tuple = value.boxed_pointer();
            if *tuple == *ip.add(3) && *tuple.add(1) == *ip.add(4) {
                dispatch!(ip.add(5), c, sp, hp, reds, value)
            }
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `is_function2`: `[fail] [packed fun] [packed arity]`.
    fn is_function_of_arity(ip, c, sp, hp, reds) {
        let (fun, arity) = (Packed(*ip.add(3)).get(c, sp), Packed(*ip.add(4)).get(c, sp));
        if super::fun::arity(fun).is_some_and(|own| arity.as_usize() == Some(own)) {
            dispatch!(ip.add(5), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }
}

/// The header word of a tuple with `size` elements.
pub(crate) const fn tuple_header(size: usize) -> u64 {
    let header = Header::new(Kind::Tuple, size).0;
    debug_assert!(header & 7 == TAG_HEADER);
    header
}
