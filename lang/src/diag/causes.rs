//! One mistake, one message: what only follows from another fault is left out of reports for people.
//!
//! `erlc` tells everything that every pass finds. After a form that could not be read, much of that is noise: what
//! the form declares is missing elsewhere, and what it uses seems unused.

use super::{Diagnostic, Severity};
use crate::source::SourceMap;
use std::collections::HashSet;
use std::sync::Arc;

/// For each message of a compilation, in the order of [`sort`](super::sort), whether it is one to show.
#[must_use]
pub fn worth_telling(diagnostics: &[Diagnostic], map: &SourceMap) -> Vec<bool> {
    let is_unread = diagnostics.iter().any(|diagnostic| diagnostic.is_error() && is_of_the_front(diagnostic));
    let is_broken = diagnostics.iter().any(Diagnostic::is_error);
    let misplaced: Vec<&str> = diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.message.strip_prefix("syntax error before: "))
        .collect();
    let broken: Vec<(&Diagnostic, usize)> = diagnostics
        .iter()
        .filter(|diagnostic| {
            matches!(
                diagnostic.code,
                "illegal_character" | "illegal_pattern" | "bad_directive" | "syntax_error"
            )
        })
        .filter_map(|diagnostic| {
            let place = diagnostic.place?;
            Some((diagnostic, form_of(place.span.start, map.text_of(place.span.file))))
        })
        .collect();
    let mut told: HashSet<(&'static str, String, Option<usize>)> = HashSet::new();
    let mut told_places: HashSet<(Arc<str>, u32, u32)> = HashSet::new();
    diagnostics
        .iter()
        .map(|diagnostic| {
            if broken.iter().any(|(cause, form)| follows(diagnostic, cause, *form, map)) {
                return false;
            }
            if is_unread && is_consequence(diagnostic) {
                return false;
            }
            // What would use it may only be written wrongly.
            if is_broken && diagnostic.severity == Severity::Warning && diagnostic.code.starts_with("unused_")
            {
                return false;
            }
            // A function's name that begins with a capital letter.
            let is_misplaced = |name: &&str| diagnostic.message == format!("variable '{name}' is unbound");
            if misplaced.iter().any(is_misplaced) {
                return false;
            }
            if let Some(place) = diagnostic.place
                && (diagnostic.is_error() || diagnostic.code == "nomatch")
            {
                let location = map.location(place.point());
                if !told_places.insert((location.file, location.line, location.column)) {
                    return false;
                }
            }
            // The same fault over and over: once is enough, for variables once in a form.
            match diagnostic.code {
                "unbound_var" | "unsafe_var" | "undefined_function" | "undefined_record"
                | "undefined_field" | "undefined_type" | "undefined" => {
                    let form =
                        diagnostic.place.map(|place| form_of(place.span.start, map.text_of(place.span.file)));
                    let form = form.filter(|_| diagnostic.code.ends_with("_var"));
                    told.insert((diagnostic.code, diagnostic.message.clone(), form))
                }
                // Several clauses behind the same one.
                "nomatch" if diagnostic.message.contains(" at line ") => {
                    told.insert((diagnostic.code, diagnostic.message.clone(), None))
                }
                _ => true,
            }
        })
        .collect()
}

/// Whether a message only follows from another one, which is about the form that begins there.
fn follows(diagnostic: &Diagnostic, cause: &Diagnostic, form: usize, map: &SourceMap) -> bool {
    let (Some(place), Some(cause_place)) = (diagnostic.place, cause.place) else { return false };
    if place.span.file != cause_place.span.file || place.span.start <= cause_place.span.start {
        return false;
    }
    let text = map.text_of(place.span.file);
    let is_in_form = || form_of(place.span.start, text) == form;
    match (cause.code, diagnostic.code) {
        // What a sign is missing for that could not be read.
        ("illegal_character", "illegal_character" | "syntax_error") => is_in_form(),
        // The names in a pattern that is none.
        ("illegal_pattern", "unbound_var") => {
            map.text(cause_place.span).contains(map.text(place.span)) && is_in_form()
        }
        // The macro that was to be defined.
        ("bad_directive", "undefined_macro") => {
            let definition = format!("define({}", map.text(place.span).trim_start_matches('?'));
            text.get(form..cause_place.span.end as usize).is_some_and(|form| form.contains(&definition))
        }
        // What stands behind a full stop in the middle of a function.
        ("syntax_error", "syntax_error") => {
            let is_unclosed =
                cause.labels.iter().any(|label| label.message.ends_with("is waiting for its `end`"));
            let between = text.get(cause_place.span.end as usize..place.span.start as usize);
            let is_between = |form: &str| between.is_some_and(|between| between.trim() == form);
            // The brace that ends a body in braces.
            let ends_body = map.text(cause_place.span) == "{" && map.text(place.span) == "}";
            is_unclosed && is_between("") || ends_body
        }
        _ => false,
    }
}

/// Whether scanner, preprocessor or parser found it.
fn is_of_the_front(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.module, "erl_scan" | "epp" | "erl_parse")
}

/// Whether a form that could not be read may be behind it.
fn is_consequence(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Warning && !is_of_the_front(diagnostic)
        || diagnostic.code.starts_with("undefined_") && diagnostic.module == "erl_lint"
        || matches!(diagnostic.code, "bad_inline" | "undefined" | "define_import" | "attribute")
            && diagnostic.module == "erl_lint"
}

/// Where the form around an offset begins, roughly: after the last line break that no white space follows.
fn form_of(at: u32, text: &str) -> usize {
    let before = &text.as_bytes()[..(at as usize).min(text.len())];
    let mut start = 0;
    for (index, pair) in before.windows(2).enumerate() {
        // A full stop at the end of a line.
        if pair == b".\n" {
            start = index;
        }
    }
    start
}
