//! Words of a command line that come from elsewhere: from an environment variable, from a file named by
//! `-args_file`, from the top of a script.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Plain words.
pub fn of<const N: usize>(words: [&str; N]) -> Vec<OsString> {
    words.into_iter().map(OsString::from).collect()
}

/// Splits a text as `erl` splits `ERL_FLAGS`: at blanks, except within quotes; `\` takes the next
/// character as it is. With `comments`, `#` at the start of a word hides the rest of the line.
#[must_use]
pub fn split(text: &str, comments: bool) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (None, '#') if comments && word.is_none() => {
                chars.by_ref().take_while(|c| *c != '\n').for_each(drop);
            }
            (None, _) if c.is_whitespace() => words.extend(word.take().map(OsString::from)),
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word.map(OsString::from));
    words
}

/// The flags in the line `%%! FLAGS` of a script, which is its second line or its third.
#[must_use]
pub fn script_flags(script: &Path) -> Vec<OsString> {
    // A script that is not there is reported when it is to be run.
    let Ok(file) = std::fs::File::open(script) else { return Vec::new() };
    let mut lines = BufReader::new(file).split(b'\n').take(3).skip(1).flatten();
    lines
        .find_map(|line| line.strip_prefix(b"%%!").map(|flags| split(&String::from_utf8_lossy(flags), false)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_would() {
        assert_eq!(split("-a 'b c' \"d \\\"e\" f\\ g  ''", false), ["-a", "b c", "d \"e", "f g", ""]);
        assert_eq!(split("# all\n-a b # c\n-d e#f", true), ["-a", "b", "-d", "e#f"]);
        assert_eq!(split("", false), [""; 0]);
    }
}
