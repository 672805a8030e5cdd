//! Searching tables by match specifications, at once or so many results at a time.
//!
//! A search looks at so many objects in a turn and then goes on in a call of its own, `ets:search_on/1`; it holds a
//! hashed table fast meanwhile. Where it stands is a tuple,
//! `{Table, Specification, Limit, Place, Results, Count, Task}`, the place a number or `{Key}`. The continuation that a
//! program gets has the shape of OTP's: `{Table, Slot, Limit, Compiled, Results, Count}` of a hashed table,
//! `{Table, Key, [], Limit, Compiled, Results, Reverse, Count}` of an ordered one.

use super::contents::Contents;
use super::match_spec::{Invalid, MatchSpec};
use super::store::{Kind, Place, Store, key_of};
use super::{Access, Table, check, number, reading, with, with_table, writing};
use crate::bif::argument::{self, named};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::{self, OwnedTerm};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, compare, exactly_equal};
use std::sync::Arc;

/// Objects that a search looks at in a turn.
pub(super) const TURN: usize = 1000;

/// What a search does with the objects that it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Select,
    SelectReverse,
    /// The specification is a pattern; its variables are wanted.
    Match,
    /// The specification is a pattern; whole objects are wanted.
    MatchObject,
    Count,
    Delete,
    Replace,
}

const TASKS: [Task; 7] = [
    Task::Select,
    Task::SelectReverse,
    Task::Match,
    Task::MatchObject,
    Task::Count,
    Task::Delete,
    Task::Replace,
];

impl Task {
    fn number(self) -> Term {
        Term::small(TASKS.iter().position(|&task| task == self).unwrap_or(0) as i64)
    }

    fn collects(self) -> bool {
        matches!(self, Self::Select | Self::SelectReverse | Self::Match | Self::MatchObject)
    }

    fn access(self) -> Access {
        if matches!(self, Self::Delete | Self::Replace) { Access::Write } else { Access::Read }
    }
}

/// A specification as the program gave it: the term, or what a reference stands for.
enum Source {
    Given(Term),
    Known(Arc<OwnedTerm>),
}

impl Source {
    fn of(ctx: &NativeContext<'_>, term: Term) -> Self {
        match ctx.vm.natives.tables.specs.find(term) {
            Some(spec) => Self::Known(spec),
            None => Self::Given(term),
        }
    }

    fn term(&self) -> Term {
        match self {
            Self::Given(term) => *term,
            Self::Known(spec) => spec.term(),
        }
    }
}

fn compile(ctx: &NativeContext<'_>, source: &Source, task: Task) -> Result<MatchSpec, Exception> {
    match task {
        Task::Match => MatchSpec::of_pattern(ctx, source.term(), false),
        Task::MatchObject => MatchSpec::of_pattern(ctx, source.term(), true),
        _ => MatchSpec::compile(ctx, source.term()),
    }
    .map_err(|Invalid(_)| Exception::badarg())
}

/// Where a search stands.
#[derive(Clone, Copy, Debug)]
struct State {
    table: Term,
    spec: Term,
    /// Most results, 0 for all.
    limit: usize,
    place: Place,
    /// Results so far, the last first.
    results: Term,
    count: usize,
    task: Task,
}

impl State {
    fn start(table: Term, spec: Term, task: Task, limit: usize) -> Self {
        Self { table, spec, limit, place: Place::Slot(0), results: Term::NIL, count: 0, task }
    }

    fn of_term(term: Term) -> Option<Self> {
        let &[table, spec, limit, place, results, count, task] = term.as_tuple()? else { return None };
        let place = match (place.as_usize(), place.as_tuple()) {
            (Some(slot), _) => Place::Slot(slot),
            (None, Some(&[key])) => Place::Key(key),
            (None, _) => return None,
        };
        let task = *TASKS.get(task.as_usize()?)?;
        let (limit, count) = (limit.as_usize()?, count.as_usize()?);
        results.is_list().then_some(Self { table, spec, limit, place, results, count, task })
    }

    /// Of what a program holds.
    fn of_continuation(ctx: &NativeContext<'_>, term: Term) -> Option<Self> {
        let (table, place, limit, spec, results, count, task) = match *term.as_tuple()? {
            [table, slot, limit, spec, results, count] => {
                (table, Place::Slot(slot.as_usize()?), limit, spec, results, count, Task::Select)
            }
            [table, key, Term::NIL, limit, spec, results, reverse, count] => {
                let task = if reverse == Term::small(0) { Task::Select } else { Task::SelectReverse };
                (table, Place::Key(key), limit, spec, results, count, task)
            }
            _ => return None,
        };
        ctx.vm.natives.tables.specs.find(spec)?;
        let (limit, count) = (limit.as_usize().filter(|&limit| limit > 0)?, count.as_usize()?);
        results.is_list().then_some(Self { table, spec, limit, place, results, count, task })
    }

    /// What a program gets to go on.
    fn continuation(&self, ctx: &mut NativeContext<'_>) -> Term {
        let table = match number(ctx, self.table) {
            Some(id) if self.table.is_atom() => ctx.process.heap.reference(id, None),
            _ => self.table,
        };
        let spec = self.compiled(ctx);
        let number = |count: usize| Term::small(count as i64);
        let (limit, count, heap) = (number(self.limit), number(self.count), &mut ctx.process.heap);
        match self.place {
            Place::Slot(slot) => heap.tuple(&[table, number(slot), limit, spec, self.results, count]),
            Place::Key(key) => {
                let reverse = Term::small(i64::from(self.task == Task::SelectReverse));
                heap.tuple(&[table, key, Term::NIL, limit, spec, self.results, reverse, count])
            }
        }
    }

    /// A reference that stands for the specification. A pattern becomes a specification with the same results.
    fn compiled(&self, ctx: &mut NativeContext<'_>) -> Term {
        let specs = &ctx.vm.natives.tables.specs;
        if specs.find(self.spec).is_some() {
            return self.spec;
        }
        let result = match self.task {
            Task::Match => named("$$"),
            Task::MatchObject => named("$_"),
            _ => return specs.keep(ctx, self.spec),
        };
        let heap = &mut ctx.process.heap;
        let results = heap.list(&[result]);
        let clause = heap.tuple(&[self.spec, Term::NIL, results]);
        let clauses = heap.list(&[clause]);
        specs.keep(ctx, clauses)
    }

    fn term(&self, ctx: &mut NativeContext<'_>) -> Term {
        let heap = &mut ctx.process.heap;
        let place = match self.place {
            Place::Slot(slot) => Term::small(slot as i64),
            Place::Key(key) => heap.tuple(&[key]),
        };
        let number = |count: usize| Term::small(count as i64);
        let (limit, count) = (number(self.limit), number(self.count));
        heap.tuple(&[self.table, self.spec, limit, place, self.results, count, self.task.number()])
    }

    /// In which direction an ordered table is walked. All results at once are collected from the far end.
    fn backwards(&self) -> bool {
        match self.task {
            Task::SelectReverse => self.limit > 0,
            Task::Count | Task::Delete | Task::Replace => false,
            _ => self.limit == 0,
        }
    }

    fn keep(&mut self, ctx: &mut NativeContext<'_>, value: Term) {
        let heap = &mut ctx.process.heap;
        let value = copy::copy(value, heap);
        self.results = heap.cons(value, self.results);
        self.count += 1;
    }
}

/// An object, with what a search does to it.
type Change = (OwnedTerm, Option<OwnedTerm>);

/// Looks at one object.
fn look_at(
    ctx: &mut NativeContext<'_>,
    state: &mut State,
    spec: &MatchSpec,
    object: Term,
    bindings: &mut Vec<Term>,
    changes: &mut Vec<Change>,
) {
    let Some(value) = spec.run(ctx, object, bindings) else { return };
    match state.task {
        Task::Count => state.count += usize::from(value == Term::bool(true)),
        Task::Delete if value == Term::bool(true) => changes.push((OwnedTerm::new(object), None)),
        Task::Delete => {}
        Task::Replace => changes.push((OwnedTerm::new(object), Some(OwnedTerm::new(value)))),
        _ => state.keep(ctx, value),
    }
}

/// Looks at objects for a turn. Answers whether there are more.
fn look(
    ctx: &mut NativeContext<'_>,
    table: &Table,
    state: &mut State,
    spec: &MatchSpec,
    turn: usize,
    changes: &mut Vec<Change>,
) -> bool {
    let mut bindings = Vec::new();
    let mut seen = 0;
    let mut visit = |ctx: &mut NativeContext<'_>, state: &mut State, object: Term| {
        seen += 1;
        look_at(ctx, state, spec, object, &mut bindings, changes);
        seen >= turn || (state.limit > 0 && state.count >= state.limit)
    };
    if matches!(state.place, Place::Slot(0))
        && state.limit == 0
        && let Some(keys) = spec.keys(table.contents.position)
    {
        for key in distinct(keys, table.contents.kind) {
            table.contents.with(key, |store| {
                // As if walked over: the newest of a key first.
                for &object in store.all(key).iter().rev() {
                    visit(ctx, state, object);
                }
            });
        }
        ctx.charge(seen);
        return false;
    }
    let from = state.place;
    let next = table.contents.walk(from, state.backwards(), &mut |object| visit(ctx, state, object));
    ctx.charge(seen);
    let Some(next) = next else { return false };
    state.place = match next {
        Place::Slot(slot) => Place::Slot(slot),
        Place::Key(key) => Place::Key(copy::copy(key, &mut ctx.process.heap)),
    };
    true
}

/// The keys, each once as a table of this kind tells them apart.
fn distinct(keys: Vec<Term>, kind: Kind) -> Vec<Term> {
    let same = |one: Term, other: Term| {
        if kind == Kind::OrderedSet { compare(one, other).is_eq() } else { exactly_equal(one, other) }
    };
    let mut out: Vec<Term> = Vec::new();
    for key in keys {
        if !out.iter().any(|&other| same(other, key)) {
            out.push(key);
        }
    }
    out
}

/// Does a replacement leave the key as it was?
fn keeps_key((old, new): &Change, kind: Kind, position: usize) -> bool {
    let Some(new) = new else { return true };
    let (old, new) = (key_of(old.term(), position), key_of(new.term(), position));
    let is_same = |old, new| {
        if kind == Kind::OrderedSet { compare(old, new).is_eq() } else { exactly_equal(old, new) }
    };
    !new.is_none() && is_same(old, new)
}

/// Deletes or replaces one object.
fn change(store: &mut Store, (old, new): &Change) {
    let replaces = new.is_some() && !store.kind.is_bag();
    if !replaces {
        store.remove(key_of(old.term(), store.position), |other| exactly_equal(other, old.term()));
    }
    if let Some(new) = new {
        store.insert(new.term());
    }
}

/// Deletes and replaces objects.
fn apply(table: &mut Table, changes: &[Change]) -> Result<usize, Exception> {
    let (kind, position) = (table.contents.kind, table.contents.position);
    if !changes.iter().all(|change| keeps_key(change, kind, position)) {
        return Err(Exception::badarg());
    }
    for each in changes {
        table.contents.change(key_of(each.0.term(), position), |store| change(store, each));
    }
    Ok(changes.len())
}

/// Deletes and replaces the objects of the one key that can match, if only its part of the table must be held for it.
fn change_one_key(
    ctx: &mut NativeContext<'_>,
    state: &mut State,
    spec: &MatchSpec,
) -> Result<bool, Interrupt> {
    with_table(ctx, state.table, |ctx, table| {
        if !table.is_parted || !matches!(state.place, Place::Slot(0)) {
            return Ok(false);
        }
        let table = table.read();
        check(ctx, &table, state.task.access())?;
        let keys = spec.keys(table.contents.position);
        let (Some(parts), Some(&[key])) = (table.contents.parts(), keys.as_deref()) else { return Ok(false) };
        parts.change(key, |store| {
            let (mut bindings, mut changes) = (Vec::new(), Vec::new());
            let objects = store.all(key);
            ctx.charge(objects.len());
            for &object in objects.iter().rev() {
                look_at(ctx, state, spec, object, &mut bindings, &mut changes);
            }
            if !changes.iter().all(|change| keeps_key(change, store.kind, store.position)) {
                return Err(Exception::badarg().into());
            }
            changes.iter().for_each(|each| change(store, each));
            state.count += changes.len();
            Ok(true)
        })
    })
}

/// Starts a search. A hashed table that takes more than a turn is held fast.
fn start(ctx: &mut NativeContext<'_>, state: State) -> NativeResult {
    let long = reading(ctx, state.table, state.task.access(), |_, table| {
        let Contents { kind, position, .. } = table.contents;
        Ok((table.contents.size() > TURN && kind != Kind::OrderedSet, kind, position))
    });
    let (long, kind, position) = long?;
    if state.task == Task::Replace && kind == Kind::Bag {
        return Err(Exception::badarg_because(
            named("table_type").as_atom().unwrap_or(crate::atom::UNDEFINED),
        )
        .into());
    }
    let source = Source::of(ctx, state.spec);
    let spec = compile(ctx, &source, state.task)?;
    if state.task == Task::Replace && !super::replace::keeps_keys(source.term(), position) {
        return Err(Exception::badarg().into());
    }
    let fixed = long && state.limit == 0;
    if fixed {
        hold(ctx, state.table, true);
    }
    turn(ctx, state, &spec, fixed)
}

/// Holds a table fast, or lets it go.
fn hold(ctx: &mut NativeContext<'_>, table: Term, fast: bool) {
    // A table that is gone needs neither.
    let _ = writing(ctx, table, Access::Read, |ctx, mut table| {
        let (tables, own) = (&ctx.vm.natives.tables, ctx.process.pid);
        if fast {
            table.fix(tables, own)
        } else {
            table.unfix(tables, own, false)
        }
        Ok(())
    });
}

/// A turn of a search, and what follows.
fn turn(ctx: &mut NativeContext<'_>, state: State, spec: &MatchSpec, fixed: bool) -> NativeResult {
    let result = one_turn(ctx, state, spec, fixed);
    if fixed && !matches!(result, Err(Interrupt::Call(_))) {
        hold(ctx, state.table, false);
    }
    result
}

fn one_turn(ctx: &mut NativeContext<'_>, mut state: State, spec: &MatchSpec, fixed: bool) -> NativeResult {
    let access = state.task.access();
    let mut changes = Vec::new();
    let is_whole = state.limit == 0;
    let length = |table: &Table| {
        // What is not held fast must be seen at once; a limit ends a search at a place that stays.
        let endless = table.contents.kind != Kind::OrderedSet && !fixed && is_whole;
        if endless { usize::MAX } else { TURN }
    };
    let mut is_ordered = false;
    let more = if access == Access::Write {
        if change_one_key(ctx, &mut state, spec)? {
            return Ok(Term::small(state.count as i64));
        }
        writing(ctx, state.table, access, |ctx, mut table| {
            let turn = length(&table);
            let more = look(ctx, &table, &mut state, spec, turn, &mut changes);
            state.count += apply(&mut table, &changes)?;
            Ok(more)
        })?
    } else {
        reading(ctx, state.table, access, |ctx, table| {
            is_ordered = table.contents.kind == Kind::OrderedSet;
            let turn = length(&table);
            Ok(look(ctx, &table, &mut state, spec, turn, &mut changes))
        })?
    };
    if !state.task.collects() {
        return if more { Err(later(ctx, &state)) } else { Ok(Term::small(state.count as i64)) };
    }
    if state.limit == 0 {
        return if more { Err(later(ctx, &state)) } else { Ok(state.results) };
    }
    if more && state.count < state.limit {
        return Err(later(ctx, &state));
    }
    Ok(portion(ctx, state, more, is_ordered))
}

/// The rest of a search, in a call of its own.
fn later(ctx: &mut NativeContext<'_>, state: &State) -> Interrupt {
    let state = state.term(ctx);
    Interrupt::call("ets", "search_on", &[state])
}

/// As many results as were asked for, and the continuation.
fn portion(ctx: &mut NativeContext<'_>, mut state: State, more: bool, is_ordered: bool) -> Term {
    let end = named("$end_of_table");
    if state.count == 0 {
        return end;
    }
    let heap = &mut ctx.process.heap;
    let (mut shown, mut rest) = (state.results, Term::NIL);
    while state.count > state.limit
        && let Some((head, tail)) = shown.as_cons()
    {
        rest = heap.cons(head, rest);
        shown = tail;
        state.count -= 1;
    }
    if is_ordered {
        let mut list: Vec<Term> = shown.iter().collect();
        list.reverse();
        shown = heap.list(&list);
    }
    state.results = rest;
    state.count = rest.iter().count();
    if !more {
        if rest.is_nil() {
            return ctx.process.heap.tuple(&[shown, end]);
        }
        state.place = Place::BEHIND;
    }
    let continuation = state.continuation(ctx);
    ctx.process.heap.tuple(&[shown, continuation])
}

fn search(ctx: &mut NativeContext<'_>, args: &[Term], task: Task) -> NativeResult {
    let limit = match args.get(2) {
        None => 0,
        Some(limit) => match limit.as_usize() {
            Some(limit) if limit > 0 => limit,
            _ => {
                // What is wrong with the table is said first.
                reading(ctx, args[0], task.access(), |_, _| Ok(()))?;
                return Err(Exception::badarg().into());
            }
        },
    };
    start(ctx, State::start(args[0], args[1], task, limit))
}

/// Goes on with a search that a program holds.
fn select_more(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0] == named("$end_of_table") {
        return Ok(args[0]);
    }
    if let Some(&[table, ..]) = args[0].as_tuple()
        && with(ctx, table, |_, _| ()).is_none()
    {
        return Err(argument::because("id").into());
    }
    let state = State::of_continuation(ctx, args[0]).ok_or_else(Exception::badarg)?;
    let source = Source::of(ctx, state.spec);
    let spec = compile(ctx, &source, state.task)?;
    if state.count >= state.limit {
        reading(ctx, state.table, Access::Read, |_, _| Ok(()))?;
        return Ok(portion(ctx, state, true, false));
    }
    turn(ctx, state, &spec, false)
}

/// Goes on with a search in its next turn.
fn search_on(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let state = State::of_term(args[0]).ok_or_else(Exception::badarg)?;
    let source = Source::of(ctx, state.spec);
    let spec = compile(ctx, &source, state.task)?;
    let fixed = state.limit == 0 && matches!(state.place, Place::Slot(_));
    turn(ctx, state, &spec, fixed)
}

macro_rules! searches {
    ($($name:ident => $task:expr;)*) => {
        $(fn $name(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            search(ctx, args, $task)
        })*
    };
}

searches! {
    select => Task::Select;
    select_reverse => Task::SelectReverse;
    match_variables => Task::Match;
    match_object => Task::MatchObject;
    select_count => Task::Count;
    select_delete => Task::Delete;
    select_replace => Task::Replace;
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "select"/1 => select_more;
        "select"/2 => select;
        "select"/3 => select;
        "select_reverse"/1 => select_more;
        "select_reverse"/2 => select_reverse;
        "select_reverse"/3 => select_reverse;
        "match"/1 => select_more;
        "match"/2 => match_variables;
        "match"/3 => match_variables;
        "match_object"/1 => select_more;
        "match_object"/2 => match_object;
        "match_object"/3 => match_object;
        "select_count"/2 => select_count;
        "internal_select_delete"/2 => select_delete;
        "select_replace"/2 => select_replace;
        "search_on"/1 => search_on;
    }
};
