//! Starting processes, and what they may be started with.

use super::heap_limit::heap_limit;
use crate::atom;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::process::SpawnOptions;
use crate::proc::relations::{AliasKind, Link, Monitor, Watcher};
use crate::sched::priority::Priority;
use crate::term::Term;

/// What `spawn_opt` asks for.
#[derive(Default)]
struct Spawn {
    options: SpawnOptions,
    link: bool,
    monitor: bool,
    tag: Option<OwnedTerm>,
    alias: Option<AliasKind>,
}

fn spawn_options(list: Term) -> Result<Spawn, Exception> {
    let mut spawn = Spawn::default();
    for option in list.to_vec().ok_or_else(Exception::badarg)? {
        match option.as_atom() {
            Some(atom::LINK) => spawn.link = true,
            Some(atom::MONITOR) => spawn.monitor = true,
            Some(_) => return Err(Exception::badarg()),
            None => {
                let Some([key, value]) = option.as_tuple() else { return Err(Exception::badarg()) };
                match key.as_atom() {
                    Some(atom::MONITOR) => {
                        spawn.monitor = true;
                        for option in value.to_vec().ok_or_else(Exception::badarg)? {
                            let Some([key, value]) = option.as_tuple() else {
                                return Err(Exception::badarg());
                            };
                            match (key.as_atom(), value.as_atom()) {
                                (Some(atom::TAG), _) => spawn.tag = Some(OwnedTerm::new(*value)),
                                (Some(atom::ALIAS), Some(atom::EXPLICIT_UNALIAS)) => {
                                    spawn.alias = Some(AliasKind::ExplicitUnalias);
                                }
                                (Some(atom::ALIAS), Some(atom::DEMONITOR)) => {
                                    spawn.alias = Some(AliasKind::Demonitor)
                                }
                                (Some(atom::ALIAS), Some(atom::REPLY_DEMONITOR)) => {
                                    spawn.alias = Some(AliasKind::ReplyDemonitor);
                                }
                                _ => return Err(Exception::badarg()),
                            }
                        }
                    }
                    Some(atom::PRIORITY) => {
                        spawn.options.priority =
                            value.as_atom().and_then(Priority::from_atom).ok_or_else(Exception::badarg)?;
                    }
                    Some(atom::MIN_HEAP_SIZE) => {
                        spawn.options.min_heap_size = value.as_usize().ok_or_else(Exception::badarg)?;
                    }
                    Some(atom::FULLSWEEP_AFTER) => {
                        let count = value.as_usize().ok_or_else(Exception::badarg)?;
                        spawn.options.fullsweep_after = u32::try_from(count.min(65535)).unwrap_or(65535);
                    }
                    Some(atom::MIN_BIN_VHEAP_SIZE) => {
                        value.as_usize().ok_or_else(Exception::badarg)?;
                    }
                    Some(atom::MAX_HEAP_SIZE) => {
                        let limit = heap_limit(*value)?;
                        spawn.options.max_heap_words = limit.words;
                        spawn.options.max_heap_kill = limit.kill;
                        spawn.options.max_heap_log = limit.log;
                    }
                    Some(atom::MESSAGE_QUEUE_DATA) => {
                        spawn.options.off_heap_messages = match value.as_atom() {
                            Some(atom::OFF_HEAP) => true,
                            Some(atom::ON_HEAP) => false,
                            _ => return Err(Exception::badarg()),
                        };
                    }
                    Some(atom::ASYNC_DIST) if value.as_bool().is_some() => {}
                    _ => return Err(Exception::badarg()),
                }
            }
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
    let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) else {
        return Err(Exception::badarg().into());
    };
    let own = ctx.process.pid;
    let leader = ctx.process.group_leader;
    let link = spawn.link;
    // The watcher is known before the process runs: it may end at once.
    let reference = spawn.monitor.then(|| ctx.vm.next_reference());
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
        })
        .ok_or_else(Exception::system_limit)?;
    if link {
        ctx.process.relations().links.insert(pid, Link::Active);
    }
    ctx.charge(10);
    let Some(reference) = reference else { return Ok(Term::pid(pid)) };
    let alias = spawn.alias.unwrap_or(AliasKind::None);
    if alias != AliasKind::None {
        ctx.process.relations().aliases.insert(reference, alias);
    }
    ctx.process.relations().monitors.insert(reference, Monitor { target: Some(pid), name: None, alias });
    let reference = ctx.process.heap.reference(reference, Some(own));
    Ok(ctx.process.heap.tuple(&[Term::pid(pid), reference]))
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
    spawn_fun(ctx, args[0], Spawn::default())
}

fn spawn_link_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_fun(ctx, args[0], Spawn { link: true, ..Spawn::default() })
}

fn spawn_monitor_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_fun(ctx, args[0], Spawn { monitor: true, ..Spawn::default() })
}

fn spawn_opt_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_fun(ctx, args[0], spawn_options(args[1])?)
}

fn spawn_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_mfa(ctx, args, Spawn::default())
}

fn spawn_link_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_mfa(ctx, args, Spawn { link: true, ..Spawn::default() })
}

fn spawn_monitor_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_mfa(ctx, args, Spawn { monitor: true, ..Spawn::default() })
}

fn spawn_opt_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spawn = spawn_options(args[3])?;
    spawn_mfa(ctx, args, spawn)
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
    }
};
