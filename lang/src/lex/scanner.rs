//! The scanner: one token, or one form up to its full stop, at a time.

use super::quoted::{self, Escape, Fault};
use super::raw::Raw;
use super::{ScanError, ScanErrorKind, Token, TokenKind, number, sigil};
use crate::source::{FileId, Span};
use logos::{Lexer, Logos};
use std::collections::VecDeque;
use std::sync::Arc;
use swerl_beam::Atom;

/// Atoms and variables have at most this many characters.
const LONGEST_NAME: usize = 255;

/// What the scanner is to do beside the ordinary.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScanOptions {
    /// `maybe` and `else` are reserved words.
    pub maybe_enabled: bool,
    /// White space is given as tokens.
    pub white_space: bool,
    /// Comments are given as tokens.
    pub comments: bool,
}

/// Reads tokens from a text. As an iterator it gives one after the other; after a fault it goes on behind it.
#[derive(Debug)]
pub struct Scanner<'s> {
    text: &'s str,
    file: FileId,
    raw: Lexer<'s, Raw>,
    /// What the options ask for; may be changed between tokens.
    pub options: ScanOptions,
    pending: VecDeque<Token>,
}

impl<'s> Scanner<'s> {
    /// A scanner at the beginning of `text`, the text of `file`.
    #[must_use]
    pub fn new(text: &'s str, file: FileId, options: ScanOptions) -> Self {
        Self { text, file, raw: Raw::lexer(text), options, pending: VecDeque::new() }
    }

    /// The same at the byte `position` of the text.
    #[must_use]
    pub fn starting_at(mut self, position: u32) -> Self {
        self.raw.bump(position as usize);
        self
    }

    /// The offset of the first byte not yet read.
    #[must_use]
    pub fn position(&self) -> u32 {
        offset(self.raw.span().end)
    }

    /// The tokens up to and with the next full stop, or up to the end of the text. `None` at the end.
    pub fn next_form(&mut self) -> Option<Result<Vec<Token>, ScanError>> {
        let mut tokens = Vec::new();
        for token in self.by_ref() {
            match token {
                Ok(token) => {
                    let is_last = token.kind == TokenKind::Dot;
                    tokens.push(token);
                    if is_last {
                        return Some(Ok(tokens));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
        (!tokens.is_empty()).then_some(Ok(tokens))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, offset(start), offset(end))
    }

    fn token(&self, kind: TokenKind) -> Token {
        let span = self.raw.span();
        Token::new(kind, self.span(span.start, span.end))
    }

    fn error(&mut self, kind: ScanErrorKind, at: usize, resume: usize) -> ScanError {
        self.raw.bump(resume - self.raw.span().end);
        ScanError { kind, span: self.span(at, resume), resume: offset(resume) }
    }

    fn fault(&mut self, fault: Fault, start: usize) -> ScanError {
        self.error(fault.kind, fault.at.unwrap_or(start), fault.resume)
    }

    /// Takes all up to `end` into the current token.
    fn extend_to(&mut self, end: usize) {
        self.raw.bump(end - self.raw.span().end);
    }

    fn scan(&mut self, raw: Result<Raw, ()>) -> Result<Option<Token>, ScanError> {
        let span = self.raw.span();
        let start = span.start;
        let slice = self.raw.slice();
        let kind = match raw {
            Err(()) => {
                let c = self.text[start..].chars().next().expect("there is a character that is wrong");
                let resume = (start + c.len_utf8()).max(span.end);
                return Err(self.error(ScanErrorKind::IllegalCharacter, start, resume));
            }
            Ok(Raw::WhiteSpace) => {
                if self.options.white_space {
                    self.split_white_space(slice, start);
                }
                return Ok(self.pending.pop_front());
            }
            Ok(Raw::Comment) => {
                if let Some(at) = slice.find(['\u{FFFE}', '\u{FFFF}']) {
                    let resume = span.end;
                    self.raw = Raw::lexer(self.text);
                    self.raw.bump(start + at + 3);
                    let span = self.span(start, resume);
                    let kind = ScanErrorKind::IllegalCharacter;
                    return Err(ScanError { kind, span, resume: offset(start + at + 3) });
                }
                if !self.options.comments {
                    return Ok(None);
                }
                TokenKind::Comment(slice.into())
            }
            Ok(Raw::Name) => match TokenKind::reserved_word(slice, self.options.maybe_enabled) {
                Some(word) => word,
                None if is_too_long(slice) => {
                    return Err(self.error(ScanErrorKind::IllegalAtom, start, span.end));
                }
                None => TokenKind::Atom(Atom::new(slice)),
            },
            Ok(Raw::Var) if is_too_long(slice) => {
                return Err(self.error(ScanErrorKind::IllegalVar, start, span.end));
            }
            Ok(Raw::Var) => TokenKind::Var(Atom::new(slice)),
            Ok(Raw::Digit) => {
                let (number, length) = number::scan(&self.text.as_bytes()[start..]);
                match number {
                    Ok(kind) => {
                        self.extend_to(start + length);
                        kind
                    }
                    Err(kind) => return Err(self.error(kind, start, start + length)),
                }
            }
            Ok(Raw::DoubleQuote) => {
                let scanned = match quoted::triple_quotes(self.text, start) {
                    Some(quotes) => quoted::scan_triple(self.text, start, quotes, false),
                    None => quoted::scan(self.text, start + 1, '"'),
                };
                let (value, end) = scanned.map_err(|fault| self.fault(fault, start))?;
                self.extend_to(end);
                TokenKind::String(value.into())
            }
            Ok(Raw::SingleQuote) => {
                let scanned = quoted::scan(self.text, start + 1, '\'');
                let (value, end) = scanned.map_err(|fault| self.fault(fault, start))?;
                if is_too_long(&value) {
                    return Err(self.error(ScanErrorKind::IllegalAtom, start, end));
                }
                self.extend_to(end);
                TokenKind::Atom(Atom::new(&value))
            }
            Ok(Raw::Dollar) => self.char(start)?,
            Ok(Raw::Tilde) => match sigil::scan(self.text, start) {
                None => TokenKind::Other('~'),
                Some(scanned) => {
                    let parts = scanned.map_err(|fault| self.fault(fault, start))?;
                    let prefix = Atom::new(&self.text[start + 1..parts.prefix_end]);
                    let prefix =
                        Token::new(TokenKind::SigilPrefix(prefix), self.span(start, parts.prefix_end));
                    let content_span = self.span(parts.prefix_end, parts.content_end);
                    self.pending.push_back(Token::new(TokenKind::String(parts.content.into()), content_span));
                    let suffix: Arc<str> = self.text[parts.content_end..parts.suffix_end].into();
                    let suffix_span = self.span(parts.content_end, parts.suffix_end);
                    self.pending.push_back(Token::new(TokenKind::SigilSuffix(suffix), suffix_span));
                    self.extend_to(parts.suffix_end);
                    return Ok(Some(prefix));
                }
            },
            Ok(Raw::Dot) => {
                // A full stop takes the white space character after it along, but its span is the dot alone.
                match self.text[span.end..].chars().next() {
                    None | Some('%') => TokenKind::Dot,
                    Some(c) if is_white_space(c) => {
                        let token = self.token(TokenKind::Dot);
                        self.extend_to(span.end + c.len_utf8());
                        return Ok(Some(token));
                    }
                    Some(_) => TokenKind::Period,
                }
            }
            Ok(Raw::Punctuation) => TokenKind::punctuation(slice).expect("every mark is in the token table"),
            Ok(Raw::Other) => TokenKind::Other(slice.chars().next().expect("a token is not empty")),
        };
        Ok(Some(self.token(kind)))
    }

    fn char(&mut self, start: usize) -> Result<TokenKind, ScanError> {
        match self.text[start + 1..].chars().next() {
            None => Err(self.error(ScanErrorKind::UnterminatedChar, start, start + 1)),
            Some('\\') => match quoted::escape(self.text, start + 2) {
                Escape::Char(c, end) => {
                    self.extend_to(end);
                    Ok(TokenKind::Char(c))
                }
                Escape::Illegal(resume) => Err(self.error(ScanErrorKind::IllegalCharacter, start, resume)),
                Escape::End => Err(self.error(ScanErrorKind::UnterminatedChar, start, self.text.len())),
            },
            Some('\u{FFFE}' | '\u{FFFF}') => {
                Err(self.error(ScanErrorKind::IllegalCharacter, start, self.text.len()))
            }
            Some(c) => {
                self.extend_to(start + 1 + c.len_utf8());
                Ok(TokenKind::Char(c))
            }
        }
    }

    /// The tokens of white space that `erl_scan` makes of it.
    fn split_white_space(&mut self, slice: &str, start: usize) {
        let mut at = 0;
        while at < slice.len() {
            let end = at + white_space_token(&slice[at..]);
            let span = self.span(start + at, start + end);
            self.pending.push_back(Token::new(TokenKind::WhiteSpace(slice[at..end].into()), span));
            at = end;
        }
    }
}

impl Iterator for Scanner<'_> {
    type Item = Result<Token, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(token) = self.pending.pop_front() {
            return Some(Ok(token));
        }
        loop {
            let raw = self.raw.next()?;
            match self.scan(raw) {
                Ok(None) => {}
                Ok(Some(token)) => return Some(Ok(token)),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The length of the first token of white space: up to 16 spaces, 10 tabs, or one character that ends a line or a page,
/// each with a line break before or without; or whatever comes up to the next line break.
fn white_space_token(text: &str) -> usize {
    let line_break = usize::from(text.starts_with('\n'));
    let text = &text[line_break..];
    let run = |of: u8, most: usize| text.bytes().take(most).take_while(|byte| *byte == of).count();
    let length = match text.bytes().next() {
        Some(b' ') => run(b' ', 16),
        Some(b'\t') => run(b'\t', 10),
        Some(b'\r') => 1,
        Some(b'\x0c') if line_break == 1 => 1,
        _ => text.find('\n').unwrap_or(text.len()),
    };
    line_break + length
}

/// Whether an atom of this name could not be.
pub(crate) fn is_too_long(name: &str) -> bool {
    name.len() > LONGEST_NAME && name.chars().count() > LONGEST_NAME
}

fn is_white_space(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\u{80}'..='\u{A0}')
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a source text is shorter than four gigabytes")
}

#[cfg(test)]
#[path = "scanner_tests.rs"]
mod tests;
