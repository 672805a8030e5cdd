//! Module `math`.

use super::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::math as c;
use crate::term::Term;

/// The value of a number as a float; `badarith` for an integer too large, `badarg` for no number.
fn float(term: Term) -> Result<f64, Exception> {
    if let Some(value) = term.as_float() {
        return Ok(value);
    }
    term.as_integer().ok_or_else(Exception::badarg)?.to_float().ok_or_else(Exception::badarith)
}

fn answer(ctx: &mut NativeContext<'_>, value: f64) -> NativeResult {
    if value.is_finite() { Ok(ctx.process.heap.float(value)) } else { Err(Exception::badarith().into()) }
}

macro_rules! functions {
    ($($native:ident => $function:expr;)*) => {
        $(fn $native(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let function: fn(f64) -> f64 = $function;
            answer(ctx, function(float(args[0])?))
        })*
    };
}

functions! {
    sin => f64::sin;
    cos => f64::cos;
    tan => f64::tan;
    asin => f64::asin;
    acos => f64::acos;
    atan => f64::atan;
    sinh => f64::sinh;
    cosh => f64::cosh;
    tanh => f64::tanh;
    asinh => |x| c::asinh(x);
    acosh => |x| c::acosh(x);
    atanh => |x| c::atanh(x);
    exp => f64::exp;
    log => f64::ln;
    log2 => f64::log2;
    log10 => f64::log10;
    sqrt => f64::sqrt;
    erf => |x| c::erf(x);
    erfc => |x| c::erfc(x);
    ceil => f64::ceil;
    floor => f64::floor;
}

fn atan2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    answer(ctx, float(args[0])?.atan2(float(args[1])?))
}

fn pow(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    answer(ctx, float(args[0])?.powf(float(args[1])?))
}

fn fmod(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    answer(ctx, float(args[0])? % float(args[1])?)
}

fn pi(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    answer(ctx, std::f64::consts::PI)
}

pub(super) const NATIVES: &[Native] = natives! {
    "math" {
        "sin"/1 => sin;
        "cos"/1 => cos;
        "tan"/1 => tan;
        "asin"/1 => asin;
        "acos"/1 => acos;
        "atan"/1 => atan;
        "sinh"/1 => sinh;
        "cosh"/1 => cosh;
        "tanh"/1 => tanh;
        "asinh"/1 => asinh;
        "acosh"/1 => acosh;
        "atanh"/1 => atanh;
        "exp"/1 => exp;
        "log"/1 => log;
        "log2"/1 => log2;
        "log10"/1 => log10;
        "sqrt"/1 => sqrt;
        "erf"/1 => erf;
        "erfc"/1 => erfc;
        "ceil"/1 => ceil;
        "floor"/1 => floor;
        "atan2"/2 => atan2;
        "pow"/2 => pow;
        "fmod"/2 => fmod;
        "pi"/0 => pi;
    }
};
