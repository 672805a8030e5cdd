//! Visiting the expressions inside an expression.

use super::{Clause, Expr, ExprKind, Generator, GeneratorKind, MapField, Qualifier};

impl Expr {
    /// Calls `visit` with every expression directly inside this one, in the order of the source.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Var(_)
            | ExprKind::Nil
            | ExprKind::RecordIndex { .. }
            | ExprKind::FunLocal { .. } => {}
            ExprKind::List(elements, tail) => {
                elements.iter().for_each(&mut *visit);
                visit(tail);
            }
            ExprKind::Tuple(elements) | ExprKind::Block(elements) => elements.iter().for_each(visit),
            ExprKind::Map { base, fields } => {
                base.iter().for_each(|base| visit(base));
                fields.iter().for_each(|field| field.each_child(visit));
            }
            ExprKind::Record { base, fields, .. } => {
                base.iter().for_each(|base| visit(base));
                fields.iter().for_each(|field| visit(&field.value));
            }
            ExprKind::RecordAccess { base: operand, .. }
            | ExprKind::Unary(_, operand)
            | ExprKind::Catch(operand) => visit(operand),
            ExprKind::Bin(elements) => {
                for element in elements {
                    visit(&element.value);
                    element.size.iter().for_each(&mut *visit);
                }
            }
            ExprKind::Binary(_, a, b)
            | ExprKind::Match(a, b)
            | ExprKind::MaybeMatch(a, b)
            | ExprKind::Remote(a, b) => {
                visit(a);
                visit(b);
            }
            ExprKind::Call { callee, args } => {
                visit(callee);
                args.iter().for_each(visit);
            }
            ExprKind::If(clauses) | ExprKind::Fun(clauses) | ExprKind::NamedFun { clauses, .. } => {
                clauses.iter().for_each(|clause| clause.each_child(visit));
            }
            ExprKind::Case(subject, clauses) => {
                visit(subject);
                clauses.iter().for_each(|clause| clause.each_child(visit));
            }
            ExprKind::Receive { clauses, after } => {
                clauses.iter().for_each(|clause| clause.each_child(visit));
                if let Some(after) = after {
                    visit(&after.timeout);
                    after.body.iter().for_each(visit);
                }
            }
            ExprKind::Try(parts) => {
                parts.body.iter().for_each(&mut *visit);
                parts.of.iter().chain(&parts.catch).for_each(|clause| clause.each_child(visit));
                parts.after.iter().for_each(visit);
            }
            ExprKind::Maybe(parts) => {
                parts.body.iter().for_each(&mut *visit);
                let clauses = parts.else_part.iter().flat_map(|(_, clauses)| clauses);
                clauses.for_each(|clause| clause.each_child(visit));
            }
            ExprKind::FunRemote(parts) => parts.iter().for_each(visit),
            ExprKind::Lc(template, qualifiers) | ExprKind::Bc(template, qualifiers) => {
                visit(template);
                qualifiers.iter().for_each(|qualifier| qualifier.each_child(visit));
            }
            ExprKind::Mc(template, qualifiers) => {
                template.each_child(visit);
                qualifiers.iter().for_each(|qualifier| qualifier.each_child(visit));
            }
        }
    }
}

impl Clause {
    /// Calls `visit` with the patterns, guard tests and body.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        let parts = self.patterns.iter().chain(self.guard.iter().flatten()).chain(&self.body);
        parts.for_each(visit);
    }
}

impl MapField {
    /// Calls `visit` with key and value.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(&self.key);
        visit(&self.value);
    }
}

impl Qualifier {
    /// Calls `visit` with patterns, sources and tests.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match self {
            Self::Generator(generator) => generator.each_child(visit),
            Self::Zip(_, generators) => generators.iter().for_each(|generator| generator.each_child(visit)),
            Self::Filter(test) => visit(test),
        }
    }
}

impl Generator {
    /// Calls `visit` with the pattern and the source.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match &self.kind {
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => visit(pattern),
            GeneratorKind::Map(field) => field.each_child(visit),
        }
        visit(&self.source);
    }
}
