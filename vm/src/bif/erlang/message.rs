//! Sending messages.

use crate::atom;
use crate::bif::argument::badopt;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::copy;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::kept_calls::Kept;
use crate::proc::registry::Registered;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::trace::sequential;
use crate::vm::Vm;

/// Sends `message` to a pid, name, alias or `{Name, Node}`. Answers the cost in reductions.
///
/// # Errors
/// `badarg` for a name that nobody has, or what is no destination.
pub(crate) fn send(process: &mut Process, vm: &Vm, to: Term, message: Term) -> Result<i64, Exception> {
    if process.tracing.is_some() {
        let pid = match (to.as_pid(), to.as_atom()) {
            (Some(pid), _) => Some(pid),
            (None, Some(name)) => vm.whereis(name),
            (None, None) => None,
        };
        let exists = pid.is_none_or(|pid| vm.processes.find(pid).is_some());
        crate::trace::process::sent(vm, process, to, message, exists);
    }
    dispatch(process, vm, to, message)
}

fn dispatch(process: &mut Process, vm: &Vm, to: Term, message: Term) -> Result<i64, Exception> {
    if let Some(pid) = to.as_pid() {
        return Ok(deliver(process, vm, pid, message));
    }
    if let Some(port) = to.as_port() {
        return Ok(deliver(process, vm, Pid::of_port(port), message));
    }
    if let Some(name) = to.as_atom() {
        return match vm.registry.find(name) {
            Some(Registered::Process(pid)) => Ok(deliver(process, vm, pid, message)),
            Some(Registered::Port(port)) => Ok(deliver(process, vm, Pid::of_port(port), message)),
            None => Err(Exception::badarg()),
        };
    }
    if let Some([name, node]) = to.as_tuple()
        && let (Some(name), Some(node)) = (name.as_atom(), node.as_atom())
    {
        // Sending to a name on a node never fails.
        if node == atom::NONODE_NOHOST
            && let Some(pid) = vm.whereis(name)
        {
            return Ok(deliver(process, vm, pid, message));
        }
        return Ok(1);
    }
    if let Some(alias) = to.as_ref_number() {
        if let Some(owner) = to.ref_owner() {
            let (term, fragment) = copy::copy_to_fragment(message);
            let mut signal =
                Signal::new(process.pid, owner, SignalBody::AliasMessage { alias, term, fragment });
            if process.sequential.is_some() {
                signal = sequential::sent(vm, process, signal, to, |memory| copy::copy(message, memory));
            }
            vm.send(signal);
        }
        return Ok(1);
    }
    if to.is_pid() || to.is_port() || to.is_reference() {
        return Ok(1);
    }
    Err(Exception::badarg())
}

fn deliver(process: &mut Process, vm: &Vm, to: Pid, message: Term) -> i64 {
    let mut signal = Signal::message(process.pid, to, message);
    let cost = match &signal.body {
        SignalBody::Message { fragment: Some(fragment), .. } => 1 + (fragment.used() / 64) as i64,
        _ => 1,
    };
    if process.sequential.is_some() {
        signal = sequential::sent(vm, process, signal, to.term(), |memory| copy::copy(message, memory));
    }
    vm.send(signal);
    cost
}

fn send_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let cost = send(ctx.process, ctx.vm, args[0], args[1])?;
    if let Some(kept) = ctx.process.kept_calls() {
        kept.keep(Kept::Send);
    }
    ctx.charge(usize::try_from(cost).unwrap_or(1));
    Ok(args[1])
}

/// Options of `send/3`: neither makes a difference to who is on this node. True: no node is to be connected with.
fn send_options(list: Term) -> Result<bool, Exception> {
    let known = |option: &Term| [atom::NOSUSPEND, atom::NOCONNECT].map(Term::atom).contains(option);
    let options = list.to_vec().filter(|options| options.iter().all(known)).ok_or_else(badopt)?;
    Ok(options.contains(&Term::atom(atom::NOCONNECT)))
}

/// Is it a name on another node? There is no connection with any.
fn is_elsewhere(to: Term) -> bool {
    to.as_tuple().is_some_and(|to| {
        let [name, node] = to else { return false };
        name.is_atom() && node.as_atom().is_some_and(|node| node != atom::NONODE_NOHOST)
    })
}

fn send_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if send_options(args[2])? && is_elsewhere(args[0]) {
        return Ok(Term::atom(atom::NOCONNECT));
    }
    send_2(ctx, &args[..2])?;
    Ok(Term::atom(atom::OK))
}

fn send_nosuspend(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&options) = args.get(2)
        && send_options(options)?
        && is_elsewhere(args[0])
    {
        return Ok(Term::bool(false));
    }
    send(ctx.process, ctx.vm, args[0], args[1])?;
    Ok(Term::bool(true))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "!"/2 => send_2;
        "send"/2 => send_2;
        "send"/3 => send_3;
        "send_nosuspend"/2 => send_nosuspend;
        "send_nosuspend"/3 => send_nosuspend;
    }
};
