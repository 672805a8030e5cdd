//! How deep a form is nested, from its tokens alone: an upper bound, found before anything is built.

use super::SyntaxError;
use crate::lex::{Token, TokenKind};

/// The deepest nesting of a form. Operators without brackets between them count as nested in each other.
pub const MAX_DEPTH: usize = 5000;

/// What closes a level of nesting.
#[derive(Clone, Copy, PartialEq)]
enum Closer {
    Mark,
    End,
}

/// Refuses a form that may be nested deeper than [`MAX_DEPTH`].
pub(super) fn check(tokens: &[Token]) -> Result<(), SyntaxError> {
    if tokens.len() <= MAX_DEPTH {
        return Ok(());
    }
    // For each open bracket its kind, and the operators in the enclosing sequence since the last separator.
    let mut outer: Vec<(Closer, usize)> = Vec::new();
    let (mut depth, mut operators) = (0, 0);
    for (index, token) in tokens.iter().enumerate() {
        let open = match &token.kind {
            TokenKind::LParen | TokenKind::LBrace | TokenKind::LBracket | TokenKind::LtLt => {
                Some(Closer::Mark)
            }
            TokenKind::Begin
            | TokenKind::Case
            | TokenKind::If
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Maybe => Some(Closer::End),
            TokenKind::Fun if has_clauses(tokens.get(index + 1)) => Some(Closer::End),
            _ => None,
        };
        if let Some(closer) = open {
            outer.push((closer, operators));
            depth += operators + 1;
            operators = 0;
        } else {
            match &token.kind {
                TokenKind::RParen | TokenKind::RBrace | TokenKind::RBracket | TokenKind::GtGt => {
                    // A `fun` without `end` is over with the bracket around it.
                    while let Some((closer, before)) = outer.pop() {
                        depth -= before + 1;
                        operators = before;
                        if closer == Closer::Mark {
                            break;
                        }
                    }
                }
                TokenKind::End if outer.last().is_some_and(|(closer, _)| *closer == Closer::End) => {
                    operators = outer.pop().map_or(0, |(_, before)| before);
                    depth -= operators + 1;
                }
                TokenKind::Comma | TokenKind::Semicolon | TokenKind::Arrow | TokenKind::BarBar => {
                    operators = 0
                }
                TokenKind::Bar
                | TokenKind::Atom(_)
                | TokenKind::Var(_)
                | TokenKind::Integer(_)
                | TokenKind::Float(_)
                | TokenKind::Char(_)
                | TokenKind::String(_) => {}
                _ => operators += 1,
            }
        }
        if depth + operators > MAX_DEPTH {
            return Err(SyntaxError::message(token.span, "nested too deeply"));
        }
    }
    Ok(())
}

/// Whether what follows a `fun` makes it one with clauses (or a type) instead of `fun f/1`.
fn has_clauses(next: Option<&Token>) -> bool {
    next.is_some_and(|next| matches!(next.kind, TokenKind::LParen | TokenKind::Var(_)))
}
