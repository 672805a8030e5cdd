//! Where the functions lie in a code chunk, found without decoding them, and the decoding of one.
//!
//! For a loader that reads a function when it is first called. Finding them goes over the operands by their lengths;
//! what they hold shows when the function is decoded.

use super::code;
use crate::cursor::Cursor;
use crate::operand::glance;
use crate::read_error::{ChunkId, ReadError, ReadErrorKind};
use crate::{Atom, Genop, Instr, Module};
use std::borrow::Cow;
use std::ops::Range;

/// A function that is not decoded yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionOutline {
    /// Its name.
    pub name: Atom,
    /// Its arity.
    pub arity: u32,
    /// The label of its entry, behind `func_info`.
    pub entry: u32,
    /// What it may end with, in the order of the code.
    pub exits: Vec<Exit>,
    /// Its bytes, from the label before `func_info`.
    bytes: Range<usize>,
}

/// A way out of a function, as far as it tells whether the function may return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// `return`, or a tail call to what only the running program knows. Those behind it are left out.
    Return,
    /// A tail call to the function of this module with this entry label.
    Local(u32),
    /// A tail call to this import.
    Import(u32),
    /// A call of this import, behind which the function may go on.
    Call(u32),
}

/// The code of a module whose functions are decoded one by one.
#[derive(Clone, Debug)]
pub struct CodeOutline {
    chunk: Cow<'static, [u8]>,
    /// The module's atoms.
    pub atoms: Vec<Atom>,
    /// The functions, in the order of the code.
    pub functions: Vec<FunctionOutline>,
    /// The instructions that occur, in the order of their numbers.
    pub operations: Vec<Genop>,
    /// Indices of the imports that `bif` and `gc_bif` instructions call, in order.
    pub guards: Vec<u32>,
    /// The number of the function that is to run when the module is loaded.
    pub on_load: Option<usize>,
}

impl FunctionOutline {
    /// Bytes of its instructions.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}

impl CodeOutline {
    /// Bytes of the whole code.
    #[must_use]
    pub fn size(&self) -> usize {
        self.chunk.len()
    }

    /// The instructions of the function with this number, from the label before `func_info`.
    ///
    /// # Errors
    /// Operands that cannot be read, which finding the functions went over.
    pub fn decode(&self, function: usize) -> Result<Vec<Instr>, ReadError> {
        let Some(outline) = self.functions.get(function) else { return Ok(Vec::new()) };
        let mut cursor = cursor(&self.chunk[outline.bytes.clone()]);
        let mut code = Vec::with_capacity(outline.bytes.len() / 4);
        while !cursor.is_empty() {
            code.push(code::read_instruction(&mut cursor, &self.atoms)?);
        }
        Ok(code)
    }
}

fn cursor(bytes: &[u8]) -> Cursor<'_> {
    Cursor::new(bytes, Some(ChunkId(*b"Code")))
}

/// Finds the functions of a code chunk, and reads its header into `module`.
pub(crate) fn read(
    chunk: Cow<'static, [u8]>,
    atoms: Vec<Atom>,
    module: &mut Module,
) -> Result<CodeOutline, ReadError> {
    let mut cursor = cursor(&chunk);
    code::read_header(&mut cursor, module)?;
    let place = |cursor: &Cursor<'_>| chunk.len() - cursor.left();
    let misplaced = |cursor: &Cursor<'_>| cursor.error(ReadErrorKind::CodeEnd);
    let mut functions: Vec<FunctionOutline> = Vec::with_capacity(module.function_count as usize);
    // Where the labels and lines begin that stand before the instruction at hand.
    let mut header = place(&cursor);
    let mut entry_is_next = false;
    let mut occurs = [false; 256];
    let (mut guards, mut on_load) = (Vec::new(), None);
    loop {
        let start = place(&cursor);
        let op = code::read_opcode(&mut cursor)?;
        occurs[usize::from(op.number())] = true;
        let mut operands = [0; 3];
        for index in 0..op.arity() {
            let value = glance(&mut cursor)?;
            if let Some(operand) = operands.get_mut(index) {
                *operand = value;
            }
        }
        if std::mem::take(&mut entry_is_next) && op != Genop::Label {
            return Err(misplaced(&cursor));
        }
        let [first, second, third] = operands;
        match op {
            Genop::Label => {
                if let Some(function) = functions.last_mut().filter(|function| function.entry == 0) {
                    function.entry = u32::try_from(first).map_err(|_| misplaced(&cursor))?;
                    header = place(&cursor);
                }
                continue;
            }
            Genop::Line => continue,
            Genop::FuncInfo => {
                if let Some(before) = functions.last_mut() {
                    before.bytes.end = header;
                }
                let name = usize::try_from(second).ok().and_then(|index| atoms.get(index.checked_sub(1)?));
                functions.push(FunctionOutline {
                    name: *name.ok_or_else(|| misplaced(&cursor))?,
                    arity: u32::try_from(third).map_err(|_| misplaced(&cursor))?,
                    entry: 0,
                    exits: Vec::new(),
                    bytes: header..header,
                });
                entry_is_next = true;
                continue;
            }
            Genop::OnLoad => on_load = functions.len().checked_sub(1),
            Genop::Bif0 => guards.push(first),
            Genop::Bif1 | Genop::Bif2 => guards.push(second),
            Genop::GcBif1 | Genop::GcBif2 | Genop::GcBif3 => guards.push(third),
            Genop::IntCodeEnd => {
                if let Some(last) = functions.last_mut() {
                    last.bytes.end = start;
                }
                break;
            }
            _ => {}
        }
        let Some(function) = functions.last_mut() else { return Err(misplaced(&cursor)) };
        header = place(&cursor);
        let index = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let exit = match op {
            Genop::Return | Genop::ApplyLast | Genop::NifStart => Exit::Return,
            Genop::CallOnly | Genop::CallLast => Exit::Local(index(second)),
            Genop::CallExtOnly | Genop::CallExtLast => Exit::Import(index(second)),
            Genop::CallExt => Exit::Call(index(second)),
            _ => continue,
        };
        let exits = &mut function.exits;
        if exits.last() != Some(&Exit::Return) && exits.last() != Some(&exit) {
            if exit == Exit::Return {
                exits.clear();
            }
            exits.push(exit);
        }
    }
    cursor.finish()?;
    guards.sort_unstable();
    guards.dedup();
    let guards = guards.into_iter().map(|index| u32::try_from(index).unwrap_or(u32::MAX)).collect();
    let operations =
        (0..=u8::MAX).filter(|&number| occurs[usize::from(number)]).filter_map(Genop::from_u8).collect();
    Ok(CodeOutline { chunk, atoms, functions, operations, guards, on_load })
}
