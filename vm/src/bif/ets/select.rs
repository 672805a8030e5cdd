//! Searching tables by match specifications, at once or so many at a time.
//!
//! A continuation is `{Table, Specification, Limit, Place, Flags}`, the place a number or `{Key}`.

use super::match_spec::{Invalid, MatchSpec};
use super::store::{Kind, Place, key_of};
use super::{Access, Table, reading, writing};
use crate::bif::argument::{self, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::{self, OwnedTerm};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, exactly_equal};
use crate::trace::actions::Effects;

/// How a function of this file searches.
#[derive(Clone, Copy)]
struct How {
    /// The specification is a pattern, and the whole object or its variables are wanted.
    pattern: Option<Whole>,
    backwards: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Object,
    Variables,
}

const SELECT: How = How { pattern: None, backwards: false };
const REVERSE: How = How { pattern: None, backwards: true };
const MATCH: How = How { pattern: Some(Whole::Variables), backwards: false };
const MATCH_OBJECT: How = How { pattern: Some(Whole::Object), backwards: false };

impl How {
    fn number(self) -> i64 {
        i64::from(self.backwards)
            + match self.pattern {
                None => 0,
                Some(Whole::Variables) => 2,
                Some(Whole::Object) => 4,
            }
    }
}

/// The specification behind `{'$compiled', Specification}`, or the term itself.
fn source(term: Term) -> Term {
    match term.as_tuple() {
        Some(&[mark, source]) if mark == compiled_mark() => source,
        _ => term,
    }
}

fn compiled_mark() -> Term {
    named("$compiled_match_spec")
}

fn compile(ctx: &NativeContext<'_>, term: Term, how: How) -> Result<MatchSpec, Exception> {
    match how.pattern {
        None => MatchSpec::compile(ctx, source(term)),
        Some(whole) => MatchSpec::of_pattern(ctx, term, whole == Whole::Object),
    }
    .map_err(|Invalid| Exception::badarg())
}

/// Runs a specification on objects from a place on. Answers the results, copied to the caller's heap, and where
/// to go on if the limit was reached.
fn run(
    ctx: &mut NativeContext<'_>,
    table: &Table,
    spec: &MatchSpec,
    mut place: Place,
    backwards: bool,
    limit: usize,
) -> (Vec<Term>, Option<Place>) {
    let mut results = Vec::new();
    let mut collect = |ctx: &mut NativeContext<'_>, object: Term| {
        if let Some(value) = spec.run(ctx, object) {
            results.push(copy::copy(value, &mut ctx.process.heap));
        }
        results.len()
    };
    if matches!(place, Place::Start)
        && limit == usize::MAX
        && let Some(keys) = spec.keys(table.store.position)
    {
        for key in distinct(keys) {
            for object in table.store.get(key) {
                collect(ctx, object.term());
            }
        }
        return (results, None);
    }
    let mut seen = 0;
    while let Some((next, objects)) = table.store.next(place, backwards) {
        place = next;
        let mut found = 0;
        for object in objects {
            seen += 1;
            found = collect(ctx, object.term());
        }
        if found >= limit {
            ctx.charge(seen / 16);
            return (results, Some(place));
        }
    }
    ctx.charge(seen / 16);
    (results, None)
}

fn distinct(keys: Vec<Term>) -> Vec<Term> {
    let mut out: Vec<Term> = Vec::new();
    for key in keys {
        if !out.iter().any(|&other| exactly_equal(other, key)) {
            out.push(key);
        }
    }
    out
}

fn limited(
    ctx: &mut NativeContext<'_>,
    table: Term,
    spec: Term,
    limit: Term,
    from: Option<Term>,
    how: How,
) -> NativeResult {
    let most = limit.as_usize().filter(|&limit| limit > 0).ok_or_else(Exception::badarg)?;
    let compiled = compile(ctx, spec, how)?;
    let (results, next) = reading(ctx, table, Access::Read, |ctx, guard| {
        let place = match from {
            None => Place::Start,
            Some(term) => match (term.as_usize(), term.as_tuple()) {
                (Some(at), _) => Place::Entry(at),
                (None, Some(&[key])) => Place::Key(key),
                (None, _) => return Err(Exception::badarg()),
            },
        };
        let (results, next) = run(ctx, &guard, &compiled, place, how.backwards, most);
        // Nothing left: the end is told at once by ordered tables, by others at the next call.
        let next = next.map(|next| match next {
            Place::Entry(at) => Term::small(at as i64),
            Place::Key(key) => {
                let key = copy::copy(key, &mut ctx.process.heap);
                ctx.process.heap.tuple(&[key])
            }
            Place::Start => Term::NIL,
        });
        Ok((results, next))
    })??;
    let end = named("$end_of_table");
    if results.is_empty() && next.is_none() {
        return Ok(end);
    }
    let heap = &mut ctx.process.heap;
    let results = heap.list(&results);
    let continuation = match next {
        Some(place) => heap.tuple(&[table, spec, limit, place, Term::small(how.number())]),
        None => end,
    };
    Ok(heap.tuple(&[results, continuation]))
}

fn search(ctx: &mut NativeContext<'_>, args: &[Term], how: How) -> NativeResult {
    if let Some(&limit) = args.get(2) {
        return limited(ctx, args[0], args[1], limit, None, how);
    }
    let spec = compile(ctx, args[1], how);
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let (results, _) = run(ctx, &table, &spec?, Place::Start, how.backwards, usize::MAX);
        Ok(ctx.process.heap.list(&results))
    })?
}

fn go_on(ctx: &mut NativeContext<'_>, args: &[Term], how: How) -> NativeResult {
    if args[0] == named("$end_of_table") {
        return Ok(args[0]);
    }
    match args[0].as_tuple() {
        Some(&[table, spec, limit, place, number]) if number == Term::small(how.number()) => {
            limited(ctx, table, spec, limit, Some(place), how)
        }
        _ => Err(Exception::badarg().into()),
    }
}

macro_rules! searches {
    ($($start:ident, $more:ident => $how:expr;)*) => {
        $(
            fn $start(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
                search(ctx, args, $how)
            }
            fn $more(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
                go_on(ctx, args, $how)
            }
        )*
    };
}

searches! {
    select, select_more => SELECT;
    select_reverse, select_reverse_more => REVERSE;
    match_variables, match_variables_more => MATCH;
    match_object, match_object_more => MATCH_OBJECT;
}

/// The objects for which a specification gives a value that `wanted` accepts, with that value.
fn hits(ctx: &mut NativeContext<'_>, table: &Table, spec: &MatchSpec) -> Vec<(OwnedTerm, OwnedTerm)> {
    let mut found = Vec::new();
    let mut visit = |ctx: &mut NativeContext<'_>, object: Term| {
        if let Some(value) = spec.run(ctx, object) {
            found.push((OwnedTerm::new(object), OwnedTerm::new(value)));
        }
    };
    if let Some(keys) = spec.keys(table.store.position) {
        for key in distinct(keys) {
            for object in table.store.get(key) {
                visit(ctx, object.term());
            }
        }
        return found;
    }
    let mut place = Place::Start;
    let mut seen = 0;
    while let Some((next, objects)) = table.store.next(place, false) {
        place = next;
        for object in objects {
            seen += 1;
            visit(ctx, object.term());
        }
    }
    ctx.charge(seen / 16);
    found
}

fn select_count(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spec = compile(ctx, args[1], SELECT);
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let (values, _) = run(ctx, &table, &spec?, Place::Start, false, usize::MAX);
        let count = values.into_iter().filter(|&value| value == Term::bool(true)).count();
        Ok(Term::small(count as i64))
    })?
}

fn select_delete(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spec = compile(ctx, args[1], SELECT);
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let position = table.store.position;
        let mut count = 0;
        for (object, value) in hits(ctx, &table, &spec?) {
            if value.term() != Term::bool(true) {
                continue;
            }
            count += 1;
            let key = key_of(object.term(), position);
            table.store.remove(key, |other| exactly_equal(other, object.term()));
        }
        Ok(Term::small(count))
    })?
}

fn select_replace(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let spec = compile(ctx, args[1], SELECT);
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        if table.store.kind == Kind::Bag {
            return Err(Exception::badarg().into());
        }
        let position = table.store.position;
        let found = hits(ctx, &table, &spec?);
        let keeps_key = |(old, new): &(OwnedTerm, OwnedTerm)| {
            exactly_equal(key_of(old.term(), position), key_of(new.term(), position))
        };
        if !found.iter().all(keeps_key) {
            return Err(Exception::badarg().into());
        }
        for (old, new) in &found {
            let key = key_of(old.term(), position);
            table.store.remove(key, |other| exactly_equal(other, old.term()));
            table.store.insert(new.term());
        }
        Ok(Term::small(found.len() as i64))
    })?
}

fn match_spec_compile(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    compile(ctx, args[0], SELECT)?;
    Ok(ctx.process.heap.tuple(&[compiled_mark(), args[0]]))
}

fn is_compiled(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(matches!(args[0].as_tuple(), Some(&[mark, _]) if mark == compiled_mark())))
}

fn match_spec_run(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if source(args[1]) == args[1] {
        return Err(Exception::badarg().into());
    }
    let spec = compile(ctx, args[1], SELECT)?;
    let mut results = args[2];
    for object in argument::list(args[0])? {
        if let Some(value) = spec.run(ctx, object) {
            results = ctx.process.heap.cons(value, results);
        }
    }
    Ok(results)
}

/// `erlang:match_spec_test/3`: `{ok, Result, Flags, Warnings}` or `{error, Errors}`.
fn match_spec_test(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (subject, traces) = match argument::name_of(args[2]) {
        "table" => (args[0], false),
        // A trace's arguments are matched as a list.
        "trace" if args[0].is_list() => (args[0], true),
        _ => return Err(Exception::badarg().into()),
    };
    let spec = if traces { MatchSpec::compile_trace(ctx, args[1]) } else { MatchSpec::compile(ctx, args[1]) };
    let Ok(spec) = spec else {
        let text = ctx.process.heap.string("Not a valid match specification");
        let fault = ctx.process.heap.tuple(&[Term::atom(crate::atom::ERROR), text]);
        let faults = ctx.process.heap.cons(fault, Term::NIL);
        return Ok(argument::error(&mut ctx.process.heap, faults));
    };
    let mut flags = Vec::new();
    let value = if traces {
        let mut effects = Effects::new(Term::atom(crate::atom::UNDEFINED), Term::NIL);
        let value = spec.run_trace(ctx, subject, &mut effects);
        if effects.return_trace {
            flags.push(named(if effects.exception_trace { "exception_trace" } else { "return_trace" }));
        }
        value.map(|_| effects.message.unwrap_or(Term::bool(true)))
    } else {
        spec.run(ctx, subject)
    };
    let flags = ctx.process.heap.list(&flags);
    let value = value.unwrap_or(Term::bool(false));
    Ok(ctx.process.heap.tuple(&[Term::atom(crate::atom::OK), value, flags, Term::NIL]))
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "select"/1 => select_more;
        "select"/2 => select;
        "select"/3 => select;
        "select_reverse"/1 => select_reverse_more;
        "select_reverse"/2 => select_reverse;
        "select_reverse"/3 => select_reverse;
        "match"/1 => match_variables_more;
        "match"/2 => match_variables;
        "match"/3 => match_variables;
        "match_object"/1 => match_object_more;
        "match_object"/2 => match_object;
        "match_object"/3 => match_object;
        "select_count"/2 => select_count;
        "internal_select_delete"/2 => select_delete;
        "select_replace"/2 => select_replace;
        "match_spec_compile"/1 => match_spec_compile;
        "is_compiled_ms"/1 => is_compiled;
        "match_spec_run_r"/3 => match_spec_run;
    }
    "erlang" {
        "match_spec_test"/3 => match_spec_test;
    }
};
