//! `erlc`: compiles files without starting a machine.
//!
//! What the compiler has to say goes to standard output in `erlc`'s very words; what is wrong with the
//! command line goes to standard error. The exit status is 1 when a file did not compile.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};

use swerl_beam::Literal;

use crate::host::compile::{self, Compiled};
use crate::host::terms::parse_term;

/// The command line of `erlc`, taken apart.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    /// The files, in order.
    files: Vec<PathBuf>,
    /// What the compiler is asked for, as terms that `compile:file/2` knows.
    options: Vec<Literal>,
    /// Where the results go.
    folder: Option<PathBuf>,
    /// `-help`.
    help: bool,
}

/// A command line that cannot be carried out.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum LineError {
    /// A flag that `erlc` does not have.
    #[error("Unknown option: {0}\n{HELP}")]
    Unknown(String),
    /// A flag that swerl does not have.
    #[error("{0}: this option of erlc is not supported")]
    Unsupported(String),
    /// A flag at the end of the line that wants more.
    #[error("No value given to {0} option")]
    MissingValue(String),
    /// A `+term` that is none.
    #[error("{message}: {text}")]
    BadTerm {
        /// What stands after the plus sign.
        text: String,
        /// What is wrong with it.
        message: String,
    },
    /// A `-D` whose value is no term.
    #[error("bad value of -D{0}")]
    BadDefine(String),
}

const HELP: &str = "\
Usage: erlc [Options] file.erl ...
Options:
-Dname         define a macro, as true
-Dname=value   define a macro
-I path        where to look for include files; may be repeated
-o folder      where the results go
-W -W0 -Wall   warnings: as usual, none, all
-Werror        a warning is an error
-b beam        type of the output; there is no other
-pa -pz path   accepted; parse transforms are looked for in the folder of the source
-enable-feature name, -disable-feature name
-help          this text
-v             accepted
+term          hand a term to the compiler, as compile:file/2 takes it
";

impl Line {
    /// Takes the words after `erlc` apart.
    ///
    /// # Errors
    /// When they are no command line of `erlc`.
    pub fn parse(words: &[OsString]) -> Result<Self, LineError> {
        let mut line = Line::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            if let Some(term) = text.strip_prefix('+') {
                let term = parse_term(term)
                    .map_err(|message| LineError::BadTerm { text: term.to_owned(), message })?;
                line.options.push(term);
                continue;
            }
            let Some(flag) = text.strip_prefix('-').filter(|flag| !flag.is_empty()) else {
                line.files.push(PathBuf::from(word));
                continue;
            };
            // `-I path` and `-Ipath` are the same.
            let mut value = |name: &str| match &flag[name.len()..] {
                "" => {
                    let next = words.next().ok_or_else(|| LineError::MissingValue(format!("-{name}")))?;
                    Ok(next.to_string_lossy().into_owned())
                }
                attached => Ok(attached.to_owned()),
            };
            match flag {
                "help" | "-help" => line.help = true,
                "v" => {}
                "W" | "W1" | "Wall" => {}
                "W0" => line.options.push(Literal::atom("nowarn")),
                "Werror" => line.options.push(Literal::atom("warnings_as_errors")),
                "pa" | "pz" => drop(value(flag)?),
                "enable-feature" => line.push_feature(&value(flag)?, "enable"),
                "disable-feature" => line.push_feature(&value(flag)?, "disable"),
                "E" | "S" | "P" | "M" | "server" => return Err(LineError::Unsupported(text.into_owned())),
                _ if flag.starts_with('I') => {
                    let folder = Literal::string(&value("I")?);
                    line.options.push(Literal::tuple([Literal::atom("i"), folder]));
                }
                _ if flag.starts_with('o') => line.folder = Some(PathBuf::from(value("o")?)),
                _ if flag.starts_with('b') => match value("b")?.as_str() {
                    "beam" => {}
                    other => return Err(LineError::Unsupported(format!("-b {other}"))),
                },
                _ if flag.starts_with('D') => {
                    let define = define(&value("D")?)?;
                    line.options.push(define);
                }
                _ if flag.starts_with('W') && flag[1..].parse::<u8>().is_ok() => {}
                _ => return Err(LineError::Unknown(text.into_owned())),
            }
        }
        Ok(line)
    }

    fn push_feature(&mut self, name: &str, what: &str) {
        let feature = [Literal::atom("feature"), Literal::atom(name), Literal::atom(what)];
        self.options.push(Literal::tuple(feature));
    }
}

/// `NAME` or `NAME=VALUE`, as the term `{d,Name}` or `{d,Name,Value}`.
fn define(text: &str) -> Result<Literal, LineError> {
    let d = Literal::atom("d");
    Ok(match text.split_once('=') {
        None => Literal::tuple([d, Literal::atom(text)]),
        Some((name, value)) => {
            let value = parse_term(value).map_err(|_| LineError::BadDefine(text.to_owned()))?;
            Literal::tuple([d, Literal::atom(name), value])
        }
    })
}

/// Carries out a command line. Returns the exit status.
pub fn run(words: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    // That nobody reads what is printed does not change whether the files compile.
    let line = match Line::parse(words) {
        Ok(line) => line,
        Err(error) => {
            let _ = writeln!(err, "{}", error.to_string().trim_end());
            return 1;
        }
    };
    if line.help {
        let _ = err.write_all(HELP.as_bytes());
        return 0;
    }
    for file in &line.files {
        match compile_one(file, &line, out) {
            Ok(true) => {}
            Ok(false) => return 1,
            Err(complaint) => {
                let _ = writeln!(err, "{complaint}");
                return 1;
            }
        }
    }
    0
}

/// Whether `file` compiled; an error is a complaint about the name.
fn compile_one(file: &Path, line: &Line, out: &mut dyn Write) -> Result<bool, String> {
    match file.extension().and_then(OsStr::to_str) {
        Some("erl") => {}
        Some(other) => return Err(format!("Unknown extension: '.{other}'")),
        // `erlc m` is `erlc m.erl` where there is such a file.
        None if file.with_extension("erl").is_file() => {
            return compile_one(&file.with_extension("erl"), line, out);
        }
        None => return Err(format!("File has no extension: {}", file.display())),
    }
    let Compiled { beam, printed, .. } = compile::file(file, &line.options);
    let _ = out.write_all(printed.as_bytes());
    let Some((module, beam)) = beam else { return Ok(false) };
    // The current folder, wherever the source is.
    let folder = line.folder.as_deref().unwrap_or(Path::new(""));
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let target = folder.join(format!("{stem}.beam"));
    if module != stem {
        let complaint = format!("Module name '{module}' does not match file name '{stem}'");
        let _ = writeln!(out, "{}: {complaint}", target.display());
        return Ok(false);
    }
    match write_whole(&target, &beam) {
        Ok(()) => Ok(true),
        Err(error) => {
            let reason = crate::posix::message(&error);
            let _ = writeln!(out, "{}: error writing file: {reason}", target.display());
            Ok(false)
        }
    }
}

/// Writes a file so that its name always stands for a whole one: the old or the new.
fn write_whole(target: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = target.with_file_name(name);
    std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, target)).inspect_err(|_| {
        // It may not even have come into being.
        let _ = std::fs::remove_file(&temporary);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Line, LineError> {
        Line::parse(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn values_may_be_attached_or_follow() {
        let include = |folder: &str| Literal::tuple([Literal::atom("i"), Literal::string(folder)]);
        let line = parse(&["-I", "a", "-Ib", "-o", "ebin", "x.erl", "y.erl"]).expect("a line");
        assert_eq!(line.options, [include("a"), include("b")]);
        assert_eq!(line.folder, Some(PathBuf::from("ebin")));
        assert_eq!(line.files, [PathBuf::from("x.erl"), PathBuf::from("y.erl")]);
    }

    #[test]
    fn terms_and_macros_are_read_as_erlang() {
        let line = parse(&["+{d,'A',[1]}", "-DB", "-DC={x,\"y\"}"]).expect("a line");
        let d = |name: &str, value| Literal::tuple([Literal::atom("d"), Literal::atom(name), value]);
        let c = Literal::tuple([Literal::atom("x"), Literal::string("y")]);
        let b = Literal::tuple([Literal::atom("d"), Literal::atom("B")]);
        assert_eq!(line.options, [d("A", Literal::list(vec![Literal::Int(1)])), b, d("C", c)]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse(&["-I"]), Err(LineError::MissingValue("-I".into())));
        assert_eq!(parse(&["-zz", "x.erl"]), Err(LineError::Unknown("-zz".into())));
        assert!(matches!(parse(&["+{"]), Err(LineError::BadTerm { text, .. }) if text == "{"));
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let missing = std::env::temp_dir().join("swerl-no-such-folder").join("m.beam");
        assert_eq!(write_whole(&missing, b"x").expect_err("no folder").kind(), std::io::ErrorKind::NotFound);
    }
}
