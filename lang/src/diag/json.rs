//! Messages for programs: one JSON object a line.
//!
//! Lines and columns count from one, columns in code points, as in `erlc`'s messages; `end_line` and `end_column`
//! are those of the first character after.

use super::{Diagnostic, Severity};
use crate::source::{SourceMap, Span};
use std::fmt::Write;

/// One message and a line break.
#[must_use]
pub fn render(diagnostic: &Diagnostic, map: &SourceMap) -> String {
    let mut out = String::from("{");
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    field(&mut out, "severity", severity);
    field(&mut out, "code", diagnostic.code);
    field(&mut out, "module", diagnostic.module);
    field(&mut out, "message", &diagnostic.message);
    match diagnostic.place {
        Some(place) => span(&mut out, place.span, Some(place.point()), map),
        None => field(&mut out, "file", map.files().next().map_or("", |(_, file)| file.name())),
    }
    out.push_str(",\"labels\":[");
    for (index, label) in diagnostic.labels.iter().enumerate() {
        out.push_str(if index == 0 { "{" } else { ",{" });
        field(&mut out, "message", &label.message);
        span(&mut out, label.span, None, map);
        out.push('}');
    }
    out.push(']');
    if let Some(help) = &diagnostic.help {
        field(&mut out, "help", help);
    }
    out.push_str("}\n");
    out
}

/// All messages.
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], map: &SourceMap) -> String {
    diagnostics.iter().map(|diagnostic| render(diagnostic, map)).collect()
}

/// File, line and column: those of `point` where the message is about one, and the extent.
fn span(out: &mut String, span: Span, point: Option<Span>, map: &SourceMap) {
    let start = map.location(point.unwrap_or(span.at_start()));
    let end = map.location(span.at_end());
    field(out, "file", &start.file);
    let _ = write!(
        out,
        ",\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{}",
        start.line, start.column, end.line, end.column
    );
}

fn field(out: &mut String, name: &str, value: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    let _ = write!(out, "\"{name}\":\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 32 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Place;

    #[test]
    fn a_message_is_an_object() {
        let mut map = SourceMap::new();
        let file = map.add("f.erl", "f() ->\n    \"é\" + X.\n").unwrap();
        let place = Place::new(Span::new(file, 18, 19));
        let diagnostic = Diagnostic::error("erl_lint", "unbound_var", place, "variable \"X\"\n")
            .with_label(Span::new(file, 0, 1), "in here")
            .with_help("a\\b");
        assert_eq!(
            render(&diagnostic, &map),
            "{\"severity\":\"error\",\"code\":\"unbound_var\",\"module\":\"erl_lint\",\
             \"message\":\"variable \\\"X\\\"\\n\",\"file\":\"f.erl\",\"line\":2,\"column\":11,\"end_line\":2,\
             \"end_column\":12,\"labels\":[{\"message\":\"in here\",\"file\":\"f.erl\",\"line\":1,\"column\":1,\
             \"end_line\":1,\"end_column\":2}],\"help\":\"a\\\\b\"}\n"
        );
    }
}
