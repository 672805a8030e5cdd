//! Calls of native functions.

use super::call::{collect, collect_and_repeat, lacks_room, leave, push_frame, save, steal_reductions};
use super::context::{Context, Culprit, Outcome};
use super::operand::Packed;
use super::{Handler, dispatch, field, handlers, resume, tail, target};
use crate::bif::{Interrupt, Native, NativeContext, NativeKind, NativeResult};
use crate::heap::copy_words;
use crate::proc::exception::{Class, Exception};
use crate::proc::kept_calls::Kept;
use crate::proc::process::Waiting;
use crate::term::{Header, Kind, Term, float};
use std::sync::atomic::Ordering;

/// Runs a native function on `arguments`.
///
/// # Safety
/// As for handlers, after `leave`.
unsafe fn run(c: *mut Context, native: &Native, arguments: &[Term]) -> NativeResult {
    // SAFETY: by the contract.
    unsafe {
        let mut context = NativeContext::new((*c).process(), (*c).vm(), &raw mut (*c).reds);
        (native.run)(&mut context, arguments)
    }
}

/// As [`run`], for a machine in which native functions are traced, or a process that keeps its last calls.
///
/// # Safety
/// As for handlers, after `leave`.
#[cold]
#[inline(never)]
unsafe fn run_traced(c: *mut Context, native: &Native, arguments: &[Term]) -> NativeResult {
    // SAFETY: by the contract.
    unsafe {
        let vm = (*c).vm();
        if let Some(kept) = (*c).process().kept_calls() {
            let (module, function) = native.names();
            kept.keep(Kept::Call(module, function, u32::from(native.arity)));
        }
        let Some(breakpoint) = crate::trace::breakpoint::of_native(vm, native) else {
            return run(c, native, arguments);
        };
        let caller = crate::code::stacktrace::mfa_at(vm, (*c).process().ip);
        let mut ctx = NativeContext::new((*c).process(), vm, &raw mut (*c).reds);
        let watches = crate::trace::call::called(&mut ctx, &breakpoint, arguments, caller);
        let result = run(c, native, arguments);
        for watch in watches.into_iter().flatten() {
            match &result {
                Ok(value) => crate::trace::call::returned(vm, (*c).process(), watch, *value),
                Err(Interrupt::Exception(exception)) => {
                    let (class, reason) = (exception.class, exception.reason);
                    crate::trace::call::failed(vm, (*c).process(), watch, class, reason);
                }
                Err(_) if watch.timed => crate::trace::times::leave(vm, (*c).process(), watch.mfa),
                Err(_) => {}
            }
        }
        result
    }
}

/// Runs a native function on the terms at `arguments`, as many as its arity. Answers the value, or `NONE` where it did
/// not come to one: the context has the interrupt then. Kept apart from the handlers, which go on by a jump: the
/// result's memory would be in their way.
///
/// # Safety
/// As for handlers, after `leave`.
#[inline(never)]
unsafe fn invoke(c: *mut Context, native: &Native, arguments: *const Term) -> Term {
    // SAFETY: by the contract; the flag is the machine's.
    let result = unsafe {
        let arguments = std::slice::from_raw_parts(arguments, native.arity as usize);
        if (*(*c).natives_traced).load(Ordering::Relaxed) {
            run_traced(c, native, arguments)
        } else {
            run(c, native, arguments)
        }
    };
    // SAFETY: by the contract.
    unsafe { settle(c, result) }
}

/// The value of a native function, or `NONE` and its interrupt in the context.
///
/// # Safety
/// As for handlers.
#[inline(always)]
unsafe fn settle(c: *mut Context, result: NativeResult) -> Term {
    match result {
        Ok(value) => value,
        Err(interrupt) => {
            // SAFETY: by the contract.
            unsafe { (*c).interrupt = Some(interrupt) };
            Term::NONE
        }
    }
}

/// Brings an interrupt about. `back` is where the native function returns to (on the stack already popped).
///
/// # Safety
/// As for handlers, after `leave`; `ip` is the place for the stack trace.
#[cold]
#[inline(never)]
unsafe fn interrupted(c: *mut Context, native: &Native, ip: *const u64, back: *const u64) {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
        let interrupt = (*c).interrupt.take().expect("a native function without a value has interrupted");
        match interrupt {
            Interrupt::Exception(exception) => {
                (*c).exception = *exception;
                if exception.trace.is_none() && exception.arguments.is_none() {
                    let (module, function) = native.names();
                    let arguments: Vec<Term> = (&(*c).x)[..native.arity as usize].to_vec();
                    use crate::heap::Build as _;
                    (*c).culprit =
                        Culprit { mfa: Some((module, function)), arguments: process.heap.list(&arguments) };
                }
                // The native function has no frame: its caller is the innermost one.
                let mut sp = process.heap.stack;
                let from = if ip.is_null() {
                    push_frame!(sp, back);
                    process.heap.stack = sp;
                    std::ptr::null()
                } else {
                    ip
                };
                super::exception::raise(from, c, process.heap.stack, process.heap.top, (*c).reds);
            }
            Interrupt::Call(call) => {
                let mut sp = process.heap.stack;
                push_frame!(sp, back);
                process.heap.stack = sp;
                (&mut (*c).x)[..call.arguments.len()].copy_from_slice(&call.arguments);
                let export = (*c).vm().code.export(call.module, call.function, call.arguments.len() as u32);
                let to = export.current((*c).generation);
                (*c).reds -= 1;
                if (*c).reds <= 0 {
                    return super::call::pause(to, c, sp, process.heap.top, (*c).reds);
                }
                resume!(to, c, sp, process.heap.top, (*c).reds)
            }
            Interrupt::Apply(call) => {
                let (fun, arguments) = *call;
                let mut sp = process.heap.stack;
                push_frame!(sp, back);
                process.heap.stack = sp;
                (&mut (*c).x)[..arguments.len()].copy_from_slice(&arguments);
                super::fun::enter_fun(c, fun, arguments.len(), ip.is_null());
            }
            Interrupt::Await(id) => {
                process.waiting = Waiting::Reply(id);
                (*c).x[0] = Term::NIL;
                save(c, back, 1);
                (*c).outcome = Outcome::Wait;
            }
            Interrupt::Yield(value) => {
                (*c).x[0] = value;
                // What was asked for is done before anyone can look.
                if process.heap.wants_collection() && !collect(c, 1, 0) {
                    return;
                }
                save(c, back, 1);
                (*c).outcome = Outcome::Yield;
            }
            Interrupt::Collect(value) => {
                (*c).x[0] = value;
                process.heap.minor_gcs = u16::MAX;
                if !collect(c, 1, 0) {
                    return;
                }
                let heap = &(*c).process().heap;
                resume!(back, c, heap.stack, heap.top, (*c).reds.max(1))
            }
            Interrupt::Again => {
                // The same call once more, in the next turn.
                let arity = native.arity as usize;
                let mut sp = process.heap.stack;
                push_frame!(sp, back);
                process.heap.stack = sp;
                let export = {
                    let (module, function) = native.names();
                    (*c).vm().code.export(module, function, u32::from(native.arity))
                };
                if process.ensure_stack(arity).is_err() {
                    return super::exception::heap_limit_reached(c, crate::heap::GcError::MaxHeapSize(0));
                }
                save(c, export.current((*c).generation), arity);
                (*c).outcome = Outcome::Yield;
            }
            Interrupt::Suspend(value) => {
                process.waiting = Waiting::Suspended;
                (*c).x[0] = value;
                save(c, back, 1);
                (*c).outcome = Outcome::Wait;
            }
            Interrupt::Enter(to) => {
                let mut sp = process.heap.stack;
                push_frame!(sp, back);
                resume!(to, c, sp, process.heap.top, (*c).reds)
            }
            Interrupt::Hibernate(call) => {
                super::run::hibernate(c, *call);
            }
        }
    }
}

/// Hands the native function to the dirty pool: its arguments stay on the stack.
///
/// # Safety
/// As for handlers, after `leave`.
#[cold]
#[inline(never)]
unsafe fn to_dirty_pool(c: *mut Context, native: &'static Native, back: *const u64) {
    // SAFETY: by the contract.
    unsafe {
        let arity = native.arity as usize;
        let process = (*c).process();
        if process.heap.free_words() < arity.max(1) + crate::heap::STACK_MARGIN
            && !collect(c, arity, arity.max(1) + crate::heap::STACK_MARGIN)
        {
            return;
        }
        if arity == 0 {
            (*c).x[0] = Term::NIL;
        }
        save(c, back, arity.max(1));
        (*c).process().dirty = Some(native);
        (*c).outcome = Outcome::Dirty;
    }
}

/// Goes on at `$ip` after a native function.
macro_rules! go_on {
    ($ip:expr, $c:ident, $value:expr) => {{
        let heap = &(*$c).process().heap;
        let (sp, hp, reds) = (heap.stack, heap.top, (*$c).reds);
        if !heap.fragments.is_null() || (*(*$c).hurry).load(Ordering::Relaxed) || cfg!(gc_stress) {
            return look_in($ip, $c, sp, hp, reds);
        }
        dispatch!($ip, $c, sp, hp, reds, $value)
    }};
}

/// A class of exceptions that has a handler of its own.
pub(crate) trait Raise {
    /// The class.
    const CLASS: Class;
}

macro_rules! raises {
    ($($class:ident)*) => {$(
        pub(crate) struct $class;

        impl Raise for $class {
            const CLASS: Class = Class::$class;
        }
    )*};
}

raises! { Throw Exit Error }

/// The handler that calls a native function from code.
pub(crate) fn handler(native: &Native) -> Handler {
    match (native.module, native.function, native.arity) {
        ("erlang", "setelement", 3) => call_setelement,
        ("math", "sqrt", 1) => call_sqrt,
        ("erlang", "throw", 1) => call_raise::<Throw>,
        ("erlang", "exit", 1) => call_raise::<Exit>,
        ("erlang", "error", 1) => call_raise::<Error>,
        _ => call_native,
    }
}

handlers! {
    /// `setelement/3` of a tuple that has the element; everything else is left to [`call_native`].
    fn call_setelement(ip, c, sp, hp, reds) {
        let (at, tuple) = ((*c).x[0], (*c).x[1]);
        if let (Some(at), Some(elements)) = (at.as_small(), tuple.as_tuple())
            && at >= 1
            && at as usize <= elements.len()
        {
            if lacks_room(c, sp, hp, elements.len() + 1) {
                return setelement_slow(ip, c, sp, hp, reds);
            }
            *hp = Header::new(Kind::Tuple, elements.len()).0;
            copy_words(elements.as_ptr().cast(), hp.add(1), elements.len());
            *hp.add(at as usize) = (*c).x[2].0;
            let value = Term::boxed_at(hp);
            (*c).x[0] = value;
            dispatch!(ip.add(4), c, sp, hp.add(elements.len() + 1), reds - 1, value)
        }
        tail!(call_native, ip, c, sp, hp, reds);
    }

    /// `math:sqrt/1` of a float of one word, where nobody traces native functions.
    fn call_sqrt(ip, c, sp, hp, reds) {
        let argument = (*c).x[0];
        if float::is_self_tagged(argument.0)
            && let Some(value) = float::encode(float::decode(argument.0).sqrt())
            && !(*(*c).natives_traced).load(Ordering::Relaxed)
        {
            (*c).x[0] = value;
            dispatch!(ip.add(4), c, sp, hp, reds - 1, value)
        }
        tail!(call_native, ip, c, sp, hp, reds);
    }

    /// `throw/1`, `exit/1`, `error/1`, where nobody traces native functions.
    fn call_raise<C: Raise>(ip, c, sp, hp, reds) {
        if (*(*c).natives_traced).load(Ordering::Relaxed) {
            tail!(call_native, ip, c, sp, hp, reds);
        }
        return super::exception::raise_exception(ip, c, sp, hp, reds - 1, Exception::raised(C::CLASS, (*c).x[0]));
    }

    /// A native function called from code: `[native] [record]`; the result goes to X0.
    fn call_native(ip, c, sp, hp, reds) {
        let native = &*target!(ip, 2).cast::<Native>();
        leave(c, sp, hp, reds - 1);
        // Where the process is, should it be asked while the function handles signals.
        (*c).process().ip = ip;
        if native.kind == NativeKind::Dirty {
            return to_dirty_pool(c, native, ip.add(4));
        }
        let value = invoke(c, native, c.cast());
        if value.is_none() {
            return interrupted(c, native, ip, ip.add(4));
        }
        (*c).x[0] = value;
        go_on!(ip.add(4), c, value)
    }

    /// The entry of a native function: `[native]`. Returns to the caller by itself.
    fn native_entry(ip, c, sp, hp, reds) {
        let native = &*target!(ip, 2).cast::<Native>();
        let back = std::ptr::with_exposed_provenance::<u64>(*sp as usize);
        leave(c, sp.add(1), hp, reds - 1);
        (*c).process().ip = back;
        if native.kind == NativeKind::Dirty {
            return to_dirty_pool(c, native, back);
        }
        let value = invoke(c, native, c.cast());
        if value.is_none() {
            return interrupted(c, native, std::ptr::null(), back);
        }
        (*c).x[0] = value;
        go_on!(back, c, value)
    }

    /// A function of guards (`bif*`, `gc_bif*`): a = number of arguments, b = 1 if failure raises,
    /// `[fail] [native] [packed target] [packed argument]...`.
    fn guard_native(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let native = &*target!(ip, 3).cast::<Native>();
        let mut index = 0;
        while index < count {
            (*c).arguments[index] = Packed(*ip.add(5 + index)).get(c, sp);
            index += 1;
        }
        leave(c, sp, hp, reds);
        let value = invoke_guard(c, native);
        if value.is_none() {
            tail!(guard_failed, ip, c, sp, hp, reds);
        }
        Packed(*ip.add(4)).set(c, sp, value);
        let heap = &(*c).process().heap;
        hp = heap.top;
        reds = (*c).reds;
        if !heap.fragments.is_null() && heap.wants_collection() {
            reds = steal_reductions(&mut *c, reds);
        }
        dispatch!(ip.add(5 + count), c, sp, hp, reds, value)
    }

    /// [`guard_native`] where the function has no value: on to the next clause, or the exception.
    fn guard_failed(ip, c, sp, hp, reds) {
        let interrupt = (*c).interrupt.take();
        if field!(ip, 2) == 0 {
            resume!(target!(ip, 2), c, sp, (*c).process().heap.top, (*c).reds)
        }
        let Some(Interrupt::Exception(exception)) = interrupt else {
            unreachable!("functions of guards only raise")
        };
        use crate::heap::Build as _;
        (*c).exception = *exception;
        let (count, native) = (field!(ip, 1), &*target!(ip, 3).cast::<Native>());
        // These are instructions, not functions: a trace begins with the code that has them.
        let is_instruction = matches!((native.function, count), ("/", 2) | ("+", 1));
        if !is_instruction {
            let list = (*c).process().heap.list(&(&(*c).arguments)[..count]);
            (*c).culprit = Culprit { mfa: Some(native.names()), arguments: list };
        }
        super::exception::raise(ip, c, sp, (*c).process().heap.top, (*c).reds)
    }
}

collect_and_repeat! {
    setelement_slow(ip, c, sp): live 3, need (*c).x[1].as_tuple().map_or(0, |elements| elements.len() + 1);
}

/// [`invoke`] of a function of guards, on the context's `arguments`.
///
/// # Safety
/// As for handlers, after `leave`.
#[inline(never)]
unsafe fn invoke_guard(c: *mut Context, native: &Native) -> Term {
    // SAFETY: by the contract.
    unsafe {
        let arguments = (*c).arguments;
        let result = run(c, native, &arguments[..native.arity as usize]);
        settle(c, result)
    }
}

/// After a native function that has made fragments, or in a turn that was long: collects if that is wanted, with X0
/// live, and lets the turn end.
#[cold]
#[inline(never)]
unsafe extern "sysv64" fn look_in(ip: *const u64, c: *mut Context, _sp: *mut u64, _hp: *mut u64, _reds: i64) {
    // SAFETY: called as a handler, after `leave`.
    unsafe {
        if (*c).process().heap.wants_collection() && !collect(c, 1, 0) {
            return;
        }
        if (*(*c).hurry).load(Ordering::Relaxed) {
            // The next call ends the turn.
            (*(*c).hurry).store(false, Ordering::Relaxed);
            ((*c).stolen, (*c).reds) = (0, 1);
        }
        let heap = &(*c).process().heap;
        let (sp, hp, reds) = (heap.stack, heap.top, (*c).reds);
        resume!(ip, c, sp, hp, reds)
    }
}
