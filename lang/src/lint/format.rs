//! Calls of `io:format` and its relatives: the arguments must be as many as the format string asks for.

use super::Linter;
use crate::ast::{Expr, ExprKind, FunctionName, Place};
use std::iter::Peekable;
use std::str::Chars;
use swerl_beam::{Atom, Literal};

impl Linter<'_> {
    /// Checks a call, if it is one of the functions that take a format string.
    pub(super) fn check_format(&mut self, call: Place, module: Atom, function: FunctionName, args: &[Expr]) {
        let is_format = matches!(module.as_str(), "io" | "io_lib")
            && matches!(function.name.as_str(), "format" | "fwrite");
        if !is_format || self.options.format <= 0 {
            return;
        }
        let (format, arguments) = match args {
            [format] => (format, None),
            [format, arguments] | [_, format, arguments] => (format, Some(arguments)),
            _ => return self.format_warning(call, "format call with wrong number of arguments", &[]),
        };
        let text = match &format.kind {
            ExprKind::String(text) => text.to_string(),
            ExprKind::Atom(name) => name.to_string(),
            _ if self.options.format > 1 => {
                return self.format_warning(format.place, "format string not a textual constant", &[]);
            }
            _ => return,
        };
        let given = match arguments.map(count) {
            None => None,
            Some(Count::List(given)) => Some(given),
            Some(Count::Unknown) => {
                let place = arguments.map_or(call, |arguments| arguments.place);
                if self.options.format > 1 {
                    self.format_warning(place, "format arguments perhaps not a list", &[]);
                }
                return;
            }
            Some(Count::NoList) => {
                let place = arguments.map_or(call, |arguments| arguments.place);
                return self.format_warning(place, "format arguments not a list", &[]);
            }
        };
        let needed = match format_arguments(&text) {
            Ok(needed) => needed.len(),
            Err(fault) => {
                return self.format_warning(format.place, "format string invalid (~ts)", &[fault]);
            }
        };
        let list = "the format string requires an argument list with ~s, but";
        match (given, arguments) {
            (Some(given), Some(arguments)) if given != needed => {
                let place = arguments.place;
                match (given, needed) {
                    (given, 0) => {
                        let empty =
                            "the format string requires an empty argument list, but the argument list";
                        self.format_warning(place, &format!("{empty} contains ~s"), &[counted(given)]);
                    }
                    (0, needed) => {
                        let template = format!("{list} the argument list is empty");
                        self.format_warning(place, &template, &[counted(needed)]);
                    }
                    (given, needed) => {
                        let only = if given < needed { "contains only" } else { "contains" };
                        let template = format!("{list} the argument list {only} ~s");
                        self.format_warning(place, &template, &[counted(needed), counted(given)]);
                    }
                }
            }
            (None, _) if needed > 0 => {
                let template = format!("{list} no argument list is given");
                self.format_warning(format.place, &template, &[counted(needed)]);
            }
            _ => {}
        }
    }

    /// A warning whose text has places for arguments, as its descriptor shows it.
    fn format_warning(&mut self, place: Place, template: &str, arguments: &[String]) {
        let terms = arguments.iter().map(|argument| as_counted(argument)).collect();
        let term = Literal::tuple([Literal::string(template), Literal::list(terms)]);
        let message = arguments.iter().fold(template.to_owned(), |text, argument| {
            let place = if text.contains("~ts") { "~ts" } else { "~s" };
            text.replacen(place, argument, 1)
        });
        self.warning(place, "format_error", &[term], message);
    }
}

/// The text of an argument as its descriptor has it: a number, and the word after it.
fn as_counted(argument: &str) -> Literal {
    match argument.split_once(' ') {
        Some((number, "arguments")) => {
            Literal::list(vec![Literal::string(number), Literal::string(" arguments")])
        }
        _ => Literal::string(argument),
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 argument".into() } else { format!("{count} arguments") }
}

enum Count {
    List(usize),
    NoList,
    Unknown,
}

/// How many elements an expression for a list has.
fn count(list: &Expr) -> Count {
    match &list.kind {
        ExprKind::Nil => Count::List(0),
        ExprKind::String(text) => Count::List(text.chars().count()),
        ExprKind::List(elements, tail) => match &tail.kind {
            ExprKind::String(_) => Count::Unknown,
            _ => match count(tail) {
                Count::List(rest) => Count::List(elements.len() + rest),
                other => other,
            },
        },
        ExprKind::Atom(_) | ExprKind::Integer(_) | ExprKind::BigInteger(_) | ExprKind::Float(_) => {
            Count::NoList
        }
        _ => Count::Unknown,
    }
}

/// The arguments that a format string asks for: each `term`, `int`, `float` or `string`.
///
/// # Errors
/// What is wrong with the string.
pub fn format_arguments(format: &str) -> Result<Vec<&'static str>, String> {
    let mut chars = format.chars().peekable();
    let mut needed = Vec::new();
    while let Some(c) = chars.next() {
        if c == '~' {
            control(&mut chars, &mut needed)?;
        }
    }
    Ok(needed)
}

/// One control sequence, after its tilde: `F.P.PadModC`.
fn control(chars: &mut Peekable<Chars<'_>>, needed: &mut Vec<&'static str>) -> Result<(), String> {
    let follows = |chars: &Peekable<Chars<'_>>, fits: fn(char) -> bool| {
        let mut ahead = chars.clone();
        ahead.next();
        ahead.next().is_some_and(fits)
    };
    // A sign belongs to a width, the last point to a character.
    if follows(chars, |c| c == '*' || c.is_ascii_digit()) {
        chars.next_if_eq(&'-');
    }
    number(chars, needed);
    if chars.next_if_eq(&'.').is_some() {
        number(chars, needed);
        if follows(chars, |_| true) && chars.next_if_eq(&'.').is_some() && chars.next() == Some('*') {
            needed.push("int");
        }
    }
    let (mut is_unicode, mut is_latin1) = (false, false);
    let invalid = |is_unicode: bool, is_latin1: bool, last: &str| {
        let modifiers = [(is_latin1, "l"), (is_unicode, "t")].map(|(is, text)| if is { text } else { "" });
        Err(format!("invalid control ~{}{last}", modifiers.concat()))
    };
    while let Some(modifier) = chars.next_if(|c| matches!(c, 't' | 'l')) {
        let seen = if modifier == 't' { &mut is_unicode } else { &mut is_latin1 };
        if std::mem::replace(seen, true) {
            return invalid(is_unicode, is_latin1, modifier.encode_utf8(&mut [0; 4]));
        }
    }
    let Some(c) = chars.next() else {
        let has_modifier = is_unicode || is_latin1;
        return if has_modifier { invalid(is_unicode, is_latin1, "") } else { Err("truncated".into()) };
    };
    let fits = match (is_unicode, is_latin1) {
        (false, false) => true,
        (true, false) => matches!(c, 'c' | 's' | 'p' | 'P' | 'w' | 'W'),
        (_, true) => matches!(c, 'p' | 'P'),
    };
    let taken: &[&'static str] = match c {
        _ if !fits => return invalid(is_unicode, is_latin1, c.encode_utf8(&mut [0; 4])),
        '~' | 'n' => &[],
        'c' | 'b' | 'B' => &["int"],
        'f' | 'e' | 'g' => &["float"],
        's' => &["string"],
        'w' | 'p' | '+' | '#' | 'i' => &["term"],
        'W' | 'P' => &["term", "int"],
        'x' | 'X' => &["int", "string"],
        _ => return invalid(is_unicode, is_latin1, c.encode_utf8(&mut [0; 4])),
    };
    needed.extend(taken);
    Ok(())
}

/// A width or precision: digits, or an argument of its own.
fn number(chars: &mut Peekable<Chars<'_>>, needed: &mut Vec<&'static str>) {
    if chars.next_if_eq(&'*').is_some() {
        needed.push("int");
        return;
    }
    while chars.next_if(char::is_ascii_digit).is_some() {}
}

#[cfg(test)]
mod tests {
    use super::format_arguments;

    #[test]
    fn control_sequences_are_counted() {
        for (format, count) in
            [("a~~b~n", 0), ("~p~w", 2), ("~*.*.*s", 4), ("~-10.3.0e", 1), ("~tp~ts~ltp", 3), ("~X", 2)]
        {
            assert_eq!(format_arguments(format).map(|kinds| kinds.len()), Ok(count), "{format}");
        }
        assert_eq!(format_arguments("~q"), Err("invalid control ~q".into()));
        assert_eq!(format_arguments("~tq"), Err("invalid control ~tq".into()));
        assert_eq!(format_arguments("~"), Err("truncated".into()));
        assert_eq!(format_arguments("~10"), Err("truncated".into()));
        assert_eq!(format_arguments("~-p"), Err("invalid control ~-".into()));
        assert_eq!(format_arguments("~.5."), Err("invalid control ~.".into()));
        assert_eq!(format_arguments("~tl"), Err("invalid control ~lt".into()));
        assert_eq!(format_arguments("~tltp"), Err("invalid control ~ltt".into()));
    }
}
