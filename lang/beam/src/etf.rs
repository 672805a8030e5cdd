//! Literals in the external term format, both ways. Neither way uses the native stack for nesting.
//!
//! Reads every tag that a term without identity can have, old encodings included. Writes the newest forms
//! (UTF-8 atoms, 64-bit floats), as `term_to_binary/2` with `minor_version` 2 does.

use crate::cursor::Cursor;
use crate::read_error::{ReadError, ReadErrorKind};
use crate::{Atom, Literal};
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;
use std::collections::HashSet;

mod tag {
    pub(super) const VERSION: u8 = 131;
    pub(super) const COMPRESSED: u8 = 80;
    pub(super) const NEW_FLOAT: u8 = 70;
    pub(super) const BIT_BINARY: u8 = 77;
    pub(super) const SMALL_INTEGER: u8 = 97;
    pub(super) const INTEGER: u8 = 98;
    pub(super) const FLOAT: u8 = 99;
    pub(super) const ATOM: u8 = 100;
    pub(super) const SMALL_TUPLE: u8 = 104;
    pub(super) const LARGE_TUPLE: u8 = 105;
    pub(super) const NIL: u8 = 106;
    pub(super) const STRING: u8 = 107;
    pub(super) const LIST: u8 = 108;
    pub(super) const BINARY: u8 = 109;
    pub(super) const SMALL_BIG: u8 = 110;
    pub(super) const LARGE_BIG: u8 = 111;
    pub(super) const EXPORT: u8 = 113;
    pub(super) const SMALL_ATOM: u8 = 115;
    pub(super) const MAP: u8 = 116;
    pub(super) const ATOM_UTF8: u8 = 118;
    pub(super) const SMALL_ATOM_UTF8: u8 = 119;
}

impl Literal {
    /// How deep a literal that is read may be nested. It bounds the native stack that dropping, cloning and
    /// comparing take.
    pub const MAX_DEPTH: usize = 2_000;

    /// The term in external format, version byte included.
    #[must_use]
    pub fn to_etf(&self) -> Vec<u8> {
        let mut out = vec![tag::VERSION];
        write(self, &mut out);
        out
    }

    /// The term that these bytes are: version byte first, compressed or not, nothing after it.
    ///
    /// # Errors
    /// When the bytes are no term, or one with an identity (a pid, port, reference, closure), or one nested
    /// deeper than [`Literal::MAX_DEPTH`].
    pub fn from_etf(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut cursor = Cursor::new(bytes, None);
        let term = Self::read_etf(&mut cursor)?;
        cursor.finish()?;
        Ok(term)
    }

    /// Reads a term with its version byte.
    pub(crate) fn read_etf(cursor: &mut Cursor<'_>) -> Result<Self, ReadError> {
        let version = cursor.u8()?;
        if version != tag::VERSION {
            return Err(cursor.error(ReadErrorKind::Version(u32::from(version))));
        }
        if cursor.clone().u8()? != tag::COMPRESSED {
            return read(cursor);
        }
        cursor.u8()?;
        let size = cursor.len32()?;
        let packed = cursor.rest();
        let plain = crate::deflate::inflate_zlib(packed, size)
            .ok_or_else(|| cursor.error(ReadErrorKind::Compression))?;
        let mut inner = Cursor::new(&plain, None);
        let term = read(&mut inner)?;
        inner.finish()?;
        Ok(term)
    }
}

/// What is still to be written, innermost last.
enum Pending<'a> {
    Terms(std::slice::Iter<'a, Literal>),
    Pairs(std::slice::Iter<'a, (Literal, Literal)>),
    Term(&'a Literal),
}

fn write(term: &Literal, out: &mut Vec<u8>) {
    let mut stack = vec![Pending::Term(term)];
    while let Some(top) = stack.last_mut() {
        let next = match top {
            Pending::Terms(terms) => terms.next(),
            Pending::Pairs(pairs) => match pairs.next() {
                Some((key, value)) => {
                    stack.push(Pending::Term(value));
                    Some(key)
                }
                None => None,
            },
            Pending::Term(term) => {
                let term = *term;
                stack.pop();
                write_head(term, out, &mut stack);
                continue;
            }
        };
        match next {
            Some(term) => write_head(term, out, &mut stack),
            None => {
                stack.pop();
            }
        }
    }
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    let length = u32::try_from(length).expect("a literal of fewer than 2^32 elements");
    out.extend_from_slice(&length.to_be_bytes());
}

fn write_atom(atom: Atom, out: &mut Vec<u8>) {
    let text = atom.as_str().as_bytes();
    match u8::try_from(text.len()) {
        Ok(length) => out.extend_from_slice(&[tag::SMALL_ATOM_UTF8, length]),
        Err(_) => {
            let length = u16::try_from(text.len()).expect("an atom of at most 255 characters");
            out.push(tag::ATOM_UTF8);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(text);
}

/// Writes a term but for its parts, and pushes those.
fn write_head<'a>(term: &'a Literal, out: &mut Vec<u8>, stack: &mut Vec<Pending<'a>>) {
    match term {
        Literal::Int(value) => write_int(*value, out),
        Literal::Big(value) => write_big(value, out),
        Literal::Float(value) => {
            out.push(tag::NEW_FLOAT);
            out.extend_from_slice(&value.to_be_bytes());
        }
        Literal::Atom(atom) => write_atom(*atom, out),
        Literal::Nil => out.push(tag::NIL),
        Literal::List(elements, tail) => {
            out.push(tag::LIST);
            write_length(out, elements.len());
            stack.push(Pending::Term(tail));
            stack.push(Pending::Terms(elements.iter()));
        }
        Literal::Str(bytes) => match u16::try_from(bytes.len()) {
            Ok(length) => {
                out.push(tag::STRING);
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(bytes);
            }
            Err(_) => {
                out.push(tag::LIST);
                write_length(out, bytes.len());
                for &byte in bytes {
                    out.extend_from_slice(&[tag::SMALL_INTEGER, byte]);
                }
                out.push(tag::NIL);
            }
        },
        Literal::Tuple(elements) => {
            match u8::try_from(elements.len()) {
                Ok(arity) => out.extend_from_slice(&[tag::SMALL_TUPLE, arity]),
                Err(_) => {
                    out.push(tag::LARGE_TUPLE);
                    write_length(out, elements.len());
                }
            }
            stack.push(Pending::Terms(elements.iter()));
        }
        Literal::Map(pairs) => {
            out.push(tag::MAP);
            write_length(out, pairs.len());
            stack.push(Pending::Pairs(pairs.iter()));
        }
        Literal::Bits(bytes, last_bits) => {
            if *last_bits == 8 {
                out.push(tag::BINARY);
                write_length(out, bytes.len());
            } else {
                out.push(tag::BIT_BINARY);
                write_length(out, bytes.len());
                out.push(*last_bits);
            }
            out.extend_from_slice(bytes);
        }
        Literal::Fun(module, function, arity) => {
            out.push(tag::EXPORT);
            write_atom(*module, out);
            write_atom(*function, out);
            out.extend_from_slice(&[tag::SMALL_INTEGER, *arity]);
        }
    }
}

fn write_int(value: i64, out: &mut Vec<u8>) {
    if let Ok(byte) = u8::try_from(value) {
        out.extend_from_slice(&[tag::SMALL_INTEGER, byte]);
    } else if let Ok(word) = i32::try_from(value) {
        out.push(tag::INTEGER);
        out.extend_from_slice(&word.to_be_bytes());
    } else {
        write_magnitude(value < 0, &value.unsigned_abs().to_le_bytes(), out);
    }
}

fn write_big(value: &BigInt, out: &mut Vec<u8>) {
    match value.to_i64() {
        Some(value) => write_int(value, out),
        None => write_magnitude(value.sign() == Sign::Minus, &value.magnitude().to_bytes_le(), out),
    }
}

fn write_magnitude(negative: bool, digits: &[u8], out: &mut Vec<u8>) {
    let used = digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
    match u8::try_from(used) {
        Ok(length) => out.extend_from_slice(&[tag::SMALL_BIG, length]),
        Err(_) => {
            out.push(tag::LARGE_BIG);
            write_length(out, used);
        }
    }
    out.push(u8::from(negative));
    out.extend_from_slice(&digits[..used]);
}

/// A compound term that is being read: the parts so far, and how many are to come.
enum Partial {
    Tuple(Vec<Literal>, usize),
    /// The tail is one of the parts.
    List(Vec<Literal>, usize),
    /// Keys and values alternate.
    Map(Vec<Literal>, usize),
}

impl Partial {
    fn parts(&mut self) -> (&mut Vec<Literal>, &mut usize) {
        match self {
            Self::Tuple(parts, left) | Self::List(parts, left) | Self::Map(parts, left) => (parts, left),
        }
    }
}

enum Head {
    Whole(Literal),
    Partial(Partial),
}

fn read(cursor: &mut Cursor<'_>) -> Result<Literal, ReadError> {
    let mut stack: Vec<Partial> = Vec::new();
    loop {
        let mut term = match read_head(cursor)? {
            Head::Whole(term) => term,
            Head::Partial(partial) => {
                if stack.len() >= Literal::MAX_DEPTH {
                    return Err(cursor.error(ReadErrorKind::Depth(Literal::MAX_DEPTH)));
                }
                stack.push(partial);
                continue;
            }
        };
        loop {
            let Some(top) = stack.last_mut() else { return Ok(term) };
            let (parts, left) = top.parts();
            parts.push(term);
            *left -= 1;
            if *left > 0 {
                break;
            }
            term = close(cursor, stack.pop().expect("the top was there"))?;
        }
    }
}

fn close(cursor: &Cursor<'_>, partial: Partial) -> Result<Literal, ReadError> {
    Ok(match partial {
        Partial::Tuple(parts, _) => Literal::Tuple(parts),
        Partial::List(mut parts, _) => {
            let tail = parts.pop().expect("a list has a tail");
            Literal::List(parts, Box::new(tail))
        }
        Partial::Map(parts, _) => {
            let mut pairs = Vec::with_capacity(parts.len() / 2);
            let mut parts = parts.into_iter();
            while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
                pairs.push((key, value));
            }
            if !keys_are_distinct(&pairs) {
                return Err(cursor.error(ReadErrorKind::DuplicateKey));
            }
            Literal::Map(pairs)
        }
    })
}

fn keys_are_distinct(pairs: &[(Literal, Literal)]) -> bool {
    let atoms: Option<HashSet<Atom>> = pairs
        .iter()
        .map(|(key, _)| match key {
            Literal::Atom(atom) => Some(*atom),
            _ => None,
        })
        .collect();
    let distinct = match atoms {
        Some(atoms) => atoms.len(),
        None => pairs.iter().map(|(key, _)| key.to_etf()).collect::<HashSet<_>>().len(),
    };
    distinct == pairs.len()
}

/// Reads a term, or the head of one that has parts to come (at least one).
fn read_head(cursor: &mut Cursor<'_>) -> Result<Head, ReadError> {
    let term_tag = cursor.u8()?;
    let whole = match term_tag {
        tag::SMALL_INTEGER => Literal::Int(i64::from(cursor.u8()?)),
        tag::INTEGER => Literal::Int(i64::from(cursor.i32()?)),
        tag::SMALL_BIG => {
            let length = usize::from(cursor.u8()?);
            read_big(cursor, length)?
        }
        tag::LARGE_BIG => {
            let length = cursor.len32()?;
            read_big(cursor, length)?
        }
        tag::NEW_FLOAT => {
            let value = f64::from_bits(cursor.u64()?);
            finite(cursor, value)?
        }
        tag::FLOAT => {
            let text = cursor.take(31)?;
            let value = std::str::from_utf8(text)
                .ok()
                .and_then(|text| text.trim_end_matches('\0').trim().parse::<f64>().ok())
                .ok_or_else(|| cursor.error(ReadErrorKind::Float))?;
            finite(cursor, value)?
        }
        tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
            Literal::Atom(read_atom(cursor, term_tag)?)
        }
        tag::NIL => Literal::Nil,
        tag::STRING => {
            let length = usize::from(cursor.u16()?);
            let bytes = cursor.take(length)?;
            if bytes.is_empty() { Literal::Nil } else { Literal::Str(bytes.into()) }
        }
        tag::BINARY => {
            let length = cursor.len32()?;
            Literal::Bits(cursor.take(length)?.into(), 8)
        }
        tag::BIT_BINARY => {
            let length = cursor.len32()?;
            let last_bits = cursor.u8()?;
            if !(1..=8).contains(&last_bits) || (length == 0 && last_bits != 8) {
                return Err(cursor.error(ReadErrorKind::Range { what: "bits of the last byte" }));
            }
            Literal::Bits(cursor.take(length)?.into(), last_bits)
        }
        tag::EXPORT => {
            let module = read_any_atom(cursor)?;
            let function = read_any_atom(cursor)?;
            if cursor.u8()? != tag::SMALL_INTEGER {
                return Err(cursor.error(ReadErrorKind::Range { what: "arity of a fun" }));
            }
            Literal::Fun(module, function, cursor.u8()?)
        }
        tag::SMALL_TUPLE | tag::LARGE_TUPLE => {
            let arity = if term_tag == tag::SMALL_TUPLE { u32::from(cursor.u8()?) } else { cursor.u32()? };
            let arity = cursor.check_count(u64::from(arity), 1)?;
            if arity > 0 {
                return Ok(Head::Partial(Partial::Tuple(Vec::with_capacity(arity), arity)));
            }
            Literal::Tuple(Vec::new())
        }
        tag::LIST => {
            let length = cursor.count(1)?;
            if length > 0 {
                return Ok(Head::Partial(Partial::List(Vec::with_capacity(length + 1), length + 1)));
            }
            // An empty list in this form is just its tail, which can only sensibly be the empty list.
            if cursor.u8()? != tag::NIL {
                return Err(cursor.error(ReadErrorKind::Range { what: "tail of an empty list" }));
            }
            Literal::Nil
        }
        tag::MAP => {
            let size = cursor.count(2)?;
            if size > 0 {
                return Ok(Head::Partial(Partial::Map(Vec::with_capacity(2 * size), 2 * size)));
            }
            Literal::Map(Vec::new())
        }
        other => return Err(cursor.error(ReadErrorKind::TermTag(other))),
    };
    Ok(Head::Whole(whole))
}

fn finite(cursor: &Cursor<'_>, value: f64) -> Result<Literal, ReadError> {
    if value.is_finite() { Ok(Literal::Float(value)) } else { Err(cursor.error(ReadErrorKind::Float)) }
}

fn read_big(cursor: &mut Cursor<'_>, length: usize) -> Result<Literal, ReadError> {
    let sign = if cursor.u8()? == 0 { Sign::Plus } else { Sign::Minus };
    let big = BigInt::from_bytes_le(sign, cursor.take(length)?);
    Ok(match big.to_i64() {
        Some(small) => Literal::Int(small),
        None => Literal::Big(big),
    })
}

fn read_any_atom(cursor: &mut Cursor<'_>) -> Result<Atom, ReadError> {
    let term_tag = cursor.u8()?;
    read_atom(cursor, term_tag)
}

fn read_atom(cursor: &mut Cursor<'_>, term_tag: u8) -> Result<Atom, ReadError> {
    let length = match term_tag {
        tag::SMALL_ATOM | tag::SMALL_ATOM_UTF8 => usize::from(cursor.u8()?),
        tag::ATOM | tag::ATOM_UTF8 => usize::from(cursor.u16()?),
        other => return Err(cursor.error(ReadErrorKind::TermTag(other))),
    };
    let bytes = cursor.take(length)?;
    if matches!(term_tag, tag::ATOM | tag::SMALL_ATOM) {
        crate::chunk::atoms::latin1_atom(cursor, bytes)
    } else {
        crate::chunk::atoms::utf8_atom(cursor, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(term: &Literal) {
        let bytes = term.to_etf();
        assert_eq!(Literal::from_etf(&bytes).as_ref(), Ok(term), "{bytes:?}");
    }

    #[test]
    fn every_kind_reads_back() {
        for shift in 0..64 {
            for delta in [-1i64, 0, 1] {
                let value = (1i64 << shift).wrapping_add(delta);
                round_trip(&Literal::Int(value));
                round_trip(&Literal::Int(value.wrapping_neg()));
            }
        }
        for bits in [63u32, 64, 100, 2039, 2040, 2048, 30_000] {
            let big = BigInt::from(1) << bits;
            round_trip(&Literal::Big(-big.clone() - 1));
            round_trip(&Literal::Big(big));
        }
        round_trip(&Literal::Float(-0.125));
        round_trip(&Literal::atom("λ"));
        round_trip(&Literal::atom(&"é".repeat(255)));
        round_trip(&Literal::Nil);
        round_trip(&Literal::Str((*b"abc").into()));
        round_trip(&Literal::Tuple(vec![Literal::Nil; 300]));
        round_trip(&Literal::Tuple(vec![]));
        round_trip(&Literal::List(vec![Literal::Int(1), Literal::tuple([])], Box::new(Literal::Int(2))));
        round_trip(&Literal::Bits([1, 2, 0xe0].into(), 3));
        round_trip(&Literal::Bits([].into(), 8));
        round_trip(&Literal::Map(vec![
            (Literal::atom("a"), Literal::list(vec![Literal::Int(1)])),
            (Literal::Map(vec![]), Literal::Fun("lists".into(), "map".into(), 2)),
        ]));
    }

    #[test]
    fn bytes_of_another_system_are_understood() {
        // term_to_binary(lists:duplicate(100, a), [compressed])
        let packed = [
            131, 80, 0, 0, 1, 150, 120, 156, 203, 97, 96, 96, 72, 73, 97, 96, 76, 28, 197, 131, 7, 103, 1, 0,
            48, 70, 78, 147,
        ];
        assert_eq!(Literal::from_etf(&packed), Ok(Literal::list(vec![Literal::atom("a"); 100])));
        let mut old_float = vec![131, 99];
        old_float.extend_from_slice(b"1.50000000000000000000e+00\0\0\0\0\0");
        assert_eq!(Literal::from_etf(&old_float), Ok(Literal::Float(1.5)));
        assert_eq!(Literal::from_etf(&[131, 100, 0, 1, 0xe9]), Ok(Literal::atom("é")));
    }

    #[test]
    fn hostile_terms_are_errors() {
        for bytes in [
            &[][..],
            &[131],
            &[130, 106],
            &[131, 106, 0],
            &[131, 108, 0xff, 0xff, 0xff, 0xff, 106],
            &[131, 105, 0xff, 0xff, 0xff, 0xff],
            &[131, 116, 0x7f, 0xff, 0xff, 0xff],
            &[131, 109, 0xff, 0xff, 0xff, 0xff],
            &[131, 104, 5, 106],
            &[131, 70, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
            &[131, 103, 0],
            &[131, 77, 0, 0, 0, 0, 3],
            &[131, 116, 0, 0, 0, 2, 97, 1, 106, 97, 1, 106],
            &[131, 80, 0xff, 0xff, 0xff, 0xff, 1, 2, 3],
        ] {
            assert!(Literal::from_etf(bytes).is_err(), "{bytes:?}");
        }
        let mut deep = vec![131];
        for _ in 0..1_000_000 {
            deep.extend_from_slice(&[104, 1]);
        }
        deep.push(106);
        assert_eq!(
            Literal::from_etf(&deep).map_err(|e| e.kind),
            Err(ReadErrorKind::Depth(Literal::MAX_DEPTH))
        );
    }
}
