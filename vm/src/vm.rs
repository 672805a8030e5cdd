//! The machine: everything that its processes share, and the face it shows to the program around it.

use crate::atom::{self, Atom};
use crate::bif::erlang::system_details::Counters;
use crate::bif::{self, Native};
use crate::code::Code;
use crate::code::loader::{self, LoadError, Prepared};
use crate::code::module_table::{Bundle, CommitError};
use crate::flags::{SystemFlags, SystemLogger};
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::port::Ports;
use crate::proc::process::{Slot, SpawnOptions};
use crate::proc::registry::{Registered, Registry};
use crate::proc::table::ProcessTable;
use crate::proc::{Process, Signal, SignalBody, handle};
use crate::sched::dirty::DirtyPool;
use crate::sched::run_queue::RunQueues;
use crate::sched::timer_wheel::{self, Timers};
use crate::sched::watch::{self, Watch};
use crate::sched::worker;
use crate::sys::clock;
use crate::term::{Pid, Term};
use crate::trace::Traces;
use crossbeam_deque::Worker;
use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

/// How a machine is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Scheduler threads: the schedulers that are online at first.
    pub schedulers: usize,
    /// Schedulers as programs see them, those that are not online included (`+S`).
    pub all_schedulers: usize,
    /// Dirty schedulers that compute, and how many are online at first (`+SDcpu`).
    pub dirty_schedulers: (usize, usize),
    /// Dirty schedulers that wait (`+SDio`).
    pub dirty_io_schedulers: usize,
    /// Most processes (`+P`); a power of two.
    pub max_processes: usize,
    /// Whether text may have characters above 255 (`+pc unicode`).
    pub printable_unicode: bool,
    /// Words of a new process's heap (`+hms`), if not the usual number.
    pub min_heap_words: Option<usize>,
    /// The same for the binaries that it has (`+hmbs`).
    pub min_binary_words: Option<usize>,
    /// Most words of a process, 0 for no limit, whether it is killed beyond them, and whether that is told (`+hmax`).
    pub max_heap: (usize, bool, bool),
    /// Whether messages wait outside of the heap (`+hmqd`).
    pub off_heap_messages: bool,
    /// Most ports (`+Q`); a power of two.
    pub max_ports: usize,
    /// Most ETS tables (`+e`); none where memory is the only limit.
    pub max_tables: Option<usize>,
    /// The files of the modules that come with the program: checked when it was built, their functions are read when
    /// they are called.
    pub bundle: Bundle,
    /// How the threads are made on which native functions run that may block or take long.
    pub dirty_threads: DirtyThreads,
}

/// How threads of the dirty pool are made.
#[derive(Clone, Copy, Debug)]
pub struct DirtyThreads {
    /// Bytes of their stacks. Where the system refuses so many, the thread gets the usual ones.
    pub stack: usize,
    /// Called on each thread that got them, before its work.
    pub begin: fn(),
}

impl Default for Config {
    fn default() -> Self {
        let schedulers = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            schedulers,
            all_schedulers: schedulers,
            dirty_schedulers: (schedulers, schedulers),
            dirty_io_schedulers: 10,
            max_processes: 262_144,
            max_ports: 65_536,
            max_tables: None,
            bundle: |_| None,
            dirty_threads: DirtyThreads { stack: 1 << 21, begin: || {} },
            printable_unicode: false,
            min_heap_words: None,
            min_binary_words: None,
            max_heap: (0, true, true),
            off_heap_messages: false,
        }
    }
}

/// The exit status of a machine that is to end as by `abort(3)`.
pub const ABORTED: i32 = i32::MIN;

/// A machine. Shared by its threads; dropped when the last of them has ended.
pub struct Vm {
    own: Weak<Self>,
    pub(crate) config: Config,
    pub(crate) processes: ProcessTable,
    pub(crate) registry: Registry,
    pub(crate) code: Code,
    pub(crate) queues: RunQueues,
    pub(crate) watch: Watch,
    pub(crate) timers: Timers,
    pub(crate) dirty: DirtyPool,
    pub(crate) natives: bif::state::State,
    pub(crate) ports: Ports,
    pub(crate) flags: SystemFlags,
    pub(crate) trace: Traces,
    pub(crate) counters: Counters,
    /// Held by who looks at processes between their turns.
    pub(crate) visiting: Mutex<()>,
    references: AtomicU64,
    unique: AtomicU64,
    requests: AtomicU64,
    /// The process with whose end the machine ends.
    main: AtomicU64,
    /// Exit status, once the machine is to end.
    halted: Mutex<Option<i32>>,
    halt: Condvar,
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vm({:?})", self.config)
    }
}

impl Vm {
    /// A machine with its scheduler threads running and nothing to do. `natives` are the host's own functions.
    #[must_use]
    pub fn start(config: Config, natives: &[&'static [Native]]) -> Arc<Self> {
        clock::init();
        let schedulers = config.schedulers.max(1);
        let workers = schedulers + watch::reserve(schedulers);
        let mut deques: Vec<_> = (0..workers).map(|number| (number, Worker::new_fifo())).collect();
        let queues = RunQueues::new(deques.iter().map(|(_, deque)| deque));
        let reserve = deques.split_off(schedulers);
        let vm = Arc::new_cyclic(|own| Self {
            own: own.clone(),
            processes: ProcessTable::new(config.max_processes),
            registry: Registry::default(),
            code: Code::new(config.bundle),
            queues,
            watch: Watch::new(schedulers, reserve),
            timers: Timers::new(),
            dirty: DirtyPool::default(),
            natives: bif::state::State::new(),
            ports: Ports::default(),
            flags: SystemFlags::new(&config),
            trace: Traces::default(),
            counters: Counters::default(),
            visiting: Mutex::new(()),
            references: AtomicU64::new(1 << 18 | 1),
            unique: AtomicU64::new(1),
            requests: AtomicU64::new(1),
            main: AtomicU64::new(u64::MAX),
            halted: Mutex::new(None),
            halt: Condvar::new(),
            config,
        });
        vm.ports.set_machine(&vm);
        for table in bif::tables().iter().chain(natives) {
            for native in *table {
                let (module, function) = native.names();
                vm.code.exports().add_native(module, function, native);
            }
        }
        vm.load(&crate::code::prim_eval::file()).expect("the machine's own module is whole");
        for (number, deque) in deques {
            let started = worker::start(&vm, deque, number);
            assert!(started, "the system has threads for the schedulers");
        }
        for (name, run) in [("timers", timer_wheel::run as fn(&Weak<Self>)), ("watch", watch::run)] {
            let weak = Arc::downgrade(&vm);
            std::thread::Builder::new()
                .name(name.into())
                .spawn(move || run(&weak))
                .expect("the system has a thread for the timers and one for the watch");
        }
        vm
    }

    /// The machine behind the pointer that its threads share.
    pub(crate) fn shared(&self) -> Option<Arc<Self>> {
        self.own.upgrade()
    }

    /// Loads a module from the bytes of its BEAM file and makes it current.
    ///
    /// # Errors
    /// The file is broken or not for this machine, or old code of the module has not been purged.
    pub fn load(&self, bytes: &[u8]) -> Result<Atom, LoadFailure> {
        self.commit(loader::prepare(&self.code, None, bytes)?)
    }

    /// Loads a module that comes with the program and makes it current.
    ///
    /// # Errors
    /// There is none of this name, or as [`load`](Self::load).
    pub fn load_bundled(&self, module: Atom) -> Result<Atom, LoadFailure> {
        let file = self.code.bundled(module).ok_or(LoadError::NoName)?;
        let prepared = loader::prepare(&self.code, Some(module), file.bytes)?;
        self.commit(prepared)
    }

    fn commit(&self, prepared: Prepared) -> Result<Atom, LoadFailure> {
        let instances = self
            .code
            .commit(vec![prepared])
            .map_err(|CommitError::NotPurged(name)| LoadFailure::NotPurged(name.text()))?;
        Ok(instances[0].name)
    }

    /// Reads all functions of a module that comes with the program, as calls of them would, but makes nothing current.
    ///
    /// # Errors
    /// What is wrong with the first function that cannot be read.
    pub fn read_bundled(&self, module: Atom) -> Result<(), LoadError> {
        let file = self.code.bundled(module).ok_or(LoadError::NoName)?;
        loader::prepare(&self.code, Some(module), file.bytes)?.read(&self.code)
    }

    /// The same for the bytes of a BEAM file from elsewhere.
    ///
    /// # Errors
    /// As [`read_bundled`](Self::read_bundled).
    pub fn read(&self, bytes: &[u8]) -> Result<(), LoadError> {
        loader::prepare(&self.code, None, bytes)?.read(&self.code)
    }

    /// Starts a process that calls `module:function(arguments...)`.
    ///
    /// # Errors
    /// There are as many processes as there can be.
    pub fn spawn(&self, module: Atom, function: Atom, arguments: &[OwnedTerm]) -> Result<Pid, ProcessLimit> {
        let terms: Vec<Term> = arguments.iter().map(OwnedTerm::term).collect();
        let options = SpawnOptions::default();
        self.spawn_process(Pid(0), Term::NONE, &options, (module, function), &terms, |_| {})
            .ok_or(ProcessLimit)
    }

    /// As [`spawn`](Self::spawn), for the process that the machine is there for: when it ends, however it does,
    /// the machine ends with exit status 1.
    ///
    /// # Errors
    /// There are as many processes as there can be.
    pub fn spawn_main(
        &self,
        module: Atom,
        function: Atom,
        arguments: &[OwnedTerm],
    ) -> Result<Pid, ProcessLimit> {
        let pid = self.spawn(module, function, arguments)?;
        self.main.store(pid.0, Ordering::SeqCst);
        // It may have ended before that was noted.
        if self.processes.find(pid).is_none() {
            self.halt(1);
        }
        Ok(pid)
    }

    /// A process has ended.
    pub(crate) fn process_ended(&self, pid: Pid) {
        if self.main.load(Ordering::SeqCst) == pid.0 {
            self.halt(1);
        }
    }

    /// Starts a process. `set_up` sees it before it runs.
    pub(crate) fn spawn_process(
        &self,
        parent: Pid,
        group_leader: Term,
        options: &SpawnOptions,
        (module, function): (Atom, Atom),
        arguments: &[Term],
        set_up: impl FnOnce(&mut Process),
    ) -> Option<Pid> {
        let words: usize =
            arguments.iter().map(|&term| copy::size_of(term)).sum::<usize>() + copy::size_of(group_leader);
        let count = arguments.len();
        let (pid, slot) = self.processes.insert(|pid| {
            let mut process =
                Process::new(pid, parent, options, words + count + 1 + crate::heap::STACK_MARGIN);
            process.initial_call = (module, function, count as u32);
            if !group_leader.is_none() {
                process.group_leader = copy::copy(group_leader, &mut process.heap);
            }
            let copies: Vec<Term> =
                arguments.iter().map(|&term| copy::copy(term, &mut process.heap)).collect();
            let export = self.code.export(module, function, count as u32);
            process.start(export, self.code.end_address(), &copies);
            set_up(&mut process);
            process
        })?;
        self.wake(slot);
        Some(pid)
    }

    /// Puts the process into a run queue if it waits.
    pub(crate) fn wake(&self, slot: &Slot) {
        if slot.notify() {
            worker::enqueue(self, slot);
        }
    }

    /// Delivers a signal, or answers for the dead.
    pub(crate) fn send(&self, signal: Box<Signal>) {
        if let Some(port) = signal.to.port_number() {
            self.ports.signal(self, port, signal);
            return;
        }
        let Some(slot) = self.processes.find(signal.to) else {
            self.dead_letter(signal);
            return;
        };
        match slot.signals.push(signal) {
            Ok(()) => self.wake(slot),
            Err(signal) => self.dead_letter(signal),
        }
    }

    /// Takes the signals that the operating system sends to the program, and hands them to the process
    /// `erl_signal_server`.
    ///
    /// # Errors
    /// The system refuses.
    pub fn take_signals(self: &Arc<Self>) -> std::io::Result<()> {
        bif::os::take_signals(self)
    }

    /// Is there this process or port?
    pub(crate) fn exists(&self, identity: Pid) -> bool {
        match identity.port_number() {
            Some(port) => self.ports.find(port).is_some(),
            None => self.processes.find(identity).is_some(),
        }
    }

    /// Sends a message from outside.
    pub fn send_message(&self, to: Pid, message: OwnedTerm) {
        let (term, fragment) = message.into_parts();
        self.send(Signal::new(crate::proc::signal::NOBODY, to, SignalBody::Message { term, fragment }));
    }

    /// A signal that reached nobody.
    #[allow(clippy::boxed_local, reason = "signals are handed on as they stand in queues")]
    pub(crate) fn dead_letter(&self, signal: Box<Signal>) {
        handle::answer_for_the_dead(self, *signal);
    }

    /// The process of this name.
    #[must_use]
    pub fn whereis(&self, name: Atom) -> Option<Pid> {
        match self.registry.find(name) {
            Some(Registered::Process(pid)) => Some(pid),
            Some(Registered::Port(_)) | None => None,
        }
    }

    /// A number for a new reference.
    pub(crate) fn next_reference(&self) -> u64 {
        self.references.fetch_add(1, Ordering::Relaxed)
    }

    /// A number never given before.
    pub(crate) fn next_unique(&self) -> u64 {
        self.unique.fetch_add(1, Ordering::Relaxed)
    }

    /// A number for a request that a process waits for.
    pub(crate) fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// Tells the logger, or standard error where there is none yet, of a process that ends by an error.
    pub(crate) fn report_crash(&self, process: &mut Process, reason: Term) {
        if self.whereis(atom::LOGGER).is_none() && *self.flags.logger.lock() == SystemLogger::Registered {
            let (pid, text) = (crate::term::display(Term::pid(process.pid)), crate::term::display(reason));
            eprintln!("Error in process {pid} with exit value: {text}");
            return;
        }
        let pid = Term::pid(process.pid);
        self.report_error(process, "Error in process ~p with exit value:~n~p~n", |memory| {
            vec![pid, copy::copy(reason, memory)]
        });
    }

    /// Sends the logger an error report about a process.
    pub(crate) fn report_error(
        &self,
        process: &Process,
        format: &str,
        arguments: impl FnOnce(&mut dyn Build) -> Vec<Term>,
    ) {
        self.report_error_of(Some((process.pid, process.group_leader)), format, arguments);
    }

    /// Sends the logger an error report about data that a port does not take.
    pub(crate) fn report_port_data(&self, title: &[u8]) {
        let text = format!("Bad value on output port '{}'\n", String::from_utf8_lossy(title));
        self.report_error_of(None, "~ts~n", |memory| vec![memory.string(&text)]);
    }

    /// Sends the logger an error report about a process with its group leader, or about none.
    fn report_error_of(
        &self,
        origin: Option<(Pid, Term)>,
        format: &str,
        arguments: impl FnOnce(&mut dyn Build) -> Vec<Term>,
    ) {
        let logger = match *self.flags.logger.lock() {
            SystemLogger::Registered => self.whereis(atom::LOGGER),
            SystemLogger::Process(pid) => Some(pid),
            SystemLogger::Nobody => None,
        };
        let Some(logger) = logger else { return };
        let message = OwnedTerm::build(|memory| {
            let arguments = arguments(memory);
            let arguments = memory.list(&arguments);
            let format = memory.string(format);
            let inner = [
                (Term::atom(atom::EMULATOR), Term::bool(true)),
                (Term::atom(atom::TAG), Term::atom(atom::ERROR)),
            ];
            let inner = crate::heap::map::from_pairs(memory, &inner);
            let time = clock::system_nanoseconds() / 1000;
            let time = memory.integer(time);
            let mut meta = vec![(Term::atom(atom::ERROR_LOGGER), inner), (Term::atom(atom::TIME), time)];
            if let Some((pid, leader)) = origin {
                meta.push((Term::atom(atom::GL), copy::copy(leader, memory)));
                meta.push((Term::atom(atom::PID), Term::pid(pid)));
            }
            let meta = crate::heap::map::from_pairs(memory, &meta);
            memory.tuple(&[Term::atom(atom::LOG), Term::atom(atom::ERROR), format, arguments, meta])
        });
        self.send_message(logger, message);
    }

    /// A process has crossed its `max_heap_size`: its memory takes `words` now, or would.
    pub(crate) fn report_heap_limit(&self, process: &Process, words: usize) {
        const FORMAT: &str = "     Process:            ~p ~n     Context:            maximum heap size reached~n     Max Heap \
                              Size:      ~p~n     Total Heap Size:    ~p~n     Kill:               ~p~n     Error \
                              Logger:       ~p~n     Message Queue Len:  ~p~n     GC Info:            ~p~n";
        let limit = process.heap.limit;
        if !limit.logs() {
            return;
        }
        self.report_error(process, FORMAT, |memory| {
            vec![
                Term::pid(process.pid),
                Term::small(limit.words() as i64),
                Term::small(words as i64),
                Term::bool(limit.kills()),
                Term::bool(limit.logs()),
                Term::small(process.mailbox.len() as i64),
                bif::erlang::process_info::collection_info(process, memory),
            ]
        });
    }

    /// Ends the machine with this exit status, or [`ABORTED`].
    pub fn halt(&self, status: i32) {
        let mut halted = self.halted.lock();
        if halted.is_none() {
            *halted = Some(status);
        }
        drop(halted);
        self.halt.notify_all();
    }

    /// Waits until the machine is told to end; answers the exit status. Its threads stop soon after.
    pub fn wait(&self) -> i32 {
        let mut halted = self.halted.lock();
        let status = loop {
            if let Some(status) = *halted {
                break status;
            }
            self.halt.wait(&mut halted);
        };
        drop(halted);
        self.queues.stop();
        self.watch.stop();
        self.dirty.stop();
        status
    }
}

/// There are as many processes as there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many processes")]
pub struct ProcessLimit;

/// Why a module was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadFailure {
    /// The file cannot be used.
    #[error("{0}")]
    File(#[from] LoadError),
    /// There is old code of the module.
    #[error("old code of {0} has not been purged")]
    NotPurged(&'static str),
}
