//! The order in which `erlc` lists its messages.

use super::term::compare;
use super::{Diagnostic, Severity};
use crate::source::{Location, SourceMap};
use std::sync::Arc;

/// Brings diagnostics into the order of `erlc`: errors before warnings. Errors: first what scanner,
/// preprocessor and parser found, then the rest; each of these groups by file, and in a file by place. Warnings
/// by file and place.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, map: &SourceMap) {
    sort_with(diagnostics, map, true);
}

/// The same where columns do not count.
pub fn sort_by_line(diagnostics: &mut Vec<Diagnostic>, map: &SourceMap) {
    sort_with(diagnostics, map, false);
}

fn sort_with(diagnostics: &mut Vec<Diagnostic>, map: &SourceMap, with_columns: bool) {
    let main: Arc<str> = map.files().next().map_or_else(|| "".into(), |(_, file)| file.name().clone());
    let mut keyed: Vec<_> = diagnostics
        .drain(..)
        .map(|diagnostic| {
            let stage = match diagnostic.severity {
                Severity::Error => STAGES.iter().position(|module| *module == diagnostic.module),
                Severity::Warning => None,
            };
            let stage = stage.unwrap_or(STAGES.len());
            let is_late = stage == STAGES.len();
            let location = diagnostic.place.map(|place| map.location(place.point()));
            let file = location.as_ref().map_or(&main, |location| &location.file).clone();
            // A line alone is a number, which comes before a pair.
            let position = location.map_or((false, 0, 0), |Location { line, column, .. }| {
                let column = if with_columns { column } else { 0 };
                (column != 0, line, column)
            });
            ((diagnostic.severity, is_late, file, position, stage), diagnostic)
        })
        .collect();
    keyed.sort_by(|(key, a), (other_key, b)| {
        key.cmp(other_key).then_with(|| match a.severity {
            Severity::Error => a.module.cmp(b.module).then_with(|| compare(&a.descriptor, &b.descriptor)),
            Severity::Warning => text_key(a).cmp(&text_key(b)),
        })
    });
    // What is foreseen is told once of a place.
    keyed.dedup_by(|(key, a), (other_key, b)| {
        key == other_key && a.module == "sys_core_fold" && b.module == a.module && a.message == b.message
    });
    diagnostics.extend(keyed.into_iter().map(|(_, diagnostic)| diagnostic));
}

/// Texts as Erlang compares them: those that begin with what a function is called are lists within lists there, which
/// come after characters.
fn text_key(diagnostic: &Diagnostic) -> (bool, &str) {
    (matches!(diagnostic.code, "deprecated" | "removed" | "obsolete_guard"), &diagnostic.message)
}

/// What these modules find is listed first.
const STAGES: [&str; 3] = ["erl_scan", "epp", "erl_parse"];
