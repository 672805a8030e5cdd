//! What is known of a value: which kinds of terms it may be, and of tuples their size and elements.

use crate::core::{Constants, Value};
use std::ops::BitOr;
use std::sync::Arc;
use swerl_beam::{Atom, Literal};

/// A set of kinds of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ssa) struct Kinds(u16);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const TRUE: Self = Self(1);
    pub(super) const FALSE: Self = Self(1 << 1);
    /// Any other atom.
    pub(super) const OTHER_ATOM: Self = Self(1 << 2);
    pub(super) const INTEGER: Self = Self(1 << 3);
    pub(super) const FLOAT: Self = Self(1 << 4);
    pub(super) const NIL: Self = Self(1 << 5);
    pub(super) const CONS: Self = Self(1 << 6);
    pub(super) const TUPLE: Self = Self(1 << 7);
    pub(super) const MAP: Self = Self(1 << 8);
    pub(super) const BITS: Self = Self(1 << 9);
    pub(super) const FUN: Self = Self(1 << 10);
    /// Process identifiers, ports, references.
    pub(super) const IDENTIFIER: Self = Self(1 << 11);
    pub(super) const ANY: Self = Self((1 << 12) - 1);
    pub(super) const BOOLEAN: Self = Self(0b11);
    pub(super) const ATOM: Self = Self(0b111);
    pub(super) const NUMBER: Self = Self(0b11 << 3);
    pub(super) const LIST: Self = Self(0b11 << 5);

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        self.without(other).is_empty()
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A set of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ssa) struct Type {
    pub(super) kinds: Kinds,
    /// What its tuples look like, if all of them look alike.
    pub(super) tuple: Option<Arc<Vec<Type>>>,
    /// Which atom it is, if it is neither `true` nor `false`, and an atom.
    pub(super) atom: Option<Atom>,
}

/// Elements of elements are known to such a depth.
const DEPTH: u32 = 2;
/// Tuples with more elements are not looked into.
const ELEMENTS: usize = 32;

impl Type {
    pub(super) const ANY: Self = Self::of(Kinds::ANY);
    pub(super) const NONE: Self = Self::of(Kinds::NONE);

    pub(super) const fn of(kinds: Kinds) -> Self {
        Self { kinds, tuple: None, atom: None }
    }

    pub(super) fn atom(atom: Atom) -> Self {
        match atom.as_str() {
            "true" => Self::of(Kinds::TRUE),
            "false" => Self::of(Kinds::FALSE),
            _ => Self { atom: Some(atom), ..Self::of(Kinds::OTHER_ATOM) },
        }
    }

    /// Tuples of these elements.
    pub(super) fn tuple(elements: impl Iterator<Item = Self>) -> Self {
        let elements: Vec<Self> = elements.map(|element| element.cut(DEPTH - 1)).collect();
        Self { tuple: Some(Arc::new(elements)), ..Self::of(Kinds::TUPLE) }
    }

    /// Tuples of a size.
    pub(super) fn tuple_of_size(size: usize) -> Self {
        Self::tuple(std::iter::repeat_n(Self::ANY, size))
    }

    fn cut(self, depth: u32) -> Self {
        match &self.tuple {
            Some(elements) if depth == 0 || elements.len() > ELEMENTS => Self { tuple: None, ..self },
            Some(elements) => {
                let elements = elements.iter().map(|element| element.clone().cut(depth - 1)).collect();
                Self { tuple: Some(Arc::new(elements)), ..self }
            }
            None => self,
        }
    }

    pub(super) fn of_value(value: Value, constants: &Constants) -> Self {
        match value {
            Value::Var(_) => Self::ANY,
            Value::Atom(atom) => Self::atom(atom),
            Value::Int(_) => Self::of(Kinds::INTEGER),
            Value::Nil => Self::of(Kinds::NIL),
            Value::Const(id) => Self::of_literal(constants.get(id), DEPTH),
        }
    }

    fn of_literal(literal: &Literal, depth: u32) -> Self {
        match literal {
            Literal::Atom(atom) => Self::atom(*atom),
            Literal::Int(_) | Literal::Big(_) => Self::of(Kinds::INTEGER),
            Literal::Float(_) => Self::of(Kinds::FLOAT),
            Literal::Nil => Self::of(Kinds::NIL),
            Literal::List(..) | Literal::Str(_) => Self::of(Kinds::LIST),
            Literal::Tuple(elements) if depth > 0 && elements.len() <= ELEMENTS => {
                Self::tuple(elements.iter().map(|element| Self::of_literal(element, depth - 1)))
            }
            Literal::Tuple(_) => Self::of(Kinds::TUPLE),
            Literal::Map(_) => Self::of(Kinds::MAP),
            Literal::Bits(..) => Self::of(Kinds::BITS),
            Literal::Fun(..) => Self::of(Kinds::FUN),
        }
    }

    /// The terms that are in one of them.
    pub(super) fn or(&self, other: &Self) -> Self {
        let pick = |one: bool, two: bool| (one, two);
        let tuple = match pick(self.kinds.has(Kinds::TUPLE), other.kinds.has(Kinds::TUPLE)) {
            (true, false) => self.tuple.clone(),
            (false, true) => other.tuple.clone(),
            (false, false) => None,
            (true, true) => match (&self.tuple, &other.tuple) {
                (Some(a), Some(b)) if a == b => Some(a.clone()),
                (Some(a), Some(b)) if a.len() == b.len() => {
                    Some(Arc::new(a.iter().zip(b.iter()).map(|(a, b)| a.or(b)).collect()))
                }
                _ => None,
            },
        };
        let atom = match pick(self.kinds.has(Kinds::OTHER_ATOM), other.kinds.has(Kinds::OTHER_ATOM)) {
            (true, false) => self.atom,
            (false, true) => other.atom,
            (false, false) => None,
            (true, true) => self.atom.filter(|_| self.atom == other.atom),
        };
        Self { kinds: self.kinds | other.kinds, tuple, atom }
    }

    /// The terms that are in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut kinds = self.kinds.and(other.kinds);
        let tuple = match (&self.tuple, &other.tuple) {
            (Some(a), Some(b)) if a.len() != b.len() => {
                kinds = kinds.without(Kinds::TUPLE);
                None
            }
            (Some(a), Some(b)) => Some(Arc::new(a.iter().zip(b.iter()).map(|(a, b)| a.and(b)).collect())),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        };
        let atom = match (self.atom, other.atom) {
            (Some(a), Some(b)) if a != b => {
                kinds = kinds.without(Kinds::OTHER_ATOM);
                None
            }
            (a, b) => a.or(b),
        };
        Self { kinds, tuple, atom }.tidy()
    }

    pub(super) fn without(&self, kinds: Kinds) -> Self {
        Self { kinds: self.kinds.without(kinds), ..self.clone() }.tidy()
    }

    fn tidy(mut self) -> Self {
        if !self.kinds.has(Kinds::TUPLE) {
            self.tuple = None;
        }
        if !self.kinds.has(Kinds::OTHER_ATOM) {
            self.atom = None;
        }
        self
    }

    /// Whether it is empty: there is no such value.
    pub(super) fn is_none(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The elements, if it is a tuple of known size.
    pub(super) fn elements(&self) -> Option<&[Self]> {
        self.tuple.as_deref().map(Vec::as_slice).filter(|_| self.kinds == Kinds::TUPLE)
    }

    /// The atom, if it is one for certain.
    pub(super) fn as_atom(&self) -> Option<Atom> {
        match self.kinds {
            Kinds::TRUE => Some(Atom::new("true")),
            Kinds::FALSE => Some(Atom::new("false")),
            Kinds::OTHER_ATOM => self.atom,
            _ => None,
        }
    }
}

impl Kinds {
    fn has(self, kind: Self) -> bool {
        !self.and(kind).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_meet_and_join() {
        let ok = Type::tuple([Type::atom(Atom::new("ok")), Type::ANY].into_iter());
        let error = Type::tuple([Type::atom(Atom::new("error")), Type::of(Kinds::INTEGER)].into_iter());
        let both = ok.or(&error);
        assert_eq!(both.elements().map(<[Type]>::len), Some(2));
        assert_eq!(both.and(&ok), ok);
        assert!(ok.and(&Type::tuple_of_size(3)).is_none());
        assert_eq!(ok.or(&Type::tuple_of_size(3)), Type::of(Kinds::TUPLE));
        assert_eq!(Type::ANY.and(&error), error);
        assert_eq!(Type::atom(Atom::new("true")).or(&Type::atom(Atom::new("false"))).kinds, Kinds::BOOLEAN);
    }
}
