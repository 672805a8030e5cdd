//! What kind of term a register holds, as far as tests and building instructions on every path tell.
//!
//! With it, most instructions that take a term apart are known to find what they need, and need not look at the
//! term's tag. A register that was copied before it was tested is not followed, nor are results of calls: there
//! the kind is not known, and the instruction has to look.

use super::MAX_Y;
use swerl_beam::{Literal, Module, Operand};

/// Registers of each sort that are followed. Most functions have fewer.
const FOLLOWED: usize = 32;

/// A kind of term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any term.
    Any,
    /// A list cell or the empty list.
    List,
    /// A list cell.
    Cons,
    /// A tuple of at least so many elements, as far as is counted ([`Kind::tuple`], [`Kind::tuple_with`]).
    Tuple(u16),
    /// The same of one that was made just before, and that nobody else knows.
    FreshTuple(u16),
    /// A map.
    Map,
    /// A float.
    Float,
    /// A match context.
    Context,
}

/// So many elements of a tuple are counted. One more stands for a need that no tuple is known to meet.
const COUNTED: u16 = u16::MAX - 1;

impl Kind {
    /// A tuple of this size.
    pub(super) fn tuple(size: u64) -> Self {
        Self::Tuple(u16::try_from(size).unwrap_or(COUNTED).min(COUNTED))
    }

    /// A tuple that has an element at `position`, from 0.
    pub(super) fn tuple_with(position: u64) -> Self {
        Self::Tuple(u16::try_from(position.saturating_add(1)).unwrap_or(u16::MAX))
    }

    /// The kind that covers both.
    fn join(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            (Self::List | Self::Cons, Self::List | Self::Cons) => Self::List,
            (Self::FreshTuple(one), Self::FreshTuple(other)) => Self::FreshTuple(one.min(other)),
            (Self::Tuple(one) | Self::FreshTuple(one), Self::Tuple(other) | Self::FreshTuple(other)) => {
                Self::Tuple(one.min(other))
            }
            _ => Self::Any,
        }
    }

    /// Whether a term of this kind is one of the other.
    pub(super) fn is(self, other: Self) -> bool {
        self.join(other) == other
    }

    /// What is known when a term of this kind turns out to be of the other kind, too.
    pub(super) fn narrowed(self, other: Self) -> Self {
        match other {
            _ if self.is(other) => self,
            Self::Tuple(size) if self.is_fresh() => Self::FreshTuple(size.min(COUNTED)),
            Self::Tuple(size) => Self::tuple(u64::from(size)),
            _ => other,
        }
    }

    /// Is it a tuple that nobody else knows?
    pub(super) fn is_fresh(self) -> bool {
        matches!(self, Self::FreshTuple(_))
    }

    /// The kind of a constant.
    fn of_literal(literal: &Literal) -> Self {
        match literal {
            Literal::List(..) | Literal::Str(_) => Self::Cons,
            Literal::Nil => Self::List,
            Literal::Tuple(elements) => Self::tuple(elements.len() as u64),
            Literal::Map(_) => Self::Map,
            Literal::Float(_) => Self::Float,
            Literal::Int(_) | Literal::Big(_) | Literal::Atom(_) | Literal::Bits(..) | Literal::Fun(..) => {
                Self::Any
            }
        }
    }
}

/// The kinds of the first X and Y registers. That of a register that is not initialised means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kinds {
    x: [Kind; FOLLOWED],
    y: [Kind; FOLLOWED],
    has_fresh: bool,
}

impl Kinds {
    pub(super) const NONE: Self =
        Self { x: [Kind::Any; FOLLOWED], y: [Kind::Any; FOLLOWED], has_fresh: false };

    /// The kind of an operand.
    pub(super) fn of(&self, operand: &Operand, module: &Module) -> Kind {
        match *operand.untyped() {
            Operand::X(register) => self.x.get(usize::from(register)).copied().unwrap_or(Kind::Any),
            Operand::Y(slot) => self.y.get(usize::from(slot)).copied().unwrap_or(Kind::Any),
            Operand::Nil => Kind::List,
            Operand::Literal(index) => {
                module.literals.get(index as usize).map_or(Kind::Any, Kind::of_literal)
            }
            _ => Kind::Any,
        }
    }

    /// Says what a register holds from here on; of other operands, nothing.
    pub(super) fn set(&mut self, register: &Operand, kind: Kind) {
        let place = match *register.untyped() {
            Operand::X(register) => self.x.get_mut(usize::from(register)),
            Operand::Y(slot) => self.y.get_mut(usize::from(slot)),
            _ => None,
        };
        if let Some(place) = place {
            *place = kind;
            self.has_fresh |= kind.is_fresh();
        }
    }

    /// Says that a register turned out to hold a term of this kind.
    pub(super) fn narrow(&mut self, register: &Operand, kind: Kind, module: &Module) {
        let known = self.of(register, module);
        self.set(register, known.narrowed(kind));
    }

    /// Takes in what is known on another path; tells whether knowledge was lost.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        let mut is_changed = self.has_fresh != (self.has_fresh | other.has_fresh);
        self.has_fresh |= other.has_fresh;
        for (own, other) in [(&mut self.x, &other.x), (&mut self.y, &other.y)] {
            if own == other {
                continue;
            }
            for (kind, &other) in own.iter_mut().zip(other) {
                let joined = kind.join(other);
                is_changed |= joined != *kind;
                *kind = joined;
            }
        }
        is_changed
    }

    /// From here on a fresh tuple may be known to others.
    pub(super) fn forget_fresh(&mut self) {
        if !self.has_fresh {
            return;
        }
        for kind in self.x.iter_mut().chain(&mut self.y) {
            if let Kind::FreshTuple(size) = *kind {
                *kind = Kind::Tuple(size);
            }
        }
        self.has_fresh = false;
    }

    /// Each slot becomes the one `distance` below.
    pub(super) fn shift_slots_down(&mut self, distance: u16) {
        debug_assert!(distance <= MAX_Y);
        let distance = usize::from(distance).min(FOLLOWED);
        self.y.copy_within(distance.., 0);
        self.y[FOLLOWED - distance..].fill(Kind::Any);
    }

    /// Nothing is known of the X registers.
    pub(super) fn forget_x(&mut self) {
        self.x = [Kind::Any; FOLLOWED];
    }

    /// Nothing is known of the slots.
    pub(super) fn forget_y(&mut self) {
        self.y = [Kind::Any; FOLLOWED];
    }
}
