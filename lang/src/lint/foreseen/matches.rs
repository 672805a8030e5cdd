//! `=`: what a pattern takes of a value, and what becomes of values that nobody uses.

use super::branches::{both, is_boolean, is_word};
use super::calls::known_length;
use super::expr::is_written_out_list;
use super::known::{Fit, Known};
use super::pattern::Head;
use super::{Env, Foresight, Wanted};
use crate::ast::{BinaryOp, Expr, ExprKind, FieldName, FunctionName, Place, RecordField};
use crate::core::evaluate::Outcome;
use crate::syntax::term_of;
use swerl_beam::Atom;

impl Foresight<'_> {
    /// `Pattern = Value`, where the value may be another match: all their patterns stand for one value.
    pub(super) fn match_expr(
        &mut self,
        place: Place,
        pattern: &Expr,
        value: &Expr,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        let mut patterns = vec![pattern];
        let mut value = value;
        while let ExprKind::Match(other, inner) = &value.kind {
            patterns.push(other);
            value = inner;
        }
        if let [Expr { kind: ExprKind::Var(name), .. }] = patterns.as_slice()
            && !env.contains_key(name)
        {
            return self.bind(pattern, *name, value, env, wanted);
        }
        let clash = |(index, pattern): (usize, &&Expr)| {
            self.contradicts_itself(pattern)
                || patterns[index + 1..].iter().any(|other| self.excludes(pattern, other))
        };
        if patterns.iter().enumerate().any(clash) {
            let value = self.expr(value, env, Wanted::Value);
            self.impossible_pattern(place);
            if value.literal().is_some() {
                self.no_clause(place);
            }
            return Known::Never;
        }
        let is_plain = patterns.len() == 1;
        let is_bool = is_boolean(value);
        let subject = value;
        let is_new =
            |pattern: &&Expr| matches!(&pattern.kind, ExprKind::Var(name) if !env.contains_key(name));
        let value = match wanted {
            Wanted::Effect if self.calls_fun(value) && !patterns.iter().any(is_new) => {
                self.subject(value, env)
            }
            Wanted::Effect if is_plain => self.matched(pattern, value, env),
            Wanted::Effect if patterns.iter().all(|pattern| self.names_nothing(pattern, value, env)) => {
                self.unused_operand(value, env)
            }
            _ => self.expr(value, env, Wanted::Value),
        };
        if matches!(value, Known::Never) {
            return value;
        }
        let is_folded = value.literal().is_some();
        let is_seen = is_bool && (is_word(subject) || !is_folded || wanted == Wanted::Effect);
        if is_seen && is_plain && self.takes_no_boolean(pattern) {
            self.wrong_type(place);
            if is_folded {
                self.no_clause(place);
            }
            return Known::Never;
        }
        // A list that a variable holds is not looked into.
        let is_held = patterns.iter().any(|pattern| matches!(pattern.kind, ExprKind::Var(_)));
        let is_computed = wanted == Wanted::Value && !matches!(subject.kind, ExprKind::List(..));
        let held = if (is_held || is_computed) && matches!(value, Known::Cons(_)) {
            self.fresh()
        } else {
            value.clone()
        };
        let mut head = Head::default();
        let mut fit = Fit::Yes;
        for pattern in &patterns {
            fit = fit.min(self.fit(pattern, &held, env, &mut head));
        }
        if fit == Fit::No {
            if value.literal().is_none() && !head.is_told {
                self.wrong_type(place);
            }
            self.no_clause(place);
            if let ExprKind::Atom(name) = pattern.kind {
                self.explain(|diagnostic| {
                    diagnostic.with_help(format!(
                        "`{name}` is an atom, and no value but itself matches it: the names of variables begin with a capital letter"
                    ))
                });
            }
            return Known::Never;
        }
        if both(&head.tests, Some(true)) == Some(false) {
            self.guard_fails(place);
            self.no_clause(place);
            self.fails_late = true;
            if let ExprKind::Var(name) = pattern.kind {
                self.explain(|diagnostic| {
                    diagnostic.with_help(format!(
                        "{name} has another value, and a variable keeps its value: bind another one to the new value"
                    ))
                });
            }
            return Known::Never;
        }
        value
    }

    /// `Name = Value` where the name is new.
    pub(super) fn bind(
        &mut self,
        pattern: &Expr,
        name: Atom,
        value: &Expr,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        if name.as_str().starts_with('_') {
            // Nobody is told that a result is for nothing, or that there will be none.
            let was_unwanted = std::mem::replace(&mut self.is_unwanted, true);
            let value = self.expr(value, env, Wanted::Value);
            self.is_unwanted = was_unwanted;
            if name.as_str() != "_" && !matches!(value, Known::Never) {
                self.fit(pattern, &value, env, &mut Head::default());
            }
            return value;
        }
        // Of what a variable is bound to that nobody uses, only the effects count.
        let is_for_nothing = wanted == Wanted::Effect && self.is_unused(name);
        let is_tuple_or_list = matches!(
            value.kind,
            ExprKind::Tuple(_) | ExprKind::List(..) | ExprKind::Record { base: None, .. }
        );
        let value =
            if is_for_nothing && is_tuple_or_list && !self.is_followed && !self.occurrences.is_alone(name) {
                // Clauses beside each other give a term each, and it is dropped with the others.
                self.unused_operand(value, env)
            } else if is_for_nothing {
                let bound = self.for_nothing(value, env);
                if let ExprKind::Binary(BinaryOp::Append, left, _) = &value.kind
                    && bound.literal().is_none()
                    && is_written_out_list(left)
                {
                    self.useless(if term_of(left).is_ok() { value.place } else { left.place });
                }
                bound
            } else {
                self.expr(value, env, Wanted::Value)
            };
        if !matches!(value, Known::Never) {
            self.fit(pattern, &value, env, &mut Head::default());
        }
        value
    }

    /// The value of an expression that is named, and then not used.
    pub(super) fn for_nothing(&mut self, expr: &Expr, env: &mut Env) -> Known {
        if let Some(known) = self.found_unwanted(expr, env) {
            return known;
        }
        let value = self.quietly(|foresight| foresight.expr(expr, &mut env.clone(), Wanted::Value));
        // What the compiler computes leaves nothing behind.
        let is_computed = (value.literal().is_some() && !self.calls_fun(expr))
            || matches!((&value, &expr.kind), (Known::Cons(_), ExprKind::Binary(..) | ExprKind::Call { .. }));
        if let ExprKind::Binary(BinaryOp::Append, left, right) = &expr.kind
            && value.literal().is_none()
            && is_written_out_list(left)
        {
            self.unused_operand(left, env);
            self.unused_operand(right, env);
            return value;
        }
        let wanted = if is_computed { Wanted::Value } else { Wanted::Effect };
        let was_useless = std::mem::take(&mut self.in_useless_term);
        let was_dropped = std::mem::replace(&mut self.is_dropped, true);
        let value = self.expr(expr, env, wanted);
        self.is_dropped = was_dropped;
        self.in_useless_term = was_useless;
        value
    }

    /// What is looked at, or made into something else, before it is found that nobody wants it.
    pub(super) fn found_unwanted(&mut self, expr: &Expr, env: &mut Env) -> Option<Known> {
        if !matches!(expr.kind, ExprKind::Fun(_) | ExprKind::NamedFun { .. }) {
            return self.length_for_nothing(expr, env);
        }
        self.expr(expr, env, Wanted::Value);
        let was_useless = std::mem::take(&mut self.in_useless_term);
        self.useless(expr.place);
        self.in_useless_term = was_useless;
        Some(Known::Unknown)
    }

    /// `length([a | Rest])` becomes an addition before it is found that nobody wants it.
    fn length_for_nothing(&mut self, expr: &Expr, env: &mut Env) -> Option<Known> {
        let ExprKind::Call { callee, args } = &expr.kind else { return None };
        let (ExprKind::Atom(name), [list]) = (&callee.kind, &args[..]) else { return None };
        let length = FunctionName { name: *name, arity: 1 };
        if name.as_str() != "length" || self.module_of(length) != Some(Atom::new("erlang")) {
            return None;
        }
        let known = self.quietly(|foresight| foresight.expr(list, &mut env.clone(), Wanted::Value));
        if !matches!(known, Known::Cons(_)) || !matches!(known_length(&known), Outcome::Unknown) {
            return None;
        }
        self.expr(list, env, Wanted::Value);
        self.result_ignored("erlang", "+", 2, expr.place);
        Some(Known::Unknown)
    }

    /// An operand of what has no effect: terms are not built at all, and what else it takes is for nothing.
    pub(super) fn unused_operand(&mut self, expr: &Expr, env: &mut Env) -> Known {
        match &expr.kind {
            ExprKind::Tuple(elements) => {
                let values: Vec<Known> =
                    elements.iter().map(|element| self.unused_operand(element, env)).collect();
                if self.lacks(&values) { Known::Never } else { Known::tuple(values) }
            }
            ExprKind::Record { base: None, fields, .. } => {
                let values: Vec<Known> =
                    fields.iter().map(|field| self.unused_operand(&field.value, env)).collect();
                if self.lacks(&values) { Known::Never } else { Known::Unknown }
            }
            ExprKind::List(elements, tail) => {
                let values: Vec<Known> =
                    elements.iter().map(|element| self.unused_operand(element, env)).collect();
                let tail = self.unused_operand(tail, env);
                values.into_iter().rev().fold(tail, |tail, head| Known::cons(head, tail))
            }
            ExprKind::Var(_) => self.expr(expr, env, Wanted::Value),
            _ => self.for_nothing(expr, env),
        }
    }

    /// The value that a pattern takes apart, when the whole of it is for nothing: so are the parts that are not named.
    pub(super) fn matched(&mut self, pattern: &Expr, value: &Expr, env: &mut Env) -> Known {
        match (&pattern.kind, &value.kind) {
            (ExprKind::Var(name), _) if !env.contains_key(name) => {
                if name.as_str() == "_" || self.is_unused(*name) {
                    self.unused_operand(value, env)
                } else {
                    self.expr(value, env, Wanted::Value)
                }
            }
            (ExprKind::Tuple(patterns), ExprKind::Tuple(values)) if patterns.len() == values.len() => {
                let parts = patterns.iter().zip(values);
                let values: Vec<Known> =
                    parts.map(|(pattern, value)| self.matched(pattern, value, env)).collect();
                if self.lacks(&values) { Known::Never } else { Known::tuple(values) }
            }
            (ExprKind::List(patterns, rest), ExprKind::List(values, tail))
                if patterns.len() == values.len() =>
            {
                let parts = patterns.iter().chain([&**rest]).zip(values.iter().chain([&**tail]));
                let mut values: Vec<Known> =
                    parts.map(|(pattern, value)| self.matched(pattern, value, env)).collect();
                if self.lacks(&values) {
                    return Known::Never;
                }
                let tail = values.pop().unwrap_or(Known::Unknown);
                values.into_iter().rev().fold(tail, |tail, head| Known::cons(head, tail))
            }
            (
                ExprKind::Record { base: None, fields: patterns, .. },
                ExprKind::Record { base: None, fields, .. },
            ) if self.takes_apart(pattern, value, env) => {
                let known = self.quietly(|foresight| foresight.expr(value, &mut env.clone(), Wanted::Value));
                let mut values = Vec::new();
                for given in fields {
                    let pattern = patterns.iter().find(|pattern| name_of(pattern) == name_of(given));
                    values.push(match pattern {
                        Some(pattern) => self.matched(&pattern.value, &given.value, env),
                        None => self.unused_operand(&given.value, env),
                    });
                }
                if self.lacks(&values) { Known::Never } else { known }
            }
            (ExprKind::List(..), _) if self.names_nothing(pattern, value, env) => {
                self.unused_operand(value, env)
            }
            _ => self.expr(value, env, Wanted::Value),
        }
    }

    /// Whether a pattern takes any value of this shape.
    pub(super) fn takes_apart(&self, pattern: &Expr, value: &Expr, env: &Env) -> bool {
        let all = |patterns: &[Expr], values: &[Expr]| {
            patterns.len() == values.len()
                && patterns.iter().zip(values).all(|(pattern, value)| self.takes_apart(pattern, value, env))
        };
        match (&pattern.kind, &value.kind) {
            (ExprKind::Var(name), _) => !env.contains_key(name),
            (ExprKind::Tuple(patterns), ExprKind::Tuple(values)) => all(patterns, values),
            (ExprKind::List(..), ExprKind::List(..)) => self.names_nothing(pattern, value, env),
            (
                ExprKind::Record { base: None, name, fields: patterns },
                ExprKind::Record { base: None, name: built, fields },
            ) => {
                let are_variables = |given: &RecordField| matches!(given.value.kind, ExprKind::Var(name) if !env.contains_key(&name));
                let are_named = |given: &RecordField| matches!(given.name, FieldName::Named(_));
                name == built
                    && patterns.iter().all(are_variables)
                    && patterns.iter().chain(fields).all(are_named)
            }
            _ => false,
        }
    }

    /// Whether a pattern takes any value of this shape, and what it names is used nowhere.
    pub(super) fn names_nothing(&self, pattern: &Expr, value: &Expr, env: &Env) -> bool {
        match (&pattern.kind, &value.kind) {
            (ExprKind::Var(name), _) => {
                name.as_str() == "_" || (!env.contains_key(name) && self.is_unused(*name))
            }
            (ExprKind::Tuple(patterns), ExprKind::Tuple(values)) => {
                patterns.len() == values.len()
                    && patterns
                        .iter()
                        .zip(values)
                        .all(|(pattern, value)| self.names_nothing(pattern, value, env))
            }
            (ExprKind::List(patterns, rest), ExprKind::List(values, tail)) => {
                let is_rest = match values.len().checked_sub(patterns.len()) {
                    Some(0) => {
                        self.names_nothing(rest, tail, env)
                            || matches!((&rest.kind, &tail.kind), (ExprKind::Nil, ExprKind::Nil))
                    }
                    Some(_) => matches!(rest.kind, ExprKind::Var(_)) && self.names_nothing(rest, tail, env),
                    None => false,
                };
                is_rest
                    && patterns
                        .iter()
                        .zip(values)
                        .all(|(pattern, value)| self.names_nothing(pattern, value, env))
            }
            _ => false,
        }
    }

    /// Whether a pattern matches neither `true` nor `false`.
    pub(super) fn takes_no_boolean(&mut self, pattern: &Expr) -> bool {
        match &pattern.kind {
            ExprKind::Var(_) | ExprKind::Match(..) => false,
            ExprKind::Atom(name) => !matches!(name.as_str(), "true" | "false"),
            _ => true,
        }
    }
}

/// The name of a field, if it is given by its name.
fn name_of(field: &RecordField) -> Option<Atom> {
    match field.name {
        FieldName::Named(name) => Some(name.atom),
        FieldName::Others(_) | FieldName::Variable(_) => None,
    }
}
