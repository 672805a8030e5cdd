//! Schedulers: worker threads with run queues, the watch over them, timers, and the pool for native functions that
//! may block.
#![allow(unsafe_code, reason = "a worker becomes the runner of the slots it takes from a queue")]

pub(crate) mod accounting;
pub(crate) mod alarm;
pub(crate) mod dirty;
pub(crate) mod parking;
pub(crate) mod post;
pub(crate) mod priority;
pub(crate) mod run_queue;
pub(crate) mod timer_wheel;
pub(crate) mod watch;
pub(crate) mod worker;

/// Held by each thread of the machine: should one panic, which is a fault of the machine itself, the program ends
/// instead of going on without it.
pub(crate) struct EndOnPanic;

impl Drop for EndOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}
