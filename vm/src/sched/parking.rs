//! Where workers sleep that have nothing to do.
//!
//! No work is missed: who brings some looks for sleepers after it has put the work where it can be seen, who goes to
//! sleep counts itself first and then looks for work once more. Of the two, one sees the other.

use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering, fence};

/// The sleepers.
#[derive(Debug)]
pub(crate) struct Parking {
    sleeping: AtomicUsize,
    door: Mutex<()>,
    wake: Condvar,
}

impl Parking {
    /// Nobody sleeps.
    pub(crate) fn new() -> Self {
        Self { sleeping: AtomicUsize::new(0), door: Mutex::new(()), wake: Condvar::new() }
    }

    /// How many sleep, or are about to.
    pub(crate) fn sleeping(&self) -> usize {
        self.sleeping.load(Ordering::SeqCst)
    }

    /// Wakes one of them, if there is any. The work is to be seen already.
    pub(crate) fn wake_one(&self) {
        fence(Ordering::SeqCst);
        if self.sleeping.load(Ordering::Relaxed) > 0 {
            drop(self.door.lock().expect("nobody panics at the door"));
            self.wake.notify_one();
        }
    }

    /// Wakes all.
    pub(crate) fn wake_all(&self) {
        drop(self.door.lock().expect("nobody panics at the door"));
        self.wake.notify_all();
    }

    /// Sleeps until woken, unless there is something to do.
    pub(crate) fn sleep_unless(&self, has_work: impl Fn() -> bool) {
        let guard = self.door.lock().expect("nobody panics at the door");
        self.sleeping.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if !has_work() {
            drop(self.wake.wait(guard).expect("nobody panics at the door"));
        }
        self.sleeping.fetch_sub(1, Ordering::SeqCst);
    }
}
