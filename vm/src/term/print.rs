//! Terms as text, as `~w` writes them: for messages of the machine itself and for debugging.

use super::{Kind, Term, map};
use crate::atom::Atom;
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;

/// The text of `term`, as `io:format("~w")` writes it. Iterative; cut off after a million characters.
#[must_use]
pub fn display(term: Term) -> String {
    written(term, Style::Write)
}

/// The text of `term` as `erlang:display/1` writes it: lists and binaries of printable bytes in quotes, floats with six
/// digits after the point. Iterative, and cut off as [`display`].
#[must_use]
pub fn shown(term: Term) -> String {
    written(term, Style::Show)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Write,
    Show,
}

fn written(term: Term, style: Style) -> String {
    const LIMIT: usize = 1_000_000;
    enum Piece {
        Term(Term),
        Text(&'static str),
        ListRest(Term),
    }
    let mut out = String::new();
    let mut pending = vec![Piece::Term(term)];
    while let Some(piece) = pending.pop() {
        if out.len() > LIMIT {
            out.push_str("...");
            break;
        }
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::ListRest(rest) => {
                if let Some((head, tail)) = rest.as_cons() {
                    out.push(',');
                    pending.push(Piece::ListRest(tail));
                    pending.push(Piece::Term(head));
                } else if rest.is_nil() {
                    out.push(']');
                } else {
                    out.push('|');
                    pending.push(Piece::Text("]"));
                    pending.push(Piece::Term(rest));
                }
            }
            Piece::Term(term) => {
                if let Some(text) = printable(term, style) {
                    out.push_str(&text);
                } else if let Some((head, tail)) = term.as_cons() {
                    out.push('[');
                    pending.push(Piece::ListRest(tail));
                    pending.push(Piece::Term(head));
                } else if let Some(elements) = term.as_tuple() {
                    out.push('{');
                    pending.push(Piece::Text("}"));
                    for (index, element) in elements.iter().enumerate().rev() {
                        pending.push(Piece::Term(*element));
                        if index > 0 {
                            pending.push(Piece::Text(","));
                        }
                    }
                } else if term.is_map() {
                    out.push_str("#{");
                    pending.push(Piece::Text("}"));
                    for (index, (key, value)) in map::pairs(term).into_iter().enumerate().rev() {
                        pending.push(Piece::Term(value));
                        pending.push(Piece::Text(if style == Style::Show { "=>" } else { " => " }));
                        pending.push(Piece::Term(key));
                        if index > 0 {
                            pending.push(Piece::Text(","));
                        }
                    }
                } else {
                    simple(term, style, &mut out);
                }
            }
        }
    }
    out
}

/// A list or a binary of printable bytes in quotes, where that is the style.
fn printable(term: Term, style: Style) -> Option<String> {
    if style == Style::Write {
        return None;
    }
    let quoted = |bytes: &[u8]| {
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t'..=b'\r');
        bytes.iter().all(is_text).then(|| {
            let text = String::from_utf8_lossy(bytes);
            format!("\"{}\"", text.replace('"', "\\\"").replace('\n', "\\n"))
        })
    };
    if let Some(bits) = term.as_bits() {
        return if bits.size > 0 && bits.size % 8 == 0 {
            Some(format!("<<{}>>", quoted(&bits.to_bytes())?))
        } else {
            None
        };
    }
    let mut bytes = Vec::new();
    let mut rest = term;
    while let Some((head, tail)) = rest.as_cons() {
        bytes.push(u8::try_from(head.as_small()?).ok()?);
        rest = tail;
    }
    if bytes.is_empty() || !rest.is_nil() { None } else { quoted(&bytes) }
}

fn simple(term: Term, style: Style, out: &mut String) {
    use std::fmt::Write as _;
    let written = if let Some(integer) = term.as_small() {
        write!(out, "{integer}")
    } else if let Some(atom) = term.as_atom() {
        write_atom_in(style, atom, out);
        Ok(())
    } else if let Some(pid) = term.as_pid() {
        write!(out, "<0.{}.{}>", pid.number(), pid.serial())
    } else if let Some(port) = term.as_port() {
        write!(out, "#Port<0.{port}>")
    } else if term.is_nil() {
        write!(out, "[]")
    } else if let Some(float) = term.as_float() {
        {
            match style {
                Style::Write => out.push_str(&crate::bif::erlang::float_text::short(float)),
                Style::Show => out.push_str(&crate::bif::erlang::float_text::scientific(float, 6)),
            }
            Ok(())
        }
    } else if let Some(bits) = term.as_bits() {
        out.push_str("<<");
        let bytes = bits.to_bytes();
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let used = bits.size - index * 8;
            let _ =
                if used < 8 { write!(out, "{}:{used}", byte >> (8 - used)) } else { write!(out, "{byte}") };
        }
        out.push_str(">>");
        Ok(())
    } else {
        if let Some(closure) = term.as_closure() {
            let entry = FunEntry::of(&closure);
            out.push_str("#Fun<");
            write_atom(entry.module, out);
            let _ = write!(out, ".{}.{}>", entry.index, entry.old_uniq);
            return;
        }
        if let Some(export) = Export::of(term) {
            out.push_str("fun ");
            write_atom(export.module, out);
            out.push(':');
            write_atom(export.function, out);
            let _ = write!(out, "/{}", export.arity);
            return;
        }
        match term.kind() {
            Some(Kind::BigPos | Kind::BigNeg) => match term.as_integer() {
                Some(integer) => write!(out, "{}", integer.into_big()),
                None => Ok(()),
            },
            Some(Kind::Ref) => {
                let (high, middle, low) = ref_parts(term.as_ref_number().unwrap_or(0));
                write!(out, "#Ref<0.{high}.{middle}.{low}>")
            }
            Some(kind @ (Kind::ExternalPid | Kind::ExternalPort | Kind::ExternalRef)) => {
                write_external(kind, term, out)
            }
            Some(kind) => write!(out, "#{kind:?}"),
            None => write!(out, "#none"),
        }
    };
    let _ = written;
}

/// The three printed numbers of a reference.
#[must_use]
pub fn ref_parts(number: u64) -> (u64, u64, u64) {
    (number >> 50, (number >> 18) & 0xffff_ffff, number & 0x3ffff)
}

/// Identifiers of other nodes begin with a number that stands for the node.
fn write_external(kind: Kind, term: Term, out: &mut String) -> std::fmt::Result {
    use std::fmt::Write as _;
    let words = term.boxed_words();
    let node = super::as_terms(words).last().and_then(|node| node.as_atom());
    let node = node.map_or(0, Atom::index);
    match kind {
        Kind::ExternalPid => write!(out, "<{node}.{}.{}>", words[0], words[1] >> 32),
        Kind::ExternalPort => write!(out, "#Port<{node}.{}>", words[0]),
        _ => {
            let count = (words[0] >> 32) as usize;
            let ids: Vec<u64> = words[1..].iter().flat_map(|word| [word & 0xffff_ffff, word >> 32]).collect();
            let ids: Vec<String> = ids[..count.min(ids.len())].iter().rev().map(u64::to_string).collect();
            write!(out, "#Ref<{node}.{}>", ids.join("."))
        }
    }
}

/// Writes an atom, quoted if it must be.
pub fn write_atom(atom: Atom, out: &mut String) {
    write_atom_in(Style::Write, atom, out);
}

/// The machine of OTP itself knows no reserved words, but quotes an `@`.
fn write_atom_in(style: Style, atom: Atom, out: &mut String) {
    let text = atom.text();
    let shown = style == Style::Show;
    let plain = text.starts_with(|c: char| c.is_ascii_lowercase() || ('ß'..='ÿ').contains(&c) && c != '÷')
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric()
                || c == '_'
                || c == '@' && !shown
                || ('À'..='ÿ').contains(&c) && c != '×' && c != '÷'
        })
        && (shown || !RESERVED.contains(&text));
    if plain {
        out.push_str(text);
        return;
    }
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
    out.push('\'');
}

const RESERVED: &[&str] = &[
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case", "catch", "cond",
    "div", "end", "fun", "if", "let", "not", "of", "or", "orelse", "receive", "rem", "try", "when", "xor",
];
