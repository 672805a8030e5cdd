//! Clocks, and timers that send messages.

use crate::bif::argument::{self, badopt, because, name_of, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sched::timer_wheel::Destination;
use crate::sys::clock;
use crate::term::Term;
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::Signed as _;
use std::sync::atomic::Ordering;

/// Parts of a second that a unit counts.
fn parts_per_second(unit: Term) -> Result<BigInt, Exception> {
    if let Some(parts) = unit.as_integer() {
        let parts = parts.into_big();
        return if parts.is_positive() { Ok(parts) } else { Err(Exception::badarg()) };
    }
    match name_of(unit) {
        "second" | "seconds" => Ok(BigInt::from(1)),
        "millisecond" | "milli_seconds" => Ok(BigInt::from(1000)),
        "microsecond" | "micro_seconds" => Ok(BigInt::from(1_000_000)),
        "nanosecond" | "nano_seconds" | "native" | "perf_counter" => Ok(BigInt::from(1_000_000_000)),
        _ => Err(Exception::badarg()),
    }
}

/// `nanoseconds` in the unit of the first argument, if there is one.
pub(crate) fn in_unit(ctx: &mut NativeContext<'_>, nanoseconds: i64, args: &[Term]) -> NativeResult {
    let Some(&unit) = args.first() else { return Ok(ctx.process.heap.integer(nanoseconds)) };
    let value = (parts_per_second(unit)? * nanoseconds).div_floor(&BigInt::from(1_000_000_000));
    Ok(ctx.process.heap.big(&value))
}

fn monotonic_time(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    in_unit(ctx, clock::erlang_monotonic_nanoseconds(), args)
}

fn system_time(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    in_unit(ctx, clock::erlang_system_nanoseconds(), args)
}

fn time_offset(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    in_unit(ctx, clock::time_offset_nanoseconds(), args)
}

fn convert_time_unit(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let time = args[0].as_integer().ok_or_else(Exception::badarg)?.into_big();
    let (from, to) = (parts_per_second(args[1])?, parts_per_second(args[2])?);
    let converted = (time * to).div_floor(&from);
    Ok(ctx.process.heap.big(&converted))
}

/// `{MegaSeconds, Seconds, MicroSeconds}`.
pub(crate) fn timestamp_tuple(ctx: &mut NativeContext<'_>, microseconds: i64) -> Term {
    let (seconds, micro) = (microseconds.div_euclid(1_000_000), microseconds.rem_euclid(1_000_000));
    ctx.process.heap.tuple(&[
        Term::small(seconds / 1_000_000),
        Term::small(seconds % 1_000_000),
        Term::small(micro),
    ])
}

fn timestamp(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let now = clock::erlang_system_nanoseconds() / 1000;
    Ok(timestamp_tuple(ctx, now))
}

/// As [`timestamp`], but never the same twice.
fn now(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let time = clock::erlang_system_nanoseconds() / 1000;
    let last = &ctx.vm.natives.last_now;
    let mut seen = last.load(Ordering::Relaxed);
    let unique = loop {
        let next = time.max(seen + 1);
        match last.compare_exchange(seen, next, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => break next,
            Err(newer) => seen = newer,
        }
    };
    Ok(timestamp_tuple(ctx, unique))
}

/// Milliseconds of the longest timer.
const LONGEST: u64 = 1 << 44;

/// The time is none: no number of milliseconds, or too many.
fn no_time() -> Exception {
    because("time")
}

/// A part of the present millisecond is gone already when a timer starts.
const PART_GONE: i64 = 1;

/// Options of timers: `{abs, true}` for a point of the monotonic clock.
fn is_absolute(options: Option<&Term>) -> Result<bool, Exception> {
    let mut absolute = false;
    for option in options.map_or(Ok(Vec::new()), |&term| term.to_vec().ok_or_else(badopt))? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "abs" => {
                absolute = value.as_bool().ok_or_else(badopt)?;
            }
            _ => return Err(badopt()),
        }
    }
    Ok(absolute)
}

fn start(ctx: &mut NativeContext<'_>, args: &[Term], wrapped: bool) -> NativeResult {
    let now = clock::monotonic_nanoseconds() / 1_000_000;
    let due = if is_absolute(args.get(3))? {
        let (start, end) = (clock::ERLANG_START / 1_000_000, clock::ERLANG_END / 1_000_000);
        let due = args[0].as_small().filter(|due| (start..=end).contains(due)).ok_or_else(no_time)?;
        (due - start).max(now)
    } else {
        let wait = args[0].as_usize().filter(|&wait| wait as u64 <= LONGEST);
        now + wait.ok_or_else(no_time)? as i64 + PART_GONE
    };
    let due = u64::try_from(due).unwrap_or(0);
    if due > LONGEST {
        return Err(because("time").into());
    }
    let to = match (args[1].as_pid(), args[1].as_atom()) {
        (Some(pid), _) => Destination::Process(pid),
        (None, Some(name)) => Destination::Name(name),
        (None, None) => return Err(Exception::badarg().into()),
    };
    let number = ctx.vm.next_reference();
    let reference = ctx.process.heap.reference(number, None);
    let message = if wrapped {
        ctx.process.heap.tuple(&[Term::atom(crate::atom::TIMEOUT), reference, args[2]])
    } else {
        args[2]
    };
    // A timer for a process that is gone, or goes now, is none.
    if let Destination::Process(pid) = to {
        let Some(slot) = ctx.vm.processes.find(pid) else { return Ok(reference) };
        slot.timed.store(true, Ordering::Release);
    }
    ctx.vm.timers.start_message(due, to, OwnedTerm::new(message), number);
    if let Destination::Process(pid) = to
        && ctx.vm.processes.find(pid).is_none()
    {
        ctx.vm.timers.cancel_for(pid);
    }
    Ok(reference)
}

fn start_timer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    start(ctx, args, true)
}

fn send_after(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    start(ctx, args, false)
}

/// Answers the time left on a timer, at once or by a message.
fn ask(ctx: &mut NativeContext<'_>, args: &[Term], cancel: bool) -> NativeResult {
    if !args[0].is_reference() {
        return Err(Exception::badarg().into());
    }
    let (mut by_message, mut wanted) = (false, true);
    for option in args.get(1).map_or(Ok(Vec::new()), |&term| argument::list(term))? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "async" => {
                by_message = value.as_bool().ok_or_else(Exception::badarg)?;
            }
            Some(&[key, value]) if cancel && name_of(key) == "info" => {
                wanted = value.as_bool().ok_or_else(Exception::badarg)?;
            }
            _ => return Err(Exception::badarg().into()),
        }
    }
    let left = args[0].as_ref_number().and_then(|number| ctx.vm.timers.message_timer(number, cancel));
    let answer = left.map_or(Term::bool(false), |left| Term::small((left as i64 - PART_GONE).max(0)));
    if !by_message {
        return Ok(if wanted { answer } else { Term::atom(crate::atom::OK) });
    }
    if wanted {
        let name = named(if cancel { "cancel_timer" } else { "read_timer" });
        let message = ctx.process.heap.tuple(&[name, args[0], answer]);
        super::message::send(ctx.process, ctx.vm, Term::pid(ctx.process.pid), message)?;
    }
    Ok(Term::atom(crate::atom::OK))
}

fn cancel_timer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ask(ctx, args, true)
}

fn read_timer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ask(ctx, args, false)
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "monotonic_time"/0 => monotonic_time;
        "monotonic_time"/1 => monotonic_time;
        "system_time"/0 => system_time;
        "system_time"/1 => system_time;
        "time_offset"/0 => time_offset;
        "time_offset"/1 => time_offset;
        "convert_time_unit"/3 => convert_time_unit;
        "timestamp"/0 => timestamp;
        "now"/0 => now;
        "start_timer"/3 => start_timer;
        "start_timer"/4 => start_timer;
        "send_after"/3 => send_after;
        "send_after"/4 => send_after;
        "cancel_timer"/1 => cancel_timer;
        "cancel_timer"/2 => cancel_timer;
        "read_timer"/1 => read_timer;
        "read_timer"/2 => read_timer;
    }
};
