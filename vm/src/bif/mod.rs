//! Native functions: one file an Erlang module, each with its own table, joined in [`tables`].
//!
//! A native function gets its arguments as terms and a [`NativeContext`]. It never collects, so its terms stay
//! valid until it returns. It may ask for something else to happen by an [`Interrupt`]. Functions that may
//! block or take long are [`NativeKind::Dirty`]: they run on a thread pool, and the process with them.

pub(crate) mod argument;
pub(crate) mod atomics;
mod binary;
mod binary_search;
pub(crate) mod crypto;
pub(crate) mod erlang;
mod erts_debug;
pub(crate) mod ets;
pub(crate) mod held;
mod inet;
mod inet_options;
mod io_lib;
pub(crate) mod iodata;
mod lists;
mod maps;
mod math;
pub(crate) mod os;
pub(crate) mod persistent_term;
pub(crate) mod port;
pub(crate) mod prim_file;
pub(crate) mod re;
mod sort;
pub(crate) mod state;
pub(crate) mod unicode;
pub(crate) mod zlib;

use crate::atom::Atom;
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::interp::TURN;
use crate::interp::context::{Context, Culprit};
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::term::{Kind, Pid, Term};
use crate::vm::Vm;
use std::sync::Arc;

/// A native function's code.
pub type NativeFunction = fn(&mut NativeContext<'_>, &[Term]) -> NativeResult;

/// What a native function answers.
pub type NativeResult = Result<Term, Interrupt>;

/// Where a native function runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeKind {
    /// On the scheduler, for less than a millisecond.
    Normal,
    /// On the dirty pool: it may block.
    Dirty,
}

/// A native function, as the tables declare it.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// Its module.
    pub module: &'static str,
    /// Its name.
    pub function: &'static str,
    /// Its arity.
    pub arity: u8,
    /// Where it runs.
    pub kind: NativeKind,
    /// Its code.
    pub run: NativeFunction,
}

impl Native {
    /// Module and name as atoms.
    pub(crate) fn names(&self) -> (Atom, Atom) {
        let atom =
            |text| Atom::new(text).expect("names of native functions are short, and made at the start");
        (atom(self.module), atom(self.function))
    }
}

/// Declares native functions: `natives! { "module" => name/arity: function, ... }`; `dirty` before the function
/// for one that may block.
#[macro_export]
macro_rules! natives {
    ($($module:literal { $($name:literal / $arity:literal $(= $kind:ident)? => $function:path;)* })*) => {
        &[$($(
            $crate::Native {
                module: $module,
                function: $name,
                arity: $arity,
                kind: $crate::natives!(@kind $($kind)?),
                run: $function,
            },
        )*)*]
    };
    (@kind) => { $crate::NativeKind::Normal };
    (@kind dirty) => { $crate::NativeKind::Dirty };
}

/// All tables of the machine's own native functions.
pub(crate) fn tables() -> Vec<&'static [Native]> {
    let mut tables = Vec::new();
    erlang::tables(&mut tables);
    ets::tables(&mut tables);
    prim_file::tables(&mut tables);
    re::tables(&mut tables);
    crypto::tables(&mut tables);
    tables.extend([
        atomics::NATIVES,
        binary::NATIVES,
        binary_search::NATIVES,
        erts_debug::NATIVES,
        inet::NATIVES,
        inet_options::NATIVES,
        io_lib::NATIVES,
        lists::NATIVES,
        sort::NATIVES,
        maps::NATIVES,
        math::NATIVES,
        os::NATIVES,
        persistent_term::NATIVES,
        port::NATIVES,
        unicode::NATIVES,
        zlib::NATIVES,
    ]);
    tables
}

/// Something other than a value. Two words, so that results come in registers.
#[derive(Debug)]
pub enum Interrupt {
    /// An exception.
    Exception(Box<Exception>),
    /// A call in tail position.
    Call(Box<FunctionCall>),
    /// A call of a fun in tail position.
    Apply(Box<(Term, Vec<Term>)>),
    /// Waits for the answer with this number, which becomes the value.
    Await(u64),
    /// The value, after the turn has ended.
    Yield(Term),
    /// The value, after a collection of everything.
    Collect(Term),
    /// The same call again, in the next turn.
    Again,
    /// The value, after the process has been resumed.
    Suspend(Term),
    /// Calls the code at this address, which takes no arguments.
    #[doc(hidden)]
    Enter(*const u64),
    /// Waits for a message with an empty stack, then makes this call.
    Hibernate(Box<FunctionCall>),
}

const _: () = assert!(size_of::<NativeResult>() == 16);

impl From<Exception> for Interrupt {
    #[cold]
    fn from(exception: Exception) -> Self {
        Self::Exception(Box::new(exception))
    }
}

impl Interrupt {
    /// A call of one of the machine's own functions, as for the rest of some work or for a place on the dirty pool.
    pub(crate) fn call(module: &'static str, function: &'static str, arguments: &[Term]) -> Self {
        let atom = |name| argument::named(name).as_atom().unwrap_or(crate::atom::UNDEFINED);
        let arguments = arguments.to_vec();
        Self::Call(Box::new(FunctionCall { module: atom(module), function: atom(function), arguments }))
    }
}

/// A function and its arguments.
#[derive(Debug)]
pub struct FunctionCall {
    /// Its module.
    pub module: Atom,
    /// Its name.
    pub function: Atom,
    /// The arguments.
    pub arguments: Vec<Term>,
}

/// The arguments that a native function failed with.
#[derive(Debug)]
pub(crate) enum Blamed {
    /// On the heap of the process.
    Here(Vec<Term>),
    /// A list of their own.
    Kept(OwnedTerm),
}

/// How a native function failed that was not done in the turn that called it.
#[derive(Debug)]
pub(crate) struct DirtyFailure {
    pub(crate) exception: Exception,
    pub(crate) native: &'static Native,
    pub(crate) arguments: Blamed,
}

impl DirtyFailure {
    /// Makes it the exception being raised.
    pub(crate) fn install(self, c: &mut Context, process: &mut Process) {
        c.exception = self.exception;
        let list = match self.arguments {
            Blamed::Here(terms) => process.heap.list(&terms),
            Blamed::Kept(list) => list.copy_to(&mut process.heap),
        };
        c.culprit = Culprit { mfa: Some(self.native.names()), arguments: list };
    }
}

/// What a native function works with.
#[derive(Debug)]
pub struct NativeContext<'a> {
    pub(crate) process: &'a mut Process,
    pub(crate) vm: &'a Arc<Vm>,
    reductions: *mut i64,
}

impl<'a> NativeContext<'a> {
    pub(crate) fn new(process: &'a mut Process, vm: &'a Arc<Vm>, reductions: *mut i64) -> Self {
        Self { process, vm, reductions }
    }

    /// Memory for the result: the calling process's.
    pub fn heap(&mut self) -> &mut dyn Build {
        &mut self.process.heap
    }

    /// The map of these pairs; of equal keys the last counts.
    pub fn map(&mut self, pairs: &[(Term, Term)]) -> Term {
        crate::heap::map::from_pairs(&mut self.process.heap, pairs)
    }

    /// Does what may take for ever, as waiting for a pipe. The process can be looked at meanwhile.
    pub(crate) fn aside<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.vm.dirty.aside(self.vm, self.process, work)
    }

    /// `fun Module:Function/Arity`.
    pub fn external_fun(&mut self, module: Atom, function: Atom, arity: u8) -> Term {
        let export = self.vm.code.export(module, function, u32::from(arity));
        self.process.heap.boxed(Kind::Export, &[export.word()])
    }

    /// The calling process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.process.pid
    }

    /// The machine.
    #[must_use]
    pub fn vm(&self) -> &'a Arc<Vm> {
        self.vm
    }

    /// Charges the process for work done, in reductions.
    #[allow(unsafe_code, reason = "the pointer is the running turn's own account")]
    pub fn charge(&mut self, reductions: usize) {
        // SAFETY: the account outlives the call it was made for.
        unsafe { *self.reductions -= i64::try_from(reductions).unwrap_or(i64::MAX / 2) }
    }

    /// The reductions that the calling process has used in the turn that it is in.
    #[allow(unsafe_code, reason = "the pointer is the running turn's own account")]
    pub(crate) fn reductions_of_turn(&self) -> u64 {
        // SAFETY: the account outlives the call it was made for.
        unsafe { u64::try_from(TURN - *self.reductions).unwrap_or(0) }
    }
}
