//! Checksums: MD5, CRC-32, Adler-32.

use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use md5::digest::common::hazmat::{SerializableState as _, SerializedState};
use md5::{Digest as _, Md5};

/// The bytes of an iolist, charged for.
fn input(ctx: &mut NativeContext<'_>, data: Term) -> Result<Vec<u8>, Exception> {
    let bytes = iodata::to_bytes(data)?;
    ctx.charge(bytes.len() / 256);
    Ok(bytes)
}

fn sum(term: Term) -> Result<u32, Exception> {
    term.as_small().and_then(|sum| u32::try_from(sum).ok()).ok_or_else(Exception::badarg)
}

fn md5(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = input(ctx, args[0])?;
    Ok(ctx.process.heap.binary(&Md5::digest(bytes)))
}

/// The state of a digest under way, as a program holds it.
fn md5_state(term: Term) -> Result<Md5, Exception> {
    let bytes = term.as_binary().ok_or_else(Exception::badarg)?;
    let state: &SerializedState<Md5> = (&bytes[..]).try_into().map_err(|_| Exception::badarg())?;
    Md5::deserialize(state).map_err(|_| Exception::badarg())
}

fn md5_init(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(ctx.process.heap.binary(&Md5::new().serialize()))
}

fn md5_update(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut digest = md5_state(args[0])?;
    digest.update(input(ctx, args[1])?);
    Ok(ctx.process.heap.binary(&digest.serialize()))
}

fn md5_final(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let digest = md5_state(args[0])?;
    Ok(ctx.process.heap.binary(&digest.finalize()))
}

fn crc32_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = input(ctx, args[0])?;
    Ok(Term::small(i64::from(crc32fast::hash(&bytes))))
}

fn crc32_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut hasher = crc32fast::Hasher::new_with_initial(sum(args[0])?);
    hasher.update(&input(ctx, args[1])?);
    Ok(Term::small(i64::from(hasher.finalize())))
}

fn crc32_combine(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (first, second) = (sum(args[0])?, sum(args[1])?);
    let length = args[2].as_u64().ok_or_else(Exception::badarg)?;
    if length == 0 {
        return Ok(Term::small(i64::from(first ^ second)));
    }
    let mut hasher = crc32fast::Hasher::new_with_initial(first);
    hasher.combine(&crc32fast::Hasher::new_with_initial_len(second, length));
    Ok(Term::small(i64::from(hasher.finalize())))
}

/// The modulus of Adler-32: the largest prime below 2^16.
const ADLER: u32 = 65521;

fn adler(start: u32, bytes: &[u8]) -> Term {
    let (mut low, mut high) = (start & 0xffff, start >> 16);
    // So many bytes cannot overflow 32 bits.
    for chunk in bytes.chunks(5552) {
        for &byte in chunk {
            low += u32::from(byte);
            high += low;
        }
        low %= ADLER;
        high %= ADLER;
    }
    Term::small(i64::from(high << 16 | low))
}

fn adler32_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(adler(1, &input(ctx, args[0])?))
}

fn adler32_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let start = sum(args[0])?;
    Ok(adler(start, &input(ctx, args[1])?))
}

fn adler32_combine(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (first, second) = (u64::from(sum(args[0])?), u64::from(sum(args[1])?));
    let modulus = u64::from(ADLER);
    let length = args[2].as_u64().ok_or_else(Exception::badarg)? % modulus;
    let low = (first & 0xffff) + (second & 0xffff) + modulus - 1;
    let high = (first >> 16) + (second >> 16) + (first & 0xffff) * length + modulus - length;
    Ok(Term::small(((high % modulus) << 16 | (low % modulus)) as i64))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "md5"/1 => md5;
        "md5_init"/0 => md5_init;
        "md5_update"/2 => md5_update;
        "md5_final"/1 => md5_final;
        "crc32"/1 => crc32_1;
        "crc32"/2 => crc32_2;
        "crc32_combine"/3 => crc32_combine;
        "adler32"/1 => adler32_1;
        "adler32"/2 => adler32_2;
        "adler32_combine"/3 => adler32_combine;
    }
};
