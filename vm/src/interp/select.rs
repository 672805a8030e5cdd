//! Multi-way branches.

use super::operand::Source;
use super::{dispatch, field, handlers, resume, target};
use crate::term::{Kind, Term, exactly_equal};

handlers! {
    /// `select_val` over a few one-word constants: a = source, b = count, `[fail] [value]... [target]...`.
    fn select_word<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp).0;
        let count = field!(ip, 2);
        let values = ip.add(3);
        let mut index = 0;
        while index < count {
            if *values.add(index) == value {
                dispatch!(target!(values, count + index), c, sp, hp, reds)
            }
            index += 1;
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// The same over more of them, sorted by word.
    fn select_among<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp).0;
        let count = field!(ip, 2);
        let values = ip.add(3);
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = (low + high) / 2;
            let probe = *values.add(middle);
            if probe == value {
                dispatch!(target!(values, count + middle), c, sp, hp, reds)
            }
            if probe < value {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `select_val` over two one-word constants: a = source, `[fail] [value] [value] [target] [target]`.
    fn select_two<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp).0;
        if value == *ip.add(3) {
            dispatch!(target!(ip, 5), c, sp, hp, reds)
        }
        if value == *ip.add(4) {
            dispatch!(target!(ip, 6), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `select_val` over small integers of a dense range: a = source, b = count, `[fail] [first] [target]...`.
    fn select_range<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp).0;
        let index = value.wrapping_sub(*ip.add(3));
        if index & 7 == 0 && ((index >> 3) as usize) < field!(ip, 2) {
            dispatch!(target!(ip, 4 + (index >> 3) as usize), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `select_val` over any constants: a = source, b = count, `[fail] [value]... [target]...`.
    fn select_term<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        let count = field!(ip, 2);
        let values = ip.add(3);
        let mut index = 0;
        while index < count {
            if exactly_equal(Term(*values.add(index)), value) {
                resume!(target!(values, count + index), c, sp, hp, reds)
            }
            index += 1;
        }
        resume!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `select_tuple_arity`: a = source, b = count, `[fail] [header]... [target]...`.
    fn select_arity<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if let Some(header) = value.header() && header.kind() == Kind::Tuple {
            let count = field!(ip, 2);
            let values = ip.add(3);
            let mut index = 0;
            while index < count {
                if *values.add(index) == header.0 {
                    dispatch!(target!(values, count + index), c, sp, hp, reds)
                }
                index += 1;
            }
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }
}
