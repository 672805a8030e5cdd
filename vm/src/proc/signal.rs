//! Signals: everything that one process does to another, in one multi-producer queue of the receiver.
//!
//! The queue is a stack that senders push to with one compare-and-swap and that the receiver takes whole and
//! turns around (Treiber 1986). So signals of one sender arrive in the order they were sent. An exited
//! process closes its queue: a push then fails and the sender learns that nobody is there.

use crate::heap::Fragment;
use crate::heap::copy::OwnedTerm;
use crate::proc::Process;
use crate::term::{Pid, Term};
use std::sync::atomic::{AtomicPtr, Ordering};

/// One signal under way.
pub(crate) struct Signal {
    next: *mut Signal,
    /// For whom: slots of the process table are used again, so a late signal may meet a stranger.
    pub(crate) to: Pid,
    /// From whom; [`NOBODY`] for the machine itself.
    pub(crate) from: Pid,
    pub(crate) body: SignalBody,
}

/// The sender of signals that come from no process.
pub(crate) const NOBODY: Pid = Pid(u64::MAX >> 6);

/// What is asked of a process, or, of a dead one, of nobody.
pub(crate) type Question = Box<dyn FnOnce(Option<&mut Process>) + Send>;

/// What a signal asks for.
pub(crate) enum SignalBody {
    /// A message for the mailbox.
    Message { term: Term, fragment: Option<Box<Fragment>> },
    /// A message sent through an alias: dropped unless the alias is active.
    AliasMessage { alias: u64, term: Term, fragment: Option<Box<Fragment>> },
    /// `exit/2`, or a broken link.
    Exit { reason: OwnedTerm, linked: bool },
    /// The sender links itself to the receiver.
    Link,
    /// The sender has unlinked; to be acknowledged with the same number.
    Unlink { id: u64 },
    /// Acknowledges [`SignalBody::Unlink`].
    UnlinkAck { id: u64 },
    /// The sender monitors the receiver; `name` if it asked for a registered name.
    Monitor { reference: u64, name: Option<crate::atom::Atom>, tag: Option<OwnedTerm> },
    /// The sender monitors it no longer.
    Demonitor { reference: u64 },
    /// A monitored process is gone: the finished message.
    Down { reference: u64, message: OwnedTerm },
    /// New group leader.
    GroupLeader { leader: OwnedTerm },
    /// Runs in the receiver's turn; with `None` if it is dead.
    Ask(Question),
    /// Answers the request the receiver waits for.
    Reply { id: u64, value: OwnedTerm },
    /// A timer of a `receive ... after` has run out.
    Timeout { id: u64 },
}

// SAFETY: fragments are owned; the closure is `Send`; the chain pointer is only followed by the queue's owner.
unsafe impl Send for Signal {}

/// The receiver's queue.
#[derive(Debug)]
pub(crate) struct SignalQueue {
    head: AtomicPtr<Signal>,
}

fn closed() -> *mut Signal {
    std::ptr::without_provenance_mut(1)
}

impl SignalQueue {
    /// A queue that refuses everything: nobody is there yet.
    pub(crate) fn new_closed() -> Self {
        Self { head: AtomicPtr::new(closed()) }
    }

    /// Starts to accept signals.
    pub(crate) fn open(&self) {
        self.head.store(std::ptr::null_mut(), Ordering::Release);
    }

    /// Puts a signal in, or gives it back if the queue is closed.
    pub(crate) fn push(&self, signal: Box<Signal>) -> Result<(), Box<Signal>> {
        let signal = Box::into_raw(signal);
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            if head == closed() {
                // SAFETY: the signal was not published; ownership comes back.
                return Err(unsafe { Box::from_raw(signal) });
            }
            // SAFETY: still exclusively ours.
            unsafe { (*signal).next = head };
            match self.head.compare_exchange_weak(head, signal, Ordering::Release, Ordering::Relaxed) {
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

    /// Takes all signals, oldest first.
    pub(crate) fn take(&self) -> Signals {
        let head = self.head.load(Ordering::Relaxed);
        if head.is_null() || head == closed() {
            return Signals { next: std::ptr::null_mut() };
        }
        Signals::reversed(self.head.swap(std::ptr::null_mut(), Ordering::Acquire))
    }

    /// Takes all signals and refuses further ones.
    pub(crate) fn close(&self) -> Signals {
        let head = self.head.swap(closed(), Ordering::AcqRel);
        if head == closed() { Signals { next: std::ptr::null_mut() } } else { Signals::reversed(head) }
    }
}

/// Signals taken from a queue, oldest first.
pub(crate) struct Signals {
    next: *mut Signal,
}

impl Signals {
    fn reversed(mut stack: *mut Signal) -> Self {
        let mut list = std::ptr::null_mut();
        while !stack.is_null() {
            // SAFETY: the chain was taken whole, so it is ours.
            unsafe {
                let next = (*stack).next;
                (*stack).next = list;
                list = stack;
                stack = next;
            }
        }
        Self { next: list }
    }
}

impl Iterator for Signals {
    type Item = Box<Signal>;

    fn next(&mut self) -> Option<Box<Signal>> {
        if self.next.is_null() {
            return None;
        }
        // SAFETY: the chain is ours; each member came from `Box::into_raw`.
        let signal = unsafe { Box::from_raw(self.next) };
        self.next = signal.next;
        Some(signal)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for signal in self.by_ref() {
            drop(signal);
        }
    }
}

impl Signal {
    /// A signal ready to be pushed.
    pub(crate) fn new(from: Pid, to: Pid, body: SignalBody) -> Box<Self> {
        Box::new(Self { next: std::ptr::null_mut(), to, from, body })
    }

    /// A message: `term` is copied.
    pub(crate) fn message(from: Pid, to: Pid, term: Term) -> Box<Self> {
        let (term, fragment) = crate::heap::copy::copy_to_fragment(term);
        Self::new(from, to, SignalBody::Message { term, fragment })
    }
}
