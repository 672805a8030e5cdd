//! The numbers in the names of funs, comprehensions and large `after` parts: `-f/1-fun-0-`, `-f/1-lc$^1/1-0-`.
//!
//! OTP gives them in the order in which its translation comes upon the parts of a function, which is not that of the text:
//! elements of lists and tuples, arguments and operands from right to left, what is inside a fun before the fun itself.
//! Lowering follows the order of evaluation, so the numbers are given out before, in a walk of their own.

use super::after_size::is_large;
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, Generator, Qualifier};
use std::collections::HashMap;
use swerl_beam::Atom;

/// The numbers of one function's parts, by where those lie in memory: the tree does not move while it is lowered.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    known: HashMap<usize, u32>,
    next: u32,
}

fn place_of<T>(part: &T) -> usize {
    std::ptr::from_ref(part).addr()
}

impl Numbers {
    /// The numbers of the parts of a function with these clauses.
    pub(super) fn of(clauses: &[Clause]) -> Self {
        let mut numbers = Self::default();
        numbers.clauses(clauses);
        numbers
    }

    /// The number of a part: of a fun by its first clause, of a comprehension by a generator, of an `after` part by its
    /// first expression.
    pub(super) fn number<T>(&mut self, part: &T) -> u32 {
        match self.known.get(&place_of(part)) {
            Some(number) => *number,
            None => self.fresh(),
        }
    }

    fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn give<T>(&mut self, part: &T) {
        let number = self.fresh();
        self.known.insert(place_of(part), number);
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        clauses.iter().for_each(|clause| self.exprs(&clause.body));
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn backwards(&mut self, exprs: &[Expr]) {
        exprs.iter().rev().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Fun(clauses) | ExprKind::NamedFun { clauses, .. } => {
                self.clauses(clauses);
                if let Some(first) = clauses.first() {
                    self.give(first);
                }
            }
            ExprKind::FunLocal { .. } => {
                self.fresh();
            }
            ExprKind::FunRemote(parts) => self.backwards(&parts[..]),
            ExprKind::List(elements, tail) => {
                self.expr(tail);
                self.backwards(elements);
            }
            ExprKind::Tuple(elements) => self.backwards(elements),
            ExprKind::Bin(elements) => {
                for element in elements.iter().rev() {
                    self.expr(&element.value);
                    element.size.iter().for_each(|size| self.expr(size));
                }
            }
            ExprKind::Call { callee, args } => match &callee.kind {
                ExprKind::Remote(module, name) => {
                    self.backwards(args);
                    self.expr(name);
                    self.expr(module);
                }
                ExprKind::Atom(_) => self.backwards(args),
                _ => {
                    self.expr(callee);
                    self.backwards(args);
                }
            },
            ExprKind::Binary(BinaryOp::AndAlso | BinaryOp::OrElse, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Binary(_, left, right) => {
                self.expr(right);
                self.expr(left);
            }
            ExprKind::Match(_, value) | ExprKind::MaybeMatch(_, value) => self.expr(value),
            ExprKind::If(clauses) => self.clauses(clauses),
            ExprKind::Case(subject, clauses) => {
                self.expr(subject);
                self.clauses(clauses);
            }
            ExprKind::Receive { clauses, after } => {
                if let Some(after) = after {
                    self.expr(&after.timeout);
                    self.exprs(&after.body);
                }
                self.clauses(clauses);
            }
            ExprKind::Try(parts) => {
                self.exprs(&parts.body);
                self.clauses(&parts.of);
                self.clauses(&parts.catch);
                self.exprs(&parts.after);
                if let Some(first) = parts.after.first().filter(|_| is_large(&parts.after)) {
                    self.give(first);
                }
            }
            ExprKind::Maybe(parts) => {
                self.exprs(&parts.body);
                parts.else_part.iter().for_each(|(_, clauses)| self.clauses(clauses));
            }
            ExprKind::Lc(template, qualifiers) | ExprKind::Bc(template, qualifiers) => {
                self.qualifiers(qualifiers);
                self.expr(template);
            }
            ExprKind::Mc(template, qualifiers) => {
                self.qualifiers(qualifiers);
                self.expr(&template.key);
                self.expr(&template.value);
            }
            _ => expr.each_child(&mut |child| self.expr(child)),
        }
    }

    /// What the qualifiers are made of first, then the generators themselves.
    fn qualifiers(&mut self, qualifiers: &[Qualifier]) {
        for qualifier in qualifiers {
            match qualifier {
                Qualifier::Generator(generator) => self.expr(&generator.source),
                Qualifier::Zip(_, generators) => {
                    generators.iter().for_each(|generator| self.expr(&generator.source));
                }
                Qualifier::Filter(test) => self.expr(test),
            }
        }
        for qualifier in qualifiers {
            let first: Option<&Generator> = match qualifier {
                Qualifier::Generator(generator) => Some(generator),
                Qualifier::Zip(_, generators) => generators.first(),
                Qualifier::Filter(_) => None,
            };
            if let Some(first) = first {
                self.give(first);
            }
        }
    }
}

/// Whether a fun with these clauses calls itself by its name, or may.
pub(super) fn mentions(clauses: &[Clause], name: Atom) -> bool {
    let mut todo: Vec<&Expr> = Vec::new();
    clauses.iter().for_each(|clause| clause.each_child(&mut |child| todo.push(child)));
    while let Some(expr) = todo.pop() {
        if matches!(expr.kind, ExprKind::Var(variable) if variable == name) {
            return true;
        }
        expr.each_child(&mut |child| todo.push(child));
    }
    false
}
