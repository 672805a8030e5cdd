//! Ciphers by name: block ciphers in their modes, and ChaCha20, as streams that take data piece by piece.

use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, KeyIvInit as _};
use aes::cipher::{StreamCipher as _, StreamCipherSeek as _};
use chacha20::ChaCha20;

/// A block cipher with its key.
pub(super) trait Block: Send {
    /// Bytes of a block.
    fn size(&self) -> usize;
    fn encrypt(&self, block: &mut [u8]);
    fn decrypt(&self, block: &mut [u8]);
}

impl<C: BlockCipherEncrypt + BlockCipherDecrypt + Send> Block for C {
    fn size(&self) -> usize {
        <C as BlockSizeUser>::block_size()
    }

    fn encrypt(&self, block: &mut [u8]) {
        if let Ok(block) = <&mut Array<u8, C::BlockSize>>::try_from(block) {
            self.encrypt_block(block);
        }
    }

    fn decrypt(&self, block: &mut [u8]) {
        if let Ok(block) = <&mut Array<u8, C::BlockSize>>::try_from(block) {
            self.decrypt_block(block);
        }
    }
}

fn keyed<C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit + Send + 'static>(
    key: &[u8],
) -> Option<Box<dyn Block>> {
    Some(Box::new(C::new_from_slice(key).ok()?))
}

/// Blowfish with a key of any size up to 56 bytes; it goes round the bytes of a short one.
fn blowfish(key: &[u8]) -> Option<Box<dyn Block>> {
    keyed::<blowfish::Blowfish>(&if key.len() < 4 { key.repeat(4) } else { key.to_vec() })
}

/// No block cipher.
fn none(_key: &[u8]) -> Option<Box<dyn Block>> {
    None
}

/// How blocks make a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Ecb,
    Cbc,
    Cfb,
    Cfb8,
    Ofb,
    Ctr,
    Gcm,
    Ccm,
    Stream,
    /// ChaCha20 with Poly1305.
    Sealed,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ecb => "ecb_mode",
            Self::Cbc => "cbc_mode",
            Self::Cfb | Self::Cfb8 => "cfb_mode",
            Self::Ofb => "ofb_mode",
            Self::Ctr => "ctr_mode",
            Self::Gcm => "gcm_mode",
            Self::Ccm => "ccm_mode",
            Self::Stream | Self::Sealed => "stream_cipher",
        }
    }

    /// Does it authenticate too?
    pub(super) fn seals(self) -> bool {
        matches!(self, Self::Gcm | Self::Ccm | Self::Sealed)
    }
}

/// A cipher in a mode.
pub(super) struct Cipher {
    pub(super) name: &'static str,
    pub(super) mode: Mode,
    /// Bytes of the key, the initial vector and a block of data.
    pub(super) key: usize,
    pub(super) iv: usize,
    pub(super) block: usize,
    /// OpenSSL's number of it, which programs are shown; 0 for none.
    pub(super) number: u32,
    make: fn(&[u8]) -> Option<Box<dyn Block>>,
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! ciphers {
    ($($name:literal => $make:expr, $mode:ident, $key:literal, $iv:literal, $block:literal, $number:literal;)*) => {
        &[$(Cipher {
            name: $name,
            mode: Mode::$mode,
            key: $key,
            iv: $iv,
            block: $block,
            number: $number,
            make: $make,
        },)*]
    };
}

type TripleDes = des::TdesEde3;

/// The ciphers.
pub(super) const CIPHERS: &[Cipher] = ciphers! {
    "aes_256_ofb" => keyed::<aes::Aes256>, Ofb, 32, 16, 1, 428;
    "aes_192_ofb" => keyed::<aes::Aes192>, Ofb, 24, 16, 1, 424;
    "aes_128_ofb" => keyed::<aes::Aes128>, Ofb, 16, 16, 1, 420;
    "blowfish_ecb" => blowfish, Ecb, 16, 0, 8, 0;
    "blowfish_ofb64" => blowfish, Ofb, 16, 8, 1, 0;
    "blowfish_cfb64" => blowfish, Cfb, 16, 8, 1, 0;
    "des_ede3_cfb" => keyed::<TripleDes>, Cfb, 24, 8, 1, 30;
    "des_ecb" => keyed::<des::Des>, Ecb, 8, 0, 8, 29;
    "des_cfb" => keyed::<des::Des>, Cfb, 8, 8, 1, 30;
    "aes_192_cbc" => keyed::<aes::Aes192>, Cbc, 24, 16, 16, 423;
    "aes_256_cbc" => keyed::<aes::Aes256>, Cbc, 32, 16, 16, 427;
    "aes_192_cfb128" => keyed::<aes::Aes192>, Cfb, 24, 16, 1, 425;
    "aes_256_cfb128" => keyed::<aes::Aes256>, Cfb, 32, 16, 1, 429;
    "aes_192_cfb8" => keyed::<aes::Aes192>, Cfb8, 24, 16, 1, 425;
    "aes_256_cfb8" => keyed::<aes::Aes256>, Cfb8, 32, 16, 1, 429;
    "aes_192_ecb" => keyed::<aes::Aes192>, Ecb, 24, 0, 16, 422;
    "aes_256_ecb" => keyed::<aes::Aes256>, Ecb, 32, 0, 16, 426;
    "aes_256_ccm" => keyed::<aes::Aes256>, Ccm, 32, 12, 1, 902;
    "aes_192_gcm" => keyed::<aes::Aes192>, Gcm, 24, 12, 1, 898;
    "aes_192_ccm" => keyed::<aes::Aes192>, Ccm, 24, 12, 1, 899;
    "aes_256_ctr" => keyed::<aes::Aes256>, Ctr, 32, 16, 1, 0;
    "aes_192_ctr" => keyed::<aes::Aes192>, Ctr, 24, 16, 1, 0;
    "aes_128_cfb128" => keyed::<aes::Aes128>, Cfb, 16, 16, 1, 421;
    "aes_128_cfb8" => keyed::<aes::Aes128>, Cfb8, 16, 16, 1, 421;
    "des_cbc" => keyed::<des::Des>, Cbc, 8, 8, 8, 31;
    "blowfish_cbc" => blowfish, Cbc, 16, 8, 8, 91;
    "aes_128_gcm" => keyed::<aes::Aes128>, Gcm, 16, 12, 1, 895;
    "aes_128_cbc" => keyed::<aes::Aes128>, Cbc, 16, 16, 16, 419;
    "aes_256_gcm" => keyed::<aes::Aes256>, Gcm, 32, 12, 1, 901;
    "aes_128_ctr" => keyed::<aes::Aes128>, Ctr, 16, 16, 1, 0;
    "chacha20" => none, Stream, 32, 16, 1, 0;
    "chacha20_poly1305" => none, Sealed, 32, 12, 1, 0;
    "aes_128_ecb" => keyed::<aes::Aes128>, Ecb, 16, 0, 16, 418;
    "aes_128_ccm" => keyed::<aes::Aes128>, Ccm, 16, 12, 1, 896;
    "des_ede3_cbc" => keyed::<TripleDes>, Cbc, 24, 8, 8, 44;
    "rc2_cbc" => keyed::<rc2::Rc2>, Cbc, 16, 8, 8, 37;
    "rc4" => none, Stream, 16, 0, 1, 5;
};

/// Names that stand for the cipher whose key has the size of the one given.
pub(super) const FAMILIES: &[&str] =
    &["aes_cbc", "aes_ccm", "aes_cfb128", "aes_cfb8", "aes_ctr", "aes_ecb", "aes_gcm"];

impl Cipher {
    /// The cipher of this name; of a family, the one for keys of this size, or for the smallest.
    pub(super) fn named(name: &str, key: Option<usize>) -> Option<&'static Self> {
        if !FAMILIES.contains(&name) {
            return CIPHERS.iter().find(|cipher| cipher.name == name);
        }
        let mode = name.strip_prefix("aes")?;
        let bits = key.unwrap_or(16) * 8;
        let sized = CIPHERS.iter().find(|cipher| cipher.name == format!("aes_{bits}{mode}"));
        sized.or_else(|| CIPHERS.iter().find(|cipher| cipher.name == format!("aes_128{mode}")))
    }

    /// Does it take keys of other sizes than its own?
    pub(super) fn takes_any_key(&self) -> bool {
        self.name.starts_with("blowfish") || self.name.starts_with("rc")
    }

    /// The block cipher with a key; none for a wrong key.
    pub(super) fn keyed(&self, key: &[u8]) -> Option<Box<dyn Block>> {
        (self.make)(key)
    }
}

/// What becomes of a last block that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// It is dropped.
    Undefined,
    /// It is a fault.
    None,
    Pkcs,
    Zero,
    Random,
}

impl Padding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::None => "none",
            Self::Pkcs => "pkcs_padding",
            Self::Zero => "zero",
            Self::Random => "random",
        }
    }
}

enum Engine {
    Blocks(Box<dyn Block>),
    ChaCha(Box<ChaCha20>),
    Rc4(Box<rc4::Rc4>),
}

/// Data under way through a cipher.
pub(super) struct Stream {
    engine: Engine,
    mode: Mode,
    /// The last block of cipher text, the counter, or the key stream.
    register: Vec<u8>,
    key_stream: Vec<u8>,
    used: usize,
    /// Input that is no whole block yet.
    rest: Vec<u8>,
    pub(super) encrypts: bool,
    pub(super) padding: Padding,
    /// Bytes that went in, and those that padding added.
    pub(super) size: usize,
    pub(super) padding_size: Option<usize>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// The last block was not whole, or its padding was wrong.
#[derive(Debug)]
pub(super) struct Unfinished;

impl Stream {
    /// Begins with a key and an initial vector of the right sizes.
    pub(super) fn new(
        cipher: &Cipher,
        key: &[u8],
        iv: &[u8],
        encrypts: bool,
        padding: Padding,
    ) -> Option<Self> {
        let engine = if cipher.name == "rc4" {
            Engine::Rc4(Box::new(rc4::Rc4::new_from_slice(key).ok()?))
        } else if cipher.mode == Mode::Stream {
            let (counter, nonce) = iv.split_at_checked(4)?;
            let mut stream = ChaCha20::new_from_slices(key, nonce).ok()?;
            let block = u32::from_le_bytes(counter.try_into().ok()?);
            stream.try_seek(u64::from(block) * 64).ok()?;
            Engine::ChaCha(Box::new(stream))
        } else {
            Engine::Blocks(cipher.keyed(key)?)
        };
        Some(Self {
            engine,
            mode: cipher.mode,
            register: iv.to_vec(),
            key_stream: Vec::new(),
            used: 0,
            rest: Vec::new(),
            encrypts,
            padding,
            size: 0,
            padding_size: None,
        })
    }

    /// Takes data and gives what is ready.
    pub(super) fn update(&mut self, data: &[u8]) -> Vec<u8> {
        self.size += data.len();
        let block = match &mut self.engine {
            Engine::ChaCha(stream) => {
                let mut output = data.to_vec();
                stream.apply_keystream(&mut output);
                return output;
            }
            Engine::Rc4(stream) => {
                let mut output = data.to_vec();
                stream.apply_keystream(&mut output);
                return output;
            }
            Engine::Blocks(block) => block,
        };
        match self.mode {
            Mode::Ecb | Mode::Cbc => {
                let size = block.size();
                self.rest.extend_from_slice(data);
                // What may be padding waits for the end.
                let waits =
                    !self.encrypts && self.padding == Padding::Pkcs && self.rest.len().is_multiple_of(size);
                let whole = (self.rest.len() / size).saturating_sub(usize::from(waits)) * size;
                let mut output: Vec<u8> = self.rest.drain(..whole).collect();
                for piece in output.chunks_exact_mut(size) {
                    one_block(&**block, self.mode, self.encrypts, &mut self.register, piece);
                }
                output
            }
            Mode::Cfb8 => data
                .iter()
                .map(|&byte| {
                    let mut stream = self.register.clone();
                    block.encrypt(&mut stream);
                    let out = byte ^ stream[0];
                    self.register.remove(0);
                    self.register.push(if self.encrypts { out } else { byte });
                    out
                })
                .collect(),
            Mode::Cfb | Mode::Ofb | Mode::Ctr => {
                let size = block.size();
                let mut output = Vec::with_capacity(data.len());
                for &byte in data {
                    if self.used == self.key_stream.len() {
                        self.key_stream = self.register.clone();
                        block.encrypt(&mut self.key_stream);
                        self.used = 0;
                        match self.mode {
                            Mode::Ctr => increment(&mut self.register),
                            Mode::Ofb => self.register.clone_from(&self.key_stream),
                            _ => self.register.clear(),
                        }
                    }
                    let out = byte ^ self.key_stream[self.used];
                    self.used += 1;
                    output.push(out);
                    if self.mode == Mode::Cfb && self.register.len() < size {
                        self.register.push(if self.encrypts { out } else { byte });
                    }
                }
                output
            }
            Mode::Gcm | Mode::Ccm | Mode::Stream | Mode::Sealed => Vec::new(),
        }
    }

    /// Gives the last block.
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, Unfinished> {
        let Engine::Blocks(block) = &self.engine else { return Ok(Vec::new()) };
        if !matches!(self.mode, Mode::Ecb | Mode::Cbc) {
            return Ok(Vec::new());
        }
        let size = block.size();
        let mut last = std::mem::take(&mut self.rest);
        if !self.encrypts {
            if self.padding != Padding::Pkcs {
                return if last.is_empty() || self.padding == Padding::Undefined {
                    Ok(Vec::new())
                } else {
                    Err(Unfinished)
                };
            }
            if last.len() != size {
                return Err(Unfinished);
            }
            one_block(&**block, self.mode, false, &mut self.register, &mut last);
            let count = usize::from(last[size - 1]);
            let good = (1..=size).contains(&count)
                && last[size - count..].iter().all(|&byte| usize::from(byte) == count);
            last.truncate(size.saturating_sub(count));
            self.padding_size = Some(count);
            return if good { Ok(last) } else { Err(Unfinished) };
        }
        let missing = (size - last.len() % size) % size;
        match self.padding {
            Padding::Undefined => return Ok(Vec::new()),
            Padding::None if missing > 0 => return Err(Unfinished),
            Padding::None => return Ok(Vec::new()),
            Padding::Pkcs => {
                let count = size - last.len();
                last.resize(size, count as u8);
                self.padding_size = Some(count);
            }
            Padding::Zero | Padding::Random => {
                self.padding_size = Some(missing);
                let from = last.len();
                last.resize(from + missing, 0);
                if self.padding == Padding::Random {
                    // Without randomness zeros pad as well.
                    let _ = getrandom::fill(&mut last[from..]);
                }
            }
        }
        if last.is_empty() {
            return Ok(last);
        }
        one_block(&**block, self.mode, true, &mut self.register, &mut last);
        Ok(last)
    }
}

fn one_block(block: &dyn Block, mode: Mode, encrypts: bool, register: &mut Vec<u8>, piece: &mut [u8]) {
    match (mode, encrypts) {
        (Mode::Ecb, true) => block.encrypt(piece),
        (Mode::Ecb, false) => block.decrypt(piece),
        (_, true) => {
            for (byte, other) in piece.iter_mut().zip(register.iter()) {
                *byte ^= other;
            }
            block.encrypt(piece);
            *register = piece.to_vec();
        }
        (_, false) => {
            let text = piece.to_vec();
            block.decrypt(piece);
            for (byte, other) in piece.iter_mut().zip(register.iter()) {
                *byte ^= other;
            }
            *register = text;
        }
    }
}

/// Counts a block up, as a number with the highest byte first.
pub(super) fn increment(block: &mut [u8]) {
    for byte in block.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return;
        }
    }
}
