//! Atoms and numbers as text, and back.

use super::float_text::{self, Layout};
use super::limbs::{self, View, decimal};
use crate::atom::{Atom, AtomError};
use crate::bif::argument::{self, ascii, bytes, characters, name_of};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::{Build as _, Heap};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use num_bigint::BigInt;

fn atom_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.heap.string(argument::atom(args[0])?.text()))
}

/// Character encodings of binaries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Latin1,
    Utf8,
}

fn encoding(args: &[Term]) -> Result<Encoding, Exception> {
    match args.get(1).map(|&term| name_of(term)) {
        None | Some("utf8" | "unicode") => Ok(Encoding::Utf8),
        Some("latin1") => Ok(Encoding::Latin1),
        Some(_) => Err(Exception::badarg()),
    }
}

fn atom_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = argument::atom(args[0])?.text();
    if encoding(args)? == Encoding::Utf8 {
        return Ok(ctx.process.heap.binary(text.as_bytes()));
    }
    let bytes = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).map_err(|_| Exception::badarg()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ctx.process.heap.binary(&bytes))
}

fn make_atom(text: &str) -> NativeResult {
    match Atom::new(text) {
        Ok(atom) => Ok(Term::atom(atom)),
        Err(AtomError::TooLong | AtomError::TableFull) => Err(Exception::system_limit().into()),
    }
}

fn existing_atom(text: &str) -> NativeResult {
    Ok(Term::atom(Atom::existing(text).ok_or_else(Exception::badarg)?))
}

fn list_to_atom(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    make_atom(&characters(args[0]).ok_or_else(Exception::badarg)?)
}

fn list_to_existing_atom(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    existing_atom(&characters(args[0]).ok_or_else(Exception::badarg)?)
}

fn binary_text(args: &[Term]) -> Result<String, Exception> {
    let bytes = bytes(args[0])?;
    match encoding(args)? {
        Encoding::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Encoding::Utf8 => String::from_utf8(bytes.into_owned()).map_err(|_| Exception::badarg()),
    }
}

fn binary_to_atom(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    make_atom(&binary_text(args)?)
}

fn binary_to_existing_atom(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    existing_atom(&binary_text(args)?)
}

fn base(args: &[Term]) -> Result<u32, Exception> {
    match args.get(1) {
        None => Ok(10),
        Some(term) => term
            .as_small()
            .and_then(|base| u32::try_from(base).ok())
            .filter(|base| (2..=36).contains(base))
            .ok_or_else(Exception::badarg),
    }
}

/// The integer that `text` writes in `base`: an optional sign and at least one digit.
pub(crate) fn parse_integer(text: &str, base: u32) -> Option<BigInt> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    if base == 10
        && digits.len() <= 18
        && let Ok(value) = text.parse::<i64>()
    {
        return Some(BigInt::from(value));
    }
    BigInt::parse_bytes(text.as_bytes(), base)
}

/// Hands the digits of an integer to `make`.
fn written_integer(
    ctx: &mut NativeContext<'_>,
    args: &[Term],
    make: fn(&mut Heap, &[u8]) -> Term,
) -> NativeResult {
    let base = base(args)?;
    if let Some(value) = args[0].as_small().filter(|&value| value >= 0 && base == 10) {
        return Ok(make(&mut ctx.process.heap, decimal(value.unsigned_abs(), &mut [0; 20]).as_bytes()));
    }
    let integer = View::of(args[0]).ok_or_else(Exception::badarg)?;
    let text = limbs::text(&integer, base);
    ctx.charge(text.len() / 16);
    Ok(make(&mut ctx.process.heap, text.as_bytes()))
}

fn integer_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    written_integer(ctx, args, |heap, text| heap.byte_list(text))
}

fn integer_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    written_integer(ctx, args, |heap, text| heap.binary(text))
}

fn read_integer(ctx: &mut NativeContext<'_>, text: &str, args: &[Term]) -> NativeResult {
    ctx.charge(text.len() / 16);
    let value = parse_integer(text, base(args)?).ok_or_else(Exception::badarg)?;
    Ok(ctx.process.heap.big(&value))
}

fn list_to_integer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = ascii(args[0]).ok_or_else(Exception::badarg)?;
    read_integer(ctx, &text, args)
}

fn binary_to_integer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Exception::badarg())?;
    read_integer(ctx, text, args)
}

/// `string:to_integer/1`'s helper: `{Integer, Rest}` of a list that starts with an integer.
fn string_list_to_integer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let list = args[0];
    let no_integer = |ctx: &mut NativeContext<'_>, reason: &'static str| {
        Ok(argument::error(&mut ctx.process.heap, argument::named(reason)))
    };
    if !list.is_list() {
        return no_integer(ctx, "not_a_list");
    }
    let mut rest = list;
    let mut text = String::new();
    while let Some((head, tail)) = rest.as_cons() {
        match argument::character(head) {
            Some(c @ ('+' | '-')) if text.is_empty() => text.push(c),
            Some(c) if c.is_ascii_digit() => text.push(c),
            _ => break,
        }
        rest = tail;
    }
    match parse_integer(&text, 10) {
        Some(value) => {
            let value = ctx.process.heap.big(&value);
            Ok(ctx.process.heap.tuple(&[value, rest]))
        }
        None => no_integer(ctx, "no_integer"),
    }
}

/// `string:to_float/1`'s helper: `{Float, Rest}` of a list that starts with a float.
fn string_list_to_float(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_list() {
        return Ok(argument::error(&mut ctx.process.heap, argument::named("not_a_list")));
    }
    // The longest beginning that is a float.
    let mut cells = vec![args[0]];
    let mut text = String::new();
    while let Some((head, tail)) = cells[cells.len() - 1].as_cons() {
        match argument::character(head) {
            Some(c @ ('+' | '-' | '.' | 'e' | 'E' | '0'..='9')) => text.push(c),
            // The comma of some languages counts as the point.
            Some(',') => text.push('.'),
            _ => break,
        }
        cells.push(tail);
    }
    let longest = float_prefix(&text);
    match float_text::parse(&text[..longest]) {
        Some(value) => {
            let value = ctx.process.heap.float(value);
            Ok(ctx.process.heap.tuple(&[value, cells[longest]]))
        }
        None => Ok(argument::error(&mut ctx.process.heap, argument::named("no_float"))),
    }
}

/// Length of the longest beginning of `text` that has the form of a float.
fn float_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = |from: usize| usize::from(matches!(bytes.get(from), Some(b'+' | b'-')));
    let mut at = sign(0);
    let whole = digits(at);
    at += whole;
    if whole == 0 || bytes.get(at) != Some(&b'.') || digits(at + 1) == 0 {
        return 0;
    }
    at += 1 + digits(at + 1);
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let start = at + 1 + sign(at + 1);
        if start <= bytes.len() && digits(start) > 0 {
            return start + digits(start);
        }
    }
    at
}

/// The layout that the options of `float_to_list/2` ask for.
fn layout(options: Term) -> Result<Layout, Exception> {
    let mut layout = Layout::Scientific(20);
    let mut compact = false;
    for option in argument::list(options)? {
        match option.as_tuple() {
            Some(&[key, count]) => {
                let limit = match name_of(key) {
                    "decimals" => 253,
                    "scientific" => 249,
                    _ => return Err(Exception::badarg()),
                };
                let count = count.as_usize().filter(|&n| n <= limit).ok_or_else(Exception::badarg)?;
                layout =
                    if limit == 253 { Layout::Decimals(count, false) } else { Layout::Scientific(count) };
            }
            _ => match name_of(option) {
                "compact" => compact = true,
                "short" => layout = Layout::Short,
                _ => return Err(Exception::badarg()),
            },
        }
    }
    Ok(match layout {
        Layout::Decimals(count, _) => Layout::Decimals(count, compact),
        Layout::Scientific(_) | Layout::Short => layout,
    })
}

fn written_float(args: &[Term]) -> Result<String, Exception> {
    let value = args[0].as_float().ok_or_else(Exception::badarg)?;
    let layout = match args.get(1) {
        Some(&options) => layout(options)?,
        None => Layout::Scientific(20),
    };
    float_text::write(value, layout).ok_or_else(Exception::badarg)
}

fn float_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = written_float(args)?;
    Ok(ctx.process.heap.byte_list(text.as_bytes()))
}

fn float_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = written_float(args)?;
    Ok(ctx.process.heap.binary(text.as_bytes()))
}

fn list_to_float(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = ascii(args[0]).ok_or_else(Exception::badarg)?;
    let value = float_text::parse(&text).ok_or_else(Exception::badarg)?;
    Ok(ctx.process.heap.float(value))
}

fn binary_to_float(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Exception::badarg())?;
    let value = float_text::parse(text).ok_or_else(Exception::badarg)?;
    Ok(ctx.process.heap.float(value))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "atom_to_list"/1 => atom_to_list;
        "atom_to_binary"/1 => atom_to_binary;
        "atom_to_binary"/2 => atom_to_binary;
        "list_to_atom"/1 => list_to_atom;
        "list_to_existing_atom"/1 => list_to_existing_atom;
        "binary_to_atom"/1 => binary_to_atom;
        "binary_to_atom"/2 => binary_to_atom;
        "binary_to_existing_atom"/1 => binary_to_existing_atom;
        "binary_to_existing_atom"/2 => binary_to_existing_atom;
        "integer_to_list"/1 => integer_to_list;
        "integer_to_list"/2 => integer_to_list;
        "integer_to_binary"/1 => integer_to_binary;
        "integer_to_binary"/2 => integer_to_binary;
        "list_to_integer"/1 => list_to_integer;
        "list_to_integer"/2 => list_to_integer;
        "binary_to_integer"/1 => binary_to_integer;
        "binary_to_integer"/2 => binary_to_integer;
        "float_to_list"/1 => float_to_list;
        "float_to_list"/2 => float_to_list;
        "float_to_binary"/1 => float_to_binary;
        "float_to_binary"/2 => float_to_binary;
        "list_to_float"/1 => list_to_float;
        "binary_to_float"/1 => binary_to_float;
    }
    "string" {
        "list_to_integer"/1 => string_list_to_integer;
        "list_to_float"/1 => string_list_to_float;
    }
};
