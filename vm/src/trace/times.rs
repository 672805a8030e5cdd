//! `call_time`: how long processes are in functions, without what those call that is timed too.
//!
//! A process knows which timed function it is in and since when. A frame on the stack says which one it was in before;
//! tail calls among timed functions push none, so that loops do not grow the stack.

use super::breakpoint::{Breakpoint, Mfa};
use crate::heap::Build;
use crate::proc::Process;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Calls of one function by one process.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    calls: u64,
    time: Duration,
}

/// What is known of one function.
#[derive(Debug, Default)]
pub(crate) struct Times(Mutex<HashMap<Pid, Sum>>);

impl Times {
    pub(crate) fn forget(&self) {
        self.0.lock().clear();
    }

    /// `[{Pid, Calls, Seconds, Microseconds}]`.
    pub(crate) fn term(&self, memory: &mut dyn Build) -> Term {
        let mut sums: Vec<(Pid, Sum)> = self.0.lock().iter().map(|(pid, sum)| (*pid, *sum)).collect();
        sums.sort_by_key(|(pid, _)| pid.0);
        let mut list = Vec::new();
        for (pid, sum) in sums {
            let parts = [sum.calls, sum.time.as_secs(), u64::from(sum.time.subsec_micros())];
            let [calls, seconds, micro] = parts.map(|part| memory.unsigned(part));
            list.push(memory.tuple(&[Term::pid(pid), calls, seconds, micro]));
        }
        memory.list(&list)
    }
}

/// Where a process is, among timed functions.
#[derive(Debug)]
pub(crate) struct CallTime {
    current: Option<Arc<Breakpoint>>,
    since: Instant,
}

/// Where this process is, if it has been in any.
fn of(process: &mut Process) -> Option<&mut CallTime> {
    process.uncommon.as_mut()?.call_time.as_mut()
}

/// Charges the function that the process is in for the time since it was charged last.
fn charge(process: &mut Process) {
    let pid = process.pid;
    let Some(place) = of(process) else { return };
    let now = Instant::now();
    if let Some(breakpoint) = &place.current {
        breakpoint.times.0.lock().entry(pid).or_default().time += now - place.since;
    }
    place.since = now;
}

/// A timed function is called. Answers the one that the process was in.
pub(crate) fn enter(process: &mut Process, breakpoint: Arc<Breakpoint>) -> Option<Mfa> {
    charge(process);
    let pid = process.pid;
    breakpoint.times.0.lock().entry(pid).or_default().calls += 1;
    let place =
        process.uncommon().call_time.get_or_insert_with(|| CallTime { current: None, since: Instant::now() });
    place.current.replace(breakpoint).map(|former| former.mfa)
}

/// A timed function is left for the one that the process was in before.
pub(crate) fn leave(vm: &Vm, process: &mut Process, former: Option<Mfa>) {
    charge(process);
    let former = former.and_then(|mfa| vm.trace.breakpoints.find(mfa));
    if let Some(place) = of(process) {
        place.current = former.filter(|breakpoint| breakpoint.modes.read().timed);
    }
}

/// The process leaves its turn, or gets one: what lies between belongs to no function.
pub(crate) fn scheduled(process: &mut Process, gets_turn: bool) {
    if !gets_turn {
        charge(process);
    } else if let Some(place) = of(process) {
        place.since = Instant::now();
    }
}
