//! Arithmetic on the limbs of big integers: magnitudes are slices of 64-bit words, least first, and numbers have a
//! sign beside them. Results go straight into a heap. Only products of two long numbers, and their texts, are left
//! to `num-bigint`, which knows faster ways for them.

use crate::term::Term;
use num_bigint::BigUint;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// A magnitude under work.
pub(super) type Limbs = SmallVec<[u64; 16]>;

/// From so many limbs of both factors on, multiplication is left to `num-bigint`.
const LONG: usize = 32;

/// An integer's sign and magnitude, seen in place.
pub(super) struct View<'a> {
    pub(super) negative: bool,
    small: [u64; 1],
    big: &'a [u64],
}

impl View<'_> {
    /// The integer that `term` is.
    pub(super) fn of(term: Term) -> Option<Self> {
        if let Some(value) = term.as_small() {
            return Some(Self { negative: value < 0, small: [value.unsigned_abs()], big: &[] });
        }
        let (negative, big) = term.as_big_limbs()?;
        Some(Self { negative, small: [0], big })
    }

    /// Its magnitude: no leading zero, nothing for zero.
    pub(super) fn magnitude(&self) -> &[u64] {
        match (self.big, self.small) {
            ([], [0]) => &[],
            ([], _) => &self.small,
            (big, _) => big,
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.magnitude().is_empty()
    }
}

/// Number of bits of a magnitude.
pub(super) fn bits(magnitude: &[u64]) -> u64 {
    match magnitude.last() {
        Some(last) => magnitude.len() as u64 * 64 - u64::from(last.leading_zeros()),
        None => 0,
    }
}

fn trim(limbs: &mut Limbs) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add_magnitudes(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut out = Limbs::with_capacity(long.len() + 1);
    let mut carry = false;
    let (low, high) = long.split_at(short.len());
    for (&x, &y) in low.iter().zip(short) {
        let (sum, first) = x.overflowing_add(y);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        carry = first | second;
        out.push(sum);
    }
    carry_into(&mut out, high, carry);
    out
}

/// The rest of a sum: the limbs that only one of its parts has.
fn carry_into(out: &mut Limbs, mut high: &[u64], mut carry: bool) {
    while carry && let Some((&limb, rest)) = high.split_first() {
        let sum;
        (sum, carry) = limb.overflowing_add(1);
        out.push(sum);
        high = rest;
    }
    out.extend_from_slice(high);
    if carry {
        out.push(1);
    }
}

/// `a - b`, where `a` is not less.
fn subtract_magnitudes(a: &[u64], b: &[u64]) -> Limbs {
    let mut out = Limbs::with_capacity(a.len());
    let mut borrow = false;
    let (low, mut high) = a.split_at(b.len());
    for (&x, &y) in low.iter().zip(b) {
        let (difference, first) = x.overflowing_sub(y);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        borrow = first | second;
        out.push(difference);
    }
    while borrow && let Some((&limb, rest)) = high.split_first() {
        let difference;
        (difference, borrow) = limb.overflowing_sub(1);
        out.push(difference);
        high = rest;
    }
    out.extend_from_slice(high);
    trim(&mut out);
    out
}

/// `a + b`, or `a - b` if `b` is to be `flipped`: sign and magnitude.
pub(super) fn sum(a: &View<'_>, b: &View<'_>, flipped: bool) -> (bool, Limbs) {
    let (x, y) = (a.magnitude(), b.magnitude());
    let negative = b.negative != flipped;
    if a.negative == negative {
        return (negative, add_magnitudes(x, y));
    }
    match compare(x, y) {
        Ordering::Less => (negative, subtract_magnitudes(y, x)),
        Ordering::Equal => (false, Limbs::new()),
        Ordering::Greater => (a.negative, subtract_magnitudes(x, y)),
    }
}

/// Adds `a * factor` to the limbs of `out`, which are at least as many; the carry is left over.
fn add_product(out: &mut [u64], a: &[u64], factor: u64) -> u64 {
    let mut carry = 0;
    for (place, &limb) in out.iter_mut().zip(a) {
        let wide = u128::from(limb) * u128::from(factor) + u128::from(*place) + u128::from(carry);
        *place = wide as u64;
        carry = (wide >> 64) as u64;
    }
    carry
}

fn unsigned(magnitude: &[u64]) -> BigUint {
    BigUint::new(magnitude.iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect())
}

/// The product of two magnitudes.
pub(super) fn product(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.len() >= LONG {
        return (unsigned(long) * unsigned(short)).iter_u64_digits().collect();
    }
    let mut out: Limbs = SmallVec::from_elem(0, long.len() + short.len());
    for (at, &factor) in short.iter().enumerate() {
        let carry = add_product(&mut out[at..at + long.len()], long, factor);
        out[at + long.len()] = carry;
    }
    trim(&mut out);
    out
}

/// Division of two words by a normalised one through its reciprocal (Möller and Granlund 2011).
struct Divisor {
    value: u64,
    reciprocal: u64,
}

impl Divisor {
    /// `value` has its highest bit set.
    fn new(value: u64) -> Self {
        let reciprocal = ((u128::from(!value) << 64 | u128::from(u64::MAX)) / u128::from(value)) as u64;
        Self { value, reciprocal }
    }

    /// Quotient and remainder of `high * 2^64 + low`; `high` is less than the divisor.
    #[inline]
    fn divide(&self, high: u64, low: u64) -> (u64, u64) {
        let estimate =
            u128::from(self.reciprocal) * u128::from(high) + (u128::from(high) << 64 | u128::from(low));
        let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
        let mut remainder = low.wrapping_sub(quotient.wrapping_mul(self.value));
        if remainder > estimate as u64 {
            quotient = quotient.wrapping_sub(1);
            remainder = remainder.wrapping_add(self.value);
        }
        if remainder >= self.value {
            quotient = quotient.wrapping_add(1);
            remainder -= self.value;
        }
        (quotient, remainder)
    }
}

/// Divides the limbs in place by one word; the remainder.
fn divide_by_word(limbs: &mut [u64], word: u64) -> u64 {
    let shift = word.leading_zeros();
    let divisor = Divisor::new(word << shift);
    // The dividend is shifted as it is read.
    let shifted = |high: u64, low: u64| if shift == 0 { high } else { high << shift | low >> (64 - shift) };
    let mut remainder = if shift == 0 { 0 } else { limbs.last().map_or(0, |last| last >> (64 - shift)) };
    for at in (0..limbs.len()).rev() {
        let below = if at == 0 { 0 } else { limbs[at - 1] };
        (limbs[at], remainder) = divisor.divide(remainder, shifted(limbs[at], below));
    }
    remainder >> shift
}

/// Quotient and remainder of magnitudes (Knuth, volume 2, algorithm D). `divisor` is not zero.
pub(super) fn divide(dividend: &[u64], divisor: &[u64]) -> (Limbs, Limbs) {
    if compare(dividend, divisor).is_lt() {
        return (Limbs::new(), Limbs::from_slice(dividend));
    }
    if let &[word] = divisor {
        let mut quotient = Limbs::from_slice(dividend);
        let remainder = divide_by_word(&mut quotient, word);
        trim(&mut quotient);
        return (quotient, if remainder == 0 { Limbs::new() } else { SmallVec::from_slice(&[remainder]) });
    }
    let shift = u64::from(divisor[divisor.len() - 1].leading_zeros());
    let divisor = shifted_left(divisor, shift);
    let mut rest = shifted_left(dividend, shift);
    rest.resize(dividend.len() + 1, 0);
    let size = divisor.len();
    let top = Divisor::new(divisor[size - 1]);
    let second = divisor[size - 2];
    let mut quotient: Limbs = SmallVec::from_elem(0, rest.len() - size);
    for at in (0..quotient.len()).rev() {
        let (high, middle, low) = (rest[at + size], rest[at + size - 1], rest[at + size - 2]);
        // What the guess leaves may need two words; then the guess is not too large.
        let (mut guess, mut left) = if high >= top.value {
            (u64::MAX, middle.checked_add(top.value))
        } else {
            let (guess, left) = top.divide(high, middle);
            (guess, Some(left))
        };
        while let Some(remainder) = left
            && u128::from(guess) * u128::from(second) > (u128::from(remainder) << 64 | u128::from(low))
        {
            guess -= 1;
            left = remainder.checked_add(top.value);
        }
        if subtract_product(&mut rest[at..=at + size], &divisor, guess) {
            guess -= 1;
            add_back(&mut rest[at..=at + size], &divisor);
        }
        quotient[at] = guess;
    }
    rest.truncate(size);
    trim(&mut quotient);
    trim(&mut rest);
    (quotient, shifted_right(&rest, shift))
}

/// Takes `a * factor` away from `out`, which has one limb more. True: that was too much.
fn subtract_product(out: &mut [u64], a: &[u64], factor: u64) -> bool {
    let mut carry = 0;
    for (place, &limb) in out.iter_mut().zip(a) {
        let wide = u128::from(limb) * u128::from(factor) + u128::from(carry);
        let (difference, borrow) = place.overflowing_sub(wide as u64);
        *place = difference;
        carry = (wide >> 64) as u64 + u64::from(borrow);
    }
    let (difference, borrow) = out[a.len()].overflowing_sub(carry);
    out[a.len()] = difference;
    borrow
}

fn add_back(out: &mut [u64], a: &[u64]) {
    let mut carry = 0;
    for (place, &limb) in out.iter_mut().zip(a) {
        let wide = u128::from(*place) + u128::from(limb) + u128::from(carry);
        *place = wide as u64;
        carry = (wide >> 64) as u64;
    }
    out[a.len()] = out[a.len()].wrapping_add(carry);
}

/// `magnitude * 2^count`.
pub(super) fn shifted_left(magnitude: &[u64], count: u64) -> Limbs {
    let (whole, part) = ((count / 64) as usize, (count % 64) as u32);
    let mut out: Limbs = SmallVec::from_elem(0, whole);
    if part == 0 {
        out.extend_from_slice(magnitude);
        return out;
    }
    let mut carry = 0;
    out.reserve(magnitude.len() + 1);
    for &limb in magnitude {
        out.push(limb << part | carry);
        carry = limb >> (64 - part);
    }
    if carry != 0 {
        out.push(carry);
    }
    out
}

/// `magnitude / 2^count`, rounded down.
pub(super) fn shifted_right(magnitude: &[u64], count: u64) -> Limbs {
    let (whole, part) = ((count / 64) as usize, (count % 64) as u32);
    let kept = magnitude.get(whole..).unwrap_or_default();
    if part == 0 {
        return Limbs::from_slice(kept);
    }
    let above = kept.iter().skip(1).copied().chain([0]);
    let mut out: Limbs =
        kept.iter().zip(above).map(|(&low, high)| low >> part | high << (64 - part)).collect();
    trim(&mut out);
    out
}

/// Shifts a number to the right, rounding down as two's complement does: sign and magnitude.
pub(super) fn shift_right(value: &View<'_>, count: u64) -> (bool, Limbs) {
    let magnitude = value.magnitude();
    let mut out = shifted_right(magnitude, count);
    if value.negative {
        let (whole, part) = ((count / 64) as usize, count % 64);
        let lost = magnitude.iter().take(whole).any(|&limb| limb != 0)
            || magnitude.get(whole).is_some_and(|limb| limb & ((1 << part) - 1) != 0);
        if lost {
            out = add_magnitudes(&out, &[1]);
        }
    }
    (value.negative, out)
}

/// Applies a bitwise operator to two numbers in two's complement: sign and magnitude.
pub(super) fn bitwise(
    a: &View<'_>,
    b: &View<'_>,
    operator: impl Fn(u64, u64) -> u64 + Copy,
) -> (bool, Limbs) {
    let (x, y) = (a.magnitude(), b.magnitude());
    let extension = |view: &View<'_>| if view.negative { u64::MAX } else { 0 };
    let negative = operator(extension(a), extension(b)) != 0;
    let (mut left, mut right, mut result) = (a.negative, b.negative, negative);
    // Minus a number is its complement and one; each of the three has a carry of its own.
    let complement = |limb: u64, negative: bool, carry: &mut bool| {
        if !negative {
            return limb;
        }
        let (word, over) = (!limb).overflowing_add(u64::from(*carry));
        *carry = over;
        word
    };
    // Where zeros win, a number that is not negative bounds the result.
    let zeros_win = operator(0, u64::MAX) == 0 && operator(u64::MAX, 0) == 0;
    let size = match (zeros_win && !a.negative, zeros_win && !b.negative) {
        (true, true) => x.len().min(y.len()),
        (true, false) => x.len(),
        (false, true) => y.len(),
        (false, false) => x.len().max(y.len()) + 1,
    };
    let mut out = Limbs::with_capacity(size);
    for at in 0..size {
        let p = complement(x.get(at).copied().unwrap_or(0), a.negative, &mut left);
        let q = complement(y.get(at).copied().unwrap_or(0), b.negative, &mut right);
        out.push(complement(operator(p, q), negative, &mut result));
    }
    trim(&mut out);
    (negative, out)
}

/// Up to so many limbs a text in base 10 is written by dividing again and again.
const SHORT: usize = 300;

/// The digits of an integer, in capital letters beyond nine.
pub(super) fn text(value: &View<'_>, base: u32) -> String {
    let magnitude = value.magnitude();
    if base != 10 || magnitude.len() > SHORT {
        let text = unsigned(magnitude).to_str_radix(base).to_ascii_uppercase();
        return if value.negative { format!("-{text}") } else { text };
    }
    /// The largest power of ten in a word, and its number of zeros.
    const CHUNK: u64 = 10_000_000_000_000_000_000;
    const DIGITS: usize = 19;
    let mut rest = Limbs::from_slice(magnitude);
    let mut chunks = Limbs::new();
    while !rest.is_empty() {
        chunks.push(divide_by_word(&mut rest, CHUNK));
        trim(&mut rest);
    }
    let mut text = String::with_capacity(chunks.len() * DIGITS + 1);
    if value.negative {
        text.push('-');
    }
    let mut digits = [0; 20];
    text.push_str(decimal(chunks.pop().unwrap_or(0), &mut digits));
    for chunk in chunks.into_iter().rev() {
        let part = decimal(chunk, &mut digits);
        text.extend(std::iter::repeat_n('0', DIGITS - part.len()));
        text.push_str(part);
    }
    text
}

/// The digits of a word, written into `digits`.
pub(crate) fn decimal(mut value: u64, digits: &mut [u8; 20]) -> &str {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            return std::str::from_utf8(&digits[at..]).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::{BigInt, Sign};
    use num_integer::Integer as _;

    /// Numbers whose limbs are all zeros, all ones, or mixed, of up to `most` limbs.
    fn samples(most: usize) -> Vec<Vec<u64>> {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut samples =
            vec![vec![], vec![1], vec![u64::MAX], vec![0, 1], vec![1 << 63], vec![0, 0, 1 << 63]];
        for size in 1..=most {
            for kind in 0..6 {
                let mut limbs: Vec<u64> = (0..size)
                    .map(|_| {
                        seed ^= seed << 13;
                        seed ^= seed >> 7;
                        seed ^= seed << 17;
                        match (kind, seed & 3) {
                            (0, _) | (3, 0) => u64::MAX,
                            (1, _) | (3, 1) => 0,
                            (4, _) => seed >> 40,
                            _ => seed,
                        }
                    })
                    .collect();
                if let Some(last) = limbs.last_mut() {
                    *last = (*last).max(1);
                }
                samples.push(limbs);
            }
        }
        samples
    }

    fn view(negative: bool, limbs: &[u64]) -> View<'_> {
        View { negative: negative && !limbs.is_empty(), small: [0], big: limbs }
    }

    fn signed(negative: bool, limbs: &[u64]) -> BigInt {
        BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, unsigned(limbs))
    }

    #[test]
    fn results_are_those_of_num_bigint() {
        let samples = samples(6);
        for a in &samples {
            for b in &samples {
                assert_eq!(unsigned(&product(a, b)), unsigned(a) * unsigned(b));
                if !b.is_empty() {
                    let (quotient, remainder) = divide(a, b);
                    let expected = unsigned(a).div_rem(&unsigned(b));
                    assert_eq!((unsigned(&quotient), unsigned(&remainder)), expected, "{a:x?} / {b:x?}");
                }
                for signs in 0..4 {
                    let (p, q) = (view(signs & 1 != 0, a), view(signs & 2 != 0, b));
                    let (x, y) = (signed(p.negative, a), signed(q.negative, b));
                    let check = |(negative, limbs): (bool, Limbs), expected: BigInt| {
                        assert_ne!(limbs.last(), Some(&0));
                        assert_eq!(signed(negative, &limbs), expected, "{x} {y}");
                    };
                    check(sum(&p, &q, false), &x + &y);
                    check(sum(&p, &q, true), &x - &y);
                    check(bitwise(&p, &q, |x, y| x & y), &x & &y);
                    check(bitwise(&p, &q, |x, y| x | y), &x | &y);
                    check(bitwise(&p, &q, |x, y| x ^ y), &x ^ &y);
                }
            }
        }
    }

    #[test]
    fn shifts_round_down_and_texts_have_all_digits() {
        for limbs in &samples(8) {
            for negative in [false, true] {
                let (view, value) = (view(negative, limbs), signed(negative, limbs));
                for count in [0, 1, 3, 63, 64, 65, 128, 200, 600] {
                    let (sign, out) = shift_right(&view, count);
                    assert_eq!(signed(sign, &out), value.div_floor(&(BigInt::from(1) << count)));
                    assert_eq!(unsigned(&shifted_left(limbs, count)), unsigned(limbs) << count);
                }
                assert_eq!(text(&view, 10), value.to_string());
                assert_eq!(text(&view, 36), value.to_str_radix(36).to_ascii_uppercase());
            }
        }
    }
}
