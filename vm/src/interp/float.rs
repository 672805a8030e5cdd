//! Float registers.

use super::call::leave;
use super::operand::Packed;
use super::{dispatch, field, handlers, resume};
use crate::heap::Build as _;
use crate::proc::exception::Exception;
use crate::term::Integer;

/// An operation on two floats.
pub(crate) trait FloatOperator {
    /// The result, perhaps not finite.
    fn apply(a: f64, b: f64) -> f64;
}

macro_rules! float_operators {
    ($($type:ident $op:tt;)*) => {
        $(
            #[doc = concat!("Float operator ", stringify!($op), ".")]
            pub(crate) struct $type;
            impl FloatOperator for $type {
                #[inline(always)]
                fn apply(a: f64, b: f64) -> f64 { a $op b }
            }
        )*
    };
}

float_operators! {
    FAdd +;
    FSubtract -;
    FMultiply *;
    FDivide /;
}

handlers! {
    /// `fmove` to a float register: a = register, `[packed source]` (a float).
    fn float_load(ip, c, sp, hp, reds) {
        (&mut (*c).floats)[field!(ip, 1)] = Packed(*ip.add(2)).get(c, sp).as_float().unwrap_or(0.0);
        dispatch!(ip.add(3), c, sp, hp, reds)
    }

    /// `fmove` from a float register: a = register, `[packed target]`. Room was reserved.
    fn float_store(ip, c, sp, hp, reds) {
        let value = (&(*c).floats)[field!(ip, 1)];
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let term = heap.float(value);
        Packed(*ip.add(2)).set(c, sp, term);
        resume!(ip.add(3), c, sp, heap.top, reds)
    }

    /// `fconv`: a = register, `[packed source]` (any number).
    fn float_convert(ip, c, sp, hp, reds) {
        let source = Packed(*ip.add(2)).get(c, sp);
        let value = match source.as_small() {
            Some(small) => Some(small as f64),
            None => source.as_float().or_else(|| match source.as_integer() {
                Some(Integer::Big(big)) => num_traits::ToPrimitive::to_f64(&big).filter(|value| value.is_finite()),
                Some(Integer::Small(small)) => Some(small as f64),
                None => None,
            }),
        };
        match value {
            Some(value) => {
                (&mut (*c).floats)[field!(ip, 1)] = value;
                resume!(ip.add(3), c, sp, hp, reds)
            }
            None => super::exception::raise_exception(ip, c, sp, hp, reds, Exception::badarith()),
        }
    }

    /// `fadd` and the like: a, b = sources, c = target register.
    fn float_operate<O: FloatOperator>(ip, c, sp, hp, reds) {
        let (a, b) = ((&(*c).floats)[field!(ip, 1)], (&(*c).floats)[field!(ip, 2)]);
        let value = O::apply(a, b);
        if value.is_finite() {
            (&mut (*c).floats)[field!(ip, 3)] = value;
            dispatch!(ip.add(2), c, sp, hp, reds)
        }
        super::exception::raise_exception(ip, c, sp, hp, reds, Exception::badarith())
    }

    /// `fnegate`: a = source, b = target register.
    fn float_negate(ip, c, sp, hp, reds) {
        (&mut (*c).floats)[field!(ip, 2)] = -(&(*c).floats)[field!(ip, 1)];
        dispatch!(ip.add(2), c, sp, hp, reds)
    }
}
