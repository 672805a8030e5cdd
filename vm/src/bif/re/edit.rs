//! `re:replace` and `re:split`.

use super::options::{Form, Purpose, Return, Run};
use super::{Ended, Place, Searching, group_term, later, pattern, subject as subject_text, text};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::pcre::Groups;
use crate::term::Term;

/// A part of a replacement.
enum Part {
    Text(Vec<u8>),
    Group(usize),
}

/// Takes a replacement apart: `&`, `\N`, `\gN` and `\g{N}` stand for groups, a backslash makes others literal.
fn parts(replacement: &[u8]) -> Result<Vec<Part>, Exception> {
    let mut parts = Vec::new();
    let mut literal = Vec::new();
    let mut at = 0;
    while at < replacement.len() {
        let rest = &replacement[at + 1..];
        let (group, used) = match replacement[at] {
            b'&' => (Some(0), 1),
            b'\\' => match rest.first() {
                Some(b'g') if rest.get(1) == Some(&b'{') => {
                    let (number, digits) = number(&rest[2..]);
                    if number.is_none() || rest.get(2 + digits) != Some(&b'}') {
                        return Err(Exception::badarg());
                    }
                    (number, digits + 4)
                }
                Some(b'g') if rest.get(1).is_some_and(u8::is_ascii_digit) => {
                    let (number, digits) = number(&rest[1..]);
                    (number, digits + 2)
                }
                Some(b'1'..=b'9') => {
                    let (number, digits) = number(rest);
                    (number, digits + 1)
                }
                Some(&byte) => {
                    literal.push(byte);
                    at += 2;
                    continue;
                }
                None => (None, 1),
            },
            _ => (None, 1),
        };
        match group {
            Some(group) => {
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                parts.push(Part::Group(group));
                at += used;
            }
            None => {
                literal.push(replacement[at]);
                at += 1;
            }
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(parts)
}

/// The number that digits write, and how many they are.
fn number(bytes: &[u8]) -> (Option<usize>, usize) {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (std::str::from_utf8(&bytes[..digits]).ok().and_then(|text| text.parse().ok()), digits)
}

/// The matches; an empty list where the library gave up.
fn matches(found: Result<Vec<Groups>, Ended>) -> Result<Option<Vec<Groups>>, Exception> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Ended::Later) => Ok(None),
        Err(Ended::Stopped(crate::sys::pcre::Stopped::Other(_))) => Err(Exception::badarg()),
        Err(Ended::Stopped(_)) => Ok(Some(Vec::new())),
    }
}

fn replace_at(ctx: &mut NativeContext<'_>, args: &[Term], place: Place) -> NativeResult {
    let options = args.get(3).copied().unwrap_or(Term::NIL);
    if args[2].is_fun() {
        return Err(later("replace_by", &[args[0], args[1], args[2], options]));
    }
    let run = Run::options(Some(&options), Purpose::Replace)?;
    let form = run.returned;
    let pattern = pattern(ctx, args[1], run.pattern, run.compiles)?.map_err(|_| Exception::badarg())?;
    let is_unicode = pattern.is_unicode();
    let subject = subject_text(args[0], is_unicode)?;
    let replacement = parts(&text(args[2], is_unicode)?)?;
    // With `global', there is nothing to find behind the end.
    if run.offset > subject.len() && !run.global {
        return Err(Exception::badarg().into());
    }
    ctx.charge(subject.len() / 64);
    let most = if run.global { usize::MAX } else { 1 };
    let found = Searching::new(&pattern, &run, place, &subject)
        .and_then(|mut searching| searching.all(&subject, run.offset, most));
    let Some(found) = matches(found)? else {
        return Err(later("replace_long", &[args[0], args[1], args[2], options]));
    };
    if form == Return::Iodata && found.is_empty() {
        return Ok(args[0]);
    }
    let mut out = Vec::new();
    let mut done = 0;
    for groups in &found {
        let Some(whole) = groups[0].clone() else { continue };
        out.push(Piece::Kept(&subject[done..whole.start]));
        out.push(Piece::New(filled(&subject, &replacement, groups)));
        done = whole.end;
    }
    let rest = &subject[done..];
    let is_literal = replacement.iter().all(|part| matches!(part, Part::Text(_)));
    let heap = &mut ctx.process.heap;
    if form == Return::Iodata {
        let mut terms = Vec::new();
        for piece in &out {
            match piece {
                Piece::Kept([]) => {}
                Piece::Kept(bytes) => terms.push(heap.binary(bytes)),
                Piece::New(texts) => match &texts[..] {
                    [] => terms.push(Term::NIL),
                    [text] if is_literal => terms.push(heap.binary(text)),
                    _ => {
                        let texts: Vec<Term> = texts.iter().map(|text| heap.binary(text)).collect();
                        terms.push(heap.list(&texts));
                    }
                },
            }
        }
        let tail = if rest.is_empty() { Term::NIL } else { heap.binary(rest) };
        return Ok(heap.list_with_tail(&terms, tail));
    }
    let mut bytes = Vec::with_capacity(subject.len());
    for piece in &out {
        match piece {
            Piece::Kept(kept) => bytes.extend_from_slice(kept),
            Piece::New(texts) => bytes.extend(texts.iter().copied().flatten()),
        }
    }
    bytes.extend_from_slice(rest);
    Ok(match form {
        Return::List if is_unicode => heap.string(&String::from_utf8_lossy(&bytes)),
        Return::List => heap.byte_list(&bytes),
        Return::Binary | Return::Iodata => heap.binary(&bytes),
    })
}

/// A stretch of the result of a replacement.
enum Piece<'a> {
    Kept(&'a [u8]),
    New(Vec<&'a [u8]>),
}

/// The texts that stand for a match.
fn filled<'a>(subject: &'a [u8], replacement: &'a [Part], groups: &Groups) -> Vec<&'a [u8]> {
    let texts = replacement.iter().map(|part| match part {
        Part::Text(text) => &text[..],
        Part::Group(number) => match groups.get(*number) {
            Some(Some(range)) => &subject[range.clone()],
            _ => &[],
        },
    });
    texts.collect()
}

/// The pieces between matches, each with the groups of the match that ends it.
fn pieces<'a>(subject: &'a [u8], found: &'a [Groups], most: usize) -> Vec<(&'a [u8], Option<&'a Groups>)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for groups in found {
        let Some(whole) = groups[0].clone() else { continue };
        if pieces.len() + 1 >= most || done >= subject.len() {
            break;
        }
        // An empty match where the piece would start separates nothing, unless a group of it is not empty.
        if whole.end == done && groups[1..].iter().flatten().all(std::ops::Range::is_empty) {
            continue;
        }
        pieces.push((&subject[done..whole.start], Some(groups)));
        done = whole.end;
    }
    pieces.push((&subject[done..], None));
    pieces
}

fn split_at(ctx: &mut NativeContext<'_>, args: &[Term], place: Place) -> NativeResult {
    let options = args.get(2).copied().unwrap_or(Term::NIL);
    let run = Run::options(Some(&options), Purpose::Split)?;
    let Run { parts: most, group, trim, .. } = run;
    let pattern = pattern(ctx, args[1], run.pattern, run.compiles)?.map_err(|_| Exception::badarg())?;
    let is_unicode = pattern.is_unicode();
    let subject = subject_text(args[0], is_unicode)?;
    ctx.charge(subject.len() / 64);
    let form = if run.returned == Return::List { Form::List } else { Form::Binary };
    let found = Searching::new(&pattern, &run, place, &subject)
        .and_then(|mut searching| searching.all(&subject, run.offset, usize::MAX));
    let Some(found) = matches(found)? else {
        return Err(later("split_long", &[args[0], args[1], options]));
    };
    let mut lists: Vec<Vec<Term>> = Vec::new();
    for (piece, groups) in pieces(&subject, &found, most) {
        let mut terms = vec![group_term(ctx, piece, Some(&(0..piece.len())), form, is_unicode)];
        for range in groups.into_iter().flatten().skip(1) {
            terms.push(group_term(ctx, &subject, range.as_ref(), form, is_unicode));
        }
        lists.push(terms);
    }
    let is_empty = |term: &Term| term.is_nil() || term.as_bits().is_some_and(|bits| bits.size == 0);
    if group && trim && !found.is_empty() {
        while lists.last().is_some_and(|terms| terms.iter().all(is_empty)) {
            lists.pop();
        }
    }
    let heap = &mut ctx.process.heap;
    let mut terms: Vec<Term> =
        if group { lists.iter().map(|terms| heap.list(terms)).collect() } else { lists.concat() };
    if !group && trim && !found.is_empty() {
        while terms.last().is_some_and(is_empty) {
            terms.pop();
        }
    }
    Ok(heap.list(&terms))
}

fn replace(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    replace_at(ctx, args, Place::Scheduler)
}

fn replace_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    replace_at(ctx, args, Place::Pool)
}

fn split(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    split_at(ctx, args, Place::Scheduler)
}

fn split_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    split_at(ctx, args, Place::Pool)
}

pub(super) const NATIVES: &[Native] = natives! {
    "re" {
        "replace"/3 => replace;
        "replace"/4 => replace;
        "replace_long"/4 = dirty => replace_long;
        "split"/2 => split;
        "split"/3 => split;
        "split_long"/3 = dirty => split_long;
    }
};
