//! The machine about itself: `system_info`, `statistics`, `memory`.

use super::heap_limit::{heap_limit, heap_limit_map};
use super::system_details;
use crate::atom;
use crate::bif::argument::{self, name_of, named};
use crate::bif::{FunctionCall, Interrupt, Native, NativeContext, NativeResult};
use crate::flags::{SystemLogger, WallTime};
use crate::heap::{Build as _, sizing};
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::process::Slot;
use crate::sys::{clock, tally};
use crate::term::{Term, shown};
use crate::vm::Vm;
use std::io::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// The release of OTP whose behaviour this machine has.
const OTP_RELEASE: &str = "25";
/// The version of OTP's run-time system whose behaviour this machine has.
const ERTS_VERSION: &str = "13.1.5";

/// What `ets_limit` says where tables are not limited.
const USUAL_TABLES: usize = 8192;

fn architecture() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "pc-linux-gnu" };
    format!("{}-{system}", std::env::consts::ARCH)
}

/// `system_info(system_version)`, with its line feed.
pub(super) fn system_version(vm: &Vm) -> String {
    let (all, dirty, waiting) =
        (vm.config.all_schedulers, vm.config.dirty_schedulers.0, vm.config.dirty_io_schedulers);
    let online = vm.flags.schedulers_online.load(Ordering::Relaxed);
    let dirty_online = vm.flags.dirty_schedulers_online.load(Ordering::Relaxed);
    format!(
        "Erlang/OTP {OTP_RELEASE} [erts-{ERTS_VERSION}] [source] [64-bit] [smp:{all}:{online}] \
         [ds:{dirty}:{dirty_online}:{waiting}] [async-threads:1]\n"
    )
}

fn small(value: usize) -> Term {
    Term::small(value as i64)
}

fn pair(ctx: &mut NativeContext<'_>, key: Term, value: Term) -> Term {
    ctx.process.heap.tuple(&[key, value])
}

fn system_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&[key, detail]) = args[0].as_tuple() {
        return match (name_of(key), name_of(detail)) {
            ("wordsize", "internal" | "external") => Ok(Term::small(8)),
            ("cpu_topology", "used" | "detected") => {
                Ok(system_details::item(ctx, "cpu_topology").ok_or_else(Exception::badarg)?)
            }
            ("cpu_topology", "defined") => Ok(Term::atom(atom::UNDEFINED)),
            ("allocator" | "allocator_sizes", name) if name.ends_with("_alloc") => {
                Ok(Term::atom(atom::UNDEFINED))
            }
            _ => Err(Exception::badarg().into()),
        };
    }
    let schedulers = ctx.vm.config.all_schedulers;
    let heap = &mut ctx.process.heap;
    Ok(match name_of(args[0]) {
        "otp_release" => heap.string(OTP_RELEASE),
        "version" => heap.string(ERTS_VERSION),
        "system_version" => heap.string(&system_version(ctx.vm)),
        "system_architecture" => heap.string(&architecture()),
        "nif_version" => heap.string("2.16"),
        "driver_version" => heap.string("3.3"),
        "machine" => heap.string("BEAM"),
        "wordsize" => Term::small(8),
        "compat_rel" => Term::small(25),
        "process_limit" => small(ctx.vm.processes.limit()),
        "process_count" => small(ctx.vm.processes.count()),
        "port_limit" => small(ctx.vm.config.max_ports),
        "port_count" => small(ctx.vm.ports.count()),
        "ets_count" => small(ctx.vm.natives.tables.count()),
        "atom_limit" => small(atom::limit()),
        "atom_count" => small(atom::count()),
        "ets_limit" => small(ctx.vm.config.max_tables.unwrap_or(USUAL_TABLES)),
        "schedulers" => small(schedulers),
        "schedulers_online" => small(ctx.vm.flags.schedulers_online.load(Ordering::Relaxed)),
        "logical_processors" | "logical_processors_online" | "logical_processors_available" => {
            small(system_details::processors())
        }
        "dirty_cpu_schedulers" => small(ctx.vm.config.dirty_schedulers.0),
        "dirty_cpu_schedulers_online" => small(ctx.vm.flags.dirty_schedulers_online.load(Ordering::Relaxed)),
        "dirty_io_schedulers" => small(ctx.vm.config.dirty_io_schedulers),
        "thread_pool_size" | "async_threads" => Term::small(1),
        "scheduler_id" => small(crate::sched::worker::scheduler_id(ctx.vm).unwrap_or(schedulers + 1)),
        "smp_support" | "threads" => Term::bool(true),
        "debug_compiled" | "lock_checking" | "lock_counting" => Term::bool(false),
        "multi_scheduling" => named("enabled"),
        "multi_scheduling_blockers" | "normal_multi_scheduling_blockers" => Term::NIL,
        "endian" => named("little"),
        "heap_type" => named("private"),
        "emu_flavor" => named("emu"),
        "emu_type" | "build_type" => named("opt"),
        "time_offset" => named("final"),
        "time_correction" => Term::bool(true),
        "time_warp_mode" => named("no_time_warp"),
        "tolerant_timeofday" => named("enabled"),
        "start_time" => heap.integer(clock::ERLANG_START),
        "end_time" => heap.integer(clock::ERLANG_END),
        "creation" => Term::small(0),
        "dist_ctrl" | "loaded_drivers" => Term::NIL,
        "dynamic_trace" => named("none"),
        "trace_control_word" => small(ctx.vm.flags.trace_control_word.load(Ordering::Relaxed)),
        "message_queue_data" => {
            Term::atom(if ctx.vm.flags.off_heap_messages() { atom::OFF_HEAP } else { atom::ON_HEAP })
        }
        "backtrace_depth" => small(ctx.vm.flags.backtrace_depth()),
        "max_heap_size" => collection_setting(ctx, "max_heap_size"),
        "fullsweep_after" | "min_heap_size" | "min_bin_vheap_size" => {
            let value = collection_setting(ctx, name_of(args[0]));
            pair(ctx, args[0], value)
        }
        "garbage_collection" => {
            let mut list = Vec::new();
            for name in ["max_heap_size", "min_bin_vheap_size", "min_heap_size", "fullsweep_after"] {
                let value = match name {
                    "max_heap_size" => small(ctx.vm.flags.heap_limit.lock().words()),
                    _ => collection_setting(ctx, name),
                };
                list.push(pair(ctx, named(name), value));
            }
            ctx.process.heap.list(&list)
        }
        "c_compiler_used" => {
            let compiler = named("rustc");
            ctx.process.heap.tuple(&[compiler, Term::atom(atom::UNDEFINED)])
        }
        "os_type" => os_type(ctx),
        other => system_details::item(ctx, other).ok_or_else(Exception::badarg)?,
    })
}

/// What a new process gets of a setting of its collector.
fn collection_setting(ctx: &mut NativeContext<'_>, name: &str) -> Term {
    let flags = &ctx.vm.flags;
    let number = match name {
        "fullsweep_after" => &flags.fullsweep_after,
        "min_heap_size" => &flags.min_heap_size,
        "min_bin_vheap_size" => &flags.min_binary_words,
        _ => return heap_limit_map(*flags.heap_limit.lock(), &mut ctx.process.heap),
    };
    small(number.load(Ordering::Relaxed))
}

/// `{unix, linux}` or what else this is.
pub(crate) fn os_type(ctx: &mut NativeContext<'_>) -> Term {
    let name = if cfg!(target_os = "macos") { named("darwin") } else { named("linux") };
    ctx.process.heap.tuple(&[named("unix"), name])
}

/// `{Total, SinceLast}`, and remembers the total.
fn since_last(ctx: &mut NativeContext<'_>, total: i64, last: &AtomicI64) -> Term {
    let former = last.swap(total, Ordering::Relaxed);
    ctx.process.heap.tuple(&[Term::small(total), Term::small(total - former)])
}

/// `[{Scheduler, Active, Total}]` since counting was asked for. What the dirty pool does is not counted.
fn wall_time(ctx: &mut NativeContext<'_>, further: usize) -> Term {
    let flags = &ctx.vm.flags;
    let Some((total, active)) = flags.wall_time.lock().as_ref().map(|begin| {
        let total = u64::try_from(begin.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let now = ctx.vm.watch.worked();
        let active = now.iter().zip(&begin.worked).map(|(now, then)| now.saturating_sub(*then).min(total));
        (total, active.collect::<Vec<u64>>())
    }) else {
        return Term::atom(atom::UNDEFINED);
    };
    let number = |value: u64| Term::small(i64::try_from(value).unwrap_or(i64::MAX >> 4));
    let config = &ctx.vm.config;
    let count = config.all_schedulers.max(active.len()) + config.dirty_schedulers.0 + further;
    let mut list = Vec::new();
    for (index, active) in active.into_iter().chain(std::iter::repeat(0)).take(count).enumerate() {
        let entry = [small(index + 1), number(active), number(total)];
        list.push(ctx.process.heap.tuple(&entry));
    }
    ctx.process.heap.list(&list)
}

fn statistics(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let state = &ctx.vm.natives;
    Ok(match name_of(args[0]) {
        "runtime" => since_last(ctx, clock::cpu_nanoseconds() / 1_000_000, &state.last_runtime),
        "wall_clock" => since_last(ctx, clock::monotonic_nanoseconds() / 1_000_000, &state.last_wall_clock),
        "reductions" | "exact_reductions" => {
            let total = ctx.vm.counters.reductions.load(Ordering::Relaxed);
            let total = i64::try_from(total).unwrap_or(i64::MAX);
            since_last(ctx, total, &state.last_reductions)
        }
        "context_switches" => {
            let count = i64::try_from(ctx.vm.counters.turns.load(Ordering::Relaxed)).unwrap_or(0);
            ctx.process.heap.tuple(&[Term::small(count), Term::small(0)])
        }
        "garbage_collection" => {
            let number = |counter: &AtomicU64| {
                Term::small(i64::try_from(counter.load(Ordering::Relaxed)).unwrap_or(0))
            };
            let counters = &ctx.vm.counters;
            let (count, words) = (number(&counters.collections), number(&counters.words_reclaimed));
            ctx.process.heap.tuple(&[count, words, Term::small(0)])
        }
        "io" => {
            let (input, output) = (named("input"), named("output"));
            let input = pair(ctx, input, Term::small(0));
            let output = pair(ctx, output, Term::small(0));
            ctx.process.heap.tuple(&[input, output])
        }
        "run_queue" | "total_run_queue_lengths" | "total_run_queue_lengths_all" => small(ctx.vm.queues.len()),
        "total_active_tasks" | "total_active_tasks_all" => small(ctx.vm.queues.len() + 1),
        "run_queue_lengths" | "run_queue_lengths_all" | "active_tasks" | "active_tasks_all" => {
            // One number for each scheduler, for the pool of those that compute long, and of those that may block.
            let schedulers = ctx.vm.config.all_schedulers;
            let mut lengths =
                vec![Term::small(0); schedulers + 1 + usize::from(name_of(args[0]).ends_with("_all"))];
            lengths[0] = small(ctx.vm.queues.len());
            ctx.process.heap.list(&lengths)
        }
        "scheduler_wall_time" => wall_time(ctx, 0),
        "scheduler_wall_time_all" => wall_time(ctx, ctx.vm.config.dirty_io_schedulers),
        "microstate_accounting" => system_details::microstates(ctx, ctx.vm.config.dirty_io_schedulers),
        _ => return Err(Exception::badarg().into()),
    })
}

/// Bytes of memory that this program holds, as the operating system counts.
fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()));
    pages.unwrap_or(0) * 4096
}

const MEMORY_ITEMS: &[&str] =
    &["total", "processes", "processes_used", "system", "atom", "atom_used", "binary", "code", "ets"];

/// Bytes of an atom: its text and its places in the table, about.
const ATOM_BYTES: usize = 48;

fn memory_item(ctx: &NativeContext<'_>, item: &str) -> Option<usize> {
    let processes = || ctx.vm.processes.count() * Slot::BYTES + tally::BLOCKS.total();
    let binaries = || tally::BINARIES.total();
    let atoms = || atom::count() * ATOM_BYTES;
    let code = || system_details::code_bytes(ctx);
    let tables = || ctx.vm.natives.tables.words() * 8;
    let known = || processes() + binaries() + atoms() + code() + tables();
    Some(match item {
        "total" => resident_bytes().max(known()),
        "processes" | "processes_used" => processes(),
        "system" => resident_bytes().max(known()) - processes(),
        "atom" | "atom_used" => atoms(),
        "binary" => binaries(),
        "code" => code(),
        "ets" => tables(),
        _ => return None,
    })
}

/// All items of one moment: what is not the processes' is the system's.
pub(super) fn memory_items(ctx: &NativeContext<'_>) -> Vec<(&'static str, usize)> {
    let mut items: Vec<_> =
        MEMORY_ITEMS.iter().map(|&item| (item, memory_item(ctx, item).unwrap_or(0))).collect();
    let value = |items: &[(&str, usize)], wanted: &str| {
        items.iter().find(|(item, _)| *item == wanted).map_or(0, |(_, value)| *value)
    };
    let (total, processes) = (value(&items, "total"), value(&items, "processes"));
    for (item, value) in &mut items {
        match *item {
            "processes_used" => *value = processes,
            "system" => *value = total.saturating_sub(processes),
            _ => {}
        }
    }
    items
}

fn memory_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let mut list = Vec::new();
    for (item, value) in memory_items(ctx) {
        list.push(pair(ctx, named(item), small(value)));
    }
    Ok(ctx.process.heap.list(&list))
}

fn memory_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(items) = args[0].to_vec() else {
        let value = memory_item(ctx, name_of(args[0])).ok_or_else(Exception::badarg)?;
        return Ok(small(value));
    };
    let known = memory_items(ctx);
    let mut list = Vec::new();
    for item in items {
        let found = known.iter().find(|(name, _)| *name == name_of(item));
        let value = found.map(|(_, value)| *value).ok_or_else(Exception::badarg)?;
        list.push(pair(ctx, item, small(value)));
    }
    Ok(ctx.process.heap.list(&list))
}

/// Writes to standard output, whatever stands in between.
pub(crate) fn write_out(text: &str) {
    // Nobody could be told if standard output is gone.
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

fn display_1(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    write_out(&(shown(args[0]) + "\r\n"));
    Ok(Term::bool(true))
}

/// `erlang:display_string/1`: to standard error, other than the rest of its kind.
fn display_string(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = match args[0].as_binary() {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => argument::characters(args[0]).ok_or_else(Exception::badarg)?,
    };
    let _ = std::io::stderr().write_all(text.as_bytes());
    Ok(Term::bool(true))
}

fn display_nl(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    write_out("\n");
    Ok(Term::bool(true))
}

/// Sets a number, and answers the former one.
fn set(place: &AtomicUsize, value: usize) -> Term {
    small(place.swap(value, Ordering::Relaxed))
}

fn system_flag(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (flags, value) = (&ctx.vm.flags, args[1]);
    let number = || value.as_usize().ok_or_else(Exception::badarg);
    if args[0] == Term::small(1) && value == Term::small(0) {
        return super::sequential::reset(ctx);
    }
    Ok(match name_of(args[0]) {
        "backtrace_depth" => small(flags.set_backtrace_depth(number()?)),
        "fullsweep_after" => {
            let count = super::process_flag::fullsweep_after(value)?;
            set(&flags.fullsweep_after, count as usize)
        }
        "min_heap_size" => {
            let words = super::process_flag::words(value)?;
            set(&flags.min_heap_size, sizing::least_step(words))
        }
        "min_bin_vheap_size" => set(&flags.min_binary_words, super::process_flag::binary_size(value)?),
        "max_heap_size" => {
            let mut limit = flags.heap_limit.lock();
            let new = heap_limit(value, *limit)?;
            let former = std::mem::replace(&mut *limit, new);
            heap_limit_map(former, &mut ctx.process.heap)
        }
        "trace_control_word" => set(
            &flags.trace_control_word,
            number().and_then(|word| {
                u32::try_from(word).map(|word| word as usize).map_err(|_| Exception::badarg())
            })?,
        ),
        "schedulers_online" => {
            let online = number()?;
            if online == 0 || online > ctx.vm.config.all_schedulers {
                return Err(Exception::badarg().into());
            }
            set(&flags.schedulers_online, online)
        }
        "dirty_cpu_schedulers_online" => {
            let online = number()?;
            if online == 0 || online > ctx.vm.config.dirty_schedulers.0 {
                return Err(Exception::badarg().into());
            }
            set(&flags.dirty_schedulers_online, online)
        }
        "scheduler_wall_time" => {
            let on = value.as_bool().ok_or_else(Exception::badarg)?;
            let mut counting = flags.wall_time.lock();
            let former = counting.is_some();
            if on != former {
                let begin = || WallTime { since: Instant::now(), worked: ctx.vm.watch.worked() };
                *counting = on.then(begin);
            }
            Term::bool(former)
        }
        // What is asked for holds, as far as anybody can see: others do run, but nobody waits for them.
        "multi_scheduling" => match name_of(value) {
            "block" => named("blocked"),
            "block_normal" => named("blocked_normal"),
            "unblock" | "unblock_normal" => named("enabled"),
            _ => return Err(Exception::badarg().into()),
        },
        "cpu_topology" if name_of(value) == "undefined" => {
            system_details::item(ctx, "cpu_topology").ok_or_else(Exception::badarg)?
        }
        // Threads go where the operating system lets them.
        "scheduler_bind_type" if matches!(name_of(value), "unbound" | "u") => named("unbound"),
        "cpu_topology" => {
            return Err(Interrupt::Call(Box::new(FunctionCall {
                module: atom::ERLANG,
                function: argument::atom(named("set_cpu_topology"))?,
                arguments: vec![value],
            })));
        }
        "erts_alloc" | "internal_cpu_topology" => return Err(Exception::badarg().into()),
        "scheduler_bind_type" => return Err(Exception::badarg().into()),
        "system_logger" => {
            let new = match (name_of(value), value.as_pid()) {
                ("logger", _) => SystemLogger::Registered,
                ("undefined", _) => SystemLogger::Nobody,
                (_, Some(pid)) => SystemLogger::Process(pid),
                _ => return Err(Exception::badarg().into()),
            };
            let former = system_details::logger(ctx);
            *ctx.vm.flags.logger.lock() = new;
            former
        }
        "reset_seq_trace" if value == Term::bool(true) => return super::sequential::reset(ctx),
        "debug_flags" => Term::bool(true),
        "sequential_tracer" => return super::sequential::set_tracer(ctx, value),
        "time_offset" if name_of(value) == "finalize" => named("final"),
        "microstate_accounting" if value.as_bool().is_some() || name_of(value) == "reset" => {
            let former = flags.accounting.is_on();
            match value.as_bool() {
                Some(on) => {
                    flags.accounting.set(&ctx.vm.watch, on);
                    flags.monitor.set_accounts(on);
                }
                None => flags.accounting.reset(&ctx.vm.watch),
            }
            Term::bool(former)
        }
        "outstanding_system_requests_limit" => match number()? {
            0 => return Err(Exception::badarg().into()),
            most => set(&flags.outstanding_requests, most),
        },
        "microstate_accounting" => return Err(Exception::badarg().into()),
        _ => return Err(argument::badopt().into()),
    })
}

/// What `system_flag(cpu_topology, _)` does with a topology: threads go where the operating system lets them.
fn set_cpu_topology(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Err(Exception::badarg().into())
}

fn bump_reductions(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ctx.charge(argument::index(args[0])?);
    Ok(Term::bool(true))
}

/// The characters that printing takes for text.
fn printable_range(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(named(if ctx.vm.config.printable_unicode { "unicode" } else { "latin1" }))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "system_info"/1 => system_info;
        "system_flag"/2 => system_flag;
        "statistics"/1 => statistics;
        "memory"/0 => memory_0;
        "memory"/1 => memory_1;
        "display"/1 => display_1;
        "display_string"/1 => display_string;
        "display_nl"/0 => display_nl;
        "set_cpu_topology"/1 => set_cpu_topology;
        "bump_reductions"/1 => bump_reductions;
    }
    "io" {
        "printable_range"/0 => printable_range;
    }
};
