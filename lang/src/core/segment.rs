//! Segments of the bit syntax, as the core language and SSA see them.

use super::{GuardExpr, PatternId, Value};

/// The type of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentType {
    /// `integer`
    Integer,
    /// `float`
    Float,
    /// `binary`, `bitstring` and their other names.
    Binary,
    /// `utf8`
    Utf8,
    /// `utf16`
    Utf16,
    /// `utf32`
    Utf32,
}

/// How a segment is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Its type.
    pub ty: SegmentType,
    /// By what its size is multiplied to give bits.
    pub unit: u32,
    /// Whether an integer is signed when matched.
    pub is_signed: bool,
    /// Whether the least significant byte comes first.
    pub is_little: bool,
    /// Whether the byte order is the machine's.
    pub is_native: bool,
}

impl Layout {
    /// Whether it is a character.
    #[must_use]
    pub fn is_utf(self) -> bool {
        match self.ty {
            SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32 => true,
            SegmentType::Integer | SegmentType::Float | SegmentType::Binary => false,
        }
    }
}

/// A segment of a bit string that is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildSegment {
    /// Bytes that are known.
    Text(Box<[u8]>),
    /// A value: an operand, and after it the size, if it has one.
    Value {
        /// Its layout.
        layout: Layout,
        /// Whether it has a size.
        has_size: bool,
    },
}

/// A segment of a bit string that is matched.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchSegment {
    /// Bytes that must be there: a constant binary, and how many bytes it has.
    Text(Value, u32),
    /// A value.
    Value {
        /// Its layout.
        layout: Layout,
        /// Its size.
        size: MatchSize,
        /// What the value must look like.
        pattern: PatternId,
    },
}

/// The size of a segment that is matched.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchSize {
    /// The rest, or what a character takes.
    All,
    /// So many units.
    Units(Value),
    /// An expression, in which variables of the segments before may occur.
    Computed(GuardExpr),
}
