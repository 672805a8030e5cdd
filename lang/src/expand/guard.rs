//! Records in guards. There a field can be taken from a value only if the value is known to be the record; if it
//! is not, the guard fails, whatever the rest of it says.

use super::make::{atom, binary, erlang, integer, take};
use super::shown::Needed;
use super::{Expanded, Expander};
use crate::ast::{BinaryOp, Expr, ExprKind, Place, UnaryOp};
use crate::lint::is_guard_expr;
use swerl_beam::Atom;

impl Expander {
    /// The tests of one alternative of a guard.
    pub(super) fn guard_tests(&mut self, tests: &mut [Expr]) -> Expanded {
        if self.shows {
            return self.shown_tests(tests);
        }
        self.checked.clear();
        tests.iter_mut().try_for_each(|test| {
            self.rename_old_test(test);
            self.guard_test(test, true)
        })
    }

    /// The type tests that came before the `is_` names: of them, `record/2` alone is about records.
    pub(super) fn rename_old_test(&self, test: &mut Expr) {
        let Some((name, 2)) = self.local_callee(test) else { return };
        if name.as_str() == "record"
            && !self.functions.is_overridden(name, 2)
            && let ExprKind::Call { callee, .. } = &mut test.kind
        {
            callee.kind = ExprKind::Atom(Atom::new("is_record"));
        }
    }

    /// A boolean operand of a guard. `decides` says that if it is false, the alternative fails.
    fn guard_test(&mut self, test: &mut Expr, decides: bool) -> Expanded {
        match &mut test.kind {
            ExprKind::Binary(BinaryOp::And, a, b) => {
                self.guard_test(a, decides)?;
                self.guard_test(b, decides)
            }
            ExprKind::Binary(BinaryOp::AndAlso, a, b) => {
                self.guard_test(a, decides)?;
                let known = self.checked.len();
                self.guard_test(b, decides)?;
                if !decides {
                    self.checked.truncate(known);
                }
                Ok(())
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                self.guard_test(a, false)?;
                self.guard_test(b, false)
            }
            ExprKind::Binary(BinaryOp::OrElse, a, b) => {
                self.guard_test(a, false)?;
                let known = self.checked.len();
                self.guard_test(b, decides)?;
                self.checked.truncate(known);
                Ok(())
            }
            ExprKind::Unary(UnaryOp::Not, operand) => self.guard_test(operand, false),
            _ => {
                let mut needed = Vec::new();
                self.collect(test, &mut needed)?;
                self.require(test, needed, decides)
            }
        }
    }

    /// Puts the checks of what is needed before a test.
    fn require(&mut self, test: &mut Expr, needed: Vec<Needed>, decides: bool) -> Expanded {
        for Needed { place, record, value } in needed.into_iter().rev() {
            if let ExprKind::Var(name) = value.kind {
                if self.checked.contains(&(name, record)) {
                    continue;
                }
                self.checked.push((name, record));
            }
            let size = self.records.size(record)?;
            let args = vec![value, atom(place, record), integer(place, size)];
            let check = erlang(place, "is_record", args);
            let rest = take(test);
            *test = if decides {
                binary(rest.place, BinaryOp::AndAlso, check, rest)
            } else {
                // Anything but a boolean makes `and`, and so the guard, fail.
                let check = binary(place, BinaryOp::OrElse, check, atom(place, Atom::new("fail")));
                binary(rest.place, BinaryOp::And, check, rest)
            };
        }
        Ok(())
    }

    /// An expression where nothing can be checked: a key or a size in a pattern.
    pub(super) fn guard_expr(&mut self, expr: &mut Expr) -> Expanded {
        self.collect(expr, &mut Vec::new())
    }

    /// Expands an expression in a guard; what must be records is added to `needed`, outermost last.
    pub(super) fn collect(&mut self, expr: &mut Expr, needed: &mut Vec<Needed>) -> Expanded {
        let place = expr.place;
        match &mut expr.kind {
            ExprKind::RecordAccess { base, name, field } => {
                let (record, position) = (*name, self.records.position(*name, *field)?);
                let mut base = take(base);
                self.collect(&mut base, needed)?;
                let at = Place::new(base.place.span);
                if self.shows {
                    self.need_shown(at, record, &base, needed);
                } else {
                    needed.push(Needed { place: at, record, value: base.clone() });
                }
                let position = integer(if self.shows { at } else { place }, position);
                *expr = erlang(at, "element", vec![position, base]);
                Ok(())
            }
            ExprKind::RecordIndex { .. } => self.index(expr),
            ExprKind::Record { name, .. } => {
                let name = *name;
                self.record_in_guard(expr)?;
                self.nested(name, |expander| {
                    expr.try_each_child_mut(&mut |child| expander.collect(child, needed))
                })
            }
            ExprKind::Call { .. } => {
                if self.is_record_test(expr) {
                    self.record_test_call(expr)?;
                }
                if self.shows {
                    self.qualify_call(expr);
                }
                if let ExprKind::Call { args, .. } = &mut expr.kind {
                    args.iter_mut().try_for_each(|arg| self.collect(arg, needed))?;
                }
                Ok(())
            }
            ExprKind::Binary(BinaryOp::And | BinaryOp::AndAlso | BinaryOp::Or | BinaryOp::OrElse, ..)
            | ExprKind::Unary(UnaryOp::Not, _) => {
                if self.shows {
                    self.shown_needed.append(needed);
                    self.shown_test(expr)
                } else {
                    self.guard_test(expr, false)
                }
            }
            _ => expr.try_each_child_mut(&mut |child| self.collect(child, needed)),
        }
    }

    /// Whether a filter of a comprehension is a guard: then it fails as one.
    pub(super) fn is_guard(&self, expr: &Expr) -> bool {
        is_guard_expr(expr, &|function| self.functions.is_overridden(function.name, function.arity as usize))
    }
}
