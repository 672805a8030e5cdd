//! Functions without effects, applied to constants.

use super::fold;
use crate::diag::{compare, compare_exactly};
use num_traits::ToPrimitive;
use std::cmp::Ordering;
use swerl_beam::{Atom, Literal};

/// What comes of a call.
pub(crate) enum Outcome {
    Value(Literal),
    /// It fails with this reason.
    Fails(Literal),
    /// That is left to run time.
    Unknown,
}

/// What comes of a function that is known to have no effects.
pub(crate) fn evaluate(module: &str, name: &str, args: &[Literal]) -> Outcome {
    match module {
        "erlang" => erlang(name, args),
        "lists" => match (name, args) {
            ("append", [a, b]) => append(a, b),
            ("subtract", [a, b]) => fails_unless(is_proper(a) && is_proper(b)),
            _ => Outcome::Unknown,
        },
        "maps" => match (name, args) {
            ("get", [key, map]) => map_get(key, map),
            ("is_key", [key, map]) => is_map_key(key, map),
            ("new", []) => Outcome::Value(Literal::Map(Vec::new())),
            _ => Outcome::Unknown,
        },
        "math" => math(name, args),
        _ => Outcome::Unknown,
    }
}

fn bad(reason: &str) -> Outcome {
    Outcome::Fails(Literal::atom(reason))
}

fn boolean(value: bool) -> Outcome {
    Outcome::Value(Literal::atom(if value { "true" } else { "false" }))
}

/// Nothing but whether it fails.
fn fails_unless(is_good: bool) -> Outcome {
    if is_good { Outcome::Unknown } else { bad("badarg") }
}

fn erlang(name: &str, args: &[Literal]) -> Outcome {
    if let Some(value) = fold::bif(Atom::new(name), args) {
        return Outcome::Value(value);
    }
    if fold::is_bad_arithmetic(Atom::new(name), args) {
        return bad("badarith");
    }
    match args {
        [] => Outcome::Unknown,
        [a] => of_one(name, a),
        [a, b] => of_two(name, a, b),
        [Literal::Int(position), Literal::Tuple(elements), value] if name == "setelement" => {
            match index(*position, elements.len()) {
                Some(at) => {
                    let mut elements = elements.clone();
                    elements[at] = value.clone();
                    Outcome::Value(Literal::Tuple(elements))
                }
                None => bad("badarg"),
            }
        }
        [_, _, _] if name == "setelement" => bad("badarg"),
        [a, b, c] => of_three(name, a, b, c),
        _ => Outcome::Unknown,
    }
}

fn index(position: i64, size: usize) -> Option<usize> {
    usize::try_from(position).ok()?.checked_sub(1).filter(|at| *at < size)
}

fn of_one(name: &str, a: &Literal) -> Outcome {
    let is_number = matches!(a, Literal::Int(_) | Literal::Big(_) | Literal::Float(_));
    let is_integer = matches!(a, Literal::Int(_) | Literal::Big(_));
    let is_list = matches!(a, Literal::Nil | Literal::List(..) | Literal::Str(_));
    let size = |size: usize| Outcome::Value(Literal::Int(i64::try_from(size).unwrap_or(i64::MAX)));
    match (name, a) {
        ("is_atom", _) => boolean(matches!(a, Literal::Atom(_))),
        ("is_boolean", _) => boolean(is_boolean(a)),
        ("is_integer", _) => boolean(is_integer),
        ("is_float", _) => boolean(matches!(a, Literal::Float(_))),
        ("is_number", _) => boolean(is_number),
        ("is_list", _) => boolean(is_list),
        ("is_tuple", _) => boolean(matches!(a, Literal::Tuple(_))),
        ("is_map", _) => boolean(matches!(a, Literal::Map(_))),
        ("is_bitstring", _) => boolean(matches!(a, Literal::Bits(..))),
        ("is_binary", _) => boolean(matches!(a, Literal::Bits(_, 8))),
        ("is_function", _) => boolean(matches!(a, Literal::Fun(..))),
        ("is_pid" | "is_port" | "is_reference", _) => boolean(false),
        ("not", _) => fails_unless(is_boolean(a)),
        ("length", _) => match proper_length(a) {
            Some(length) => size(length),
            None => bad("badarg"),
        },
        ("hd" | "tl", Literal::List(elements, tail)) => {
            let value = if name == "hd" {
                elements[0].clone()
            } else if elements.len() > 1 {
                Literal::List(elements[1..].to_vec(), tail.clone())
            } else {
                (**tail).clone()
            };
            Outcome::Value(value)
        }
        ("hd" | "tl", _) => fails_unless(matches!(a, Literal::Str(_))),
        ("size" | "tuple_size", Literal::Tuple(elements)) => size(elements.len()),
        ("byte_size", Literal::Bits(bytes, _)) => size(bytes.len()),
        ("bit_size", Literal::Bits(bytes, last)) => size(bytes.len() * 8 - usize::from(8 - *last)),
        // Of whole bytes.
        ("size", Literal::Bits(bytes, last)) => size(bytes.len() - usize::from(*last < 8)),
        ("size" | "tuple_size" | "byte_size" | "bit_size", _) => bad("badarg"),
        ("abs" | "round" | "trunc" | "ceil" | "floor", Literal::Int(_) | Literal::Big(_)) => {
            Outcome::Value(a.clone())
        }
        // The sign of zero stays.
        ("abs", Literal::Float(value)) => {
            Outcome::Value(Literal::Float(if *value < 0.0 { -value } else { *value }))
        }
        ("float", Literal::Float(_)) => Outcome::Value(a.clone()),
        #[allow(clippy::cast_precision_loss, reason = "that is what the function does")]
        ("float", Literal::Int(value)) => Outcome::Value(Literal::Float(*value as f64)),
        ("round", Literal::Float(value)) => whole(value.round()),
        ("trunc", Literal::Float(value)) => whole(value.trunc()),
        ("ceil", Literal::Float(value)) => whole(value.ceil()),
        ("floor", Literal::Float(value)) => whole(value.floor()),
        ("abs" | "float" | "round" | "trunc" | "ceil" | "floor", _) => fails_unless(is_number),
        ("atom_to_list", Literal::Atom(name)) => Outcome::Value(Literal::string(name.as_str())),
        ("atom_to_binary", Literal::Atom(name)) => bytes_of(name.as_str().as_bytes()),
        ("atom_to_list" | "atom_to_binary", _) => bad("badarg"),
        ("integer_to_list", Literal::Int(value)) => Outcome::Value(Literal::string(&value.to_string())),
        ("integer_to_binary", Literal::Int(value)) => bytes_of(value.to_string().as_bytes()),
        ("integer_to_list" | "integer_to_binary", _) => fails_unless(is_integer),
        ("float_to_list" | "float_to_binary", _) => fails_unless(matches!(a, Literal::Float(_))),
        ("tuple_to_list", Literal::Tuple(elements)) => Outcome::Value(Literal::list(elements.clone())),
        ("tuple_to_list", _) => bad("badarg"),
        ("list_to_tuple", _) if is_proper(a) => match elements(a) {
            Some(elements) => Outcome::Value(Literal::Tuple(elements)),
            None => Outcome::Unknown,
        },
        ("list_to_tuple" | "list_to_binary", _) => fails_unless(is_proper(a)),
        ("list_to_integer", _) if let Some(value) = text(a).and_then(|text| text.parse::<i64>().ok()) => {
            Outcome::Value(Literal::Int(value))
        }
        ("list_to_integer", _) => fails_unless(text(a).is_some_and(|text| is_integer_text(&text))),
        ("list_to_float", _) => fails_unless(text(a).is_some_and(|text| is_float_text(&text))),
        ("list_to_atom", _) => fails_unless(text(a).is_some()),
        ("list_to_pid", _) => fails_unless(text(a).is_some_and(|text| is_pid_text(&text))),
        ("binary_to_integer", Literal::Bits(bytes, 8)) => {
            fails_unless(std::str::from_utf8(bytes).is_ok_and(is_integer_text))
        }
        ("binary_to_float", Literal::Bits(bytes, 8)) => {
            fails_unless(std::str::from_utf8(bytes).is_ok_and(is_float_text))
        }
        ("binary_to_list", Literal::Bits(bytes, 8)) => {
            Outcome::Value(Literal::list(bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect()))
        }
        ("binary_to_atom" | "binary_to_float" | "binary_to_integer" | "binary_to_list", _) => {
            fails_unless(matches!(a, Literal::Bits(_, 8)))
        }
        ("pid_to_list", _) => bad("badarg"),
        _ => Outcome::Unknown,
    }
}

fn of_two(name: &str, a: &Literal, b: &Literal) -> Outcome {
    match (name, a, b) {
        ("=:=", ..) => boolean(identical(a, b)),
        ("=/=", ..) => boolean(!identical(a, b)),
        ("==", ..) => boolean(compare(a, b) == Ordering::Equal),
        ("/=", ..) => boolean(compare(a, b) != Ordering::Equal),
        ("<", ..) => boolean(compare(a, b).is_lt()),
        ("=<", ..) => boolean(compare(a, b).is_le()),
        (">", ..) => boolean(compare(a, b).is_gt()),
        (">=", ..) => boolean(compare(a, b).is_ge()),
        ("max", ..) => Outcome::Value(if compare(a, b).is_ge() { a.clone() } else { b.clone() }),
        ("min", ..) => Outcome::Value(if compare(a, b).is_le() { a.clone() } else { b.clone() }),
        ("and" | "or" | "xor", ..) => fails_unless(is_boolean(a) && is_boolean(b)),
        ("++", ..) => append(a, b),
        ("--", ..) => fails_unless(is_proper(a) && is_proper(b)),
        ("element", Literal::Int(position), Literal::Tuple(elements)) => {
            match index(*position, elements.len()) {
                Some(at) => Outcome::Value(elements[at].clone()),
                None => bad("badarg"),
            }
        }
        ("element", ..) => bad("badarg"),
        ("map_get", key, map) => map_get(key, map),
        ("is_map_key", key, map) => is_map_key(key, map),
        ("is_function", _, Literal::Int(arity)) if *arity >= 0 => {
            boolean(matches!(a, Literal::Fun(.., known) if i64::from(*known) == *arity))
        }
        ("is_function", ..) => bad("badarg"),
        ("is_record", _, Literal::Atom(_)) => {
            boolean(matches!(a, Literal::Tuple(elements) if elements.first() == Some(b)))
        }
        ("is_record", ..) => bad("badarg"),
        ("split_binary", Literal::Bits(bytes, _), Literal::Int(at)) => {
            fails_unless(usize::try_from(*at).is_ok_and(|at| at <= bytes.len()))
        }
        ("split_binary", ..) => bad("badarg"),
        ("atom_to_binary", Literal::Atom(text), Literal::Atom(encoding)) => {
            let fits =
                encoding.as_str() != "latin1" || text.as_str().chars().all(|c| u8::try_from(c).is_ok());
            fails_unless(is_encoding(b) && fits)
        }
        ("atom_to_binary", ..) => bad("badarg"),
        ("binary_to_atom", Literal::Bits(bytes, 8), Literal::Atom(encoding)) => {
            let is_text = encoding.as_str() == "latin1" || std::str::from_utf8(bytes).is_ok();
            fails_unless(is_encoding(b) && is_text)
        }
        ("binary_to_atom", ..) => bad("badarg"),
        ("list_to_integer", _, Literal::Int(base)) => {
            let base = u32::try_from(*base).ok().filter(|base| (2..=36).contains(base));
            let is_number = |text: String| {
                let digits = without_sign(&text);
                base.is_some_and(|base| !digits.is_empty() && digits.chars().all(|c| c.is_digit(base)))
            };
            fails_unless(text(a).is_some_and(is_number))
        }
        ("list_to_integer", ..) => bad("badarg"),
        ("binary_part", _, Literal::Tuple(parts)) => match &parts[..] {
            [start, length] => of_three(name, a, start, length),
            _ => bad("badarg"),
        },
        ("binary_part", ..) => bad("badarg"),
        _ => Outcome::Unknown,
    }
}

fn of_three(name: &str, a: &Literal, b: &Literal, c: &Literal) -> Outcome {
    match (name, a, b, c) {
        ("binary_part", Literal::Bits(bytes, last), Literal::Int(start), Literal::Int(length)) => {
            // Bits that are no byte are no part.
            let bytes = &bytes[..bytes.len() - usize::from(*last < 8 && !bytes.is_empty())];
            let (start, end) =
                (*start.min(&start.saturating_add(*length)), *start.max(&start.saturating_add(*length)));
            let part = || bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?);
            part().map_or_else(|| bad("badarg"), bytes_of)
        }
        ("binary_part", ..) => bad("badarg"),
        ("binary_to_list", Literal::Bits(bytes, 8), Literal::Int(first), Literal::Int(last)) => {
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            fails_unless(1 <= *first && first <= last && *last <= size)
        }
        ("binary_to_list", ..) => bad("badarg"),
        ("is_record", _, Literal::Atom(_), Literal::Int(size)) => {
            let size = usize::try_from(*size).unwrap_or(usize::MAX);
            boolean(
                matches!(a, Literal::Tuple(elements) if elements.len() == size && elements.first() == Some(b)),
            )
        }
        ("is_record", ..) => bad("badarg"),
        ("make_fun", Literal::Atom(_), Literal::Atom(_), Literal::Int(0..=255)) => Outcome::Unknown,
        ("make_fun", ..) => bad("badarg"),
        _ => Outcome::Unknown,
    }
}

fn is_encoding(literal: &Literal) -> bool {
    matches!(literal, Literal::Atom(name) if matches!(name.as_str(), "latin1" | "unicode" | "utf8"))
}

/// Three numbers in angle brackets.
fn is_pid_text(text: &str) -> bool {
    let numbers = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    numbers.is_some_and(|numbers| numbers.split('.').count() == 3 && numbers.split('.').all(is_digits))
}

fn bytes_of(bytes: &[u8]) -> Outcome {
    Outcome::Value(Literal::Bits(bytes.into(), 8))
}

/// A float without fraction as an integer, where it is small.
#[allow(clippy::cast_possible_truncation, reason = "whole and small")]
fn whole(value: f64) -> Outcome {
    if value.abs() < 9e15 { Outcome::Value(Literal::Int(value as i64)) } else { Outcome::Unknown }
}

/// The elements of a proper list.
fn elements(list: &Literal) -> Option<Vec<Literal>> {
    match list {
        Literal::Nil => Some(Vec::new()),
        Literal::Str(bytes) => Some(bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect()),
        Literal::List(elements, tail) if **tail == Literal::Nil => Some(elements.clone()),
        _ => None,
    }
}

fn is_boolean(literal: &Literal) -> bool {
    matches!(literal, Literal::Atom(name) if matches!(name.as_str(), "true" | "false"))
}

/// The text of a list of characters.
fn text(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Nil => Some(String::new()),
        Literal::Str(bytes) => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Literal::List(codes, tail) if **tail == Literal::Nil => {
            let character = |code: &Literal| match code {
                Literal::Int(code) => char::from_u32(u32::try_from(*code).ok()?),
                _ => None,
            };
            codes.iter().map(character).collect()
        }
        _ => None,
    }
}

fn without_sign(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_integer_text(text: &str) -> bool {
    is_digits(without_sign(text))
}

/// Digits, a point, digits, and perhaps an exponent.
fn is_float_text(text: &str) -> bool {
    let Some((whole, rest)) = without_sign(text).split_once('.') else { return false };
    let (fraction, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    is_digits(whole)
        && is_digits(fraction)
        && is_integer_text(exponent)
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_proper(literal: &Literal) -> bool {
    proper_length(literal).is_some()
}

fn proper_length(literal: &Literal) -> Option<usize> {
    match literal {
        Literal::Nil => Some(0),
        Literal::Str(bytes) => Some(bytes.len()),
        Literal::List(elements, tail) => proper_length(tail).map(|rest| elements.len() + rest),
        _ => None,
    }
}

fn append(a: &Literal, b: &Literal) -> Outcome {
    match (a, b) {
        (Literal::Nil, b) => Outcome::Value(b.clone()),
        (Literal::List(elements, tail), b) if **tail == Literal::Nil => {
            let mut elements = elements.clone();
            match b {
                Literal::List(more, tail) => {
                    elements.extend(more.iter().cloned());
                    Outcome::Value(Literal::List(elements, tail.clone()))
                }
                Literal::Str(_) => Outcome::Unknown,
                other => Outcome::Value(Literal::List(elements, Box::new(other.clone()))),
            }
        }
        (a, _) => fails_unless(is_proper(a)),
    }
}

fn map_get(key: &Literal, map: &Literal) -> Outcome {
    let Literal::Map(pairs) = map else { return fails_with("badmap", map) };
    match pairs.iter().find(|(known, _)| identical(known, key)) {
        Some((_, value)) => Outcome::Value(value.clone()),
        None => fails_with("badkey", key),
    }
}

fn is_map_key(key: &Literal, map: &Literal) -> Outcome {
    let Literal::Map(pairs) = map else { return fails_with("badmap", map) };
    boolean(pairs.iter().any(|(known, _)| identical(known, key)))
}

fn fails_with(reason: &str, term: &Literal) -> Outcome {
    Outcome::Fails(Literal::tuple([Literal::atom(reason), term.clone()]))
}

fn math(name: &str, args: &[Literal]) -> Outcome {
    let number = |arg: &Literal| match arg {
        #[allow(clippy::cast_precision_loss, reason = "only its sign counts")]
        Literal::Int(value) => Some(*value as f64),
        Literal::Float(value) => Some(*value),
        Literal::Big(value) => value.to_f64().filter(|value| value.is_finite()),
        _ => None,
    };
    if args.iter().any(|arg| number(arg).is_none() && !matches!(arg, Literal::Big(_))) {
        return bad("badarg");
    }
    let is_out_of_range = match (name, args.first().and_then(number)) {
        ("sqrt", Some(value)) => value < 0.0,
        ("log" | "log2" | "log10", Some(value)) => value <= 0.0,
        ("acos" | "asin", Some(value)) => value.abs() > 1.0,
        ("acosh", Some(value)) => value < 1.0,
        ("atanh", Some(value)) => value.abs() >= 1.0,
        _ => false,
    };
    if is_out_of_range {
        return bad("badarith");
    }
    match (name, args.first().and_then(number)) {
        ("pi", None) => Outcome::Value(Literal::Float(std::f64::consts::PI)),
        ("sqrt", Some(value)) => Outcome::Value(Literal::Float(value.sqrt())),
        _ => Outcome::Unknown,
    }
}

/// Whether two literals are the same term: equal, numbers of the same kind.
pub(crate) fn identical(a: &Literal, b: &Literal) -> bool {
    compare_exactly(a, b).is_eq()
}

/// Head and tail of a list cell.
pub(crate) fn uncons(literal: &Literal) -> Option<(Literal, Literal)> {
    match literal {
        Literal::List(elements, tail) => {
            let (head, rest) = elements.split_first()?;
            let tail =
                if rest.is_empty() { (**tail).clone() } else { Literal::List(rest.to_vec(), tail.clone()) };
            Some((head.clone(), tail))
        }
        Literal::Str(bytes) => {
            let (head, rest) = bytes.split_first()?;
            let tail = if rest.is_empty() { Literal::Nil } else { Literal::Str(rest.into()) };
            Some((Literal::Int(i64::from(*head)), tail))
        }
        _ => None,
    }
}
