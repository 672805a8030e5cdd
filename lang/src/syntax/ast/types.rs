//! The type language.

use super::{BinaryOp, MapFieldKind, Name, Place, UnaryOp};
use num_bigint::BigInt;
use swerl_beam::Atom;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: TypeKind,
}

/// The kinds of type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// An atom.
    Atom(Atom),
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other integer.
    BigInteger(Box<BigInt>),
    /// A character.
    Char(char),
    /// A variable.
    Var(Atom),
    /// Arithmetic of constants.
    Binary(BinaryOp, Box<Type>, Box<Type>),
    /// Arithmetic of constants.
    Unary(UnaryOp, Box<Type>),
    /// `Name :: Type`. (`ann_type`)
    Annotated(Name, Box<Type>),
    /// `A | B`: at least two.
    Union(Vec<Type>),
    /// `A..B`.
    Range(Box<Type>, Box<Type>),
    /// `tuple()`, or `{A, B}`.
    Tuple(Option<Vec<Type>>),
    /// `map()`, or `#{K => V}`.
    Map(Option<Vec<MapTypeField>>),
    /// `#name{f :: T}`.
    Record(Name, Vec<RecordTypeField>),
    /// `<<_:8, _:_*4>>`: the base and the unit.
    Bin(Box<Type>, Box<Type>),
    /// `fun()`, or a function type.
    Fun(Option<Box<FunType>>),
    /// A function type with `when`.
    BoundedFun(Box<Type>, Vec<Constraint>),
    /// `name(A, B)`; also `[]` (`nil`), `[T]` (`list`) and `[T, ...]` (`nonempty_list`).
    Named {
        /// The name.
        name: Atom,
        /// The arguments.
        args: Vec<Type>,
        /// Whether the name and arity are not those of a predefined type. (`user_type`)
        user: bool,
    },
    /// `m:name(A)`. (`remote_type`)
    Remote {
        /// The module.
        module: Name,
        /// The name.
        name: Name,
        /// The arguments.
        args: Vec<Type>,
    },
}

/// `fun((A, B) -> R)`.
#[derive(Clone, Debug, PartialEq)]
pub struct FunType {
    /// Where the arguments stand.
    pub args_place: Place,
    /// The arguments; `None` for `(...)`.
    pub args: Option<Vec<Type>>,
    /// The result.
    pub result: Type,
}

/// `K => V` or `K := V` in a map type.
#[derive(Clone, Debug, PartialEq)]
pub struct MapTypeField {
    /// Where it stands.
    pub place: Place,
    /// Which of the two.
    pub kind: MapFieldKind,
    /// The keys' type.
    pub key: Type,
    /// The values' type.
    pub value: Type,
}

/// `f :: T` in a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordTypeField {
    /// Where it stands.
    pub place: Place,
    /// The field.
    pub name: Name,
    /// Its type.
    pub ty: Type,
}

/// `Var :: Type` after `when`, or the older `is_subtype(Var, Type)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Where it stands.
    pub place: Place,
    /// The word `is_subtype`, with the place the abstract format gives it.
    pub name: Name,
    /// The variable.
    pub var: Type,
    /// Its bound.
    pub bound: Type,
}
