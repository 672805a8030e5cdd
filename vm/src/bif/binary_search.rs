//! Searching in binaries: `binary:match`, `matches`, `split`, `compile_pattern`.
//!
//! A compiled pattern is `{bm, Pattern}` or `{ac, Patterns}`: the machine searches well without preparation.

use super::argument::{bytes, list, name_of, named};
use super::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use aho_corasick::{AhoCorasick, MatchKind};
use std::borrow::Cow;
use std::ops::Range;

/// What is searched for.
enum Searcher<'a> {
    One(Box<memchr::memmem::Finder<'a>>),
    /// Of several, the first; of those that start there, the longest.
    Several(Box<AhoCorasick>),
}

impl Searcher<'_> {
    fn all(&self, subject: &[u8], most: usize) -> Vec<Range<usize>> {
        match self {
            Self::One(finder) => finder
                .find_iter(subject)
                .take(most)
                .map(|start| start..start + finder.needle().len())
                .collect(),
            Self::Several(automaton) => {
                automaton.find_iter(subject).take(most).map(|found| found.range()).collect()
            }
        }
    }
}

/// The patterns that an argument gives: one binary, several, or a compiled pattern.
fn patterns<'a>(term: Term) -> Result<Vec<Cow<'a, [u8]>>, Exception> {
    let term = match term.as_tuple() {
        Some(&[kind, pattern]) if matches!(name_of(kind), "bm" | "ac") => pattern,
        _ => term,
    };
    let patterns = if term.is_binary() {
        vec![bytes(term)?]
    } else {
        list(term)?.into_iter().map(bytes).collect::<Result<Vec<_>, _>>()?
    };
    if patterns.is_empty() || patterns.iter().any(|pattern| pattern.is_empty()) {
        return Err(Exception::badarg());
    }
    Ok(patterns)
}

/// The bytes that the option `scope` leaves of `size`.
fn scope(options: Option<&Term>, size: usize) -> Result<Range<usize>, Exception> {
    let mut range = 0..size;
    for option in options.map_or(Ok(Vec::new()), |&term| list(term))? {
        let bounds = match option.as_tuple() {
            Some(&[key, bounds]) if name_of(key) == "scope" => bounds.as_tuple(),
            _ => None,
        };
        let Some(&[start, length]) = bounds else { return Err(Exception::badarg()) };
        let (Some(start), Some(length)) = (start.as_small(), length.as_small()) else {
            return Err(Exception::badarg());
        };
        let end = start.checked_add(length).ok_or_else(Exception::badarg)?;
        let position =
            |at: i64| usize::try_from(at).ok().filter(|&at| at <= size).ok_or_else(Exception::badarg);
        range = position(start.min(end))?..position(start.max(end))?;
    }
    Ok(range)
}

/// Where the patterns stand in the scope, at most so many times.
fn search(ctx: &mut NativeContext<'_>, args: &[Term], most: usize) -> Result<Vec<Range<usize>>, Exception> {
    let subject = bytes(args[0])?;
    let scope = scope(args.get(2), subject.len())?;
    if scope.end == 0 {
        // Nothing is found before the first byte, whatever is sought.
        return Ok(Vec::new());
    }
    let patterns = patterns(args[1])?;
    ctx.charge(scope.len() / 1024);
    let searcher = if let [pattern] = &patterns[..] {
        Searcher::One(Box::new(memchr::memmem::Finder::new(pattern)))
    } else {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .map_err(|_| Exception::system_limit())?;
        Searcher::Several(Box::new(automaton))
    };
    let mut found = searcher.all(&subject[scope.clone()], most);
    for range in &mut found {
        *range = range.start + scope.start..range.end + scope.start;
    }
    Ok(found)
}

fn place(ctx: &mut NativeContext<'_>, range: &Range<usize>) -> Term {
    let (start, length) = (Term::small(range.start as i64), Term::small(range.len() as i64));
    ctx.process.heap.tuple(&[start, length])
}

fn first_match(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match search(ctx, args, 1)?.first() {
        Some(range) => Ok(place(ctx, range)),
        None => Ok(named("nomatch")),
    }
}

fn matches(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let found = search(ctx, args, usize::MAX)?;
    ctx.charge(found.len() / 32);
    let places: Vec<Term> = found.iter().map(|range| place(ctx, range)).collect();
    Ok(ctx.process.heap.list(&places))
}

/// What `split` is to do beside splitting.
#[derive(Default)]
struct SplitOptions {
    all: bool,
    trim: bool,
    trim_all: bool,
    /// The options `scope`: all are checked, the last one counts.
    scopes: Vec<Term>,
}

impl SplitOptions {
    fn read(options: Term) -> Result<Self, Exception> {
        let mut read = Self::default();
        for option in options.to_vec().ok_or_else(Exception::badarg)? {
            match name_of(option) {
                "global" => read.all = true,
                "trim" => read.trim = true,
                "trim_all" => read.trim_all = true,
                _ if option.is_tuple() => read.scopes.push(option),
                _ => return Err(Exception::badarg()),
            }
        }
        Ok(read)
    }
}

fn split(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = bytes(args[0])?.len();
    let options = args.get(2).map_or(Ok(SplitOptions::default()), |&term| SplitOptions::read(term))?;
    let scopes = ctx.process.heap.list(&options.scopes);
    let most = if options.all { usize::MAX } else { 1 };
    let found = search(ctx, &[args[0], args[1], scopes], most)?;
    ctx.charge(found.len() / 32);
    let mut parts: Vec<Range<usize>> = Vec::with_capacity(found.len() + 1);
    let mut from = 0;
    for range in found {
        parts.push(from..range.start);
        from = range.end;
    }
    parts.push(from..size);
    if options.trim_all {
        parts.retain(|part| !part.is_empty());
    } else if options.trim {
        let kept = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        parts.truncate(kept);
    }
    let heap = &mut ctx.process.heap;
    let list = parts.into_iter().rev().fold(Term::NIL, |rest, part| {
        let part = heap.part(args[0], part.start * 8, part.len() * 8);
        heap.cons(part, rest)
    });
    Ok(list)
}

fn compile_pattern(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0].is_tuple() {
        return Err(Exception::badarg().into());
    }
    let several = patterns(args[0])?.len() > 1;
    let pattern = match args[0].as_cons() {
        Some((only, _)) if !several => only,
        _ => args[0],
    };
    let kind = named(if several { "ac" } else { "bm" });
    Ok(ctx.process.heap.tuple(&[kind, pattern]))
}

pub(super) const NATIVES: &[Native] = natives! {
    "binary" {
        "match"/2 => first_match;
        "match"/3 => first_match;
        "matches"/2 => matches;
        "matches"/3 => matches;
        "split"/2 => split;
        "split"/3 => split;
        "compile_pattern"/1 => compile_pattern;
    }
};
