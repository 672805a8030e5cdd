//! Names of processes and ports.

use crate::atom;
use crate::bif::argument::because;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::registry::Registered;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::Term;
use crate::trace::process as trace;

fn register(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(|| because("none"))?;
    if name == atom::UNDEFINED {
        return Err(because("none").into());
    }
    if let Some(port) = args[1].as_port() {
        crate::bif::port::register(ctx.vm, port, name)?;
        return Ok(Term::bool(true));
    }
    let pid = args[1].as_pid().ok_or_else(|| because("none"))?;
    if pid == ctx.process.pid {
        if ctx.process.registered.is_some() {
            return Err(Exception::badarg_because(atom::REGISTERED_NAME).into());
        }
        if !ctx.vm.registry.insert(name, Registered::Process(pid)) {
            return Err(because("none").into());
        }
        ctx.process.registered = Some(name);
        trace::relation(ctx.vm, ctx.process, "register", args[0]);
        return Ok(Term::bool(true));
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg_because(atom::NOTALIVE).into());
    }
    if ctx.vm.registry.has(pid) {
        return Err(Exception::badarg_because(atom::REGISTERED_NAME).into());
    }
    if !ctx.vm.registry.insert(name, Registered::Process(pid)) {
        return Err(because("none").into());
    }
    // The process takes note of its name in its own turn; should it be gone by then, the name goes.
    let vm = ctx.vm.clone();
    let own = ctx.process.pid;
    ctx.vm.send(Signal::new(
        own,
        pid,
        SignalBody::Look(Box::new(move |target| match target {
            Some(process) => {
                if vm.registry.find(name) == Some(Registered::Process(pid)) {
                    process.registered = Some(name);
                    trace::relation(&vm, process, "register", Term::atom(name));
                }
            }
            None => {
                vm.registry.remove(name, Some(Registered::Process(pid)));
            }
        })),
    ));
    Ok(Term::bool(true))
}

fn unregister(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    match ctx.vm.registry.remove(name, None) {
        Some(Registered::Process(pid)) => {
            if pid == ctx.process.pid {
                ctx.process.registered = None;
                trace::relation(ctx.vm, ctx.process, "unregister", args[0]);
            } else {
                let own = ctx.process.pid;
                let forget = move |target: Option<&mut Process>| {
                    if let Some(process) = target
                        && process.registered == Some(name)
                    {
                        process.registered = None;
                    }
                };
                ctx.vm.send(Signal::new(own, pid, SignalBody::Look(Box::new(forget))));
            }
            Ok(Term::bool(true))
        }
        Some(Registered::Port(port)) => {
            crate::bif::port::unregister(ctx.vm, port);
            Ok(Term::bool(true))
        }
        None => Err(Exception::badarg().into()),
    }
}

fn whereis(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    Ok(match ctx.vm.registry.find(name) {
        Some(Registered::Process(pid)) => Term::pid(pid),
        Some(Registered::Port(port)) => Term::port(port),
        None => Term::atom(atom::UNDEFINED),
    })
}

fn registered(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let names: Vec<Term> = ctx.vm.registry.names().into_iter().map(Term::atom).collect();
    Ok(ctx.process.heap.list(&names))
}
pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "register"/2 => register;
        "unregister"/1 => unregister;
        "whereis"/1 => whereis;
        "registered"/0 => registered;
    }
};
