//! Conditions of `-if` and `-elif`: guard expressions of constants, evaluated here and now.
//!
//! An expression that cannot be evaluated is false, as a guard that fails. What no guard may contain is a fault.

use super::Preprocessor;
use super::error::{Fault, FaultKind};
use super::expand::expand_arguments;
use super::macros::Macros;
use crate::ast::{BinElement, BinaryOp, Expr, ExprKind, FunctionName, MapFieldKind, UnaryOp};
use crate::core::evaluate as constants;
use crate::core::lower::{ConstantSegment, constant_segments};
use crate::lex::Token;
use crate::lint::is_auto_imported;
use crate::syntax::parse_exprs;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};
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
        ExprKind::Bin(elements) => bits(elements, macros),
        // A variable is unbound, a record is undefined.
        ExprKind::Var(_)
        | ExprKind::Record { .. }
        | ExprKind::RecordIndex { .. }
        | ExprKind::RecordAccess { .. } => Err(Failure::Fails),
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

fn bits(elements: &[BinElement], macros: &Macros) -> Value {
    let parts = elements.iter().flat_map(|element| std::iter::once(&element.value).chain(&element.size));
    if parts.clone().any(|part| matches!(evaluate(part, macros), Err(Failure::IsNoGuard))) {
        return Err(Failure::IsNoGuard);
    }
    let mut segments = Vec::with_capacity(elements.len());
    for element in elements {
        let size = match element.size.as_ref().map(|size| evaluate(size, macros)).transpose()? {
            Some(Literal::Int(size)) => Some(size),
            Some(_) => return Err(Failure::Fails),
            None => None,
        };
        let value = match element.value.kind {
            ExprKind::String(_) => None,
            _ => Some(evaluate(&element.value, macros)?),
        };
        segments.push(ConstantSegment { element, value, size });
    }
    constant_segments(&segments).ok_or(Failure::Fails)
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

/// What the compiler makes of the call of a function of `erlang` for constants; none where it leaves that to run time.
fn known(name: &str, args: &[Literal]) -> Option<Value> {
    match constants::evaluate("erlang", name, args) {
        constants::Outcome::Value(value) => Some(Ok(value)),
        constants::Outcome::Fails(_) => Some(Err(Failure::Fails)),
        constants::Outcome::Unknown => None,
    }
}

fn unary(op: UnaryOp, value: Literal) -> Value {
    known(op.as_str(), &[value]).unwrap_or(Err(Failure::Fails))
}

fn binary(op: BinaryOp, left: Literal, right: Literal) -> Value {
    if let Some(value) = known(op.as_str(), &[left.clone(), right.clone()]) {
        return value;
    }
    match op {
        BinaryOp::Add => finite(float(&left)? + float(&right)?),
        BinaryOp::Sub => finite(float(&left)? - float(&right)?),
        BinaryOp::Mul => finite(float(&left)? * float(&right)?),
        BinaryOp::FloatDiv => finite(float(&left)? / float(&right)?),
        BinaryOp::Bsl => shift(integer(&left)?, integer(&right)?),
        BinaryOp::Bsr => shift(integer(&left)?, -integer(&right)?),
        _ => Err(Failure::Fails),
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

fn this_node() -> Literal {
    Literal::atom("nonode@nohost")
}

/// The process that evaluates the condition. No literal is a pid; funs may not be written in a condition, and compare
/// with all that may as pids do, so one of them stands for it.
fn this_process() -> Literal {
    Literal::Fun(Atom::new("erlang"), Atom::new("self"), 0)
}

/// A call of a guard function. Functions that no constant makes sense of fail.
fn call(name: Atom, args: Vec<Literal>) -> Value {
    match (name.as_str(), &args[..]) {
        ("self", []) => return Ok(this_process()),
        ("is_pid", [value]) => return Ok(truth(*value == this_process())),
        ("is_function", [value, ..]) if *value == this_process() => return Ok(truth(false)),
        ("node", [value]) if *value == this_process() => return Ok(this_node()),
        _ => {}
    }
    if let Some(value) = known(name.as_str(), &args) {
        return value;
    }
    match (name.as_str(), &args[..]) {
        ("float", [value]) => float(value).map(Literal::Float),
        ("round" | "trunc" | "floor" | "ceil", [Literal::Float(value)]) => {
            // Larger floats have no fraction.
            BigInt::from_f64(*value).map(Literal::integer).ok_or(Failure::Fails)
        }
        ("map_size", [Literal::Map(pairs)]) => {
            Ok(Literal::Int(i64::try_from(pairs.len()).unwrap_or(i64::MAX)))
        }
        ("node", []) => Ok(this_node()),
        _ => Err(Failure::Fails),
    }
}
