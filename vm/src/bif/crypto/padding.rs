//! How messages become numbers for RSA, and back: PKCS #1 (RFC 8017) and X9.31.

use super::digest::Algorithm;
use super::number::equal;
use super::random::Random;

/// Bytes before the digest that say which one it is (RFC 8017, appendix B.1); none for those that are not signed so.
pub(super) fn digest_prefix(algorithm: &Algorithm) -> Option<Vec<u8>> {
    // The identifier, and whether it is followed by the empty parameters.
    let oid: &[u8] = match algorithm.name {
        // OpenSSL writes the last byte so; it is 4 in the registry.
        "md4" => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x03],
        "md5" => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
        "sha" => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
        "ripemd160" => &[0x2b, 0x24, 0x03, 0x02, 0x01],
        "sha256" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        "sha384" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        "sha512" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        "sha224" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
        "sha3_224" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x07],
        "sha3_256" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08],
        "sha3_384" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09],
        "sha3_512" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0a],
        _ => return None,
    };
    let (inner, size) = (oid.len() as u8 + 4, algorithm.size as u8);
    let mut prefix = vec![0x30, inner + size + 4, 0x30, inner, 0x06, oid.len() as u8];
    prefix.extend_from_slice(oid);
    prefix.extend([0x05, 0x00, 0x04, size]);
    Some(prefix)
}

/// The byte of X9.31's trailer that says which digest it is.
pub(super) fn x931_mark(algorithm: &Algorithm) -> Option<u8> {
    Some(match algorithm.name {
        "sha" => 0x33,
        "sha256" => 0x34,
        "sha384" => 0x36,
        "sha512" => 0x35,
        _ => return None,
    })
}

/// A block for private keys: `0, 1, 255..., 0, Data`.
pub(super) fn signed_block(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let fill = size.checked_sub(data.len() + 3).filter(|&fill| fill >= 8)?;
    let mut block = vec![0, 1];
    block.resize(2 + fill, 0xff);
    block.push(0);
    block.extend_from_slice(data);
    Some(block)
}

/// What a block for private keys holds.
pub(super) fn signed_data(block: &[u8]) -> Option<&[u8]> {
    let rest = block.strip_prefix(&[0, 1])?;
    let fill = rest.iter().position(|&byte| byte != 0xff)?;
    if fill < 8 { None } else { rest[fill..].strip_prefix(&[0]) }
}

/// A block for public keys: `0, 2, random bytes, 0, Data`.
pub(super) fn sealed_block(data: &[u8], size: usize, random: &mut Random) -> Option<Vec<u8>> {
    let fill = size.checked_sub(data.len() + 3).filter(|&fill| fill >= 8)?;
    let mut block = vec![0, 2];
    while block.len() < 2 + fill {
        block.extend(random.bytes(1).into_iter().filter(|&byte| byte != 0));
    }
    block.push(0);
    block.extend_from_slice(data);
    Some(block)
}

/// What a block for public keys holds. The whole block is looked at whatever is in it.
pub(super) fn sealed_data(block: &[u8]) -> Option<&[u8]> {
    let head_is_bad = block.first()? | (block.get(1)? ^ 2);
    let (mut end, mut found) = (0, 0u8);
    for (at, &byte) in block.iter().enumerate().skip(2) {
        let is_end = u8::from(byte == 0) & (found ^ 1);
        end |= at & (0usize.wrapping_sub(usize::from(is_end)));
        found |= is_end;
    }
    let good = u8::from(head_is_bad == 0) & found & u8::from(end >= 10);
    (good == 1).then(|| &block[end + 1..])
}

/// The mask of RFC 8017's appendix B.2.1, added to bytes.
fn mask(algorithm: &Algorithm, seed: &[u8], bytes: &mut [u8]) {
    for (counter, piece) in (0u32..).zip(bytes.chunks_mut(algorithm.size)) {
        for (byte, other) in piece.iter_mut().zip(algorithm.of(&[seed, &counter.to_be_bytes()])) {
            *byte ^= other;
        }
    }
}

/// The digests of OAEP and its label.
#[derive(Clone, Debug)]
pub(super) struct Oaep {
    pub(super) digest: &'static Algorithm,
    pub(super) mask: &'static Algorithm,
    pub(super) label: Vec<u8>,
}

impl Oaep {
    /// A block of data.
    pub(super) fn block(&self, data: &[u8], size: usize, random: &mut Random) -> Option<Vec<u8>> {
        let digest = self.digest.size;
        let fill = size.checked_sub(data.len() + 2 * digest + 2)?;
        let mut rest = self.digest.of(&[&self.label]);
        rest.resize(digest + fill, 0);
        rest.push(1);
        rest.extend_from_slice(data);
        let mut seed = random.bytes(digest);
        mask(self.mask, &seed, &mut rest);
        mask(self.mask, &rest, &mut seed);
        Some([&[0], &seed[..], &rest].concat())
    }

    /// What a block holds. The whole block is looked at whatever is in it.
    pub(super) fn data(&self, block: &[u8]) -> Option<Vec<u8>> {
        let digest = self.digest.size;
        if block.len() < 2 * digest + 2 {
            return None;
        }
        let (head, rest) = block.split_at(1 + digest);
        let (mut seed, mut rest) = (head[1..].to_vec(), rest.to_vec());
        mask(self.mask, &rest, &mut seed);
        mask(self.mask, &seed, &mut rest);
        let label_is_good = u8::from(equal(&rest[..digest], &self.digest.of(&[&self.label])));
        let (mut start, mut found, mut bad) = (0, 0u8, head[0]);
        for (at, &byte) in rest.iter().enumerate().skip(digest) {
            let is_start = u8::from(byte == 1) & (found ^ 1);
            bad |= (found ^ 1) & (is_start ^ 1) & u8::from(byte != 0);
            start |= at & (0usize.wrapping_sub(usize::from(is_start)));
            found |= is_start;
        }
        let good = label_is_good & found & u8::from(bad == 0);
        (good == 1).then(|| rest[start + 1..].to_vec())
    }
}

/// How long the salt of PSS is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Salt {
    /// As long as the digest.
    Digest,
    /// As long as can be; whoever verifies takes any.
    Most,
    Bytes(usize),
}

/// The digests of PSS and its salt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pss {
    pub(super) digest: &'static Algorithm,
    pub(super) mask: &'static Algorithm,
    pub(super) salt: Salt,
}

impl Pss {
    /// A block for a digest, of fewer bits than the modulus.
    pub(super) fn block(&self, digest: &[u8], modulus_bits: usize, random: &mut Random) -> Option<Vec<u8>> {
        let (bits, own) = (modulus_bits - 1, self.digest.size);
        let size = bits.div_ceil(8);
        let most = size.checked_sub(own + 2)?;
        let salt = match self.salt {
            Salt::Digest => own,
            Salt::Most => most,
            Salt::Bytes(size) => size,
        };
        let fill = most.checked_sub(salt)?;
        let salt = random.bytes(salt);
        let hash = self.digest.of(&[&[0; 8], digest, &salt]);
        let mut front = vec![0; fill];
        front.push(1);
        front.extend(salt);
        mask(self.mask, &hash, &mut front);
        front[0] &= 0xff >> (8 * size - bits);
        // The modulus may have a byte more.
        let mut block = vec![0; modulus_bits.div_ceil(8) - size];
        block.extend(front);
        block.extend(hash);
        block.push(0xbc);
        Some(block)
    }

    /// Is it a block for a digest?
    pub(super) fn is_block(&self, block: &[u8], digest: &[u8], modulus_bits: usize) -> bool {
        let (bits, own) = (modulus_bits - 1, self.digest.size);
        let size = bits.div_ceil(8);
        let (above, block) = block.split_at(block.len() - size);
        let Some(front) = size.checked_sub(own + 1).filter(|_| block.last() == Some(&0xbc)) else {
            return false;
        };
        let (front, hash) = (&block[..front], &block[front..size - 1]);
        let spare = 0xff >> (8 * size - bits);
        if above.iter().any(|&byte| byte != 0) || front.first().is_none_or(|&byte| byte & !spare != 0) {
            return false;
        }
        let mut front = front.to_vec();
        mask(self.mask, hash, &mut front);
        front[0] &= spare;
        let Some(start) = front.iter().position(|&byte| byte != 0).filter(|&at| front[at] == 1) else {
            return false;
        };
        let salt = &front[start + 1..];
        let fits = match self.salt {
            Salt::Digest => salt.len() == own,
            Salt::Most => true,
            Salt::Bytes(size) => salt.len() == size,
        };
        fits && equal(hash, &self.digest.of(&[&[0; 8], digest, salt]))
    }
}

/// X9.31: `6, 187..., 186, Digest, Mark, 204`, or `106` in front where nothing is between.
pub(super) fn x931_block(digest: &[u8], mark: u8, size: usize) -> Option<Vec<u8>> {
    let fill = size.checked_sub(digest.len() + 3)?;
    let mut block = vec![if fill == 0 { 0x6a } else { 0x6b }];
    if let Some(between) = fill.checked_sub(1) {
        block.resize(1 + between, 0xbb);
        block.push(0xba);
    }
    block.extend_from_slice(digest);
    block.extend([mark, 0xcc]);
    Some(block)
}
