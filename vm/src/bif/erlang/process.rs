//! Processes: who one is, who lives, asking another, holding it up.

use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};

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
    Err(ask(ctx, pid, |target, memory| {
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
pub(super) fn ask(
    ctx: &mut NativeContext<'_>,
    pid: Pid,
    answer: impl FnOnce(Option<&mut Process>, &mut dyn Build) -> Term + Send + 'static,
) -> Interrupt {
    let (own, id, vm) = (ctx.process.pid, ctx.vm.next_request(), ctx.vm.clone());
    let run = move |target: Option<&mut Process>| {
        let value = OwnedTerm::build(|memory| answer(target, memory));
        vm.send(Signal::new(pid, own, SignalBody::Reply { id, value }));
    };
    ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(run))));
    Interrupt::Await(id)
}
fn suspend_process(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().filter(|&pid| pid != ctx.process.pid).ok_or_else(Exception::badarg)?;
    if ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg().into());
    }
    Err(ask(ctx, pid, |target, _| {
        if let Some(process) = target {
            process.suspend_count += 1;
        }
        Term::bool(true)
    }))
}

fn resume_process(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().filter(|&pid| pid != ctx.process.pid).ok_or_else(Exception::badarg)?;
    if ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg().into());
    }
    Err(ask(ctx, pid, |target, _| {
        if let Some(process) = target {
            process.suspend_count = process.suspend_count.saturating_sub(1);
        }
        Term::bool(true)
    }))
}

fn garbage_collect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let target = match args.first() {
        Some(term) => term.as_pid().ok_or_else(Exception::badarg)?,
        None => ctx.process.pid,
    };
    if target == ctx.process.pid {
        // Collected where the registers are known: at the end of this turn.
        ctx.process.heap.off_heap_bytes = usize::MAX / 2;
        ctx.process.heap.minor_gcs = u32::MAX;
        ctx.charge(crate::interp::TURN as usize);
        return Err(Interrupt::Yield(Term::bool(true)));
    }
    if ctx.vm.processes.find(target).is_none() {
        return Ok(Term::bool(false));
    }
    Err(ask(ctx, target, |target, _| {
        let Some(process) = target else { return Term::bool(false) };
        let _ = process.collect(0, true, &mut []);
        Term::bool(true)
    }))
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
        "resume_process"/1 => resume_process;
        "garbage_collect"/0 => garbage_collect;
        "garbage_collect"/1 => garbage_collect;
    }
};
