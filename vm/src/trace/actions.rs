//! What bodies of match specifications for tracing do: they ask for messages, change flags, look around.
//!
//! Reference: "Match Specifications in Erlang", ERTS User's Guide, "Functions allowed only for tracing".

use crate::atom;
use crate::bif::NativeContext;
use crate::bif::argument::name_of;
use crate::bif::erlang::sequential;
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::term::Term;
use crate::trace::flags::Flags;
use std::sync::atomic::Ordering;

/// A function that only these bodies know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Caller,
    CallerLine,
    DisableTrace,
    Display,
    EnableTrace,
    ExceptionTrace,
    GetControlWord,
    GetToken,
    Message,
    ProcessDump,
    ReturnTrace,
    IsSequential,
    SetControlWord,
    SetToken,
    Silent,
    Trace,
}

/// Name, arity, meaning.
pub(crate) const ACTIONS: &[(&str, usize, Action)] = &[
    ("caller", 0, Action::Caller),
    ("caller_line", 0, Action::CallerLine),
    ("disable_trace", 1, Action::DisableTrace),
    ("disable_trace", 2, Action::DisableTrace),
    ("display", 1, Action::Display),
    ("enable_trace", 1, Action::EnableTrace),
    ("enable_trace", 2, Action::EnableTrace),
    ("exception_trace", 0, Action::ExceptionTrace),
    ("get_seq_token", 0, Action::GetToken),
    ("get_tcw", 0, Action::GetControlWord),
    ("is_seq_trace", 0, Action::IsSequential),
    ("message", 1, Action::Message),
    ("process_dump", 0, Action::ProcessDump),
    ("return_trace", 0, Action::ReturnTrace),
    ("set_seq_token", 2, Action::SetToken),
    ("set_tcw", 1, Action::SetControlWord),
    ("silent", 1, Action::Silent),
    ("trace", 2, Action::Trace),
    ("trace", 3, Action::Trace),
];

/// A change of what is traced of this process, or of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) of: Option<Term>,
    pub(crate) on: bool,
    pub(crate) flags: Flags,
}

/// What a body has asked for.
#[derive(Debug)]
pub(crate) struct Effects {
    /// Who called the traced function, as the specification shows it.
    pub(crate) caller: Term,
    /// The stack trace of the call.
    pub(crate) stack: Term,
    /// What stands behind the call in its message; `false`: no message at all.
    pub(crate) message: Option<Term>,
    pub(crate) return_trace: bool,
    pub(crate) exception_trace: bool,
    pub(crate) silent: Option<bool>,
    pub(crate) changes: Vec<Change>,
}

impl Effects {
    pub(crate) fn new(caller: Term, stack: Term) -> Self {
        Self {
            caller,
            stack,
            message: None,
            return_trace: false,
            exception_trace: false,
            silent: None,
            changes: Vec::new(),
        }
    }

    /// Does what an action asks for, and answers its value.
    pub(crate) fn act(&mut self, ctx: &mut NativeContext<'_>, action: Action, operands: &[Term]) -> Term {
        match action {
            Action::Caller => return self.caller,
            Action::CallerLine => return caller_line(ctx, self.caller, self.stack),
            Action::EnableTrace => self.change(operands, true),
            Action::DisableTrace => self.change(operands, false),
            Action::Trace => {
                let (of, lists) = match operands {
                    [of, off, on] => (Some(*of), [*off, *on]),
                    [off, on] => (None, [*off, *on]),
                    _ => return Term::bool(false),
                };
                for (list, on) in lists.into_iter().zip([false, true]) {
                    for name in list.to_vec().unwrap_or_default() {
                        if let Some(flags) = Flags::named(name_of(name)) {
                            self.changes.push(Change { of, on, flags });
                        }
                    }
                }
            }
            Action::Display => {
                crate::bif::erlang::system::write_out(&(crate::term::shown(operands[0]) + "\n"));
            }
            Action::ExceptionTrace => {
                self.return_trace = true;
                self.exception_trace = true;
            }
            Action::ReturnTrace => self.return_trace = true,
            Action::GetControlWord => {
                let word = ctx.vm.flags.trace_control_word.load(Ordering::Relaxed);
                return Term::small(word as i64);
            }
            Action::SetControlWord => {
                let Some(word) = operands[0].as_usize() else { return Term::bool(false) };
                return Term::small(ctx.vm.flags.trace_control_word.swap(word, Ordering::Relaxed) as i64);
            }
            Action::Message => self.message = Some(operands[0]),
            Action::ProcessDump => return self.stack,
            Action::GetToken => {
                let token = OwnedTerm::build(|memory| sequential::whole(ctx.process, memory));
                return token.copy_to(&mut ctx.process.heap);
            }
            Action::IsSequential => {
                let token = ctx.process.sequential.as_ref().and_then(|sequential| sequential.token.as_ref());
                return Term::bool(token.is_some());
            }
            Action::SetToken => {
                return sequential::set(ctx.process, name_of(operands[0]), operands[1])
                    .unwrap_or(Term::bool(false));
            }
            Action::Silent => self.silent = operands[0].as_bool(),
        }
        Term::bool(true)
    }

    fn change(&mut self, operands: &[Term], on: bool) {
        let (of, flag) = match operands {
            [of, flag] => (Some(*of), *flag),
            [flag] => (None, *flag),
            _ => return,
        };
        if let Some(flags) = Flags::named(name_of(flag)) {
            self.changes.push(Change { of, on, flags });
        }
    }
}

/// The caller with the place of the call: `{Module, Function, Arity, {File, Line}}`; without it where it is not known.
fn caller_line(ctx: &mut NativeContext<'_>, caller: Term, stack: Term) -> Term {
    let Some(&[module, function, arity]) = caller.as_tuple() else { return caller };
    let found = stack.iter().find_map(|entry| match entry.as_tuple() {
        Some(&[m, f, a, place]) if [m, f, a] == [module, function, arity] => Some(place),
        _ => None,
    });
    let mut place = [Term::atom(atom::UNDEFINED); 2];
    for item in found.into_iter().flat_map(Term::iter) {
        match item.as_tuple() {
            Some(&[key, value]) if name_of(key) == "file" => place[0] = value,
            Some(&[key, value]) if name_of(key) == "line" => place[1] = value,
            _ => {}
        }
    }
    let heap = &mut ctx.process.heap;
    let place = if place.contains(&Term::atom(atom::UNDEFINED)) { place[0] } else { heap.tuple(&place) };
    heap.tuple(&[module, function, arity, place])
}
