//! The module being written: code, and the tables that its operands point into.

use super::moves::Place;
use crate::core::{BuildSegment, ConstId, Constants, Layout, SegmentsId, Value};
use crate::ssa::types::notes::Note;
use crate::ssa::{FunctionId, Line};
use std::collections::HashMap;
use swerl_beam::{Atom, Genop, Import, Instr, Literal, Operand};

/// A label of the file; 0 in an instruction means "none".
pub(super) type Label = u32;

/// Code and tables of one module.
#[derive(Debug)]
pub(super) struct Assembler<'m> {
    /// The module's name.
    pub(super) module: Atom,
    /// The code so far.
    pub(super) code: Vec<Instr>,
    constants: &'m Constants,
    imports: Vec<Import>,
    import_index: HashMap<Import, u32>,
    literals: Vec<Literal>,
    literal_of: HashMap<ConstId, u32>,
    literal_index: HashMap<Vec<u8>, u32>,
    strings: Vec<u8>,
    string_index: HashMap<Vec<u8>, u64>,
    endiannesses: HashMap<&'static str, u32>,
    lambdas: Vec<(FunctionId, u32)>,
    lambda_of: HashMap<FunctionId, u32>,
    types: Vec<Note>,
    type_index: HashMap<Note, u32>,
    entries: Vec<Label>,
    next_label: Label,
}

/// Version of the `Type` chunk.
const TYPES_VERSION: u32 = 1;

/// The tables when all code is written.
#[derive(Debug)]
pub(super) struct Tables {
    /// Imported functions.
    pub(super) imports: Vec<Import>,
    /// The literal pool.
    pub(super) literals: Vec<Literal>,
    /// The string pool.
    pub(super) strings: Vec<u8>,
    /// The `Type` chunk.
    pub(super) types: Vec<u8>,
    /// For each fun: its function, and how many free variables it has.
    pub(super) lambdas: Vec<(FunctionId, u32)>,
    /// By function: its entry label.
    pub(super) entries: Vec<Label>,
    /// Highest label + 1.
    pub(super) label_count: u32,
}

impl<'m> Assembler<'m> {
    /// For a module with so many functions.
    #[must_use]
    pub(super) fn new(module: Atom, constants: &'m Constants, function_count: usize) -> Self {
        let mut assembler = Self {
            module,
            code: Vec::new(),
            constants,
            imports: Vec::new(),
            import_index: HashMap::new(),
            literals: Vec::new(),
            literal_of: HashMap::new(),
            literal_index: HashMap::new(),
            strings: Vec::new(),
            string_index: HashMap::new(),
            endiannesses: HashMap::new(),
            lambdas: Vec::new(),
            lambda_of: HashMap::new(),
            types: vec![Note::ANY],
            type_index: HashMap::from([(Note::ANY, 0)]),
            entries: Vec::new(),
            next_label: 1,
        };
        for _ in 0..function_count {
            // The label of the `func_info` and that of the code.
            assembler.new_label();
            let entry = assembler.new_label();
            assembler.entries.push(entry);
        }
        assembler
    }

    /// The tables.
    #[must_use]
    pub(super) fn finish(self) -> (Vec<Instr>, Tables) {
        let count = u32::try_from(self.types.len()).expect("fewer than 2^32 types");
        let mut types = [TYPES_VERSION.to_be_bytes(), count.to_be_bytes()].concat();
        types.extend(self.types.iter().flat_map(|note| note.bytes()));
        let tables = Tables {
            types,
            imports: self.imports,
            literals: self.literals,
            strings: self.strings,
            lambdas: self.lambdas,
            entries: self.entries,
            label_count: self.next_label,
        };
        (self.code, tables)
    }

    /// A label that is not used yet.
    pub(super) fn new_label(&mut self) -> Label {
        let label = self.next_label;
        self.next_label += 1;
        label
    }

    /// The entry label of a function; its `func_info` has the label before.
    #[must_use]
    pub(super) fn entry(&self, function: FunctionId) -> Label {
        self.entries[function.index()]
    }

    /// Adds an instruction; tells its position.
    pub(super) fn push(&mut self, op: Genop, args: Vec<Operand>) -> usize {
        self.code.push(Instr { op, args });
        self.code.len() - 1
    }

    /// Defines a label here.
    pub(super) fn define(&mut self, label: Label) {
        self.push(Genop::Label, vec![Operand::U(u64::from(label))]);
    }

    /// Notes the source place of the next instruction.
    pub(super) fn line(&mut self, line: Line) {
        if line != 0 {
            self.push(Genop::Line, vec![Operand::U(u64::from(line))]);
        }
    }

    /// The operand for an imported function.
    pub(super) fn import(&mut self, module: Atom, function: Atom, arity: usize) -> Operand {
        let arity = u32::try_from(arity).expect("arities are at most 255");
        let import = Import { module, function, arity };
        let next = u32::try_from(self.imports.len()).expect("fewer than 2^32 imports");
        let index = *self.import_index.entry(import).or_insert_with(|| {
            self.imports.push(import);
            next
        });
        Operand::U(u64::from(index))
    }

    /// The operand for a constant.
    pub(super) fn constant(&mut self, value: Value) -> Operand {
        match value {
            Value::Var(_) => unreachable!("variables have registers"),
            Value::Atom(atom) => Operand::Atom(atom),
            Value::Int(integer) => Operand::Int(integer),
            Value::Nil => Operand::Nil,
            Value::Const(id) => {
                if let Some(&index) = self.literal_of.get(&id) {
                    return Operand::Literal(index);
                }
                let index = self.literal(self.constants.get(id));
                self.literal_of.insert(id, index);
                Operand::Literal(index)
            }
        }
    }

    /// The place of a literal in the pool. Inside of larger terms `0.0` and `-0.0` count as the same, as in OTP 25:
    /// the first that comes is taken for all.
    fn literal(&mut self, literal: &Literal) -> u32 {
        let next = u32::try_from(self.literals.len()).expect("fewer than 2^32 literals");
        let is_plain = matches!(literal, Literal::Float(_)) || !literal.has_negative_zero();
        let key = if is_plain { literal.to_etf() } else { literal.with_positive_zeros().to_etf() };
        *self.literal_index.entry(key).or_insert_with(|| {
            self.literals.push(literal.clone());
            next
        })
    }

    /// The operand for a register of which something is known.
    pub(super) fn noted(&mut self, register: Operand, note: Note) -> Operand {
        let next = u32::try_from(self.types.len()).expect("fewer than 2^32 types");
        let index = *self.type_index.entry(note).or_insert_with(|| {
            self.types.push(note);
            next
        });
        Operand::Typed(Box::new(register), index)
    }

    /// The layout of a bit string.
    pub(super) fn segments(&self, id: SegmentsId) -> &'m [BuildSegment] {
        self.constants.segments(id)
    }

    /// The operand for a segment's byte order.
    pub(super) fn endianness(&mut self, layout: Layout) -> Operand {
        let name = match (layout.is_native, layout.is_little) {
            (true, _) => "native",
            (false, true) => "little",
            (false, false) => return Operand::Nil,
        };
        if let Some(&index) = self.endiannesses.get(name) {
            return Operand::Literal(index);
        }
        let index = self.literal(&Literal::list(vec![Literal::atom(name)]));
        self.endiannesses.insert(name, index);
        Operand::Literal(index)
    }

    /// The operand for bytes in the string pool.
    pub(super) fn text(&mut self, bytes: &[u8]) -> Operand {
        if let Some(&offset) = self.string_index.get(bytes) {
            return Operand::U(offset);
        }
        let offset = u64::try_from(self.strings.len()).expect("the pool is smaller than 2^64");
        self.strings.extend_from_slice(bytes);
        self.string_index.insert(bytes.to_vec(), offset);
        Operand::U(offset)
    }

    /// The operand for a constant binary in the string pool.
    pub(super) fn string(&mut self, binary: Value) -> Operand {
        match binary {
            Value::Const(id) => match self.constants.get(id) {
                Literal::Bits(bytes, _) => self.text(bytes),
                _ => unreachable!("only binaries are matched as strings"),
            },
            Value::Var(_) | Value::Atom(_) | Value::Int(_) | Value::Nil => {
                unreachable!("only binaries are matched as strings")
            }
        }
    }

    /// The position of a function in the fun table.
    pub(super) fn lambda(&mut self, function: FunctionId, free: usize) -> Operand {
        let next = u32::try_from(self.lambdas.len()).expect("fewer than 2^32 funs");
        let index = *self.lambda_of.entry(function).or_insert_with(|| {
            self.lambdas.push((function, u32::try_from(free).expect("fewer than 256 free variables")));
            next
        });
        Operand::U(u64::from(index))
    }
}

impl From<Place> for Operand {
    fn from(place: Place) -> Self {
        match place {
            Place::X(register) => Self::X(register),
            Place::Y(register) => Self::Y(register),
        }
    }
}
