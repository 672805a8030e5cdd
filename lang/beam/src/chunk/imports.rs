//! The import table, `ImpT`: `count:32, (module:32, function:32, arity:32)...`.

use super::atoms::AtomTable;
use crate::cursor::Cursor;
use crate::read_error::{ReadError, ReadErrorKind};
use crate::{Atom, Import};

pub(crate) fn read(mut cursor: Cursor<'_>, atoms: &[Atom]) -> Result<Vec<Import>, ReadError> {
    let count = cursor.count(12)?;
    let mut imports = Vec::with_capacity(count);
    for _ in 0..count {
        let module = read_atom(&mut cursor, atoms)?;
        let function = read_atom(&mut cursor, atoms)?;
        imports.push(Import { module, function, arity: cursor.u32()? });
    }
    cursor.finish()?;
    Ok(imports)
}

pub(crate) fn write(imports: &[Import], atoms: &mut AtomTable) -> Vec<u8> {
    let mut out = super::functions::count(imports.len());
    for import in imports {
        for word in [atoms.index(import.module), atoms.index(import.function), import.arity] {
            out.extend_from_slice(&word.to_be_bytes());
        }
    }
    out
}

/// Reads a 32-bit index into the atom table.
pub(crate) fn read_atom(cursor: &mut Cursor<'_>, atoms: &[Atom]) -> Result<Atom, ReadError> {
    let index = cursor.u32()?;
    let place = (index as usize).checked_sub(1);
    place
        .and_then(|place| atoms.get(place))
        .copied()
        .ok_or_else(|| cursor.error(ReadErrorKind::AtomIndex(u64::from(index))))
}
