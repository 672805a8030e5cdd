//! How large the `after` part of a `try` is: small ones are written twice, for the normal and the exceptional way, as
//! OTP does it, so that a failure in them blames the function itself. Larger ones become functions.

use crate::ast::{Clause, Expr, ExprKind};

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

/// The steps of a sequence: each expression is one at least.
fn steps_of(exprs: &[Expr]) -> usize {
    exprs.iter().map(|expr| steps(expr).max(1)).sum()
}

fn clause_steps(clauses: &[Clause]) -> usize {
    clauses.iter().map(|clause| 1 + clause.guard.len() + steps_of(&clause.body)).sum()
}

/// The steps of an operand: constants and variables cost nothing.
fn steps(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::Case(subject, clauses) => 1 + steps(subject) + clause_steps(clauses),
        ExprKind::If(clauses) => 1 + clause_steps(clauses),
        ExprKind::Receive { clauses, after } => {
            let after = after.as_ref().map_or(0, |after| steps(&after.timeout) + steps_of(&after.body));
            1 + after + clause_steps(clauses)
        }
        ExprKind::Try(parts) => {
            let clauses = clause_steps(&parts.of) + clause_steps(&parts.catch);
            1 + steps_of(&parts.body) + clauses + 2 * steps_of(&parts.after)
        }
        ExprKind::Block(exprs) => steps_of(exprs),
        _ => {
            let mut count = match &expr.kind {
                ExprKind::Tuple(_)
                | ExprKind::List(..)
                | ExprKind::Map { base: None, .. }
                | ExprKind::Remote(..) => 0,
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
