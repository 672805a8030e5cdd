//! From what the preprocessor delivers to the forms of a module.

use super::hint::hint;
use super::{SyntaxError, SyntaxFault, parse_form_at};
use crate::ast::{Form, FormKind, Place};
use crate::diag::Diagnostic;
use crate::lex::{Token, TokenKind};
use crate::pp::Item;

/// Parses what the preprocessor delivers. A form that does not parse costs its own diagnostic, not the rest;
/// the preprocessor's diagnostics come along, in the order of the text.
#[must_use]
pub fn parse_items(items: Vec<Item>) -> (Vec<Form>, Vec<Diagnostic>) {
    let (mut forms, mut diagnostics) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        match parse_item(item) {
            Ok(form) => forms.push(form),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (forms, diagnostics)
}

/// Parses one thing that the preprocessor delivers.
///
/// # Errors
/// The preprocessor's diagnostic, or that about a form that does not parse.
#[allow(clippy::result_large_err, reason = "a diagnostic is made once for a form that does not parse")]
pub fn parse_item(item: Item) -> Result<Form, Diagnostic> {
    match item {
        Item::Form(tokens) => {
            parse_form_at(&tokens).map_err(|(index, error)| diagnostic(&error, &tokens, index))
        }
        Item::File { place, name, line, is_said } => {
            let kind = FormKind::File { name: name.as_ref().into(), line, is_said };
            Ok(Form { place: Place::new(place), kind })
        }
        Item::Diagnostic(diagnostic) => Err(diagnostic),
        Item::Eof(span) => Ok(Form { place: Place::new(span), kind: FormKind::Eof }),
    }
}

/// Whether this is `-name(...)`.
fn is_attribute(tokens: &[Token], name: &str) -> bool {
    matches!(tokens, [_, word, ..] if matches!(&word.kind, TokenKind::Atom(word) if word.as_str() == name))
}

fn diagnostic(error: &SyntaxError, tokens: &[Token], index: usize) -> Diagnostic {
    let place = Place::new(error.span);
    let diagnostic = Diagnostic::error("erl_parse", "syntax_error", place, error.fault.to_string())
        .with_descriptor(error.fault.descriptor());
    match &error.fault {
        SyntaxFault::Before(_) => hint(diagnostic, tokens, index),
        SyntaxFault::Message("head mismatch") => diagnostic.with_help(
            "all clauses of a function have its name and as many arguments; a `.` ends a function",
        ),
        SyntaxFault::Message("bad Name/Arity") => diagnostic.with_help(if is_attribute(tokens, "import") {
            "functions stand in a list, each with the number of its parameters: `-import(module, [f/1, g/2]).`"
        } else {
            "functions stand in a list, each with the number of its parameters: `-export([f/1, g/2]).`"
        }),
        SyntaxFault::BadDeclaration(name)
            if name.as_str() == "record"
                && matches!(tokens.get(3).map(|token| &token.kind), Some(TokenKind::Var(_))) =>
        {
            diagnostic.with_help("the name of a record begins with a small letter")
        }
        SyntaxFault::BadDeclaration(name) if name.as_str() == "module" => match tokens {
            [_, _, _, name, ..] if matches!(name.kind, TokenKind::Var(_)) => {
                diagnostic.with_help("the name of a module begins with a small letter, as that of its file")
            }
            [_, _, _, _, close, next, ..]
                if close.kind == TokenKind::RParen && next.kind == TokenKind::Minus =>
            {
                diagnostic.with_label(close.span, "a full stop is missing after this")
            }
            _ => diagnostic,
        },
        SyntaxFault::Message("bad record declaration") => {
            diagnostic.with_help("the fields stand in braces: `-record(name, {field, other = Default}).`")
        }
        SyntaxFault::Message("bad record field") => diagnostic
            .with_help("a field is a name, with a default and a type if need be: `name = Default :: type()`"),
        SyntaxFault::BadDeclaration(_) | SyntaxFault::UnsupportedConstraint(_) | SyntaxFault::Message(_) => {
            diagnostic
        }
    }
}
