//! Module `maps`: what needs to know how maps are laid out.

use super::{Native, NativeContext, NativeResult, argument};
use crate::atom;
use crate::heap::{Build as _, map as heap_map};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, map};
use smallvec::SmallVec;

/// Fails with `{badmap, Term}` for what is no map.
fn require_map(ctx: &mut NativeContext<'_>, term: Term) -> Result<(), Exception> {
    if term.is_map() {
        return Ok(());
    }
    Err(Exception::error(ctx.process.heap.tuple(&[Term::atom(atom::BADMAP), term])))
}

fn badkey(ctx: &mut NativeContext<'_>, key: Term) -> Exception {
    Exception::error(ctx.process.heap.tuple(&[Term::atom(atom::BADKEY), key]))
}

fn get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    match map::get(args[1], args[0]) {
        Some(value) => Ok(value),
        None => Err(badkey(ctx, args[0]).into()),
    }
}

fn find(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    match map::get(args[1], args[0]) {
        Some(value) => Ok(argument::ok(&mut ctx.process.heap, value)),
        None => Ok(Term::atom(atom::ERROR)),
    }
}

fn is_key(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    Ok(Term::bool(map::get(args[1], args[0]).is_some()))
}

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[2])?;
    Ok(heap_map::put(&mut ctx.process.heap, args[2], args[0], args[1]))
}

fn update(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[2])?;
    if map::get(args[2], args[0]).is_none() {
        return Err(badkey(ctx, args[0]).into());
    }
    Ok(heap_map::put(&mut ctx.process.heap, args[2], args[0], args[1]))
}

fn remove(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    Ok(heap_map::take(&mut ctx.process.heap, args[1], args[0]).map_or(args[1], |(rest, _)| rest))
}

fn take(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    match heap_map::take(&mut ctx.process.heap, args[1], args[0]) {
        Some((rest, value)) => Ok(ctx.process.heap.tuple(&[value, rest])),
        None => Ok(Term::atom(atom::ERROR)),
    }
}

/// The pairs in the order of `keys/1`: for a large map, that of an iterator backwards.
fn listed(map: Term) -> Vec<(Term, Term)> {
    let mut pairs = map::pairs(map);
    if map.as_hash_map().is_some() {
        pairs.reverse();
    }
    pairs
}

fn keys(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[0])?;
    let keys: Vec<Term> = listed(args[0]).into_iter().map(|(key, _)| key).collect();
    ctx.charge(keys.len() / 32);
    Ok(ctx.process.heap.list(&keys))
}

fn values(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[0])?;
    let values: Vec<Term> = listed(args[0]).into_iter().map(|(_, value)| value).collect();
    ctx.charge(values.len() / 32);
    Ok(ctx.process.heap.list(&values))
}

fn merge(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[0])?;
    require_map(ctx, args[1])?;
    ctx.charge((map::size(args[0]) + map::size(args[1])) / 16);
    Ok(heap_map::merge(&mut ctx.process.heap, args[0], args[1]))
}

fn from_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut pairs = Vec::new();
    for element in argument::list(args[0])? {
        match element.as_tuple() {
            Some(&[key, value]) => pairs.push((key, value)),
            _ => return Err(Exception::badarg().into()),
        }
    }
    ctx.charge(pairs.len() / 8);
    Ok(heap_map::from_pairs(&mut ctx.process.heap, &pairs))
}

fn from_keys(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pairs: Vec<(Term, Term)> = argument::list(args[0])?.into_iter().map(|key| (key, args[1])).collect();
    ctx.charge(pairs.len() / 8);
    Ok(heap_map::from_pairs(&mut ctx.process.heap, &pairs))
}

/// How many pairs of a large map are shown at a time.
const CHUNK: usize = 128;

/// Pairs in the order of an iterator: those behind a key of a large map, or without one the first. If there are more, the
/// list ends with the map and the last key that it shows.
fn chunk(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let map = args[0];
    require_map(ctx, map)?;
    let mut leaves = args.get(1).map_or_else(|| map::Leaves::of(map), |&key| map::Leaves::behind(map, key));
    let most = if map.as_hash_map().is_some() { CHUNK } else { usize::MAX };
    let pairs: SmallVec<[(Term, Term); CHUNK]> = leaves.by_ref().take(most).collect();
    ctx.charge(pairs.len() / 16);
    let heap = &mut ctx.process.heap;
    let end = match (leaves.next(), pairs.last()) {
        (Some(_), Some(&(key, _))) => heap.cons(map, key),
        _ => Term::NIL,
    };
    Ok(pairs.into_iter().rev().fold(end, |rest, (key, value)| {
        let pair = heap.tuple(&[key, value]);
        heap.cons(pair, rest)
    }))
}

/// The map with these values for its keys, in the order of an iterator.
fn with_values(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[0])?;
    let values = argument::list(args[1])?;
    ctx.charge(values.len() / 16);
    let map = heap_map::with_values(&mut ctx.process.heap, args[0], &values);
    Ok(map.ok_or_else(Exception::badarg)?)
}

/// One step of an iterator `[0 | Map]`, for library code that keeps to OTP's arrangement: with `iterator`
/// all of it, each step within the one before; with a list, the pairs in front of that list.
fn map_next(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    require_map(ctx, args[1])?;
    if args[0] != Term::small(0) {
        return Err(Exception::badarg().into());
    }
    let backwards = listed(args[1]);
    ctx.charge(backwards.len() / 16);
    let heap = &mut ctx.process.heap;
    if args[2] != argument::named("iterator") {
        let tail = args[2];
        return Ok(backwards.into_iter().rev().fold(tail, |rest, (key, value)| {
            let pair = heap.tuple(&[key, value]);
            heap.cons(pair, rest)
        }));
    }
    let mut steps = map::pairs(args[1]);
    steps.reverse();
    let end = argument::named("none");
    Ok(steps.into_iter().fold(end, |rest, (key, value)| heap.tuple(&[key, value, rest])))
}

pub(super) const NATIVES: &[Native] = natives! {
    "maps" {
        "get"/2 => get;
        "find"/2 => find;
        "is_key"/2 => is_key;
        "put"/3 => put;
        "update"/3 => update;
        "remove"/2 => remove;
        "take"/2 => take;
        "keys"/1 => keys;
        "values"/1 => values;
        "merge"/2 => merge;
        "from_list"/1 => from_list;
        "from_keys"/2 => from_keys;
    }
    "erts_internal" {
        "map_chunk"/1 => chunk;
        "map_chunk"/2 => chunk;
        "map_with_values"/2 => with_values;
        "map_next"/3 => map_next;
    }
};
