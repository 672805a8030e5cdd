//! Module `binary`: parts, copies, numbers; searching is in [`super::binary_search`].

use super::argument::{bytes, index, list, name_of};
use super::erlang::bytes::part_of;
use super::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, as_terms};
use num_bigint::{BigInt, Sign};

fn at(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let byte = bytes.get(index(args[1])?).ok_or_else(Exception::badarg)?;
    Ok(Term::small(i64::from(*byte)))
}

fn first(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    Ok(Term::small(i64::from(*bytes.first().ok_or_else(Exception::badarg)?)))
}

fn last(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    Ok(Term::small(i64::from(*bytes.last().ok_or_else(Exception::badarg)?)))
}

/// The part that `{Start, Length}` or two arguments name.
fn part(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (start, length) = match (args.get(2), args[1].as_tuple()) {
        (Some(&length), _) => (args[1], length),
        (None, Some(&[start, length])) => (start, length),
        (None, _) => return Err(Exception::badarg().into()),
    };
    Ok(part_of(ctx, args[0], start, length)?)
}

fn bin_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    bytes(args[0])?;
    let binary = if args.len() == 1 { args[0] } else { part(ctx, args)? };
    let bytes = bytes(binary)?;
    ctx.charge(bytes.len() / 64);
    Ok(ctx.process.heap.byte_list(&bytes))
}

fn copy(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let count = args.get(1).map_or(Ok(1), |&term| index(term))?;
    // No copies are made of any bits; one has to be whole bytes.
    let whole;
    let bytes: &[u8] = if count == 0 && args[0].as_bits().is_some() {
        &[]
    } else {
        whole = bytes(args[0])?;
        &whole
    };
    let size = bytes.len().checked_mul(count).filter(|&size| size < 1 << 40);
    if size.is_none() {
        return Err(Exception::system_limit().into());
    }
    let copies = bytes.repeat(count);
    ctx.charge(copies.len() / 512);
    Ok(ctx.process.heap.binary_from(copies.into_boxed_slice()))
}

/// Is the least byte first?
fn is_little(order: Option<&Term>) -> Result<bool, Exception> {
    match order.map(|&term| name_of(term)) {
        None | Some("big") => Ok(false),
        Some("little") => Ok(true),
        Some(_) => Err(Exception::badarg()),
    }
}

fn encode_unsigned(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let value = args[0].as_integer().ok_or_else(Exception::badarg)?.into_big();
    if value.sign() == Sign::Minus {
        return Err(Exception::badarg().into());
    }
    let little = is_little(args.get(1))?;
    let (_, bytes) = if little { value.to_bytes_le() } else { value.to_bytes_be() };
    Ok(ctx.process.heap.binary(&bytes))
}

fn decode_unsigned(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let value = if is_little(args.get(1))? {
        BigInt::from_bytes_le(Sign::Plus, &bytes)
    } else {
        BigInt::from_bytes_be(Sign::Plus, &bytes)
    };
    Ok(ctx.process.heap.big(&value))
}

/// How many bytes all binaries of a list have in common, from one end.
fn common(binaries: Term, from_end: bool) -> NativeResult {
    let binaries = list(binaries)?.into_iter().map(bytes).collect::<Result<Vec<_>, _>>()?;
    let (first, others) = binaries.split_first().ok_or_else(Exception::badarg)?;
    let count = others.iter().fold(first.len(), |count, other| {
        let same = if from_end {
            first.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count()
        } else {
            first.iter().zip(other.iter()).take_while(|(a, b)| a == b).count()
        };
        count.min(same)
    });
    Ok(Term::small(count as i64))
}

fn longest_common_prefix(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    common(args[0], false)
}

fn longest_common_suffix(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    common(args[0], true)
}

fn referenced_byte_size(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = if args[0].is_kind(crate::term::Kind::SubBits) {
        as_terms(args[0].boxed_words())[2].whole_bytes().len()
    } else {
        bytes(args[0])?.len()
    };
    Ok(Term::small(size as i64))
}

fn list_to_bin(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_list() {
        return Err(Exception::badarg().into());
    }
    let bytes = super::iodata::to_bytes(args[0])?;
    ctx.charge(bytes.len() / 256);
    Ok(ctx.process.heap.binary_from(bytes.into_boxed_slice()))
}

pub(super) const NATIVES: &[Native] = natives! {
    "binary" {
        "at"/2 => at;
        "first"/1 => first;
        "last"/1 => last;
        "part"/2 => part;
        "part"/3 => part;
        "bin_to_list"/1 => bin_to_list;
        "bin_to_list"/2 => bin_to_list;
        "bin_to_list"/3 => bin_to_list;
        "list_to_bin"/1 => list_to_bin;
        "copy"/1 => copy;
        "copy"/2 => copy;
        "encode_unsigned"/1 => encode_unsigned;
        "encode_unsigned"/2 => encode_unsigned;
        "decode_unsigned"/1 => decode_unsigned;
        "decode_unsigned"/2 => decode_unsigned;
        "longest_common_prefix"/1 => longest_common_prefix;
        "longest_common_suffix"/1 => longest_common_suffix;
        "referenced_byte_size"/1 => referenced_byte_size;
    }
};
