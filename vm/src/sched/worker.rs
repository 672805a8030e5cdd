//! A scheduler thread: takes processes from the run queues and gives each its turn.

use super::run_queue::Ready;
use crate::heap::spares::Spares;
use crate::heap::{block, fragment};
use crate::interp::{Context, Outcome, run};
use crate::proc::process::{Slot, Waiting};
use crate::proc::{exit, handle, signal};
use crate::term::Term;
use crate::trace::process as trace;
use crate::trace::{profile, times};
use crate::vm::Vm;
use crossbeam_deque::Worker;
use std::cell::Cell;
use std::sync::Arc;

thread_local! {
    /// The deque of the worker that this thread is.
    static DEQUE: Cell<*const Worker<Ready>> = const { Cell::new(std::ptr::null()) };
    /// And its number.
    static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Puts a process into a run queue: the own one if this thread is a worker.
pub(crate) fn enqueue(vm: &Vm, slot: &Slot) {
    let deque = DEQUE.get();
    if deque.is_null() {
        vm.queues.push(slot);
        vm.watch.relieve(vm);
    } else {
        // SAFETY: set by the worker of this thread, which lives until the thread ends.
        vm.queues.push_local(unsafe { &*deque }, slot);
    }
}

/// Starts the thread of worker `number`. Without a thread for it the machine goes on with those it has.
pub(crate) fn start(vm: &Arc<Vm>, deque: Worker<Ready>, number: usize) -> bool {
    let vm = vm.clone();
    let thread = std::thread::Builder::new().name(format!("scheduler {}", number + 1));
    thread.spawn(move || work(&vm, &deque, number)).is_ok()
}

/// Which scheduler the calling thread is, counted from 1; `None` for a thread of the dirty pool.
pub(crate) fn scheduler_id(vm: &Vm) -> Option<usize> {
    NUMBER.get().map(|number| vm.watch.seat(number) + 1)
}

/// Runs worker `number` until the machine stops.
fn work(vm: &Arc<Vm>, deque: &Worker<Ready>, number: usize) {
    let _guard = super::EndOnPanic;
    DEQUE.set(std::ptr::from_ref(deque));
    NUMBER.set(Some(number));
    vm.watch.enter(number);
    vm.watch.works(number, true);
    keep_spares();
    let mut context = Context::new(vm, vm.watch.hurry(number));
    let (mut turn, mut left) = (0_u32, 0);
    while !vm.queues.stopping() {
        turn = turn.wrapping_add(1);
        let work = std::mem::take(&mut context.work);
        let Some(ready) = vm.queues.pop(deque, number, turn, work, &mut left) else {
            block::release_spare();
            vm.watch.works(number, false);
            let at_work = vm.watch.at_work();
            let seat = vm.watch.seat(number) + 1;
            profile::scheduler(vm, seat, false, at_work);
            vm.queues.park();
            vm.watch.works(number, true);
            profile::scheduler(vm, seat, true, vm.watch.at_work());
            vm.watch.worker_awake();
            continue;
        };
        context.waiting = deque.len();
        // SAFETY: slots live as long as the machine; the queue gave this process to this worker alone.
        let replaced = unsafe { give_turns(vm, &mut context, deque, number, &*ready.0) };
        if replaced {
            vm.queues.leave(deque, number);
            block::release_spare();
            vm.watch.works(number, false);
            if !vm.watch.stand_by(number, &vm.queues) {
                break;
            }
            vm.watch.works(number, true);
        }
    }
    DEQUE.set(std::ptr::null());
    NUMBER.set(None);
    block::release_spare();
    fragment::SPARES.with(Spares::release);
    signal::SPARES.with(Spares::release);
}

/// This thread frees and makes much: from now on it keeps some of what it frees.
fn keep_spares() {
    block::keep_spare();
    fragment::SPARES.with(Spares::keep);
    signal::SPARES.with(Spares::keep);
}

/// Turns of the process in `slot`: more than one while nobody is behind it, without a way through the queue. True:
/// another worker has taken this one's place.
///
/// # Safety
/// The caller took the slot from a run queue.
unsafe fn give_turns(
    vm: &Arc<Vm>,
    context: &mut Context,
    deque: &Worker<Ready>,
    number: usize,
    slot: &Slot,
) -> bool {
    let post = vm.watch.post(number);
    loop {
        post.begin();
        // SAFETY: by the contract; after a turn that ends with true the process is in no queue.
        let again = unsafe { give_turn(vm, context, slot) };
        if post.end() {
            if again {
                vm.queues.push(slot);
            }
            return true;
        }
        if !again {
            return false;
        }
        if vm.queues.stopping() || vm.queues.has_others(deque) {
            enqueue(vm, slot);
            return false;
        }
    }
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
    let failure = process.uncommon.as_mut().and_then(|uncommon| uncommon.failure.take());
    if process.tracing.is_some() {
        trace::scheduled(vm, process, "in");
    }
    if vm.trace.profile.of_processes() {
        profile::process(vm, process, profile::State::Runs);
    }
    if process.uncommon.is_some() {
        times::scheduled(process, true);
    }
    process.in_turn = true;
    let (begin, from) = (vm.flags.monitor.begin(), process.ip);
    let outcome = run::run(context, process, failure.map(|failure| *failure));
    process.in_turn = false;
    if let Some(begin) = begin {
        vm.flags.monitor.turned(vm, process, begin, from);
    }
    if process.tracing.is_some() && outcome != Outcome::Exit {
        trace::scheduled(vm, process, "out");
    }
    if outcome != Outcome::Exit {
        // Who asked something of the process, as it was being run, waits for this turn alone.
        handle::handle_all(vm, process, slot);
    }
    if process.uncommon.is_some() {
        times::scheduled(process, false);
    }
    if process.profiled && (outcome == Outcome::Exit || process.is_waiting()) {
        let ended = outcome == Outcome::Exit;
        profile::process(vm, process, if ended { profile::State::Ended } else { profile::State::Waits });
    }
    match outcome {
        Outcome::Continue | Outcome::Yield => {
            slot.end_yielding();
            true
        }
        Outcome::Wait if process.exiting.is_some() || matches!(process.waiting, Waiting::No) => {
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
