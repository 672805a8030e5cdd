//! The BEAM file format: generic opcodes, operands, chunks and compile-time literals.
//!
//! What `lang` writes and `vm` reads. Depends on nothing else of swerl and does no IO.
#![forbid(unsafe_code)]

mod atom;
mod genop;
mod literal;
mod module;

pub use atom::Atom;
pub use genop::{Genop, OperandKind};
pub use literal::Literal;
pub use module::{Export, Import, Instr, Lambda, LineTable, Module, Operand};
