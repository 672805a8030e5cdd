//! The fun table, `FunT`: `count:32, (name:32, arity:32, label:32, index:32, free:32, uniq:32)...`.

use super::atoms::AtomTable;
use super::imports::read_atom;
use crate::cursor::Cursor;
use crate::read_error::ReadError;
use crate::{Atom, Lambda};

pub(crate) fn read(mut cursor: Cursor<'_>, atoms: &[Atom]) -> Result<Vec<Lambda>, ReadError> {
    let count = cursor.count(24)?;
    let mut lambdas = Vec::with_capacity(count);
    for _ in 0..count {
        lambdas.push(Lambda {
            function: read_atom(&mut cursor, atoms)?,
            arity: cursor.u32()?,
            label: cursor.u32()?,
            index: cursor.u32()?,
            num_free: cursor.u32()?,
            old_uniq: cursor.u32()?,
        });
    }
    cursor.finish()?;
    Ok(lambdas)
}

pub(crate) fn write(lambdas: &[Lambda], atoms: &mut AtomTable) -> Vec<u8> {
    let mut out = super::functions::count(lambdas.len());
    for lambda in lambdas {
        let name = atoms.index(lambda.function);
        for word in [name, lambda.arity, lambda.label, lambda.index, lambda.num_free, lambda.old_uniq] {
            out.extend_from_slice(&word.to_be_bytes());
        }
    }
    out
}
