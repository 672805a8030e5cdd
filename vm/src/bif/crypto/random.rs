//! Random numbers for keys and nonces.

use super::number::random_bytes;
use crate::proc::exception::Exception;
use aes::cipher::{KeyIvInit as _, StreamCipher as _};
use chacha20::ChaCha20;
use elliptic_curve::rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;

/// A stream of ChaCha20 under a key from the operating system. Only the key can fail to come, so that what draws from
/// it needs no way to fail.
pub(super) struct Random(ChaCha20);

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

impl Random {
    /// A new one, or the exception of a system that has no randomness.
    pub(super) fn new() -> Result<Self, Exception> {
        let key: [u8; 32] = random_bytes(32)?.try_into().map_err(|_| Exception::badarg())?;
        Ok(Self(ChaCha20::new(&key.into(), &[0; 12].into())))
    }

    /// So many bytes.
    pub(super) fn bytes(&mut self, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        self.0.apply_keystream(&mut bytes);
        bytes
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.apply_keystream(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.apply_keystream(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(0);
        self.0.apply_keystream(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Random {}
