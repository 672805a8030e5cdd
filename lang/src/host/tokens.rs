//! Tokens as terms, and terms as tokens.

use super::BadArgument;
use crate::ast::Place;
use crate::lex::{Integer, ScanError, Token, TokenKind};
use crate::syntax::forms::{Annotations, Locate};
use num_bigint::BigInt;
use std::sync::Arc;
use swerl_beam::{Atom, Literal};

/// A position that moves forward through a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    offset: usize,
    line: i64,
    /// None when lines alone are wanted.
    column: Option<i64>,
}

impl Cursor {
    /// The beginning of a text, at a line or at `{Line, Column}`.
    pub(super) fn read(start: &Literal) -> Result<Self, BadArgument> {
        match start {
            Literal::Int(line) => Ok(Self { offset: 0, line: *line, column: None }),
            Literal::Tuple(pair) => match pair.as_slice() {
                [Literal::Int(line), Literal::Int(column)] => {
                    Ok(Self { offset: 0, line: *line, column: Some(*column) })
                }
                _ => Err(BadArgument),
            },
            _ => Err(BadArgument),
        }
    }

    /// The same in `text` at `offset`, which is not before it.
    fn at(self, text: &str, offset: usize) -> Self {
        let passed = text.get(self.offset..offset).unwrap_or("");
        let lines = passed.bytes().filter(|&byte| byte == b'\n').count();
        let last_line = passed.rfind('\n').map_or(passed, |at| &passed[at + 1..]);
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let columns = count(last_line.chars().count());
        let column = self.column.map(|column| if lines == 0 { column + columns } else { columns + 1 });
        Self { offset: self.offset.max(offset), line: self.line + count(lines), column }
    }

    fn term(self) -> Literal {
        match self.column {
            None => Literal::Int(self.line),
            Some(column) => Literal::tuple([Literal::Int(self.line), Literal::Int(column)]),
        }
    }
}

/// The offset behind a full stop and the white space that belongs to it.
pub(super) fn after_dot(text: &str, dot_end: usize) -> usize {
    match text[dot_end..].chars().next() {
        None | Some('%') => dot_end,
        Some(space) => dot_end + space.len_utf8(),
    }
}

/// The tokens of a text, collected as terms.
#[derive(Debug)]
pub(super) struct TokenTerms<'t> {
    text: &'t str,
    cursor: Cursor,
    with_text: bool,
    terms: Vec<Literal>,
}

impl<'t> TokenTerms<'t> {
    pub(super) fn new(text: &'t str, cursor: Cursor, with_text: bool) -> Self {
        Self { text, cursor, with_text, terms: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn push(&mut self, token: &Token) {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        self.cursor = self.cursor.at(self.text, start);
        let location = self.cursor.term();
        let annotation = if self.with_text {
            let end = if token.kind == TokenKind::Dot { after_dot(self.text, end) } else { end };
            let pair = |key, value| Literal::tuple([Literal::atom(key), value]);
            let text = Literal::string(&self.text[start..end]);
            Literal::list(vec![pair("text", text), pair("location", location)])
        } else {
            location
        };
        let (category, value) = parts(&token.kind);
        let head = [Literal::atom(&category), annotation];
        self.terms.push(Literal::Tuple(head.into_iter().chain(value).collect()));
    }

    /// `{ok, Tokens, End}`.
    pub(super) fn finish(self, end: usize) -> Literal {
        let end = self.cursor.at(self.text, end).term();
        Literal::tuple([Literal::atom("ok"), Literal::list(self.terms), end])
    }

    /// `{eof, End}`.
    pub(super) fn eof(self, end: usize) -> Literal {
        Literal::tuple([Literal::atom("eof"), self.cursor.at(self.text, end).term()])
    }

    /// `{error, {Location, erl_scan, Descriptor}, End}`.
    pub(super) fn error(self, error: &ScanError) -> Literal {
        let at = self.cursor.at(self.text, error.span.start as usize);
        let info = [at.term(), Literal::atom("erl_scan"), error.kind.descriptor()];
        let end = at.at(self.text, error.resume as usize).term();
        Literal::tuple([Literal::atom("error"), Literal::tuple(info), end])
    }
}

/// The tokens of a form, in the places where they stand in a file.
pub(super) fn token_terms(tokens: &[Token], locate: &dyn Locate) -> Literal {
    let term = |token: &Token| {
        let (category, value) = parts(&token.kind);
        let head = [Literal::atom(&category), locate.annotation(Place::new(token.span))];
        Literal::Tuple(head.into_iter().chain(value).collect())
    };
    Literal::list(tokens.iter().map(term).collect())
}

/// Category and value of a token.
fn parts(kind: &TokenKind) -> (String, Option<Literal>) {
    if let Some(text) = kind.fixed_text() {
        return (text.to_owned(), None);
    }
    let (category, value) = match kind {
        TokenKind::Atom(atom) => ("atom", Literal::Atom(*atom)),
        TokenKind::Var(name) => ("var", Literal::Atom(*name)),
        TokenKind::Integer(value) => ("integer", value.clone().into()),
        TokenKind::Float(value) => ("float", Literal::Float(*value)),
        TokenKind::Char(char) => ("char", Literal::Int(i64::from(u32::from(*char)))),
        TokenKind::String(text) => ("string", Literal::string(text)),
        TokenKind::SigilPrefix(prefix) => ("sigil_prefix", Literal::Atom(*prefix)),
        TokenKind::SigilSuffix(suffix) => ("sigil_suffix", Literal::string(suffix)),
        TokenKind::WhiteSpace(text) => ("white_space", Literal::string(text)),
        TokenKind::Comment(text) => ("comment", Literal::string(text)),
        TokenKind::Other(char) => return (char.to_string(), None),
        _ => return ("dot".to_owned(), None),
    };
    (category.to_owned(), Some(value))
}

/// The tokens that a list of terms stands for.
pub(super) fn read_tokens(
    list: &Literal,
    annotations: &mut Annotations<'_>,
) -> Result<Vec<Token>, BadArgument> {
    match list {
        Literal::Nil => Ok(Vec::new()),
        Literal::List(terms, tail) if **tail == Literal::Nil => {
            terms.iter().map(|term| read_token(term, annotations)).collect()
        }
        _ => Err(BadArgument),
    }
}

fn read_token(term: &Literal, annotations: &mut Annotations<'_>) -> Result<Token, BadArgument> {
    let Literal::Tuple(parts) = term else { return Err(BadArgument) };
    let [Literal::Atom(category), annotation, value @ ..] = parts.as_slice() else { return Err(BadArgument) };
    let category = category.as_str();
    let kind = match value {
        [] => match category {
            "dot" => Some(TokenKind::Dot),
            _ => TokenKind::reserved_word(category, true)
                .or_else(|| TokenKind::punctuation(category))
                .or_else(|| single(category).map(TokenKind::Other)),
        },
        [value] => value_token(category, value),
        _ => None,
    };
    let place = annotations.place(annotation).ok_or(BadArgument)?;
    Ok(Token::new(kind.ok_or(BadArgument)?, place.span))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn value_token(category: &str, value: &Literal) -> Option<TokenKind> {
    Some(match (category, value) {
        ("atom", Literal::Atom(atom)) => TokenKind::Atom(*atom),
        ("var", Literal::Atom(name)) => TokenKind::Var(*name),
        ("integer", Literal::Int(value)) => TokenKind::Integer(BigInt::from(*value).into()),
        ("integer", Literal::Big(value)) => TokenKind::Integer(Integer::from(value.clone())),
        ("float", Literal::Float(value)) => TokenKind::Float(*value),
        ("char", Literal::Int(code)) => TokenKind::Char(u32::try_from(*code).ok().and_then(char::from_u32)?),
        ("string", text) => TokenKind::String(string(text)?),
        ("sigil_prefix", Literal::Atom(prefix)) => TokenKind::SigilPrefix(*prefix),
        ("sigil_suffix", Literal::Atom(suffix)) => TokenKind::SigilSuffix(suffix.as_str().into()),
        ("sigil_suffix", text) => TokenKind::SigilSuffix(string(text)?),
        ("white_space", text) => TokenKind::WhiteSpace(string(text)?),
        ("comment", text) => TokenKind::Comment(string(text)?),
        (_, Literal::Atom(value)) => TokenKind::Atom(Atom::new(value.as_str())),
        _ => return None,
    })
}

/// The text of a list of code points.
fn string(term: &Literal) -> Option<Arc<str>> {
    let text: String = match term {
        Literal::Nil => String::new(),
        Literal::Str(bytes) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        Literal::List(codes, tail) if **tail == Literal::Nil => {
            let char = |code: &Literal| match code {
                Literal::Int(code) => u32::try_from(*code).ok().and_then(char::from_u32),
                _ => None,
            };
            codes.iter().map(char).collect::<Option<_>>()?
        }
        _ => return None,
    };
    Some(text.into())
}
