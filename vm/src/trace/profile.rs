//! `system_profile`: one process is told when processes become runnable and when they wait, and when schedulers have
//! work and when they have none.

use super::flags::Flags;
use super::{mfa, timestamp};
use crate::bif::argument::named;
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::proc::Process;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

const EXCLUSIVE: u8 = 1;
const SCHEDULER: u8 = 2;
const PROCESSES: u8 = 4;
const PORTS: u8 = 8;

/// The options, in the order in which `system_profile/0` shows them.
const OPTIONS: &[(&str, u8)] = &[
    ("exclusive", EXCLUSIVE),
    ("scheduler", SCHEDULER),
    ("runnable_procs", PROCESSES),
    ("runnable_ports", PORTS),
];

/// Who is told, and of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pid: Pid,
    wanted: u8,
    time: Flags,
}

impl Settings {
    pub(crate) fn new(pid: Pid) -> Self {
        Self { pid, wanted: 0, time: Flags::TIMESTAMP }
    }

    /// Takes one option; `false`: there is none of this name.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        match name {
            "timestamp" => self.time = Flags::TIMESTAMP,
            "monotonic_timestamp" => self.time = Flags::MONOTONIC,
            "strict_monotonic_timestamp" => self.time = Flags::STRICT_MONOTONIC,
            _ => match OPTIONS.iter().find(|(own, _)| *own == name) {
                Some((_, bit)) => self.wanted |= bit,
                None => return false,
            },
        }
        true
    }

    /// Is anything to be told?
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted == 0
    }

    /// The names of what is told.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        OPTIONS.iter().filter(|(_, bit)| self.wanted & bit != 0).map(|(name, _)| *name)
    }
}

/// The profile of a machine.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// What is wanted; 0 where nobody wants anything.
    wanted: AtomicU8,
    settings: Mutex<Option<Settings>>,
}

impl Profile {
    /// The settings, unless the process that is told has ended.
    pub(crate) fn current(&self, vm: &Vm) -> Option<Settings> {
        let mut settings = self.settings.lock();
        if settings.is_some_and(|settings| vm.processes.find(settings.pid).is_none()) {
            *settings = None;
            self.wanted.store(0, Ordering::Relaxed);
        }
        *settings
    }

    pub(crate) fn set(&self, settings: Option<Settings>) {
        *self.settings.lock() = settings;
        self.wanted.store(settings.map_or(0, |settings| settings.wanted), Ordering::Relaxed);
    }

    /// Is anything about processes to be told?
    pub(crate) fn of_processes(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) & PROCESSES != 0
    }
}

fn tell(vm: &Vm, settings: &Settings, parts: impl FnOnce(&mut dyn Build) -> Vec<Term>) {
    let message = OwnedTerm::build(|memory| {
        let mut elements = vec![named("profile")];
        elements.extend(parts(memory));
        elements.push(timestamp(vm, settings.time, memory));
        memory.tuple(&elements)
    });
    vm.send_message(settings.pid, message);
}

/// What a process does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Runs,
    Waits,
    /// It has ended, and is nowhere.
    Ended,
}

/// A process has become runnable, waits now or has ended. To be called where [`Profile::of_processes`] says so.
pub(crate) fn process(vm: &Vm, process: &mut Process, state: State) {
    let active = state == State::Runs;
    if process.profiled == active {
        return;
    }
    process.profiled = active;
    let Some(settings) = vm.trace.profile.current(vm).filter(|settings| settings.pid != process.pid) else {
        return;
    };
    let place = crate::code::stacktrace::mfa_at(vm, process.ip).unwrap_or(process.initial_call);
    let pid = process.pid;
    tell(vm, &settings, |memory| {
        let place = if state == State::Ended { Term::small(0) } else { mfa(memory, place) };
        vec![pid.term(), named(if active { "active" } else { "inactive" }), place]
    });
}

/// The scheduler of this number has work, or none; `count` are at work now.
pub(crate) fn scheduler(vm: &Vm, number: usize, active: bool, count: usize) {
    if vm.trace.profile.wanted.load(Ordering::Relaxed) & SCHEDULER == 0 {
        return;
    }
    let Some(settings) = vm.trace.profile.current(vm) else { return };
    tell(vm, &settings, |_| {
        let state = named(if active { "active" } else { "inactive" });
        vec![named("scheduler"), Term::small(number as i64), state, Term::small(count as i64)]
    });
}
