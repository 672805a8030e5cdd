//! What `bs_match` (OTP 26) does, one command after the other. In the file they stand in one list: the name of each,
//! then its operands.

use crate::{Atom, Operand};

/// One command of `bs_match`. Sizes are in bits. A command that does not match ends the instruction at its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MatchCommand<'a> {
    /// `ensure_at_least`: so many bits are left, and what is left behind them is a multiple of the unit.
    AtLeast {
        /// Bits that must be left.
        size: u64,
        /// What the rest is a multiple of.
        unit: u64,
    },
    /// `ensure_exactly`: so many bits are left.
    Exactly(u64),
    /// `integer` or `binary`: the next bits become an integer or a bit string.
    Take {
        /// Whether it is a bit string.
        is_binary: bool,
        /// The live X registers, where a collection may happen.
        live: &'a Operand,
        /// Byte order and sign.
        flags: &'a Operand,
        /// Number of units.
        size: u64,
        /// Bits of a unit.
        unit: u64,
        /// The register for it.
        target: &'a Operand,
    },
    /// `get_tail`: all that is left becomes a bit string; the position stays.
    Tail {
        /// The live X registers.
        live: &'a Operand,
        /// The register for it.
        target: &'a Operand,
    },
    /// `skip`: goes past so many bits.
    Skip(u64),
    /// `=:=`: the next bits, at most 64, are this unsigned integer.
    Equals {
        /// How many bits.
        size: u64,
        /// What they must be.
        value: u64,
    },
}

impl<'a> MatchCommand<'a> {
    /// The commands of a list; `None` where it is none of commands.
    #[must_use]
    pub fn all(list: &'a [Operand]) -> Option<Vec<Self>> {
        split(list)?.into_iter().map(|(name, operands)| Self::new(name, operands)).collect()
    }

    fn new(name: Atom, operands: &'a [Operand]) -> Option<Self> {
        Some(match (name.as_str(), operands) {
            ("ensure_at_least", [Operand::U(size), Operand::U(unit)]) => {
                Self::AtLeast { size: *size, unit: *unit }
            }
            ("ensure_exactly", [Operand::U(size)]) => Self::Exactly(*size),
            (kind @ ("integer" | "binary"), [live, flags, Operand::U(size), Operand::U(unit), target]) => {
                Self::Take { is_binary: kind == "binary", live, flags, size: *size, unit: *unit, target }
            }
            ("get_tail", [live, _unit, target]) => Self::Tail { live, target },
            ("skip", [Operand::U(size)]) => Self::Skip(*size),
            ("=:=", [_live, Operand::U(size), Operand::U(value)]) if *size <= 64 => {
                Self::Equals { size: *size, value: *value }
            }
            _ => return None,
        })
    }
}

/// The names of a list's commands, each with its operands; `None` where it is none of commands.
pub(crate) fn split(mut list: &[Operand]) -> Option<Vec<(Atom, &[Operand])>> {
    let mut commands = Vec::new();
    while let Some((name, rest)) = list.split_first() {
        let Operand::Atom(name) = name else { return None };
        let count = match name.as_str() {
            "ensure_exactly" | "skip" => 1,
            "ensure_at_least" => 2,
            "get_tail" | "=:=" => 3,
            "integer" | "binary" => 5,
            _ => return None,
        };
        let (operands, rest) = rest.split_at_checked(count)?;
        commands.push((*name, operands));
        list = rest;
    }
    Some(commands)
}

/// Whether the operand of a command with this number says byte order and sign.
pub(crate) fn is_flags(command: Atom, number: usize) -> bool {
    number == 1 && matches!(command.as_str(), "integer" | "binary")
}
