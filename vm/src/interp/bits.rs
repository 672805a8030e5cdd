//! The bit syntax: matching through a context that remembers the position, and building from segments.
//!
//! Context, after the header: end, position, start (all in bits of the underlying bytes), binary.

use super::bit_builder::{BitBuilder, Endian};
use super::call::{leave, steal_reductions};
use super::exception::raise_exception;
use super::operand::Packed;
use super::{field, handlers, resume, target};
use crate::heap::{Build as _, Heap};
use crate::proc::exception::Exception;
use crate::term::{BitsView, Integer, Kind, Term};
use num_bigint::{BigInt, Sign};

/// Flag bits of segments.
pub(crate) const LITTLE: u64 = 2;
pub(crate) const SIGNED: u64 = 4;
pub(crate) const NATIVE: u64 = 16;

/// Byte order of a segment with these flags. Native is little on every machine swerl runs on so far.
fn endian(flags: u64) -> Endian {
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
        Some(BitsView { bytes: self.binary().whole_bytes(), offset: position, size: bits })
    }

    /// The part of the binary from `position` on, as a term.
    fn part(&self, heap: &mut Heap, position: usize, bits: usize) -> Term {
        heap.part(self.binary(), position, bits)
    }
}

/// Size of a segment in bits; `None` if the size is no size.
fn segment_size(size: Term, unit: u64) -> Option<usize> {
    size.as_usize()?.checked_mul(unit as usize)
}

/// Size of a segment to be built. What no memory holds is refused like any wrong size.
fn building_size(size: Term, unit: u64) -> Option<usize> {
    segment_size(size, unit).filter(|&bits| bits <= 1 << 36)
}

/// The integer in these bits.
fn read_integer(heap: &mut Heap, bits: &BitsView<'_>, flags: u64) -> Term {
    if bits.size == 0 {
        return Term::small(0);
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
    if bytes.len() <= 8 {
        let mut word = 0u64;
        for byte in &bytes {
            word = word << 8 | u64::from(*byte);
        }
        if negative {
            let value = word.wrapping_sub(if bits.size == 64 { 0 } else { 1 << bits.size }) as i64;
            return heap.integer(value);
        }
        return heap.unsigned(word);
    }
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
            BitsView { bytes: context.binary().whole_bytes(), offset: position, size: count * 8 }.to_bytes()
        })
    };
    match encoding {
        8 => {
            let first = *bytes(1)?.first()?;
            let length = match first {
                0..=0x7f => 1,
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
            let text = bytes(length)?;
            let c = std::str::from_utf8(&text).ok()?.chars().next()?;
            Some((u32::from(c), length * 8))
        }
        16 => {
            let unit = |bytes: &[u8]| match endian(flags) {
                Endian::Big => u16::from_be_bytes([bytes[0], bytes[1]]),
                Endian::Little => u16::from_le_bytes([bytes[0], bytes[1]]),
            };
            let first = unit(&bytes(2)?);
            if !(0xd800..0xe000).contains(&first) {
                return Some((u32::from(first), 16));
            }
            let both = bytes(4)?;
            let second = unit(&both[2..]);
            char::decode_utf16([first, second]).next()?.ok().map(|c| (u32::from(c), 32))
        }
        _ => {
            let all = bytes(4)?;
            let array = [all[0], all[1], all[2], all[3]];
            let code = match endian(flags) {
                Endian::Big => u32::from_be_bytes(array),
                Endian::Little => u32::from_le_bytes(array),
            };
            char::from_u32(code).map(|c| (u32::from(c), 32))
        }
    }
}

/// Kinds of segments in `create`.
pub(crate) mod segment {
    pub(crate) const INTEGER: u64 = 0;
    pub(crate) const FLOAT: u64 = 1;
    pub(crate) const BINARY: u64 = 2;
    pub(crate) const UTF8: u64 = 4;
    pub(crate) const UTF16: u64 = 5;
    pub(crate) const UTF32: u64 = 6;
}

/// Adds one segment. `None`: the value or the size does not fit its type.
fn put_segment(
    out: &mut BitBuilder,
    kind: u64,
    flags: u64,
    unit: u64,
    value: Term,
    size: Term,
) -> Option<()> {
    match kind {
        segment::INTEGER => {
            let bits = building_size(size, unit)?;
            match value.as_integer()? {
                Integer::Small(value) => out.integer(value, bits, endian(flags)),
                Integer::Big(value) => out.big(&value, bits, endian(flags)),
            }
        }
        segment::FLOAT => {
            let bits = building_size(size, unit)?;
            let value = match value.as_float() {
                Some(value) => value,
                None => match value.as_integer()? {
                    Integer::Small(value) => value as f64,
                    Integer::Big(value) => {
                        num_traits::ToPrimitive::to_f64(&value).filter(|value| value.is_finite())?
                    }
                },
            };
            out.float(value, bits, endian(flags))?;
        }
        segment::BINARY => {
            let view = value.as_bits()?;
            let bits = if size == Term::atom(crate::atom::ALL) {
                if !(view.size as u64).is_multiple_of(unit) {
                    return None;
                }
                view.size
            } else {
                segment_size(size, unit)?
            };
            out.bits(&view.slice(0, bits)?);
        }
        segment::UTF8 | segment::UTF16 | segment::UTF32 => {
            let c = value.as_usize().and_then(|c| u32::try_from(c).ok()).and_then(char::from_u32)?;
            match kind {
                segment::UTF8 => out.bytes(c.encode_utf8(&mut [0; 4]).as_bytes()),
                segment::UTF16 => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        out.integer(i64::from(*unit), 16, endian(flags));
                    }
                }
                _ => out.integer(i64::from(u32::from(c)), 32, endian(flags)),
            }
        }
        _ => return None,
    }
    Some(())
}

/// Goes on behind a value made in the heap.
macro_rules! made {
    ($ip:expr, $c:ident, $sp:ident, $heap:ident, $reds:ident) => {{
        let reds = if $heap.wants_collection() { steal_reductions(&mut *$c, $reds) } else { $reds };
        resume!($ip, $c, $sp, $heap.top, reds)
    }};
}

handlers! {
    /// `bs_start_match3`, `bs_start_match4`: `[fail] [packed source] [packed target]`.
    fn start_match(ip, c, sp, hp, reds) {
        let source = Packed(*ip.add(3)).get(c, sp);
        if source.is_kind(Kind::MatchContext) {
            Packed(*ip.add(4)).set(c, sp, source);
            resume!(ip.add(5), c, sp, hp, reds)
        }
        let Some(bits) = source.as_bits() else {
            let fail = target!(ip, 2);
            if fail.is_null() {
                return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
            }
            resume!(fail, c, sp, hp, reds)
        };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let binary = if source.is_kind(Kind::SubBits) { Term(source.boxed_words()[2]) } else { source };
        let (start, end) = (bits.offset as u64, (bits.offset + bits.size) as u64);
        let context = heap.boxed(Kind::MatchContext, &[end, start, start, binary.0]);
        Packed(*ip.add(4)).set(c, sp, context);
        made!(ip.add(5), c, sp, heap, reds)
    }

    /// `bs_get_integer2`: a = flags, b = unit, `[fail] [packed context] [packed size] [packed target]`.
    fn get_integer(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        let size = segment_size(Packed(*ip.add(4)).get(c, sp), field!(ip, 2) as u64);
        let bits = matching.zip(size).and_then(|(matching, size)| matching.take(size));
        let Some(bits) = bits else { resume!(target!(ip, 2), c, sp, hp, reds) };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let value = if bits.size == 8 && bits.offset.is_multiple_of(8) {
            let byte = bits.bytes[bits.offset / 8];
            Term::small(if field!(ip, 1) as u64 & SIGNED == 0 { i64::from(byte) } else { i64::from(byte as i8) })
        } else {
            read_integer(heap, &bits, field!(ip, 1) as u64)
        };
        Packed(*ip.add(5)).set(c, sp, value);
        made!(ip.add(6), c, sp, heap, reds)
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

    /// `bs_get_binary2`: a = flags, b = unit, `[fail] [packed context] [packed size] [packed target]`.
    fn get_binary(ip, c, sp, hp, reds) {
        let Some(matching) = Matching::of(Packed(*ip.add(3)).get(c, sp)) else {
            resume!(target!(ip, 2), c, sp, hp, reds)
        };
        let size = Packed(*ip.add(4)).get(c, sp);
        let unit = field!(ip, 2);
        let bits = if size == Term::atom(crate::atom::ALL) {
            let left = matching.left();
            left.is_multiple_of(unit).then_some(left)
        } else {
            segment_size(size, unit as u64)
        };
        let position = matching.position();
        let taken = bits.and_then(|bits| matching.take(bits));
        let Some(taken) = taken else { resume!(target!(ip, 2), c, sp, hp, reds) };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let part = matching.part(heap, position, taken.size);
        Packed(*ip.add(5)).set(c, sp, part);
        made!(ip.add(6), c, sp, heap, reds)
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
            resume!(target!(ip, 2), c, sp, hp, reds)
        }
        resume!(ip.add(5), c, sp, hp, reds)
    }

    /// `bs_test_tail2`: `[fail] [packed context] [bits]`.
    fn test_tail(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        if matching.is_some_and(|matching| matching.left() as u64 == *ip.add(4)) {
            resume!(ip.add(5), c, sp, hp, reds)
        }
        resume!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `bs_test_unit`: `[fail] [packed context] [unit]`.
    fn test_unit(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(3)).get(c, sp));
        if matching.is_some_and(|matching| (matching.left() as u64).is_multiple_of(*ip.add(4))) {
            resume!(ip.add(5), c, sp, hp, reds)
        }
        resume!(target!(ip, 2), c, sp, hp, reds)
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

    /// `bs_get_tail`: `[packed context] [packed target]`.
    fn get_tail(ip, c, sp, hp, reds) {
        let Some(matching) = Matching::of(Packed(*ip.add(2)).get(c, sp)) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let rest = matching.part(heap, matching.position(), matching.left());
        Packed(*ip.add(3)).set(c, sp, rest);
        made!(ip.add(4), c, sp, heap, reds)
    }

    /// `bs_get_position`: `[packed context] [packed target]`. Counted from the context's start.
    fn get_position(ip, c, sp, hp, reds) {
        let Some(matching) = Matching::of(Packed(*ip.add(2)).get(c, sp)) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        let position = matching.position().saturating_sub(matching.start());
        Packed(*ip.add(3)).set(c, sp, Term::small(position as i64));
        resume!(ip.add(4), c, sp, hp, reds)
    }

    /// `bs_set_position`: `[packed context] [packed position]`.
    fn set_position(ip, c, sp, hp, reds) {
        let matching = Matching::of(Packed(*ip.add(2)).get(c, sp));
        let position = Packed(*ip.add(3)).get(c, sp).as_usize();
        let Some((matching, position)) = matching.zip(position) else {
            return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
        };
        matching.set_position(matching.start().saturating_add(position).min(matching.end()));
        resume!(ip.add(4), c, sp, hp, reds)
    }

    /// `bs_create_bin`: a = number of segments, `[fail] [packed target]`, then for each segment
    /// `[kind:8 | flags:8 | unit:48] [packed value] [packed size]`.
    fn create(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let mut out = BitBuilder::default();
        let mut fits = true;
        for index in 0..count {
            let at = ip.add(4 + index * 3);
            let word = *at;
            let (value, size) = (Packed(*at.add(1)).get(c, sp), Packed(*at.add(2)).get(c, sp));
            if put_segment(&mut out, word & 0xff, word >> 8 & 0xff, word >> 16, value, size).is_none() {
                fits = false;
                break;
            }
        }
        if !fits {
            let fail = target!(ip, 2);
            drop(out);
            if fail.is_null() {
                return raise_exception(ip, c, sp, hp, reds, Exception::badarg());
            }
            resume!(fail, c, sp, hp, reds)
        }
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let (bytes, bits) = out.finish();
        let binary = heap.binary_from(bytes.into_boxed_slice());
        let result = if bits.is_multiple_of(8) { binary } else { heap.part(binary, 0, bits) };
        Packed(*ip.add(3)).set(c, sp, result);
        made!(ip.add(4 + count * 3), c, sp, heap, reds)
    }

    /// `bs_init_writable`: X0 becomes an empty binary to append to.
    fn init_writable(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        (*c).x[0] = heap.binary(&[]);
        made!(ip.add(2), c, sp, heap, reds)
    }
}
