//! Modules `atomics` and `counters`: arrays of integers that processes share.

use super::argument::{self, index, name_of, named};
use super::held::Held;
use super::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, map as heap_map};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, compare};
use num_bigint::BigInt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// An array.
#[derive(Debug)]
struct Array {
    cells: Box<[AtomicI64]>,
    kind: Kind,
}

/// What an array was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Atomics, and counters that are atomics.
    Signed,
    Unsigned,
    /// Counters with `write_concurrency`.
    Concurrent,
}

/// The arrays of a machine. They stay as long as references to them.
#[derive(Debug, Default)]
pub(crate) struct Arrays(Held<Array>);

fn make(ctx: &mut NativeContext<'_>, size: Term, kind: Kind) -> Result<Term, Exception> {
    // More than memory has is a limit, however much more.
    let is_huge = size.as_small().is_none() && size.is_integer() && compare(size, Term::small(0)).is_gt();
    let size = if is_huge { usize::MAX } else { index(size)? };
    if size == 0 {
        return Err(Exception::badarg());
    }
    if size > 1 << 36 {
        return Err(Exception::system_limit());
    }
    let cells = (0..size).map(|_| AtomicI64::new(0)).collect();
    let vm = ctx.vm;
    Ok(vm.natives.arrays.0.insert(ctx, Array { cells, kind }, size * 8))
}

fn find(ctx: &NativeContext<'_>, reference: Term) -> Option<Arc<Array>> {
    ctx.vm.natives.arrays.0.find(reference)
}

/// The array of an atomics reference.
fn atomics(ctx: &NativeContext<'_>, reference: Term) -> Result<Arc<Array>, Exception> {
    find(ctx, reference).filter(|array| array.kind != Kind::Concurrent).ok_or_else(Exception::badarg)
}

/// The array of counters: a tuple around a reference.
fn counters(ctx: &NativeContext<'_>, term: Term) -> Result<Arc<Array>, Exception> {
    let Some(&[name, reference]) = term.as_tuple() else { return Err(Exception::badarg()) };
    let concurrent = match name_of(name) {
        "atomics" => false,
        "write_concurrency" => true,
        _ => return Err(Exception::badarg()),
    };
    let found = find(ctx, reference).filter(|array| (array.kind == Kind::Concurrent) == concurrent);
    found.ok_or_else(Exception::badarg)
}

impl Array {
    fn cell(&self, at: Term) -> Result<&AtomicI64, Exception> {
        index(at)?.checked_sub(1).and_then(|at| self.cells.get(at)).ok_or_else(Exception::badarg)
    }

    /// An integer as 64 bits of this array's kind.
    fn value(&self, term: Term) -> Result<i64, Exception> {
        match self.kind {
            Kind::Unsigned => term.as_u64().map(u64::cast_signed).ok_or_else(Exception::badarg),
            Kind::Signed | Kind::Concurrent => term.as_i64().ok_or_else(Exception::badarg),
        }
    }

    fn term(&self, ctx: &mut NativeContext<'_>, value: i64) -> Term {
        match self.kind {
            Kind::Unsigned => ctx.process.heap.unsigned(value.cast_unsigned()),
            Kind::Signed | Kind::Concurrent => ctx.process.heap.integer(value),
        }
    }
}

/// An increment: any integer of 64 bits, signed or not.
fn increment(term: Term) -> Result<i64, Exception> {
    term.as_i64().or_else(|| term.as_u64().map(u64::cast_signed)).ok_or_else(Exception::badarg)
}

const OK: Term = Term::atom(crate::atom::OK);

fn atomics_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut kind = Kind::Signed;
    for option in args[1].to_vec().ok_or_else(argument::badopt)? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "signed" => {
                let signed = value.as_bool().ok_or_else(Exception::badarg)?;
                kind = if signed { Kind::Signed } else { Kind::Unsigned };
            }
            _ => return Err(argument::badopt().into()),
        }
    }
    Ok(make(ctx, args[0], kind)?)
}

/// An operation of both modules.
type Operation = fn(&mut NativeContext<'_>, &Array, &[Term]) -> NativeResult;

fn get(ctx: &mut NativeContext<'_>, array: &Array, args: &[Term]) -> NativeResult {
    let value = array.cell(args[1])?.load(SeqCst);
    Ok(array.term(ctx, value))
}

fn put(_: &mut NativeContext<'_>, array: &Array, args: &[Term]) -> NativeResult {
    array.cell(args[1])?.store(array.value(args[2])?, SeqCst);
    Ok(OK)
}

fn add(_: &mut NativeContext<'_>, array: &Array, args: &[Term]) -> NativeResult {
    array.cell(args[1])?.fetch_add(increment(args[2])?, SeqCst);
    Ok(OK)
}

fn sub(_: &mut NativeContext<'_>, array: &Array, args: &[Term]) -> NativeResult {
    array.cell(args[1])?.fetch_sub(increment(args[2])?, SeqCst);
    Ok(OK)
}

macro_rules! operations {
    ($($of_atomics:ident, $of_counters:ident => $operation:ident;)*) => {
        $(fn $of_atomics(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let operation: Operation = $operation;
            let array = atomics(ctx, args[0])?;
            operation(ctx, &array, args)
        }

        fn $of_counters(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let operation: Operation = $operation;
            let array = counters(ctx, args[0])?;
            operation(ctx, &array, args)
        })*
    };
}

operations! {
    atomics_get, counters_get => get;
    atomics_put, counters_put => put;
    atomics_add, counters_add => add;
    known_atomics_sub, known_counters_sub => sub;
}

fn atomics_sub(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    subtrahend_first(args)?;
    known_atomics_sub(ctx, args)
}

fn counters_sub(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    subtrahend_first(args)?;
    known_counters_sub(ctx, args)
}

/// Subtracting is adding what is negated first: what cannot be is a fault of arithmetic, whatever the array.
fn subtrahend_first(args: &[Term]) -> Result<(), Exception> {
    if args[2].is_number() { Ok(()) } else { Err(Exception::badarith()) }
}

fn add_get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = atomics(ctx, args[0])?;
    let by = increment(args[2])?;
    let value = array.cell(args[1])?.fetch_add(by, SeqCst).wrapping_add(by);
    Ok(array.term(ctx, value))
}

fn sub_get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    subtrahend_first(args)?;
    let array = atomics(ctx, args[0])?;
    let by = increment(args[2])?;
    let value = array.cell(args[1])?.fetch_sub(by, SeqCst).wrapping_sub(by);
    Ok(array.term(ctx, value))
}

fn exchange(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = atomics(ctx, args[0])?;
    let value = array.cell(args[1])?.swap(array.value(args[2])?, SeqCst);
    Ok(array.term(ctx, value))
}

fn compare_exchange(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = atomics(ctx, args[0])?;
    let (expected, desired) = (array.value(args[2])?, array.value(args[3])?);
    match array.cell(args[1])?.compare_exchange(expected, desired, SeqCst, SeqCst) {
        Ok(_) => Ok(OK),
        Err(actual) => Ok(array.term(ctx, actual)),
    }
}

fn atomics_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = atomics(ctx, args[0])?;
    Ok(info(ctx, &array))
}

fn info(ctx: &mut NativeContext<'_>, array: &Array) -> Term {
    let (least, most) = match array.kind {
        Kind::Unsigned => (BigInt::from(0), BigInt::from(u64::MAX)),
        Kind::Signed | Kind::Concurrent => (BigInt::from(i64::MIN), BigInt::from(i64::MAX)),
    };
    let heap = &mut ctx.process.heap;
    let size = array.cells.len() as i64;
    let pairs = [
        (named("max"), heap.big(&most)),
        (named("memory"), Term::small(size * 8 + 40)),
        (named("min"), heap.big(&least)),
        (named("size"), Term::small(size)),
    ];
    heap_map::from_pairs(heap, &pairs)
}

fn counters_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (name, kind) = match args[1].to_vec().ok_or_else(argument::badopt)?.as_slice() {
        [] => ("atomics", Kind::Signed),
        [option] if name_of(*option) == "atomics" => ("atomics", Kind::Signed),
        [option] if name_of(*option) == "write_concurrency" => ("write_concurrency", Kind::Concurrent),
        _ => return Err(argument::badopt().into()),
    };
    let reference = make(ctx, args[0], kind)?;
    Ok(ctx.process.heap.tuple(&[named(name), reference]))
}

/// Those with `write_concurrency` take a cache line for each scheduler and eight of them in OTP, and have no bounds.
fn counters_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = counters(ctx, args[0])?;
    if array.kind != Kind::Concurrent {
        return Ok(info(ctx, &array));
    }
    let size = array.cells.len();
    let memory = size.div_ceil(8) * 64 * (ctx.vm.config.all_schedulers + 1) + 32;
    let number = |value: usize| Term::small(value as i64);
    let pairs = [(named("memory"), number(memory)), (named("size"), number(size))];
    Ok(heap_map::from_pairs(&mut ctx.process.heap, &pairs))
}

pub(super) const NATIVES: &[Native] = natives! {
    "atomics" {
        "new"/2 => atomics_new;
        "get"/2 => atomics_get;
        "put"/3 => atomics_put;
        "add"/3 => atomics_add;
        "sub"/3 => atomics_sub;
        "add_get"/3 => add_get;
        "sub_get"/3 => sub_get;
        "exchange"/3 => exchange;
        "compare_exchange"/4 => compare_exchange;
        "info"/1 => atomics_info;
    }
    "counters" {
        "new"/2 => counters_new;
        "get"/2 => counters_get;
        "put"/3 => counters_put;
        "add"/3 => counters_add;
        "sub"/3 => counters_sub;
        "info"/1 => counters_info;
    }
};
