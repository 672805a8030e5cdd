//! Stack traces: captured as addresses when an exception is raised, turned into Erlang's list when asked for.
//!
//! Captured form: a tuple `{NONE, Class, Module, Function, Arguments, Cause, Address...}`. The first element
//! is a word that no program has, so no tuple of a program is mistaken for a captured trace. Addresses are
//! word aligned and thus small integers. A trace that a program gave itself (`erlang:raise/3`) is
//! `{NONE, Class, List}`, so that the class is not lost when an `after` raises it again.

use super::emit::frame_of;
use super::export_table::Export;
use super::module_table::Ranges;
use crate::atom;
use crate::heap::{Build, Heap};
use crate::interp::context::Culprit;
use crate::proc::exception::{Class, Exception};
use crate::term::Term;
use crate::vm::Vm;

const FIXED: usize = 6;
/// Most frames looked at. Repeated ones are shown once, so a deep recursion could make each capture cost the
/// whole depth of the stack.
const WALK: usize = 4096;

/// Frames that must follow each other before a word is taken for a return address.
const CHAIN: usize = 32;

/// The return addresses on a stack, innermost first, where the size of the open frame is not known. Its slots may hold
/// old return addresses; the first word that begins a chain of frames ends them.
fn return_addresses<'a>(vm: &'a Vm, ranges: &'a Ranges, stack: &'a [u64]) -> impl Iterator<Item = u64> + 'a {
    let frames = move |first: usize| {
        let mut at = first;
        // Neighbours are mostly of the same module: looked up once, not for each frame of a deep recursion.
        let mut bounds = 0..0;
        std::iter::from_fn(move || {
            let word = *stack.get(at)?;
            let address: *const u64 = std::ptr::with_exposed_provenance(word as usize);
            let looks_so = word & 7 == 0 && word > 0xffff && word < 1 << 47;
            if !looks_so {
                return None;
            }
            if !bounds.contains(&(address as usize)) && address != vm.code.end_address() {
                bounds = ranges.bounds_at(address)?;
            }
            // SAFETY: a return address is preceded by its call-site record; another address of code by a word of
            // code.
            at += 1 + frame_of(unsafe { *address.sub(1) });
            Some((word, at))
        })
    };
    let begins = |&first: &usize| {
        let reached = frames(first).take(CHAIN).enumerate().last();
        reached.is_some_and(|(last, (_, next))| last + 1 == CHAIN || next == stack.len())
    };
    let first = (0..stack.len()).find(begins).unwrap_or(stack.len());
    frames(first).map(|(word, _)| word)
}

/// The return addresses on a stack whose innermost frame has `first` slots: each tells how large the frame behind it is.
fn addresses_behind<'a>(vm: &'a Vm, stack: &'a [u64], first: usize) -> impl Iterator<Item = u64> + 'a {
    let traced = vm.trace.breakpoints.return_address();
    let mut at = first;
    let mut walked = 0;
    std::iter::from_fn(move || {
        loop {
            let word = *stack.get(at)?;
            let address: *const u64 = std::ptr::with_exposed_provenance(word as usize);
            // A wrong size shows within a few frames; a deep stack is not looked up whole.
            debug_assert!(
                walked > CHAIN
                    || word == traced
                    || address == vm.code.end_address()
                    || vm.code.ranges().bounds_at(address).is_some(),
                "the frame that is open at a raise is known"
            );
            walked += 1;
            // SAFETY: a return address is preceded by its call-site record.
            at += 1 + frame_of(unsafe { *address.sub(1) });
            if word != traced {
                return Some(word);
            }
        }
    })
}

/// The places of a trace while it is captured, behind what else belongs to it.
struct Places<'a> {
    words: &'a mut [Term],
    count: usize,
    last: u64,
}

impl Places<'_> {
    /// Adds one, but a place only once in a row. False: there is no room for more.
    fn add(&mut self, address: u64) -> bool {
        if address != self.last && self.count < self.words.len() {
            self.words[self.count] = Term(address);
            self.count += 1;
            self.last = address;
        }
        self.count < self.words.len()
    }

    /// Adds the calls that return to these addresses: each belongs to the call before it, whose last word stands before
    /// the address.
    fn add_calls(&mut self, addresses: impl Iterator<Item = u64>) {
        for address in addresses.take(WALK) {
            if !self.add(address - 8) {
                break;
            }
        }
    }
}

/// Captures where an exception is raised. `ip` is the place to blame, or null for the innermost return address. `frame`
/// has the slots of the frame that is open there, if that is known.
pub(crate) fn capture(
    vm: &Vm,
    heap: &mut Heap,
    ip: *const u64,
    frame: Option<usize>,
    stack: &[u64],
    culprit: &Culprit,
    exception: &Exception,
) -> Term {
    let most = FIXED + vm.flags.backtrace_depth() + 1;
    // As a rule there are few: they need no memory of their own.
    let mut few = [Term::NIL; 24];
    let mut many;
    let words = if most <= few.len() {
        &mut few[..most]
    } else {
        many = vec![Term::NIL; most];
        many.as_mut_slice()
    };
    words[0] = Term::NONE;
    words[1] = Term::atom(exception.class.atom());
    if let Some((module, function)) = culprit.mfa {
        words[2] = Term::atom(module);
        words[3] = Term::atom(function);
        words[4] = culprit.arguments;
    } else {
        words[4] = exception.arguments;
    }
    // That no clause matches explains itself.
    let is_clause = exception.reason == Term::atom(atom::FUNCTION_CLAUSE);
    words[5] = if is_clause && culprit.mfa.is_some() { Term::NIL } else { exception.cause };
    let mut places = Places { words, count: FIXED, last: 0 };
    if !ip.is_null() {
        places.add(ip as u64);
        if culprit.has_left() {
            // Another word of the same instruction.
            places.add(ip.wrapping_add(1) as u64);
        }
    }
    match frame {
        Some(first) => places.add_calls(addresses_behind(vm, stack, first)),
        None => places.add_calls(return_addresses(vm, &vm.code.ranges(), stack)),
    }
    let count = places.count;
    heap.tuple(&words[..count])
}

/// The captured form of a list that a program gave.
pub(crate) fn wrap(heap: &mut Heap, class: Class, list: Term) -> Term {
    heap.tuple(&[Term::NONE, Term::atom(class.atom()), list])
}

/// Is this in captured form?
pub(crate) fn is_captured(trace: Term) -> bool {
    trace.as_tuple().is_some_and(|words| words.len() >= 3 && words[0].is_none())
}

/// Is this a captured trace?
fn captured<'a>(trace: Term) -> Option<&'a [Term]> {
    trace.as_tuple().filter(|words| words.len() >= 3 && words[0].is_none())
}

/// The class of the exception that a trace was captured for.
pub(crate) fn class_of(trace: Term) -> Class {
    captured(trace).and_then(|words| words[1].as_atom()).and_then(Class::from_atom).unwrap_or(Class::Error)
}

/// The list that `Class:Reason:Stacktrace` binds. A list stays what it is.
pub(crate) fn build(vm: &Vm, heap: &mut Heap, trace: Term) -> Term {
    let Some(words) = captured(trace) else { return trace };
    if words.len() == 3 {
        return words[2];
    }
    let mut entries = Vec::with_capacity(words.len());
    let mut arguments = words[4];
    if let (Some(module), Some(function)) = (words[2].as_atom(), words[3].as_atom()) {
        // An arity in place of arguments: the function itself is not to blame for them.
        let info = if arguments.is_integer() { Term::NIL } else { error_info(heap, module, words[5]) };
        entries.push(heap.tuple(&[words[2], Term::atom(function), arguments, info]));
        arguments = Term::NONE;
    } else if arguments.as_atom().is_some() {
        arguments = Term::NONE;
    }
    let mut given_info = if words[2].is_nil() { words[5] } else { Term::NONE };
    for (index, word) in words[FIXED..].iter().enumerate() {
        let address: *const u64 = std::ptr::with_exposed_provenance(word.0 as usize);
        if let Some(entry) = frame_entry(vm, heap, address, arguments, given_info) {
            entries.push(entry);
        }
        if index == 0 {
            arguments = Term::NONE;
        }
        given_info = Term::NONE;
    }
    // A native function that failed counts as one of the frames.
    entries.truncate(vm.flags.backtrace_depth().max(1));
    heap.list(&entries)
}

/// `[{error_info, #{module => M}}]` for a native function's failure, or nothing where the cause is `[]`. A cause that is a
/// map says all itself.
fn error_info(heap: &mut Heap, module: atom::Atom, cause: Term) -> Term {
    if cause.is_nil() {
        return Term::NIL;
    }
    if cause.is_map() {
        let pair = heap.tuple(&[Term::atom(atom::ERROR_INFO), cause]);
        return heap.list(&[pair]);
    }
    let explainer = match module.text() {
        "erlang" | "erts_internal" | "atomics" | "counters" | "persistent_term" => "erl_erts_errors",
        "code" | "os" | "file" | "erl_ddll" => "erl_kernel_errors",
        // Their reasons say it all.
        "crypto" | "zlib" => return Term::NIL,
        _ => "erl_stdlib_errors",
    };
    let Ok(explainer) = atom::Atom::new(explainer) else { return Term::NIL };
    let map = if cause.is_none() {
        heap.flat_map(&[Term::atom(atom::MODULE)], &[Term::atom(explainer)])
    } else {
        heap.flat_map(&[Term::atom(atom::CAUSE), Term::atom(atom::MODULE)], &[cause, Term::atom(explainer)])
    };
    let pair = heap.tuple(&[Term::atom(atom::ERROR_INFO), map]);
    heap.list(&[pair])
}

/// One entry of a trace. `given_info` is the `error_info` of `error/3`, or NONE.
fn frame_entry(
    vm: &Vm,
    heap: &mut Heap,
    address: *const u64,
    arguments: Term,
    given_info: Term,
) -> Option<Term> {
    let instance = vm.code.instance_at(address)?;
    let word = instance.word(address);
    let function = instance.function_at(word)?;
    let mut info = Vec::new();
    if let Some((file, line)) = instance.place_at(word) {
        let name = heap.string(file);
        info.push(heap.tuple(&[Term::atom(atom::FILE), name]));
        info.push(heap.tuple(&[Term::atom(atom::LINE), Term::small(i64::from(line))]));
    }
    if !given_info.is_none() {
        info.push(heap.tuple(&[Term::atom(atom::ERROR_INFO), given_info]));
    }
    let info = heap.list(&info);
    let arity = if arguments.is_none() || (arguments.is_nil() && function.arity != 0) {
        Term::small(i64::from(function.arity))
    } else {
        arguments
    };
    Some(heap.tuple(&[Term::atom(instance.name), Term::atom(function.name), arity, info]))
}

/// Module, function and arity of the code at an address.
pub(crate) fn mfa_at(vm: &Vm, address: *const u64) -> Option<(atom::Atom, atom::Atom, u32)> {
    if let Some(instance) = vm.code.instance_at(address) {
        let function = instance.function_at(instance.word(address))?;
        return Some((instance.name, function.name, function.arity));
    }
    if let Some(traced) = vm.trace.breakpoints.trampoline_at(address) {
        return Some(traced);
    }
    let export: Option<&'static Export> =
        vm.code.exports().all().into_iter().find(|export| export.owns(address));
    export.map(|export| (export.module, export.function, export.arity))
}

/// The place itself, or for that of a process that has not run yet, the function that it will call.
fn begin(vm: &Vm, address: *const u64) -> *const u64 {
    let code = vm.code.instance_at(address).is_none().then(|| {
        let export = vm.code.exports().all().into_iter().find(|export| export.begin() == address)?;
        // SAFETY: the number is the machine's.
        Some(unsafe { export.current(vm.code.generation()) })
    });
    code.flatten().unwrap_or(address)
}

/// The stack trace of a process between its turns.
pub(crate) fn current(vm: &Vm, process: &crate::proc::Process) -> crate::heap::copy::OwnedTerm {
    let mut heap = Heap::new(256, 0, 0);
    let words = process.heap.stack_words().saturating_sub(process.live as usize);
    // SAFETY: the live stack, without the registers saved on top of it.
    let stack = unsafe { std::slice::from_raw_parts(process.heap.stack.add(process.live as usize), words) };
    let exception = Exception::error(Term::NIL);
    let trace = capture(vm, &mut heap, begin(vm, process.ip), None, stack, &Culprit::NONE, &exception);
    let list = build(vm, &mut heap, trace);
    crate::heap::copy::OwnedTerm::new(list)
}
