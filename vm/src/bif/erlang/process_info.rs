//! `process_info`.

use super::heap_limit::heap_limit_map;
use super::process::look;
use crate::atom::{self, Atom};
use crate::bif::argument;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::copy::{self, OwnedTerm};
use crate::heap::sizing::MIN_HEAP_SIZE;
use crate::heap::{Build, Heap, STACK_MARGIN};
use crate::natives;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::proc::process::Waiting;
use crate::proc::relations::{Link, MonitorKind};
use crate::term::Term;
use crate::vm::Vm;

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
        atom::STATUS => Term::atom(if own || process.in_turn {
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
                .map(|(pid, _)| pid.term())
                .collect();
            memory.list(&links)
        }
        atom::MONITORS => {
            let mut list = Vec::new();
            for monitor in process.relations.iter().flat_map(|relations| relations.monitors.values()) {
                if monitor.kind == MonitorKind::TimeOffset {
                    let service = Term::atom(atom::CLOCK_SERVICE);
                    list.push(memory.tuple(&[Term::atom(atom::TIME_OFFSET), service]));
                    continue;
                }
                let target = match (monitor.name, monitor.target) {
                    (Some(name), _) => memory.tuple(&[Term::atom(name), Term::atom(atom::NONODE_NOHOST)]),
                    (None, Some(pid)) => pid.term(),
                    (None, None) => continue,
                };
                let is_port = monitor.target.is_some_and(|target| target.port_number().is_some());
                let kind = Term::atom(if is_port { atom::PORT } else { atom::PROCESS });
                list.push(memory.tuple(&[kind, target]));
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
            for (key, value) in process.dictionary.listed() {
                let (key, value) = (copy::copy(key, memory), copy::copy(value, memory));
                list.push(memory.tuple(&[key, value]));
            }
            memory.list(&list)
        }
        atom::CATCHLEVEL => Term::small(heap.open_handlers() as i64),
        atom::TRAP_EXIT => Term::bool(process.trap_exit),
        atom::ERROR_HANDLER => Term::atom(process.error_handler),
        atom::PRIORITY => Term::atom(process.priority.atom()),
        atom::GROUP_LEADER => copy::copy(process.group_leader, memory),
        atom::TOTAL_HEAP_SIZE => Term::small((heap.total_words()) as i64),
        atom::HEAP_SIZE => Term::small(block_size(process) as i64),
        atom::STACK_SIZE => Term::small(heap.stack_words() as i64),
        atom::REDUCTIONS => memory.integer(i64::try_from(process.reductions).unwrap_or(i64::MAX)),
        atom::MEMORY => {
            let words = heap.total_words() * 8 + size_of::<crate::proc::process::Slot>();
            Term::small(words as i64)
        }
        atom::GARBAGE_COLLECTION => {
            let pairs = [
                (atom::MAX_HEAP_SIZE, heap_limit_map(process.heap.limit, memory)),
                (atom::MIN_BIN_VHEAP_SIZE, Term::small(process.min_binary_words() as i64)),
                (atom::MIN_HEAP_SIZE, super::process_flag::least_words(heap.min_size)),
                (atom::FULLSWEEP_AFTER, Term::small(i64::from(heap.fullsweep_after))),
                (atom::MINOR_GCS, Term::small(i64::from(heap.minor_gcs))),
            ];
            let list: Vec<Term> =
                pairs.into_iter().map(|(key, value)| memory.tuple(&[Term::atom(key), value])).collect();
            memory.list(&list)
        }
        atom::MAX_HEAP_SIZE => heap_limit_map(process.heap.limit, memory),
        atom::MIN_HEAP_SIZE => super::process_flag::least_words(heap.min_size),
        atom::MIN_BIN_VHEAP_SIZE => Term::small(process.min_binary_words() as i64),
        atom::FULLSWEEP_AFTER => Term::small(i64::from(heap.fullsweep_after)),
        atom::MESSAGE_QUEUE_DATA => {
            Term::atom(if process.off_heap_messages { atom::OFF_HEAP } else { atom::ON_HEAP })
        }
        atom::PARENT => Term::pid(process.parent),
        atom::SUSPENDING => {
            let held = process.uncommon.iter().flat_map(|uncommon| &uncommon.suspending);
            let alive = held.filter(|(pid, _)| vm.processes.find(**pid).is_some());
            let list: Vec<Term> = alive
                .map(|(pid, count)| {
                    memory.tuple(&[Term::pid(*pid), Term::small(i64::from(*count)), Term::small(0)])
                })
                .collect();
            memory.list(&list)
        }
        atom::BINARY => binaries(heap, memory),
        // A process that hibernates has no stack.
        atom::CURRENT_STACKTRACE if process.hibernating => Term::NIL,
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
        _ => return other_item(vm, process, item, memory),
    })
}

/// Words of the block that heap and stack share, as programs see them.
fn block_size(process: &Process) -> usize {
    process.heap.block.words().saturating_sub(STACK_MARGIN).max(MIN_HEAP_SIZE)
}

/// Items that only `process_info/2` knows, by their texts.
fn other_item(vm: &Vm, process: &Process, item: Atom, memory: &mut dyn Build) -> Option<Term> {
    Some(match item.text() {
        "garbage_collection_info" => collection_info(process, memory),
        "last_calls" => {
            let kept = process.uncommon.as_ref().and_then(|uncommon| uncommon.kept_calls.as_ref());
            kept.map_or(Term::bool(false), |kept| kept.term(memory))
        }
        // No native library holds memory of its own for a process.
        "magic_ref" => Term::NIL,
        "sequential_trace_token" => super::sequential::whole(process, memory),
        "trace" => {
            Term::small(process.tracing.as_deref().map_or(0, |tracing| i64::from(tracing.flags.bits())))
        }
        "backtrace" => {
            let text = backtrace(vm, process);
            memory.binary(text.as_bytes())
        }
        _ => return None,
    })
}

/// `{Address, Bytes, Holders}` of each shared binary.
fn binaries(heap: &Heap, memory: &mut dyn Build) -> Term {
    let list: Vec<Term> = heap
        .shared_binaries()
        .into_iter()
        .map(|(address, bytes, holders)| {
            let address = memory.unsigned(address);
            memory.tuple(&[address, Term::small(bytes as i64), Term::small(holders as i64)])
        })
        .collect();
    memory.list(&list)
}

/// What a crash dump would show of the stack.
pub(crate) fn backtrace(vm: &Vm, process: &Process) -> String {
    let trace = crate::code::stacktrace::current(vm, process);
    let mut text = String::new();
    for entry in trace.term().iter() {
        if let Some([module, function, arity, ..]) = entry.as_tuple() {
            let parts = [module, function, arity].map(|&part| crate::term::display(part));
            text.push_str(&format!("{}:{}/{}\n", parts[0], parts[1], parts[2]));
        }
    }
    text
}

/// Sizes as the last collection left them, in words.
pub(crate) fn collection_info(process: &Process, memory: &mut dyn Build) -> Term {
    let heap = &process.heap;
    let recent =
        heap.young_words().saturating_sub(crate::heap::words_between(heap.block.start(), heap.high_water));
    let binary_words = heap.off_heap_bytes.min(1 << 40) / 8;
    let items = [
        ("old_heap_block_size", heap.old.words()),
        ("heap_block_size", block_size(process)),
        ("mbuf_size", heap.fragment_words),
        ("recent_size", recent),
        ("stack_size", heap.stack_words()),
        ("old_heap_size", heap.old_words()),
        ("heap_size", heap.young_words()),
        ("bin_vheap_size", binary_words),
        ("bin_vheap_block_size", process.min_binary_words()),
        ("bin_old_vheap_size", 0),
        ("bin_old_vheap_block_size", process.min_binary_words()),
    ];
    let list: Vec<Term> = items
        .into_iter()
        .map(|(name, value)| memory.tuple(&[argument::named(name), Term::small(value as i64)]))
        .collect();
    memory.list(&list)
}

/// Is there such an item?
fn is_item(item: Atom) -> bool {
    SHOWN.contains(&item)
        || matches!(
            item,
            atom::MESSAGES
                | atom::MONITORS
                | atom::MONITORED_BY
                | atom::CATCHLEVEL
                | atom::MEMORY
                | atom::MAX_HEAP_SIZE
                | atom::MIN_HEAP_SIZE
                | atom::MIN_BIN_VHEAP_SIZE
                | atom::FULLSWEEP_AFTER
                | atom::MESSAGE_QUEUE_DATA
                | atom::PARENT
                | atom::BINARY
                | atom::CURRENT_STACKTRACE
                | atom::CURRENT_LOCATION
        )
        || matches!(
            item.text(),
            "garbage_collection_info"
                | "last_calls"
                | "sequential_trace_token"
                | "trace"
                | "backtrace"
                | "magic_ref"
        )
}

fn pair(vm: &Vm, process: &Process, name: Atom, own: bool, memory: &mut dyn Build) -> Option<Term> {
    let value = item(vm, process, name, own, memory)?;
    Some(memory.tuple(&[Term::atom(name), value]))
}

/// What the calling process asks about itself; it has used reductions that no turn has counted yet.
fn of_itself(
    ctx: &mut NativeContext<'_>,
    answer: impl FnOnce(&Vm, &Process, &mut dyn Build) -> Term,
) -> Term {
    let taken = ctx.reductions_of_turn();
    ctx.process.reductions += taken;
    let result = OwnedTerm::build(|memory| answer(ctx.vm, ctx.process, memory));
    ctx.process.reductions -= taken;
    result.copy_to(&mut ctx.process.heap)
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
        return Ok(of_itself(ctx, |vm, process, memory| all(vm, process, true, memory)));
    }
    let vm = ctx.vm.clone();
    Err(look(ctx, pid, move |target, memory| match target {
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
    if !names.iter().all(|&name| is_item(name)) {
        return Err(Exception::badarg().into());
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
        return Ok(of_itself(ctx, |vm, process, memory| some(vm, process, true, memory)));
    }
    let vm = ctx.vm.clone();
    Err(look(ctx, pid, move |target, memory| match target {
        Some(process) => some(&vm, process, false, memory),
        None => Term::atom(atom::UNDEFINED),
    }))
}
pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "process_info"/1 => process_info_1;
        "process_info"/2 => process_info_2;
    }
};
