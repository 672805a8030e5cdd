//! `process_flag`.

use super::heap_limit::{heap_limit, heap_limit_map};
use crate::atom;
use crate::bif::argument::{self, badopt, because};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::sizing;
use crate::natives;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::proc::kept_calls::KeptCalls;
use crate::proc::process::MIN_BINARY_WORDS;
use crate::sched::priority::Priority;
use crate::term::Term;
use std::sync::atomic::Ordering;

/// Most calls that `save_calls` can ask for.
const MOST_CALLS: usize = 10_000;

/// A number of words; none if there is no room for so many.
pub(super) fn words(value: Term) -> Result<usize, Exception> {
    value.as_usize().filter(|&words| words < 1 << 44).ok_or_else(Exception::badarg)
}

/// A number of words, as the next step of the ladder of sizes.
pub(super) fn size(value: Term) -> Result<usize, Exception> {
    words(value).map(sizing::step)
}

/// The least words of a process's heap, as it was told or as all have it.
pub(super) fn least_words(told: u32) -> Term {
    Term::small(if told == 0 { sizing::MIN_HEAP_SIZE as i64 } else { i64::from(told) })
}

/// The same for binaries, whose ladder begins higher.
pub(super) fn binary_size(value: Term) -> Result<usize, Exception> {
    size(value).map(|words| words.max(MIN_BINARY_WORDS))
}

fn process_flag_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&[name, options]) = args[0].as_tuple()
        && argument::name_of(name) == "monitor_nodes"
    {
        let options = options.to_vec().filter(|options| options.is_empty());
        options.ok_or_else(Exception::badarg)?;
        return Ok(monitor_nodes(ctx.process, args[1])?);
    }
    let flag = args[0].as_atom().ok_or_else(badopt)?;
    let value = args[1];
    let process = &mut *ctx.process;
    let boolean = || value.as_bool().ok_or_else(Exception::badarg);
    Ok(match flag {
        atom::TRAP_EXIT => Term::bool(std::mem::replace(&mut process.trap_exit, boolean()?)),
        atom::SENSITIVE => Term::bool(std::mem::replace(&mut process.sensitive, boolean()?)),
        atom::PRIORITY => {
            let priority = value.as_atom().and_then(Priority::from_atom).ok_or_else(Exception::badarg)?;
            if let Some(slot) = ctx.vm.processes.find(process.pid) {
                slot.priority.store(priority as u8, Ordering::Relaxed);
            }
            Term::atom(std::mem::replace(&mut process.priority, priority).atom())
        }
        atom::ERROR_HANDLER => {
            let handler = value.as_atom().ok_or_else(Exception::badarg)?;
            Term::atom(std::mem::replace(&mut process.error_handler, handler))
        }
        atom::MIN_HEAP_SIZE => {
            let size = u32::try_from(size(value)?).unwrap_or(u32::MAX);
            let former = std::mem::replace(&mut process.heap.min_size, size);
            least_words(former)
        }
        atom::MIN_BIN_VHEAP_SIZE => {
            let former = process.min_binary_words();
            process.uncommon().min_binary_words = Some(binary_size(value)?);
            Term::small(former as i64)
        }
        atom::FULLSWEEP_AFTER => {
            let count = fullsweep_after(value)?;
            Term::small(i64::from(std::mem::replace(&mut process.heap.fullsweep_after, count)))
        }
        atom::MAX_HEAP_SIZE => {
            let limit = heap_limit(value, *ctx.vm.flags.heap_limit.lock())?;
            let former = std::mem::replace(&mut process.heap.limit, limit);
            heap_limit_map(former, &mut process.heap)
        }
        atom::MESSAGE_QUEUE_DATA => {
            let off_heap = match value.as_atom() {
                Some(atom::OFF_HEAP) => true,
                Some(atom::ON_HEAP) => false,
                _ => return Err(Exception::badarg().into()),
            };
            let former = std::mem::replace(&mut process.off_heap_messages, off_heap);
            Term::atom(if former { atom::OFF_HEAP } else { atom::ON_HEAP })
        }
        atom::SAVE_CALLS => return save_calls(ctx, value),
        _ if argument::name_of(args[0]) == "monitor_nodes" => monitor_nodes(process, value)?,
        _ if argument::name_of(args[0]) == "scheduler" => {
            let schedulers = ctx.vm.config.all_schedulers;
            let wanted = value.as_usize().filter(|&wanted| wanted <= schedulers);
            let wanted = wanted.ok_or_else(Exception::badarg)? as u16;
            Term::small(i64::from(std::mem::replace(&mut process.uncommon().scheduler, wanted)))
        }
        _ => return Err(badopt().into()),
    })
}

/// The count of minor collections between major ones; it has sixteen bits.
pub(super) fn fullsweep_after(value: Term) -> Result<u16, Exception> {
    let count = value.as_usize().ok_or_else(Exception::badarg)?;
    Ok((count & 0xffff) as u16)
}

fn save_calls(ctx: &mut NativeContext<'_>, value: Term) -> NativeResult {
    let count = value.as_usize().filter(|&count| count <= MOST_CALLS).ok_or_else(|| because("none"))?;
    // It counts from the next turn on, so this one ends.
    Err(Interrupt::Yield(keep_calls(ctx.process, count)))
}

/// Keeps another number of calls; answers how many were kept.
fn keep_calls(process: &mut Process, count: usize) -> Term {
    let former = std::mem::replace(&mut process.uncommon().kept_calls, KeptCalls::of(count));
    Term::small(former.map_or(0, |kept| kept.most()) as i64)
}

/// Answers how often the process had asked to be told of nodes. None comes or goes as long as this one is alone.
fn monitor_nodes(process: &mut Process, value: Term) -> Result<Term, Exception> {
    let on = value.as_bool().ok_or_else(Exception::badarg)?;
    let watches = &mut process.uncommon().watches_nodes;
    let former = *watches;
    *watches = if on { former.saturating_add(1) } else { 0 };
    Ok(Term::small(i64::from(former)))
}

/// `process_flag/3`: only the calls to be kept can be asked for of another process.
fn process_flag_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().ok_or_else(|| because("badtype"))?;
    if args[1].as_atom() != Some(atom::SAVE_CALLS) {
        return Err(Exception::badarg().into());
    }
    let count = args[2].as_usize().filter(|&count| count <= MOST_CALLS).ok_or_else(Exception::badarg)?;
    if pid == ctx.process.pid {
        return save_calls(ctx, args[2]);
    }
    if ctx.vm.processes.find(pid).is_none() {
        return Err(because("badtype").into());
    }
    Err(super::process::ask(ctx, pid, move |target, _| match target {
        Some(process) => keep_calls(process, count),
        None => Term::small(0),
    }))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "process_flag"/2 => process_flag_2;
        "process_flag"/3 => process_flag_3;
    }
};
