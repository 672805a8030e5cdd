//! Processes: who one is, who lives, asking another, holding it up.

use crate::atom;
use crate::bif::argument::{self, badopt, because, name_of};
use crate::bif::{Blamed, DirtyFailure, Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::signal::Question;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::vm::Vm;

fn own_pid(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::pid(ctx.process.pid))
}
fn is_process_alive(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().ok_or_else(Exception::badarg)?;
    if pid == ctx.process.pid {
        return Ok(Term::bool(true));
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Ok(Term::bool(false));
    }
    // Exit signals sent before must count: the process itself answers.
    Err(look(ctx, pid, |target, memory| {
        let _ = memory;
        Term::bool(target.is_some_and(|process| process.exiting.is_none()))
    }))
}

fn processes(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let pids: Vec<Term> = ctx.vm.processes.pids().into_iter().map(Term::pid).collect();
    Ok(ctx.process.heap.list(&pids))
}

fn yield_0(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Err(Interrupt::Yield(Term::bool(true)))
}

fn group_leader_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(ctx.process.group_leader)
}

fn group_leader_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[1].as_pid().ok_or_else(Exception::badarg)?;
    if !args[0].is_pid() {
        return Err(Exception::badarg().into());
    }
    if pid == ctx.process.pid {
        ctx.process.group_leader = args[0];
        return Ok(Term::bool(true));
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg().into());
    }
    let own = ctx.process.pid;
    ctx.vm.send(Signal::new(own, pid, SignalBody::GroupLeader { leader: OwnedTerm::new(args[0]) }));
    Ok(Term::bool(true))
}

/// Asks another process (or, of a dead one, the machine) and waits for the answer.
pub(crate) fn ask(
    ctx: &mut NativeContext<'_>,
    pid: Pid,
    answer: impl FnOnce(Option<&mut Process>, &mut dyn Build) -> Term + Send + 'static,
) -> Interrupt {
    put_question(ctx, pid, SignalBody::Ask, answer)
}

/// The same for what may also be done while the other waits in a native function: it only looks, and collects nothing.
pub(crate) fn look(
    ctx: &mut NativeContext<'_>,
    pid: Pid,
    answer: impl FnOnce(Option<&mut Process>, &mut dyn Build) -> Term + Send + 'static,
) -> Interrupt {
    let waiting = put_question(ctx, pid, SignalBody::Look, answer);
    ctx.vm.dirty.attend(ctx.vm, pid);
    waiting
}

/// Asks another process for what it may refuse, by `None`: then `function`, which the caller is in, fails with `badarg`.
pub(crate) fn ask_or_fail(
    ctx: &mut NativeContext<'_>,
    pid: Pid,
    (function, args): (&'static str, &[Term]),
    answer: impl FnOnce(Option<&mut Process>) -> Option<Term> + Send + 'static,
) -> Interrupt {
    let (own, id, vm) = (ctx.process.pid, ctx.vm.next_request(), ctx.vm.clone());
    let name = argument::named(function).as_atom();
    let export = name.and_then(|name| vm.code.find_export(atom::ERLANG, name, args.len() as u32));
    let Some(native) = export.and_then(|export| export.native) else { return Exception::badarg().into() };
    let arguments = OwnedTerm::build(|memory| {
        let args: Vec<Term> = args.iter().map(|&term| copy::copy(term, memory)).collect();
        memory.list(&args)
    });
    let run = move |target: Option<&mut Process>| {
        let body = match answer(target) {
            Some(value) => SignalBody::Reply { id, value: OwnedTerm::new(value) },
            None => {
                let (exception, arguments) = (Exception::badarg(), Blamed::Kept(arguments));
                SignalBody::Refusal { id, failure: Box::new(DirtyFailure { exception, native, arguments }) }
            }
        };
        vm.send(Signal::new(pid, own, body));
    };
    ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(run))));
    Interrupt::Await(id)
}

fn put_question(
    ctx: &mut NativeContext<'_>,
    pid: Pid,
    body: impl FnOnce(Question) -> SignalBody,
    answer: impl FnOnce(Option<&mut Process>, &mut dyn Build) -> Term + Send + 'static,
) -> Interrupt {
    let (own, id, vm) = (ctx.process.pid, ctx.vm.next_request(), ctx.vm.clone());
    let run = move |target: Option<&mut Process>| {
        let value = OwnedTerm::build(|memory| answer(target, memory));
        vm.send(Signal::new(pid, own, SignalBody::Reply { id, value }));
    };
    ctx.vm.send(Signal::new(own, pid, body(Box::new(run))));
    Interrupt::Await(id)
}

/// Options of `suspend_process/2`.
#[derive(Default)]
struct Suspend {
    unless_suspending: bool,
    asynchronous: bool,
    tag: Option<OwnedTerm>,
}

fn suspend_options(list: Term) -> Result<Suspend, Exception> {
    let mut options = Suspend::default();
    for option in list.to_vec().ok_or_else(badopt)? {
        match (name_of(option), option.as_tuple()) {
            ("unless_suspending", _) => options.unless_suspending = true,
            ("asynchronous", _) => options.asynchronous = true,
            (_, Some(&[key, tag])) if name_of(key) == "asynchronous" => {
                options.asynchronous = true;
                options.tag = Some(OwnedTerm::new(tag));
            }
            _ => return Err(badopt()),
        }
    }
    Ok(options)
}

fn suspend_process(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().filter(|&pid| pid != ctx.process.pid).ok_or_else(Exception::badarg)?;
    let options = args.get(1).map_or(Ok(Suspend::default()), |&list| suspend_options(list))?;
    let held = ctx.process.uncommon().suspending.get(&pid).copied().unwrap_or(0);
    let alive = ctx.vm.processes.find(pid).is_some();
    if !alive && !options.asynchronous {
        return Err(Exception::badarg().into());
    }
    if held > 0 && options.unless_suspending {
        return Ok(Term::bool(false));
    }
    if alive {
        ctx.process.uncommon().suspending.insert(pid, held + 1);
    }
    if held > 0 && options.tag.is_none() {
        return Ok(Term::bool(true));
    }
    let hold = move |target: Option<&mut Process>| {
        let Some(process) = target else { return "exited" };
        process.suspend_count += u32::from(held == 0);
        "suspended"
    };
    if !options.asynchronous {
        return Err(ask(ctx, pid, move |target, _| {
            hold(target);
            Term::bool(true)
        }));
    }
    let (own, vm) = (ctx.process.pid, ctx.vm.clone());
    let run = move |target: Option<&mut Process>| {
        let outcome = hold(target);
        if let Some(tag) = options.tag {
            let message = OwnedTerm::build(|memory| {
                let tag = tag.copy_to(memory);
                memory.tuple(&[tag, argument::named(outcome)])
            });
            let (term, fragment) = message.into_parts();
            vm.send(Signal::new(pid, own, SignalBody::Message { term, fragment }));
        }
    };
    ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(run))));
    Ok(Term::bool(true))
}

fn resume_process(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().filter(|&pid| pid != ctx.process.pid).ok_or_else(Exception::badarg)?;
    let held = ctx.process.uncommon().suspending.get(&pid).copied().ok_or_else(Exception::badarg)?;
    if ctx.vm.processes.find(pid).is_none() {
        ctx.process.uncommon().suspending.remove(&pid);
        return Err(Exception::badarg().into());
    }
    if held > 1 {
        ctx.process.uncommon().suspending.insert(pid, held - 1);
        return Ok(Term::bool(true));
    }
    ctx.process.uncommon().suspending.remove(&pid);
    let go_on = |target: Option<&mut Process>| {
        if let Some(process) = target {
            process.suspend_count = process.suspend_count.saturating_sub(1);
        }
    };
    ctx.vm.send(Signal::new(ctx.process.pid, pid, SignalBody::Ask(Box::new(go_on))));
    Ok(Term::bool(true))
}

/// The number of an asynchronous request among the options of `garbage_collect/2`.
fn collect_options(list: Term) -> Result<Option<OwnedTerm>, Exception> {
    let mut request = None;
    for option in list.to_vec().ok_or_else(|| because("bad_option"))? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "async" => request = Some(OwnedTerm::new(value)),
            Some(&[key, value]) if name_of(key) == "type" && matches!(name_of(value), "major" | "minor") => {}
            Some(&[key, _]) if name_of(key) == "type" => return Err(Exception::badarg()),
            _ => return Err(because("bad_option")),
        }
    }
    Ok(request)
}

fn garbage_collect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let request = args.get(1).map_or(Ok(None), |&list| collect_options(list))?;
    let target = match args.first() {
        Some(term) => term.as_pid().ok_or_else(Exception::badarg)?,
        None => ctx.process.pid,
    };
    let own = ctx.process.pid;
    if target == own {
        let Some(request) = request else { return Err(Interrupt::Collect(Term::bool(true))) };
        collected(ctx.vm, own, own, &request, true);
        return Err(Interrupt::Collect(Term::atom(atom::ASYNC)));
    }
    let collect = |target: Option<&mut Process>| match target {
        Some(process) if process.in_turn => {
            // Its registers are not known here: it collects at its next call.
            process.heap.off_heap_bytes = usize::MAX / 2;
            process.heap.minor_gcs = u16::MAX;
            true
        }
        Some(process) => {
            let _ = process.collect(0, true, &mut []);
            true
        }
        None => false,
    };
    let Some(request) = request else {
        if ctx.vm.processes.find(target).is_none() {
            return Ok(Term::bool(false));
        }
        return Err(ask(ctx, target, move |process, _| Term::bool(collect(process))));
    };
    let vm = ctx.vm.clone();
    let run = move |process: Option<&mut Process>| {
        let done = collect(process);
        collected(&vm, target, own, &request, done);
    };
    ctx.vm.send(Signal::new(own, target, SignalBody::Ask(Box::new(run))));
    Ok(Term::atom(atom::ASYNC))
}

/// Sends `{garbage_collect, Request, Done}`.
fn collected(vm: &Vm, from: Pid, to: Pid, request: &OwnedTerm, done: bool) {
    let message = OwnedTerm::build(|memory| {
        let request = request.copy_to(memory);
        memory.tuple(&[argument::named("garbage_collect"), request, Term::bool(done)])
    });
    let (term, fragment) = message.into_parts();
    vm.send(Signal::new(from, to, SignalBody::Message { term, fragment }));
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "self"/0 => own_pid;
        "is_process_alive"/1 => is_process_alive;
        "processes"/0 => processes;
        "yield"/0 => yield_0;
        "group_leader"/0 => group_leader_0;
        "group_leader"/2 => group_leader_2;
        "suspend_process"/1 => suspend_process;
        "suspend_process"/2 => suspend_process;
        "resume_process"/1 => resume_process;
        "garbage_collect"/0 => garbage_collect;
        "garbage_collect"/1 => garbage_collect;
        "garbage_collect"/2 => garbage_collect;
    }
};
