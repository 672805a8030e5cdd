//! Expressions that stand for terms: in attributes, and for `erl_parse:parse_term/1`.

use crate::ast::{BinElement, Expr, ExprKind, MapFieldKind, UnaryOp};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use swerl_beam::Literal;

/// The expression is not a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a term")]
pub struct NotATerm;

/// The term that an expression writes.
///
/// # Errors
/// When it is not written as one: variables, calls, operators other than a sign...
pub fn term_of(expr: &Expr) -> Result<Literal, NotATerm> {
    Ok(match &expr.kind {
        ExprKind::Atom(atom) => Literal::Atom(*atom),
        ExprKind::Integer(value) => Literal::Int(*value),
        ExprKind::BigInteger(value) => Literal::Big((**value).clone()),
        ExprKind::Char(char) => Literal::Int(i64::from(u32::from(*char))),
        ExprKind::Float(value) => Literal::Float(*value),
        ExprKind::String(text) => Literal::string(text),
        ExprKind::Nil => Literal::Nil,
        ExprKind::List(elements, tail) => {
            let mut list = terms_of(elements)?;
            match term_of(tail)? {
                Literal::List(more, tail) => {
                    list.extend(more);
                    Literal::List(list, tail)
                }
                tail => Literal::List(list, Box::new(tail)),
            }
        }
        ExprKind::Tuple(elements) => Literal::Tuple(terms_of(elements)?),
        ExprKind::Map { base: None, fields } => {
            let mut pairs: Vec<(Literal, Literal)> = Vec::with_capacity(fields.len());
            let mut known: HashMap<Vec<u8>, usize> = HashMap::with_capacity(fields.len());
            for field in fields {
                if field.kind != MapFieldKind::Assoc {
                    return Err(NotATerm);
                }
                let (key, value) = (term_of(&field.key)?, term_of(&field.value)?);
                match known.entry(key.to_etf()) {
                    Entry::Occupied(at) => pairs[*at.get()].1 = value,
                    Entry::Vacant(place) => {
                        place.insert(pairs.len());
                        pairs.push((key, value));
                    }
                }
            }
            Literal::Map(pairs)
        }
        ExprKind::Bin(elements) => bits(elements)?,
        ExprKind::FunRemote(parts) => match [&parts[0].kind, &parts[1].kind, &parts[2].kind] {
            [ExprKind::Atom(module), ExprKind::Atom(function), ExprKind::Integer(arity)] => {
                Literal::Fun(*module, *function, u8::try_from(*arity).map_err(|_| NotATerm)?)
            }
            _ => return Err(NotATerm),
        },
        ExprKind::Unary(UnaryOp::Plus, operand) => number(operand)?,
        ExprKind::Unary(UnaryOp::Minus, operand) => match number(operand)? {
            Literal::Int(value) => Literal::Int(-value),
            Literal::Big(value) => {
                let value = -value;
                value.to_i64().map_or(Literal::Big(value), Literal::Int)
            }
            Literal::Float(value) => Literal::Float(-value),
            _ => return Err(NotATerm),
        },
        _ => return Err(NotATerm),
    })
}

fn terms_of(exprs: &[Expr]) -> Result<Vec<Literal>, NotATerm> {
    exprs.iter().map(term_of).collect()
}

fn number(expr: &Expr) -> Result<Literal, NotATerm> {
    match expr.kind {
        ExprKind::Char(_) | ExprKind::Integer(_) | ExprKind::BigInteger(_) | ExprKind::Float(_) => {
            term_of(expr)
        }
        _ => Err(NotATerm),
    }
}

/// Bits under construction.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are used: 0 when that byte is full.
    partial: u8,
}

impl Bits {
    fn push_bit(&mut self, bit: bool) {
        if self.partial == 0 {
            self.bytes.push(0);
        }
        if bit && let Some(last) = self.bytes.last_mut() {
            *last |= 0x80 >> self.partial;
        }
        self.partial = (self.partial + 1) % 8;
    }

    /// The lowest `size` bits of `byte`, highest first.
    fn push_bits(&mut self, byte: u8, size: u8) {
        if size == 8 && self.partial == 0 {
            self.bytes.push(byte);
        } else {
            (0..size).rev().for_each(|index| self.push_bit(byte >> index & 1 == 1));
        }
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.push_bits(byte, 8));
    }

    fn into_literal(self) -> Literal {
        Literal::Bits(self.bytes.into(), if self.partial == 0 { 8 } else { self.partial })
    }
}

/// The most bits that a segment of a constant may take.
const MAX_SEGMENT: u64 = 1 << 24;

#[derive(Clone, Copy, PartialEq)]
enum SegmentType {
    Integer,
    Float,
    Binary,
    Utf8,
    Utf16,
    Utf32,
}

struct Segment {
    ty: SegmentType,
    little: bool,
    /// In bits; none for all of a binary and for the `utf` types.
    size: Option<u64>,
}

fn segment(element: &BinElement) -> Result<Segment, NotATerm> {
    let (mut ty, mut little, mut unit) = (SegmentType::Integer, false, None);
    for spec in element.specs.iter().flatten() {
        match (spec.name.as_str(), spec.value) {
            ("integer", None) => ty = SegmentType::Integer,
            ("float", None) => ty = SegmentType::Float,
            ("binary" | "bytes", None) => ty = SegmentType::Binary,
            ("bitstring" | "bits", None) => (ty, unit) = (SegmentType::Binary, unit.or(Some(1))),
            ("utf8", None) => ty = SegmentType::Utf8,
            ("utf16", None) => ty = SegmentType::Utf16,
            ("utf32", None) => ty = SegmentType::Utf32,
            ("little", None) => little = true,
            ("native", None) => little = cfg!(target_endian = "little"),
            ("big" | "signed" | "unsigned", None) => {}
            ("unit", Some(value @ 1..=256)) => unit = u64::try_from(value).ok(),
            _ => return Err(NotATerm),
        }
    }
    let size = match &element.size {
        Some(Expr { kind: ExprKind::Integer(size), .. }) => Some(u64::try_from(*size).map_err(|_| NotATerm)?),
        Some(_) => return Err(NotATerm),
        None => None,
    };
    let size = match (ty, size) {
        (SegmentType::Integer, size) => Some(size.unwrap_or(8) * unit.unwrap_or(1)),
        (SegmentType::Float, size) => Some(size.unwrap_or(64) * unit.unwrap_or(1)),
        (SegmentType::Binary, size) => size.map(|size| size.saturating_mul(unit.unwrap_or(8))),
        (_, None) => None,
        (_, Some(_)) => return Err(NotATerm),
    };
    if size.is_some_and(|size| size > MAX_SEGMENT) { Err(NotATerm) } else { Ok(Segment { ty, little, size }) }
}

fn bits(elements: &[BinElement]) -> Result<Literal, NotATerm> {
    let mut bits = Bits::default();
    for element in elements {
        let segment = segment(element)?;
        match &element.value.kind {
            ExprKind::String(text) => {
                for char in text.chars() {
                    push_value(&mut bits, &segment, Literal::Int(i64::from(u32::from(char))))?;
                }
            }
            _ => push_value(&mut bits, &segment, term_of(&element.value)?)?,
        }
    }
    Ok(bits.into_literal())
}

fn push_value(bits: &mut Bits, segment: &Segment, value: Literal) -> Result<(), NotATerm> {
    let size = segment.size;
    match (segment.ty, value) {
        (SegmentType::Integer, Literal::Int(value)) => push_integer(bits, segment, &value.into()),
        (SegmentType::Integer, Literal::Big(value)) => push_integer(bits, segment, &value),
        (SegmentType::Float, value) => {
            let value = match value {
                Literal::Float(value) => value,
                Literal::Int(value) => value.to_f64().ok_or(NotATerm)?,
                _ => return Err(NotATerm),
            };
            let mut bytes = match size {
                Some(64) => value.to_be_bytes().to_vec(),
                #[allow(clippy::cast_possible_truncation, reason = "a float of 32 bits was asked for")]
                Some(32) => (value as f32).to_be_bytes().to_vec(),
                _ => return Err(NotATerm),
            };
            if segment.little {
                bytes.reverse();
            }
            bits.push_bytes(&bytes);
        }
        (SegmentType::Binary, Literal::Bits(bytes, last)) => {
            let have = (bytes.len() as u64 * 8).saturating_sub(u64::from(8 - last));
            let take = size.unwrap_or(have);
            if take > have {
                return Err(NotATerm);
            }
            for index in 0..take {
                let byte = bytes[usize::try_from(index / 8).map_err(|_| NotATerm)?];
                bits.push_bit(byte >> (7 - index % 8) & 1 == 1);
            }
        }
        (ty @ (SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32), Literal::Int(value)) => {
            let char = u32::try_from(value).ok().and_then(char::from_u32).ok_or(NotATerm)?;
            push_char(bits, ty, segment.little, char);
        }
        _ => return Err(NotATerm),
    }
    Ok(())
}

fn push_char(bits: &mut Bits, ty: SegmentType, little: bool, char: char) {
    match ty {
        SegmentType::Utf16 => {
            for unit in char.encode_utf16(&mut [0; 2]) {
                bits.push_bytes(&if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
        }
        SegmentType::Utf32 => {
            let unit = u32::from(char);
            bits.push_bytes(&if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        _ => bits.push_bytes(char.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// The lowest bits of an integer in two's complement.
fn push_integer(bits: &mut Bits, segment: &Segment, value: &BigInt) {
    let size = usize::try_from(segment.size.unwrap_or(8)).unwrap_or(0);
    let mut bytes = value.to_signed_bytes_le();
    let fill = if value.sign() == num_bigint::Sign::Minus { 0xFF } else { 0 };
    let length = size.div_ceil(8);
    bytes.resize(length, fill);
    let rest = u8::try_from(size % 8).unwrap_or(0);
    if segment.little {
        let whole = if rest == 0 { length } else { length - 1 };
        bits.push_bytes(&bytes[..whole]);
        if rest != 0 {
            bits.push_bits(bytes[whole], rest);
        }
    } else {
        if rest != 0
            && let Some(top) = bytes.pop()
        {
            bits.push_bits(top, rest);
        }
        bytes.reverse();
        bits.push_bytes(&bytes);
    }
}
