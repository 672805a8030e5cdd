//! What is known of a value: which kinds of terms it may be, of tuples their size and elements, of lists what
//! stands in them, of integers their range.

use super::range::Range;
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
    /// What its list cells hold, if something is known of it.
    pub(super) cells: Option<Arc<Cells>>,
    /// Which atom it is, if it is neither `true` nor `false`, and an atom.
    pub(super) atom: Option<Atom>,
    /// Where its integers lie.
    pub(super) range: Range,
}

/// What is known of a list with one cell or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cells {
    /// The heads of all of its cells.
    pub(super) head: Type,
    /// The tail of its last cell, which is no cell.
    pub(super) end: Kinds,
}

/// Elements of elements are known to such a depth.
const DEPTH: u32 = 4;
/// Of tuples with more elements, what is in the elements is not noted.
const ELEMENTS: usize = 32;

impl Type {
    pub(super) const ANY: Self = Self::of(Kinds::ANY);
    pub(super) const NONE: Self = Self::of(Kinds::NONE);

    pub(super) const fn of(kinds: Kinds) -> Self {
        Self { kinds, tuple: None, cells: None, atom: None, range: Range::ALL }
    }

    pub(super) fn atom(atom: Atom) -> Self {
        match atom.as_str() {
            "true" => Self::of(Kinds::TRUE),
            "false" => Self::of(Kinds::FALSE),
            _ => Self { atom: Some(atom), ..Self::of(Kinds::OTHER_ATOM) },
        }
    }

    /// Integers of a range.
    pub(super) fn integer(range: Range) -> Self {
        Self { range, ..Self::of(Kinds::INTEGER) }
    }

    /// Tuples of these elements.
    pub(super) fn tuple(elements: impl Iterator<Item = Self>) -> Self {
        let mut elements: Vec<Self> = elements.map(|element| element.cut(DEPTH - 1)).collect();
        if elements.len() > ELEMENTS {
            elements.iter_mut().for_each(|element| *element = element.cut_at(0));
        }
        Self { tuple: Some(Arc::new(elements)), ..Self::of(Kinds::TUPLE) }
    }

    /// Tuples of a size.
    pub(super) fn tuple_of_size(size: usize) -> Self {
        Self { tuple: Some(Arc::new(vec![Self::ANY; size])), ..Self::of(Kinds::TUPLE) }
    }

    /// The list cell of a head and a tail.
    pub(super) fn cell(head: &Self, tail: &Self) -> Self {
        let plain = tail.kinds.without(Kinds::CONS);
        let cells = if tail.kinds == plain {
            Cells { head: head.clone().cut(DEPTH - 1), end: plain }
        } else {
            let Some(cells) = &tail.cells else { return Self::of(Kinds::CONS) };
            Cells { head: head.clone().cut(DEPTH - 1).or(&cells.head), end: cells.end | plain }
        };
        Self { cells: Some(Arc::new(cells)), ..Self::of(Kinds::CONS) }
    }

    /// Proper lists, empty or of elements such as this.
    pub(super) fn list_of(element: Self) -> Self {
        if element.is_none() {
            return Self::of(Kinds::NIL);
        }
        let cells = Cells { head: element.cut(DEPTH - 1), end: Kinds::NIL };
        Self { cells: Some(Arc::new(cells)), ..Self::of(Kinds::LIST) }
    }

    /// The elements of what is a list, if it is one.
    pub(super) fn head(&self) -> Self {
        if !self.kinds.has(Kinds::CONS) {
            return Self::NONE;
        }
        self.cells.as_ref().map_or(Self::ANY, |cells| cells.head.clone())
    }

    /// What follows the first element.
    pub(super) fn tail(&self) -> Self {
        match &self.cells {
            Some(cells) => Self { cells: self.cells.clone(), ..Self::of(Kinds::CONS | cells.end) },
            None => Self::ANY,
        }
    }

    /// The element of a tuple at a position, counted from 1.
    pub(super) fn element(&self, at: i64) -> Self {
        let at = usize::try_from(at).ok().and_then(|at| at.checked_sub(1));
        self.tuple.as_ref().zip(at).and_then(|(elements, at)| elements.get(at).cloned()).unwrap_or(Self::ANY)
    }

    /// The tuple with another element at a position, when there is one.
    pub(super) fn with_element(&self, position: &Self, value: &Self) -> Self {
        let Some(elements) = &self.tuple else { return Self::of(Kinds::TUPLE) };
        let place = |at: usize| Self::integer(Range::one(i64::try_from(at + 1).unwrap_or(i64::MAX)));
        let is_certain = position.range.bounds().is_some_and(|(min, max)| min == max);
        Self::tuple(elements.iter().enumerate().map(
            |(at, element)| match position.and(&place(at)).is_none() {
                true => element.clone(),
                false if is_certain => value.clone(),
                false => element.or(value),
            },
        ))
    }

    /// Whether it is a list that ends with `[]`.
    pub(super) fn is_proper_list(&self) -> bool {
        self.kinds.is_within(Kinds::LIST)
            && (self.kinds == Kinds::NIL || self.cells.as_ref().is_some_and(|cells| cells.end == Kinds::NIL))
    }

    fn depth(&self) -> u32 {
        let elements = self.tuple.iter().flat_map(|elements| elements.iter());
        let inside = elements.chain(self.cells.iter().map(|cells| &cells.head)).map(Self::depth).max();
        inside.map_or(0, |depth| depth + 1)
    }

    fn cut(self, depth: u32) -> Self {
        if self.depth() <= depth { self } else { self.cut_at(depth) }
    }

    fn cut_at(&self, depth: u32) -> Self {
        let plain = Self { tuple: None, cells: None, ..self.clone() };
        if depth == 0 {
            return plain;
        }
        let tuple = self
            .tuple
            .as_ref()
            .map(|elements| Arc::new(elements.iter().map(|element| element.cut_at(depth - 1)).collect()));
        let cells = self
            .cells
            .as_ref()
            .map(|cells| Arc::new(Cells { head: cells.head.cut_at(depth - 1), end: cells.end }));
        Self { tuple, cells, ..plain }
    }

    /// A type that contains `grown`, which contains this one; after a few such steps nothing changes any more.
    pub(super) fn widened_to(&self, grown: &Self, is_shape_kept: bool) -> Self {
        if !is_shape_kept {
            return Self { range: self.range.widened_to(grown.range), ..Self::of(grown.kinds) };
        }
        let tuple = match (&self.tuple, &grown.tuple) {
            (Some(a), Some(b)) if a.len() == b.len() => {
                let widened = a.iter().zip(b.iter()).map(|(a, b)| a.widened_to(b, true));
                Some(Arc::new(widened.collect()))
            }
            (_, grown) => grown.clone(),
        };
        let cells = match (&self.cells, &grown.cells) {
            (Some(a), Some(b)) => {
                Some(Arc::new(Cells { head: a.head.widened_to(&b.head, true), end: b.end }))
            }
            (_, grown) => grown.clone(),
        };
        let had_integers = self.kinds.has(Kinds::INTEGER);
        let range = if had_integers { self.range.widened_to(grown.range) } else { grown.range };
        Self { tuple, cells, range, ..grown.clone() }
    }

    pub(super) fn of_value(value: Value, constants: &Constants) -> Self {
        match value {
            Value::Var(_) => Self::ANY,
            Value::Atom(atom) => Self::atom(atom),
            Value::Int(integer) => Self::integer(Range::one(integer)),
            Value::Nil => Self::of(Kinds::NIL),
            Value::Const(id) => Self::of_literal(constants.get(id), DEPTH),
        }
    }

    fn of_literal(literal: &Literal, depth: u32) -> Self {
        match literal {
            Literal::Atom(atom) => Self::atom(*atom),
            Literal::Int(integer) => Self::integer(Range::one(*integer)),
            Literal::Big(_) => Self::of(Kinds::INTEGER),
            Literal::Float(_) => Self::of(Kinds::FLOAT),
            Literal::Nil => Self::of(Kinds::NIL),
            Literal::List(elements, end) if depth > 0 && !elements.is_empty() => {
                let heads = elements.iter().map(|element| Self::of_literal(element, depth - 1));
                let head = heads.reduce(|all, one| all.or(&one)).unwrap_or(Self::ANY);
                let cells = Cells { head, end: Self::of_literal(end, 0).kinds };
                Self { cells: Some(Arc::new(cells)), ..Self::of(Kinds::CONS) }
            }
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
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => Some(a.clone()),
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
        let cells = match pick(self.kinds.has(Kinds::CONS), other.kinds.has(Kinds::CONS)) {
            (true, false) => self.cells.clone(),
            (false, true) => other.cells.clone(),
            (false, false) => None,
            (true, true) => match (&self.cells, &other.cells) {
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => Some(a.clone()),
                (Some(a), Some(b)) => Some(Arc::new(Cells { head: a.head.or(&b.head), end: a.end | b.end })),
                _ => None,
            },
        };
        let range = match pick(self.kinds.has(Kinds::INTEGER), other.kinds.has(Kinds::INTEGER)) {
            (true, false) => self.range,
            (false, true) => other.range,
            (false, false) => Range::ALL,
            (true, true) => self.range.or(other.range),
        };
        Self { kinds: self.kinds | other.kinds, tuple, cells, atom, range }
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
        let cells = match (&self.cells, &other.cells) {
            (Some(a), Some(b)) => {
                let both = Cells { head: a.head.and(&b.head), end: a.end.and(b.end) };
                if both.head.is_none() || both.end.is_empty() {
                    kinds = kinds.without(Kinds::CONS);
                }
                Some(Arc::new(both))
            }
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        };
        let range = self.range.and(other.range);
        if range.is_empty() {
            kinds = kinds.without(Kinds::INTEGER);
        }
        Self { kinds, tuple, cells, atom, range }.tidy()
    }

    pub(super) fn without(&self, kinds: Kinds) -> Self {
        Self { kinds: self.kinds.without(kinds), ..self.clone() }.tidy()
    }

    pub(super) fn tidy(mut self) -> Self {
        if !self.kinds.has(Kinds::TUPLE) {
            self.tuple = None;
        }
        if !self.kinds.has(Kinds::OTHER_ATOM) {
            self.atom = None;
        }
        if !self.kinds.has(Kinds::CONS) {
            self.cells = None;
        }
        if !self.kinds.has(Kinds::INTEGER) {
            self.range = Range::ALL;
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

    /// The integers that it may be, if it is an integer for certain.
    pub(super) fn as_integers(&self) -> Option<Range> {
        (self.kinds == Kinds::INTEGER).then_some(self.range)
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
        assert_eq!(Type::ANY.and(&Type::integer(Range::of(1, 3))).kinds, Kinds::INTEGER);
        assert!(Type::integer(Range::of(1, 3)).and(&Type::integer(Range::of(4, 5))).is_none());
        assert_eq!(Type::atom(Atom::new("true")).or(&Type::atom(Atom::new("false"))).kinds, Kinds::BOOLEAN);
    }

    #[test]
    fn a_list_tells_of_all_its_cells() {
        let ok = Type::atom(Atom::new("ok"));
        let one = Type::cell(&ok, &Type::of(Kinds::NIL));
        assert_eq!(one.head(), ok);
        assert!(one.is_proper_list() && one.tail().is_proper_list());
        let two = Type::cell(&Type::integer(Range::one(1)), &one.tail());
        assert_eq!(two.head(), ok.or(&Type::integer(Range::one(1))));
        let improper = Type::cell(&ok, &Type::of(Kinds::FLOAT).or(&one));
        assert!(!improper.is_proper_list());
        assert_eq!(improper.tail().kinds, Kinds::CONS | Kinds::FLOAT | Kinds::NIL);
        assert_eq!(Type::cell(&ok, &Type::ANY), Type::of(Kinds::CONS));
        assert_eq!(Type::of(Kinds::CONS).or(&one), Type::of(Kinds::CONS));
        assert_eq!(one.or(&Type::of(Kinds::NIL)), Type::list_of(ok.clone()));
        assert!(Type::list_of(ok).and(&Type::list_of(Type::of(Kinds::FLOAT))).kinds == Kinds::NIL);
        assert_eq!(Type::list_of(Type::NONE), Type::of(Kinds::NIL));
        assert_eq!(Type::list_of(Type::of(Kinds::NIL).head()), Type::of(Kinds::NIL));
    }

    #[test]
    fn types_of_types_end_somewhere() {
        let mut nested = Type::ANY;
        for _ in 0..20 {
            nested = Type::tuple([Type::list_of(nested)].into_iter());
        }
        assert!(nested.depth() <= DEPTH);
    }

    #[test]
    fn what_grows_is_soon_unbounded() {
        let pair = |max| Type::tuple([Type::integer(Range::of(0, max)), Type::ANY].into_iter());
        let widened = pair(3).widened_to(&pair(4), true);
        let at_least_0 = Type::integer(Range { min: Some(0), max: None });
        assert_eq!(widened.elements().map(|elements| elements[0].clone()), Some(at_least_0));
        assert_eq!(pair(3).widened_to(&pair(4), false), Type::of(Kinds::TUPLE));
    }
}
