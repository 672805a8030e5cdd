//! Functions that are read when they are first called. Until then only the module's tables are checked, and that
//! every instruction is one that the machine has.
//!
//! An instance begins with a stub for each function: `func_info`, and an instruction that reads the function and
//! goes there. Calls that were translated before lead to the stub; once the function is read they are changed, as are
//! the export and fun entries that lead there. Who has seen the former address comes by the stub once more.

use super::area::CodeArea;
use super::emit::Emitter;
use super::fun_table::FunEntry;
use super::instance::{Function, Instance, Place};
use super::loader::{Constants, LoadError};
use super::module_table::Code;
use super::transform::Translation;
use super::validate::{self, Layout};
use crate::atom::{self, Atom};
use crate::interp::{Handler, call, exception};
use crate::term::Term;
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};
use std::sync::atomic::{AtomicU32, Ordering};
use swerl_beam::{CodeOutline, FunctionOutline, Genop, Module};

/// Words of a stub: `func_info` (5), then `[handler][op] [instance] [function]`.
pub(crate) const STUB: u32 = 9;
/// Where its entry is.
const ENTRY: u32 = 5;

/// Words that a function's code may have at most, by the bytes of its BEAM code.
fn share(function: &FunctionOutline) -> usize {
    function.size() * 6 + 64
}

/// What is known of an instance whose functions are read when they are called.
#[derive(Debug)]
pub(crate) struct Lazy {
    outline: CodeOutline,
    funs: Vec<&'static FunEntry>,
    /// By function: the word of its entry, 0 until it is read.
    entries: Box<[AtomicU32]>,
    /// What was read, in the order of the words.
    pub(crate) read: RwLock<Read>,
    /// Why a function could not be read.
    pub(crate) failure: Mutex<Option<LoadError>>,
    state: Mutex<State>,
}

/// The functions that were read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) functions: Vec<Function>,
    pub(crate) places: Vec<Place>,
}

#[derive(Debug)]
struct State {
    /// Its code is that of the function being read, at other times none.
    module: Module,
    layout: Layout,
    constants: Constants,
    /// By label: its word, for the entries of all functions and for all of those that were read.
    labels: Vec<u32>,
    /// Words that hold the address of a stub, by its label.
    callers: HashMap<u32, Vec<u32>>,
}

/// What [`begin`] makes.
pub(super) struct Begun {
    pub(crate) lazy: Lazy,
    pub(crate) code: CodeArea,
    pub(crate) functions: Vec<Function>,
    /// By label, the words of entries.
    pub(crate) labels: Vec<u32>,
}

/// Makes the stubs of a module's functions. They are not complete before [`Lazy::attach`].
pub(super) fn begin(
    name: Atom,
    module: Module,
    (outline, layout): (CodeOutline, Layout),
    constants: Constants,
    funs: Vec<&'static FunEntry>,
) -> Result<Begun, LoadError> {
    let room = outline.functions.iter().map(|function| STUB as usize + share(function)).sum();
    let code = CodeArea::with_room(room);
    let mut labels = vec![u32::MAX; module.label_count as usize + 1];
    let mut functions = Vec::with_capacity(outline.functions.len());
    let mut words = Vec::with_capacity(outline.functions.len() * STUB as usize);
    for (index, function) in (0u64..).zip(&outline.functions) {
        let start = words.len() as u32;
        let entry = start + ENTRY;
        labels[function.entry as usize] = entry;
        let of = Atom::new(function.name.as_str())?;
        words.extend(func_info(name, of, function.arity));
        words.extend([call::read_function as Handler as usize as u64, Genop::Label as u64, 0, index]);
        functions.push(Function { name: of, arity: function.arity, start, entry });
    }
    code.append(&words);
    let lazy = Lazy {
        entries: outline.functions.iter().map(|_| AtomicU32::new(0)).collect(),
        outline,
        funs,
        read: RwLock::default(),
        failure: Mutex::default(),
        state: Mutex::new(State {
            module,
            layout,
            constants,
            labels: labels.clone(),
            callers: HashMap::new(),
        }),
    };
    Ok(Begun { lazy, code, functions, labels })
}

fn func_info(module: Atom, function: Atom, arity: u32) -> [u64; ENTRY as usize] {
    [
        exception::func_info as Handler as usize as u64,
        Genop::FuncInfo as u64,
        Term::atom(module).word(),
        Term::atom(function).word(),
        u64::from(arity),
    ]
}

/// The code of a function that cannot be read: what calls it fails, as loading its module does where more is wrong.
fn refusal(module: Atom, function: Atom, arity: u32) -> Vec<u64> {
    let raise = exception::raise_reason as Handler as usize as u64;
    let reason = Term::atom(atom::BADFILE).word();
    [&func_info(module, function, arity)[..], &[raise, Genop::IfEnd as u64, reason]].concat()
}

impl Lazy {
    /// The instance has its address now: the stubs learn of it.
    pub(crate) fn attach(&self, instance: &Instance) {
        let address = std::ptr::from_ref(instance).expose_provenance() as u64;
        for index in 0..self.entries.len() as u32 {
            instance.code.write(index * STUB + ENTRY + 2, address);
        }
    }

    /// The word of the entry that a stub's entry stands for, if the function was read.
    pub(crate) fn entry_of(&self, word: u32) -> Option<u32> {
        let entry = self.entries.get((word / STUB) as usize)?.load(Ordering::Acquire);
        (entry != 0).then_some(entry)
    }

    /// Reads all functions, and answers them as they are now.
    pub(crate) fn read_all(&self, code: &Code, instance: &Instance) -> Vec<Function> {
        (0..self.entries.len())
            .map(|index| {
                let word = instance.word(self.read(code, instance, index));
                Function { entry: word, start: word - ENTRY, ..instance.functions[index] }
            })
            .collect()
    }

    /// Reads a function if nobody has, and lets calls that lead to its stub lead to it. Answers its entry.
    pub(crate) fn read(&self, code: &Code, instance: &Instance, index: usize) -> *mut u64 {
        let mut state = self.state.lock();
        let stub = instance.functions[index].entry;
        let entry = match self.entries[index].load(Ordering::Acquire) {
            0 => self.translate(code, instance, index, &mut state),
            entry => entry,
        };
        let (from, to) = (instance.code.address(stub), instance.code.address(entry));
        let label = self.outline.functions[index].entry;
        for word in state.callers.remove(&label).unwrap_or_default() {
            instance.code.write(word, to.expose_provenance() as u64);
        }
        for (export, _) in instance.exports.iter().filter(|(_, word)| *word == stub) {
            export.lead.exchange(from, to);
        }
        for (fun, _) in instance.funs.iter().filter(|(_, word)| *word == stub) {
            let _ = fun.code.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed);
        }
        to
    }

    /// Translates a function; answers the word of its entry.
    fn translate(&self, code: &Code, instance: &Instance, index: usize, state: &mut State) -> u32 {
        let Function { name, arity, .. } = instance.functions[index];
        let base = instance.code.used() as u32;
        let mut out = Emitter::behind(base, std::mem::take(&mut state.labels));
        let done = self.emit(code, instance, index, state, &mut out);
        state.module.code = Vec::new();
        let (mut words, mut places, mut fixups, labels) = out.into_parts();
        state.labels = labels;
        let has_room = words.len() <= share(&self.outline.functions[index]);
        let no_room = LoadError::Unsupported("function of so many words");
        let done = done.and_then(|entry| if has_room { Ok(entry) } else { Err(no_room) });
        let entry = done.unwrap_or_else(|failure| {
            *self.failure.lock() = Some(failure);
            words = refusal(instance.name, name, arity);
            places.clear();
            fixups.clear();
            state.labels[self.outline.functions[index].entry as usize] = base + ENTRY;
            base + ENTRY
        });
        for (at, label) in fixups {
            let word = state.labels[label as usize];
            words[at as usize] = instance.code.address(word).expose_provenance() as u64;
            if word < self.entries.len() as u32 * STUB {
                state.callers.entry(label).or_default().push(base + at);
            }
        }
        let mut read = self.read.write();
        read.functions.push(Function { name, arity, start: entry - ENTRY, entry });
        read.places.append(&mut places);
        let fits = instance.code.append(&words);
        assert!(fits, "each function has its share, and that of one refused is larger than what it gets");
        self.entries[index].store(entry, Ordering::Release);
        entry
    }

    fn emit(
        &self,
        code: &Code,
        instance: &Instance,
        index: usize,
        state: &mut State,
        out: &mut Emitter,
    ) -> Result<u32, LoadError> {
        state.module.code = self.outline.decode(index)?;
        let validated = validate::function(&state.module, &mut state.layout, index)?;
        state.constants.add(&state.module, &mut instance.literals.write())?;
        let (module, constants, funs) = (&state.module, &state.constants, &self.funs[..]);
        let (validated, name) = (&validated, instance.name);
        let translation = Translation { code, name, module, validated, constants, funs };
        let entry = translation.run(out)?;
        if out.is_complete() { Ok(entry) } else { Err(LoadError::Unsupported("undefined label")) }
    }
}
