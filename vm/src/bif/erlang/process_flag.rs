//! `process_flag`.

use super::heap_limit::{heap_limit, heap_limit_map};
use crate::atom;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::natives;
use crate::proc::exception::Exception;
use crate::sched::priority::Priority;
use crate::term::Term;

fn process_flag_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let flag = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let value = args[1];
    let process = &mut *ctx.process;
    let boolean = || value.as_bool().ok_or_else(Exception::badarg);
    Ok(match flag {
        atom::TRAP_EXIT => Term::bool(std::mem::replace(&mut process.trap_exit, boolean()?)),
        atom::SENSITIVE => Term::bool(std::mem::replace(&mut process.sensitive, boolean()?)),
        atom::PRIORITY => {
            let priority = value.as_atom().and_then(Priority::from_atom).ok_or_else(Exception::badarg)?;
            if let Some(slot) = ctx.vm.processes.find(process.pid) {
                slot.priority.store(priority as u8, std::sync::atomic::Ordering::Relaxed);
            }
            Term::atom(std::mem::replace(&mut process.priority, priority).atom())
        }
        atom::ERROR_HANDLER => {
            let handler = value.as_atom().ok_or_else(Exception::badarg)?;
            Term::atom(std::mem::replace(&mut process.error_handler, handler))
        }
        atom::MIN_HEAP_SIZE => {
            let size = value.as_usize().ok_or_else(Exception::badarg)?;
            let former =
                std::mem::replace(&mut process.heap.min_size, u32::try_from(size).unwrap_or(u32::MAX));
            Term::small(i64::from(former).max(233))
        }
        atom::MIN_BIN_VHEAP_SIZE => {
            value.as_usize().ok_or_else(Exception::badarg)?;
            Term::small(46422)
        }
        atom::FULLSWEEP_AFTER => {
            let count = value.as_usize().ok_or_else(Exception::badarg)?;
            let count = u32::try_from(count.min(65535)).unwrap_or(65535);
            Term::small(i64::from(std::mem::replace(&mut process.heap.fullsweep_after, count)))
        }
        atom::MAX_HEAP_SIZE => {
            let limit = heap_limit(value)?;
            let former = heap_limit_map(process);
            let former = former.copy_to(&mut process.heap);
            process.heap.max_words = limit.words;
            process.max_heap_kill = limit.kill;
            process.max_heap_log = limit.log;
            former
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
        atom::SAVE_CALLS => {
            value.as_usize().filter(|&n| n <= 10000).ok_or_else(Exception::badarg)?;
            Term::small(0)
        }
        _ => return Err(Exception::badarg().into()),
    })
}
pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "process_flag"/2 => process_flag_2;
    }
};
