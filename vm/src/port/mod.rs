//! Ports: programs, file descriptors and sockets that processes talk to.
//!
//! A port has an identity of the kind that processes have (see [`Pid::of_port`]), so links, monitors and exits
//! reach it as signals. It has no thread of its own: a signal is handled at once by whoever sends it, under the
//! port's lock, and what its file descriptors have to say comes from the one poller thread ([`poller`]). Nothing
//! that may block is done under the lock.

pub(crate) mod address;
pub(crate) mod descriptor;
pub(crate) mod framing;
mod http;
pub(crate) mod packet;
pub(crate) mod poller;
pub(crate) mod program;
pub(crate) mod socket;
pub(crate) mod tcp;
mod trace;
pub(crate) mod udp;

use crate::atom::{self, Atom};
use crate::heap::Build;
use crate::heap::copy::{self, OwnedTerm};
use crate::proc::handle::down_message;
use crate::proc::registry::Registered;
use crate::proc::relations::Watcher;
use crate::proc::{Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::trace::Tracing;
use crate::trace::flags::Flags;
use crate::vm::Vm;
use parking_lot::{Mutex, RwLock};
use poller::Poller;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

/// First number given out: OTP's own ports come before those of programs.
const FIRST: u64 = 3;

/// The ports of a machine.
#[derive(Debug)]
pub(crate) struct Ports {
    open: RwLock<BTreeMap<u64, Arc<Port>>>,
    next: AtomicU64,
    poller: OnceLock<Poller>,
    /// The machine, for threads that ports start.
    machine: OnceLock<Weak<Vm>>,
    /// Most ports there can be.
    limit: AtomicUsize,
    starting: Mutex<()>,
    /// Bytes read and written by ports, all told.
    pub(crate) input: AtomicUsize,
    pub(crate) output: AtomicUsize,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            open: RwLock::default(),
            next: AtomicU64::new(FIRST),
            poller: OnceLock::new(),
            machine: OnceLock::new(),
            limit: AtomicUsize::new(0),
            starting: Mutex::new(()),
            input: AtomicUsize::new(0),
            output: AtomicUsize::new(0),
        }
    }
}

/// One port.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) number: u64,
    state: Mutex<State>,
}

/// What the lock of a port protects.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) common: Common,
    pub(crate) driver: Driver,
}

/// What all ports have.
#[derive(Debug)]
pub(crate) struct Common {
    pub(crate) number: u64,
    /// The process that gets what the port reads.
    pub(crate) connected: Pid,
    pub(crate) links: BTreeSet<Pid>,
    pub(crate) watchers: BTreeMap<u64, Watcher>,
    pub(crate) registered: Option<Atom>,
    /// `port_info(Port, name)`.
    pub(crate) title: Vec<u8>,
    /// Bytes read and written.
    pub(crate) input: u64,
    pub(crate) output: u64,
    /// `port_set_data/2`.
    pub(crate) data: Option<OwnedTerm>,
    /// Data are given as binaries.
    pub(crate) is_binary: bool,
    /// What is traced of it.
    pub(crate) tracing: Option<Tracing>,
    /// Processes suspended until there is room for output, each with the number of its request.
    pub(crate) suspended: Vec<(Pid, u64)>,
}

/// What is behind a port.
#[derive(Debug)]
pub(crate) enum Driver {
    Program(Box<program::Program>),
    Descriptor(Box<descriptor::Descriptor>),
    Tcp(Box<tcp::Tcp>),
    Udp(Box<udp::Udp>),
    /// Nothing any more.
    Closed,
}

/// Whether a port stays open after what was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Open,
    /// It closes with this atom as reason.
    Close(Atom),
}

impl Common {
    pub(crate) fn identity(&self) -> Pid {
        Pid::of_port(self.number)
    }

    /// Sends a message to a process.
    pub(crate) fn tell(&self, vm: &Vm, to: Pid, make: impl FnOnce(&mut dyn Build, Term) -> Term) {
        let own = Term::port(self.number);
        let (term, fragment) = OwnedTerm::build(|memory| make(memory, own)).into_parts();
        if self.tracing.is_some() {
            self.sends(vm, to, term);
        }
        vm.send(Signal::new(self.identity(), to, SignalBody::Message { term, fragment }));
    }

    /// `{Port, {data, Data}}` and the like, to the connected process.
    pub(crate) fn report(&self, vm: &Vm, make: impl FnOnce(&mut dyn Build) -> Term) {
        self.tell(vm, self.connected, |memory, own| {
            let content = make(memory);
            memory.tuple(&[own, content])
        });
    }

    /// Bytes as the port's mode wants them.
    pub(crate) fn bytes(&self, memory: &mut dyn Build, bytes: &[u8]) -> Term {
        if self.is_binary { memory.binary(bytes) } else { memory.byte_list(bytes) }
    }

    pub(crate) fn count_input(&mut self, vm: &Vm, bytes: usize) {
        self.input += bytes as u64;
        vm.ports.input.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn count_output(&mut self, vm: &Vm, bytes: usize) {
        self.output += bytes as u64;
        vm.ports.output.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Output has room again, or will never be written.
    pub(crate) fn resume_suspended(&mut self, vm: &Vm) {
        for (pid, id) in std::mem::take(&mut self.suspended) {
            let value = OwnedTerm::new(Term::bool(true));
            vm.send(Signal::new(self.identity(), pid, SignalBody::Reply { id, value }));
        }
    }
}

impl Ports {
    /// To be called once, when the machine starts.
    pub(crate) fn set_machine(&self, vm: &Arc<Vm>) {
        let _ = self.machine.set(Arc::downgrade(vm));
        self.limit.store(vm.config.max_ports, Ordering::Relaxed);
    }

    /// The machine, for a thread of its own.
    pub(crate) fn machine(&self) -> Weak<Vm> {
        self.machine.get().cloned().unwrap_or_default()
    }

    /// The poller, started if this is the first that needs it.
    pub(crate) fn poller(&self) -> io::Result<&Poller> {
        if let Some(poller) = self.poller.get() {
            return Ok(poller);
        }
        let _only = self.starting.lock();
        if self.poller.get().is_none() {
            let poller = Poller::start(self.machine())?;
            let _ = self.poller.set(poller);
        }
        Ok(self.poller.get().expect("set above"))
    }

    /// The port with this number.
    pub(crate) fn find(&self, number: u64) -> Option<Arc<Port>> {
        self.open.read().get(&number).cloned()
    }

    /// The numbers of all ports.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.open.read().keys().copied().collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.open.read().len()
    }

    /// Makes a port of a new number, linked to `owner` (whose side of the link the caller sees to). `None` if there
    /// are as many as there can be.
    pub(crate) fn insert(
        &self,
        owner: Pid,
        is_binary: bool,
        title: Vec<u8>,
        make: impl FnOnce(u64) -> io::Result<Driver>,
    ) -> io::Result<Option<Arc<Port>>> {
        if self.count() >= self.limit.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed) & ((1 << Pid::NUMBER_BITS) - 1);
        // What the driver registers may speak before the port is in the table: it waits for the lock.
        let common = Common {
            number,
            connected: owner,
            links: BTreeSet::from([owner]),
            watchers: BTreeMap::new(),
            registered: None,
            title,
            input: 0,
            output: 0,
            data: None,
            is_binary,
            suspended: Vec::new(),
            tracing: None,
        };
        let port = Arc::new(Port { number, state: Mutex::new(State { common, driver: Driver::Closed }) });
        let mut state = port.state.lock();
        self.open.write().insert(number, port.clone());
        match make(number) {
            Ok(driver) => state.driver = driver,
            Err(error) => {
                self.open.write().remove(&number);
                return Err(error);
            }
        }
        drop(state);
        Ok(Some(port))
    }

    /// A file descriptor of a port is ready.
    pub(crate) fn ready(&self, vm: &Vm, number: u64, source: poller::Source, ready: poller::Ready) {
        let Some(port) = self.find(number) else { return };
        port.work(vm, |state| match &mut state.driver {
            Driver::Program(program) => program.ready(vm, &mut state.common, source, ready),
            Driver::Tcp(tcp) => tcp.ready(vm, &mut state.common, ready),
            Driver::Udp(udp) => udp.ready(vm, &mut state.common, ready),
            Driver::Descriptor(_) | Driver::Closed => After::Open,
        });
    }

    /// Handles a signal for a port.
    pub(crate) fn signal(&self, vm: &Vm, number: u64, signal: Box<Signal>) {
        match self.find(number) {
            Some(port) => port.signal(vm, *signal),
            None => vm.dead_letter(signal),
        }
    }
}

impl Port {
    /// Does something with the port under its lock, and closes it if that asks for it.
    pub(crate) fn work(&self, vm: &Vm, run: impl FnOnce(&mut State) -> After) {
        let mut state = self.state.lock();
        if matches!(state.driver, Driver::Closed) {
            return;
        }
        if let After::Close(reason) = run(&mut state) {
            self.close(vm, state, Term::atom(reason));
        }
    }

    /// Looks at or changes an open port. `None` if it is closed.
    pub(crate) fn with<T>(&self, run: impl FnOnce(&mut State) -> T) -> Option<T> {
        let mut state = self.state.lock();
        if matches!(state.driver, Driver::Closed) {
            return None;
        }
        Some(run(&mut state))
    }

    /// Closes the port with this reason, unless it is closed.
    pub(crate) fn close_for(&self, vm: &Vm, reason: Term) -> bool {
        let state = self.state.lock();
        if matches!(state.driver, Driver::Closed) {
            return false;
        }
        self.close(vm, state, reason);
        true
    }

    fn close(&self, vm: &Vm, mut state: parking_lot::MutexGuard<'_, State>, reason: Term) {
        let driver = std::mem::replace(&mut state.driver, Driver::Closed);
        vm.ports.open.write().remove(&self.number);
        let own = Pid::of_port(self.number);
        let common = &mut state.common;
        if let Some(name) = common.registered.take() {
            vm.registry.remove(name, Some(Registered::Port(self.number)));
        }
        common.resume_suspended(vm);
        if common.tracing.is_some() {
            common.event(vm, Flags::PORTS, "closed", |memory| vec![copy::copy(reason, memory)]);
        }
        let (links, watchers) = (std::mem::take(&mut common.links), std::mem::take(&mut common.watchers));
        match driver {
            Driver::Program(program) => program.stop(vm),
            Driver::Descriptor(descriptor) => descriptor.stop(),
            Driver::Tcp(tcp) => tcp.stop(vm, common),
            Driver::Udp(udp) => udp.stop(vm, common),
            Driver::Closed => {}
        }
        drop(state);
        for linked in links {
            let reason = OwnedTerm::new(reason);
            vm.send(Signal::new(own, linked, SignalBody::Exit { reason, linked: true }));
        }
        for (reference, watcher) in watchers {
            let message =
                down_message(watcher.pid, reference, Some(own), watcher.name, watcher.tag.as_deref(), reason);
            vm.send(Signal::new(own, watcher.pid, SignalBody::Down { reference, message }));
        }
    }

    fn signal(&self, vm: &Vm, signal: Signal) {
        let Signal { from, body, .. } = signal;
        let own = Pid::of_port(self.number);
        match body {
            SignalBody::Message { term, fragment } => {
                self.message(vm, term);
                drop(fragment);
            }
            SignalBody::Link => {
                let linked = self.with(|state| {
                    state.common.relation(vm, "getting_linked", from.term());
                    state.common.links.insert(from)
                });
                if linked.is_none() {
                    let reason = OwnedTerm::new(Term::atom(atom::NOPROC));
                    vm.send(Signal::new(own, from, SignalBody::Exit { reason, linked: true }));
                }
            }
            SignalBody::Unlink { id } => {
                self.with(|state| {
                    if state.common.links.remove(&from) {
                        state.common.relation(vm, "getting_unlinked", from.term());
                    }
                });
                vm.send(Signal::new(own, from, SignalBody::UnlinkAck { id }));
            }
            SignalBody::Exit { reason, linked } => self.exit_signal(vm, from, reason.term(), linked),
            SignalBody::Monitor { reference, name, tag } => {
                let watcher = Watcher { pid: from, name, tag };
                let mut state = self.state.lock();
                if matches!(state.driver, Driver::Closed) {
                    drop(state);
                    let noproc = Term::atom(atom::NOPROC);
                    let message = down_message(
                        from,
                        reference,
                        Some(own),
                        watcher.name,
                        watcher.tag.as_deref(),
                        noproc,
                    );
                    vm.send(Signal::new(own, from, SignalBody::Down { reference, message }));
                } else {
                    state.common.watchers.insert(reference, watcher);
                }
            }
            SignalBody::Demonitor { reference } => {
                self.with(|state| state.common.watchers.remove(&reference));
            }
            SignalBody::Ask(run) | SignalBody::Look(run) => run(None),
            SignalBody::AliasMessage { .. }
            | SignalBody::UnlinkAck { .. }
            | SignalBody::Down { .. }
            | SignalBody::GroupLeader { .. }
            | SignalBody::Reply { .. }
            | SignalBody::Refusal { .. }
            | SignalBody::Sequential { .. }
            | SignalBody::Timeout { .. } => {}
        }
    }

    /// An exit signal: a port ends with any reason, except that others than its owner cannot end it with `normal`.
    fn exit_signal(&self, vm: &Vm, from: Pid, reason: Term, linked: bool) {
        let mut state = self.state.lock();
        if matches!(state.driver, Driver::Closed) || (linked && !state.common.links.remove(&from)) {
            return;
        }
        if reason == Term::atom(atom::NORMAL) && from != state.common.connected {
            return;
        }
        let killed = !linked && reason == Term::atom(atom::KILL);
        self.close(vm, state, if killed { Term::atom(atom::KILLED) } else { reason });
    }

    /// `Port ! {Owner, {command, Data} | {connect, Pid} | close}`. Of anything else the owner hears by an exit signal.
    fn message(&self, vm: &Vm, message: Term) {
        let Some(connected) = self.with(|state| state.common.connected) else { return };
        let bad = || {
            let reason = OwnedTerm::new(Term::atom(atom::BADSIG));
            let own = Pid::of_port(self.number);
            vm.send(Signal::new(own, connected, SignalBody::Exit { reason, linked: false }));
        };
        let Some([owner, request]) = message.as_tuple() else { return bad() };
        if owner.as_pid() != Some(connected) {
            return bad();
        }
        if *request == Term::atom(atom::CLOSE) {
            self.with(|state| state.common.asked(vm, connected, *request));
            self.close_for(vm, Term::atom(atom::NORMAL));
            let state = self.state.lock();
            state.common.tell(vm, connected, |memory, own| memory.tuple(&[own, Term::atom(atom::CLOSED)]));
            return;
        }
        match request.as_tuple() {
            Some([verb, data]) if *verb == Term::atom(atom::COMMAND) => {
                match crate::bif::iodata::to_bytes(*data) {
                    Ok(bytes) => {
                        self.work(vm, |state| {
                            state.common.commanded(vm, connected, &bytes);
                            state.command(vm, bytes)
                        });
                    }
                    Err(_) => {
                        self.refuses(vm);
                        bad();
                    }
                }
            }
            Some([verb, pid]) if *verb == Term::atom(atom::CONNECT) => match pid.as_pid() {
                Some(pid) => {
                    self.with(|state| state.common.asked(vm, connected, *request));
                    self.connect(vm, pid);
                    self.with(|state| {
                        state.common.tell(vm, connected, |memory, own| {
                            memory.tuple(&[own, Term::atom(atom::CONNECTED)])
                        });
                    });
                }
                None => bad(),
            },
            _ => bad(),
        }
    }

    /// Says in the log that data was none.
    pub(crate) fn refuses(&self, vm: &Vm) {
        if let Some(title) = self.with(|state| state.common.title.clone()) {
            vm.report_port_data(&title);
        }
    }

    /// Makes `pid` the port's owner, with a link. `false` if the port is closed.
    pub(crate) fn connect(&self, vm: &Vm, pid: Pid) -> bool {
        let linked = self.with(|state| {
            state.common.connected = pid;
            state.common.links.insert(pid)
        });
        if linked == Some(true) {
            vm.send(Signal::new(Pid::of_port(self.number), pid, SignalBody::Link));
        }
        linked.is_some()
    }
}

impl State {
    /// Output by `port_command/2` or a message.
    pub(crate) fn command(&mut self, vm: &Vm, bytes: Vec<u8>) -> After {
        match &mut self.driver {
            Driver::Program(program) => program.command(vm, &mut self.common, bytes),
            Driver::Descriptor(descriptor) => descriptor.command(vm, &mut self.common, bytes),
            Driver::Tcp(tcp) => tcp.command(vm, &mut self.common, bytes),
            Driver::Udp(_) | Driver::Closed => After::Open,
        }
    }

    /// Bytes that wait to be written.
    pub(crate) fn queued(&self) -> usize {
        match &self.driver {
            Driver::Program(program) => program.queued(),
            Driver::Descriptor(descriptor) => descriptor.queued(),
            Driver::Tcp(tcp) => tcp.queued(),
            Driver::Udp(_) | Driver::Closed => 0,
        }
    }
}
