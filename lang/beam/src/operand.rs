//! Operands and their compact encoding.
//!
//! ```text
//! 0b_vvvv_0_ttt                     4 bits of value
//! 0b_vvv_01_ttt vvvvvvvv            11 bits
//! 0b_nnn_11_ttt  n + 2 bytes        two's complement, n < 7
//! 0b_111_11_ttt  N, N + 9 bytes     two's complement, N itself compact with tag u
//! ```
//!
//! The tag `ttt` is one of `u i a x y f h`, or `z` for the extended ones, whose value says which.

use crate::Atom;
use crate::cursor::Cursor;
use crate::read_error::{ReadError, ReadErrorKind};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// An operand of a generic instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A count, arity, index or flag word (`u` tag).
    U(u64),
    /// An integer literal (`i` tag).
    Int(i64),
    /// An integer literal beyond 64 bits (`i` tag), either sign.
    Big(BigInt),
    /// An atom (`a` tag, index above 0).
    Atom(Atom),
    /// `[]` (`a` tag, index 0).
    Nil,
    /// X register.
    X(u16),
    /// Y register.
    Y(u16),
    /// Floating-point register.
    Fr(u16),
    /// A label (`f` tag); 0 means "no label: raise".
    Label(u32),
    /// A character (`h` tag; old files).
    Char(u32),
    /// Index into the literal pool.
    Literal(u32),
    /// A list of operands (`select_val` pairs, `make_fun3` environment, ...). Never holds another list.
    List(Vec<Operand>),
    /// An allocation list: words, floats, funs.
    Alloc {
        /// Heap words.
        words: u32,
        /// Floats.
        floats: u32,
        /// Funs.
        funs: u32,
    },
    /// A register with type information (OTP 25+): register and index into the `Type` chunk.
    Typed(Box<Operand>, u32),
}

impl Operand {
    /// The operand without type information.
    #[must_use]
    pub fn untyped(&self) -> &Operand {
        match self {
            Self::Typed(register, _) => register,
            other => other,
        }
    }
}

/// Tags of the compact encoding.
pub(crate) mod tag {
    pub(crate) const U: u8 = 0;
    pub(crate) const I: u8 = 1;
    pub(crate) const A: u8 = 2;
    pub(crate) const X: u8 = 3;
    pub(crate) const Y: u8 = 4;
    pub(crate) const F: u8 = 5;
    pub(crate) const H: u8 = 6;
    pub(crate) const Z: u8 = 7;
}

/// Values of the extended tag.
mod extended {
    pub(super) const LIST: u64 = 1;
    pub(super) const FLOAT_REGISTER: u64 = 2;
    pub(super) const ALLOC: u64 = 3;
    pub(super) const LITERAL: u64 = 4;
    pub(super) const TYPED: u64 = 5;
}

/// Kinds of an entry of an allocation list.
mod alloc {
    pub(super) const WORDS: u64 = 0;
    pub(super) const FLOATS: u64 = 1;
    pub(super) const FUNS: u64 = 2;
}

/// A tag's number: nearly always small.
enum Number {
    Small(i64),
    Big(BigInt),
}

fn read_number(cursor: &mut Cursor<'_>) -> Result<(u8, Number), ReadError> {
    let first = cursor.u8()?;
    let tag = first & 7;
    if first & 0b1000 == 0 {
        return Ok((tag, Number::Small(i64::from(first >> 4))));
    }
    if first & 0b1_0000 == 0 {
        let low = cursor.u8()?;
        return Ok((tag, Number::Small(i64::from(first & 0b1110_0000) << 3 | i64::from(low))));
    }
    let short = usize::from(first >> 5);
    let length = if short < 7 {
        short + 2
    } else {
        // The length is itself a number. It may not be of this longest form again: no data is so long.
        let Some((tag::U, length)) = read_small(cursor)? else {
            return Err(cursor.error(ReadErrorKind::Range { what: "length of an operand" }));
        };
        cursor.check_count(length.saturating_add(9), 1)?
    };
    let bytes = cursor.take(length)?;
    Ok((tag, number_from_bytes(bytes)))
}

/// A number of the two short forms.
fn read_small(cursor: &mut Cursor<'_>) -> Result<Option<(u8, u64)>, ReadError> {
    let first = cursor.u8()?;
    let tag = first & 7;
    match (first >> 3) & 3 {
        0 | 2 => Ok(Some((tag, u64::from(first >> 4)))),
        1 => {
            let low = cursor.u8()?;
            Ok(Some((tag, u64::from(first & 0b1110_0000) << 3 | u64::from(low))))
        }
        _ => {
            let short = usize::from(first >> 5);
            if short == 7 {
                return Ok(None);
            }
            let bytes = cursor.take(short + 2)?;
            Ok(match number_from_bytes(bytes) {
                Number::Small(value) => u64::try_from(value).ok().map(|value| (tag, value)),
                Number::Big(_) => None,
            })
        }
    }
}

fn number_from_bytes(bytes: &[u8]) -> Number {
    if bytes.len() <= 8 {
        let sign = if bytes[0] & 0x80 == 0 { 0i64 } else { -1 };
        return Number::Small(bytes.iter().fold(sign, |value, &byte| value << 8 | i64::from(byte)));
    }
    let big = BigInt::from_signed_bytes_be(bytes);
    match big.to_i64() {
        Some(small) => Number::Small(small),
        None => Number::Big(big),
    }
}

/// Reads an unsigned number with the `u` tag, as lengths and indices have.
pub(crate) fn read_unsigned(cursor: &mut Cursor<'_>) -> Result<u64, ReadError> {
    let (tag, number) = read_number(cursor)?;
    if tag != tag::U {
        return Err(cursor.error(ReadErrorKind::OperandTag(u64::from(tag))));
    }
    unsigned(cursor, number)
}

/// Reads a number with its tag, both as they stand there; only non-negative ones.
pub(crate) fn read_tagged(cursor: &mut Cursor<'_>) -> Result<(u8, u64), ReadError> {
    let (tag, number) = read_number(cursor)?;
    Ok((tag, unsigned(cursor, number)?))
}

fn unsigned(cursor: &Cursor<'_>, number: Number) -> Result<u64, ReadError> {
    match number {
        Number::Small(value) => u64::try_from(value).ok(),
        Number::Big(value) => value.to_u64(),
    }
    .ok_or_else(|| cursor.error(ReadErrorKind::Range { what: "number" }))
}

fn narrow<T: TryFrom<u64>>(cursor: &Cursor<'_>, value: u64, what: &'static str) -> Result<T, ReadError> {
    T::try_from(value).map_err(|_| cursor.error(ReadErrorKind::Range { what }))
}

impl Operand {
    /// Reads an operand of one or two bytes, as nearly all are, if it is a plain one without fault.
    #[inline]
    fn read_short(cursor: &mut Cursor<'_>, atoms: &[Atom]) -> Option<Self> {
        let &[first, ref rest @ ..] = cursor.ahead() else { return None };
        let (value, length) = match (first & 0b1_1000, rest) {
            (0 | 0b1_0000, _) => (u16::from(first >> 4), 1),
            (0b0_1000, [low, ..]) => (u16::from(first & 0b1110_0000) << 3 | u16::from(*low), 2),
            _ => return None,
        };
        let operand = match first & 7 {
            tag::U => Self::U(u64::from(value)),
            tag::I => Self::Int(i64::from(value)),
            tag::A if value == 0 => Self::Nil,
            tag::A => Self::Atom(*atoms.get(usize::from(value) - 1)?),
            tag::X => Self::X(value),
            tag::Y => Self::Y(value),
            tag::F => Self::Label(u32::from(value)),
            _ => return None,
        };
        cursor.skip(length);
        Some(operand)
    }

    /// Reads one operand; `atoms` is the file's atom table, index 1 first.
    pub(crate) fn read(cursor: &mut Cursor<'_>, atoms: &[Atom]) -> Result<Self, ReadError> {
        if let Some(operand) = Self::read_short(cursor, atoms) {
            return Ok(operand);
        }
        let (tag, number) = read_number(cursor)?;
        if tag == tag::Z {
            return match unsigned(cursor, number)? {
                extended::LIST => {
                    let count = read_unsigned(cursor)?;
                    let count = cursor.check_count(count, 1)?;
                    let mut list = Vec::with_capacity(count);
                    for _ in 0..count {
                        list.push(Self::read_plain(cursor, atoms)?);
                    }
                    Ok(Self::List(list))
                }
                extended::ALLOC => read_alloc(cursor),
                other => Self::read_extended(cursor, other),
            };
        }
        Self::from_number(cursor, atoms, tag, number)
    }

    /// Reads an operand that may stand in a list.
    fn read_plain(cursor: &mut Cursor<'_>, atoms: &[Atom]) -> Result<Self, ReadError> {
        let (tag, number) = read_number(cursor)?;
        if tag == tag::Z {
            let which = unsigned(cursor, number)?;
            return Self::read_extended(cursor, which);
        }
        Self::from_number(cursor, atoms, tag, number)
    }

    fn read_extended(cursor: &mut Cursor<'_>, which: u64) -> Result<Self, ReadError> {
        match which {
            extended::FLOAT_REGISTER => {
                let register = read_unsigned(cursor)?;
                Ok(Self::Fr(narrow(cursor, register, "floating-point register")?))
            }
            extended::LITERAL => {
                let index = read_unsigned(cursor)?;
                Ok(Self::Literal(narrow(cursor, index, "literal index")?))
            }
            extended::TYPED => {
                let (tag, register) = read_tagged(cursor)?;
                let register = match tag {
                    tag::X => Self::X(narrow(cursor, register, "X register")?),
                    tag::Y => Self::Y(narrow(cursor, register, "Y register")?),
                    _ => return Err(cursor.error(ReadErrorKind::OperandTag(u64::from(tag)))),
                };
                let index = read_unsigned(cursor)?;
                Ok(Self::Typed(Box::new(register), narrow(cursor, index, "type index")?))
            }
            _ => Err(cursor.error(ReadErrorKind::OperandTag(which << 4 | u64::from(tag::Z)))),
        }
    }

    fn from_number(cursor: &Cursor<'_>, atoms: &[Atom], tag: u8, number: Number) -> Result<Self, ReadError> {
        if tag == tag::I {
            return Ok(match number {
                Number::Small(value) => Self::Int(value),
                Number::Big(value) => Self::Big(value),
            });
        }
        let value = unsigned(cursor, number)?;
        Ok(match tag {
            tag::U => Self::U(value),
            tag::A => match value.checked_sub(1) {
                None => Self::Nil,
                Some(index) => usize::try_from(index)
                    .ok()
                    .and_then(|index| atoms.get(index))
                    .map(|&atom| Self::Atom(atom))
                    .ok_or_else(|| cursor.error(ReadErrorKind::AtomIndex(value)))?,
            },
            tag::X => Self::X(narrow(cursor, value, "X register")?),
            tag::Y => Self::Y(narrow(cursor, value, "Y register")?),
            tag::F => Self::Label(narrow(cursor, value, "label")?),
            tag::H => Self::Char(narrow(cursor, value, "character")?),
            _ => return Err(cursor.error(ReadErrorKind::OperandTag(u64::from(tag)))),
        })
    }

    /// Appends the operand's encoding; `atom_index` gives an atom its place in the table, counted from 1.
    pub(crate) fn write(&self, out: &mut Vec<u8>, atom_index: &mut dyn FnMut(Atom) -> u32) {
        match self {
            Self::U(value) => write_unsigned(out, tag::U, *value),
            Self::Int(value) => write_signed(out, tag::I, *value),
            Self::Big(value) => match value.to_i64() {
                Some(value) => write_signed(out, tag::I, value),
                None => write_bytes(out, tag::I, &value.to_signed_bytes_be()),
            },
            Self::Atom(atom) => write_unsigned(out, tag::A, u64::from(atom_index(*atom))),
            Self::Nil => write_unsigned(out, tag::A, 0),
            Self::X(register) => write_unsigned(out, tag::X, u64::from(*register)),
            Self::Y(register) => write_unsigned(out, tag::Y, u64::from(*register)),
            Self::Fr(register) => {
                write_unsigned(out, tag::Z, extended::FLOAT_REGISTER);
                write_unsigned(out, tag::U, u64::from(*register));
            }
            Self::Label(label) => write_unsigned(out, tag::F, u64::from(*label)),
            Self::Char(char) => write_unsigned(out, tag::H, u64::from(*char)),
            Self::Literal(index) => {
                write_unsigned(out, tag::Z, extended::LITERAL);
                write_unsigned(out, tag::U, u64::from(*index));
            }
            Self::List(list) => {
                write_unsigned(out, tag::Z, extended::LIST);
                write_unsigned(out, tag::U, list.len() as u64);
                for operand in list {
                    operand.write(out, atom_index);
                }
            }
            Self::Alloc { words, floats, funs } => {
                let entries = [(alloc::WORDS, *words), (alloc::FLOATS, *floats), (alloc::FUNS, *funs)];
                let given = || entries.iter().filter(|(kind, count)| *kind == alloc::WORDS || *count > 0);
                write_unsigned(out, tag::Z, extended::ALLOC);
                write_unsigned(out, tag::U, given().count() as u64);
                for (kind, count) in given() {
                    write_unsigned(out, tag::U, *kind);
                    write_unsigned(out, tag::U, u64::from(*count));
                }
            }
            Self::Typed(register, index) => {
                write_unsigned(out, tag::Z, extended::TYPED);
                register.write(out, atom_index);
                write_unsigned(out, tag::U, u64::from(*index));
            }
        }
    }
}

/// Goes over an operand without making it. Answers the value of one that is a small number, register, label or atom
/// index, and 0 for others.
#[inline(always)]
pub(crate) fn glance(cursor: &mut Cursor<'_>) -> Result<u64, ReadError> {
    match *cursor.ahead() {
        [first, ..] if first & 7 != tag::Z && first & 0b1000 == 0 => {
            cursor.skip(1);
            Ok(u64::from(first >> 4))
        }
        [first, low, ..] if first & 7 != tag::Z && first & 0b1_0000 == 0 => {
            cursor.skip(2);
            Ok(u64::from(first & 0b1110_0000) << 3 | u64::from(low))
        }
        [first, ..] if first & 7 == tag::Z => glance_extended(cursor),
        _ => glance_long(cursor),
    }
}

/// The same of other operands than those of one or two bytes.
#[inline(never)]
fn glance_long(cursor: &mut Cursor<'_>) -> Result<u64, ReadError> {
    let (_, number) = read_number(cursor)?;
    Ok(unsigned(cursor, number).unwrap_or_default())
}

#[inline(never)]
fn glance_extended(cursor: &mut Cursor<'_>) -> Result<u64, ReadError> {
    let operands = match glance_plain(cursor)? {
        Some(extended::LIST) => read_unsigned(cursor)?,
        Some(extended::ALLOC) => read_unsigned(cursor)?.saturating_mul(2),
        _ => 0,
    };
    for _ in 0..cursor.check_count(operands, 1)? {
        glance_plain(cursor)?;
    }
    Ok(0)
}

/// Goes over an operand that may stand in a list; of another it answers which kind it is and stands behind that.
#[inline(always)]
fn glance_plain(cursor: &mut Cursor<'_>) -> Result<Option<u64>, ReadError> {
    let is_extended = cursor.ahead().first().is_some_and(|first| first & 7 == tag::Z);
    if !is_extended {
        glance_number(cursor)?;
        return Ok(None);
    }
    match glance_number(cursor)? {
        extended::TYPED => {
            glance_number(cursor)?;
            glance_number(cursor)?;
        }
        extended::FLOAT_REGISTER | extended::LITERAL => {
            glance_number(cursor)?;
        }
        which => return Ok(Some(which)),
    }
    Ok(None)
}

/// Goes over a tag and its number, and answers this if it is small.
#[inline(always)]
fn glance_number(cursor: &mut Cursor<'_>) -> Result<u64, ReadError> {
    match *cursor.ahead() {
        [first, ..] if first & 0b1000 == 0 => {
            cursor.skip(1);
            Ok(u64::from(first >> 4))
        }
        [first, low, ..] if first & 0b1_0000 == 0 => {
            cursor.skip(2);
            Ok(u64::from(first & 0b1110_0000) << 3 | u64::from(low))
        }
        _ => glance_long(cursor),
    }
}

fn read_alloc(cursor: &mut Cursor<'_>) -> Result<Operand, ReadError> {
    let count = read_unsigned(cursor)?;
    let (mut words, mut floats, mut funs) = (0u32, 0u32, 0u32);
    for _ in 0..cursor.check_count(count, 2)? {
        let sum = match read_unsigned(cursor)? {
            alloc::WORDS => &mut words,
            alloc::FLOATS => &mut floats,
            alloc::FUNS => &mut funs,
            _ => return Err(cursor.error(ReadErrorKind::Range { what: "kind of allocation" })),
        };
        let value = read_unsigned(cursor)?;
        *sum = u32::try_from(value)
            .ok()
            .and_then(|value| sum.checked_add(value))
            .ok_or_else(|| cursor.error(ReadErrorKind::Range { what: "size of an allocation" }))?;
    }
    Ok(Operand::Alloc { words, floats, funs })
}

/// Appends a non-negative number with its tag.
pub(crate) fn write_unsigned(out: &mut Vec<u8>, tag: u8, value: u64) {
    match i64::try_from(value) {
        Ok(value) => write_signed(out, tag, value),
        Err(_) => {
            let mut bytes = [0; 9];
            bytes[1..].copy_from_slice(&value.to_be_bytes());
            write_bytes(out, tag, &bytes);
        }
    }
}

/// Appends a number with its tag.
fn write_signed(out: &mut Vec<u8>, tag: u8, value: i64) {
    let low = value.to_be_bytes()[7];
    if (0..16).contains(&value) {
        out.push(low << 4 | tag);
    } else if (0..0x800).contains(&value) {
        let high = value.to_be_bytes()[6];
        out.push(high << 5 | 0b1000 | tag);
        out.push(low);
    } else {
        let bytes = value.to_be_bytes();
        // Leading bytes that only repeat the sign are left out, but two always stay.
        let filler = if value < 0 { 0xff } else { 0 };
        let mut start = 0;
        while start < 6 && bytes[start] == filler && (bytes[start + 1] ^ filler) & 0x80 == 0 {
            start += 1;
        }
        write_bytes(out, tag, &bytes[start..]);
    }
}

/// Appends a number of at least two bytes in two's complement.
fn write_bytes(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    match u8::try_from(bytes.len()) {
        Ok(length @ 2..=8) => out.push((length - 2) << 5 | 0b1_1000 | tag),
        _ => {
            out.push(0b1111_1000 | tag);
            write_unsigned(out, tag::U, bytes.len() as u64 - 9);
        }
    }
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(operand: &Operand) -> Vec<u8> {
        let mut out = Vec::new();
        operand.write(&mut out, &mut |_| 3);
        out
    }

    fn round_trip(operand: Operand) {
        let bytes = encoded(&operand);
        let atoms = [Atom::new("m"), Atom::new("f"), Atom::new("a")];
        let mut cursor = Cursor::new(&bytes, None);
        assert_eq!(Operand::read(&mut cursor, &atoms), Ok(operand), "{bytes:02x?}");
        assert!(cursor.is_empty());
    }

    #[test]
    fn known_encodings() {
        assert_eq!(encoded(&Operand::U(15)), [0xf0]);
        assert_eq!(encoded(&Operand::U(16)), [0x08, 16]);
        assert_eq!(encoded(&Operand::U(0x7ff)), [0xe8, 0xff]);
        assert_eq!(encoded(&Operand::U(0x800)), [0x18, 0x08, 0x00]);
        assert_eq!(encoded(&Operand::U(0x8000)), [0x38, 0x00, 0x80, 0x00]);
        assert_eq!(encoded(&Operand::Int(-1)), [0x19, 0xff, 0xff]);
        assert_eq!(encoded(&Operand::Int(-0x8001)), [0x39, 0xff, 0x7f, 0xff]);
        assert_eq!(encoded(&Operand::Nil), [0x02]);
        assert_eq!(encoded(&Operand::X(2)), [0x23]);
        assert_eq!(encoded(&Operand::Fr(1)), [0x27, 0x10]);
        assert_eq!(encoded(&Operand::List(vec![Operand::Y(0)])), [0x17, 0x10, 0x04]);
        assert_eq!(encoded(&Operand::Literal(5)), [0x47, 0x50]);
        assert_eq!(encoded(&Operand::Typed(Box::new(Operand::X(1)), 2)), [0x57, 0x13, 0x20]);
        let words = Operand::Alloc { words: 2, floats: 1, funs: 0 };
        assert_eq!(encoded(&words), [0x37, 0x20, 0x00, 0x20, 0x10, 0x10]);
    }

    #[test]
    fn every_operand_reads_back() {
        for shift in 0..64 {
            for delta in [-1i64, 0, 1] {
                let value = (1i64 << shift).wrapping_add(delta);
                round_trip(Operand::Int(value));
                round_trip(Operand::Int(value.wrapping_neg()));
                round_trip(Operand::U(value.unsigned_abs()));
            }
        }
        round_trip(Operand::U(u64::MAX));
        for bits in [64u32, 71, 72, 127, 128, 1000, 100_000] {
            let big = BigInt::from(1) << bits;
            round_trip(Operand::Big(big.clone()));
            round_trip(Operand::Big(-big.clone() - 1));
            round_trip(Operand::Big(-big));
        }
        round_trip(Operand::Atom(Atom::new("a")));
        round_trip(Operand::Label(70_000));
        round_trip(Operand::Char(0x10_ffff));
        round_trip(Operand::Alloc { words: 0, floats: 0, funs: 4 });
        round_trip(Operand::List(vec![
            Operand::Literal(3000),
            Operand::Typed(Box::new(Operand::Y(20)), 9),
            Operand::Nil,
        ]));
    }

    #[test]
    fn hostile_operands_are_errors() {
        for bytes in [
            &[][..],
            &[0x18],
            &[0xf8],
            &[0xf8, 0xf8, 0xf8, 0xf8],
            &[0xf9, 0xd8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x17, 0xd8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x17, 0x10, 0x17, 0x00],
            &[0x07],
            &[0x57, 0x00, 0x00],
            &[0x1b, 0xff, 0xff],
            &[0x42],
        ] {
            let mut cursor = Cursor::new(bytes, None);
            assert!(Operand::read(&mut cursor, &[Atom::new("m")]).is_err(), "{bytes:02x?}");
        }
    }
}
