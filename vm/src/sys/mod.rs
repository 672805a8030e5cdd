//! The operating system and libraries of C: memory maps, clocks, mathematics, programs, PCRE, zlib. The only place with calls of its own.
#![allow(unsafe_code, reason = "system calls")]

pub(crate) mod clock;
pub(crate) mod large;
pub(crate) mod math;
pub(crate) mod memory;
pub(crate) mod pcre;
pub(crate) mod posix;
pub(crate) mod posix_texts;
pub(crate) mod signal;
pub(crate) mod slice;
pub(crate) mod socket;
pub(crate) mod spawn;
pub(crate) mod tally;
pub(crate) mod zlib;
