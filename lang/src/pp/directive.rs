//! The directives of the preprocessor, and where other forms go.

use super::error::{Fault, FaultKind};
use super::expand::{expand_arguments, expand_form};
use super::macros::{Definition, uses_in};
use super::{Conditional, Item, Preprocessor};
use crate::diag::write_term;
use crate::lex::{Integer, Token, TokenKind};
use crate::source::Span;
use crate::syntax::parse_term;
use std::sync::Arc;
use swerl_beam::Atom;

/// Attributes after which `-feature` is still allowed.
const PREFIX: [&str; 12] = [
    "module",
    "feature",
    "if",
    "else",
    "elif",
    "endif",
    "ifdef",
    "ifndef",
    "define",
    "undef",
    "include",
    "include_lib",
];

impl Preprocessor<'_> {
    /// Treats a form of a part of the text that is not skipped.
    pub(super) fn form(&mut self, tokens: Vec<Token>) {
        let [Token { kind: TokenKind::Minus, .. }, name, rest @ ..] = &tokens[..] else {
            return self.other_form(&tokens);
        };
        let word = match &name.kind {
            TokenKind::Atom(word) => word.as_str(),
            kind @ (TokenKind::If | TokenKind::Else) => kind.fixed_text().unwrap_or_default(),
            _ => return self.other_form(&tokens),
        };
        let outcome = match word {
            "define" => self.define(name, rest),
            "undef" => self.undef(name, rest),
            "include" => self.include_directive("include", name, rest),
            "include_lib" => self.include_directive("include_lib", name, rest),
            "ifdef" => self.ifdef(Conditional::Ifdef, name, rest),
            "ifndef" => self.ifdef(Conditional::Ifndef, name, rest),
            "if" => self.if_directive(name, rest),
            "elif" => self.elif(name),
            "else" => self.else_directive(name, rest),
            "endif" => self.endif(name, rest),
            "error" | "warning" => self.user_message(word == "error", name, rest),
            "feature" => self.feature(name, rest),
            "file" => self.file_directive(name, rest),
            _ => return self.other_form(&tokens),
        };
        if let Err(fault) = outcome {
            self.report(fault);
        }
    }

    /// A form that is no directive: its macros are expanded and it is passed on.
    fn other_form(&mut self, tokens: &[Token]) {
        let expanded = match expand_form(tokens, &mut self.macros, self.map) {
            Ok(expanded) => expanded,
            Err(fault) => return self.report(fault),
        };
        match expanded.iter().take(5).map(|token| &token.kind).collect::<Vec<_>>()[..] {
            [] => {}
            [TokenKind::Minus, TokenKind::Atom(word), ref rest @ ..] => {
                if let [TokenKind::LParen, TokenKind::Atom(name), TokenKind::RParen | TokenKind::Comma] = rest
                {
                    match word.as_str() {
                        "module" => self.macros.set_module(*name),
                        "extends" => self.macros.set_base_module(*name),
                        _ => {}
                    }
                }
                self.in_prefix &= PREFIX.contains(&word.as_str());
            }
            _ => self.in_prefix = false,
        }
        self.items.push(Item::Form(expanded));
    }

    fn define(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        let (name, name_token, rest) = match tokens {
            [Token { kind: TokenKind::LParen, .. }, token, rest @ ..] => match &token.kind {
                TokenKind::Atom(name) | TokenKind::Var(name) => (*name, token, rest),
                _ => return Err(Fault::bad("define", &tokens[1..], directive)),
            },
            [Token { kind: TokenKind::LParen, .. }] => return Err(Fault::bad("define", &[], &tokens[0])),
            _ => return Err(Fault::bad("define", tokens, directive)),
        };
        let definition = match rest {
            [comma @ Token { kind: TokenKind::Comma, .. }, body @ ..] => {
                Definition { params: None, body: macro_body(body, comma)? }
            }
            [open @ Token { kind: TokenKind::LParen, .. }, rest @ ..] => {
                let (params, close, rest) = parameters(rest, open)?;
                let body = match rest {
                    [comma @ Token { kind: TokenKind::Comma, .. }, body @ ..] => macro_body(body, comma)?,
                    _ => return Err(FaultKind::MissingComma.at(rest.first().unwrap_or(close).span)),
                };
                Definition { params: Some(params), body }
            }
            _ => return Err(Fault::bad("define", rest, directive)),
        };
        let fault_of_use =
            uses_in(&definition.body).err().map(|(index, kind)| kind.at(definition.body[index].span));
        self.macros.define(name, definition).map_err(|kind| kind.at(name_token.span))?;
        if let Some(fault) = fault_of_use {
            self.macros.undefine(name);
            return Err(fault);
        }
        Ok(())
    }

    fn undef(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        self.in_prefix = false;
        let name = name_in_parentheses("undef", directive, tokens)?;
        self.macros.undefine(name);
        Ok(())
    }

    fn include_directive(
        &mut self,
        word: &'static str,
        directive: &Token,
        tokens: &[Token],
    ) -> Result<(), Fault> {
        let tokens = join_strings(tokens);
        match &tokens[..] {
            [
                Token { kind: TokenKind::LParen, .. },
                Token { kind: TokenKind::String(name), span },
                Token { kind: TokenKind::RParen, .. },
                Token { kind: TokenKind::Dot, .. },
            ] => {
                if word == "include" {
                    self.include(name, *span);
                } else {
                    self.include_lib(name, directive.span, *span);
                }
                Ok(())
            }
            _ => {
                let is_string = |kind: &TokenKind| matches!(kind, TokenKind::String(_));
                Err(mismatch(word, directive, &tokens, &[&is_open, &is_string, &is_close, &is_dot]))
            }
        }
    }

    fn ifdef(&mut self, which: Conditional, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        let name = match name_in_parentheses(which.as_str(), directive, tokens) {
            Ok(name) => name,
            Err(fault) => {
                self.file().skipped.push(which);
                return Err(fault);
            }
        };
        let holds = self.macros.is_defined(name) == (which == Conditional::Ifdef);
        self.open_conditional(which, holds);
        Ok(())
    }

    fn open_conditional(&mut self, which: Conditional, holds: bool) {
        let file = self.file();
        if holds {
            file.active.push(which);
        } else {
            file.skipped.push(which);
        }
    }

    fn if_directive(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        let outcome = match tokens {
            [Token { kind: TokenKind::LParen, .. }, ..] => self.condition(directive, tokens),
            _ => Err(Fault::bad("if", tokens, directive)),
        };
        self.open_conditional(Conditional::If, matches!(outcome, Ok(true)));
        outcome.map(|_| ())
    }

    fn elif(&mut self, directive: &Token) -> Result<(), Fault> {
        let file = self.file();
        match file.active.pop() {
            None => Err(FaultKind::Unbalanced("elif").at(directive.span)),
            Some(Conditional::Else) => {
                file.skipped.push(Conditional::Else);
                Err(FaultKind::Unbalanced("elif").at(directive.span))
            }
            Some(_) => {
                file.skipped.push(Conditional::Elif);
                Ok(())
            }
        }
    }

    fn else_directive(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        if !matches!(tokens, [Token { kind: TokenKind::Dot, .. }]) {
            return Err(Fault::bad("else", tokens, directive));
        }
        let file = self.file();
        match file.active.pop() {
            None => Err(FaultKind::Unbalanced("else").at(directive.span)),
            Some(which) => {
                file.skipped.push(Conditional::Else);
                match which {
                    Conditional::Else => Err(FaultKind::Repeated("else").at(directive.span)),
                    _ => Ok(()),
                }
            }
        }
    }

    fn endif(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        if !matches!(tokens, [Token { kind: TokenKind::Dot, .. }]) {
            return Err(Fault::bad("endif", tokens, directive));
        }
        match self.file().active.pop() {
            None => Err(FaultKind::Unbalanced("endif").at(directive.span)),
            Some(_) => Ok(()),
        }
    }

    /// Treats a form of a part that is skipped: only conditionals count.
    pub(super) fn skip(&mut self, tokens: &[Token]) {
        let [Token { kind: TokenKind::Minus, .. }, name, rest @ ..] = tokens else { return };
        let word = match &name.kind {
            TokenKind::Atom(word) => word.as_str(),
            TokenKind::If => "if",
            TokenKind::Else => "else",
            _ => return,
        };
        let file = self.file();
        match (word, &file.skipped[..]) {
            ("ifdef", _) => file.skipped.push(Conditional::Ifdef),
            ("ifndef", _) => file.skipped.push(Conditional::Ifndef),
            ("if", _) => file.skipped.push(Conditional::If),
            ("endif", _) => {
                file.skipped.pop();
            }
            ("else", [.., Conditional::Else]) => self.report(FaultKind::Repeated("else").at(name.span)),
            ("else", [.., Conditional::Elif]) => {
                file.skipped.pop();
                file.skipped.push(Conditional::Else);
            }
            ("else", [_]) => {
                file.skipped.pop();
                file.active.push(Conditional::Else);
            }
            ("elif", [.., Conditional::Else]) => self.report(FaultKind::ElifAfterElse.at(name.span)),
            // Only the first `-elif` after a part that was taken is passed over without a look; the next one may be taken
            // again. So it is in OTP 25, whatever is written about it.
            ("elif", [_]) => {
                file.skipped.pop();
                if let Err(fault) = self.if_directive(name, rest) {
                    self.report(fault);
                }
            }
            _ => {}
        }
    }

    fn user_message(&mut self, is_error: bool, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        self.in_prefix = false;
        let word = if is_error { "error" } else { "warning" };
        let [Token { kind: TokenKind::LParen, .. }, ..] = tokens else {
            return Err(Fault::bad(word, tokens, directive));
        };
        let expanded = expand_arguments(tokens, &mut self.macros, self.map).ok();
        match expanded.and_then(|tokens| parse_term(&tokens).ok()) {
            None => Err(FaultKind::Bad(word).at(directive.span)),
            Some(term) => {
                let text = write_term(&term);
                let kind = if is_error {
                    FaultKind::UserError(text, term)
                } else {
                    FaultKind::UserWarning(text, term)
                };
                Err(kind.at(directive.span))
            }
        }
    }

    fn feature(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        let kinds: Vec<_> = tokens.iter().map(|token| &token.kind).collect();
        let [
            TokenKind::LParen,
            TokenKind::Atom(feature),
            TokenKind::Comma,
            TokenKind::Atom(action),
            TokenKind::RParen,
            TokenKind::Dot,
            ..,
        ] = kinds[..]
        else {
            return Err(Fault::bad("feature", tokens, directive));
        };
        if !self.in_prefix {
            return Err(FaultKind::FeatureAfterPrefix.at(directive.span));
        }
        if kinds.len() > 6 || !matches!(action.as_str(), "enable" | "disable") {
            return Err(Fault::bad("feature", tokens, directive));
        }
        if !super::is_feature(*feature) {
            return Err(FaultKind::UnknownFeatures(vec![*feature]).at(directive.span));
        }
        self.features.retain(|known| known != feature);
        if action.as_str() == "enable" {
            self.features.push(*feature);
        }
        self.macros.set_features(&self.features);
        Ok(())
    }

    fn file_directive(&mut self, directive: &Token, tokens: &[Token]) -> Result<(), Fault> {
        let expanded = join_strings(&expand_arguments(tokens, &mut self.macros, self.map)?);
        let kinds: Vec<_> = expanded.iter().map(|token| &token.kind).collect();
        let [
            TokenKind::LParen,
            TokenKind::String(name),
            TokenKind::Comma,
            TokenKind::Integer(Integer::Small(line)),
            TokenKind::RParen,
            TokenKind::Dot,
        ] = kinds[..]
        else {
            let is_string = |kind: &TokenKind| matches!(kind, TokenKind::String(_));
            let is_comma = |kind: &TokenKind| *kind == TokenKind::Comma;
            let is_integer = |kind: &TokenKind| matches!(kind, TokenKind::Integer(_));
            let pattern: [Expected<'_>; 6] =
                [&is_open, &is_string, &is_comma, &is_integer, &is_close, &is_dot];
            return Err(mismatch("file", directive, &expanded, &pattern));
        };
        let place = directive.span;
        self.items.push(Item::File { place, name: name.clone(), line: *line, is_said: true });
        self.macros.set_file(name);
        let (file, position) = (self.file().id, self.file().position);
        let next = Span::new(file, position, position);
        let distance = i64::from(self.map.line(next)) - i64::from(self.map.line(place));
        self.map.rename_from(file, position, name.clone(), line.saturating_add(distance));
        Ok(())
    }
}

/// The tokens up to the parenthesis that closes `-define(`, which must be the last but one.
fn macro_body(tokens: &[Token], before: &Token) -> Result<Vec<Token>, Fault> {
    match tokens {
        [body @ .., Token { kind: TokenKind::RParen, .. }, Token { kind: TokenKind::Dot, .. }] => {
            Ok(body.to_vec())
        }
        [.., dot @ Token { kind: TokenKind::Dot, .. }] => Err(FaultKind::MissingParenthesis.at(dot.span)),
        _ => Err(FaultKind::PrematureEnd.at(tokens.last().unwrap_or(before).span)),
    }
}

/// Reads parameters up to the closing parenthesis: they, that parenthesis, and what follows.
fn parameters<'t>(
    tokens: &'t [Token],
    open: &'t Token,
) -> Result<(Vec<Atom>, &'t Token, &'t [Token]), Fault> {
    let mut params = Vec::new();
    let mut rest = tokens;
    let mut last = open;
    loop {
        let (token, name) = match rest {
            [close @ Token { kind: TokenKind::RParen, .. }, rest @ ..] => return Ok((params, close, rest)),
            [token @ Token { kind: TokenKind::Var(name), .. }, after @ ..] if params.is_empty() => {
                rest = after;
                (token, *name)
            }
            [
                Token { kind: TokenKind::Comma, .. },
                token @ Token { kind: TokenKind::Var(name), .. },
                after @ ..,
            ] if !params.is_empty() => {
                rest = after;
                (token, *name)
            }
            _ => return Err(Fault::bad("define", rest, last)),
        };
        if params.contains(&name) {
            return Err(FaultKind::DuplicatedArgument(name).at(token.span));
        }
        params.push(name);
        last = token;
    }
}

type Expected<'p> = &'p dyn Fn(&TokenKind) -> bool;

fn is_open(kind: &TokenKind) -> bool {
    *kind == TokenKind::LParen
}

fn is_close(kind: &TokenKind) -> bool {
    *kind == TokenKind::RParen
}

fn is_dot(kind: &TokenKind) -> bool {
    *kind == TokenKind::Dot
}

/// The fault of a directive that is not as expected, at the first token that differs.
fn mismatch(name: &'static str, directive: &Token, tokens: &[Token], pattern: &[Expected<'_>]) -> Fault {
    let fitting = tokens.iter().zip(pattern).take_while(|(token, expected)| expected(&token.kind)).count();
    let last = fitting.checked_sub(1).map_or(directive, |index| &tokens[index]);
    Fault::bad(name, &tokens[fitting..], last)
}

/// The name in `(Name).`
fn name_in_parentheses(word: &'static str, directive: &Token, tokens: &[Token]) -> Result<Atom, Fault> {
    let is_name = |kind: &TokenKind| matches!(kind, TokenKind::Atom(_) | TokenKind::Var(_));
    match tokens.iter().map(|token| &token.kind).collect::<Vec<_>>()[..] {
        [
            TokenKind::LParen,
            TokenKind::Atom(name) | TokenKind::Var(name),
            TokenKind::RParen,
            TokenKind::Dot,
        ] => Ok(*name),
        _ => Err(mismatch(word, directive, tokens, &[&is_open, &is_name, &is_close, &is_dot])),
    }
}

/// Strings that follow each other are one.
fn join_strings(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match (&token.kind, out.last_mut()) {
            (TokenKind::String(text), Some(Token { kind: TokenKind::String(before), .. })) => {
                *before = Arc::from(format!("{before}{text}"));
            }
            _ => out.push(token.clone()),
        }
    }
    out
}
