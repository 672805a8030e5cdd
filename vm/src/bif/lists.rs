//! Module `lists`: what the library leaves to the machine.

use super::argument;
use super::{FunctionCall, Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, equal, exactly_equal};

fn reverse_onto(ctx: &mut NativeContext<'_>, list: Term, tail: Term) -> NativeResult {
    let mut iter = list.iter();
    let mut result = tail;
    let mut count = 0;
    for element in iter.by_ref() {
        result = ctx.process.heap.cons(element, result);
        count += 1;
    }
    if !iter.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    ctx.charge(count / 64);
    Ok(result)
}

fn reverse_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut iter = args[0].iter();
    let first: Vec<Term> = iter.by_ref().take(2).collect();
    if first.len() < 2 && !iter.tail().is_nil() {
        // It matches no clause, as in the library.
        return Err(Exception::error(Term::atom(crate::atom::FUNCTION_CLAUSE)).into());
    }
    if args[0].to_vec().is_none() {
        // A list that ends in something else is the mistake of the call that turns the rest of it round.
        let turned = ctx.process.heap.list(&[first[1], first[0]]);
        return Err(Interrupt::Call(Box::new(FunctionCall {
            module: argument::atom(argument::named("lists"))?,
            function: argument::atom(argument::named("reverse"))?,
            arguments: vec![iter.tail(), turned],
        })));
    }
    reverse_onto(ctx, args[0], Term::NIL)
}

fn reverse_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    reverse_onto(ctx, args[0], args[1])
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

/// The first tuple of a list whose element at a position equals a key.
fn find(ctx: &mut NativeContext<'_>, args: &[Term]) -> Result<Option<Term>, Exception> {
    let (key, mut iter) = (args[0], args[2].iter());
    let at = match args[1].as_usize() {
        Some(at) if at > 0 => at - 1,
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

pub(super) const NATIVES: &[Native] = natives! {
    "lists" {
        "reverse"/1 => reverse_1;
        "reverse"/2 => reverse_2;
        "member"/2 => member;
        "keyfind"/3 => keyfind;
        "keymember"/3 => keymember;
        "keysearch"/3 => keysearch;
    }
};
