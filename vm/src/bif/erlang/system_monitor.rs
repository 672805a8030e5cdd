//! `system_monitor`: one process is told of collections and turns that take long, and of large heaps.

use crate::bif::argument::{name_of, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::code::stacktrace::mfa_at;
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A heap that is told of has so many words at least.
const LEAST_HEAP: usize = 16 * 1024;

/// Who is told, and of what.
#[derive(Clone, Copy, Debug)]
struct Settings {
    pid: Pid,
    long_collection: Option<usize>,
    long_turn: Option<usize>,
    large_heap: Option<usize>,
    /// No port holds up a sender for long here; the wish is kept.
    busy_port: bool,
    busy_dist_port: bool,
}

/// The monitor of a machine.
#[derive(Debug, Default)]
pub(crate) struct SystemMonitor {
    is_set: AtomicBool,
    /// Collections are timed for the accounts of schedulers too.
    accounts: AtomicBool,
    settings: Mutex<Option<Settings>>,
}

impl SystemMonitor {
    /// When something begins that may take long, if anybody is to be told.
    pub(crate) fn begin(&self) -> Option<Instant> {
        let wanted = self.is_set.load(Ordering::Relaxed) || self.accounts.load(Ordering::Relaxed);
        wanted.then(Instant::now)
    }

    /// The settings, unless the process that is to be told has ended.
    fn current(&self, vm: &Vm) -> Option<Settings> {
        let mut settings = self.settings.lock();
        if settings.is_some_and(|settings| vm.processes.find(settings.pid).is_none()) {
            *settings = None;
            self.is_set.store(false, Ordering::Relaxed);
        }
        *settings
    }

    /// Whether collections are timed for the accounts of schedulers.
    pub(crate) fn set_accounts(&self, on: bool) {
        self.accounts.store(on, Ordering::Relaxed);
    }

    fn set(&self, settings: Option<Settings>) {
        *self.settings.lock() = settings;
        self.is_set.store(settings.is_some(), Ordering::Relaxed);
    }

    /// A collection has ended.
    pub(crate) fn collected(&self, vm: &Vm, process: &Process, begin: Instant) {
        if self.accounts.load(Ordering::Relaxed)
            && let Some(scheduler) = crate::sched::worker::scheduler_id(vm)
        {
            vm.flags.accounting.collected(scheduler, begin.elapsed());
        }
        let Some(settings) = self.current(vm).filter(|settings| settings.pid != process.pid) else { return };
        let took = begin.elapsed();
        if settings.long_collection.is_some_and(|most| is_longer(took, most)) {
            tell(vm, settings.pid, process.pid, "long_gc", |memory| {
                let mut list = vec![("timeout", milliseconds(took))];
                list.extend(sizes(process));
                pairs(memory, &list)
            });
        }
        if settings.large_heap.is_some_and(|most| process.heap.total_words() > most) {
            tell(vm, settings.pid, process.pid, "large_heap", |memory| pairs(memory, &sizes(process)));
        }
    }

    /// A turn has ended that began at `from`.
    pub(crate) fn turned(&self, vm: &Vm, process: &Process, begin: Instant, from: *const u64) {
        let Some(settings) = self.current(vm).filter(|settings| settings.pid != process.pid) else { return };
        let took = begin.elapsed();
        if settings.long_turn.is_some_and(|most| is_longer(took, most)) {
            tell(vm, settings.pid, process.pid, "long_schedule", |memory| {
                let (from, to) = (place(vm, from, memory), place(vm, process.ip, memory));
                pairs(memory, &[("timeout", milliseconds(took)), ("in", from), ("out", to)])
            });
        }
    }
}

fn is_longer(took: Duration, most: usize) -> bool {
    took.as_millis() > most as u128
}

fn milliseconds(time: Duration) -> Term {
    Term::small(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

fn pairs(memory: &mut dyn Build, pairs: &[(&'static str, Term)]) -> Term {
    let list: Vec<Term> = pairs.iter().map(|(name, value)| memory.tuple(&[named(name), *value])).collect();
    memory.list(&list)
}

/// The function that code belongs to.
fn place(vm: &Vm, address: *const u64, memory: &mut dyn Build) -> Term {
    match mfa_at(vm, address) {
        Some((module, function, arity)) => {
            memory.tuple(&[Term::atom(module), Term::atom(function), Term::small(i64::from(arity))])
        }
        None => named("undefined"),
    }
}

/// The sizes of a heap in words.
fn sizes(process: &Process) -> Vec<(&'static str, Term)> {
    let heap = &process.heap;
    let small = |words: usize| Term::small(words as i64);
    vec![
        ("old_heap_block_size", small(heap.old.words())),
        ("heap_block_size", small(heap.block.words())),
        ("mbuf_size", small(0)),
        ("stack_size", small(heap.stack_words())),
        ("old_heap_size", small(heap.old_words())),
        ("heap_size", small(heap.young_words())),
    ]
}

/// `{monitor, Pid, Event, Info}`.
fn tell(vm: &Vm, to: Pid, about: Pid, event: &'static str, info: impl FnOnce(&mut dyn Build) -> Term) {
    let message = OwnedTerm::build(|memory| {
        let info = info(memory);
        memory.tuple(&[named("monitor"), about.term(), named(event), info])
    });
    vm.send_message(to, message);
}

/// `{Pid, Options}`, or `undefined`.
fn described(ctx: &mut NativeContext<'_>) -> Term {
    let Some(settings) = ctx.vm.flags.monitor.current(ctx.vm) else { return named("undefined") };
    let heap = &mut ctx.process.heap;
    let mut options = Vec::new();
    if settings.busy_dist_port {
        options.push(named("busy_dist_port"));
    }
    if settings.busy_port {
        options.push(named("busy_port"));
    }
    let limits = [
        ("large_heap", settings.large_heap),
        ("long_schedule", settings.long_turn),
        ("long_gc", settings.long_collection),
    ];
    for (name, limit) in limits {
        if let Some(limit) = limit {
            options.push(heap.tuple(&[named(name), Term::small(limit as i64)]));
        }
    }
    let options = heap.list(&options);
    heap.tuple(&[settings.pid.term(), options])
}

fn set(ctx: &mut NativeContext<'_>, pid: Term, options: Term) -> NativeResult {
    let former = described(ctx);
    if options.is_nil() || name_of(pid) == "undefined" {
        ctx.vm.flags.monitor.set(None);
        return Ok(former);
    }
    let options = options.to_vec().ok_or_else(Exception::badarg)?;
    let pid =
        pid.as_pid().filter(|&pid| ctx.vm.processes.find(pid).is_some()).ok_or_else(Exception::badarg)?;
    let mut settings = Settings {
        pid,
        long_collection: None,
        long_turn: None,
        large_heap: None,
        busy_port: false,
        busy_dist_port: false,
    };
    for &option in &options {
        match (name_of(option), option.as_tuple()) {
            ("busy_port", _) => settings.busy_port = true,
            ("busy_dist_port", _) => settings.busy_dist_port = true,
            (_, Some(&[key, value])) => {
                let limit = value.as_usize().ok_or_else(Exception::badarg)?;
                match name_of(key) {
                    "long_gc" => settings.long_collection = Some(limit),
                    "long_schedule" => settings.long_turn = Some(limit),
                    "large_heap" => settings.large_heap = Some(limit.max(LEAST_HEAP)),
                    _ => return Err(Exception::badarg().into()),
                }
            }
            _ => return Err(Exception::badarg().into()),
        }
    }
    ctx.vm.flags.monitor.set(Some(settings));
    Ok(former)
}

fn system_monitor_0(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(described(ctx))
}

fn system_monitor_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match args[0].as_tuple() {
        Some(&[pid, options]) => set(ctx, pid, options),
        Some(_) => Err(Exception::badarg().into()),
        None if name_of(args[0]) == "undefined" => set(ctx, args[0], Term::NIL),
        None => Err(Exception::badarg().into()),
    }
}

fn system_monitor_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    set(ctx, args[0], args[1])
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "system_monitor"/0 => system_monitor_0;
        "system_monitor"/1 => system_monitor_1;
        "system_monitor"/2 => system_monitor_2;
    }
};
