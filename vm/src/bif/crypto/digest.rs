//! Digests by name, with states that can be kept as bytes.

use blake2::{Blake2b512, Blake2s256};
use md5::digest::common::hazmat::{SerializableState, SerializedState};
use md5::{Digest, Md5};

/// A digest.
pub(super) struct Algorithm {
    pub(super) name: &'static str,
    /// Bytes of the digest.
    pub(super) size: usize,
    /// Bytes of a block.
    pub(super) block: usize,
    /// OpenSSL's number of it, which programs are shown.
    pub(super) number: u32,
    start: fn() -> Vec<u8>,
    update: fn(&[u8], &[u8]) -> Option<Vec<u8>>,
    finish: fn(&[u8]) -> Option<Vec<u8>>,
    whole: fn(&[&[u8]]) -> Vec<u8>,
}

fn start<D: Digest + SerializableState>() -> Vec<u8> {
    D::new().serialize().to_vec()
}

fn restored<D: Digest + SerializableState>(state: &[u8]) -> Option<D> {
    let state: &SerializedState<D> = state.try_into().ok()?;
    D::deserialize(state).ok()
}

fn update<D: Digest + SerializableState>(state: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut digest: D = restored(state)?;
    digest.update(data);
    Some(digest.serialize().to_vec())
}

fn finish<D: Digest + SerializableState>(state: &[u8]) -> Option<Vec<u8>> {
    Some(restored::<D>(state)?.finalize().to_vec())
}

/// For a digest whose state cannot be kept: the state is the data.
struct Kept<D>(std::marker::PhantomData<D>);

impl<D: Digest> Kept<D> {
    fn start() -> Vec<u8> {
        Vec::new()
    }

    fn update(state: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        Some([state, data].concat())
    }

    fn finish(state: &[u8]) -> Option<Vec<u8>> {
        Some(D::digest(state).to_vec())
    }
}

fn whole<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

macro_rules! algorithms {
    ($($name:literal => $digest:ty, $size:literal, $block:literal, $number:literal $(, $kept:ident)?;)*) => {
        &[$(Algorithm {
            name: $name,
            size: $size,
            block: $block,
            number: $number,
            start: algorithms!(@start $digest $(, $kept)?),
            update: algorithms!(@update $digest $(, $kept)?),
            finish: algorithms!(@finish $digest $(, $kept)?),
            whole: whole::<$digest>,
        },)*]
    };
    (@start $digest:ty) => { start::<$digest> };
    (@start $digest:ty, kept) => { Kept::<$digest>::start };
    (@update $digest:ty) => { update::<$digest> };
    (@update $digest:ty, kept) => { Kept::<$digest>::update };
    (@finish $digest:ty) => { finish::<$digest> };
    (@finish $digest:ty, kept) => { Kept::<$digest>::finish };
}

/// The digests.
pub(super) const ALGORITHMS: &[Algorithm] = algorithms! {
    "blake2s" => Blake2s256, 32, 64, 1057, kept;
    "blake2b" => Blake2b512, 64, 128, 1056, kept;
    "sha3_512" => sha3::Sha3_512, 64, 72, 1099;
    "sha3_384" => sha3::Sha3_384, 48, 104, 1098;
    "sha3_256" => sha3::Sha3_256, 32, 136, 1097;
    "sha3_224" => sha3::Sha3_224, 28, 144, 1096;
    "sha512" => sha2::Sha512, 64, 128, 674;
    "sha384" => sha2::Sha384, 48, 128, 673;
    "sha256" => sha2::Sha256, 32, 64, 672;
    "sha224" => sha2::Sha224, 28, 64, 675;
    "sha" => sha1::Sha1, 20, 64, 64;
    "ripemd160" => ripemd::Ripemd160, 20, 64, 117;
    "md5" => Md5, 16, 64, 4;
    "md4" => md4::Md4, 16, 64, 257;
};

impl Algorithm {
    /// The digest of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }

    /// The digest of bytes in parts.
    pub(super) fn of(&self, parts: &[&[u8]]) -> Vec<u8> {
        (self.whole)(parts)
    }

    /// The state before the first byte.
    pub(super) fn start(&self) -> Vec<u8> {
        (self.start)()
    }

    /// The state after more bytes; none if it is no state.
    pub(super) fn update(&self, state: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        (self.update)(state, data)
    }

    /// The digest of what went into a state.
    pub(super) fn finish(&self, state: &[u8]) -> Option<Vec<u8>> {
        (self.finish)(state)
    }
}

impl std::fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
