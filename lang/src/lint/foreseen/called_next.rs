//! Funs that get a name and are called by it at once, and nowhere else: the body takes the place of the call.

use super::Foresight;
use super::calls::{is_call_of_fun, is_called_whole};
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, Place};
use crate::syntax::term_of;
use std::rc::Rc;
use swerl_beam::Atom;

impl Foresight<'_> {
    /// Looks whether the first of these expressions names a fun, and the others call it first of all.
    pub(super) fn note_called_next(&mut self, exprs: &[Expr]) {
        let Some((first, rest)) = exprs.split_first() else { return };
        let Some((mut names, place, clauses)) = named_fun(first) else { return };
        // They are bound, may be named to get further ones, and one is called.
        let mut times = names.len() + 1;
        let mut rest = rest;
        // It may get further names.
        while let Some((ExprKind::Match(pattern, value), more)) =
            rest.split_first().map(|(e, r)| (&e.kind, r))
            && let (ExprKind::Var(other), ExprKind::Var(name)) = (&pattern.kind, &value.kind)
            && names.contains(name)
        {
            names.push(*other);
            times += 2;
            rest = more;
        }
        if let Some((callee, args)) = rest.first().and_then(first_call)
            && matches!(callee.kind, ExprKind::Var(name) if names.contains(&name))
            && names.iter().map(|name| self.occurrences.on_one_way(*name)).sum::<usize>() == times
            && is_called_whole(clauses, args)
        {
            self.called_next.insert(callee.place, (place, Rc::from(clauses)));
        }
    }

    /// Whether an expression is the call of a fun that is known there.
    pub(super) fn calls_fun(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { callee, .. } => is_call_of_fun(expr) || self.called_here(callee).is_some(),
            _ => false,
        }
    }

    /// The fun that this name stands for where it is called.
    pub(super) fn called_here(&self, callee: &Expr) -> Option<(Place, Rc<[Clause]>)> {
        match callee.kind {
            ExprKind::Var(_) => self.called_next.get(&callee.place).cloned(),
            _ => None,
        }
    }
}

/// `Name = fun ... end`, perhaps with several names.
fn named_fun(expr: &Expr) -> Option<(Vec<Atom>, Place, &[Clause])> {
    let mut names = Vec::new();
    let mut expr = expr;
    while let ExprKind::Match(pattern, value) = &expr.kind {
        let ExprKind::Var(name) = pattern.kind else { return None };
        names.push(name);
        expr = value;
    }
    match &expr.kind {
        ExprKind::Fun(clauses) if !names.is_empty() => Some((names, expr.place, clauses)),
        _ => None,
    }
}

/// The call of a variable that an expression begins with: nothing else is computed before it.
fn first_call(expr: &Expr) -> Option<(&Expr, &[Expr])> {
    match &expr.kind {
        ExprKind::Call { callee, args } => match (first_computed(args), &callee.kind) {
            (Some(arg), _) => first_call(arg),
            (None, ExprKind::Var(_)) => Some((callee, args)),
            (None, _) => None,
        },
        ExprKind::Tuple(elements) => first_computed(elements).and_then(first_call),
        ExprKind::List(elements, tail) => {
            first_computed(elements.iter().chain([&**tail])).and_then(first_call)
        }
        ExprKind::Map { base, fields } => {
            let parts = fields.iter().flat_map(|field| [&field.key, &field.value]);
            first_computed(base.as_deref().into_iter().chain(parts)).and_then(first_call)
        }
        ExprKind::Record { base: None, fields, .. } => {
            first_computed(fields.iter().map(|field| &field.value)).and_then(first_call)
        }
        ExprKind::Bin(elements) => {
            first_computed(elements.iter().map(|element| &element.value)).and_then(first_call)
        }
        ExprKind::Binary(BinaryOp::AndAlso | BinaryOp::OrElse, ..) => None,
        ExprKind::Binary(_, left, right) => first_computed([&**left, &**right]).and_then(first_call),
        ExprKind::Unary(_, operand) => first_call(operand),
        ExprKind::Match(_, value) => first_call(value),
        ExprKind::Block(body) => body.first().and_then(first_call),
        _ => None,
    }
}

/// The first that is more than a term of variables and constants.
fn first_computed<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Option<&'e Expr> {
    exprs.into_iter().find(|expr| !is_term(expr))
}

fn is_term(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Var(_) => true,
        ExprKind::Tuple(elements) => elements.iter().all(is_term),
        ExprKind::List(elements, tail) => elements.iter().all(is_term) && is_term(tail),
        _ => term_of(expr).is_ok(),
    }
}
