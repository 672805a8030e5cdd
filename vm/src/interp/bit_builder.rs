//! A bit string being built.

use crate::term::BitsView;
use num_bigint::BigInt;

/// Byte order of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Big,
    Little,
}

/// Bits so far; the unused bits of the last byte are zero.
#[derive(Debug, Default)]
pub(crate) struct BitBuilder {
    bytes: Vec<u8>,
    bits: usize,
}

impl BitBuilder {
    /// Whole bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let shift = self.bits % 8;
        if shift == 0 {
            self.bytes.extend_from_slice(bytes);
        } else {
            for &byte in bytes {
                if let Some(last) = self.bytes.last_mut() {
                    *last |= byte >> shift;
                }
                self.bytes.push(byte << (8 - shift));
            }
        }
        self.bits += bytes.len() * 8;
    }

    /// The `count` (1 to 8) low bits of `byte`.
    fn low_bits(&mut self, byte: u8, count: usize) {
        if count == 0 {
            return;
        }
        let left_aligned = byte << (8 - count);
        let shift = self.bits % 8;
        if shift == 0 {
            self.bytes.push(left_aligned);
        } else {
            if let Some(last) = self.bytes.last_mut() {
                *last |= left_aligned >> shift;
            }
            if count > 8 - shift {
                self.bytes.push(left_aligned << (8 - shift));
            }
        }
        self.bits += count;
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

    /// A float of 16, 32 or 64 bits; `None` for other sizes, or where it does not fit.
    pub(crate) fn float(&mut self, value: f64, size: usize, endian: Endian) -> Option<()> {
        let bytes: Vec<u8> = match size {
            16 => float_to_half(value)?.to_be_bytes().to_vec(),
            32 => {
                let single = value as f32;
                if !single.is_finite() {
                    return None;
                }
                single.to_be_bytes().to_vec()
            }
            64 => value.to_be_bytes().to_vec(),
            _ => return None,
        };
        self.limited(&bytes, size, endian);
        Some(())
    }

    /// The bytes, and how many bits of them count.
    pub(crate) fn finish(self) -> (Vec<u8>, usize) {
        (self.bytes, self.bits)
    }
}

/// IEEE 754 binary64 to binary16, to nearest, ties to even. `None` if too large.
fn float_to_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return Some(sign);
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
    (bits < 0x7c00).then_some(sign | bits as u16)
}
