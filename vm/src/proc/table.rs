//! The process table: from pid to slot in two loads.

use super::places::{Place, Places};
use super::process::{NO_PID, Process, Slot};
use crate::sync::AtomicU64;
use crate::term::Pid;
use std::sync::atomic::Ordering;

/// Slots in a piece of memory.
const CHUNK: usize = 1024;

/// All processes of a machine.
pub(crate) struct ProcessTable(Places<Slot, CHUNK>);

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
    pub(crate) fn insert(&self, make: impl FnOnce(Pid) -> Process) -> Option<&Slot> {
        let (number, slot) = self.0.take()?;
        let process = make(Pid(number));
        // SAFETY: the number was taken from the free ones, so the slot is this caller's.
        unsafe { slot.occupy(process) };
        Some(slot)
    }

    /// The process of this slot is gone; its pid stops being valid.
    pub(crate) fn retire(&self, slot: &Slot) {
        self.0.retire(slot);
    }

    /// Gives a vacated slot back for another process.
    pub(crate) fn release(&self, pid: Pid) {
        self.0.release(pid.0);
    }

    /// All places that have ever had a process.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.all()
    }

    /// The pids of all live processes, oldest slot first.
    pub(crate) fn pids(&self) -> Vec<Pid> {
        self.slots()
            .map(|slot| slot.pid.load(Ordering::Acquire))
            .filter(|&pid| pid != NO_PID)
            .map(Pid)
            .collect()
    }
}
