//! What binds beside clauses: generators of comprehensions, and the fields of maps.

use super::{Expr, Place};

/// `K => V` or `K := V`.
#[derive(Clone, Debug, PartialEq)]
pub struct MapField {
    /// Where it stands; located at its key's beginning.
    pub place: Place,
    /// Which of the two.
    pub kind: MapFieldKind,
    /// The key.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// How a map field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFieldKind {
    /// `=>`. (`map_field_assoc`)
    Assoc,
    /// `:=`. (`map_field_exact`)
    Exact,
}

/// A qualifier of a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub enum Qualifier {
    /// `P <- E` and its relatives.
    Generator(Generator),
    /// `G1 && G2`: generators that advance together; at least two.
    Zip(Place, Vec<Generator>),
    /// A test.
    Filter(Expr),
}

/// A generator of a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// Where it stands.
    pub place: Place,
    /// What it takes elements from, and by which pattern.
    pub kind: GeneratorKind,
    /// Whether a value that does not match is an error (`<:-`, `<:=`) instead of left out (`<-`, `<=`).
    pub strict: bool,
    /// What the elements are taken from.
    pub source: Expr,
}

/// What a generator takes elements from, with its pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum GeneratorKind {
    /// `P <- List`. (`generate`)
    List(Expr),
    /// `<<P>> <= Bits`. (`b_generate`)
    Bits(Expr),
    /// `K := V <- Map`. (`m_generate`)
    Map(Box<MapField>),
}
