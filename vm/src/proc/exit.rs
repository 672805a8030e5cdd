//! The end of a process: its name, links, monitors and memory.

use super::handle::down_message;
use super::process::Slot;
use super::registry::Registered;
use super::relations::Link;
use super::{Process, Signal, SignalBody};
use crate::heap::copy::OwnedTerm;
use crate::term::Term;
use crate::trace::sequential;
use crate::vm::Vm;
use std::sync::atomic::Ordering;

/// Ends the process in `slot`, whose runner the caller is, with this reason.
pub(crate) fn terminate(vm: &Vm, slot: &Slot, process: &mut Process, reason: Term) {
    let pid = process.pid;
    // Its own copy: once nobody finds the process, literals that the reason was part of may go.
    let reason = OwnedTerm::new(reason);
    let reason = reason.term();
    if let Some(name) = process.registered.take() {
        vm.registry.remove(name, Some(Registered::Process(pid)));
        crate::trace::process::relation(vm, process, "unregister", Term::atom(name));
    }
    crate::trace::process::exited(vm, process, reason);
    if let Some(timer) = process.timer.running() {
        vm.timers.cancel(timer);
    }
    for &held in process.uncommon.iter().flat_map(|uncommon| uncommon.suspending.keys()) {
        let go_on = |target: Option<&mut Process>| {
            if let Some(process) = target {
                process.suspend_count = process.suspend_count.saturating_sub(1);
            }
        };
        vm.send(Signal::new(pid, held, SignalBody::Ask(Box::new(go_on))));
    }
    // From here on nobody finds the process; what still comes is answered as to the dead.
    vm.processes.retire(slot);
    vm.natives.tables.owner_ended(vm, pid);
    if slot.timed.swap(false, Ordering::AcqRel) {
        vm.timers.cancel_for(pid);
    }
    vm.natives.streams.owner_ended(pid);
    vm.natives.ciphers.owner_ended(pid);
    for signal in slot.signals.close() {
        // A monitor or link that came in time sees the real reason.
        match &signal.body {
            SignalBody::Monitor { reference, name, tag, .. } => {
                let message = down_message(signal.from, *reference, Some(pid), *name, tag.as_deref(), reason);
                vm.send(Signal::new(pid, signal.from, SignalBody::Down { reference: *reference, message }));
            }
            SignalBody::Link => {
                process.relations().links.entry(signal.from).or_insert(Link::Active);
            }
            SignalBody::Demonitor { reference } => {
                process.relations().watchers.remove(reference);
            }
            SignalBody::Unlink { .. } => {
                process.relations().links.remove(&signal.from);
                vm.dead_letter(signal);
            }
            SignalBody::Message { .. }
            | SignalBody::AliasMessage { .. }
            | SignalBody::Exit { .. }
            | SignalBody::UnlinkAck { .. }
            | SignalBody::Down { .. }
            | SignalBody::GroupLeader { .. }
            | SignalBody::Ask(_)
            | SignalBody::Look(_)
            | SignalBody::Reply { .. }
            | SignalBody::Refusal { .. }
            | SignalBody::Sequential { .. }
            | SignalBody::Timeout { .. } => vm.dead_letter(signal),
        }
    }
    if let Some(relations) = process.relations.take() {
        for (linked, link) in relations.links {
            if link == Link::Active {
                let reason = OwnedTerm::new(reason);
                let signal = Signal::new(pid, linked, SignalBody::Exit { reason, linked: true });
                vm.send(sequential::exiting(vm, process, signal));
            }
        }
        for (reference, watcher) in relations.watchers {
            let message =
                down_message(watcher.pid, reference, Some(pid), watcher.name, watcher.tag.as_deref(), reason);
            vm.send(Signal::new(pid, watcher.pid, SignalBody::Down { reference, message }));
        }
        for (reference, monitor) in relations.monitors {
            if let Some(target) = monitor.target {
                vm.send(Signal::new(pid, target, SignalBody::Demonitor { reference }));
            }
        }
    }
    // SAFETY: the caller is the runner, and the queue is closed.
    unsafe { slot.vacate() };
    vm.processes.release(pid, slot);
    vm.process_ended(pid);
}
