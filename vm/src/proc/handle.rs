//! What a process does with the signals it gets, in its own turn.

use super::mailbox::Message;
use super::process::{ReceiveTimer, Waiting};
use super::relations::{AliasKind, Link, Watcher};
use super::signal::{NOBODY, Question};
use super::{Process, Signal, SignalBody};
use crate::atom;
use crate::heap::copy::OwnedTerm;
use crate::term::{Pid, Term};
use crate::trace::process as trace;
use crate::trace::sequential;
use crate::vm::Vm;

/// Handles everything in the queue, oldest first.
pub(crate) fn handle_all(vm: &Vm, process: &mut Process, slot: &super::process::Slot) {
    if slot.signals.is_empty() {
        return;
    }
    for signal in slot.signals.take() {
        if signal.to == process.pid {
            let (from, body) = signal.open();
            handle(vm, process, from, body);
        } else {
            vm.dead_letter(signal);
        }
    }
}

/// The same while the process waits in a native function of the dirty pool, which still needs what it was called with:
/// what is to be asked of it is put off (`later`), and what was for one before it is the caller's (`strange`).
pub(crate) fn handle_aside(
    vm: &Vm,
    process: &mut Process,
    slot: &super::process::Slot,
    later: &mut Vec<Question>,
    strange: &mut Vec<Signal>,
) {
    for signal in slot.signals.take() {
        if signal.to != process.pid {
            strange.push(*signal);
        } else if let SignalBody::Ask(question) = signal.body {
            later.push(question);
        } else {
            handle(vm, process, signal.from, signal.body);
        }
    }
}

fn handle(vm: &Vm, process: &mut Process, from: Pid, body: SignalBody) {
    match body {
        SignalBody::Message { term, fragment } => {
            push_message(vm, process, from, Message { term, fragment }, !is_process(from))
        }
        SignalBody::AliasMessage { alias, term, fragment } => {
            let kind =
                process.relations.as_deref().and_then(|relations| relations.aliases.get(&alias)).copied();
            if let Some(kind) = kind {
                if kind == AliasKind::ReplyDemonitor {
                    demonitor(vm, process, alias);
                    process.relations().aliases.remove(&alias);
                }
                push_message(vm, process, from, Message { term, fragment }, false);
            }
        }
        SignalBody::Exit { reason, linked } => exit_signal(vm, process, from, reason, linked),
        SignalBody::Link => {
            process.relations().links.entry(from).or_insert(Link::Active);
            trace::relation(vm, process, "getting_linked", from.term());
        }
        SignalBody::Unlink { id } => {
            if let Some(relations) = process.relations.as_deref_mut()
                && relations.links.get(&from) == Some(&Link::Active)
            {
                relations.links.remove(&from);
                trace::relation(vm, process, "getting_unlinked", from.term());
            }
            vm.send(Signal::new(process.pid, from, SignalBody::UnlinkAck { id }));
        }
        SignalBody::UnlinkAck { id } => {
            if let Some(relations) = process.relations.as_deref_mut()
                && relations.links.get(&from) == Some(&Link::Unlinking(id))
            {
                relations.links.remove(&from);
            }
        }
        SignalBody::Monitor { reference, name, tag } => {
            process.relations().watchers.insert(reference, Watcher { pid: from, name, tag });
        }
        SignalBody::Demonitor { reference } => {
            if let Some(relations) = process.relations.as_deref_mut() {
                relations.watchers.remove(&reference);
            }
        }
        SignalBody::Down { reference, message } => {
            let Some(relations) = process.relations.as_deref_mut() else { return };
            if let Some(monitor) = relations.monitors.remove(&reference) {
                if matches!(monitor.alias, AliasKind::Demonitor | AliasKind::ReplyDemonitor) {
                    relations.aliases.remove(&reference);
                }
                let (term, fragment) = message.into_parts();
                push_message(vm, process, from, Message { term, fragment }, true);
            }
        }
        SignalBody::GroupLeader { leader } => process.group_leader = leader.copy_to(&mut process.heap),
        SignalBody::Ask(run) | SignalBody::Look(run) => run(Some(process)),
        SignalBody::Reply { id, value } => {
            if matches!(process.waiting, Waiting::Reply(waited) if waited == id) {
                process.waiting = Waiting::No;
                let answer = value.copy_to(&mut process.heap);
                // The caller saved no register but the place of the answer.
                // SAFETY: a process that waits for a reply has X0 saved on top of its stack.
                unsafe { *process.heap.stack = answer.0 };
            }
        }
        SignalBody::Refusal { id, failure } => {
            if matches!(process.waiting, Waiting::Reply(waited) if waited == id) {
                process.waiting = Waiting::No;
                process.uncommon().failure = Some(failure);
            }
        }
        SignalBody::Sequential { token, body } => {
            sequential::arriving(process, Some(*token));
            handle(vm, process, from, *body);
            sequential::arriving(process, None);
        }
        SignalBody::Timeout { id } => {
            if process.timer.ends_by(id) {
                process.timer = ReceiveTimer::FIRED;
                if matches!(process.waiting, Waiting::Message) {
                    process.waiting = Waiting::No;
                }
            }
        }
    }
}

fn is_process(from: Pid) -> bool {
    from != NOBODY && from.port_number().is_none()
}

/// Takes a message in. `from_machine`: no process sent it.
fn push_message(vm: &Vm, process: &mut Process, from: Pid, message: Message, from_machine: bool) {
    if process.tracing.is_some() {
        trace::received(vm, process, (from != NOBODY).then_some(from), message.term);
    }
    process.mailbox.push(message);
    if process.sequential.is_some()
        && let Some(mark) = sequential::mark(process, from_machine)
    {
        process.mailbox.mark_last(mark);
    }
    if matches!(process.waiting, Waiting::Message) {
        process.waiting = Waiting::No;
    }
}

fn exit_signal(vm: &Vm, process: &mut Process, from: Pid, reason: OwnedTerm, linked: bool) {
    if linked {
        let Some(relations) = process.relations.as_deref_mut() else { return };
        if relations.links.get(&from) != Some(&Link::Active) {
            relations.links.remove(&from);
            return;
        }
        relations.links.remove(&from);
        trace::relation(vm, process, "getting_unlinked", from.term());
    }
    let kind = reason.term();
    let killed = !linked && kind == Term::atom(atom::KILL);
    if killed {
        process.exiting = Some(Box::new(OwnedTerm::new(Term::atom(atom::KILLED))));
        return;
    }
    if process.trap_exit {
        let message = OwnedTerm::build(|memory| {
            let reason = reason.copy_to(memory);
            memory.tuple(&[Term::atom(atom::EXIT_UPPER), from.term(), reason])
        });
        let (term, fragment) = message.into_parts();
        push_message(vm, process, from, Message { term, fragment }, false);
        return;
    }
    if kind == Term::atom(atom::NORMAL) && from != process.pid {
        return;
    }
    if process.exiting.is_none() {
        process.exiting = Some(Box::new(reason));
    }
}

/// Stops watching; returns whether there was such a monitor.
pub(crate) fn demonitor(vm: &Vm, process: &mut Process, reference: u64) -> bool {
    let pid = process.pid;
    let Some(relations) = process.relations.as_deref_mut() else { return false };
    let Some(monitor) = relations.monitors.remove(&reference) else { return false };
    if matches!(monitor.alias, AliasKind::Demonitor | AliasKind::ReplyDemonitor) {
        relations.aliases.remove(&reference);
    }
    if let Some(target) = monitor.target {
        vm.send(Signal::new(pid, target, SignalBody::Demonitor { reference }));
    }
    true
}

/// The message for a monitor that ends: `{'DOWN', Ref, process | port, PidOrName, Reason}`.
pub(crate) fn down_message(
    watcher: Pid,
    reference: u64,
    target: Option<Pid>,
    name: Option<atom::Atom>,
    tag: Option<&OwnedTerm>,
    reason: Term,
) -> OwnedTerm {
    OwnedTerm::build(|memory| {
        let tag = tag.map_or(Term::atom(atom::DOWN), |tag| tag.copy_to(memory));
        let item = match (name, target) {
            (Some(name), _) => memory.tuple(&[Term::atom(name), Term::atom(atom::NONODE_NOHOST)]),
            (None, Some(target)) => target.term(),
            (None, None) => Term::atom(atom::UNDEFINED),
        };
        let reference = memory.reference(reference, Some(watcher));
        let reason = crate::heap::copy::copy(reason, memory);
        let is_port = target.is_some_and(|target| target.port_number().is_some());
        let kind = Term::atom(if is_port { atom::PORT } else { atom::PROCESS });
        memory.tuple(&[tag, reference, kind, item, reason])
    })
}

/// Answers a signal that reached nobody.
pub(crate) fn answer_for_the_dead(vm: &Vm, signal: Signal) {
    let Signal { from, to, body, .. } = signal;
    let noproc = Term::atom(atom::NOPROC);
    match body {
        SignalBody::Link => {
            let reason = OwnedTerm::new(noproc);
            vm.send(Signal::new(to, from, SignalBody::Exit { reason, linked: true }));
        }
        SignalBody::Unlink { id } => vm.send(Signal::new(to, from, SignalBody::UnlinkAck { id })),
        SignalBody::Monitor { reference, name, tag, .. } => {
            let message = down_message(from, reference, Some(to), name, tag.as_deref(), noproc);
            vm.send(Signal::new(to, from, SignalBody::Down { reference, message }));
        }
        SignalBody::Ask(run) | SignalBody::Look(run) => run(None),
        SignalBody::Message { .. }
        | SignalBody::AliasMessage { .. }
        | SignalBody::Exit { .. }
        | SignalBody::UnlinkAck { .. }
        | SignalBody::Demonitor { .. }
        | SignalBody::Down { .. }
        | SignalBody::GroupLeader { .. }
        | SignalBody::Reply { .. }
        | SignalBody::Refusal { .. }
        | SignalBody::Sequential { .. }
        | SignalBody::Timeout { .. } => {}
    }
}
