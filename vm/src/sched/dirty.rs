//! The dirty pool: threads for native functions that may block or take long. A process goes there whole and
//! comes back to the run queues with its result.

use super::run_queue::Ready;
use crate::atom;
use crate::bif::{Blamed, DirtyFailure, Interrupt, NativeContext};
use crate::heap::GcError;
use crate::heap::copy::OwnedTerm;
use crate::proc::process::Slot;
use crate::proc::signal::Question;
use crate::proc::{Process, handle};
use crate::term::{Pid, Term};
use crate::vm::{DirtyThreads, Vm};
use hashbrown::HashMap;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::thread::Builder;

/// Most threads of the pool.
const MAX_THREADS: usize = 16;

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Ready>,
    threads: usize,
    idle: usize,
    stop: bool,
}

/// Where a process stands that is in a native function of the pool: that touches neither its stack nor its place.
pub(crate) struct Standing {
    ip: usize,
    stack: usize,
    words: usize,
    /// The process, while its function waits for something outside and leaves it alone.
    aside: Option<Aside>,
    /// What is to be asked of it when the function has ended.
    later: Vec<Question>,
}

impl std::fmt::Debug for Standing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Standing").field("ip", &self.ip).finish_non_exhaustive()
    }
}

/// A process that its function has left alone.
struct Aside(*mut Process);

// SAFETY: used only under the lock of the pool, and taken back under it before the function goes on.
unsafe impl Send for Aside {}

impl Standing {
    fn of(process: &Process) -> Self {
        let heap = &process.heap;
        Self {
            ip: process.ip.addr(),
            stack: heap.stack.expose_provenance(),
            words: heap.stack_words(),
            aside: None,
            later: Vec::new(),
        }
    }

    /// Where it goes on.
    pub(crate) fn ip(&self) -> *const u64 {
        std::ptr::without_provenance(self.ip)
    }

    /// Its stack.
    pub(crate) fn stack(&self) -> &[u64] {
        let start: *const u64 = std::ptr::with_exposed_provenance(self.stack);
        // SAFETY: the words of the live stack; whoever has this keeps the process from leaving its native function.
        unsafe { std::slice::from_raw_parts(start, self.words) }
    }
}

/// The pool.
#[derive(Debug, Default)]
pub(crate) struct DirtyPool {
    /// Where the processes stand that are in native functions now, by their pids.
    standing: Mutex<HashMap<Pid, Standing>>,
    queue: Mutex<Queue>,
    wake: Condvar,
}

impl DirtyPool {
    /// Hands over a process whose `dirty` call is set. The caller was its runner and is no more.
    pub(crate) fn submit(&self, vm: &Arc<Vm>, slot: &Slot) {
        let mut queue = self.queue.lock();
        queue.waiting.push_back(Ready(std::ptr::from_ref(slot)));
        if queue.idle >= queue.waiting.len() || queue.threads >= MAX_THREADS {
            self.wake.notify_one();
            return;
        }
        queue.threads += 1;
        drop(queue);
        if start(vm).is_err() {
            self.queue.lock().threads -= 1;
        }
    }

    /// Looks at where a process stands, if it is in a native function of the pool. It stays there meanwhile.
    pub(crate) fn look_at<R>(&self, pid: Pid, look: impl FnOnce(&Standing) -> R) -> Option<R> {
        self.standing.lock().get(&pid).map(look)
    }

    /// Does what may take for ever, as waiting for a pipe, while others may look at the process and handle its signals.
    pub(crate) fn aside<R>(&self, vm: &Vm, process: &mut Process, work: impl FnOnce() -> R) -> R {
        let pid = process.pid;
        let leave = |aside: Option<Aside>| {
            if let Some(standing) = self.standing.lock().get_mut(&pid) {
                standing.aside = aside;
            }
        };
        leave(Some(Aside(process)));
        // What came before that was seen has nobody else to handle it.
        self.attend(vm, pid);
        let result = work();
        leave(None);
        result
    }

    /// Handles the signals of a process that its native function has left alone.
    pub(crate) fn attend(&self, vm: &Vm, pid: Pid) {
        let mut strange = Vec::new();
        let mut all = self.standing.lock();
        if let Some(standing) = all.get_mut(&pid)
            && let Some(Aside(process)) = standing.aside
            && let Some(slot) = vm.processes.find(pid)
        {
            // SAFETY: its function does nothing with the process until it has had the lock, which this thread has.
            let process = unsafe { &mut *process };
            handle::handle_aside(vm, process, slot, &mut standing.later, &mut strange);
        }
        drop(all);
        strange.into_iter().for_each(|signal| vm.dead_letter(Box::new(signal)));
    }

    pub(crate) fn stop(&self) {
        self.queue.lock().stop = true;
        self.wake.notify_all();
    }
}

/// Starts a thread, with the stack that is wanted or else the usual one.
fn start(vm: &Arc<Vm>) -> io::Result<()> {
    let DirtyThreads { stack, begin } = vm.config.dirty_threads;
    let named = || Builder::new().name("dirty".into());
    let (first, second) = (vm.clone(), vm.clone());
    let with_stack = named().stack_size(stack).spawn(move || {
        begin();
        work(&first);
    });
    with_stack.or_else(|_| named().spawn(move || work(&second))).map(drop)
}

fn work(vm: &Arc<Vm>) {
    let _guard = super::EndOnPanic;
    let mut is_counted_idle = false;
    loop {
        let ready = {
            let mut queue = vm.dirty.queue.lock();
            queue.idle += usize::from(!std::mem::replace(&mut is_counted_idle, true));
            loop {
                if queue.stop {
                    return;
                }
                if let Some(ready) = queue.waiting.pop_front() {
                    queue.idle -= 1;
                    is_counted_idle = false;
                    break ready;
                }
                vm.dirty.wake.wait(&mut queue);
            }
        };
        // SAFETY: slots live as long as the machine; this thread took the process over from its runner.
        unsafe {
            let slot = &*ready.0;
            if run(vm, slot) {
                // Whoever goes on with the process and soon comes back here finds this thread free.
                vm.dirty.queue.lock().idle += 1;
                is_counted_idle = true;
                vm.queues.push(slot);
            }
        }
    }
}

/// Runs the call; true: the process is to be queued again.
///
/// # Safety
/// The caller has taken the process over from its runner.
unsafe fn run(vm: &Arc<Vm>, slot: &Slot) -> bool {
    // SAFETY: by the contract.
    let Some(process) = (unsafe { slot.begin() }) else { return false };
    if let Some(native) = process.dirty.take() {
        let arity = native.arity as usize;
        let saved = arity.max(1);
        // SAFETY: the call's arguments are on top of the stack.
        let arguments: Vec<Term> =
            unsafe { std::slice::from_raw_parts(process.heap.stack.cast::<Term>(), arity) }.to_vec();
        let mut reductions = 0;
        let pid = process.pid;
        vm.dirty.standing.lock().insert(pid, Standing::of(process));
        process.in_turn = true;
        let result = (native.run)(&mut NativeContext::new(process, vm, &raw mut reductions), &arguments);
        process.in_turn = false;
        let stood = vm.dirty.standing.lock().remove(&pid);
        let later = stood.map(|standing| standing.later).unwrap_or_default();
        // SAFETY: the saved arguments give way to the one result.
        unsafe { process.heap.stack = process.heap.stack.add(saved - 1) };
        process.live = 1;
        match result {
            Ok(value) => {
                // SAFETY: one saved word is left on the stack.
                unsafe { *process.heap.stack = value.0 };
                collect(vm, process);
            }
            Err(Interrupt::Exception(exception)) => {
                let arguments = Blamed::Here(arguments);
                process.uncommon().failure =
                    Some(Box::new(DirtyFailure { exception: *exception, native, arguments }));
            }
            Err(_) => {
                // SAFETY: as above.
                unsafe { *process.heap.stack = Term::NIL.0 };
            }
        }
        later.into_iter().for_each(|question| question(Some(process)));
    }
    slot.end_yielding();
    true
}

/// Collects if the result wants it: here, where it holds up nobody.
fn collect(vm: &Vm, process: &mut Process) {
    if process.heap.wants_collection()
        && let Err(GcError::MaxHeapSize(words)) = process.collect(0, false, &mut [])
    {
        vm.report_heap_limit(process, words);
        process.exiting = Some(Box::new(OwnedTerm::new(Term::atom(atom::KILLED))));
    }
}
