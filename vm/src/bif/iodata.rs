//! Flattening deep lists of bytes and bit strings.

use crate::proc::exception::Exception;
use crate::term::{BitsView, Term};

/// What an iolist is collected in: whole bytes, and perhaps some bits more.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    bytes: Vec<u8>,
    /// Bits used of the last byte; 0 for all.
    used: usize,
}

impl Bits {
    fn push_byte(&mut self, byte: u8) {
        if self.used == 0 {
            self.bytes.push(byte);
            return;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= byte >> self.used;
        }
        self.bytes.push(byte << (8 - self.used));
    }

    /// Adds bits at the end.
    pub(crate) fn push(&mut self, bits: &BitsView<'_>) {
        if self.used == 0
            && let Some(bytes) = bits.as_bytes()
        {
            self.bytes.extend_from_slice(bytes);
            return;
        }
        let more = bits.to_bytes();
        let whole = bits.size / 8;
        for &byte in &more[..whole] {
            self.push_byte(byte);
        }
        let rest = bits.size % 8;
        if rest == 0 {
            return;
        }
        let byte = more[whole];
        if self.used == 0 {
            self.bytes.push(byte);
            self.used = rest;
        } else {
            if let Some(last) = self.bytes.last_mut() {
                *last |= byte >> self.used;
            }
            if self.used + rest > 8 {
                self.bytes.push(byte << (8 - self.used));
            }
            self.used = (self.used + rest) % 8;
        }
    }

    /// The bytes, and how many bits of them count.
    pub(crate) fn into_parts(self) -> (Vec<u8>, usize) {
        let bits = if self.used == 0 { self.bytes.len() * 8 } else { self.bytes.len() * 8 - 8 + self.used };
        (self.bytes, bits)
    }
}

/// Walks over an iolist: calls `part` with each byte or bit string. Elements may be bytes, bit strings and lists;
/// a tail may be a bit string.
pub(crate) fn walk(
    root: Term,
    mut part: impl FnMut(Part<'_>) -> Result<(), Exception>,
) -> Result<(), Exception> {
    let mut pending = Vec::new();
    let mut current = root;
    loop {
        if let Some((head, tail)) = current.as_cons() {
            if let Some(byte) = head.as_small() {
                part(Part::Byte(u8::try_from(byte).map_err(|_| Exception::badarg())?))?;
                current = tail;
                continue;
            }
            if !tail.is_nil() {
                if tail.is_small() {
                    return Err(Exception::badarg());
                }
                pending.push(tail);
            }
            current = head;
            continue;
        }
        if let Some(bits) = current.as_bits() {
            part(Part::Bits(bits))?;
        } else if !current.is_nil() {
            return Err(Exception::badarg());
        }
        match pending.pop() {
            Some(next) => current = next,
            None => return Ok(()),
        }
    }
}

/// A leaf of an iolist.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    /// An integer from 0 to 255.
    Byte(u8),
    /// A bit string.
    Bits(BitsView<'a>),
}

/// The bytes of an iolist or binary.
///
/// # Errors
/// `badarg` if it is none, or has odd bits.
pub(crate) fn to_bytes(root: Term) -> Result<Vec<u8>, Exception> {
    if let Some(bytes) = root.as_binary() {
        return Ok(bytes.into_owned());
    }
    let mut out = Vec::new();
    walk(root, |part| {
        match part {
            Part::Byte(byte) => out.push(byte),
            Part::Bits(bits) => match bits.as_bytes() {
                Some(bytes) => out.extend_from_slice(bytes),
                None if bits.size % 8 == 0 => out.extend(bits.to_bytes()),
                None => return Err(Exception::badarg()),
            },
        }
        Ok(())
    })?;
    Ok(out)
}

/// Number of bytes of an iolist or binary.
pub(crate) fn size(root: Term) -> Result<usize, Exception> {
    let mut total = 0;
    walk(root, |part| {
        total += match part {
            Part::Byte(_) => 1,
            Part::Bits(bits) if bits.size % 8 == 0 => bits.size / 8,
            Part::Bits(_) => return Err(Exception::badarg()),
        };
        Ok(())
    })?;
    Ok(total)
}

/// The bits of a deep list whose binaries may have odd bits.
pub(crate) fn to_bits(root: Term) -> Result<Bits, Exception> {
    let mut out = Bits::default();
    walk(root, |part| {
        match part {
            Part::Byte(byte) => out.push_byte(byte),
            Part::Bits(bits) => out.push(&bits),
        }
        Ok(())
    })?;
    Ok(out)
}
