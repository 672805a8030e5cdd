//! The `swerl` program: its command line, its terminal, and the joining of compiler, machine and library.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

pub mod cli;
pub mod console;

use cli::Command;

/// Does what the words of a command line ask for, the first being the name that the program was called by.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    match cli::parse(words) {
        Ok(Command::Help) => print(cli::HELP),
        Ok(Command::Version) => print(&format!("swerl {} (Erlang/OTP 25)\n", env!("CARGO_PKG_VERSION"))),
        Ok(Command::Erl(_)) => complain("this build has no machine"),
        Ok(Command::Erlc(_)) => complain("this build has no compiler"),
        Err(error) => complain(&error.to_string()),
    }
}

/// Prints text for a person or a program to read; if nobody does, that is no failure.
fn print(text: &str) -> ExitCode {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn complain(what: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "swerl: {what}");
    ExitCode::FAILURE
}
