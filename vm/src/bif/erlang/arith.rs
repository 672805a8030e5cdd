//! Arithmetic on numbers of all kinds.

use super::limbs::{self, Limbs, View};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, Heap};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};
use num_bigint::BigInt;

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

/// Sign and magnitude of a result.
type Signed = (bool, Limbs);

/// Applies one of two functions, by whether a float is among the operands.
fn mixed(
    heap: &mut Heap,
    a: Term,
    b: Term,
    integers: fn(&View<'_>, &View<'_>) -> Signed,
    floats: fn(f64, f64) -> f64,
) -> Result {
    if let (Some(x), Some(y)) = (View::of(a), View::of(b)) {
        return sized(heap, &integers(&x, &y));
    }
    let (Some(x), Some(y)) = (number(a), number(b)) else { return Err(Exception::badarith()) };
    let float = |number| match number {
        Number::Integer(value) => to_float(value),
        Number::Float(value) => Some(value),
    };
    match (float(x), float(y)) {
        (Some(x), Some(y)) => finite(heap, floats(x, y)),
        _ => Err(Exception::badarith()),
    }
}

fn finite(heap: &mut Heap, value: f64) -> Result {
    if value.is_finite() { Ok(heap.float(value)) } else { Err(Exception::badarith()) }
}

fn sized(heap: &mut Heap, (negative, limbs): &Signed) -> Result {
    if limbs::bits(limbs) > MAX_BITS {
        return Err(Exception::system_limit());
    }
    Ok(heap.magnitude(*negative, limbs))
}

/// `+`.
pub(crate) fn add(heap: &mut Heap, a: Term, b: Term) -> Result {
    mixed(heap, a, b, |x, y| limbs::sum(x, y, false), |x, y| x + y)
}

/// `-`.
pub(crate) fn subtract(heap: &mut Heap, a: Term, b: Term) -> Result {
    mixed(heap, a, b, |x, y| limbs::sum(x, y, true), |x, y| x - y)
}

/// `*`.
pub(crate) fn multiply(heap: &mut Heap, a: Term, b: Term) -> Result {
    if let (Some((_, x)), Some((_, y))) = (a.as_big_limbs(), b.as_big_limbs())
        && (x.len() + y.len()) as u64 * 64 > MAX_BITS + 128
    {
        return Err(Exception::system_limit());
    }
    let integers =
        |x: &View<'_>, y: &View<'_>| (x.negative != y.negative, limbs::product(x.magnitude(), y.magnitude()));
    mixed(heap, a, b, integers, |x, y| x * y)
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

fn integers<'a>(a: Term, b: Term) -> std::result::Result<(View<'a>, View<'a>), Exception> {
    match (View::of(a), View::of(b)) {
        (Some(x), Some(y)) => Ok((x, y)),
        _ => Err(Exception::badarith()),
    }
}

/// `div`: towards zero.
pub(crate) fn div(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    if y.is_zero() {
        return Err(Exception::badarith());
    }
    Ok(heap.magnitude(x.negative != y.negative, &limbs::divide(x.magnitude(), y.magnitude()).0))
}

/// `rem`: with the sign of the dividend.
pub(crate) fn rem(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    if y.is_zero() {
        return Err(Exception::badarith());
    }
    Ok(heap.magnitude(x.negative, &limbs::divide(x.magnitude(), y.magnitude()).1))
}

fn bitwise(heap: &mut Heap, a: Term, b: Term, operator: impl Fn(u64, u64) -> u64 + Copy) -> Result {
    let (x, y) = integers(a, b)?;
    let (negative, limbs) = limbs::bitwise(&x, &y, operator);
    Ok(heap.magnitude(negative, &limbs))
}

/// `band`.
pub(crate) fn band(heap: &mut Heap, a: Term, b: Term) -> Result {
    bitwise(heap, a, b, |x, y| x & y)
}

/// `bor`.
pub(crate) fn bor(heap: &mut Heap, a: Term, b: Term) -> Result {
    bitwise(heap, a, b, |x, y| x | y)
}

/// `bxor`.
pub(crate) fn bxor(heap: &mut Heap, a: Term, b: Term) -> Result {
    bitwise(heap, a, b, |x, y| x ^ y)
}

/// Shifts `term`, which is an integer seen as `value`.
fn shift(heap: &mut Heap, term: Term, value: &View<'_>, by: &View<'_>, left: bool) -> Result {
    let magnitude = value.magnitude();
    if magnitude.is_empty() || by.is_zero() {
        return Ok(term);
    }
    let count = match *by.magnitude() {
        [count] => Some(count),
        _ => None,
    };
    let size = limbs::bits(magnitude);
    if left != by.negative {
        return match count {
            Some(count) if count <= MAX_BITS && count + size <= MAX_BITS => {
                Ok(heap.magnitude(value.negative, &limbs::shifted_left(magnitude, count)))
            }
            _ => Err(Exception::system_limit()),
        };
    }
    match count {
        Some(count) if count <= size => {
            let (negative, limbs) = limbs::shift_right(value, count);
            Ok(heap.magnitude(negative, &limbs))
        }
        _ => Ok(Term::small(if value.negative { -1 } else { 0 })),
    }
}

/// `bsl`.
pub(crate) fn bsl(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    shift(heap, a, &x, &y, true)
}

/// `bsr`.
pub(crate) fn bsr(heap: &mut Heap, a: Term, b: Term) -> Result {
    let (x, y) = integers(a, b)?;
    shift(heap, a, &x, &y, false)
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
    Ok(bitwise(&mut ctx.process.heap, args[0], Term::small(-1), |x, y| x ^ y)?)
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
        Some(Number::Integer(_)) => Ok(subtract(&mut ctx.process.heap, Term::small(0), args[0])?),
        None => Err(Exception::badarith().into()),
    }
}

fn abs(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match number(args[0]) {
        // `-0.0` is not less than zero, and stays.
        Some(Number::Float(value)) => Ok(ctx.process.heap.float(if value < 0.0 { -value } else { value })),
        Some(Number::Integer(_)) => match View::of(args[0]) {
            Some(value) if value.negative => Ok(ctx.process.heap.magnitude(false, value.magnitude())),
            _ => Ok(args[0]),
        },
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
            if value.abs() < 9.2e18 {
                return Ok(ctx.process.heap.integer(value as i64));
            }
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
