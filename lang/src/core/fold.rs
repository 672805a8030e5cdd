//! Arithmetic and comparison of constants at compile time.
//!
//! Only what cannot fail is folded; the rest is left to fail when it runs.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use swerl_beam::{Atom, Literal};

/// Shifts beyond this are left to run time, where memory is counted.
const MAX_SHIFT: u64 = 512;

/// The value of a guard BIF for constant operands, if it has one that is known here.
#[must_use]
pub fn bif(name: Atom, args: &[Literal]) -> Option<Literal> {
    match args {
        [a] => unary(name.as_str(), a),
        [a, b] => binary(name.as_str(), a, b),
        _ => None,
    }
}

/// Whether an arithmetic operator certainly fails for constant operands.
#[must_use]
pub fn is_bad_arithmetic(name: Atom, args: &[Literal]) -> bool {
    let is_number = |arg: &Literal| matches!(arg, Literal::Int(_) | Literal::Big(_) | Literal::Float(_));
    let is_integer = |arg: &Literal| matches!(arg, Literal::Int(_) | Literal::Big(_));
    let is_zero = |arg: &Literal| match arg {
        Literal::Int(integer) => *integer == 0,
        Literal::Float(float) => *float == 0.0,
        _ => false,
    };
    match (name.as_str(), args) {
        ("+" | "-" | "*", _) => !args.iter().all(is_number),
        ("/", [a, b]) => !is_number(a) || !is_number(b) || is_zero(b),
        ("div" | "rem", [a, b]) => !is_integer(a) || !is_integer(b) || is_zero(b),
        ("band" | "bor" | "bxor" | "bsl" | "bsr" | "bnot", _) => !args.iter().all(is_integer),
        _ => false,
    }
}

/// Whether two constants are certainly not equal (`=:=`). `0.0` and `-0.0` are equal; of strings in lists and of maps of
/// one size nothing is said.
#[must_use]
pub fn certainly_differ(a: &Literal, b: &Literal) -> bool {
    let any_differ = |a: &[Literal], b: &[Literal]| a.iter().zip(b).any(|(a, b)| certainly_differ(a, b));
    match (a, b) {
        (Literal::List(..) | Literal::Str(_), Literal::List(..) | Literal::Str(_)) => match (a, b) {
            (Literal::List(a, a_tail), Literal::List(b, b_tail)) => {
                let is_as_long = a.len() == b.len();
                any_differ(a, b) || (is_as_long && certainly_differ(a_tail, b_tail))
            }
            (Literal::Str(a), Literal::Str(b)) => a != b,
            _ => false,
        },
        (Literal::Tuple(a), Literal::Tuple(b)) => a.len() != b.len() || any_differ(a, b),
        (Literal::Map(a), Literal::Map(b)) => a.len() != b.len(),
        _ => a != b,
    }
}

fn boolean(value: bool) -> Literal {
    Literal::atom(if value { "true" } else { "false" })
}

fn as_boolean(literal: &Literal) -> Option<bool> {
    match literal {
        Literal::Atom(atom) if atom.as_str() == "true" => Some(true),
        Literal::Atom(atom) if atom.as_str() == "false" => Some(false),
        _ => None,
    }
}

fn as_integer(literal: &Literal) -> Option<BigInt> {
    match literal {
        Literal::Int(integer) => Some(BigInt::from(*integer)),
        Literal::Big(integer) => Some(integer.clone()),
        _ => None,
    }
}

fn as_float(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Float(float) => Some(*float),
        // Larger integers may not be representable: rounding is left to the machine.
        Literal::Int(integer) => integer.to_f64().filter(|_| integer.unsigned_abs() < 1 << 53),
        _ => None,
    }
}

fn integer(value: BigInt) -> Literal {
    Literal::integer(value)
}

fn float(value: f64) -> Option<Literal> {
    value.is_finite().then_some(Literal::Float(value))
}

fn unary(name: &str, a: &Literal) -> Option<Literal> {
    if name == "not" {
        return as_boolean(a).map(|value| boolean(!value));
    }
    if let Some(value) = as_integer(a) {
        return match name {
            "+" => Some(integer(value)),
            "-" => Some(integer(-value)),
            "bnot" => Some(integer(!value)),
            "abs" => Some(integer(value.abs())),
            _ => None,
        };
    }
    match (name, a) {
        ("+", Literal::Float(value)) => Some(Literal::Float(*value)),
        ("-", Literal::Float(value)) => Some(Literal::Float(-value)),
        _ => None,
    }
}

fn binary(name: &str, a: &Literal, b: &Literal) -> Option<Literal> {
    if let (Some(a), Some(b)) = (as_boolean(a), as_boolean(b)) {
        match name {
            "and" => return Some(boolean(a && b)),
            "or" => return Some(boolean(a || b)),
            "xor" => return Some(boolean(a != b)),
            _ => {}
        }
    }
    if let (Literal::Atom(a), Literal::Atom(b)) = (a, b) {
        return match name {
            "=:=" | "==" => Some(boolean(a == b)),
            "=/=" | "/=" => Some(boolean(a != b)),
            _ => None,
        };
    }
    if let (Some(a), Some(b)) = (as_integer(a), as_integer(b)) {
        return integers(name, &a, &b);
    }
    if !matches!(a, Literal::Float(_)) && !matches!(b, Literal::Float(_)) && name != "/" {
        return None;
    }
    let (a, b) = (as_float(a)?, as_float(b)?);
    match name {
        "+" => float(a + b),
        "-" => float(a - b),
        "*" => float(a * b),
        "/" if b != 0.0 => float(a / b),
        _ => None,
    }
}

fn integers(name: &str, a: &BigInt, b: &BigInt) -> Option<Literal> {
    match name {
        "+" => Some(integer(a + b)),
        "-" => Some(integer(a - b)),
        "*" => Some(integer(a * b)),
        // Both truncate towards zero, as Erlang does.
        "div" if !b.is_zero() => Some(integer(a / b)),
        "rem" if !b.is_zero() => Some(integer(a % b)),
        "/" => binary("/", &Literal::Float(as_float(&integer(a.clone()))?), &integer(b.clone())),
        "band" => Some(integer(a & b)),
        "bor" => Some(integer(a | b)),
        "bxor" => Some(integer(a ^ b)),
        "bsl" | "bsr" => {
            let is_left = (name == "bsl") != b.is_negative();
            let by = b.abs().to_u64().filter(|&by| by <= MAX_SHIFT)?;
            Some(integer(if is_left { a << by } else { a >> by }))
        }
        "=:=" | "==" => Some(boolean(a == b)),
        "=/=" | "/=" => Some(boolean(a != b)),
        "<" => Some(boolean(a < b)),
        "=<" => Some(boolean(a <= b)),
        ">" => Some(boolean(a > b)),
        ">=" => Some(boolean(a >= b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(name: &str, args: &[i64]) -> Option<Literal> {
        let args: Vec<Literal> = args.iter().map(|&arg| Literal::Int(arg)).collect();
        bif(Atom::new(name), &args)
    }

    #[test]
    fn integers_fold_exactly() {
        assert_eq!(fold("-", &[3, 5]), Some(Literal::Int(-2)));
        assert_eq!(fold("div", &[-7, 2]), Some(Literal::Int(-3)));
        assert_eq!(fold("rem", &[-7, 2]), Some(Literal::Int(-1)));
        assert_eq!(fold("div", &[1, 0]), None);
        assert_eq!(fold("bsr", &[-1, 3]), Some(Literal::Int(-1)));
        assert_eq!(fold("bsl", &[1, 3]), Some(Literal::Int(8)));
        assert_eq!(fold("/", &[1, 2]), Some(Literal::Float(0.5)));
        assert_eq!(fold("*", &[i64::MAX, 2]), Some(Literal::Big(BigInt::from(i64::MAX) * 2)));
    }
}
