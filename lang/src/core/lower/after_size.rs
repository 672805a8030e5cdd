//! How large the `after` part of a `try` is: small ones are written twice, for the normal and the exceptional way, as
//! OTP does it, so that a failure in them blames the function itself. Larger ones become functions.

use crate::ast::{BinaryOp, Clause, Expr, ExprKind, Guard};
use crate::syntax::term_of;

/// From so many steps on, it is large.
const LARGE: usize = 20;

/// Whether it is large.
pub(super) fn is_large(after: &[Expr]) -> bool {
    steps_of(after) >= LARGE
}

/// Whether it is written twice: it is small, and has no functions in it that would have two bodies.
pub(super) fn is_copied(after: &[Expr]) -> bool {
    !is_large(after) && !after.iter().any(has_functions)
}

/// The steps of a sequence: each expression is one at least, and so is a term that is built.
fn steps_of(exprs: &[Expr]) -> usize {
    let own = |expr: &Expr| match expr.kind {
        ExprKind::Tuple(_) | ExprKind::List(..) => steps(expr) + 1,
        _ => steps(expr).max(1),
    };
    exprs.iter().map(own).sum()
}

fn clause_steps(clauses: &[Clause]) -> usize {
    clauses.iter().map(|clause| 1 + guard_steps(&clause.guard) + steps_of(&clause.body)).sum()
}

/// The steps of a guard: those of its alternatives, and one between each two.
fn guard_steps(guard: &Guard) -> usize {
    let alternative = |tests: &Vec<Expr>| {
        let operations: usize = tests.iter().map(|test| test_steps(test).max(1)).sum();
        let all = operations + tests.len().saturating_sub(1);
        if all > 1 { all + 1 } else { all }
    };
    let all: usize = guard.iter().map(alternative).sum();
    all + guard.len().saturating_sub(1)
}

/// The operations of a test. What is called alone is compared with `true` besides, if it is no test itself.
fn test_steps(test: &Expr) -> usize {
    let is_value = match &test.kind {
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Atom(name) => !name.as_str().starts_with("is_"),
            _ => false,
        },
        ExprKind::Binary(op, ..) => matches!(op.as_str(), "+" | "-" | "*" | "/" | "div" | "rem"),
        _ => false,
    };
    steps(test) + usize::from(is_value)
}

/// The steps of an operand: constants and variables cost nothing.
fn steps(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::Case(subject, clauses) => 1 + steps(subject).max(1) + clause_steps(clauses),
        ExprKind::If(clauses) => 2 + clause_steps(clauses),
        ExprKind::Receive { clauses, after } => {
            let after = after.as_ref().map_or(1, |after| steps(&after.timeout) + steps_of(&after.body));
            1 + after + clause_steps(clauses)
        }
        ExprKind::Try(parts) => {
            let clauses = clause_steps(&parts.of) + clause_steps(&parts.catch);
            3 + steps_of(&parts.body) + clauses + 2 * steps_of(&parts.after)
        }
        ExprKind::Block(exprs) => steps_of(exprs),
        ExprKind::Match(_, value) => 1 + steps(value).max(1),
        ExprKind::Catch(value) => 2 + steps(value).max(1),
        // A choice of three: one way on, the other, and what is no boolean.
        ExprKind::Binary(BinaryOp::AndAlso | BinaryOp::OrElse, left, right) => {
            6 + steps(left).max(1) + steps(right).max(1)
        }
        ExprKind::FunLocal { .. } => 2,
        _ => {
            let mut count = match &expr.kind {
                ExprKind::Tuple(_) | ExprKind::List(..) | ExprKind::Remote(..) => 0,
                ExprKind::Map { base: None, .. } => usize::from(term_of(expr).is_err()),
                // What is updated is looked at first.
                ExprKind::Map { base: Some(_), .. } => 5,
                _ => usize::from(has_children(expr)),
            };
            expr.each_child(&mut |child| count += steps(child));
            // A call without arguments has no operand but its name.
            if matches!(expr.kind, ExprKind::Call { .. }) { count.max(1) } else { count }
        }
    }
}

fn has_children(expr: &Expr) -> bool {
    let mut has = false;
    expr.each_child(&mut |_| has = true);
    has
}

fn has_functions(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Fun(_)
        | ExprKind::NamedFun { .. }
        | ExprKind::Lc(..)
        | ExprKind::Bc(..)
        | ExprKind::Mc(..)
        | ExprKind::Maybe(_) => true,
        ExprKind::Try(parts) if !parts.after.is_empty() => true,
        _ => {
            let mut has = false;
            expr.each_child(&mut |child| has = has || has_functions(child));
            has
        }
    }
}
