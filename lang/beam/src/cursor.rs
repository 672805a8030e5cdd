//! A reading position in bytes that nobody vouches for. Every step is checked; errors know their place.

use crate::read_error::{ChunkId, ReadError, ReadErrorKind};

#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
    chunk: Option<ChunkId>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8], chunk: Option<ChunkId>) -> Self {
        Self { bytes, position: 0, chunk }
    }

    pub(crate) fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError { chunk: self.chunk, offset: self.position, kind }
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.position
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.left() == 0
    }

    /// What is still to be read.
    #[inline]
    pub(crate) fn ahead(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or(&[])
    }

    /// Goes over bytes that were seen [`ahead`](Self::ahead).
    #[inline]
    pub(crate) fn skip(&mut self, count: usize) {
        debug_assert!(count <= self.left());
        self.position += count;
    }

    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], ReadError> {
        let Some(taken) = self.bytes[self.position..].get(..count) else {
            return Err(self.error(ReadErrorKind::Truncated { needed: count, left: self.left() }));
        };
        self.position += count;
        Ok(taken)
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        self.position = self.bytes.len();
        rest
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        Ok(self.take(N)?.try_into().expect("as many bytes as were asked for"))
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, ReadError> {
        match self.ahead() {
            &[byte, ..] => {
                self.position += 1;
                Ok(byte)
            }
            [] => Err(self.error(ReadErrorKind::Truncated { needed: 1, left: 0 })),
        }
    }

    pub(crate) fn u16(&mut self) -> Result<u16, ReadError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ReadError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, ReadError> {
        self.array().map(i32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, ReadError> {
        self.array().map(u64::from_be_bytes)
    }

    /// A 32-bit length, for which as many bytes must follow.
    pub(crate) fn len32(&mut self) -> Result<usize, ReadError> {
        self.u32().map(|length| length as usize)
    }

    /// A 32-bit count of entries that each take at least `each` bytes.
    pub(crate) fn count(&mut self, each: usize) -> Result<usize, ReadError> {
        let count = self.u32()?;
        self.check_count(u64::from(count), each)
    }

    /// `count`, when so many entries of at least `each` bytes can follow.
    pub(crate) fn check_count(&self, count: u64, each: usize) -> Result<usize, ReadError> {
        match usize::try_from(count) {
            Ok(entries) if entries.checked_mul(each).is_some_and(|bytes| bytes <= self.left()) => Ok(entries),
            _ => Err(self.error(ReadErrorKind::Count { count, left: self.left() })),
        }
    }

    /// Checks that nothing is left.
    pub(crate) fn finish(&self) -> Result<(), ReadError> {
        if self.is_empty() { Ok(()) } else { Err(self.error(ReadErrorKind::Trailing(self.left()))) }
    }
}
