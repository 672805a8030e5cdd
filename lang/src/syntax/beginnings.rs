//! How forms and clauses begin: what is missing or too much before their first expression, as beginners write it.

use super::hint::{begins_operand, ends_operand};
use crate::lex::{Token, TokenKind};
use crate::source::Span;

/// Declarations that are often written without their dash.
const DECLARATIONS: &[&str] = &[
    "module",
    "export",
    "import",
    "record",
    "define",
    "include",
    "include_lib",
    "behaviour",
    "behavior",
    "compile",
    "spec",
    "type",
    "opaque",
    "callback",
    "export_type",
    "vsn",
    "author",
    "ifdef",
    "ifndef",
    "undef",
    "endif",
    "feature",
];

pub(super) const NO_COMMENT: &str = "a comment begins with `%` and ends with its line";
const NO_GLOBALS: &str =
    "there are no variables outside of functions: a constant is `-define(NAME, Value).`, and used as `?NAME`";
const NO_FORM: &str =
    "outside of functions, `name(...) -> ...`, there are only declarations, such as `-export([f/1]).`";
const HEAD_ARROW: &str = "the head of a function is followed by `->`";

/// What is said of a token that cannot stand where it does.
pub(super) enum Hint {
    /// What to do.
    Help(String),
    /// Words on another place.
    Label(Span, String),
}

/// The help for the first token of a form, where no form begins so.
pub(super) fn first(tokens: &[Token]) -> Option<String> {
    use TokenKind as T;
    let next = tokens.get(1).map(|token| &token.kind);
    match (&tokens.first()?.kind, next) {
        (T::Var(name), Some(T::LParen)) => {
            Some(format!("the name of a function begins with a small letter; `{name}` is a variable"))
        }
        (T::Var(_), Some(T::Eq)) => Some(NO_GLOBALS.into()),
        (T::Hash | T::Slash, _) => Some(NO_COMMENT.into()),
        (T::Fun, Some(T::Atom(_))) => {
            Some("a function begins with its name, without a word before it".into())
        }
        (kind, Some(T::LParen)) if kind.is_reserved_word() => {
            let word = kind.fixed_text()?;
            Some(format!("`{word}` is a reserved word: a function has to be called otherwise"))
        }
        _ => None,
    }
}

/// Explains a token between the beginning of a form and its first expression, if that is where it stands.
pub(super) fn explain(tokens: &[Token], index: usize, open: Option<(usize, &'static str)>) -> Option<Hint> {
    let before = &tokens[..index];
    if let Some(help) = declaration(tokens, index) {
        return Some(Hint::Help(help));
    }
    match open {
        None => head(tokens, index),
        Some((opener, "end")) => clause(tokens, opener, index),
        Some((opener, ")")) if opener == 1 && !has_arrow(before) => parameter(tokens, index),
        Some(_) => None,
    }
}

fn has_arrow(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| token.kind == TokenKind::Arrow)
}

fn word(token: Option<&Token>) -> Option<&str> {
    match &token?.kind {
        TokenKind::Atom(name) => Some(name.as_str()),
        _ => None,
    }
}

/// Declarations without their dash, and names with one.
fn declaration(tokens: &[Token], index: usize) -> Option<String> {
    use TokenKind as T;
    let name = word(tokens.first())?;
    let second = &tokens.get(1)?.kind;
    if DECLARATIONS.contains(&name) && !has_arrow(tokens) {
        return Some(format!("a declaration begins with a dash: `-{name}(...).`"));
    }
    if index != 1 {
        return None;
    }
    match second {
        T::Minus if matches!(tokens.get(2).map(|token| &token.kind), Some(T::Atom(_) | T::Fun)) => {
            Some("names are made of letters, digits, `_` and `@`: `my_name`, not `my-name`".into())
        }
        T::Var(_) => Some(format!("the parameters of a function stand in parentheses: `{name}(...) -> ...`")),
        T::Eq => Some(NO_GLOBALS.into()),
        T::Arrow => Some(format!("also a function without parameters has parentheses: `{name}() -> ...`")),
        T::Atom(_) if !matches!(name, "def" | "function" | "while" | "for" | "return" | "var") => {
            Some(NO_FORM.into())
        }
        _ => None,
    }
}

/// What stands between the head of a function and its body.
fn head(tokens: &[Token], index: usize) -> Option<Hint> {
    use TokenKind as T;
    let before = &tokens[..index];
    let (Some(last), token) = (before.last(), &tokens[index]) else { return None };
    let is_spec = matches!(before.first().map(|token| &token.kind), Some(T::Minus));
    if has_arrow(before) {
        // The head of another function behind a comma.
        if token.kind == T::Arrow
            && let Some(comma) = comma_before_other_head(before)
        {
            return Some(Hint::Label(
                comma.span,
                "is this `,` meant to be the full stop of the function before?".into(),
            ));
        }
        return None;
    }
    if last.kind != T::RParen {
        return None;
    }
    if is_spec {
        let is_specification = matches!(word(before.get(1)), Some("spec" | "callback"));
        return match is_specification && begins_operand(&token.kind) {
            true => Some(Hint::Label(last.span, "a `->` is missing after this".into())),
            false => None,
        };
    }
    word(before.first())?;
    Some(match &token.kind {
        T::LBrace if !before.iter().any(|token| token.kind == T::When) => Hint::Help(
            "the body of a function follows `->`, without braces, and ends with a full stop".into(),
        ),
        T::Colon | T::Eq | T::FatArrow | T::ColonEq => Hint::Help(HEAD_ARROW.into()),
        T::Atom(name) if name.as_str() == "do" => Hint::Help(HEAD_ARROW.into()),
        T::If => Hint::Help("the guard of a clause begins with `when`".into()),
        T::Atom(name) if name.as_str() == "where" => {
            Hint::Help("the guard of a clause begins with `when`".into())
        }
        kind if begins_operand(kind) => Hint::Label(last.span, "a `->` is missing after this".into()),
        _ => return None,
    })
}

/// The comma before `name(...)` at the end of the tokens, where it is not the name of the function at hand.
fn comma_before_other_head(tokens: &[Token]) -> Option<&Token> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().rev() {
        match &token.kind {
            TokenKind::RParen => depth += 1,
            TokenKind::LParen if depth == 1 => {
                let comma = tokens.get(at.checked_sub(2)?)?;
                let name = word(tokens.get(at - 1))?;
                let is_other = word(tokens.first()) != Some(name);
                return (is_other && comma.kind == TokenKind::Comma).then_some(comma);
            }
            TokenKind::LParen => depth = depth.checked_sub(1)?,
            TokenKind::Arrow if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// What stands between the beginning of a clause of `case` and the like and its body.
fn clause(tokens: &[Token], opener: usize, index: usize) -> Option<Hint> {
    use TokenKind as T;
    let (token, last) = (&tokens[index], &tokens[index - 1]);
    let begun = begin_of_clause(&tokens[..index], opener);
    let part = &tokens[begun + 1..index];
    let is_begun = part.iter().any(|token| token.kind == T::Arrow);
    if tokens[opener].kind == T::Receive && token.kind == T::Of {
        return Some(Hint::Help(("`receive` has no `of`: its clauses follow at once").into()));
    }
    if tokens[opener].kind == T::Try
        && let Some(name @ ("except" | "rescue" | "finally" | "ensure")) = word(tokens.get(index))
    {
        return Some(Hint::Help(
            (match name {
                "except" | "rescue" => "errors are caught by `catch Class:Reason -> ...`",
                _ => "what is done in any case follows `after`",
            })
            .into(),
        ));
    }
    if is_begun || matches!(tokens[opener].kind, T::Begin | T::Maybe) || part.is_empty() {
        return None;
    }
    let follows = ends_operand(&last.kind) && begins_operand(&token.kind);
    let arrow = "a `->` is missing after this";
    match &tokens[begun].kind {
        T::Case if begun == opener && follows => {
            Some(Hint::Label(last.span, "an `of` is missing after this".into()))
        }
        T::After if tokens[opener].kind == T::Receive && (follows || token.kind == T::Comma) => {
            Some(Hint::Label(last.span, arrow.into()))
        }
        T::If if token.kind == T::LBrace => {
            Some(Hint::Help(("what follows a condition begins with `->`, and has no braces").into()))
        }
        T::Try => None,
        _ if follows && matches!(word(Some(token)), Some("then" | "where")) => None,
        _ if follows && !matches!(word(Some(last)), Some("else" | "elseif" | "elif" | "elsif")) => {
            Some(Hint::Label(last.span, arrow.into()))
        }
        _ => None,
    }
}

/// The token behind which the last clause begins: `of`, `;`, `catch`, `after` or the word that opened all.
fn begin_of_clause(tokens: &[Token], opener: usize) -> usize {
    use TokenKind as T;
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(opener + 1).rev() {
        match token.kind {
            T::End | T::RParen | T::RBrace | T::RBracket | T::GtGt => depth += 1,
            T::LParen | T::LBrace | T::LBracket | T::LtLt => depth = depth.saturating_sub(1),
            T::Begin | T::Case | T::If | T::Receive | T::Try | T::Maybe => depth = depth.saturating_sub(1),
            T::Fun if matches!(tokens.get(at + 1).map(|next| &next.kind), Some(T::LParen | T::Var(_))) => {
                depth = depth.saturating_sub(1);
            }
            T::Of | T::Semicolon | T::Catch | T::After if depth == 0 => return at,
            _ => {}
        }
    }
    opener
}

/// What stands among the parameters of a function.
fn parameter(tokens: &[Token], index: usize) -> Option<Hint> {
    let is_name = matches!(tokens[index - 1].kind, TokenKind::Var(_) | TokenKind::Atom(_));
    match (&tokens[index].kind, is_name) {
        (TokenKind::ColonColon | TokenKind::Colon, true) => Some(Hint::Help(
            "types stand in a declaration before the function: `-spec f(integer()) -> integer().`".into(),
        )),
        _ => None,
    }
}
