//! Compile-time terms: what stands in literal tables, attributes, and the abstract format.

use crate::Atom;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A term without identity: no pids, ports, references or closures.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other integer. Never one that fits [`Literal::Int`].
    Big(BigInt),
    /// A finite float.
    Float(f64),
    /// An atom.
    Atom(Atom),
    /// `[]`.
    Nil,
    /// A list of one or more elements and its tail (`Nil` when proper).
    List(Vec<Literal>, Box<Literal>),
    /// A proper list of bytes: compact form of a string; equal in meaning to the `List` of its bytes. Never empty.
    Str(Box<[u8]>),
    /// A tuple.
    Tuple(Vec<Literal>),
    /// A map, keys distinct.
    Map(Vec<(Literal, Literal)>),
    /// A bit string: bytes, and how many bits of the last byte are used (1 to 8; 8 for a binary, also an empty one).
    Bits(Box<[u8]>, u8),
    /// `fun Module:Function/Arity`.
    Fun(Atom, Atom, u8),
}

impl Literal {
    /// The atom with this text.
    #[must_use]
    pub fn atom(text: &str) -> Self {
        Self::Atom(Atom::new(text))
    }

    /// An integer of any size.
    #[must_use]
    pub fn integer(value: BigInt) -> Self {
        match value.to_i64() {
            Some(small) => Self::Int(small),
            None => Self::Big(value),
        }
    }

    /// A proper list.
    #[must_use]
    pub fn list(elements: Vec<Literal>) -> Self {
        if elements.is_empty() { Self::Nil } else { Self::List(elements, Box::new(Self::Nil)) }
    }

    /// The list of the code points of `text`.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self::list(text.chars().map(|c| Self::Int(i64::from(u32::from(c)))).collect())
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: impl Into<Vec<Literal>>) -> Self {
        Self::Tuple(elements.into())
    }

    /// The text of a string, in whichever form; `None` if it is none.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Nil => Some(String::new()),
            Self::Str(bytes) => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Self::List(codes, tail) if **tail == Self::Nil => {
                let character = |code: &Self| match code {
                    Self::Int(code) => char::from_u32(u32::try_from(*code).ok()?),
                    _ => None,
                };
                codes.iter().map(character).collect()
            }
            _ => None,
        }
    }

    /// Whether it is or holds `0.0` or `-0.0`.
    #[must_use]
    pub fn has_zero(&self) -> bool {
        self.any_float(&|float| float == 0.0)
    }

    /// Whether it is or holds `-0.0`.
    #[must_use]
    pub fn has_negative_zero(&self) -> bool {
        self.any_float(&|float| float == 0.0 && float.is_sign_negative())
    }

    fn any_float(&self, is_wanted: &impl Fn(f64) -> bool) -> bool {
        let mut pending = vec![self];
        while let Some(literal) = pending.pop() {
            match literal {
                Self::Float(float) if is_wanted(*float) => return true,
                Self::List(elements, tail) => {
                    pending.extend(elements);
                    pending.push(tail);
                }
                Self::Tuple(elements) => pending.extend(elements),
                Self::Map(pairs) => pending.extend(pairs.iter().flat_map(|(key, value)| [key, value])),
                Self::Int(_)
                | Self::Big(_)
                | Self::Float(_)
                | Self::Atom(_)
                | Self::Nil
                | Self::Str(_)
                | Self::Bits(..)
                | Self::Fun(..) => {}
            }
        }
        false
    }

    /// With `0.0` wherever `-0.0` stands.
    #[must_use]
    pub fn with_positive_zeros(&self) -> Self {
        let all = |elements: &[Self]| elements.iter().map(Self::with_positive_zeros).collect();
        match self {
            Self::Float(float) if *float == 0.0 => Self::Float(0.0),
            Self::List(elements, tail) => Self::List(all(elements), Box::new(tail.with_positive_zeros())),
            Self::Tuple(elements) => Self::Tuple(all(elements)),
            Self::Map(pairs) => Self::Map(
                pairs
                    .iter()
                    .map(|(key, value)| (key.with_positive_zeros(), value.with_positive_zeros()))
                    .collect(),
            ),
            Self::Int(_)
            | Self::Big(_)
            | Self::Float(_)
            | Self::Atom(_)
            | Self::Nil
            | Self::Str(_)
            | Self::Bits(..)
            | Self::Fun(..) => self.clone(),
        }
    }
}
