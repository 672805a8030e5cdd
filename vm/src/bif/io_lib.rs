//! Modules `io_lib` and `io_lib_format`: the text of common terms and floats. What is rare (unusual characters, deep
//! or long terms) is left to the library, which these functions tell so by answering `false`.

use super::erlang::float_text;
use super::erlang::limbs::decimal;
use super::{Native, NativeContext, NativeResult, argument};
use crate::heap::{Build as _, Heap};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Kind, Term, display, map, write_atom};
use smallvec::SmallVec;

/// Deepest nesting of a term that is written here.
const DEEPEST: usize = 32;

/// Atoms that are quoted where a feature that the system was started with makes words of them.
const MAY_BE_RESERVED: &[&str] = &["maybe", "else"];

/// What is written, and how much room there is for it.
struct Writer<'a> {
    heap: &'a mut Heap,
    /// As `~p` does: lists and binaries of characters as strings.
    strings: bool,
    /// Characters that may still be written.
    room: usize,
}

/// The elements of what is to be a list.
type Parts = SmallVec<[Term; 16]>;

fn character(byte: u8) -> Term {
    Term::small(i64::from(byte))
}

/// Does `~p` show this character of a string? `None`: that depends on settings.
fn is_printable(value: i64) -> Option<bool> {
    match value {
        0x20..=0x7e | 0xa0..=0xff | 0x08..=0x0d | 0x1b => Some(true),
        0x100..=0x10_ffff => None,
        _ => Some(false),
    }
}

impl Writer<'_> {
    /// Takes room for `count` characters.
    fn charge(&mut self, count: usize) -> Option<()> {
        self.room = self.room.checked_sub(count)?;
        Some(())
    }

    fn text(&mut self, text: &str) -> Option<Term> {
        self.charge(text.len())?;
        Some(self.heap.byte_list(text.as_bytes()))
    }

    fn term(&mut self, term: Term, depth: usize) -> Option<Term> {
        if let Some(value) = term.as_small() {
            let mut digits = [0; 20];
            let digits = decimal(value.unsigned_abs(), &mut digits);
            self.charge(digits.len() + usize::from(value < 0))?;
            let text = self.heap.byte_list(digits.as_bytes());
            return Some(if value < 0 { self.heap.cons(character(b'-'), text) } else { text });
        }
        if term.is_nil() {
            return self.text("[]");
        }
        if let Some(atom) = term.as_atom() {
            let plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'\'' && byte != b'\\';
            if !atom.text().bytes().all(plain) || MAY_BE_RESERVED.contains(&atom.text()) {
                return None;
            }
            let mut text = String::new();
            write_atom(atom, &mut text);
            return self.text(&text);
        }
        if let Some(value) = term.as_float() {
            return self.text(&float_text::short(value));
        }
        if term.as_pid().is_some() || term.is_kind(Kind::Ref) {
            return self.text(&display(term));
        }
        if depth > DEEPEST {
            return None;
        }
        if term.is_cons() {
            return self.list(term, depth);
        }
        if let Some(elements) = term.as_tuple() {
            if elements.is_empty() {
                return self.text("{}");
            }
            self.charge(2)?;
            let mut parts = Parts::new();
            for &element in elements {
                self.part(element, depth, &mut parts)?;
            }
            return Some(self.within(b"{", &parts, b"}"));
        }
        if term.is_map() {
            return self.map(term, depth);
        }
        self.binary(term)
    }

    /// One more element, with a comma before it if it is not the first.
    fn part(&mut self, term: Term, depth: usize, parts: &mut Parts) -> Option<()> {
        if !parts.is_empty() {
            self.charge(1)?;
            parts.push(character(b','));
        }
        let text = self.term(term, depth + 1)?;
        parts.push(text);
        Some(())
    }

    /// Parts as a list of their own between brackets.
    fn within(&mut self, open: &[u8], parts: &[Term], close: &[u8]) -> Term {
        let parts = self.heap.list(parts);
        let close = self.heap.byte_list(close);
        let rest = self.heap.cons(parts, close);
        self.heap.byte_list_with_tail(open, rest)
    }

    fn list(&mut self, list: Term, depth: usize) -> Option<Term> {
        if self.strings && self.is_string(list)? {
            let mut text = SmallVec::<[u8; 64]>::new();
            for element in list.iter() {
                let c = u8::try_from(element.as_small()?).ok()?;
                escape(c, &mut text);
                if text.len() > self.room {
                    return None;
                }
            }
            return self.quoted(&text);
        }
        self.charge(2)?;
        let mut parts = Parts::new();
        let mut rest = list.iter();
        for element in rest.by_ref() {
            self.part(element, depth, &mut parts)?;
        }
        if rest.tail().is_nil() {
            return Some(self.within(b"[", &parts, b"]"));
        }
        self.charge(1)?;
        let mut tail = self.term(rest.tail(), depth + 1)?;
        if !self.strings {
            // `~w` has it as an element, `~p` as the rest.
            tail = self.heap.cons(tail, Term::NIL);
        }
        let tail = self.heap.cons(character(b'|'), tail);
        let parts = self.heap.list_with_tail(&parts, tail);
        let rest = self.heap.byte_list(b"]");
        let rest = self.heap.cons(parts, rest);
        Some(self.heap.cons(character(b'['), rest))
    }

    /// Is this list shown as a string? `None`: that is for the library to say.
    fn is_string(&self, list: Term) -> Option<bool> {
        let mut rest = list.iter();
        let mut count = 0;
        for element in rest.by_ref() {
            match element.as_small().map_or(Some(false), is_printable) {
                Some(true) => {}
                other => return other,
            }
            count += 1;
            if count > self.room {
                return None;
            }
        }
        Some(rest.tail().is_nil())
    }

    fn quoted(&mut self, text: &[u8]) -> Option<Term> {
        self.charge(text.len() + 2)?;
        let end = self.heap.byte_list(b"\"");
        let text = self.heap.byte_list_with_tail(text, end);
        Some(self.heap.cons(character(b'"'), text))
    }

    fn map(&mut self, map: Term, depth: usize) -> Option<Term> {
        if map::size(map) == 0 {
            return self.text("#{}");
        }
        if map::size(map) > self.room {
            return None;
        }
        self.charge(3)?;
        let mut parts = Parts::new();
        for (key, value) in map::pairs(map) {
            if !parts.is_empty() {
                self.charge(1)?;
                parts.push(character(b','));
            }
            let key = self.term(key, depth + 1)?;
            let arrow = self.text(" => ")?;
            let value = self.term(value, depth + 1)?;
            parts.push(self.heap.list(&[key, arrow, value]));
        }
        Some(self.within(b"#{", &parts, b"}"))
    }

    fn binary(&mut self, term: Term) -> Option<Term> {
        let bytes = term.as_bits()?.as_bytes()?;
        if bytes.len() > self.room {
            return None;
        }
        if bytes.is_empty() {
            return self.text("<<>>");
        }
        self.charge(4)?;
        if self.strings {
            if !bytes.is_ascii() {
                return None;
            }
            if bytes.iter().all(|&byte| is_printable(i64::from(byte)) == Some(true)) {
                let mut text = SmallVec::<[u8; 64]>::new();
                bytes.iter().for_each(|&byte| escape(byte, &mut text));
                let text = self.quoted(&text)?;
                let end = self.heap.byte_list(b">>");
                let text = self.heap.cons(text, end);
                return Some(self.heap.byte_list_with_tail(b"<<", text));
            }
        }
        let mut parts = Parts::new();
        for &byte in bytes {
            self.part(character(byte), 0, &mut parts)?;
        }
        Some(self.within(b"<<", &parts, b">>"))
    }
}

/// A character as it stands in a string in double quotes.
fn escape(c: u8, text: &mut SmallVec<[u8; 64]>) {
    let letter = match c {
        b'"' | b'\\' => c,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x0b => b'v',
        0x08 => b'b',
        0x0c => b'f',
        0x1b => b'e',
        _ => return text.push(c),
    };
    text.extend_from_slice(&[b'\\', letter]);
}

/// `io_lib:simple_text(Term, AsStrings, Room)`: the text of a term if it takes at most `Room` characters and is simple.
fn simple_text(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let room = argument::index(args[2])?;
    let strings = args[1] == Term::bool(true);
    let mut writer = Writer { heap: &mut ctx.process.heap, strings, room };
    let text = writer.term(args[0], 0).unwrap_or(Term::bool(false));
    let used = room - writer.room;
    // What it takes in Erlang, so that a process that formats reports stops as often as on OTP.
    ctx.charge(used);
    Ok(text)
}

/// `io_lib_format:fixed_text(Float, Decimals)`: the text of a float with decimals.
fn fixed_text(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let value = args[0].as_float().ok_or_else(Exception::badarg)?;
    match float_text::half_up(value, argument::index(args[1])?) {
        Some(text) => Ok(ctx.process.heap.byte_list(text.as_bytes())),
        None => Ok(Term::bool(false)),
    }
}

/// `string:plain_length(Text)`: the length of a flat list of Latin-1 characters that are each one cluster.
fn plain_length(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut rest = args[0].iter();
    let mut count = 0;
    for element in rest.by_ref() {
        match element.as_small() {
            Some(c) if (0..0x100).contains(&c) && c != 0x0d => count += 1,
            _ => return Ok(Term::bool(false)),
        }
    }
    ctx.charge(count / 128);
    Ok(if rest.tail().is_nil() { Term::small(count as i64) } else { Term::bool(false) })
}

pub(super) const NATIVES: &[Native] = natives! {
    "io_lib" {
        "simple_text"/3 => simple_text;
    }
    "io_lib_format" {
        "fixed_text"/2 => fixed_text;
    }
    "string" {
        "plain_length"/1 => plain_length;
    }
};
