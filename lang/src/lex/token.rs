//! The one token type, from the scanner through the preprocessor to the grammar.
//!
//! # Spans and macros
//! A token that was written in a file has the span of its text. A token that came out of a macro's body has
//! the span of the *use* of the macro: of the name after the `?`, in the file where it was used (for nested
//! macros, the outermost use). Tokens of an argument keep their own place. That is where `erlc` reports
//! faults, and it makes line numbers in stack traces those of the code that the user wrote.

use crate::source::Span;
use num_bigint::BigInt;
use std::fmt;
use std::sync::Arc;
use swerl_beam::{Atom, Literal};

/// A token and where it stands.
#[derive(Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is; see the module's page for tokens that come from macros.
    pub span: Span,
}

impl Token {
    /// A token of this kind at this place.
    #[must_use]
    pub fn new(kind: TokenKind, span: Span) -> Self {
        Self { kind, span }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?}", self.kind, self.span)
    }
}

/// The value of an integer token: never negative.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Integer {
    /// One that fits.
    Small(i64),
    /// One that does not.
    Big(Arc<BigInt>),
}

impl From<BigInt> for Integer {
    fn from(value: BigInt) -> Self {
        i64::try_from(&value).map_or_else(|_| Self::Big(Arc::new(value)), Self::Small)
    }
}

impl From<Integer> for BigInt {
    fn from(value: Integer) -> Self {
        match value {
            Integer::Small(value) => value.into(),
            Integer::Big(value) => Arc::unwrap_or_clone(value),
        }
    }
}

impl From<Integer> for Literal {
    fn from(value: Integer) -> Self {
        match value {
            Integer::Small(value) => Self::Int(value),
            Integer::Big(value) => Self::Big(Arc::unwrap_or_clone(value)),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small(value) => value.fmt(f),
            Self::Big(value) => value.fmt(f),
        }
    }
}

/// Declares [`TokenKind`] from the lists of reserved words and of punctuation.
macro_rules! token_kinds {
    (
        reserved { $($word:ident $word_text:literal,)* }
        punctuation { $($mark:ident $mark_text:literal,)* }
    ) => {
        /// What a token is.
        #[derive(Clone, PartialEq, Debug)]
        pub enum TokenKind {
            /// An atom, quoted or not, that is not a reserved word.
            Atom(Atom),
            /// A variable, `_` included.
            Var(Atom),
            /// An integer, in any base.
            Integer(Integer),
            /// A finite float.
            Float(f64),
            /// `$c`.
            Char(char),
            /// A string, triple-quoted ones included, with all escapes resolved.
            String(Arc<str>),
            /// The `~`, `~s`, `~B`... before the string of a sigil; the atom is empty or the letters.
            SigilPrefix(Atom),
            /// What follows the string of a sigil; always there after one, usually empty.
            SigilSuffix(Arc<str>),
            /// A full stop: a dot before white space, a comment or the end of the text.
            Dot,
            /// A character that no rule of Erlang uses but that scans: `` ` ``, `@`, `^`, `\`, `~`, `&`, and
            /// Latin-1 signs such as `µ`. The grammar accepts none.
            Other(char),
            /// White space. Only made on request, for `erl_scan`.
            WhiteSpace(Arc<str>),
            /// A comment, from its first `%` up to but not with the line break. Only made on request.
            Comment(Arc<str>),
            $(#[doc = concat!("The reserved word `", $word_text, "`.")] $word,)*
            $(#[doc = concat!("`", $mark_text, "`.")] $mark,)*
        }

        impl TokenKind {
            /// The reserved word with this text. `maybe` and `else` are only reserved where the feature
            /// `maybe_expr` is enabled.
            #[must_use]
            pub fn reserved_word(text: &str, maybe_enabled: bool) -> Option<Self> {
                let kind = match text {
                    $($word_text => Self::$word,)*
                    _ => return None,
                };
                (maybe_enabled || !matches!(kind, Self::Maybe | Self::Else)).then_some(kind)
            }

            /// The text of a token that always has the same one: a reserved word or punctuation, but not a
            /// full stop.
            #[must_use]
            pub fn fixed_text(&self) -> Option<&'static str> {
                match self {
                    $(Self::$word => Some($word_text),)*
                    $(Self::$mark => Some($mark_text),)*
                    Self::Atom(_) | Self::Var(_) | Self::Integer(_) | Self::Float(_) | Self::Char(_)
                    | Self::String(_) | Self::SigilPrefix(_) | Self::SigilSuffix(_) | Self::Dot
                    | Self::Other(_) | Self::WhiteSpace(_) | Self::Comment(_) => None,
                }
            }

            /// Whether this is a reserved word.
            #[must_use]
            pub fn is_reserved_word(&self) -> bool {
                matches!(self, $(Self::$word)|*)
            }

            /// The token of a mark such as `->`, if there is such a mark.
            #[must_use]
            pub fn punctuation(text: &str) -> Option<Self> {
                match text {
                    $($mark_text => Some(Self::$mark),)*
                    _ => None,
                }
            }
        }
    };
}

token_kinds! {
    reserved {
        After "after",
        And "and",
        Andalso "andalso",
        Band "band",
        Begin "begin",
        Bnot "bnot",
        Bor "bor",
        Bsl "bsl",
        Bsr "bsr",
        Bxor "bxor",
        Case "case",
        Catch "catch",
        Cond "cond",
        Div "div",
        Else "else",
        End "end",
        Fun "fun",
        If "if",
        Let "let",
        Maybe "maybe",
        Not "not",
        Of "of",
        Or "or",
        Orelse "orelse",
        Receive "receive",
        Rem "rem",
        Try "try",
        When "when",
        Xor "xor",
    }
    punctuation {
        LParen "(",
        RParen ")",
        Comma ",",
        Arrow "->",
        LBrace "{",
        RBrace "}",
        LBracket "[",
        RBracket "]",
        Bar "|",
        BarBar "||",
        LeftArrow "<-",
        StrictLeftArrow "<:-",
        DoubleLeftArrow "<=",
        StrictDoubleLeftArrow "<:=",
        AmpAmp "&&",
        Semicolon ";",
        Colon ":",
        ColonColon "::",
        ColonEq ":=",
        FatArrow "=>",
        Hash "#",
        Period ".",
        DotDot "..",
        DotDotDot "...",
        Question "?",
        MaybeMatch "?=",
        Star "*",
        Slash "/",
        Plus "+",
        Minus "-",
        PlusPlus "++",
        MinusMinus "--",
        EqEq "==",
        SlashEq "/=",
        EqLt "=<",
        Lt "<",
        GtEq ">=",
        Gt ">",
        EqColonEq "=:=",
        EqSlashEq "=/=",
        LtLt "<<",
        GtGt ">>",
        Bang "!",
        Eq "=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert!(size_of::<TokenKind>() <= 24);
        assert!(size_of::<Token>() <= 40);
    }

    #[test]
    fn maybe_is_reserved_on_request() {
        assert_eq!(TokenKind::reserved_word("maybe", false), None);
        assert_eq!(TokenKind::reserved_word("maybe", true), Some(TokenKind::Maybe));
        assert_eq!(TokenKind::reserved_word("end", false), Some(TokenKind::End));
        assert_eq!(TokenKind::reserved_word("foo", true), None);
    }
}
