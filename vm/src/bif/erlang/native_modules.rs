//! Modules that have no BEAM file, only native functions: what `module_info` and its like say of them.

use crate::atom::{self, Atom};
use crate::bif::argument::name_of;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use md5::{Digest as _, Md5};
use std::collections::BTreeSet;

/// Their names, in the order of the functions below.
pub(super) const NAMES: [&str; 6] =
    ["erlang", "erts_internal", "atomics", "counters", "persistent_term", "prim_file"];

/// Is it one of them?
pub(crate) fn is_native(module: Atom) -> bool {
    NAMES.contains(&module.text())
}

/// The names and arities of a module's functions.
fn functions(ctx: &NativeContext<'_>, module: Atom) -> BTreeSet<(&'static str, u32)> {
    let all = ctx.vm.code.exports().all();
    let own = all.into_iter().filter(|export| export.module == module && export.native.is_some());
    own.map(|export| (export.function.text(), export.arity)).collect()
}

/// An item of `module_info/1`; `None` if there is no such one.
pub(super) fn item(ctx: &mut NativeContext<'_>, module: Atom, item: Atom) -> Option<Term> {
    Some(match item {
        atom::MODULE => Term::atom(module),
        atom::EXPORTS | atom::FUNCTIONS => {
            let mut list = Vec::new();
            for (name, arity) in functions(ctx, module) {
                let name = Atom::own(name);
                list.push(ctx.process.heap.tuple(&[Term::atom(name), Term::small(i64::from(arity))]));
            }
            ctx.process.heap.list(&list)
        }
        atom::NIFS | atom::ATTRIBUTES | atom::COMPILE => Term::NIL,
        atom::MD5 => {
            let text: String =
                functions(ctx, module).iter().map(|(name, arity)| format!("{name}/{arity} ")).collect();
            ctx.process.heap.binary(&Md5::digest(text))
        }
        atom::NATIVE => Term::bool(false),
        _ if name_of(Term::atom(item)) == "native_addresses" => Term::NIL,
        _ => return None,
    })
}

/// All that `module_info/0` shows.
pub(super) fn info(ctx: &mut NativeContext<'_>, module: Atom) -> Term {
    let mut list = Vec::new();
    for name in [atom::MODULE, atom::EXPORTS, atom::ATTRIBUTES, atom::COMPILE, atom::MD5] {
        if let Some(value) = item(ctx, module, name) {
            list.push(ctx.process.heap.tuple(&[Term::atom(name), value]));
        }
    }
    ctx.process.heap.list(&list)
}

fn info_0<const MODULE: usize>(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(info(ctx, Atom::own(NAMES[MODULE])))
}

fn info_1<const MODULE: usize>(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    Ok(item(ctx, Atom::own(NAMES[MODULE]), name).ok_or_else(Exception::badarg)?)
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" { "module_info"/0 => info_0::<0>; "module_info"/1 => info_1::<0>; }
    "erts_internal" { "module_info"/0 => info_0::<1>; "module_info"/1 => info_1::<1>; }
    "atomics" { "module_info"/0 => info_0::<2>; "module_info"/1 => info_1::<2>; }
    "counters" { "module_info"/0 => info_0::<3>; "module_info"/1 => info_1::<3>; }
    "persistent_term" { "module_info"/0 => info_0::<4>; "module_info"/1 => info_1::<4>; }
    "prim_file" { "module_info"/0 => info_0::<5>; "module_info"/1 => info_1::<5>; }
};
