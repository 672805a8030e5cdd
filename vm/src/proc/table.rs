//! The process table: from pid to slot in two loads.

use super::process::{NO_PID, Process, Slot};
use crate::term::Pid;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

const CHUNK: usize = 1024;

/// All processes of a machine.
pub(crate) struct ProcessTable {
    chunks: Box<[AtomicPtr<Slot>]>,
    limit: usize,
    mask: u64,
    count: AtomicUsize,
    free: Mutex<FreeSlots>,
}

struct FreeSlots {
    /// First pid number never given out.
    fresh: u64,
    /// Slots used before, with the next pid of each: taken when every slot has been used once.
    used: VecDeque<u64>,
}

impl ProcessTable {
    /// A table for at most `limit` processes.
    pub(crate) fn new(limit: usize) -> Self {
        let size = limit.next_power_of_two().max(CHUNK);
        Self {
            chunks: (0..size / CHUNK).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect(),
            limit,
            mask: size as u64 - 1,
            count: AtomicUsize::new(0),
            free: Mutex::new(FreeSlots { fresh: 0, used: VecDeque::new() }),
        }
    }

    /// Most processes there can be.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn slot(&self, number: u64) -> Option<&Slot> {
        let index = (number & self.mask) as usize;
        let chunk = self.chunks[index / CHUNK].load(Ordering::Acquire);
        if chunk.is_null() {
            return None;
        }
        // SAFETY: a published chunk holds CHUNK slots and is never freed while the table lives.
        Some(unsafe { &*chunk.add(index % CHUNK) })
    }

    /// The slot of a live process.
    #[inline]
    pub(crate) fn find(&self, pid: Pid) -> Option<&Slot> {
        self.slot(pid.0).filter(|slot| slot.pid.load(Ordering::Acquire) == pid.0)
    }

    /// Takes a slot and lets `make` build its process. `None` if the table is full.
    pub(crate) fn insert(&self, make: impl FnOnce(Pid) -> Process) -> Option<&Slot> {
        if self.count.fetch_add(1, Ordering::Relaxed) >= self.limit {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let number = {
            let mut free = self.free.lock();
            if free.fresh <= self.mask {
                let number = free.fresh;
                free.fresh += 1;
                let chunk = &self.chunks[number as usize / CHUNK];
                if chunk.load(Ordering::Relaxed).is_null() {
                    let slots: Vec<Slot> = (0..CHUNK).map(|_| Slot::new()).collect();
                    chunk.store(Box::leak(slots.into_boxed_slice()).as_mut_ptr(), Ordering::Release);
                }
                number
            } else {
                free.used.pop_front().expect("fewer processes than slots")
            }
        };
        let slot = self.slot(number).expect("the slot's chunk exists");
        let process = make(Pid(number));
        // SAFETY: the number was taken from the free ones, so the slot is this caller's.
        unsafe { slot.occupy(process) };
        Some(slot)
    }

    /// The process of this slot is gone; its pid stops being valid.
    pub(crate) fn retire(&self, slot: &Slot) {
        slot.pid.store(NO_PID, Ordering::Release);
    }

    /// Gives a vacated slot back for another process.
    pub(crate) fn release(&self, pid: Pid) {
        self.free.lock().used.push_back((pid.0 + self.mask + 1) & ((1 << 57) - 1));
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// All places that have ever had a process.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        let fresh = self.free.lock().fresh;
        (0..fresh).filter_map(|number| self.slot(number))
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

impl Drop for ProcessTable {
    fn drop(&mut self) {
        for chunk in &self.chunks {
            let slots = chunk.load(Ordering::Acquire);
            if !slots.is_null() {
                // SAFETY: made by leaking a box of CHUNK slots; nobody uses the table any more.
                drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(slots, CHUNK)) });
            }
        }
    }
}
