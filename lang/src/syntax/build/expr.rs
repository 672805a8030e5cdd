//! Expressions and patterns.

use super::BuildError;
use crate::ast::{
    BinElement, BinSpec, BinaryOp, Expr, ExprKind, FieldName, MapField, MapFieldKind, Name, Place,
};
use crate::ast::{RecordField, UnaryOp};
use crate::lex::Integer;
use crate::source::Span;
use crate::syntax::SyntaxError;
use std::sync::Arc;
use swerl_beam::Atom;

/// A node from its first to its last token, located at the first.
pub(in crate::syntax) fn expr(first: Span, last: Span, kind: ExprKind) -> Expr {
    Expr { place: Place::join(first, last), kind }
}

pub(in crate::syntax) fn integer(at: Span, value: Integer) -> Expr {
    let kind = match value {
        Integer::Small(value) => ExprKind::Integer(value),
        Integer::Big(value) => ExprKind::BigInteger(Box::new(Arc::unwrap_or_clone(value))),
    };
    expr(at, at, kind)
}

/// A proper list; its end is located at the bracket.
pub(in crate::syntax) fn list(first: Span, elements: Vec<Expr>, end: Span) -> Expr {
    let tail = Box::new(expr(end, end, ExprKind::Nil));
    expr(first, end, ExprKind::List(elements, tail))
}

pub(in crate::syntax) fn improper_list(first: Span, elements: Vec<Expr>, tail: Expr, last: Span) -> Expr {
    expr(first, last, ExprKind::List(elements, Box::new(tail)))
}

/// A string with a sigil: a string, or a binary of its UTF-8.
pub(in crate::syntax) fn sigil(
    span: Span,
    prefix: Atom,
    (at, text): (Span, Arc<str>),
    (suffix_at, suffix): (Span, Arc<str>),
) -> Result<Expr, BuildError> {
    if !suffix.is_empty() {
        return Err(SyntaxError::message(suffix_at, "illegal sigil suffix"));
    }
    let string = ExprKind::String(text.as_ref().into());
    match prefix.as_str() {
        "s" | "S" => Ok(expr(span, span, string)),
        "" | "b" | "B" => {
            let place = Place::join(at, at);
            let specs = Some(vec![BinSpec { name: Atom::new("utf8"), value: None }]);
            let element = BinElement { place, value: Expr { place, kind: string }, size: None, specs };
            Ok(expr(span, span, ExprKind::Bin(vec![element])))
        }
        _ => Err(SyntaxError::message(span, "illegal sigil prefix")),
    }
}

/// The place of an operation: from operand to operand, located at the operator.
fn between(a: &Expr, operator: Span, b: &Expr) -> Place {
    Place::join(a.place.span, b.place.span).located(operator)
}

pub(in crate::syntax) fn binary(a: Expr, at: Span, op: BinaryOp, b: Expr) -> Expr {
    Expr { place: between(&a, at, &b), kind: ExprKind::Binary(op, Box::new(a), Box::new(b)) }
}

pub(in crate::syntax) fn unary(at: Span, op: UnaryOp, operand: Expr) -> Expr {
    Expr { place: Place::join(at, operand.place.span), kind: ExprKind::Unary(op, Box::new(operand)) }
}

pub(in crate::syntax) fn matching(a: Expr, b: Expr) -> Expr {
    let place = Place::join(a.place.span, b.place.span);
    Expr { place, kind: ExprKind::Match(Box::new(a), Box::new(b)) }
}

pub(in crate::syntax) fn catch(at: Span, operand: Expr) -> Expr {
    Expr { place: Place::join(at, operand.place.span), kind: ExprKind::Catch(Box::new(operand)) }
}

pub(in crate::syntax) fn remote(module: Expr, colon: Span, function: Expr) -> Expr {
    let place = between(&module, colon, &function);
    Expr { place, kind: ExprKind::Remote(Box::new(module), Box::new(function)) }
}

pub(in crate::syntax) fn call(callee: Expr, args: Vec<Expr>, last: Span) -> Expr {
    let place = Place::join(callee.place.span, last);
    Expr { place, kind: ExprKind::Call { callee: Box::new(callee), args } }
}

/// The place of `Base#...`, located at the `#`.
fn after_base(base: Option<&Expr>, hash: Span, last: Span) -> Place {
    Place::join(base.map_or(hash, |base| base.place.span), last).located(hash)
}

pub(in crate::syntax) fn map(base: Option<Expr>, hash: Span, fields: Vec<MapField>, last: Span) -> Expr {
    let place = after_base(base.as_ref(), hash, last);
    Expr { place, kind: ExprKind::Map { base: base.map(Box::new), fields } }
}

pub(in crate::syntax) fn map_field(key: Expr, arrow: Span, kind: MapFieldKind, value: Expr) -> MapField {
    MapField { place: between(&key, arrow, &value), kind, key, value }
}

/// A record expression.
pub(in crate::syntax) fn record(
    base: Option<Expr>,
    hash: Span,
    name: Atom,
    fields: Vec<(FieldName, Expr)>,
    last: Span,
) -> Expr {
    let place = after_base(base.as_ref(), hash, last);
    let field = |(field, value): (FieldName, Expr)| {
        let first = match field {
            FieldName::Named(name) | FieldName::Variable(name) => name.place.span,
            FieldName::Others(place) => place.span,
        };
        RecordField { place: Place::join(first, value.place.span), name: field, value }
    };
    let fields = fields.into_iter().map(field).collect();
    Expr { place, kind: ExprKind::Record { base: base.map(Box::new), name, fields } }
}

/// A variable as field name: `_` alone is one.
pub(in crate::syntax) fn field_variable(name: Name) -> FieldName {
    if name.atom.as_str() == "_" { FieldName::Others(name.place) } else { FieldName::Variable(name) }
}

pub(in crate::syntax) fn record_index(hash: Span, name: Atom, field: Name) -> Expr {
    expr(hash, field.place.span, ExprKind::RecordIndex { name, field })
}

pub(in crate::syntax) fn record_access(base: Expr, hash: Span, name: Atom, field: Name) -> Expr {
    let place = after_base(Some(&base), hash, field.place.span);
    Expr { place, kind: ExprKind::RecordAccess { base: Box::new(base), name, field } }
}

pub(in crate::syntax) fn bin_element(
    value: Expr,
    size: Option<Expr>,
    specs: Option<Vec<BinSpec>>,
    last: Span,
) -> BinElement {
    BinElement { place: Place::join(value.place.span, last), value, size, specs }
}

pub(in crate::syntax) fn bin_spec(name: Atom, at: Span, value: Integer) -> Result<BinSpec, BuildError> {
    match value {
        Integer::Small(value) => Ok(BinSpec { name, value: Some(value) }),
        Integer::Big(_) => Err(SyntaxError::message(at, "bad bit size")),
    }
}

pub(in crate::syntax) fn local_fun(
    first: Span,
    last: Span,
    name: Atom,
    arity: Integer,
) -> Result<Expr, BuildError> {
    match small_arity(&arity) {
        Some(arity) => Ok(expr(first, last, ExprKind::FunLocal { name, arity })),
        None => Err(SyntaxError::message(last, "bad function arity")),
    }
}

pub(super) fn small_arity(value: &Integer) -> Option<u32> {
    match value {
        Integer::Small(value) => u32::try_from(*value).ok(),
        Integer::Big(_) => None,
    }
}
