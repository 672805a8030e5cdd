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
            _ => return self.format_warning(call, "format call with wrong number of arguments".into()),
        };
        let text = match &format.kind {
            ExprKind::String(text) => text.to_string(),
            ExprKind::Atom(name) => name.to_string(),
            _ if self.options.format > 1 => {
                let message = "format string not a textual constant";
                return self.format_warning(format.place, message.into());
            }
            _ => return,
        };
        let given = match arguments.map(count) {
            None => None,
            Some(Count::List(given)) => Some(given),
            Some(Count::Unknown) => return,
            Some(Count::NoList) => {
                let place = arguments.map_or(call, |arguments| arguments.place);
                return self.format_warning(place, "format arguments not a list".into());
            }
        };
        let needed = match needed(&text) {
            Ok(needed) => needed,
            Err(fault) => {
                return self.format_warning(format.place, format!("format string invalid ({fault})"));
            }
        };
        let list = "the format string requires an argument list with";
        let empty = "the format string requires an empty argument list, but the argument list";
        let (place, message) = match (given, arguments) {
            (Some(given), Some(arguments)) if given != needed => {
                let place = arguments.place;
                match (given, needed) {
                    (given, 0) => (place, format!("{empty} contains {}", counted(given))),
                    (0, needed) => {
                        (place, format!("{list} {}, but the argument list is empty", counted(needed)))
                    }
                    (given, needed) => {
                        let only = if given < needed { "contains only" } else { "contains" };
                        let (needed, given) = (counted(needed), counted(given));
                        (place, format!("{list} {needed}, but the argument list {only} {given}"))
                    }
                }
            }
            (None, _) if needed > 0 => {
                (format.place, format!("{list} {}, but no argument list is given", counted(needed)))
            }
            _ => return,
        };
        self.format_warning(place, message);
    }

    fn format_warning(&mut self, place: Place, message: String) {
        let term = Literal::tuple([Literal::string(&message), Literal::Nil]);
        self.warning(place, "format_error", &[term], message);
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

/// How many arguments a format string asks for.
fn needed(format: &str) -> Result<usize, String> {
    let mut chars = format.chars().peekable();
    let mut needed = 0;
    while let Some(c) = chars.next() {
        if c == '~' {
            needed += control(&mut chars)?;
        }
    }
    Ok(needed)
}

/// One control sequence, after its tilde: `F.P.PadModC`.
fn control(chars: &mut Peekable<Chars<'_>>) -> Result<usize, String> {
    let mut needed = 0;
    chars.next_if_eq(&'-');
    needed += number(chars);
    if chars.next_if_eq(&'.').is_some() {
        needed += number(chars);
        if chars.next_if_eq(&'.').is_some() {
            match chars.next() {
                None => return Err("truncated".into()),
                Some('*') => needed += 1,
                Some(_) => {}
            }
        }
    }
    let mut modifiers = String::new();
    while let Some(modifier) = chars.next_if(|c| matches!(c, 't' | 'l')) {
        if modifiers.contains(modifier) {
            return Err(format!("invalid control ~{modifiers}{modifier}"));
        }
        modifiers.push(modifier);
    }
    let Some(c) = chars.next() else { return Err("truncated".into()) };
    let fits = match modifiers.as_str() {
        "" => true,
        "t" => matches!(c, 'c' | 's' | 'p' | 'P' | 'w' | 'W'),
        _ => matches!(c, 'p' | 'P'),
    };
    let invalid = || {
        let modifiers = if modifiers.len() == 2 { "lt" } else { &modifiers };
        Err(format!("invalid control ~{modifiers}{c}"))
    };
    if !fits {
        return invalid();
    }
    match c {
        '~' | 'n' => Ok(needed),
        'c' | 'f' | 'e' | 'g' | 's' | 'w' | 'p' | 'b' | 'B' | '+' | '#' | 'i' => Ok(needed + 1),
        'W' | 'P' | 'x' | 'X' => Ok(needed + 2),
        _ => invalid(),
    }
}

/// A width or precision: digits, or an argument of its own.
fn number(chars: &mut Peekable<Chars<'_>>) -> usize {
    if chars.next_if_eq(&'*').is_some() {
        return 1;
    }
    while chars.next_if(char::is_ascii_digit).is_some() {}
    0
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn control_sequences_are_counted() {
        for (format, count) in
            [("a~~b~n", 0), ("~p~w", 2), ("~*.*.*s", 4), ("~-10.3.0e", 1), ("~tp~ts~ltp", 3), ("~X", 2)]
        {
            assert_eq!(needed(format), Ok(count), "{format}");
        }
        assert_eq!(needed("~q"), Err("invalid control ~q".into()));
        assert_eq!(needed("~tq"), Err("invalid control ~tq".into()));
        assert_eq!(needed("~"), Err("truncated".into()));
        assert_eq!(needed("~10"), Err("truncated".into()));
    }
}
