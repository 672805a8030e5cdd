//! The limit of a process's heap, as programs write and read it.

use crate::atom::{self, Atom};
use crate::heap::sizing::HeapLimit;
use crate::heap::{Build, map as heap_map};
use crate::proc::exception::Exception;
use crate::term::{Term, map};

/// Words of the least limit there can be.
const LEAST: usize = 233;

/// The limit that `value` stands for; what it does not say is as in `otherwise`.
pub(super) fn heap_limit(value: Term, otherwise: HeapLimit) -> Result<HeapLimit, Exception> {
    let size = |size: Term| {
        size.as_usize().filter(|&words| words == 0 || words >= LEAST).ok_or_else(Exception::badarg)
    };
    if !value.is_map() {
        return Ok(HeapLimit::new(size(value)?, otherwise.kills(), otherwise.logs()));
    }
    let flag = |name: Atom| match map::get(value, Term::atom(name)) {
        None => Ok(None),
        Some(flag) => flag.as_bool().map(Some).ok_or_else(Exception::badarg),
    };
    let words = match map::get(value, Term::atom(atom::SIZE)) {
        Some(words) => size(words)?,
        None => return Err(Exception::badarg()),
    };
    let kill = flag(atom::KILL)?.unwrap_or(otherwise.kills());
    let log = flag(atom::ERROR_LOGGER)?.unwrap_or(otherwise.logs());
    Ok(HeapLimit::new(words, kill, log))
}

/// The map that shows a limit.
pub(super) fn heap_limit_map<B: Build + ?Sized>(limit: HeapLimit, memory: &mut B) -> Term {
    heap_map::from_pairs(
        memory,
        &[
            (Term::atom(atom::ERROR_LOGGER), Term::bool(limit.logs())),
            (Term::atom(atom::KILL), Term::bool(limit.kills())),
            (Term::atom(atom::SIZE), Term::small(limit.words() as i64)),
        ],
    )
}
