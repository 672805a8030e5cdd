//! What sockets of both kinds share: modes of giving data, requests that wait for an answer.

use super::Common;
use super::packet::{Kind, Limits};
use crate::atom::{self, Atom};
use crate::heap::Build;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use std::io;

/// Who gets what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Active {
    /// Whoever asks.
    No,
    /// The owner, by messages.
    Yes,
    /// The owner, by one message.
    Once,
    /// The owner, by so many messages.
    Count(i16),
}

/// The options that belong to this machine rather than to the system.
#[derive(Clone, Debug)]
pub(crate) struct Modes {
    pub(crate) active: Active,
    pub(crate) packet: Kind,
    pub(crate) limits: Limits,
    /// Bytes given as a list before a binary.
    pub(crate) header: usize,
    pub(crate) buffer: usize,
    pub(crate) exit_on_close: bool,
    pub(crate) high_watermark: usize,
    pub(crate) low_watermark: usize,
    /// Milliseconds, and whether the socket closes when they are over.
    pub(crate) send_timeout: Option<u32>,
    pub(crate) send_timeout_close: bool,
    pub(crate) show_reset: bool,
    pub(crate) delay_send: bool,
    pub(crate) read_packets: usize,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            active: Active::Yes,
            packet: Kind::Raw,
            limits: Limits::default(),
            header: 0,
            buffer: 1460,
            exit_on_close: true,
            high_watermark: 8192,
            low_watermark: 4096,
            send_timeout: None,
            send_timeout_close: false,
            show_reset: false,
            delay_send: false,
            read_packets: 5,
        }
    }
}

impl Modes {
    /// One message has been sent: says whether the socket has become passive by that, to be told by a message.
    pub(crate) fn count_message(&mut self) -> bool {
        match self.active {
            Active::Once => self.active = Active::No,
            Active::Count(1) => {
                self.active = Active::No;
                return true;
            }
            Active::Count(left) => self.active = Active::Count(left - 1),
            Active::No | Active::Yes => {}
        }
        false
    }

    /// `{active, Count}` adds to what is left. `Err` if that is out of range; `Ok(true)` if nothing is left.
    pub(crate) fn add_count(&mut self, count: i16) -> Result<bool, ()> {
        let left = match self.active {
            Active::Count(left) => left,
            Active::No | Active::Yes | Active::Once => 0,
        };
        let left = left.checked_add(count).ok_or(())?;
        self.active = if left > 0 { Active::Count(left) } else { Active::No };
        Ok(left <= 0)
    }

    /// Data as the mode wants them.
    pub(crate) fn data<B: Build + ?Sized>(&self, common: &Common, memory: &mut B, bytes: &[u8]) -> Term {
        if !common.is_binary {
            return memory.byte_list(bytes);
        }
        let header = self.header.min(bytes.len());
        let rest = memory.binary(&bytes[header..]);
        let first: Vec<Term> = bytes[..header].iter().map(|&byte| Term::small(i64::from(byte))).collect();
        memory.list_with_tail(&first, rest)
    }
}

/// A process that waits for an answer, with the number of the reference it knows it by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiter {
    pub(crate) pid: Pid,
    pub(crate) reference: u64,
}

impl Waiter {
    /// `{inet_async, Socket, Ref, Answer}`.
    pub(crate) fn answer(self, vm: &Vm, common: &Common, make: impl FnOnce(&mut dyn Build) -> Term) {
        common.tell(vm, self.pid, |memory, own| {
            let answer = make(memory);
            let reference = memory.reference(self.reference, None);
            memory.tuple(&[named("inet_async"), own, reference, answer])
        });
    }

    /// The same with `{error, Reason}`.
    pub(crate) fn fail(self, vm: &Vm, common: &Common, reason: Atom) {
        self.answer(vm, common, |memory| memory.tuple(&[Term::atom(atom::ERROR), Term::atom(reason)]));
    }
}

/// An atom of a short text.
pub(crate) fn named(text: &'static str) -> Term {
    crate::bif::argument::named(text)
}

/// The name of an error, as an atom.
pub(crate) fn reason(error: &io::Error) -> Atom {
    Atom::new(crate::sys::posix::error_name(error)).unwrap_or(atom::EINVAL)
}

/// Whether the operation is to be tried again when the socket is ready.
pub(crate) fn would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// A message about the socket to its owner: `{Tag, Socket}`.
pub(crate) fn notice(vm: &Vm, common: &Common, tag: &'static str) {
    common.tell(vm, common.connected, |memory, own| memory.tuple(&[named(tag), own]));
}
