//! What threads share memory with. The lock-free parts take it from here, so that they can be tried out under another
//! scheduler of threads (`tests/loom`).

pub(crate) use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
