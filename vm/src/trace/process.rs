//! Events of processes other than calls: messages, starts and ends, links, names, scheduling, collections.

use super::flags::Flags;
use super::{Tracing, When, event, mfa, mfargs};
use crate::bif::NativeContext;
use crate::heap::copy;
use crate::proc::Process;
use crate::term::{Pid, Term};
use crate::vm::Vm;

/// What a new process takes over from the one that starts or links it.
fn inherited(tracing: Tracing, always: Flags, once: Flags) -> Option<Tracing> {
    if tracing.flags.has(always) {
        Some(tracing)
    } else if tracing.flags.has(once) {
        Some(Tracing { flags: tracing.flags.without(once), ..tracing })
    } else {
        None
    }
}

/// A process has been made and does not run yet.
pub(crate) fn spawned(vm: &Vm, parent: &mut Process, child: &mut Process, arguments: &[Term], linked: bool) {
    let (module, function, _) = child.initial_call;
    let names = (module, function);
    if let Some(tracing) = parent.tracing.as_deref().copied() {
        let inherits = inherited(tracing, Flags::SET_ON_SPAWN, Flags::SET_ON_FIRST_SPAWN).or_else(|| {
            linked.then(|| inherited(tracing, Flags::SET_ON_LINK, Flags::SET_ON_FIRST_LINK)).flatten()
        });
        child.tracing = inherits.map(Box::new);
        if let Some(own) = parent.tracing.as_deref_mut() {
            own.flags = own.flags.without(Flags::SET_ON_FIRST_SPAWN);
            if linked {
                own.flags = own.flags.without(Flags::SET_ON_FIRST_LINK);
            }
        }
        let pid = Term::pid(child.pid);
        event(vm, parent, Flags::PROCS, "spawn", |memory| vec![pid, mfargs(memory, names, arguments)]);
        if linked {
            event(vm, parent, Flags::PROCS, "link", |_| vec![pid]);
        }
    }
    if child.tracing.is_none() {
        child.tracing = vm.trace.of_new_process().map(Box::new);
    }
    if child.tracing.is_some() {
        let pid = Term::pid(parent.pid);
        event(vm, child, Flags::PROCS, "spawned", |memory| vec![pid, mfargs(memory, names, arguments)]);
        if linked {
            event(vm, child, Flags::PROCS, "getting_linked", |_| vec![pid]);
        }
    }
}

/// Something happened between this process and another, or to its name.
pub(crate) fn relation(vm: &Vm, process: &mut Process, kind: &'static str, other: Term) {
    if process.tracing.is_some() {
        event(vm, process, Flags::PROCS, kind, |_| vec![other]);
    }
}

/// A process ends.
pub(crate) fn exited(vm: &Vm, process: &mut Process, reason: Term) {
    if process.tracing.is_some() {
        event(vm, process, Flags::PROCS, "exit", |memory| vec![copy::copy(reason, memory)]);
        event(vm, process, Flags::EXITING, "out_exited", |_| vec![Term::small(0)]);
    }
}

/// A message goes to `to`, which is what the program named.
pub(crate) fn sent(vm: &Vm, process: &mut Process, to: Term, message: Term, exists: bool) {
    let Some(tracing) = process.tracing.as_deref() else { return };
    if !tracing.flags.has(Flags::SEND) {
        return;
    }
    let when = vm.trace.send.read().clone();
    if !wanted(vm, process, &when, &[to, message]) {
        return;
    }
    let kind = if exists { "send" } else { "send_to_non_existing_process" };
    event(vm, process, Flags::SEND, kind, |memory| vec![copy::copy(message, memory), copy::copy(to, memory)]);
}

/// A message has come.
pub(crate) fn received(vm: &Vm, process: &mut Process, from: Option<Pid>, message: Term) {
    let Some(tracing) = process.tracing.as_deref() else { return };
    if !tracing.flags.has(Flags::RECEIVE) {
        return;
    }
    let when = vm.trace.receive.read().clone();
    let node = Term::atom(crate::atom::NONODE_NOHOST);
    let sender = from.map_or(Term::atom(crate::atom::UNDEFINED), Term::pid);
    if wanted(vm, process, &when, &[node, sender, message]) {
        event(vm, process, Flags::RECEIVE, "receive", |memory| vec![copy::copy(message, memory)]);
    }
}

fn wanted(vm: &Vm, process: &mut Process, when: &When, arguments: &[Term]) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Match(spec) => {
            // The machine is behind a shared pointer wherever specifications run.
            let Some(vm) = vm.shared() else { return false };
            let mut reductions = 0;
            let mut ctx = NativeContext::new(process, &vm, &raw mut reductions);
            super::call::passes(&mut ctx, spec, arguments)
        }
    }
}

/// A process gets its turn (`in`) or leaves it.
pub(crate) fn scheduled(vm: &Vm, process: &mut Process, kind: &'static str) {
    let Some(tracing) = process.tracing.as_deref() else { return };
    let (flags, place) = (tracing.flags, process.ip);
    if !flags.intersects(Flags::SCHEDULING) {
        return;
    }
    let current = if process.hibernating {
        Some((crate::atom::ERLANG, crate::atom::HIBERNATE, 3))
    } else {
        crate::code::stacktrace::mfa_at(vm, place)
    };
    let current = current.unwrap_or(process.initial_call);
    event(vm, process, Flags::SCHEDULING, kind, |memory| {
        let mut parts = vec![mfa(memory, current)];
        if flags.has(Flags::SCHEDULER_ID) {
            parts.push(Term::small(1));
        }
        parts
    });
}

/// A collection begins or ends.
pub(crate) fn collected(vm: &Vm, process: &mut Process, kind: &'static str, words: usize) {
    let Some(tracing) = process.tracing.as_deref() else { return };
    if !tracing.flags.has(Flags::GARBAGE_COLLECTION) {
        return;
    }
    let info =
        copy::OwnedTerm::build(|memory| crate::bif::erlang::process_info::collection_info(process, memory));
    event(vm, process, Flags::GARBAGE_COLLECTION, kind, |memory| {
        let list = info.copy_to(memory);
        let size = memory.tuple(&[crate::bif::argument::named("wordsize"), Term::small(words as i64)]);
        vec![memory.cons(size, list)]
    });
}
