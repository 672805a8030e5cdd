//! Numbers: `1_000`, `16#FF`, `2.5e-3`.

use super::ScanErrorKind;
use super::token::{Integer, TokenKind};
use num_bigint::BigInt;

/// Reads the number that `text` begins with. The second value is how many bytes it took, or at a fault, where
/// scanning can go on.
pub(super) fn scan(text: &[u8]) -> (Result<TokenKind, ScanErrorKind>, usize) {
    let end = digits(text, 0, 10);
    match text.get(end) {
        Some(b'.') if text.get(end + 1).is_some_and(u8::is_ascii_digit) => float(text, end),
        Some(b'#') => based(text, end),
        _ => (Ok(TokenKind::Integer(integer(&text[..end], 10))), end),
    }
}

/// The end of a run of digits with single underscores between them.
fn digits(text: &[u8], start: usize, base: u32) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(|&byte| char::from(byte).is_digit(base));
    let mut end = start;
    while is_digit(end)
        || (end > start && text.get(end) == Some(&b'_') && is_digit(end - 1) && is_digit(end + 1))
    {
        end += 1;
    }
    end
}

fn integer(digits: &[u8], base: u32) -> Integer {
    let mut small: i64 = 0;
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        let digit = char::from(byte).to_digit(base).expect("only digits were taken");
        let next = small.checked_mul(i64::from(base)).and_then(|value| value.checked_add(i64::from(digit)));
        let Some(next) = next else {
            let digits: Vec<u8> = digits.iter().copied().filter(|&byte| byte != b'_').collect();
            return BigInt::parse_bytes(&digits, base).expect("only digits were taken").into();
        };
        small = next;
    }
    Integer::Small(small)
}

fn based(text: &[u8], hash: usize) -> (Result<TokenKind, ScanErrorKind>, usize) {
    let base = match integer(&text[..hash], 10) {
        Integer::Small(base @ 2..=36) => u32::try_from(base).expect("between 2 and 36"),
        base => return (Err(ScanErrorKind::Base(base.into())), hash),
    };
    let end = digits(text, hash + 1, base);
    if end == hash + 1 {
        return (Err(ScanErrorKind::IllegalInteger), end);
    }
    (Ok(TokenKind::Integer(integer(&text[hash + 1..end], base))), end)
}

fn float(text: &[u8], point: usize) -> (Result<TokenKind, ScanErrorKind>, usize) {
    let mut end = digits(text, point + 1, 10);
    if matches!(text.get(end), Some(b'e' | b'E')) {
        end += 1;
        if matches!(text.get(end), Some(b'+' | b'-')) {
            end += 1;
        }
        end = digits(text, end, 10);
    }
    let written: String =
        text[..end].iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => (Ok(TokenKind::Float(value)), end),
        _ => (Err(ScanErrorKind::IllegalFloat), end),
    }
}
