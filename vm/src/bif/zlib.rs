//! Module `zlib`: compressing and expanding whole binaries.

use super::argument::named;
use super::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder, GzEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder};
use std::io::Read;

/// Reads everything that a filter makes of its input.
fn filtered(ctx: &mut NativeContext<'_>, mut filter: impl Read) -> NativeResult {
    let mut bytes = Vec::new();
    match filter.read_to_end(&mut bytes) {
        Ok(_) => Ok(ctx.process.heap.binary_from(bytes.into_boxed_slice())),
        Err(_) => Err(Exception::error(named("data_error")).into()),
    }
}

macro_rules! filters {
    ($($native:ident => $make:expr;)*) => {
        $(fn $native(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let bytes = iodata::to_bytes(args[0])?;
            filtered(ctx, $make(&bytes[..]))
        })*
    };
}

filters! {
    compress => |bytes| ZlibEncoder::new(bytes, Compression::default());
    uncompress => ZlibDecoder::new;
    gzip => |bytes| GzEncoder::new(bytes, Compression::default());
    gunzip => MultiGzDecoder::new;
    zip => |bytes| DeflateEncoder::new(bytes, Compression::default());
    unzip => DeflateDecoder::new;
}

pub(super) const NATIVES: &[Native] = natives! {
    "zlib" {
        "compress"/1 = dirty => compress;
        "uncompress"/1 = dirty => uncompress;
        "gzip"/1 = dirty => gzip;
        "gunzip"/1 = dirty => gunzip;
        "zip"/1 = dirty => zip;
        "unzip"/1 = dirty => unzip;
    }
};
