//! Clocks: monotonic time since the machine's start, system time, processor time.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn start() -> &'static (Instant, i64) {
    static START: OnceLock<(Instant, i64)> = OnceLock::new();
    START.get_or_init(|| (Instant::now(), system_nanoseconds()))
}

/// Fixes the origin of [`monotonic_nanoseconds`] at now.
pub(crate) fn init() {
    start();
}

/// Nanoseconds since the machine's start.
pub(crate) fn monotonic_nanoseconds() -> i64 {
    i64::try_from(start().0.elapsed().as_nanos()).unwrap_or(i64::MAX)
}

/// Where Erlang monotonic time begins, in nanoseconds: as in OTP, where it stays a small integer longest.
pub(crate) const ERLANG_START: i64 = -576_460_752_000_000_000;
/// The last Erlang monotonic time, in nanoseconds, as in OTP.
pub(crate) const ERLANG_END: i64 = 8_646_911_283_000_000_000;

/// Erlang monotonic time in nanoseconds.
pub(crate) fn erlang_monotonic_nanoseconds() -> i64 {
    ERLANG_START + monotonic_nanoseconds()
}

/// Erlang system time in nanoseconds since 1970-01-01T00:00:00Z.
pub(crate) fn erlang_system_nanoseconds() -> i64 {
    start().1 + monotonic_nanoseconds()
}

/// Nanoseconds since 1970-01-01T00:00:00Z, as the operating system says now.
pub(crate) fn system_nanoseconds() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

/// What to add to Erlang monotonic time to get Erlang system time.
pub(crate) fn time_offset_nanoseconds() -> i64 {
    start().1 - ERLANG_START
}

/// Processor time of the whole program so far, in nanoseconds.
pub(crate) fn cpu_nanoseconds() -> i64 {
    // SAFETY: `timespec` is plain data, and the call only writes to it.
    unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time);
        time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// The clock that counts the processor time of one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadClock(libc::clockid_t);

impl ThreadClock {
    /// That of the calling thread.
    pub(crate) fn of_this_thread() -> Self {
        let mut clock = libc::CLOCK_THREAD_CPUTIME_ID;
        // SAFETY: the thread is alive, and the call writes nothing but the number of its clock.
        unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
        Self(clock)
    }

    /// Processor time so far; nothing for a thread that has ended.
    pub(crate) fn used(&self) -> Duration {
        // SAFETY: `timespec` is plain data, and the call only writes to it.
        let time = unsafe {
            let mut time: libc::timespec = std::mem::zeroed();
            libc::clock_gettime(self.0, &raw mut time);
            time
        };
        let part = |value: i64| u64::try_from(value).unwrap_or(0);
        Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
    }
}
