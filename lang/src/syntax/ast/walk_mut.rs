//! Changing the expressions inside an expression.

use super::{Clause, Expr, ExprKind, Generator, GeneratorKind, MapField, Qualifier};

impl Expr {
    /// Calls `visit` with every expression directly inside this one, in the order of the source.
    ///
    /// # Errors
    /// The first error of `visit`.
    pub fn try_each_child_mut<E>(
        &mut self,
        visit: &mut impl FnMut(&mut Expr) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.kind {
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Var(_)
            | ExprKind::Nil
            | ExprKind::RecordIndex { .. }
            | ExprKind::FunLocal { .. } => Ok(()),
            ExprKind::List(elements, tail) => {
                elements.iter_mut().try_for_each(&mut *visit)?;
                visit(tail)
            }
            ExprKind::Tuple(elements) | ExprKind::Block(elements) => elements.iter_mut().try_for_each(visit),
            ExprKind::Map { base, fields } => {
                base.iter_mut().try_for_each(|base| visit(base))?;
                fields.iter_mut().try_for_each(|field| field.try_each_child_mut(visit))
            }
            ExprKind::Record { base, fields, .. } => {
                base.iter_mut().try_for_each(|base| visit(base))?;
                fields.iter_mut().try_for_each(|field| visit(&mut field.value))
            }
            ExprKind::RecordAccess { base: operand, .. }
            | ExprKind::Unary(_, operand)
            | ExprKind::Catch(operand) => visit(operand),
            ExprKind::Bin(elements) => elements.iter_mut().try_for_each(|element| {
                visit(&mut element.value)?;
                element.size.iter_mut().try_for_each(&mut *visit)
            }),
            ExprKind::Binary(_, a, b)
            | ExprKind::Match(a, b)
            | ExprKind::MaybeMatch(a, b)
            | ExprKind::Remote(a, b) => {
                visit(a)?;
                visit(b)
            }
            ExprKind::Call { callee, args } => {
                visit(callee)?;
                args.iter_mut().try_for_each(visit)
            }
            ExprKind::If(clauses) | ExprKind::Fun(clauses) | ExprKind::NamedFun { clauses, .. } => {
                clauses.iter_mut().try_for_each(|clause| clause.try_each_child_mut(visit))
            }
            ExprKind::Case(subject, clauses) => {
                visit(subject)?;
                clauses.iter_mut().try_for_each(|clause| clause.try_each_child_mut(visit))
            }
            ExprKind::Receive { clauses, after } => {
                clauses.iter_mut().try_for_each(|clause| clause.try_each_child_mut(visit))?;
                after.iter_mut().try_for_each(|after| {
                    visit(&mut after.timeout)?;
                    after.body.iter_mut().try_for_each(&mut *visit)
                })
            }
            ExprKind::Try(parts) => {
                parts.body.iter_mut().try_for_each(&mut *visit)?;
                let mut clauses = parts.of.iter_mut().chain(&mut parts.catch);
                clauses.try_for_each(|clause| clause.try_each_child_mut(visit))?;
                parts.after.iter_mut().try_for_each(visit)
            }
            ExprKind::Maybe(parts) => {
                parts.body.iter_mut().try_for_each(&mut *visit)?;
                let mut clauses = parts.else_part.iter_mut().flat_map(|(_, clauses)| clauses);
                clauses.try_for_each(|clause| clause.try_each_child_mut(visit))
            }
            ExprKind::FunRemote(parts) => parts.iter_mut().try_for_each(visit),
            ExprKind::Lc(template, qualifiers) | ExprKind::Bc(template, qualifiers) => {
                visit(template)?;
                qualifiers.iter_mut().try_for_each(|qualifier| qualifier.try_each_child_mut(visit))
            }
            ExprKind::Mc(template, qualifiers) => {
                template.try_each_child_mut(visit)?;
                qualifiers.iter_mut().try_for_each(|qualifier| qualifier.try_each_child_mut(visit))
            }
        }
    }
}

impl Clause {
    fn try_each_child_mut<E>(&mut self, visit: &mut impl FnMut(&mut Expr) -> Result<(), E>) -> Result<(), E> {
        let parts = self.patterns.iter_mut().chain(self.guard.iter_mut().flatten()).chain(&mut self.body);
        parts.into_iter().try_for_each(visit)
    }
}

impl MapField {
    fn try_each_child_mut<E>(&mut self, visit: &mut impl FnMut(&mut Expr) -> Result<(), E>) -> Result<(), E> {
        visit(&mut self.key)?;
        visit(&mut self.value)
    }
}

impl Qualifier {
    fn try_each_child_mut<E>(&mut self, visit: &mut impl FnMut(&mut Expr) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Generator(generator) => generator.try_each_child_mut(visit),
            Self::Zip(_, generators) => {
                generators.iter_mut().try_for_each(|generator| generator.try_each_child_mut(visit))
            }
            Self::Filter(test) => visit(test),
        }
    }
}

impl Generator {
    fn try_each_child_mut<E>(&mut self, visit: &mut impl FnMut(&mut Expr) -> Result<(), E>) -> Result<(), E> {
        match &mut self.kind {
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => visit(pattern)?,
            GeneratorKind::Map(field) => field.try_each_child_mut(visit)?,
        }
        visit(&mut self.source)
    }
}
