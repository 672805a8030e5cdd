//! Core Erlang, the language between Erlang and its compilers' back ends, by its specification (version 1.0.3): as a
//! tree, as text, and as the records of OTP's module `cerl`.
//!
//! Our own compiler does not go through it: see [`core`](crate::core). It is how other tools and other languages meet
//! the compiler: programs are shown in it, and programs written in it are compiled.

pub mod fold;

mod lint;
mod parse;
mod print;
mod scan;
mod terms;
mod tree;

pub use lint::{Fault, lint};
pub use parse::{ParseError, ParseErrorKind, parse};
pub use print::{print, print_clause, print_node};
pub use scan::{ScanError, ScanErrorKind, Token, TokenKind, scan};
pub use terms::{BadTree, module_term, print_term, read_module};
pub use tree::{
    Annotated, Clause, Definition, Function, Kind, Module, Node, Notes, Pair, Segment, Step, Try, Variable,
};
