//! One loaded version of a module: its code words, literals, functions and lines.

use super::area::CodeArea;
use super::export_table::Export;
use super::fun_table::FunEntry;
use super::lazy::Lazy;
use super::module_table::Code;
use crate::atom::Atom;
use crate::heap::copy::OwnedTerm;
use crate::heap::literal_area::LiteralArea;
use crate::term::Term;
use parking_lot::RwLock;
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
    pub(crate) code: CodeArea,
    pub(crate) literals: RwLock<Vec<LiteralArea>>,
    /// The stubs of its functions, in the order of the code.
    pub(crate) functions: Vec<Function>,
    pub(crate) files: Vec<String>,
    /// Exported functions and the words of their entries.
    pub(crate) exports: Vec<(&'static Export, u32)>,
    pub(crate) funs: Vec<(&'static FunEntry, u32)>,
    pub(crate) attributes: OwnedTerm,
    pub(crate) compile_info: OwnedTerm,
    pub(crate) md5: [u8; 16],
    /// Entry of the `-on_load` function.
    pub(crate) on_load: Option<u32>,
    /// The functions, which are read when they are called.
    pub(crate) lazy: Lazy,
    /// Somebody is about to be rid of this code.
    pub(crate) purging: AtomicBool,
}

impl Instance {
    /// Does the address lie in this code?
    pub(crate) fn contains(&self, address: *const u64) -> bool {
        self.code.range().contains(&address)
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
        self.code.address(word)
    }

    /// The address of an entry, where the function was read that of the function itself.
    pub(crate) fn entry_address(&self, word: u32) -> *mut u64 {
        self.address(self.lazy.entry_of(word).unwrap_or(word))
    }

    /// Which word the address is.
    pub(crate) fn word(&self, address: *const u64) -> u32 {
        ((address as usize - self.code.range().start as usize) / 8) as u32
    }

    /// The function that a word belongs to.
    pub(crate) fn function_at(&self, word: u32) -> Option<Function> {
        let before = |functions: &[Function]| {
            let after = functions.partition_point(|function| function.start <= word);
            functions[..after].last().copied()
        };
        before(&self.lazy.read.read().functions).or_else(|| before(&self.functions))
    }

    /// The place in the source that a word belongs to.
    pub(crate) fn place_at(&self, word: u32) -> Option<(&str, u32)> {
        let start = self.function_at(word)?.start;
        let before = |places: &[Place]| {
            let after = places.partition_point(|place| place.word <= word);
            places[..after].last().copied()
        };
        let place = before(&self.lazy.read.read().places)?;
        if place.word < start || place.line == 0 {
            return None;
        }
        Some((self.files.get(place.file as usize)?, place.line))
    }

    /// Does a term lead into this instance's literals, or is it a closure of this code?
    pub(crate) fn is_literal(&self, address: *const u64) -> bool {
        self.literals.read().iter().any(|area| area.contains(address))
    }

    /// Has it any literals?
    pub(crate) fn has_literals(&self) -> bool {
        self.literals.read().iter().any(|area| !area.is_empty())
    }

    /// The functions where they are in the code; those not read yet are read first.
    pub(crate) fn read_functions(&self, code: &Code) -> Vec<Function> {
        self.lazy.read_all(code, self)
    }

    /// The functions that have been read, where they are in the code.
    pub(crate) fn functions_in_code(&self) -> Vec<Function> {
        self.lazy.read.read().functions.clone()
    }

    /// Funs of this code lead nowhere from now on.
    pub(crate) fn close_funs(&self) {
        for (entry, _) in &self.funs {
            let closed = |code: *mut u64| self.contains(code).then_some(std::ptr::null_mut());
            let _ = entry.code.fetch_update(Ordering::AcqRel, Ordering::Relaxed, closed);
        }
    }

    /// Undoes [`Self::close_funs`].
    pub(crate) fn open_funs(&self) {
        for &(entry, word) in &self.funs {
            let (null, code) = (std::ptr::null_mut(), self.entry_address(word));
            let _ = entry.code.compare_exchange(null, code, Ordering::AcqRel, Ordering::Relaxed);
        }
    }
}
