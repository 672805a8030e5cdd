//! Modules `atomics` and `counters`: arrays of integers that processes share.

use super::argument::{self, index, name_of, named};
use super::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, map as heap_map};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use hashbrown::HashMap;
use num_bigint::BigInt;
use num_traits::ToPrimitive as _;
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// An array.
#[derive(Debug)]
struct Array {
    cells: Box<[AtomicI64]>,
    signed: bool,
}

/// The arrays of a machine, by the numbers of their references. They stay as long as the machine.
#[derive(Debug, Default)]
pub(crate) struct Arrays(RwLock<HashMap<u64, Arc<Array>>>);

fn make(ctx: &mut NativeContext<'_>, size: Term, signed: bool) -> Result<Term, Exception> {
    let size = index(size)?;
    if size == 0 {
        return Err(Exception::badarg());
    }
    if size > 1 << 36 {
        return Err(Exception::system_limit());
    }
    let cells = (0..size).map(|_| AtomicI64::new(0)).collect();
    let number = ctx.vm.next_reference();
    ctx.vm.natives.arrays.0.write().insert(number, Arc::new(Array { cells, signed }));
    Ok(ctx.process.heap.reference(number, None))
}

/// The array of an atomics reference, or of a counters tuple around one.
fn array(ctx: &NativeContext<'_>, term: Term) -> Result<Arc<Array>, Exception> {
    let reference = match term.as_tuple() {
        Some(&[kind, reference]) if matches!(name_of(kind), "atomics" | "write_concurrency") => reference,
        _ => term,
    };
    let number = reference.as_ref_number().ok_or_else(Exception::badarg)?;
    ctx.vm.natives.arrays.0.read().get(&number).cloned().ok_or_else(Exception::badarg)
}

/// The array to subtract from; a subtrahend that is not a number is a fault of arithmetic.
fn without(ctx: &NativeContext<'_>, args: &[Term]) -> Result<Arc<Array>, Exception> {
    if args[2].is_number() { array(ctx, args[0]) } else { Err(Exception::badarith()) }
}

impl Array {
    fn cell(&self, at: Term) -> Result<&AtomicI64, Exception> {
        index(at)?.checked_sub(1).and_then(|at| self.cells.get(at)).ok_or_else(Exception::badarg)
    }

    /// An integer as 64 bits of this array's kind.
    fn value(&self, term: Term) -> Result<i64, Exception> {
        if self.signed {
            term.as_i64().ok_or_else(Exception::badarg)
        } else {
            term.as_u64().map(u64::cast_signed).ok_or_else(Exception::badarg)
        }
    }

    fn term(&self, ctx: &mut NativeContext<'_>, value: i64) -> Term {
        if self.signed {
            ctx.process.heap.integer(value)
        } else {
            ctx.process.heap.unsigned(value.cast_unsigned())
        }
    }
}

/// An increment: any integer of 64 bits, signed or not.
fn increment(term: Term) -> Result<i64, Exception> {
    term.as_i64().or_else(|| term.as_u64().map(u64::cast_signed)).ok_or_else(Exception::badarg)
}

const OK: Term = Term::atom(crate::atom::OK);

fn atomics_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut signed = true;
    for option in argument::list(args[1])? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "signed" => {
                signed = value.as_bool().ok_or_else(Exception::badarg)?;
            }
            _ => return Err(argument::badopt().into()),
        }
    }
    Ok(make(ctx, args[0], signed)?)
}

fn get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    let value = array.cell(args[1])?.load(SeqCst);
    Ok(array.term(ctx, value))
}

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    array.cell(args[1])?.store(array.value(args[2])?, SeqCst);
    Ok(OK)
}

fn add(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    array.cell(args[1])?.fetch_add(increment(args[2])?, SeqCst);
    Ok(OK)
}

fn sub(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = without(ctx, args)?;
    array.cell(args[1])?.fetch_sub(increment(args[2])?, SeqCst);
    Ok(OK)
}

fn add_get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    let by = increment(args[2])?;
    let value = array.cell(args[1])?.fetch_add(by, SeqCst).wrapping_add(by);
    Ok(array.term(ctx, value))
}

fn sub_get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = without(ctx, args)?;
    let by = increment(args[2])?;
    let value = array.cell(args[1])?.fetch_sub(by, SeqCst).wrapping_sub(by);
    Ok(array.term(ctx, value))
}

fn exchange(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    let value = array.cell(args[1])?.swap(array.value(args[2])?, SeqCst);
    Ok(array.term(ctx, value))
}

fn compare_exchange(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    let (expected, desired) = (array.value(args[2])?, array.value(args[3])?);
    match array.cell(args[1])?.compare_exchange(expected, desired, SeqCst, SeqCst) {
        Ok(_) => Ok(OK),
        Err(actual) => Ok(array.term(ctx, actual)),
    }
}

fn atomics_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let array = array(ctx, args[0])?;
    let (least, most) = if array.signed {
        (BigInt::from(i64::MIN), BigInt::from(i64::MAX))
    } else {
        (BigInt::from(0), BigInt::from(u64::MAX))
    };
    let heap = &mut ctx.process.heap;
    let size = array.cells.len() as i64;
    let pairs = [
        (named("max"), heap.big(&most)),
        (named("memory"), Term::small(size * 8 + 40)),
        (named("min"), heap.big(&least)),
        (named("size"), Term::small(size)),
    ];
    Ok(heap_map::from_pairs(heap, &pairs))
}

fn counters_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut kind = "atomics";
    for option in argument::list(args[1])? {
        kind = match name_of(option) {
            "atomics" => "atomics",
            "write_concurrency" => "write_concurrency",
            _ => return Err(argument::badopt().into()),
        };
    }
    let reference = make(ctx, args[0], true)?;
    Ok(ctx.process.heap.tuple(&[named(kind), reference]))
}

/// Are these counters a plain array? That one has bounds.
fn is_plain(counters: Term) -> bool {
    matches!(counters.as_tuple(), Some(&[kind, _]) if name_of(kind) == "atomics")
}

fn counters_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_plain(args[0]) {
        return atomics_info(ctx, args);
    }
    let size = array(ctx, args[0])?.cells.len() as i64;
    let pairs = [(named("memory"), Term::small(size * 8 + 40)), (named("size"), Term::small(size))];
    Ok(heap_map::from_pairs(&mut ctx.process.heap, &pairs))
}

/// Counters written by many at a time take any integer and keep its low 64 bits.
fn counters_put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_plain(args[0]) {
        return put(ctx, args);
    }
    let array = array(ctx, args[0])?;
    array.cell(args[1])?.store(low_bits(args[2])?, SeqCst);
    Ok(OK)
}

fn low_bits(term: Term) -> Result<i64, Exception> {
    if let Ok(value) = increment(term) {
        return Ok(value);
    }
    let value = term.as_integer().ok_or_else(Exception::badarg)?.into_big();
    let modulus = BigInt::from(1u128 << 64);
    let low = num_integer::Integer::mod_floor(&value, &modulus);
    low.to_u64().map(u64::cast_signed).ok_or_else(Exception::badarg)
}

pub(super) const NATIVES: &[Native] = natives! {
    "atomics" {
        "new"/2 => atomics_new;
        "get"/2 => get;
        "put"/3 => put;
        "add"/3 => add;
        "sub"/3 => sub;
        "add_get"/3 => add_get;
        "sub_get"/3 => sub_get;
        "exchange"/3 => exchange;
        "compare_exchange"/4 => compare_exchange;
        "info"/1 => atomics_info;
    }
    "counters" {
        "new"/2 => counters_new;
        "get"/2 => get;
        "put"/3 => counters_put;
        "add"/3 => add;
        "sub"/3 => sub;
        "info"/1 => counters_info;
    }
};
