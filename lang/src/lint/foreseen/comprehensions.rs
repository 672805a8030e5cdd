//! Generators and filters.

use super::super::guard::is_guard_test;
use super::expr::without;
use super::known::Known;
use super::pattern::{Head, variables};
use super::{Env, Foresight, Wanted};
use crate::ast::{Expr, Generator, GeneratorKind, Place, Qualifier};

impl Foresight<'_> {
    /// The qualifiers of a comprehension; what is bound after them.
    pub(super) fn qualifiers(&mut self, qualifiers: &[Qualifier], place: Place, env: &Env) -> Env {
        let mut inner = env.clone();
        let mut rest = qualifiers;
        while let Some((qualifier, after)) = rest.split_first() {
            rest = after;
            // Filters that may stand in a guard are one guard, of the generator before them if there is one.
            let mut tests: Vec<Expr> = Vec::new();
            let at = match qualifier {
                Qualifier::Generator(generator) => {
                    self.generator(generator, place, &mut inner);
                    Some(place)
                }
                Qualifier::Zip(_, generators) => {
                    for generator in generators {
                        self.generator(generator, place, &mut inner);
                    }
                    Some(place)
                }
                Qualifier::Filter(test) if self.may_guard(test) => {
                    tests.push(test.clone());
                    None
                }
                Qualifier::Filter(test) => {
                    self.filter(test, &mut inner);
                    continue;
                }
            };
            while let Some((Qualifier::Filter(test), after)) = rest.split_first()
                && self.may_guard(test)
            {
                tests.push(test.clone());
                rest = after;
            }
            let Some(first) = tests.first().map(|test| test.place) else { continue };
            if self.guard(&vec![tests], &inner) == Some(false) {
                self.guard_fails(at.unwrap_or(first));
                if at.is_none() {
                    self.no_clause(first);
                }
            }
        }
        inner
    }

    pub(super) fn may_guard(&self, test: &Expr) -> bool {
        let is_own = |function| self.locals.contains(&function) || self.imports.contains_key(&function);
        is_guard_test(test, &is_own)
    }

    /// A filter that may not stand in a guard.
    pub(super) fn filter(&mut self, test: &Expr, env: &mut Env) {
        let value = self.expr(test, env, Wanted::Value);
        match value {
            Known::Literal(_) if value.is_atom("true") => {}
            Known::Literal(_) => self.no_clause(test.place),
            Known::Tuple(_) | Known::Cons(_) => {
                self.wrong_type(test.place);
                self.no_clause(test.place);
            }
            _ => {}
        }
    }

    pub(super) fn generator(&mut self, generator: &Generator, place: Place, env: &mut Env) {
        self.expr(&generator.source, &mut env.clone(), Wanted::Value);
        let patterns: Vec<&Expr> = match &generator.kind {
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => vec![pattern],
            GeneratorKind::Map(field) => vec![&field.key, &field.value],
        };
        let mut hidden = Vec::new();
        for pattern in &patterns {
            variables(pattern, &mut hidden);
        }
        let is_bits = matches!(generator.kind, GeneratorKind::Bits(_));
        *env = without(env, &hidden);
        for pattern in patterns {
            if self.contradicts_itself(pattern) {
                self.impossible_pattern(place);
            }
            let element = self.fresh();
            if is_bits {
                self.quietly(|foresight| foresight.fit(pattern, &element, env, &mut Head::default()));
            } else {
                self.fit(pattern, &element, env, &mut Head::default());
            }
        }
    }
}
