//! Breakpoints of traced functions, and the places they return to.

use super::call::{collect, leave};
use super::context::{Context, Outcome};
use super::operand::Accumulator;
use super::{Handler, handlers, resume, target};
use crate::bif::NativeContext;
use crate::code::export_table::Export;
use crate::code::stacktrace;
use crate::heap::STACK_MARGIN;
use crate::proc::exception::Class;
use crate::term::Term;
use crate::trace::breakpoint::{self, Breakpoint, FRAME, Mfa};
use crate::trace::call::{self, WATCHES, Watch};
use crate::vm::Vm;
use std::sync::Arc;

/// The address that the innermost call returns to, past frames of tracing.
fn real_return(vm: &Vm, stack: &[u64]) -> *const u64 {
    let own = vm.trace.breakpoints.return_address();
    let mut at = 0;
    while stack.get(at) == Some(&own) {
        at += 1 + FRAME;
    }
    std::ptr::with_exposed_provenance(stack.get(at).map_or(0, |&word| word as usize))
}

/// Does the innermost call return to the end of a timed function? Then this one has been called in tail position, and
/// that end will be its own too.
fn is_timed(vm: &Vm, heap: &crate::heap::Heap) -> bool {
    // SAFETY: the words of the stack, with frames of tracing on top.
    let stack = unsafe { std::slice::from_raw_parts(heap.stack, heap.stack_words()) };
    let own = vm.trace.breakpoints.return_address();
    let mut at = 0;
    while stack.get(at) == Some(&own) {
        let frame = &stack[at + 1..at + 1 + FRAME];
        if Watch::of_frame(crate::term::as_terms(frame)).timed {
            return true;
        }
        at += 1 + FRAME;
    }
    false
}

/// Who called the function that is being entered.
///
/// # Safety
/// As for handlers, after `leave`; a return address is on top of the stack.
unsafe fn caller(c: *mut Context) -> Option<Mfa> {
    // SAFETY: by the contract.
    unsafe {
        let heap = &(*c).process().heap;
        let stack = std::slice::from_raw_parts(heap.stack, heap.stack_words());
        let vm = (*c).vm();
        stacktrace::mfa_at(vm, real_return(vm, stack))
    }
}

/// Tells of a call and pushes the frames that its end is told from. False: the process must end.
///
/// # Safety
/// As for handlers, after `leave`; the arguments are in the X registers and `ip` is the entry.
unsafe fn tell_call(c: *mut Context, ip: *const u64, breakpoint: &Arc<Breakpoint>) -> bool {
    // SAFETY: by the contract.
    unsafe {
        let arity = breakpoint.mfa.2 as usize;
        let need = WATCHES * (FRAME + 1) + STACK_MARGIN;
        if (*c).process().heap.free_words() < need && !collect(c, arity, need) {
            return false;
        }
        let process = (*c).process();
        process.ip = ip;
        let caller = caller(c);
        let mut arguments: Vec<Term> = (&(*c).x)[..arity].to_vec();
        super::bits::show_contexts(&mut (*c).process().heap, &mut arguments);
        let mut ctx = NativeContext::new(process, (*c).vm(), &raw mut (*c).reds);
        let watches = call::called(&mut ctx, breakpoint, &arguments, caller);
        let back = (*c).vm().trace.breakpoints.return_address();
        let heap = &mut (*c).process().heap;
        for watch in watches.into_iter().flatten() {
            if watch.timed && is_timed((*c).vm(), heap) {
                continue;
            }
            let frame = heap.stack.sub(FRAME);
            std::ptr::copy_nonoverlapping(watch.frame().as_ptr().cast(), frame, FRAME);
            heap.stack = frame.sub(1);
            *heap.stack = back;
        }
        true
    }
}

/// In place of a handler whose process must end.
unsafe extern "sysv64" fn stop(
    _: *const u64,
    _: *mut Context,
    _: *mut u64,
    _: Accumulator,
    _: i64,
    _: *mut u64,
) {
}

/// Tells of the call at a breakpoint, and answers what the code would have done.
///
/// # Safety
/// As for handlers, after `leave`.
#[cold]
#[inline(never)]
unsafe fn at_breakpoint(c: *mut Context, ip: *const u64) -> Handler {
    // SAFETY: by the contract; the word at `ip` is a handler's address.
    unsafe {
        loop {
            if let Some(place) = (*c).vm().trace.breakpoints.at(ip) {
                return if tell_call(c, ip, &place.breakpoint) { place.handler() } else { stop };
            }
            let word: *const std::sync::atomic::AtomicU64 = ip.cast();
            let now = (*word).load(std::sync::atomic::Ordering::Acquire) as usize;
            if now != breakpoint as Handler as usize {
                // Removed meanwhile.
                return std::mem::transmute::<usize, Handler>(now);
            }
            std::thread::yield_now();
        }
    }
}

/// Tells of a call through a traced export entry, and answers where it leads.
///
/// # Safety
/// As for handlers, after `leave`.
#[cold]
#[inline(never)]
unsafe fn at_export(c: *mut Context, ip: *const u64, export: &'static Export) -> Option<*const u64> {
    // SAFETY: by the contract.
    unsafe {
        let vm = (*c).vm();
        if let Some(breakpoint) = vm.trace.breakpoints.find((export.module, export.function, export.arity))
            && !tell_call(c, ip, &breakpoint)
        {
            return None;
        }
        Some(breakpoint::behind_trampoline(vm, export))
    }
}

/// Tells of a return, and takes the frame away.
///
/// # Safety
/// As for handlers, after `leave`; the frame is on top of the stack, the value in X0.
#[cold]
#[inline(never)]
unsafe fn tell_return(c: *mut Context) {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
        let vm = (*c).vm();
        let watch = Watch::of_frame(std::slice::from_raw_parts(process.heap.stack.cast(), FRAME));
        call::returned(vm, process, watch, (&(*c).x)[0]);
        process.heap.stack = process.heap.stack.add(FRAME);
        if watch.return_to {
            let stack = std::slice::from_raw_parts(process.heap.stack, process.heap.stack_words());
            // Where frames of tracing follow, the last of them tells.
            if stack.first() != Some(&vm.trace.breakpoints.return_address()) {
                call::back_in(vm, process, real_return(vm, stack));
            }
        }
    }
}

/// An exception leaves the frames below `handler`: tells of the traced ones. `to` is where it is caught.
///
/// # Safety
/// As for handlers, after `leave`; the slots are words of the stack.
pub(crate) unsafe fn unwound(
    c: *mut Context,
    from: *const u64,
    end: *const u64,
    (class, reason): (Class, Term),
    to: Option<*const u64>,
) {
    // SAFETY: by the contract.
    unsafe {
        let vm = (*c).vm();
        let own = vm.trace.breakpoints.return_address();
        let mut slot = from;
        let mut return_to = false;
        while slot < end {
            if *slot == own {
                let watch = Watch::of_frame(std::slice::from_raw_parts(slot.add(1).cast(), FRAME));
                return_to |= watch.return_to;
                call::failed(vm, (*c).process(), watch, class, reason);
            }
            slot = slot.add(1);
        }
        if return_to && let Some(to) = to {
            call::back_in(vm, (*c).process(), to);
        }
    }
}

handlers! {
    /// In place of the first word of a traced function.
    fn breakpoint(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let handler = at_breakpoint(c, ip);
        let heap = &(*c).process().heap;
        return handler(ip, c, heap.stack, Accumulator::new((*c).x[0]), (*c).reds, heap.top);
    }

    /// Where the export entry of a traced function leads: `[export]`.
    fn export_breakpoint(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let export = &*target!(ip, 2).cast::<Export>();
        let Some(to) = at_export(c, ip, export) else { return };
        let heap = &(*c).process().heap;
        resume!(to, c, heap.stack, heap.top, (*c).reds)
    }

    /// Where traced calls return to that somebody wants to hear the end of.
    fn return_trace(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        tell_return(c);
        let heap = &(*c).process().heap;
        let (sp, hp) = (heap.stack, heap.top);
        let back = std::ptr::with_exposed_provenance::<u64>(*sp as usize);
        (*c).outcome = Outcome::Continue;
        resume!(back, c, sp.add(1), hp, (*c).reds)
    }
}
