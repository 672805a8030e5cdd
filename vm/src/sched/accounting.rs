//! Microstate accounting: how long each scheduler has slept, collected and run, as
//! `statistics(microstate_accounting)` shows it.
//!
//! Time at work is counted by the watch whatever is asked; collections are timed only while somebody wants to know.

use super::watch::Watch;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Nanoseconds of one scheduler.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    /// Running processes, and looking for them.
    pub(crate) running: u64,
    /// Collecting.
    pub(crate) collecting: u64,
    pub(crate) sleeping: u64,
}

/// Since when it is counted, and how long each scheduler had been at work by then.
#[derive(Debug)]
struct Begin {
    since: Instant,
    worked: Vec<u64>,
}

#[derive(Debug, Default)]
struct Counted {
    /// Set while it is on.
    begin: Option<Begin>,
    /// What was counted before, for schedulers that have counted anything.
    former: Vec<Times>,
}

/// The accounts of a machine.
#[derive(Debug)]
pub(crate) struct Accounting {
    counted: Mutex<Counted>,
    collecting: Vec<AtomicU64>,
}

impl Accounting {
    pub(crate) fn new(schedulers: usize) -> Self {
        Self { counted: Mutex::default(), collecting: (0..schedulers).map(|_| AtomicU64::new(0)).collect() }
    }

    /// A collection on the scheduler of this number, counted from 1, has taken so long.
    pub(crate) fn collected(&self, scheduler: usize, took: Duration) {
        if let Some(sum) = self.collecting.get(scheduler.wrapping_sub(1)) {
            sum.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(0), Ordering::Relaxed);
        }
    }

    /// What each scheduler has done since it was last forgotten.
    pub(crate) fn times(&self, watch: &Watch) -> Vec<Times> {
        let counted = self.counted.lock();
        let mut times = counted.former.clone();
        times.resize(self.collecting.len(), Times::default());
        if let Some(begin) = &counted.begin {
            let total = u64::try_from(begin.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
            for (times, (now, then)) in times.iter_mut().zip(watch.worked().iter().zip(&begin.worked)) {
                let worked = now.saturating_sub(*then).min(total);
                times.running += worked;
                times.sleeping += total - worked;
            }
        }
        for (times, collecting) in times.iter_mut().zip(&self.collecting) {
            times.collecting = collecting.load(Ordering::Relaxed).min(times.running);
            times.running -= times.collecting;
        }
        times
    }

    /// Is it on?
    pub(crate) fn is_on(&self) -> bool {
        self.counted.lock().begin.is_some()
    }

    /// Begins or stops to count.
    pub(crate) fn set(&self, watch: &Watch, on: bool) {
        if on == self.is_on() {
            return;
        }
        let mut former = self.times(watch);
        for times in &mut former {
            times.running += times.collecting;
        }
        let mut counted = self.counted.lock();
        counted.former = former;
        counted.begin = on.then(|| Begin { since: Instant::now(), worked: watch.worked() });
    }

    /// Forgets what has been counted.
    pub(crate) fn reset(&self, watch: &Watch) {
        let mut counted = self.counted.lock();
        counted.former.clear();
        if let Some(begin) = &mut counted.begin {
            *begin = Begin { since: Instant::now(), worked: watch.worked() };
        }
        for collecting in &self.collecting {
            collecting.store(0, Ordering::Relaxed);
        }
    }
}
