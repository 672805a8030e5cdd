//! Sugar that is gone before a program is lowered: records become tuples, imported functions get their module.
//!
//! From syntax tree to syntax tree, so that what comes later needs to know of neither. The trees must have passed
//! the linter. Variables made here have names that no source can write: `rec0`, `rec1`, ...

mod guard;
mod imports;
mod make;
mod records;
mod shown;

use crate::ast::{Clause, Expr, ExprKind, Form, FormKind, Generator, GeneratorKind, MapField, Qualifier};
use crate::syntax::MAX_DEPTH;
use imports::Functions;
use records::Records;
use shown::{Needed, move_tests_to_patterns};
use std::collections::HashSet;
use swerl_beam::Atom;

/// A record that is not declared, or without such a field. The linter reports it; here it is a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {record} is undefined or lacks a field that is used")]
pub struct BadRecord {
    /// Its name.
    pub record: Atom,
}

/// Expands records and imports in all functions.
///
/// # Errors
/// When a record is used that is not declared, or a field that it does not have.
pub fn expand(forms: &mut [Form]) -> Result<(), BadRecord> {
    expand_with(forms, false)
}

/// The same, and functions of `erlang` that need no import get their module, as OTP's tools see it.
///
/// # Errors
/// As [`expand`].
pub fn expand_to_show(forms: &mut [Form]) -> Result<(), BadRecord> {
    expand_with(forms, true)
}

fn expand_with(forms: &mut [Form], shows: bool) -> Result<(), BadRecord> {
    let mut expander = Expander {
        shows,
        records: Records::declared(forms),
        functions: Functions::of(forms),
        checked: Vec::new(),
        shown_checks: HashSet::new(),
        shown_needed: Vec::new(),
        fresh: 0,
        depth: 0,
    };
    for form in forms {
        if let FormKind::Function(function) = &mut form.kind {
            expander.clauses(&mut function.clauses)?;
        }
    }
    Ok(())
}

type Expanded = Result<(), BadRecord>;

struct Expander {
    records: Records,
    functions: Functions,
    /// Functions that need no import get their module too.
    shows: bool,
    /// In a guard: which variables are known to hold which record.
    checked: Vec<(Atom, Atom)>,
    /// The same where the guard is shown, of any value.
    shown_checks: HashSet<(String, Atom)>,
    /// What the test around the one at hand needs.
    shown_needed: Vec<Needed>,
    /// How many variables were made.
    fresh: u32,
    /// How many defaults of records are being expanded inside each other.
    depth: usize,
}

impl Expander {
    fn exprs(&mut self, exprs: &mut [Expr]) -> Expanded {
        exprs.iter_mut().try_for_each(|expr| self.expr(expr))
    }

    /// An expression in a body.
    fn expr(&mut self, expr: &mut Expr) -> Expanded {
        match &mut expr.kind {
            ExprKind::Record { .. } => self.record(expr),
            ExprKind::RecordAccess { .. } => self.access(expr),
            ExprKind::RecordIndex { .. } => self.index(expr),
            ExprKind::Call { .. } => self.call(expr),
            ExprKind::FunLocal { .. } => {
                self.functions.qualify_fun(expr);
                self.write_out_fun(expr)
            }
            ExprKind::Match(pattern, value) | ExprKind::MaybeMatch(pattern, value) => {
                self.expr(value)?;
                self.pattern(pattern)
            }
            ExprKind::If(clauses) | ExprKind::Fun(clauses) | ExprKind::NamedFun { clauses, .. } => {
                self.clauses(clauses)
            }
            ExprKind::Case(subject, clauses) => {
                self.expr(subject)?;
                self.clauses(clauses)
            }
            ExprKind::Receive { clauses, after } => {
                self.clauses(clauses)?;
                if let Some(after) = after {
                    self.expr(&mut after.timeout)?;
                    self.exprs(&mut after.body)?;
                }
                Ok(())
            }
            ExprKind::Try(parts) => {
                self.exprs(&mut parts.body)?;
                self.clauses(&mut parts.of)?;
                self.clauses(&mut parts.catch)?;
                self.exprs(&mut parts.after)
            }
            ExprKind::Maybe(parts) => {
                self.exprs(&mut parts.body)?;
                parts.else_part.iter_mut().try_for_each(|(_, clauses)| self.clauses(clauses))
            }
            ExprKind::Lc(template, qualifiers) | ExprKind::Bc(template, qualifiers) => {
                self.qualifiers(qualifiers)?;
                self.expr(template)
            }
            ExprKind::Mc(template, qualifiers) => {
                self.qualifiers(qualifiers)?;
                self.expr(&mut template.key)?;
                self.expr(&mut template.value)
            }
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Var(_)
            | ExprKind::Nil
            | ExprKind::FunRemote(_)
            | ExprKind::List(..)
            | ExprKind::Tuple(_)
            | ExprKind::Map { .. }
            | ExprKind::Bin(_)
            | ExprKind::Binary(..)
            | ExprKind::Unary(..)
            | ExprKind::Catch(_)
            | ExprKind::Remote(..)
            | ExprKind::Block(_) => expr.try_each_child_mut(&mut |child| self.expr(child)),
        }
    }

    fn clauses(&mut self, clauses: &mut [Clause]) -> Expanded {
        for clause in clauses {
            clause.patterns.iter_mut().try_for_each(|pattern| self.pattern(pattern))?;
            clause.guard.iter_mut().try_for_each(|tests| self.guard_tests(tests))?;
            if self.shows {
                move_tests_to_patterns(clause);
            }
            self.exprs(&mut clause.body)?;
        }
        Ok(())
    }

    fn qualifiers(&mut self, qualifiers: &mut [Qualifier]) -> Expanded {
        self.shown_checks.clear();
        for qualifier in qualifiers {
            match qualifier {
                Qualifier::Generator(generator) => self.generator(generator)?,
                Qualifier::Zip(_, generators) => {
                    generators.iter_mut().try_for_each(|generator| self.generator(generator))?;
                }
                Qualifier::Filter(test) if self.is_guard(test) && self.shows => self.shown_test(test)?,
                Qualifier::Filter(test) if self.is_guard(test) => {
                    self.guard_tests(std::slice::from_mut(test))?;
                }
                Qualifier::Filter(test) => self.expr(test)?,
            }
        }
        Ok(())
    }

    fn generator(&mut self, generator: &mut Generator) -> Expanded {
        self.expr(&mut generator.source)?;
        match &mut generator.kind {
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => self.pattern(pattern),
            GeneratorKind::Map(field) => {
                self.guard_expr(&mut field.key)?;
                self.pattern(&mut field.value)
            }
        }
    }

    fn pattern(&mut self, pattern: &mut Expr) -> Expanded {
        match &mut pattern.kind {
            ExprKind::Record { base: None, .. } => self.record_pattern(pattern),
            ExprKind::RecordIndex { .. } => self.index(pattern),
            ExprKind::Map { fields, .. } => {
                fields.iter_mut().try_for_each(|MapField { key, value, .. }| {
                    self.guard_expr(key)?;
                    self.pattern(value)
                })
            }
            ExprKind::Bin(elements) => elements.iter_mut().try_for_each(|element| {
                self.pattern(&mut element.value)?;
                element.size.iter_mut().try_for_each(|size| self.guard_expr(size))
            }),
            _ => pattern.try_each_child_mut(&mut |child| self.pattern(child)),
        }
    }

    /// A name for a variable that occurs nowhere else.
    fn fresh_name(&mut self) -> Atom {
        let name = Atom::new(&format!("rec{}", self.fresh));
        self.fresh += 1;
        name
    }

    /// Runs one level deeper in the defaults of records.
    fn nested(&mut self, record: Atom, expand: impl FnOnce(&mut Self) -> Expanded) -> Expanded {
        if self.depth >= MAX_DEPTH / 50 {
            return Err(BadRecord { record });
        }
        self.depth += 1;
        let result = expand(self);
        self.depth -= 1;
        result
    }
}

#[cfg(test)]
mod tests;
