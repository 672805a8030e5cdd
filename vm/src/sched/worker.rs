//! A scheduler thread: takes processes from the run queues and gives each its turn.

use super::run_queue::Ready;
use crate::heap::block;
use crate::interp::{Context, Outcome, run};
use crate::proc::process::{Slot, Waiting};
use crate::proc::{exit, handle};
use crate::term::Term;
use crate::trace::process as trace;
use crate::vm::Vm;
use crossbeam_deque::Worker;
use std::cell::Cell;
use std::sync::Arc;

thread_local! {
    /// The deque of the worker that this thread is.
    static DEQUE: Cell<*const Worker<Ready>> = const { Cell::new(std::ptr::null()) };
}

/// Puts a process into a run queue: the own one if this thread is a worker.
pub(crate) fn enqueue(vm: &Vm, slot: &Slot) {
    let deque = DEQUE.get();
    if deque.is_null() {
        vm.queues.push(slot);
    } else {
        // SAFETY: set by the worker of this thread, which lives until the thread ends.
        vm.queues.push_local(unsafe { &*deque }, slot);
    }
}

/// Runs worker `number` until the machine stops.
pub(crate) fn work(vm: &Arc<Vm>, deque: &Worker<Ready>, number: usize) {
    DEQUE.set(std::ptr::from_ref(deque));
    block::keep_spare();
    let mut context = Context::new(vm);
    let mut turn: u32 = 0;
    while !vm.queues.stopping() {
        turn = turn.wrapping_add(1);
        match vm.queues.pop(deque, number, turn) {
            // SAFETY: slots live as long as the machine; the queue gave this process to this worker alone.
            Some(ready) => unsafe {
                // A process with nobody behind it goes on here, without a way through the queue.
                while give_turn(vm, &mut context, &*ready.0) {
                    if vm.queues.stopping() || vm.queues.has_others(deque) {
                        enqueue(vm, &*ready.0);
                        break;
                    }
                }
            },
            None => {
                block::release_spare();
                vm.queues.park();
            }
        }
    }
    DEQUE.set(std::ptr::null());
    block::release_spare();
}

/// One turn of the process in `slot`. True: it is ready for another, and in no queue.
///
/// # Safety
/// The caller took the slot from a run queue.
unsafe fn give_turn(vm: &Arc<Vm>, context: &mut Context, slot: &Slot) -> bool {
    // SAFETY: by the contract.
    let Some(process) = (unsafe { slot.begin() }) else { return false };
    handle::handle_all(vm, process, slot);
    if let Some(reason) = process.exiting.take() {
        let reason = reason.copy_to(&mut process.heap);
        exit::terminate(vm, slot, process, reason);
        return false;
    }
    let suspended = process.suspend_count > 0 || !matches!(process.waiting, Waiting::No);
    if suspended {
        return slot.end_waiting();
    }
    let failure = process.failure.take();
    if process.tracing.is_some() {
        trace::scheduled(vm, process, "in");
    }
    process.in_turn = true;
    let outcome = run::run(context, process, failure.map(|failure| *failure));
    process.in_turn = false;
    if process.tracing.is_some() && outcome != Outcome::Exit {
        trace::scheduled(vm, process, "out");
    }
    match outcome {
        Outcome::Continue | Outcome::Yield => {
            slot.end_yielding();
            true
        }
        Outcome::Wait => slot.end_waiting(),
        Outcome::Exit => {
            let reason = if context.finished { Term::atom(crate::atom::NORMAL) } else { context.exit_reason };
            exit::terminate(vm, slot, process, reason);
            false
        }
        Outcome::Dirty => {
            slot.end_yielding();
            vm.dirty.submit(vm, slot);
            false
        }
    }
}
