//! A turn of a process: from its saved state to the reason why it stops.

use super::call::save;
use super::context::{Context, Outcome, Resume};
use super::operand::Accumulator;
use super::{Handler, TURN};
use crate::bif::FunctionCall;
use crate::proc::Process;
use crate::proc::process::Waiting;

/// Runs `process` until its turn ends. Its registers are popped from the stack first.
pub(crate) fn run(
    c: &mut Context,
    process: &mut Process,
    raise: Option<crate::bif::DirtyFailure>,
) -> Outcome {
    c.process = std::ptr::from_mut(process);
    c.stolen = 0;
    c.look_at_calls();
    process.hibernating = false;
    process.heap.begin_turn();
    let live = std::mem::take(&mut process.live) as usize;
    // SAFETY: whoever suspended the process pushed `live` registers and left `ip` at code that expects them.
    unsafe {
        std::ptr::copy_nonoverlapping(process.heap.stack, c.x.as_mut_ptr().cast(), live);
        process.heap.stack = process.heap.stack.add(live);
        let (ip, sp, hp) = (process.ip, process.heap.stack, process.heap.top);
        let context = std::ptr::from_mut(c);
        c.reds = TURN;
        if let Some(failure) = raise {
            failure.install(c, process);
            let (sp, hp) = (process.heap.stack.sub(1), process.heap.top);
            *sp = ip as u64;
            super::exception::raise(std::ptr::null(), context, sp, hp, TURN);
        } else {
            let handler = *ip.cast::<Handler>();
            handler(ip, context, sp, Accumulator::new((*context).x[0]), TURN, hp);
        }
        loop {
            if (*context).outcome != Outcome::Continue {
                break;
            }
            let Resume { ip, sp, hp, accumulator } = (*context).resume;
            let handler = *ip.cast::<Handler>();
            handler(ip, context, sp, Accumulator::new(accumulator), (*context).reds, hp);
        }
    }
    let left = if c.stolen > 0 { c.stolen } else { c.reds };
    let taken = (TURN - left).max(1).unsigned_abs();
    process.reductions += taken;
    c.work += taken;
    c.vm().counters.turn(taken);
    c.outcome
}

/// `erlang:hibernate/3`: forgets the stack, and waits for a message with the call to make then.
///
/// # Safety
/// As for handlers, after `leave`.
pub(crate) unsafe fn hibernate(c: *mut Context, call: FunctionCall) {
    // SAFETY: by the contract; the bottom of the stack is the return to the process's end.
    unsafe {
        let process = (*c).process();
        let count = call.arguments.len();
        (&mut (*c).x)[..count].copy_from_slice(&call.arguments);
        process.heap.stack = process.heap.block.end().sub(1);
        if process.collect(count, true, &mut (&mut (*c).x)[..count]).is_err() {
            return super::exception::heap_limit_reached(c, crate::heap::GcError::MaxHeapSize(0));
        }
        let export = (*c).vm().code.export(call.module, call.function, count as u32);
        save(c, export.current((*c).generation), count);
        if process.mailbox.len() == 0 {
            process.waiting = Waiting::Message;
            process.hibernating = true;
            (*c).outcome = Outcome::Wait;
        } else {
            (*c).outcome = Outcome::Yield;
        }
    }
}
