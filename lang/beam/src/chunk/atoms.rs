//! The atom table: `AtU8` (UTF-8), or `Atom` (Latin-1) in old files.
//!
//! `count:32, (length:8, text)...`. A negative count (OTP 28) says that lengths are compact operands, so that
//! an atom of up to 255 characters may take more than 255 bytes.

use crate::Atom;
use crate::cursor::Cursor;
use crate::operand::{read_unsigned, tag, write_unsigned};
use crate::read_error::{ReadError, ReadErrorKind};
use std::collections::HashMap;

const MAX_CHARACTERS: usize = 255;

/// Reads the atom table; `latin1` for the old chunk.
pub(crate) fn read(mut cursor: Cursor<'_>, latin1: bool) -> Result<Vec<Atom>, ReadError> {
    let count = cursor.i32()?;
    let count_left = cursor.check_count(u64::from(count.unsigned_abs()), 1)?;
    let mut atoms = Vec::with_capacity(count_left);
    for _ in 0..count_left {
        let length = if count < 0 { read_unsigned(&mut cursor)? } else { u64::from(cursor.u8()?) };
        let length = cursor.check_count(length, 1)?;
        let text = cursor.take(length)?;
        atoms.push(if latin1 { latin1_atom(&cursor, text) } else { utf8_atom(&cursor, text) }?);
    }
    cursor.finish()?;
    Ok(atoms)
}

pub(crate) fn utf8_atom(cursor: &Cursor<'_>, text: &[u8]) -> Result<Atom, ReadError> {
    let text = std::str::from_utf8(text).map_err(|_| cursor.error(ReadErrorKind::Utf8))?;
    match text.len() > MAX_CHARACTERS && text.chars().count() > MAX_CHARACTERS {
        true => Err(cursor.error(ReadErrorKind::LongAtom(text.chars().count()))),
        false => Ok(Atom::new(text)),
    }
}

pub(crate) fn latin1_atom(cursor: &Cursor<'_>, text: &[u8]) -> Result<Atom, ReadError> {
    if text.len() > MAX_CHARACTERS {
        return Err(cursor.error(ReadErrorKind::LongAtom(text.len())));
    }
    Ok(Atom::new(&text.iter().map(|&byte| char::from(byte)).collect::<String>()))
}

/// The atom table of a file that is being written.
#[derive(Debug, Default)]
pub(crate) struct AtomTable {
    index: HashMap<Atom, u32>,
    atoms: Vec<Atom>,
}

impl AtomTable {
    /// The atom's place, counted from 1.
    pub(crate) fn index(&mut self, atom: Atom) -> u32 {
        *self.index.entry(atom).or_insert_with(|| {
            self.atoms.push(atom);
            u32::try_from(self.atoms.len()).expect("fewer than 2^32 atoms")
        })
    }

    /// The contents of the `AtU8` chunk; in the form for long atoms only when there is one.
    pub(crate) fn write(&self) -> Vec<u8> {
        let count = i32::try_from(self.atoms.len()).expect("fewer than 2^31 atoms");
        let long = self.atoms.iter().any(|atom| atom.as_str().len() > usize::from(u8::MAX));
        let mut out = if long { -count } else { count }.to_be_bytes().to_vec();
        for atom in &self.atoms {
            let text = atom.as_str().as_bytes();
            match u8::try_from(text.len()) {
                Ok(length) if !long => out.push(length),
                _ => write_unsigned(&mut out, tag::U, text.len() as u64),
            }
            out.extend_from_slice(text);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_read_back() {
        for names in [&["m", "", "größe"][..], &["m", &"λ".repeat(255)]] {
            let mut table = AtomTable::default();
            let expected: Vec<Atom> = names.iter().map(|name| Atom::new(name)).collect();
            for (index, &atom) in expected.iter().enumerate() {
                assert_eq!(table.index(atom) as usize, index + 1);
            }
            let bytes = table.write();
            assert_eq!(read(Cursor::new(&bytes, None), false), Ok(expected));
        }
    }

    #[test]
    fn old_tables_are_latin1() {
        let bytes = [0, 0, 0, 1, 2, b'x', 0xe9];
        assert_eq!(read(Cursor::new(&bytes, None), true), Ok(vec![Atom::new("xé")]));
        assert!(read(Cursor::new(&bytes, None), false).is_err());
    }
}
