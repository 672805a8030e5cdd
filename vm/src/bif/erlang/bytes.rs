//! Binaries and byte lists: taking apart, putting together.

use crate::bif::argument::bytes;
use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

fn binary(ctx: &mut NativeContext<'_>, bytes: Vec<u8>) -> Term {
    ctx.charge(bytes.len() / 512);
    ctx.process.heap.binary_from(bytes.into_boxed_slice())
}

fn list_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_list() {
        return Err(Exception::badarg().into());
    }
    let bytes = iodata::to_bytes(args[0])?;
    Ok(binary(ctx, bytes))
}

fn iolist_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0].is_binary() {
        return Ok(args[0]);
    }
    let bytes = iodata::to_bytes(args[0])?;
    Ok(binary(ctx, bytes))
}

fn iolist_to_iovec(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let binary = iolist_to_binary(ctx, args)?;
    if binary.as_bits().is_none_or(|bits| bits.size == 0) {
        return Ok(Term::NIL);
    }
    Ok(ctx.process.heap.cons(binary, Term::NIL))
}

fn iolist_size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = iodata::size(args[0])?;
    ctx.charge(size / 1024);
    Ok(Term::small(size as i64))
}

fn list_to_bitstring(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_list() {
        return Err(Exception::badarg().into());
    }
    let (bytes, bits) = iodata::to_bits(args[0])?.into_parts();
    Ok(ctx.process.heap.bit_string(&bytes, bits))
}

fn binary_to_list_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    ctx.charge(bytes.len() / 64);
    Ok(ctx.process.heap.byte_list(&bytes))
}

fn binary_to_list_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    match (args[1].as_usize(), args[2].as_usize()) {
        (Some(from), Some(to)) if from >= 1 && from <= bytes.len() && to >= from && to <= bytes.len() => {
            Ok(ctx.process.heap.byte_list(&bytes[from - 1..to]))
        }
        _ => Err(Exception::badarg().into()),
    }
}

fn bitstring_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bits = args[0].as_bits().ok_or_else(Exception::badarg)?;
    let bytes = bits.to_bytes();
    let whole = bits.size / 8;
    ctx.charge(whole / 64);
    let heap = &mut ctx.process.heap;
    let tail = if bits.size % 8 == 0 {
        Term::NIL
    } else {
        let last = heap.part(args[0], whole * 8, bits.size % 8);
        heap.cons(last, Term::NIL)
    };
    let elements: Vec<Term> = bytes[..whole].iter().map(|&byte| Term::small(i64::from(byte))).collect();
    Ok(heap.list_with_tail(&elements, tail))
}

/// The part of a binary from byte `start`, `length` bytes forwards (or backwards, if it is negative).
pub(crate) fn part_of(
    ctx: &mut NativeContext<'_>,
    binary: Term,
    start: Term,
    length: Term,
) -> Result<Term, Exception> {
    let size = binary.as_bits().ok_or_else(Exception::badarg)?.size / 8;
    let (Some(start), Some(length)) = (start.as_usize(), length.as_small()) else {
        return Err(Exception::badarg());
    };
    let amount = usize::try_from(length.unsigned_abs()).map_err(|_| Exception::badarg())?;
    let from = if length < 0 { start.checked_sub(amount) } else { Some(start) };
    match from {
        Some(from) if start <= size && from.checked_add(amount).is_some_and(|end| end <= size) => {
            Ok(ctx.process.heap.part(binary, from * 8, amount * 8))
        }
        _ => Err(Exception::badarg()),
    }
}

fn binary_part_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match args[1].as_tuple() {
        Some(&[start, length]) => Ok(part_of(ctx, args[0], start, length)?),
        _ => Err(Exception::badarg().into()),
    }
}

fn binary_part_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(part_of(ctx, args[0], args[1], args[2])?)
}

fn split_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bits = args[0].as_bits().ok_or_else(Exception::badarg)?;
    let at = args[1]
        .as_usize()
        .and_then(|at| at.checked_mul(8))
        .filter(|&at| at <= bits.size)
        .ok_or_else(Exception::badarg)?;
    let heap = &mut ctx.process.heap;
    let first = heap.part(args[0], 0, at);
    let second = heap.part(args[0], at, bits.size - at);
    Ok(heap.tuple(&[first, second]))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "list_to_binary"/1 => list_to_binary;
        "iolist_to_binary"/1 => iolist_to_binary;
        "iolist_to_iovec"/1 => iolist_to_iovec;
        "iolist_size"/1 => iolist_size;
        "list_to_bitstring"/1 => list_to_bitstring;
        "binary_to_list"/1 => binary_to_list_1;
        "binary_to_list"/3 => binary_to_list_3;
        "bitstring_to_list"/1 => bitstring_to_list;
        "binary_part"/2 => binary_part_2;
        "binary_part"/3 => binary_part_3;
        "split_binary"/2 => split_binary;
    }
};
