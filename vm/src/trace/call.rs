//! Calls: what is told when a traced function is entered and left.

use super::actions::Effects;
use super::breakpoint::{Breakpoint, FRAME, Mfa, Spec};
use super::flags::Flags;
use super::{TraceSpec, Tracing, change, event, mfa, mfargs, tell, times};
use crate::atom;
use crate::bif::NativeContext;
use crate::code::stacktrace;
use crate::heap::Build as _;
use crate::heap::copy;
use crate::proc::exception::Class;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Most watches over one call.
pub(crate) const WATCHES: usize = 3;

/// What is to be told when a call ends, as the third term of a frame keeps it beside the arity.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    pub(crate) mfa: Option<Mfa>,
    pub(crate) returns: bool,
    pub(crate) exceptions: bool,
    pub(crate) return_to: bool,
    /// The function is timed; `mfa` is the one that the process was in before, if that is timed too.
    pub(crate) timed: bool,
    /// The meta tracer that is told.
    pub(crate) meta: Option<Pid>,
}

const RETURNS: i64 = 1 << 8;
const EXCEPTIONS: i64 = 1 << 9;
const RETURN_TO: i64 = 1 << 10;
const TIMED: i64 = 1 << 11;

impl Watch {
    /// The terms of its frame.
    pub(crate) fn frame(&self) -> [Term; FRAME] {
        let (module, function, arity) = self.mfa.unwrap_or((atom::UNDEFINED, atom::UNDEFINED, 0));
        let flag = |on: bool, bit: i64| if on { bit } else { 0 };
        let bits = flag(self.returns, RETURNS)
            | flag(self.exceptions, EXCEPTIONS)
            | flag(self.return_to, RETURN_TO)
            | flag(self.timed, TIMED);
        let meta = self.meta.map_or(Term::NIL, Term::pid);
        [Term::atom(module), Term::atom(function), Term::small(i64::from(arity) | bits), meta]
    }

    /// What a frame holds.
    pub(crate) fn of_frame(frame: &[Term]) -> Self {
        let bits = frame[2].as_small().unwrap_or(0);
        let mfa = frame[0].as_atom().zip(frame[1].as_atom());
        Self {
            mfa: mfa.map(|(module, function)| (module, function, (bits & 0xff) as u32)),
            returns: bits & RETURNS != 0,
            exceptions: bits & EXCEPTIONS != 0,
            return_to: bits & RETURN_TO != 0,
            timed: bits & TIMED != 0,
            meta: frame[3].as_pid(),
        }
    }

    fn is_needed(&self) -> bool {
        self.returns || self.return_to
    }
}

/// Does a specification accept these arguments and not take the message back?
pub(crate) fn passes(ctx: &mut NativeContext<'_>, spec: &Arc<TraceSpec>, arguments: &[Term]) -> bool {
    let mut effects = Effects::new(Term::atom(atom::UNDEFINED), Term::NIL);
    let list = ctx.process.heap.list(arguments);
    let passed = spec.spec.run_trace(ctx, list, &mut effects).is_some();
    carry_out(ctx.vm, ctx.process, &effects);
    passed && effects.message != Some(Term::bool(false))
}

/// Changes flags as a specification's body asked for.
fn carry_out(vm: &Vm, process: &mut Process, effects: &Effects) {
    for wanted in &effects.changes {
        let (on, flags) = (wanted.on, wanted.flags);
        let tracer = process.tracing.as_deref().map_or(process.pid, |tracing| tracing.tracer);
        match wanted.of.map(|of| of.as_pid()) {
            Some(Some(pid)) if pid != process.pid => {
                let run = move |target: Option<&mut Process>| {
                    if let Some(process) = target {
                        change(process, on, flags, tracer);
                    }
                };
                vm.send(Signal::new(process.pid, pid, SignalBody::Ask(Box::new(run))));
            }
            Some(None) => {}
            Some(Some(_)) | None => {
                change(process, on, flags, tracer);
            }
        }
    }
    if let (Some(silent), Some(tracing)) = (effects.silent, process.tracing.as_deref_mut()) {
        tracing.flags =
            if silent { tracing.flags.with(Flags::SILENT) } else { tracing.flags.without(Flags::SILENT) };
    }
}

/// A specification's verdict on a call: what it asked for, or `None` if no clause matched.
fn verdict(
    ctx: &mut NativeContext<'_>,
    spec: &Spec,
    arguments: &[Term],
    caller: Option<Mfa>,
) -> Option<Effects> {
    let Some(spec) = spec else {
        return Some(Effects::new(Term::atom(atom::UNDEFINED), Term::NIL));
    };
    let stack = stacktrace::current(ctx.vm, ctx.process).copy_to(&mut ctx.process.heap);
    let heap = &mut ctx.process.heap;
    let caller = caller.map_or(Term::atom(atom::UNDEFINED), |caller| mfa(heap, caller));
    let mut effects = Effects::new(caller, stack);
    let list = heap.list(arguments);
    spec.spec.run_trace(ctx, list, &mut effects)?;
    Some(effects)
}

/// A traced function is called: tells of it, and answers what is to be told when it ends.
pub(crate) fn called(
    ctx: &mut NativeContext<'_>,
    breakpoint: &Arc<Breakpoint>,
    arguments: &[Term],
    caller: Option<Mfa>,
) -> [Option<Watch>; WATCHES] {
    let modes = breakpoint.modes.read().clone();
    let names = breakpoint.mfa;
    if modes.counted && !modes.paused {
        breakpoint.count.fetch_add(1, Ordering::Relaxed);
    }
    let mut watches = [None; WATCHES];
    let is_traced = |process: &Process| {
        !process.sensitive && process.tracing.as_deref().is_some_and(|tracing| tracing.flags.has(Flags::CALL))
    };
    if modes.timed && !modes.times_paused && is_traced(ctx.process) {
        let former = times::enter(ctx.process, breakpoint.clone());
        watches[0] = Some(Watch { mfa: former, timed: true, ..Watch::default() });
    }
    if let Some(traced) = &modes.traced
        && is_traced(ctx.process)
    {
        watches[1] = tell_tracer(ctx, traced, names, arguments, caller);
    }
    if let Some(meta) = &modes.meta {
        watches[2] = tell_meta(ctx, meta, names, arguments, caller);
    }
    watches
}

/// Tells the tracer of the process of a call; answers whether he is to be told of its end.
fn tell_tracer(
    ctx: &mut NativeContext<'_>,
    (local, spec): &(bool, Spec),
    names: Mfa,
    arguments: &[Term],
    caller: Option<Mfa>,
) -> Option<Watch> {
    let former = ctx.process.tracing.as_deref().copied()?;
    let effects = verdict(ctx, spec, arguments, caller)?;
    carry_out(ctx.vm, ctx.process, &effects);
    let flags = ctx.process.tracing.as_deref().map_or(Flags::NONE, |tracing| tracing.flags);
    if flags.has(Flags::SILENT) {
        return None;
    }
    // A call that ends the tracing is told still.
    if effects.message != Some(Term::bool(false)) && ctx.vm.processes.find(former.tracer).is_some() {
        tell(ctx.vm, ctx.process.pid, former, "call", |memory| {
            let call = if flags.has(Flags::ARITY) {
                mfa(memory, names)
            } else {
                mfargs(memory, (names.0, names.1), arguments)
            };
            let mut parts = vec![call];
            parts.extend(shown(&effects).map(|message| copy::copy(message, memory)));
            parts
        });
    }
    let watch = Watch {
        mfa: Some(names),
        returns: effects.return_trace,
        exceptions: effects.exception_trace,
        return_to: *local && flags.has(Flags::RETURN_TO) && effects.message != Some(Term::bool(false)),
        timed: false,
        meta: None,
    };
    watch.is_needed().then_some(watch)
}

/// Tells the meta tracer of a call; answers whether he wants to know of its end.
fn tell_meta(
    ctx: &mut NativeContext<'_>,
    (tracer, spec): &(Pid, Spec),
    names: Mfa,
    arguments: &[Term],
    caller: Option<Mfa>,
) -> Option<Watch> {
    if *tracer == ctx.process.pid {
        return None;
    }
    let effects = verdict(ctx, spec, arguments, caller)?;
    let tracing = Tracing { flags: Flags::TIMESTAMP, tracer: *tracer };
    if effects.message != Some(Term::bool(false)) {
        tell(ctx.vm, ctx.process.pid, tracing, "call", |memory| {
            let mut parts = vec![mfargs(memory, (names.0, names.1), arguments)];
            parts.extend(shown(&effects).map(|message| copy::copy(message, memory)));
            parts
        });
    }
    effects.return_trace.then(|| Watch {
        mfa: Some(names),
        returns: true,
        exceptions: effects.exception_trace,
        meta: Some(*tracer),
        ..Watch::default()
    })
}

/// The message that a body added, if it is not just the default.
fn shown(effects: &Effects) -> Option<Term> {
    effects.message.filter(|message| *message != Term::bool(true))
}

/// A traced call has ended with a value.
pub(crate) fn returned(vm: &Vm, process: &mut Process, watch: Watch, value: Term) {
    if watch.timed {
        times::leave(vm, process, watch.mfa);
        return;
    }
    let Some(names) = watch.mfa else { return };
    if !watch.returns {
        return;
    }
    let parts = |memory: &mut dyn crate::heap::Build| vec![mfa(memory, names), copy::copy(value, memory)];
    match watch.meta {
        Some(tracer) => {
            let tracing = Tracing { flags: Flags::TIMESTAMP, tracer };
            tell(vm, process.pid, tracing, "return_from", parts);
        }
        None => event(vm, process, Flags::CALL, "return_from", parts),
    }
}

/// A traced call has ended with an exception.
pub(crate) fn failed(vm: &Vm, process: &mut Process, watch: Watch, class: Class, reason: Term) {
    if watch.timed {
        times::leave(vm, process, watch.mfa);
        return;
    }
    let Some(names) = watch.mfa else { return };
    if !watch.exceptions {
        return;
    }
    let parts = |memory: &mut dyn crate::heap::Build| {
        let reason = copy::copy(reason, memory);
        let what = memory.tuple(&[Term::atom(class.atom()), reason]);
        vec![mfa(memory, names), what]
    };
    match watch.meta {
        Some(tracer) => {
            let tracing = Tracing { flags: Flags::TIMESTAMP, tracer };
            tell(vm, process.pid, tracing, "exception_from", parts);
        }
        None => event(vm, process, Flags::CALL, "exception_from", parts),
    }
}

/// Control is back in a function that called a traced one.
pub(crate) fn back_in(vm: &Vm, process: &mut Process, address: *const u64) {
    let place = stacktrace::mfa_at(vm, address);
    event(vm, process, Flags::RETURN_TO, "return_to", |memory| {
        vec![match place {
            Some(place) => mfa(memory, place),
            None => Term::atom(atom::UNDEFINED),
        }]
    });
}
