//! Starting processes, and what they may be started with.

use super::heap_limit::heap_limit;
use crate::atom;
use crate::bif::argument;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::process::SpawnOptions;
use crate::proc::relations::{AliasKind, Link, Monitor, MonitorKind, Watcher};
use crate::sched::priority::Priority;
use crate::term::{Pid, Term};
use crate::vm::Vm;

/// What `spawn_opt` asks for.
#[derive(Default)]
struct Spawn {
    options: SpawnOptions,
    link: bool,
    monitor: bool,
    tag: Option<Box<OwnedTerm>>,
    alias: Option<AliasKind>,
}

/// How the caller of `spawn_request` hears of the outcome.
struct Reply {
    on_success: bool,
    on_error: bool,
    tag: Option<OwnedTerm>,
}

impl Default for Reply {
    fn default() -> Self {
        Self { on_success: true, on_error: true, tag: None }
    }
}

/// Takes one option of `{monitor, Options}`.
fn monitor_option(spawn: &mut Spawn, option: Term) -> Result<(), Exception> {
    let Some(&[key, value]) = option.as_tuple() else { return Err(argument::badopt()) };
    match (key.as_atom(), value.as_atom()) {
        (Some(atom::TAG), _) => spawn.tag = Some(Box::new(OwnedTerm::new(value))),
        (Some(atom::ALIAS), Some(atom::EXPLICIT_UNALIAS)) => spawn.alias = Some(AliasKind::ExplicitUnalias),
        (Some(atom::ALIAS), Some(atom::DEMONITOR)) => spawn.alias = Some(AliasKind::Demonitor),
        (Some(atom::ALIAS), Some(atom::REPLY_DEMONITOR)) => spawn.alias = Some(AliasKind::ReplyDemonitor),
        _ => return Err(argument::badopt()),
    }
    Ok(())
}

/// Takes one `{Key, Value}` that every way of starting knows.
fn spawn_option(vm: &Vm, spawn: &mut Spawn, key: Term, value: Term) -> Result<(), Exception> {
    match key.as_atom() {
        Some(atom::MONITOR) => {
            spawn.monitor = true;
            for option in value.to_vec().ok_or_else(argument::badopt)? {
                monitor_option(spawn, option)?;
            }
        }
        Some(atom::PRIORITY) => {
            let priority = value.as_atom().and_then(Priority::from_atom);
            spawn.options.priority = priority.ok_or_else(argument::badopt)?;
        }
        Some(atom::MIN_HEAP_SIZE) => {
            spawn.options.min_heap_size = super::process_flag::size(value).map_err(|_| argument::badopt())?;
        }
        Some(atom::FULLSWEEP_AFTER) => {
            spawn.options.fullsweep_after =
                super::process_flag::fullsweep_after(value).map_err(|_| argument::badopt())?;
        }
        Some(atom::MIN_BIN_VHEAP_SIZE) => {
            let words = super::process_flag::binary_size(value).map_err(|_| argument::badopt())?;
            spawn.options.min_binary_words = words;
        }
        Some(atom::MAX_HEAP_SIZE) => {
            let limit = heap_limit(value, spawn.options.heap_limit).map_err(|_| argument::badopt())?;
            spawn.options.heap_limit = limit;
        }
        Some(atom::MESSAGE_QUEUE_DATA) => {
            spawn.options.off_heap_messages = match value.as_atom() {
                Some(atom::OFF_HEAP) => true,
                Some(atom::ON_HEAP) => false,
                _ => return Err(argument::badopt()),
            };
        }
        // Any may run it.
        _ if argument::name_of(key) == "scheduler" => {
            let schedulers = vm.config.all_schedulers;
            value.as_usize().filter(|&number| number <= schedulers).ok_or_else(argument::badopt)?;
        }
        _ => return Err(argument::badopt()),
    }
    Ok(())
}

fn new_spawn(ctx: &NativeContext<'_>) -> Spawn {
    Spawn { options: ctx.vm.flags.spawn_options(), ..Spawn::default() }
}

fn spawn_options(ctx: &NativeContext<'_>, list: Term) -> Result<Spawn, Exception> {
    let mut spawn = new_spawn(ctx);
    for option in list.to_vec().ok_or_else(argument::badopt)? {
        match (option.as_atom(), option.as_tuple()) {
            (Some(atom::LINK), _) => spawn.link = true,
            (Some(atom::MONITOR), _) => spawn.monitor = true,
            (None, Some(&[key, value])) => spawn_option(ctx.vm, &mut spawn, key, value)?,
            _ => return Err(argument::badopt()),
        }
    }
    Ok(spawn)
}

fn start(
    ctx: &mut NativeContext<'_>,
    module: Term,
    function: Term,
    arguments: &[Term],
    spawn: Spawn,
) -> NativeResult {
    // The watcher is known before the process runs: it may end at once.
    let reference = spawn.monitor.then(|| ctx.vm.next_reference());
    let pid = Term::pid(start_as(ctx, (module, function), arguments, spawn, reference)?);
    let Some(reference) = reference else { return Ok(pid) };
    let own = ctx.process.pid;
    let reference = ctx.process.heap.reference(reference, Some(own));
    Ok(ctx.process.heap.tuple(&[pid, reference]))
}

/// Starts a process, watched by the monitor of this number if there is one.
fn start_as(
    ctx: &mut NativeContext<'_>,
    (module, function): (Term, Term),
    arguments: &[Term],
    spawn: Spawn,
    reference: Option<u64>,
) -> Result<Pid, Exception> {
    let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) else {
        return Err(Exception::badarg());
    };
    let own = ctx.process.pid;
    let leader = ctx.process.group_leader;
    let link = spawn.link;
    let tag = spawn.tag;
    let pid = ctx
        .vm
        .spawn_process(own, leader, &spawn.options, (module, function), arguments, |process| {
            process.error_handler = ctx.process.error_handler;
            if link {
                process.relations().links.insert(own, Link::Active);
            }
            if let Some(reference) = reference {
                process.relations().watchers.insert(reference, Watcher { pid: own, name: None, tag });
            }
            crate::trace::process::spawned(ctx.vm, ctx.process, process, arguments, link);
            if ctx.process.sequential.is_some() {
                let wanted = [("link", link), ("monitor", reference.is_some())];
                let options: Vec<&str> = wanted.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
                crate::trace::sequential::spawned(ctx.vm, ctx.process, process, arguments, &options);
            }
        })
        .ok_or_else(Exception::system_limit)?;
    if link {
        ctx.process.relations().links.insert(pid, Link::Active);
    }
    if let Some(reference) = reference {
        let alias = spawn.alias.unwrap_or(AliasKind::None);
        if alias != AliasKind::None {
            ctx.process.relations().aliases.insert(reference, alias);
        }
        let monitor = Monitor { target: Some(pid), name: None, alias, kind: MonitorKind::Process };
        ctx.process.relations().monitors.insert(reference, monitor);
    }
    ctx.charge(10);
    Ok(pid)
}

fn spawn_mfa(ctx: &mut NativeContext<'_>, args: &[Term], spawn: Spawn) -> NativeResult {
    let arguments = args[2].to_vec().ok_or_else(Exception::badarg)?;
    if arguments.len() > 255 {
        return Err(Exception::system_limit().into());
    }
    start(ctx, args[0], args[1], &arguments, spawn)
}

fn spawn_fun(ctx: &mut NativeContext<'_>, fun: Term, spawn: Spawn) -> NativeResult {
    if !fun.is_fun() {
        return Err(Exception::badarg().into());
    }
    // A fun of another arity fails in the new process.
    start(ctx, Term::atom(atom::ERLANG), Term::atom(atom::APPLY), &[fun, Term::NIL], spawn)
}

fn spawn_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = new_spawn(ctx);
    spawn_fun(ctx, args[0], spawn)
}

fn spawn_link_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = Spawn { link: true, ..new_spawn(ctx) };
    spawn_fun(ctx, args[0], spawn)
}

fn spawn_monitor_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    // The other functions leave it to the new process to find out.
    if crate::interp::fun::arity(args[0]) != Some(0) {
        return Err(Exception::badarg().into());
    }
    let spawn = Spawn { monitor: true, ..new_spawn(ctx) };
    spawn_fun(ctx, args[0], spawn)
}

fn spawn_opt_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_fun() {
        return Err(Exception::badarg().into());
    }
    let spawn = spawn_options(ctx, args[1])?;
    spawn_fun(ctx, args[0], spawn)
}

fn spawn_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = new_spawn(ctx);
    spawn_mfa(ctx, args, spawn)
}

fn spawn_link_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = Spawn { link: true, ..new_spawn(ctx) };
    spawn_mfa(ctx, args, spawn)
}

fn spawn_monitor_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = Spawn { monitor: true, ..new_spawn(ctx) };
    spawn_mfa(ctx, args, spawn)
}

fn spawn_opt_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = spawn_options(ctx, args[3])?;
    spawn_mfa(ctx, args, spawn)
}

/// A process that stands for one that cannot be started on a node. It is linked and watched as that would be.
pub(super) fn not_started(
    ctx: &mut NativeContext<'_>,
    node: Term,
    [module, function, arguments]: [Term; 3],
    options: Term,
) -> NativeResult {
    let spawn = spawn_options(ctx, options).map_err(|_| Exception::badarg())?;
    let (teller, tell) = (argument::named("net_kernel"), argument::named("not_started"));
    start(ctx, teller, tell, &[node, module, function, arguments, options], spawn)
}

/// `spawn_request` on a node: the outcome is a message; a wrong option too.
fn request(
    ctx: &mut NativeContext<'_>,
    node: Term,
    mfa: (Term, Term),
    arguments: &[Term],
    list: Term,
) -> NativeResult {
    let is_here = this_node(node)?;
    let mut spawn = new_spawn(ctx);
    let mut reply = Reply::default();
    let mut good = true;
    for option in list.to_vec().ok_or_else(argument::badopt)? {
        good &= match (option.as_atom(), option.as_tuple()) {
            (Some(atom::LINK), _) => {
                spawn.link = true;
                true
            }
            (Some(atom::MONITOR), _) => {
                spawn.monitor = true;
                true
            }
            (None, Some(&[key, value])) if key == Term::atom(atom::REPLY) => {
                let (success, error, known) = match argument::name_of(value) {
                    "yes" => (true, true, true),
                    "no" => (false, false, true),
                    "error_only" => (false, true, true),
                    "success_only" => (true, false, true),
                    _ => (reply.on_success, reply.on_error, false),
                };
                (reply.on_success, reply.on_error) = (success, error);
                known
            }
            (None, Some(&[key, value])) if argument::name_of(key) == "reply_tag" => {
                reply.tag = Some(OwnedTerm::new(value));
                true
            }
            (None, Some(&[key, value])) => spawn_option(ctx.vm, &mut spawn, key, value).is_ok(),
            _ => false,
        };
    }
    let number = ctx.vm.next_reference();
    let monitored = spawn.monitor.then_some(number);
    let outcome = match (good, is_here) {
        (_, false) => Err(Term::atom(atom::NOCONNECTION)),
        (true, true) => start_as(ctx, mfa, arguments, spawn, monitored).map_err(|error| error.reason),
        (false, true) => Err(argument::named("badopt")),
    };
    let own = ctx.process.pid;
    let reference = ctx.process.heap.reference(number, monitored.map(|_| own));
    let tag = match reply.tag {
        Some(tag) => tag.copy_to(&mut ctx.process.heap),
        None => Term::atom(atom::SPAWN_REPLY),
    };
    let message = match outcome {
        Ok(pid) if reply.on_success => [tag, reference, Term::atom(atom::OK), Term::pid(pid)],
        Err(reason) if reply.on_error => [tag, reference, Term::atom(atom::ERROR), reason],
        Ok(_) | Err(_) => return Ok(reference),
    };
    let message = ctx.process.heap.tuple(&message);
    super::message::send(ctx.process, ctx.vm, Term::pid(own), message)?;
    Ok(reference)
}

fn request_fun(ctx: &mut NativeContext<'_>, node: Term, fun: Term, options: Term) -> NativeResult {
    if !fun.is_fun() {
        return Err(Exception::badarg().into());
    }
    request(ctx, node, (Term::atom(atom::ERLANG), Term::atom(atom::APPLY)), &[fun, Term::NIL], options)
}

fn request_mfa(ctx: &mut NativeContext<'_>, node: Term, mfa: &[Term], options: Term) -> NativeResult {
    let (true, true, Some(arguments)) = (mfa[0].is_atom(), mfa[1].is_atom(), mfa[2].to_vec()) else {
        return Err(Exception::badarg().into());
    };
    if arguments.len() > 255 {
        return Err(Exception::system_limit().into());
    }
    request(ctx, node, (mfa[0], mfa[1]), &arguments, options)
}

/// Is it this node that is asked? No other can be reached.
fn this_node(node: Term) -> Result<bool, Exception> {
    node.as_atom().map(|node| node == atom::NONODE_NOHOST).ok_or_else(Exception::badarg)
}

/// This node.
const HERE: Term = Term::atom(atom::NONODE_NOHOST);

fn spawn_request_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    request_fun(ctx, HERE, args[0], Term::NIL)
}

fn spawn_request_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0].is_fun() {
        return request_fun(ctx, HERE, args[0], args[1]);
    }
    request_fun(ctx, args[0], args[1], Term::NIL)
}

fn spawn_request_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[1].is_fun() {
        return request_fun(ctx, args[0], args[1], args[2]);
    }
    if !args[2].is_list() {
        // A node, a module and a function without arguments.
        return request_mfa(ctx, args[0], &[args[1], args[2], Term::NIL], Term::NIL);
    }
    request_mfa(ctx, HERE, args, Term::NIL)
}

fn spawn_request_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[2].is_atom() && args[2] != Term::NIL {
        return request_mfa(ctx, args[0], &args[1..], Term::NIL);
    }
    request_mfa(ctx, HERE, args, args[3])
}

fn spawn_request_5(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    request_mfa(ctx, args[0], &args[1..4], args[4])
}

/// A request to this node has been answered by the time anybody can abandon it.
fn spawn_request_abandon(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0].is_reference() { Ok(Term::bool(false)) } else { Err(Exception::badarg().into()) }
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "spawn"/1 => spawn_1;
        "spawn"/3 => spawn_3;
        "spawn_link"/1 => spawn_link_1;
        "spawn_link"/3 => spawn_link_3;
        "spawn_monitor"/1 => spawn_monitor_1;
        "spawn_monitor"/3 => spawn_monitor_3;
        "spawn_opt"/2 => spawn_opt_2;
        "spawn_opt"/4 => spawn_opt_4;
        "spawn_request"/1 => spawn_request_1;
        "spawn_request"/2 => spawn_request_2;
        "spawn_request"/3 => spawn_request_3;
        "spawn_request"/4 => spawn_request_4;
        "spawn_request"/5 => spawn_request_5;
        "spawn_request_abandon"/1 => spawn_request_abandon;
    }
};
