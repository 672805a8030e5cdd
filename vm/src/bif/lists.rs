//! Module `lists`: what the library leaves to the machine.

use super::argument;
use super::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, equal, exactly_equal};
use smallvec::SmallVec;

/// Number of elements of a proper list.
fn count(list: Term) -> Option<usize> {
    let mut iter = list.iter();
    let count = iter.by_ref().count();
    iter.tail().is_nil().then_some(count)
}

fn reverse_onto(ctx: &mut NativeContext<'_>, list: Term, tail: Term) -> Option<Term> {
    let count = count(list)?;
    ctx.charge(count / 64);
    Some(ctx.process.heap.reversed(list, count, tail))
}

fn reverse_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(list) = reverse_onto(ctx, args[0], Term::NIL) {
        return Ok(list);
    }
    let mut iter = args[0].iter();
    let first: Vec<Term> = iter.by_ref().take(2).collect();
    if first.len() < 2 {
        // It matches no clause, as in the library.
        return Err(Exception::error(Term::atom(crate::atom::FUNCTION_CLAUSE)).into());
    }
    // A list that ends in something else is the mistake of the call that turns the rest of it round.
    let turned = ctx.process.heap.list(&[first[1], first[0]]);
    Err(Interrupt::call("lists", "reverse", &[iter.tail(), turned]))
}

fn reverse_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(reverse_onto(ctx, args[0], args[1]).ok_or_else(Exception::badarg)?)
}

fn member(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let wanted = args[0];
    let mut iter = args[1].iter();
    let simple = wanted.is_immediate() && !wanted.is_float();
    let mut count = 0;
    let found = iter.by_ref().any(|element| {
        count += 1;
        if simple { element == wanted } else { exactly_equal(element, wanted) }
    });
    ctx.charge(count / 64);
    if !found && !iter.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    Ok(Term::bool(found))
}

/// Positions from here on are big integers to OTP, and refused.
const FAR: usize = 1 << 59;

/// The first tuple of a list whose element at a position equals a key.
fn find(ctx: &mut NativeContext<'_>, args: &[Term]) -> Result<Option<Term>, Exception> {
    let (key, mut iter) = (args[0], args[2].iter());
    let at = match args[1].as_usize() {
        Some(at) if (1..FAR).contains(&at) => at - 1,
        _ => return Err(Exception::badarg()),
    };
    let mut count = 0;
    let found = iter.by_ref().find(|element| {
        count += 1;
        element
            .as_tuple()
            .and_then(|elements| elements.get(at))
            .is_some_and(|&element| element == key || equal(element, key))
    });
    ctx.charge(count / 64);
    if found.is_none() && !iter.tail().is_nil() {
        return Err(Exception::badarg());
    }
    Ok(found)
}

fn keyfind(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(find(ctx, args)?.unwrap_or(Term::bool(false)))
}

fn keymember(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(find(ctx, args)?.is_some()))
}

fn keysearch(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match find(ctx, args)? {
        Some(tuple) => Ok(ctx.process.heap.tuple(&[argument::named("value"), tuple])),
        None => Ok(Term::bool(false)),
    }
}

/// Longest flat list that [`flattened`] makes in one go.
const MOST_FLAT: usize = 50_000;

/// `lists:flattened(Deep, Tail)`: the elements of nested lists and then `Tail`; `false` for a long list or one that is
/// not proper, which the library walks through by itself.
fn flattened(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut out: SmallVec<[Term; 128]> = SmallVec::new();
    let mut pending: SmallVec<[Term; 16]> = SmallVec::new();
    let mut rest = args[0];
    let mut steps = 0;
    loop {
        if let Some((head, tail)) = rest.as_cons() {
            steps += 1;
            if steps > MOST_FLAT {
                return Ok(Term::bool(false));
            }
            if head.is_list() {
                if !tail.is_nil() {
                    pending.push(tail);
                }
                rest = head;
            } else {
                out.push(head);
                rest = tail;
            }
        } else if !rest.is_nil() {
            return Ok(Term::bool(false));
        } else {
            match pending.pop() {
                Some(next) => rest = next,
                None => break,
            }
        }
    }
    ctx.charge(steps / 32);
    Ok(ctx.process.heap.list_with_tail(&out, args[1]))
}

/// `lists:prefix/2`, of whose arguments the first is to be the front of the second.
fn prefix(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (mut front, mut list) = (args[0], args[1]);
    let mut steps = 0;
    let result = loop {
        match (front.as_cons(), list.as_cons()) {
            (Some((a, more)), Some((b, rest))) => {
                if !exactly_equal(a, b) {
                    break false;
                }
                (front, list) = (more, rest);
                steps += 1;
            }
            (None, _) if front.is_nil() && list.is_list() => break true,
            (Some(_), None) if list.is_nil() => break false,
            // Where they go on as no list does, it is the mistake of the call with the rest of both.
            _ if steps > 0 => return Err(Interrupt::call("lists", "prefix", &[front, list])),
            _ => return Err(Exception::error(Term::atom(crate::atom::FUNCTION_CLAUSE)).into()),
        }
    };
    ctx.charge(steps / 32);
    Ok(Term::bool(result))
}

pub(super) const NATIVES: &[Native] = natives! {
    "lists" {
        "reverse"/1 => reverse_1;
        "reverse"/2 => reverse_2;
        "member"/2 => member;
        "keyfind"/3 => keyfind;
        "keymember"/3 => keymember;
        "keysearch"/3 => keysearch;
        "flattened"/2 => flattened;
        "prefix"/2 => prefix;
    }
};
