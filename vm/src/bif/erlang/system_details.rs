//! Items of `system_info` that describe the machine's insides, and what it counts while it runs.

use crate::atom;
use crate::bif::NativeContext;
use crate::bif::argument::named;
use crate::flags::SystemLogger;
use crate::heap::{Build, map as heap_map, sizing};
use crate::sched::accounting::Times;
use crate::sys::clock;
use crate::term::{Term, display};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is counted of all processes together.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) reductions: AtomicU64,
    pub(crate) turns: AtomicU64,
    pub(crate) collections: AtomicU64,
    pub(crate) words_reclaimed: AtomicU64,
}

impl Counters {
    /// A turn has ended that took so many reductions.
    pub(crate) fn turn(&self, reductions: u64) {
        self.reductions.fetch_add(reductions, Ordering::Relaxed);
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    /// A collection has given so many words back.
    pub(crate) fn collection(&self, words: usize) {
        self.collections.fetch_add(1, Ordering::Relaxed);
        self.words_reclaimed.fetch_add(words as u64, Ordering::Relaxed);
    }
}

/// `[{Name, Value}]`.
fn pairs(memory: &mut dyn Build, pairs: &[(&'static str, Term)]) -> Term {
    let list: Vec<Term> = pairs.iter().map(|(name, value)| memory.tuple(&[named(name), *value])).collect();
    memory.list(&list)
}

fn clock_source(memory: &mut dyn Build, clock: &'static str, time: i64, extended: bool) -> Term {
    let time = memory.integer(time);
    let mut items = vec![
        ("function", named("clock_gettime")),
        ("clock_id", named(clock)),
        ("resolution", Term::small(1_000_000_000)),
    ];
    if extended {
        items.push(("extended", named("no")));
    }
    items.extend([("parallel", named("yes")), ("time", time)]);
    pairs(memory, &items)
}

/// Bytes of the loaded code of all modules.
pub(super) fn code_bytes(ctx: &NativeContext<'_>) -> usize {
    let code = &ctx.vm.code;
    let names = code.loaded();
    let current = names.into_iter().filter_map(|name| code.versions(name)?.current);
    current.map(|instance| instance.code.used() * 8).sum()
}

/// The registered processes and where they are, as lines.
fn process_lines(ctx: &NativeContext<'_>) -> String {
    let mut text = String::new();
    for pid in ctx.vm.processes.pids() {
        // A text in memory takes everything.
        let _ = writeln!(text, "=proc:{}", display(Term::pid(pid)));
    }
    text
}

/// Names of modules, a line each.
pub(super) fn module_lines(ctx: &NativeContext<'_>) -> String {
    let code = &ctx.vm.code;
    let mut names: Vec<_> = code.loaded();
    names.sort_by_key(|name| name.text());
    let mut text = String::new();
    for name in names {
        let words = code.versions(name).and_then(|versions| versions.current).map_or(0, |i| i.code.used());
        let _ = writeln!(text, "{} {}", name.text(), words * 8);
    }
    text
}

/// What each thread has done since it was asked to count, in nanoseconds.
pub(super) fn microstates(ctx: &mut NativeContext<'_>, dirty_io: usize) -> Term {
    let times = ctx.vm.flags.accounting.times(&ctx.vm.watch);
    let (all, dirty) = (ctx.vm.config.all_schedulers, ctx.vm.config.dirty_schedulers.0);
    let heap = &mut ctx.process.heap;
    let mut list = Vec::new();
    let mut thread = |kind: &'static str, number: usize, times: Times| {
        let counters = [
            ("aux", 0),
            ("check_io", 0),
            ("emulator", times.running),
            ("gc", times.collecting),
            ("other", 0),
            ("port", 0),
            ("sleep", times.sleeping),
        ];
        let counters = counters.map(|(name, value)| (named(name), heap.unsigned(value)));
        let counters = heap_map::from_pairs(heap, &counters);
        let number = Term::small(number as i64);
        let pairs = [(named("counters"), counters), (named("id"), number), (named("type"), named(kind))];
        list.push(heap_map::from_pairs(heap, &pairs));
    };
    let count = times.len();
    for (index, times) in times.into_iter().enumerate() {
        thread("scheduler", index + 1, times);
    }
    for number in count + 1..=all {
        thread("scheduler", number, Times::default());
    }
    for number in 1..=dirty {
        thread("dirty_cpu_scheduler", number, Times::default());
    }
    for number in 1..=dirty_io {
        thread("dirty_io_scheduler", number, Times::default());
    }
    for (kind, number) in [("async", 0), ("aux", 1), ("poll", 0)] {
        thread(kind, number, Times::default());
    }
    heap.list(&list)
}

/// Who gets what the machine itself has to log.
pub(super) fn logger(ctx: &NativeContext<'_>) -> Term {
    match *ctx.vm.flags.logger.lock() {
        SystemLogger::Registered => ctx.vm.whereis(atom::LOGGER).map_or(Term::atom(atom::LOGGER), Term::pid),
        SystemLogger::Nobody => Term::atom(atom::UNDEFINED),
        SystemLogger::Process(pid) => Term::pid(pid),
    }
}

/// Processors that this program may use.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The value of an item; `None` if there is no such one.
pub(super) fn item(ctx: &mut NativeContext<'_>, name: &str) -> Option<Term> {
    let schedulers = ctx.vm.config.all_schedulers;
    let small = |value: usize| Term::small(value as i64);
    Some(match name {
        "heap_sizes" => {
            let mut sizes = Vec::from(sizing::LOWER_STEPS.map(small));
            let mut size = sizing::MIN_HEAP_SIZE;
            while size < 1_000_000_000_000_000 {
                sizes.push(small(size));
                size = sizing::step(size + 1);
            }
            ctx.process.heap.list(&sizes)
        }
        "os_monotonic_time_source" => {
            clock_source(&mut ctx.process.heap, "CLOCK_MONOTONIC", clock::monotonic_nanoseconds(), true)
        }
        "os_system_time_source" => {
            clock_source(&mut ctx.process.heap, "CLOCK_REALTIME", clock::system_nanoseconds(), false)
        }
        "procs" => {
            let text = process_lines(ctx);
            ctx.process.heap.binary(text.as_bytes())
        }
        "loaded" => {
            let text = module_lines(ctx);
            ctx.process.heap.binary(text.as_bytes())
        }
        "info" => {
            let atoms = atom::count();
            let text = format!(
                "=memory\natom: {}\ncode: {}\n=index_table:atom_tab\nentries: {atoms}\n{}",
                atoms * 48,
                code_bytes(ctx),
                process_lines(ctx)
            );
            ctx.process.heap.binary(text.as_bytes())
        }
        "dist" => ctx.process.heap.binary(b"=node:'nonode@nohost'\n=no_distribution\n"),
        "delayed_node_table_gc" => Term::small(60),
        "dist_buf_busy_limit" => Term::small(1_048_576),
        "outstanding_system_requests_limit" => {
            small(ctx.vm.flags.outstanding_requests.load(Ordering::Relaxed))
        }
        "modified_timing_level" => Term::atom(atom::UNDEFINED),
        "sequential_tracer" => {
            let tracer = super::sequential::tracer_term(ctx.vm.trace.system_tracer(ctx.vm));
            ctx.process.heap.tuple(&[named("sequential_tracer"), tracer])
        }
        "system_logger" => logger(ctx),
        "constant_pool_support" | "beam_jump_table" => Term::bool(true),
        "snifs" | "ethread_info" => Term::NIL,
        "emu_args" => {
            let heap = &mut ctx.process.heap;
            let words: Vec<Term> = std::env::args().map(|word| heap.string(&word)).collect();
            heap.list(&words)
        }
        "eager_check_io" | "kernel_poll" => Term::bool(true),
        "break_ignored" | "port_parallelism" | "dynamic_trace_probes" => Term::bool(false),
        "hipe_architecture" => Term::atom(atom::UNDEFINED),
        "context_reductions" => Term::small(crate::interp::TURN),
        "ets_realloc_moves" => Term::bool(false),
        "literal_test" => named("range"),
        "taints" => Term::NIL,
        "update_cpu_info" => named("unchanged"),
        "scheduler_bind_type" => named("unbound"),
        "scheduler_bindings" => ctx.process.heap.tuple(&vec![named("unbound"); schedulers]),
        "cpu_topology" => {
            let heap = &mut ctx.process.heap;
            let cores: Vec<Term> = (0..processors())
                .map(|number| {
                    let logical = heap.tuple(&[named("logical"), small(number)]);
                    heap.tuple(&[named("core"), logical])
                })
                .collect();
            let cores = heap.list(&cores);
            pairs(heap, &[("processor", cores)])
        }
        "allocator" => {
            let undefined = Term::atom(atom::UNDEFINED);
            ctx.process.heap.tuple(&[undefined, Term::NIL, Term::NIL, Term::NIL])
        }
        "alloc_util_allocators" => Term::NIL,
        "allocated_areas" => {
            let (atoms, code) = (small(atom::count() * 48), small(code_bytes(ctx)));
            let processes = small(ctx.vm.processes.count() * 2048);
            let items = [("atom_table", atoms), ("loaded_code", code), ("process_table", processes)];
            pairs(&mut ctx.process.heap, &items)
        }
        "check_io" => {
            let heap = &mut ctx.process.heap;
            let set = pairs(heap, &[("name", named("erts_poll")), ("primary", named("epoll"))]);
            heap.list(&[set])
        }
        _ => return None,
    })
}
