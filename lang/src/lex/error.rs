//! What can be wrong with the text of a token.

use super::write::write_string;
use crate::source::Span;
use num_bigint::BigInt;
use std::fmt;
use swerl_beam::{Atom, Literal};

/// A fault found by the scanner. Scanning can go on at [`ScanError::resume`].
#[derive(Clone, PartialEq, Debug)]
pub struct ScanError {
    /// What is wrong.
    pub kind: ScanErrorKind,
    /// Where: its start is the place that `erl_scan` reports.
    pub span: Span,
    /// The offset of the first byte that was not looked at.
    pub resume: u32,
}

/// The faults of tokens. Their texts are those of `erl_scan`.
#[derive(Clone, PartialEq, Debug)]
pub enum ScanErrorKind {
    /// A character that cannot stand here, or a bad escape sequence.
    IllegalCharacter,
    /// A based number without digits.
    IllegalInteger,
    /// A float that is too large or lacks its exponent.
    IllegalFloat,
    /// An atom of more than 255 characters.
    IllegalAtom,
    /// A variable of more than 255 characters.
    IllegalVar,
    /// The base of a number is not between 2 and 36.
    Base(BigInt),
    /// The text ends after `$`.
    UnterminatedChar,
    /// The text ends in a string or quoted atom.
    Unterminated {
        /// `"` or `'`.
        quote: char,
        /// Its first 16 characters.
        head: String,
    },
    /// A line of a triple-quoted string has less indentation than its last line.
    Indentation,
}

impl fmt::Display for ScanErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalCharacter => f.write_str("illegal character"),
            Self::IllegalInteger => f.write_str("illegal integer"),
            Self::IllegalFloat => f.write_str("illegal float"),
            Self::IllegalAtom => f.write_str("illegal atom"),
            Self::IllegalVar => f.write_str("illegal var"),
            Self::Base(base) => write!(f, "illegal base '{base}'"),
            Self::UnterminatedChar => f.write_str("unterminated character"),
            Self::Unterminated { quote, head } => {
                let thing = if *quote == '\'' { "atom" } else { "string" };
                write!(f, "unterminated {thing} starting with {}", write_string(head, *quote))
            }
            Self::Indentation => f.write_str("illegal indentation in triple-quoted string"),
        }
    }
}

impl ScanErrorKind {
    /// The stable name of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::IllegalCharacter => "illegal_character",
            Self::IllegalInteger => "illegal_integer",
            Self::IllegalFloat => "illegal_float",
            Self::IllegalAtom => "illegal_atom",
            Self::IllegalVar => "illegal_var",
            Self::Base(_) => "illegal_base",
            Self::UnterminatedChar => "unterminated_character",
            Self::Unterminated { .. } => "unterminated_string",
            Self::Indentation => "illegal_indentation",
        }
    }

    /// The descriptor that `erl_scan:format_error/1` takes.
    #[must_use]
    pub fn descriptor(&self) -> Literal {
        let illegal = |what| Literal::tuple([Literal::atom("illegal"), Literal::atom(what)]);
        match self {
            Self::IllegalCharacter => illegal("character"),
            Self::IllegalInteger => illegal("integer"),
            Self::IllegalFloat => illegal("float"),
            Self::IllegalAtom => illegal("atom"),
            Self::IllegalVar => illegal("var"),
            Self::Base(base) => {
                let base = i64::try_from(base).map_or_else(|_| Literal::Big(base.clone()), Literal::Int);
                Literal::tuple([Literal::atom("base"), base])
            }
            Self::UnterminatedChar => Literal::atom("char"),
            Self::Unterminated { quote, head } => Literal::tuple([
                Literal::Atom(Atom::new("string")),
                Literal::Int(i64::from(u32::from(*quote))),
                Literal::string(head),
            ]),
            Self::Indentation => Literal::atom("indentation"),
        }
    }
}
