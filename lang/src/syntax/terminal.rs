//! The grammar's terminals: tokens, and three words that only the parser itself makes.

use crate::lex::{Integer, TokenKind};
use std::sync::Arc;
use swerl_beam::Atom;

/// Declares [`Terminal`] with the tokens that have no value.
macro_rules! terminals {
    ($($fixed:ident)*) => {
        /// What the grammar sees of a token.
        #[derive(Clone, Debug)]
        pub(super) enum Terminal {
            /// Before a sequence of expressions.
            StartExprs,
            /// The word `spec` after the dash that begins a form.
            Spec,
            /// The word `callback` after the dash that begins a form.
            Callback,
            Dot,
            Atom(Atom),
            Var(Atom),
            Integer(Integer),
            Float(f64),
            Char(char),
            String(Arc<str>),
            SigilPrefix(Atom),
            SigilSuffix(Arc<str>),
            /// A token that the grammar has no use for.
            Unknown,
            $($fixed,)*
        }

        impl From<&TokenKind> for Terminal {
            fn from(kind: &TokenKind) -> Self {
                match kind {
                    TokenKind::Dot => Self::Dot,
                    TokenKind::Atom(atom) => Self::Atom(*atom),
                    TokenKind::Var(atom) => Self::Var(*atom),
                    TokenKind::Integer(value) => Self::Integer(value.clone()),
                    TokenKind::Float(value) => Self::Float(*value),
                    TokenKind::Char(char) => Self::Char(*char),
                    TokenKind::String(text) => Self::String(text.clone()),
                    TokenKind::SigilPrefix(prefix) => Self::SigilPrefix(*prefix),
                    TokenKind::SigilSuffix(suffix) => Self::SigilSuffix(suffix.clone()),
                    TokenKind::Cond | TokenKind::Let | TokenKind::Question | TokenKind::Other(_)
                    | TokenKind::WhiteSpace(_) | TokenKind::Comment(_) => Self::Unknown,
                    $(TokenKind::$fixed => Self::$fixed,)*
                }
            }
        }
    };
}

terminals! {
    After And Andalso Band Begin Bnot Bor Bsl Bsr Bxor Case Catch Div Else End Fun If Maybe Not Of Or Orelse Receive Rem Try When Xor
    LParen RParen Comma Arrow LBrace RBrace LBracket RBracket Bar BarBar LeftArrow StrictLeftArrow DoubleLeftArrow StrictDoubleLeftArrow AmpAmp Semicolon Colon ColonColon ColonEq FatArrow Hash Period DotDot DotDotDot MaybeMatch Star Slash Plus Minus PlusPlus MinusMinus EqEq SlashEq EqLt Lt GtEq Gt EqColonEq EqSlashEq LtLt GtGt Bang Eq
}
