//! The tokens of Core Erlang's text.
//!
//! All atoms are in quotes; a sign belongs to the number after it; a comment ends at the end of its line.

use num_bigint::BigInt;
use std::borrow::Cow;
use std::fmt;

use crate::lex::is_too_long;
use swerl_beam::{Atom, Literal};

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its line.
    pub line: u32,
    /// The offset of its first byte.
    pub start: u32,
    /// The offset after its last byte.
    pub end: u32,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// `$c`: its code.
    Char(i64),
    /// An integer.
    Integer(Literal),
    /// A float.
    Float(f64),
    /// An atom.
    Atom(Atom),
    /// A string.
    String(String),
    /// A variable.
    Variable(Atom),
    /// A keyword or mark; also words and characters that mean nothing.
    Symbol(Cow<'static, str>),
}

/// As messages show them.
impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(code) => match u32::try_from(*code).ok().and_then(char::from_u32) {
                Some(c) => write!(f, "${c}"),
                None => write!(f, "{code}"),
            },
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Float(float) => write!(f, "{}", Literal::Float(*float)),
            Self::Atom(atom) => write!(f, "{}", Literal::Atom(*atom)),
            Self::String(text) => write!(f, "{text:?}"),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Symbol(symbol) if symbol.chars().all(char::is_alphanumeric) => f.write_str(symbol),
            Self::Symbol(symbol) => write!(f, "'{symbol}'"),
        }
    }
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanError {
    /// Its line.
    pub line: u32,
    /// Where it is.
    pub start: u32,
    /// What it is.
    pub kind: ScanErrorKind,
}

/// The ways in which a text can be wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum ScanErrorKind {
    /// The text ends within quotes, of this kind; how it begins there.
    Unterminated(char, String),
    /// The text ends after `$`.
    Char,
    /// The number of this kind is none.
    Illegal(&'static str),
    /// There are no numbers to this base.
    Base(String),
}

impl ScanErrorKind {
    /// In words.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Unterminated(quote, head) => {
                let what = if *quote == '\'' { "atom" } else { "string" };
                format!("unterminated {what} starting with {quote}{head}{quote}")
            }
            Self::Char => "unterminated character".to_owned(),
            Self::Illegal("float") => "bad float".to_owned(),
            Self::Illegal(what) => format!("illegal {what}"),
            Self::Base(base) => format!("illegal base '{base}'"),
        }
    }

    /// As OTP's tools see it.
    #[must_use]
    pub fn descriptor(&self) -> Literal {
        match self {
            Self::Unterminated(quote, head) => {
                let quote = Literal::Int(i64::from(u32::from(*quote)));
                Literal::tuple([Literal::atom("string"), quote, Literal::string(head)])
            }
            Self::Char => Literal::atom("char"),
            Self::Illegal("float") => Literal::atom("float"),
            Self::Illegal(what) => Literal::tuple([Literal::atom("illegal"), Literal::atom(what)]),
            Self::Base(base) => {
                let base = base.parse().map_or(Literal::Nil, Literal::integer);
                Literal::tuple([Literal::atom("base"), base])
            }
        }
    }
}

/// The words that mean something.
const KEYWORDS: &[&str] = &[
    "module",
    "attributes",
    "do",
    "let",
    "in",
    "letrec",
    "apply",
    "call",
    "primop",
    "case",
    "of",
    "end",
    "when",
    "fun",
    "try",
    "catch",
    "receive",
    "after",
];

/// The marks, longer ones before those that they begin with.
const MARKS: &[&str] =
    &["->", "-|", ":=", "=>", "(", ")", "{", "}", "[", "]", "|", ",", "=", "/", "<", ">", ":", "#", "~"];

/// The tokens of a text that begins in the line `line`.
///
/// # Errors
/// When something in it can be no part of one.
pub fn scan(text: &str, line: u32) -> Result<Vec<Token>, ScanError> {
    let mut scanner = Scanner { text, at: 0, line };
    let mut tokens = Vec::new();
    while let Some(token) = scanner.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '%' => _ = self.take_while(|c| c != '\n'),
                '\0'..=' ' | '\u{80}'..='\u{A0}' => _ = self.next(),
                _ => break,
            }
        }
    }

    fn token(&mut self) -> Result<Option<Token>, ScanError> {
        self.skip();
        let (line, start) = (self.line, self.at);
        let Some(first) = self.peek() else { return Ok(None) };
        let error = |kind| ScanError { line, start: offset(start), kind };
        let second = self.rest()[first.len_utf8()..].chars().next();
        let is_number = first.is_ascii_digit()
            || matches!(first, '-' | '+') && second.is_some_and(|c| c.is_ascii_digit());
        let kind = match first {
            _ if is_number => self.number().map_err(error)?,
            '$' => {
                self.next();
                match self.next() {
                    Some('\\') => TokenKind::Char(self.escape().ok_or_else(|| error(ScanErrorKind::Char))?),
                    Some(c) => TokenKind::Char(i64::from(u32::from(c))),
                    None => return Err(error(ScanErrorKind::Char)),
                }
            }
            '\'' => {
                let name = self.quoted('\'').map_err(error)?;
                if is_too_long(&name) {
                    return Err(error(ScanErrorKind::Illegal("atom")));
                }
                TokenKind::Atom(Atom::new(&name))
            }
            '"' => TokenKind::String(self.quoted('"').map_err(error)?),
            'a'..='z' | 'ß'..='ÿ' if first != '÷' => {
                let word = self.take_while(is_name);
                TokenKind::Symbol(match KEYWORDS.iter().find(|&&known| known == word) {
                    Some(known) => Cow::Borrowed(*known),
                    None => Cow::Owned(word.to_owned()),
                })
            }
            _ if first == '_' || first.is_uppercase() => {
                let name = self.take_while(is_name);
                if is_too_long(name) {
                    return Err(error(ScanErrorKind::Illegal("var")));
                }
                TokenKind::Variable(Atom::new(name))
            }
            _ => match MARKS.iter().find(|&&mark| self.rest().starts_with(mark)) {
                Some(mark) => {
                    self.at += mark.len();
                    TokenKind::Symbol(Cow::Borrowed(*mark))
                }
                None => {
                    self.next();
                    TokenKind::Symbol(Cow::Owned(first.to_string()))
                }
            },
        };
        Ok(Some(Token { kind, line, start: offset(start), end: offset(self.at) }))
    }

    fn quoted(&mut self, quote: char) -> Result<String, ScanErrorKind> {
        self.next();
        let start = self.at;
        let mut text = String::new();
        loop {
            match self.next() {
                Some(c) if c == quote => return Ok(text),
                Some('\\') => {
                    let code =
                        self.escape().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
                    text.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some(c) => text.push(c),
                None => {
                    let head = self.text[start..].chars().take(16).collect();
                    return Err(ScanErrorKind::Unterminated(quote, head));
                }
            }
        }
    }

    /// The code of what a backslash introduces.
    fn escape(&mut self) -> Option<i64> {
        let code = |c: char| i64::from(u32::from(c));
        Some(match self.next()? {
            first @ '0'..='7' => {
                let mut value = code(first) - code('0');
                for _ in 0..2 {
                    let Some(digit @ '0'..='7') = self.peek() else { break };
                    value = value * 8 + code(digit) - code('0');
                    self.next();
                }
                value
            }
            '^' => code(self.next()?) & 31,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            'b' => 8,
            'f' => 12,
            'e' => 27,
            's' => 32,
            'd' => 127,
            other => code(other),
        })
    }

    fn number(&mut self) -> Result<TokenKind, ScanErrorKind> {
        let is_negative = self.peek() == Some('-');
        if matches!(self.peek(), Some('-' | '+')) {
            self.next();
        }
        let sign = if is_negative { "-" } else { "" };
        let digits = self.take_while(|c| c.is_ascii_digit());
        let integer = |digits: &str, base: u32| {
            let value = BigInt::parse_bytes(digits.as_bytes(), base)?;
            Some(TokenKind::Integer(Literal::integer(if is_negative { -value } else { value })))
        };
        let mut after = self.rest().chars();
        match (after.next(), after.next()) {
            (Some('#'), _) => {
                self.next();
                let bad = || ScanErrorKind::Base(digits.to_owned());
                let base: u32 = digits.parse().ok().filter(|base| (2..=36).contains(base)).ok_or_else(bad)?;
                let digits = self.take_while(|c| c.is_digit(base));
                integer(digits, base).ok_or(ScanErrorKind::Illegal("integer"))
            }
            (Some('.'), Some('0'..='9')) => {
                let start = self.at - digits.len();
                self.next();
                self.take_while(|c| c.is_ascii_digit());
                if matches!(self.peek(), Some('e' | 'E')) {
                    self.next();
                    if matches!(self.peek(), Some('-' | '+')) {
                        self.next();
                    }
                    if self.take_while(|c| c.is_ascii_digit()).is_empty() {
                        return Err(ScanErrorKind::Illegal("float"));
                    }
                }
                let text = format!("{sign}{}", &self.text[start..self.at]);
                let value: Option<f64> = text.parse().ok().filter(|value: &f64| value.is_finite());
                value.map(TokenKind::Float).ok_or(ScanErrorKind::Illegal("float"))
            }
            _ => integer(digits, 10).ok_or(ScanErrorKind::Illegal("integer")),
        }
    }
}

fn is_name(c: char) -> bool {
    c == '_' || c == '@' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_longer_than_an_atom_are_refused() {
        let long = "a".repeat(256);
        let kind = |text: &str| scan(text, 1).map_err(|error| error.kind);
        assert_eq!(kind(&format!("'{long}'")), Err(ScanErrorKind::Illegal("atom")));
        assert_eq!(kind(&format!("V{}", &long[2..])).map(|tokens| tokens.len()), Ok(1));
        assert_eq!(kind(&format!("V{long}")), Err(ScanErrorKind::Illegal("var")));
    }
}
