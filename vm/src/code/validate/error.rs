//! Why a module is not accepted.

use super::Frame;
use std::fmt;
use swerl_beam::{Atom, Genop};

/// What is wrong with a module, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidateError {
    /// The function, when the fault lies in one.
    pub function: Option<(Atom, u32)>,
    /// The number of the instruction in the module's code, when the fault lies in one.
    pub instruction: Option<usize>,
    /// Its opcode.
    pub op: Option<Genop>,
    /// The fault.
    pub kind: ValidateErrorKind,
}

impl ValidateError {
    /// A fault of the module's tables.
    pub(super) fn of_module(kind: ValidateErrorKind) -> Self {
        Self { function: None, instruction: None, op: None, kind }
    }
}

impl fmt::Display for ValidateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, arity)) = self.function {
            write!(f, "{name}/{arity}: ")?;
        }
        if let (Some(instruction), Some(op)) = (self.instruction, self.op) {
            write!(f, "instruction {instruction} ({}): ", op.name())?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for ValidateError {}

/// A fault of a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidateErrorKind {
    /// The module has no name.
    #[error("the module has no name")]
    NoName,
    /// Code is not a sequence of functions, each `label`, `func_info`, `label`, body.
    #[error("misplaced instruction")]
    Layout,
    /// The number of functions is not what the header says.
    #[error("{found} functions where the header says {expected}")]
    FunctionCount {
        /// In the header.
        expected: u32,
        /// In the code.
        found: usize,
    },
    /// A `func_info` names another module.
    #[error("the function belongs to another module")]
    ForeignFunction,
    /// A label is defined twice, or its number is out of range.
    #[error("label {0} cannot be defined here")]
    BadLabel(u64),
    /// A table names a function that is not there.
    #[error("{table} {name}/{arity} is not the entry of such a function")]
    BadEntry {
        /// Which table.
        table: &'static str,
        /// The name.
        name: Atom,
        /// The arity.
        arity: u32,
    },
    /// A fun has more free variables than arguments.
    #[error("fun {0} has more free variables than its function has arguments")]
    BadLambda(usize),
    /// An operand has a kind that cannot stand there, or is out of range.
    #[error("operand {} cannot stand there", .0 + 1)]
    Operand(usize),
    /// The operands are not as many as the opcode has.
    #[error("wrong number of operands")]
    OperandCount,
    /// An opcode that only very old or newer systems know.
    #[error("unsupported instruction")]
    Unsupported,
    /// A jump leaves the function.
    #[error("label {0} is not in this function")]
    ForeignLabel(u32),
    /// A call's arity is not the function's.
    #[error("called with the wrong number of arguments")]
    CallArity,
    /// The function called by a `bif` instruction cannot be called so.
    #[error("{name}/{arity} cannot be called by this instruction")]
    NotABif {
        /// The name.
        name: Atom,
        /// The arity.
        arity: u32,
    },
    /// A register is read that is not initialised on every path.
    #[error("{0} is not initialised")]
    Uninitialised(Register),
    /// A slot outside the frame.
    #[error("slot y{0} is not in the frame")]
    NotInFrame(u16),
    /// Not the frame that the instruction needs.
    #[error("it does not fit the frame {0:?}")]
    Frame(Frame),
    /// Two paths with different frames come together before something that depends on it.
    #[error("paths with different frames meet")]
    MixedFrames,
    /// A slot with the tag of a `catch` or `try` is used for something else.
    #[error("slot y{0} holds the tag of a catch or try")]
    Tag(u16),
    /// A `catch` or `try` is closed that is not the innermost open one.
    #[error("slot y{0} does not hold the innermost tag of this kind")]
    NotInnermost(u16),
    /// A frame is left while a `catch` or `try` is open.
    #[error("a catch or try is open")]
    OpenHandler,
    /// The label of a `catch` or `try` does not lead to the instruction that closes it.
    #[error("the handler at label {0} does not close it")]
    BadHandler(u32),
    /// An element is overwritten in a tuple that was not just made by `setelement/3`.
    #[error("the tuple may be known to others")]
    NotFresh,
    /// More heap is used than was reserved.
    #[error("more heap is used than reserved")]
    Heap,
    /// Control runs past the end of the function.
    #[error("control runs past the end of the function")]
    RunsOut,
}

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// X register.
    X(u16),
    /// Y register.
    Y(u16),
    /// Floating-point register.
    Fr(u16),
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::X(number) => write!(f, "x{number}"),
            Self::Y(number) => write!(f, "y{number}"),
            Self::Fr(number) => write!(f, "fr{number}"),
        }
    }
}
