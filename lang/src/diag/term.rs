//! Terms in messages: how they are written, and how they are ordered.

use crate::lex::{write_atom, write_string};
use crate::syntax::float_text;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use std::cmp::Ordering;
use swerl_beam::Literal;

/// How lists and binaries of characters are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// As texts: `~tp`.
    Quoted,
    /// As the numbers that they are: `~tw`.
    Spelled,
}

/// A term as `~tp` prints it, on one line.
#[must_use]
pub fn write_term(term: &Literal) -> String {
    let mut out = String::new();
    write(term, Texts::Quoted, &mut out);
    out
}

/// A term as `~tw` prints it: lists of characters are lists of numbers.
#[must_use]
pub fn write_plain(term: &Literal) -> String {
    let mut out = String::new();
    write(term, Texts::Spelled, &mut out);
    out
}

fn write(term: &Literal, texts: Texts, out: &mut String) {
    match term {
        Literal::Int(value) => out.push_str(&value.to_string()),
        Literal::Big(value) => out.push_str(&value.to_string()),
        Literal::Float(value) => out.push_str(&float_text(*value)),
        Literal::Atom(name) => out.push_str(&write_atom(name.as_str())),
        Literal::Nil => out.push_str("[]"),
        Literal::Str(bytes) => {
            let elements: Vec<_> = bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect();
            write_list(&elements, &Literal::Nil, texts, out);
        }
        Literal::List(elements, tail) => write_list(elements, tail, texts, out),
        Literal::Tuple(elements) => {
            out.push('{');
            write_all(elements, texts, out);
            out.push('}');
        }
        Literal::Map(pairs) => {
            out.push_str("#{");
            for (index, (key, value)) in pairs.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write(key, texts, out);
                out.push_str(" => ");
                write(value, texts, out);
            }
            out.push('}');
        }
        Literal::Bits(bytes, last_bits) => write_bits(bytes, *last_bits, texts, out),
        Literal::Fun(module, function, arity) => {
            let (module, function) = (write_atom(module.as_str()), write_atom(function.as_str()));
            out.push_str(&format!("fun {module}:{function}/{arity}"));
        }
    }
}

fn write_all(elements: &[Literal], texts: Texts, out: &mut String) {
    for (index, element) in elements.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        write(element, texts, out);
    }
}

fn write_list(elements: &[Literal], tail: &Literal, texts: Texts, out: &mut String) {
    let is_text = texts == Texts::Quoted && *tail == Literal::Nil;
    let text: Option<String> = if is_text { elements.iter().map(printable).collect() } else { None };
    if let Some(text) = text {
        return out.push_str(&write_string(&text, '"'));
    }
    out.push('[');
    write_all(elements, texts, out);
    if *tail != Literal::Nil {
        out.push('|');
        write(tail, texts, out);
    }
    out.push(']');
}

fn write_bits(bytes: &[u8], last_bits: u8, texts: Texts, out: &mut String) {
    out.push_str("<<");
    let is_text = texts == Texts::Quoted && last_bits == 8 && !bytes.is_empty();
    let is_shown = |c: char| is_printable(c) && (c.is_ascii() || u32::from(c) > 255);
    let text = str::from_utf8(bytes).ok().filter(|text| is_text && text.chars().all(is_shown));
    match text {
        Some(text) => out.push_str(&write_string(text, '"')),
        None => {
            for (index, byte) in bytes.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                if index + 1 == bytes.len() && last_bits < 8 {
                    out.push_str(&format!("{}:{last_bits}", byte >> (8 - last_bits)));
                } else {
                    out.push_str(&byte.to_string());
                }
            }
        }
    }
    out.push_str(">>");
}

fn printable(element: &Literal) -> Option<char> {
    let Literal::Int(value) = element else { return None };
    u32::try_from(*value).ok().and_then(char::from_u32).filter(|c| is_printable(*c))
}

/// What a terminal in Latin-1 mode shows: `~tp` takes only lists of these for text.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\r' | '\t' | '\x0b' | '\x08' | '\x0c' | '\x1b' | '\u{A0}'..='\u{FF}')
}

/// Erlang's order of terms, in which `1` and `1.0` are equal.
#[must_use]
pub fn compare(a: &Literal, b: &Literal) -> Ordering {
    in_order(a, b, false)
}

/// The order of the keys of maps, in which integers come before floats, also inside of terms. Equal are those that are
/// `=:=`.
#[must_use]
pub(crate) fn compare_exactly(a: &Literal, b: &Literal) -> Ordering {
    in_order(a, b, true)
}

/// `by_kind`: integers come before floats.
fn in_order(a: &Literal, b: &Literal, by_kind: bool) -> Ordering {
    let all = |a: &[Literal], b: &[Literal]| {
        let mut orders = a.iter().zip(b).map(|(a, b)| in_order(a, b, by_kind));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    match (a, b) {
        (Literal::Float(a), Literal::Float(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Literal::Float(_), Literal::Int(_) | Literal::Big(_)) if by_kind => Ordering::Greater,
        (Literal::Int(_) | Literal::Big(_), Literal::Float(_)) if by_kind => Ordering::Less,
        (Literal::Float(a), Literal::Int(_) | Literal::Big(_)) => compare_float(*a, b),
        (Literal::Int(_) | Literal::Big(_), Literal::Float(b)) => compare_float(*b, a).reverse(),
        (Literal::Int(a), Literal::Int(b)) => a.cmp(b),
        (Literal::Big(a), Literal::Big(b)) => a.cmp(b),
        (Literal::Int(_), Literal::Big(b)) => BigInt::ZERO.cmp(b),
        (Literal::Big(a), Literal::Int(_)) => a.cmp(&BigInt::ZERO),
        (Literal::Atom(a), Literal::Atom(b)) => a.cmp(b),
        (Literal::Tuple(a), Literal::Tuple(b)) => a.len().cmp(&b.len()).then_with(|| all(a, b)),
        (Literal::Map(a), Literal::Map(b)) => a.len().cmp(&b.len()).then_with(|| {
            let sorted = |pairs: &[(Literal, Literal)]| {
                let mut pairs: Vec<_> = pairs.to_vec();
                pairs.sort_by(|one, other| compare_exactly(&one.0, &other.0));
                pairs.into_iter().unzip::<_, _, Vec<_>, Vec<_>>()
            };
            let ((keys, values), (other_keys, other_values)) = (sorted(a), sorted(b));
            let mut orders = keys.iter().zip(&other_keys).map(|(one, other)| compare_exactly(one, other));
            let of_keys = orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
            of_keys.then_with(|| all(&values, &other_values))
        }),
        (Literal::Str(bytes), _) => in_order(&spelled_out(bytes), b, by_kind),
        (_, Literal::Str(bytes)) => in_order(a, &spelled_out(bytes), by_kind),
        (Literal::List(a, a_tail), Literal::List(b, b_tail)) => {
            let common = a.len().min(b.len());
            all(&a[..common], &b[..common]).then_with(|| {
                let rest = |elements: &[Literal], tail: &Literal| match &elements[common..] {
                    [] => tail.clone(),
                    elements => Literal::List(elements.to_vec(), Box::new(tail.clone())),
                };
                if a.len() == b.len() {
                    in_order(a_tail, b_tail, by_kind)
                } else {
                    in_order(&rest(a, a_tail), &rest(b, b_tail), by_kind)
                }
            })
        }
        (Literal::Bits(a, a_bits), Literal::Bits(b, b_bits)) => a.cmp(b).then(a_bits.cmp(b_bits)),
        (Literal::Fun(module, name, arity), Literal::Fun(other_module, other_name, other_arity)) => {
            (module, name, arity).cmp(&(other_module, other_name, other_arity))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(term: &Literal) -> u8 {
    match term {
        Literal::Int(_) | Literal::Big(_) | Literal::Float(_) => 0,
        Literal::Atom(_) => 1,
        Literal::Fun(..) => 2,
        Literal::Tuple(_) => 3,
        Literal::Map(_) => 4,
        Literal::Nil => 5,
        Literal::List(..) | Literal::Str(_) => 6,
        Literal::Bits(..) => 7,
    }
}

fn spelled_out(bytes: &[u8]) -> Literal {
    Literal::list(bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect())
}

/// A float with an integer: exactly, not by rounding the integer.
fn compare_float(a: f64, b: &Literal) -> Ordering {
    let b = match b {
        Literal::Int(b) => BigInt::from(*b),
        Literal::Big(b) => b.clone(),
        _ => return Ordering::Equal,
    };
    let whole = BigInt::from_f64(a.trunc()).unwrap_or_default();
    let fraction = a.fract().to_f64().unwrap_or(0.0);
    whole.cmp(&b).then_with(|| fraction.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_written() {
        let term = Literal::tuple([
            Literal::atom("A b"),
            Literal::string("hi\n"),
            Literal::list(vec![Literal::Int(1), Literal::Int(0)]),
            Literal::Bits(Box::from(&b"abc"[..]), 8),
            Literal::Bits(Box::from([1, 0x80]), 1),
            Literal::Map(vec![(Literal::atom("a"), Literal::Float(1.5))]),
            Literal::List(vec![Literal::Int(1)], Box::new(Literal::Int(2))),
        ]);
        assert_eq!(write_term(&term), "{'A b',\"hi\\n\",[1,0],<<\"abc\">>,<<1,1:1>>,#{a => 1.5},[1|2]}");
    }

    #[test]
    fn terms_are_ordered() {
        let order = [
            Literal::Big(-(BigInt::from(1) << 70_u32)),
            Literal::Int(1),
            Literal::Float(1.5),
            Literal::Int(2),
            Literal::atom("a"),
            Literal::tuple([]),
            Literal::Nil,
            Literal::string("a"),
            Literal::string("ab"),
            Literal::string("b"),
        ];
        for (index, a) in order.iter().enumerate() {
            for (other, b) in order.iter().enumerate() {
                assert_eq!(compare(a, b), index.cmp(&other), "{a:?} {b:?}");
            }
        }
        assert_eq!(compare(&Literal::Int(1), &Literal::Float(1.0)), Ordering::Equal);
    }
}
