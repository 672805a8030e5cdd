//! What is wrong with a term that should be a match specification, in the words that programs see.

use super::match_spec::{Context, variable_number};
use crate::bif::argument::name_of;
use crate::term::Term;
use crate::term::shown;

/// The faults, each a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid(pub(crate) Vec<String>);

impl Invalid {
    /// A single fault.
    pub(super) fn because(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }
}

/// That a term is no list, or none with a proper end.
pub(super) fn not_a_list(text: &str, term: Term) -> Invalid {
    Invalid(vec![format!("{text} {}list.", if term.is_cons() { "proper " } else { "" })])
}

/// What is wrong with a tuple in a guard or body that calls nothing there is.
pub(super) fn wrong_call(term: Term, place: Context) -> Invalid {
    let elements = term.as_tuple().unwrap_or_default();
    let (function, arity) = match elements.split_first() {
        Some((&function, operands)) if function.is_atom() && variable_number(function).is_none() => {
            (function, operands.len())
        }
        _ => {
            return Invalid(vec![format!(
                "{} is neither a function call, nor a tuple (tuples are written {{{{ ... }}}}).",
                shown(term)
            )]);
        }
    };
    let name = name_of(function);
    let (whole, quoted) = (shown(term), shown(function));
    let special = |what: &str| format!("Special form '{name}' {what}");
    let traces = place.dialect.traces();
    let acts = matches!(
        name,
        "return_trace"
            | "exception_trace"
            | "message"
            | "process_dump"
            | "display"
            | "enable_trace"
            | "disable_trace"
            | "trace"
            | "silent"
            | "caller"
            | "caller_line"
            | "set_seq_token"
            | "get_seq_token"
    );
    Invalid(vec![match (name, arity) {
        ("const", _) => special(&format!("called with more than one argument in {whole}.")),
        ("and" | "or" | "andalso" | "orelse", 0) => special(&format!("called without arguments in {whole}.")),
        ("self", _) => special(&format!("called with arguments in {whole}.")),
        ("set_seq_token", _) if traces && place.in_guard => {
            "Special form 'set_seq_trace' called in guard context.".to_owned()
        }
        _ if acts && traces && place.in_guard => special("called in guard context."),
        (
            "return_trace" | "exception_trace" | "is_seq_trace" | "get_seq_token" | "caller" | "caller_line"
            | "process_dump",
            1..,
        ) if traces => special(&format!("called with arguments in {whole}.")),
        (
            "message" | "display" | "enable_trace" | "disable_trace" | "trace" | "silent" | "set_seq_token",
            _,
        ) if traces => special(&format!("called with wrong number of arguments in {whole}.")),
        ("set_seq_token", _) => "Special form 'set_seq_trace' used in wrong dialect.".to_owned(),
        ("is_seq_trace", _) => special("used in wrong dialect."),
        _ if acts => special("used in wrong dialect."),
        ("get_tcw", 0) | ("set_tcw", 1) => {
            format!("Function {quoted}/{arity} cannot be called in this context.")
        }
        _ => format!("Function {quoted}/{arity} does_not_exist."),
    }])
}
