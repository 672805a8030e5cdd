//! What things are called: pids, ports, references and funs as text; nodes; unique values.

use crate::atom::{self, Atom};
use crate::bif::argument::{self, ascii, name_of};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Kind, Pid, Term, display, portable_hash};

fn make_ref(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let number = ctx.vm.next_reference();
    Ok(ctx.process.heap.reference(number, None))
}

fn unique_integer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&options) = args.first() {
        for option in argument::list(options)? {
            if !matches!(name_of(option), "positive" | "monotonic") {
                return Err(Exception::badarg().into());
            }
        }
    }
    let number = ctx.vm.next_unique();
    Ok(ctx.process.heap.unsigned(number))
}

macro_rules! texts {
    ($($native:ident => $test:expr;)*) => {
        $(fn $native(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let test: fn(Term) -> bool = $test;
            if !test(args[0]) {
                return Err(Exception::badarg().into());
            }
            Ok(ctx.process.heap.string(&display(args[0])))
        })*
    };
}

texts! {
    pid_to_list => |term| term.is_pid();
    port_to_list => |term| term.is_port();
    ref_to_list => |term| term.is_reference();
    fun_to_list => |term| term.is_fun();
}

/// The numbers of `text`, which is `start`, numbers with points between them, and `>`.
fn numbers(text: &str, start: &str) -> Option<Vec<u64>> {
    text.strip_prefix(start)?.strip_suffix('>')?.split('.').map(|part| part.parse().ok()).collect()
}

/// As many serials as in OTP; beyond them, those of processes that are there.
fn list_to_pid(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = ascii(args[0]).ok_or_else(Exception::badarg)?;
    match numbers(&text, "<").as_deref() {
        Some(&[0, number, serial]) => {
            let pid = Pid::new(number, serial);
            let pid = pid.filter(|&pid| serial >> 13 == 0 || ctx.vm.processes.find(pid).is_some());
            Ok(Term::pid(pid.ok_or_else(Exception::badarg)?))
        }
        _ => Err(Exception::badarg().into()),
    }
}

fn list_to_port(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = ascii(args[0]).ok_or_else(Exception::badarg)?;
    match numbers(&text, "#Port<").as_deref() {
        Some(&[0, number]) if number >> 28 == 0 => Ok(Term::port(number)),
        _ => Err(Exception::badarg().into()),
    }
}

fn list_to_ref(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = ascii(args[0]).ok_or_else(Exception::badarg)?;
    match numbers(&text, "#Ref<").as_deref() {
        Some(&[0, high, middle, low]) if high >> 14 == 0 && middle >> 32 == 0 && low >> 18 == 0 => {
            Ok(ctx.process.heap.reference(high << 50 | middle << 18 | low, None))
        }
        _ => Err(Exception::badarg().into()),
    }
}

/// The items of `fun_info/1`, in its order.
const LOCAL_ITEMS: &[Atom] = &[
    atom::PID,
    atom::MODULE,
    atom::NEW_INDEX,
    atom::NEW_UNIQ,
    atom::INDEX,
    atom::UNIQ,
    atom::NAME,
    atom::ARITY,
    atom::ENV,
    atom::TYPE,
];
const EXTERNAL_ITEMS: &[Atom] = &[atom::MODULE, atom::NAME, atom::ARITY, atom::ENV, atom::TYPE];

fn fun_item(ctx: &mut NativeContext<'_>, fun: Term, item: Atom) -> Result<Term, Exception> {
    let heap = &mut ctx.process.heap;
    if let Some(closure) = fun.as_closure() {
        let entry = FunEntry::of(&closure);
        return Ok(match item {
            atom::PID => Term::pid(closure.creator),
            atom::MODULE => Term::atom(entry.module),
            atom::NEW_INDEX | atom::INDEX => Term::small(i64::from(entry.index)),
            atom::NEW_UNIQ => heap.binary(&entry.version),
            atom::UNIQ => Term::small(i64::from(entry.old_uniq)),
            atom::NAME => Term::atom(entry.function),
            atom::ARITY => Term::small(i64::from(entry.arity)),
            atom::ENV => heap.list(closure.environment),
            atom::TYPE => Term::atom(atom::LOCAL),
            _ => return Err(Exception::badarg()),
        });
    }
    let export = Export::of(fun).ok_or_else(Exception::badarg)?;
    Ok(match item {
        atom::MODULE => Term::atom(export.module),
        atom::NAME => Term::atom(export.function),
        atom::ARITY => Term::small(i64::from(export.arity)),
        atom::ENV => Term::NIL,
        atom::TYPE => Term::atom(atom::EXTERNAL),
        atom::PID | atom::NEW_INDEX | atom::NEW_UNIQ | atom::INDEX | atom::UNIQ => {
            Term::atom(atom::UNDEFINED)
        }
        _ => return Err(Exception::badarg()),
    })
}

fn fun_info_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let items = if args[0].as_closure().is_some() { LOCAL_ITEMS } else { EXTERNAL_ITEMS };
    let mut list = Vec::new();
    for &item in items {
        let value = fun_item(ctx, args[0], item)?;
        list.push(ctx.process.heap.tuple(&[Term::atom(item), value]));
    }
    Ok(ctx.process.heap.list(&list))
}

fn fun_info_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let item = argument::atom(args[1])?;
    let value = fun_item(ctx, args[0], item)?;
    Ok(ctx.process.heap.tuple(&[args[1], value]))
}

fn fun_info_mfa(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let module = fun_item(ctx, args[0], atom::MODULE)?;
    let name = fun_item(ctx, args[0], atom::NAME)?;
    let arity = fun_item(ctx, args[0], atom::ARITY)?;
    Ok(ctx.process.heap.tuple(&[module, name, arity]))
}

fn make_fun(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (module, function) = (argument::atom(args[0])?, argument::atom(args[1])?);
    let arity = args[2].as_usize().filter(|&arity| arity <= 255).ok_or_else(Exception::badarg)?;
    let export = ctx.vm.code.export(module, function, arity as u32);
    Ok(ctx.process.heap.boxed(Kind::Export, &[export.word()]))
}

fn phash2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let range = match args.get(1) {
        None => 1 << 27,
        Some(range) => {
            range.as_u64().filter(|range| (1..=1 << 32).contains(range)).ok_or_else(Exception::badarg)?
        }
    };
    let hash = u64::from(portable_hash::phash2(args[0])) % range;
    Ok(ctx.process.heap.unsigned(hash))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "make_ref"/0 => make_ref;
        "unique_integer"/0 => unique_integer;
        "unique_integer"/1 => unique_integer;
        "pid_to_list"/1 => pid_to_list;
        "port_to_list"/1 => port_to_list;
        "ref_to_list"/1 => ref_to_list;
        "fun_to_list"/1 => fun_to_list;
        "list_to_pid"/1 => list_to_pid;
        "list_to_port"/1 => list_to_port;
        "list_to_ref"/1 => list_to_ref;
        "fun_info"/1 => fun_info_1;
        "fun_info"/2 => fun_info_2;
        "fun_info_mfa"/1 => fun_info_mfa;
        "make_fun"/3 => make_fun;
        "phash2"/1 => phash2;
        "phash2"/2 => phash2;
    }
};
