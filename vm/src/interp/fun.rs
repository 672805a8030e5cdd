//! Funs and `apply`.

use super::call::{enter, frame_size, leave, push_frame};
use super::context::{Context, Culprit};
use super::exception::raise_exception;
use super::operand::{Frame, Packed, Source};
use super::{dispatch, field, handlers, resume, tail};
use crate::atom;
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use crate::heap::Build as _;
use crate::proc::exception::Exception;
use crate::term::{Header, Kind, Term};
use std::sync::atomic::Ordering;

/// How many arguments a fun takes; `None` if the term is no fun.
pub(crate) fn arity(fun: Term) -> Option<usize> {
    if let Some(closure) = fun.as_closure() {
        let entry: *const FunEntry = std::ptr::with_exposed_provenance(closure.entry as usize);
        // SAFETY: fun entries are never freed.
        return Some(unsafe { (*entry).arity as usize });
    }
    fun.as_export().map(|export| {
        let export: *const Export = std::ptr::with_exposed_provenance(export as usize);
        // SAFETY: export entries are never freed.
        unsafe { (*export).arity as usize }
    })
}

/// Where to go for a closure whose arguments are in X0 .., its environment put behind them; null where the environment
/// is larger than most, or there is another reason to look closer ([`fun_target`]).
///
/// # Safety
/// As for handlers.
#[inline(always)]
unsafe fn quick_target(c: *mut Context, fun: Term, count: usize) -> *const u64 {
    // SAFETY: by the contract; fun entries live for ever.
    unsafe {
        if !fun.is_kind(Kind::Fun) {
            return std::ptr::null();
        }
        // The words behind the header: entry, creator, environment.
        let words = fun.boxed_pointer();
        let entry: *const FunEntry = std::ptr::with_exposed_provenance(*words.add(1) as usize);
        let size = Header(*words).size();
        if (*entry).arity as usize != count || size > 5 {
            return std::ptr::null();
        }
        let code: *const u64 = (*entry).code.load(Ordering::Acquire);
        if code.is_null() {
            // The fun itself may stand where its environment would go.
            return code;
        }
        let x = c.cast::<u64>().add(count);
        if size > 2 {
            *x = *words.add(3);
        }
        if size > 3 {
            *x.add(1) = *words.add(4);
        }
        if size > 4 {
            *x.add(2) = *words.add(5);
        }
        code
    }
}

/// Where to go for a fun whose arguments are in X0 .., its environment put behind them.
///
/// # Safety
/// As for handlers.
unsafe fn fun_target(c: *mut Context, fun: Term, count: usize) -> Option<*const u64> {
    // SAFETY: by the contract; entries live for ever.
    unsafe {
        if let Some(closure) = fun.as_closure() {
            let entry: *const FunEntry = std::ptr::with_exposed_provenance(closure.entry as usize);
            if (*entry).arity as usize != count {
                return None;
            }
            let code = (*entry).code.load(Ordering::Acquire);
            if code.is_null() {
                return None;
            }
            let (from, to) = (closure.environment, (*c).x.as_mut_ptr().add(count));
            std::ptr::copy_nonoverlapping(from.as_ptr(), to, from.len());
            return Some(code);
        }
        let export: *const Export = std::ptr::with_exposed_provenance(fun.as_export()? as usize);
        ((*export).arity as usize == count).then(|| (*export).current((*c).generation))
    }
}

/// A call that is not possible as it stands.
struct FailedCall {
    fun: Term,
    /// Number of arguments.
    count: usize,
    /// The stack as the function that is called would find it.
    sp: *mut u64,
}

/// What to do when the plain way failed: raise, or call the handler of purged funs.
///
/// # Safety
/// As for handlers; a return address is on the stack unless `ip` is where to blame.
#[cold]
#[inline(never)]
unsafe fn no_target(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
    call: FailedCall,
) {
    // SAFETY: by the contract.
    unsafe {
        leave(c, sp, hp, reds);
        let FailedCall { fun, count, .. } = call;
        let process = (*c).process();
        let arguments = process.heap.list(&(&(*c).x)[..count]);
        if let Some(own) = arity(fun) {
            if own == count {
                // Its code has been purged.
                let handler = (*c).vm().code.export(process.error_handler, atom::UNDEFINED_LAMBDA, 3);
                let closure = fun.as_closure().expect("only closures lose their code");
                let entry: *const FunEntry = std::ptr::with_exposed_provenance(closure.entry as usize);
                (*c).x[0] = Term::atom((*entry).module);
                (*c).x[1] = fun;
                (*c).x[2] = arguments;
                // Where the module is loaded, but not in the version that made the fun, nothing can help.
                let loaded = (*c).vm().code.versions((*entry).module).is_some_and(|v| v.current.is_some());
                if handler.is_defined() && !loaded {
                    (*c).culprit = Culprit::NONE;
                    resume!(handler.current((*c).generation), c, call.sp, process.heap.top, reds)
                }
                let reason = process.heap.tuple(&[Term::atom(atom::BADFUN), fun]);
                return raise_exception(ip, c, sp, process.heap.top, reds, Exception::error(reason));
            }
            let pair = process.heap.tuple(&[fun, arguments]);
            let reason = process.heap.tuple(&[Term::atom(atom::BADARITY), pair]);
            return raise_exception(ip, c, sp, process.heap.top, reds, Exception::error(reason));
        }
        let reason = process.heap.tuple(&[Term::atom(atom::BADFUN), fun]);
        raise_exception(ip, c, sp, process.heap.top, reds, Exception::error(reason))
    }
}

/// Calls a fun whose arguments are in X0 .. and whose return address is pushed. `applied`: by `erlang:apply/2`
/// with nobody else to blame.
///
/// # Safety
/// As for handlers, after `leave`.
pub(crate) unsafe fn enter_fun(c: *mut Context, fun: Term, count: usize, applied: bool) {
    // SAFETY: by the contract.
    unsafe {
        let heap = &(*c).process().heap;
        let (sp, hp, mut reds) = (heap.stack, heap.top, (*c).reds);
        match fun_target(c, fun, count) {
            Some(to) => {
                reds -= 1;
                if reds <= 0 {
                    return super::call::pause(to, c, sp, hp, reds);
                }
                resume!(to, c, sp, hp, reds)
            }
            None => {
                if applied && arity(fun) != Some(count) {
                    (*c).culprit =
                        Culprit { mfa: Some((atom::ERLANG, atom::APPLY)), arguments: Term::small(2) };
                }
                no_target(std::ptr::null(), c, sp, hp, reds, FailedCall { fun, count, sp })
            }
        }
    }
}

handlers! {
    /// `call_fun`, `call_fun2`: a = number of arguments, b = fun, `[] [constant] [record]`.
    fn call_fun<F: Source>(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let fun = F::read(field!(ip, 2), ip.add(3), c, sp);
        let to = quick_target(c, fun, count);
        if to.is_null() {
            tail!(call_any_fun::<F>, ip, c, sp, hp, reds);
        }
        push_frame!(sp, ip.add(4 + F::WORDS));
        enter!(to, c, sp, hp, reds)
    }

    /// `call_fun` of any term.
    #[inline(never)]
    fn call_any_fun<F: Source>(ip, c, sp, hp, reds) {
        let (count, fun) = (field!(ip, 1), F::read(field!(ip, 2), ip.add(3), c, sp));
        let mut called = sp;
        push_frame!(called, ip.add(4 + F::WORDS));
        let Some(to) = fun_target(c, fun, count) else {
            (*c).culprit = Culprit::LEFT;
            return no_target(ip, c, sp, hp, reds, FailedCall { fun, count, sp: called });
        };
        enter!(to, c, called, hp, reds)
    }

    /// `call_fun` and `return`: a = frame size, b = fun, c = number of arguments, `[constant]`.
    fn call_fun_last<F: Source, N: Frame>(ip, c, sp, hp, reds) {
        let fun = F::read(field!(ip, 2), ip.add(2), c, sp);
        let to = quick_target(c, fun, field!(ip, 3));
        if to.is_null() {
            tail!(call_any_fun_last::<F>, ip, c, sp, hp, reds);
        }
        sp = sp.add(frame_size!(N, ip));
        enter!(to, c, sp, hp, reds)
    }

    /// `call_fun_last` of any term.
    #[inline(never)]
    fn call_any_fun_last<F: Source>(ip, c, sp, hp, reds) {
        let (fun, count) = (F::read(field!(ip, 2), ip.add(2), c, sp), field!(ip, 3));
        let called = sp.add(field!(ip, 1));
        let Some(to) = fun_target(c, fun, count) else {
            return no_target(ip, c, sp, hp, reds, FailedCall { fun, count, sp: called });
        };
        enter!(to, c, called, hp, reds)
    }

    /// `erlang:apply/2` in tail position: a = frame size, `[native] [record]`, then the return from the function.
    /// Whoever applies what cannot be applied stays on the stack, for traces to show.
    fn apply_fun_last(ip, c, sp, hp, reds) {
        match spread(c) {
            Some(to) => {
                sp = sp.add(field!(ip, 1));
                enter!(to, c, sp, hp, reds)
            }
            None => tail!(super::native::call_native, ip, c, sp, hp, reds),
        }
    }

    /// `make_fun3`: a = number of free variables, `[fun entry] [packed target] [packed variable]...`.
    fn make_fun(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        *hp = Header::new(Kind::Fun, count + 2).0;
        *hp.add(1) = *ip.add(2);
        *hp.add(2) = (*c).process().pid.0;
        let mut index = 0;
        while index < count {
            *hp.add(3 + index) = Packed(*ip.add(4 + index)).get(c, sp).0;
            index += 1;
        }
        Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(4 + count), c, sp, hp.add(3 + count), reds)
    }

    /// `apply`: a = number of arguments; module and function in the X registers behind them, `[] [record]`.
    fn apply(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        match apply_target(c, count) {
            Some(to) => {
                push_frame!(sp, ip.add(4));
                enter!(to, c, sp, hp, reds)
            }
            None => no_module(ip, c, sp, hp, reds, count),
        }
    }

    /// `apply_last`: a = number of arguments, b = frame size, `[] [record]`, then the return from the function.
    fn apply_last(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        match apply_target(c, count) {
            Some(to) => {
                if raises(c, count) {
                    // The function that raises an exception is to be seen in the trace.
                    push_frame!(sp, ip.add(4));
                } else {
                    sp = sp.add(field!(ip, 2));
                }
                enter!(to, c, sp, hp, reds)
            }
            None => no_module(ip, c, sp, hp, reds, count),
        }
    }
}

/// Where to go for the fun in X0 with the arguments in the list X1, which are put into registers.
///
/// # Safety
/// As for handlers.
#[inline(never)]
unsafe fn spread(c: *mut Context) -> Option<*const u64> {
    // SAFETY: by the contract.
    unsafe {
        let (fun, mut rest) = ((&(*c).x)[0], (&(*c).x)[1]);
        let count = arity(fun)?;
        let mut arguments = [Term::NIL; 255];
        let mut given = 0;
        while let Some((head, tail)) = rest.as_cons() {
            *arguments.get_mut(given)? = head;
            (given, rest) = (given + 1, tail);
        }
        if given != count || !rest.is_nil() {
            return None;
        }
        let (first, second) = ((&(*c).x)[0], (&(*c).x)[1]);
        (&mut (*c).x)[..given].copy_from_slice(&arguments[..given]);
        let to = fun_target(c, fun, given);
        if to.is_none() {
            (&mut (*c).x)[0] = first;
            (&mut (*c).x)[1] = second;
        }
        to
    }
}

/// Is the function to be applied one that does nothing but raise an exception?
///
/// # Safety
/// As for handlers.
#[inline(never)]
unsafe fn raises(c: *mut Context, count: usize) -> bool {
    // SAFETY: by the contract.
    unsafe {
        let registers = &(*c).x;
        registers[count] == Term::atom(atom::ERLANG)
            && [atom::ERROR, atom::EXIT, atom::THROW].map(Term::atom).contains(&registers[count + 1])
    }
}

/// `badarg` in the name of `apply/3`, for what is no module or no name of a function.
///
/// # Safety
/// As for handlers.
#[cold]
#[inline(never)]
unsafe fn no_module(ip: *const u64, c: *mut Context, sp: *mut u64, hp: *mut u64, reds: i64, count: usize) {
    // SAFETY: by the contract.
    unsafe {
        leave(c, sp, hp, reds);
        let given: Vec<Term> = (&(*c).x)[..count + 2].to_vec();
        let heap = &mut (*c).process().heap;
        let list = heap.list(&given[..count]);
        let arguments = heap.list(&[given[count], given[count + 1], list]);
        (*c).culprit = Culprit { mfa: Some((atom::ERLANG, atom::APPLY)), arguments };
        raise_exception(ip, c, sp, heap.top, reds, Exception::badarg());
    }
}

/// # Safety
/// As for handlers.
unsafe fn apply_target(c: *mut Context, count: usize) -> Option<*const u64> {
    // SAFETY: by the contract.
    unsafe {
        let module = (&(*c).x)[count].as_atom()?;
        let function = (&(*c).x)[count + 1].as_atom()?;
        let export = (*c).vm().code.export(module, function, count as u32);
        Some(export.current((*c).generation))
    }
}
