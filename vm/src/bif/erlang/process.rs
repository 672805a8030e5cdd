//! Processes: starting, naming, asking about them, flags.

use crate::atom::{self, Atom};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::process::{SpawnOptions, Waiting};
use crate::proc::registry::Registered;
use crate::proc::relations::{AliasKind, Link, Monitor, Watcher};
use crate::proc::{Process, Signal, SignalBody};
use crate::sched::priority::Priority;
use crate::term::{Pid, Term, map};
use crate::vm::Vm;

fn own_pid(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::pid(ctx.process.pid))
}

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

struct HeapLimit {
    words: usize,
    kill: bool,
    log: bool,
}

fn heap_limit(value: Term) -> Result<HeapLimit, Exception> {
    let mut limit = HeapLimit { words: 0, kill: true, log: true };
    if let Some(words) = value.as_usize() {
        limit.words = words;
        return Ok(limit);
    }
    if !value.is_map() {
        return Err(Exception::badarg());
    }
    let flag = |name: Atom| match map::get(value, Term::atom(name)) {
        None => Ok(None),
        Some(flag) => flag.as_bool().map(Some).ok_or_else(Exception::badarg),
    };
    limit.words = match map::get(value, Term::atom(atom::SIZE)) {
        Some(size) => size.as_usize().ok_or_else(Exception::badarg)?,
        None => return Err(Exception::badarg()),
    };
    limit.kill = flag(atom::KILL)?.unwrap_or(true);
    limit.log = flag(atom::ERROR_LOGGER)?.unwrap_or(true);
    Ok(limit)
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

fn register(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    if name == atom::UNDEFINED {
        return Err(Exception::badarg().into());
    }
    if let Some(port) = args[1].as_port() {
        let done = ctx.vm.registry.insert(name, Registered::Port(port));
        return if done { Ok(Term::bool(true)) } else { Err(Exception::badarg().into()) };
    }
    let pid = args[1].as_pid().ok_or_else(Exception::badarg)?;
    if pid == ctx.process.pid {
        if ctx.process.registered.is_some() || !ctx.vm.registry.insert(name, Registered::Process(pid)) {
            return Err(Exception::badarg_because(atom::REGISTERED_NAME).into());
        }
        ctx.process.registered = Some(name);
        return Ok(Term::bool(true));
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Err(Exception::badarg_because(atom::NOTALIVE).into());
    }
    if ctx.vm.registry.has(pid) || !ctx.vm.registry.insert(name, Registered::Process(pid)) {
        return Err(Exception::badarg_because(atom::REGISTERED_NAME).into());
    }
    // The process takes note of its name in its own turn; should it be gone by then, the name goes.
    let vm = ctx.vm.clone();
    let own = ctx.process.pid;
    ctx.vm.send(Signal::new(
        own,
        pid,
        SignalBody::Ask(Box::new(move |target| match target {
            Some(process) => {
                if vm.registry.find(name) == Some(Registered::Process(pid)) {
                    process.registered = Some(name);
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
            } else {
                let own = ctx.process.pid;
                let forget = move |target: Option<&mut Process>| {
                    if let Some(process) = target
                        && process.registered == Some(name)
                    {
                        process.registered = None;
                    }
                };
                ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(forget))));
            }
            Ok(Term::bool(true))
        }
        Some(Registered::Port(_)) => Ok(Term::bool(true)),
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

fn process_flag_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let flag = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let value = args[1];
    let process = &mut *ctx.process;
    let boolean = || value.as_bool().ok_or_else(Exception::badarg);
    Ok(match flag {
        atom::TRAP_EXIT => Term::bool(std::mem::replace(&mut process.trap_exit, boolean()?)),
        atom::SENSITIVE => Term::bool(std::mem::replace(&mut process.sensitive, boolean()?)),
        atom::PRIORITY => {
            let priority = value.as_atom().and_then(Priority::from_atom).ok_or_else(Exception::badarg)?;
            if let Some(slot) = ctx.vm.processes.find(process.pid) {
                slot.priority.store(priority as u8, std::sync::atomic::Ordering::Relaxed);
            }
            Term::atom(std::mem::replace(&mut process.priority, priority).atom())
        }
        atom::ERROR_HANDLER => {
            let handler = value.as_atom().ok_or_else(Exception::badarg)?;
            Term::atom(std::mem::replace(&mut process.error_handler, handler))
        }
        atom::MIN_HEAP_SIZE => {
            let size = value.as_usize().ok_or_else(Exception::badarg)?;
            let former =
                std::mem::replace(&mut process.heap.min_size, u32::try_from(size).unwrap_or(u32::MAX));
            Term::small(i64::from(former).max(233))
        }
        atom::MIN_BIN_VHEAP_SIZE => {
            value.as_usize().ok_or_else(Exception::badarg)?;
            Term::small(46422)
        }
        atom::FULLSWEEP_AFTER => {
            let count = value.as_usize().ok_or_else(Exception::badarg)?;
            let count = u32::try_from(count.min(65535)).unwrap_or(65535);
            Term::small(i64::from(std::mem::replace(&mut process.heap.fullsweep_after, count)))
        }
        atom::MAX_HEAP_SIZE => {
            let limit = heap_limit(value)?;
            let former = heap_limit_map(process);
            let former = former.copy_to(&mut process.heap);
            process.heap.max_words = limit.words;
            process.max_heap_kill = limit.kill;
            process.max_heap_log = limit.log;
            former
        }
        atom::MESSAGE_QUEUE_DATA => {
            let off_heap = match value.as_atom() {
                Some(atom::OFF_HEAP) => true,
                Some(atom::ON_HEAP) => false,
                _ => return Err(Exception::badarg().into()),
            };
            let former = std::mem::replace(&mut process.off_heap_messages, off_heap);
            Term::atom(if former { atom::OFF_HEAP } else { atom::ON_HEAP })
        }
        atom::SAVE_CALLS => {
            value.as_usize().filter(|&n| n <= 10000).ok_or_else(Exception::badarg)?;
            Term::small(0)
        }
        _ => return Err(Exception::badarg().into()),
    })
}

fn heap_limit_map(process: &Process) -> OwnedTerm {
    let (words, kill, log) = (process.heap.max_words, process.max_heap_kill, process.max_heap_log);
    OwnedTerm::build(|memory| {
        crate::heap::map::from_pairs(
            memory,
            &[
                (Term::atom(atom::ERROR_LOGGER), Term::bool(log)),
                (Term::atom(atom::KILL), Term::bool(kill)),
                (Term::atom(atom::SIZE), Term::small(words as i64)),
            ],
        )
    })
}

/// Items that `process_info/1` shows, in its order.
const SHOWN: &[Atom] = &[
    atom::REGISTERED_NAME,
    atom::CURRENT_FUNCTION,
    atom::INITIAL_CALL,
    atom::STATUS,
    atom::MESSAGE_QUEUE_LEN,
    atom::LINKS,
    atom::DICTIONARY,
    atom::TRAP_EXIT,
    atom::ERROR_HANDLER,
    atom::PRIORITY,
    atom::GROUP_LEADER,
    atom::TOTAL_HEAP_SIZE,
    atom::HEAP_SIZE,
    atom::STACK_SIZE,
    atom::REDUCTIONS,
    atom::GARBAGE_COLLECTION,
    atom::SUSPENDING,
];

/// The value of an item, in `memory`. `None`: no such item.
fn item(vm: &Vm, process: &Process, item: Atom, own: bool, memory: &mut dyn Build) -> Option<Term> {
    let mfa = |memory: &mut dyn Build, (module, function, arity): (Atom, Atom, u32)| {
        memory.tuple(&[Term::atom(module), Term::atom(function), Term::small(i64::from(arity))])
    };
    let heap = &process.heap;
    Some(match item {
        atom::REGISTERED_NAME => process.registered.map_or(Term::NIL, Term::atom),
        atom::CURRENT_FUNCTION if process.hibernating => mfa(memory, (atom::ERLANG, atom::HIBERNATE, 3)),
        atom::CURRENT_FUNCTION => match crate::code::stacktrace::mfa_at(vm, process.ip) {
            Some(current) => mfa(memory, current),
            None => Term::atom(atom::UNDEFINED),
        },
        atom::INITIAL_CALL => mfa(memory, process.initial_call),
        atom::STATUS => Term::atom(if own {
            atom::RUNNING
        } else if process.suspend_count > 0 {
            atom::SUSPENDED
        } else if matches!(process.waiting, Waiting::No) {
            atom::RUNNABLE
        } else {
            atom::WAITING
        }),
        atom::MESSAGE_QUEUE_LEN => Term::small(process.mailbox.len() as i64),
        atom::MESSAGES => {
            let messages: Vec<Term> = process.mailbox.iter().map(|term| copy::copy(term, memory)).collect();
            memory.list(&messages)
        }
        atom::LINKS => {
            let links: Vec<Term> = process
                .relations
                .iter()
                .flat_map(|relations| &relations.links)
                .filter(|(_, link)| **link == Link::Active)
                .map(|(pid, _)| Term::pid(*pid))
                .collect();
            memory.list(&links)
        }
        atom::MONITORS => {
            let mut list = Vec::new();
            for monitor in process.relations.iter().flat_map(|relations| relations.monitors.values()) {
                let target = match (monitor.name, monitor.target) {
                    (Some(name), _) => memory.tuple(&[Term::atom(name), Term::atom(atom::NONODE_NOHOST)]),
                    (None, Some(pid)) => Term::pid(pid),
                    (None, None) => continue,
                };
                list.push(memory.tuple(&[Term::atom(atom::PROCESS), target]));
            }
            memory.list(&list)
        }
        atom::MONITORED_BY => {
            let list: Vec<Term> = process
                .relations
                .iter()
                .flat_map(|relations| relations.watchers.values())
                .map(|watcher| Term::pid(watcher.pid))
                .collect();
            memory.list(&list)
        }
        atom::DICTIONARY => {
            let mut list = Vec::new();
            for (key, value) in process.dictionary.iter() {
                let (key, value) = (copy::copy(key, memory), copy::copy(value, memory));
                list.push(memory.tuple(&[key, value]));
            }
            memory.list(&list)
        }
        atom::CATCHLEVEL => Term::small(heap.open_handlers() as i64),
        atom::TRAP_EXIT => Term::bool(process.trap_exit),
        atom::SENSITIVE => Term::bool(process.sensitive),
        atom::ERROR_HANDLER => Term::atom(process.error_handler),
        atom::PRIORITY => Term::atom(process.priority.atom()),
        atom::GROUP_LEADER => copy::copy(process.group_leader, memory),
        atom::TOTAL_HEAP_SIZE => Term::small((heap.total_words()) as i64),
        atom::HEAP_SIZE => Term::small((heap.block.words().max(233)) as i64),
        atom::STACK_SIZE => Term::small(heap.stack_words() as i64),
        atom::REDUCTIONS => memory.integer(i64::try_from(process.reductions).unwrap_or(i64::MAX)),
        atom::MEMORY => {
            let words = heap.total_words() * 8 + size_of::<crate::proc::process::Slot>();
            Term::small(words as i64)
        }
        atom::GARBAGE_COLLECTION => {
            let pairs = [
                (atom::MAX_HEAP_SIZE, heap_limit_map(process).copy_to(memory)),
                (atom::MIN_BIN_VHEAP_SIZE, Term::small(46422)),
                (atom::MIN_HEAP_SIZE, Term::small(i64::from(heap.min_size).max(233))),
                (atom::FULLSWEEP_AFTER, Term::small(i64::from(heap.fullsweep_after))),
                (atom::MINOR_GCS, Term::small(i64::from(heap.minor_gcs.min(65535)))),
            ];
            let list: Vec<Term> =
                pairs.into_iter().map(|(key, value)| memory.tuple(&[Term::atom(key), value])).collect();
            memory.list(&list)
        }
        atom::MAX_HEAP_SIZE => heap_limit_map(process).copy_to(memory),
        atom::MIN_HEAP_SIZE => Term::small(i64::from(heap.min_size).max(233)),
        atom::MIN_BIN_VHEAP_SIZE => Term::small(46422),
        atom::FULLSWEEP_AFTER => Term::small(i64::from(heap.fullsweep_after)),
        atom::MESSAGE_QUEUE_DATA => {
            Term::atom(if process.off_heap_messages { atom::OFF_HEAP } else { atom::ON_HEAP })
        }
        atom::PARENT => Term::pid(process.parent),
        atom::SUSPENDING | atom::BINARY => Term::NIL,
        atom::CURRENT_STACKTRACE => {
            let trace = crate::code::stacktrace::current(vm, process);
            trace.copy_to(memory)
        }
        atom::CURRENT_LOCATION => {
            let trace = crate::code::stacktrace::current(vm, process);
            match trace.term().as_cons() {
                Some((head, _)) => copy::copy(head, memory),
                None => Term::atom(atom::UNDEFINED),
            }
        }
        _ => return None,
    })
}

fn pair(vm: &Vm, process: &Process, name: Atom, own: bool, memory: &mut dyn Build) -> Option<Term> {
    let value = item(vm, process, name, own, memory)?;
    Some(memory.tuple(&[Term::atom(name), value]))
}

fn process_info_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().ok_or_else(Exception::badarg)?;
    let all = |vm: &Vm, process: &Process, own: bool, memory: &mut dyn Build| {
        let mut list = Vec::new();
        for &name in SHOWN {
            if name == atom::REGISTERED_NAME && process.registered.is_none() {
                continue;
            }
            list.extend(pair(vm, process, name, own, memory));
        }
        memory.list(&list)
    };
    if pid == ctx.process.pid {
        let result = OwnedTerm::build(|memory| all(ctx.vm, ctx.process, true, memory));
        return Ok(result.copy_to(&mut ctx.process.heap));
    }
    let vm = ctx.vm.clone();
    Err(ask(ctx, pid, move |target, memory| match target {
        Some(process) => all(&vm, process, false, memory),
        None => Term::atom(atom::UNDEFINED),
    }))
}

fn process_info_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().ok_or_else(Exception::badarg)?;
    let (names, single) = match args[1].as_atom() {
        Some(name) => (vec![name], true),
        None => {
            let list = args[1].to_vec().ok_or_else(Exception::badarg)?;
            let names = list
                .iter()
                .map(|term| term.as_atom().ok_or_else(Exception::badarg))
                .collect::<Result<Vec<_>, _>>()?;
            (names, false)
        }
    };
    // An unknown item is an error, whoever is asked.
    {
        let known = OwnedTerm::build(|memory| {
            Term::bool(names.iter().all(|&name| item(ctx.vm, ctx.process, name, true, memory).is_some()))
        });
        if known.term() != Term::bool(true) {
            return Err(Exception::badarg().into());
        }
    }
    let some = move |vm: &Vm, process: &Process, own: bool, memory: &mut dyn Build| {
        if single {
            // A process without a name answers with the empty list.
            if names[0] == atom::REGISTERED_NAME && process.registered.is_none() {
                return Term::NIL;
            }
            return pair(vm, process, names[0], own, memory).unwrap_or(Term::NIL);
        }
        let list: Vec<Term> = names.iter().filter_map(|&name| pair(vm, process, name, own, memory)).collect();
        memory.list(&list)
    };
    if pid == ctx.process.pid {
        if let Some(slot) = ctx.vm.processes.find(pid) {
            crate::proc::handle::handle_all(ctx.vm, ctx.process, slot);
        }
        let result = OwnedTerm::build(|memory| some(ctx.vm, ctx.process, true, memory));
        return Ok(result.copy_to(&mut ctx.process.heap));
    }
    let vm = ctx.vm.clone();
    Err(ask(ctx, pid, move |target, memory| match target {
        Some(process) => some(&vm, process, false, memory),
        None => Term::atom(atom::UNDEFINED),
    }))
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

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.put(args[0], args[1]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn get_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.get(args[0]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn entries(
    ctx: &mut NativeContext<'_>,
    keep: impl Fn(Term, Term, &mut dyn Build) -> Option<Term>,
) -> NativeResult {
    let pairs: Vec<(Term, Term)> = ctx.process.dictionary.iter().collect();
    let heap = &mut ctx.process.heap;
    let list: Vec<Term> = pairs.into_iter().filter_map(|(key, value)| keep(key, value, heap)).collect();
    Ok(heap.list(&list))
}

fn get_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    entries(ctx, |key, value, memory| Some(memory.tuple(&[key, value])))
}

fn get_keys_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    entries(ctx, |key, _, _| Some(key))
}

fn get_keys_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let wanted = args[0];
    entries(ctx, |key, value, _| crate::term::exactly_equal(value, wanted).then_some(key))
}

fn erase_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.dictionary.erase(args[0]).unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn erase_0(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let all = get_0(ctx, args)?;
    ctx.process.dictionary.clear();
    Ok(all)
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "self"/0 => own_pid;
        "spawn"/1 => spawn_1;
        "spawn"/3 => spawn_3;
        "spawn_link"/1 => spawn_link_1;
        "spawn_link"/3 => spawn_link_3;
        "spawn_monitor"/1 => spawn_monitor_1;
        "spawn_monitor"/3 => spawn_monitor_3;
        "spawn_opt"/2 => spawn_opt_2;
        "spawn_opt"/4 => spawn_opt_4;
        "register"/2 => register;
        "unregister"/1 => unregister;
        "whereis"/1 => whereis;
        "registered"/0 => registered;
        "is_process_alive"/1 => is_process_alive;
        "processes"/0 => processes;
        "yield"/0 => yield_0;
        "group_leader"/0 => group_leader_0;
        "group_leader"/2 => group_leader_2;
        "process_flag"/2 => process_flag_2;
        "process_info"/1 => process_info_1;
        "process_info"/2 => process_info_2;
        "suspend_process"/1 => suspend_process;
        "resume_process"/1 => resume_process;
        "garbage_collect"/0 => garbage_collect;
        "garbage_collect"/1 => garbage_collect;
        "put"/2 => put;
        "get"/0 => get_0;
        "get"/1 => get_1;
        "get_keys"/0 => get_keys_0;
        "get_keys"/1 => get_keys_1;
        "erase"/0 => erase_0;
        "erase"/1 => erase_1;
    }
};
