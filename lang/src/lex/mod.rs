//! From text to tokens.
//!
//! Knows the lexical rules of Erlang and nothing about macros or grammar. The only module that uses `logos`.
//!
//! The rules are those of OTP 25, and beyond them the tokens of later releases: triple-quoted strings, sigils,
//! and the marks `<:-`, `<:=` and `&&`. None of these can stand in a program that OTP 25 accepts, with one
//! exception: there, `"""` followed by a line break is two strings, here it opens a triple-quoted string.

pub mod token;

mod encoding;
mod error;
mod number;
mod quoted;
mod raw;
mod scanner;
mod sigil;
mod write;

pub use encoding::{DecodeError, Encoding, add_source, decode};
pub use error::{ScanError, ScanErrorKind};
pub(crate) use scanner::is_too_long;
pub use scanner::{ScanOptions, Scanner};
pub use token::{Integer, Token, TokenKind};
pub use write::{write_atom, write_char, write_string};
