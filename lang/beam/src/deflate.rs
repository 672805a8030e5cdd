//! Decompression and compression. The only file that knows the compression library.

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder, ZlibEncoder};
use std::io::Read;

/// No compressor of this format packs better than about 1:1032.
const BEST_RATIO: usize = 1_040;

/// The `size` bytes that were packed in zlib format; `None` when the data is damaged or of another size.
pub(crate) fn inflate_zlib(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    if size > packed.len().saturating_mul(BEST_RATIO) {
        return None;
    }
    let plain = read_bounded(ZlibDecoder::new(packed), size)?;
    (plain.len() == size).then_some(plain)
}

/// What was packed in gzip format; `None` when the data is damaged.
pub(crate) fn inflate_gzip(packed: &[u8]) -> Option<Vec<u8>> {
    read_bounded(GzDecoder::new(packed), packed.len().saturating_mul(BEST_RATIO))
}

/// Packs in zlib format.
pub(crate) fn deflate_zlib(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    ZlibEncoder::new(plain, Compression::default())
        .read_to_end(&mut packed)
        .expect("packing bytes in memory cannot fail");
    packed
}

/// Everything the source gives, unless it is more than `limit` bytes or an error.
fn read_bounded(source: impl Read, limit: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let read = source.take(limit as u64 + 1).read_to_end(&mut plain).ok()?;
    (read <= limit).then_some(plain)
}
