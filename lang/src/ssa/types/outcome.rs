//! What tests tell: which of their ways may be gone, and what is known of the operands there.

use super::lattice::{Kinds, Type};
use super::range::Range;
use super::walk::{Facts, Known};
use crate::core::Constants;
use crate::ssa::{BlockId, Test, Value};
use swerl_beam::Genop;

/// What is known of values on one way of a test; `None` for a way that is never gone.
pub(super) type Outcome = Option<Vec<(Value, Type)>>;

/// Whether a value is one of the cases for certain.
pub(super) fn is_decided(ty: &Type, cases: &[(Value, BlockId)]) -> bool {
    if let Some((min, max)) = ty.as_integers().and_then(Range::bounds) {
        let count = i64::try_from(cases.len()).unwrap_or(i64::MAX);
        return max.checked_sub(min).is_some_and(|span| span < count)
            && (min..=max).all(|integer| cases.iter().any(|&(case, _)| case == Value::Int(integer)));
    }
    ty.as_atom().is_some_and(|atom| cases.iter().any(|&(case, _)| case == Value::Atom(atom)))
}

/// What a test tells when it holds, and when it does not.
pub(super) fn outcomes(
    test: &Test,
    facts: &Facts,
    known: &Known,
    constants: &Constants,
) -> (Outcome, Outcome) {
    let nothing = (Some(Vec::new()), Some(Vec::new()));
    let value = test.args[0];
    let ty = facts.type_of(value, known, constants);
    if ty.is_none() {
        return nothing;
    }
    if let (
        Genop::IsEqExact | Genop::IsNeExact | Genop::IsEq | Genop::IsNe | Genop::IsLt | Genop::IsGe,
        &[_, other],
    ) = (test.op, &test.args[..])
    {
        let other_type = facts.type_of(other, known, constants);
        if other_type.is_none() {
            return nothing;
        }
        let (one, two) = ((value, ty), (other, other_type));
        return match test.op {
            Genop::IsLt => less(one, two),
            Genop::IsGe => swap(less(one, two)),
            Genop::IsEqExact => same(one, two),
            Genop::IsNeExact => swap(same(one, two)),
            _ => nothing,
        };
    }
    let number = |at: usize| match test.args.get(at) {
        Some(&Value::Int(number)) => usize::try_from(number).ok(),
        _ => None,
    };
    // What passes the test; and whether it is all of its kinds.
    let (wanted, is_exact) = match test.op {
        Genop::IsTuple => (Type::of(Kinds::TUPLE), true),
        Genop::IsNil => (Type::of(Kinds::NIL), true),
        Genop::IsNonemptyList => (Type::of(Kinds::CONS), true),
        Genop::IsList => (Type::of(Kinds::LIST), true),
        Genop::IsAtom => (Type::of(Kinds::ATOM), true),
        Genop::IsBoolean => (Type::of(Kinds::BOOLEAN), true),
        Genop::IsInteger => (Type::of(Kinds::INTEGER), true),
        Genop::IsFloat => (Type::of(Kinds::FLOAT), true),
        Genop::IsNumber => (Type::of(Kinds::NUMBER), true),
        Genop::IsMap => (Type::of(Kinds::MAP), true),
        Genop::IsBitstr => (Type::of(Kinds::BITS), true),
        Genop::IsBinary => (Type::of(Kinds::BITS), false),
        Genop::IsFunction => (Type::of(Kinds::FUN), true),
        Genop::IsFunction2 => (Type::of(Kinds::FUN), false),
        Genop::IsPid | Genop::IsPort | Genop::IsReference => (Type::of(Kinds::IDENTIFIER), false),
        Genop::TestArity => match number(1) {
            Some(size) => {
                let is_it = ty.elements().is_some_and(|elements| elements.len() == size);
                (Type::tuple_of_size(size), is_it)
            }
            None => return nothing,
        },
        Genop::IsTaggedTuple => match (number(1), test.args.get(2)) {
            (Some(size @ 1..), Some(&Value::Atom(tag))) => {
                let is_it = ty
                    .elements()
                    .is_some_and(|elements| elements.len() == size && elements[0].as_atom() == Some(tag));
                let elements = (0..size).map(|at| if at == 0 { Type::atom(tag) } else { Type::ANY });
                (Type::tuple(elements), is_it)
            }
            _ => return nothing,
        },
        _ => return nothing,
    };
    let both = ty.and(&wanted);
    let is_shaped = matches!(test.op, Genop::TestArity | Genop::IsTaggedTuple);
    let is_other_tag = || {
        let tags = ty.elements().zip(wanted.elements());
        tags.and_then(|(a, b)| a.first().zip(b.first())).is_some_and(|(a, b)| a.and(b).is_none())
    };
    let is_possible = !both.is_none() && !is_other_tag();
    let yes = is_possible.then(|| vec![(value, wanted.clone())]);
    let is_always = is_exact && (is_shaped || ty.kinds.is_within(wanted.kinds));
    let no = (!is_always).then(|| {
        let removed = if is_exact && !is_shaped { wanted.kinds } else { Kinds::NONE };
        vec![(value, Type::ANY.without(removed))]
    });
    (yes, no)
}

fn swap((yes, no): (Outcome, Outcome)) -> (Outcome, Outcome) {
    (no, yes)
}

/// What `=:=` tells.
fn same(one: (Value, Type), two: (Value, Type)) -> (Outcome, Outcome) {
    let is_always = |ty: &Type, other: &Type| {
        let is_one = ty.as_integers().and_then(Range::bounds).is_some_and(|(min, max)| min == max);
        ty == other && (ty.as_atom().is_some() || is_one || ty.kinds == Kinds::NIL)
    };
    let same = (!one.1.and(&two.1).is_none()).then(|| vec![(one.0, two.1.clone()), (two.0, one.1.clone())]);
    // Which values cannot be it, when it is not the other.
    let left = |(_, ty): &(Value, Type), (other, other_type): &(Value, Type)| match *other {
        Value::Atom(_) => Type::ANY.without(other_type.kinds.and(Kinds::BOOLEAN)),
        Value::Nil => Type::ANY.without(Kinds::NIL),
        Value::Int(integer) => {
            let range = ty.range.without(integer);
            if range.is_empty() { Type::ANY.without(Kinds::INTEGER) } else { Type { range, ..Type::ANY } }
        }
        Value::Var(_) | Value::Const(_) => Type::ANY,
    };
    let different =
        (!is_always(&one.1, &two.1)).then(|| vec![(one.0, left(&one, &two)), (two.0, left(&two, &one))]);
    (same, different)
}

/// What `<` tells: numbers come before all other terms.
fn less(one: (Value, Type), two: (Value, Type)) -> (Outcome, Outcome) {
    let (a, b) = (&one.1, &two.1);
    if let Some((a, b)) = a.as_integers().zip(b.as_integers()) {
        let bounded = |range: Range| Type { range, ..Type::ANY };
        let yes = !a.and(b.below()).is_empty();
        let no = !a.and(b.at_least_these()).is_empty();
        let yes = yes.then(|| vec![(one.0, bounded(b.below())), (two.0, bounded(a.above()))]);
        let no = no.then(|| vec![(one.0, bounded(b.at_least_these())), (two.0, bounded(a.at_most_these()))]);
        return (yes, no);
    }
    // An integer that is compared with integers lies on their side, whatever else it may be.
    let side = |other: &Type, range: fn(Range) -> Range, is_before: bool| {
        let kinds =
            if is_before && other.kinds.is_within(Kinds::NUMBER) { Kinds::NUMBER } else { Kinds::ANY };
        Type { range: other.as_integers().map_or(Range::ALL, range), ..Type::of(kinds) }
    };
    let yes = vec![(one.0, side(b, Range::below, true)), (two.0, side(a, Range::above, false))];
    let no =
        vec![(one.0, side(b, Range::at_least_these, false)), (two.0, side(a, Range::at_most_these, true))];
    (Some(yes), Some(no))
}
