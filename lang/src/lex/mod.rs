//! From text to tokens.
//!
//! Knows the lexical rules of Erlang and nothing about macros or grammar. The only module that uses `logos`.

pub mod token;

pub use token::{Integer, Token, TokenKind};
