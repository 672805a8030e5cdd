//! Nodes: this one, and what is asked of others, none of which can be reached.

use crate::atom;
use crate::bif::argument::{self, badopt, name_of, named};
use crate::bif::{FunctionCall, Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Kind, Term, map};

/// `spawn/4` and its like: on this node, they are those without a node. Elsewhere a process of this node stands for the
/// one that cannot be started, tells of it, and ends.
fn spawn_on(
    ctx: &mut NativeContext<'_>,
    name: &'static str,
    args: &[Term],
    options: Option<Term>,
) -> NativeResult {
    let here = argument::atom(args[0])? == atom::NONODE_NOHOST;
    let rest = if options.is_some() { &args[1..] } else { &args[1..args.len() - 1] };
    let mfa = match *rest {
        [fun] if fun.is_fun() => {
            let arguments = ctx.process.heap.list(&[fun, Term::NIL]);
            [Term::atom(atom::ERLANG), Term::atom(atom::APPLY), arguments]
        }
        [module, function, arguments]
            if module.is_atom() && function.is_atom() && arguments.to_vec().is_some() =>
        {
            [module, function, arguments]
        }
        _ => return Err(Exception::badarg().into()),
    };
    if here {
        return Err(Interrupt::Call(Box::new(FunctionCall {
            module: atom::ERLANG,
            function: argument::atom(named(name))?,
            arguments: args[1..].to_vec(),
        })));
    }
    super::spawn::not_started(ctx, args[0], mfa, options.unwrap_or(args[args.len() - 1]))
}

fn spawn_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on(ctx, "spawn", args, Some(Term::NIL))
}

fn spawn_link_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let options = ctx.process.heap.list(&[Term::atom(atom::LINK)]);
    spawn_on(ctx, "spawn_link", args, Some(options))
}

fn spawn_monitor_4(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let options = ctx.process.heap.list(&[Term::atom(atom::MONITOR)]);
    spawn_on(ctx, "spawn_monitor", args, Some(options))
}

fn spawn_opt_5(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    spawn_on(ctx, "spawn_opt", args, None)
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

/// `erlang:get_cookie/0,1`: there is none.
fn get_cookie(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&node) = args.first() {
        argument::atom(node)?;
    }
    Ok(Term::atom(atom::COOKIE_NONE))
}

/// `erlang:set_cookie/1,2`: only what takes part in distribution has one.
fn set_cookie(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args.iter().all(|term| term.is_atom())
        || (args.len() == 2 && args[0] == Term::atom(atom::NONODE_NOHOST))
    {
        return Err(Exception::badarg().into());
    }
    Err(Interrupt::Call(Box::new(FunctionCall {
        module: argument::atom(named("auth"))?,
        function: argument::atom(named("set_cookie"))?,
        arguments: args.to_vec(),
    })))
}

fn monitor_node(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(&options) = args.get(2) {
        let known =
            |options: Vec<Term>| options.iter().all(|&option| name_of(option) == "allow_passive_connect");
        if !options.to_vec().is_some_and(known) {
            return Err(badopt().into());
        }
    }
    let node = argument::atom(args[0])?;
    if node == atom::NONODE_NOHOST {
        args[1].as_bool().ok_or_else(Exception::badarg)?;
        return Ok(Term::bool(true));
    }
    Err(Exception::error(Term::atom(atom::NOTALIVE)).into())
}

/// `erlang:setnode/2,3` and what is asked of a connection: there is no distribution.
fn no_node(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Err(Exception::badarg().into())
}

fn no_connection(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Err(Exception::error(Term::atom(atom::NOTSUP)).into())
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
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
        "set_cookie"/1 => set_cookie;
        "set_cookie"/2 => set_cookie;
        "monitor_node"/2 => monitor_node;
        "monitor_node"/3 => monitor_node;
        "setnode"/2 => no_node;
        "setnode"/3 => no_node;
        "dist_get_stat"/1 => no_node;
        "dist_ctrl_put_data"/2 => no_node;
        "dist_ctrl_get_data"/1 => no_connection;
        "dist_ctrl_get_data_notification"/1 => no_connection;
        "dist_ctrl_get_opt"/2 => no_connection;
        "dist_ctrl_set_opt"/3 => no_connection;
        "dist_ctrl_input_handler"/2 => no_connection;
    }
};
