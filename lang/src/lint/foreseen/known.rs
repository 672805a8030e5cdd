//! What is known of a value: all of it, its shape, or which variable it is.

use crate::core::evaluate::uncons;
use std::rc::Rc;
use swerl_beam::Literal;

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// All of it.
    Literal(Literal),
    /// A tuple of these.
    Tuple(Rc<[Known]>),
    /// A list cell of these.
    Cons(Rc<(Known, Known)>),
    /// Nothing, but a variable holds it.
    Variable,
    /// There is none: the expression fails.
    Never,
    /// Nothing.
    Unknown,
}

/// Whether a pattern or a test fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fit {
    No,
    Maybe,
    Yes,
}

impl Known {
    pub(super) fn tuple(elements: Vec<Known>) -> Known {
        match literals(&elements) {
            Some(literals) => Known::Literal(Literal::Tuple(literals)),
            None => Known::Tuple(elements.into()),
        }
    }

    pub(super) fn cons(head: Known, tail: Known) -> Known {
        match (head, tail) {
            (Known::Literal(head), Known::Literal(tail)) => Known::Literal(cons(head, tail)),
            (head, tail) => Known::Cons(Rc::new((head, tail))),
        }
    }

    pub(super) fn literal(&self) -> Option<&Literal> {
        match self {
            Known::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    pub(super) fn is_atom(&self, name: &str) -> bool {
        matches!(self, Known::Literal(Literal::Atom(atom)) if atom.as_str() == name)
    }

    /// Whether at least the outermost shape is known.
    pub(super) fn is_data(&self) -> bool {
        matches!(self, Known::Literal(_) | Known::Tuple(_) | Known::Cons(_))
    }

    /// The elements, if it is a tuple of that size; an error if it is something else.
    pub(super) fn elements(&self, size: usize) -> Shape<Vec<Known>> {
        let elements = match self {
            Known::Literal(Literal::Tuple(elements)) => {
                elements.iter().cloned().map(Known::Literal).collect()
            }
            Known::Tuple(elements) => elements.to_vec(),
            Known::Literal(_) | Known::Cons(_) => return Shape::Other,
            _ => return Shape::Unknown,
        };
        if elements.len() == size { Shape::Is(elements) } else { Shape::Other }
    }

    /// Head and tail, if it is a list cell.
    pub(super) fn uncons(&self) -> Shape<(Known, Known)> {
        match self {
            Known::Literal(literal) => match uncons(literal) {
                Some((head, tail)) => Shape::Is((Known::Literal(head), Known::Literal(tail))),
                None => Shape::Other,
            },
            Known::Cons(cell) => Shape::Is((**cell).clone()),
            Known::Tuple(_) => Shape::Other,
            _ => Shape::Unknown,
        }
    }
}

/// What is known of a shape.
pub(super) enum Shape<T> {
    /// It is this one.
    Is(T),
    /// It is another one.
    Other,
    Unknown,
}

fn literals(elements: &[Known]) -> Option<Vec<Literal>> {
    elements.iter().map(|element| element.literal().cloned()).collect()
}

fn cons(head: Literal, tail: Literal) -> Literal {
    match tail {
        Literal::List(mut elements, last) => {
            elements.insert(0, head);
            Literal::List(elements, last)
        }
        Literal::Str(bytes) => {
            let elements = bytes.iter().map(|byte| Literal::Int(i64::from(*byte)));
            Literal::List(std::iter::once(head).chain(elements).collect(), Box::new(Literal::Nil))
        }
        tail => Literal::List(vec![head], Box::new(tail)),
    }
}
