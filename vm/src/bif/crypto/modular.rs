//! Arithmetic modulo large odd numbers, in a time that does not depend on the values.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero};

/// An odd number that others are reduced by.
#[derive(Debug)]
pub(super) struct Modulus {
    params: BoxedMontyParams,
    value: NonZero<BoxedUint>,
}

/// A number modulo another.
pub(super) type Residue = BoxedMontyForm;

/// The number that bytes write.
pub(super) fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(if bytes.is_empty() { &[0] } else { bytes })
}

/// Bytes of a number, the highest first, without zeros in front.
pub(super) fn digits(number: &BoxedUint) -> Vec<u8> {
    number.to_be_bytes_trimmed_vartime().into_vec()
}

impl Modulus {
    /// Of an odd number above 1.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let first = bytes.iter().position(|&byte| byte != 0)?;
        let value = number(&bytes[first..]);
        if value.bits_vartime() < 2 {
            return None;
        }
        let odd = value.to_odd().into_option()?;
        let value = value.into_nz().into_option()?;
        Some(Self { params: BoxedMontyParams::new(odd), value })
    }

    /// The number of its bits.
    pub(super) fn bits(&self) -> usize {
        self.value.bits_vartime() as usize
    }

    /// The number itself.
    pub(super) fn number(&self) -> &BoxedUint {
        &self.value
    }

    /// Bytes that hold every number below it.
    pub(super) fn size(&self) -> usize {
        self.bits().div_ceil(8)
    }

    /// A number reduced.
    pub(super) fn reduce(&self, bytes: &[u8]) -> Residue {
        Residue::new(number(bytes).rem(&self.value), &self.params)
    }

    /// A power; the exponent's size shows, its value does not.
    pub(super) fn power(&self, base: &Residue, exponent: &[u8]) -> Residue {
        base.pow(&number(exponent))
    }

    /// Bytes of a number below it, in its size.
    pub(super) fn bytes(&self, residue: &Residue) -> Vec<u8> {
        let bytes = residue.retrieve().to_be_bytes();
        bytes[bytes.len() - self.size()..].to_vec()
    }

    /// What is missing to it from a number below it.
    pub(super) fn other(&self, bytes: &[u8]) -> Vec<u8> {
        self.bytes(&self.reduce(bytes).neg())
    }

    /// A number below it or what is missing, whichever is smaller.
    pub(super) fn nearer(&self, bytes: &[u8]) -> Vec<u8> {
        self.other(bytes).min(bytes.to_vec())
    }

    /// Is the number that bytes write below it?
    pub(super) fn is_above(&self, bytes: &[u8]) -> bool {
        number(bytes).cmp_vartime(self.value.as_ref()).is_lt()
    }
}
