//! Sizes of bit strings to be built, which compilers up to OTP 24 let the code add up before it begins one.

use super::exception::raise_exception;
use super::operand::Packed;
use super::{dispatch, field, handlers, resume, target};
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};

/// First and second times unit; `Err`: the second is no size, or the sum is none that a bit string has.
fn sum(first: Term, second: Term, unit: u64) -> Result<Term, Exception> {
    let second = match second.as_integer() {
        Some(Integer::Small(size)) => u64::try_from(size).map_err(|_| Exception::badarg())?,
        Some(Integer::Big(size)) if size.sign() != num_bigint::Sign::Minus => {
            return Err(Exception::system_limit());
        }
        _ => return Err(Exception::badarg()),
    };
    let first = first.as_usize().ok_or_else(Exception::badarg)? as u64;
    let sum = second.checked_mul(unit).and_then(|second| second.checked_add(first));
    sum.filter(|&sum| sum < 1 << 58).map(|sum| Term::small(sum as i64)).ok_or_else(Exception::system_limit)
}

handlers! {
    /// `bs_add`: `[fail] [packed target] [packed first] [packed second] [unit]`.
    fn add(ip, c, sp, hp, reds) {
        let (first, second) = (Packed(*ip.add(4)).get(c, sp), Packed(*ip.add(5)).get(c, sp));
        match sum(first, second, *ip.add(6)) {
            Ok(sum) => {
                Packed(*ip.add(3)).set(c, sp, sum);
                resume!(ip.add(7), c, sp, hp, reds)
            }
            Err(exception) => {
                let fail = target!(ip, 2);
                if fail.is_null() {
                    return raise_exception(ip, c, sp, hp, reds, exception);
                }
                resume!(fail, c, sp, hp, reds)
            }
        }
    }

    /// `bs_utf8_size`, `bs_utf16_size`: a = 8 or 16, `[packed target] [packed character]`. In bytes; of what is no
    /// character anything, as building it fails.
    fn of_character(ip, c, sp, hp, reds) {
        let code = Packed(*ip.add(3)).get(c, sp).as_usize().and_then(|code| u32::try_from(code).ok());
        let size = match code.and_then(char::from_u32) {
            Some(character) if field!(ip, 1) == 8 => character.len_utf8(),
            Some(character) => character.len_utf16() * 2,
            None => 4,
        };
        Packed(*ip.add(2)).set(c, sp, Term::small(size as i64));
        dispatch!(ip.add(4), c, sp, hp, reds)
    }
}
