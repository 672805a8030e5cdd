//! A whole module, decoded: what `lang` builds and `vm` loads.

use crate::{Atom, Genop, Literal, Operand};

/// A decoded BEAM file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// The module's name; `None` only before it is known while building.
    pub name: Option<Atom>,
    /// Functions of other modules that the code names, in order of the operand that does.
    pub imports: Vec<Import>,
    /// Exported functions.
    pub exports: Vec<Export>,
    /// Functions that are not exported, the lambdas' bodies among them.
    pub locals: Vec<Export>,
    /// Literal pool.
    pub literals: Vec<Literal>,
    /// Funs.
    pub lambdas: Vec<Lambda>,
    /// String pool for the bit syntax.
    pub strings: Vec<u8>,
    /// Generic code, from the first `label` to `int_code_end`.
    pub code: Vec<Instr>,
    /// Highest label + 1 (labels are 1-based).
    pub label_count: u32,
    /// Number of functions.
    pub function_count: u32,
    /// Source places for `line` instructions.
    pub lines: LineTable,
    /// The `Attr` chunk: `[{Name, [Value]}]`.
    pub attributes: Option<Literal>,
    /// The `CInf` chunk: a property list.
    pub compile_info: Option<Literal>,
    /// Chunks carried but not interpreted (`Dbgi`, `Docs`, `Type`, `Meta`, ...), raw, in order.
    pub other_chunks: Vec<([u8; 4], Vec<u8>)>,
}

impl Module {
    /// Drops what the machine does not need to run the code: names of functions that are not exported, places, and what
    /// is said about the compilation.
    pub fn make_slim(&mut self) {
        self.locals.clear();
        self.lines = LineTable::default();
        self.compile_info = None;
        // The code names its types by their place there; the enabled features belong to what it means.
        self.other_chunks.retain(|(id, _)| matches!(id, b"Type" | b"Meta"));
    }
}

/// An imported function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// Its module.
    pub module: Atom,
    /// Its name.
    pub function: Atom,
    /// Its arity.
    pub arity: u32,
}

/// A function of this module and the label of its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub function: Atom,
    /// Its arity.
    pub arity: u32,
    /// The label after its `func_info`.
    pub label: u32,
}

/// An entry of the fun table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lambda {
    /// Name of the lifted function.
    pub function: Atom,
    /// Arity of the lifted function: the fun's own plus its free variables.
    pub arity: u32,
    /// Entry label.
    pub label: u32,
    /// Position among the module's funs.
    pub index: u32,
    /// Number of free variables.
    pub num_free: u32,
    /// Hash of the fun's code, as `erlang:fun_info(F, uniq)` shows.
    pub old_uniq: u32,
}

/// The `Line` chunk. `line N` refers to entry N; entry 0 means "no place known".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineTable {
    /// File names. The first is the module's own source (`Module.erl`), which the chunk leaves out: it is always
    /// read as that, whatever was written.
    pub files: Vec<String>,
    /// `(file index, line)`, entry 1 first.
    pub locations: Vec<(u32, u32)>,
}

/// A generic instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instr {
    /// What it does.
    pub op: Genop,
    /// Its operands, as many as the opcode table says.
    pub args: Vec<Operand>,
}
