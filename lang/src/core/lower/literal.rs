//! Constants of the source.

use super::Lower;
use crate::ast::{Expr, ExprKind};
use crate::core::Value;
use crate::core::fold;
use swerl_beam::{Atom, Literal};

/// The list of a text's code points, in its compact form where there is one.
pub(super) fn string(text: &str) -> Literal {
    if text.is_empty() {
        return Literal::Nil;
    }
    match text.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<u8>, _>>() {
        Ok(bytes) => Literal::Str(bytes.into()),
        Err(_) => Literal::string(text),
    }
}

impl Lower<'_> {
    /// The value of an expression of numbers, atoms and operators, if it is one.
    pub(super) fn constant_expr(&mut self, expr: &Expr) -> Option<Literal> {
        match &expr.kind {
            ExprKind::Atom(atom) => Some(Literal::Atom(*atom)),
            ExprKind::Integer(integer) => Some(Literal::Int(*integer)),
            ExprKind::BigInteger(integer) => Some(Literal::integer((**integer).clone())),
            ExprKind::Char(c) => Some(Literal::Int(i64::from(u32::from(*c)))),
            ExprKind::Float(float) => Some(Literal::Float(*float)),
            ExprKind::Nil => Some(Literal::Nil),
            ExprKind::String(text) => Some(string(text)),
            ExprKind::Unary(op, operand) => {
                let operand = self.constant_expr(operand)?;
                fold::bif(Atom::new(op.as_str()), &[operand])
            }
            ExprKind::Binary(op, a, b) => {
                let operands = [self.constant_expr(a)?, self.constant_expr(b)?];
                fold::bif(Atom::new(op.as_str()), &operands)
            }
            ExprKind::Bin(elements) => self.constant_bits(elements),
            _ => None,
        }
    }

    /// A tuple of constants.
    pub(super) fn constant_tuple(&mut self, elements: &[Value]) -> Option<Value> {
        let literals = elements.iter().map(|&element| self.constants.literal(element));
        let literals = literals.collect::<Option<Vec<Literal>>>()?;
        Some(self.constants.value(Literal::Tuple(literals)))
    }

    /// A list whose elements and tail are constant.
    pub(super) fn constant_list_value(&mut self, elements: &[Value], tail: Value) -> Option<Value> {
        let literals = elements.iter().map(|&element| self.constants.literal(element));
        let mut literals = literals.collect::<Option<Vec<Literal>>>()?;
        if literals.is_empty() {
            return Some(tail);
        }
        let tail = match self.constants.literal(tail)? {
            Literal::List(more, end) => {
                literals.extend(more);
                *end
            }
            Literal::Str(bytes) => {
                literals.extend(bytes.iter().map(|&byte| Literal::Int(byte.into())));
                Literal::Nil
            }
            tail => tail,
        };
        Some(self.constants.value(Literal::List(literals, Box::new(tail))))
    }
}
