//! Expected lines with placeholders for what varies between runs.
//!
//! `<PID>` stands for any process identifier; `<PID:server>` for the same one wherever it is named
//! `server`. The kinds are listed in [`KINDS`]; any other text stands for itself.

use std::collections::HashMap;

use regex::Regex;

/// The kinds of placeholder: name, and what it stands for as a regular expression.
pub const KINDS: &[(&str, &str)] = &[
    ("PID", r"<\d+\.\d+\.\d+>"),
    ("REF", r"#Ref<[\d.]+>"),
    ("PORT", r"#Port<[\d.]+>"),
    ("FUN", r"#Fun<[^>]+>"),
    ("TRIPLE", r"\{\d+,\d+,\d+\}"),
    ("TIME", r"\d{1,2}-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d\.\d+"),
    ("INT", r"-?\d+"),
    ("FLOAT", r"-?\d+\.\d+(?:e[-+]?\d+)?"),
    ("WORD", r"\S+"),
    ("ANY", r".*"),
];

/// What the named placeholders of a session stand for so far.
pub type Bindings = HashMap<String, String>;

/// One expected line.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    regex: Regex,
    /// For each capture group, in order, the name it belongs to.
    names: Vec<String>,
}

impl Pattern {
    /// Reads a line of a script. Every text is a pattern.
    ///
    /// # Panics
    /// Never: the regular expression is made here, from the table above and quoted text.
    #[must_use]
    pub fn parse(source: &str) -> Self {
        let mut regex = String::from("^");
        let mut names = Vec::new();
        let mut rest = source;
        while let Some(start) = rest.find('<') {
            let (before, from) = rest.split_at(start);
            regex.push_str(&regex::escape(before));
            let Some((kind, name, length)) = placeholder(from) else {
                regex.push('<');
                rest = &from[1..];
                continue;
            };
            match name {
                Some(name) => {
                    names.push(name.to_owned());
                    regex.push_str(&format!("({kind})"));
                }
                None => regex.push_str(&format!("(?:{kind})")),
            }
            rest = &from[length..];
        }
        regex.push_str(&regex::escape(rest.trim_end()));
        regex.push('$');
        Pattern {
            source: source.trim_end().to_owned(),
            regex: Regex::new(&regex).expect("built from quoted text and the table of kinds"),
            names,
        }
    }

    /// The line as the script has it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether `line` is as expected under `bindings`; if so, names that are new are bound.
    pub fn matches(&self, line: &str, bindings: &mut Bindings) -> bool {
        let Some(found) = self.regex.captures(line) else { return false };
        let mut new = Bindings::new();
        for (name, value) in self.names.iter().zip(found.iter().skip(1)) {
            let value = value.map_or("", |m| m.as_str());
            let known = bindings.get(name).or_else(|| new.get(name));
            match known {
                Some(known) if known != value => return false,
                Some(_) => {}
                None => {
                    new.insert(name.clone(), value.to_owned());
                }
            }
        }
        bindings.extend(new);
        true
    }
}

/// The placeholder at the start of `text`: its regular expression, its name, its length.
fn placeholder(text: &str) -> Option<(&'static str, Option<&str>, usize)> {
    let end = text.find('>')?;
    let inner = &text[1..end];
    let (kind, name) = match inner.split_once(':') {
        Some((kind, name)) => (kind, Some(name)),
        None => (inner, None),
    };
    let (_, regex) = KINDS.iter().find(|(known, _)| *known == kind)?;
    Some((regex, name, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, line: &str, expected: bool) {
        assert_eq!(
            Pattern::parse(pattern).matches(line, &mut Bindings::new()),
            expected,
            "{pattern} / {line}"
        );
    }

    #[test]
    fn text_stands_for_itself() {
        check("{ok,[a|b]}", "{ok,[a|b]}", true);
        check("<0.1.2> <= x", "<0.1.2> <= x", true);
        check("a.c", "abc", false);
        check("ok", "ok then", false);
    }

    #[test]
    fn a_name_stands_for_one_value() {
        check("<PID:a> and <PID:a>", "<0.1.0> and <0.1.0>", true);
        check("<PID:a> and <PID:a>", "<0.1.0> and <0.2.0>", false);
        let mut bindings = Bindings::new();
        assert!(Pattern::parse("<PID:a>").matches("<0.1.0>", &mut bindings));
        assert!(!Pattern::parse("x <PID:a>").matches("x <0.2.0>", &mut bindings));
        assert!(Pattern::parse("x <PID:a>").matches("x <0.1.0>", &mut bindings));
    }

    #[test]
    fn kinds_stand_for_their_shapes() {
        check("at <TRIPLE> from <PID>", "at {1795,242552,124418} from <0.91.0>", true);
        check("<TIME>", "21-Nov-2026::06:17:58.111882", true);
        check("<ANY> end", "whatever it is end", true);
    }
}
