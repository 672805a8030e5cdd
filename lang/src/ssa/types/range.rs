//! Ranges of integers, and what arithmetic makes of them.

/// The integers from `min` to `max`; no bound where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ssa) struct Range {
    pub(in crate::ssa) min: Option<i64>,
    pub(in crate::ssa) max: Option<i64>,
}

/// No list, tuple, map or binary has more parts: addresses have 48 bits.
const SIZE: i64 = 1 << 52;

impl Range {
    /// All integers.
    pub(in crate::ssa) const ALL: Self = Self { min: None, max: None };
    /// Sizes and lengths.
    pub(in crate::ssa) const SIZES: Self = Self::of(0, SIZE);

    pub(in crate::ssa) const fn of(min: i64, max: i64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }

    pub(in crate::ssa) const fn one(value: i64) -> Self {
        Self::of(value, value)
    }

    const fn at_least(min: i64) -> Self {
        Self { min: Some(min), max: None }
    }

    /// The integers of so many bits.
    pub(in crate::ssa) fn of_bits(bits: u32, is_signed: bool) -> Self {
        match (bits, is_signed) {
            (0, _) => Self::one(0),
            (1..=62, false) => Self::of(0, (1 << bits) - 1),
            (_, false) => Self::at_least(0),
            (1..=62, true) => Self::of(-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            (_, true) => Self::ALL,
        }
    }

    /// Whether there is no such integer.
    pub(in crate::ssa) fn is_empty(self) -> bool {
        matches!((self.min, self.max), (Some(min), Some(max)) if min > max)
    }

    /// Both bounds, if there are.
    pub(in crate::ssa) fn bounds(self) -> Option<(i64, i64)> {
        self.min.zip(self.max)
    }

    pub(in crate::ssa) fn or(self, other: Self) -> Self {
        Self {
            min: self.min.zip(other.min).map(|(a, b)| a.min(b)),
            max: self.max.zip(other.max).map(|(a, b)| a.max(b)),
        }
    }

    pub(in crate::ssa) fn and(self, other: Self) -> Self {
        let either = |a: Option<i64>, b: Option<i64>, pick: fn(i64, i64) -> i64| match (a, b) {
            (Some(a), Some(b)) => Some(pick(a, b)),
            (a, b) => a.or(b),
        };
        Self { min: either(self.min, other.min, i64::max), max: either(self.max, other.max, i64::min) }
    }

    /// Without its bounds where `grown`, which contains it, goes beyond them.
    pub(in crate::ssa) fn widened_to(self, grown: Self) -> Self {
        Self {
            min: grown.min.filter(|_| grown.min == self.min),
            max: grown.max.filter(|_| grown.max == self.max),
        }
    }

    /// The integers below all that are not below these: what is left of a value that is less than another.
    pub(in crate::ssa) fn below(self) -> Self {
        Self { min: None, max: self.max.and_then(|max| max.checked_sub(1)) }
    }

    /// The same for one that is greater.
    pub(in crate::ssa) fn above(self) -> Self {
        Self { min: self.min.and_then(|min| min.checked_add(1)), max: None }
    }

    pub(in crate::ssa) fn at_most_these(self) -> Self {
        Self { min: None, max: self.max }
    }

    pub(in crate::ssa) fn at_least_these(self) -> Self {
        Self { min: self.min, max: None }
    }

    /// Without an integer, if that is one of its bounds.
    pub(in crate::ssa) fn without(self, value: i64) -> Self {
        if self.min == Some(value) {
            self.and(Self { min: value.checked_add(1), max: None })
        } else if self.max == Some(value) {
            self.and(Self { min: None, max: value.checked_sub(1) })
        } else {
            self
        }
    }

    fn is_natural(self) -> bool {
        self.min.is_some_and(|min| min >= 0)
    }

    pub(in crate::ssa) fn negated(self) -> Self {
        Self { min: self.max.and_then(i64::checked_neg), max: self.min.and_then(i64::checked_neg) }
    }

    pub(in crate::ssa) fn absolute(self) -> Self {
        if self.is_natural() {
            return self;
        }
        let max = self.bounds().and_then(|(min, max)| Some(min.checked_abs()?.max(max.checked_abs()?)));
        Self { min: Some(0), max }
    }

    /// What `bnot` gives.
    pub(in crate::ssa) fn inverted(self) -> Self {
        Self { min: self.max.map(|max| !max), max: self.min.map(|min| !min) }
    }

    pub(in crate::ssa) fn plus(self, other: Self) -> Self {
        let add = |a: Option<i64>, b: Option<i64>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
        Self { min: add(self.min, other.min), max: add(self.max, other.max) }
    }

    pub(in crate::ssa) fn times(self, other: Self) -> Self {
        if let Some((a, b)) = self.bounds().zip(other.bounds()) {
            return Self::around([a.0, a.1], [b.0, b.1], i64::checked_mul);
        }
        if self.is_natural() && other.is_natural() { Self::at_least(0) } else { Self::ALL }
    }

    /// The range of the results at the corners of two ranges, where an operation is monotonous between them.
    fn around(a: [i64; 2], b: [i64; 2], operation: impl Fn(i64, i64) -> Option<i64>) -> Self {
        let corners = [(a[0], b[0]), (a[0], b[1]), (a[1], b[0]), (a[1], b[1])];
        let results: Option<Vec<i64>> = corners.iter().map(|&(a, b)| operation(a, b)).collect();
        let Some(results) = results else { return Self::ALL };
        Self { min: results.iter().min().copied(), max: results.iter().max().copied() }
    }

    /// What `div` gives when it does not fail.
    pub(in crate::ssa) fn divided_by(self, other: Self) -> Self {
        match (self.bounds(), other.bounds()) {
            (Some(a), Some(b)) if b.0 >= 1 => Self::around([a.0, a.1], [b.0, b.1], i64::checked_div),
            // It goes no further from 0.
            _ if other.min.is_some_and(|min| min >= 1) => {
                Self { min: self.min.map(|min| min.min(0)), max: self.max.map(|max| max.max(0)) }
            }
            (Some((min, max)), _) => Self::of(min, max).absolute().both_signs(),
            _ => Self::ALL,
        }
    }

    fn both_signs(self) -> Self {
        Self { min: self.max.and_then(i64::checked_neg), max: self.max }
    }

    /// What `rem` gives when it does not fail: as far from 0 as the dividend at most, and nearer than the divisor.
    pub(in crate::ssa) fn remainder_by(self, other: Self) -> Self {
        let divisor = other.absolute().max.and_then(|max| max.checked_sub(1)).map(|max| max.max(0));
        let near = Self { min: divisor.map(|max| -max), max: divisor };
        let own = Self { min: self.min.map(|min| min.min(0)), max: self.max.map(|max| max.max(0)) };
        own.and(near)
    }

    pub(in crate::ssa) fn bit_and(self, other: Self) -> Self {
        match (self.is_natural(), other.is_natural()) {
            (true, true) => Self { min: Some(0), ..self.at_most_these().and(other.at_most_these()) },
            (true, false) => Self { min: Some(0), max: self.max },
            (false, true) => Self { min: Some(0), max: other.max },
            (false, false) => Self::ALL,
        }
    }

    /// What `bor` and `bxor` give.
    pub(in crate::ssa) fn bit_or(self, other: Self) -> Self {
        if !self.is_natural() || !other.is_natural() {
            return Self::ALL;
        }
        let bits = self.max.zip(other.max).map(|(a, b)| 64 - a.max(b).leading_zeros());
        bits.map_or(Self::at_least(0), |bits| Self::of_bits(bits, false))
    }

    pub(in crate::ssa) fn shifted_left(self, by: Self) -> Self {
        match (self.bounds(), by.bounds()) {
            (Some(value), Some((low, high))) if low >= 0 && high <= 62 => {
                Self::around([value.0, value.1], [low, high], |value, by| {
                    value.checked_mul(1_i64.checked_shl(u32::try_from(by).ok()?)?)
                })
            }
            _ if self.is_natural() => Self::at_least(0),
            _ => Self::ALL,
        }
    }

    pub(in crate::ssa) fn shifted_right(self, by: Self) -> Self {
        if !by.is_natural() {
            return if self.is_natural() { Self::at_least(0) } else { Self::ALL };
        }
        // From here on it moves towards 0, or -1.
        let shift = |value: i64, by: i64| value >> by.min(63);
        let (low, high) = (by.min.unwrap_or(0), by.max.unwrap_or(63));
        Self {
            min: self.min.map(|min| shift(min, low).min(shift(min, high))),
            max: self.max.map(|max| shift(max, low).max(shift(max, high))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each operation on each pair of small ranges contains what it gives for each pair of members.
    #[test]
    fn operations_contain_their_results() {
        type Operation = (&'static str, fn(Range, Range) -> Range, fn(i64, i64) -> Option<i64>);
        let operations: [Operation; 10] = [
            ("+", Range::plus, i64::checked_add),
            ("-", |a, b| a.plus(b.negated()), i64::checked_sub),
            ("*", Range::times, i64::checked_mul),
            ("div", Range::divided_by, i64::checked_div),
            ("rem", Range::remainder_by, i64::checked_rem),
            ("band", Range::bit_and, |a, b| Some(a & b)),
            ("bor", Range::bit_or, |a, b| Some(a | b)),
            ("bxor", Range::bit_or, |a, b| Some(a ^ b)),
            ("bsl", Range::shifted_left, |a, b| Some(if b >= 0 { a << b } else { a >> -b })),
            ("bsr", Range::shifted_right, |a, b| Some(if b >= 0 { a >> b } else { a << -b })),
        ];
        let mut ranges = Vec::new();
        for min in -5..=5 {
            for max in min..=5 {
                ranges.push((Range::of(min, max), min, max));
            }
            ranges.push((Range { min: Some(min), max: None }, min, 9));
            ranges.push((Range { min: None, max: Some(min) }, -9, min));
        }
        for &(a, a_min, a_max) in &ranges {
            for &(b, b_min, b_max) in &ranges {
                for (name, range, exact) in &operations {
                    let result = range(a, b);
                    for x in a_min..=a_max {
                        for y in b_min..=b_max {
                            let Some(value) = exact(x, y) else { continue };
                            let is_in = !result.and(Range::one(value)).is_empty();
                            assert!(
                                is_in,
                                "{x} {name} {y} = {value} is not in {result:?} ({a:?} {name} {b:?})"
                            );
                        }
                    }
                }
                let x_below = (a_min..=a_max).filter(|x| (b_min..=b_max).any(|y| *x < y));
                for x in x_below {
                    assert!(!a.and(b.below()).and(Range::one(x)).is_empty());
                }
            }
            for x in a_min..=a_max {
                for (result, value) in [(a.negated(), -x), (a.absolute(), x.abs()), (a.inverted(), !x)] {
                    assert!(!result.and(Range::one(value)).is_empty());
                }
                assert!(x == a_min || !a.without(a_min).and(Range::one(x)).is_empty());
            }
        }
    }

    #[test]
    fn bounds_beyond_64_bits_are_none() {
        let large = Range::of(i64::MIN, i64::MAX);
        assert_eq!(large.plus(Range::one(1)), Range { min: Some(i64::MIN + 1), max: None });
        assert_eq!(large.times(large), Range::ALL);
        assert_eq!(large.negated(), Range { min: Some(-i64::MAX), max: None });
        assert_eq!(large.absolute(), Range { min: Some(0), max: None });
        assert_eq!(Range::of_bits(64, false), Range { min: Some(0), max: None });
        assert_eq!(Range::of(0, 7).widened_to(Range::of(0, 8)), Range { min: Some(0), max: None });
    }
}
