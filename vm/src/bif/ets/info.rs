//! Whole tables: making, naming, giving away, deleting, and what is known of them.

use super::contents::Contents;
use super::store::Kind;
use super::{Access, Protection, TABLE, Table, may_be_table, no_table, number, reading, writing};
use crate::atom;
use crate::bif::argument::{self, name_of, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use hashbrown::HashMap;

const TRUE: Term = Term::bool(true);

fn because(cause: &'static str) -> Exception {
    Exception::badarg_because(named(cause).as_atom().unwrap_or(atom::UNDEFINED))
}

/// A flag of an option: `Option` alone or `{Option, true}`.
fn option(table: &mut Table, kind: &mut Kind, position: &mut usize, term: Term) -> Result<(), Exception> {
    let wrong = Exception::badarg;
    match term.as_tuple() {
        None => match name_of(term) {
            "set" => *kind = Kind::Set,
            "ordered_set" => *kind = Kind::OrderedSet,
            "bag" => *kind = Kind::Bag,
            "duplicate_bag" => *kind = Kind::DuplicateBag,
            "public" | "protected" | "private" => table.protection = protection(term)?,
            "named_table" => table.is_named = true,
            "compressed" => table.compressed = true,
            _ => return Err(wrong()),
        },
        Some(&[key, value]) => match name_of(key) {
            "keypos" => {
                *position = value.as_usize().and_then(|at| at.checked_sub(1)).ok_or_else(wrong)?;
            }
            "read_concurrency" => table.read_concurrency = value.as_bool().ok_or_else(wrong)?,
            "write_concurrency" if value.as_bool().is_some() || name_of(value) == "auto" => {
                table.write_concurrency = value;
            }
            "decentralized_counters" => {
                table.decentralized_counters = value.as_bool().ok_or_else(wrong)?;
            }
            "heir" if name_of(value) == "none" => table.heir = None,
            _ => return Err(wrong()),
        },
        Some(&[key, heir, data]) if name_of(key) == "heir" => {
            table.heir = Some((heir.as_pid().ok_or_else(wrong)?, OwnedTerm::new(data)));
        }
        Some(_) => return Err(wrong()),
    }
    Ok(())
}

fn protection(term: Term) -> Result<Protection, Exception> {
    match name_of(term) {
        "public" => Ok(Protection::Public),
        "protected" => Ok(Protection::Protected),
        "private" => Ok(Protection::Private),
        _ => Err(Exception::badarg()),
    }
}

fn new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = argument::atom(args[0])?;
    let mut table = Table {
        id: ctx.vm.next_reference() | TABLE,
        name,
        is_named: false,
        protection: Protection::Protected,
        owner: ctx.process.pid,
        heir: None,
        read_concurrency: false,
        write_concurrency: Term::bool(false),
        decentralized_counters: false,
        compressed: false,
        fixes: HashMap::new(),
        fixed_since: 0,
        deleted: false,
        contents: Contents::new(Kind::Set, 0, false),
    };
    let (mut kind, mut position, mut decentralized) = (Kind::Set, 0, None);
    for term in argument::list(args[1])? {
        option(&mut table, &mut kind, &mut position, term)?;
        if let Some(&[key, value]) = term.as_tuple()
            && name_of(key) == "decentralized_counters"
        {
            decentralized = value.as_bool();
        }
    }
    if table.protection == Protection::Private {
        table.write_concurrency = Term::bool(false);
    }
    let concurrent = table.write_concurrency != Term::bool(false);
    let by_default = kind == Kind::OrderedSet || table.write_concurrency.as_bool().is_none();
    table.decentralized_counters = concurrent && decentralized.unwrap_or(by_default);
    table.contents = Contents::new(kind, position, concurrent);
    if ctx.vm.config.max_tables.is_some_and(|most| ctx.vm.natives.tables.count() >= most) {
        return Err(Exception::system_limit().into());
    }
    let identifier = table.identifier(ctx);
    if ctx.vm.natives.tables.insert(table) { Ok(identifier) } else { Err(because("already_exists").into()) }
}

fn delete(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        ctx.vm.natives.tables.remove(&mut table);
        Ok(())
    })?;
    Ok(TRUE)
}

fn rename(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        let name = argument::atom(args[1])?;
        if table.is_named && !ctx.vm.natives.tables.names.rename(table.name, name) {
            return Err(Exception::badarg().into());
        }
        table.name = name;
        Ok(())
    })?;
    Ok(if args[0].is_atom() { args[1] } else { args[0] })
}

fn whereis(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    argument::atom(args[0])?;
    match number(ctx, args[0]) {
        Some(id) => Ok(ctx.process.heap.reference(id, None)),
        None => Ok(Term::atom(atom::UNDEFINED)),
    }
}

fn all(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let tables: Vec<_> = ctx.vm.natives.tables.by_id.read().values().cloned().collect();
    let mut list = Vec::new();
    for table in tables {
        let table = table.read();
        if !table.deleted {
            list.push(table.identifier(ctx));
        }
    }
    Ok(ctx.process.heap.list(&list))
}

fn give_away(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Any, |ctx, mut table| {
        if table.owner != ctx.process.pid {
            return Err(because("access").into());
        }
        let to = args[1].as_pid().ok_or_else(Exception::badarg)?;
        if to == table.owner {
            return Err(because("owner").into());
        }
        if ctx.vm.processes.find(to).is_none() {
            return Err(Exception::badarg().into());
        }
        ctx.vm.natives.tables.transfer(ctx.vm, &mut table, to, args[2]);
        Ok(())
    })?;
    Ok(TRUE)
}

fn setopts(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    writing(ctx, args[0], Access::Write, |ctx, mut table| {
        if table.owner != ctx.process.pid {
            return Err(because("not_owner").into());
        }
        let options = if args[1].is_tuple() { vec![args[1]] } else { argument::list(args[1])? };
        // Each may be named once.
        let names: Vec<&str> =
            options.iter().filter_map(|term| Some(name_of(*term.as_tuple()?.first()?))).collect();
        if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
            return Err(Exception::badarg().into());
        }
        for term in options {
            match term.as_tuple() {
                Some(&[key, value]) if name_of(key) == "protection" => table.protection = protection(value)?,
                Some(&[key, ..]) if name_of(key) == "heir" => {
                    option(&mut table, &mut Kind::Set, &mut 0, term)?;
                }
                _ => return Err(Exception::badarg().into()),
            }
        }
        Ok(())
    })?;
    Ok(TRUE)
}

/// What `info/1` shows, in its order.
const SHOWN: &[&str] = &[
    "id",
    "decentralized_counters",
    "read_concurrency",
    "write_concurrency",
    "compressed",
    "memory",
    "owner",
    "heir",
    "name",
    "size",
    "node",
    "named_table",
    "type",
    "keypos",
    "protection",
];

/// The words that locks and other consequences of a table's options take in OTP.
fn extra_words(table: &Table) -> isize {
    let is_ordered = table.contents.kind == Kind::OrderedSet;
    let locks = match (table.write_concurrency != Term::bool(false), table.read_concurrency) {
        (false, false) => 0,
        (false, true) => 32,
        // Another kind of tree.
        (true, _) if is_ordered => return -6,
        (true, false) => 1056,
        (true, true) => 3104,
    };
    let counters = if table.decentralized_counters { 34 } else { 0 };
    // A compressed object says where its parts are.
    let marks = if table.compressed { table.contents.size().cast_signed() } else { 0 };
    locks + counters + marks
}

/// `{Buckets, Average, Deviation, Expected, Shortest, Longest, Held, Locks}` of the chains of a hashed table, where `Held`
/// are the objects that wait for walkers; of an ordered one nothing, or what its tree would be with one lock.
fn stats(ctx: &mut NativeContext<'_>, table: &Table) -> Term {
    let concurrent = table.write_concurrency != Term::bool(false);
    let heap = &mut ctx.process.heap;
    let Some(chains) = table.contents.chains() else {
        let tree = [Term::small(0), Term::small(1), Term::small(0)];
        return if concurrent { heap.tuple(&tree) } else { Term::bool(false) };
    };
    let count = chains.len() as f64;
    let sum: usize = chains.iter().sum();
    let squares: usize = chains.iter().map(|length| length * length).sum();
    let average = sum as f64 / count;
    let deviation = (squares as f64 / count - average * average).sqrt();
    let expected = (average * (1.0 - 1.0 / count)).sqrt();
    let small = |number: usize| Term::small(number as i64);
    let mut short = |number: f64| heap.float(f64::from(number as f32));
    let (average, deviation, expected) = (short(average), short(deviation), short(expected));
    let (least, most) = (chains.iter().min().copied(), chains.iter().max().copied());
    heap.tuple(&[
        small(chains.len()),
        average,
        deviation,
        expected,
        small(least.unwrap_or(0)),
        small(most.unwrap_or(0)),
        small(table.contents.held()),
        small(if concurrent { 64 } else { 1 }),
    ])
}

fn item(ctx: &mut NativeContext<'_>, table: &Table, item: &str) -> Option<Term> {
    Some(match item {
        "id" => ctx.process.heap.reference(table.id, None),
        "decentralized_counters" => Term::bool(table.decentralized_counters),
        "read_concurrency" => Term::bool(table.read_concurrency),
        "write_concurrency" => table.write_concurrency,
        "compressed" => Term::bool(table.compressed),
        "memory" => Term::small((table.contents.memory().cast_signed() + extra_words(table)) as i64),
        "stats" => return Some(stats(ctx, table)),
        "owner" => Term::pid(table.owner),
        "heir" => match &table.heir {
            Some((heir, _)) if ctx.vm.processes.find(*heir).is_some() => Term::pid(*heir),
            _ => named("none"),
        },
        "name" => Term::atom(table.name),
        "size" => Term::small(table.contents.size() as i64),
        "node" => Term::atom(atom::NONODE_NOHOST),
        "named_table" => Term::bool(table.is_named),
        "type" => named(table.contents.kind.name()),
        "keypos" => Term::small(table.contents.position as i64 + 1),
        "protection" => named(match table.protection {
            Protection::Public => "public",
            Protection::Protected => "protected",
            Protection::Private => "private",
        }),
        "fixed" => Term::bool(!table.fixes.is_empty()),
        "binary" => Term::NIL,
        "safe_fixed" | "safe_fixed_monotonic_time" if table.fixes.is_empty() => Term::bool(false),
        "safe_fixed" | "safe_fixed_monotonic_time" => {
            let heap = &mut ctx.process.heap;
            let since = if item == "safe_fixed" {
                let micros = (table.fixed_since + crate::sys::clock::time_offset_nanoseconds()) / 1000;
                let parts = [micros / 1_000_000_000_000, micros / 1_000_000 % 1_000_000, micros % 1_000_000];
                heap.tuple(&parts.map(Term::small))
            } else {
                heap.integer(table.fixed_since)
            };
            let mut list = Vec::new();
            for (pid, count) in &table.fixes {
                let pair = [Term::pid(*pid), Term::small(*count as i64)];
                list.push(heap.tuple(&pair));
            }
            let list = heap.list(&list);
            heap.tuple(&[since, list])
        }
        _ => return None,
    })
}

fn info_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !may_be_table(args[0]) {
        return Err(no_table(args[0]).into());
    }
    let list = reading(ctx, args[0], Access::Any, |ctx, table| {
        let mut list = Vec::new();
        for &name in SHOWN {
            let value = item(ctx, &table, name).unwrap_or(Term::NIL);
            list.push(ctx.process.heap.tuple(&[named(name), value]));
        }
        Ok(ctx.process.heap.list(&list))
    });
    // Only one that is gone cannot be read by everybody.
    Ok(list.unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn info_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !may_be_table(args[0]) {
        return Err(no_table(args[0]).into());
    }
    match reading(ctx, args[0], Access::Any, |ctx, table| Ok(item(ctx, &table, name_of(args[1])))) {
        Ok(value) => Ok(value.ok_or_else(Exception::badarg)?),
        Err(_) => Ok(Term::atom(atom::UNDEFINED)),
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "new"/2 => new;
        "delete"/1 => delete;
        "rename"/2 => rename;
        "whereis"/1 => whereis;
        "all"/0 => all;
        "give_away"/3 => give_away;
        "setopts"/2 => setopts;
        "info"/1 => info_1;
        "info"/2 => info_2;
    }
};
