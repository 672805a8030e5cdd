//! What the user asked for: the words of the command line, taken apart.
//!
//! The name that the program was called by decides (`erl`, `erlc`, `escript`), or else its first word.
//! A line that starts with a flag of `erl` is a line for `erl`.

pub mod erl;
pub mod schedulers;
pub mod words;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use erl::ErlCommand;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Start the machine.
    Erl(ErlCommand),
    /// Compile files.
    Erlc(Vec<OsString>),
    /// Print how to call the program.
    Help,
    /// Print its version.
    Version,
}

/// A command line that means nothing.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// A word that is neither a command nor a file.
    #[error("{0}: no such command or file")]
    Unknown(String),
    /// A word of swerl's own commands.
    #[error(transparent)]
    Word(#[from] lexopt::Error),
    /// A flag of `erl`.
    #[error(transparent)]
    Erl(#[from] erl::FlagError),
}

/// What `--help` prints.
pub const HELP: &str = "\
Erlang as one small, fast program.

  swerl                        open a shell
  swerl FILE [ARG...]          run an Erlang source file, a script or a .beam file
  swerl -e EXPR [ARG...]       evaluate expressions
  swerl erl [FLAG...]          as erl
  swerl erlc [FLAG...] FILE... as erlc
  swerl escript FILE [ARG...]  as escript
  swerl shell [FLAG...]        as erl, with a shell
  swerl --version | --help

Under the name erl, erlc or escript (a link will do) it is that program.
";

/// Takes the words apart; the first is the name that the program was called by.
///
/// # Errors
/// When they mean nothing.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command, UsageError> {
    let mut words = words.into_iter();
    let called = words.next().unwrap_or_default();
    let rest: Vec<OsString> = words.collect();
    let name = Path::new(&called).file_name().and_then(OsStr::to_str).unwrap_or("swerl");
    match named(name, &rest) {
        Some(command) => command,
        None => own(rest),
    }
}

/// The programs that have names of their own.
fn named(name: &str, rest: &[OsString]) -> Option<Result<Command, UsageError>> {
    match name {
        "erl" | "shell" => Some(ErlCommand::from_user(rest).map(Command::Erl).map_err(UsageError::from)),
        "erlc" => Some(Ok(Command::Erlc(rest.to_vec()))),
        "escript" => Some(escript(rest)),
        _ => None,
    }
}

/// swerl's own command line.
fn own(rest: Vec<OsString>) -> Result<Command, UsageError> {
    let Some(first) = rest.first() else { return Ok(Command::Erl(ErlCommand::from_user(&[])?)) };
    let first = first.to_string_lossy().into_owned();
    if let Some(command) = named(&first, &rest[1..]) {
        return command;
    }
    match first.as_str() {
        "--help" | "-h" | "help" => Ok(Command::Help),
        "--version" => Ok(Command::Version),
        "-e" => evaluate(&rest),
        flag if flag.starts_with(['-', '+']) => Ok(Command::Erl(ErlCommand::from_user(&rest)?)),
        _ if Path::new(&rest[0]).is_file() => run_file(&rest),
        _ => Err(UsageError::Unknown(first)),
    }
}

/// `-e EXPR ARG...`: the arguments are plain ones, whatever they look like.
fn evaluate(rest: &[OsString]) -> Result<Command, UsageError> {
    let mut parser = lexopt::Parser::from_args(rest);
    parser.next()?;
    let expression = parser.value()?;
    let arguments = parser.raw_args()?;
    let mut line = words::of(["-noshell", "-eval"]);
    line.push(expression);
    line.extend(words::of(["-s", "init", "stop", "-extra"]));
    line.extend(arguments);
    Ok(Command::Erl(ErlCommand::from_user(&line)?))
}

/// `FILE ARG...`: a `.beam` file is loaded and its `main/1` or else `start/0` called, anything else is a script.
fn run_file(rest: &[OsString]) -> Result<Command, UsageError> {
    let path = PathBuf::from(&rest[0]);
    let (Some("beam"), Some(module)) = (path.extension().and_then(OsStr::to_str), path.file_stem()) else {
        return escript(rest);
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut line = words::of(["-noshell", "-pa"]);
    line.push(folder.into());
    line.extend(words::of(["-s"]));
    line.push(module.into());
    line.extend(words::of(["-s", "init", "stop", "-extra"]));
    line.extend_from_slice(&rest[1..]);
    Ok(Command::Erl(ErlCommand::from_user(&line)?))
}

/// As OTP's `escript` program: flags of its own, then the script. The script may ask for flags of `erl`
/// in a line `%%! FLAGS` near its top.
fn escript(rest: &[OsString]) -> Result<Command, UsageError> {
    let script = rest.iter().find(|word| !word.to_string_lossy().starts_with('-'));
    let asked = script.map(|path| words::script_flags(Path::new(path))).unwrap_or_default();
    let mut line = words::of(["+B", "-noshell"]);
    line.extend(asked);
    line.extend(words::of(["-run", "escript", "start", "-extra"]));
    line.extend_from_slice(rest);
    Ok(Command::Erl(ErlCommand::from_user(&line)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init_args(words: &[&str]) -> Vec<String> {
        match parse(words.iter().map(OsString::from)) {
            Ok(Command::Erl(erl)) => {
                erl.user_args().iter().map(|a| String::from_utf8_lossy(a).into_owned()).collect()
            }
            other => panic!("{words:?}: {other:?}"),
        }
    }

    #[test]
    fn the_name_or_the_first_word_decides() {
        assert!(
            matches!(parse(["/usr/bin/erlc", "a.erl"].map(OsString::from)), Ok(Command::Erlc(files)) if files == ["a.erl"])
        );
        assert!(
            matches!(parse(["swerl", "erlc", "a.erl"].map(OsString::from)), Ok(Command::Erlc(files)) if files == ["a.erl"])
        );
        assert!(matches!(parse(["swerl", "--version"].map(OsString::from)), Ok(Command::Version)));
        assert_eq!(init_args(&["erl", "-noshell", "-s", "m"]), ["-noshell", "-s", "m"]);
        assert_eq!(init_args(&["swerl", "-noshell", "-s", "m"]), ["-noshell", "-s", "m"]);
        assert_eq!(init_args(&["swerl"]), [""; 0]);
    }

    #[test]
    fn a_word_that_is_nothing_is_named() {
        let error = parse(["swerl", "no/such/file"].map(OsString::from)).expect_err("there is no such file");
        assert_eq!(error.to_string(), "no/such/file: no such command or file");
    }

    #[test]
    fn an_expression_is_evaluated_and_the_rest_is_plain() {
        let expected = ["-noshell", "-eval", "f(x).", "-s", "init", "stop", "-extra", "-a", "+b"];
        assert_eq!(init_args(&["swerl", "-e", "f(x).", "-a", "+b"]), expected);
    }
}
