//! What has clauses or variables of its own: branches, `receive`, `try`, `maybe`, funs, comprehensions.

use super::Linter;
use super::scope::{Changes, Env, Origin, State, extend, then};
use crate::ast::{After, Clause, ExprKind, Generator, GeneratorKind, MapField, Maybe, Place, Qualifier, Try};
use crate::ast::{BinElement, Expr};
use crate::lex::write_atom;
use swerl_beam::{Atom, Literal};

/// What a comprehension produces.
#[derive(Clone, Copy)]
pub(super) enum Product<'e> {
    /// A value.
    One(&'e Expr),
    /// A key with its value.
    Pair(&'e MapField),
}

impl Linter<'_> {
    /// A clause of a function: nothing is bound before it, nothing remains after it.
    pub(super) fn function_clause(&mut self, clause: &Clause) {
        let outer = Env::new();
        let changes = self.branch(clause, &outer);
        self.check_unused_locals(&extend(&outer, &changes), &outer);
    }

    /// A clause: patterns, guard and body.
    fn branch(&mut self, clause: &Clause, env: &Env) -> Changes {
        let matched = self.patterns(&clause.patterns, env, true).all();
        self.rest_of_branch(clause, matched, env)
    }

    fn rest_of_branch(&mut self, clause: &Clause, matched: Changes, env: &Env) -> Changes {
        let env = extend(env, &matched);
        let tested = self.guard(&clause.guard, &env);
        let env = extend(&env, &tested);
        let done = self.body(&clause.body, &env);
        then(then(matched, tested), done)
    }

    /// Clauses of which one is taken.
    pub(super) fn branches(&mut self, clauses: &[Clause], env: &Env, origin: Origin) -> Changes {
        let branches = clauses.iter().map(|clause| self.branch(clause, env)).collect();
        self.export(branches, env, origin)
    }

    pub(super) fn receive(
        &mut self,
        clauses: &[Clause],
        after: Option<&After>,
        place: Place,
        env: &Env,
    ) -> Changes {
        let origin = Origin { construct: "receive", place };
        let Some(after) = after else { return self.branches(clauses, env, origin) };
        let timeout = self.expr(&after.timeout, env);
        let timed_out = self.body(&after.body, env);
        let mut branches = vec![timed_out.clone()];
        branches.extend(clauses.iter().map(|clause| self.branch(clause, env)));
        let exported = self.export(branches, env, origin);
        let changes = self.merge(timeout, timed_out, false);
        self.merge(changes, exported, false)
    }

    pub(super) fn try_expr(&mut self, inner: &Try, place: Place, env: &Env) -> Changes {
        let origin = Origin { construct: "try", place };
        let body = self.body(&inner.body, env);
        let body_unsafe = Self::make_unsafe(&body, env, origin);
        let of_env = extend(env, &body);
        let catch_env = extend(env, &body_unsafe);
        let mut branches: Vec<Changes> = inner.of.iter().map(|clause| self.branch(clause, &of_env)).collect();
        branches.extend(
            inner.catch.iter().map(|clause| self.catch_clause(clause, &catch_env)).collect::<Vec<_>>(),
        );
        let exported = self.export(branches, &of_env, origin);
        let exported = Self::make_unsafe(&exported, env, origin);
        let before_after = self.merge(body_unsafe, exported, false);
        let after = self.body(&inner.after, &extend(env, &before_after));
        let after = Self::make_unsafe(&after, env, origin);
        self.merge(before_after, after, false)
    }

    /// A `catch` clause: its stacktrace must be a new variable, and cannot be looked at in the guard.
    fn catch_clause(&mut self, clause: &Clause, env: &Env) -> Changes {
        let matched = self.patterns(&clause.patterns, env, true).all();
        let stack = clause.patterns.get(2).and_then(|pattern| match pattern.kind {
            ExprKind::Var(name) if name.as_str() != "_" => Some((name, pattern.place)),
            _ => None,
        });
        let Some((name, stack_place)) = stack else { return self.rest_of_branch(clause, matched, env) };
        let with_patterns = extend(env, &matched);
        let Some(binding) = with_patterns.get(&name).copied() else {
            return self.rest_of_branch(clause, matched, env);
        };
        if self.is_used(binding.id) {
            let message =
                format!("stacktrace variable {} must not be previously bound", write_atom(name.as_str()));
            self.error(stack_place, "stacktrace_bound", &[Literal::Atom(name)], message);
        }
        let mut guard_env = with_patterns.clone();
        guard_env.insert(name, super::scope::Binding { state: State::Stacktrace, ..binding });
        let tested = self.guard(&clause.guard, &guard_env);
        let done = self.body(&clause.body, &extend(&with_patterns, &tested));
        then(then(matched, tested), done)
    }

    /// It answers for everything around it: a branch that holds it counts as using all that was known before.
    pub(super) fn maybe(&mut self, inner: &Maybe, place: Place, env: &Env) -> Changes {
        let around: Changes = env.iter().map(|(name, binding)| (*name, *binding)).collect();
        let body = self.body(&inner.body, env);
        let body = Self::make_unsafe(&body, env, Origin { construct: "maybe", place });
        let body = self.merge(around, body, false);
        let Some((else_place, clauses)) = &inner.else_part else { return body };
        let origin = Origin { construct: "else", place: *else_place };
        let exported = self.branches(clauses, &extend(env, &body), origin);
        let exported = Self::make_unsafe(&exported, env, origin);
        self.merge(body, exported, false)
    }

    /// The clauses of a fun: they see what is around them, and leave nothing.
    pub(super) fn fun_clauses(&mut self, clauses: &[Clause], env: &Env) -> Changes {
        let in_record = std::mem::replace(&mut self.in_record_definition, false);
        let mut changes = Changes::new();
        let mut inners = Vec::new();
        let since = self.used_by_branches.len();
        for clause in clauses {
            let matched = self.patterns(&clause.patterns, env, false);
            let around = extend(env, &matched.changed);
            self.check_shadowing(&matched.new, &around, "fun");
            let with_patterns = extend(&around, &matched.new);
            let tested = self.guard(&clause.guard, &with_patterns);
            let with_guard = extend(&with_patterns, &tested);
            let done = self.body(&clause.body, &with_guard);
            let inner = extend(&with_guard, &done);
            self.check_unused_locals(&inner, env);
            let outside = self.changes_outside(&inner, env);
            changes = self.merge(changes, outside, false);
            inners.push(inner);
        }
        self.forget_unsafe_uses(since, env, &inners);
        self.in_record_definition = in_record;
        changes
    }

    pub(super) fn named_fun(&mut self, name: Atom, place: Place, clauses: &[Clause], env: &Env) -> Changes {
        if name.as_str() == "_" {
            return self.fun_clauses(clauses, env);
        }
        let binding = self.new_variable(place, false);
        let new = vec![(name, binding)];
        self.check_shadowing(&new, env, "named fun");
        let inner = extend(env, &new);
        let changes = self.fun_clauses(clauses, &inner);
        self.check_unused([(&name, &binding)]);
        changes.into_iter().filter(|change| change.0 != name).collect()
    }

    /// A comprehension. Each generator's pattern is new and hides what has the same names.
    pub(super) fn comprehension(
        &mut self,
        product: Product<'_>,
        qualifiers: &[Qualifier],
        env: &Env,
    ) -> Changes {
        let in_record = std::mem::replace(&mut self.in_record_definition, false);
        let mut inner = env.clone();
        // Variables that a later generator hides.
        let mut hidden = Changes::new();
        for qualifier in qualifiers {
            match qualifier {
                Qualifier::Generator(generator) => {
                    inner = self.generators(std::slice::from_ref(generator), &inner, env, &mut hidden);
                }
                Qualifier::Zip(_, generators) => {
                    inner = self.generators(generators, &inner, env, &mut hidden)
                }
                Qualifier::Filter(test) => {
                    let changes = if self.is_guard_test(test) {
                        self.guard_test(test, &inner)
                    } else {
                        self.expr(test, &inner)
                    };
                    inner = extend(&inner, &changes);
                }
            }
        }
        self.in_record_definition = in_record;
        let changes = match product {
            Product::One(value) => self.expr(value, &inner),
            Product::Pair(field) => self.exprs_at_once([&field.key, &field.value], &inner),
        };
        inner = extend(&inner, &changes);
        self.check_hiding(&hidden, &inner);
        self.check_unused(hidden.iter().map(|(name, binding)| (name, binding)));
        self.check_unused_locals(&inner, env);
        self.changes_outside(&inner, env)
    }

    /// Generators that advance together: their sources see what was before all of them.
    fn generators(&mut self, generators: &[Generator], env: &Env, outer: &Env, hidden: &mut Changes) -> Env {
        let mut around = env.clone();
        for generator in generators {
            let changes = self.expr(&generator.source, env);
            // What the source binds ends with it.
            let source_env = extend(env, &changes);
            self.check_unused_locals(&source_env, env);
            around = extend(&around, &self.changes_outside(&source_env, env));
        }
        let mut new = Changes::new();
        for generator in generators {
            let matched = match &generator.kind {
                GeneratorKind::List(pattern) => self.patterns([pattern], &around, false),
                GeneratorKind::Bits(pattern) => {
                    if let ExprKind::Bin(elements) = &pattern.kind {
                        self.check_last_segment(elements);
                    }
                    self.patterns([pattern], &around, false)
                }
                GeneratorKind::Map(field) => self.patterns([&field.key, &field.value], &around, false),
            };
            around = extend(&around, &matched.changed);
            new = self.merge(new, matched.new, true);
        }
        self.check_shadowing(&new, &around, "generate");
        for (name, _) in &new {
            if let Some(old) = around.get(name)
                && outer.get(name).is_none_or(|outer| outer.id != old.id)
            {
                hidden.push((*name, *old));
            }
        }
        extend(&around, &new)
    }

    /// The last segment of a bit string generator's pattern cannot be a binary of any size: it would take all.
    fn check_last_segment(&mut self, elements: &[BinElement]) {
        let Some(BinElement { size: None, specs: Some(specs), place, .. }) = elements.last() else { return };
        let is_binary = |name: &str| matches!(name, "binary" | "bytes" | "bits" | "bitstring");
        if specs.iter().any(|spec| is_binary(spec.name.as_str())) {
            let message = "binary fields without size are not allowed in patterns of bit string generators";
            self.error(*place, "unsized_binary_in_bin_gen_pattern", &[], message.into());
        }
    }
}
