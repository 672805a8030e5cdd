//! What `erl_scan` and `erl_parse` do, over terms: the functions that a running system calls.
//!
//! Results are those of the OTP functions, term for term; see the documentation of `erl_scan:string/3`,
//! `erl_scan:tokens/4` and `erl_parse`.

mod core_erlang;
mod file;
mod plain;
mod tokens;

pub use core_erlang::{format_core, lint_core, parse_core, read_core, scan_core};
pub(crate) use core_erlang::{parse_descriptor, parse_message};
pub use file::parse_file;
pub use plain::plain_calls;

use crate::ast::Expr;
use crate::lex::{ScanError, ScanErrorKind, ScanOptions, Scanner, Token, TokenKind, decode};
use crate::source::{FileId, SourceMap};
use crate::stack::with_room;
use crate::syntax::forms::{Annotations, Locate, write_exprs, write_form};
use crate::syntax::{self, SyntaxError, SyntaxFault};
use swerl_beam::Literal;
use tokens::{Cursor, TokenTerms, read_tokens};

/// An argument that has the wrong shape: `badarg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad argument")]
pub struct BadArgument;

/// What [`scan_form`] found.
#[derive(Clone, Debug, PartialEq)]
pub enum FormScan {
    /// A form, or a fault.
    Done {
        /// `{ok, Tokens, End}`, `{eof, End}` or `{error, ErrorInfo, End}`.
        result: Literal,
        /// The offset of the first byte that does not belong to it.
        rest: usize,
    },
    /// The form is not complete.
    More,
}

/// Options of the scanner, as a list of terms.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    white_space: bool,
    comments: bool,
    text: bool,
    maybe_enabled: bool,
}

impl Options {
    fn read(options: &Literal) -> Result<Self, BadArgument> {
        let options = match options {
            Literal::Nil => &[],
            Literal::List(options, tail) if **tail == Literal::Nil => options.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut read = Self::default();
        for option in options {
            let Literal::Atom(option) = option else { return Err(BadArgument) };
            match option.as_str() {
                "return" => (read.white_space, read.comments) = (true, true),
                "return_white_spaces" => read.white_space = true,
                "return_comments" => read.comments = true,
                "text" => read.text = true,
                "maybe_expr" => read.maybe_enabled = true,
                _ => return Err(BadArgument),
            }
        }
        Ok(read)
    }

    fn scanner(self, text: &str) -> Scanner<'_> {
        let Self { white_space, comments, maybe_enabled, .. } = self;
        Scanner::new(text, FileId::default(), ScanOptions { maybe_enabled, white_space, comments })
    }
}

/// All tokens of a text: `erl_scan:string/3`. The start is a line, or `{Line, Column}`; the options are those of
/// `erl_scan`, and `maybe_expr`, which makes `maybe` and `else` reserved words.
///
/// # Errors
/// When the start is no location, or an option is unknown.
pub fn scan(text: &str, start: &Literal, options: &Literal) -> Result<Literal, BadArgument> {
    let options = Options::read(options)?;
    let mut terms = TokenTerms::new(text, Cursor::read(start)?, options.text);
    for token in options.scanner(text) {
        match token {
            Ok(token) => terms.push(&token),
            Err(error) => return Ok(terms.error(&error)),
        }
    }
    Ok(terms.finish(text.len()))
}

/// The tokens of the first form of a text: `erl_scan:tokens/4`, without a continuation: the caller gives all text
/// again when there is more of it. `at_end` says that there will not be.
///
/// # Errors
/// When the start is no location, or an option is unknown.
pub fn scan_form(
    text: &str,
    start: &Literal,
    options: &Literal,
    at_end: bool,
) -> Result<FormScan, BadArgument> {
    let options = Options::read(options)?;
    let mut terms = TokenTerms::new(text, Cursor::read(start)?, options.text);
    let scanner = options.scanner(text);
    for token in scanner {
        match token {
            Ok(token) => {
                terms.push(&token);
                let end = token.span.end as usize;
                if token.kind == TokenKind::Dot && (at_end || end < text.len()) {
                    let rest = tokens::after_dot(text, end);
                    return Ok(FormScan::Done { result: terms.finish(rest), rest });
                }
            }
            Err(error) if !at_end && may_be_completed(&error, text) => return Ok(FormScan::More),
            Err(error) => {
                let rest = error.resume as usize;
                return Ok(FormScan::Done { result: terms.error(&error), rest });
            }
        }
    }
    if !at_end {
        return Ok(FormScan::More);
    }
    let result = if terms.is_empty() { terms.eof(text.len()) } else { terms.finish(text.len()) };
    Ok(FormScan::Done { result, rest: text.len() })
}

/// Whether a fault may be due to the end of the text alone.
fn may_be_completed(error: &ScanError, text: &str) -> bool {
    match error.kind {
        ScanErrorKind::Unterminated { .. } | ScanErrorKind::UnterminatedChar => true,
        ScanErrorKind::IllegalCharacter => false,
        _ => error.resume as usize == text.len(),
    }
}

/// `erl_parse:parse_exprs/1`.
///
/// # Errors
/// When the argument is not a list of tokens.
pub fn parse_exprs(tokens: &Literal) -> Result<Literal, BadArgument> {
    parse(tokens, |tokens, locate| {
        syntax::parse_exprs(tokens).map(|exprs: Vec<Expr>| write_exprs(&exprs, locate))
    })
}

/// `erl_parse:parse_form/1`.
///
/// # Errors
/// When the argument is not a list of tokens.
pub fn parse_form(tokens: &Literal) -> Result<Literal, BadArgument> {
    parse(tokens, |tokens, locate| syntax::parse_form(tokens).map(|form| write_form(&form, locate)))
}

/// `erl_parse:parse_term/1`.
///
/// # Errors
/// When the argument is not a list of tokens.
pub fn parse_term(tokens: &Literal) -> Result<Literal, BadArgument> {
    parse(tokens, |tokens, _| syntax::parse_term(tokens))
}

/// The terms of a file like those that `file:consult/1` reads, as a list; `None` where anything is wrong: the bytes are
/// not in their encoding, or one is no term, or lacks its full stop.
///
/// # Errors
/// When an option is unknown.
pub fn read_terms(bytes: &[u8], options: &Literal) -> Result<Option<Literal>, BadArgument> {
    let options = Options::read(options)?;
    let Ok((text, _)) = decode(bytes) else { return Ok(None) };
    if u32::try_from(text.len()).is_err() {
        return Ok(None);
    }
    Ok(if text.len() < SHORT { terms_of(options, &text) } else { with_room(|| terms_of(options, &text)) })
}

fn terms_of(options: Options, text: &str) -> Option<Literal> {
    let mut scanner = options.scanner(text);
    let mut terms = Vec::new();
    while let Some(tokens) = scanner.next_form() {
        let tokens = tokens.ok()?;
        if tokens.last().is_none_or(|last| last.kind != TokenKind::Dot) {
            return None;
        }
        terms.push(syntax::parse_term(&tokens).ok()?);
    }
    Some(Literal::list(terms))
}

/// Texts of fewer bytes do not nest deep enough to need a stack of their own.
const SHORT: usize = 200;

/// Fewer tokens than this do not nest deep enough to need a stack of their own.
const FEW_TOKENS: usize = 200;

fn parse(
    tokens: &Literal,
    parse: impl FnOnce(&[Token], &dyn Locate) -> Result<Literal, SyntaxError> + Send,
) -> Result<Literal, BadArgument> {
    match tokens {
        Literal::List(list, _) if list.len() > FEW_TOKENS => with_room(|| parse_here(tokens, parse)),
        _ => parse_here(tokens, parse),
    }
}

fn parse_here(
    tokens: &Literal,
    parse: impl FnOnce(&[Token], &dyn Locate) -> Result<Literal, SyntaxError>,
) -> Result<Literal, BadArgument> {
    let mut map = SourceMap::new();
    let mut annotations = Annotations::new(&mut map, "").map_err(|_| BadArgument)?;
    let tokens = read_tokens(tokens, &mut annotations)?;
    Ok(match parse(&tokens, &annotations) {
        Ok(value) => Literal::tuple([Literal::atom("ok"), value]),
        Err(error) => {
            let location =
                if tokens.is_empty() { Literal::Int(0) } else { annotations.location(error.span.start) };
            let fault = match annotations.text(error.span.start) {
                Some(text) if matches!(&error.fault, SyntaxFault::Before(before) if !before.is_empty()) => {
                    SyntaxFault::Before(text)
                }
                _ => error.fault,
            };
            let info = [location, Literal::atom("erl_parse"), fault.descriptor()];
            Literal::tuple([Literal::atom("error"), Literal::tuple(info)])
        }
    })
}

#[cfg(test)]
mod tests;
