//! What has clauses or variables of its own: branches, `receive`, `try`, `maybe`, funs, comprehensions.

use super::Linter;
use super::scope::{Binding, Changes, Env, Origin, State, find};
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

/// An environment in which these hide what has the same names.
fn shadowed_by(env: &Env, new: &Changes) -> Env {
    let mut env = env.clone();
    for (name, binding) in new {
        env.insert(*name, *binding);
    }
    env
}

impl Linter<'_> {
    /// A clause of a function: nothing is bound before it, nothing remains after it.
    pub(super) fn function_clause(&mut self, clause: &Clause) {
        let changes = self.branch(clause, &Env::new());
        self.check_unused(changes.iter().map(|(name, binding)| (name, binding)));
    }

    /// A clause: patterns, guard and body.
    fn branch(&mut self, clause: &Clause, env: &Env) -> Changes {
        let matched = self.patterns(&clause.patterns, env, true);
        let matched = self.then(matched.changed, matched.new);
        self.rest_of_branch(clause, matched, env)
    }

    fn rest_of_branch(&mut self, clause: &Clause, matched: Changes, env: &Env) -> Changes {
        let inner = self.extend(env, &matched);
        let tested = self.guard(&clause.guard, &inner);
        self.body_of_branch(clause, matched, tested, env)
    }

    fn body_of_branch(&mut self, clause: &Clause, matched: Changes, tested: Changes, env: &Env) -> Changes {
        let before = self.overridden(matched, tested);
        let inner = self.extend(env, &before);
        let done = self.body(&clause.body, &inner);
        self.overridden(before, done)
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
        let changes = self.merge(timed_out, timeout);
        self.merge(exported, changes)
    }

    pub(super) fn try_expr(&mut self, inner: &Try, place: Place, env: &Env) -> Changes {
        let origin = Origin { construct: "try", place };
        let body = self.body(&inner.body, env);
        let body_unsafe = Self::make_unsafe(&body, env, origin);
        let of_env = self.extend(env, &body);
        let is_new = |change: &&(Atom, Binding)| !env.contains_key(&change.0);
        let new_unsafe = body_unsafe.iter().filter(is_new).copied().collect();
        let catch_env = self.extend(&of_env, &new_unsafe);
        let mut branches: Vec<Changes> = inner.of.iter().map(|clause| self.branch(clause, &of_env)).collect();
        branches.extend(
            inner.catch.iter().map(|clause| self.catch_clause(clause, &catch_env)).collect::<Vec<_>>(),
        );
        let exported = self.export(branches, &of_env, origin);
        let exported = Self::make_unsafe(&exported, env, origin);
        let before_after = self.merge(body_unsafe, exported);
        let after_env = self.extend(env, &before_after);
        let after = self.body(&inner.after, &after_env);
        let after = Self::make_unsafe(&after, env, origin);
        self.merge(before_after, after)
    }

    /// A `catch` clause: its stacktrace must be a new variable, and cannot be looked at in the guard.
    fn catch_clause(&mut self, clause: &Clause, env: &Env) -> Changes {
        let matched = self.patterns(&clause.patterns, env, true);
        let matched = self.then(matched.changed, matched.new);
        let stack = clause.patterns.get(2).and_then(|pattern| match pattern.kind {
            ExprKind::Var(name) if name.as_str() != "_" => Some((name, pattern.place)),
            _ => None,
        });
        let Some((name, stack_place)) = stack else { return self.rest_of_branch(clause, matched, env) };
        let mut guard_env = self.extend(env, &matched);
        let Some(binding) = guard_env.get(&name).copied() else {
            return self.rest_of_branch(clause, matched, env);
        };
        if binding.used {
            let message =
                format!("stacktrace variable {} must not be previously bound", write_atom(name.as_str()));
            self.error(stack_place, "stacktrace_bound", &[Literal::Atom(name)], message);
        }
        guard_env.insert(name, Binding { state: State::Stacktrace, ..binding });
        let tested = self.guard(&clause.guard, &guard_env);
        self.body_of_branch(clause, matched, tested, env)
    }

    /// It answers for everything around it: a branch that holds it counts as using all that was known before.
    pub(super) fn maybe(&mut self, inner: &Maybe, place: Place, env: &Env) -> Changes {
        let done = self.body(&inner.body, env);
        let (body_env, body) = self.with_all_around(done, env, Origin { construct: "maybe", place });
        let Some((else_place, clauses)) = &inner.else_part else { return body };
        let origin = Origin { construct: "else", place: *else_place };
        let done = self.branches(clauses, &body_env, origin);
        let (_, otherwise) = self.with_all_around(done, env, origin);
        self.merge(body, otherwise)
    }

    /// What is around with what is new as unsafe, and the changes with all of that.
    fn with_all_around(&mut self, done: Changes, env: &Env, origin: Origin) -> (Env, Changes) {
        let mut new = Self::make_unsafe(&done, env, origin);
        new.retain(|(name, _)| !env.contains_key(name));
        let after = self.extend(env, &new);
        let unsettled = after.iter().filter(|(_, binding)| !binding.is_settled());
        let around = unsettled.map(|(name, binding)| (*name, *binding)).collect();
        (after, self.merge(done, around))
    }

    /// The clauses of a fun: they see what is around them, and leave nothing.
    pub(super) fn fun_clauses(&mut self, clauses: &[Clause], env: &Env) -> Changes {
        let in_record = std::mem::replace(&mut self.in_record_definition, false);
        let mut changes = Changes::new();
        for clause in clauses {
            let done = self.fun_clause(clause, env);
            changes = self.merge(done, changes);
        }
        self.in_record_definition = in_record;
        Self::safe_uses(changes)
    }

    /// A clause of a fun, and what it says of the variables around it.
    fn fun_clause(&mut self, clause: &Clause, env: &Env) -> Changes {
        let matched = self.patterns(&clause.patterns, env, false);
        let around = self.extend(env, &matched.changed);
        self.check_shadowing(&matched.new, env, "fun");
        let with_patterns = shadowed_by(&around, &matched.new);
        let tested = self.guard(&clause.guard, &with_patterns);
        let with_guard = self.extend(&with_patterns, &tested);
        let done = self.body(&clause.body, &with_guard);
        let inner = self.extend(&with_guard, &done);
        self.check_unused_locals(&inner, env);
        // Those that shadow one from around.
        let shadowing = matched.new.iter().filter(|(name, _)| around.contains_key(name));
        self.check_unused(shadowing.clone().filter_map(|(name, _)| inner.get_key_value(name)));
        let hidden: Changes = shadowing.map(|(name, _)| (*name, around[name])).collect();
        Self::said_of(env, &shadowed_by(&inner, &hidden))
    }

    pub(super) fn named_fun(&mut self, name: Atom, place: Place, clauses: &[Clause], env: &Env) -> Changes {
        if name.as_str() == "_" {
            return self.fun_clauses(clauses, env);
        }
        let binding = self.new_variable(place, false);
        let new = vec![(name, binding)];
        self.check_shadowing(&new, env, "named fun");
        let mut changes = self.fun_clauses(clauses, &shadowed_by(env, &new));
        let used = find(&changes, name).unwrap_or(binding);
        self.check_unused([(&name, &used)]);
        changes.retain(|change| env.contains_key(&change.0));
        changes
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
        // Variables that a later generator hides, as they were then.
        let mut hidden = Env::new();
        for qualifier in qualifiers {
            match qualifier {
                Qualifier::Generator(generator) => {
                    inner = self.generators(std::slice::from_ref(generator), &inner, &mut hidden);
                }
                Qualifier::Zip(_, generators) => inner = self.generators(generators, &inner, &mut hidden),
                Qualifier::Filter(test) => {
                    let changes = if self.is_guard_test(test) {
                        self.guard_test(test, &inner)
                    } else {
                        self.expr(test, &inner)
                    };
                    inner = self.extend(&inner, &changes);
                }
            }
        }
        self.in_record_definition = in_record;
        let changes = match product {
            Product::One(value) => self.expr(value, &inner),
            Product::Pair(field) => self.exprs_at_once([&field.key, &field.value], &inner),
        };
        inner = self.extend(&inner, &changes);
        // What hides another one is looked at twice.
        self.check_unused(inner.iter().filter(|(name, _)| hidden.contains_key(*name)));
        self.check_unused_locals(&hidden, env);
        self.check_unused_locals(&inner, env);
        for (name, binding) in hidden {
            inner.insert(name, binding);
        }
        Self::safe_uses(Self::said_of(env, &inner))
    }

    /// Generators that advance together: their sources see what was before all of them.
    fn generators(&mut self, generators: &[Generator], env: &Env, hidden: &mut Env) -> Env {
        let mut around = env.clone();
        for generator in generators {
            let mut changes = self.expr(&generator.source, env);
            // What the source binds ends with it.
            self.check_unused_locals(changes.iter().map(|(name, binding)| (name, binding)), env);
            changes.retain(|change| env.contains_key(&change.0));
            around = self.extend(&around, &changes);
        }
        let before = around.clone();
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
            around = self.extend(&around, &matched.changed);
            new = self.merge_matching(new, matched.new);
        }
        self.check_shadowing(&new, &before, "generate");
        let hides: Vec<_> = new.iter().filter_map(|(name, _)| Some((*name, *around.get(name)?))).collect();
        let again = hides.iter().filter(|(name, _)| hidden.contains_key(name));
        self.check_unused(again.map(|(name, binding)| (name, binding)));
        for (name, binding) in hides {
            hidden.entry(name).or_insert(binding);
        }
        shadowed_by(&around, &new)
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
