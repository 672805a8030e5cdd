//! The chunks of a BEAM file, one file each: reading and writing their contents.
//!
//! `StrT` is bytes, `Attr` and `CInf` are one external term each: those need no file.

pub(crate) mod atoms;
pub(crate) mod code;
pub(crate) mod functions;
pub(crate) mod imports;
pub(crate) mod lambdas;
pub(crate) mod lines;
pub(crate) mod literals;
pub(crate) mod outline;
