//! `system_profile/0,2`: who is told of runnable processes and of busy schedulers.

use crate::atom;
use crate::bif::argument::{name_of, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use crate::trace::profile::Settings;

/// `{Pid, Options}`, or `undefined`.
fn described(ctx: &mut NativeContext<'_>) -> Term {
    let Some(settings) = ctx.vm.trace.profile.current(ctx.vm) else { return Term::atom(atom::UNDEFINED) };
    let heap = &mut ctx.process.heap;
    let names: Vec<Term> = settings.names().map(named).collect();
    let names = heap.list(&names);
    heap.tuple(&[settings.pid.term(), names])
}

fn system_profile_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(described(ctx))
}

fn system_profile_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let options = args[1].to_vec().ok_or_else(Exception::badarg)?;
    let pid = match args[0].as_pid() {
        Some(pid) => Some(pid),
        None if name_of(args[0]) == "undefined" || options.is_empty() => None,
        None => return Err(Exception::badarg().into()),
    };
    let former = described(ctx);
    let Some(pid) = pid else {
        ctx.vm.trace.profile.set(None);
        return Ok(former);
    };
    let mut settings = Settings::new(pid);
    for option in options {
        if !settings.take(name_of(option)) {
            return Err(Exception::badarg().into());
        }
    }
    if !settings.is_empty() && ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg().into());
    }
    ctx.vm.trace.profile.set((!settings.is_empty()).then_some(settings));
    Ok(former)
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "system_profile"/0 => system_profile_0;
        "system_profile"/2 => system_profile_2;
    }
};
