//! The first cut: what kind of thing starts here, by `logos`. Strings, characters, numbers and sigils are only
//! recognised by their beginnings; `quoted`, `number` and `sigil` read the rest.

use logos::Logos;

#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Raw {
    #[regex(r"[\x00-\x20\u{80}-\u{A0}]+")]
    WhiteSpace,
    #[regex(r"%[^\n]*", allow_greedy = true)]
    Comment,
    #[regex(r"[a-z\u{DF}-\u{F6}\u{F8}-\u{FF}][a-zA-Z0-9_@\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{FF}]*")]
    Name,
    #[regex(r"[A-Z_\u{C0}-\u{D6}\u{D8}-\u{DE}][a-zA-Z0-9_@\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{FF}]*")]
    Var,
    #[regex(r"[0-9]")]
    Digit,
    #[token("\"")]
    DoubleQuote,
    #[token("'")]
    SingleQuote,
    #[token("$")]
    Dollar,
    #[token("~")]
    Tilde,
    #[token(".")]
    Dot,
    #[token("..")]
    #[token("...")]
    #[token("(")]
    #[token(")")]
    #[token(",")]
    #[token("->")]
    #[token("{")]
    #[token("}")]
    #[token("[")]
    #[token("]")]
    #[token("|")]
    #[token("||")]
    #[token("<-")]
    #[token("<:-")]
    #[token("<=")]
    #[token("<:=")]
    #[token("&&")]
    #[token(";")]
    #[token(":")]
    #[token("::")]
    #[token(":=")]
    #[token("=>")]
    #[token("#")]
    #[token("?")]
    #[token("?=")]
    #[token("*")]
    #[token("/")]
    #[token("+")]
    #[token("-")]
    #[token("++")]
    #[token("--")]
    #[token("==")]
    #[token("/=")]
    #[token("=<")]
    #[token("<")]
    #[token(">=")]
    #[token(">")]
    #[token("=:=")]
    #[token("=/=")]
    #[token("<<")]
    #[token(">>")]
    #[token("!")]
    #[token("=")]
    Punctuation,
    #[regex(r"[@\\^`&\x7F\u{A1}-\u{BF}\u{D7}\u{F7}]")]
    Other,
}
