//! Links, monitors, aliases, exit signals.

use crate::atom;
use crate::bif::argument::{badopt, because};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::handle;
use crate::proc::registry::Registered;
use crate::proc::relations::{AliasKind, Link, Monitor, MonitorKind};
use crate::proc::{Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::trace::process as trace;

fn link(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(other) = args[0].as_identity() else {
        return if args[0].is_port() || args[0].is_pid() {
            Ok(Term::bool(true))
        } else {
            Err(Exception::badarg().into())
        };
    };
    link_to(ctx, other)?;
    Ok(Term::bool(true))
}

/// Links the caller with `other`.
pub(super) fn link_to(ctx: &mut NativeContext<'_>, other: Pid) -> Result<(), Exception> {
    let own = ctx.process.pid;
    if own == other {
        return Ok(());
    }
    if ctx.process.relations().links.get(&other) == Some(&Link::Active) {
        trace::relation(ctx.vm, ctx.process, "link", other.term());
        return Ok(());
    }
    if !ctx.vm.exists(other) && !ctx.process.trap_exit {
        trace::relation(ctx.vm, ctx.process, "link", other.term());
        return Err(Exception::error(Term::atom(atom::NOPROC)));
    }
    ctx.process.relations().links.insert(other, Link::Active);
    ctx.vm.send(Signal::new(own, other, SignalBody::Link));
    trace::relation(ctx.vm, ctx.process, "link", other.term());
    Ok(())
}

fn unlink(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(other) = args[0].as_identity() else {
        return if args[0].is_port() || args[0].is_pid() {
            Ok(Term::bool(true))
        } else {
            Err(Exception::badarg().into())
        };
    };
    let own = ctx.process.pid;
    let id = ctx.vm.next_request();
    let links = &mut ctx.process.relations().links;
    if links.get(&other) == Some(&Link::Active) {
        links.insert(other, Link::Unlinking(id));
        ctx.vm.send(Signal::new(own, other, SignalBody::Unlink { id }));
    }
    // Also where there was no link.
    trace::relation(ctx.vm, ctx.process, "unlink", args[0]);
    Ok(Term::bool(true))
}

fn monitor(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut alias = AliasKind::None;
    let mut tag = None;
    if let Some(options) = args.get(2) {
        for option in options.to_vec().ok_or_else(badopt)? {
            match option.as_tuple() {
                Some([key, value]) if *key == Term::atom(atom::TAG) => {
                    tag = Some(Box::new(OwnedTerm::new(*value)))
                }
                Some([key, value]) if *key == Term::atom(atom::ALIAS) => {
                    alias = match value.as_atom() {
                        Some(atom::EXPLICIT_UNALIAS) => AliasKind::ExplicitUnalias,
                        Some(atom::DEMONITOR) => AliasKind::Demonitor,
                        Some(atom::REPLY_DEMONITOR) => AliasKind::ReplyDemonitor,
                        _ => return Err(badopt().into()),
                    }
                }
                _ => return Err(badopt().into()),
            }
        }
    }
    let kind = args[0].as_atom();
    if kind == Some(atom::TIME_OFFSET) && args[1].as_atom() == Some(atom::CLOCK_SERVICE) {
        return Ok(monitor_time_offset(ctx, alias));
    }
    if kind == Some(atom::TIME_OFFSET) {
        return Err(Exception::badarg().into());
    }
    if kind != Some(atom::PROCESS) && kind != Some(atom::PORT) {
        return Err(because("badtype").into());
    }
    let named = |name| {
        if kind == Some(atom::PROCESS) {
            return ctx.vm.whereis(name);
        }
        // A port of a number that is never given out stands for a name that no port has.
        match ctx.vm.registry.find(name) {
            Some(Registered::Port(port)) => Some(Pid::of_port(port)),
            Some(Registered::Process(_)) | None => Some(Pid::of_port(0)),
        }
    };
    let (target, name) = if let (Some(pid), Some(atom::PROCESS)) = (args[1].as_pid(), kind) {
        (Some(pid), None)
    } else if let (Some(port), Some(atom::PORT)) = (args[1].as_port(), kind) {
        (Some(Pid::of_port(port)), None)
    } else if let Some(name) = args[1].as_atom() {
        (named(name), Some(name))
    } else if let Some([name, node]) = args[1].as_tuple()
        && let (Some(name), Some(atom::NONODE_NOHOST)) = (name.as_atom(), node.as_atom())
    {
        (named(name), Some(name))
    } else if args[1].is_pid() && args[1].as_pid().is_none() {
        (None, None)
    } else {
        return Err(Exception::badarg().into());
    };
    Ok(start_monitor(ctx, target, name, tag, alias))
}

/// The difference of the clocks is fixed at the start: such a monitor never fires.
fn monitor_time_offset(ctx: &mut NativeContext<'_>, alias: AliasKind) -> Term {
    let (own, reference) = (ctx.process.pid, ctx.vm.next_reference());
    if alias != AliasKind::None {
        ctx.process.relations().aliases.insert(reference, alias);
    }
    let monitor = Monitor { target: None, name: None, alias, kind: MonitorKind::TimeOffset };
    ctx.process.relations().monitors.insert(reference, monitor);
    ctx.process.heap.reference(reference, Some(own))
}

/// Starts to watch `target` and answers the monitor's reference.
fn start_monitor(
    ctx: &mut NativeContext<'_>,
    target: Option<Pid>,
    name: Option<atom::Atom>,
    tag: Option<Box<OwnedTerm>>,
    alias: AliasKind,
) -> Term {
    let own = ctx.process.pid;
    let reference = ctx.vm.next_reference();
    if alias != AliasKind::None {
        ctx.process.relations().aliases.insert(reference, alias);
    }
    let term = ctx.process.heap.reference(reference, Some(own));
    if target == Some(own) {
        return term;
    }
    ctx.process
        .relations()
        .monitors
        .insert(reference, Monitor { target, name, alias, kind: MonitorKind::Process });
    match target {
        Some(pid) => {
            let body = SignalBody::Monitor { reference, name, tag };
            ctx.vm.send(Signal::new(own, pid, body));
        }
        None => {
            let message =
                handle::down_message(own, reference, None, name, tag.as_deref(), Term::atom(atom::NOPROC));
            ctx.vm.send(Signal::new(own, own, SignalBody::Down { reference, message }));
        }
    }
    term
}

fn demonitor(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(reference) = args[0].as_ref_number() else { return Err(Exception::badarg().into()) };
    let (mut flush, mut info) = (false, false);
    if let Some(options) = args.get(1) {
        for option in options.to_vec().ok_or_else(Exception::badarg)? {
            match option.as_atom() {
                Some(atom::FLUSH) => flush = true,
                Some(atom::INFO) => info = true,
                _ => return Err(Exception::badarg().into()),
            }
        }
    }
    let found = handle::demonitor(ctx.vm, ctx.process, reference);
    let mut flushed = false;
    if flush && !found {
        // A message of this monitor that has come, or is about to be taken in, goes.
        if let Some(slot) = ctx.vm.processes.find(ctx.process.pid) {
            handle::handle_all(ctx.vm, ctx.process, slot);
        }
        flushed = ctx.process.mailbox.remove_where(|term| {
            matches!(term.as_tuple(), Some([_, own, _, _, _]) if own.as_ref_number() == Some(reference))
        });
    }
    Ok(Term::bool(if info { if flush { found && !flushed } else { found } } else { true }))
}

fn alias(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut kind = AliasKind::ExplicitUnalias;
    if let Some(options) = args.first() {
        for option in options.to_vec().ok_or_else(Exception::badarg)? {
            kind = match option.as_atom() {
                Some(atom::EXPLICIT_UNALIAS) => AliasKind::ExplicitUnalias,
                Some(atom::REPLY) => AliasKind::ReplyDemonitor,
                _ => return Err(Exception::badarg().into()),
            };
        }
    }
    let number = ctx.vm.next_reference();
    ctx.process.relations().aliases.insert(number, kind);
    let own = ctx.process.pid;
    Ok(ctx.process.heap.reference(number, Some(own)))
}

fn unalias(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(number) = args[0].as_ref_number() else { return Err(Exception::badarg().into()) };
    Ok(Term::bool(ctx.process.relations().aliases.remove(&number).is_some()))
}

fn exit_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(pid) = args[0].as_identity() else {
        return if args[0].is_port() || args[0].is_pid() {
            Ok(Term::bool(true))
        } else {
            Err(Exception::badarg().into())
        };
    };
    let own = ctx.process.pid;
    let reason = OwnedTerm::new(args[1]);
    ctx.vm.send(Signal::new(own, pid, SignalBody::Exit { reason, linked: false }));
    if pid == own {
        // An exit signal to oneself is handled before the call returns.
        if let Some(slot) = ctx.vm.processes.find(own) {
            handle::handle_all(ctx.vm, ctx.process, slot);
        }
        if ctx.process.exiting.is_some() {
            return Err(crate::bif::Interrupt::Yield(Term::bool(true)));
        }
    }
    Ok(Term::bool(true))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "link"/1 => link;
        "unlink"/1 => unlink;
        "monitor"/2 => monitor;
        "monitor"/3 => monitor;
        "demonitor"/1 => demonitor;
        "demonitor"/2 => demonitor;
        "alias"/0 => alias;
        "alias"/1 => alias;
        "unalias"/1 => unalias;
        "exit"/2 => exit_2;
        "exit_signal"/2 => exit_2;
    }
};
