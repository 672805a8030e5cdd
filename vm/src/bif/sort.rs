//! Module `swerl_sort`: what `lists` sorts with. Long lists go to the dirty pool, so that no other process waits.

use super::{Native, NativeContext, NativeResult};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::term::{Term, compare};

/// Most elements that are sorted within a turn.
const SHORT: usize = 2000;

/// The elements of a list of at most `limit`, or the atom that says why not: `large`, or `unfit` for what is no
/// proper list.
fn elements(list: Term, limit: usize) -> Result<Vec<Term>, Term> {
    let mut iter = list.iter();
    let mut elements = Vec::new();
    for element in iter.by_ref() {
        if elements.len() == limit {
            return Err(Term::atom(atom::LARGE));
        }
        elements.push(element);
    }
    if iter.tail().is_nil() { Ok(elements) } else { Err(Term::atom(atom::UNFIT)) }
}

/// Sorts by term order; what compares equal keeps its order.
fn sort_terms(elements: &mut [Term]) {
    if elements.iter().all(|element| element.is_small()) {
        // Words of small integers are in the order of their values.
        elements.sort_unstable_by_key(|element| element.word().cast_signed());
    } else {
        elements.sort_by(|&a, &b| compare(a, b));
    }
}

fn sort(ctx: &mut NativeContext<'_>, args: &[Term], limit: usize) -> NativeResult {
    Ok(match elements(args[0], limit) {
        Ok(mut elements) => {
            ctx.charge(elements.len() / 16);
            sort_terms(&mut elements);
            ctx.process.heap.list(&elements)
        }
        Err(why) => why,
    })
}

/// As [`sort`], of equal elements the first alone.
fn usort(ctx: &mut NativeContext<'_>, args: &[Term], limit: usize) -> NativeResult {
    Ok(match elements(args[0], limit) {
        Ok(mut elements) => {
            ctx.charge(elements.len() / 16);
            sort_terms(&mut elements);
            elements.dedup_by(|later, first| compare(*later, *first).is_eq());
            ctx.process.heap.list(&elements)
        }
        Err(why) => why,
    })
}

/// Sorts tuples by the element at a position; `unfit` if one is no tuple, or too short.
fn keysort(ctx: &mut NativeContext<'_>, args: &[Term], limit: usize) -> NativeResult {
    let at = args[0].as_usize().and_then(|at| at.checked_sub(1));
    let tuples = match elements(args[1], limit) {
        Ok(tuples) => tuples,
        Err(why) => return Ok(why),
    };
    ctx.charge(tuples.len() / 16);
    let keyed: Option<Vec<(Term, Term)>> =
        tuples.iter().map(|&tuple| Some((*tuple.as_tuple()?.get(at?)?, tuple))).collect();
    let Some(mut keyed) = keyed else { return Ok(Term::atom(atom::UNFIT)) };
    keyed.sort_by(|a, b| compare(a.0, b.0));
    let sorted: Vec<Term> = keyed.into_iter().map(|(_, tuple)| tuple).collect();
    Ok(ctx.process.heap.list(&sorted))
}

fn sort_short(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    sort(ctx, args, SHORT)
}

fn sort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    sort(ctx, args, usize::MAX)
}

fn usort_short(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    usort(ctx, args, SHORT)
}

fn usort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    usort(ctx, args, usize::MAX)
}

fn keysort_short(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    keysort(ctx, args, SHORT)
}

fn keysort_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    keysort(ctx, args, usize::MAX)
}

pub(super) const NATIVES: &[Native] = natives! {
    "swerl_sort" {
        "sort"/1 => sort_short;
        "sort_long"/1 = dirty => sort_long;
        "usort"/1 => usort_short;
        "usort_long"/1 = dirty => usort_long;
        "keysort"/2 => keysort_short;
        "keysort_long"/2 = dirty => keysort_long;
    }
};
