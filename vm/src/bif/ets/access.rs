//! Objects: inserting, looking up, changing, deleting.

use super::store::{Kind, Store, key_of};
use super::{Access, Table, copied, copied_of, reading, reading_key, writing, writing_key};
use crate::bif::argument::{self, named};
use crate::bif::erlang::arith;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{SMALL_MAX, SMALL_MIN, Term, compare, exactly_equal};

const TRUE: Term = Term::bool(true);

/// The key of an object; without one it is none.
fn key(object: Term, position: usize) -> Result<Term, Exception> {
    let key = key_of(object, position);
    if key.is_none() { Err(Exception::badarg()) } else { Ok(key) }
}

/// The objects of a list with their keys, in the order in which they go in.
fn objects(ctx: &mut NativeContext<'_>, table: &Table, list: Term) -> Result<Vec<(Term, Term)>, Exception> {
    let mut objects = argument::list(list)?;
    if table.contents.kind == Kind::Bag {
        // As in OTP, which shows the objects of a key in this order.
        objects.reverse();
    }
    ctx.charge(objects.len() / 8);
    objects.into_iter().map(|object| Ok((key(object, table.contents.position)?, object))).collect()
}

fn insert(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let object = args[1];
    if object.is_tuple() {
        let find = |position| key(object, position);
        return writing_key(ctx, args[0], Access::Write, find, |_, store| {
            store.insert(object);
            Ok(TRUE)
        });
    }
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        for (key, object) in objects(ctx, &table, object)? {
            table.contents.change(key, |store| store.insert(object));
        }
        Ok(TRUE)
    })
}

fn insert_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let object = args[1];
    if object.is_tuple() {
        let find = |position| key(object, position);
        return writing_key(ctx, args[0], Access::Write, find, |_, store| {
            let is_new = store.one(key_of(object, store.position)).is_none();
            if is_new {
                store.insert(object);
            }
            Ok(Term::bool(is_new))
        });
    }
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let objects = objects(ctx, &table, object)?;
        if objects.iter().any(|&(key, _)| table.contents.with(key, |store| store.one(key).is_some())) {
            return Ok(Term::bool(false));
        }
        for (key, object) in objects {
            table.contents.change(key, |store| store.insert(object));
        }
        Ok(TRUE)
    })
}

fn lookup(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let key = args[1];
    reading_key(ctx, args[0], Access::Read, key, |ctx, store| Ok(copied_of(ctx, store, key)))
}

fn member(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let key = args[1];
    reading_key(ctx, args[0], Access::Read, key, |_, store| Ok(Term::bool(store.one(key).is_some())))
}

fn badkey() -> Exception {
    Exception::badarg_because(crate::atom::BADKEY)
}

/// Position of an element, counted from 0.
fn position(term: Term) -> Result<usize, Exception> {
    term.as_usize().and_then(|at| at.checked_sub(1)).ok_or_else(Exception::badarg)
}

fn lookup_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    reading_key(ctx, args[0], Access::Read, args[1], |ctx, store| {
        let at = position(args[2])?;
        if !store.kind.is_bag()
            && let Some(object) = store.one(args[1])
        {
            let element = object.as_tuple().and_then(|elements| elements.get(at).copied());
            return Ok(crate::heap::copy::copy(
                element.ok_or_else(Exception::badarg)?,
                &mut ctx.process.heap,
            ));
        }
        let objects = store.all(args[1]);
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
        Ok(copied(ctx, &found))
    })
}

fn take(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing_key(
        ctx,
        args[0],
        Access::Write,
        |_| Ok(args[1]),
        |ctx, store| {
            let taken = copied_of(ctx, store, args[1]);
            store.remove(args[1], |_| true);
            Ok(taken)
        },
    )
}

fn delete_key(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing_key(
        ctx,
        args[0],
        Access::Write,
        |_| Ok(args[1]),
        |_, store| {
            store.remove(args[1], |_| true);
            Ok(TRUE)
        },
    )
}

fn delete_object(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let object = args[1];
    let find =
        |position| if object.is_tuple() { Ok(key_of(object, position)) } else { Err(Exception::badarg()) };
    writing_key(ctx, args[0], Access::Write, find, |_, store| {
        let key = key_of(object, store.position);
        if !key.is_none() {
            store.remove(key, |other| exactly_equal(other, object));
        }
        Ok(TRUE)
    })
}

fn delete_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let count = writing(ctx, args[0], Access::Write, |_, mut table| Ok(table.contents.clear()))?;
    Ok(Term::small(count as i64))
}

fn because(cause: &'static str) -> Exception {
    Exception::badarg_because(named(cause).as_atom().unwrap_or(crate::atom::UNDEFINED))
}

/// The elements of the only object of a key of a set.
fn single(store: &Store, key: Term) -> Result<Option<Vec<Term>>, Exception> {
    if store.kind.is_bag() {
        return Err(because("table_type"));
    }
    Ok(store.one(key).map(|object| object.as_tuple().unwrap_or(&[]).to_vec()))
}

/// The elements of an object that is not there yet: the default's, with the key.
fn from_default(store: &Store, key: Term, default: Term) -> Result<Vec<Term>, Exception> {
    let mut elements = default.as_tuple().ok_or_else(Exception::badarg)?.to_vec();
    *elements.get_mut(store.position).ok_or_else(Exception::badarg)? = key;
    Ok(elements)
}

fn update_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing_key(
        ctx,
        args[0],
        Access::Write,
        |_| Ok(args[1]),
        |ctx, store| {
            let found = single(store, args[1]).map_err(|_| Exception::badarg())?;
            if found.is_none() && args.len() == 3 {
                return Ok(Term::bool(false));
            }
            let terms = if args[2].is_tuple() { vec![args[2]] } else { argument::list(args[2])? };
            let mut changes = Vec::with_capacity(terms.len());
            for change in terms {
                let Some(&[at, value]) = change.as_tuple() else { return Err(Exception::badarg().into()) };
                changes.push((position(at)?, value));
            }
            let (is_new, mut elements) = match (found, args.get(3)) {
                (Some(elements), _) => (false, elements),
                (None, Some(&default)) => (true, from_default(store, args[1], default)?),
                (None, None) => return Ok(Term::bool(false)),
            };
            if changes.iter().any(|(at, _)| *at == store.position) {
                return Err(because("keypos").into());
            }
            if changes.iter().any(|(at, _)| *at >= elements.len()) {
                return Err(Exception::badarg().into());
            }
            if is_new {
                for (at, value) in changes {
                    elements[at] = value;
                }
                let object = ctx.process.heap.tuple(&elements);
                store.insert(object);
            } else {
                store.change(args[1], &changes);
            }
            Ok(TRUE)
        },
    )
}

/// The same for a counter: what does not exist is said to be out of range.
fn counter_position(term: Term) -> Result<usize, Exception> {
    if term == Term::small(0) { Err(because("position")) } else { position(term) }
}

/// One change of `update_counter`: position, what is added, and perhaps a bound and what follows beyond it.
struct Step {
    at: usize,
    by: Term,
    bound: Option<(Term, Term)>,
}

fn step(store: &Store, term: Term) -> Result<Step, Exception> {
    let (at, by, bound) = match term.as_tuple() {
        Some(&[at, by]) => (counter_position(at)?, by, None),
        Some(&[at, by, threshold, reset]) => (counter_position(at)?, by, Some((threshold, reset))),
        Some(_) => return Err(Exception::badarg()),
        None => (store.position + 1, term, None),
    };
    let integers = by.is_integer() && bound.is_none_or(|(a, b)| a.is_integer() && b.is_integer());
    if !integers {
        return Err(Exception::badarg());
    }
    if at == store.position { Err(because("keypos")) } else { Ok(Step { at, by, bound }) }
}

fn update_counter(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing_key(
        ctx,
        args[0],
        Access::Write,
        |_| Ok(args[1]),
        |ctx, store| {
            if args.get(3).is_some_and(|default| !default.is_tuple()) {
                return Err(Exception::badarg().into());
            }
            // The usual case: one small counter of a set, changed in place.
            if let Some(result) = count_in_place(store, args) {
                return Ok(result);
            }
            let found = single(store, args[1])?;
            let several = args[2].is_list();
            let terms = if several { argument::list(args[2])? } else { vec![args[2]] };
            let is_new = found.is_none();
            let mut elements = match (found, args.get(3)) {
                (Some(elements), _) => elements,
                (None, Some(&default)) => from_default(store, args[1], default)?,
                (None, None) => return Err(badkey().into()),
            };
            let steps = terms.into_iter().map(|term| step(store, term)).collect::<Result<Vec<_>, _>>()?;
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
                store.insert(object);
            } else {
                store.change(args[1], &changes);
            }
            Ok(if several { heap.list(&results) } else { results[0] })
        },
    )
}

/// Adds a small number to a small element, without a bound.
fn count_in_place(store: &mut Store, args: &[Term]) -> Option<Term> {
    let (at, by) = match args[2].as_tuple() {
        Some(&[at, by]) => (at.as_usize()?.checked_sub(1)?, by.as_small()?),
        None => (store.position + 1, args[2].as_small()?),
        Some(_) => return None,
    };
    if store.kind.is_bag() || at == store.position {
        return None;
    }
    let object = store.one_mut(args[1])?;
    let sum = object.term().as_tuple()?.get(at)?.as_small()?.checked_add(by)?;
    let is_small = (SMALL_MIN..=SMALL_MAX).contains(&sum);
    (is_small && object.set_elements(&[(at, Term::small(sum))])).then(|| Term::small(sum))
}

fn slot(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let wanted = argument::index(args[1])?;
        let found = table.contents.slot(wanted, |objects| copied(ctx, objects));
        match found {
            Some(objects) => Ok(objects),
            None if wanted == table.contents.slots() => Ok(named("$end_of_table")),
            None => Err(Exception::badarg().into()),
        }
    })
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
