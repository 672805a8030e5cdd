//! The bit syntax: matching through a context that remembers the position.
//!
//! Context, after the header: end, position, start (all in bits of the underlying bytes), binary.

use super::bit_writer::Endian;
use super::call::{collect_and_repeat, lacks_room, leave};
use super::exception::raise_exception;
use super::operand::Packed;
use super::whole_bytes::WholeBytes;
use super::{dispatch, field, handlers, resume, tail, target};
use crate::heap::{Build as _, Heap};
use crate::proc::exception::Exception;
use crate::term::{BitsView, Header, Kind, Term};
use num_bigint::{BigInt, Sign};

/// Flag bits of segments.
pub(crate) const LITTLE: u64 = 2;
pub(crate) const SIGNED: u64 = 4;
pub(crate) const NATIVE: u64 = 16;

/// More bits than any bit string has.
pub(crate) const MOST: i64 = 1 << 50;

/// Byte order of a segment with these flags. Native is little on every machine swerl runs on so far.
pub(crate) fn endian(flags: u64) -> Endian {
    if flags & LITTLE != 0 || (flags & NATIVE != 0 && cfg!(target_endian = "little")) {
        Endian::Little
    } else {
        Endian::Big
    }
}

/// A match context, as the words after its header.
struct Matching(*mut u64);

impl Matching {
    /// The context, if the term is one.
    fn of(term: Term) -> Option<Self> {
        term.is_kind(Kind::MatchContext).then(|| Self(term.boxed_pointer().wrapping_add(1)))
    }

    fn end(&self) -> usize {
        // SAFETY: a context has these words.
        unsafe { *self.0 as usize }
    }

    fn position(&self) -> usize {
        // SAFETY: as above.
        unsafe { *self.0.add(1) as usize }
    }

    fn start(&self) -> usize {
        // SAFETY: as above.
        unsafe { *self.0.add(2) as usize }
    }

    fn set_position(&self, bits: usize) {
        // SAFETY: as above; a context belongs to the one process that runs.
        unsafe { *self.0.add(1) = bits as u64 }
    }

    fn binary(&self) -> Term {
        // SAFETY: as above.
        unsafe { Term(*self.0.add(3)) }
    }

    fn left(&self) -> usize {
        self.end().saturating_sub(self.position())
    }

    /// The next `bits` bits, and moves past them.
    fn take(&self, bits: usize) -> Option<BitsView<'static>> {
        if self.left() < bits {
            return None;
        }
        let position = self.position();
        self.set_position(position + bits);
        Some(BitsView { bytes: self.binary().bytes_to(position + bits), offset: position, size: bits })
    }

    /// The part of the binary from `position` on, as a term.
    fn part(&self, heap: &mut Heap, position: usize, bits: usize) -> Term {
        heap.part(self.binary(), position, bits)
    }
}

/// Makes the match contexts among arguments bit strings of what is left of them: what a trace shows of a call.
pub(crate) fn show_contexts(heap: &mut Heap, arguments: &mut [Term]) {
    for argument in arguments {
        if let Some(matching) = Matching::of(*argument) {
            *argument = matching.part(heap, matching.position(), matching.left());
        }
    }
}

/// Size of a segment in bits; `None` if the size is no size.
pub(crate) fn segment_size(size: Term, unit: u64) -> Option<usize> {
    size.as_usize()?.checked_mul(unit as usize)
}

/// Up to 64 bits as an unsigned number.
#[inline]
fn read_word(bits: &BitsView<'_>, endian: Endian) -> u64 {
    if bits.size == 0 {
        return 0;
    }
    let first = bits.offset / 8;
    let last = (bits.offset + bits.size).div_ceil(8);
    let mut all = 0u128;
    for &byte in &bits.bytes[first..last] {
        all = all << 8 | u128::from(byte);
    }
    let word = (all >> (last * 8 - bits.offset - bits.size)) as u64 & (u64::MAX >> (64 - bits.size));
    if endian == Endian::Big {
        return word;
    }
    // The last, partial byte holds the highest bits.
    let (whole, rest) = (bits.size / 8, bits.size % 8);
    let low = word >> rest;
    let low = if whole == 0 { 0 } else { low.swap_bytes() >> (64 - 8 * whole) };
    if rest == 0 { low } else { low | (word & ((1 << rest) - 1)) << (8 * whole) }
}

/// The `bits` bits (1 to 56) from bit `shift` of the first byte on.
///
/// # Safety
/// The bytes that they lie in are there.
#[inline(always)]
unsafe fn get_bits(from: *const u8, shift: usize, bits: usize) -> u64 {
    let end = shift + bits;
    let count = end.div_ceil(8);
    let (mut all, mut at) = (0u64, 0);
    while at < count {
        // SAFETY: by the contract.
        all = all << 8 | u64::from(unsafe { *from.add(at) });
        at += 1;
    }
    all >> (count * 8 - end) & (u64::MAX >> (64 - bits))
}

/// The integer in these bits.
fn read_integer(heap: &mut Heap, bits: &BitsView<'_>, flags: u64) -> Term {
    if bits.size <= 64 {
        let word = read_word(bits, endian(flags));
        let unused = 64 - bits.size as u32;
        return if flags & SIGNED != 0 && bits.size > 0 {
            heap.integer((word << unused) as i64 >> unused)
        } else {
            heap.unsigned(word)
        };
    }
    let mut bytes = bits.to_bytes();
    let unused = bytes.len() * 8 - bits.size;
    if endian(flags) == Endian::Little {
        // The last, partial byte holds the highest bits.
        if let Some(last) = bytes.last_mut() {
            *last >>= unused;
        }
        bytes.reverse();
    } else if unused > 0 {
        shift_right(&mut bytes, unused);
    }
    let negative = flags & SIGNED != 0 && {
        let top = (bits.size - 1) % 8;
        bytes[0] >> top & 1 == 1
    };
    let mut value = BigInt::from_bytes_be(Sign::Plus, &bytes);
    if negative {
        value -= BigInt::from(1) << bits.size;
    }
    heap.big(&value)
}

fn shift_right(bytes: &mut [u8], count: usize) {
    let mut carry = 0u8;
    for byte in bytes {
        let next = *byte << (8 - count);
        *byte = *byte >> count | carry;
        carry = next;
    }
}

/// The float in these bits; `None` for a size without floats, or what is not a number.
fn read_float(bits: &BitsView<'_>, flags: u64) -> Option<f64> {
    let mut bytes = bits.to_bytes();
    if endian(flags) == Endian::Little {
        bytes.reverse();
    }
    let value = match *bytes.as_slice() {
        [a, b] => half_to_float(u16::from_be_bytes([a, b])),
        [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_be_bytes([a, b, c, d, e, f, g, h]),
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// IEEE 754 binary16 to binary64.
fn half_to_float(half: u16) -> f64 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(half >> 10 & 0x1f);
    let fraction = f64::from(half & 0x3ff);
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// The character at the context's position and its length in bits; the position stays.
fn read_utf(context: &Matching, encoding: u64, flags: u64) -> Option<(u32, usize)> {
    let position = context.position();
    let left = context.left();
    let bytes = |count: usize| {
        (left >= count * 8).then(|| {
            let all = context.binary().bytes_to(position + count * 8);
            // SAFETY: the context has so many bytes left.
            let word = unsafe { get_bits(all.as_ptr().add(position / 8), position % 8, count * 8) };
            ((word << (32 - count * 8)) as u32).to_be_bytes()
        })
    };
    match encoding {
        8 => {
            let [first, ..] = bytes(1)?;
            let length = match first {
                0..=0x7f => 1,
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
            let text = bytes(length)?;
            let c = std::str::from_utf8(&text[..length]).ok()?.chars().next()?;
            Some((u32::from(c), length * 8))
        }
        16 => {
            let unit = |high: u8, low: u8| match endian(flags) {
                Endian::Big => u16::from_be_bytes([high, low]),
                Endian::Little => u16::from_le_bytes([high, low]),
            };
            let [high, low, ..] = bytes(2)?;
            let first = unit(high, low);
            if !(0xd800..0xe000).contains(&first) {
                return Some((u32::from(first), 16));
            }
            let [_, _, high, low] = bytes(4)?;
            let second = unit(high, low);
            char::decode_utf16([first, second]).next()?.ok().map(|c| (u32::from(c), 32))
        }
        _ => {
            let all = bytes(4)?;
            let code = match endian(flags) {
                Endian::Big => u32::from_be_bytes(all),
                Endian::Little => u32::from_le_bytes(all),
            };
            char::from_u32(code).map(|c| (u32::from(c), 32))
        }
    }
}

/// Goes on behind a value made in the heap.
macro_rules! made {
    ($ip:expr, $c:ident, $sp:ident, $heap:ident, $reds:ident $(, $value:expr)?) => {{
        let reds = if $heap.wants_collection() {
            $crate::interp::call::steal_reductions(&mut *$c, $reds)
        } else {
            $reds
        };
        resume!($ip, $c, $sp, $heap.top, reds $(, $value)?)
    }};
}
pub(crate) use made;

handlers! {
    /// `bs_start_match3`, `bs_start_match4`: a = live X registers, `[fail] [packed source] [packed target]`.
    fn start_match(ip, c, sp, hp, reds) {
        let source = Packed(*ip.add(3)).get(c, sp);
        if source.is_kind(Kind::MatchContext) {
            Packed(*ip.add(4)).set(c, sp, source);
            dispatch!(ip.add(5), c, sp, hp, reds)
        }
        let (end, start, binary) = match source.kind() {
            Some(Kind::SubBits) => {
                let words = source.boxed_words();
                (words[0] + words[1], words[1], words[2])
            }
            Some(Kind::HeapBinary | Kind::RefcBinary) => (source.boxed_words()[0] * 8, 0, source.0),
            _ => tail!(no_bit_string, ip, c, sp, hp, reds),
        };
        if lacks_room(c, sp, hp, 5) {
            return start_match_collect(ip, c, sp, hp, reds);
        }
        *hp = Header::new(Kind::MatchContext, 4).0;
        *hp.add(1) = end;
        *hp.add(2) = start;
        *hp.add(3) = start;
        *hp.add(4) = binary;
        Packed(*ip.add(4)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(5), c, sp, hp.add(5), reds)
    }

    /// `start_match` of what is no bit string.
    fn no_bit_string(ip, c, sp, hp, reds) {
        let fail = target!(ip, 2);
        if fail.is_null() {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        }
        dispatch!(fail, c, sp, hp, reds)
    }

    /// `bs_get_integer2`: a = flags, b = unit, `[fail] [packed context] [packed size] [packed target]`.
    fn get_integer(ip, c, sp, hp, reds) {
        let (context, size) = (Packed(*ip.add(3)).get(c, sp), Packed(*ip.add(4)).get(c, sp));
        if let (Some(matching), Some(size)) = (Matching::of(context), size.as_small()) {
            // A size that is negative or does not fit is no fast one.
            let bits = (size as u64).saturating_mul(field!(ip, 2) as u64);
            let flags = field!(ip, 1) as u64;
            if bits.wrapping_sub(1) < 56
                && matching.left() as u64 >= bits
                && (endian(flags) == Endian::Big || bits.is_multiple_of(8))
            {
                let (position, bits) = (matching.position(), bits as usize);
                let from = matching.binary().bytes_to(position + bits).as_ptr().add(position / 8);
                let word = get_bits(from, position % 8, bits);
                let word = match endian(flags) {
                    Endian::Big => word,
                    Endian::Little => word.swap_bytes() >> (64 - bits),
                } as i64;
                matching.set_position(position + bits);
                let unused = if flags & SIGNED != 0 { 64 - bits } else { 0 };
                let value = Term::small(word << unused >> unused);
                Packed(*ip.add(5)).set(c, sp, value);
                dispatch!(ip.add(6), c, sp, hp, reds, value)
            }
        }
        tail!(get_integer_slow, ip, c, sp, hp, reds);
    }

    /// `get_integer` of so many whole bytes, unsigned, the high one first: c = bytes, at most 7. There is a handler for
    /// each of the usual sizes, `N`; 0 stands for the others.
    fn get_bytes<N: WholeBytes>(ip, c, sp, hp, reds) {
        let context = Packed(*ip.add(3)).get(c, sp);
        if let Some(matching) = Matching::of(context) {
            let (position, count) = (matching.position(), N::count(field!(ip, 3)));
            let end = position + count * 8;
            if position.is_multiple_of(8) && end <= matching.end() {
                let from = matching.binary().bytes_to(end).as_ptr().add(position / 8);
                matching.set_position(end);
                let value = Term::small(N::read(from, count));
                Packed(*ip.add(5)).set(c, sp, value);
                dispatch!(ip.add(6), c, sp, hp, reds, value)
            }
        }
        tail!(get_integer, ip, c, sp, hp, reds);
    }

    /// `get_integer` that may not be small, may not be there, or whose size is no size.
    fn get_integer_slow(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let size = segment_size(Packed(*ip.add(4)).get(c, sp), field!(ip, 2) as u64);
        let bits = matching.zip(size).and_then(|(matching, size)| matching.take(size));
        let Some(bits) = bits else { resume!(target!(ip, 2), c, sp, hp, reds) };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let value = read_integer(heap, &bits, field!(ip, 1) as u64);
        Packed(*ip.add(5)).set(c, sp, value);
        made!(ip.add(6), c, sp, heap, reds, value)
    }

    /// `bs_get_float2`: as `get_integer`.
    fn get_float(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let size = segment_size(Packed(*ip.add(4)).get(c, sp), field!(ip, 2) as u64);
        let Some((matching, size)) = matching.zip(size) else { resume!(target!(ip, 2), c, sp, hp, reds) };
        let position = matching.position();
        let value = matching.take(size).and_then(|bits| read_float(&bits, field!(ip, 1) as u64));
        let Some(value) = value else {
            matching.set_position(position);
            resume!(target!(ip, 2), c, sp, hp, reds)
        };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let value = heap.float(value);
        Packed(*ip.add(5)).set(c, sp, value);
        made!(ip.add(6), c, sp, heap, reds)
    }

    /// `bs_get_binary2`: a = flags, b = unit, c = live X registers, `[fail] [packed context] [packed size] [packed target]`.
    fn get_binary(ip, c, sp, hp, reds) {
        let (context, size) = (Packed(*ip.add(3)).get(c, sp), Packed(*ip.add(4)).get(c, sp));
        if lacks_room(c, sp, hp, 4) {
            return get_binary_collect(ip, c, sp, hp, reds);
        }
        if let Some(matching) = Matching::of(context) {
            let (left, unit) = (matching.left() as u64, field!(ip, 2) as u64);
            let bits = match size.as_small() {
                Some(size) if (0..1 << 40).contains(&size) => size as u64 * unit,
                None if size == Term::atom(crate::atom::ALL) && left % unit == 0 => left,
                _ => u64::MAX,
            };
            if bits <= left {
                let position = matching.position();
                *hp = Header::new(Kind::SubBits, 3).0;
                *hp.add(1) = bits;
                *hp.add(2) = position as u64;
                *hp.add(3) = matching.binary().0;
                matching.set_position(position + bits as usize);
                Packed(*ip.add(5)).set(c, sp, Term::boxed_at(hp));
                dispatch!(ip.add(6), c, sp, hp.add(4), reds)
            }
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `bs_skip_bits2`: b = unit, `[fail] [packed context] [packed size]`.
    fn skip_bits(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let size = Packed(*ip.add(4)).get(c, sp);
        let done = matching.and_then(|matching| {
            let bits = if size == Term::atom(crate::atom::ALL) {
                let left = matching.left();
                left.is_multiple_of(field!(ip, 2)).then_some(left)?
            } else {
                segment_size(size, field!(ip, 2) as u64)?
            };
            matching.take(bits)
        });
        if done.is_none() {
            dispatch!(target!(ip, 2), c, sp, hp, reds)
        }
        dispatch!(ip.add(5), c, sp, hp, reds)
    }

    /// `bs_test_tail2`: `[fail] [packed context] [bits]`.
    fn test_tail(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        if matching.is_some_and(|matching| matching.left() as u64 == *ip.add(4)) {
            dispatch!(ip.add(5), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `ensure_at_least` of `bs_match`: `[fail] [packed context] [bits] [unit]`.
    fn at_least(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let rest = matching.and_then(|matching| (matching.left() as u64).checked_sub(*ip.add(4)));
        if rest.is_some_and(|rest| rest.is_multiple_of(*ip.add(5))) {
            dispatch!(ip.add(6), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `=:=` of `bs_match`: `[fail] [packed context] [bits] [value]`.
    fn match_integer(ip, c, sp, hp, reds) {
        let (size, value) = (*ip.add(4) as usize, *ip.add(5));
        if let Some(matching) = Matching::of(Packed(*ip.add(3)).get(c, sp)) {
            let position = matching.position();
            if matching.take(size).is_some_and(|bits| read_word(&bits, Endian::Big) == value) {
                resume!(ip.add(6), c, sp, hp, reds)
            }
            matching.set_position(position);
        }
        resume!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `bs_test_unit`: `[fail] [packed context] [unit]`.
    fn test_unit(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        if matching.is_some_and(|matching| (matching.left() as u64).is_multiple_of(*ip.add(4))) {
            dispatch!(ip.add(5), c, sp, hp, reds)
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `bs_match_string`: `[fail] [packed context] [bits] [packed binary]`.
    fn match_string(ip, c, sp, hp, reds) {
        let size = *ip.add(4) as usize;
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let expected = Packed(*ip.add(5)).get(c, sp).as_bits().and_then(|bits| bits.slice(0, size));
        let matched = matching.zip(expected).and_then(|(matching, expected)| {
            let position = matching.position();
            let bits = matching.take(size)?;
            if bits.to_bytes() == expected.to_bytes() {
                return Some(());
            }
            matching.set_position(position);
            None
        });
        if matched.is_none() {
            resume!(target!(ip, 2), c, sp, hp, reds)
        }
        resume!(ip.add(6), c, sp, hp, reds)
    }

    /// `bs_get_utf*`: a = flags, b = 8, 16 or 32, `[fail] [packed context] [packed target]`.
    fn get_utf(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let read = matching.and_then(|matching| {
            let (code, bits) = read_utf(&matching, field!(ip, 2) as u64, field!(ip, 1) as u64)?;
            matching.take(bits)?;
            Some(code)
        });
        let Some(code) = read else { resume!(target!(ip, 2), c, sp, hp, reds) };
        Packed(*ip.add(4)).set(c, sp, Term::small(i64::from(code)));
        resume!(ip.add(5), c, sp, hp, reds)
    }

    /// `bs_skip_utf*`: a = flags, b = 8, 16 or 32, `[fail] [packed context]`.
    fn skip_utf(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let skipped = matching.and_then(|matching| {
            let (_, bits) = read_utf(&matching, field!(ip, 2) as u64, field!(ip, 1) as u64)?;
            matching.take(bits)
        });
        if skipped.is_none() {
            resume!(target!(ip, 2), c, sp, hp, reds)
        }
        resume!(ip.add(4), c, sp, hp, reds)
    }

    /// `bs_get_tail`: a = live X registers, `[packed context] [packed target]`.
    fn get_tail(ip, c, sp, hp, reds) {
        let Some(matching) = Matching::of(Packed(*ip.add(2)).get(c, sp)) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        if lacks_room(c, sp, hp, 4) {
            return get_tail_collect(ip, c, sp, hp, reds);
        }
        *hp = Header::new(Kind::SubBits, 3).0;
        *hp.add(1) = matching.left() as u64;
        *hp.add(2) = matching.position() as u64;
        *hp.add(3) = matching.binary().0;
        Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(4), c, sp, hp.add(4), reds)
    }

    /// `bs_get_position`: `[packed context] [packed target]`. Counted from the context's start.
    fn get_position(ip, c, sp, hp, reds) {
        let Some(matching) = Matching::of(Packed(*ip.add(2)).get(c, sp)) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        let position = matching.position().saturating_sub(matching.start());
        Packed(*ip.add(3)).set(c, sp, Term::small(position as i64));
        dispatch!(ip.add(4), c, sp, hp, reds)
    }

    /// `bs_set_position`: `[packed context] [packed position]`.
    fn set_position(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(2)).get(c, sp));
        let position = Packed(*ip.add(3)).get(c, sp).as_usize();
        let Some((matching, position)) = matching.zip(position) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        matching.set_position(matching.start().saturating_add(position).min(matching.end()));
        dispatch!(ip.add(4), c, sp, hp, reds)
    }
}

collect_and_repeat! {
    start_match_collect(ip, c, sp): live field!(ip, 1), need 5;
    get_binary_collect(ip, c, sp): live field!(ip, 3), need 4;
    get_tail_collect(ip, c, sp): live field!(ip, 1), need 4;
}
