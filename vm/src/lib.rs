//! The Erlang machine: BEAM files to running processes. Knows nothing of Erlang source or terminals.
//!
//! Modules use only what stands left of them:
//! `sys, sync < atom < term < heap < proc < sched < code < bif < interp < vm` (with the traits and ids that point
//! the other way named in `ARCHITECTURE.md`).

pub mod atom;
mod bif;
pub mod code;
mod etf;
mod flags;
mod heap;
mod interp;
mod port;
mod proc;
mod sched;
mod sync;
mod sys;
pub mod term;
mod trace;
mod vm;

pub use bif::{FunctionCall, Interrupt, Native, NativeContext, NativeFunction, NativeKind, NativeResult};
pub use code::{Bundle, BundledFile, LoadError};
pub use heap::Build;
pub use heap::copy::OwnedTerm;
pub use proc::{Class, Exception};
pub use sys::large::Allocator;
pub use sys::posix::error_name;
pub use sys::posix_texts::error_text;
pub use vm::{ABORTED, Config, DirtyThreads, LoadFailure, ProcessLimit, Vm};
