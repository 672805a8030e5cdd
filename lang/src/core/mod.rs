//! The core language: Erlang without sugar, in A-normal form.
//!
//! Every operand is a variable or a constant, every variable is assigned once, and scopes are resolved: what a
//! `case` exports are results of its statement. A body is a flat list of statements; only control (`case`,
//! `receive`, `try`, `catch`) nests. Made by [`lower`], turned into SSA by [`ssa::build`](crate::ssa).
//!
//! Variables are numbered per nest: a function with the funs and comprehensions inside it. A function inside
//! uses the variables around it freely, until [`lift`] gives it parameters for them.

pub mod bifs;
pub(crate) mod evaluate;
pub mod fold;
pub mod lift;
pub mod lower;
pub mod raise;

mod op;
mod pattern;
mod segment;
mod value;

pub use op::{Callee, ErrorKind, FloatOp, FunctionId, Line, Op};
pub use pattern::{Pattern, PatternId, Patterns, Shape};
pub use segment::{BuildSegment, Layout, MatchSegment, MatchSize, SegmentType};
pub use value::{ConstId, Constants, SegmentsId, Value, Var};

use swerl_beam::Atom;

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Atom,
    /// Its parameters.
    pub params: Vec<Var>,
    /// What it does; it has one result.
    pub body: Body,
    /// Where it stands.
    pub line: Line,
    /// The variables around it that it uses, once they are known.
    pub captured: Vec<Var>,
}

/// Statements, and what they come to: a value, and after it the variables that the context wants to know.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// What is done.
    pub statements: Vec<Statement>,
    /// The results.
    pub results: Vec<Value>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The variables that it assigns.
    pub dsts: Vec<Var>,
    /// What it does.
    pub kind: Kind,
    /// Where it stands.
    pub line: Line,
}

/// The kinds of statement.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Computes one value.
    Simple(Op, Vec<Value>),
    /// Chooses the first clause whose patterns match and whose guard holds.
    Case(Box<Case>),
    /// Takes the first message that matches a clause.
    Receive(Box<Receive>),
    /// Evaluates with a handler for exceptions.
    Try(Box<Try>),
    /// Evaluates and gives the value of exceptions.
    Catch(Box<Body>),
}

/// A `case`, and whatever else chooses: `if`, `=`, the clauses of functions.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is matched: as many as each clause has patterns.
    pub args: Vec<Value>,
    /// The clauses.
    pub clauses: Vec<Clause>,
    /// What is done when none is chosen.
    pub otherwise: Otherwise,
}

/// What is done when no clause is chosen.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// An error is raised, with the value that did not match, or all parameters of the function.
    Error(ErrorKind, Option<Value>),
    /// `{case_clause, {A, B}}`, for a tuple that was never built.
    CaseClauseTuple(Vec<Value>),
    /// A handled exception is raised again: raw stack trace and reason.
    Raise(Value, Value),
}

/// A clause.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its patterns.
    pub patterns: Vec<PatternId>,
    /// Its guard.
    pub guard: Guard,
    /// Its body.
    pub body: Body,
}

/// A guard: tests that must all hold, then alternatives of tests that must all hold. No alternative at all means
/// that there is none to satisfy.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// What the patterns demand: equality of repeated variables.
    pub equalities: Vec<(Var, Value)>,
    /// The guard of the source.
    pub alternatives: Vec<Vec<GuardExpr>>,
}

impl Guard {
    /// Whether it always holds.
    #[must_use]
    pub fn is_trivial(&self) -> bool {
        self.equalities.is_empty() && self.alternatives.is_empty()
    }
}

/// An expression in a guard. When it fails, so does the alternative that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardExpr {
    /// A known value.
    Value(Value),
    /// A guard BIF or operator.
    Bif(Atom, Vec<GuardExpr>),
    /// Builds a term: [`Op::Tuple`], [`Op::Cons`], [`Op::PutMap`] or [`Op::BuildBits`].
    Build(Op, Vec<GuardExpr>),
    /// `A andalso B andalso ...`
    AndAlso(Vec<GuardExpr>),
    /// `A orelse B orelse ...`
    OrElse(Vec<GuardExpr>),
}

impl GuardExpr {
    /// Whether it cannot fail.
    #[must_use]
    pub fn is_total(&self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Bif(name, args) => bifs::is_total(*name, args.len()) && args.iter().all(Self::is_total),
            Self::Build(Op::Tuple | Op::Cons, args) => args.iter().all(Self::is_total),
            Self::Build(..) | Self::AndAlso(_) | Self::OrElse(_) => false,
        }
    }

    /// Whether its value, if it has one, is `true` or `false`.
    #[must_use]
    pub fn is_boolean(&self) -> bool {
        match self {
            Self::Value(Value::Atom(atom)) => matches!(atom.as_str(), "true" | "false"),
            Self::Bif(name, args) => bifs::is_boolean(*name, args.len()),
            Self::AndAlso(parts) | Self::OrElse(parts) => parts.iter().all(Self::is_boolean),
            Self::Value(_) | Self::Build(..) => false,
        }
    }
}

/// A `receive`.
#[derive(Clone, Debug)]
pub struct Receive {
    /// The clauses, of one pattern each.
    pub clauses: Vec<Clause>,
    /// The time limit, and what is done when it is over.
    pub after: Option<(Value, Body)>,
}

/// A `try`.
#[derive(Clone, Debug)]
pub struct Try {
    /// What is protected; one result.
    pub body: Body,
    /// The variable that receives that result.
    pub value: Var,
    /// What is done then, no longer protected.
    pub of: Body,
    /// Class, reason and raw stack trace of an exception.
    pub exception: [Var; 3],
    /// What is done with one.
    pub handler: Body,
}
