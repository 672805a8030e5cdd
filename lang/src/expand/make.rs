//! Small trees.

use crate::ast::{BinaryOp, Clause, Expr, ExprKind, Place};
use swerl_beam::Atom;

pub(super) fn atom(place: Place, name: Atom) -> Expr {
    Expr { place, kind: ExprKind::Atom(name) }
}

pub(super) fn integer(place: Place, value: usize) -> Expr {
    Expr { place, kind: ExprKind::Integer(i64::try_from(value).unwrap_or(i64::MAX)) }
}

pub(super) fn var(place: Place, name: Atom) -> Expr {
    Expr { place, kind: ExprKind::Var(name) }
}

pub(super) fn wildcard(place: Place) -> Expr {
    var(place, Atom::new("_"))
}

pub(super) fn tuple(place: Place, elements: Vec<Expr>) -> Expr {
    Expr { place, kind: ExprKind::Tuple(elements) }
}

pub(super) fn remote(place: Place, module: Atom, function: Expr) -> Expr {
    let module = Box::new(atom(place, module));
    Expr { place, kind: ExprKind::Remote(module, Box::new(function)) }
}

/// `erlang:Name(Args)`.
pub(super) fn erlang(place: Place, name: &str, args: Vec<Expr>) -> Expr {
    let callee = remote(place, Atom::new("erlang"), atom(place, Atom::new(name)));
    Expr { place, kind: ExprKind::Call { callee: Box::new(callee), args } }
}

pub(super) fn binary(place: Place, op: BinaryOp, a: Expr, b: Expr) -> Expr {
    Expr { place, kind: ExprKind::Binary(op, Box::new(a), Box::new(b)) }
}

/// `Pattern = Value`.
pub(super) fn bind(place: Place, pattern: Expr, value: Expr) -> Expr {
    Expr { place, kind: ExprKind::Match(Box::new(pattern), Box::new(value)) }
}

pub(super) fn case(place: Place, subject: Expr, clauses: Vec<Clause>) -> Expr {
    Expr { place, kind: ExprKind::Case(Box::new(subject), clauses) }
}

/// A clause of one pattern and one expression.
pub(super) fn clause(place: Place, pattern: Expr, body: Expr) -> Clause {
    Clause { place, patterns: vec![pattern], guard: Vec::new(), body: vec![body] }
}

/// The place of what nobody wrote: it has no extent.
pub(super) const fn generated(place: Place) -> Place {
    Place::new(place.point())
}

/// `erlang:error({badrecord, Value})`.
pub(super) fn bad_record(place: Place, value: Expr) -> Expr {
    let reason = tuple(place, vec![atom(place, Atom::new("badrecord")), value]);
    erlang(place, "error", vec![reason])
}

/// Takes an expression out of its place in the tree; it must be given another.
pub(super) fn take(expr: &mut Expr) -> Expr {
    Expr { place: expr.place, kind: std::mem::replace(&mut expr.kind, ExprKind::Nil) }
}
