//! Random bytes, comparison in constant time, and arithmetic on numbers written as bytes.

use crate::bif::argument;
use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::Zero as _;

/// Are the bytes equal? The time does not tell where they differ.
pub(super) fn equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

pub(super) fn random_bytes(size: usize) -> Result<Vec<u8>, Exception> {
    let mut bytes = vec![0; size];
    getrandom::fill(&mut bytes).map_err(|_| Exception::error(argument::named("low_entropy")))?;
    Ok(bytes)
}

fn strong_rand_bytes(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = argument::index(args[0])?;
    if size > 1 << 30 {
        return Err(Exception::badarg().into());
    }
    ctx.charge(size / 64);
    let bytes = random_bytes(size)?;
    Ok(ctx.process.heap.binary(&bytes))
}

fn hash_equals(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (one, other) = (argument::bytes(args[0])?, argument::bytes(args[1])?);
    if one.len() != other.len() {
        return Err(Exception::badarg().into());
    }
    Ok(Term::bool(equal(&one, &other)))
}

fn exor(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (mut one, other) = (iodata::to_bytes(args[0])?, iodata::to_bytes(args[1])?);
    if one.len() != other.len() {
        return Err(Exception::badarg().into());
    }
    ctx.charge(one.len() / 64);
    for (byte, other) in one.iter_mut().zip(other) {
        *byte ^= other;
    }
    Ok(ctx.process.heap.binary(&one))
}

fn integer(term: Term) -> Result<BigInt, Exception> {
    term.as_integer().map(Integer::into_big).ok_or_else(Exception::badarg)
}

/// A number from bytes or an integer; one below 0 counts by its bytes.
fn number(term: Term) -> Result<BigUint, Exception> {
    if let Some(bytes) = term.as_binary() {
        return Ok(BigUint::from_bytes_be(&bytes));
    }
    let number = integer(term)?;
    Ok(match number.sign() {
        Sign::Minus => BigUint::from_bytes_be(&number.to_signed_bytes_be()),
        _ => number.magnitude().clone(),
    })
}

fn mod_pow(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (base, exponent, modulus) = (number(args[0])?, number(args[1])?, number(args[2])?);
    if modulus.is_zero() {
        return Err(Exception::badarg().into());
    }
    let result = base.modpow(&exponent, &modulus);
    // No bytes are 0.
    let bytes = if result.is_zero() { Vec::new() } else { result.to_bytes_be() };
    Ok(ctx.process.heap.binary(&bytes))
}

fn bytes_to_integer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = argument::bytes(args[0])?;
    let number = BigInt::from(BigUint::from_bytes_be(&bytes));
    Ok(ctx.process.heap.big(&number))
}

/// A number from the first on and below the second.
fn rand_uniform(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (from, to) = (integer(args[0])?, integer(args[1])?);
    if from >= to {
        return Err(Exception::badarg().into());
    }
    let span = (&to - &from).magnitude().clone();
    // So many more bits that the remainder is even.
    let bytes = random_bytes(span.bits() as usize / 8 + 17)?;
    let number = from + BigInt::from(BigUint::from_bytes_be(&bytes) % span);
    Ok(ctx.process.heap.big(&number))
}

pub(super) const NATIVES: &[Native] = natives! {
    "crypto" {
        "strong_rand_bytes"/1 => strong_rand_bytes;
        "hash_equals"/2 => hash_equals;
        "exor"/2 => exor;
        "mod_pow"/3 = dirty => mod_pow;
        "bytes_to_integer"/1 => bytes_to_integer;
        "rand_uniform"/2 => rand_uniform;
    }
};
