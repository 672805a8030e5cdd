//! What may be meant where the grammar has no place for a token: guesses, for people.

use crate::diag::Diagnostic;
use crate::lex::{Token, TokenKind};

/// Adds a guess, if there is one, to the message about the token at `index`; behind the last one, tokens ran out.
pub(super) fn hint(diagnostic: Diagnostic, tokens: &[Token], index: usize) -> Diagnostic {
    let Some(token) = tokens.get(index) else {
        return diagnostic.with_help("the last form of the file lacks its full stop");
    };
    let Some(before) = index.checked_sub(1).and_then(|at| tokens.get(at)) else { return diagnostic };
    let is_separator = matches!(before.kind, TokenKind::Comma | TokenKind::Semicolon);
    if is_separator && closes(&token.kind) {
        let mark = before.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_label(before.span, format!("no `{mark}` belongs here"));
    }
    if closes(&token.kind)
        && let Some((opener, expected)) = innermost_open(&tokens[..index])
        && token.kind.fixed_text() != Some(expected)
    {
        let word = opener.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_label(opener.span, format!("this `{word}` is waiting for its `{expected}`"));
    }
    if let TokenKind::Atom(atom) = &before.kind
        && atom.as_str() == "maybe"
    {
        return diagnostic.with_help("`maybe` needs `-feature(maybe_expr, enable).` at the top of the file");
    }
    if ends_operand(&before.kind) && begins_operand(&token.kind) {
        let missing = if is_head(&tokens[index..]) { "a full stop or `;`" } else { "a `,`" };
        return diagnostic.with_label(before.span, format!("{missing} may be missing after this"));
    }
    if token.kind.is_reserved_word() && !closes(&token.kind) && ends_operand(&before.kind) {
        let word = token.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_help(format!("`{word}` is a reserved word; the atom is written `'{word}'`"));
    }
    diagnostic
}

/// Whether the head of a function's clause begins here.
fn is_head(tokens: &[Token]) -> bool {
    let [Token { kind: TokenKind::Atom(_), .. }, Token { kind: TokenKind::LParen, .. }, ..] = tokens else {
        return false;
    };
    let mut depth = 0_usize;
    let close = tokens.iter().position(|token| {
        match token.kind {
            TokenKind::LParen => depth += 1,
            TokenKind::RParen => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    });
    let next = close.and_then(|close| tokens.get(close + 1));
    next.is_some_and(|next| matches!(next.kind, TokenKind::Arrow | TokenKind::When))
}

/// Whether a token ends what another one began, or the form.
fn closes(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::RParen
            | TokenKind::RBrace
            | TokenKind::RBracket
            | TokenKind::GtGt
            | TokenKind::End
            | TokenKind::Dot
            | TokenKind::Of
            | TokenKind::Catch
            | TokenKind::After
    )
}

fn ends_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Atom(_)
            | TokenKind::Var(_)
            | TokenKind::Integer(_)
            | TokenKind::Float(_)
            | TokenKind::Char(_)
            | TokenKind::String(_)
            | TokenKind::RParen
            | TokenKind::RBrace
            | TokenKind::RBracket
            | TokenKind::GtGt
            | TokenKind::End
    )
}

fn begins_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Atom(_)
            | TokenKind::Var(_)
            | TokenKind::Integer(_)
            | TokenKind::Float(_)
            | TokenKind::Char(_)
            | TokenKind::String(_)
            | TokenKind::LBrace
            | TokenKind::LBracket
            | TokenKind::LtLt
            | TokenKind::Begin
            | TokenKind::Case
            | TokenKind::If
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Fun
            | TokenKind::Maybe
    )
}

/// The innermost bracket or word that is not closed at the end of the tokens, with what would close it.
fn innermost_open(tokens: &[Token]) -> Option<(&Token, &'static str)> {
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let closer = match &token.kind {
            TokenKind::LParen => Some(")"),
            TokenKind::LBrace => Some("}"),
            TokenKind::LBracket => Some("]"),
            TokenKind::LtLt => Some(">>"),
            TokenKind::Begin
            | TokenKind::Case
            | TokenKind::If
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Maybe => Some("end"),
            TokenKind::Fun => match tokens.get(index + 1).map(|next| &next.kind) {
                Some(TokenKind::LParen | TokenKind::Var(_)) => Some("end"),
                _ => None,
            },
            _ => None,
        };
        if let Some(closer) = closer {
            open.push((token, closer));
        } else if open.last().is_some_and(|(_, closer)| token.kind.fixed_text() == Some(closer)) {
            open.pop();
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use crate::lex::{ScanOptions, Scanner};
    use crate::pp::Item;
    use crate::source::SourceMap;
    use crate::syntax::parse_items;

    /// The labels with the text they are on, and the help.
    fn hints(text: &str) -> Vec<String> {
        let mut map = SourceMap::new();
        let id = map.add("f.erl", text).unwrap();
        let tokens = Scanner::new(text, id, ScanOptions::default()).collect::<Result<_, _>>().unwrap();
        let (_, diagnostics) = parse_items(vec![Item::Form(tokens)]);
        let [diagnostic] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
        let labels = diagnostic.labels.iter();
        labels
            .map(|label| format!("{}: {}", map.text(label.span), label.message))
            .chain(diagnostic.help.clone())
            .collect()
    }

    #[test]
    fn guesses() {
        for (text, guess) in [
            ("f() -> case X of 1 -> 2; end.", ";: no `;` belongs here"),
            ("f() -> [1, 2, ].", ",: no `,` belongs here"),
            ("f() -> g(1, [2).", "[: this `[` is waiting for its `]`"),
            ("f() -> case X of 1 -> 2.", "case: this `case` is waiting for its `end`"),
            ("f() ->\n  a()\n  b().", "): a `,` may be missing after this"),
            ("f() -> a\ng() -> b.", "a: a full stop or `;` may be missing after this"),
            (
                "f() -> maybe ok ?= g() end.",
                "`maybe` needs `-feature(maybe_expr, enable).` at the top of the file",
            ),
            ("f() -> a case X of b -> c end.", "a: a `,` may be missing after this"),
            ("f() -> a let.", "`let` is a reserved word; the atom is written `'let'`"),
            ("f() -> a", "the last form of the file lacks its full stop"),
            (
                "f() -> 1; g() -> 2.",
                "all clauses of a function have its name and as many arguments; a `.` ends a function",
            ),
        ] {
            assert_eq!(hints(text), [guess], "{text}");
        }
        assert_eq!(hints("f() -> a ++ ++ b."), [""; 0]);
    }
}
