//! Tracing: which events of which processes are told to whom, and the messages that tell of them.
//!
//! A traced process carries its flags and its tracer ([`Tracing`]); each place where something happens looks
//! whether there are any. Functions are traced by breakpoints ([`breakpoint`]).
#![allow(unsafe_code, reason = "breakpoints replace words of loaded code")]

pub(crate) mod actions;
pub(crate) mod breakpoint;
pub(crate) mod call;
pub(crate) mod flags;
pub(crate) mod process;
pub(crate) mod profile;
pub(crate) mod sequential;
pub(crate) mod times;

use crate::atom::Atom;
use crate::bif::argument::named;
use crate::bif::ets::match_spec::MatchSpec;
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::proc::{Process, Signal, SignalBody};
use crate::sys::clock;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use flags::Flags;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is traced of one process, and who is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tracing {
    pub(crate) flags: Flags,
    pub(crate) tracer: Pid,
}

/// A match specification for tracing, with the term that it was made from.
#[derive(Debug)]
pub(crate) struct TraceSpec {
    pub(crate) source: OwnedTerm,
    pub(crate) spec: MatchSpec,
}

/// When an event of some kind is told.
#[derive(Clone, Debug, Default)]
pub(crate) enum When {
    #[default]
    Always,
    Never,
    /// When this matches.
    Match(Arc<TraceSpec>),
}

/// What is traced in a machine beyond single processes.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    /// How processes begin that nobody has named yet.
    new_processes: Mutex<Option<Tracing>>,
    any_new: AtomicBool,
    /// How ports begin.
    new_ports: Mutex<Option<Tracing>>,
    /// For messages sent and received.
    pub(crate) send: RwLock<When>,
    pub(crate) receive: RwLock<When>,
    pub(crate) breakpoints: breakpoint::Breakpoints,
    pub(crate) profile: profile::Profile,
    /// Whether the flag `timestamp` means processor time (`cpu_timestamp`).
    pub(crate) processor_time: AtomicBool,
    /// Who is told of sequential tracing.
    pub(crate) sequential: Mutex<Option<Pid>>,
}

impl Traces {
    /// How a new process is traced.
    pub(crate) fn of_new_process(&self) -> Option<Tracing> {
        if self.any_new.load(Ordering::Relaxed) { *self.new_processes.lock() } else { None }
    }

    /// How a new port is traced.
    pub(crate) fn of_new_port(&self) -> Option<Tracing> {
        *self.new_ports.lock()
    }

    /// Sets or clears flags for ports to come.
    pub(crate) fn change_new_ports(&self, on: bool, flags: Flags, tracer: Pid) {
        let mut new = self.new_ports.lock();
        *new = changed(*new, on, flags, tracer);
    }

    /// Sets or clears flags for processes to come.
    pub(crate) fn change_new(&self, on: bool, flags: Flags, tracer: Pid) {
        let mut new = self.new_processes.lock();
        *new = changed(*new, on, flags, tracer);
        self.any_new.store(new.is_some(), Ordering::Relaxed);
    }
}

/// The tracing that results from setting or clearing flags.
pub(crate) fn changed(tracing: Option<Tracing>, on: bool, flags: Flags, tracer: Pid) -> Option<Tracing> {
    let former = tracing.map_or(Flags::NONE, |tracing| tracing.flags);
    let flags = if on { former.with(flags) } else { former.without(flags) };
    let tracer = tracing.map_or(tracer, |tracing| tracing.tracer);
    (!flags.is_empty()).then_some(Tracing { flags, tracer })
}

/// Changes what is traced of a process; `false` if somebody else traces it.
pub(crate) fn change(process: &mut Process, on: bool, flags: Flags, tracer: Pid) -> bool {
    let former = process.tracing.as_deref().copied();
    if on && former.is_some_and(|tracing| tracing.tracer != tracer) {
        return false;
    }
    process.tracing = changed(former, on, flags, tracer).map(Box::new);
    true
}

/// The time of an event as the flags want it.
fn timestamp(vm: &Vm, flags: Flags, memory: &mut dyn Build) -> Term {
    if flags.has(Flags::TIMESTAMP) {
        let processor = vm.trace.processor_time.load(Ordering::Relaxed);
        return if processor { moment(clock::cpu_nanoseconds(), memory) } else { wall_time(memory) };
    }
    let monotonic = clock::erlang_monotonic_nanoseconds();
    if flags.has(Flags::STRICT_MONOTONIC) {
        let (time, number) = (memory.integer(monotonic), memory.unsigned(vm.next_unique()));
        return memory.tuple(&[time, number]);
    }
    memory.integer(monotonic)
}

/// `{MegaSeconds, Seconds, MicroSeconds}` of now.
fn wall_time(memory: &mut dyn Build) -> Term {
    moment(clock::erlang_system_nanoseconds(), memory)
}

/// `{MegaSeconds, Seconds, MicroSeconds}`.
fn moment(nanoseconds: i64, memory: &mut dyn Build) -> Term {
    let now = nanoseconds / 1000;
    let (seconds, micro) = (now.div_euclid(1_000_000), now.rem_euclid(1_000_000));
    memory.tuple(&[Term::small(seconds / 1_000_000), Term::small(seconds % 1_000_000), Term::small(micro)])
}

/// Tells a tracer of an event of `pid`.
pub(crate) fn tell(
    vm: &Vm,
    pid: Pid,
    tracing: Tracing,
    kind: &'static str,
    parts: impl FnOnce(&mut dyn Build) -> Vec<Term>,
) {
    let timed = tracing.flags.intersects(Flags::TIMESTAMPS);
    let message = OwnedTerm::build(|memory| {
        let name = if timed { "trace_ts" } else { "trace" };
        let mut elements = vec![named(name), pid.term(), named(kind)];
        elements.extend(parts(memory));
        if timed {
            elements.push(timestamp(vm, tracing.flags, memory));
        }
        memory.tuple(&elements)
    });
    let (term, fragment) = message.into_parts();
    vm.send(Signal::new(pid, tracing.tracer, SignalBody::Message { term, fragment }));
}

/// Tells of an event of this process, if events of its kind are traced. Whose tracer is gone is traced no more.
pub(crate) fn event(
    vm: &Vm,
    process: &mut Process,
    wanted: Flags,
    kind: &'static str,
    parts: impl FnOnce(&mut dyn Build) -> Vec<Term>,
) {
    let Some(tracing) = process.tracing.as_deref().copied() else { return };
    if !tracing.flags.intersects(wanted) || process.sensitive {
        return;
    }
    if vm.processes.find(tracing.tracer).is_none() {
        process.tracing = None;
        return;
    }
    tell(vm, process.pid, tracing, kind, parts);
}

/// `{Module, Function, Arity}`.
pub(crate) fn mfa(memory: &mut dyn Build, (module, function, arity): (Atom, Atom, u32)) -> Term {
    memory.tuple(&[Term::atom(module), Term::atom(function), Term::small(i64::from(arity))])
}

/// `{Module, Function, Arguments}`, copied.
pub(crate) fn mfargs(memory: &mut dyn Build, (module, function): (Atom, Atom), arguments: &[Term]) -> Term {
    let arguments: Vec<Term> = arguments.iter().map(|&term| copy::copy(term, memory)).collect();
    let arguments = memory.list(&arguments);
    memory.tuple(&[Term::atom(module), Term::atom(function), arguments])
}
