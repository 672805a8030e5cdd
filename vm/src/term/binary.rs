//! Binaries and bit strings: in the heap, shared off the heap, and parts of them.

use super::{Kind, Term, as_terms};
use crate::heap::Build;
use crate::sys::tally::BINARIES;
use std::alloc::Layout;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// Bytes off the heap, shared by reference count. Held by [`Kind::RefcBinary`] objects.
///
/// A buffer may have room behind the bytes in use, where whoever holds its end appends ([`Self::reserve`]): bits once
/// in use never change, so all that refer to a part of them read on undisturbed.
#[derive(Debug)]
pub struct SharedBinary {
    references: AtomicUsize,
    /// Bits in use.
    used: AtomicUsize,
    bytes: AtomicPtr<u8>,
    capacity: AtomicUsize,
    /// Do only parts of it show? Then nobody sees how large it is.
    grows: bool,
}

impl SharedBinary {
    /// Moves `bytes` off the heap, with one reference, which the caller owns.
    pub(crate) fn allocate(bytes: Box<[u8]>) -> *const Self {
        let used = bytes.len() * 8;
        Self::new(bytes, used, false)
    }

    /// A buffer of which the first `used` bits are in use, with one reference, which the caller owns, and of whose object
    /// only parts are shown.
    pub(crate) fn growing(bytes: Box<[u8]>, used: usize) -> *const Self {
        Self::new(bytes, used, true)
    }

    fn new(bytes: Box<[u8]>, used: usize, grows: bool) -> *const Self {
        let capacity = bytes.len();
        BINARIES.add((capacity + size_of::<Self>()).cast_signed());
        Box::into_raw(Box::new(Self {
            references: AtomicUsize::new(1),
            used: AtomicUsize::new(used),
            bytes: AtomicPtr::new(Box::into_raw(bytes).cast()),
            capacity: AtomicUsize::new(capacity),
            grows,
        }))
    }

    /// The bytes up to bit `end`, which the caller knows to be in use.
    #[inline(always)]
    pub(crate) fn bytes_to(&self, end: usize) -> &[u8] {
        debug_assert!(end.div_ceil(8) <= self.capacity());
        // SAFETY: the buffer has `capacity` bytes; those below `end` are initialised and do not change any more.
        unsafe { std::slice::from_raw_parts(self.room_at(0), end.div_ceil(8)) }
    }

    /// Takes `more` bits behind bit `end`, if `end` is where the bits in use end and there is room. True: the
    /// caller alone may write them now. Apart from its callers where little is inlined: what it keeps in memory would keep
    /// a handler from ending in a jump.
    #[cfg_attr(debug_assertions, inline(never))]
    pub(crate) fn reserve(&self, end: usize, more: usize) -> bool {
        let Some(total) = end.checked_add(more) else { return false };
        // Bits of a byte that others read are changed only where nobody else has the buffer.
        (end.is_multiple_of(8) || self.reference_count() == 1)
            && total.div_ceil(8) <= self.capacity()
            && self.used.compare_exchange(end, total, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Where byte `at` is, for bits that [`Self::reserve`] gave.
    #[inline(always)]
    pub(crate) fn room_at(&self, at: usize) -> *mut u8 {
        self.bytes.load(Ordering::Relaxed).wrapping_add(at)
    }

    #[inline(always)]
    fn capacity(&self) -> usize {
        self.capacity.load(Ordering::Relaxed)
    }

    /// Makes room for at least `capacity` bytes, if that is more than there is, the bits in use end at bit `end`, and it grows. The
    /// bytes may move; what is new is not initialised. False: nothing happened.
    ///
    /// # Safety
    /// The caller has the only reference, its object is in no literal area (others read it without one), and no slice of
    /// the bytes is alive.
    pub(crate) unsafe fn grow(&self, end: usize, capacity: usize) -> bool {
        let before = self.capacity();
        if !self.grows || before == 0 || capacity <= before || self.used.load(Ordering::Relaxed) != end {
            return false;
        }
        let Ok(layout) = Layout::array::<u8>(before) else { return false };
        // SAFETY: the bytes were allocated as a slice of this length, which the caller alone uses.
        let bytes = unsafe { std::alloc::realloc(self.room_at(0), layout, capacity) };
        if bytes.is_null() {
            return false;
        }
        BINARIES.add((capacity - before).cast_signed());
        self.bytes.store(bytes, Ordering::Relaxed);
        self.capacity.store(capacity, Ordering::Relaxed);
        true
    }

    pub(crate) fn retain(&self) {
        self.references.fetch_add(1, Ordering::Relaxed);
    }

    /// How many heap objects hold it.
    #[must_use]
    pub fn reference_count(&self) -> usize {
        self.references.load(Ordering::Relaxed)
    }

    /// Gives one reference back; frees the bytes with the last.
    ///
    /// # Safety
    /// The caller owns a reference and does not use it again.
    pub(crate) unsafe fn release(this: *const Self) {
        // SAFETY: the caller's reference keeps the object alive until here.
        if unsafe { &*this }.references.fetch_sub(1, Ordering::Release) == 1 {
            std::sync::atomic::fence(Ordering::Acquire);
            // SAFETY: that was the last reference; the object came from `Box::into_raw`.
            drop(unsafe { Box::from_raw(this.cast_mut()) });
        }
    }
}

impl Drop for SharedBinary {
    fn drop(&mut self) {
        BINARIES.add(-(self.capacity() + size_of::<Self>()).cast_signed());
        let Ok(layout) = Layout::array::<u8>(self.capacity()) else { return };
        if layout.size() > 0 {
            // SAFETY: allocated as a slice of this length, which nobody uses any more.
            unsafe { std::alloc::dealloc(self.room_at(0), layout) };
        }
    }
}

/// Tells whether references to something are left: each has a binary without bytes, shared with this one.
#[derive(Debug)]
pub(crate) struct Holder(*const SharedBinary);

// SAFETY: the count of a shared binary is atomic, and nothing else of it is touched.
unsafe impl Send for Holder {}
// SAFETY: as above.
unsafe impl Sync for Holder {}

impl Holder {
    /// A reference with this number, and its holder.
    pub(crate) fn reference<B: Build + ?Sized>(memory: &mut B, number: u64) -> (Term, Self) {
        let shared = SharedBinary::allocate(Box::default());
        // SAFETY: made just now, with the reference that the holder owns.
        unsafe { &*shared }.retain();
        let binary = memory.shared_binary(0, shared.expose_provenance() as u64);
        (memory.boxed(Kind::Ref, &[number, 0, binary.0]), Self(shared))
    }

    /// Is there a reference left, in any memory?
    pub(crate) fn is_held(&self) -> bool {
        // SAFETY: the holder owns a reference.
        unsafe { &*self.0 }.reference_count() > 1
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // SAFETY: the holder's own reference, used no more.
        unsafe { SharedBinary::release(self.0) };
    }
}

/// Any bit string, seen as bits of a byte slice: bit `offset` (counted from the top bit of byte 0), `size` bits.
#[derive(Clone, Copy, Debug)]
pub struct BitsView<'a> {
    /// The whole underlying bytes.
    pub bytes: &'a [u8],
    /// First bit.
    pub offset: usize,
    /// Number of bits.
    pub size: usize,
}

impl<'a> BitsView<'a> {
    /// The bytes themselves, if the bits start and end on byte borders.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        if self.offset.is_multiple_of(8) && self.size.is_multiple_of(8) {
            Some(&self.bytes[self.offset / 8..(self.offset + self.size) / 8])
        } else {
            None
        }
    }

    /// Number of bytes that the bits fill, a last partial one included.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.size.div_ceil(8)
    }

    /// The bits moved to a byte border; unused low bits of the last byte are zero.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let shift = self.offset % 8;
        let start = self.offset / 8;
        let len = self.byte_len();
        let mut out = Vec::with_capacity(len);
        if shift == 0 {
            out.extend_from_slice(&self.bytes[start..start + len]);
        } else {
            for index in start..start + len {
                let next = self.bytes.get(index + 1).copied().unwrap_or(0);
                out.push((self.bytes[index] << shift) | (next >> (8 - shift)));
            }
        }
        let used = self.size % 8;
        if used != 0
            && let Some(last) = out.last_mut()
        {
            *last &= 0xff << (8 - used);
        }
        out
    }

    /// `size` bits from `offset` within these bits.
    #[must_use]
    pub fn slice(&self, offset: usize, size: usize) -> Option<Self> {
        (offset.checked_add(size)? <= self.size).then_some(Self {
            bytes: self.bytes,
            offset: self.offset + offset,
            size,
        })
    }
}

impl Term {
    /// The bits, if this is a bit string of any kind.
    #[must_use]
    pub fn as_bits<'a>(self) -> Option<BitsView<'a>> {
        match self.kind()? {
            Kind::HeapBinary | Kind::RefcBinary => {
                let bytes = self.whole_bytes();
                Some(BitsView { bytes, offset: 0, size: bytes.len() * 8 })
            }
            Kind::SubBits => {
                let words = self.boxed_words();
                let (size, offset) = (words[0] as usize, words[1] as usize);
                let bytes = as_terms(words)[2].bytes_to(offset + size);
                Some(BitsView { bytes, offset, size })
            }
            _ => None,
        }
    }

    /// Is this a bit string?
    #[must_use]
    #[inline(always)]
    pub fn is_bitstring(self) -> bool {
        matches!(self.kind(), Some(Kind::HeapBinary | Kind::RefcBinary | Kind::SubBits))
    }

    /// Is this a binary: a bit string of whole bytes?
    #[must_use]
    #[inline(always)]
    pub fn is_binary(self) -> bool {
        match self.kind() {
            Some(Kind::HeapBinary | Kind::RefcBinary) => true,
            Some(Kind::SubBits) => self.boxed_words()[0].is_multiple_of(8),
            _ => false,
        }
    }

    /// The bytes of a binary, copied only if they do not lie on byte borders.
    #[must_use]
    pub fn as_binary<'a>(self) -> Option<std::borrow::Cow<'a, [u8]>> {
        let bits = self.as_bits()?;
        if !bits.size.is_multiple_of(8) {
            return None;
        }
        Some(match bits.as_bytes() {
            Some(bytes) => std::borrow::Cow::Borrowed(bytes),
            None => std::borrow::Cow::Owned(bits.to_bytes()),
        })
    }

    /// The bytes of a heap or off-heap binary; none for anything else.
    pub(crate) fn whole_bytes<'a>(self) -> &'a [u8] {
        match self.kind() {
            Some(Kind::HeapBinary | Kind::RefcBinary) => self.bytes_to(self.boxed_words()[0] as usize * 8),
            _ => &[],
        }
    }

    /// The bytes of a heap or off-heap binary up to bit `end`, which the caller knows to exist; none for anything
    /// else. A buffer that grows has more bits than the term that was made for it says.
    #[inline(always)]
    pub(crate) fn bytes_to<'a>(self, end: usize) -> &'a [u8] {
        match self.kind() {
            Some(Kind::HeapBinary) => {
                let words = self.boxed_words();
                debug_assert!(end <= words[0] as usize * 8);
                // SAFETY: the constructor wrote `words[0]` bytes into the words that follow it.
                unsafe { std::slice::from_raw_parts(words.as_ptr().add(1).cast(), end.div_ceil(8)) }
            }
            Some(Kind::RefcBinary) => self.shared().map_or(&[], |shared| shared.bytes_to(end)),
            _ => &[],
        }
    }

    /// What an off-heap binary refers to.
    #[inline(always)]
    pub(crate) fn shared<'a>(self) -> Option<&'a SharedBinary> {
        if !self.is_kind(Kind::RefcBinary) {
            return None;
        }
        let shared: *const SharedBinary = std::ptr::with_exposed_provenance(self.boxed_words()[1] as usize);
        // SAFETY: the object holds a reference to the shared binary as long as it lives.
        Some(unsafe { &*shared })
    }
}
