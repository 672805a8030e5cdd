//! From SSA to a BEAM module: register allocation, stack frames, generic code, tables.

pub mod limits;

mod assembler;
mod bit_syntax;
mod block_end;
mod float_loads;
mod floats;
mod frames;
mod function;
mod heap_need;
mod instructions;
mod known;
mod moves;
mod registers;
mod share;
mod tidy;
mod ways;

pub use function::TooManyRegisters;

use crate::core::Constants;
use crate::ssa::types::Summaries;
use crate::ssa::types::notes::notes;
use crate::ssa::{Function, FunctionId};
use assembler::Assembler;
use std::collections::HashSet;
use swerl_beam::{Atom, Export, Genop, Lambda, LineTable, Literal, Module, Operand};

/// A module as SSA, with what goes into its file beside code.
#[derive(Clone, Debug)]
pub struct ModuleCode {
    /// Its name.
    pub name: Atom,
    /// Its functions, lifted funs among them, in the order in which they stand in the file.
    pub functions: Vec<Function>,
    /// Name and arity of the exported ones.
    pub exports: Vec<(Atom, u32)>,
    /// The function to run when the module is loaded.
    pub on_load: Option<FunctionId>,
    /// What the functions give and take.
    pub types: Summaries,
    /// The constants that the functions name.
    pub constants: Constants,
    /// Source places.
    pub lines: LineTable,
    /// Attributes: `[{Name, [Value]}]`.
    pub attributes: Literal,
    /// How it was compiled: a property list.
    pub compile_info: Literal,
    /// The `Dbgi` chunk's term.
    pub debug_info: Option<Literal>,
}

/// Generates a module.
///
/// # Errors
/// When a function needs more registers than there are: its name and arity.
pub fn generate(mut module: ModuleCode) -> Result<Module, (Atom, usize)> {
    module.functions.iter_mut().for_each(share::share_blocks);
    let mut out = Assembler::new(module.name, &module.constants, module.functions.len());
    for (id, function) in (0..).map(FunctionId).zip(&module.functions) {
        let notes = notes(function, id, &module.types, &module.constants);
        function::emit(&mut out, id, function, &notes)
            .map_err(|TooManyRegisters| (function.name, function.params.len()))?;
        if module.on_load == Some(id) {
            mark_on_load(&mut out, id);
        }
    }
    out.push(Genop::IntCodeEnd, Vec::new());
    let (code, tables) = out.finish();

    let exported: HashSet<(Atom, u32)> = module.exports.iter().copied().collect();
    let mut exports = Vec::new();
    let mut locals = Vec::new();
    for (function, &label) in module.functions.iter().zip(&tables.entries) {
        let arity = count(function.params.len());
        let entry = Export { function: function.name, arity, label };
        let is_exported = exported.contains(&(function.name, arity));
        if is_exported { exports.push(entry) } else { locals.push(entry) }
    }
    // The loader lists them in reverse.
    exports.reverse();
    // The fun table and the fun's number agree with the order of first use.
    let lambdas = (0..).zip(&tables.lambdas).map(|(index, &(id, num_free))| {
        let function = &module.functions[id.index()];
        Lambda {
            function: function.name,
            arity: count(function.params.len()),
            label: tables.entries[id.index()],
            index,
            num_free,
            old_uniq: 0,
        }
    });
    let lambdas = lambdas.collect();
    let debug_info = module.debug_info.map(|term| (*b"Dbgi", term.to_etf()));
    let types = (*b"Type", tables.types);
    let mut file = Module {
        name: Some(module.name),
        imports: tables.imports,
        exports,
        locals,
        literals: tables.literals,
        lambdas,
        strings: tables.strings,
        code,
        label_count: tables.label_count,
        function_count: count(module.functions.len()),
        lines: module.lines,
        attributes: Some(module.attributes),
        compile_info: Some(module.compile_info),
        other_chunks: debug_info.into_iter().chain([types]).collect(),
    };
    file.seal();
    Ok(file)
}

fn count(count: usize) -> u32 {
    u32::try_from(count).expect("tables have fewer than 2^32 entries")
}

/// Puts `on_load` right after the label of a function's entry, where the loader looks for it.
fn mark_on_load(out: &mut Assembler<'_>, id: FunctionId) {
    let label = vec![Operand::U(u64::from(out.entry(id)))];
    let at = out.code.iter().rposition(|instr| instr.op == Genop::Label && instr.args == label);
    let at = at.expect("every function has its entry label");
    out.code.insert(at + 1, swerl_beam::Instr { op: Genop::OnLoad, args: Vec::new() });
}
