//! The grammar: from the tokens of one form to its syntax tree, and between trees and Erlang's abstract format.

pub mod ast;
