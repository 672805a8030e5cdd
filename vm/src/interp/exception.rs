//! Raising and catching.

use super::call::leave;
use super::context::{Context, Culprit, Outcome};
use super::operand::Packed;
use super::{Handler, dispatch, field, handlers, resume, tail, target};
use crate::atom;
use crate::code::emit::open_frame;
use crate::code::export_table::Export;
use crate::code::stacktrace;
use crate::heap::Build as _;
use crate::proc::exception::{Class, Exception};
use crate::term::Term;

/// Bits above a handler's address in a catch mark: the Y slot the mark is in.
const SLOT_SHIFT: u32 = 48;

/// The mark for a Y slot that holds the handler at `address`.
pub(crate) fn catch_mark(address: *const u64, slot: usize) -> Term {
    Term::catch(std::ptr::with_exposed_provenance(address as usize | (slot << SLOT_SHIFT)))
}

/// Raises the exception in the context: finds the innermost handler, or ends the process.
/// `ip` is the place to blame, null if the frame on top of the stack is.
#[cold]
#[inline(never)]
pub(crate) unsafe extern "sysv64" fn raise(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
) {
    // SAFETY: called as a handler.
    unsafe {
        leave(c, sp, hp, reds);
        let process = (*c).process();
        let exception = (*c).exception;
        let culprit = std::mem::replace(&mut (*c).culprit, Culprit::NONE);
        let end = process.heap.block.end();
        let mut slot = sp;
        let mut handler = None;
        while slot < end {
            if let Some(mark) = Term(*slot).as_catch() {
                let mark = mark as usize;
                let to = std::ptr::with_exposed_provenance(mark & ((1 << SLOT_SHIFT) - 1));
                handler = Some((to, mark >> SLOT_SHIFT));
                break;
            }
            slot = slot.add(1);
        }
        let trace = if handler.is_some_and(|(to, _)| !wants_trace(to, exception.class)) {
            Term::NIL
        } else if exception.trace.is_none() {
            let words = std::slice::from_raw_parts(sp, process.heap.stack_words());
            let frame = if ip.is_null() { Some(0) } else { open_frame(*ip.add(1)) };
            stacktrace::capture((*c).vm(), &mut process.heap, ip, frame, words, &culprit, &exception)
        } else if stacktrace::is_captured(exception.trace) {
            exception.trace
        } else {
            stacktrace::wrap(&mut process.heap, exception.class, exception.trace)
        };
        if let Some((to, slots)) = handler {
            if process.tracing.is_some() {
                super::trace::unwound(c, sp, slot, (exception.class, exception.reason), Some(to));
            }
            let sp = slot.sub(slots);
            let x = &mut (*c).x;
            x[0] = Term::NONE;
            x[1] = Term::atom(exception.class.atom());
            x[2] = exception.reason;
            x[3] = trace;
            resume!(to, c, sp, process.heap.top, reds)
        }
        if process.tracing.is_some() {
            super::trace::unwound(c, sp, end, (exception.class, exception.reason), None);
        }
        let reason = match exception.class {
            Class::Exit => exception.reason,
            Class::Error | Class::Throw => {
                let list = stacktrace::build((*c).vm(), &mut process.heap, trace);
                let reason = if exception.class == Class::Throw {
                    process.heap.tuple(&[Term::atom(atom::NOCATCH), exception.reason])
                } else {
                    exception.reason
                };
                let reason = process.heap.tuple(&[reason, list]);
                (*c).vm().report_crash(process, reason);
                reason
            }
        };
        (*c).exit_reason = reason;
        (*c).finished = false;
        (*c).outcome = Outcome::Exit;
    }
}

/// Does the handler at `to` ask where an exception of this class was raised? `catch` does so for errors only.
///
/// # Safety
/// `to` is the address of an instruction.
unsafe fn wants_trace(to: *const u64, class: Class) -> bool {
    // SAFETY: by the contract; an instruction begins with the address of its handler.
    let is_catch = unsafe { *to } == catch_end as Handler as usize as u64;
    !is_catch || class == Class::Error
}

/// Raises `class`:`reason` at `ip`.
///
/// # Safety
/// As for handlers.
#[cold]
#[inline(never)]
pub(crate) unsafe fn raise_exception(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
    exception: Exception,
) {
    // SAFETY: by the contract.
    unsafe {
        (*c).exception = exception;
        raise(ip, c, sp, hp, reds)
    }
}

/// Raises `{Tag, Value}`.
///
/// # Safety
/// As for handlers.
#[cold]
#[inline(never)]
unsafe fn raise_with(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
    tag: Term,
    value: Term,
) {
    // SAFETY: by the contract.
    unsafe {
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let reason = heap.tuple(&[tag, value]);
        raise_exception(ip, c, sp, heap.top, reds, Exception::error(reason))
    }
}

/// `undef` for a function that does not exist, when there is no error handler either.
///
/// # Safety
/// As for handlers, after `leave`.
pub(crate) unsafe fn raise_undef(ip: *const u64, c: *mut Context, export: &Export, sp: *mut u64, reds: i64) {
    // SAFETY: by the contract.
    unsafe {
        let _ = ip;
        let heap = &mut (*c).process().heap;
        let arguments = heap.list(&(&(*c).x)[..export.arity as usize]);
        (*c).culprit = Culprit { mfa: Some((export.module, export.function)), arguments };
        raise_exception(std::ptr::null(), c, sp, heap.top, reds, Exception::error(Term::atom(atom::UNDEF)))
    }
}

/// The process has crossed its `max_heap_size`.
///
/// # Safety
/// As for handlers, after `leave`.
pub(crate) unsafe fn heap_limit_reached(c: *mut Context, error: crate::heap::GcError) {
    // SAFETY: by the contract.
    unsafe {
        let crate::heap::GcError::MaxHeapSize(words) = error;
        (*c).vm().report_heap_limit((*c).process(), words);
        (*c).exit_reason = Term::atom(atom::KILLED);
        (*c).finished = false;
        (*c).outcome = Outcome::Exit;
    }
}

handlers! {
    /// Before each function: `[module] [function] [arity]`. Reached when no clause matched.
    fn func_info(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let arity = *ip.add(4) as usize;
        let heap = &mut (*c).process().heap;
        let arguments = heap.list(&(&(*c).x)[..arity]);
        let mut exception = Exception::error(Term::atom(atom::FUNCTION_CLAUSE));
        exception.arguments = arguments;
        raise_exception(ip, c, sp, heap.top, reds, exception)
    }

    /// `catch` and `try`: a = slot, `[handler]`.
    fn catch_(ip, c, sp, hp, reds) {
        let slot = field!(ip, 1);
        *sp.add(slot) = catch_mark(target!(ip, 2), slot).0;
        dispatch!(ip.add(3), c, sp, hp, reds)
    }

    /// `try_end`: a = slot.
    fn try_end(ip, c, sp, hp, reds) {
        *sp.add(field!(ip, 1)) = Term::NIL.0;
        dispatch!(ip.add(2), c, sp, hp, reds)
    }

    /// `try_case`: a = slot. Class, reason and trace to X0, X1, X2.
    fn try_case(ip, c, sp, hp, reds) {
        *sp.add(field!(ip, 1)) = Term::NIL.0;
        (*c).x[0] = (*c).x[1];
        (*c).x[1] = (*c).x[2];
        (*c).x[2] = (*c).x[3];
        dispatch!(ip.add(2), c, sp, hp, reds)
    }

    /// `catch_end`: a = slot. X0 is the value, or NONE after an exception.
    fn catch_end(ip, c, sp, hp, reds) {
        *sp.add(field!(ip, 1)) = Term::NIL.0;
        let value = (*c).x[0];
        if value.is_none() {
            tail!(caught, ip, c, sp, hp, reds);
        }
        dispatch!(ip.add(2), c, sp, hp, reds, value)
    }

    /// [`catch_end`] of an exception. Of a thrown term it asks no trace: see [`wants_trace`].
    fn caught(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let (class, reason, trace) = ((*c).x[1], (*c).x[2], (*c).x[3]);
        (*c).x[0] = if class == Term::atom(atom::THROW) {
            reason
        } else {
            let inner = if class == Term::atom(atom::ERROR) {
                let list = stacktrace::build((*c).vm(), heap, trace);
                heap.tuple(&[reason, list])
            } else {
                reason
            };
            heap.tuple(&[Term::atom(atom::EXIT_UPPER), inner])
        };
        resume!(ip.add(2), c, sp, heap.top, reds)
    }

    /// `raise`: `[packed trace] [packed reason]`. The class is in the trace.
    fn raise_again(ip, c, sp, hp, reds) {
        let (trace, reason) = (Packed(*ip.add(2)).get(c, sp), Packed(*ip.add(3)).get(c, sp));
        let class = stacktrace::class_of(trace);
        let mut exception = Exception::new(class, reason);
        exception.trace = trace;
        raise_exception(ip, c, sp, hp, reds, exception)
    }

    /// `raw_raise`: class, reason and trace in X0, X1, X2.
    fn raw_raise(ip, c, sp, hp, reds) {
        let class = (*c).x[0].as_atom().and_then(Class::from_atom);
        let Some(class) = class else {
            (*c).x[0] = Term::atom(atom::BADARG);
            resume!(ip.add(2), c, sp, hp, reds)
        };
        let mut exception = Exception::new(class, (*c).x[1]);
        exception.trace = (*c).x[2];
        raise_exception(ip, c, sp, hp, reds, exception)
    }

    /// `build_stacktrace`: X0 from captured form to list.
    fn build_stacktrace(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        (*c).x[0] = stacktrace::build((*c).vm(), heap, (*c).x[0]);
        resume!(ip.add(2), c, sp, heap.top, reds)
    }

    /// `badmatch`, `case_end`, `try_case_end`, `badrecord`: `[packed value] [tag]`.
    fn raise_value(ip, c, sp, hp, reds) {
        let value = Packed(*ip.add(2)).get(c, sp);
        raise_with(ip, c, sp, hp, reds, Term(*ip.add(3)), value)
    }

    /// `if_end` and other errors without a value: `[reason]`.
    fn raise_reason(ip, c, sp, hp, reds) {
        let exception = Exception::error(Term(*ip.add(2)));
        raise_exception(ip, c, sp, hp, reds, exception)
    }
}
