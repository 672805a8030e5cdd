//! The language of transcript scripts: a shell session as one would write it down, with a few
//! directives between.
//!
//! ```text
//! # a comment
//! @copy v1/m.erl m.erl           put a file of the script's folder into the session's folder
//! @start -sname a                start the shell with these arguments (else: with none, at the first need)
//! 1> m:start().                  wait for the prompt `1> `, type the rest, press Enter, see it there
//! <PID:server>                   expect this line next, placeholders as in `pattern`
//! ...                            expect any number of lines up to what follows
//! ? 2> left over                 expect this line or its absence
//! | 2> text                      expect this line although it looks like a prompt or a directive
//! @any-order                     expect the lines up to `@end` in any order
//! @ignore tick <INT>             from here on, a line of this form may appear anywhere
//! @heed                          ... and from here on it may not
//! @type half a li                type without Enter;   @keys ^C ^D Enter Tab Up: press keys
//! @see 3> half a li              wait until the line with the cursor is this
//! @timeout 20                    seconds that a wait may take (default 10)
//! @terminal 120x40               size of the terminal (default 80x24); before the start
//! @exit 0                        expect the program to end with this status and no further output
//! ```
//!
//! An empty line is an expected empty line.

use anyhow::{Context, Result, bail};

use crate::pattern::Pattern;
use crate::terminal::Size;

/// One step of a session, with the line of the script it stands on.
#[derive(Debug, Clone)]
pub struct Step {
    /// Line number in the script, from 1.
    pub line: usize,
    /// What to do or to expect.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Wait for a prompt, type a line, press Enter.
    Input {
        /// The prompt, without the blank after it.
        prompt: String,
        /// What is typed.
        text: String,
    },
    /// The next line is this.
    Expect(Pattern),
    /// The next line is this, or what follows the step.
    Optional(Pattern),
    /// The next lines are these, in any order.
    AnyOrder(Vec<Pattern>),
    /// Lines are passed over until the next step holds.
    PassOver,
    /// Lines like this may come anywhere from here on.
    Ignore(Pattern),
    /// No line is ignored any more.
    Heed,
    /// Type without Enter, or press keys.
    Type(String),
    /// The line with the cursor is this.
    See(Pattern),
    /// Copy a file from the script's folder (first) to the session's (second).
    Copy(String, String),
    /// Start the program with further arguments.
    Start(Vec<String>),
    /// Seconds that each wait may take from here on.
    Timeout(u64),
    /// Size of the terminal at the next start.
    Terminal(Size),
    /// The program ends with this status.
    Exit(i32),
}

/// Reads a script.
///
/// # Errors
/// When a directive is unknown or malformed; the message has the line's number.
pub fn parse(text: &str) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, source)) = lines.next() {
        let line = index + 1;
        if source.starts_with('#') {
            continue;
        }
        let action = if source == "@any-order" {
            let mut patterns = Vec::new();
            loop {
                let (_, inner) =
                    lines.next().with_context(|| format!("line {line}: @any-order without @end"))?;
                if inner == "@end" {
                    break Action::AnyOrder(patterns);
                }
                patterns.push(Pattern::parse(inner));
            }
        } else {
            parse_line(source).with_context(|| format!("line {line}: {source}"))?
        };
        steps.push(Step { line, action });
    }
    Ok(steps)
}

fn parse_line(source: &str) -> Result<Action> {
    if let Some(directive) = source.strip_prefix('@') {
        let (name, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        return parse_directive(name, rest.trim());
    }
    if source == "..." {
        return Ok(Action::PassOver);
    }
    if let Some(text) = source.strip_prefix("? ") {
        return Ok(Action::Optional(Pattern::parse(text)));
    }
    if let Some(text) = source.strip_prefix("| ") {
        return Ok(Action::Expect(Pattern::parse(text)));
    }
    Ok(match split_prompt(source) {
        Some((prompt, text)) => Action::Input { prompt: prompt.to_owned(), text: text.to_owned() },
        None => Action::Expect(Pattern::parse(source)),
    })
}

fn parse_directive(name: &str, rest: &str) -> Result<Action> {
    let words = || rest.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    Ok(match name {
        "copy" => match words().as_slice() {
            [from, to] => Action::Copy(from.clone(), to.clone()),
            _ => bail!("@copy takes two file names"),
        },
        "start" => Action::Start(words()),
        "ignore" => Action::Ignore(Pattern::parse(rest)),
        "heed" => Action::Heed,
        "type" => Action::Type(rest.to_owned()),
        "keys" => Action::Type(words().iter().map(|word| key(word)).collect::<Result<String>>()?),
        "see" => Action::See(Pattern::parse(rest)),
        "timeout" => Action::Timeout(rest.parse().context("@timeout takes a number of seconds")?),
        "exit" => Action::Exit(rest.parse().context("@exit takes a status")?),
        "terminal" => {
            let (columns, rows) = rest.split_once('x').context("@terminal takes COLUMNSxROWS")?;
            Action::Terminal(Size { columns: columns.parse()?, rows: rows.parse()? })
        }
        _ => bail!("unknown directive @{name}"),
    })
}

/// The characters that a key sends.
fn key(name: &str) -> Result<String> {
    let text = match name {
        "Enter" => "\r",
        "Tab" => "\t",
        "Escape" => "\x1b",
        "Backspace" => "\x7f",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        _ => match name.strip_prefix('^').map(str::as_bytes) {
            Some([letter @ b'A'..=b'Z']) => return Ok(char::from(letter - b'@').to_string()),
            _ => bail!("unknown key {name}"),
        },
    };
    Ok(text.to_owned())
}

/// Whether a line is a prompt with nothing typed after it.
#[must_use]
pub fn is_bare_prompt(line: &str) -> bool {
    split_prompt(line).is_some_and(|(_, text)| text.is_empty())
}

/// `12> text` and `(node@host)12> text`: the prompt and the text after it.
fn split_prompt(line: &str) -> Option<(&str, &str)> {
    let digits = match line.strip_prefix('(') {
        Some(node) => node.split_once(')')?.1,
        None => line,
    };
    let after = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = after.strip_prefix('>')?;
    if after.len() == digits.len() || !(text.is_empty() || text.starts_with(' ')) {
        return None;
    }
    let prompt = &line[..line.len() - text.len()];
    Some((prompt, text.strip_prefix(' ').unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_output() {
        assert_eq!(split_prompt("1> c(m)."), Some(("1>", "c(m).")));
        assert_eq!(split_prompt("(a@b)12>"), Some(("(a@b)12>", "")));
        assert_eq!(split_prompt("> x"), None);
        assert_eq!(split_prompt("1>2"), None);
        assert_eq!(split_prompt("{ok,m}"), None);
    }

    #[test]
    fn a_bad_directive_is_named_with_its_line() {
        let message = format!("{:#}", parse("ok\n@copy one\n").expect_err("one file name is not enough"));
        assert!(message.starts_with("line 2: @copy one"), "{message}");
    }
}
