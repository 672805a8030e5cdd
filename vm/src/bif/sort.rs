//! Module `swerl_sort`: what `lists` sorts with. Long lists go on to the dirty pool, so that no other process waits.

use super::{Interrupt, Native, NativeContext, NativeResult};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::term::{Term, compare};

/// Most elements that are sorted within a turn.
const SHORT: usize = 2000;

/// Why elements are not taken out of a list: it has more than the limit, or is no proper list.
enum Refusal {
    Long,
    Unfit,
}

fn elements(list: Term, limit: usize) -> Result<Vec<Term>, Refusal> {
    let mut iter = list.iter();
    let mut elements = Vec::new();
    for element in iter.by_ref() {
        if elements.len() == limit {
            return Err(Refusal::Long);
        }
        elements.push(element);
    }
    if iter.tail().is_nil() { Ok(elements) } else { Err(Refusal::Unfit) }
}

/// Sorts by term order; what compares equal keeps its order.
#[allow(clippy::ptr_arg, reason = "one type with the order that removes elements")]
fn sort_terms(elements: &mut Vec<Term>) {
    if elements.iter().all(|element| element.is_small()) {
        // Words of small integers are in the order of their values.
        elements.sort_unstable_by_key(|element| element.word().cast_signed());
    } else {
        elements.sort_by(|&a, &b| compare(a, b));
    }
}

fn sort_uniquely(elements: &mut Vec<Term>) {
    sort_terms(elements);
    elements.dedup_by(|later, first| compare(*later, *first).is_eq());
}

/// The list with its elements put in order; `unfit` for what is no proper list. A list of more than `limit` elements
/// goes to the function `long`.
fn ordered(
    ctx: &mut NativeContext<'_>,
    args: &[Term],
    limit: usize,
    long: &'static str,
    order: fn(&mut Vec<Term>),
) -> NativeResult {
    match elements(args[0], limit) {
        Ok(mut elements) => {
            ctx.charge(elements.len() / 16);
            order(&mut elements);
            Ok(ctx.process.heap.list(&elements))
        }
        Err(Refusal::Long) => Err(Interrupt::call("swerl_sort", long, args)),
        Err(Refusal::Unfit) => Ok(Term::atom(atom::UNFIT)),
    }
}

/// Sorts tuples by the element at a position; `unfit` too if one is no tuple, or too short.
fn by_key(ctx: &mut NativeContext<'_>, args: &[Term], limit: usize) -> NativeResult {
    let at = args[0].as_usize().and_then(|at| at.checked_sub(1));
    let tuples = match elements(args[1], limit) {
        Ok(tuples) => tuples,
        Err(Refusal::Long) => return Err(Interrupt::call("swerl_sort", "keysort_long", args)),
        Err(Refusal::Unfit) => return Ok(Term::atom(atom::UNFIT)),
    };
    ctx.charge(tuples.len() / 16);
    let keyed: Option<Vec<(Term, Term)>> =
        tuples.iter().map(|&tuple| Some((*tuple.as_tuple()?.get(at?)?, tuple))).collect();
    let Some(mut keyed) = keyed else { return Ok(Term::atom(atom::UNFIT)) };
    keyed.sort_by(|a, b| compare(a.0, b.0));
    let sorted: Vec<Term> = keyed.into_iter().map(|(_, tuple)| tuple).collect();
    Ok(ctx.process.heap.list(&sorted))
}

fn sort(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ordered(ctx, args, SHORT, "sort_long", sort_terms)
}

fn sort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ordered(ctx, args, usize::MAX, "sort_long", sort_terms)
}

fn usort(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ordered(ctx, args, SHORT, "usort_long", sort_uniquely)
}

fn usort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ordered(ctx, args, usize::MAX, "usort_long", sort_uniquely)
}

fn keysort(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    by_key(ctx, args, SHORT)
}

fn keysort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    by_key(ctx, args, usize::MAX)
}

pub(super) const NATIVES: &[Native] = natives! {
    "swerl_sort" {
        "sort"/1 => sort;
        "sort_long"/1 = dirty => sort_long;
        "usort"/1 => usort;
        "usort_long"/1 = dirty => usort_long;
        "keysort"/2 => keysort;
        "keysort_long"/2 = dirty => keysort_long;
    }
};
