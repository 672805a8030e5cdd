//! Module `re`: regular expressions, by PCRE as in OTP.
//!
//! A compiled pattern is `{re_pattern, Groups, Unicode, UseCrLf, Binary}`; the binary holds source and options, and
//! what the library makes of them stays in a store of the machine. Patterns compiled by OTP are read back (`precompiled`). A search is tried on the scheduler for so many
//! steps; one that needs more is done once more on the dirty pool.

mod dialect;
mod edit;
mod options;
pub(crate) mod pattern;
mod precompiled;
mod precompiled_class;

use super::argument::{self, characters, name_of, named};
use super::{Interrupt, Native, NativeContext, NativeResult, iodata, unicode};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::pcre::{self, Groups, Limits, Search, Stopped};
use crate::term::Term;
use options::{Form, PatternOptions, Purpose, Run, bad_option};
use pattern::{Fault, Pattern};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Steps for which a search may hold a scheduler, and the bytes of a subject that one looks at.
const SHORT: Limits = Limits { steps: Some(100_000), depth: None };
const SHORT_SUBJECT: usize = 256 * 1024;

/// Steps of a search that was given no limit.
const LONG: Limits = Limits { steps: Some(10_000_000), depth: None };

/// Where a native function runs: on a scheduler, to be left early, or on the dirty pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Scheduler,
    Pool,
}

/// Text as bytes: in UTF-8 if the pattern is for Unicode.
fn text<'a>(term: Term, is_unicode: bool) -> Result<Cow<'a, [u8]>, Exception> {
    if let Some(bytes) = term.as_binary() {
        return Ok(bytes);
    }
    if is_unicode {
        return unicode::utf8_bytes(term, false).map(Cow::Owned).ok_or_else(Exception::badarg);
    }
    iodata::to_bytes(term).map(Cow::Owned)
}

/// The subject of a search, checked.
fn subject<'a>(term: Term, is_unicode: bool) -> Result<Cow<'a, [u8]>, Exception> {
    let bytes = text(term, is_unicode)?;
    if is_unicode && std::str::from_utf8(&bytes).is_err() {
        return Err(Exception::badarg());
    }
    Ok(bytes)
}

/// The pattern of an argument: source or compiled.
fn pattern(
    ctx: &NativeContext<'_>,
    term: Term,
    options: PatternOptions,
    compiles: bool,
) -> Result<Result<Arc<Pattern>, Fault>, Exception> {
    if let Some(tuple) = term.as_tuple() {
        let &[tag, _, _, _, body] = tuple else { return Err(Exception::badarg()) };
        if name_of(tag) != "re_pattern" || compiles || !options.has_clear_newline() {
            return Err(Exception::badarg());
        }
        let bytes = argument::bytes(body)?;
        let decoded = pattern::decoded(&bytes).map(|(source, own)| (Cow::Borrowed(source), own));
        let foreign = || precompiled::source(&bytes).map(|(source, own)| (Cow::Owned(source), own));
        let (source, mut own) = decoded.or_else(foreign).ok_or_else(Exception::badarg)?;
        if options.0.newline != 0 {
            own.0.newline = options.0.newline;
        }
        if options.0.line_breaks != 0 {
            own.0.line_breaks = options.0.line_breaks;
        }
        return Ok(ctx.vm.natives.patterns.compile(&source, own));
    }
    let source = text(term, options.is_unicode())?;
    let mut options = options;
    // Whether a search is anchored is told to the search.
    options.0.flags &= !pcre::ANCHORED;
    Ok(ctx.vm.natives.patterns.compile(&source, options))
}

fn compile(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut options = PatternOptions::default();
    if let Some(list) = args.get(1) {
        for option in list.to_vec().ok_or_else(bad_option)? {
            if !options.take(option)? {
                return Err(bad_option().into());
            }
        }
    }
    let source = text(args[0], options.is_unicode())?;
    match ctx.vm.natives.patterns.compile(&source, options) {
        Ok(pattern) => {
            let heap = &mut ctx.process.heap;
            let body = heap.binary(&pattern::encoded(&source, options));
            let flag = |set: bool| Term::small(i64::from(set));
            let groups = Term::small(pattern.code.groups as i64);
            let facts =
                [named("re_pattern"), groups, flag(options.is_unicode()), flag(pattern.code.crlf), body];
            let compiled = heap.tuple(&facts);
            Ok(argument::ok(heap, compiled))
        }
        Err(fault) => {
            let fault = fault_term(ctx, &fault);
            Ok(argument::error(&mut ctx.process.heap, fault))
        }
    }
}

fn fault_term(ctx: &mut NativeContext<'_>, fault: &Fault) -> Term {
    let text = ctx.process.heap.string(fault.text);
    ctx.process.heap.tuple(&[text, Term::small(fault.at as i64)])
}

/// What of a match the caller wants.
enum Wanted {
    All,
    AllButFirst,
    First,
    None,
    /// For each wanted group the numbers that bear its name: the first that took part counts.
    Groups(Vec<Vec<usize>>),
    /// All named groups, by name.
    Names,
}

fn wanted(pattern: &Pattern, term: Option<Term>) -> Result<Wanted, Exception> {
    let Some(term) = term else { return Ok(Wanted::All) };
    if let Some(list) = term.to_vec() {
        let group = |term: &Term| -> Result<Vec<usize>, Exception> {
            if let Some(number) = term.as_usize() {
                return Ok(vec![number]);
            }
            let name = match term.as_atom() {
                Some(name) => name.text().as_bytes().to_vec(),
                None => match term.as_binary() {
                    Some(bytes) => bytes.into_owned(),
                    None => characters(*term).ok_or_else(bad_option)?.into_bytes(),
                },
            };
            let same = pattern.code.names.iter().filter(|(other, _)| *other == name);
            Ok(same.map(|&(_, number)| number).collect())
        };
        return Ok(Wanted::Groups(list.iter().map(group).collect::<Result<_, _>>()?));
    }
    Ok(match name_of(term) {
        "all" => Wanted::All,
        "all_but_first" => Wanted::AllButFirst,
        "first" => Wanted::First,
        "none" => Wanted::None,
        "all_names" => Wanted::Names,
        _ => return Err(bad_option()),
    })
}

/// Names of a pattern with the numbers of their groups, by name.
fn names(pattern: &Pattern) -> Vec<(&[u8], Vec<usize>)> {
    let mut names: Vec<(&[u8], Vec<usize>)> = Vec::new();
    for (name, number) in &pattern.code.names {
        match names.last_mut() {
            Some((last, numbers)) if *last == &name[..] => numbers.push(*number),
            _ => names.push((name, vec![*number])),
        }
    }
    names
}

/// Why searching ended early.
enum Ended {
    /// It would take too long here.
    Later,
    Stopped(Stopped),
}

/// Searches in a subject, first or all matches.
struct Searching<'a> {
    search: Search<'a>,
    pattern: &'a Pattern,
    flags: u32,
    can_wait: bool,
}

impl<'a> Searching<'a> {
    fn new(pattern: &'a Pattern, run: &Run, place: Place, subject: &[u8]) -> Result<Self, Ended> {
        let own_limits = run.limits != Limits::default();
        let limits = match place {
            Place::Scheduler if subject.len() > SHORT_SUBJECT => return Err(Ended::Later),
            Place::Scheduler if own_limits && run.limits.steps.is_none_or(|steps| steps > 100_000) => {
                return Err(Ended::Later);
            }
            _ if own_limits => run.limits,
            Place::Scheduler => SHORT,
            Place::Pool => LONG,
        };
        let can_wait = place == Place::Scheduler && !own_limits;
        let search = Search::new(&pattern.code, limits, own_limits);
        Ok(Self { search, pattern, flags: run.flags, can_wait })
    }

    fn at(&mut self, subject: &[u8], from: usize, flags: u32) -> Result<Option<Groups>, Ended> {
        self.search.at(subject, from, self.flags | flags).map_err(|stopped| match stopped {
            Stopped::Steps | Stopped::Depth if self.can_wait => Ended::Later,
            stopped => Ended::Stopped(stopped),
        })
    }

    /// The matches from a position on, at most so many. After an empty one, a match that is not empty is tried at
    /// the same place.
    fn all(&mut self, subject: &[u8], from: usize, most: usize) -> Result<Vec<Groups>, Ended> {
        let mut found: Vec<Groups> = Vec::new();
        let (mut at, mut empty_before) = (from, false);
        while found.len() < most && at <= subject.len() {
            let flags = if empty_before { pcre::NOTEMPTY_ATSTART | pcre::ANCHORED } else { 0 };
            match self.at(subject, at, flags)? {
                Some(groups) => {
                    let whole = groups.first().cloned().flatten().unwrap_or(at..at);
                    empty_before = whole.is_empty();
                    at = whole.end;
                    found.push(groups);
                }
                None if empty_before => {
                    empty_before = false;
                    at += self.step(subject, at);
                }
                None => break,
            }
        }
        Ok(found)
    }

    /// The bytes of the character at a place; a line break of two counts as one.
    fn step(&self, subject: &[u8], at: usize) -> usize {
        if self.pattern.code.crlf && subject[at..].starts_with(b"\r\n") {
            return 2;
        }
        let more = |byte: &&u8| **byte & 0xc0 == 0x80;
        let tail = subject.get(at + 1..).unwrap_or(&[]);
        1 + if self.pattern.is_unicode() { tail.iter().take_while(more).count() } else { 0 }
    }
}

/// A group in the form that the caller wants.
fn group_term(
    ctx: &mut NativeContext<'_>,
    subject: &[u8],
    group: Option<&Range<usize>>,
    form: Form,
    is_unicode: bool,
) -> Term {
    let heap = &mut ctx.process.heap;
    let bytes = group.map_or(&[][..], |range| &subject[range.clone()]);
    match form {
        Form::Index => {
            let (start, length) = group.map_or((-1, 0), |range| (range.start as i64, range.len() as i64));
            heap.tuple(&[Term::small(start), Term::small(length)])
        }
        Form::Binary => heap.binary(bytes),
        Form::List if is_unicode => heap.string(&String::from_utf8_lossy(bytes)),
        Form::List => heap.byte_list(bytes),
    }
}

fn captured(
    ctx: &mut NativeContext<'_>,
    pattern: &Pattern,
    subject: &[u8],
    groups: &Groups,
    wanted: &Wanted,
    form: Form,
) -> Term {
    let shown = options::shown(groups);
    let first_of =
        |numbers: &Vec<usize>| numbers.iter().find_map(|&number| groups.get(number).and_then(Option::as_ref));
    let chosen: Vec<Option<&Range<usize>>> = match wanted {
        Wanted::All => groups[..shown].iter().map(Option::as_ref).collect(),
        Wanted::AllButFirst => groups[..shown].iter().skip(1).map(Option::as_ref).collect(),
        Wanted::First => groups.iter().take(1).map(Option::as_ref).collect(),
        Wanted::None => Vec::new(),
        Wanted::Groups(numbers) => numbers.iter().map(first_of).collect(),
        Wanted::Names => names(pattern).iter().map(|(_, numbers)| first_of(numbers)).collect(),
    };
    let is_unicode = pattern.is_unicode();
    let terms: Vec<Term> =
        chosen.into_iter().map(|group| group_term(ctx, subject, group, form, is_unicode)).collect();
    ctx.process.heap.list(&terms)
}

/// The same call on the dirty pool.
fn later(function: &'static str, args: &[Term]) -> Interrupt {
    Interrupt::call("re", function, args)
}

fn run_at(ctx: &mut NativeContext<'_>, args: &[Term], place: Place) -> NativeResult {
    let run = Run::options(args.get(2), Purpose::Run)?;
    let pattern = match pattern(ctx, args[1], run.pattern, run.compiles)? {
        Ok(pattern) => pattern,
        Err(fault) if run.report_errors => {
            let fault = fault_term(ctx, &fault);
            let fault = ctx.process.heap.tuple(&[Term::atom(atom::COMPILE), fault]);
            return Ok(argument::error(&mut ctx.process.heap, fault));
        }
        Err(_) => return Err(Exception::badarg().into()),
    };
    let subject = subject(args[0], pattern.is_unicode())?;
    let between = |byte: &u8| !pattern.is_unicode() || byte & 0xc0 != 0x80;
    // With `global', there is nothing to find behind the end.
    if run.offset > subject.len() && !run.global || !subject.get(run.offset).is_none_or(between) {
        return Err(Exception::badarg().into());
    }
    let wanted = wanted(&pattern, run.wanted)?;
    ctx.charge(subject.len() / 256);
    let most = if run.global { usize::MAX } else { 1 };
    let found = Searching::new(&pattern, &run, place, &subject)
        .and_then(|mut searching| searching.all(&subject, run.offset, most));
    let found = match found {
        Ok(found) => found,
        Err(Ended::Later) => {
            return Err(later("run_long", &[args[0], args[1], args.get(2).copied().unwrap_or(Term::NIL)]));
        }
        Err(Ended::Stopped(stopped)) if run.report_errors => {
            let reason = match stopped {
                Stopped::Steps => named("match_limit"),
                Stopped::Depth => named("match_limit_recursion"),
                Stopped::Other(_) => return Err(Exception::badarg().into()),
            };
            return Ok(argument::error(&mut ctx.process.heap, reason));
        }
        Err(Ended::Stopped(Stopped::Other(_))) => return Err(Exception::badarg().into()),
        Err(Ended::Stopped(_)) => Vec::new(),
    };
    if found.is_empty() {
        return Ok(named("nomatch"));
    }
    let nothing = match &wanted {
        Wanted::None => true,
        Wanted::Groups(groups) => groups.is_empty(),
        Wanted::Names => pattern.code.names.is_empty(),
        _ => false,
    };
    if nothing {
        return Ok(named("match"));
    }
    let mut lists = Vec::with_capacity(found.len());
    for groups in &found {
        lists.push(captured(ctx, &pattern, &subject, groups, &wanted, run.form));
    }
    let result = if run.global { ctx.process.heap.list(&lists) } else { lists[0] };
    Ok(ctx.process.heap.tuple(&[named("match"), result]))
}

fn run(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    run_at(ctx, args, Place::Scheduler)
}

/// One step of a search that library code repeats; whether it is the first makes no difference here.
fn internal_run(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    run(ctx, &args[..3])
}

fn run_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    run_at(ctx, args, Place::Pool)
}

/// `{namelist, Names}` of a compiled pattern.
fn inspect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_tuple() {
        return Err(Exception::badarg().into());
    }
    let pattern =
        pattern(ctx, args[0], PatternOptions::default(), false)?.map_err(|_| Exception::badarg())?;
    if name_of(args[1]) != "namelist" {
        return Err(bad_option().into());
    }
    let heap = &mut ctx.process.heap;
    let list: Vec<Term> = names(&pattern).into_iter().map(|(name, _)| heap.binary(name)).collect();
    let list = heap.list(&list);
    Ok(heap.tuple(&[named("namelist"), list]))
}

fn version(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    // The release whose behaviour this follows.
    Ok(ctx.process.heap.binary(b"8.44 2020-02-12"))
}

/// The tables of this module.
pub(super) fn tables(tables: &mut Vec<&'static [Native]>) {
    tables.extend([NATIVES, edit::NATIVES]);
}

const NATIVES: &[Native] = natives! {
    "re" {
        "compile"/1 => compile;
        "compile"/2 => compile;
        "run"/2 => run;
        "run"/3 => run;
        "internal_run"/4 => internal_run;
        "run_long"/3 = dirty => run_long;
        "inspect"/2 => inspect;
        "version"/0 => version;
    }
};
