//! `apply`, raising exceptions, ending the machine.

use crate::atom;
use crate::bif::argument::{badopt, characters, name_of};
use crate::bif::{FunctionCall, Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::{Class, Exception};
use crate::term::Term;

fn apply_fun(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match args[1].to_vec() {
        Some(arguments) if arguments.len() <= MOST_ARGUMENTS => {
            Err(Interrupt::Apply(Box::new((args[0], arguments))))
        }
        // No function takes so many.
        Some(_) if args[0].is_fun() => {
            let pair = ctx.process.heap.tuple(&[args[0], args[1]]);
            let reason = ctx.process.heap.tuple(&[Term::atom(atom::BADARITY), pair]);
            raised(Class::Error, reason)
        }
        Some(_) => {
            let reason = ctx.process.heap.tuple(&[Term::atom(atom::BADFUN), args[0]]);
            raised(Class::Error, reason)
        }
        None => Err(Exception::badarg().into()),
    }
}

/// Most arguments of a function.
const MOST_ARGUMENTS: usize = 255;

/// The call that module, function and argument list name.
pub(super) fn call(module: Term, function: Term, arguments: Term) -> Result<FunctionCall, Exception> {
    let (Some(module), Some(function), Some(arguments)) =
        (module.as_atom(), function.as_atom(), arguments.to_vec())
    else {
        return Err(Exception::badarg());
    };
    if arguments.len() > MOST_ARGUMENTS {
        return Err(Exception::error(Term::atom(atom::UNDEF)));
    }
    Ok(FunctionCall { module, function, arguments })
}

fn apply(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Err(Interrupt::Call(Box::new(call(args[0], args[1], args[2])?)))
}

/// An exception that blames the caller, not the native function.
fn raised(class: Class, reason: Term) -> NativeResult {
    Err(Exception::raised(class, reason).into())
}

fn throw(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    raised(Class::Throw, args[0])
}

fn exit(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    raised(Class::Exit, args[0])
}

fn error(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    raised(Class::Error, args[0])
}

fn error_with_arguments(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut exception = Exception::error(args[0]);
    exception.arguments = if args[1].is_list() { args[1] } else { Term::atom(atom::UNDEFINED) };
    if let Some(options) = args.get(2) {
        exception.cause = error_info(*options);
    }
    Err(exception.into())
}

/// The map in `{error_info, Map}` among the options of `error/3`; or NONE.
fn error_info(options: Term) -> Term {
    let pairs = options.to_vec().unwrap_or_default();
    let is_info = |pair: &&Term| {
        pair.as_tuple().is_some_and(|pair| pair.len() == 2 && pair[0] == Term::atom(atom::ERROR_INFO))
    };
    pairs.iter().find(is_info).and_then(|pair| pair.as_tuple()).map_or(Term::NONE, |pair| pair[1])
}

/// `erlang:raise/3`. A trace that is none makes the call answer `badarg`.
fn raise(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let class = args[0].as_atom().and_then(Class::from_atom);
    let entries = args[2].to_vec();
    let (Some(class), Some(entries)) = (class, entries) else { return Ok(Term::atom(atom::BADARG)) };
    let trace: Option<Vec<Term>> = entries.iter().map(|&entry| trace_entry(ctx, entry)).collect();
    let Some(trace) = trace else { return Ok(Term::atom(atom::BADARG)) };
    let mut exception = Exception::new(class, args[1]);
    exception.trace = ctx.process.heap.list(&trace);
    Err(exception.into())
}

/// An entry of a stack trace, its list of places added if it has none.
fn trace_entry(ctx: &mut NativeContext<'_>, entry: Term) -> Option<Term> {
    let is_call = |term: &Term| term.is_integer() || term.is_list();
    match entry.as_tuple()? {
        [module, function, call] if module.is_atom() && function.is_atom() && is_call(call) => {
            Some(ctx.process.heap.tuple(&[*module, *function, *call, Term::NIL]))
        }
        [module, function, call, places]
            if module.is_atom() && function.is_atom() && is_call(call) && places.is_list() =>
        {
            Some(entry)
        }
        [fun, call] if fun.is_fun() && is_call(call) => {
            Some(ctx.process.heap.tuple(&[*fun, *call, Term::NIL]))
        }
        [fun, call, places] if fun.is_fun() && is_call(call) && places.is_list() => Some(entry),
        _ => None,
    }
}

fn halt(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    for option in args.get(1).map_or(Some(Vec::new()), |list| list.to_vec()).ok_or_else(badopt)? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "flush" && value.as_bool().is_some() => {}
            _ => return Err(badopt().into()),
        }
    }
    let status = match args.first() {
        None => 0,
        Some(term) => match term.as_usize() {
            Some(status) => i32::try_from(status & 0xff).unwrap_or(255),
            None if *term == Term::atom(atom::ABORT) => crate::ABORTED,
            None => match term.to_vec() {
                Some(_) => {
                    let slogan = characters(*term).ok_or_else(Exception::badarg)?;
                    super::crash_dump::write(ctx, &slogan);
                    1
                }
                None => return Err(Exception::badarg().into()),
            },
        },
    };
    ctx.vm.halt(status);
    // Nothing that this process could do from here on is wanted.
    Err(Interrupt::Suspend(Term::bool(true)))
}

fn hibernate(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Err(Interrupt::Hibernate(Box::new(call(args[0], args[1], args[2])?)))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "apply"/2 => apply_fun;
        "apply"/3 => apply;
        "throw"/1 => throw;
        "exit"/1 => exit;
        "error"/1 => error;
        "error"/2 => error_with_arguments;
        "error"/3 => error_with_arguments;
        "nif_error"/1 => error;
        "nif_error"/2 => error_with_arguments;
        "raise"/3 => raise;
        "halt"/0 => halt;
        "halt"/1 => halt;
        "halt"/2 => halt;
        "hibernate"/3 => hibernate;
    }
};
