//! The line table, `Line`.
//!
//! `version:32, flags:32, line_instructions:32, locations:32, files:32`, then the locations, then the file names
//! (`length:16, text`). A location is a compact operand with tag `i`, the line; before it stands one with tag `a`,
//! the file's index, where the file is another than before (0, the module's own, at first).

use crate::LineTable;
use crate::cursor::Cursor;
use crate::operand::{read_tagged, tag, write_unsigned};
use crate::read_error::{ReadError, ReadErrorKind};

const VERSION: u32 = 0;

/// Reads the line table; `own_file` is the name that stands for index 0.
pub(crate) fn read(mut cursor: Cursor<'_>, own_file: String) -> Result<LineTable, ReadError> {
    let version = cursor.u32()?;
    if version != VERSION {
        return Err(cursor.error(ReadErrorKind::Version(version)));
    }
    let _flags = cursor.u32()?;
    let _line_instructions = cursor.u32()?;
    let location_count = cursor.u32()?;
    let file_count = cursor.u32()?;
    let location_count = cursor.check_count(u64::from(location_count), 1)?;
    let file_count = cursor.check_count(u64::from(file_count), 2)?;

    let mut locations = Vec::with_capacity(location_count);
    let mut file = 0u32;
    while locations.len() < location_count {
        let (tag, value) = read_tagged(&mut cursor)?;
        let value =
            u32::try_from(value).map_err(|_| cursor.error(ReadErrorKind::Range { what: "line number" }))?;
        match tag {
            tag::A if value as usize <= file_count => file = value,
            tag::A => return Err(cursor.error(ReadErrorKind::Range { what: "file index" })),
            tag::I => locations.push((file, value)),
            _ => return Err(cursor.error(ReadErrorKind::OperandTag(u64::from(tag)))),
        }
    }
    let mut files = Vec::with_capacity(file_count + 1);
    files.push(own_file);
    for _ in 0..file_count {
        let length = usize::from(cursor.u16()?);
        let name =
            std::str::from_utf8(cursor.take(length)?).map_err(|_| cursor.error(ReadErrorKind::Utf8))?;
        files.push(name.to_owned());
    }
    cursor.finish()?;
    Ok(LineTable { files, locations })
}

/// The chunk's contents, for code with so many `line` instructions.
pub(crate) fn write(table: &LineTable, line_instructions: usize) -> Vec<u8> {
    let files = table.files.get(1..).unwrap_or_default();
    let mut out = Vec::new();
    out.extend_from_slice(&VERSION.to_be_bytes());
    out.extend_from_slice(&0u32.to_be_bytes());
    for count in [line_instructions, table.locations.len(), files.len()] {
        out.extend_from_slice(&super::functions::count(count));
    }
    let mut file = 0;
    for &(location_file, line) in &table.locations {
        if location_file != file {
            file = location_file;
            write_unsigned(&mut out, tag::A, u64::from(file));
        }
        write_unsigned(&mut out, tag::I, u64::from(line));
    }
    for name in files {
        // The format has 16 bits for the length; nothing but the text shown in a stack trace is lost.
        let cut = (0..=name.len().min(usize::from(u16::MAX))).rev().find(|&end| name.is_char_boundary(end));
        let name = &name[..cut.expect("0 is a boundary")];
        let length = u16::try_from(name.len()).expect("it was cut to fit");
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(name.as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_read_back() {
        let table = LineTable {
            files: vec!["m.erl".into(), "héader.hrl".into(), "x.yrl".into()],
            locations: vec![(0, 1), (0, 15), (1, 16), (1, 70_000), (2, 3), (0, 100_000_000)],
        };
        let bytes = write(&table, 9);
        assert_eq!(read(Cursor::new(&bytes, None), "m.erl".into()), Ok(table));
    }
}
