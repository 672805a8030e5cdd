//! Message authentication: HMAC over any digest, CMAC over block ciphers, Poly1305.

use super::cipher::Block;
use super::digest::Algorithm;
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit as _;

/// The two keys of HMAC (RFC 2104): one block each, for the inner and the outer digest.
pub(super) fn hmac_keys(algorithm: &Algorithm, key: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut block = if key.len() > algorithm.block { algorithm.of(&[key]) } else { key.to_vec() };
    block.resize(algorithm.block, 0);
    let with = |byte: u8| block.iter().map(|key| key ^ byte).collect();
    (with(0x36), with(0x5c))
}

/// HMAC of data.
pub(super) fn hmac(algorithm: &Algorithm, key: &[u8], data: &[u8]) -> Vec<u8> {
    let (inner, outer) = hmac_keys(algorithm, key);
    algorithm.of(&[&outer, &algorithm.of(&[&inner, data])])
}

/// CMAC of data (NIST SP 800-38B).
pub(super) fn cmac(cipher: &dyn Block, data: &[u8]) -> Vec<u8> {
    let size = cipher.size();
    let mut subkey = vec![0; size];
    cipher.encrypt(&mut subkey);
    double(&mut subkey);
    let whole = !data.is_empty() && data.len().is_multiple_of(size);
    let (front, last) = data.split_at(if whole { data.len() - size } else { data.len() / size * size });
    let mut last = last.to_vec();
    if !whole {
        double(&mut subkey);
        last.push(0x80);
        last.resize(size, 0);
    }
    let mut state = vec![0; size];
    for block in front.chunks_exact(size) {
        mix(&mut state, block);
        cipher.encrypt(&mut state);
    }
    mix(&mut state, &last);
    mix(&mut state, &subkey);
    cipher.encrypt(&mut state);
    state
}

/// Doubles in the field of the cipher's blocks.
fn double(block: &mut [u8]) {
    let feedback = if block.len() == 16 { 0x87 } else { 0x1b };
    let carry = block[0] >> 7;
    for at in 0..block.len() {
        let next = block.get(at + 1).map_or(0, |byte| byte >> 7);
        block[at] = block[at] << 1 | next;
    }
    if carry == 1
        && let Some(last) = block.last_mut()
    {
        *last ^= feedback;
    }
}

fn mix(state: &mut [u8], block: &[u8]) {
    for (byte, other) in state.iter_mut().zip(block) {
        *byte ^= other;
    }
}

/// Poly1305 of data; none if the key is not of 32 bytes.
pub(super) fn poly1305(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let key: &poly1305::Key = key.try_into().ok()?;
    Some(Poly1305::new(key).compute_unpadded(data).to_vec())
}

/// PBKDF2 over HMAC (RFC 8018).
pub(super) fn pbkdf2(
    algorithm: &Algorithm,
    password: &[u8],
    salt: &[u8],
    rounds: usize,
    size: usize,
) -> Vec<u8> {
    let (inner, outer) = hmac_keys(algorithm, password);
    let (inner, outer) = (
        algorithm.update(&algorithm.start(), &inner).unwrap_or_default(),
        algorithm.update(&algorithm.start(), &outer).unwrap_or_default(),
    );
    let digest = |state: &[u8], data: &[u8]| {
        algorithm.update(state, data).and_then(|state| algorithm.finish(&state)).unwrap_or_default()
    };
    let mac = |data: &[u8]| digest(&outer, &digest(&inner, data));
    let mut output = Vec::with_capacity(size + algorithm.size);
    let mut number = 1u32;
    while output.len() < size {
        let mut round = mac(&[salt, &number.to_be_bytes()].concat());
        let mut block = round.clone();
        for _ in 1..rounds {
            round = mac(&round);
            mix(&mut block, &round);
        }
        output.extend(block);
        number += 1;
    }
    output.truncate(size);
    output
}
