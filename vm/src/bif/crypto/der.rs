//! Signatures of two numbers, as they are written in DER: `SEQUENCE { INTEGER, INTEGER }`.

/// A size and what it counts.
fn sized(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match bytes.len() {
        size @ 0..0x80 => out.push(size as u8),
        size => {
            let size = size.to_be_bytes();
            let size = &size[size.iter().position(|&byte| byte != 0).unwrap_or(0)..];
            out.push(0x80 | size.len() as u8);
            out.extend_from_slice(size);
        }
    }
    out.extend_from_slice(bytes);
    out
}

/// A number that is not below 0.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len());
    let digits = &bytes[first..];
    let zero = if digits.first().is_none_or(|&byte| byte >= 0x80) { &[0][..] } else { &[] };
    sized(2, &[zero, digits].concat())
}

/// Two numbers written.
pub(super) fn write((r, s): &(Vec<u8>, Vec<u8>)) -> Vec<u8> {
    sized(0x30, &[integer(r), integer(s)].concat())
}

/// What stands behind a tag and its size, and what follows.
fn take(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&size, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    if size < 0x80 {
        return rest.split_at_checked(usize::from(size));
    }
    let (size, rest) = rest.split_at_checked(usize::from(size & 0x7f))?;
    if size.len() > 2 || size.first().is_none_or(|&byte| byte == 0) {
        return None;
    }
    let size = size.iter().fold(0, |size, &byte| size << 8 | usize::from(byte));
    if size < 0x80 { None } else { rest.split_at_checked(size) }
}

/// Two numbers read, if they are written in the one way that there is.
pub(super) fn read(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (inner, []) = take(0x30, bytes)? else { return None };
    let (r, rest) = take(2, inner)?;
    let (s, []) = take(2, rest)? else { return None };
    let number = |bytes: &[u8]| match bytes {
        [] | [0x80..=0xff, ..] | [0, 0..0x80, ..] => None,
        _ => Some(bytes.to_vec()),
    };
    Some((number(r)?, number(s)?))
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn what_is_written_is_read() {
        for bytes in [vec![1], vec![0x80], vec![0xff; 66], vec![7; 200]] {
            let numbers = (bytes.clone(), bytes);
            let (r, s) = read(&write(&numbers)).unwrap_or_default();
            let strip =
                |bytes: &[u8]| bytes.iter().copied().skip_while(|&byte| byte == 0).collect::<Vec<_>>();
            assert_eq!((strip(&r), strip(&s)), numbers);
        }
    }
}
