//! Looking at every process, without waiting for the turns of those that are ready or wait.

use super::process::Slot;
use super::signal::Question;
use super::status::Hold;
use super::{Process, Signal, SignalBody};
use crate::sched::dirty::Standing;
use crate::sched::worker;
use crate::term::Pid;
use crate::vm::Vm;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One who looks at every process.
pub(crate) trait Visitor: Send + Sync + 'static {
    /// Looks at a process between its turns. [`ControlFlow::Break`]: the others need not be looked at.
    fn visit(&self, process: &mut Process) -> ControlFlow<()>;

    /// Looks at where a process stands that is in a native function of the dirty pool. False: it has to be asked.
    fn visit_standing(&self, _standing: &Standing) -> bool {
        false
    }

    /// One that was looked at where it stands has to do something when it goes on. Nobody waits for that.
    fn later(&self) -> Option<Question> {
        None
    }

    /// A process that is being run will be looked at when its turn ends.
    fn asks(&self);

    /// One that was asked has been looked at, or is dead.
    fn answered(self: Arc<Self>, vm: &Arc<Vm>);
}

/// Shows every process to the visitor: at once if it is between two turns, and else at the end of its turn. Processes
/// that come into being meanwhile are left out, and `own`, whose turn it is.
pub(crate) fn visit_all<V: Visitor>(vm: &Arc<Vm>, visitor: &Arc<V>, own: Option<Pid>) {
    let _one_at_a_time = vm.visiting.lock();
    for slot in vm.processes.slots() {
        let mut flow = ControlFlow::Continue(());
        let mut is_dirty = false;
        let look = |process: &mut Process| {
            flow = visitor.visit(process);
            is_dirty = process.dirty.is_some();
            process.exiting.is_some()
        };
        // SAFETY: this thread has the lock.
        let (found, queue) = unsafe { slot.hold(look) };
        if queue && is_dirty {
            vm.dirty.submit(vm, slot);
        } else if queue {
            worker::enqueue(vm, slot);
        }
        if found == Hold::Running {
            ask(vm, visitor, slot, own);
        }
        if flow.is_break() {
            return;
        }
    }
}

/// Shows the process in the slot to the visitor at the end of its turn, or where it stands in a native function.
fn ask<V: Visitor>(vm: &Arc<Vm>, visitor: &Arc<V>, slot: &Slot, own: Option<Pid>) {
    // One that nobody finds any more runs no code and holds no terms of others.
    let pid = Pid(slot.pid.load(Ordering::Acquire));
    if pid.0 == super::process::NO_PID || own == Some(pid) {
        return;
    }
    if vm.dirty.look_at(pid, |standing| visitor.visit_standing(standing)) == Some(true) {
        if let Some(question) = visitor.later() {
            vm.send(Signal::new(super::signal::NOBODY, pid, SignalBody::Ask(question)));
        }
        return;
    }
    visitor.asks();
    let (vm_then, visitor) = (vm.clone(), visitor.clone());
    let question: Question = Box::new(move |process| {
        if let Some(process) = process {
            // One that was asked does not count the others.
            let _ = visitor.visit(process);
        }
        visitor.answered(&vm_then);
    });
    vm.send(Signal::new(super::signal::NOBODY, pid, SignalBody::Ask(question)));
}
