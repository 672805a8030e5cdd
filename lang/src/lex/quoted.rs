//! Characters, strings and quoted atoms with their escape sequences, and triple-quoted strings.

use super::ScanErrorKind;
use std::borrow::Cow;

/// What an escape sequence stands for; offsets are relative to the text given.
pub(super) enum Escape {
    /// A character, and where the text goes on.
    Char(char, usize),
    /// Nothing, and where the text goes on.
    Illegal(usize),
    /// The text ends too early.
    End,
}

/// Reads the escape sequence whose backslash stands just before `at`.
pub(super) fn escape(text: &str, at: usize) -> Escape {
    let bytes = text.as_bytes();
    let Some(first) = text[at..].chars().next() else { return Escape::End };
    match first {
        '0'..='7' => {
            let count = bytes[at..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let value =
                bytes[at..at + count].iter().fold(0, |value, byte| value * 8 + u32::from(byte - b'0'));
            Escape::Char(char::from_u32(value).expect("at most octal 777"), at + count)
        }
        'x' if bytes.get(at + 1) == Some(&b'{') => {
            let digits = bytes[at + 2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let end = at + 2 + digits;
            match bytes.get(end) {
                None => Escape::End,
                Some(b'}') => match u32::from_str_radix(&text[at + 2..end], 16).ok().and_then(legal) {
                    Some(c) => Escape::Char(c, end + 1),
                    None => Escape::Illegal(end + 1),
                },
                Some(_) => Escape::Illegal(end),
            }
        }
        'x' => match bytes.get(at + 1..at + 3) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {
                let value = u8::from_str_radix(&text[at + 1..at + 3], 16).expect("two hexadecimal digits");
                Escape::Char(char::from(value), at + 3)
            }
            _ if at + 1 == text.len() => Escape::End,
            _ => Escape::Illegal(at + 1),
        },
        '^' => match text[at + 1..].chars().next() {
            None => Escape::End,
            Some('\n') => Escape::Char('\n', at + 2),
            Some(c) => {
                let control = char::from_u32(u32::from(c) & 31).expect("a control character");
                Escape::Char(control, at + 1 + c.len_utf8())
            }
        },
        c => match legal(u32::from(c)) {
            Some(c) => Escape::Char(meaning(c), at + c.len_utf8()),
            None => Escape::Illegal(at + c.len_utf8()),
        },
    }
}

/// The code points that may stand in programs: no surrogates, and not the two that are no characters.
fn legal(value: u32) -> Option<char> {
    char::from_u32(value).filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

fn meaning(c: char) -> char {
    match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'b' => '\x08',
        'f' => '\x0c',
        'e' => '\x1b',
        's' => ' ',
        'd' => '\x7f',
        _ => c,
    }
}

/// A fault in quoted text: what, and the offsets where it is and where scanning can go on. The fault of a text
/// that never ends is located at its quote.
pub(super) struct Fault {
    pub(super) kind: ScanErrorKind,
    pub(super) at: Option<usize>,
    pub(super) resume: usize,
}

/// Reads a string or atom, from just after its opening quote `start` up to the ASCII character `quote`. Gives
/// its value and the offset after the closing quote.
pub(super) fn scan(text: &str, start: usize, quote: char) -> Result<(Cow<'_, str>, usize), Fault> {
    match unescape(text, start, Some(quote))? {
        (content, Some(end)) => Ok((content, end)),
        (content, None) => Err(unterminated(&content, quote, text.len())),
    }
}

/// Reads text without escape sequences up to `close`.
pub(super) fn scan_verbatim(text: &str, start: usize, close: char) -> Result<(Cow<'_, str>, usize), Fault> {
    match text[start..].find(close) {
        Some(length) => {
            let content = &text[start..start + length];
            check(content, start)?;
            Ok((Cow::Borrowed(content), start + length + close.len_utf8()))
        }
        None => Err(unterminated(&text[start..], '"', text.len())),
    }
}

fn unterminated(content: &str, quote: char, resume: usize) -> Fault {
    let quote = if quote == '\'' { '\'' } else { '"' };
    Fault { kind: ScanErrorKind::Unterminated { quote, head: head(content) }, at: None, resume }
}

/// The first 16 characters, as a reader counts them: `"\r\n"` is one.
fn head(content: &str) -> String {
    let mut rest = content;
    for _ in 0..16 {
        let Some(c) = rest.chars().next() else { break };
        rest = rest.strip_prefix("\r\n").unwrap_or(&rest[c.len_utf8()..]);
    }
    content[..content.len() - rest.len()].to_owned()
}

fn check(content: &str, start: usize) -> Result<(), Fault> {
    match content.find(['\u{FFFE}', '\u{FFFF}']) {
        None => Ok(()),
        Some(at) => {
            Err(Fault { kind: ScanErrorKind::IllegalCharacter, at: Some(start + at), resume: start + at + 3 })
        }
    }
}

/// Resolves escape sequences from `start` up to `quote`. The second value is the offset after the quote, none
/// where the text ended before it.
fn unescape(text: &str, start: usize, quote: Option<char>) -> Result<(Cow<'_, str>, Option<usize>), Fault> {
    let stop = quote.and_then(|quote| u8::try_from(quote).ok()).unwrap_or(b'\\');
    let mut value = Cow::Borrowed("");
    let mut at = start;
    loop {
        let found = memchr::memchr2(b'\\', stop, &text.as_bytes()[at..]);
        let plain = &text[at..found.map_or(text.len(), |length| at + length)];
        check(plain, at)?;
        value += plain;
        let Some(length) = found else { return Ok((value, None)) };
        at += length;
        if text.as_bytes()[at] != b'\\' {
            return Ok((value, Some(at + 1)));
        }
        match escape(text, at + 1) {
            Escape::Char(c, next) => {
                value.to_mut().push(c);
                at = next;
            }
            Escape::Illegal(resume) => {
                return Err(Fault { kind: ScanErrorKind::IllegalCharacter, at: Some(at), resume });
            }
            Escape::End => return Ok((value, None)),
        }
    }
}

/// How many quotes open a triple-quoted string at `start`: three or more, and nothing but white space after
/// them in their line.
pub(super) fn triple_quotes(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let quotes = rest.bytes().take_while(|&byte| byte == b'"').count();
    let line = rest[quotes..].split_once('\n')?.0;
    (quotes >= 3 && line.chars().all(|c| matches!(c, ' ' | '\t' | '\r'))).then_some(quotes)
}

/// Reads a triple-quoted string whose `quotes` quotes start at `start`: its value and the offset after it.
/// Escape sequences are resolved only where the string belongs to a sigil that asks for it.
pub(super) fn scan_triple(
    text: &str,
    start: usize,
    quotes: usize,
    with_escapes: bool,
) -> Result<(Cow<'_, str>, usize), Fault> {
    let first = start + text[start..].find('\n').map_or(text.len() - start, |length| length + 1);
    let mut lines = Vec::new();
    let mut at = first;
    loop {
        if at >= text.len() {
            return Err(unterminated(&text[first..], '"', text.len()));
        }
        let line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let line = &text[at..line_end];
        let content = line.trim_start_matches([' ', '\t']);
        let closing = content.bytes().take_while(|&byte| byte == b'"').count();
        if closing >= quotes {
            let indentation = &line[..line.len() - content.len()];
            let value = dedent(&lines, indentation, with_escapes)?;
            return Ok((Cow::Owned(value), at + indentation.len() + quotes));
        }
        lines.push((at, line));
        at = line_end + 1;
    }
}

fn dedent(lines: &[(usize, &str)], indentation: &str, with_escapes: bool) -> Result<String, Fault> {
    let mut value = String::new();
    for (index, &(start, line)) in lines.iter().enumerate() {
        check(line, start)?;
        let is_last = index + 1 == lines.len();
        let (line, line_break) = match line.strip_suffix('\r') {
            Some(line) => (line, "\r\n"),
            None => (line, "\n"),
        };
        let content = match line.strip_prefix(indentation) {
            Some(content) => content,
            None if line.is_empty() => "",
            None => {
                let kind = ScanErrorKind::Indentation;
                return Err(Fault { kind, at: Some(start), resume: start + line.len() });
            }
        };
        value.push_str(content);
        if !is_last {
            value.push_str(line_break);
        }
    }
    if with_escapes {
        // A fault is reported for the whole content: the value's offsets are not those of the text.
        let first = lines.first().map_or(0, |line| line.0);
        let resume = lines.last().map_or(0, |(start, line)| start + line.len());
        let unescaped = unescape(&value, 0, None);
        let (content, _) = unescaped.map_err(|fault| Fault { at: Some(first), resume, ..fault })?;
        return Ok(content.into_owned());
    }
    Ok(value)
}
