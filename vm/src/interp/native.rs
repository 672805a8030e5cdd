//! Calls of native functions.

use super::bits::has_room;
use super::call::{collect, leave, push_frame, save, steal_reductions};
use super::context::{Context, Culprit, Outcome};
use super::operand::{Packed, copy_words};
use super::{Handler, dispatch, field, handlers, resume, target};
use crate::bif::{Interrupt, Native, NativeContext, NativeKind, NativeResult};
use crate::proc::process::Waiting;
use crate::term::{Header, Kind, Term};
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

/// As [`run`], for a machine in which native functions are traced.
///
/// # Safety
/// As for handlers, after `leave`.
#[cold]
#[inline(never)]
unsafe fn run_traced(c: *mut Context, native: &Native, arguments: &[Term]) -> NativeResult {
    // SAFETY: by the contract.
    unsafe {
        let vm = (*c).vm();
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
                Err(_) => {}
            }
        }
        result
    }
}

/// Runs a native function that code calls.
///
/// # Safety
/// As for handlers, after `leave`.
#[inline(always)]
unsafe fn run_called(c: *mut Context, native: &Native, arguments: &[Term]) -> NativeResult {
    // SAFETY: by the contract; the flag is the machine's.
    unsafe {
        if (*(*c).natives_traced).load(Ordering::Relaxed) {
            run_traced(c, native, arguments)
        } else {
            run(c, native, arguments)
        }
    }
}

/// Brings an interrupt about. `back` is where the native function returns to (on the stack already popped).
///
/// # Safety
/// As for handlers, after `leave`; `ip` is the place for the stack trace.
#[cold]
#[inline(never)]
unsafe fn interrupted(
    c: *mut Context,
    native: &Native,
    interrupt: Interrupt,
    ip: *const u64,
    back: *const u64,
) {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
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
            Interrupt::Apply(fun, arguments) => {
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
                process.heap.minor_gcs = u32::MAX;
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
        (*c).process().dirty = Some(Box::new(crate::bif::NativeCall { native }));
        (*c).outcome = Outcome::Dirty;
    }
}

/// The handler that calls a native function from code.
pub(crate) fn handler(native: &Native) -> Handler {
    match (native.module, native.function, native.arity) {
        ("erlang", "setelement", 3) => call_setelement,
        _ => call_native,
    }
}

handlers! {
    /// `setelement/3` where the heap has room; everything else is left to [`call_native`].
    fn call_setelement(ip, c, sp, hp, reds) {
        let (at, tuple) = ((*c).x[0], (*c).x[1]);
        if let (Some(at), Some(elements)) = (at.as_small(), tuple.as_tuple())
            && at >= 1
            && at as usize <= elements.len()
            && has_room(sp, hp, elements.len() + 1)
        {
            *hp = Header::new(Kind::Tuple, elements.len()).0;
            copy_words(elements.as_ptr().cast(), hp.add(1), elements.len());
            *hp.add(at as usize) = (*c).x[2].0;
            (*c).x[0] = Term::boxed_at(hp);
            dispatch!(ip.add(4), c, sp, hp.add(elements.len() + 1), reds - 1)
        }
        return call_native(ip, c, sp, hp, reds);
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
        let arguments = std::slice::from_raw_parts((*c).x.as_ptr(), native.arity as usize);
        match run_called(c, native, arguments) {
            Ok(value) => {
                (*c).x[0] = value;
                finish(ip.add(4), c)
            }
            Err(interrupt) => interrupted(c, native, interrupt, ip, ip.add(4)),
        }
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
        let arguments = std::slice::from_raw_parts((*c).x.as_ptr(), native.arity as usize);
        match run_called(c, native, arguments) {
            Ok(value) => {
                (*c).x[0] = value;
                finish(back, c)
            }
            Err(interrupt) => interrupted(c, native, interrupt, std::ptr::null(), back),
        }
    }

    /// A function of guards (`bif*`, `gc_bif*`): a = number of arguments, b = 1 if failure raises,
    /// `[fail] [native] [packed target] [packed argument]...`.
    fn guard_native(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let native = &*target!(ip, 3).cast::<Native>();
        let mut arguments = [Term::NIL; 4];
        for (index, argument) in arguments[..count].iter_mut().enumerate() {
            *argument = Packed(*ip.add(5 + index)).get(c, sp);
        }
        leave(c, sp, hp, reds);
        match run(c, native, &arguments[..count]) {
            Ok(value) => {
                Packed(*ip.add(4)).set(c, sp, value);
                let heap = &(*c).process().heap;
                hp = heap.top;
                reds = (*c).reds;
                if !heap.fragments.is_null() && heap.wants_collection() {
                    reds = steal_reductions(&mut *c, reds);
                }
                resume!(ip.add(5 + count), c, sp, hp, reds)
            }
            Err(interrupt) => {
                if field!(ip, 2) == 0 {
                    resume!(target!(ip, 2), c, sp, (*c).process().heap.top, (*c).reds)
                }
                let Interrupt::Exception(exception) = interrupt else {
                    unreachable!("functions of guards only raise")
                };
                use crate::heap::Build as _;
                (*c).exception = *exception;
                // These are instructions, not functions: a trace begins with the code that has them.
                let is_instruction = matches!((native.function, count), ("/", 2) | ("+", 1));
                if !is_instruction {
                    let list = (*c).process().heap.list(&arguments[..count]);
                    (*c).culprit = Culprit { mfa: Some(native.names()), arguments: list };
                }
                super::exception::raise(ip, c, sp, (*c).process().heap.top, (*c).reds)
            }
        }
    }
}

/// Goes on at `ip` after a native function, with X0 live; collects if one is wanted, and lets a turn end that was long.
unsafe fn finish(ip: *const u64, c: *mut Context) {
    // SAFETY: called in tail position by handlers.
    unsafe {
        let heap = &(*c).process().heap;
        if (!heap.fragments.is_null() || cfg!(gc_stress)) && heap.wants_collection() && !collect(c, 1, 0) {
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
