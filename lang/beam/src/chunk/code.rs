//! The code, `Code`: `header_size:32, version:32, highest_opcode:32, labels:32, functions:32`, then the
//! instructions up to `int_code_end`.

use super::atoms::AtomTable;
use crate::cursor::Cursor;
use crate::read_error::{ReadError, ReadErrorKind};
use crate::{Atom, Genop, Instr, Module, Operand};

/// Version of the generic instruction set.
const VERSION: u32 = 0;
/// Bytes of the header after its size.
const HEADER_SIZE: u32 = 16;

/// Reads what stands before the instructions into `module`.
pub(crate) fn read_header(cursor: &mut Cursor<'_>, module: &mut Module) -> Result<(), ReadError> {
    let header_size = cursor.u32()?;
    if header_size < HEADER_SIZE {
        return Err(cursor.error(ReadErrorKind::Range { what: "size of the code header" }));
    }
    let version = cursor.u32()?;
    if version != VERSION {
        return Err(cursor.error(ReadErrorKind::Version(version)));
    }
    let highest = cursor.u32()?;
    if highest > u32::from(Genop::MAX) {
        return Err(cursor.error(ReadErrorKind::Opcode(highest)));
    }
    module.label_count = cursor.u32()?;
    module.function_count = cursor.u32()?;
    cursor.take((header_size - HEADER_SIZE) as usize)?;
    // Each label and each function takes some bytes.
    cursor.check_count(u64::from(module.label_count).saturating_sub(1), 2)?;
    cursor.check_count(u64::from(module.function_count), 5)?;
    Ok(())
}

/// Reads an instruction's number.
#[inline]
pub(crate) fn read_opcode(cursor: &mut Cursor<'_>) -> Result<Genop, ReadError> {
    if cursor.is_empty() {
        return Err(cursor.error(ReadErrorKind::CodeEnd));
    }
    let number = cursor.u8()?;
    Genop::from_u8(number).ok_or_else(|| cursor.error(ReadErrorKind::Opcode(u32::from(number))))
}

/// Reads an instruction.
pub(crate) fn read_instruction(cursor: &mut Cursor<'_>, atoms: &[Atom]) -> Result<Instr, ReadError> {
    let op = read_opcode(cursor)?;
    let mut args = Vec::with_capacity(op.arity());
    for _ in 0..op.arity() {
        args.push(Operand::read(cursor, atoms)?);
    }
    Ok(Instr { op, args })
}

/// Reads the code and its header into `module`.
pub(crate) fn read(mut cursor: Cursor<'_>, atoms: &[Atom], module: &mut Module) -> Result<(), ReadError> {
    read_header(&mut cursor, module)?;
    // An instruction takes some five bytes.
    module.code.reserve(cursor.left() / 4);
    loop {
        let instr = read_instruction(&mut cursor, atoms)?;
        let is_last = instr.op == Genop::IntCodeEnd;
        module.code.push(instr);
        if is_last {
            break;
        }
    }
    cursor.finish()
}

pub(crate) fn write(module: &Module, atoms: &mut AtomTable) -> Vec<u8> {
    let mut out = Vec::new();
    let header = [HEADER_SIZE, VERSION, highest_opcode(module), module.label_count, module.function_count];
    for word in header {
        out.extend_from_slice(&word.to_be_bytes());
    }
    for instr in &module.code {
        out.push(instr.op.number());
        for arg in &instr.args {
            arg.write(&mut out, &mut |atom| atoms.index(atom));
        }
    }
    if module.code.last().map(|last| last.op) != Some(Genop::IntCodeEnd) {
        out.push(Genop::IntCodeEnd.number());
    }
    out
}

/// The highest opcode, by which an older system knows that the file is too new for it. Type information makes a
/// file as new as the opcodes that came with it, and shared fun entries as new as `swap`.
fn highest_opcode(module: &Module) -> u32 {
    let is_typed = |arg: &Operand| match arg {
        Operand::Typed(..) => true,
        Operand::List(list) => list.iter().any(|arg| matches!(arg, Operand::Typed(..))),
        _ => false,
    };
    let of_instr = |instr: &Instr| {
        if instr.args.iter().any(is_typed) { instr.op.max(Genop::CallFun2) } else { instr.op }
    };
    let highest = module.code.iter().map(of_instr).max().unwrap_or(Genop::IntCodeEnd);
    u32::from(highest.max(Genop::Swap).number())
}
