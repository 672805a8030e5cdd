//! The function tables, `ExpT` (exported) and `LocT` (not exported): `count:32, (name:32, arity:32, label:32)...`.

use super::atoms::AtomTable;
use super::imports::read_atom;
use crate::cursor::Cursor;
use crate::read_error::ReadError;
use crate::{Atom, Export};

pub(crate) fn read(mut cursor: Cursor<'_>, atoms: &[Atom]) -> Result<Vec<Export>, ReadError> {
    let count = cursor.count(12)?;
    let mut functions = Vec::with_capacity(count);
    for _ in 0..count {
        let function = read_atom(&mut cursor, atoms)?;
        functions.push(Export { function, arity: cursor.u32()?, label: cursor.u32()? });
    }
    cursor.finish()?;
    Ok(functions)
}

pub(crate) fn write(functions: &[Export], atoms: &mut AtomTable) -> Vec<u8> {
    let mut out = count(functions.len());
    for function in functions {
        for word in [atoms.index(function.function), function.arity, function.label] {
            out.extend_from_slice(&word.to_be_bytes());
        }
    }
    out
}

/// A table's beginning: how many entries it has.
pub(crate) fn count(entries: usize) -> Vec<u8> {
    u32::try_from(entries).expect("fewer than 2^32 entries").to_be_bytes().to_vec()
}
