//! Module `unicode`: text as deep lists of characters and binaries in some encoding.

use super::argument::{name_of, named};
use super::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, Heap};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{BitsView, Term};

/// How binaries hold characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Latin1,
    Utf8,
    /// The flag: the least byte first.
    Utf16(bool),
    Utf32(bool),
}

fn encoding(term: Term) -> Result<Encoding, Exception> {
    let (name, order) = match term.as_tuple() {
        Some(&[name, order]) => (name_of(name), name_of(order)),
        _ => (name_of(term), "big"),
    };
    let little = match order {
        "big" => false,
        "little" => true,
        _ => return Err(Exception::badarg()),
    };
    match name {
        "latin1" => Ok(Encoding::Latin1),
        "unicode" | "utf8" => Ok(Encoding::Utf8),
        "utf16" => Ok(Encoding::Utf16(little)),
        "utf32" => Ok(Encoding::Utf32(little)),
        _ => Err(Exception::badarg()),
    }
}

impl Encoding {
    /// The bytes that a text takes.
    fn length(self, text: &str) -> usize {
        match self {
            Encoding::Latin1 => text.chars().count(),
            Encoding::Utf8 => text.len(),
            Encoding::Utf16(_) => text.chars().map(|c| 2 * c.len_utf16()).sum(),
            Encoding::Utf32(_) => 4 * text.chars().count(),
        }
    }

    /// Whether bytes that begin a character may be followed by the rest of it.
    fn may_go_on(self, open: &[u8]) -> bool {
        self != Encoding::Utf8 || open[1..].iter().all(|byte| byte & 0xc0 == 0x80)
    }

    /// Whether OTP's natives read and write it.
    fn is_native(self) -> bool {
        matches!(self, Encoding::Latin1 | Encoding::Utf8)
    }

    /// The bytes of a text, all of whose characters it has.
    fn encode(self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            match self {
                Encoding::Latin1 => bytes.extend(u8::try_from(c)),
                Encoding::Utf8 => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Encoding::Utf16(little) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
                    }
                }
                Encoding::Utf32(little) => {
                    let code = u32::from(c);
                    bytes.extend(if little { code.to_le_bytes() } else { code.to_be_bytes() });
                }
            }
        }
        bytes
    }
}

/// How far a binary could be read.
enum End {
    Whole,
    /// The bytes from here on begin a character.
    Incomplete(usize),
    /// The bytes from here on are no character.
    Wrong(usize),
}

/// Adds the characters of `bytes` to `out`.
fn decode(bytes: &[u8], encoding: Encoding, out: &mut String) -> End {
    match encoding {
        Encoding::Latin1 => {
            out.extend(bytes.iter().map(|&byte| char::from(byte)));
            End::Whole
        }
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => {
                out.push_str(text);
                End::Whole
            }
            Err(error) => {
                let good = error.valid_up_to();
                out.push_str(std::str::from_utf8(&bytes[..good]).unwrap_or_default());
                if is_short_8(&bytes[good..]) { End::Incomplete(good) } else { End::Wrong(good) }
            }
        },
        Encoding::Utf16(little) => decode_16(bytes, little, out),
        Encoding::Utf32(little) => {
            for (index, four) in bytes.chunks(4).enumerate() {
                let Ok(four) = <[u8; 4]>::try_from(four) else {
                    let may_go_on = may_begin_32(four, little);
                    return if may_go_on { End::Incomplete(index * 4) } else { End::Wrong(index * 4) };
                };
                let code = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
                match char::from_u32(code) {
                    Some(c) => out.push(c),
                    None => return End::Wrong(index * 4),
                }
            }
            End::Whole
        }
    }
}

/// The bytes of the character of UTF-8 that begins with this one.
fn length_8(first: u8) -> Option<usize> {
    match first {
        0xc0..=0xdf => Some(2),
        0xe0..=0xef => Some(3),
        0xf0..=0xf7 => Some(4),
        _ => None,
    }
}

/// Whether these bytes, all there are, are too few for a character of UTF-8: that it would be none is only said when no
/// more can come, or of a whole one, as in OTP.
fn is_short_8(bytes: &[u8]) -> bool {
    bytes.first().and_then(|&first| length_8(first)).is_some_and(|length| bytes.len() < length)
}

/// Whether these bytes, fewer than four, may begin a character of UTF-32.
fn may_begin_32(bytes: &[u8], little: bool) -> bool {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    if little {
        at(2) <= 0x10
    } else {
        at(0) == 0 && at(1) <= 0x10 && !(at(1) == 0 && (0xd8..0xe0).contains(&at(2)))
    }
}

fn decode_16(bytes: &[u8], little: bool, out: &mut String) -> End {
    let unit = |at: usize| -> Option<u16> {
        let two = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let mut at = 0;
    while at < bytes.len() {
        let Some(first) = unit(at) else {
            // No character begins with the second half of a pair.
            let may_go_on = little || !(0xdc..0xe0).contains(&bytes[at]);
            return if may_go_on { End::Incomplete(at) } else { End::Wrong(at) };
        };
        if let Some(c) = char::from_u32(u32::from(first)) {
            out.push(c);
            at += 2;
            continue;
        }
        if first >= 0xdc00 {
            return End::Wrong(at);
        }
        let Some(second) = unit(at + 2) else {
            let may_go_on = little || bytes.get(at + 2).is_none_or(|&byte| (0xdc..0xe0).contains(&byte));
            return if may_go_on { End::Incomplete(at) } else { End::Wrong(at) };
        };
        if !(0xdc00..0xe000).contains(&second) {
            return End::Wrong(at);
        }
        let code = 0x10000 + ((u32::from(first) - 0xd800) << 10) + (u32::from(second) - 0xdc00);
        out.extend(char::from_u32(code));
        at += 4;
    }
    End::Whole
}

/// What became of a text.
enum Outcome {
    Whole,
    Incomplete(Term),
    Wrong(Term),
}

/// How a text is read.
#[derive(Clone, Copy)]
struct Reading {
    /// Of the binaries in it.
    encoding: Encoding,
    /// No character above this one counts as one.
    last: char,
    /// Whether both encodings are such that OTP reads the text natively: then what is no text at all counts for more
    /// than what is no character. Otherwise the first fault counts, and what is no character stands apart in the rest.
    is_native: bool,
}

/// Reads a deep list of characters and binaries into `out`.
fn read(heap: &mut Heap, root: Term, how: Reading, out: &mut String) -> Result<Outcome, Exception> {
    // The tails of the lists around the present place, outermost first.
    let mut outer: Vec<Term> = Vec::new();
    let mut current = root;
    // Bytes at the end of a binary that begin a character.
    let mut open: Vec<u8> = Vec::new();
    let around = |heap: &mut Heap, outer: &[Term], inner: Term| {
        outer.iter().rev().fold(inner, |inner, &tail| heap.cons(inner, tail))
    };
    // What could not be read, and before it the bytes left open.
    let wrong = |heap: &mut Heap, outer: &[Term], open: &[u8], inner: Term| {
        let rest = around(heap, outer, inner);
        if open.is_empty() {
            return Outcome::Wrong(rest);
        }
        let bytes = heap.binary(open);
        let rest = if how.is_native { heap.list(&[rest]) } else { rest };
        Outcome::Wrong(heap.cons(bytes, rest))
    };
    loop {
        if let Some((head, tail)) = current.as_cons() {
            if head.is_integer() {
                let code = head.as_small().and_then(|code| u32::try_from(code).ok());
                let c = match (how.encoding, code) {
                    (Encoding::Latin1, Some(code)) if code > 255 => None,
                    (_, Some(code)) => char::from_u32(code).filter(|&c| c <= how.last),
                    (_, None) => None,
                };
                if how.last < char::MAX && head.as_small().is_some_and(|code| (-LARGE..0).contains(&code)) {
                    return Err(Exception::badarg());
                }
                let Some(c) = c.filter(|_| open.is_empty()) else {
                    let rest = if !how.is_native && open.is_empty() {
                        let apart = heap.list(&[head]);
                        heap.cons(apart, tail)
                    } else {
                        current
                    };
                    return Ok(wrong(heap, &outer, &open, rest));
                };
                out.push(c);
                current = tail;
                continue;
            }
            if head.is_list() {
                outer.push(tail);
                current = head;
                continue;
            }
            let bits = head.as_bits().ok_or_else(Exception::badarg)?;
            if let Some(rest) = read_binary(heap, &bits, how, &mut open, out)? {
                let inner = match rest {
                    Some(rest) => heap.cons(rest, tail),
                    None => current,
                };
                return Ok(wrong(heap, &outer, &open, inner));
            }
            current = tail;
            continue;
        }
        if let Some(bits) = current.as_bits() {
            if let Some(rest) = read_binary(heap, &bits, how, &mut open, out)? {
                return Ok(wrong(heap, &outer, &open, rest.unwrap_or(current)));
            }
        } else if !current.is_nil() {
            return Err(Exception::badarg());
        }
        match outer.pop() {
            Some(tail) => current = tail,
            None if open.is_empty() => return Ok(Outcome::Whole),
            None => {
                let rest = heap.binary(&open);
                let may_go_on = how.encoding.may_go_on(&open);
                return Ok(if may_go_on { Outcome::Incomplete(rest) } else { Outcome::Wrong(rest) });
            }
        }
    }
}

/// Reads a binary whose first character may have begun in an earlier one. Answers the rest where it is wrong:
/// `Some(None)` if already what was open cannot go on like this.
fn read_binary(
    heap: &mut Heap,
    bits: &BitsView<'_>,
    how: Reading,
    open: &mut Vec<u8>,
    out: &mut String,
) -> Result<Option<Option<Term>>, Exception> {
    if !bits.size.is_multiple_of(8) {
        return Err(Exception::badarg());
    }
    let owned;
    let bytes = match bits.as_bytes() {
        Some(bytes) if open.is_empty() => bytes,
        _ => {
            let mut joined = open.clone();
            joined.extend(bits.to_bytes());
            owned = joined;
            &owned
        }
    };
    let before = out.len();
    let end = decode(bytes, how.encoding, out);
    if let Some(good) = out[before..].find(|c| c > how.last) {
        let at = how.encoding.length(&out[before..before + good]);
        out.truncate(before + good);
        open.clear();
        return Ok(Some(Some(heap.binary(&bytes[at..]))));
    }
    match end {
        End::Incomplete(0) if !how.is_native && !open.is_empty() && !how.encoding.may_go_on(bytes) => {
            return Ok(Some(None));
        }
        End::Whole => open.clear(),
        End::Incomplete(at) => *open = bytes[at..].to_vec(),
        End::Wrong(0) if !open.is_empty() => return Ok(Some(None)),
        End::Wrong(at) => {
            open.clear();
            return Ok(Some(Some(heap.binary(&bytes[at..]))));
        }
    }
    Ok(None)
}

/// Integers from here on, and below its negative, are large ones in OTP: what comes after one is not looked at.
const LARGE: i64 = 1 << 59;

/// Whether a term is a deep list of integers and binaries, be they characters or not.
fn is_deep_text(root: Term) -> bool {
    let mut pending = vec![root];
    while let Some(term) = pending.pop() {
        if let Some((head, tail)) = term.as_cons() {
            if head.is_integer() && !head.as_small().is_some_and(|code| (-LARGE..LARGE).contains(&code)) {
                return true;
            }
            pending.push(tail);
            if !head.is_integer() {
                pending.push(head);
            }
        } else if let Some(bits) = term.as_bits() {
            if !bits.size.is_multiple_of(8) {
                return false;
            }
        } else if !term.is_nil() {
            return false;
        }
    }
    true
}

/// Reads a text and answers it, or how far it went.
fn convert(
    ctx: &mut NativeContext<'_>,
    text: Term,
    how: Reading,
    make: impl Fn(&mut Heap, &str) -> Term,
) -> NativeResult {
    if text.as_bits().is_none() && !text.is_list() {
        return Err(Exception::badarg().into());
    }
    let mut characters = String::new();
    let outcome = read(&mut ctx.process.heap, text, how, &mut characters)?;
    if how.is_native && matches!(outcome, Outcome::Wrong(_)) && !is_deep_text(text) {
        return Err(Exception::badarg().into());
    }
    ctx.charge(characters.len() / 64);
    let heap = &mut ctx.process.heap;
    let converted = make(heap, &characters);
    Ok(match outcome {
        Outcome::Whole => converted,
        Outcome::Incomplete(rest) => heap.tuple(&[named("incomplete"), converted, rest]),
        Outcome::Wrong(rest) => heap.tuple(&[Term::atom(crate::atom::ERROR), converted, rest]),
    })
}

/// How a text is read when its characters stay what they are; its encoding is the second argument.
fn plain_reading(args: &[Term]) -> Result<Reading, Exception> {
    let encoding = args.get(1).map_or(Ok(Encoding::Utf8), |&term| encoding(term))?;
    Ok(Reading { encoding, last: char::MAX, is_native: encoding.is_native() })
}

fn characters_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let how = plain_reading(args)?;
    convert(ctx, args[0], how, |heap, text| heap.string(text))
}

fn characters_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let how = plain_reading(args)?;
    let Some(&to) = args.get(2) else {
        return convert(ctx, args[0], how, |heap, text| heap.binary(text.as_bytes()));
    };
    let to = encoding(to)?;
    let last = if to == Encoding::Latin1 { char::from(u8::MAX) } else { char::MAX };
    let how = Reading { last, is_native: how.is_native && to == Encoding::Utf8, ..how };
    convert(ctx, args[0], how, |heap, text| heap.binary(&to.encode(text)))
}

fn bin_is_7bit(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(args[0].as_binary().is_some_and(|bytes| bytes.is_ascii())))
}

/// The bytes of a text that names something of the operating system: characters in UTF-8, binaries as they are.
pub(crate) fn text_bytes(root: Term) -> Option<Vec<u8>> {
    utf8_bytes(root, true)
}

/// The bytes of a text: characters in UTF-8, binaries as they are, and atoms where they may be in it.
pub(super) fn utf8_bytes(root: Term, takes_atoms: bool) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut pending = vec![root];
    while let Some(term) = pending.pop() {
        if let Some((head, tail)) = term.as_cons() {
            pending.push(tail);
            match super::argument::character(head) {
                Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => pending.push(head),
            }
        } else if let Some(bytes) = term.as_binary() {
            out.extend_from_slice(&bytes);
        } else if let Some(atom) = term.as_atom().filter(|_| takes_atoms) {
            out.extend_from_slice(atom.text().as_bytes());
        } else if !term.is_nil() {
            return None;
        }
    }
    Some(out)
}

pub(super) const NATIVES: &[Native] = natives! {
    "unicode" {
        "characters_to_list"/1 => characters_to_list;
        "characters_to_list"/2 => characters_to_list;
        "characters_to_binary"/1 => characters_to_binary;
        "characters_to_binary"/2 => characters_to_binary;
        "characters_to_binary"/3 => characters_to_binary;
        "bin_is_7bit"/1 => bin_is_7bit;
    }
};
