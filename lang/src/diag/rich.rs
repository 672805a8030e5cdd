//! Messages as reports for people at a terminal: source excerpt, underlining, labels, help.

use super::{Diagnostic, Severity};
use crate::ast::Place;
use crate::source::{FileId, SourceFile, SourceMap, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// A marked range and the words on it.
type Mark<'d> = (AnnotationKind, Range<usize>, &'d str);

/// One report, with colours for a terminal or without.
#[must_use]
pub fn render(diagnostic: &Diagnostic, map: &SourceMap, with_colours: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code));
    let mut by_file: BTreeMap<(bool, FileId), Vec<Mark<'_>>> = BTreeMap::new();
    let primary = diagnostic.place.map(|place| headline(in_text(place, map), diagnostic.code, map));
    if let Some(span) = primary {
        let range = span.start as usize..span.end as usize;
        by_file.entry((false, span.file)).or_default().push((AnnotationKind::Primary, range, ""));
    }
    for label in &diagnostic.labels {
        let is_other_file = primary.is_none_or(|span| span.file != label.span.file);
        let span = headline(label.span, "", map);
        let range = span.start as usize..span.end as usize;
        let annotation = (AnnotationKind::Context, range, label.message.as_str());
        by_file.entry((is_other_file, label.span.file)).or_default().push(annotation);
    }
    for ((_, id), annotations) in by_file {
        let file = map.file(id);
        let mut snippet = Snippet::source(&**file.text()).path(&**file.name());
        for (kind, range, label) in annotations {
            let end = range.end.min(file.text().len());
            let annotation = kind.span(range.start.min(end)..end);
            snippet = snippet.annotation(if label.is_empty() { annotation } else { annotation.label(label) });
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if with_colours { Renderer::styled() } else { Renderer::plain() };
    let mut out = renderer.render(&[group]).to_string();
    out.push('\n');
    out
}

/// As much of an extent as is shown: of a function its name, of anything else its first line.
fn headline(span: Span, code: &str, map: &SourceMap) -> Span {
    let text = map.text(span);
    let is_of_function = matches!(code, "redefine_function" | "unused_function" | "undefined_function");
    let length = match text.find('(').filter(|_| is_of_function) {
        Some(length) => length,
        None => text.find('\n').unwrap_or(text.len()),
    };
    let end = span.start + u32::try_from(length).unwrap_or(0);
    Span { end, ..span }
}

/// The extent of a place; where forms were never text, the place in the text of their file.
fn in_text(place: Place, map: &SourceMap) -> Span {
    if !map.text_of(place.span.file).is_empty() {
        return place.span;
    }
    let location = map.location(place.point());
    let offset = |file: &SourceFile| file.offset_of(location.line, location.column);
    let of_the_name = map.files().filter(|(_, file)| *file.name() == location.file);
    let found = of_the_name.filter_map(|(id, file)| Some(Span::new(id, offset(file)?, offset(file)?))).next();
    found.unwrap_or(place.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_shows_the_line_and_the_labels() {
        let mut map = SourceMap::new();
        let file = map.add("f.erl", "f() ->\n    Y = X + Z,\n    ok.\n").unwrap();
        let diagnostic = Diagnostic::error(
            "erl_lint",
            "unbound_var",
            Place::new(Span::new(file, 15, 16)),
            "variable 'X' is unbound",
        )
        .with_label(Span::new(file, 11, 12), "did you mean this one?")
        .with_help("bind it first");
        let report = render(&diagnostic, &map, false);
        let expected = [
            "error[unbound_var]: variable 'X' is unbound",
            " --> f.erl:2:9",
            "  |",
            "2 |     Y = X + Z,",
            "  |     -   ^",
            "  |     |",
            "  |     did you mean this one?",
            "  |",
            "  = help: bind it first",
            "",
        ];
        assert_eq!(report, expected.join("\n"));
    }
}
