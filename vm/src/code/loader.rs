//! From the bytes of a BEAM file to an instance ready to be made current.

use super::export_table::Export;
use super::fun_table::FunEntry;
use super::instance::Instance;
use super::lazy;
use super::module_table::Code;
use super::transform;
use super::validate::{self, ValidateError};
use crate::atom::{Atom, AtomError};
use crate::heap::copy::{self, OwnedTerm};
use crate::heap::literal_area::LiteralArea;
use crate::heap::{Build, Heap, map};
use crate::term::{Kind, SMALL_MAX, SMALL_MIN, Term};
use hashbrown::HashMap;
use num_bigint::BigInt;
use std::sync::atomic::AtomicPtr;
use swerl_beam::{Lambda, Literal, Module, Operand, ReadError};

/// Why a file cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not a BEAM file, or a broken one.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// Its code does not keep the rules.
    #[error("{0}")]
    Invalid(#[from] ValidateError),
    /// The file has no module name.
    #[error("the file names no module")]
    NoName,
    /// The file holds another module.
    #[error("the file holds module {found}, not {expected}")]
    WrongModule {
        /// What was asked for.
        expected: String,
        /// What is there.
        found: String,
    },
    /// An atom that cannot be made.
    #[error("{0}")]
    Atom(#[from] AtomError),
    /// An instruction that has no meaning here.
    #[error("instruction {0} is not supported")]
    Unsupported(&'static str),
    /// A guard function that the machine does not have.
    #[error("the file needs the function {0}")]
    MissingNative(String),
    /// No room for literals.
    #[error("no room for literals")]
    LiteralsFull,
}

/// A module instance that is not current yet.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) instance: Instance,
}

impl Prepared {
    /// Reads all of its functions. For tests: nothing waits for it.
    pub(crate) fn read(self, code: &Code) -> Result<(), LoadError> {
        self.instance.read_functions(code);
        self.instance.lazy.failure.into_inner().map_or(Ok(()), Err)
    }
}

/// Bytes of code up to which all functions of a file from elsewhere are read at once. That takes no longer than the
/// rest of loading a larger one; nobody who calls them waits, and what is wrong in any of them is said now.
const SMALL: usize = 4096;

/// Reads a file, checks its tables and finds its functions, which are read when they are called ([`lazy`]), or now where
/// they are few. `expected` is the name that the module must have.
pub(crate) fn prepare(code: &Code, expected: Option<Atom>, bytes: &[u8]) -> Result<Prepared, LoadError> {
    let bundled = expected.and_then(|name| code.bundled(name)).filter(|known| known.bytes == bytes);
    let (module, outline, md5) = match bundled {
        Some(known) => {
            let (module, outline) = Module::read_outline_of_static(known.bytes)?;
            (module, outline, known.md5)
        }
        None => Module::read_outline(bytes)?,
    };
    let name = name_of(&module, expected)?;
    let layout = validate::outline(&module, &outline)?;
    // They exist from now on, and there is room for them when a function is read.
    for atom in &outline.atoms {
        Atom::new(atom.as_str())?;
    }
    let (literals, constants) = Constants::build(code, &module)?;
    let funs = fun_entries(code, name, &module, md5)?;
    let (attributes, compile_info) =
        (owned(code, module.attributes.as_ref())?, owned(code, module.compile_info.as_ref())?);
    let files = files(name, &module);
    let (exported, lambdas) = (module.exports.clone(), module.lambdas.clone());
    let on_load = outline.on_load;
    let read_now = bundled.is_none() && outline.size() <= SMALL;
    let begun = lazy::begin(name, module, (outline, layout), constants, funs.clone())?;
    let word_of = |label: u32| begun.labels.get(label as usize).copied();
    let (exports, funs) = entries(code, name, (&exported, &lambdas), funs, word_of)?;
    let instance = Instance {
        name,
        attributes,
        compile_info,
        code: begun.code,
        literals: literals.into(),
        on_load: on_load.and_then(|index| begun.functions.get(index)).map(|function| function.entry),
        functions: begun.functions,
        files,
        exports,
        funs,
        md5,
        lazy: begun.lazy,
        purging: std::sync::atomic::AtomicBool::new(false),
    };
    if read_now {
        instance.read_functions(code);
        if let Some(failure) = instance.lazy.failure.lock().take() {
            return Err(failure);
        }
    }
    Ok(Prepared { instance })
}

/// Whether a file could be loaded and all of its functions read. Answers how many they are.
///
/// # Errors
/// What is wrong with the file or with the first function that cannot be read.
pub fn check(bytes: &[u8]) -> Result<usize, LoadError> {
    let (mut module, outline, _) = Module::read_outline(bytes)?;
    let mut layout = validate::outline(&module, &outline)?;
    for index in 0..outline.functions.len() {
        module.code = outline.decode(index)?;
        validate::function(&module, &mut layout, index)?;
    }
    Ok(outline.functions.len())
}

/// The module's name, which must be the expected one.
fn name_of(module: &Module, expected: Option<Atom>) -> Result<Atom, LoadError> {
    let name = module.name.ok_or(LoadError::NoName)?;
    if let Some(expected) = expected
        && expected.text() != name.as_str()
    {
        return Err(LoadError::WrongModule { expected: expected.text().into(), found: name.as_str().into() });
    }
    Ok(Atom::new(name.as_str())?)
}

fn fun_entries(
    code: &Code,
    name: Atom,
    module: &Module,
    md5: [u8; 16],
) -> Result<Vec<&'static FunEntry>, LoadError> {
    let entry = |lambda: &Lambda| {
        Ok(code.funs.get(FunEntry {
            code: AtomicPtr::default(),
            module: name,
            function: Atom::new(lambda.function.as_str())?,
            arity: lambda.arity - lambda.num_free,
            index: lambda.index,
            old_uniq: lambda.old_uniq,
            free: lambda.num_free,
            version: md5,
        }))
    };
    module.lambdas.iter().map(entry).collect()
}

/// Exports and funs, each with the word of its entry.
type Entries = (Vec<(&'static Export, u32)>, Vec<(&'static FunEntry, u32)>);

fn entries(
    code: &Code,
    name: Atom,
    (exports, lambdas): (&[swerl_beam::Export], &[Lambda]),
    funs: Vec<&'static FunEntry>,
    word_of: impl Fn(u32) -> Option<u32>,
) -> Result<Entries, LoadError> {
    let word_of = |label| word_of(label).unwrap_or(0);
    let export = |export: &swerl_beam::Export| {
        let function = Atom::new(export.function.as_str())?;
        Ok((code.known_export(name, function, export.arity), word_of(export.label)))
    };
    let exports = exports.iter().map(export).collect::<Result<Vec<_>, AtomError>>()?;
    let funs = funs.into_iter().zip(lambdas.iter().map(|lambda| word_of(lambda.label))).collect();
    Ok((exports, funs))
}

/// The names of the source files, the module's own first.
fn files(name: Atom, module: &Module) -> Vec<String> {
    let mut files = vec![format!("{}.erl", name.text())];
    files.extend(module.lines.files.iter().skip(1).cloned());
    if let Some(first) = module.lines.files.first()
        && !first.is_empty()
    {
        files[0].clone_from(first);
    }
    files
}

fn owned(code: &Code, literal: Option<&Literal>) -> Result<OwnedTerm, LoadError> {
    let mut heap = Heap::new(64, 0, 0);
    let term = match literal {
        Some(literal) => build_literal(code, &mut heap, literal)?,
        None => Term::NIL,
    };
    Ok(OwnedTerm::new(term))
}

/// Constants of a module, in its literal areas.
#[derive(Debug)]
pub(crate) struct Constants {
    /// The literal table.
    pub(crate) table: Vec<Term>,
    /// Integers in operands that do not fit a small term.
    pub(crate) integers: HashMap<BigInt, Term>,
    /// Parts of the string pool, by offset and size in bytes.
    pub(crate) strings: HashMap<(u32, u32), Term>,
}

impl Constants {
    /// An integer in an operand.
    pub(crate) fn integer(&self, value: i64) -> Term {
        if (SMALL_MIN..=SMALL_MAX).contains(&value) {
            return Term::small(value);
        }
        self.integers.get(&BigInt::from(value)).copied().unwrap_or(Term::NIL)
    }

    /// The literal table.
    fn build(code: &Code, module: &Module) -> Result<(Vec<LiteralArea>, Self), LoadError> {
        let mut heap = Heap::new(256, 0, 0);
        let mut terms = Vec::with_capacity(module.literals.len());
        for literal in &module.literals {
            terms.push(build_literal(code, &mut heap, literal)?);
        }
        let mut areas = Vec::new();
        settle(terms.iter_mut().collect(), &mut areas)?;
        Ok((areas, Self { table: terms, integers: HashMap::new(), strings: HashMap::new() }))
    }

    /// Adds what the code that is decoded has besides the literal table.
    pub(crate) fn add(&mut self, module: &Module, areas: &mut Vec<LiteralArea>) -> Result<(), LoadError> {
        let mut heap = Heap::new(64, 0, 0);
        let (integers, strings) = (self.integers.len(), self.strings.len());
        let known = (self.integers.clone(), self.strings.clone());
        self.collect(module, &mut heap)?;
        if (integers, strings) == (self.integers.len(), self.strings.len()) {
            return Ok(());
        }
        let new_integers = self.integers.iter_mut().filter(|(key, _)| !known.0.contains_key(*key));
        let new_strings = self.strings.iter_mut().filter(|(key, _)| !known.1.contains_key(*key));
        let terms = new_integers.map(|(_, term)| term).chain(new_strings.map(|(_, term)| term));
        settle(terms.collect(), areas)
    }

    /// Makes the integers and strings of the decoded code on a heap.
    fn collect(&mut self, module: &Module, heap: &mut Heap) -> Result<(), LoadError> {
        let mut integer = |operand: &Operand| match operand {
            Operand::Int(value) if !(SMALL_MIN..=SMALL_MAX).contains(value) => {
                self.integers.entry(BigInt::from(*value)).or_insert_with(|| heap.integer(*value));
            }
            Operand::Big(value) => {
                self.integers.entry(value.clone()).or_insert_with(|| heap.big(value));
            }
            _ => {}
        };
        for operand in module.code.iter().flat_map(|instr| &instr.args) {
            match operand {
                Operand::List(list) => list.iter().for_each(&mut integer),
                operand => integer(operand),
            }
        }
        for (offset, size) in transform::strings(&module.code) {
            let (start, end) = (offset as usize, offset as usize + size as usize);
            let bytes =
                module.strings.get(start..end).ok_or(LoadError::Unsupported("string out of range"))?;
            self.strings.entry((offset, size)).or_insert_with(|| heap.binary(bytes));
        }
        Ok(())
    }
}

/// Copies terms to the last literal area that has room for them, or to a new one.
fn settle(terms: Vec<&mut Term>, areas: &mut Vec<LiteralArea>) -> Result<(), LoadError> {
    let words: usize = terms.iter().map(|term| copy::size_of(**term)).sum();
    if areas.last().is_none_or(|area| area.room() < words) {
        areas.push(LiteralArea::allocate(words).ok_or(LoadError::LiteralsFull)?);
    }
    if let Some(area) = areas.last_mut() {
        for term in terms {
            *term = copy::copy(*term, area);
        }
    }
    Ok(())
}

/// Builds a literal. Iterative, as literals nest as deep as a source file makes them.
pub(crate) fn build_literal(code: &Code, heap: &mut Heap, literal: &Literal) -> Result<Term, LoadError> {
    enum Step<'a> {
        Visit(&'a Literal),
        List(usize),
        Tuple(usize),
        Map(usize),
    }
    let mut steps = vec![Step::Visit(literal)];
    let mut done: Vec<Term> = Vec::new();
    while let Some(step) = steps.pop() {
        match step {
            Step::Visit(literal) => match literal {
                Literal::Int(value) => done.push(heap.integer(*value)),
                Literal::Big(value) => done.push(heap.big(value)),
                Literal::Float(value) => done.push(heap.float(*value)),
                Literal::Atom(atom) => done.push(Term::atom(Atom::new(atom.as_str())?)),
                Literal::Nil => done.push(Term::NIL),
                Literal::List(elements, tail) => {
                    steps.push(Step::List(elements.len()));
                    steps.push(Step::Visit(tail));
                    steps.extend(elements.iter().rev().map(Step::Visit));
                }
                Literal::Str(bytes) => done.push(heap.byte_list(bytes)),
                Literal::Tuple(elements) => {
                    steps.push(Step::Tuple(elements.len()));
                    steps.extend(elements.iter().rev().map(Step::Visit));
                }
                Literal::Map(pairs) => {
                    steps.push(Step::Map(pairs.len()));
                    for (key, value) in pairs.iter().rev() {
                        steps.push(Step::Visit(value));
                        steps.push(Step::Visit(key));
                    }
                }
                Literal::Bits(bytes, last) => {
                    let bits = bytes.len() * 8 - if bytes.is_empty() { 0 } else { 8 - usize::from(*last) };
                    done.push(heap.bit_string(bytes, bits));
                }
                Literal::Fun(module, function, arity) => {
                    let (module, function) = (Atom::new(module.as_str())?, Atom::new(function.as_str())?);
                    let export = code.known_export(module, function, u32::from(*arity));
                    done.push(
                        heap.boxed(Kind::Export, &[std::ptr::from_ref(export).expose_provenance() as u64]),
                    );
                }
            },
            Step::List(count) => {
                let parts = done.split_off(done.len() - count - 1);
                done.push(heap.list_with_tail(&parts[..count], parts[count]));
            }
            Step::Tuple(count) => {
                let parts = done.split_off(done.len() - count);
                done.push(heap.tuple(&parts));
            }
            Step::Map(count) => {
                let parts = done.split_off(done.len() - count * 2);
                let pairs: Vec<(Term, Term)> = parts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                done.push(map::from_pairs(heap, &pairs));
            }
        }
    }
    Ok(done.pop().unwrap_or(Term::NIL))
}
