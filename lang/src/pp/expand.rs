//! Expansion of macros in the tokens of a form.
//!
//! An expansion has the place of its use; the tokens of arguments keep theirs, and what follows an argument in
//! the body has the place of the argument's last token. `erlc` does the same, and its messages show it.

use super::error::{Fault, FaultKind};
use super::macros::{Definition, Macros, argument_length, count_arguments};
use crate::lex::{Integer, Token, TokenKind, write_atom, write_char, write_string};
use crate::source::{SourceMap, Span};
use crate::syntax::float_text;
use std::collections::HashMap;
use swerl_beam::Atom;

/// A form may become this many tokens: macros that double themselves fill any memory.
const LARGEST_FORM: usize = 4_000_000;

/// What `?FUNCTION_NAME` means.
#[derive(Clone, Copy)]
enum Function<'t> {
    /// Nothing: it is left as it is.
    Unavailable,
    /// The function that these tokens define, if they do.
    Form(&'t [Token]),
    Known(Atom, usize),
}

/// Expands all macros of a form; `?FUNCTION_NAME` is the name of the function that it defines.
pub(super) fn expand_form(
    tokens: &[Token],
    macros: &mut Macros,
    map: &SourceMap,
) -> Result<Vec<Token>, Fault> {
    if !tokens.iter().any(|token| token.kind == TokenKind::Question) {
        return Ok(tokens.to_vec());
    }
    Expansion { macros, map, function: Function::Form(tokens), produced: 0 }.run(tokens)
}

/// Expands the macros in the arguments of a directive, where `?FUNCTION_NAME` stays as it is.
pub(super) fn expand_arguments(
    tokens: &[Token],
    macros: &mut Macros,
    map: &SourceMap,
) -> Result<Vec<Token>, Fault> {
    Expansion { macros, map, function: Function::Unavailable, produced: 0 }.run(tokens)
}

struct Expansion<'a> {
    macros: &'a mut Macros,
    map: &'a SourceMap,
    function: Function<'a>,
    /// How many tokens came out of macros.
    produced: usize,
}

/// The body of a macro without arguments is expanded on its own, before what follows it.
#[derive(Default)]
struct Frame {
    /// What is still to be read, last first.
    input: Vec<Token>,
    output: Vec<Token>,
}

impl Expansion<'_> {
    fn run(&mut self, tokens: &[Token]) -> Result<Vec<Token>, Fault> {
        let mut outer: Vec<Frame> = Vec::new();
        let mut frame = Frame { input: tokens.iter().rev().cloned().collect(), output: Vec::new() };
        loop {
            let Some(token) = frame.input.pop() else {
                let Some(mut parent) = outer.pop() else { return Ok(frame.output) };
                if frame.output.iter().any(|token| token.kind == TokenKind::Question) {
                    parent.input.extend(frame.output.into_iter().rev());
                } else {
                    parent.output.append(&mut frame.output);
                }
                frame = parent;
                continue;
            };
            let (TokenKind::Question, Some(called)) = (&token.kind, frame.input.last()) else {
                frame.output.push(token);
                continue;
            };
            let (name, span) = match &called.kind {
                TokenKind::Atom(name) | TokenKind::Var(name) => (*name, called.span),
                TokenKind::Char(c) => {
                    return Err(FaultKind::IllegalCall(format!("?{}", u32::from(*c))).at(called.span));
                }
                kind => return Err(FaultKind::IllegalCall(format!("?{}", symbol(kind))).at(called.span)),
            };
            let is_var = matches!(called.kind, TokenKind::Var(_));
            let called = frame.input.pop().expect("it was looked at");
            match name.as_str() {
                "LINE" if is_var => {
                    let line = Integer::Small(self.map.line(span).into());
                    frame.output.push(Token::new(TokenKind::Integer(line), span));
                }
                "FUNCTION_NAME" | "FUNCTION_ARITY" if is_var => match self.function(name, span)? {
                    None => frame.output.extend([token, called]),
                    Some((function, _)) if name.as_str() == "FUNCTION_NAME" => {
                        frame.output.push(Token::new(TokenKind::Atom(function), span));
                    }
                    Some((_, arity)) => {
                        let arity = Integer::Small(i64::try_from(arity).unwrap_or(i64::MAX));
                        frame.output.push(Token::new(TokenKind::Integer(arity), span));
                    }
                },
                _ => {
                    let definition = self.find(name, span, &frame.input)?;
                    match &definition.params {
                        None => {
                            let body = substitute(&definition, &HashMap::new(), span);
                            self.count(name, span, body.len())?;
                            outer.push(std::mem::take(&mut frame));
                            frame.input = body.into_iter().rev().collect();
                        }
                        Some(params) => {
                            let arguments = take_arguments(&mut frame.input, name, params, span)?;
                            let body = substitute(&definition, &arguments, span);
                            self.count(name, span, body.len())?;
                            frame.input.extend(body.into_iter().rev());
                        }
                    }
                }
            }
        }
    }

    fn find(&mut self, name: Atom, span: Span, input: &[Token]) -> Result<std::sync::Arc<Definition>, Fault> {
        let at_name = |fault: FaultKind| fault.at(span);
        let arity = count_arguments(input.iter().rev(), name).map_err(at_name)?;
        let definition = self.macros.find(name, arity).map_err(at_name)?;
        self.macros.check_circular(name, definition.arity()).map_err(at_name)?;
        Ok(definition)
    }

    fn count(&mut self, name: Atom, span: Span, tokens: usize) -> Result<(), Fault> {
        self.produced += tokens + 1;
        if self.produced > LARGEST_FORM { Err(FaultKind::TooLarge(name).at(span)) } else { Ok(()) }
    }

    /// Name and arity of the function that the form defines: found out once, from the form with all other
    /// macros expanded.
    fn function(&mut self, asked: Atom, span: Span) -> Result<Option<(Atom, usize)>, Fault> {
        let tokens = match self.function {
            Function::Unavailable => return Ok(None),
            Function::Known(name, arity) => return Ok(Some((name, arity))),
            Function::Form(tokens) => tokens,
        };
        let (name, arity) = match expand_arguments(tokens, self.macros, self.map) {
            // The fault is found again, and reported, where the form itself is expanded.
            Err(_) => (Atom::new("_"), 0),
            Ok(expanded) => match &expanded.iter().map(|token| &token.kind).collect::<Vec<_>>()[..] {
                [TokenKind::Atom(name), TokenKind::LParen, rest @ ..] => (*name, count_patterns(rest)),
                [TokenKind::Question, ..] => return Err(FaultKind::BeginsForm(asked).at(span)),
                _ => return Err(FaultKind::OutsideFunction(asked).at(span)),
            },
        };
        self.function = Function::Known(name, arity);
        Ok(Some((name, arity)))
    }
}

/// Counts the patterns up to the parenthesis that closes the head of a clause, as OTP 25 does: brackets are no pattern,
/// so that a first pattern of nothing but brackets does not count.
fn count_patterns(tokens: &[&TokenKind]) -> usize {
    let mut depth = 1;
    let mut count = 0;
    for kind in tokens {
        match kind {
            TokenKind::Comma if depth == 1 => count += 1,
            TokenKind::Comma => {}
            TokenKind::LParen | TokenKind::LBrace | TokenKind::LBracket | TokenKind::LtLt => depth += 1,
            TokenKind::RParen | TokenKind::RBrace | TokenKind::RBracket | TokenKind::GtGt => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => count = count.max(1),
        }
    }
    count
}

/// Takes the arguments of a use, parentheses included, off the input.
fn take_arguments(
    input: &mut Vec<Token>,
    name: Atom,
    params: &[Atom],
    span: Span,
) -> Result<HashMap<Atom, Vec<Token>>, Fault> {
    let mut arguments = HashMap::new();
    input.pop();
    if params.is_empty() {
        input.pop();
        return Ok(arguments);
    }
    for param in params {
        let length = argument_length(&mut input.iter().rev().map(|token| &token.kind).peekable());
        if length == 0 {
            return Err(FaultKind::Mismatch(name).at(span));
        }
        let mut argument = input.split_off(input.len() - length);
        argument.reverse();
        arguments.insert(*param, argument);
        input.pop();
    }
    Ok(arguments)
}

/// The body with arguments for parameters.
fn substitute(definition: &Definition, arguments: &HashMap<Atom, Vec<Token>>, use_span: Span) -> Vec<Token> {
    let mut out = Vec::with_capacity(definition.body.len());
    let mut span = use_span;
    let mut body = &definition.body[..];
    while let [token, rest @ ..] = body {
        body = rest;
        match (&token.kind, rest) {
            (TokenKind::Var(name), _) => match arguments.get(name) {
                Some(argument) => {
                    out.extend_from_slice(argument);
                    span = argument.last().map_or(span, |token| token.span);
                }
                None => out.push(Token::new(token.kind.clone(), span)),
            },
            (
                TokenKind::Question,
                [
                    Token { kind: TokenKind::Question, .. },
                    Token { kind: TokenKind::Var(name), .. },
                    rest @ ..,
                ],
            ) => {
                body = rest;
                let kind = match arguments.get(name) {
                    Some(argument) => TokenKind::String(source_text(argument).into()),
                    None => TokenKind::Var(*name),
                };
                out.push(Token::new(kind, span));
            }
            _ => out.push(Token::new(token.kind.clone(), span)),
        }
    }
    out
}

/// A text whose tokens are these, single spaces between them: the value of `??Argument`.
fn source_text(tokens: &[Token]) -> String {
    let texts: Vec<String> = tokens
        .iter()
        .map(|token| match &token.kind {
            TokenKind::Dot => ".".into(),
            TokenKind::Var(name) => name.to_string(),
            kind => match kind.fixed_text() {
                Some(text) => text.into(),
                None => symbol(kind),
            },
        })
        .collect();
    texts.join(" ")
}

/// A token's value as `~tp` prints it.
fn symbol(kind: &TokenKind) -> String {
    match kind {
        TokenKind::Atom(name) | TokenKind::Var(name) | TokenKind::SigilPrefix(name) => {
            write_atom(name.as_str())
        }
        TokenKind::Integer(value) => value.to_string(),
        TokenKind::Float(value) => float_text(*value),
        TokenKind::Char(c) => write_char(*c),
        TokenKind::String(value)
        | TokenKind::SigilSuffix(value)
        | TokenKind::WhiteSpace(value)
        | TokenKind::Comment(value) => write_string(value, '"'),
        TokenKind::Dot => "dot".into(),
        TokenKind::Other(c) => write_atom(&c.to_string()),
        kind => kind.fixed_text().map_or_else(String::new, write_atom),
    }
}
