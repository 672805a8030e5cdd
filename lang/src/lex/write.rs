//! Atoms, characters and strings as Erlang writes them (`~p`), for messages and for `??Arg`.

use super::token::TokenKind;
use std::fmt::Write;

/// `text` between quotes, with what cannot stand there escaped, as `io_lib:write_string/2` does it.
#[must_use]
pub fn write_string(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        push_escaped(&mut out, c, quote);
    }
    out.push(quote);
    out
}

/// A character as `io_lib:write_char/1` does it.
#[must_use]
pub fn write_char(c: char) -> String {
    let mut out = String::from("$");
    match c {
        ' ' => out.push_str("\\s"),
        _ => push_escaped(&mut out, c, '\0'),
    }
    out
}

/// An atom, with quotes where it needs them.
#[must_use]
pub fn write_atom(text: &str) -> String {
    let is_bare =
        text.chars().next().is_some_and(|c| c.is_ascii_lowercase() || matches!(c, 'ß'..='ö' | 'ø'..='ÿ'))
            && text.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
            })
            && TokenKind::reserved_word(text, false).is_none();
    if is_bare { text.to_owned() } else { write_string(text, '\'') }
}

fn push_escaped(out: &mut String, c: char, quote: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        _ if c == quote && quote != '\0' => {
            out.push('\\');
            out.push(c);
        }
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\x1b' => out.push_str("\\e"),
        '\x7f' => out.push_str("\\d"),
        '\0'..='\x1f' => {
            let _ = write!(out, "\\{:03o}", u32::from(c));
        }
        '\u{80}'..='\u{9f}' => {
            let _ = write!(out, "\\{:03o}", u32::from(c));
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_are_quoted_where_needed() {
        for bare in ["a", "aB_1@", "åÄ", "maybe"] {
            assert_eq!(write_atom(bare), bare);
        }
        for (text, quoted) in
            [("", "''"), ("A", "'A'"), ("end", "'end'"), ("a b", "'a b'"), ("don't", "'don\\'t'")]
        {
            assert_eq!(write_atom(text), quoted);
        }
        assert_eq!(write_atom("∀"), "'∀'");
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(write_string("a\"b\\\n\x01'é", '"'), "\"a\\\"b\\\\\\n\\001'é\"");
        assert_eq!(write_char(' '), "$\\s");
        assert_eq!(write_char('a'), "$a");
        assert_eq!(write_char('"'), "$\"");
    }
}
