//! Arithmetic on numbers of all kinds.

use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, Heap};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

type Result = std::result::Result<Term, Exception>;

/// Largest shift to the left, and size of result: 2^26 bits, as in OTP (`system_limit` beyond).
const MAX_BITS: u64 = (1 << 26) - 64;

/// A number, taken out of its term.
enum Number {
    Integer(Integer),
    Float(f64),
}

fn number(term: Term) -> Option<Number> {
    match term.as_float() {
        Some(value) => Some(Number::Float(value)),
        None => term.as_integer().map(Number::Integer),
    }
}

fn to_float(integer: Integer) -> Option<f64> {
    integer.to_float()
}

/// Applies one of two functions, by whether a float is among the operands.
fn mixed(
    heap: &mut Heap,
    a: Term,
    b: Term,
    integers: fn(BigInt, BigInt) -> BigInt,
    floats: fn(f64, f64) -> f64,
) -> Result {
    let (Some(x), Some(y)) = (number(a), number(b)) else { return Err(Exception::badarith()) };
    let (x, y) = match (x, y) {
        (Number::Integer(x), Number::Integer(y)) => {
            return sized(heap, &integers(x.into_big(), y.into_big()));
        }
        (Number::Float(x), Number::Float(y)) => (Some(x), Some(y)),
        (Number::Integer(x), Number::Float(y)) => (to_float(x), Some(y)),
        (Number::Float(x), Number::Integer(y)) => (Some(x), to_float(y)),
    };
    match (x, y) {
        (Some(x), Some(y)) => finite(heap, floats(x, y)),
        _ => Err(Exception::badarith()),
    }
}

fn finite(heap: &mut Heap, value: f64) -> Result {
    if value.is_finite() { Ok(heap.float(value)) } else { Err(Exception::badarith()) }
}

fn sized(heap: &mut Heap, value: &BigInt) -> Result {
    if value.bits() > MAX_BITS { Err(Exception::system_limit()) } else { Ok(heap.big(value)) }
}

/// `+`.
pub(crate) fn add(heap: &mut Heap, a: Term, b: Term) -> Result {
    mixed(heap, a, b, |x, y| x + y, |x, y| x + y)
}

/// `-`.
pub(crate) fn subtract(heap: &mut Heap, a: Term, b: Term) -> Result {
    mixed(heap, a, b, |x, y| x - y, |x, y| x - y)
}

/// `*`.
pub(crate) fn multiply(heap: &mut Heap, a: Term, b: Term) -> Result {
    if let (Some((_, x)), Some((_, y))) = (a.as_big_limbs(), b.as_big_limbs())
        && (x.len() + y.len()) as u64 * 64 > MAX_BITS + 128
    {
        return Err(Exception::system_limit());
    }
    mixed(heap, a, b, |x, y| x * y, |x, y| x * y)
}

/// `/`.
pub(crate) fn divide(heap: &mut Heap, a: Term, b: Term) -> Result {
    let float = |term| match number(term) {
        Some(Number::Float(value)) => Some(value),
        Some(Number::Integer(value)) => to_float(value),
        None => None,
    };
    match (float(a), float(b)) {
        (Some(x), Some(y)) if y != 0.0 => finite(heap, x / y),
        _ => Err(Exception::badarith()),
    }
}

fn integers(a: Term, b: Term) -> std::result::Result<(BigInt, BigInt), Exception> {
    match (a.as_integer(), b.as_integer()) {
        (Some(x), Some(y)) => Ok((x.into_big(), y.into_big())),
        _ => Err(Exception::badarith()),
    }
}

/// `div`: towards zero.
pub(crate) fn div(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    if y.is_zero() { Err(Exception::badarith()) } else { Ok(heap.big(&(x / y))) }
}

/// `rem`: with the sign of the dividend.
pub(crate) fn rem(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    if y.is_zero() { Err(Exception::badarith()) } else { Ok(heap.big(&(x % y))) }
}

/// `band`.
pub(crate) fn band(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    Ok(heap.big(&(x & y)))
}

/// `bor`.
pub(crate) fn bor(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    Ok(heap.big(&(x | y)))
}

/// `bxor`.
pub(crate) fn bxor(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    Ok(heap.big(&(x ^ y)))
}

fn shift(heap: &mut Heap, value: BigInt, left: &BigInt) -> Result {
    if value.is_zero() || left.is_zero() {
        return Ok(heap.big(&value));
    }
    if left.is_positive() {
        return match left.to_u64() {
            Some(count) if count + value.bits() <= MAX_BITS => Ok(heap.big(&(value << count))),
            _ => Err(Exception::system_limit()),
        };
    }
    match (-left).to_u64() {
        Some(count) if count <= value.bits() => {
            // Rounds down, as two's complement does.
            Ok(heap.big(&value.div_floor(&(BigInt::from(1) << count))))
        }
        _ => Ok(Term::small(if value.is_negative() { -1 } else { 0 })),
    }
}

/// `bsl`.
pub(crate) fn bsl(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    shift(heap, x, &y)
}

/// `bsr`.
pub(crate) fn bsr(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    shift(heap, x, &-y)
}

macro_rules! operator_functions {
    ($($native:ident => $operator:ident;)*) => {
        $(fn $native(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            Ok($operator(&mut ctx.process.heap, args[0], args[1])?)
        })*
    };
}

operator_functions! {
    native_add => add;
    native_subtract => subtract;
    native_multiply => multiply;
    native_divide => divide;
    native_div => div;
    native_rem => rem;
    native_band => band;
    native_bor => bor;
    native_bxor => bxor;
    native_bsl => bsl;
    native_bsr => bsr;
}

fn bnot(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match args[0].as_integer() {
        Some(Integer::Small(value)) => Ok(Term::small(!value)),
        Some(Integer::Big(value)) => Ok(ctx.process.heap.big(&!value)),
        None => Err(Exception::badarith().into()),
    }
}

/// Unary `+` adds zero, which turns `-0.0` into `0.0`.
fn plus(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match number(args[0]) {
        Some(Number::Float(value)) => Ok(ctx.process.heap.float(value + 0.0)),
        Some(Number::Integer(_)) => Ok(args[0]),
        None => Err(Exception::badarith().into()),
    }
}

fn minus(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match number(args[0]) {
        Some(Number::Float(value)) => Ok(ctx.process.heap.float(-value)),
        Some(Number::Integer(value)) => Ok(ctx.process.heap.big(&-value.into_big())),
        None => Err(Exception::badarith().into()),
    }
}

fn abs(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match number(args[0]) {
        // `-0.0` is not less than zero, and stays.
        Some(Number::Float(value)) => Ok(ctx.process.heap.float(if value < 0.0 { -value } else { value })),
        Some(Number::Integer(value)) => Ok(ctx.process.heap.big(&value.into_big().abs())),
        None => Err(Exception::badarg().into()),
    }
}

fn float(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match number(args[0]) {
        Some(Number::Float(_)) => Ok(args[0]),
        Some(Number::Integer(value)) => match to_float(value) {
            Some(value) => Ok(ctx.process.heap.float(value)),
            None => Err(Exception::badarg().into()),
        },
        None => Err(Exception::badarg().into()),
    }
}

/// Rounds a float to an integer by `how`; an integer stays.
fn rounded(ctx: &mut NativeContext<'_>, term: Term, how: fn(f64) -> f64) -> NativeResult {
    match number(term) {
        Some(Number::Integer(_)) => Ok(term),
        Some(Number::Float(value)) => {
            let value = how(value);
            match <BigInt as num_traits::FromPrimitive>::from_f64(value) {
                Some(integer) => Ok(ctx.process.heap.big(&integer)),
                None => Err(Exception::badarg().into()),
            }
        }
        None => Err(Exception::badarg().into()),
    }
}

fn trunc(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    rounded(ctx, args[0], f64::trunc)
}

fn round(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    rounded(ctx, args[0], f64::round)
}

fn floor(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    rounded(ctx, args[0], f64::floor)
}

fn ceil(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    rounded(ctx, args[0], f64::ceil)
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "+"/1 => plus;
        "+"/2 => native_add;
        "-"/1 => minus;
        "-"/2 => native_subtract;
        "*"/2 => native_multiply;
        "/"/2 => native_divide;
        "div"/2 => native_div;
        "rem"/2 => native_rem;
        "band"/2 => native_band;
        "bor"/2 => native_bor;
        "bxor"/2 => native_bxor;
        "bnot"/1 => bnot;
        "bsl"/2 => native_bsl;
        "bsr"/2 => native_bsr;
        "abs"/1 => abs;
        "float"/1 => float;
        "trunc"/1 => trunc;
        "round"/1 => round;
        "floor"/1 => floor;
        "ceil"/1 => ceil;
    }
};
