//! Objects: inserting, looking up, changing, deleting.

use super::store::{Kind, key_of};
use super::{Access, Table, copied, copied_of, reading, writing};
use crate::bif::argument::{self, named};
use crate::bif::erlang::arith;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{SMALL_MAX, SMALL_MIN, Term, compare, exactly_equal};

const TRUE: Term = Term::bool(true);

/// The objects of an argument: one, or a list of them, in the order in which they go in. All have keys.
fn objects(table: &Table, term: Term) -> Result<Vec<Term>, Exception> {
    let mut objects = if term.is_tuple() { vec![term] } else { argument::list(term)? };
    if table.store.kind == Kind::Bag {
        // As in OTP, which shows the objects of a key in this order.
        objects.reverse();
    }
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
        if objects.iter().any(|&object| table.store.one(key_of(object, position)).is_some()) {
            return Ok(Term::bool(false));
        }
        for object in objects {
            table.store.insert(object);
        }
        Ok(TRUE)
    })?
}

fn lookup(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(reading(ctx, args[0], Access::Read, |ctx, table| copied_of(ctx, &table, args[1]))?)
}

fn member(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(reading(ctx, args[0], Access::Read, |_, table| Term::bool(table.store.one(args[1]).is_some()))?)
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
        let objects = table.store.all(args[1]);
        if objects.is_empty() {
            return match args.get(3) {
                Some(&default) => Ok(default),
                None => Err(badkey().into()),
            };
        }
        let element = |object: &Term| {
            object.as_tuple().and_then(|elements| elements.get(at).copied()).ok_or_else(Exception::badarg)
        };
        let found = objects.iter().map(element).collect::<Result<Vec<_>, _>>()?;
        Ok(if table.store.kind.is_bag() {
            copied(ctx, &found)
        } else {
            crate::heap::copy::copy(found[0], &mut ctx.process.heap)
        })
    })?
}

fn take(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let taken = copied_of(ctx, &table, args[1]);
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

fn because(cause: &'static str) -> Exception {
    Exception::badarg_because(named(cause).as_atom().unwrap_or(crate::atom::UNDEFINED))
}

/// The elements of the only object of a key of a set.
fn single(table: &Table, key: Term) -> Result<Option<Vec<Term>>, Exception> {
    if table.store.kind.is_bag() {
        return Err(because("table_type"));
    }
    Ok(table.store.one(key).map(|object| object.as_tuple().unwrap_or(&[]).to_vec()))
}

/// The elements of an object that is not there yet: the default's, with the key.
fn from_default(table: &Table, key: Term, default: Term) -> Result<Vec<Term>, Exception> {
    let mut elements = default.as_tuple().ok_or_else(Exception::badarg)?.to_vec();
    *elements.get_mut(table.store.position).ok_or_else(Exception::badarg)? = key;
    Ok(elements)
}

fn update_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let terms = if args[2].is_tuple() { vec![args[2]] } else { argument::list(args[2])? };
        let found = single(&table, args[1]).map_err(|_| Exception::badarg())?;
        let mut changes = Vec::with_capacity(terms.len());
        for change in terms {
            let Some(&[at, value]) = change.as_tuple() else { return Err(Exception::badarg().into()) };
            let at = position(at)?;
            if at == table.store.position {
                return Err(because("keypos").into());
            }
            changes.push((at, value));
        }
        let (is_new, mut elements) = match (found, args.get(3)) {
            (Some(elements), _) => (false, elements),
            (None, Some(&default)) => (true, from_default(&table, args[1], default)?),
            (None, None) => return Ok(Term::bool(false)),
        };
        if changes.iter().any(|(at, _)| *at >= elements.len()) {
            return Err(Exception::badarg().into());
        }
        if is_new {
            for (at, value) in changes {
                elements[at] = value;
            }
            let object = ctx.process.heap.tuple(&elements);
            table.store.insert(object);
        } else {
            table.store.change(args[1], &changes);
        }
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
    if !integers {
        return Err(Exception::badarg());
    }
    if at == table.store.position { Err(because("keypos")) } else { Ok(Step { at, by, bound }) }
}

fn update_counter(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        // The usual case: one small counter of a set, changed in place.
        if let Some(result) = count_in_place(&mut table, args) {
            return Ok(result);
        }
        let several = args[2].is_list();
        let terms = if several { argument::list(args[2])? } else { vec![args[2]] };
        let found = single(&table, args[1])?;
        let is_new = found.is_none();
        let mut elements = match (found, args.get(3)) {
            (Some(elements), _) => elements,
            (None, Some(&default)) => from_default(&table, args[1], default)?,
            (None, None) => return Err(badkey().into()),
        };
        let steps = terms.into_iter().map(|term| step(&table, term)).collect::<Result<Vec<_>, _>>()?;
        let heap = &mut ctx.process.heap;
        let (mut results, mut changes) = (Vec::new(), Vec::new());
        for Step { at, by, bound } in steps {
            let current = *elements.get(at).ok_or_else(|| because("position"))?;
            if !current.is_integer() {
                return Err(Exception::badarg().into());
            }
            let mut value = arith::add(heap, current, by)?;
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
            // Copied: a value that was not changed lies in the table.
            let value = crate::heap::copy::copy(value, heap);
            elements[at] = value;
            changes.push((at, value));
            results.push(value);
        }
        if is_new {
            let object = heap.tuple(&elements);
            table.store.insert(object);
        } else {
            table.store.change(args[1], &changes);
        }
        Ok(if several { heap.list(&results) } else { results[0] })
    })?
}

/// Adds a small number to a small element, without a bound.
fn count_in_place(table: &mut Table, args: &[Term]) -> Option<Term> {
    let (at, by) = match args[2].as_tuple() {
        Some(&[at, by]) => (at.as_usize()?.checked_sub(1)?, by.as_small()?),
        None => (table.store.position + 1, args[2].as_small()?),
        Some(_) => return None,
    };
    if table.store.kind.is_bag() || at == table.store.position {
        return None;
    }
    let current = table.store.one(args[1])?.as_tuple()?.get(at)?.as_small()?;
    let sum = current.checked_add(by)?;
    if !(SMALL_MIN..=SMALL_MAX).contains(&sum) {
        return None;
    }
    table.store.change(args[1], &[(at, Term::small(sum))]);
    Some(Term::small(sum))
}

fn slot(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let wanted = argument::index(args[1])?;
    reading(ctx, args[0], Access::Read, |ctx, table| match table.store.slot(wanted) {
        Some(objects) => Ok(copied(ctx, &objects)),
        None if wanted == table.store.slots() => Ok(named("$end_of_table")),
        None => Err(Exception::badarg().into()),
    })?
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "insert"/2 => insert;
        "insert_new"/2 => insert_new;
        "lookup"/2 => lookup;
        "lookup_element"/3 => lookup_element;
        "lookup_element"/4 => lookup_element;
        "member"/2 => member;
        "take"/2 => take;
        "delete"/2 => delete_key;
        "delete_object"/2 => delete_object;
        "internal_delete_all"/2 => delete_all;
        "update_element"/3 => update_element;
        "update_element"/4 => update_element;
        "update_counter"/3 => update_counter;
        "update_counter"/4 => update_counter;
        "slot"/2 => slot;
    }
};
