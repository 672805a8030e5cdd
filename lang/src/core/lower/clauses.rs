//! Clauses: patterns, guard and body; and what several of them export together.

use super::scope::{Binding, Mark};
use super::{Lower, Otherwise};
use crate::ast;
use crate::core::{Body, Case, Clause, ErrorKind, Guard, Kind, Line, PatternId, Statement, Value, Var};
use std::collections::HashMap;
use swerl_beam::Atom;

/// The variables of the patterns of one clause.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Whether a variable in a pattern is always new, whatever is bound outside. It is bound after the patterns, by
    /// [`Lower::bind_hiding`].
    pub(super) hides_outer: bool,
    /// The variables that the patterns bind.
    pub(super) names: Vec<(Atom, Var)>,
    /// What must be equal for the patterns to match.
    pub(super) equalities: Vec<(Var, Value)>,
}

/// A clause whose body's results are yet to be completed with what it exports.
#[derive(Debug)]
pub(super) struct OpenClause {
    pub(super) clause: Clause,
    pub(super) bound: Vec<(Atom, Value)>,
}

impl Lower<'_> {
    /// Lowers a clause; what it binds is undone after it.
    pub(super) fn clause(&mut self, clause: &ast::Clause) -> OpenClause {
        let mut heads = Heads::default();
        self.clause_with(clause, &mut heads, |this, heads| {
            clause.patterns.iter().map(|pattern| this.pattern(pattern, heads)).collect()
        })
    }

    /// Lowers a clause whose patterns are lowered by `patterns`.
    pub(super) fn clause_with(
        &mut self,
        clause: &ast::Clause,
        heads: &mut Heads,
        patterns: impl FnOnce(&mut Self, &mut Heads) -> Vec<PatternId>,
    ) -> OpenClause {
        let mark = self.scope.mark();
        let patterns = patterns(self, heads);
        self.bind_hiding(heads);
        let guard = self.guard(&clause.guard, std::mem::take(&mut heads.equalities));
        let body = self.body_of(|this| vec![this.sequence(&clause.body)]);
        let bound = self.scope.undo(mark);
        OpenClause { clause: Clause { patterns, guard, body }, bound }
    }

    /// A body that binds in a scope of its own, with what it bound.
    pub(super) fn open_body(&mut self, make: impl FnOnce(&mut Self) -> Value) -> OpenBody {
        let mark = self.scope.mark();
        let body = self.body_of(|this| vec![make(this)]);
        (body, self.scope.undo(mark))
    }

    /// Adds to the results of bodies the variables that all of them bind, and binds those from here on. The
    /// statement that the bodies belong to is made by `make`.
    pub(super) fn export(
        &mut self,
        mut bodies: Vec<OpenBody>,
        line: Line,
        make: impl FnOnce(Vec<Body>) -> Kind,
    ) -> Value {
        let mut dsts = vec![self.new_var()];
        let first: Vec<Atom> = bodies
            .first()
            .map(|(_, bound)| bound.iter().map(|&(name, _)| name).collect())
            .unwrap_or_default();
        if !first.is_empty() {
            let tables: Vec<HashMap<Atom, Value>> =
                bodies.iter().map(|(_, bound)| bound.iter().copied().collect()).collect();
            for name in first {
                if tables.iter().all(|table| table.contains_key(&name)) {
                    for ((body, _), table) in bodies.iter_mut().zip(&tables) {
                        body.results.push(table[&name]);
                    }
                    let var = self.new_var();
                    dsts.push(var);
                    self.scope.bind(name, Binding::Value(Value::Var(var)));
                }
            }
        }
        let result = Value::Var(dsts[0]);
        let kind = make(bodies.into_iter().map(|(body, _)| body).collect());
        self.statements.push(Statement { dsts, kind, line });
        result
    }

    /// A choice among clauses that export.
    pub(super) fn choose(
        &mut self,
        args: Vec<Value>,
        clauses: Vec<OpenClause>,
        otherwise: Otherwise,
        line: Line,
    ) -> Value {
        let (heads, bodies) = split(clauses);
        self.export(bodies, line, |bodies| {
            Kind::Case(Box::new(Case { args, clauses: join(heads, bodies), otherwise }))
        })
    }

    /// The clauses of a function or fun: its parameters and body.
    pub(super) fn function_clauses(
        &mut self,
        arity: usize,
        clauses: &[ast::Clause],
        line: Line,
    ) -> (Vec<Var>, Body) {
        let params: Vec<Var> = (0..arity).map(|_| self.new_var()).collect();
        let args: Vec<Value> = params.iter().map(|&param| Value::Var(param)).collect();
        let mark: Mark = self.scope.mark();
        let body = self.body_of(|this| {
            let clauses = clauses.iter().map(|clause| {
                let mut heads = Heads { hides_outer: true, ..Heads::default() };
                this.clause_with(clause, &mut heads, |this, heads| {
                    clause.patterns.iter().map(|pattern| this.pattern(pattern, heads)).collect()
                })
                .clause
            });
            let clauses = clauses.collect();
            let otherwise = Otherwise::Error(ErrorKind::FunctionClause, None);
            vec![this.statement(Kind::Case(Box::new(Case { args, clauses, otherwise })), line)]
        });
        self.scope.undo(mark);
        (params, body)
    }
}

/// The part of a clause before its body.
#[derive(Debug)]
pub(super) struct Head {
    patterns: Vec<PatternId>,
    guard: Guard,
}

/// A body, and the variables that it binds.
pub(super) type OpenBody = (Body, Vec<(Atom, Value)>);

/// Takes clauses apart, so that their bodies can be completed.
pub(super) fn split(clauses: Vec<OpenClause>) -> (Vec<Head>, Vec<OpenBody>) {
    let parts = clauses.into_iter().map(|OpenClause { clause, bound }| {
        (Head { patterns: clause.patterns, guard: clause.guard }, (clause.body, bound))
    });
    parts.unzip()
}

/// Puts clauses together again.
pub(super) fn join(heads: Vec<Head>, bodies: Vec<Body>) -> Vec<Clause> {
    let pairs = heads.into_iter().zip(bodies);
    pairs.map(|(Head { patterns, guard }, body)| Clause { patterns, guard, body }).collect()
}
