//! Going from key to key, and holding a table fast meanwhile.

use super::store::{Place, key_of};
use super::{Access, reading, writing};
use crate::bif::argument::named;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::copy;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

/// The key that comes next, or the end.
fn key_after(ctx: &mut NativeContext<'_>, args: &[Term], backwards: bool) -> NativeResult {
    reading(ctx, args[0], Access::Read, |ctx, table| {
        let place = match args.get(1) {
            None => Place::Start,
            Some(&key) if table.store.knows(key) => table.store.place(key),
            Some(_) => return Err(Exception::badarg_because(crate::atom::BADKEY).into()),
        };
        Ok(match table.store.next(place, backwards) {
            Some((_, objects)) => {
                let key = key_of(objects[0].term(), table.store.position);
                copy::copy(key, &mut ctx.process.heap)
            }
            None => named("$end_of_table"),
        })
    })?
}

fn forwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    key_after(ctx, args, false)
}

fn backwards(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    key_after(ctx, args, true)
}

fn safe_fixtable(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let fix = args[1].as_bool().ok_or_else(Exception::badarg)?;
    writing(ctx, args[0], Access::Read, |ctx, mut table| {
        let own = ctx.process.pid;
        table.fixes.retain(|pid, _| ctx.vm.processes.find(*pid).is_some());
        if fix {
            *table.fixes.entry(own).or_insert(0) += 1;
            return;
        }
        if let Some(count) = table.fixes.get_mut(&own) {
            *count -= 1;
            if *count == 0 {
                table.fixes.remove(&own);
            }
        }
        if table.fixes.is_empty() {
            table.store.compact(true);
        }
    })?;
    Ok(Term::bool(true))
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "first"/1 => forwards;
        "next"/2 => forwards;
        "last"/1 => backwards;
        "prev"/2 => backwards;
        "safe_fixtable"/2 => safe_fixtable;
    }
};
