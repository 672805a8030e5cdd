//! The BEAM file format: generic opcodes, operands, chunks and compile-time literals.
//!
//! What `lang` writes and `vm` reads. Depends on nothing else of swerl and does no IO.
#![forbid(unsafe_code)]

mod asm;
mod assemble;
mod atom;
mod choice;
mod chunk;
mod cursor;
mod deflate;
mod disassemble;
mod etf;
mod file;
mod genop;
pub mod guard_bifs;
mod literal;
mod match_command;
mod module;
mod operand;
mod print;
mod read_error;

pub use assemble::AssembleError;
pub use atom::Atom;
pub use chunk::outline::{CodeOutline, Exit, FunctionOutline};
pub use disassemble::BadOperand;
pub use file::{WriteOptions, chunk};
pub use genop::{Genop, OperandKind};
pub use literal::Literal;
pub use match_command::MatchCommand;
pub use module::{Export, Import, Instr, Lambda, LineTable, Module};
pub use operand::Operand;
pub use print::{Float, QuotedAtom};
pub use read_error::{ChunkId, ReadError, ReadErrorKind};
