//! Signals: everything that one process does to another, in one multi-producer queue of the receiver ([`Inbox`]).
//! Signals of one sender arrive in the order they were sent.

use super::inbox::{Inbox, Linked};
use crate::bif::DirtyFailure;
use crate::heap::Fragment;
use crate::heap::copy::OwnedTerm;
use crate::heap::spares::Spares;
use crate::proc::Process;
use crate::term::{Pid, Term};
use crate::trace::sequential::Token;
use std::mem::MaybeUninit;

/// One signal under way.
pub(crate) struct Signal {
    next: *mut Signal,
    /// For whom: slots of the process table are used again, so a late signal may meet a stranger.
    pub(crate) to: Pid,
    /// From whom; [`NOBODY`] for the machine itself.
    pub(crate) from: Pid,
    pub(crate) body: SignalBody,
}

thread_local! {
    /// What this thread keeps of signals that it has handled.
    pub(crate) static SPARES: Spares<Signal> = const { Spares::new() };
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
    Monitor { reference: u64, name: Option<crate::atom::Atom>, tag: Option<Box<OwnedTerm>> },
    /// The sender monitors it no longer.
    Demonitor { reference: u64 },
    /// A monitored process is gone: the finished message.
    Down { reference: u64, message: OwnedTerm },
    /// New group leader.
    GroupLeader { leader: OwnedTerm },
    /// Runs in the receiver's turn; with `None` if it is dead.
    Ask(Question),
    /// The same, where it only looks at the process or sets something in it, and collects nothing: not only in the
    /// receiver's turn, but also while it waits in a native function.
    Look(Question),
    /// Answers the request the receiver waits for.
    Reply { id: u64, value: OwnedTerm },
    /// Refuses it: the native function that asked fails.
    Refusal { id: u64, failure: Box<DirtyFailure> },
    /// A message or an exit, with the token of sequential tracing.
    Sequential { token: Box<Token>, body: Box<SignalBody> },
    /// A timer of a `receive ... after` has run out.
    Timeout { id: u64 },
}

// SAFETY: fragments are owned; the closure is `Send`; the chain pointer is only followed by the queue's owner.
unsafe impl Send for Signal {}

/// The receiver's queue.
pub(crate) type SignalQueue = Inbox<Signal>;

impl Linked for Signal {
    fn next(&mut self) -> &mut *mut Self {
        &mut self.next
    }
}

impl Signal {
    /// A signal ready to be pushed.
    pub(crate) fn new(from: Pid, to: Pid, body: SignalBody) -> Box<Self> {
        Box::write(SPARES.with(Spares::take), Self { next: std::ptr::null_mut(), to, from, body })
    }

    /// What it says and who says it; its memory may become another's.
    pub(crate) fn open(self: Box<Self>) -> (Pid, SignalBody) {
        let this = Box::into_raw(self).cast::<MaybeUninit<Self>>();
        // SAFETY: the box was of this type; what was in it is taken out, once.
        let (signal, memory) = unsafe { ((*this).assume_init_read(), Box::from_raw(this)) };
        SPARES.with(|spares| spares.put(memory));
        (signal.from, signal.body)
    }

    /// A message: `term` is copied.
    pub(crate) fn message(from: Pid, to: Pid, term: Term) -> Box<Self> {
        let (term, fragment) = crate::heap::copy::copy_to_fragment(term);
        Self::new(from, to, SignalBody::Message { term, fragment })
    }
}
