//! Going from key to key, and holding a table fast meanwhile.

use super::store::{Store, key_of};
use super::{Access, copied_of, reading, writing};
use crate::bif::argument::named;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

/// Works with the object that comes next: behind a key, or at the end of the table. Without one: the end.
fn next(
    ctx: &mut NativeContext<'_>,
    args: &[Term],
    backwards: bool,
    work: impl FnOnce(&mut NativeContext<'_>, &Store, Term) -> Term,
) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let work = |store: &Store, object| work(ctx, store, object);
        let found = match args.get(1) {
            None => table.contents.end(backwards, work),
            Some(&key) => {
                let found = table.contents.beside(key, backwards, work);
                found.map_err(|()| Exception::badarg())?
            }
        };
        Ok(found.unwrap_or_else(|| named("$end_of_table")))
    })
}

/// The key that comes next, or the end.
fn key_after(ctx: &mut NativeContext<'_>, args: &[Term], backwards: bool) -> NativeResult {
    next(ctx, args, backwards, |ctx, store, object| {
        copy::copy(key_of(object, store.position), &mut ctx.process.heap)
    })
}

/// The key that comes next with its objects, or the end.
fn objects_after(ctx: &mut NativeContext<'_>, args: &[Term], backwards: bool) -> NativeResult {
    next(ctx, args, backwards, |ctx, store, object| {
        let key = key_of(object, store.position);
        let objects = copied_of(ctx, store, key);
        let key = copy::copy(key, &mut ctx.process.heap);
        ctx.process.heap.tuple(&[key, objects])
    })
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
            None => return Err(Exception::badarg().into()),
        }
        Ok(())
    })?;
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
