//! Who still uses old code, and what it holds of memory that is about to go away.

use super::instance::Instance;
use crate::bif::Blamed;
use crate::heap::gc;
use crate::proc::Process;
use crate::sched::dirty::Standing;
use crate::term::Term;

/// Does the process run, or can it come to run, code of this instance? Looks at the place to go on, every
/// return address and handler. A fun does not count, as in OTP: once its code is gone, calling it is an error.
pub(crate) fn uses(process: &Process, instance: &Instance) -> bool {
    instance.contains(process.ip) || uses_on_stack(process, instance)
}

/// The same of a process in its turn, in a native function: what follows is a return address.
pub(crate) fn uses_on_stack(process: &Process, instance: &Instance) -> bool {
    let heap = &process.heap;
    // SAFETY: the words of the live stack.
    on_stack(unsafe { std::slice::from_raw_parts(heap.stack, heap.stack_words()) }, instance)
}

/// The same of one that stands in a native function of the dirty pool.
pub(crate) fn uses_standing(standing: &Standing, instance: &Instance) -> bool {
    instance.contains(standing.ip()) || on_stack(standing.stack(), instance)
}

fn on_stack(stack: &[u64], instance: &Instance) -> bool {
    stack.iter().any(|&word| {
        let term = Term(word);
        let address = term.as_catch().map_or(word as usize, |mark| mark as usize & ((1 << 48) - 1));
        word & 7 == 0 && instance.contains(std::ptr::with_exposed_provenance(word as usize))
            || term.as_catch().is_some() && instance.contains(std::ptr::with_exposed_provenance(address))
    })
}

/// Copies the instance's literals out of the way of a process that holds some.
pub(crate) fn rescue_literals(process: &mut Process, instance: &Instance) {
    if !instance.has_literals() {
        return;
    }
    rescue(process, &|address| instance.is_literal(address));
}

/// Copies out of the way what a process holds of memory that is about to go away.
pub(crate) fn rescue(process: &mut Process, belongs: &dyn Fn(*const u64) -> bool) {
    let mut leader = [process.group_leader];
    let mut failure = process.uncommon.as_mut().and_then(|uncommon| uncommon.failure.take());
    let (mut raised, mut none) = ([Term::NIL; 4], Vec::new());
    let mut arguments = &mut none;
    if let Some(failure) = failure.as_deref_mut() {
        let exception = &failure.exception;
        raised = [exception.reason, exception.trace, exception.arguments, exception.cause];
        if let Blamed::Here(terms) = &mut failure.arguments {
            arguments = terms;
        }
    }
    let roots = &mut [process.dictionary.roots(), &mut leader, &mut raised, &mut arguments[..]];
    gc::rescue_literals(&mut process.heap, roots, belongs);
    if let Some(failure) = failure.as_deref_mut() {
        let exception = &mut failure.exception;
        [exception.reason, exception.trace, exception.arguments, exception.cause] = raised;
    }
    if failure.is_some() {
        process.uncommon().failure = failure;
    }
    process.group_leader = leader[0];
}
