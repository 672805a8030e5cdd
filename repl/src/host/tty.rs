//! `swerl_tty`: the terminal, for the Erlang processes that serve input and output.
//!
//! A terminal belongs to the program as a whole, so there is one for all: the machine that was started
//! first gets the answers.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use swerl_vm::term::{Pid, Term};
use swerl_vm::{Exception, Native, NativeContext, NativeResult, OwnedTerm, Vm, natives};

use super::convert::atom;
use crate::console::{self, Answer, Console, Expansion};

/// The functions, for the machine.
pub const NATIVES: &[Native] = natives! {
    "swerl_tty" {
        "start"/1 => start;
        "get_line"/1 => get_line;
        "expanded"/1 => expanded;
        "put_chars_now"/1 => put_chars_now;
        "put_chars"/1 = dirty => put_chars;
        "put_error"/1 = dirty => put_error;
        "is_terminal"/0 => is_terminal;
        "columns"/0 => columns;
    }
};

/// The terminal and the process that gets its answers.
#[derive(Debug)]
struct Tty {
    console: Console,
    owner: Arc<Mutex<Option<Pid>>>,
}

static TTY: OnceLock<Tty> = OnceLock::new();

fn tty(vm: &Arc<Vm>) -> &'static Tty {
    TTY.get_or_init(|| {
        let owner = Arc::new(Mutex::new(None));
        let (vm, receiver) = (Arc::clone(vm), Arc::clone(&owner));
        let console = Console::new(Box::new(move |answer| {
            let owner = *receiver.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if let Some(owner) = owner {
                vm.send_message(owner, message(&answer));
            }
        }));
        Tty { console, owner }
    })
}

/// `{swerl_tty, {line, Line} | eof | interrupt | switch | {expand, TextBeforeCursor}}`.
fn message(answer: &Answer) -> OwnedTerm {
    OwnedTerm::build(|memory| {
        let content = match answer {
            Answer::Line(line) => {
                let line = memory.binary(line);
                memory.tuple(&[Term::atom(atom("line")), line])
            }
            Answer::Eof => Term::atom(atom("eof")),
            Answer::Interrupt => Term::atom(atom("interrupt")),
            Answer::Switch => Term::atom(atom("switch")),
            Answer::Expand(before) => {
                let before = memory.binary(before);
                memory.tuple(&[Term::atom(atom("expand")), before])
            }
        };
        memory.tuple(&[Term::atom(atom("swerl_tty")), content])
    })
}

/// Gives the terminal back as it was found, with all output written.
pub fn restore() {
    if let Some(tty) = TTY.get() {
        tty.console.restore();
    }
}

fn ok() -> NativeResult {
    Ok(Term::atom(atom("ok")))
}

/// `start(Pid)`: answers go to this process from now on.
fn start(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let owner = arguments[0].as_pid().ok_or_else(Exception::badarg)?;
    let tty = tty(context.vm());
    *tty.owner.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(owner);
    ok()
}

/// `get_line(Prompt)`: asks for a line; the answer is a message to the owner.
fn get_line(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let prompt = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    tty(context.vm()).console.get_line(&String::from_utf8_lossy(&prompt));
    ok()
}

/// `expanded({Text, [Choice]})`: what the Tab key asked for, in UTF-8.
fn expanded(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = |term: Term| {
        term.as_binary()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .ok_or_else(Exception::badarg)
    };
    let Some(&[addition, choices]) = arguments[0].as_tuple() else { return Err(Exception::badarg().into()) };
    let choices = choices.to_vec().ok_or_else(Exception::badarg)?;
    let choices = choices.into_iter().map(text).collect::<Result<Vec<String>, Exception>>()?;
    tty(context.vm()).console.expanded(Expansion { text: text(addition)?, choices });
    ok()
}

/// `put_chars(Binary)`: writes to standard output, above a line that is being edited.
fn put_chars(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    tty(context.vm()).console.put_chars(&text);
    ok()
}

/// `put_chars_now(Binary)`: the same where it does not block. False where it might: then nothing is written.
fn put_chars_now(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    let written = tty(context.vm()).console.put_chars_now(&text);
    Ok(Term::bool(written))
}

/// `put_error(Binary)`: writes to standard error.
fn put_error(_context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    // There is nobody left to tell that it could not be told.
    let _ = std::io::stderr().lock().write_all(&text);
    ok()
}

/// `is_terminal()`: whether lines can be edited.
fn is_terminal(_context: &mut NativeContext<'_>, _arguments: &[Term]) -> NativeResult {
    Ok(Term::bool(console::is_terminal()))
}

/// `columns()`: the width of the terminal, or `enotsup`.
fn columns(_context: &mut NativeContext<'_>, _arguments: &[Term]) -> NativeResult {
    Ok(match console::columns() {
        Some(columns) => Term::small(i64::from(columns)),
        None => Term::atom(atom("enotsup")),
    })
}
