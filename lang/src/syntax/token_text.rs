//! Tokens as Erlang writes them: quoted where needed, escapes included.

use crate::lex::{TokenKind, write_atom, write_char, write_string};

/// The text of a token in messages: of its value, not as it was written in the source.
#[must_use]
pub fn token_text(kind: &TokenKind) -> String {
    match (kind, kind.fixed_text()) {
        // Reserved in some modules only: printed as the atoms that they are elsewhere.
        (TokenKind::Maybe | TokenKind::Else, Some(text)) => return text.to_owned(),
        // Two tokens, before it became one.
        (TokenKind::AmpAmp, _) => return "'&'".to_owned(),
        (_, Some(text)) => return format!("'{text}'"),
        (_, None) => {}
    }
    match kind {
        TokenKind::Atom(atom) => write_atom(atom.as_str()),
        TokenKind::Var(var) => var.to_string(),
        TokenKind::Integer(value) => value.to_string(),
        TokenKind::Float(value) => float_text(*value),
        TokenKind::Char(char) => write_char(*char),
        TokenKind::String(text) => write_string(text, '"'),
        TokenKind::SigilPrefix(prefix) => write_atom(prefix.as_str()),
        TokenKind::SigilSuffix(suffix) => write_string(suffix, '"'),
        TokenKind::Dot => "'.'".to_owned(),
        TokenKind::Other(char) => write_string(&char.to_string(), '\''),
        TokenKind::WhiteSpace(text) | TokenKind::Comment(text) => write_string(text, '"'),
        _ => String::new(),
    }
}

/// A float with the fewest digits that give it back, in the shorter of plain and scientific notation.
#[must_use]
pub fn float_text(value: f64) -> String {
    swerl_beam::Float(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_take_the_shorter_notation() {
        let cases = [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (0.01, "0.01"),
            (0.001, "0.001"),
            (100.0, "100.0"),
            (1000.0, "1.0e3"),
            (123_456.0, "123456.0"),
            (1.5e300, "1.5e300"),
            (-2.5, "-2.5"),
            (0.0001, "0.0001"),
            (1e22, "1.0e22"),
            (12000.0, "1.2e4"),
            (0.00012, "1.2e-4"),
        ];
        for (value, text) in cases {
            assert_eq!(float_text(value), text);
        }
    }
}
