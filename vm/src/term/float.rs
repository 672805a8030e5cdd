//! Self-tagged floats: the common ones are immediates, the rest are boxed.
//!
//! Source: "Float Self-Tagging" (arXiv 2411.16544). Adding 2^60 to the bits and rotating by four brings the
//! exponent's top bits into the tag: zero and numbers below 2^-767, and those between 2^-255 and 2^257 in
//! magnitude, get the tags 001, 100 and 101.

use super::{Kind, Term};

const OFFSET: u64 = 1 << 60;
const SELF_TAGS: u32 = 0x3232_3232;

/// Is this word a self-tagged float?
#[inline]
pub(crate) const fn is_self_tagged(word: u64) -> bool {
    (SELF_TAGS >> (word & 31)) & 1 != 0
}

/// The word of `value`, if it is in the self-tagged range.
#[inline]
pub(crate) const fn encode(value: f64) -> Option<Term> {
    let word = value.to_bits().wrapping_add(OFFSET).rotate_left(4);
    if is_self_tagged(word) { Some(Term(word)) } else { None }
}

#[inline]
pub(crate) const fn decode(word: u64) -> f64 {
    f64::from_bits(word.rotate_right(4).wrapping_sub(OFFSET))
}

impl Term {
    /// The value, if this is a float.
    #[must_use]
    #[inline(always)]
    pub fn as_float(self) -> Option<f64> {
        if is_self_tagged(self.0) {
            Some(decode(self.0))
        } else if self.is_kind(Kind::Float) {
            Some(f64::from_bits(self.boxed_words()[0]))
        } else {
            None
        }
    }

    /// Is this a float?
    #[must_use]
    #[inline(always)]
    pub fn is_float(self) -> bool {
        is_self_tagged(self.0) || self.is_kind(Kind::Float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_floats_are_immediates() {
        for value in [0.0, -0.0, 1.0, -1.0, 0.1, 1.0e10, 3.5e-20, 1.0e70, -2.5e70, 1.0e-70] {
            let term = encode(value).expect("in the self-tagged range");
            assert_eq!(term.as_float().map(f64::to_bits), Some(value.to_bits()));
            assert!(term.is_immediate());
        }
        assert!(encode(1.0e300).is_none());
        assert!(encode(f64::INFINITY).is_none());
        assert!(encode(f64::NAN).is_none());
    }
}
