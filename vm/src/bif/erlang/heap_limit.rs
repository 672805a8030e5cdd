//! The limit of a process's heap, as programs write and read it.

use crate::atom::{self, Atom};
use crate::heap::copy::OwnedTerm;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::term::{Term, map};

pub(super) struct HeapLimit {
    pub(super) words: usize,
    pub(super) kill: bool,
    pub(super) log: bool,
}

pub(super) fn heap_limit(value: Term) -> Result<HeapLimit, Exception> {
    let mut limit = HeapLimit { words: 0, kill: true, log: true };
    if let Some(words) = value.as_usize() {
        limit.words = words;
        return Ok(limit);
    }
    if !value.is_map() {
        return Err(Exception::badarg());
    }
    let flag = |name: Atom| match map::get(value, Term::atom(name)) {
        None => Ok(None),
        Some(flag) => flag.as_bool().map(Some).ok_or_else(Exception::badarg),
    };
    limit.words = match map::get(value, Term::atom(atom::SIZE)) {
        Some(size) => size.as_usize().ok_or_else(Exception::badarg)?,
        None => return Err(Exception::badarg()),
    };
    limit.kill = flag(atom::KILL)?.unwrap_or(true);
    limit.log = flag(atom::ERROR_LOGGER)?.unwrap_or(true);
    Ok(limit)
}
pub(super) fn heap_limit_map(process: &Process) -> OwnedTerm {
    let (words, kill, log) = (process.heap.max_words, process.max_heap_kill, process.max_heap_log);
    OwnedTerm::build(|memory| {
        crate::heap::map::from_pairs(
            memory,
            &[
                (Term::atom(atom::ERROR_LOGGER), Term::bool(log)),
                (Term::atom(atom::KILL), Term::bool(kill)),
                (Term::atom(atom::SIZE), Term::small(words as i64)),
            ],
        )
    })
}
