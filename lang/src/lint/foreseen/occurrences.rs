//! How often the variables of a function are written.

use crate::ast::{Clause, Expr, ExprKind};
use std::collections::HashMap;
use swerl_beam::Atom;

type Counts = HashMap<Atom, usize>;

#[derive(Default)]
pub(super) struct Occurrences {
    /// In all of its text.
    all: Counts,
    /// On that way through it on which it is most: of clauses beside each other, one is taken.
    on_one_way: Counts,
}

impl Occurrences {
    pub(super) fn of(clauses: &[Clause]) -> Self {
        let mut occurrences = Self::default();
        for clause in clauses {
            clause.each_child(&mut |expr| count(expr, &mut occurrences.all));
        }
        one_of(clauses.iter().map(ways_of_clause), &mut occurrences.on_one_way);
        occurrences
    }

    /// Whether it is bound and then named once.
    pub(super) fn is_used_once(&self, name: Atom) -> bool {
        self.all.get(&name) == Some(&2)
    }

    /// How often it is written, where several clauses bind it in the one where that is most.
    pub(super) fn on_one_way(&self, name: Atom) -> usize {
        self.on_one_way.get(&name).copied().unwrap_or(0)
    }

    /// Whether it is written once in all.
    pub(super) fn is_alone(&self, name: Atom) -> bool {
        self.all.get(&name) == Some(&1)
    }

    /// Whether it is bound and then not named, also where several clauses bind it.
    pub(super) fn is_unused(&self, name: Atom) -> bool {
        self.on_one_way.get(&name) == Some(&1)
    }
}

fn count(expr: &Expr, counts: &mut Counts) {
    if let ExprKind::Var(name) = expr.kind {
        *counts.entry(name).or_default() += 1;
    }
    expr.each_child(&mut |child| count(child, counts));
}

fn count_on_one_way(expr: &Expr, counts: &mut Counts) {
    let clauses =
        |clauses: &[Clause], counts: &mut Counts| one_of(clauses.iter().map(ways_of_clause), counts);
    match &expr.kind {
        ExprKind::Var(name) => *counts.entry(*name).or_default() += 1,
        ExprKind::If(ways) | ExprKind::Fun(ways) | ExprKind::NamedFun { clauses: ways, .. } => {
            clauses(ways, counts);
        }
        ExprKind::Case(subject, ways) => {
            count_on_one_way(subject, counts);
            clauses(ways, counts);
        }
        ExprKind::Receive { clauses: ways, after } => {
            let after = after.iter().map(|after| ways_of(std::iter::once(&after.timeout).chain(&after.body)));
            one_of(ways.iter().map(ways_of_clause).chain(after), counts);
        }
        ExprKind::Try(parts) => {
            parts.body.iter().chain(&parts.after).for_each(|expr| count_on_one_way(expr, counts));
            clauses(&parts.of, counts);
            clauses(&parts.catch, counts);
        }
        _ => expr.each_child(&mut |child| count_on_one_way(child, counts)),
    }
}

fn ways_of_clause(clause: &Clause) -> Counts {
    let mut counts = Counts::new();
    clause.each_child(&mut |expr| count_on_one_way(expr, &mut counts));
    counts
}

fn ways_of<'a>(exprs: impl Iterator<Item = &'a Expr>) -> Counts {
    let mut counts = Counts::new();
    exprs.for_each(|expr| count_on_one_way(expr, &mut counts));
    counts
}

/// Adds of several ways, for each variable, that on which it is most.
fn one_of(ways: impl Iterator<Item = Counts>, counts: &mut Counts) {
    let mut most = Counts::new();
    for (name, times) in ways.flatten() {
        let known = most.entry(name).or_default();
        *known = times.max(*known);
    }
    for (name, times) in most {
        *counts.entry(name).or_default() += times;
    }
}
