//! The process table: from pid to slot in three loads.

use super::places::{Place, Places};
use super::process::{NO_PID, Process, Slot};
use crate::sync::AtomicU64;
use crate::term::Pid;
use std::sync::atomic::Ordering;

/// Slots in the first piece of memory.
const FIRST: usize = 64;

/// All processes of a machine.
pub(crate) struct ProcessTable(Places<Slot, FIRST>);

impl Place for Slot {
    fn new() -> Self {
        Self::new()
    }

    fn number(&self) -> &AtomicU64 {
        &self.pid
    }
}

impl ProcessTable {
    /// A table for at most `limit` processes.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Places::new(limit))
    }

    /// Most processes there can be.
    pub(crate) fn limit(&self) -> usize {
        self.0.limit()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.count()
    }

    /// The slot of a live process.
    #[inline]
    pub(crate) fn find(&self, pid: Pid) -> Option<&Slot> {
        self.0.find(pid.0)
    }

    /// Takes a slot and lets `make` build its process. `None` if the table is full.
    ///
    /// The pid is answered too: a signal meant for the slot's last process may wake the new one, which may be gone
    /// when this returns.
    pub(crate) fn insert(&self, make: impl FnOnce(Pid) -> Process) -> Option<(Pid, &Slot)> {
        let (number, slot) = self.0.take()?;
        let process = make(Pid(number));
        // SAFETY: the slot was taken from the free ones, so it is this caller's.
        unsafe { slot.occupy(process) };
        Some((Pid(number), slot))
    }

    /// The process of this slot is gone; its pid stops being valid.
    pub(crate) fn retire(&self, slot: &Slot) {
        self.0.retire(slot);
    }

    /// Gives a vacated slot back for another process.
    pub(crate) fn release(&self, pid: Pid, slot: &Slot) {
        self.0.release(pid.0, slot);
    }

    /// All places there are, in no order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.all()
    }

    /// The pids of all live processes, oldest first.
    pub(crate) fn pids(&self) -> Vec<Pid> {
        let numbers = self.slots().map(|slot| slot.pid.load(Ordering::Acquire));
        let mut pids: Vec<Pid> = numbers.filter(|&pid| pid != NO_PID).map(Pid).collect();
        pids.sort_unstable();
        pids
    }
}
