//! One loaded version of a module: its code words, literals, functions and lines.

use super::export_table::Export;
use super::fun_table::FunEntry;
use crate::atom::Atom;
use crate::heap::copy::OwnedTerm;
use crate::heap::literal_area::LiteralArea;
use crate::term::Term;
use std::sync::atomic::{AtomicBool, Ordering};

/// A function of a module instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    pub(crate) name: Atom,
    pub(crate) arity: u32,
    /// Word of its `func_info`.
    pub(crate) start: u32,
    /// Word of its entry.
    pub(crate) entry: u32,
}

/// A source place: file (index) and line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// From this word on.
    pub(crate) word: u32,
    pub(crate) file: u32,
    /// 0 where no place is known.
    pub(crate) line: u32,
}

/// A loaded module version.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: Atom,
    pub(crate) code: Box<[u64]>,
    pub(crate) literals: LiteralArea,
    /// The terms of the literal table, for use by other modules' loads: none. Kept for `module_info` only.
    pub(crate) functions: Vec<Function>,
    pub(crate) places: Vec<Place>,
    pub(crate) files: Vec<String>,
    /// Exported functions and the words of their entries.
    pub(crate) exports: Vec<(&'static Export, u32)>,
    pub(crate) funs: Vec<(&'static FunEntry, u32)>,
    pub(crate) attributes: OwnedTerm,
    pub(crate) compile_info: OwnedTerm,
    pub(crate) md5: [u8; 16],
    /// Entry of the `-on_load` function.
    pub(crate) on_load: Option<u32>,
    /// Somebody is about to be rid of this code.
    pub(crate) purging: AtomicBool,
}

impl Instance {
    /// Does the address lie in this code?
    pub(crate) fn contains(&self, address: *const u64) -> bool {
        self.code.as_ptr_range().contains(&address)
    }

    /// Does its compile information hold `{interpreted, true}`? So do scripts that are compiled in secret: their stack
    /// traces speak of operators as an interpreter does.
    pub(crate) fn is_interpreted(&self) -> bool {
        let Ok(key) = Atom::new("interpreted") else { return false };
        let entry = [Term::atom(key), Term::bool(true)];
        self.compile_info.term().iter().any(|info| info.as_tuple().is_some_and(|parts| parts == entry))
    }

    /// The address of a word of the code.
    pub(crate) fn address(&self, word: u32) -> *mut u64 {
        self.code[word as usize..].as_ptr().cast_mut()
    }

    /// Which word the address is.
    pub(crate) fn word(&self, address: *const u64) -> u32 {
        ((address as usize - self.code.as_ptr() as usize) / 8) as u32
    }

    /// The function that a word belongs to.
    pub(crate) fn function_at(&self, word: u32) -> Option<&Function> {
        let after = self.functions.partition_point(|function| function.start <= word);
        self.functions[..after].last()
    }

    /// The place in the source that a word belongs to.
    pub(crate) fn place_at(&self, word: u32) -> Option<(&str, u32)> {
        let start = self.function_at(word)?.start;
        let after = self.places.partition_point(|place| place.word <= word);
        let place = self.places[..after].last()?;
        if place.word < start || place.line == 0 {
            return None;
        }
        Some((self.files.get(place.file as usize)?, place.line))
    }

    /// Does a term lead into this instance's literals, or is it a closure of this code?
    pub(crate) fn is_literal(&self, address: *const u64) -> bool {
        self.literals.contains(address)
    }

    /// Funs of this code lead nowhere from now on.
    pub(crate) fn close_funs(&self) {
        for &(entry, word) in &self.funs {
            let null = std::ptr::null_mut();
            let _ =
                entry.code.compare_exchange(self.address(word), null, Ordering::AcqRel, Ordering::Relaxed);
        }
    }

    /// Undoes [`Self::close_funs`].
    pub(crate) fn open_funs(&self) {
        for &(entry, word) in &self.funs {
            let (null, code) = (std::ptr::null_mut(), self.address(word));
            let _ = entry.code.compare_exchange(null, code, Ordering::AcqRel, Ordering::Relaxed);
        }
    }
}
