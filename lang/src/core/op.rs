//! The operations that the core language and SSA share.

use super::SegmentsId;
use swerl_beam::Atom;

/// A function of the module: its number among all functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

impl FunctionId {
    /// Position among the module's functions.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A source place for stack traces: an entry of the line table, counted from 1; 0 is no place.
pub type Line = u32;

/// What an instruction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Builds a tuple.
    Tuple,
    /// Builds a list cell.
    Cons,
    /// Fetches the head of a list cell.
    Head,
    /// Fetches the tail of a list cell.
    Tail,
    /// Fetches an element of a tuple, counted from 0.
    Element(u32),
    /// Calls a function of `erlang` that has an instruction of its own; raises when it fails.
    Bif(Atom),
    /// Builds a fun of a function of this module; the operands are its environment.
    MakeFun(FunctionId),
    /// Calls; see [`Callee`] for the operands.
    Call(Callee),
    /// Sends: receiver, message.
    Send,
    /// Takes the current message out of the mailbox.
    RemoveMessage,
    /// Ends a receive by its timeout.
    Timeout,
    /// Makes a receive marker at the end of the mailbox.
    ReserveMarker,
    /// Ties a receive marker to a reference.
    BindMarker,
    /// Starts the next receive at the marker of a reference.
    UseMarker,
    /// Drops the marker of a reference.
    ClearMarker,
    /// Ends the body of a `try`: its tag.
    TryEnd,
    /// Turns a raw stack trace into a list.
    BuildStacktrace,
    /// Builds a map from another; the operands are the map, then keys and values.
    PutMap {
        /// Whether the keys must be there.
        exact: bool,
    },
    /// Builds a bit string of segments.
    BuildBits(SegmentsId),
    /// The position of a match context.
    GetPosition,
    /// Sets the position of a match context.
    SetPosition,
    /// Arithmetic of which the result is a float, and which operands are floats for certain; raises when another
    /// is no number.
    FloatArith(FloatOp, [bool; 2]),
    /// `erlang:setelement/3` on a tuple that has such an element: its position, the tuple, and the value.
    SetElement {
        /// Which element, counted from 0.
        at: u32,
        /// The size of the tuple.
        size: u32,
        /// Its first element, if it is known.
        tag: Option<Atom>,
    },
    /// Gives a tuple that was just made by a call of `erlang:setelement/3`, and that nobody else knows, another
    /// element, counted from 0: the tuple, and the value.
    Overwrite(u32),
    /// What is left of a match context, as a bit string; the context does not move.
    GetTail,
}

/// An operation on floating-point registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatOp {
    /// `A + B`
    Add,
    /// `A - B`
    Subtract,
    /// `A * B`
    Multiply,
    /// `A / B`
    Divide,
}

impl FloatOp {
    /// The operator that it is.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// What is called. Operands: the arguments, and after them what the callee needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A function of this module.
    Local(FunctionId),
    /// A function by its export entry.
    Remote(Atom, Atom),
    /// A fun: the last operand.
    Fun,
    /// A function whose module and name are the last two operands.
    Apply,
}

impl Callee {
    /// How many operands it needs beside the arguments.
    #[must_use]
    pub fn extra_operands(self) -> usize {
        match self {
            Self::Local(_) | Self::Remote(..) => 0,
            Self::Fun => 1,
            Self::Apply => 2,
        }
    }
}

/// Errors with an instruction of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `function_clause`
    FunctionClause,
    /// `{badmatch, Value}`
    Badmatch,
    /// `{case_clause, Value}`
    CaseClause,
    /// `if_clause`
    IfClause,
    /// `{try_clause, Value}`
    TryClause,
    /// `{badrecord, Value}`
    Badrecord,
}
