//! Going from key to key, and holding a table fast meanwhile.

use super::store::key_of;
use super::{Access, Table, copied_of, reading, writing};
use crate::bif::argument::named;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

/// The object that comes next: behind a key, or at the end of the table.
fn found(table: &Table, key: Option<Term>, backwards: bool) -> Result<Option<Term>, Exception> {
    match key {
        None => Ok(table.store.end(backwards)),
        Some(key) => {
            table.store.beside(key, backwards).map_err(|()| Exception::badarg_because(crate::atom::BADKEY))
        }
    }
}

/// The key that comes next, or the end.
fn key_after(ctx: &mut NativeContext<'_>, args: &[Term], backwards: bool) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        Ok(match found(&table, args.get(1).copied(), backwards)? {
            Some(object) => copy::copy(key_of(object, table.store.position), &mut ctx.process.heap),
            None => named("$end_of_table"),
        })
    })?
}

/// The key that comes next with its objects, or the end.
fn objects_after(ctx: &mut NativeContext<'_>, args: &[Term], backwards: bool) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let Some(object) = found(&table, args.get(1).copied(), backwards)? else {
            return Ok(named("$end_of_table"));
        };
        let key = key_of(object, table.store.position);
        let objects = copied_of(ctx, &table, key);
        let key = copy::copy(key, &mut ctx.process.heap);
        Ok(ctx.process.heap.tuple(&[key, objects]))
    })?
}

fn forwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    key_after(ctx, args, false)
}

fn backwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    key_after(ctx, args, true)
}

fn lookup_forwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    objects_after(ctx, args, false)
}

fn lookup_backwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    objects_after(ctx, args, true)
}

fn safe_fixtable(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let fix = args[1].as_bool();
    writing(ctx, args[0], Access::Read, |ctx, mut table| {
        let (tables, own) = (&ctx.vm.natives.tables, ctx.process.pid);
        match fix {
            Some(true) => table.fix(tables, own),
            Some(false) => table.unfix(tables, own, false),
            None => return Err(Exception::badarg()),
        }
        Ok(())
    })??;
    Ok(Term::bool(true))
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "first"/1 => forwards;
        "next"/2 => forwards;
        "last"/1 => backwards;
        "prev"/2 => backwards;
        "first_lookup"/1 => lookup_forwards;
        "next_lookup"/2 => lookup_forwards;
        "last_lookup"/1 => lookup_backwards;
        "prev_lookup"/2 => lookup_backwards;
        "safe_fixtable"/2 => safe_fixtable;
    }
};
