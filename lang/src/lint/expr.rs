//! Expressions.

use super::bits::Size;
use super::pattern::constant_integer;
use super::scope::{Changes, Env, Origin};
use super::{Linter, clause};
use crate::ast::{BinElement, BinaryOp, Expr, ExprKind, FunctionName};

impl Linter<'_> {
    /// Checks an expression.
    pub(super) fn expr(&mut self, expr: &Expr, env: &Env) -> Changes {
        let place = expr.place;
        match &expr.kind {
            ExprKind::Var(name) => self.use_variable(*name, place, env),
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Nil => Vec::new(),
            ExprKind::List(elements, tail) => self.exprs_at_once(elements.iter().chain([&**tail]), env),
            ExprKind::Tuple(elements) => self.exprs_at_once(elements, env),
            ExprKind::Map { base, fields } => {
                let changes = match base {
                    Some(base) => self.expr(base, env),
                    None => {
                        self.check_map_construction(fields);
                        Vec::new()
                    }
                };
                fields.iter().fold(changes, |changes, field| {
                    let next = self.exprs_at_once([&field.key, &field.value], env);
                    self.then(changes, next)
                })
            }
            ExprKind::Record { base: None, name, fields } => {
                self.record_construction(place, *name, fields, env, None)
            }
            ExprKind::Record { base: Some(base), name, fields } => {
                self.record_update(base, place, *name, fields, env)
            }
            ExprKind::RecordIndex { name, field } => {
                if self.check_record(place, *name) {
                    self.check_field_exists(*name, *field);
                }
                Vec::new()
            }
            ExprKind::RecordAccess { base, name, field } => {
                let changes = self.record_base(base, place, env);
                if self.check_record(place, *name) {
                    self.check_field_exists(*name, *field);
                }
                changes
            }
            ExprKind::Bin(elements) => self.bits(elements, env),
            ExprKind::Binary(op @ (BinaryOp::AndAlso | BinaryOp::OrElse), left, right) => {
                // The right side may not be evaluated.
                let first = self.expr(left, env);
                let env = self.extend(env, &first);
                let second = self.expr(right, &env);
                let second = Self::make_unsafe(&second, &env, Origin { construct: op.as_str(), place });
                self.merge(first, second)
            }
            ExprKind::Binary(_, left, right) => self.exprs_at_once([&**left, &**right], env),
            ExprKind::Unary(_, operand) => self.expr(operand, env),
            ExprKind::Match(pattern, value) | ExprKind::MaybeMatch(pattern, value) => {
                let changes = self.expr(value, env);
                let after = self.extend(env, &changes);
                let matched = self.patterns([&**pattern], &after, true);
                self.reject_alias_of_match(pattern, value, env);
                let changes = self.merge(changes, matched.changed);
                self.overridden(changes, matched.new)
            }
            ExprKind::Catch(inner) => {
                let changes = self.expr(inner, env);
                Self::make_unsafe(&changes, env, Origin { construct: "catch", place })
            }
            ExprKind::Call { callee, args } => self.call(callee, args, place, env),
            ExprKind::Remote(module, _) => {
                self.error(module.place, "illegal_expr", &[], "illegal expression".into());
                Vec::new()
            }
            ExprKind::Block(body) => self.body(body, env),
            ExprKind::If(clauses) => self.branches(clauses, env, Origin { construct: "if", place }),
            ExprKind::Case(value, clauses) => {
                let changes = self.expr(value, env);
                let env = self.extend(env, &changes);
                let exported = self.branches(clauses, &env, Origin { construct: "case", place });
                self.merge(changes, exported)
            }
            ExprKind::Receive { clauses, after } => self.receive(clauses, after.as_deref(), place, env),
            ExprKind::Try(inner) => self.try_expr(inner, place, env),
            ExprKind::Maybe(inner) => self.maybe(inner, place, env),
            ExprKind::FunLocal { name, arity } => {
                self.local_fun(place, FunctionName { name: *name, arity: *arity });
                Vec::new()
            }
            ExprKind::FunRemote(parts) => self.exprs_at_once(parts.iter(), env),
            ExprKind::Fun(clauses) => self.fun_clauses(clauses, env),
            ExprKind::NamedFun { name, clauses } => self.named_fun(*name, place, clauses, env),
            ExprKind::Lc(value, qualifiers) | ExprKind::Bc(value, qualifiers) => {
                self.comprehension(clause::Product::One(value), qualifiers, env)
            }
            ExprKind::Mc(field, qualifiers) => {
                self.comprehension(clause::Product::Pair(field), qualifiers, env)
            }
        }
    }

    /// Expressions one after the other.
    pub(super) fn body(&mut self, exprs: &[Expr], env: &Env) -> Changes {
        let mut changes = Changes::new();
        let mut env = env.clone();
        for expr in exprs {
            let next = self.expr(expr, &env);
            if !next.is_empty() {
                env = self.extend(&env, &next);
                changes = self.then(changes, next);
            }
        }
        changes
    }

    /// Expressions that do not see each other's variables.
    pub(super) fn exprs_at_once<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        env: &Env,
    ) -> Changes {
        let mut changes = Changes::new();
        for expr in exprs {
            let next = self.expr(expr, env);
            changes = self.merge_matching(next, changes);
        }
        changes
    }

    fn bits(&mut self, elements: &[BinElement], env: &Env) -> Changes {
        let mut changes = Changes::new();
        for element in elements {
            let next = self.expr(&element.value, env);
            changes = self.merge(next, changes);
            let size = match &element.size {
                None => Size::Default,
                Some(size) => match constant_integer(size) {
                    Some(value) => Size::Known(value),
                    None => {
                        let next = self.expr(size, env);
                        changes = self.merge(next, changes);
                        Size::of_expression(size)
                    }
                },
            };
            self.check_segment(element, size);
        }
        changes
    }
}
