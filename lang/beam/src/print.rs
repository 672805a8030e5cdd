//! Literals and atoms as Erlang source would write them, for listings and messages.
//!
//! Lists of printable characters are written as strings, binaries of printable ASCII as `<<"text">>`.

use crate::{Atom, Literal};
use std::fmt::{self, Write as _};

/// Words that cannot stand as atoms without quotes.
const RESERVED: &[&str] = &[
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case", "catch", "cond",
    "div", "else", "end", "fun", "if", "let", "maybe", "not", "of", "or", "orelse", "receive", "rem", "try",
    "when", "xor",
];

/// An atom as source writes it, in quotes where it needs them.
#[derive(Clone, Copy, Debug)]
pub struct QuotedAtom(pub Atom);

impl fmt::Display for QuotedAtom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_str();
        let mut chars = text.chars();
        let is_plain = chars.next().is_some_and(char::is_lowercase)
            && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '@')
            && !RESERVED.contains(&text);
        if is_plain { f.write_str(text) } else { quoted(f, text.chars(), '\'') }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: impl Iterator<Item = char>, quote: char) -> fmt::Result {
    f.write_char(quote)?;
    for c in text {
        match c {
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            '\x08' => f.write_str("\\b")?,
            '\x0b' => f.write_str("\\v")?,
            '\x0c' => f.write_str("\\f")?,
            '\x1b' => f.write_str("\\e")?,
            '\\' => f.write_str("\\\\")?,
            _ if c == quote => write!(f, "\\{c}")?,
            _ if c.is_control() => write!(f, "\\x{{{:X}}}", u32::from(c))?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}

/// A finite float as Erlang writes it: the shortest digits that read back, in the shorter of both notations.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// From here on not every integer is a float: only scientific notation is honest.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let value = self.0;
        if value.is_sign_negative() {
            f.write_str("-")?;
        }
        if value == 0.0 {
            return f.write_str("0.0");
        }
        let (digits, exponent) = shortest(value.abs());
        let count = digits.len() as i32;
        let rest = if count > 1 { &digits[1..] } else { "0" };
        let scientific = format!("{}.{rest}e{exponent}", &digits[..1]);
        if value.abs() >= EXACT {
            return f.write_str(&scientific);
        }
        let decimal = if exponent < 0 {
            format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize))
        } else if exponent + 1 >= count {
            format!("{digits}{}.0", "0".repeat((exponent + 1 - count) as usize))
        } else {
            let (whole, fraction) = digits.split_at((exponent + 1) as usize);
            format!("{whole}.{fraction}")
        };
        f.write_str(if decimal.len() <= scientific.len() { &decimal } else { &scientific })
    }
}

/// The fewest digits that tell a number, and the power of ten of the first. Of two that are as near the even one is
/// taken, as OTP does; what `format!` gives is rounded up.
fn shortest(magnitude: f64) -> (String, i32) {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(magnitude);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let first = whole.len() as i32 - 1 - (all.len() - significant.len()) as i32;
    let digits = significant.trim_end_matches('0');
    (digits.to_owned(), exponent + first)
}

/// What is still to be printed, innermost last.
enum Pending<'a> {
    Text(&'static str),
    Term(&'a Literal),
    Terms(std::slice::Iter<'a, Literal>, bool),
    Pairs(std::slice::Iter<'a, (Literal, Literal)>, bool),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut stack = vec![Pending::Term(self)];
        while let Some(top) = stack.pop() {
            match top {
                Pending::Text(text) => f.write_str(text)?,
                Pending::Term(term) => print_head(term, f, &mut stack)?,
                Pending::Terms(mut terms, is_first) => {
                    if let Some(term) = terms.next() {
                        f.write_str(if is_first { "" } else { "," })?;
                        stack.push(Pending::Terms(terms, false));
                        stack.push(Pending::Term(term));
                    }
                }
                Pending::Pairs(mut pairs, is_first) => {
                    if let Some((key, value)) = pairs.next() {
                        f.write_str(if is_first { "" } else { "," })?;
                        stack.push(Pending::Pairs(pairs, false));
                        stack.push(Pending::Term(value));
                        stack.push(Pending::Text(" => "));
                        stack.push(Pending::Term(key));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Prints a term but for its parts, and pushes those.
fn print_head<'a>(
    term: &'a Literal,
    f: &mut fmt::Formatter<'_>,
    stack: &mut Vec<Pending<'a>>,
) -> fmt::Result {
    match term {
        Literal::Int(value) => write!(f, "{value}"),
        Literal::Big(value) => write!(f, "{value}"),
        Literal::Float(value) => write!(f, "{}", Float(*value)),
        Literal::Atom(atom) => write!(f, "{}", QuotedAtom(*atom)),
        Literal::Nil => f.write_str("[]"),
        Literal::Str(bytes) => {
            let text = || bytes.iter().map(|&byte| char::from(byte));
            if text().all(is_printable) {
                return quoted(f, text(), '"');
            }
            for (index, byte) in bytes.iter().enumerate() {
                write!(f, "{}{byte}", if index == 0 { "[" } else { "," })?;
            }
            f.write_str("]")
        }
        Literal::List(elements, tail) => {
            if let Some(text) = as_text(elements, tail) {
                return quoted(f, text.chars(), '"');
            }
            f.write_str("[")?;
            stack.push(Pending::Text("]"));
            if **tail != Literal::Nil {
                stack.push(Pending::Term(tail));
                stack.push(Pending::Text("|"));
            }
            stack.push(Pending::Terms(elements.iter(), true));
            Ok(())
        }
        Literal::Tuple(elements) => {
            f.write_str("{")?;
            stack.push(Pending::Text("}"));
            stack.push(Pending::Terms(elements.iter(), true));
            Ok(())
        }
        Literal::Map(pairs) => {
            f.write_str("#{")?;
            stack.push(Pending::Text("}"));
            stack.push(Pending::Pairs(pairs.iter(), true));
            Ok(())
        }
        Literal::Bits(bytes, last_bits) => print_bits(bytes, *last_bits, f),
        Literal::Fun(module, function, arity) => {
            write!(f, "fun {}:{}/{arity}", QuotedAtom(*module), QuotedAtom(*function))
        }
    }
}

fn print_bits(bytes: &[u8], last_bits: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("<<")?;
    if last_bits == 8
        && !bytes.is_empty()
        && bytes.iter().all(|&byte| byte < 0x7f && is_printable(char::from(byte)))
    {
        quoted(f, bytes.iter().map(|&byte| char::from(byte)), '"')?;
    } else {
        for (index, &byte) in bytes.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            if index + 1 == bytes.len() && last_bits < 8 {
                write!(f, "{}:{last_bits}", byte >> (8 - last_bits))?;
            } else {
                write!(f, "{byte}")?;
            }
        }
    }
    f.write_str(">>")
}

fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\r' | '\t' | '\x0b' | '\x08' | '\x0c' | '\x1b')
        || (c >= '\u{a0}' && !c.is_control())
}

fn as_text(elements: &[Literal], tail: &Literal) -> Option<String> {
    if *tail != Literal::Nil {
        return None;
    }
    let char_of = |element: &Literal| match element {
        Literal::Int(code) => u32::try_from(*code).ok().and_then(char::from_u32).filter(|&c| is_printable(c)),
        _ => None,
    };
    elements.iter().map(char_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_written_as_in_source() {
        let shown = |term: Literal| term.to_string();
        assert_eq!(shown(Literal::atom("a@b")), "a@b");
        assert_eq!(shown(Literal::atom("A b\n'")), r"'A b\n\''");
        assert_eq!(shown(Literal::atom("end")), "'end'");
        assert_eq!(shown(Literal::string("a\"λ\n")), r#""a\"λ\n""#);
        assert_eq!(shown(Literal::Str([1, 2].into())), "[1,2]");
        assert_eq!(shown(Literal::List(vec![Literal::Int(1)], Box::new(Literal::Int(2)))), "[1|2]");
        let map = Literal::Map(vec![(Literal::atom("k"), Literal::tuple([Literal::Nil, Literal::Int(-1)]))]);
        assert_eq!(shown(map), "#{k => {[],-1}}");
        assert_eq!(shown(Literal::Bits((*b"ab").into(), 8)), "<<\"ab\">>");
        assert_eq!(shown(Literal::Bits([1, 2, 0x30].into(), 4)), "<<1,2,3:4>>");
        assert_eq!(shown(Literal::Bits([].into(), 8)), "<<>>");
        assert_eq!(shown(Literal::Fun("lists".into(), "map".into(), 2)), "fun lists:map/2");
    }

    #[test]
    fn floats_take_the_shorter_notation() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (100.0, "100.0"),
            (1000.0, "1.0e3"),
            (1_234_560.0, "1234560.0"),
            (12_345_600.0, "1.23456e7"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-5"),
            (0.00123, "0.00123"),
            (0.000_123, "1.23e-4"),
            (9_007_199_254_740_992.0, "9.007199254740992e15"),
            (1.5e300, "1.5e300"),
            (2.0e15 + 0.75, "2000000000000000.8"),
        ] {
            assert_eq!(Float(value).to_string(), text);
        }
    }
}
