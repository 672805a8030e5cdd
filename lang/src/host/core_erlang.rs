//! What `core_scan`, `core_parse` and `core_pp` do, over terms.

use super::BadArgument;
use crate::cerl::{
    self, ParseError, ParseErrorKind, Token, TokenKind, module_term, parse, print_term, read_module, scan,
};
use crate::stack::with_room;
use std::borrow::Cow;
use swerl_beam::Literal;

/// `{ok, Tokens, EndLine}` or `{error, ErrorInfo, EndLine}`, for a text that begins in the line `line`.
#[must_use]
pub fn scan_core(text: &str, line: u32) -> Literal {
    let lines = text.bytes().filter(|&byte| byte == b'\n').count();
    let end = Literal::Int(i64::from(line) + i64::try_from(lines).unwrap_or(0));
    match scan(text, line) {
        Ok(tokens) => {
            let tokens = tokens.iter().map(token_term).collect();
            Literal::tuple([Literal::atom("ok"), Literal::list(tokens), end])
        }
        Err(error) => {
            let info = error_info(error.line, "core_scan", error.kind.descriptor());
            Literal::tuple([Literal::atom("error"), info, end])
        }
    }
}

/// `{ok, Module}` or `{error, ErrorInfo}`.
///
/// # Errors
/// When the term is no list of tokens.
pub fn parse_core(tokens: &Literal) -> Result<Literal, BadArgument> {
    let tokens = match tokens {
        Literal::Nil => Vec::new(),
        Literal::List(tokens, tail) if **tail == Literal::Nil => {
            tokens.iter().map(read_token).collect::<Option<Vec<Token>>>().ok_or(BadArgument)?
        }
        _ => return Err(BadArgument),
    };
    Ok(with_room(|| parsed(&tokens)))
}

/// The same for a text.
#[must_use]
pub fn read_core(text: &str) -> Literal {
    match scan(text, 1) {
        Ok(tokens) => with_room(|| parsed(&tokens)),
        Err(error) => {
            let info = error_info(error.line, "core_scan", error.kind.descriptor());
            Literal::tuple([Literal::atom("error"), info])
        }
    }
}

fn parsed(tokens: &[Token]) -> Literal {
    match parse(tokens) {
        Ok(module) => Literal::tuple([Literal::atom("ok"), module_term(&module)]),
        Err(error) => {
            let line = tokens.get(error.at).map_or(END, |token| token.line);
            let info = error_info(line, "core_parse", parse_descriptor(error, tokens));
            Literal::tuple([Literal::atom("error"), info])
        }
    }
}

/// The line that stands for the end of the tokens.
const END: u32 = 999_999;

/// The text of a tree; none if the term is no tree.
#[must_use]
pub fn format_core(tree: &Literal) -> Option<String> {
    with_room(|| print_term(tree).ok())
}

/// What is wrong with a module: `[{none, core_lint, Descriptor}]`; nothing if the term is none.
#[must_use]
pub fn lint_core(tree: &Literal) -> Option<Literal> {
    let faults = with_room(|| read_module(tree).ok().map(|module| cerl::lint(&module)))?;
    let info = |fault: cerl::Fault| {
        Literal::tuple([Literal::atom("none"), Literal::atom("core_lint"), fault.descriptor])
    };
    Some(Literal::list(faults.into_iter().map(info).collect()))
}

fn error_info(line: u32, module: &str, descriptor: Literal) -> Literal {
    Literal::tuple([Literal::Int(line.into()), Literal::atom(module), descriptor])
}

/// What `core_parse:format_error/1` makes a message of: its words in two parts.
#[must_use]
pub(crate) fn parse_descriptor(error: ParseError, tokens: &[Token]) -> Literal {
    let [what, which] = parse_message(error, tokens);
    Literal::list(vec![Literal::string(&what), Literal::string(&which)])
}

/// The two parts of a message: what is wrong, and the token that it is wrong at.
#[must_use]
pub(crate) fn parse_message(error: ParseError, tokens: &[Token]) -> [String; 2] {
    let what = match error.kind {
        ParseErrorKind::Unexpected => {
            let token = tokens.get(error.at).map_or_else(String::new, |token| token.kind.to_string());
            return ["syntax error before: ".to_owned(), token];
        }
        ParseErrorKind::Segment => "expected 4 arguments in binary segment",
        ParseErrorKind::Exception => "expected 3 exception variables in 'try'",
        ParseErrorKind::Constant => "expected a constant",
        ParseErrorKind::Depth => "nested too deep",
    };
    [what.to_owned(), String::new()]
}

fn token_term(token: &Token) -> Literal {
    let line = Literal::Int(token.line.into());
    let with = |kind: &str, value| Literal::tuple([Literal::atom(kind), line.clone(), value]);
    match &token.kind {
        TokenKind::Char(code) => with("char", Literal::Int(*code)),
        TokenKind::Integer(integer) => with("integer", integer.clone()),
        TokenKind::Float(float) => with("float", Literal::Float(*float)),
        TokenKind::Atom(atom) => with("atom", Literal::Atom(*atom)),
        TokenKind::String(text) => with("string", cerl::fold::string(text)),
        TokenKind::Variable(name) => with("var", Literal::Atom(*name)),
        TokenKind::Symbol(symbol) => Literal::tuple([Literal::atom(symbol), line]),
    }
}

fn read_token(term: &Literal) -> Option<Token> {
    let Literal::Tuple(parts) = term else { return None };
    let kind = match (&parts[..], parts.first()?) {
        ([_, _], Literal::Atom(symbol)) => TokenKind::Symbol(Cow::Borrowed(symbol.as_str())),
        ([_, _, value], Literal::Atom(kind)) => match (kind.as_str(), value) {
            ("char", Literal::Int(code)) => TokenKind::Char(*code),
            ("integer", Literal::Int(_) | Literal::Big(_)) => TokenKind::Integer(value.clone()),
            ("float", Literal::Float(float)) => TokenKind::Float(*float),
            ("atom", Literal::Atom(atom)) => TokenKind::Atom(*atom),
            ("var", Literal::Atom(name)) => TokenKind::Variable(*name),
            ("string", _) => TokenKind::String(value.text()?),
            _ => return None,
        },
        _ => return None,
    };
    let line = match &parts[1] {
        Literal::Int(line) => u32::try_from(*line).ok()?,
        _ => return None,
    };
    Some(Token { kind, line, start: 0, end: 0 })
}
