//! How long a thread runs before others are let in, where the operating system lets programs say so (Linux, from 6.12
//! on). Elsewhere nothing changes.
//!
//! A thread with a short slice that wakes goes before one with a long slice that runs: so what wakes processes, and the
//! workers that run them, need not wait until one that computes has had its time.

use std::time::Duration;

/// A thread, as the operating system numbers it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadNumber(pub(crate) libc::pid_t);

impl ThreadNumber {
    /// That of the calling thread.
    pub(crate) fn own() -> Self {
        // SAFETY: the call has no arguments and always succeeds.
        Self(unsafe { libc::gettid() })
    }

    /// Asks for slices of this length; the system's own where it is zero. Threads of other kinds than the usual one, as
    /// those with fixed priorities, are left alone.
    pub(crate) fn set_slice(self, slice: Duration) {
        let size = size_of::<libc::sched_attr>() as u32;
        // SAFETY: the structure is plain data of the size that is given, and the calls only read and write it.
        unsafe {
            let mut attributes: libc::sched_attr = std::mem::zeroed();
            if libc::syscall(libc::SYS_sched_getattr, self.0, &raw mut attributes, size, 0) != 0
                || attributes.sched_policy != libc::SCHED_OTHER as u32
            {
                return;
            }
            // Programs and threads that this one starts are as they would be otherwise.
            attributes.sched_flags |= libc::SCHED_FLAG_RESET_ON_FORK as u64;
            attributes.sched_runtime = u64::try_from(slice.as_nanos()).unwrap_or(0);
            libc::syscall(libc::SYS_sched_setattr, self.0, &raw const attributes, 0);
        }
    }
}
