//! The process dictionary.

use crate::atom;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::natives;
use crate::term::Term;

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.put(args[0], args[1]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn get_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.get(args[0]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn entries(
    ctx: &mut NativeContext<'_>,
    keep: impl Fn(Term, Term, &mut dyn Build) -> Option<Term>,
) -> NativeResult {
    let pairs: Vec<(Term, Term)> = ctx.process.dictionary.listed();
    let heap = &mut ctx.process.heap;
    let list: Vec<Term> = pairs.into_iter().filter_map(|(key, value)| keep(key, value, heap)).collect();
    Ok(heap.list(&list))
}

fn get_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    entries(ctx, |key, value, memory| Some(memory.tuple(&[key, value])))
}

fn get_keys_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    entries(ctx, |key, _, _| Some(key))
}

fn get_keys_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let wanted = args[0];
    entries(ctx, |key, value, _| crate::term::exactly_equal(value, wanted).then_some(key))
}

fn erase_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.erase(args[0]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn erase_0(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let all = get_0(ctx, args)?;
    ctx.process.dictionary.clear();
    Ok(all)
}
pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "put"/2 => put;
        "get"/0 => get_0;
        "get"/1 => get_1;
        "get_keys"/0 => get_keys_0;
        "get_keys"/1 => get_keys_1;
        "erase"/0 => erase_0;
        "erase"/1 => erase_1;
    }
};
