//! Sequential tracing: a token that goes with each message its holder sends, so that what follows from what can be
//! told to one process, the system tracer.
//!
//! A process that has met a token carries [`Sequential`]; only those pay for it. Tokens of messages that wait lie in the
//! mailbox beside them. Reference: `seq_trace`, OTP 25.

use super::flags::Flags;
use super::{Traces, timestamp};
use crate::atom;
use crate::bif::argument::named;
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use std::sync::Arc;

/// Bits of a token's flags, as `seq_trace:get_token/0` shows them.
pub(crate) const SEND: u8 = 1;
pub(crate) const RECEIVE: u8 = 2;
pub(crate) const PRINT: u8 = 4;
const TIMESTAMP: u8 = 8;
const STRICT_MONOTONIC: u8 = 16;
const MONOTONIC: u8 = 32;

/// The names of the flags.
const FLAGS: &[(&str, u8)] = &[
    ("send", SEND),
    ("receive", RECEIVE),
    ("print", PRINT),
    ("timestamp", TIMESTAMP),
    ("strict_monotonic_timestamp", STRICT_MONOTONIC),
    ("monotonic_timestamp", MONOTONIC),
];

/// The bit of a flag.
pub(crate) fn flag(name: &str) -> Option<u8> {
    FLAGS.iter().find(|(own, _)| *own == name).map(|(_, bit)| *bit)
}

/// What goes with messages.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) flags: u8,
    pub(crate) label: Arc<OwnedTerm>,
    /// The number of the last message that it went with.
    pub(crate) serial: i64,
    /// The number of the message that had been received before that.
    pub(crate) previous: i64,
    /// Who sent it.
    pub(crate) sender: Pid,
}

impl Token {
    /// `{Flags, Label, Serial, Sender, Previous}`.
    pub(crate) fn term(&self, memory: &mut dyn Build) -> Term {
        let label = self.label.copy_to(memory);
        let (serial, previous) = (memory.integer(self.serial), memory.integer(self.previous));
        memory.tuple(&[Term::small(i64::from(self.flags)), label, serial, Term::pid(self.sender), previous])
    }

    /// `{Previous, Serial}`.
    pub(crate) fn serial_term(&self, memory: &mut dyn Build) -> Term {
        let (previous, serial) = (memory.integer(self.previous), memory.integer(self.serial));
        memory.tuple(&[previous, serial])
    }
}

/// What a message in a mailbox brings; nothing for one that was sent without a token.
#[derive(Debug)]
pub(crate) enum Mark {
    Token(Token),
    /// It comes from the machine: whoever receives it keeps the token it has.
    Machine,
}

/// A process's part in sequential tracing.
#[derive(Debug, Default)]
pub(crate) struct Sequential {
    pub(crate) token: Option<Token>,
    /// The highest number that it has seen.
    pub(crate) clock: i64,
    /// The number of the last message it received.
    pub(crate) last: i64,
    /// The token of the signal that is being handled.
    arriving: Option<Token>,
}

impl Sequential {
    /// The token, for the next message of this process: with the next number.
    fn advance(&mut self, own: Pid) -> Option<Token> {
        let token = self.token.as_mut()?;
        self.clock += 1;
        token.serial = self.clock;
        token.previous = self.last;
        token.sender = own;
        Some(token.clone())
    }
}

/// The present token of a process, or a new one.
pub(crate) fn token_of(process: &mut Process) -> &mut Token {
    let own = process.pid;
    let sequential = process.sequential.get_or_insert_with(Box::default);
    let previous = sequential.last;
    sequential.token.get_or_insert_with(|| Token {
        flags: 0,
        label: Arc::new(OwnedTerm::new(Term::small(0))),
        serial: 0,
        previous,
        sender: own,
    })
}

impl Traces {
    /// Who is told of sequential tracing, if it lives.
    pub(crate) fn system_tracer(&self, vm: &Vm) -> Option<Pid> {
        let mut tracer = self.sequential.lock();
        let lives = |pid: Pid| match pid.port_number() {
            Some(number) => vm.ports.find(number).is_some(),
            None => vm.processes.find(pid).is_some(),
        };
        *tracer = tracer.filter(|&pid| lives(pid));
        *tracer
    }
}

/// Tells the system tracer: `{seq_trace, Label, {Kind, Serial, From, To, What}}`, with the time if the token asks for it.
pub(crate) fn tell(
    vm: &Vm,
    token: &Token,
    kind: &'static str,
    from: Pid,
    to: Term,
    what: impl FnOnce(&mut dyn Build) -> Term,
) {
    let Some(tracer) = vm.trace.system_tracer(vm) else { return };
    let message = OwnedTerm::build(|memory| {
        let serial = token.serial_term(memory);
        let (to, what) = (copy::copy(to, memory), what(memory));
        let info = memory.tuple(&[named(kind), serial, from.term(), to, what]);
        let label = token.label.copy_to(memory);
        let time = match token.flags {
            flags if flags & TIMESTAMP != 0 => Some(Flags::TIMESTAMP),
            flags if flags & STRICT_MONOTONIC != 0 => Some(Flags::STRICT_MONOTONIC),
            flags if flags & MONOTONIC != 0 => Some(Flags::MONOTONIC),
            _ => None,
        };
        match time {
            Some(time) => {
                let time = timestamp(vm, time, memory);
                memory.tuple(&[named("seq_trace"), label, info, time])
            }
            None => memory.tuple(&[named("seq_trace"), label, info]),
        }
    });
    vm.send_message(tracer, message);
}

/// A process sends a message `to` a process, port or alias: the signal with the token, if it has one.
pub(crate) fn sent(
    vm: &Vm,
    process: &mut Process,
    mut signal: Box<Signal>,
    to: Term,
    shown: impl FnOnce(&mut dyn Build) -> Term,
) -> Box<Signal> {
    let own = process.pid;
    let Some(token) = process.sequential.as_mut().and_then(|sequential| sequential.advance(own)) else {
        return signal;
    };
    if token.flags & SEND != 0 {
        tell(vm, &token, "send", own, to, shown);
    }
    if signal.to.port_number().is_none() {
        let body = std::mem::replace(&mut signal.body, SignalBody::UnlinkAck { id: 0 });
        signal.body = SignalBody::Sequential { token: Box::new(token), body: Box::new(body) };
    }
    signal
}

/// The end of a process reaches one that is linked to it: the signal with the token, if it has one.
pub(crate) fn exiting(vm: &Vm, process: &mut Process, signal: Box<Signal>) -> Box<Signal> {
    if process.sequential.is_none() {
        return signal;
    }
    let reason = match &signal.body {
        SignalBody::Exit { reason, .. } => OwnedTerm::new(reason.term()),
        _ => return signal,
    };
    let (own, to) = (process.pid, signal.to.term());
    sent(vm, process, signal, to, |memory| {
        let reason = reason.copy_to(memory);
        memory.tuple(&[Term::atom(atom::EXIT_UPPER), own.term(), reason])
    })
}

/// A signal with a token has come: the message that it makes will have it.
pub(crate) fn arriving(process: &mut Process, token: Option<Token>) {
    process.sequential.get_or_insert_with(Box::default).arriving = token;
}

/// What the message that has just come brings with it.
pub(crate) fn mark(process: &mut Process, from_machine: bool) -> Option<Mark> {
    let sequential = process.sequential.as_mut()?;
    match sequential.arriving.take() {
        Some(token) => Some(Mark::Token(token)),
        None => from_machine.then_some(Mark::Machine),
    }
}

/// The current message is received: its token becomes the process's.
pub(crate) fn received(vm: &Vm, process: &mut Process) {
    let mark = process.mailbox.take_mark();
    let own = process.pid;
    let Some(sequential) = process.sequential.as_deref_mut() else { return };
    match mark {
        Some(Mark::Machine) => {}
        None => sequential.token = None,
        Some(Mark::Token(token)) => {
            sequential.last = token.serial;
            sequential.clock = sequential.clock.max(token.serial);
            if token.flags & RECEIVE != 0
                && let Some(message) = process.mailbox.current()
            {
                let term = message.term;
                tell(vm, &token, "receive", token.sender, own.term(), |memory| copy::copy(term, memory));
            }
            sequential.token = Some(token);
        }
    }
}

/// A process has been made: it has its parent's token. The request and its answer are told as messages are.
pub(crate) fn spawned(
    vm: &Vm,
    parent: &mut Process,
    child: &mut Process,
    arguments: &[Term],
    options: &[&'static str],
) {
    let (own, leader) = (parent.pid, parent.group_leader);
    let Some(token) = parent.sequential.as_mut().and_then(|sequential| sequential.advance(own)) else {
        return;
    };
    let (module, function, arity) = child.initial_call;
    let number = vm.next_reference();
    let request = |memory: &mut dyn Build| {
        let reference = memory.reference(number, None);
        let leader = copy::copy(leader, memory);
        let call = super::mfa(memory, (module, function, arity));
        let options: Vec<Term> = options.iter().map(|option| named(option)).collect();
        let options = memory.list(&options);
        let arguments: Vec<Term> = arguments.iter().map(|&term| copy::copy(term, memory)).collect();
        let arguments = memory.list(&arguments);
        let name = named("spawn_request");
        let reply = Term::atom(atom::SPAWN_REPLY);
        memory.tuple(&[name, reference, own.term(), leader, call, options, reply, arguments])
    };
    let pid = child.pid;
    if token.flags & SEND != 0 {
        tell(vm, &token, "send", own, pid.term(), request);
    }
    if token.flags & RECEIVE != 0 {
        tell(vm, &token, "receive", own, pid.term(), request);
    }
    let mut sequential = Sequential { clock: token.serial, last: token.serial, ..Sequential::default() };
    sequential.token = Some(token);
    let Some(token) = sequential.advance(pid) else { return };
    child.sequential = Some(Box::new(sequential));
    let reply = |memory: &mut dyn Build| {
        let reference = memory.reference(number, None);
        memory.tuple(&[Term::atom(atom::SPAWN_REPLY), reference, Term::atom(atom::OK), pid.term()])
    };
    if token.flags & SEND != 0 {
        tell(vm, &token, "send", pid, own.term(), reply);
    }
    if token.flags & RECEIVE != 0 {
        tell(vm, &token, "receive", pid, own.term(), reply);
    }
}

/// The text that a program wants told (`seq_trace:print/1,2`).
pub(crate) fn print(vm: &Vm, process: &mut Process, label: Option<Term>, what: Term) {
    let own = process.pid;
    let Some(sequential) = process.sequential.as_mut() else { return };
    let wanted = sequential.token.as_ref().is_some_and(|token| {
        token.flags & PRINT != 0 && label.is_none_or(|label| label == token.label.term())
    });
    if wanted && let Some(token) = sequential.advance(own) {
        tell(vm, &token, "print", own, Term::NIL, |memory| copy::copy(what, memory));
    }
}
