//! Clauses, and the expressions made of them.

use super::BuildError;
use super::expr::expr;
use crate::ast::{
    After, Clause, Expr, ExprKind, Form, FormKind, Function, Generator, GeneratorKind, Guard, Maybe,
};
use crate::ast::{Name, Place, Qualifier, Try};
use crate::source::Span;
use crate::syntax::SyntaxError;
use swerl_beam::Atom;

/// A clause of a function or fun, with the name it was given.
#[derive(Debug)]
pub(in crate::syntax) struct FunClause {
    name: Option<Atom>,
    clause: Clause,
}

pub(in crate::syntax) fn fun_clause(
    first: Span,
    last: Span,
    name: Option<Atom>,
    patterns: Vec<Expr>,
    guard: Guard,
    body: Vec<Expr>,
) -> FunClause {
    FunClause { name, clause: Clause { place: Place::join(first, last), patterns, guard, body } }
}

/// The clauses, when all have the name and arity of the first.
fn same_head(clauses: Vec<FunClause>) -> Result<(Option<Atom>, usize, Vec<Clause>), BuildError> {
    let first = clauses.first().expect("the grammar requires a clause");
    let (name, arity) = (first.name, first.clause.patterns.len());
    let check = |clause: FunClause| {
        if clause.name == name && clause.clause.patterns.len() == arity {
            Ok(clause.clause)
        } else {
            Err(SyntaxError::message(clause.clause.place.point(), "head mismatch"))
        }
    };
    Ok((name, arity, clauses.into_iter().map(check).collect::<Result<_, _>>()?))
}

pub(in crate::syntax) fn function(clauses: Vec<FunClause>) -> Result<Form, BuildError> {
    let (name, arity, clauses) = same_head(clauses)?;
    let (first, last) = (&clauses[0].place, &clauses[clauses.len() - 1].place);
    let place = Place::join(first.span, last.span);
    let name = name.expect("the grammar requires a function's name");
    let arity = u32::try_from(arity).unwrap_or(u32::MAX);
    Ok(Form { place, kind: FormKind::Function(Function { name, arity, clauses }) })
}

/// Clauses after a sequence of expressions.
pub(in crate::syntax) fn more_clauses(clauses: Vec<FunClause>) -> BuildError {
    SyntaxError::message(clauses[0].clause.place.point(), "head mismatch")
}

pub(in crate::syntax) fn fun(first: Span, last: Span, clauses: Vec<FunClause>) -> Result<Expr, BuildError> {
    let (name, _, clauses) = same_head(clauses)?;
    Ok(expr(
        first,
        last,
        match name {
            Some(name) => ExprKind::NamedFun { name, clauses },
            None => ExprKind::Fun(clauses),
        },
    ))
}

pub(in crate::syntax) fn clause(pattern: Expr, guard: Guard, body: Vec<Expr>, last: Span) -> Clause {
    Clause { place: Place::join(pattern.place.span, last), patterns: vec![pattern], guard, body }
}

pub(in crate::syntax) fn if_clause(guard: Guard, body: Vec<Expr>, last: Span) -> Clause {
    let first = guard[0][0].place.span;
    Clause { place: Place::join(first, last), patterns: vec![], guard, body }
}

/// The clauses of the `catch` part, and the `after` part.
pub(in crate::syntax) type TryTail = (Vec<Clause>, Vec<Expr>);

/// A clause of a `catch` part: what the source leaves away is written out.
pub(in crate::syntax) fn try_clause(
    class: Option<Expr>,
    pattern: Expr,
    stack: Option<Name>,
    guard: Guard,
    body: Vec<Expr>,
    last: Span,
) -> Clause {
    let first = class.as_ref().unwrap_or(&pattern).place.span.at_start();
    let class = class.unwrap_or_else(|| expr(first, first, ExprKind::Atom(Atom::new("throw"))));
    let stack = match stack {
        Some(stack) => Expr { place: stack.place, kind: ExprKind::Var(stack.atom) },
        None => {
            let at = last_place(&pattern);
            expr(at, at, ExprKind::Var(Atom::new("_")))
        }
    };
    Clause { place: Place::join(first, last), patterns: vec![class, pattern, stack], guard, body }
}

/// Where the last part of a pattern is located.
fn last_place(pattern: &Expr) -> Span {
    let mut last = pattern.place.point();
    pattern.each_child(&mut |child| {
        let child = last_place(child);
        if child.file == last.file && child.start > last.start {
            last = child;
        }
    });
    last
}

pub(in crate::syntax) fn try_expr(
    first: Span,
    last: Span,
    body: Vec<Expr>,
    of: Vec<Clause>,
    (catch, after): TryTail,
) -> Expr {
    expr(first, last, ExprKind::Try(Box::new(Try { body, of, catch, after })))
}

pub(in crate::syntax) fn receive(
    first: Span,
    last: Span,
    clauses: Vec<Clause>,
    after: Option<After>,
) -> Expr {
    expr(first, last, ExprKind::Receive { clauses, after: after.map(Box::new) })
}

pub(in crate::syntax) fn maybe(
    first: Span,
    last: Span,
    body: Vec<Expr>,
    else_part: Option<(Span, Vec<Clause>)>,
) -> Expr {
    let else_part = else_part.map(|(at, clauses)| (Place::new(at), clauses));
    expr(first, last, ExprKind::Maybe(Box::new(Maybe { body, else_part })))
}

pub(in crate::syntax) fn maybe_match(pattern: Expr, at: Span, value: Expr) -> Expr {
    let place = Place::join(pattern.place.span, value.place.span).located(at);
    Expr { place, kind: ExprKind::MaybeMatch(Box::new(pattern), Box::new(value)) }
}

pub(in crate::syntax) fn generator(kind: GeneratorKind, at: Span, strict: bool, source: Expr) -> Generator {
    let first = match &kind {
        GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => pattern.place.span,
        GeneratorKind::Map(field) => field.place.span,
    };
    Generator { place: Place::join(first, source.place.span).located(at), kind, strict, source }
}

pub(in crate::syntax) fn zip(first: Generator, more: Vec<Generator>) -> Qualifier {
    let mut generators = vec![first];
    generators.extend(more);
    let (first, last) = (&generators[0].place, &generators[generators.len() - 1].place);
    Qualifier::Zip(Place::join(first.span, last.span), generators)
}
