//! Segments of which it is seen where they are written that nothing can be built from them.

use super::bits::layout;
use crate::ast::{BinElement, Expr, ExprKind};
use crate::core::SegmentType;
use num_traits::Signed;
use swerl_beam::Literal;

/// Whether what is written into a segment does not fit its type. The value is given if it is constant.
#[must_use]
pub fn cannot_hold(element: &BinElement, value: Option<&Literal>) -> bool {
    let ty = layout(element).0.ty;
    if let ExprKind::String(_) = element.value.kind {
        // Text of eight bits a character is bytes, whatever its type.
        let is_bytes = matches!(element.size, Some(Expr { kind: ExprKind::Integer(8), .. }));
        return ty == SegmentType::Binary && !is_bytes;
    }
    let is_integer = |literal: &Literal| matches!(literal, Literal::Int(_) | Literal::Big(_));
    is_made_here(&element.value)
        && match (ty, value) {
            // A bit string whose bytes depend on the machine has no value yet.
            (_, None) => !is_bit_string(&element.value),
            (SegmentType::Float, Some(literal)) => {
                !is_integer(literal) && !matches!(literal, Literal::Float(_))
            }
            (SegmentType::Binary, Some(literal)) => !matches!(literal, Literal::Bits(..)),
            (_, Some(literal)) => !is_integer(literal),
        }
}

/// Whether an expression is a constant or makes a term of others: what variables hold and functions answer is seen
/// when it runs.
#[must_use]
pub fn is_made_here(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Tuple(_)
        | ExprKind::List(..)
        | ExprKind::String(_)
        | ExprKind::Record { base: None, .. }
        | ExprKind::RecordIndex { .. } => true,
        ExprKind::Block(body) => body.last().is_some_and(is_made_here),
        ExprKind::FunRemote(_) | ExprKind::Unary(..) => false,
        _ => crate::syntax::term_of(expr).is_ok(),
    }
}

fn is_bit_string(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Block(body) => body.last().is_some_and(is_bit_string),
        kind => matches!(kind, ExprKind::Bin(_)),
    }
}

/// Whether a constant is no size.
#[must_use]
pub fn is_no_size(literal: &Literal) -> bool {
    match literal {
        Literal::Int(value) => *value < 0,
        Literal::Big(value) => value.is_negative(),
        _ => true,
    }
}
