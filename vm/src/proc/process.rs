//! A process: the part that only its runner touches ([`Process`]) and the part that everybody sees ([`Slot`]).

use super::dictionary::Dictionary;
use super::kept_calls::KeptCalls;
use super::mailbox::Mailbox;
use super::relations::Relations;
use super::signal::SignalQueue;
use super::status::{Hold, Status};
use super::uncommon::Uncommon;
use crate::atom::{self, Atom};
use crate::bif::Native;
use crate::code::export_table::Export;
use crate::heap::Heap;
use crate::heap::copy::OwnedTerm;
use crate::heap::sizing::HeapLimit;
use crate::sched::priority::Priority;
use crate::sched::timer_wheel::TimerId;
use crate::term::{Pid, Term};
use crate::trace::Tracing;
use crate::trace::sequential::Sequential;
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// A place of the process table. Its memory is never freed, only used again.
pub(crate) struct Slot {
    pub(crate) pid: AtomicU64,
    status: Status,
    pub(crate) priority: AtomicU8,
    /// A timer may be set that sends to the process by its pid.
    pub(crate) timed: AtomicBool,
    pub(crate) signals: SignalQueue,
    process: UnsafeCell<Option<Process>>,
}

/// `pid` of a slot without a process.
pub(crate) const NO_PID: u64 = super::places::NOBODY;

// SAFETY: `process` is only reached by whoever brought the status from `Queued` to `Running` (one thread at a
// time, handed over through the run queues), or holds it between its turns; everything else is atomic.
unsafe impl Sync for Slot {}
// SAFETY: as above.
unsafe impl Send for Slot {}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slot({})", self.pid.load(Ordering::Relaxed))
    }
}

impl Slot {
    /// Its size, without what its process has elsewhere.
    pub(crate) const BYTES: usize = size_of::<Self>();

    pub(crate) fn new() -> Self {
        Self {
            pid: AtomicU64::new(NO_PID),
            status: Status::new(),
            priority: AtomicU8::new(Priority::Normal as u8),
            timed: AtomicBool::new(false),
            signals: SignalQueue::new_closed(),
            process: UnsafeCell::new(None),
        }
    }

    /// Puts a new process in, not yet queued.
    ///
    /// # Safety
    /// The caller has taken the free slot for itself.
    pub(crate) unsafe fn occupy(&self, process: Process) {
        let pid = process.pid;
        self.priority.store(process.priority as u8, Ordering::Relaxed);
        // SAFETY: by the contract nobody else reaches the slot.
        unsafe { *self.process.get() = Some(process) };
        self.signals.open();
        // Before it can run: a signal for the slot's last process may wake this one as soon as it has a status.
        self.pid.store(pid.0, Ordering::Release);
        self.status.occupy();
    }

    /// Something happened to the process: must the caller put it into a run queue?
    pub(crate) fn notify(&self) -> bool {
        self.status.notify()
    }

    /// A worker took the process from a queue: it is the runner now. `None`: somebody holds the process, and will queue
    /// it again.
    ///
    /// # Safety
    /// The caller took the slot from a run queue, where it stands once.
    #[allow(clippy::mut_from_ref, reason = "the status gives the runner the exclusive right")]
    pub(crate) unsafe fn begin(&self) -> Option<&mut Process> {
        if !self.status.begin() {
            return None;
        }
        // SAFETY: the runner alone reaches the process.
        unsafe { (*self.process.get()).as_mut() }
    }

    /// Looks at the process if it is between its turns: `look` says whether it has got something to do. What was found,
    /// and whether the caller must queue the process.
    ///
    /// # Safety
    /// One thread does so at a time.
    pub(crate) unsafe fn hold(&self, look: impl FnOnce(&mut Process) -> bool) -> (Hold, bool) {
        let hold = self.status.hold();
        if hold != Hold::Held {
            return (hold, false);
        }
        // SAFETY: the holder alone reaches the process.
        let wanted = unsafe { (*self.process.get()).as_mut() }.is_some_and(look);
        (hold, self.status.let_go(wanted))
    }

    /// The runner stops, the process waits: must it be queued again because a signal came meanwhile?
    pub(crate) fn end_waiting(&self) -> bool {
        self.status.end_waiting()
    }

    /// The runner stops and will queue the process again.
    pub(crate) fn end_yielding(&self) {
        self.status.end_yielding();
    }

    /// The process is gone. Drops its memory.
    ///
    /// # Safety
    /// The caller is the runner, and the signal queue is closed.
    pub(crate) unsafe fn vacate(&self) {
        // SAFETY: the runner alone reaches the process.
        unsafe { *self.process.get() = None };
        self.status.vacate();
    }
}

/// Why a process does not run on.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// It does.
    No,
    /// In a `receive`: any message wakes it.
    Message,
    /// For the answer with this number.
    Reply(u64),
    /// For `resume_process`.
    Suspended,
}

/// Timer of the `receive` being executed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceiveTimer {
    timer: TimerId,
    /// What the signal carries that says that it has run out; or one of the two below.
    number: u64,
}

impl ReceiveTimer {
    const NONE: u64 = 0;
    const OUT: u64 = u64::MAX;
    /// None is set.
    pub(crate) const UNSET: Self = Self { timer: TimerId::NEVER, number: Self::NONE };
    /// It has run out.
    pub(crate) const FIRED: Self = Self { timer: TimerId::NEVER, number: Self::OUT };

    /// It runs, and a signal with this number says that it has run out.
    pub(crate) fn set(timer: TimerId, number: u64) -> Self {
        Self { timer, number }
    }

    /// The timer, if it runs.
    pub(crate) fn running(self) -> Option<TimerId> {
        (self.number != Self::NONE && self.number != Self::OUT).then_some(self.timer)
    }

    /// Does it run, and end by the signal with this number?
    pub(crate) fn ends_by(self, number: u64) -> bool {
        self.running().is_some() && self.number == number
    }

    /// Has it run out?
    pub(crate) fn has_fired(self) -> bool {
        self.number == Self::OUT
    }
}

/// A process, seen by its runner.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) heap: Heap,
    /// Where to go on. The X registers live there are on top of the stack, X0 first.
    pub(crate) ip: *const u64,
    pub(crate) live: u32,
    pub(crate) waiting: Waiting,
    pub(crate) timer: ReceiveTimer,
    pub(crate) mailbox: Mailbox,
    /// The current message is being looked at: registers may refer to its memory.
    pub(crate) inspecting: bool,
    /// In the middle of a turn, with live terms in registers that are not on the stack.
    pub(crate) in_turn: bool,
    /// In `erlang:hibernate/3`, until it runs again.
    pub(crate) hibernating: bool,
    pub(crate) trap_exit: bool,
    pub(crate) off_heap_messages: bool,
    pub(crate) sensitive: bool,
    pub(crate) priority: Priority,
    pub(crate) exiting: Option<Box<OwnedTerm>>,
    pub(crate) registered: Option<Atom>,
    pub(crate) dictionary: Dictionary,
    pub(crate) relations: Option<Box<Relations>>,
    pub(crate) group_leader: Term,
    /// Reductions of finished turns.
    pub(crate) reductions: u64,
    pub(crate) initial_call: (Atom, Atom, u32),
    pub(crate) parent: Pid,
    pub(crate) error_handler: Atom,
    /// A native function to be run by a thread that may block.
    pub(crate) dirty: Option<&'static Native>,
    pub(crate) suspend_count: u32,
    /// What few processes have.
    pub(crate) uncommon: Option<Box<Uncommon>>,
    /// What is traced of it.
    pub(crate) tracing: Option<Box<Tracing>>,
    /// The system profile has been told that it is runnable.
    pub(crate) profiled: bool,
    /// Its token of sequential tracing, and what it has seen of others.
    pub(crate) sequential: Option<Box<Sequential>>,
}

// SAFETY: a process is owned by its slot and reached by one runner at a time.
unsafe impl Send for Process {}

/// How a new process is set up.
#[derive(Clone, Debug)]
pub(crate) struct SpawnOptions {
    pub(crate) priority: Priority,
    pub(crate) min_heap_size: usize,
    pub(crate) fullsweep_after: u16,
    pub(crate) heap_limit: HeapLimit,
    pub(crate) min_binary_words: usize,
    pub(crate) off_heap_messages: bool,
}

/// Words of binaries of a process that has asked for no other number.
pub(crate) const MIN_BINARY_WORDS: usize = 46422;

impl Default for SpawnOptions {
    fn default() -> Self {
        Self {
            priority: Priority::Normal,
            min_heap_size: 0,
            fullsweep_after: 65535,
            heap_limit: HeapLimit::NONE,
            min_binary_words: MIN_BINARY_WORDS,
            off_heap_messages: false,
        }
    }
}

/// Words of heap of a process that has not collected yet. Most processes wait for most of their life, and
/// never need more.
const FIRST_HEAP: usize = 24;

impl Process {
    pub(crate) fn new(pid: Pid, parent: Pid, options: &SpawnOptions, words: usize) -> Self {
        let first = words.max(FIRST_HEAP).max(options.min_heap_size);
        let mut heap = Heap::new(first, options.min_heap_size, options.fullsweep_after);
        heap.limit = options.heap_limit;
        Self {
            pid,
            heap,
            ip: std::ptr::null(),
            live: 0,
            waiting: Waiting::No,
            timer: ReceiveTimer::UNSET,
            mailbox: Mailbox::default(),
            inspecting: false,
            in_turn: false,
            hibernating: false,
            trap_exit: false,
            off_heap_messages: options.off_heap_messages,
            sensitive: false,
            priority: options.priority,
            exiting: None,
            registered: None,
            dictionary: Dictionary::default(),
            relations: None,
            group_leader: Term::pid(pid),
            reductions: 0,
            initial_call: (atom::ERLANG, atom::APPLY, 2),
            parent,
            error_handler: atom::ERROR_HANDLER,
            dirty: None,
            suspend_count: 0,
            uncommon: Uncommon::of(options),
            tracing: None,
            sequential: None,
            profiled: false,
        }
    }

    /// Sets the process up to call `export` with `arguments` (terms of its own heap), and to end when that
    /// returns to `end`. It calls the code that is current when it first runs.
    pub(crate) fn start(&mut self, export: &Export, end: *const u64, arguments: &[Term]) {
        // SAFETY: a new process has room for its arguments and the return address.
        unsafe {
            let mut stack = self.heap.stack.sub(1);
            *stack = end as u64;
            stack = stack.sub(arguments.len());
            std::ptr::copy_nonoverlapping(arguments.as_ptr().cast(), stack, arguments.len());
            self.heap.stack = stack;
            self.ip = export.begin();
        }
        self.live = arguments.len() as u32;
    }

    /// Does it wait for something, with nothing that would wake it?
    pub(crate) fn is_waiting(&self) -> bool {
        !matches!(self.waiting, Waiting::No) && self.exiting.is_none()
    }

    /// What few processes have, which this one shall have.
    pub(crate) fn uncommon(&mut self) -> &mut Uncommon {
        self.uncommon.get_or_insert_default()
    }

    /// How many words of binaries it may refer to at least before that asks for a collection.
    pub(crate) fn min_binary_words(&self) -> usize {
        let asked = self.uncommon.as_ref().and_then(|uncommon| uncommon.min_binary_words);
        asked.unwrap_or(MIN_BINARY_WORDS)
    }

    /// The last calls, where `process_flag(save_calls, _)` has asked for them.
    #[inline]
    pub(crate) fn kept_calls(&mut self) -> Option<&mut KeptCalls> {
        self.uncommon.as_mut()?.kept_calls.as_mut()
    }

    /// The links, monitors and aliases of one that may get some.
    pub(crate) fn relations(&mut self) -> &mut Relations {
        self.relations.get_or_insert_with(Box::default)
    }

    /// Collects. `registers` are the live X registers, where they are not on the stack.
    pub(crate) fn collect(
        &mut self,
        need: usize,
        major: bool,
        registers: &mut [Term],
    ) -> Result<usize, crate::heap::GcError> {
        if self.inspecting
            && let Some(fragment) = self.mailbox.adopt_current()
        {
            // Registers may refer to the message: it becomes part of this heap.
            self.heap.adopt(fragment);
        }
        let mut adopted: Vec<Term> = self.mailbox.adopted().map(|term| *term).collect();
        let mut leader = [self.group_leader];
        let result = crate::heap::gc::collect(
            &mut self.heap,
            need,
            major,
            &mut [registers, self.dictionary.roots(), &mut leader, &mut adopted],
        );
        self.group_leader = leader[0];
        for (term, moved) in self.mailbox.adopted().zip(adopted) {
            *term = moved;
        }
        result
    }

    /// The X registers saved on the stack, as the roots they are: nothing to do, the stack is scanned whole.
    /// Makes room on the stack for `words` more, collecting if needed.
    pub(crate) fn ensure_stack(&mut self, words: usize) -> Result<(), crate::heap::GcError> {
        if self.heap.free_words() < words + crate::heap::STACK_MARGIN {
            self.collect(words + crate::heap::STACK_MARGIN, false, &mut [])?;
        }
        Ok(())
    }
}
