//! Objects: inserting, looking up, changing, deleting.

use super::store::{Kind, key_of};
use super::{Access, Table, copied, reading, writing};
use crate::bif::argument::{self, named};
use crate::bif::erlang::arith;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, compare, exactly_equal};

const TRUE: Term = Term::bool(true);

/// The objects of an argument: one, or a list of them. All have keys.
fn objects(table: &Table, term: Term) -> Result<Vec<Term>, Exception> {
    let objects = if term.is_tuple() { vec![term] } else { argument::list(term)? };
    let good =
        |object: &Term| object.as_tuple().is_some_and(|elements| elements.len() > table.store.position);
    if objects.iter().all(good) { Ok(objects) } else { Err(Exception::badarg()) }
}

fn insert(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let objects = objects(&table, args[1])?;
        ctx.charge(objects.len() / 8);
        for object in objects {
            table.store.insert(object);
        }
        Ok(TRUE)
    })?
}

fn insert_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let objects = objects(&table, args[1])?;
        ctx.charge(objects.len() / 8);
        let position = table.store.position;
        if objects.iter().any(|&object| !table.store.get(key_of(object, position)).is_empty()) {
            return Ok(Term::bool(false));
        }
        for object in objects {
            table.store.insert(object);
        }
        Ok(TRUE)
    })?
}

fn lookup(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(reading(ctx, args[0], Access::Read, |ctx, table| copied(ctx, table.store.get(args[1])))?)
}

fn member(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(reading(ctx, args[0], Access::Read, |_, table| Term::bool(!table.store.get(args[1]).is_empty()))?)
}

fn badkey() -> Exception {
    Exception::badarg_because(crate::atom::BADKEY)
}

/// Position of an element, counted from 0.
fn position(term: Term) -> Result<usize, Exception> {
    term.as_usize().and_then(|at| at.checked_sub(1)).ok_or_else(Exception::badarg)
}

fn lookup_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let at = position(args[2])?;
        let objects = table.store.get(args[1]);
        if objects.is_empty() {
            return Err(badkey().into());
        }
        let mut found = Vec::new();
        for object in objects {
            let element = object.term().as_tuple().and_then(|elements| elements.get(at).copied());
            let element = element.ok_or_else(Exception::badarg)?;
            found.push(crate::heap::copy::copy(element, &mut ctx.process.heap));
        }
        Ok(match table.store.kind {
            Kind::Set | Kind::OrderedSet => found[0],
            Kind::Bag | Kind::DuplicateBag => ctx.process.heap.list(&found),
        })
    })?
}

fn take(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let taken = copied(ctx, table.store.get(args[1]));
        table.store.remove(args[1], |_| true);
        taken
    })?)
}

fn delete_key(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |_, mut table| {
        table.store.remove(args[1], |_| true);
    })?;
    Ok(TRUE)
}

fn delete_object(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |_, mut table| {
        if !args[1].is_tuple() {
            return Err(Exception::badarg());
        }
        let key = key_of(args[1], table.store.position);
        if !key.is_none() {
            table.store.remove(key, |object| exactly_equal(object, args[1]));
        }
        Ok(())
    })??;
    Ok(TRUE)
}

fn delete_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let count = writing(ctx, args[0], Access::Write, |_, mut table| table.store.clear())?;
    Ok(Term::small(count as i64))
}

/// The only object of a key of a set, as its elements.
fn single(table: &Table, key: Term) -> Result<Option<Vec<Term>>, Exception> {
    if matches!(table.store.kind, Kind::Bag | Kind::DuplicateBag) {
        return Err(Exception::badarg());
    }
    let object = table.store.get(key).first();
    Ok(object.map(|object| object.term().as_tuple().unwrap_or(&[]).to_vec()))
}

fn update_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let changes = if args[2].is_tuple() { vec![args[2]] } else { argument::list(args[2])? };
        let Some(mut elements) = single(&table, args[1])? else { return Ok(Term::bool(false)) };
        for change in changes {
            let Some(&[at, value]) = change.as_tuple() else { return Err(Exception::badarg().into()) };
            let at = position(at)?;
            if at == table.store.position || at >= elements.len() {
                return Err(Exception::badarg().into());
            }
            elements[at] = value;
        }
        // Made before the old object goes: it holds the elements that stay.
        let object = ctx.process.heap.tuple(&elements);
        let object = OwnedTerm::new(object);
        table.store.insert(object.term());
        Ok(TRUE)
    })?
}

/// One change of `update_counter`: position, what is added, and perhaps a bound and what follows beyond it.
struct Step {
    at: usize,
    by: Term,
    bound: Option<(Term, Term)>,
}

fn step(table: &Table, term: Term) -> Result<Step, Exception> {
    let (at, by, bound) = match term.as_tuple() {
        Some(&[at, by]) => (position(at)?, by, None),
        Some(&[at, by, threshold, reset]) => (position(at)?, by, Some((threshold, reset))),
        Some(_) => return Err(Exception::badarg()),
        None => (table.store.position + 1, term, None),
    };
    let integers = by.is_integer() && bound.is_none_or(|(a, b)| a.is_integer() && b.is_integer());
    if integers && at != table.store.position { Ok(Step { at, by, bound }) } else { Err(Exception::badarg()) }
}

fn update_counter(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let several = args[2].is_list();
        let terms = if several { argument::list(args[2])? } else { vec![args[2]] };
        let steps = terms.into_iter().map(|term| step(&table, term)).collect::<Result<Vec<_>, _>>()?;
        let mut elements = match (single(&table, args[1])?, args.get(3)) {
            (Some(elements), _) => elements,
            (None, Some(default)) => {
                let mut elements = default.as_tuple().ok_or_else(Exception::badarg)?.to_vec();
                let key = elements.get_mut(table.store.position).ok_or_else(Exception::badarg)?;
                *key = args[1];
                elements
            }
            (None, None) => return Err(badkey().into()),
        };
        let heap = &mut ctx.process.heap;
        let mut results = Vec::new();
        for Step { at, by, bound } in steps {
            let current = elements.get(at).copied().filter(|value| value.is_integer());
            let mut value = arith::add(heap, current.ok_or_else(Exception::badarg)?, by)?;
            if let Some((threshold, reset)) = bound {
                let beyond = if compare(by, Term::small(0)).is_lt() {
                    compare(value, threshold).is_lt()
                } else {
                    compare(value, threshold).is_gt()
                };
                if beyond {
                    value = reset;
                }
            }
            elements[at] = value;
            results.push(value);
        }
        let object = heap.tuple(&elements);
        let object = OwnedTerm::new(object);
        table.store.insert(object.term());
        Ok(if several { heap.list(&results) } else { results[0] })
    })?
}

fn slot(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let wanted = argument::index(args[1])?;
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let mut place = super::store::Place::Start;
        let mut count = 0;
        while let Some((next, objects)) = table.store.next(place, false) {
            if count == wanted {
                return Ok(copied(ctx, objects));
            }
            place = next;
            count += 1;
        }
        if count == wanted { Ok(named("$end_of_table")) } else { Err(Exception::badarg().into()) }
    })?
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "insert"/2 => insert;
        "insert_new"/2 => insert_new;
        "lookup"/2 => lookup;
        "lookup_element"/3 => lookup_element;
        "member"/2 => member;
        "take"/2 => take;
        "delete"/2 => delete_key;
        "delete_object"/2 => delete_object;
        "internal_delete_all"/2 => delete_all;
        "update_element"/3 => update_element;
        "update_counter"/3 => update_counter;
        "update_counter"/4 => update_counter;
        "slot"/2 => slot;
    }
};
