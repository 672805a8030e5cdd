//! Expressions, clauses and what they are made of.

use super::{MapField, Place, Qualifier};
use num_bigint::BigInt;
use swerl_beam::Atom;

/// An expression, a pattern or a guard test.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: ExprKind,
}

/// A guard: alternatives (`;`) of conjunctions (`,`). No alternative at all means no guard.
pub type Guard = Vec<Vec<Expr>>;

/// The kinds of expression. Comments give the abstract format's tag where the name differs.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// An atom.
    Atom(Atom),
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other integer. Never negative as parsed, never one that fits [`ExprKind::Integer`].
    BigInteger(Box<BigInt>),
    /// `$a`.
    Char(char),
    /// A finite float.
    Float(f64),
    /// A string: the list of its code points.
    String(Box<str>),
    /// A variable; `_` included.
    Var(Atom),
    /// `[]`.
    Nil,
    /// A list of at least one element, and its tail: [`ExprKind::Nil`] (located at the `]`) when proper. (`cons`)
    List(Vec<Expr>, Box<Expr>),
    /// `{A, B}`.
    Tuple(Vec<Expr>),
    /// `#{K => V}`, or `Base#{K := V}`.
    Map {
        /// The map that is updated.
        base: Option<Box<Expr>>,
        /// Keys and values.
        fields: Vec<MapField>,
    },
    /// `#name{f = V}`, or `Base#name{f = V}`.
    Record {
        /// The record that is updated.
        base: Option<Box<Expr>>,
        /// Its name.
        name: Atom,
        /// The fields given.
        fields: Vec<RecordField>,
    },
    /// `#name.field`. (`record_index`)
    RecordIndex {
        /// The record's name.
        name: Atom,
        /// The field.
        field: Name,
    },
    /// `Base#name.field`. (`record_field`)
    RecordAccess {
        /// The record.
        base: Box<Expr>,
        /// Its name.
        name: Atom,
        /// The field.
        field: Name,
    },
    /// `<<...>>`.
    Bin(Vec<BinElement>),
    /// `A op B`, `andalso`, `orelse` and `!` included; located at the operator. (`op`)
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `op A`. (`op`)
    Unary(UnaryOp, Box<Expr>),
    /// `A = B`; located at the first operand's beginning.
    Match(Box<Expr>, Box<Expr>),
    /// `A ?= B` in a `maybe` block. (`maybe_match`)
    MaybeMatch(Box<Expr>, Box<Expr>),
    /// `catch A`.
    Catch(Box<Expr>),
    /// `F(A, B)`; the callee of a remote call is [`ExprKind::Remote`].
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// With which arguments.
        args: Vec<Expr>,
    },
    /// `M:F`, as callee.
    Remote(Box<Expr>, Box<Expr>),
    /// `begin ... end`.
    Block(Vec<Expr>),
    /// `if ... end`: clauses without patterns.
    If(Vec<Clause>),
    /// `case E of ... end`: clauses of one pattern.
    Case(Box<Expr>, Vec<Clause>),
    /// `receive ... after ... end`: clauses of one pattern.
    Receive {
        /// The clauses.
        clauses: Vec<Clause>,
        /// The `after` part.
        after: Option<Box<After>>,
    },
    /// `try ... of ... catch ... after ... end`.
    Try(Box<Try>),
    /// `maybe ... else ... end`.
    Maybe(Box<Maybe>),
    /// `fun f/1`.
    FunLocal {
        /// The function's name.
        name: Atom,
        /// Its arity.
        arity: u32,
    },
    /// `fun M:F/A`, each an atom, integer or variable.
    FunRemote(Box<[Expr; 3]>),
    /// `fun (..) -> ... end`.
    Fun(Vec<Clause>),
    /// `fun Name(..) -> ... end`. (`named_fun`)
    NamedFun {
        /// The variable.
        name: Atom,
        /// The clauses.
        clauses: Vec<Clause>,
    },
    /// `[E || ...]`.
    Lc(Box<Expr>, Vec<Qualifier>),
    /// `<<E || ...>>`.
    Bc(Box<Expr>, Vec<Qualifier>),
    /// `#{K => V || ...}`.
    Mc(Box<MapField>, Vec<Qualifier>),
}

/// A clause of a function, `fun`, `case`, `if`, `receive`, `try` or `maybe`.
///
/// A clause of the `catch` part of a `try` has three patterns: class, reason and stacktrace (written out where
/// the source leaves them away: `throw` and `_`).
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Where it stands.
    pub place: Place,
    /// Its patterns.
    pub patterns: Vec<Expr>,
    /// Its guard.
    pub guard: Guard,
    /// Its body: at least one expression.
    pub body: Vec<Expr>,
}

/// The `after` part of a `receive`.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// The time to wait.
    pub timeout: Expr,
    /// What is done then.
    pub body: Vec<Expr>,
}

/// A `try`.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What is tried.
    pub body: Vec<Expr>,
    /// The `of` part: clauses of one pattern.
    pub of: Vec<Clause>,
    /// The `catch` part: clauses of three patterns.
    pub catch: Vec<Clause>,
    /// The `after` part.
    pub after: Vec<Expr>,
}

/// A `maybe` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Maybe {
    /// The expressions; [`ExprKind::MaybeMatch`] stands only here.
    pub body: Vec<Expr>,
    /// The `else` part: where the word stands, and clauses of one pattern.
    pub else_part: Option<(Place, Vec<Clause>)>,
}

/// A name with a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands.
    pub place: Place,
    /// Its text.
    pub atom: Atom,
}

/// A field in a record expression.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordField {
    /// Where it stands.
    pub place: Place,
    /// Which field.
    pub name: FieldName,
    /// Its value.
    pub value: Expr,
}

/// Which field of a record is given a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldName {
    /// A named one.
    Named(Name),
    /// `_`: all others.
    Others(Place),
    /// Another variable: a mistake that the linter reports.
    Variable(Name),
}

/// An element of a bit string: `Value:Size/type-unit:8`.
#[derive(Clone, Debug, PartialEq)]
pub struct BinElement {
    /// Where it stands.
    pub place: Place,
    /// The value.
    pub value: Expr,
    /// The size, where given.
    pub size: Option<Expr>,
    /// The type specifiers; `None` where there are none.
    pub specs: Option<Vec<BinSpec>>,
}

/// A type specifier as written: `little`, or `unit:8`. Which names are valid is checked later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinSpec {
    /// The word.
    pub name: Atom,
    /// The number after its colon.
    pub value: Option<i64>,
}

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($(#[$d:meta])* $variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl $name {
            /// The operator as written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The operator written so.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

operators! {
    /// The binary operators.
    BinaryOp {
        Add "+", Sub "-", Mul "*", FloatDiv "/", Div "div", Rem "rem",
        Band "band", Bor "bor", Bxor "bxor", Bsl "bsl", Bsr "bsr",
        And "and", Or "or", Xor "xor", AndAlso "andalso", OrElse "orelse",
        Append "++", Subtract "--",
        Eq "==", Ne "/=", ExactEq "=:=", ExactNe "=/=", Lt "<", Le "=<", Gt ">", Ge ">=",
        Send "!",
    }
}

operators! {
    /// The unary operators.
    UnaryOp { Plus "+", Minus "-", Not "not", Bnot "bnot", }
}
