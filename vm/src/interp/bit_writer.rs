//! Writing bits: integers, floats and other bit strings, at any bit position.

use crate::term::BitsView;
use num_bigint::BigInt;

/// Byte order of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Big,
    Little,
}

/// Writes bits one behind the other into memory whose bits from there on are zero.
#[derive(Debug)]
pub(crate) struct BitWriter<'a> {
    bytes: &'a mut [u8],
    /// Where the next bit goes, counted from the top bit of the first byte.
    at: usize,
}

impl<'a> BitWriter<'a> {
    /// Writes to `bytes` from bit `at` on.
    pub(crate) fn new(bytes: &'a mut [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Whole bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let (first, shift) = (self.at / 8, self.at % 8);
        if shift == 0 {
            self.bytes[first..first + bytes.len()].copy_from_slice(bytes);
        } else {
            for (index, &byte) in bytes.iter().enumerate() {
                self.bytes[first + index] |= byte >> shift;
                self.bytes[first + index + 1] = byte << (8 - shift);
            }
        }
        self.at += bytes.len() * 8;
    }

    /// The `count` (0 to 8) low bits of `byte`.
    fn low_bits(&mut self, byte: u8, count: usize) {
        if count == 0 {
            return;
        }
        let left_aligned = byte << (8 - count);
        let (index, shift) = (self.at / 8, self.at % 8);
        self.bytes[index] |= left_aligned >> shift;
        if count > 8 - shift {
            self.bytes[index + 1] = left_aligned << (8 - shift);
        }
        self.at += count;
    }

    /// Any bits.
    pub(crate) fn bits(&mut self, view: &BitsView<'_>) {
        if let Some(bytes) = view.as_bytes() {
            return self.bytes(bytes);
        }
        let bytes = view.to_bytes();
        let whole = view.size / 8;
        self.bytes(&bytes[..whole]);
        let rest = view.size % 8;
        if rest > 0 {
            self.low_bits(bytes[whole] >> (8 - rest), rest);
        }
    }

    /// The low `size` bits of an integer in two's complement.
    pub(crate) fn integer(&mut self, value: i64, size: usize, endian: Endian) {
        if size <= 64 && size.is_multiple_of(8) && self.at.is_multiple_of(8) {
            let count = size / 8;
            let to = &mut self.bytes[self.at / 8..self.at / 8 + count];
            match endian {
                Endian::Big => to.copy_from_slice(&value.to_be_bytes()[8 - count..]),
                Endian::Little => to.copy_from_slice(&value.to_le_bytes()[..count]),
            }
            self.at += size;
            return;
        }
        if size <= 64 {
            return self.limited(&value.to_be_bytes(), size, endian);
        }
        let fill = if value < 0 { 0xff } else { 0 };
        let mut bytes = vec![fill; size.div_ceil(8).max(8)];
        let at = bytes.len() - 8;
        bytes[at..].copy_from_slice(&value.to_be_bytes());
        self.limited(&bytes, size, endian);
    }

    /// The low `size` bits of a big integer in two's complement.
    pub(crate) fn big(&mut self, value: &BigInt, size: usize, endian: Endian) {
        let own = value.to_signed_bytes_be();
        let fill = if value.sign() == num_bigint::Sign::Minus { 0xff } else { 0 };
        let length = size.div_ceil(8).max(own.len());
        let mut bytes = vec![fill; length - own.len()];
        bytes.extend_from_slice(&own);
        self.limited(&bytes, size, endian);
    }

    /// The low `size` bits of these big-endian bytes, of which there are enough.
    fn limited(&mut self, bytes: &[u8], size: usize, endian: Endian) {
        let length = size.div_ceil(8);
        let bytes = &bytes[bytes.len() - length..];
        let rest = size % 8;
        match endian {
            Endian::Big => {
                if rest > 0 {
                    self.low_bits(bytes[0], rest);
                    self.bytes(&bytes[1..]);
                } else {
                    self.bytes(bytes);
                }
            }
            Endian::Little => {
                let mut reversed = bytes.to_vec();
                reversed.reverse();
                if rest > 0 {
                    self.bytes(&reversed[..length - 1]);
                    self.low_bits(reversed[length - 1], rest);
                } else {
                    self.bytes(&reversed);
                }
            }
        }
    }

    /// A float of 16, 32 or 64 bits; `None` for other sizes. One that is too large becomes infinite.
    pub(crate) fn float(&mut self, value: f64, size: usize, endian: Endian) -> Option<()> {
        match size {
            16 => self.limited(&float_to_half(value).to_be_bytes(), size, endian),
            32 => self.limited(&(value as f32).to_be_bytes(), size, endian),
            64 => self.limited(&value.to_be_bytes(), size, endian),
            _ => return None,
        }
        Some(())
    }
}

/// IEEE 754 binary64 to binary16, to nearest, ties to even.
fn float_to_half(value: f64) -> u16 {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return sign;
    }
    let exponent = (magnitude.log2().floor() as i32).max(-14);
    let scaled = magnitude / 2f64.powi(exponent - 10);
    let rounded = scaled.round_ties_even();
    // A fraction that rounds up to the next power of two carries into the exponent by itself.
    let bits = if exponent == -14 && rounded < 1024.0 {
        rounded as u32
    } else {
        ((exponent + 15) as u32) * 1024 + (rounded as u32 - 1024)
    };
    sign | bits.min(0x7c00) as u16
}
