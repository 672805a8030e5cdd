//! `erlang:trace` and its like: setting what is traced, and asking about it.

use super::process::{ask, ask_or_fail};
use crate::atom::{self, Atom};
use crate::bif::argument::{self, badopt, because, name_of, named};
use crate::bif::ets::match_spec::{Dialect, MatchSpec};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::trace::breakpoint::{Breakpoint, Change, Modes, Pattern, Spec};
use crate::trace::flags::Flags;
use crate::trace::{self, TraceSpec, Tracing, When};
use crate::vm::Vm;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a list of flags asks for.
struct Wanted {
    flags: Flags,
    tracer: Pid,
    /// `cpu_timestamp`: of the whole machine, not of a process.
    processor_time: bool,
}

fn flag_list(ctx: &NativeContext<'_>, list: Term) -> Result<Wanted, Exception> {
    let mut wanted = Wanted { flags: Flags::NONE, tracer: ctx.process.pid, processor_time: false };
    let mut tells_nobody = false;
    for flag in list.to_vec().ok_or_else(badopt)? {
        match flag.as_tuple() {
            Some(&[key, value]) if name_of(key) == "tracer" => {
                wanted.tracer = value.as_pid().ok_or_else(badopt)?;
            }
            Some(&[key, module, state]) if name_of(key) == "tracer" => {
                match tracer_module(ctx, module, state)? {
                    Some(tracer) => wanted.tracer = tracer,
                    None => tells_nobody = true,
                }
            }
            Some(_) => return Err(badopt()),
            None if name_of(flag) == "cpu_timestamp" => wanted.processor_time = true,
            None => wanted.flags = wanted.flags.with(Flags::named(name_of(flag)).ok_or_else(badopt)?),
        }
    }
    if tells_nobody {
        wanted.flags = Flags::NONE;
    }
    Ok(wanted)
}

/// The process that a tracer module tells. All but `erl_tracer`, whose state is the process, have native code of their
/// own, which this machine does not load.
fn tracer_module(ctx: &NativeContext<'_>, module: Term, state: Term) -> Result<Option<Pid>, Exception> {
    let name = module.as_atom().ok_or_else(badopt)?;
    if name.text() == "erl_tracer" {
        return Ok(state.as_pid());
    }
    let is_loaded = ctx.vm.code.versions(name).is_some_and(|versions| versions.current.is_some());
    Err(if is_loaded { badopt() } else { Exception::error(Term::atom(atom::UNDEF)) })
}

fn tell_of_second_tracer(vm: &Vm, process: &Process) {
    vm.report_error(process, "** can only have one tracer per process~n", |_| Vec::new());
}

/// A process is traced by one other at most.
fn one_tracer_only(ctx: &NativeContext<'_>) -> Interrupt {
    tell_of_second_tracer(ctx.vm, ctx.process);
    Exception::badarg().into()
}

/// `erlang:trace/3`: the number of processes and ports that it changed; of several, those that can have one of the flags.
fn trace(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Wanted { flags, tracer, processor_time } = flag_list(ctx, args[2])?;
    let on = args[1].as_bool().ok_or_else(Exception::badarg)?;
    if processor_time {
        if name_of(args[0]) != "all" {
            return Err(Exception::badarg().into());
        }
        ctx.vm.trace.processor_time.store(on, Ordering::Relaxed);
        if flags.is_empty() {
            return Ok(Term::small(0));
        }
    }
    let for_ports = !flags.and(Flags::OF_PORTS).is_empty();
    let for_processes = !flags.without(Flags::OF_PORTS_ALONE).is_empty();
    // Who tells nobody is not traced.
    let flags = if ctx.vm.processes.find(tracer).is_some() { flags } else { Flags::NONE };
    if let Some(pid) = args[0].as_pid() {
        if pid == ctx.process.pid {
            // Nobody traces himself: there would be no end to it.
            let free = tracer == pid || trace::change(ctx.process, on, flags, tracer);
            return if free { Ok(Term::small(1)) } else { Err(one_tracer_only(ctx)) };
        }
        if ctx.vm.processes.find(pid).is_none() || pid == tracer {
            return Err(Exception::badarg().into());
        }
        // Who another traces is left to him.
        let vm = ctx.vm.clone();
        return Err(ask_or_fail(ctx, pid, ("trace", args), move |target| {
            let Some(process) = target else { return Some(Term::small(0)) };
            let is_free = trace::change(process, on, flags, tracer);
            if !is_free {
                tell_of_second_tracer(&vm, process);
            }
            is_free.then_some(Term::small(1))
        }));
    }
    let of_ports = flags.and(Flags::OF_PORTS);
    if let Some(number) = args[0].as_port() {
        let port = ctx.vm.ports.find(number).ok_or_else(Exception::badarg)?;
        let free = port.change_tracing(on, of_ports, tracer);
        return if free { Ok(Term::small(1)) } else { Err(Exception::badarg().into()) };
    }
    let name = name_of(args[0]);
    let (existing, new) = match name {
        "all" | "processes" | "ports" => (true, true),
        "existing" | "existing_processes" | "existing_ports" => (true, false),
        "new" | "new_processes" | "new_ports" => (false, true),
        _ => return Err(Exception::badarg().into()),
    };
    let (processes, ports) = (!name.ends_with("ports"), !name.ends_with("processes"));
    if new && processes {
        ctx.vm.trace.change_new(on, flags, tracer);
    }
    if new && ports {
        ctx.vm.trace.change_new_ports(on, of_ports, tracer);
    }
    let mut count = 0;
    if existing && ports && for_ports {
        let open = ctx.vm.ports.numbers().into_iter().filter_map(|number| ctx.vm.ports.find(number));
        count = open.filter(|port| port.change_tracing(on, of_ports, tracer)).count();
    }
    if !existing || !processes || !for_processes {
        return Ok(Term::small(count as i64));
    }
    let mut pids = ctx.vm.processes.pids();
    let all = pids.len();
    pids.retain(|&pid| pid != tracer);
    // The tracer counts, though nothing changes for it.
    count += all - pids.len();
    ask_each(
        ctx,
        pids,
        count,
        |count| Term::small(count as i64),
        move |process| trace::change(process, on, flags, tracer),
    )
}

/// Asks processes for something, and waits until all have done it; `value` of how many said yes, and `count`.
pub(super) fn ask_each(
    ctx: &mut NativeContext<'_>,
    pids: Vec<Pid>,
    count: usize,
    value: fn(usize) -> Term,
    run: impl Fn(&mut Process) -> bool + Clone + Send + 'static,
) -> NativeResult {
    let (own, request) = (ctx.process.pid, ctx.vm.next_request());
    let asked = Arc::new(AtomicUsize::new(pids.len() + 1));
    let count = Arc::new(AtomicUsize::new(count));
    let answered = move |vm: &Vm, asked: &AtomicUsize, count: &AtomicUsize| {
        if asked.fetch_sub(1, Ordering::AcqRel) == 1 {
            let value = OwnedTerm::new(value(count.load(Ordering::Acquire)));
            vm.send(Signal::new(own, own, SignalBody::Reply { id: request, value }));
        }
    };
    for pid in pids {
        let (asked, count, vm, run) = (asked.clone(), count.clone(), ctx.vm.clone(), run.clone());
        let question = move |target: Option<&mut Process>| {
            if target.is_some_and(run) {
                count.fetch_add(1, Ordering::AcqRel);
            }
            answered(&vm, &asked, &count);
        };
        ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(question))));
    }
    answered(ctx.vm, &asked, &count);
    Err(Interrupt::Await(request))
}

/// `erlang:trace_delivered/1`: what has been told so far is told before the message that this sends.
fn trace_delivered(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pids = match args[0].as_pid() {
        Some(pid) => vec![pid],
        None if name_of(args[0]) == "all" => ctx.vm.processes.pids(),
        None => return Err(Exception::badarg().into()),
    };
    let number = ctx.vm.next_reference();
    let own = ctx.process.pid;
    let whom = args[0];
    let left = Arc::new(AtomicUsize::new(pids.len().max(1)));
    for pid in pids {
        let (left, vm) = (left.clone(), ctx.vm.clone());
        let run = move |_: Option<&mut Process>| {
            if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                let message = OwnedTerm::build(|memory| {
                    let reference = memory.reference(number, None);
                    memory.tuple(&[named("trace_delivered"), whom, reference])
                });
                let (term, fragment) = message.into_parts();
                vm.send(Signal::new(pid, own, SignalBody::Message { term, fragment }));
            }
        };
        ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(run))));
    }
    Ok(ctx.process.heap.reference(number, None))
}

/// What stands for a specification: `None` to stop tracing.
fn specification(ctx: &NativeContext<'_>, term: Term, dialect: Dialect) -> Result<Option<Spec>, Exception> {
    match term.as_bool() {
        Some(true) => return Ok(Some(None)),
        Some(false) => return Ok(None),
        None => {}
    }
    if term.is_nil() {
        return Ok(Some(None));
    }
    let source = OwnedTerm::new(term);
    let spec = MatchSpec::compile_trace(ctx, source.term(), dialect).map_err(|_| because("match_spec"))?;
    Ok(Some(Some(Arc::new(TraceSpec { source, spec }))))
}

/// How functions are to be traced, by the flags of `trace_pattern/3`.
#[derive(Default)]
struct How {
    local: bool,
    global: bool,
    meta: Option<Pid>,
    counted: bool,
    timed: bool,
}

impl How {
    /// Is anything counted, rather than told?
    fn counts(&self) -> bool {
        self.counted || self.timed
    }
}

fn how(ctx: &NativeContext<'_>, list: Term) -> Result<How, Exception> {
    let mut how = How::default();
    for flag in list.to_vec().ok_or_else(badopt)? {
        match (name_of(flag), flag.as_tuple()) {
            ("local", _) => how.local = true,
            ("global", _) => how.global = true,
            ("call_count", _) => how.counted = true,
            ("call_time", _) => how.timed = true,
            ("meta", _) => how.meta = Some(ctx.process.pid),
            (_, Some(&[key, tracer])) if name_of(key) == "meta" => {
                how.meta = Some(tracer.as_pid().ok_or_else(badopt)?);
            }
            _ => return Err(badopt()),
        }
    }
    if how.global && (how.local || how.meta.is_some() || how.counts()) {
        return Err(badopt());
    }
    Ok(how)
}

fn pattern(term: Term) -> Result<Pattern, Exception> {
    let Some(&[module, function, arity]) = term.as_tuple() else { return Err(because("none")) };
    let any = |term: Term| name_of(term) == "_";
    let name = |term: Term| match term.as_atom() {
        Some(_) if any(term) => Ok(None),
        Some(atom) => Ok(Some(atom)),
        None => Err(because("none")),
    };
    let (module, function) = (name(module)?, name(function)?);
    let arity = if any(arity) {
        None
    } else {
        Some(arity.as_usize().and_then(|arity| u32::try_from(arity).ok()).ok_or_else(|| because("none"))?)
    };
    // What is open stays open to the right.
    if module.is_none() && function.is_some() || function.is_none() && arity.is_some() {
        return Err(because("none"));
    }
    Ok(Pattern { module, function, arity })
}

fn trace_pattern(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let flags = args.get(2).copied().unwrap_or(Term::NIL);
    if matches!(name_of(args[0]), "send" | "receive") {
        if !flags.is_nil() {
            return Err(because("none").into());
        }
        let sends = name_of(args[0]) == "send";
        let dialect = if sends { Dialect::Send } else { Dialect::Receive };
        let when = match specification(ctx, args[1], dialect)? {
            None => When::Never,
            Some(None) => When::Always,
            Some(Some(spec)) => When::Match(spec),
        };
        let place = if sends { &ctx.vm.trace.send } else { &ctx.vm.trace.receive };
        *place.write() = when;
        return Ok(Term::small(1));
    }
    let how = how(ctx, flags)?;
    if name_of(args[0]) == "on_load" {
        specification(ctx, args[1], Dialect::Call)?;
        return Ok(Term::small(0));
    }
    let pattern = pattern(args[0])?;
    let mut changes = Vec::new();
    match name_of(args[1]) {
        "restart" | "pause" => {
            let restart = name_of(args[1]) == "restart";
            if how.counted {
                changes.push(if restart { Change::Restart } else { Change::Count(None) });
            }
            if !how.counts() {
                changes.push(Change::Keep);
            }
            if how.timed {
                changes.push(if restart { Change::RestartTime } else { Change::Time(None) });
            }
        }
        _ => {
            let spec = specification(ctx, args[1], Dialect::Call)?;
            if how.counted {
                changes.push(Change::Count(Some(spec.is_some())));
            }
            if how.timed {
                changes.push(Change::Time(Some(spec.is_some())));
            }
            if let Some(tracer) = how.meta {
                changes.push(Change::Meta { tracer, spec: spec.clone() });
            }
            if how.local || how.global || (how.meta.is_none() && !how.counts()) {
                changes.push(Change::Traced { local: how.local, spec });
            }
        }
    }
    let mut count = 0;
    for change in &changes {
        count = ctx.vm.trace.breakpoints.change(ctx.vm, pattern, change);
    }
    Ok(Term::small(count as i64))
}

/// The value of an item about a process.
fn process_item(tracing: Option<Tracing>, item: Term, memory: &mut dyn Build) -> Option<Term> {
    let value = match name_of(item) {
        "flags" => {
            let names = tracing.map_or(Flags::NONE, |tracing| tracing.flags).names();
            let names: Vec<Term> = names.map(named).collect();
            memory.list(&names)
        }
        "tracer" => tracing.map_or(Term::NIL, |tracing| Term::pid(tracing.tracer)),
        _ => return None,
    };
    Some(memory.tuple(&[item, value]))
}

fn spec_term(spec: &Spec, memory: &mut dyn Build) -> Term {
    spec.as_ref().map_or(Term::NIL, |spec| spec.source.copy_to(memory))
}

const FUNCTION_ITEMS: &[&str] =
    &["traced", "match_spec", "meta", "meta_match_spec", "call_time", "call_count"];

fn function_item(
    modes: &Modes,
    breakpoint: Option<&Breakpoint>,
    item: &str,
    memory: &mut dyn Build,
) -> Option<Term> {
    let off = Term::bool(false);
    Some(match item {
        "traced" => {
            modes.traced.as_ref().map_or(off, |(local, _)| named(if *local { "local" } else { "global" }))
        }
        "match_spec" => modes.traced.as_ref().map_or(off, |(_, spec)| spec_term(spec, memory)),
        "meta" => modes.meta.as_ref().map_or(off, |(tracer, _)| Term::pid(*tracer)),
        "meta_match_spec" => modes.meta.as_ref().map_or(off, |(_, spec)| spec_term(spec, memory)),
        "call_count" if modes.counted => {
            memory.integer(breakpoint.map_or(0, |found| found.count.load(Ordering::Relaxed)))
        }
        "call_time" if modes.timed => breakpoint.map_or(off, |found| found.times.term(memory)),
        "call_count" | "call_time" => off,
        _ => return None,
    })
}

/// `trace_info({M, F, A}, Item)`.
fn function_info(ctx: &mut NativeContext<'_>, mfa: (Atom, Atom, u32), item: Term) -> NativeResult {
    let name = name_of(item);
    let (module, function, arity) = mfa;
    let exists = ctx.vm.code.is_exported(module, function, arity)
        || ctx.vm.code.versions(module).and_then(|versions| versions.current).is_some_and(|instance| {
            instance.functions.iter().any(|own| own.name == function && own.arity == arity)
        });
    let heap = &mut ctx.process.heap;
    if !exists {
        return Ok(heap.tuple(&[item, Term::atom(atom::UNDEFINED)]));
    }
    if name != "all" && !FUNCTION_ITEMS.contains(&name) {
        return Err(Exception::badarg().into());
    }
    let breakpoint = ctx.vm.trace.breakpoints.find(mfa);
    let modes = breakpoint.as_ref().map(|found| found.modes.read().clone()).unwrap_or_default();
    let value = if name == "meta" && breakpoint.is_some() && modes.meta.is_none() {
        // So it is shown where calls are traced otherwise.
        Term::NIL
    } else if name != "all" {
        function_item(&modes, breakpoint.as_deref(), name, heap).ok_or_else(Exception::badarg)?
    } else if breakpoint.is_none() {
        Term::bool(false)
    } else {
        let mut list = Vec::new();
        for own in FUNCTION_ITEMS {
            let value =
                function_item(&modes, breakpoint.as_deref(), own, heap).ok_or_else(Exception::badarg)?;
            list.push(heap.tuple(&[named(own), value]));
        }
        heap.list(&list)
    };
    Ok(heap.tuple(&[item, value]))
}

fn trace_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let item = args[1];
    if let Some(&[module, function, arity]) = args[0].as_tuple() {
        let (module, function) = (argument::atom(module)?, argument::atom(function)?);
        let arity = u32::try_from(argument::index(arity)?).map_err(|_| Exception::badarg())?;
        return function_info(ctx, (module, function, arity), item);
    }
    match name_of(args[0]) {
        "send" | "receive" => {
            let place = if name_of(args[0]) == "send" { &ctx.vm.trace.send } else { &ctx.vm.trace.receive };
            if name_of(item) != "match_spec" {
                return Err(Exception::badarg().into());
            }
            let when = place.read().clone();
            let heap = &mut ctx.process.heap;
            let value = match when {
                When::Always => Term::bool(true),
                When::Never => Term::bool(false),
                When::Match(spec) => spec.source.copy_to(heap),
            };
            return Ok(heap.tuple(&[item, value]));
        }
        "new" | "new_processes" => {
            let tracing = ctx.vm.trace.of_new_process();
            return Ok(process_item(tracing, item, &mut ctx.process.heap).ok_or_else(Exception::badarg)?);
        }
        "new_ports" => {
            let tracing = ctx.vm.trace.of_new_port();
            return Ok(process_item(tracing, item, &mut ctx.process.heap).ok_or_else(Exception::badarg)?);
        }
        "on_load" => {
            let off = Term::bool(false);
            return Ok(ctx.process.heap.tuple(&[item, off]));
        }
        _ => {}
    }
    if let Some(number) = args[0].as_port() {
        let Some(port) = ctx.vm.ports.find(number) else { return Ok(Term::atom(atom::UNDEFINED)) };
        let tracing = port.tracing();
        return Ok(process_item(tracing, item, &mut ctx.process.heap).ok_or_else(Exception::badarg)?);
    }
    let pid = args[0].as_pid().ok_or_else(badopt)?;
    if !matches!(name_of(item), "flags" | "tracer") {
        return Err(Exception::badarg().into());
    }
    if pid == ctx.process.pid {
        let tracing = ctx.process.tracing.as_deref().copied();
        return Ok(process_item(tracing, item, &mut ctx.process.heap).ok_or_else(Exception::badarg)?);
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Ok(Term::atom(atom::UNDEFINED));
    }
    Err(ask(ctx, pid, move |target, memory| match target {
        Some(process) => {
            let tracing = process.tracing.as_deref().copied();
            process_item(tracing, item, memory).unwrap_or(Term::NIL)
        }
        None => Term::atom(atom::UNDEFINED),
    }))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "trace"/3 => trace;
        "trace_delivered"/1 => trace_delivered;
        "trace_pattern"/2 => trace_pattern;
        "trace_pattern"/3 => trace_pattern;
        "trace_info"/2 => trace_info;
    }
};
