//! Conditions of `-if` and `-elif`: guard expressions of constants, evaluated here and now.
//!
//! An expression that cannot be evaluated is false, as a guard that fails. What no guard may contain is a fault.

use super::Preprocessor;
use super::error::{Fault, FaultKind};
use super::expand::expand_arguments;
use super::macros::Macros;
use crate::ast::{BinaryOp, Expr, ExprKind, FunctionName, MapFieldKind, UnaryOp};
use crate::diag::compare;
use crate::lex::Token;
use crate::lint::is_auto_imported;
use crate::syntax::parse_exprs;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use swerl_beam::guard_bifs::lookup;
use swerl_beam::{Atom, Literal};

/// Shifts beyond this many bits fail: nobody has the memory.
const LONGEST_SHIFT: u64 = 1 << 24;

impl Preprocessor<'_> {
    /// Whether the condition in `tokens`, a parenthesis to a full stop, is true.
    pub(super) fn condition(&mut self, directive: &Token, tokens: &[Token]) -> Result<bool, Fault> {
        let expanded = expand_arguments(tokens, &mut self.macros, self.map)?;
        let exprs = parse_exprs(&expanded).map_err(|error| {
            FaultKind::Syntax(error.fault.to_string(), error.fault.descriptor()).at(error.span)
        })?;
        let bad = || FaultKind::Bad("if").at(directive.span);
        let [condition] = &exprs[..] else { return Err(bad()) };
        match evaluate(condition, &self.macros) {
            Ok(value) => Ok(value == Literal::atom("true")),
            Err(Failure::Fails) => Ok(false),
            Err(Failure::IsNoGuard) => Err(bad()),
        }
    }
}

/// Why there is no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Failure {
    /// The evaluation raises an exception.
    Fails,
    /// The expression may not stand in a guard.
    IsNoGuard,
}

type Value = Result<Literal, Failure>;

fn evaluate(expr: &Expr, macros: &Macros) -> Value {
    let all = |exprs: &[Expr]| evaluate_all(exprs, macros);
    match &expr.kind {
        ExprKind::Atom(name) => Ok(Literal::Atom(*name)),
        ExprKind::Integer(value) => Ok(Literal::Int(*value)),
        ExprKind::BigInteger(value) => Ok(Literal::Big((**value).clone())),
        ExprKind::Char(c) => Ok(Literal::Int(i64::from(u32::from(*c)))),
        ExprKind::Float(value) => Ok(Literal::Float(*value)),
        ExprKind::String(text) => Ok(Literal::string(text)),
        ExprKind::Nil => Ok(Literal::Nil),
        ExprKind::List(elements, tail) => {
            let elements = all(elements)?;
            Ok(match evaluate(tail, macros)? {
                Literal::List(rest, tail) => Literal::List([elements, rest].concat(), tail),
                tail => Literal::List(elements, Box::new(tail)),
            })
        }
        ExprKind::Tuple(elements) => Ok(Literal::Tuple(all(elements)?)),
        ExprKind::Map { base, fields } => {
            let mut pairs = match base {
                None => Vec::new(),
                Some(base) => match evaluate(base, macros)? {
                    Literal::Map(pairs) => pairs,
                    _ => return Err(Failure::Fails),
                },
            };
            for field in fields {
                let pair = (evaluate(&field.key, macros)?, evaluate(&field.value, macros)?);
                match pairs.iter_mut().find(|known| known.0 == pair.0) {
                    Some(known) => *known = pair,
                    None if field.kind == MapFieldKind::Exact => return Err(Failure::Fails),
                    None => pairs.push(pair),
                }
            }
            Ok(Literal::Map(pairs))
        }
        ExprKind::Unary(op, operand) => unary(*op, evaluate(operand, macros)?),
        ExprKind::Binary(op @ (BinaryOp::AndAlso | BinaryOp::OrElse), left, right) => {
            let left = boolean(evaluate(left, macros)?);
            // The right side is looked at in any case: it must be a guard expression.
            match (evaluate(right, macros), left?) {
                (Err(Failure::IsNoGuard), _) => Err(Failure::IsNoGuard),
                (_, left) if left != (*op == BinaryOp::AndAlso) => Ok(truth(left)),
                (right, _) => right,
            }
        }
        ExprKind::Binary(BinaryOp::Send | BinaryOp::Append | BinaryOp::Subtract, ..) => {
            Err(Failure::IsNoGuard)
        }
        ExprKind::Binary(op, left, right) => {
            let (left, right) = (evaluate(left, macros), evaluate(right, macros));
            match (left, right) {
                (Err(Failure::IsNoGuard), _) | (_, Err(Failure::IsNoGuard)) => Err(Failure::IsNoGuard),
                (left, right) => binary(*op, left?, right?),
            }
        }
        ExprKind::Call { callee, args } => match &callee.kind {
            ExprKind::Atom(name) if name.as_str() == "defined" && args.len() == 1 => match args[0].kind {
                ExprKind::Atom(name) | ExprKind::Var(name) => Ok(truth(macros.is_known(name))),
                _ => Err(Failure::IsNoGuard),
            },
            ExprKind::Atom(name) => {
                let function =
                    FunctionName { name: *name, arity: u32::try_from(args.len()).unwrap_or(u32::MAX) };
                let args = all(args)?;
                if is_auto_imported(function)
                    && lookup(*name, function.arity).is_none_or(|bif| !bif.in_guards)
                {
                    return Err(Failure::IsNoGuard);
                }
                call(*name, args)
            }
            ExprKind::Remote(module, name) => match (&module.kind, &name.kind) {
                (ExprKind::Atom(module), ExprKind::Atom(name)) if module.as_str() == "erlang" => {
                    let arity = u32::try_from(args.len()).unwrap_or(u32::MAX);
                    match lookup(*name, arity) {
                        Some(bif) if bif.in_guards => call(*name, all(args)?),
                        _ => Err(Failure::IsNoGuard),
                    }
                }
                _ => Err(Failure::IsNoGuard),
            },
            _ => Err(Failure::IsNoGuard),
        },
        // A variable is unbound; a record is undefined, a bit string is not worth the trouble.
        ExprKind::Var(_)
        | ExprKind::Record { .. }
        | ExprKind::RecordIndex { .. }
        | ExprKind::RecordAccess { .. }
        | ExprKind::Bin(_) => Err(Failure::Fails),
        ExprKind::Match(..)
        | ExprKind::MaybeMatch(..)
        | ExprKind::Catch(_)
        | ExprKind::Remote(..)
        | ExprKind::Block(_)
        | ExprKind::If(_)
        | ExprKind::Case(..)
        | ExprKind::Receive { .. }
        | ExprKind::Try(_)
        | ExprKind::Maybe(_)
        | ExprKind::FunLocal { .. }
        | ExprKind::FunRemote(_)
        | ExprKind::Fun(_)
        | ExprKind::NamedFun { .. }
        | ExprKind::Lc(..)
        | ExprKind::Bc(..)
        | ExprKind::Mc(..) => Err(Failure::IsNoGuard),
    }
}

/// The values of all; what is no guard expression counts for more than what fails.
fn evaluate_all(exprs: &[Expr], macros: &Macros) -> Result<Vec<Literal>, Failure> {
    let mut values = Vec::with_capacity(exprs.len());
    let mut fails = false;
    for expr in exprs {
        match evaluate(expr, macros) {
            Ok(value) => values.push(value),
            Err(Failure::Fails) => fails = true,
            Err(Failure::IsNoGuard) => return Err(Failure::IsNoGuard),
        }
    }
    if fails { Err(Failure::Fails) } else { Ok(values) }
}

fn truth(value: bool) -> Literal {
    Literal::atom(if value { "true" } else { "false" })
}

fn boolean(value: Literal) -> Result<bool, Failure> {
    match value {
        Literal::Atom(name) if name.as_str() == "true" => Ok(true),
        Literal::Atom(name) if name.as_str() == "false" => Ok(false),
        _ => Err(Failure::Fails),
    }
}

fn integer(value: &Literal) -> Result<BigInt, Failure> {
    match value {
        Literal::Int(value) => Ok((*value).into()),
        Literal::Big(value) => Ok(value.clone()),
        _ => Err(Failure::Fails),
    }
}

fn float(value: &Literal) -> Result<f64, Failure> {
    match value {
        Literal::Float(value) => Ok(*value),
        value => integer(value)?.to_f64().ok_or(Failure::Fails),
    }
}

fn finite(value: f64) -> Value {
    if value.is_finite() { Ok(Literal::Float(value)) } else { Err(Failure::Fails) }
}

fn unary(op: UnaryOp, value: Literal) -> Value {
    match (op, value) {
        (UnaryOp::Not, value) => boolean(value).map(|value| truth(!value)),
        (UnaryOp::Plus, value @ (Literal::Int(_) | Literal::Big(_) | Literal::Float(_))) => Ok(value),
        (UnaryOp::Minus, Literal::Float(value)) => Ok(Literal::Float(-value)),
        (UnaryOp::Minus, value) => integer(&value).map(|value| Literal::integer(-value)),
        (UnaryOp::Bnot, value) => integer(&value).map(|value| Literal::integer(!value)),
        (UnaryOp::Plus, _) => Err(Failure::Fails),
    }
}

fn binary(op: BinaryOp, left: Literal, right: Literal) -> Value {
    let arithmetic = |floats: fn(f64, f64) -> f64, integers: fn(BigInt, BigInt) -> BigInt| {
        if matches!(left, Literal::Float(_)) || matches!(right, Literal::Float(_)) {
            finite(floats(float(&left)?, float(&right)?))
        } else {
            Ok(Literal::integer(integers(integer(&left)?, integer(&right)?)))
        }
    };
    let integers = |operation: fn(BigInt, BigInt) -> BigInt| {
        Ok(Literal::integer(operation(integer(&left)?, integer(&right)?)))
    };
    let compared = |test: fn(Ordering) -> bool| Ok(truth(test(compare(&left, &right))));
    let is_exactly = || left == right || (compare(&left, &right).is_eq() && !mixes_numbers(&left, &right));
    match op {
        BinaryOp::Add => arithmetic(|a, b| a + b, |a, b| a + b),
        BinaryOp::Sub => arithmetic(|a, b| a - b, |a, b| a - b),
        BinaryOp::Mul => arithmetic(|a, b| a * b, |a, b| a * b),
        BinaryOp::FloatDiv => finite(float(&left)? / float(&right)?),
        BinaryOp::Div | BinaryOp::Rem if integer(&right)?.is_zero() => Err(Failure::Fails),
        BinaryOp::Div => integers(|a, b| a / b),
        BinaryOp::Rem => integers(|a, b| a % b),
        BinaryOp::Band => integers(|a, b| a & b),
        BinaryOp::Bor => integers(|a, b| a | b),
        BinaryOp::Bxor => integers(|a, b| a ^ b),
        BinaryOp::Bsl => shift(integer(&left)?, integer(&right)?),
        BinaryOp::Bsr => shift(integer(&left)?, -integer(&right)?),
        BinaryOp::And => Ok(truth(boolean(left)? & boolean(right)?)),
        BinaryOp::Or => Ok(truth(boolean(left)? | boolean(right)?)),
        BinaryOp::Xor => Ok(truth(boolean(left)? ^ boolean(right)?)),
        BinaryOp::Eq => compared(Ordering::is_eq),
        BinaryOp::Ne => compared(Ordering::is_ne),
        BinaryOp::ExactEq => Ok(truth(is_exactly())),
        BinaryOp::ExactNe => Ok(truth(!is_exactly())),
        BinaryOp::Lt => compared(Ordering::is_lt),
        BinaryOp::Le => compared(Ordering::is_le),
        BinaryOp::Gt => compared(Ordering::is_gt),
        BinaryOp::Ge => compared(Ordering::is_ge),
        BinaryOp::AndAlso | BinaryOp::OrElse | BinaryOp::Append | BinaryOp::Subtract | BinaryOp::Send => {
            Err(Failure::IsNoGuard)
        }
    }
}

/// Whether two terms that compare equal may differ in an integer that is a float on the other side.
fn mixes_numbers(left: &Literal, right: &Literal) -> bool {
    match (left, right) {
        (Literal::Float(_), other) | (other, Literal::Float(_)) => !matches!(other, Literal::Float(_)),
        (Literal::Tuple(a), Literal::Tuple(b)) => a.iter().zip(b).any(|(a, b)| mixes_numbers(a, b)),
        (Literal::List(a, a_tail), Literal::List(b, b_tail)) => {
            a.iter().zip(b).any(|(a, b)| mixes_numbers(a, b)) || mixes_numbers(a_tail, b_tail)
        }
        _ => false,
    }
}

fn shift(value: BigInt, by: BigInt) -> Value {
    match by.abs().to_u64() {
        Some(bits) if by.is_negative() => Ok(Literal::integer(value >> bits.min(LONGEST_SHIFT))),
        Some(bits) if bits <= LONGEST_SHIFT => Ok(Literal::integer(value << bits)),
        _ if by.is_negative() => Ok(Literal::Int(if value.is_negative() { -1 } else { 0 })),
        _ if value.is_zero() => Ok(Literal::Int(0)),
        _ => Err(Failure::Fails),
    }
}

/// A call of a guard function. Functions that no constant makes sense of fail.
fn call(name: Atom, args: Vec<Literal>) -> Value {
    let length = |count: usize| Ok(Literal::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    let rounded = |value: f64| BigInt::from_f64(value).map(Literal::integer).ok_or(Failure::Fails);
    match (name.as_str(), &args[..]) {
        ("is_atom", [value]) => Ok(truth(matches!(value, Literal::Atom(_)))),
        ("is_binary", [value]) => Ok(truth(matches!(value, Literal::Bits(_, 8)))),
        ("is_bitstring", [value]) => Ok(truth(matches!(value, Literal::Bits(..)))),
        ("is_boolean", [value]) => Ok(truth(boolean(value.clone()).is_ok())),
        ("is_float", [value]) => Ok(truth(matches!(value, Literal::Float(_)))),
        ("is_integer", [value]) => Ok(truth(integer(value).is_ok())),
        ("is_list", [value]) => {
            Ok(truth(matches!(value, Literal::Nil | Literal::List(..) | Literal::Str(_))))
        }
        ("is_map", [value]) => Ok(truth(matches!(value, Literal::Map(_)))),
        ("is_number", [value]) => Ok(truth(float(value).is_ok())),
        ("is_tuple", [value]) => Ok(truth(matches!(value, Literal::Tuple(_)))),
        ("is_function" | "is_pid" | "is_port" | "is_reference", [_]) => Ok(truth(false)),
        ("abs", [Literal::Float(value)]) => Ok(Literal::Float(value.abs())),
        ("abs", [value]) => integer(value).map(|value| Literal::integer(value.abs())),
        ("float", [value]) => float(value).map(Literal::Float),
        ("round", [Literal::Float(value)]) => rounded(value.round()),
        ("trunc", [Literal::Float(value)]) => rounded(value.trunc()),
        ("floor", [Literal::Float(value)]) => rounded(value.floor()),
        ("ceil", [Literal::Float(value)]) => rounded(value.ceil()),
        ("round" | "trunc" | "floor" | "ceil", [value]) => integer(value).map(Literal::integer),
        ("hd", [Literal::List(elements, _)]) => Ok(elements[0].clone()),
        ("tl", [Literal::List(elements, tail)]) => Ok(match &elements[1..] {
            [] => (**tail).clone(),
            rest => Literal::List(rest.to_vec(), tail.clone()),
        }),
        ("length", [Literal::Nil]) => length(0),
        ("length", [Literal::List(elements, tail)]) if **tail == Literal::Nil => length(elements.len()),
        ("tuple_size" | "size", [Literal::Tuple(elements)]) => length(elements.len()),
        ("map_size", [Literal::Map(pairs)]) => length(pairs.len()),
        ("element", [Literal::Int(index), Literal::Tuple(elements)]) => {
            let index = usize::try_from(*index).ok().and_then(|index| index.checked_sub(1));
            index.and_then(|index| elements.get(index)).cloned().ok_or(Failure::Fails)
        }
        ("is_map_key", [key, Literal::Map(pairs)]) => Ok(truth(pairs.iter().any(|pair| pair.0 == *key))),
        ("map_get", [key, Literal::Map(pairs)]) => {
            pairs.iter().find(|pair| pair.0 == *key).map(|pair| pair.1.clone()).ok_or(Failure::Fails)
        }
        ("min", [a, b]) => Ok(if compare(a, b).is_le() { a } else { b }.clone()),
        ("max", [a, b]) => Ok(if compare(a, b).is_ge() { a } else { b }.clone()),
        ("node", []) => Ok(Literal::atom("nonode@nohost")),
        _ => Err(Failure::Fails),
    }
}
