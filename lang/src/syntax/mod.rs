//! The grammar: from the tokens of one form to its syntax tree, and between trees and Erlang's abstract format.
//!
//! The only module that uses `lalrpop`. Its parser takes no native stack for nesting; what walks the tree later
//! does, so forms nested deeper than [`MAX_DEPTH`] are refused before they are built.

pub mod ast;
pub mod forms;

mod beginnings;
mod build;
mod depth;
mod error;
mod habits;
mod hint;
mod items;
mod terminal;
mod token_text;

lalrpop_util::lalrpop_mod!(
    #[allow(
        missing_debug_implementations,
        unreachable_pub,
        unused_qualifications,
        unused_lifetimes,
        elided_lifetimes_in_paths,
        clippy::all,
        clippy::pedantic,
        clippy::unwrap_used,
        clippy::allow_attributes_without_reason,
        reason = "written by lalrpop"
    )]
    grammar,
    "/syntax/grammar.rs"
);

pub(crate) use build::is_predefined_type;
pub use build::{NotATerm, term_of};
pub use depth::MAX_DEPTH;
pub use error::{SyntaxError, SyntaxFault};
pub use items::{parse_item, parse_items};
pub use token_text::{float_text, token_text};

use crate::lex::{Token, TokenKind};
use crate::source::Span;
use ast::{Expr, Form};
use build::{BuildError, Parsed, type_names};
use grammar::TopParser;
use lalrpop_util::ParseError;
use std::cell::Cell;
use swerl_beam::Literal;
use terminal::Terminal;

/// Parses one form: its tokens up to and with the full stop.
///
/// # Errors
/// The first fault, as `erl_parse:parse_form/1` reports it.
pub fn parse_form(tokens: &[Token]) -> Result<Form, SyntaxError> {
    parse_form_at(tokens).map_err(|(_, error)| error)
}

/// The same; with an error comes the index of the token that was read last.
fn parse_form_at(tokens: &[Token]) -> Result<Form, (usize, SyntaxError)> {
    match parse(tokens, false)? {
        Parsed::Form(form) => Ok(form),
        Parsed::Exprs(_) => Err((0, SyntaxError::before(&tokens[0]))),
    }
}

/// Parses a sequence of expressions, up to and with the full stop.
///
/// # Errors
/// The first fault, as `erl_parse:parse_exprs/1` reports it.
pub fn parse_exprs(tokens: &[Token]) -> Result<Vec<Expr>, SyntaxError> {
    match parse(tokens, true).map_err(|(_, error)| error)? {
        Parsed::Exprs(exprs) => Ok(exprs),
        Parsed::Form(form) => Err(SyntaxError::message(form.place.point(), "bad expression")),
    }
}

/// Parses a term, up to and with the full stop.
///
/// # Errors
/// The first fault, as `erl_parse:parse_term/1` reports it.
pub fn parse_term(tokens: &[Token]) -> Result<Literal, SyntaxError> {
    let exprs = parse_exprs(tokens)?;
    match exprs.as_slice() {
        [expr] => term_of(expr).map_err(|NotATerm| SyntaxError::message(expr.place.span, "bad term")),
        _ => Err(SyntaxError::message(exprs[1].place.span, "bad term")),
    }
}

fn parse(tokens: &[Token], exprs: bool) -> Result<Parsed, (usize, SyntaxError)> {
    depth::check(tokens).map_err(|error| (0, error))?;
    let (index, error) = match run(tokens, None, exprs) {
        Ok(parsed) => return Ok(parsed),
        Err(failure) => failure,
    };
    if !matches!(error.fault, SyntaxFault::Before(_)) {
        return Err((index, error));
    }
    // What a form means up to the token at fault is judged before that token is.
    match run(&tokens[..index], Some(error.span), exprs) {
        Err(earlier) if !matches!(earlier.1.fault, SyntaxFault::Before(_)) => Err(earlier),
        _ => Err((index, error)),
    }
}

/// Parses tokens, with a full stop after them if they are to have one there. With an error comes the index of the
/// token that was read last.
fn run(tokens: &[Token], stop: Option<Span>, exprs: bool) -> Result<Parsed, (usize, SyntaxError)> {
    let taken = Cell::new(0);
    let terminal = |(index, token): (usize, &Token)| {
        taken.set(index);
        let word =
            if index == 1 && !exprs && tokens[0].kind == TokenKind::Minus { word(token) } else { None };
        Ok((token.span, word.unwrap_or_else(|| Terminal::from(&token.kind)), token.span))
    };
    let first = tokens.first().map_or(Span::default(), |token| token.span);
    let start = exprs.then_some(Ok::<_, BuildError>((first, Terminal::StartExprs, first)));
    let stop = stop.map(|span| Ok((span, Terminal::Dot, span)));
    let terminals = start.into_iter().chain(tokens.iter().enumerate().map(terminal)).chain(stop);
    TopParser::new().parse(terminals).map_err(|error| {
        let error = match error {
            ParseError::User { error } => error,
            ParseError::UnrecognizedToken { .. }
            | ParseError::ExtraToken { .. }
            | ParseError::InvalidToken { .. } => match tokens.get(taken.get()) {
                Some(token) => SyntaxError::before(token),
                None => SyntaxError { span: first, fault: SyntaxFault::Before(String::new()) },
            },
            ParseError::UnrecognizedEof { .. } => {
                taken.set(tokens.len());
                let last = tokens.last().map_or(Span::default(), |token| token.span);
                SyntaxError { span: last, fault: SyntaxFault::Before(String::new()) }
            }
        };
        (taken.get(), error)
    })
}

/// The words that are special only after the dash that begins a form.
fn word(token: &Token) -> Option<Terminal> {
    match &token.kind {
        TokenKind::Atom(atom) if atom.as_str() == "spec" => Some(Terminal::Spec),
        TokenKind::Atom(atom) if atom.as_str() == "callback" => Some(Terminal::Callback),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
