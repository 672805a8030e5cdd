//! Module `os`: environment, clocks of the operating system, signals.

use super::argument;
use super::erlang::time;
use super::{Native, NativeContext, NativeResult};
use crate::atom::Atom;
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::clock;
use crate::sys::signal::{Action, Taken};
use crate::term::Term;
use crate::vm::Vm;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::sync::{Arc, LazyLock};

/// Is it a list of characters and such lists, with a proper end?
fn is_text(term: Term) -> bool {
    let mut pending = vec![term];
    while let Some(list) = pending.pop() {
        let Some(elements) = list.to_vec() else { return false };
        for element in elements {
            if element.is_list() {
                pending.push(element);
            } else if !element.is_integer() {
                return false;
            }
        }
    }
    true
}

/// The text of a variable's name or value, which holds no zero byte.
fn text(term: Term) -> Result<OsString, Exception> {
    if !is_text(term) {
        return Err(Exception::badarg());
    }
    let bytes = super::unicode::text_bytes(term).ok_or_else(Exception::badarg)?;
    if bytes.contains(&0) { Err(Exception::badarg()) } else { Ok(OsString::from_vec(bytes)) }
}

fn text_term(ctx: &mut NativeContext<'_>, text: &std::ffi::OsStr) -> Term {
    match text.to_str() {
        Some(text) => ctx.process.heap.string(text),
        None => ctx.process.heap.byte_list(text.as_bytes()),
    }
}

/// A name, which holds no `=`.
fn name(term: Term) -> Result<OsString, Exception> {
    let name = text(term)?;
    if name.as_bytes().contains(&b'=') { Err(Exception::badarg()) } else { Ok(name) }
}

fn getenv(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = name(args[0])?;
    let value = ctx.vm.natives.environment.lock().get(&name).cloned();
    Ok(value.map_or(Term::bool(false), |value| text_term(ctx, &value)))
}

fn env(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let all: Vec<(OsString, OsString)> =
        ctx.vm.natives.environment.lock().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut list = Vec::new();
    for (name, value) in all {
        let (name, value) = (text_term(ctx, &name), text_term(ctx, &value));
        list.push(ctx.process.heap.tuple(&[name, value]));
    }
    Ok(ctx.process.heap.list(&list))
}

fn putenv(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (name, value) = (name(args[0])?, text(args[1])?);
    ctx.vm.natives.environment.lock().insert(name, value);
    Ok(Term::bool(true))
}

fn unsetenv(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = name(args[0])?;
    ctx.vm.natives.environment.lock().remove(&name);
    Ok(Term::bool(true))
}

fn getpid(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(ctx.process.heap.string(&std::process::id().to_string()))
}

fn system_time(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    time::in_unit(ctx, clock::system_nanoseconds(), args)
}

fn perf_counter(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    time::in_unit(ctx, clock::monotonic_nanoseconds(), args)
}

fn timestamp(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(time::timestamp_tuple(ctx, clock::system_nanoseconds() / 1000))
}

/// The signals of the program, of which there is one however many machines it runs.
static SIGNALS: LazyLock<Taken> = LazyLock::new(Taken::default);

/// Hands the signals that the operating system sends to the event manager for them.
pub(crate) fn take_signals(vm: &Arc<Vm>) -> io::Result<()> {
    let machine = Arc::downgrade(vm);
    SIGNALS.start(move |name| {
        let Some(vm) = machine.upgrade() else { return };
        let server = Atom::new("erl_signal_server").ok().and_then(|name| vm.whereis(name));
        if let Some(server) = server {
            let message =
                OwnedTerm::build(|memory| memory.tuple(&[argument::named("notify"), argument::named(name)]));
            vm.send_message(server, message);
        }
    })
}

fn set_signal(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let action = match argument::name_of(args[1]) {
        "default" => Action::Default,
        "handle" => Action::Handle,
        "ignore" => Action::Ignore,
        _ => return Err(argument::badopt().into()),
    };
    if SIGNALS.set(argument::name_of(args[0]), action) {
        Ok(Term::atom(crate::atom::OK))
    } else {
        Err(Exception::badarg().into())
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "os" {
        "getenv"/1 => getenv;
        "env"/0 => env;
        "putenv"/2 => putenv;
        "unsetenv"/1 => unsetenv;
        "getpid"/0 => getpid;
        "system_time"/0 => system_time;
        "system_time"/1 => system_time;
        "perf_counter"/0 => perf_counter;
        "perf_counter"/1 => perf_counter;
        "timestamp"/0 => timestamp;
        "set_signal"/2 => set_signal;
    }
};
