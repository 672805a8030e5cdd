//! Messages exactly as `erlc` of OTP 25 prints them, source excerpt included.

use super::{Diagnostic, Severity};
use crate::source::{Location, SourceMap};
use std::fmt::Write;

/// How much of a place is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// The column beside the line. Without it: the option `{error_location, line}`.
    pub columns: bool,
    /// The line of the source under the message. Without it: the option `brief`.
    pub excerpts: bool,
}

impl Style {
    /// As `erlc` does it when nobody asks for less.
    pub const USUAL: Style = Style { columns: true, excerpts: true };
}

/// One message, with the line break that ends it, and where the line can be shown, the line and an empty one.
#[must_use]
pub fn render(diagnostic: &Diagnostic, map: &SourceMap) -> String {
    render_in(diagnostic, map, Style::USUAL)
}

/// The same in another style.
#[must_use]
pub fn render_in(diagnostic: &Diagnostic, map: &SourceMap, style: Style) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "",
        Severity::Warning => "Warning: ",
    };
    let message = &diagnostic.message;
    match diagnostic.place {
        None => {
            let file = map.files().next().map_or("", |(_, file)| file.name());
            format!("{file}: {severity}{message}\n")
        }
        Some(place) => {
            let location = map.location(place.point());
            let Location { file, line, column } = &location;
            // Forms may have lines alone.
            let with_column = style.columns && *column > 0;
            let excerpt = match style.excerpts {
                true => excerpt(&location, place.point(), map, with_column).unwrap_or_default(),
                false => String::new(),
            };
            let column = if with_column { format!("{column}:") } else { String::new() };
            format!("{file}:{line}:{column} {severity}{message}\n{excerpt}")
        }
    }
}

/// All messages, in the order given; see [`sort`](super::sort).
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], map: &SourceMap) -> String {
    diagnostics.iter().map(|diagnostic| render(diagnostic, map)).collect()
}

/// The line with a mark under its column. It is looked for in the file that the location names, which is
/// another one than that of the span after a `-file` attribute, and where forms were never text.
fn excerpt(
    location: &Location,
    span: crate::source::Span,
    map: &SourceMap,
    with_column: bool,
) -> Option<String> {
    let own = std::iter::once(map.file(span.file));
    let files = own.chain(map.files().map(|(_, file)| file)).filter(|file| *file.name() == location.file);
    let (file, text) = files.filter_map(|file| Some((file, file.line_text(location.line)?))).next()?;
    let is_past_the_end = text.is_empty() && location.line == file.line_count();
    if is_past_the_end {
        return None;
    }
    let text = text.strip_suffix('\r').unwrap_or(text);
    let mut out = String::new();
    let width = location.line.to_string().len().max(4);
    let _ = writeln!(out, "% {:>width$}| {text}", location.line);
    if with_column {
        let _ = writeln!(out, "% {:>width$}| {}", "", underline(text, location.column));
    }
    out.push('\n');
    Some(out)
}

/// White space up to the column, tabs kept, and a caret. On a line that is too short, carets from its end on.
fn underline(text: &str, column: u32) -> String {
    let mut out = String::new();
    let mut at = 1;
    for c in text.chars() {
        if at >= column {
            break;
        }
        out.push(if c == '\t' { '\t' } else { ' ' });
        at += 1;
    }
    out.extend((at..=column.max(at)).map(|_| '^'));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Place;
    use crate::source::Span;

    fn rendered(text: &str, at: u32, severity: Severity) -> String {
        let mut map = SourceMap::new();
        let file = map.add("f.erl", text).unwrap();
        let place = Place::new(Span::new(file, at, at + 1));
        let diagnostic = Diagnostic::error("erl_lint", "unbound_var", place, "variable 'X' is unbound");
        render(&Diagnostic { severity, ..diagnostic }, &map)
    }

    #[test]
    fn as_erlc_prints_it() {
        assert_eq!(
            rendered("a.\nf() ->\n\t X.\n", 12, Severity::Error),
            "f.erl:3:3: variable 'X' is unbound\n%    3| \t X.\n%     | \t ^\n\n"
        );
        assert_eq!(
            rendered("X\n", 0, Severity::Warning),
            "f.erl:1:1: Warning: variable 'X' is unbound\n%    1| X\n%     | ^\n\n"
        );
        assert_eq!(rendered("a.\n", 3, Severity::Error), "f.erl:2:1: variable 'X' is unbound\n");
        assert_eq!(
            rendered("ab", 2, Severity::Error),
            "f.erl:1:3: variable 'X' is unbound\n%    1| ab\n%     |   ^\n\n"
        );
    }

    #[test]
    fn a_short_line_gets_more_carets() {
        assert_eq!(underline("ab", 5), "  ^^^");
        assert_eq!(underline("", 1), "^");
    }
}
