//! Module `re`: regular expressions, by PCRE as in OTP.
//!
//! A compiled pattern is `{re_pattern, Groups, Unicode, UseCrLf, {Source, Options}}`; what the library makes of it
//! stays in a store of the machine.

mod edit;
pub(crate) mod pattern;

use super::argument::{self, characters, name_of, named};
use super::{Native, NativeContext, NativeResult, iodata, unicode};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use pattern::{Fault, Options, Pattern};
use std::ops::Range;
use std::sync::Arc;

/// The groups of a match; those that took no part are none.
type Groups = Vec<Option<Range<usize>>>;

/// Text as bytes: in UTF-8 if the pattern is for Unicode.
fn text(term: Term, is_unicode: bool) -> Result<Vec<u8>, Exception> {
    if let Some(bytes) = term.as_binary() {
        return Ok(bytes.into_owned());
    }
    if is_unicode {
        return unicode::text_bytes(term).ok_or_else(Exception::badarg);
    }
    iodata::to_bytes(term)
}

/// The pattern of an argument: source or compiled.
fn pattern(
    ctx: &NativeContext<'_>,
    term: Term,
    options: &Options,
) -> Result<Result<Arc<Pattern>, Fault>, Exception> {
    if let Some(&[tag, _, _, _, body]) = term.as_tuple()
        && name_of(tag) == "re_pattern"
    {
        let Some(&[source, encoded]) = body.as_tuple() else { return Err(Exception::badarg()) };
        let (source, encoded) = (argument::bytes(source)?, argument::bytes(encoded)?);
        let options = std::str::from_utf8(&encoded).ok().and_then(Options::decoded);
        return Ok(ctx.vm.natives.patterns.compile(&source, &options.ok_or_else(Exception::badarg)?));
    }
    let source = text(term, options.unicode)?;
    Ok(ctx.vm.natives.patterns.compile(&source, options))
}

fn compile(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut options = Options::default();
    for option in args.get(1).map_or(Ok(Vec::new()), |&term| argument::list(term))? {
        if !options.take(option)? {
            return Err(Exception::badarg().into());
        }
    }
    let source = text(args[0], options.unicode)?;
    match ctx.vm.natives.patterns.compile(&source, &options) {
        Ok(pattern) => {
            let heap = &mut ctx.process.heap;
            let (source, encoded) = (heap.binary(&source), heap.binary(options.encoded().as_bytes()));
            let body = heap.tuple(&[source, encoded]);
            let groups = Term::small(pattern.anywhere.captures_len() as i64 - 1);
            let is_unicode = Term::small(i64::from(options.unicode));
            let compiled = heap.tuple(&[named("re_pattern"), groups, is_unicode, Term::small(0), body]);
            Ok(argument::ok(heap, compiled))
        }
        Err(fault) => {
            let fault = fault_term(ctx, &fault);
            Ok(argument::error(&mut ctx.process.heap, fault))
        }
    }
}

fn fault_term(ctx: &mut NativeContext<'_>, fault: &Fault) -> Term {
    let text = ctx.process.heap.string(&fault.text);
    ctx.process.heap.tuple(&[text, Term::small(fault.at as i64)])
}

/// What of a match the caller wants.
enum Wanted {
    All,
    AllButFirst,
    First,
    None,
    /// Numbers of groups, in this order.
    Groups(Vec<Option<usize>>),
    /// All named groups, by name.
    Names,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Index,
    List,
    Binary,
}

struct Run {
    options: Options,
    global: bool,
    offset: usize,
    anchored: bool,
    wanted: Option<Term>,
    form: Form,
    report_errors: bool,
    /// Options that are not of searching.
    other: Vec<Term>,
}

fn run_options(list: Option<&Term>) -> Result<Run, Exception> {
    let mut run = Run {
        options: Options::default(),
        global: false,
        offset: 0,
        anchored: false,
        wanted: None,
        form: Form::Index,
        report_errors: false,
        other: Vec::new(),
    };
    for option in list.map_or(Ok(Vec::new()), |&term| argument::list(term))? {
        match option.as_tuple() {
            Some(&[key, value]) => match name_of(key) {
                "offset" => run.offset = argument::index(value)?,
                "capture" => run.wanted = Some(value),
                "match_limit" | "match_limit_recursion" => {
                    argument::index(value)?;
                }
                _ if run.options.take(option)? => {}
                _ => run.other.push(option),
            },
            Some(&[key, wanted, form]) if name_of(key) == "capture" => {
                run.wanted = Some(wanted);
                run.form = match name_of(form) {
                    "index" => Form::Index,
                    "list" => Form::List,
                    "binary" => Form::Binary,
                    _ => return Err(Exception::badarg()),
                };
            }
            _ => match name_of(option) {
                "global" => run.global = true,
                "anchored" => run.anchored = true,
                "report_errors" => run.report_errors = true,
                _ if run.options.take(option)? => {}
                _ => run.other.push(option),
            },
        }
    }
    Ok(run)
}

fn wanted(pattern: &Pattern, term: Option<Term>) -> Result<Wanted, Exception> {
    let Some(term) = term else { return Ok(Wanted::All) };
    if let Some(list) = term.to_vec() {
        let names = pattern.anywhere.capture_names();
        let group = |term: &Term| -> Result<Option<usize>, Exception> {
            if let Some(number) = term.as_usize() {
                return Ok(Some(number));
            }
            let name = match term.as_atom() {
                Some(name) => name.text().to_owned(),
                None => match term.as_binary() {
                    Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    None => characters(*term).ok_or_else(Exception::badarg)?,
                },
            };
            Ok(names.iter().position(|other| other.as_deref() == Some(&name)))
        };
        return Ok(Wanted::Groups(list.iter().map(group).collect::<Result<_, _>>()?));
    }
    Ok(match name_of(term) {
        "all" => Wanted::All,
        "all_but_first" => Wanted::AllButFirst,
        "first" => Wanted::First,
        "none" => Wanted::None,
        "all_names" => Wanted::Names,
        _ => return Err(Exception::badarg()),
    })
}

/// Searches from a position on.
fn search(regex: &pcre2::bytes::Regex, subject: &[u8], from: usize) -> Result<Option<Groups>, Exception> {
    let mut locations = regex.capture_locations();
    match regex.captures_read_at(&mut locations, subject, from) {
        Ok(None) => Ok(None),
        Ok(Some(_)) => Ok(Some(
            (0..locations.len()).map(|at| locations.get(at).map(|(start, end)| start..end)).collect(),
        )),
        Err(_) => Err(Exception::badarg()),
    }
}

/// All matches from a position on. After an empty one, a match that is not empty is tried at the same place.
fn search_all(
    pattern: &Pattern,
    subject: &[u8],
    from: usize,
    anchored: bool,
    most: usize,
) -> Result<Vec<Groups>, Exception> {
    let first = if anchored || pattern.options.anchored { &pattern.here } else { &pattern.anywhere };
    let mut found = Vec::new();
    let (mut at, mut empty_before) = (from, false);
    while found.len() < most && at <= subject.len() {
        let regex = if empty_before { &pattern.something_here } else { first };
        match search(regex, subject, at)? {
            Some(groups) => {
                let whole = groups[0].clone().unwrap_or(at..at);
                empty_before = whole.is_empty();
                at = whole.end;
                found.push(groups);
            }
            None if empty_before => {
                empty_before = false;
                at += 1;
                while pattern.options.unicode && subject.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
                    at += 1;
                }
            }
            None => break,
        }
    }
    Ok(found)
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
    // Groups behind the last that took part are not shown.
    let shown = groups.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let names = pattern.anywhere.capture_names();
    let chosen: Vec<Option<&Range<usize>>> = match wanted {
        Wanted::All => groups[..shown].iter().map(Option::as_ref).collect(),
        Wanted::AllButFirst => groups[..shown].iter().skip(1).map(Option::as_ref).collect(),
        Wanted::First => groups.iter().take(1).map(Option::as_ref).collect(),
        Wanted::None => Vec::new(),
        Wanted::Groups(numbers) => numbers
            .iter()
            .map(|number| number.and_then(|number| groups.get(number)).and_then(Option::as_ref))
            .collect(),
        Wanted::Names => {
            let mut named: Vec<(&str, usize)> =
                names.iter().enumerate().filter_map(|(at, name)| Some((name.as_deref()?, at))).collect();
            named.sort_unstable();
            named.iter().map(|&(_, at)| groups.get(at).and_then(Option::as_ref)).collect()
        }
    };
    let is_unicode = pattern.options.unicode;
    let terms: Vec<Term> =
        chosen.into_iter().map(|group| group_term(ctx, subject, group, form, is_unicode)).collect();
    ctx.process.heap.list(&terms)
}

fn run(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let run = run_options(args.get(2))?;
    let known =
        |option: &Term| matches!(name_of(*option), "notbol" | "notempty" | "noteol" | "notempty_atstart");
    if !run.other.iter().all(known) {
        return Err(Exception::badarg().into());
    }
    let pattern = match pattern(ctx, args[1], &run.options)? {
        Ok(pattern) => pattern,
        Err(fault) if run.report_errors => {
            let fault = fault_term(ctx, &fault);
            let fault = ctx.process.heap.tuple(&[Term::atom(atom::COMPILE), fault]);
            return Ok(argument::error(&mut ctx.process.heap, fault));
        }
        Err(_) => return Err(Exception::badarg().into()),
    };
    let subject = text(args[0], pattern.options.unicode)?;
    if run.offset > subject.len() {
        return Err(Exception::badarg().into());
    }
    ctx.charge(subject.len() / 64);
    let wanted = wanted(&pattern, run.wanted)?;
    let most = if run.global { usize::MAX } else { 1 };
    let found = search_all(&pattern, &subject, run.offset, run.anchored || run.options.anchored, most)?;
    if found.is_empty() {
        return Ok(named("nomatch"));
    }
    let nothing = match &wanted {
        Wanted::None => true,
        Wanted::Groups(groups) => groups.is_empty(),
        _ => false,
    };
    if nothing {
        return Ok(named("match"));
    }
    let mut lists = Vec::new();
    for groups in &found {
        lists.push(captured(ctx, &pattern, &subject, groups, &wanted, run.form));
    }
    let result = if run.global { ctx.process.heap.list(&lists) } else { lists[0] };
    Ok(ctx.process.heap.tuple(&[named("match"), result]))
}

/// `{namelist, Names}` of a compiled pattern.
fn inspect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if name_of(args[1]) != "namelist" || !args[0].is_tuple() {
        return Err(Exception::badarg().into());
    }
    let pattern = pattern(ctx, args[0], &Options::default())?.map_err(|_| Exception::badarg())?;
    let mut names: Vec<&str> =
        pattern.anywhere.capture_names().iter().flatten().map(String::as_str).collect();
    names.sort_unstable();
    let heap = &mut ctx.process.heap;
    let list: Vec<Term> = names.into_iter().map(|name| heap.binary(name.as_bytes())).collect();
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
        "inspect"/2 => inspect;
        "version"/0 => version;
    }
};
