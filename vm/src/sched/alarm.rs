//! Something that one thread looks at when it is due, and that others change: they wake the thread only for what is due
//! before it looks again by itself.

use crate::sync::{Condvar, Mutex, MutexGuard};
use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;
use std::time::Duration;

/// What is looked at, behind a lock.
#[derive(Debug)]
pub(crate) struct Alarm<T> {
    watched: Mutex<Watched<T>>,
    changed: Condvar,
}

/// What is looked at.
#[derive(Debug)]
pub(crate) struct Watched<T> {
    what: T,
    /// When the thread looks at it by itself; 0 while it does.
    wakes_at: u64,
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.what
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.what
    }
}

impl<T> Alarm<T> {
    pub(crate) fn new(what: T) -> Self {
        Self { watched: Mutex::new(Watched { what, wakes_at: 0 }), changed: Condvar::new() }
    }

    /// To look at it or to change it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Watched<T>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is something new that is due at a time.
    pub(crate) fn set(&self, watched: &mut Watched<T>, due: u64) {
        if due < watched.wakes_at {
            watched.wakes_at = due;
            self.changed.notify_one();
        }
    }

    /// Waits until there is something that is due before `until`, and at most so long. For the one thread that looks.
    pub(crate) fn wait(&self, mut watched: MutexGuard<'_, Watched<T>>, until: u64, most: Duration) {
        watched.wakes_at = until;
        let woken = self.changed.wait_timeout(watched, most);
        woken.unwrap_or_else(PoisonError::into_inner).0.wakes_at = 0;
    }
}
