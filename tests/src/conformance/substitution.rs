//! The `s/REGEX/TEXT/` and `/REGEX/d` lines of a sed script, as `normalize.sed` and the `NAME.sed` of single cases have
//! them: what differs between two runs becomes a fixed word, or its line goes. Other commands of sed are not understood.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use regex::bytes::Regex;

/// A list of replacements, carried out in order.
#[derive(Debug)]
pub struct Substitutions(Vec<Substitution>);

#[derive(Debug)]
struct Substitution {
    regex: Regex,
    replacement: Vec<u8>,
    /// Every occurrence, not the first alone.
    global: bool,
}

impl Substitutions {
    /// Reads a script.
    ///
    /// # Errors
    /// When a line is no substitution.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| Substitution::parse(line).with_context(|| line.to_owned()))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Applies the list to a text as a whole.
    #[must_use]
    pub fn apply(&self, text: &[u8]) -> Vec<u8> {
        self.0.iter().fold(text.to_vec(), |text, one| one.apply(&text))
    }

    /// Applies the list to each line by itself.
    #[must_use]
    pub fn apply_to_lines(&self, text: &[u8]) -> Vec<u8> {
        text.split_inclusive(|byte| *byte == b'\n').flat_map(|line| self.apply(line)).collect()
    }
}

impl Substitution {
    fn parse(line: &str) -> Result<Self> {
        if let Some(regex) = line.strip_prefix('/').and_then(|rest| rest.strip_suffix("/d")) {
            let regex = Regex::new(&format!("(?m)^.*(?:{regex}).*\n?"))?;
            return Ok(Self { regex, replacement: Vec::new(), global: true });
        }
        let body = line.strip_prefix("s/").context("neither a substitution nor a deletion")?;
        let mut parts = Vec::new();
        let mut part = String::new();
        let mut chars = body.chars();
        while let Some(c) = chars.next() {
            match c {
                '/' => parts.push(std::mem::take(&mut part)),
                '\\' => part.extend(['\\'].into_iter().chain(chars.next())),
                _ => part.push(c),
            }
        }
        ensure!(
            parts.len() == 2 && (part.is_empty() || part == "g"),
            "not of the form s/REGEX/TEXT/ or s/REGEX/TEXT/g"
        );
        // `\1` is `${1}` to the regex crate, and a dollar stands for itself in sed.
        let mut replacement = String::new();
        let mut chars = parts[1].chars();
        while let Some(c) = chars.next() {
            match (c, chars.clone().next()) {
                ('\\', Some(digit @ '1'..='9')) => {
                    chars.next();
                    replacement.push_str(&format!("${{{digit}}}"));
                }
                ('$', _) => replacement.push_str("$$"),
                _ => replacement.push(c),
            }
        }
        Ok(Substitution {
            regex: Regex::new(&parts[0])?,
            replacement: replacement.into_bytes(),
            global: part == "g",
        })
    }

    fn apply(&self, text: &[u8]) -> Vec<u8> {
        let limit = if self.global { 0 } else { 1 };
        self.regex.replacen(text, limit, self.replacement.as_slice()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutions_do_what_sed_does() {
        let script =
            Substitutions::parse("# words\ns/<[0-9]+>/<N>/g\ns/(a): [0-9]+/\\1: M/\n").expect("a script");
        assert_eq!(script.apply(b"<1> <22> a: 5 a: 6"), b"<N> <N> a: M a: 6");
        assert_eq!(script.apply_to_lines(b"a: 5\na: 6\n"), b"a: M\na: M\n");
        let script = Substitutions::parse("/at [0-9]|by/d\n").expect("a script");
        assert_eq!(script.apply_to_lines(b"a\nat 7\nat z\nby b"), b"a\nat z\n");
        assert!(Substitutions::parse("y/abc/xyz/").is_err());
    }
}
