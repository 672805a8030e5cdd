//! Integers of any size, seen as one type.

use super::{Kind, SMALL_MAX, SMALL_MIN, Term};
use num_bigint::{BigInt, Sign};

/// An integer's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integer {
    /// Fits a small term.
    Small(i64),
    /// Does not.
    Big(BigInt),
}

impl Integer {
    /// As a big integer.
    #[must_use]
    pub fn into_big(self) -> BigInt {
        match self {
            Self::Small(value) => BigInt::from(value),
            Self::Big(value) => value,
        }
    }

    /// As a float, if it is not too large for one. The 64-bit digits are added up from the least one, each sum
    /// rounded, as OTP does it: the last bit of an integer beyond 64 bits may differ from the nearest float's.
    #[must_use]
    pub fn to_float(&self) -> Option<f64> {
        let value = match self {
            Self::Small(value) => return Some(*value as f64),
            Self::Big(value) => value,
        };
        let mut sum = 0.0;
        let mut weight = 1.0;
        for digit in value.magnitude().iter_u64_digits() {
            sum += digit as f64 * weight;
            weight *= 18_446_744_073_709_551_616.0;
        }
        if !f64::is_finite(sum) {
            return None;
        }
        Some(if value.sign() == Sign::Minus { -sum } else { sum })
    }
}

impl From<BigInt> for Integer {
    fn from(value: BigInt) -> Self {
        match i64::try_from(&value) {
            Ok(small) if (SMALL_MIN..=SMALL_MAX).contains(&small) => Self::Small(small),
            _ => Self::Big(value),
        }
    }
}

impl Term {
    /// Is this an integer of any size?
    #[must_use]
    #[inline(always)]
    pub fn is_integer(self) -> bool {
        self.is_small() || matches!(self.kind(), Some(Kind::BigPos | Kind::BigNeg))
    }

    /// Is this a number?
    #[must_use]
    #[inline(always)]
    pub fn is_number(self) -> bool {
        self.is_integer() || self.is_float()
    }

    /// Sign and 64-bit limbs (least first) of a big integer.
    #[must_use]
    pub fn as_big_limbs<'a>(self) -> Option<(bool, &'a [u64])> {
        match self.kind()? {
            Kind::BigPos => Some((false, self.boxed_words())),
            Kind::BigNeg => Some((true, self.boxed_words())),
            _ => None,
        }
    }

    /// The value, if this is an integer.
    #[must_use]
    pub fn as_integer(self) -> Option<Integer> {
        if let Some(value) = self.as_small() {
            return Some(Integer::Small(value));
        }
        self.as_big_limbs().map(|(negative, limbs)| Integer::Big(big_from_limbs(negative, limbs)))
    }

    /// The value, if this is an integer that fits 64 bits signed.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        if let Some(value) = self.as_small() {
            return Some(value);
        }
        match self.as_big_limbs()? {
            (false, &[limb]) => i64::try_from(limb).ok(),
            (true, &[limb]) => 0i64.checked_sub_unsigned(limb),
            _ => None,
        }
    }

    /// The value, if this is an integer that fits 64 bits unsigned.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        if let Some(value) = self.as_small() {
            return u64::try_from(value).ok();
        }
        match self.as_big_limbs()? {
            (false, &[limb]) => Some(limb),
            _ => None,
        }
    }
}

/// The big integer of these limbs.
#[must_use]
pub(crate) fn big_from_limbs(negative: bool, limbs: &[u64]) -> BigInt {
    let mut digits = Vec::with_capacity(limbs.len() * 2);
    for &limb in limbs {
        digits.push(limb as u32);
        digits.push((limb >> 32) as u32);
    }
    BigInt::from_slice(if negative { Sign::Minus } else { Sign::Plus }, &digits)
}
