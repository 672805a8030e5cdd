//! The context of one scheduler thread: X registers, float registers, and the process being run.

use crate::bif::Interrupt;
use crate::code::lead::Generation;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::proc::kept_calls::WATCHED;
use crate::term::Term;
use crate::vm::Vm;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Number of X registers: those of code, and one for the loader's own moves.
pub(crate) const X_REGISTERS: usize = 1025;
/// Number of float registers.
pub(crate) const FLOAT_REGISTERS: usize = 64;

/// Why a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did not: the loop goes on at `resume`.
    Continue,
    /// Reductions used up: to the end of the queue.
    Yield,
    /// Waits for a signal.
    Wait,
    /// Ends with the exception in the context, or normally.
    Exit,
    /// A native function for the dirty pool.
    Dirty,
}

/// Where the loop goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resume {
    pub(crate) ip: *const u64,
    pub(crate) sp: *mut u64,
    pub(crate) hp: *mut u64,
    pub(crate) accumulator: Term,
}

/// State of the thread that handlers reach through one pointer. X registers come first, at offset 0.
#[repr(C)]
pub(crate) struct Context {
    pub(crate) x: [Term; X_REGISTERS],
    pub(crate) floats: [f64; FLOAT_REGISTERS],
    pub(crate) process: *mut Process,
    /// Which targets of calls count (see `code::lead`).
    pub(crate) generation: *const Generation,
    pub(crate) vm: *const Arc<Vm>,
    /// Whether native functions have to look for breakpoints.
    pub(crate) natives_traced: *const AtomicBool,
    /// Whether the turn has taken so long that it is to end at the next occasion.
    pub(crate) hurry: *const AtomicBool,
    /// Reductions set aside to make the next call look in (collection wanted).
    pub(crate) stolen: i64,
    /// Reductions of all turns since the worker last looked.
    pub(crate) work: u64,
    /// Processes that waited for the worker when this one's turn began.
    pub(crate) waiting: usize,
    /// Reductions left when the turn ended.
    pub(crate) reds: i64,
    pub(crate) outcome: Outcome,
    pub(crate) resume: Resume,
    /// The exception being raised.
    pub(crate) exception: Exception,
    /// The native function or operator that raised it, for the top of the stack trace.
    pub(crate) culprit: Culprit,
    /// What a native function did that came to no value.
    pub(crate) interrupt: Option<Interrupt>,
    /// The arguments of a function of guards.
    pub(crate) arguments: [Term; 4],
    /// Normal end: value; else the reason of the exit.
    pub(crate) exit_reason: Term,
    /// In the build that collects at every allocation: was room just made for the instruction at hand?
    pub(crate) has_room: bool,
    /// Did the process end because its function returned?
    pub(crate) finished: bool,
}

/// Who is at the top of a stack trace, other than the code at `ip`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Culprit {
    pub(crate) mfa: Option<(crate::atom::Atom, crate::atom::Atom)>,
    /// Its arguments, as a list.
    pub(crate) arguments: Term,
}

impl Culprit {
    pub(crate) const NONE: Self = Self { mfa: None, arguments: Term::NIL };
    /// The code at `ip` called a fun that does not fit. OTP finds that out after it has pushed where to return to: the
    /// caller is in its stack traces twice.
    pub(crate) const LEFT: Self = Self { mfa: None, arguments: Term::NONE };

    /// Is it [`Self::LEFT`]?
    pub(crate) fn has_left(&self) -> bool {
        self.mfa.is_none() && self.arguments.is_none()
    }
}

impl Context {
    pub(crate) fn new(vm: &Arc<Vm>, hurry: &AtomicBool) -> Box<Self> {
        Box::new(Self {
            x: [Term::NIL; X_REGISTERS],
            floats: [0.0; FLOAT_REGISTERS],
            process: std::ptr::null_mut(),
            generation: vm.code.generation(),
            vm: std::ptr::from_ref(vm),
            natives_traced: vm.trace.breakpoints.any_native(),
            hurry: std::ptr::from_ref(hurry),
            stolen: 0,
            work: 0,
            waiting: 0,
            reds: 0,
            outcome: Outcome::Yield,
            resume: Resume {
                ip: std::ptr::null(),
                sp: std::ptr::null_mut(),
                hp: std::ptr::null_mut(),
                accumulator: Term::NIL,
            },
            exception: Exception::error(Term::NIL),
            culprit: Culprit::NONE,
            interrupt: None,
            arguments: [Term::NIL; 4],
            exit_reason: Term::NIL,
            has_room: false,
            finished: false,
        })
    }

    /// Brings where calls lead in line with whether the process keeps its last ones.
    pub(crate) fn look_at_calls(&mut self) {
        // SAFETY: the caller runs the process.
        let keeps = unsafe { self.process() }.kept_calls().is_some();
        let vm = self.vm();
        (self.generation, self.natives_traced) = if keeps {
            (vm.code.aside(), &raw const WATCHED)
        } else {
            (vm.code.generation(), vm.trace.breakpoints.any_native())
        };
    }

    /// The process being run.
    ///
    /// # Safety
    /// Only between the start and the end of its turn, with no other reference to it in use.
    #[inline]
    #[allow(clippy::mut_from_ref, reason = "the turn gives the exclusive right")]
    pub(crate) unsafe fn process<'a>(&self) -> &'a mut Process {
        // SAFETY: by the contract.
        unsafe { &mut *self.process }
    }

    /// The machine.
    pub(crate) fn vm<'a>(&self) -> &'a Arc<Vm> {
        // SAFETY: the worker thread that owns the context holds the machine.
        unsafe { &*self.vm }
    }
}
