//! The literal pool, `LitT`: `size:32`, then compressed: `count:32, (length:32, external term)...`.
//! A size of 0 (OTP 28) says that the rest is not compressed.

use crate::Literal;
use crate::cursor::Cursor;
use crate::deflate;
use crate::read_error::{ChunkId, ReadError, ReadErrorKind};

pub(crate) const ID: ChunkId = ChunkId(*b"LitT");

pub(crate) fn read(mut cursor: Cursor<'_>) -> Result<Vec<Literal>, ReadError> {
    let size = cursor.len32()?;
    let packed = cursor.rest();
    if size == 0 {
        return read_plain(Cursor::new(packed, Some(ID)));
    }
    let plain =
        deflate::inflate_zlib(packed, size).ok_or_else(|| cursor.error(ReadErrorKind::Compression))?;
    read_plain(Cursor::new(&plain, Some(ID)))
}

fn read_plain(mut cursor: Cursor<'_>) -> Result<Vec<Literal>, ReadError> {
    let count = cursor.count(6)?;
    let mut literals = Vec::with_capacity(count);
    for _ in 0..count {
        let length = cursor.len32()?;
        let mut term = Cursor::new(cursor.take(length)?, Some(ID));
        literals.push(Literal::read_etf(&mut term)?);
        term.finish()?;
    }
    cursor.finish()?;
    Ok(literals)
}

pub(crate) fn write(literals: &[Literal], compress: bool) -> Vec<u8> {
    let mut plain = super::functions::count(literals.len());
    for literal in literals {
        let term = literal.to_etf();
        plain.extend_from_slice(&super::functions::count(term.len()));
        plain.extend_from_slice(&term);
    }
    if compress {
        let mut out = super::functions::count(plain.len());
        out.extend_from_slice(&deflate::deflate_zlib(&plain));
        out
    } else {
        let mut out = vec![0; 4];
        out.append(&mut plain);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_read_back() {
        let literals = vec![Literal::string("abc"), Literal::Float(2.5), Literal::tuple([Literal::Nil])];
        for compress in [true, false] {
            let bytes = write(&literals, compress);
            assert_eq!(read(Cursor::new(&bytes, Some(ID))).as_ref(), Ok(&literals));
        }
    }
}
