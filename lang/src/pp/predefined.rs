//! The macros that are there from the beginning, and those that the user defines from outside.

use super::macros::{Definition, Entry, Macros};
use crate::lex::{Integer, ScanOptions, Scanner, Token, TokenKind};
use crate::source::{FileId, Span};
use swerl_beam::Atom;

/// The release that `?OTP_RELEASE` names.
const OTP_RELEASE: i64 = 25;

/// A macro without arguments that is defined from outside, as with `-DNAME=VALUE`.
#[derive(Clone, PartialEq, Debug)]
pub struct Define {
    /// Its name.
    pub name: Atom,
    /// Its tokens.
    pub body: Vec<TokenKind>,
}

impl Define {
    /// `-DNAME`: the macro is `true`.
    #[must_use]
    pub fn flag(name: &str) -> Self {
        Self { name: Atom::new(name), body: vec![TokenKind::Atom(Atom::new("true"))] }
    }

    /// `-DNAME=VALUE`; `None` when the value has no tokens or wrong ones.
    #[must_use]
    pub fn with_value(name: &str, value: &str) -> Option<Self> {
        let scanner = Scanner::new(value, FileId::default(), ScanOptions::default());
        let tokens: Result<Vec<_>, _> = scanner.map(|token| token.map(|token| token.kind)).collect();
        let body = tokens.ok().filter(|body| !body.is_empty())?;
        Some(Self { name: Atom::new(name), body })
    }
}

impl Macros {
    /// The macros that a file begins with.
    ///
    /// # Errors
    /// When a macro is defined from outside twice, or is a predefined one.
    pub(super) fn new(file: &str, defines: &[Define], features: &[Atom]) -> Result<Self, String> {
        let mut macros = Self::default();
        let atom = |text: &str| TokenKind::Atom(Atom::new(text));
        for name in [
            "FUNCTION_NAME",
            "FUNCTION_ARITY",
            "MODULE",
            "MODULE_STRING",
            "BASE_MODULE",
            "BASE_MODULE_STRING",
        ] {
            macros.table.insert(Atom::new(name), Entry::Predefined(None));
        }
        macros.predefine("LINE", vec![TokenKind::Integer(Integer::Small(1))]);
        macros.predefine("MACHINE", vec![atom("BEAM")]);
        macros.predefine("BEAM", vec![atom("true")]);
        macros.predefine("OTP_RELEASE", vec![TokenKind::Integer(Integer::Small(OTP_RELEASE))]);
        macros.set_file(file);
        macros.set_features(features);
        let available = feature_test(&[Atom::new("maybe_expr")]);
        macros.table.insert(Atom::new("FEATURE_AVAILABLE"), Entry::User(vec![available.into()]));
        for define in defines {
            match macros.table.get(&define.name) {
                None => {
                    let body =
                        define.body.iter().map(|kind| Token::new(kind.clone(), Span::default())).collect();
                    let definition = Definition { params: None, body };
                    macros.table.insert(define.name, Entry::User(vec![definition.into()]));
                }
                Some(Entry::User(_)) => return Err(format!("redefining macro '{}'", define.name)),
                Some(Entry::Predefined(_)) => {
                    return Err(format!("redefining predefined macro '{}'", define.name));
                }
            }
        }
        Ok(macros)
    }

    /// What `?FILE` is from now on.
    pub(super) fn set_file(&mut self, name: &str) {
        self.predefine("FILE", vec![TokenKind::String(name.into())]);
    }

    /// What `?MODULE` is from now on.
    pub(super) fn set_module(&mut self, name: Atom) {
        self.predefine("MODULE", vec![TokenKind::Atom(name)]);
        self.predefine("MODULE_STRING", vec![TokenKind::String(name.as_str().into())]);
    }

    /// What `?BASE_MODULE` is from now on.
    pub(super) fn set_base_module(&mut self, name: Atom) {
        self.predefine("BASE_MODULE", vec![TokenKind::Atom(name)]);
        self.predefine("BASE_MODULE_STRING", vec![TokenKind::String(name.as_str().into())]);
    }

    /// What `?FEATURE_ENABLED` tells from now on.
    pub(super) fn set_features(&mut self, enabled: &[Atom]) {
        self.table.insert(Atom::new("FEATURE_ENABLED"), Entry::User(vec![feature_test(enabled).into()]));
    }

    fn predefine(&mut self, name: &str, body: Vec<TokenKind>) {
        let body = body.into_iter().map(|kind| Token::new(kind, Span::default())).collect();
        self.table.insert(Atom::new(name), Entry::Predefined(Some(Definition { params: None, body }.into())));
    }
}

/// A macro of one argument that tells whether it is one of these.
fn feature_test(features: &[Atom]) -> Definition {
    let param = Atom::new("X");
    let mut body = Vec::new();
    for feature in features {
        body.push(if body.is_empty() { TokenKind::LParen } else { TokenKind::Orelse });
        body.extend([TokenKind::LParen, TokenKind::Var(param), TokenKind::RParen, TokenKind::EqEq]);
        body.push(TokenKind::Atom(*feature));
    }
    body.push(if features.is_empty() { TokenKind::Atom(Atom::new("false")) } else { TokenKind::RParen });
    let body = body.into_iter().map(|kind| Token::new(kind, Span::default())).collect();
    Definition { params: Some(vec![param]), body }
}
