//! Erlang source text to BEAM files.
//!
//! Text goes through [`lex`] and the preprocessor to the grammar, from there to checked and lowered code. Does
//! no IO: the files that a compilation reads come through a trait that the caller implements.
#![forbid(unsafe_code)]

pub mod source;
pub mod stack;

pub mod lex;

pub mod syntax;
pub use syntax::ast;

pub mod diag;
pub mod pp;

pub mod lint;

pub mod expand;

pub mod host;

pub mod cerl;
pub mod core;

pub mod ssa;

pub mod codegen;

pub mod compile;
