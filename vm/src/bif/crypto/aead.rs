//! Encryption that authenticates: GCM and CCM over AES, and ChaCha20 with Poly1305.

use super::cipher::{Block, Cipher, Mode, increment};
use aes::cipher::{KeyIvInit as _, StreamCipher as _, StreamCipherSeek as _};
use chacha20::ChaCha20;
use ghash::GHash;
use ghash::universal_hash::{KeyInit as _, UniversalHash as _};
use poly1305::Poly1305;

/// Encrypts or decrypts data in place and gives the whole tag, of so many bytes for CCM. `None`: the initial vector
/// or the tag has a size that the cipher cannot have.
pub(super) fn run(
    cipher: &Cipher,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    data: &mut [u8],
    tag: usize,
    encrypts: bool,
) -> Option<Vec<u8>> {
    match cipher.mode {
        Mode::Gcm => gcm(&*cipher.keyed(key)?, iv, aad, data, encrypts),
        Mode::Ccm => ccm(&*cipher.keyed(key)?, iv, aad, data, tag, encrypts),
        Mode::Sealed => sealed(key, iv, aad, data, encrypts),
        _ => None,
    }
}

/// Adds a key stream of counter blocks; the counter is the last 4 bytes, or as many as `width`.
fn count_through(block: &dyn Block, counter: &mut [u8], width: usize, data: &mut [u8]) {
    let start = counter.len() - width;
    for piece in data.chunks_mut(16) {
        increment(&mut counter[start..]);
        let mut stream = counter.to_vec();
        block.encrypt(&mut stream);
        for (byte, other) in piece.iter_mut().zip(stream) {
            *byte ^= other;
        }
    }
}

/// NIST SP 800-38D.
fn gcm(block: &dyn Block, iv: &[u8], aad: &[u8], data: &mut [u8], encrypts: bool) -> Option<Vec<u8>> {
    if iv.is_empty() {
        return None;
    }
    let mut subkey = [0; 16];
    block.encrypt(&mut subkey);
    let digest = |first: &[u8], second: &[u8], sizes: [u64; 2]| {
        let mut hash = GHash::new(&subkey.into());
        hash.update_padded(first);
        hash.update_padded(second);
        let mut last = [0; 16];
        last[..8].copy_from_slice(&(sizes[0] * 8).to_be_bytes());
        last[8..].copy_from_slice(&(sizes[1] * 8).to_be_bytes());
        hash.update(&[last.into()]);
        hash.finalize().to_vec()
    };
    let start =
        if iv.len() == 12 { [iv, &[0, 0, 0, 1]].concat() } else { digest(&[], iv, [0, iv.len() as u64]) };
    let mut counter = start.clone();
    if encrypts {
        count_through(block, &mut counter, 4, data);
    }
    let mut tag = digest(aad, data, [aad.len() as u64, data.len() as u64]);
    if !encrypts {
        count_through(block, &mut counter, 4, data);
    }
    let mut mask = start;
    block.encrypt(&mut mask);
    for (byte, other) in tag.iter_mut().zip(mask) {
        *byte ^= other;
    }
    Some(tag)
}

/// RFC 3610.
fn ccm(
    block: &dyn Block,
    iv: &[u8],
    aad: &[u8],
    data: &mut [u8],
    tag: usize,
    encrypts: bool,
) -> Option<Vec<u8>> {
    if !(7..=13).contains(&iv.len()) || !(4..=16).contains(&tag) || tag % 2 == 1 {
        return None;
    }
    let width = 15 - iv.len();
    let mut counter = vec![0; 16];
    counter[0] = width as u8 - 1;
    counter[1..=iv.len()].copy_from_slice(iv);
    let mut mask = counter.clone();
    block.encrypt(&mut mask);
    if !encrypts {
        count_through(block, &mut counter, width, data);
    }
    let mut first = vec![0; 16];
    first[0] = u8::from(!aad.is_empty()) << 6 | ((tag as u8 - 2) / 2) << 3 | (width as u8 - 1);
    first[1..=iv.len()].copy_from_slice(iv);
    let size = (data.len() as u64).to_be_bytes();
    let shown = width.min(8);
    first[16 - shown..].copy_from_slice(&size[8 - shown..]);
    let mut text = Vec::new();
    if !aad.is_empty() {
        match u16::try_from(aad.len()).ok().filter(|&size| size < 0xff00) {
            Some(size) => text.extend(size.to_be_bytes()),
            None => {
                text.extend([0xff, 0xfe]);
                text.extend((aad.len() as u32).to_be_bytes());
            }
        }
        text.extend_from_slice(aad);
        text.resize(text.len().next_multiple_of(16), 0);
    }
    let mut state = first;
    block.encrypt(&mut state);
    for piece in text.chunks(16).chain(data.chunks(16)) {
        for (byte, other) in state.iter_mut().zip(piece) {
            *byte ^= other;
        }
        block.encrypt(&mut state);
    }
    if encrypts {
        count_through(block, &mut counter, width, data);
    }
    for (byte, other) in state.iter_mut().zip(mask) {
        *byte ^= other;
    }
    state.truncate(tag);
    Some(state)
}

/// RFC 8439.
fn sealed(key: &[u8], iv: &[u8], aad: &[u8], data: &mut [u8], encrypts: bool) -> Option<Vec<u8>> {
    let mut stream = ChaCha20::new_from_slices(key, iv).ok()?;
    let mut one_time = [0; 32];
    stream.apply_keystream(&mut one_time);
    stream.try_seek(64u64).ok()?;
    if encrypts {
        stream.apply_keystream(data);
    }
    let mut mac = Poly1305::new(&one_time.into());
    mac.update_padded(aad);
    mac.update_padded(data);
    let sizes = [(aad.len() as u64).to_le_bytes(), (data.len() as u64).to_le_bytes()].concat();
    mac.update_padded(&sizes);
    if !encrypts {
        stream.apply_keystream(data);
    }
    Some(mac.finalize().to_vec())
}
