//! Sigils: `~"..."`, `~b|...|`, `~S"""`...

use super::quoted::{self, Fault};
use std::borrow::Cow;

/// A sigil's parts, with the offsets where the prefix and the string end.
pub(super) struct Sigil<'t> {
    pub(super) prefix_end: usize,
    pub(super) content: Cow<'t, str>,
    pub(super) content_end: usize,
    pub(super) suffix_end: usize,
}

/// Reads the sigil whose `~` stands at `start`; `None` where there is none.
pub(super) fn scan(text: &str, start: usize) -> Option<Result<Sigil<'_>, Fault>> {
    let prefix_end = start + 1 + name_length(&text[start + 1..]);
    let prefix = &text[start + 1..prefix_end];
    if !matches!(prefix, "" | "s" | "b" | "S" | "B") {
        return None;
    }
    let is_verbatim = matches!(prefix, "S" | "B");
    let open = text[prefix_end..].chars().next()?;
    let scanned = if let Some(quotes) = quoted::triple_quotes(text, prefix_end) {
        quoted::scan_triple(text, prefix_end, quotes, matches!(prefix, "s" | "b"))
    } else {
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '<' => '>',
            '/' | '|' | '\'' | '"' | '`' | '#' => open,
            _ => return None,
        };
        if is_verbatim {
            quoted::scan_verbatim(text, prefix_end + 1, close)
        } else {
            quoted::scan(text, prefix_end + 1, close)
        }
    };
    Some(scanned.map(|(content, content_end)| Sigil {
        prefix_end,
        content,
        content_end,
        suffix_end: content_end + name_length(&text[content_end..]),
    }))
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@')).count()
}
