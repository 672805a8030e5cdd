//! Records in guards as OTP's tools show them: `(is_record(R, r, N) orelse fail) and Test` wherever a field is taken, and a
//! pattern in the place of a test that must hold anyway.

use super::make::{atom, binary, erlang, generated, integer, take, tuple, var, wildcard};
use super::records::relocate;
use super::{Expanded, Expander};
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, Place, UnaryOp};
use std::collections::HashMap;
use swerl_beam::Atom;

/// A value that must be a record where a guard takes a field from it.
pub(super) struct Needed {
    pub(super) place: Place,
    pub(super) record: Atom,
    pub(super) value: Expr,
}

/// Which record a variable holds for certain: its name and the size of its tuple.
type Held = HashMap<Atom, (Atom, i64)>;

impl Expander {
    /// The tests of one alternative of a guard.
    pub(super) fn shown_tests(&mut self, tests: &mut [Expr]) -> Expanded {
        self.shown_checks.clear();
        tests.iter_mut().try_for_each(|test| {
            self.rename_old_test(test);
            self.shown_test(test)
        })
    }

    /// A boolean operand of a guard.
    pub(super) fn shown_test(&mut self, test: &mut Expr) -> Expanded {
        match &mut test.kind {
            ExprKind::Binary(
                BinaryOp::And | BinaryOp::AndAlso | BinaryOp::Or | BinaryOp::OrElse,
                left,
                right,
            ) => {
                self.shown_test(left)?;
                self.shown_test(right)
            }
            ExprKind::Unary(UnaryOp::Not, operand) => self.shown_test(operand),
            _ => {
                // What the test around this one needs is asked for here already.
                let mut needed = std::mem::take(&mut self.shown_needed);
                self.collect(test, &mut needed)?;
                let Some((first, later)) = needed.split_first_mut() else { return Ok(()) };
                let mut checks = None;
                for Needed { place, record, value } in later.iter_mut().rev() {
                    let check = self.shown_check(*place, *record, take(value))?;
                    let place = generated(*place);
                    checks = Some(match checks {
                        None => binary(place, BinaryOp::And, check, atom(place, Atom::new("true"))),
                        Some(before) => binary(place, BinaryOp::And, before, check),
                    });
                }
                let place = generated(first.place);
                let mut check = self.shown_check(place, first.record, take(&mut first.value))?;
                if let Some(before) = checks {
                    check = binary(place, BinaryOp::And, before, check);
                }
                let rest = take(test);
                *test = binary(place, BinaryOp::And, check, rest);
                Ok(())
            }
        }
    }

    fn shown_check(&mut self, place: Place, record: Atom, value: Expr) -> Result<Expr, super::BadRecord> {
        let size = self.records.size(record)?;
        let place = generated(place);
        let check = erlang(place, "is_record", vec![value, atom(place, record), integer(place, size)]);
        Ok(binary(place, BinaryOp::OrElse, check, atom(place, Atom::new("fail"))))
    }

    /// Notes that a value must be a record, unless the guard asked for that before.
    pub(super) fn need_shown(&mut self, place: Place, record: Atom, value: &Expr, needed: &mut Vec<Needed>) {
        let mut bare = value.clone();
        relocate(&mut bare, Place::default());
        if self.shown_checks.insert((format!("{bare:?}"), record)) {
            needed.push(Needed { place, record, value: value.clone() });
        }
    }
}

/// Writes tests that decide over a clause into its patterns.
pub(super) fn move_tests_to_patterns(clause: &mut Clause) {
    let mut alternatives = clause.guard.iter().map(|tests| {
        let mut held = Held::new();
        tests.iter().for_each(|test| gather(test, &mut held));
        held
    });
    let Some(mut held) = alternatives.next() else { return };
    for other in alternatives {
        held.retain(|name, record| other.get(name) == Some(record));
    }
    let mut moved = Held::new();
    for pattern in &mut clause.patterns {
        write_into(pattern, &mut held, &mut moved);
    }
    if !moved.is_empty() {
        clause.guard.iter_mut().flatten().for_each(|test| drop_tests(test, &moved));
    }
}

/// The variable, the record and the size of `is_record(V, r, N)`.
fn test_of(expr: &Expr) -> Option<(Atom, (Atom, i64))> {
    let ExprKind::Call { callee, args } = &expr.kind else { return None };
    let ExprKind::Remote(module, function) = &callee.kind else { return None };
    match (&module.kind, &function.kind, args.as_slice()) {
        (ExprKind::Atom(module), ExprKind::Atom(function), [value, record, size])
            if module.as_str() == "erlang" && function.as_str() == "is_record" =>
        {
            match (&value.kind, &record.kind, &size.kind) {
                (ExprKind::Var(name), ExprKind::Atom(record), ExprKind::Integer(size)) if *size >= 0 => {
                    Some((*name, (*record, *size)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether this is the `fail` of a check.
fn is_fail(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Atom(atom) if atom.as_str() == "fail")
}

/// What holds if this test does: of two tests of one variable, the later counts.
fn gather(test: &Expr, held: &mut Held) {
    match &test.kind {
        ExprKind::Binary(BinaryOp::And | BinaryOp::AndAlso, left, right) => {
            gather(left, held);
            gather(right, held);
        }
        ExprKind::Binary(BinaryOp::OrElse, left, right) if is_fail(right) => gather(left, held),
        _ => held.extend(test_of(test)),
    }
}

fn drop_tests(test: &mut Expr, moved: &Held) {
    match &mut test.kind {
        ExprKind::Binary(BinaryOp::And | BinaryOp::AndAlso, left, right) => {
            drop_tests(left, moved);
            drop_tests(right, moved);
        }
        ExprKind::Binary(BinaryOp::OrElse, left, right) if is_fail(right) => drop_tests(left, moved),
        _ => {
            if test_of(test).is_some_and(|(name, record)| moved.get(&name) == Some(&record)) {
                *test = atom(generated(test.place), Atom::new("true"));
            }
        }
    }
}

/// The first place of each variable becomes a match with the tuple that it holds.
fn write_into(pattern: &mut Expr, held: &mut Held, moved: &mut Held) {
    match &mut pattern.kind {
        ExprKind::Var(name) => {
            let name = *name;
            if let Some((record, size)) = held.remove(&name) {
                moved.insert(name, (record, size));
                let place = pattern.place;
                let mut elements = vec![atom(place, record)];
                elements.extend((1..size).map(|_| wildcard(place)));
                pattern.kind = ExprKind::Match(Box::new(tuple(place, elements)), Box::new(var(place, name)));
            }
        }
        ExprKind::Tuple(_) | ExprKind::List(..) | ExprKind::Match(..) => {
            let Ok(()) = pattern.try_each_child_mut::<std::convert::Infallible>(&mut |child| {
                write_into(child, held, moved);
                Ok(())
            });
        }
        _ => {}
    }
}
