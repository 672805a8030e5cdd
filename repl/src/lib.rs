//! The `swerl` program: its command line, its terminal, and the joining of compiler, machine and library.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::Write;

pub mod cli;
pub mod console;
pub mod erlc;
pub mod host;
pub mod node;

use cli::Command;

/// Does what the words of a command line ask for, the first being the name that the program was called by.
/// Returns the exit status.
pub fn run(words: impl IntoIterator<Item = OsString>) -> i32 {
    match cli::parse(words) {
        Ok(Command::Help) => print(cli::HELP.as_bytes()),
        Ok(Command::Version) => {
            print(concat!("swerl ", env!("CARGO_PKG_VERSION"), " (Erlang/OTP 25)\n").as_bytes())
        }
        Ok(Command::Erl(erl)) if erl.only_version => {
            complain(&format!("Erlang (SMP) (swerl) emulator version {}", env!("CARGO_PKG_VERSION")));
            0
        }
        Ok(Command::Erl(erl)) if erl.only_words => print(&erl.words_by_line(&node::root(), "erl")),
        Ok(Command::Erl(erl)) => node::run(&erl).unwrap_or_else(|error| complain(&format!("{error:#}"))),
        Ok(Command::Erlc(words)) => erlc::run(&words, &mut std::io::stdout(), &mut std::io::stderr()),
        Err(error) => complain(&error.to_string()),
    }
}

/// Prints text for a person or a program to read; if nobody does, that is no failure.
fn print(text: &[u8]) -> i32 {
    let _ = std::io::stdout().lock().write_all(text);
    0
}

/// Says on standard error what is wrong.
fn complain(what: &str) -> i32 {
    let _ = writeln!(std::io::stderr().lock(), "{what}");
    1
}
