//! A file whose bytes may be read ahead (`read_ahead`) or written late (`delayed_write`).
//!
//! Only one of both is ever held: what is to be written goes out before anything is read or the place changes, and what
//! was read ahead is forgotten, with the system's place in the file set back, before anything is written.

use crate::sys::posix;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;

/// A piece of what is read where a limit alone says how much.
const CHUNK: usize = 1 << 16;

/// An open file.
#[derive(Debug)]
pub(super) struct Buffered {
    file: File,
    /// How much is read beyond what is asked for.
    ahead: usize,
    /// What was read ahead; up to `used` the program has it.
    read: Vec<u8>,
    used: usize,
    /// More than this does not wait to be written; `None`: nothing does.
    delay: Option<usize>,
    waiting: Vec<u8>,
    /// Why writing late failed: the next call says so.
    failed: Option<io::Error>,
}

impl Buffered {
    pub(super) fn new(file: File, ahead: usize, delay: Option<usize>) -> Self {
        Self { file, ahead, read: Vec::new(), used: 0, delay, waiting: Vec::new(), failed: None }
    }

    /// Writes what waits. What cannot be written is lost.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.file.write_all(&std::mem::take(&mut self.waiting))
    }

    /// The same where nobody asked for it: a failure is kept for the next call.
    pub(super) fn flush_late(&mut self) {
        self.failed = self.flush().err();
    }

    /// The file, as if nothing had ever been held.
    pub(super) fn settled(&mut self) -> io::Result<&mut File> {
        self.flush()?;
        let left = self.read.len() - self.used;
        if left > 0 {
            self.file.seek(SeekFrom::Current(-(left as i64)))?;
        }
        self.read.clear();
        self.used = 0;
        Ok(&mut self.file)
    }

    /// So many bytes, or fewer where the file ends.
    pub(super) fn read(&mut self, size: usize) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut bytes = Vec::new();
        loop {
            let held = &self.read[self.used..];
            let count = held.len().min(size - bytes.len());
            bytes.extend_from_slice(&held[..count]);
            self.used += count;
            let wanted = size - bytes.len();
            if wanted == 0 {
                return Ok(bytes);
            }
            self.read.clear();
            self.used = 0;
            if self.ahead == 0 || wanted >= CHUNK {
                (&mut self.file).take(wanted as u64).read_to_end(&mut bytes)?;
                return Ok(bytes);
            }
            (&mut self.file).take((wanted + self.ahead) as u64).read_to_end(&mut self.read)?;
            if self.read.is_empty() {
                return Ok(bytes);
            }
        }
    }

    /// Bytes from a place on.
    pub(super) fn read_at(&mut self, at: u64, size: usize) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut bytes = Vec::new();
        let mut chunk = vec![0; size.min(CHUNK)];
        while bytes.len() < size {
            let room = chunk.len().min(size - bytes.len());
            match self.file.read_at(&mut chunk[..room], at + bytes.len() as u64) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(bytes)
    }

    /// Writes, now or later. True: these are the first bytes that wait.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let Some(most) = self.delay else {
            return self.settled()?.write_all(bytes).map(|()| false);
        };
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.waiting.is_empty() {
            self.settled()?;
        }
        let first = self.waiting.is_empty() && !bytes.is_empty();
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > most {
            self.flush_late();
            return Ok(false);
        }
        Ok(first)
    }

    pub(super) fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.settled()?.write_all_at(bytes, at)
    }

    pub(super) fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.settled()?.seek(to)
    }

    /// Cuts the file off where it stands.
    pub(super) fn truncate(&mut self) -> io::Result<()> {
        let file = self.settled()?;
        let at = file.stream_position()?;
        file.set_len(at)
    }

    /// Room on the disk for so many bytes from an offset.
    pub(super) fn allocate(&mut self, offset: u64, length: u64) -> io::Result<()> {
        posix::allocate(self.settled()?, offset, length)
    }
}
