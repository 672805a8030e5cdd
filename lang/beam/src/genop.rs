//! The generic opcode table. One row each: number, name, arity, meaning.

/// A generic opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Genop {
    /// Placeholder row until the table is filled.
    Label = 1,
}
