//! A queue with many senders and one receiver.
//!
//! It is a stack that senders push to with one compare-and-swap and that the receiver takes whole and turns around
//! (Treiber 1986). So what one sender pushes arrives in that order. The receiver closes it at its end: a push then
//! fails, and the sender learns that nobody is there.

use crate::sync::{AtomicPtr, Ordering};

/// What has a place for the chain that the queue makes of its members.
pub(crate) trait Linked {
    /// The next in the chain.
    fn next(&mut self) -> &mut *mut Self;
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Inbox<T: Linked> {
    head: AtomicPtr<T>,
}

fn closed<T>() -> *mut T {
    std::ptr::without_provenance_mut(1)
}

impl<T: Linked> Inbox<T> {
    /// A queue that refuses everything: nobody is there yet.
    pub(crate) fn new_closed() -> Self {
        Self { head: AtomicPtr::new(closed()) }
    }

    /// Starts to accept.
    pub(crate) fn open(&self) {
        self.head.store(std::ptr::null_mut(), Ordering::Release);
    }

    /// Puts a member in, or gives it back if the queue is closed.
    pub(crate) fn push(&self, member: Box<T>) -> Result<(), Box<T>> {
        let member = Box::into_raw(member);
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            if head == closed() {
                // SAFETY: the member was not published; ownership comes back.
                return Err(unsafe { Box::from_raw(member) });
            }
            // SAFETY: still exclusively ours.
            unsafe { *(*member).next() = head };
            match self.head.compare_exchange_weak(head, member, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(now) => head = now,
            }
        }
    }

    /// Is there anything to take?
    pub(crate) fn is_empty(&self) -> bool {
        let head = self.head.load(Ordering::Acquire);
        head.is_null() || head == closed()
    }

    /// Takes everything, oldest first.
    pub(crate) fn take(&self) -> Chain<T> {
        let head = self.head.load(Ordering::Relaxed);
        if head.is_null() || head == closed() {
            return Chain { next: std::ptr::null_mut() };
        }
        Chain::reversed(self.head.swap(std::ptr::null_mut(), Ordering::Acquire))
    }

    /// Takes everything and refuses more.
    pub(crate) fn close(&self) -> Chain<T> {
        let head = self.head.swap(closed(), Ordering::AcqRel);
        if head == closed() { Chain { next: std::ptr::null_mut() } } else { Chain::reversed(head) }
    }
}

/// What was taken from a queue, oldest first.
pub(crate) struct Chain<T: Linked> {
    next: *mut T,
}

impl<T: Linked> Chain<T> {
    fn reversed(mut stack: *mut T) -> Self {
        let mut list = std::ptr::null_mut();
        while !stack.is_null() {
            // SAFETY: the chain was taken whole, so it is ours.
            unsafe {
                let next = std::mem::replace((*stack).next(), list);
                list = stack;
                stack = next;
            }
        }
        Self { next: list }
    }
}

impl<T: Linked> Iterator for Chain<T> {
    type Item = Box<T>;

    fn next(&mut self) -> Option<Box<T>> {
        if self.next.is_null() {
            return None;
        }
        // SAFETY: the chain is ours; each member came from `Box::into_raw`.
        let mut member = unsafe { Box::from_raw(self.next) };
        self.next = *member.next();
        Some(member)
    }
}

impl<T: Linked> Drop for Chain<T> {
    fn drop(&mut self) {
        for member in self.by_ref() {
            drop(member);
        }
    }
}
