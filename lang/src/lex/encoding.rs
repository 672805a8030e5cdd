//! From the bytes of a file to text: UTF-8, or Latin-1 where a comment in the first two lines says so.

use crate::source::{FileId, SourceMap, SourceTooLarge};
use std::sync::Arc;

/// How a file is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// The default.
    Utf8,
    /// Asked for with `%% coding: latin-1`.
    Latin1,
}

/// A file is not valid UTF-8.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("cannot translate from UTF-8")]
pub struct DecodeError {
    /// What stands before the first byte that is wrong.
    pub valid: String,
}

/// Adds a file to a map. Where its bytes stop to be in its encoding, its text ends; the preprocessor reports
/// that when it comes there.
///
/// # Errors
/// As [`SourceMap::add`].
pub fn add_source(
    map: &mut SourceMap,
    name: impl Into<Arc<str>>,
    bytes: &[u8],
) -> Result<FileId, SourceTooLarge> {
    match decode(bytes) {
        Ok((text, _)) => map.add(name, text),
        Err(error) => map.add_cut(name, error.valid),
    }
}

/// The text of a file. A byte order mark is left in: `erlc` does not accept one either.
///
/// # Errors
/// When the file is not in its encoding; only possible for UTF-8.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), DecodeError> {
    match Encoding::declared(bytes).unwrap_or(Encoding::Utf8) {
        Encoding::Latin1 => Ok((bytes.iter().map(|&byte| char::from(byte)).collect(), Encoding::Latin1)),
        Encoding::Utf8 => match str::from_utf8(bytes) {
            Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
            Err(error) => {
                let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
                Err(DecodeError { valid })
            }
        },
    }
}

impl Encoding {
    /// The encoding that a comment in the first two lines declares: the word `coding`, a colon or equals sign,
    /// and `utf-8` or `latin-1`, in capital or small letters.
    #[must_use]
    pub fn declared(bytes: &[u8]) -> Option<Self> {
        bytes.split(|&byte| byte == b'\n').take(2).find_map(|line| {
            let comment = &line[line.iter().position(|&byte| byte == b'%')?..];
            (0..comment.len()).find_map(|at| declaration(&comment[at..])).flatten()
        })
    }
}

/// `Some(None)` is a declaration of an encoding that is not known: the search ends there.
fn declaration(text: &[u8]) -> Option<Option<Encoding>> {
    let rest = text.strip_prefix(b"coding")?;
    let separators = rest.iter().take_while(|byte| matches!(byte, b':' | b'=' | b' ')).count();
    if !rest[..separators].iter().any(|byte| matches!(byte, b':' | b'=')) {
        return None;
    }
    let rest = &rest[separators..];
    let name_end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    let name = rest[..name_end.unwrap_or(rest.len())].to_ascii_lowercase();
    let mut parts = name.split(|&byte| byte == b'-');
    Some(match (parts.next(), parts.next()) {
        (Some(b"latin"), Some(b"1")) => Some(Encoding::Latin1),
        (Some(b"utf"), Some(b"8")) => Some(Encoding::Utf8),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_declares_the_encoding() {
        let declared = |text: &str| Encoding::declared(text.as_bytes());
        assert_eq!(declared("%% coding: latin-1\n"), Some(Encoding::Latin1));
        assert_eq!(declared("%% -*- coding: UTF-8 -*-\n"), Some(Encoding::Utf8));
        assert_eq!(declared("-module(a).\n%% encoding = Latin-1\n"), Some(Encoding::Latin1));
        assert_eq!(declared("\n\n%% coding: latin-1\n"), None);
        assert_eq!(declared("%% coding: koi8-r\n"), None);
        assert_eq!(declared("% coding style\n"), None);
        assert_eq!(declared("coding: latin-1"), None);
    }

    #[test]
    fn texts_are_decoded() {
        assert_eq!(
            decode(b"%% coding: latin-1\n\xe5").map(|text| text.0),
            Ok("%% coding: latin-1\nå".into())
        );
        assert_eq!(decode("å".as_bytes()), Ok(("å".into(), Encoding::Utf8)));
        assert_eq!(decode(b"ab\xe5\""), Err(DecodeError { valid: "ab".into() }));
    }
}
