//! The last calls of a process, for `process_flag(save_calls, _)`.
//!
//! A process that keeps them reads another number for where calls lead ([`Generation::aside`]): its calls of exported
//! functions come by an instruction that writes them down. Others pay nothing for it.
//!
//! [`Generation::aside`]: crate::code::lead::Generation::aside

use crate::atom::{self, Atom};
use crate::bif::argument::named;
use crate::heap::Build;
use crate::term::Term;
use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;

/// Native functions have somebody who looks at each call.
pub(crate) static WATCHED: AtomicBool = AtomicBool::new(true);

/// What is written down.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kept {
    /// The call of an exported function.
    Call(Atom, Atom, u32),
    /// A message was sent.
    Send,
    /// A message was taken.
    Receive,
    /// The time of a receive was over.
    Timeout,
}

/// The last calls, and how many are kept.
#[derive(Debug)]
pub(crate) struct KeptCalls {
    most: usize,
    calls: VecDeque<Kept>,
}

impl KeptCalls {
    /// Of so many; none where none are wanted.
    pub(crate) fn of(most: usize) -> Option<Self> {
        (most > 0).then(|| Self { most, calls: VecDeque::new() })
    }

    /// How many are kept.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Writes one down.
    pub(crate) fn keep(&mut self, call: Kept) {
        if self.calls.len() == self.most {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// As `process_info` shows them, the oldest first.
    pub(crate) fn term(&self, memory: &mut dyn Build) -> Term {
        let list: Vec<Term> = self
            .calls
            .iter()
            .map(|call| match *call {
                Kept::Call(module, function, arity) => {
                    memory.tuple(&[Term::atom(module), Term::atom(function), Term::small(i64::from(arity))])
                }
                Kept::Send => Term::atom(atom::SEND),
                Kept::Receive => named("receive"),
                Kept::Timeout => Term::atom(atom::TIMEOUT),
            })
            .collect();
        memory.list(&list)
    }
}
