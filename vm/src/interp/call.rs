//! Calls, returns, frames, heap reservation.

use super::context::{Context, Outcome};
use super::operand::{Accumulator, Frame, Source};
use super::{callee, dispatch, field, handlers, resume, target};
use crate::bif::erlang::load_report;
use crate::code::export_table::Export;
use crate::code::instance::Instance;
use crate::heap::{STACK_MARGIN, sizing};
use crate::proc::Process;
use crate::proc::kept_calls::Kept;
use crate::term::Term;
use crate::trace::process as trace;

/// Pushes the return address `$back`.
macro_rules! push_frame {
    ($sp:ident, $back:expr) => {
        $sp = $sp.sub(1);
        *$sp = $back as u64;
    };
}

/// Pops a return address and goes there. What is returned stands in X0 and, as after every call, in the accumulator.
macro_rules! return_to {
    ($c:ident, $sp:ident, $hp:ident, $reds:ident) => {
        $crate::interp::call::return_to!($c, $sp, $hp, $reds, (*$c).x[0])
    };
    ($c:ident, $sp:ident, $hp:ident, $reds:ident, $value:expr) => {{
        let value: Term = $value;
        let back = std::ptr::with_exposed_provenance::<u64>(*$sp as usize);
        $crate::interp::dispatch!(back, $c, $sp.add(1), $hp, $reds, value)
    }};
}

/// Enters a function: one reduction, and a pause when none is left. At its entry the accumulator has X0, as after a
/// return: the caller's own accumulator if that has it, else it is loaded.
macro_rules! enter {
    ($target:expr, $c:ident, $sp:ident, $hp:ident, $reds:ident) => {
        $crate::interp::call::enter!($target, $c, $sp, $hp, $reds, (*$c).x[0])
    };
    ($target:expr, $c:ident, $sp:ident, $hp:ident, $reds:ident, $first:expr) => {{
        let first: Term = $first;
        let to = $target;
        $reds -= 1;
        if $reds <= 0 {
            return $crate::interp::call::pause(to, $c, $sp, $hp, $reds);
        }
        $crate::interp::dispatch!(to, $c, $sp, $hp, $reds, first)
    }};
}

/// X0, from the accumulator if it is there.
macro_rules! first {
    ($S:ident, $accumulator:ident, $ip:ident, $c:ident, $sp:ident) => {
        $S::take($accumulator, 0, $ip, $c, $sp)
    };
}

/// The code that the export entry in word `$n` leads to now.
macro_rules! export_target {
    ($ip:expr, $n:expr, $c:ident) => {{
        let export = target!($ip, $n).cast::<Export>();
        let generation = (*(*$c).generation).current();
        (*export).lead.at(generation).cast_const()
    }};
}

/// The frame size of the instruction at `$ip`.
macro_rules! frame_size {
    ($F:ident, $ip:ident) => {
        $F::size($ip.cast::<u16>().add(5))
    };
}

/// Defines handlers that collect and come to the same instruction again, for which there is room then.
macro_rules! collect_and_repeat {
    ($($name:ident($ip:ident, $c:ident, $sp:ident): live $live:expr, need $need:expr;)*) => {
        $(
            #[cold]
            #[inline(never)]
            unsafe extern "sysv64" fn $name(
                $ip: *const u64,
                $c: *mut $crate::interp::Context,
                $sp: *mut u64,
                hp: *mut u64,
                reds: i64,
            ) {
                // SAFETY: called as a handler.
                unsafe {
                    $crate::interp::call::leave($c, $sp, hp, reds);
                    if !$crate::interp::call::collect($c, $live, $need) {
                        return;
                    }
                    (*$c).has_room = true;
                    let heap = &(*$c).process().heap;
                    // A collection may cost the rest of the turn, but never the turn's end itself.
                    let reds = (*$c).reds.max(1);
                    let (sp, hp) = (heap.stack, heap.top);
                    $crate::interp::resume!($ip, $c, sp, hp, reds)
                }
            }
        )*
    };
}

pub(crate) use {collect_and_repeat, enter, frame_size, push_frame, return_to};

/// Is there no room for so many words? In the build that collects at every allocation, not the first time.
///
/// # Safety
/// As for handlers.
#[inline(always)]
pub(crate) unsafe fn lacks_room(c: *mut Context, sp: *mut u64, hp: *mut u64, words: usize) -> bool {
    if cfg!(gc_stress) {
        // SAFETY: called by a handler.
        return unsafe { !std::mem::replace(&mut (*c).has_room, false) };
    }
    (sp as usize).wrapping_sub(hp as usize) < (words + STACK_MARGIN) * 8
}

handlers! {
    /// `call`: `[target] [record]`.
    fn call<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        push_frame!(sp, ip.add(4));
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `call_only`: `[target]`.
    fn call_only<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `call_last`: a = frame size, `[target]`.
    fn call_last<F: Frame, S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        sp = sp.add(frame_size!(F, ip));
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `call_ext`: `[export] [record]`.
    fn call_ext<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        push_frame!(sp, ip.add(4));
        enter!(export_target!(ip, 2, c), c, sp, hp, reds, first)
    }

    /// `call_ext_only`: `[export]`.
    fn call_ext_only<S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        enter!(export_target!(ip, 2, c), c, sp, hp, reds, first)
    }

    /// `call_ext_last`: a = frame size, `[export]`.
    fn call_ext_last<F: Frame, S: Source>(ip, c, sp, hp, reds, accumulator) {
        let first = first!(S, accumulator, ip, c, sp);
        sp = sp.add(frame_size!(F, ip));
        enter!(export_target!(ip, 2, c), c, sp, hp, reds, first)
    }

    /// `return`.
    fn return_(ip, c, sp, hp, reds) {
        return_to!(c, sp, hp, reds)
    }

    /// `deallocate` and `return`: a = frame size.
    fn deallocate_return<F: Frame>(ip, c, sp, hp, reds) {
        sp = sp.add(frame_size!(F, ip));
        return_to!(c, sp, hp, reds)
    }

    /// `allocate`: a = frame size, b = live X registers.
    fn allocate<F: Frame>(ip, c, sp, hp, reds) {
        let size = frame_size!(F, ip);
        if (sp as usize).wrapping_sub(hp as usize) < (size + STACK_MARGIN) * 8 || cfg!(gc_stress) {
            return allocate_slow(ip, c, sp, hp, reds);
        }
        dispatch!(ip.add(2), c, sp.sub(size), hp, reds)
    }

    /// `allocate_heap`: a = frame size, b = live X registers, `[heap words]`.
    fn allocate_heap(ip, c, sp, hp, reds) {
        let size = field!(ip, 1);
        let need = *ip.add(2) as usize;
        if (sp as usize).wrapping_sub(hp as usize) < (size + need + STACK_MARGIN) * 8 || cfg!(gc_stress) {
            return allocate_heap_slow(ip, c, sp, hp, reds);
        }
        dispatch!(ip.add(3), c, sp.sub(size), hp, reds)
    }

    /// `test_heap`: b = live X registers, `[heap words]`.
    fn test_heap(ip, c, sp, hp, reds) {
        let need = *ip.add(2) as usize;
        if (sp as usize).wrapping_sub(hp as usize) < (need + STACK_MARGIN) * 8 || cfg!(gc_stress) {
            return test_heap_slow(ip, c, sp, hp, reds);
        }
        dispatch!(ip.add(3), c, sp, hp, reds)
    }

    /// `deallocate`, and `trim` which keeps the slots above: a = slots.
    fn deallocate(ip, c, sp, hp, reds) {
        dispatch!(ip.add(2), c, sp.add(field!(ip, 1)), hp, reds)
    }

    /// `init_yregs` of one slot: a = slot.
    fn init_one(ip, c, sp, hp, reds) {
        *sp.add(field!(ip, 1)) = Term::NIL.0;
        dispatch!(ip.add(2), c, sp, hp, reds)
    }

    /// `init_yregs` of up to three slots, one perhaps named twice: a, b, c = slots.
    fn init_three(ip, c, sp, hp, reds) {
        *sp.add(field!(ip, 1)) = Term::NIL.0;
        *sp.add(field!(ip, 2)) = Term::NIL.0;
        *sp.add(field!(ip, 3)) = Term::NIL.0;
        dispatch!(ip.add(2), c, sp, hp, reds)
    }

    /// `init_yregs`: a = how many, `[slot]`...
    fn init_yregs(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let mut index = 0;
        while index < count {
            *sp.add(*ip.add(2 + index) as usize) = Term::NIL.0;
            index += 1;
        }
        dispatch!(ip.add(2 + count), c, sp, hp, reds)
    }

    /// `jump`: `[target]`.
    fn jump(ip, c, sp, hp, reds) {
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// What a new process begins with: `[export]`.
    fn begin_process(ip, c, sp, hp, reds) {
        dispatch!(export_target!(ip, 2, c), c, sp, hp, reds, (*c).x[0])
    }

    /// The way to a function for a process that keeps its last calls: `[export]`.
    fn keep_call(ip, c, sp, hp, reds) {
        let export = &*target!(ip, 2).cast::<Export>();
        if let Some(kept) = (*c).process().kept_calls() {
            kept.keep(Kept::Call(export.module, export.function, export.arity));
        }
        let to = export.current((*c).vm().code.generation());
        resume!(to, c, sp, hp, reds)
    }

    /// The entry of a function that is read when it is called: `[instance] [function]`.
    fn read_function(ip, c, sp, hp, reds) {
        let instance = &*target!(ip, 2).cast::<Instance>();
        let entry = instance.lazy.read(&(*c).vm().code, instance, *ip.add(3) as usize);
        if let Some(error) = instance.lazy.failure.lock().take() {
            load_report::report((*c).vm(), (*c).process(), instance.name, &error);
        }
        resume!(entry, c, sp, hp, reds)
    }

    /// The entry of an export that no loaded code defines: `[export]`. Calls the error handler.
    fn undefined_export(ip, c, sp, hp, reds) {
        return call_error_handler(ip, c, sp, hp, reds);
    }
}

/// Where a process's stack ends: the place its first function returns to.
pub(crate) unsafe extern "sysv64" fn end_of_process(
    _ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    _: Accumulator,
    reds: i64,
    hp: *mut u64,
) {
    // SAFETY: called as a handler.
    unsafe {
        leave(c, sp, hp, reds);
        (*c).finished = true;
        (*c).outcome = Outcome::Exit;
    }
}

/// Stores stack, heap and reductions back into the process.
///
/// # Safety
/// As for handlers.
#[inline]
pub(crate) unsafe fn leave(c: *mut Context, sp: *mut u64, hp: *mut u64, reds: i64) {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
        process.heap.stack = sp;
        process.heap.top = hp;
        (*c).reds = reds;
    }
}

/// What tracing calls the collection that comes next, at its start and at its end.
fn start_of(process: &Process) -> &'static str {
    if process.heap.minor_gcs >= process.heap.fullsweep_after { "gc_major_start" } else { "gc_minor_start" }
}

fn end_of(process: &Process) -> &'static str {
    if process.heap.minor_gcs >= process.heap.fullsweep_after { "gc_major_end" } else { "gc_minor_end" }
}

/// Collects with `live` X registers, so that `need` words and the margin are free. False: the process must end.
///
/// # Safety
/// As for handlers, after [`leave`].
pub(crate) unsafe fn collect(c: *mut Context, live: usize, need: usize) -> bool {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
        let before = process.heap.used_words();
        if process.tracing.is_some() {
            trace::collected((*c).vm(), process, start_of(process), 0);
        }
        let end = end_of(process);
        let begin = (*c).vm().flags.monitor.begin();
        process.heap.nursery_limit = sizing::nursery_limit((*c).waiting, (*c).vm().processes.count());
        match process.collect(need + STACK_MARGIN, false, &mut (&mut (*c).x)[..live]) {
            Ok(words) => {
                let freed = before.saturating_sub(process.heap.used_words());
                (*c).vm().counters.collection(freed);
                if let Some(begin) = begin {
                    (*c).vm().flags.monitor.collected((*c).vm(), process, begin);
                }
                if process.tracing.is_some() {
                    trace::collected((*c).vm(), process, end, freed);
                }
                let limit = process.heap.limit;
                if !limit.kills() && limit.is_crossed_by(process.heap.total_words()) {
                    (*c).vm().report_heap_limit(process, process.heap.total_words());
                }
                (*c).reds -= (words / 64) as i64;
                true
            }
            Err(error) => {
                super::exception::heap_limit_reached(c, error);
                false
            }
        }
    }
}

macro_rules! slow_allocation {
    ($name:ident, $size:expr, $need:expr, $length:literal) => {
        #[cold]
        #[inline(never)]
        unsafe extern "sysv64" fn $name(
            ip: *const u64,
            c: *mut Context,
            sp: *mut u64,
            hp: *mut u64,
            reds: i64,
        ) {
            // SAFETY: called as a handler.
            unsafe {
                let size: usize = $size(ip);
                let need: usize = $need(ip);
                leave(c, sp, hp, reds);
                if !collect(c, field!(ip, 2), size + need) {
                    return;
                }
                let heap = &(*c).process().heap;
                // A collection may cost the rest of the turn, but never the turn's end itself.
                let reds = (*c).reds.max(1);
                let (sp, hp) = (heap.stack.sub(size), heap.top);
                resume!(ip.add($length), c, sp, hp, reds)
            }
        }
    };
}

slow_allocation!(allocate_slow, |ip: *const u64| field!(ip, 1), |_| 0, 2);
slow_allocation!(allocate_heap_slow, |ip: *const u64| field!(ip, 1), |ip: *const u64| *ip.add(2) as usize, 3);
slow_allocation!(test_heap_slow, |_| 0, |ip: *const u64| *ip.add(2) as usize, 3);

/// At the entry of a function (`ip`, X registers by its arity): a collection that is wanted, or the turn's end.
#[cold]
#[inline(never)]
pub(crate) unsafe extern "sysv64" fn pause(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
) {
    // SAFETY: called as a handler; the word before a function's entry is its arity.
    unsafe {
        let arity = *ip.sub(1) as usize;
        leave(c, sp, hp, reds);
        let process = (*c).process();
        let room = process.heap.free_words() >= arity + 2 * STACK_MARGIN;
        if (process.heap.wants_collection() || !room || cfg!(gc_stress))
            && !collect(c, arity, arity + STACK_MARGIN)
        {
            return;
        }
        let stolen = std::mem::replace(&mut (*c).stolen, 0);
        if stolen > 1 {
            let heap = &process.heap;
            let (sp, hp) = (heap.stack, heap.top);
            resume!(ip, c, sp, hp, stolen)
        }
        save(c, ip, arity);
        (*c).outcome = Outcome::Yield;
    }
}

/// Saves `live` X registers on the stack and the place to go on. The stack has the room.
///
/// # Safety
/// As for handlers, after [`leave`].
pub(crate) unsafe fn save(c: *mut Context, ip: *const u64, live: usize) {
    // SAFETY: by the contract.
    unsafe {
        let process = (*c).process();
        let stack = process.heap.stack.sub(live);
        std::ptr::copy_nonoverlapping((*c).x.as_ptr().cast::<u64>(), stack, live);
        process.heap.stack = stack;
        process.live = live as u32;
        process.ip = ip;
    }
}

/// Makes the next call look in, because a collection is wanted.
#[inline]
pub(crate) fn steal_reductions(c: &mut Context, reds: i64) -> i64 {
    if reds > 1 && c.stolen == 0 {
        c.stolen = reds;
        return 1;
    }
    reds
}

/// `error_handler:undefined_function(M, F, Args)` in place of the undefined function at `ip`.
#[cold]
#[inline(never)]
unsafe extern "sysv64" fn call_error_handler(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
) {
    // SAFETY: called as a handler, by the stub of an export entry.
    unsafe {
        let export = &*target!(ip, 2).cast::<Export>();
        leave(c, sp, hp, reds);
        let process = (*c).process();
        let handler = (*c).vm().code.export(process.error_handler, crate::atom::UNDEFINED_FUNCTION, 3);
        if !handler.is_defined() {
            return super::exception::raise_undef(ip, c, export, sp, reds);
        }
        use crate::heap::Build as _;
        let arguments = process.heap.list(&(&(*c).x)[..export.arity as usize]);
        (*c).x[0] = Term::atom(export.module);
        (*c).x[1] = Term::atom(export.function);
        (*c).x[2] = arguments;
        let (sp, hp) = (process.heap.stack, process.heap.top);
        let to = handler.current((*c).vm().code.generation());
        resume!(to, c, sp, hp, reds)
    }
}
