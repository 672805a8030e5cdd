//! Faults that the parser finds, with the words of `erl_parse`.

use super::token_text::token_text;
use crate::lex::{Token, write_atom};
use crate::source::Span;
use std::fmt;
use swerl_beam::{Atom, Literal};

/// A form or a sequence of expressions that does not parse.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    /// The token or node at fault.
    pub span: Span,
    /// What is wrong with it.
    pub fault: SyntaxFault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum SyntaxFault {
    /// A token that cannot stand there; its text. Empty when tokens ran out.
    Before(String),
    /// An attribute of this name with a value of the wrong shape.
    BadDeclaration(Atom),
    /// `when foo(X, T)` with anything but `is_subtype`.
    UnsupportedConstraint(Atom),
    /// Anything else, in these words.
    Message(&'static str),
}

impl SyntaxError {
    /// The token stands where the grammar has no place for it.
    #[must_use]
    pub fn before(token: &Token) -> Self {
        Self { span: token.span, fault: SyntaxFault::Before(token_text(&token.kind)) }
    }

    /// A fault in fixed words.
    #[must_use]
    pub const fn message(span: Span, text: &'static str) -> Self {
        Self { span, fault: SyntaxFault::Message(text) }
    }
}

impl SyntaxFault {
    /// The message as `erl_parse:format_error/1` takes it: a string, nested as there.
    #[must_use]
    pub fn descriptor(&self) -> Literal {
        match self {
            Self::Before(text) => {
                Literal::list(vec![Literal::string("syntax error before: "), Literal::string(text)])
            }
            Self::BadDeclaration(name) => nested("bad ", *name, " declaration"),
            Self::UnsupportedConstraint(name) => nested("unsupported constraint ", *name, ""),
            Self::Message(_) => Literal::string(&self.to_string()),
        }
    }
}

/// A string with the text of an atom as an inner list, as `io_lib:format` returns it.
fn nested(before: &str, atom: Atom, after: &str) -> Literal {
    let chars = |text: &str| text.chars().map(|c| Literal::Int(i64::from(u32::from(c)))).collect::<Vec<_>>();
    let mut list = chars(before);
    list.push(Literal::string(&write_atom(atom.as_str())));
    list.extend(chars(after));
    Literal::list(list)
}

impl fmt::Display for SyntaxFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(text) => write!(f, "syntax error before: {text}"),
            Self::BadDeclaration(name) => write!(f, "bad {} declaration", write_atom(name.as_str())),
            Self::UnsupportedConstraint(name) => {
                write!(f, "unsupported constraint {}", write_atom(name.as_str()))
            }
            Self::Message(text) => f.write_str(text),
        }
    }
}
