//! From the bytes of a BEAM file to an instance ready to be made current.

use super::emit::Emitter;
use super::fun_table::FunEntry;
use super::instance::{Function, Instance};
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
use swerl_beam::{Literal, Module, Operand, ReadError};

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

/// Reads, checks and translates a file. `expected` is the name that the module must have.
pub(crate) fn prepare(code: &Code, expected: Option<Atom>, bytes: &[u8]) -> Result<Prepared, LoadError> {
    let (module, md5) = Module::read_to_run(bytes)?;
    let name = module.name.ok_or(LoadError::NoName)?;
    if let Some(expected) = expected
        && expected.text() != name.as_str()
    {
        return Err(LoadError::WrongModule { expected: expected.text().into(), found: name.as_str().into() });
    }
    let name = Atom::new(name.as_str())?;
    let validated = validate::validate(&module)?;
    let (literals, constants) = Constants::build(code, &module)?;
    let funs = module
        .lambdas
        .iter()
        .map(|lambda| {
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
        })
        .collect::<Result<Vec<_>, AtomError>>()?;
    let mut emitter = Emitter::new(module.label_count as usize);
    let mut functions: Vec<Function> = Vec::with_capacity(module.function_count as usize);
    let mut translation = transform::Translation {
        code,
        name,
        module: &module,
        validated: &validated,
        constants: &constants,
        funs: &funs,
        zeroed: false,
    };
    let on_load = translation.run(&mut emitter, &mut functions)?;
    let word_of = |label: u32| emitter.label(label).unwrap_or(0);
    let exports = module
        .exports
        .iter()
        .map(|export| {
            let function = Atom::new(export.function.as_str())?;
            Ok((code.export(name, function, export.arity), word_of(export.label)))
        })
        .collect::<Result<Vec<_>, AtomError>>()?;
    let fun_words = module.lambdas.iter().map(|lambda| word_of(lambda.label)).collect::<Vec<_>>();
    let mut files = vec![format!("{}.erl", name.text())];
    files.extend(module.lines.files.iter().skip(1).cloned());
    if let Some(first) = module.lines.files.first()
        && !first.is_empty()
    {
        files[0].clone_from(first);
    }
    let places = std::mem::take(&mut emitter.places);
    let owned = |literal: &Option<Literal>| -> Result<OwnedTerm, LoadError> {
        let mut heap = Heap::new(64, 0, 0);
        let term = match literal {
            Some(literal) => build_literal(code, &mut heap, literal)?,
            None => Term::NIL,
        };
        Ok(OwnedTerm::new(term))
    };
    let instance = Instance {
        name,
        attributes: owned(&module.attributes)?,
        compile_info: owned(&module.compile_info)?,
        code: emitter.finish().ok_or(LoadError::Unsupported("undefined label"))?,
        literals,
        functions,
        places,
        files,
        exports,
        funs: funs.into_iter().zip(fun_words).collect(),
        md5,
        on_load,
        purging: std::sync::atomic::AtomicBool::new(false),
    };
    Ok(Prepared { instance })
}

/// Constants of a module, in its literal area.
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

    fn build(code: &Code, module: &Module) -> Result<(LiteralArea, Self), LoadError> {
        let mut heap = Heap::new(256, 0, 0);
        let mut terms = Vec::with_capacity(module.literals.len());
        for literal in &module.literals {
            terms.push(build_literal(code, &mut heap, literal)?);
        }
        let mut integers: HashMap<BigInt, Term> = HashMap::new();
        let mut pending: Vec<&Operand> = module.code.iter().flat_map(|instr| &instr.args).collect();
        while let Some(operand) = pending.pop() {
            match operand {
                Operand::Int(value) => {
                    if !(SMALL_MIN..=SMALL_MAX).contains(value) {
                        integers.entry(BigInt::from(*value)).or_insert_with(|| heap.integer(*value));
                    }
                }
                Operand::Big(value) => {
                    integers.entry(value.clone()).or_insert_with(|| heap.big(value));
                }
                Operand::List(list) => pending.extend(list),
                Operand::U(_)
                | Operand::Atom(_)
                | Operand::Nil
                | Operand::X(_)
                | Operand::Y(_)
                | Operand::Fr(_)
                | Operand::Label(_)
                | Operand::Char(_)
                | Operand::Literal(_)
                | Operand::Alloc { .. }
                | Operand::Typed(..) => {}
            }
        }
        let mut strings: HashMap<(u32, u32), Term> = HashMap::new();
        for (offset, size) in transform::strings(&module.code) {
            let (start, end) = (offset as usize, offset as usize + size as usize);
            let bytes =
                module.strings.get(start..end).ok_or(LoadError::Unsupported("string out of range"))?;
            strings.entry((offset, size)).or_insert_with(|| heap.binary(bytes));
        }
        let words: usize = terms
            .iter()
            .chain(integers.values())
            .chain(strings.values())
            .map(|&term| copy::size_of(term))
            .sum();
        let mut area = LiteralArea::allocate(words).ok_or(LoadError::LiteralsFull)?;
        let table = terms.iter().map(|&term| copy::copy(term, &mut area)).collect();
        for term in integers.values_mut() {
            *term = copy::copy(*term, &mut area);
        }
        for term in strings.values_mut() {
            *term = copy::copy(*term, &mut area);
        }
        Ok((area, Self { table, integers, strings }))
    }
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
                    let export = code.export(module, function, u32::from(*arity));
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
