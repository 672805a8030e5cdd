//! Patterns.

use super::Lower;
use super::clauses::Heads;
use super::scope::Binding;
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::core::{Pattern, PatternId, Shape, Value};
use num_traits::ToPrimitive;
use swerl_beam::{Atom, Literal};

/// Strings longer than this are compared whole instead of cell by cell.
const MAX_UNFOLDED: usize = 64;

impl Lower<'_> {
    /// Lowers a pattern; binds its variables.
    pub(super) fn pattern(&mut self, pattern: &Expr, heads: &mut Heads) -> PatternId {
        match &pattern.kind {
            ExprKind::Var(name) => self.variable_pattern(*name, heads),
            ExprKind::Match(a, b) => {
                let a = self.pattern(a, heads);
                let b = self.pattern(b, heads);
                self.both(a, b)
            }
            ExprKind::String(text) => {
                let nil = self.patterns.add(Vec::new(), Shape::Constant(Value::Nil));
                self.string_pattern(text, nil)
            }
            ExprKind::List(elements, tail) => {
                let heads_of: Vec<PatternId> =
                    elements.iter().map(|element| self.pattern(element, heads)).collect();
                let tail = self.pattern(tail, heads);
                self.list_pattern(heads_of, tail)
            }
            ExprKind::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.pattern(element, heads)).collect();
                self.patterns.add(Vec::new(), Shape::Tuple(elements))
            }
            ExprKind::Binary(BinaryOp::Append, prefix, tail) => {
                let elements = match &prefix.kind {
                    ExprKind::String(text) => {
                        let tail = self.pattern(tail, heads);
                        let elements = text.chars().map(|c| Value::Int(i64::from(u32::from(c))));
                        let elements = elements.map(|c| self.patterns.add(Vec::new(), Shape::Constant(c)));
                        let elements = elements.collect();
                        return self.list_pattern(elements, tail);
                    }
                    ExprKind::List(elements, _) => {
                        elements.iter().map(|element| self.pattern(element, heads)).collect()
                    }
                    // Only `[]` is left of what may stand here.
                    _ => Vec::new(),
                };
                let tail = self.pattern(tail, heads);
                self.list_pattern(elements, tail)
            }
            ExprKind::Map { fields, .. } => {
                let mut pairs = Vec::with_capacity(fields.len());
                for field in fields {
                    let key = self.guard_expr(&field.key);
                    pairs.push((key, self.pattern(&field.value, heads)));
                }
                self.patterns.add(Vec::new(), Shape::Map(pairs))
            }
            ExprKind::Bin(elements) => match self.plain_bytes(elements) {
                Some(literal) => self.bytes_pattern(literal),
                None => self.bits_pattern(elements, heads),
            },
            _ => {
                // What is left is constant.
                let shape = match self.constant_expr(pattern) {
                    Some(literal) => Shape::Constant(self.constants.value(literal)),
                    None => Shape::Never,
                };
                self.patterns.add(Vec::new(), shape)
            }
        }
    }

    /// Binds the variables of patterns that hide what is outside: from here on, which is after all of the patterns,
    /// whose keys and sizes know what is outside.
    pub(super) fn bind_hiding(&mut self, heads: &Heads) {
        for &(name, var) in heads.names.iter().filter(|_| heads.hides_outer) {
            self.scope.bind(name, Binding::Value(Value::Var(var)));
        }
    }

    fn variable_pattern(&mut self, name: Atom, heads: &mut Heads) -> PatternId {
        if name.as_str() == "_" {
            return self.patterns.add(Vec::new(), Shape::Any);
        }
        let known = heads.names.iter().find(|(other, _)| *other == name).map(|&(_, var)| Value::Var(var));
        let known = match known {
            None if !heads.hides_outer && self.scope.get(name).is_some() => Some(self.variable(name)),
            known => known,
        };
        let var = match known {
            Some(value @ (Value::Atom(_) | Value::Int(_) | Value::Nil | Value::Const(_))) => {
                return self.patterns.add(Vec::new(), Shape::Constant(value));
            }
            Some(value @ Value::Var(_)) => {
                let var = self.new_var();
                heads.equalities.push((var, value));
                var
            }
            None => {
                let var = self.new_var();
                heads.names.push((name, var));
                if !heads.hides_outer {
                    self.scope.bind(name, Binding::Value(Value::Var(var)));
                }
                var
            }
        };
        self.patterns.add(vec![var], Shape::Any)
    }

    fn string_pattern(&mut self, text: &str, nil: PatternId) -> PatternId {
        if text.chars().nth(MAX_UNFOLDED).is_some() {
            let value = self.constants.value(super::literal::string(text));
            return self.patterns.add(Vec::new(), Shape::Constant(value));
        }
        let elements = text.chars().map(|c| Value::Int(i64::from(u32::from(c))));
        let elements = elements.map(|c| self.patterns.add(Vec::new(), Shape::Constant(c))).collect();
        self.list_pattern(elements, nil)
    }

    pub(super) fn list_pattern(&mut self, elements: Vec<PatternId>, tail: PatternId) -> PatternId {
        // A long constant list is compared whole.
        if elements.len() > MAX_UNFOLDED
            && self.patterns.get(tail).shape == Shape::Constant(Value::Nil)
            && let Some(literal) = self.constant_list(&elements)
        {
            let value = self.constants.value(literal);
            return self.patterns.add(Vec::new(), Shape::Constant(value));
        }
        elements
            .into_iter()
            .rev()
            .fold(tail, |tail, head| self.patterns.add(Vec::new(), Shape::Cons(head, tail)))
    }

    fn constant_list(&self, elements: &[PatternId]) -> Option<Literal> {
        let values = elements.iter().map(|&element| match self.patterns.get(element) {
            Pattern { binds, shape: Shape::Constant(value) } if binds.is_empty() => {
                self.constants.literal(*value)
            }
            _ => None,
        });
        values.collect::<Option<Vec<Literal>>>().map(Literal::list)
    }

    /// The pattern that matches what both match.
    fn both(&mut self, a: PatternId, b: PatternId) -> PatternId {
        let (first, second) = (self.patterns.get(a).clone(), self.patterns.get(b).clone());
        let mut binds = first.binds;
        binds.extend(second.binds);
        let shape = match (first.shape, second.shape) {
            (Shape::Any, shape) | (shape, Shape::Any) => shape,
            (Shape::Cons(head, tail), Shape::Cons(other_head, other_tail)) => {
                let head = self.both(head, other_head);
                Shape::Cons(head, self.both(tail, other_tail))
            }
            (Shape::Tuple(elements), Shape::Tuple(others)) => {
                if elements.len() == others.len() {
                    let pairs = elements.into_iter().zip(others);
                    Shape::Tuple(pairs.map(|(element, other)| self.both(element, other)).collect())
                } else {
                    Shape::Never
                }
            }
            (Shape::Map(mut pairs), Shape::Map(others)) => {
                pairs.extend(others);
                Shape::Map(pairs)
            }
            (Shape::Tuple(_), Shape::Cons(..) | Shape::Map(_))
            | (Shape::Cons(..) | Shape::Map(_), Shape::Tuple(_))
            | (Shape::Cons(..), Shape::Map(_))
            | (Shape::Map(_), Shape::Cons(..))
            | (Shape::Never, _)
            | (_, Shape::Never) => Shape::Never,
            (Shape::Constant(_) | Shape::Both(..) | Shape::Bits(_), _)
            | (_, Shape::Constant(_) | Shape::Both(..) | Shape::Bits(_)) => {
                let (a, b) = (self.without_binds(a), self.without_binds(b));
                Shape::Both(a, b)
            }
        };
        self.patterns.add(binds, shape)
    }

    fn without_binds(&mut self, id: PatternId) -> PatternId {
        let shape = self.patterns.get(id).shape.clone();
        self.patterns.add(Vec::new(), shape)
    }

    /// An integer as the pattern of a float segment stands for the float of its value.
    pub(super) fn as_float(&mut self, pattern: PatternId) -> PatternId {
        let Shape::Constant(value) = self.patterns.get(pattern).shape else { return pattern };
        let float = match self.constants.literal(value) {
            Some(Literal::Int(integer)) => integer.to_f64(),
            Some(Literal::Big(integer)) => integer.to_f64(),
            _ => None,
        };
        let Some(float) = float.filter(|float| float.is_finite()) else { return pattern };
        let constant = self.constants.value(Literal::Float(float));
        self.patterns.add(Vec::new(), Shape::Constant(constant))
    }
}
