//! Why a bit string could not be built: the reason, and the cause by which the failure is explained.
//!
//! The cause is `{Number, Type, What, Value}`; `erl_erts_errors:format_bs_fail/2` makes a sentence of it.

use super::Context;
use super::bits::segment_size;
use super::bits_build::{Segment, segment, segment_at};
use crate::atom;
use crate::bif::argument::named;
use crate::heap::{Build as _, map};
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};

/// What is wrong with a segment.
struct Fault {
    what: &'static str,
    value: Term,
    too_large: bool,
}

impl Fault {
    fn new(what: &'static str, value: Term) -> Option<Self> {
        Some(Self { what, value, too_large: false })
    }
}

/// The name of a segment's type.
fn type_name(kind: u64) -> &'static str {
    match kind {
        segment::INTEGER => "integer",
        segment::FLOAT => "float",
        segment::BINARY | segment::APPEND => "binary",
        segment::UTF8 => "utf8",
        segment::UTF16 => "utf16",
        _ => "utf32",
    }
}

/// What is wrong with a segment's size.
fn size_fault(part: &Segment) -> Option<Fault> {
    let of_size = || {
        let negative = match part.size.as_integer() {
            Some(Integer::Small(size)) => size < 0,
            Some(Integer::Big(size)) => size.sign() == num_bigint::Sign::Minus,
            None => return Fault::new("size", part.size),
        };
        Some(Fault { what: "size", value: part.size, too_large: !negative })
    };
    match part.kind {
        segment::INTEGER | segment::FLOAT => {
            if part.bits().is_none() {
                return of_size();
            }
        }
        segment::BINARY | segment::APPEND => {
            if part.size == Term::atom(atom::ALL) {
                let Some(bits) = part.value.as_bits() else { return Fault::new("type", part.value) };
                if !(bits.size as u64).is_multiple_of(part.unit) {
                    return Fault::new("unit", part.value);
                }
            } else if segment_size(part.size, part.unit).is_none() {
                return of_size();
            }
        }
        _ => {
            if part.bits().is_none() {
                return Fault::new("type", part.value);
            }
        }
    }
    None
}

/// What is wrong with a segment's value, where its size is right.
fn value_fault(part: &Segment) -> Option<Fault> {
    match part.kind {
        segment::INTEGER if part.value.as_integer().is_none() => Fault::new("type", part.value),
        segment::FLOAT => {
            let is_number = part.value.as_float().is_some() || part.value.as_integer().is_some();
            if !is_number {
                Fault::new("type", part.value)
            } else if !matches!(part.bits(), Some(16 | 32 | 64)) {
                Fault::new("invalid", part.size)
            } else {
                Fault::new("no_float", part.value)
            }
        }
        segment::BINARY | segment::APPEND => {
            if part.value.as_bits().is_none() {
                Fault::new("type", part.value)
            } else if part.bits().is_none() {
                Fault::new("short", part.value)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// The exception for the instruction at `ip`, which has failed.
///
/// # Safety
/// As for handlers, after `leave`.
pub(super) unsafe fn exception(ip: *const u64, count: usize, c: *mut Context, sp: *mut u64) -> Exception {
    // SAFETY: by the contract.
    let parts: Vec<Segment> = (0..count).map(|index| unsafe { segment_at(ip, index, c, sp) }).collect();
    let find = |look: fn(&Segment) -> Option<Fault>| {
        parts.iter().find_map(|part| look(part).map(|fault| (part, fault)))
    };
    // A float that is no number is the last thing to be blamed: it has no size of its own to be wrong.
    let others = |part: &Segment| if part.kind == segment::FLOAT { None } else { value_fault(part) };
    let found = find(size_fault).or_else(|| find(others)).or_else(|| find(value_fault));
    let Some((part, fault)) = found else { return Exception::badarg() };
    let mut exception = if fault.too_large { Exception::system_limit() } else { Exception::badarg() };
    if part.number == 0 {
        // Built as up to OTP 24: nobody knows where it stands in the source.
        return exception;
    }
    // SAFETY: by the contract.
    let heap = &mut unsafe { (*c).process() }.heap;
    let cause = heap.tuple(&[
        Term::small(part.number as i64),
        named(type_name(part.kind)),
        named(fault.what),
        fault.value,
    ]);
    let info = map::from_pairs(
        heap,
        &[
            (Term::atom(atom::CAUSE), cause),
            (named("function"), named("format_bs_fail")),
            (Term::atom(atom::MODULE), named("erl_erts_errors")),
        ],
    );
    exception.cause = info;
    exception
}
