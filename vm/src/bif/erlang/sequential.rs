//! `erlang:seq_trace` and its like, on which the module `seq_trace` stands.

use crate::bif::argument::{name_of, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use crate::trace::sequential::{self, Token};
use std::sync::Arc;

/// One part of a process's token. `None`: there is no such part.
pub(crate) fn part(process: &mut Process, name: &str) -> Option<Term> {
    let token = process.sequential.as_ref().and_then(|sequential| sequential.token.clone());
    let heap = &mut process.heap;
    Some(match (name, token) {
        ("label" | "serial", None) => Term::NIL,
        ("label", Some(token)) => token.label.copy_to(heap),
        ("serial", Some(token)) => token.serial_term(heap),
        (name, token) => {
            let bit = sequential::flag(name)?;
            Term::bool(token.is_some_and(|token| token.flags & bit != 0))
        }
    })
}

/// A process's whole token, or the empty list.
pub(crate) fn whole(process: &Process, memory: &mut dyn crate::heap::Build) -> Term {
    let token = process.sequential.as_ref().and_then(|sequential| sequential.token.as_ref());
    token.map_or(Term::NIL, |token| token.term(memory))
}

/// Changes one part of a process's token, and answers what it was.
///
/// # Errors
/// `badarg`: no such part, or a value that it cannot have.
pub(crate) fn set(process: &mut Process, name: &str, value: Term) -> Result<Term, Exception> {
    if name == "sequential_trace_token" {
        let held = OwnedTerm::build(|memory| whole(process, memory));
        set_whole(process, value)?;
        return Ok(held.copy_to(&mut process.heap));
    }
    let bit = sequential::flag(name);
    let serial = match value.as_tuple() {
        Some(&[previous, serial]) => previous.as_small().zip(serial.as_small()),
        _ => None,
    };
    let fits = match name {
        "label" => true,
        "serial" => serial.is_some(),
        _ => bit.is_some() && value.as_bool().is_some(),
    };
    if !fits {
        return Err(Exception::badarg());
    }
    sequential::token_of(process);
    let former = part(process, name).unwrap_or(Term::NIL);
    let token = sequential::token_of(process);
    match (name, bit, serial) {
        ("label", ..) => token.label = Arc::new(OwnedTerm::new(value)),
        (_, Some(bit), _) if value == Term::bool(true) => token.flags |= bit,
        (_, Some(bit), _) => token.flags &= !bit,
        (_, _, Some((previous, serial))) => {
            (token.previous, token.serial) = (previous, serial);
            if let Some(sequential) = process.sequential.as_deref_mut() {
                (sequential.last, sequential.clock) = (previous, serial);
            }
        }
        _ => {}
    }
    Ok(former)
}

/// Takes on a whole token as `get_token/0` showed it, or none.
fn set_whole(process: &mut Process, value: Term) -> Result<(), Exception> {
    if value.is_nil() {
        if let Some(sequential) = process.sequential.as_mut() {
            sequential.token = None;
        }
        return Ok(());
    }
    let Some(&[flags, label, serial, sender, previous]) = value.as_tuple() else {
        return Err(Exception::badarg());
    };
    let flags = flags.as_usize().and_then(|flags| u8::try_from(flags).ok()).filter(|&flags| flags < 64);
    let (Some(flags), Some(serial), Some(previous), true) =
        (flags, serial.as_small(), previous.as_small(), sender.is_pid())
    else {
        return Err(Exception::badarg());
    };
    let sender = process.pid;
    let sequential = process.sequential.get_or_insert_with(Box::default);
    (sequential.last, sequential.clock) = (previous, serial);
    let label = Arc::new(OwnedTerm::new(label));
    sequential.token = Some(Token { flags, label, serial, previous, sender });
    Ok(())
}

fn seq_trace(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(set(ctx.process, name_of(args[0]), args[1])?)
}

fn seq_trace_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if name_of(args[0]) == "sequential_trace_token" {
        let held = OwnedTerm::build(|memory| whole(ctx.process, memory));
        return Ok(held.copy_to(&mut ctx.process.heap));
    }
    let name = name_of(args[0]);
    let value = part(ctx.process, name).ok_or_else(Exception::badarg)?;
    if matches!(name, "label" | "serial") && value.is_nil() {
        return Ok(Term::NIL);
    }
    Ok(ctx.process.heap.tuple(&[args[0], value]))
}

fn seq_trace_print_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let active = sequential_active(ctx);
    sequential::print(ctx.vm, ctx.process, None, args[0]);
    Ok(Term::bool(active))
}

fn sequential_active(ctx: &NativeContext<'_>) -> bool {
    ctx.process.sequential.as_ref().is_some_and(|sequential| sequential.token.is_some())
}

fn seq_trace_print_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let active = sequential_active(ctx);
    if args[0].as_small().is_none() {
        return Err(Exception::badarg().into());
    }
    sequential::print(ctx.vm, ctx.process, Some(args[0]), args[1]);
    Ok(Term::bool(active))
}

/// Who is told: a process, a port, or `false`.
pub(crate) fn tracer_term(tracer: Option<Pid>) -> Term {
    tracer.map_or(Term::bool(false), Pid::term)
}

/// `system_flag(sequential_tracer, _)`: answers who was told before.
pub(crate) fn set_tracer(ctx: &mut NativeContext<'_>, tracer: Term) -> NativeResult {
    let new = match (tracer.as_pid(), tracer.as_port()) {
        (Some(pid), _) => Some(pid),
        (None, Some(port)) => Some(Pid::of_port(port)),
        (None, None) if name_of(tracer) == "false" => None,
        // A module that would be asked must be of native code.
        (None, None) if tracer.as_tuple().is_some_and(|parts| parts.len() == 2) => {
            let mut exception = Exception::badarg();
            exception.reason = named("undef");
            return Err(exception.into());
        }
        (None, None) => return Err(Exception::badarg().into()),
    };
    let former = ctx.vm.trace.system_tracer(ctx.vm);
    *ctx.vm.trace.sequential.lock() = new;
    if new.is_some() && ctx.vm.trace.system_tracer(ctx.vm).is_none() {
        *ctx.vm.trace.sequential.lock() = former;
        return Err(Exception::badarg().into());
    }
    Ok(tracer_term(former))
}

/// Takes the tokens from all processes and from the messages that wait.
pub(super) fn reset(ctx: &mut NativeContext<'_>) -> NativeResult {
    // Messages that have come, but have not been looked at, count as waiting.
    if let Some(slot) = ctx.vm.processes.find(ctx.process.pid) {
        crate::proc::handle::handle_all(ctx.vm, ctx.process, slot);
    }
    forget(ctx.process);
    let own = ctx.process.pid;
    let others = ctx.vm.processes.pids().into_iter().filter(|&pid| pid != own).collect();
    super::trace::ask_each(
        ctx,
        others,
        0,
        |_| Term::bool(true),
        |process| {
            forget(process);
            true
        },
    )
}

fn forget(process: &mut Process) {
    process.sequential = None;
    process.mailbox.forget_marks();
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "seq_trace"/2 => seq_trace;
        "seq_trace_info"/1 => seq_trace_info;
        "seq_trace_print"/1 => seq_trace_print_1;
        "seq_trace_print"/2 => seq_trace_print_2;
    }
};
