//! Building bit strings: `bs_create_bin`. A first pass adds up the size, a second one writes the segments where they
//! are to stay: up to 64 bytes in the heap, more in memory of their own, and what is appended to a bit string behind
//! it in the same memory, if that has room and nobody was there first.

use super::bit_writer::{BitWriter, Endian};
use super::bits::{endian, made, segment_size};
use super::call::{collect_and_repeat, lacks_room, leave};
use super::exception::raise_exception;
use super::operand::Packed;
use super::whole_bytes::WholeBytes;
use super::{Context, dispatch, field, handlers, resume, tail, target};
use crate::heap::{Build as _, Heap};
use crate::term::{Header, Integer, Kind, SharedBinary, Term};

/// Kinds of segments.
pub(crate) mod segment {
    pub(crate) const INTEGER: u64 = 0;
    pub(crate) const FLOAT: u64 = 1;
    pub(crate) const BINARY: u64 = 2;
    /// A binary at the front, of which all is taken: the rest may be appended to it.
    pub(crate) const APPEND: u64 = 3;
    pub(crate) const UTF8: u64 = 4;
    pub(crate) const UTF16: u64 = 5;
    pub(crate) const UTF32: u64 = 6;
}

/// Most bytes of a bit string in the heap.
const IN_HEAP: usize = 64;
/// Most words that a bit string takes in the heap: header, size and its bytes, or a binary and a part of it.
pub(crate) const MOST_WORDS: u64 = 2 + IN_HEAP as u64 / 8 + 4;
/// Fewest bytes of memory that is appended to.
const LEAST_ROOM: usize = 256;

/// One segment, as the instruction has it.
pub(super) struct Segment {
    pub(super) kind: u64,
    flags: u64,
    pub(super) unit: u64,
    /// Its number in the source, for who looks for a fault.
    pub(super) number: u64,
    pub(super) value: Term,
    pub(super) size: Term,
}

/// Segment `index` of the instruction.
///
/// # Safety
/// As for handlers.
#[inline(always)]
pub(super) unsafe fn segment_at(ip: *const u64, index: usize, c: *mut Context, sp: *mut u64) -> Segment {
    // SAFETY: by the contract; the loader wrote three words a segment.
    unsafe {
        let at = ip.add(4 + index * 3);
        let word = *at;
        let (value, size) = (Packed(*at.add(1)).get(c, sp), Packed(*at.add(2)).get(c, sp));
        let (kind, flags) = (word & 0xff, word >> 8 & 0xff);
        Segment { kind, flags, unit: word >> 16 & 0xffff, number: word >> 32, value, size }
    }
}

impl Segment {
    /// How many bits it takes. `None`: its size is no size, or it has not so many.
    pub(super) fn bits(&self) -> Option<usize> {
        match self.kind {
            // What no memory holds is refused like any wrong size.
            segment::INTEGER | segment::FLOAT => {
                segment_size(self.size, self.unit).filter(|&bits| bits <= 1 << 36)
            }
            segment::BINARY | segment::APPEND => {
                let view = self.value.as_bits()?;
                if self.size == Term::atom(crate::atom::ALL) {
                    (view.size as u64).is_multiple_of(self.unit).then_some(view.size)
                } else {
                    segment_size(self.size, self.unit).filter(|&bits| bits <= view.size)
                }
            }
            _ => {
                let c = self.character()?;
                Some(match self.kind {
                    segment::UTF8 => c.len_utf8() * 8,
                    segment::UTF16 => c.len_utf16() * 16,
                    _ => 32,
                })
            }
        }
    }

    fn character(&self) -> Option<char> {
        self.value.as_usize().and_then(|c| u32::try_from(c).ok()).and_then(char::from_u32)
    }

    /// Writes it. `None`: the value does not fit its type.
    fn write(&self, out: &mut BitWriter<'_>) -> Option<()> {
        let endian = endian(self.flags);
        match self.kind {
            segment::INTEGER => {
                let bits = self.bits()?;
                match self.value.as_small() {
                    Some(value) => out.integer(value, bits, endian),
                    None => match self.value.as_integer()? {
                        Integer::Small(value) => out.integer(value, bits, endian),
                        Integer::Big(value) => out.big(&value, bits, endian),
                    },
                }
            }
            segment::FLOAT => {
                let value = match self.value.as_float() {
                    Some(value) => value,
                    None => match self.value.as_integer()? {
                        Integer::Small(value) => value as f64,
                        Integer::Big(value) => {
                            num_traits::ToPrimitive::to_f64(&value).filter(|value| value.is_finite())?
                        }
                    },
                };
                out.float(value, self.bits()?, endian)?;
            }
            segment::BINARY | segment::APPEND => {
                out.bits(&self.value.as_bits()?.slice(0, self.bits()?)?);
            }
            segment::UTF8 => out.bytes(self.character()?.encode_utf8(&mut [0; 4]).as_bytes()),
            segment::UTF16 => {
                for unit in self.character()?.encode_utf16(&mut [0; 2]) {
                    out.integer(i64::from(*unit), 16, endian);
                }
            }
            _ => out.integer(i64::from(u32::from(self.character()?)), 32, endian),
        }
        Some(())
    }
}

/// The sum of the segments' sizes; `None` if one has none.
///
/// # Safety
/// As for handlers.
unsafe fn total(ip: *const u64, count: usize, c: *mut Context, sp: *mut u64) -> Option<usize> {
    let mut bits = 0usize;
    for index in 0..count {
        // SAFETY: by the contract.
        bits = bits.checked_add(unsafe { segment_at(ip, index, c, sp) }.bits()?)?;
    }
    (bits <= 1 << 37).then_some(bits)
}

/// Writes the segments from number `first` on into `bytes`, from bit `at` on.
///
/// # Safety
/// As for handlers; the bytes have the room that [`total`] says.
unsafe fn write(
    ip: *const u64,
    segments: std::ops::Range<usize>,
    c: *mut Context,
    sp: *mut u64,
    bytes: &mut [u8],
    at: usize,
) -> Option<()> {
    let mut out = BitWriter::new(bytes, at);
    for index in segments {
        // SAFETY: by the contract.
        unsafe { segment_at(ip, index, c, sp) }.write(&mut out)?;
    }
    Some(())
}

/// The bit string of the instruction's segments; `None` if one does not fit its type.
///
/// # Safety
/// As for handlers, after `leave`.
unsafe fn build(
    ip: *const u64,
    count: usize,
    c: *mut Context,
    sp: *mut u64,
    heap: &mut Heap,
) -> Option<Term> {
    // SAFETY: by the contract; `total` counts what `write` writes.
    unsafe {
        let bits = total(ip, count, c, sp)?;
        if count > 0 && *ip.add(4) & 0xff == segment::APPEND {
            let first = segment_at(ip, 0, c, sp);
            if let Some(appended) = append(ip, count, c, sp, heap, first.value, bits) {
                return appended;
            }
            if bits > IN_HEAP * 8 {
                let mut bytes = vec![0; (bits.div_ceil(8) * 2).max(LEAST_ROOM)].into_boxed_slice();
                write(ip, 0..count, c, sp, &mut bytes, 0)?;
                return Some(growing(heap, bytes, bits));
            }
        }
        if bits <= IN_HEAP * 8 {
            let mut bytes = [0; IN_HEAP];
            write(ip, 0..count, c, sp, &mut bytes[..bits.div_ceil(8)], 0)?;
            return Some(heap.bit_string(&bytes, bits));
        }
        let mut bytes = vec![0; bits.div_ceil(8)].into_boxed_slice();
        write(ip, 0..count, c, sp, &mut bytes, 0)?;
        let binary = heap.binary_from(bytes);
        Some(if bits.is_multiple_of(8) { binary } else { heap.part(binary, 0, bits) })
    }
}

/// A term for the first `bits` bits of memory that has room for more.
fn growing(heap: &mut Heap, bytes: Box<[u8]>, bits: usize) -> Term {
    let room = bytes.len();
    let shared = SharedBinary::growing(bytes, bits).expose_provenance() as u64;
    // Its size is what it holds in memory, for the account of the collector; parts say what is in use.
    let binary = heap.shared_binary(room, shared);
    heap.part(binary, 0, bits)
}

/// The segments but the first, behind it in its own memory, if it stands at the end of memory with room for them.
/// `bits` is the size of all.
///
/// # Safety
/// As for [`build`].
unsafe fn append(
    ip: *const u64,
    count: usize,
    c: *mut Context,
    sp: *mut u64,
    heap: &mut Heap,
    front: Term,
    bits: usize,
) -> Option<Option<Term>> {
    if !front.is_kind(Kind::SubBits) {
        return None;
    }
    let words = front.boxed_words();
    let (size, offset, whole) = (words[0] as usize, words[1] as usize, Term(words[2]));
    let shared = whole.shared()?;
    let (end, more) = (offset + size, bits - size);
    let room = (end + more).div_ceil(8) * 2;
    if !(shared.reserve(end, more) || heap.grow_binary(whole, end, room) && shared.reserve(end, more)) {
        return None;
    }
    let (from, to) = (end / 8, (offset + bits).div_ceil(8));
    // SAFETY: the bits behind the end were reserved for this call. A byte that is partly in use is changed only
    // where nobody else has the buffer. What is not in use may be uninitialised.
    let fits = unsafe {
        shared.room_at(end.div_ceil(8)).write_bytes(0, to - end.div_ceil(8));
        let room = std::slice::from_raw_parts_mut(shared.room_at(from), to - from);
        write(ip, 1..count, c, sp, room, end % 8)
    };
    Some(fits.map(|()| heap.part(whole, offset, bits)))
}

/// The integers of the segments from number `first` on, which the loader has seen to be of fixed sizes and a word at
/// most together, one behind the other. `None` if one is not small.
///
/// # Safety
/// As for handlers.
#[inline(always)]
unsafe fn gather(ip: *const u64, first: usize, c: *mut Context, sp: *mut u64) -> Option<u64> {
    let mut all = 0u64;
    let mut index = first;
    // SAFETY: by the contract.
    unsafe {
        while index < field!(ip, 1) {
            let Segment { flags, unit, value, size, .. } = segment_at(ip, index, c, sp);
            if !value.is_small() {
                return None;
            }
            let (value, bits) = ((value.0 as i64 >> 3) as u64, (size.0 >> 3) * unit);
            all = match endian(flags) {
                Endian::Little => all << (bits & 63) | (value << (64 - bits)).swap_bytes(),
                Endian::Big => all << (bits & 63) | value & (u64::MAX >> (64 - bits)),
            };
            index += 1;
        }
    }
    Some(all)
}

/// Writes the low `bits` bits (1 to 64) of `value` to the bytes at `to`, from bit `shift` of the first on, whose bits
/// before that stay. Bits behind them become 0 up to the next byte.
///
/// # Safety
/// The bytes are there; `shift` and `bits` together are 64 at most.
#[inline(always)]
unsafe fn put_bits(value: u64, bits: usize, to: *mut u8, shift: usize) {
    let mut left = value << (64 - bits) >> shift;
    // SAFETY: by the contract.
    unsafe {
        let before = if shift == 0 { 0 } else { *to };
        *to = before | (left >> 56) as u8;
        let (mut at, end) = (1, (shift + bits).div_ceil(8));
        while at < end {
            left <<= 8;
            *to.add(at) = (left >> 56) as u8;
            at += 1;
        }
    }
}

handlers! {
    /// `bs_create_bin`: a = number of segments, `[fail] [packed target]`, then for each segment
    /// `[kind:8 | flags:8 | unit:16 | number:32] [packed value] [packed size]`.
    fn create(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        match build(ip, count, c, sp, heap) {
            Some(result) => {
                Packed(*ip.add(3)).set(c, sp, result);
                made!(ip.add(4 + count * 3), c, sp, heap, reds)
            }
            None => {
                let fail = target!(ip, 2);
                if fail.is_null() {
                    let exception = super::bits_fault::exception(ip, count, c, sp);
                    return raise_exception(ip, c, sp, heap.top, reds, exception);
                }
                resume!(fail, c, sp, heap.top, reds)
            }
        }
    }

    /// `bs_create_bin` of integers of fixed sizes behind a bit string, which is how bit strings grow: b = bits of the
    /// integers, c = live X registers; further words as those of [`create`], which has all other cases.
    fn append_integers(ip, c, sp, hp, reds) {
        let front = Packed(*ip.add(5)).get(c, sp);
        if lacks_room(c, sp, hp, 4) {
            return create_collect(ip, c, sp, hp, reds);
        }
        if front.is_kind(Kind::SubBits) {
            let words = front.boxed_words();
            let (size, offset, whole, bits) = (words[0], words[1], Term(words[2]), field!(ip, 2));
            let end = (size + offset) as usize;
            if end % 8 + bits <= 64
                && let Some(value) = gather(ip, 1, c, sp)
                && let Some(shared) = whole.shared()
                && shared.reserve(end, bits)
            {
                put_bits(value, bits, shared.room_at(end / 8), end % 8);
                *hp = Header::new(Kind::SubBits, 3).0;
                *hp.add(1) = size + bits as u64;
                *hp.add(2) = offset;
                *hp.add(3) = whole.0;
                Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
                dispatch!(ip.add(4 + field!(ip, 1) * 3), c, sp, hp.add(4), reds)
            }
        }
        tail!(create, ip, c, sp, hp, reds);
    }

    /// [`append_integers`] of one, of whole bytes, `N` of them, the high one first.
    fn append_bytes<N: WholeBytes>(ip, c, sp, hp, reds) {
        let (front, value) = (Packed(*ip.add(5)).get(c, sp), Packed(*ip.add(8)).get(c, sp));
        if !value.is_small() || !front.is_kind(Kind::SubBits) {
            tail!(append_integers, ip, c, sp, hp, reds);
        }
        let words = front.boxed_words();
        let (size, offset, whole, count) = (words[0], words[1], Term(words[2]), N::count(field!(ip, 2) / 8));
        let end = (size + offset) as usize;
        if !end.is_multiple_of(8) {
            tail!(append_integers, ip, c, sp, hp, reds);
        }
        if lacks_room(c, sp, hp, 4) {
            return create_collect(ip, c, sp, hp, reds);
        }
        if let Some(shared) = whole.shared()
            && shared.reserve(end, count * 8)
        {
            N::write(shared.room_at(end / 8), (value.0 as i64 >> 3) as u64, count);
            *hp = Header::new(Kind::SubBits, 3).0;
            *hp.add(1) = size + count as u64 * 8;
            *hp.add(2) = offset;
            *hp.add(3) = whole.0;
            Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
            dispatch!(ip.add(10), c, sp, hp.add(4), reds)
        }
        tail!(create, ip, c, sp, hp, reds);
    }

    /// `bs_create_bin` of nothing but integers of fixed sizes, a word of whole bytes at most: as [`append_integers`].
    fn create_integers(ip, c, sp, hp, reds) {
        if lacks_room(c, sp, hp, 3) {
            return create_collect(ip, c, sp, hp, reds);
        }
        if let Some(value) = gather(ip, 0, c, sp) {
            let bits = field!(ip, 2);
            *hp = Header::new(Kind::HeapBinary, 2).0;
            *hp.add(1) = bits as u64 / 8;
            *hp.add(2) = 0;
            put_bits(value, bits, hp.add(2).cast(), 0);
            Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
            dispatch!(ip.add(4 + field!(ip, 1) * 3), c, sp, hp.add(3), reds)
        }
        tail!(create, ip, c, sp, hp, reds);
    }

    /// `bs_init_writable`: X0 becomes an empty binary to append to.
    fn init_writable(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        (*c).x[0] = growing(heap, vec![0; LEAST_ROOM].into_boxed_slice(), 0);
        made!(ip.add(2), c, sp, heap, reds)
    }
}

collect_and_repeat! {
    create_collect(ip, c, sp): live field!(ip, 3), need 4;
}
