//! What things are called: pids, ports, references and funs as text; nodes; unique values.

use crate::atom::{self, Atom};
use crate::bif::argument::{self, ascii, name_of, named};
use crate::bif::{FunctionCall, Interrupt, Native, NativeContext, NativeResult};
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Kind, Pid, Term, display, map, portable_hash};

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

/// `spawn/4` and its like: on this node, they are those without a node.
fn spawn_on(name: &'static str, args: &[Term]) -> NativeResult {
    if argument::atom(args[0])? != atom::NONODE_NOHOST {
        return Err(Exception::badarg().into());
    }
    Err(Interrupt::Call(Box::new(FunctionCall {
        module: atom::ERLANG,
        function: argument::atom(named(name))?,
        arguments: args[1..].to_vec(),
    })))
}

fn spawn_4(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on("spawn", args)
}

fn spawn_link_4(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on("spawn_link", args)
}

fn spawn_monitor_4(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on("spawn_monitor", args)
}

fn spawn_opt_5(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on("spawn_opt", args)
}

fn node_0(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::atom(atom::NONODE_NOHOST))
}

fn node_1(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let term = args[0];
    match term.kind() {
        Some(Kind::ExternalPid | Kind::ExternalPort | Kind::ExternalRef) => Ok(external_node(term)),
        _ if term.is_pid() || term.is_port() || term.is_reference() => Ok(Term::atom(atom::NONODE_NOHOST)),
        _ => Err(Exception::badarg().into()),
    }
}

/// The name of the node that an identifier of another node belongs to: the last word of its object.
pub(crate) fn external_node(term: Term) -> Term {
    crate::term::as_terms(term.boxed_words()).last().copied().unwrap_or(Term::NIL)
}

fn nodes_0(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::NIL)
}

fn nodes_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let kinds = match args[0].to_vec() {
        Some(kinds) => kinds,
        None => vec![args[0]],
    };
    let mut own = false;
    for kind in kinds {
        match name_of(kind) {
            "this" | "known" => own = true,
            "visible" | "hidden" | "connected" => {}
            _ => return Err(Exception::badarg().into()),
        }
    }
    if !own {
        return Ok(Term::NIL);
    }
    Ok(ctx.process.heap.cons(Term::atom(atom::NONODE_NOHOST), Term::NIL))
}

/// The nodes of `nodes/1`, each with what a map of options asks for: how it is connected, and of what type it is.
fn nodes_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let nodes = nodes_1(ctx, args)?;
    if !args[1].is_map() {
        return Err(Exception::badarg().into());
    }
    let mut info = Vec::new();
    for (key, wanted) in map::pairs(args[1]) {
        let value = match name_of(key) {
            "connection_id" => Term::atom(atom::UNDEFINED),
            "node_type" => named("this"),
            _ => return Err(Exception::badarg().into()),
        };
        if wanted.as_bool().ok_or_else(Exception::badarg)? {
            info.push((key, value));
        }
    }
    let heap = &mut ctx.process.heap;
    let Some((node, _)) = nodes.as_cons() else { return Ok(Term::NIL) };
    let info = crate::heap::map::from_pairs(heap, &info);
    let pair = heap.tuple(&[node, info]);
    Ok(heap.list(&[pair]))
}

/// `disconnect_node/1`, as long as no node can be connected.
fn disconnect_node(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(named("ignored"))
}

fn is_alive(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::bool(false))
}

fn get_cookie(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::atom(atom::COOKIE_NONE))
}

fn monitor_node(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (node, on) = (argument::atom(args[0])?, args[1].as_bool().ok_or_else(Exception::badarg)?);
    if on && node != atom::NONODE_NOHOST {
        // No other node can be reached.
        let message = ctx.process.heap.tuple(&[named("nodedown"), args[0]]);
        super::message::send(ctx.process, ctx.vm, Term::pid(ctx.process.pid), message)?;
    }
    Ok(Term::bool(true))
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
        "spawn"/2 => spawn_4;
        "spawn"/4 => spawn_4;
        "spawn_link"/2 => spawn_link_4;
        "spawn_link"/4 => spawn_link_4;
        "spawn_monitor"/2 => spawn_monitor_4;
        "spawn_monitor"/4 => spawn_monitor_4;
        "spawn_opt"/3 => spawn_opt_5;
        "spawn_opt"/5 => spawn_opt_5;
        "node"/0 => node_0;
        "node"/1 => node_1;
        "nodes"/0 => nodes_0;
        "nodes"/1 => nodes_1;
        "nodes"/2 => nodes_2;
        "disconnect_node"/1 => disconnect_node;
        "is_alive"/0 => is_alive;
        "get_cookie"/0 => get_cookie;
        "get_cookie"/1 => get_cookie;
        "monitor_node"/2 => monitor_node;
        "monitor_node"/3 => monitor_node;
    }
};
