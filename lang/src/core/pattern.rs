//! Patterns, kept in one table: a long pattern is deep, and must not cost native stack.

use super::{GuardExpr, MatchSegment, Value, Var};

/// Position in [`Patterns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PatternId(u32);

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The variables that are bound to the whole.
    pub binds: Vec<Var>,
    /// What it must look like.
    pub shape: Shape,
}

/// What a term must look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Equal (`=:=`) to a constant.
    Constant(Value),
    /// A list cell.
    Cons(PatternId, PatternId),
    /// A tuple of that many elements.
    Tuple(Vec<PatternId>),
    /// A map that has these keys. A key that cannot be computed is not there.
    Map(Vec<(GuardExpr, PatternId)>),
    /// A bit string of these segments.
    Bits(Vec<MatchSegment>),
    /// Both.
    Both(PatternId, PatternId),
    /// Nothing looks like it.
    Never,
}

/// The patterns of a module.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    table: Vec<Pattern>,
}

impl Patterns {
    /// Adds a pattern.
    pub fn add(&mut self, binds: Vec<Var>, shape: Shape) -> PatternId {
        let id = PatternId(u32::try_from(self.table.len()).expect("fewer than 2^32 patterns"));
        self.table.push(Pattern { binds, shape });
        id
    }

    /// A pattern.
    #[must_use]
    pub fn get(&self, id: PatternId) -> &Pattern {
        &self.table[id.0 as usize]
    }

    /// A pattern, to change it.
    pub fn get_mut(&mut self, id: PatternId) -> &mut Pattern {
        &mut self.table[id.0 as usize]
    }

    /// Whether it matches everything and binds nothing.
    #[must_use]
    pub fn is_trivial(&self, id: PatternId) -> bool {
        let pattern = self.get(id);
        pattern.shape == Shape::Any && pattern.binds.is_empty()
    }
}
