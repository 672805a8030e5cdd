//! Operands: what instructions of the core language and of SSA compute with.

use super::BuildSegment;
use num_bigint::BigInt;
use std::collections::{HashMap, HashSet};
use swerl_beam::{Atom, Literal};

/// A variable, assigned once. Numbered per top-level function in the core language, per function in SSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(pub u32);

impl Var {
    /// Position in tables by variable.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A constant that is neither an atom, nor a word-sized integer, nor `[]`: an index into [`Constants`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConstId(pub u32);

/// The layout of a bit string that is built: an index into [`Constants`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentsId(pub u32);

/// A variable or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A variable.
    Var(Var),
    /// An atom.
    Atom(Atom),
    /// An integer of 64 bits.
    Int(i64),
    /// `[]`.
    Nil,
    /// Any other constant.
    Const(ConstId),
}

impl Value {
    /// The variable, if it is one.
    #[must_use]
    pub fn as_var(self) -> Option<Var> {
        if let Self::Var(var) = self { Some(var) } else { None }
    }

    /// The atom with this text.
    #[must_use]
    pub fn atom(text: &str) -> Self {
        Self::Atom(Atom::new(text))
    }

    /// Whether its value is known.
    #[must_use]
    pub fn is_constant(self) -> bool {
        !matches!(self, Self::Var(_))
    }
}

/// The larger constants of a module while it is compiled. Which of them reach the file is decided when code is
/// emitted.
#[derive(Clone, Debug, Default)]
pub struct Constants {
    literals: Vec<Literal>,
    floats: HashMap<u64, ConstId>,
    segments: Vec<Box<[BuildSegment]>>,
}

impl Constants {
    /// The value of a literal.
    pub fn value(&mut self, literal: Literal) -> Value {
        match literal {
            Literal::Atom(atom) => Value::Atom(atom),
            Literal::Int(integer) => Value::Int(integer),
            Literal::Nil => Value::Nil,
            Literal::Float(float) => {
                if let Some(&id) = self.floats.get(&float.to_bits()) {
                    return Value::Const(id);
                }
                let id = self.push(literal);
                self.floats.insert(float.to_bits(), id);
                Value::Const(id)
            }
            Literal::Big(_)
            | Literal::List(..)
            | Literal::Str(_)
            | Literal::Tuple(_)
            | Literal::Map(_)
            | Literal::Bits(..)
            | Literal::Fun(..) => Value::Const(self.push(literal)),
        }
    }

    /// The value of an integer of any size.
    pub fn integer(&mut self, integer: BigInt) -> Value {
        match i64::try_from(&integer) {
            Ok(small) => Value::Int(small),
            Err(_) => self.value(Literal::Big(integer)),
        }
    }

    /// The literal of a constant; `None` for a variable.
    #[must_use]
    pub fn literal(&self, value: Value) -> Option<Literal> {
        match value {
            Value::Var(_) => None,
            Value::Atom(atom) => Some(Literal::Atom(atom)),
            Value::Int(integer) => Some(Literal::Int(integer)),
            Value::Nil => Some(Literal::Nil),
            Value::Const(id) => Some(self.get(id).clone()),
        }
    }

    /// The constants that differ from others in the sign of zeros alone, each with the first of those that it is
    /// like.
    #[must_use]
    pub fn alike_but_for_zeros(&self) -> HashMap<ConstId, ConstId> {
        if !self.literals.iter().any(Literal::has_negative_zero) {
            return HashMap::new();
        }
        let mut first: HashMap<Vec<u8>, ConstId> = HashMap::new();
        let mut alike: Vec<(ConstId, ConstId)> = Vec::new();
        for (id, literal) in (0..).map(ConstId).zip(&self.literals).filter(|(_, literal)| literal.has_zero())
        {
            let standing = *first.entry(literal.with_positive_zeros().to_etf()).or_insert(id);
            alike.push((id, standing));
        }
        let several: HashSet<ConstId> =
            alike.iter().filter(|(id, standing)| id != standing).map(|&(_, standing)| standing).collect();
        alike.into_iter().filter(|(_, standing)| several.contains(standing)).collect()
    }

    /// A constant by its number.
    #[must_use]
    pub fn get(&self, id: ConstId) -> &Literal {
        &self.literals[id.0 as usize]
    }

    /// The number of a bit string's layout.
    pub fn add_segments(&mut self, segments: Vec<BuildSegment>) -> SegmentsId {
        let id = SegmentsId(u32::try_from(self.segments.len()).expect("fewer than 2^32 bit strings"));
        self.segments.push(segments.into());
        id
    }

    /// A bit string's layout by its number.
    #[must_use]
    pub fn segments(&self, id: SegmentsId) -> &[BuildSegment] {
        &self.segments[id.0 as usize]
    }

    fn push(&mut self, literal: Literal) -> ConstId {
        let id = ConstId(u32::try_from(self.literals.len()).expect("fewer than 2^32 constants"));
        self.literals.push(literal);
        id
    }
}
