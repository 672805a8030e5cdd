//! Code: loading, deleting, purging, asking about modules.

use super::{load_report, native_modules};
use crate::atom::{self, Atom};
use crate::bif::argument::{because, named};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::code::instance::Instance;
use crate::code::loader::{self, LoadError, Prepared};
use crate::code::module_table::CommitError;
use crate::code::purge;
use crate::code::purger::{self, Manner, Outcome, Wish};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::proc::{Process, Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};

/// Code prepared by `prepare_loading/2`, by the number of the reference that stands for it.
static PREPARED: LazyLock<Mutex<HashMap<u64, Prepared>>> = LazyLock::new(Mutex::default);

/// Reductions of a purge, beside those for looking at every process.
const PURGE_COST: usize = 100;

/// `{error, badfile}`: what exactly is wrong goes to the log.
fn refused(ctx: &mut NativeContext<'_>, module: Atom, error: &LoadError) -> Term {
    load_report::report(ctx.vm, ctx.process, module, error);
    failure(ctx, atom::BADFILE)
}

fn prepare_loading(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let bytes = args[1].as_binary().ok_or_else(Exception::badarg)?;
    match loader::prepare(&ctx.vm.code, Some(name), &bytes) {
        Ok(prepared) => {
            let number = ctx.vm.next_reference();
            PREPARED.lock().insert(number, prepared);
            Ok(ctx.process.heap.reference(number, None))
        }
        Err(error) => Ok(refused(ctx, name, &error)),
    }
}

fn failure(ctx: &mut NativeContext<'_>, reason: Atom) -> Term {
    ctx.process.heap.tuple(&[Term::atom(atom::ERROR), Term::atom(reason)])
}

fn has_prepared_on_load(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let _ = &ctx;
    let number = args[0].as_ref_number().ok_or_else(Exception::badarg)?;
    let prepared = PREPARED.lock();
    let prepared = prepared.get(&number).ok_or_else(Exception::badarg)?;
    Ok(Term::bool(prepared.instance.on_load.is_some()))
}

fn finish_loading(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let references = args[0].to_vec().ok_or_else(Exception::badarg)?;
    let mut modules = Vec::new();
    {
        let mut prepared = PREPARED.lock();
        for reference in &references {
            let number = reference.as_ref_number().ok_or_else(Exception::badarg)?;
            if !prepared.contains_key(&number) {
                return Err(Exception::badarg().into());
            }
        }
        for reference in &references {
            modules.extend(reference.as_ref_number().and_then(|number| prepared.remove(&number)));
        }
    }
    commit(ctx, modules)
}

fn commit(ctx: &mut NativeContext<'_>, modules: Vec<Prepared>) -> NativeResult {
    match ctx.vm.code.commit(modules) {
        Ok(instances) => {
            for instance in instances.iter().filter(|instance| instance.on_load.is_none()) {
                trace_no_more(ctx.vm, instance.name);
            }
            let waiting: Vec<Term> = instances
                .iter()
                .filter(|instance| instance.on_load.is_some())
                .map(|instance| Term::atom(instance.name))
                .collect();
            if waiting.is_empty() {
                return Ok(Term::atom(atom::OK));
            }
            let list = ctx.process.heap.list(&waiting);
            Ok(ctx.process.heap.tuple(&[Term::atom(atom::ON_LOAD), list]))
        }
        Err(CommitError::NotPurged(name)) => {
            let list = ctx.process.heap.list(&[Term::atom(name)]);
            Ok(ctx.process.heap.tuple(&[Term::atom(atom::NOT_PURGED), list]))
        }
    }
}

/// The current code of a module has changed: its functions are traced no more.
fn trace_no_more(vm: &Vm, module: Atom) {
    let former = vm.code.versions(module).and_then(|versions| versions.old);
    vm.trace.breakpoints.forget(module, former.as_deref());
}

fn load_module(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let bytes = args[1].as_binary().ok_or_else(Exception::badarg)?;
    let prepared = match loader::prepare(&ctx.vm.code, Some(name), &bytes) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(refused(ctx, name, &error)),
    };
    let on_load = prepared.instance.on_load.is_some();
    match ctx.vm.code.commit(vec![prepared]) {
        Ok(_) if on_load => Ok(failure(ctx, atom::ON_LOAD)),
        Ok(_) => {
            trace_no_more(ctx.vm, name);
            Ok(ctx.process.heap.tuple(&[Term::atom(atom::MODULE), Term::atom(name)]))
        }
        Err(CommitError::NotPurged(_)) => Ok(failure(ctx, atom::NOT_PURGED)),
    }
}

fn call_on_load(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let loading =
        ctx.vm.code.versions(name).and_then(|versions| versions.loading).ok_or_else(Exception::badarg)?;
    let word = loading.on_load.ok_or_else(Exception::badarg)?;
    Err(Interrupt::Enter(loading.address(word)))
}

fn finish_after_on_load(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let keep = args[1].as_bool().ok_or_else(Exception::badarg)?;
    ctx.vm.code.finish_on_load(name, keep);
    if keep {
        trace_no_more(ctx.vm, name);
    }
    Ok(Term::bool(true))
}

fn delete_module(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    match ctx.vm.code.delete(name) {
        Some(true) => {
            trace_no_more(ctx.vm, name);
            Ok(Term::bool(true))
        }
        Some(false) => Ok(Term::atom(atom::UNDEFINED)),
        None => Err(Exception::badarg().into()),
    }
}

fn module_loaded(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let loaded = ctx.vm.code.versions(name).is_some_and(|versions| versions.current.is_some());
    Ok(Term::bool(loaded || native_modules::is_native(name)))
}

fn check_old_code(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    Ok(Term::bool(ctx.vm.code.versions(name).is_some_and(|versions| versions.old.is_some())))
}

fn loaded(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let mut names: Vec<Term> = ctx.vm.code.loaded().into_iter().map(Term::atom).collect();
    names.extend(native_modules::NAMES.map(named));
    Ok(ctx.process.heap.list(&names))
}

fn pre_loaded(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let mut names = native_modules::NAMES.map(named).to_vec();
    names.push(Term::atom(atom::INIT));
    Ok(ctx.process.heap.list(&names))
}

/// Module, function and arity; `None` for an arity that no function has.
fn function_name(args: &[Term]) -> Result<Option<(Atom, Atom, u32)>, Exception> {
    let (Some(module), Some(function), true) = (args[0].as_atom(), args[1].as_atom(), args[2].is_integer())
    else {
        return Err(Exception::badarg());
    };
    let arity = args[2].as_usize().filter(|&arity| arity <= 255);
    Ok(arity.map(|arity| (module, function, arity as u32)))
}

fn function_exported(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some((module, function, arity)) = function_name(args)? else { return Ok(Term::bool(false)) };
    Ok(Term::bool(ctx.vm.code.is_exported(module, function, arity)))
}

/// Functions of `erlang` that are native here but not in OTP, where programs may tell.
#[rustfmt::skip]
const WRITTEN_IN_ERLANG: &[(&str, u32)] = &[
    ("alias", 0), ("atom_to_binary", 1), ("binary_to_atom", 1), ("binary_to_existing_atom", 1),
    ("check_process_code", 2), ("check_process_code", 3), ("convert_time_unit", 3), ("disconnect_node", 1),
    ("fun_info", 1), ("garbage_collect", 0), ("garbage_collect", 1), ("garbage_collect", 2), ("get_cookie", 0),
    ("get_cookie", 1), ("group_leader", 2), ("halt", 0), ("halt", 1), ("is_alive", 0), ("load_module", 2),
    ("localtime_to_universaltime", 1), ("max", 2), ("memory", 0), ("memory", 1), ("min", 2), ("open_port", 2),
    ("port_call", 2), ("port_call", 3), ("port_close", 1), ("port_command", 2), ("port_command", 3),
    ("port_connect", 2), ("port_control", 3), ("port_info", 1), ("port_info", 2), ("process_display", 2),
    ("process_flag", 3), ("purge_module", 1), ("send_nosuspend", 2), ("send_nosuspend", 3), ("set_cookie", 1),
    ("set_cookie", 2), ("spawn", 1), ("spawn", 2), ("spawn", 4), ("spawn_link", 1), ("spawn_link", 2),
    ("spawn_link", 4), ("spawn_monitor", 1), ("spawn_monitor", 2), ("spawn_monitor", 3), ("spawn_monitor", 4),
    ("spawn_opt", 2), ("spawn_opt", 3), ("spawn_opt", 5), ("spawn_request", 1), ("spawn_request", 2),
    ("spawn_request", 3), ("spawn_request", 4), ("spawn_request", 5), ("suspend_process", 1), ("suspend_process", 2),
    ("trace", 3), ("trace_pattern", 2), ("trace_pattern", 3),
];

fn is_builtin(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some((module, function, arity)) = function_name(args)? else { return Ok(Term::bool(false)) };
    if module == atom::ERLANG && WRITTEN_IN_ERLANG.contains(&(function.text(), arity)) {
        return Ok(Term::bool(false));
    }
    let export = ctx.vm.code.find_export(module, function, arity);
    Ok(Term::bool(export.is_some_and(|export| export.native.is_some())))
}

fn check_process_code(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().ok_or_else(Exception::badarg)?;
    let name = args[1].as_atom().ok_or_else(Exception::badarg)?;
    let mut asynchronous = None;
    if let Some(options) = args.get(2) {
        for option in options.to_vec().ok_or_else(|| because("bad_option"))? {
            match option.as_tuple() {
                Some([key, value]) if *key == Term::atom(atom::ASYNC) => {
                    asynchronous = Some(OwnedTerm::new(*value))
                }
                Some([key, value]) if *key == Term::atom(atom::ALLOW_GC) && value.as_bool().is_some() => {}
                _ => return Err(because("bad_option").into()),
            }
        }
    }
    let old = ctx.vm.code.versions(name).and_then(|versions| versions.old);
    let own = ctx.process.pid;
    if let Some(tag) = asynchronous {
        let vm = ctx.vm.clone();
        let standing = old.as_ref().and_then(|old| uses_standing(ctx, pid, old));
        let run = move |target: Option<&mut Process>| {
            let answer = Term::bool(match (target, old) {
                (Some(process), Some(old)) => purge::uses(process, &old),
                _ => standing.unwrap_or(false),
            });
            let message = OwnedTerm::build(|memory| {
                let tag = tag.copy_to(memory);
                memory.tuple(&[Term::atom(atom::CHECK_PROCESS_CODE), tag, answer])
            });
            vm.send_message(own, message);
        };
        if standing.is_some() {
            run(None);
        } else {
            ctx.vm.send(Signal::new(own, pid, SignalBody::Ask(Box::new(run))));
        }
        return Ok(Term::atom(atom::ASYNC));
    }
    let Some(old) = old else { return Ok(Term::bool(false)) };
    if pid == own {
        // The caller's own place is its return address, which is on its stack.
        return Ok(Term::bool(purge::uses_on_stack(ctx.process, &old)));
    }
    if let Some(uses) = uses_standing(ctx, pid, &old) {
        return Ok(Term::bool(uses));
    }
    Err(super::process::ask(ctx, pid, move |target, _| {
        Term::bool(target.is_some_and(|process| purge::uses(process, &old)))
    }))
}

/// Whether a process uses old code, if it is in a native function that may block: that is not waited for.
fn uses_standing(ctx: &NativeContext<'_>, pid: Pid, old: &Instance) -> Option<bool> {
    ctx.vm.dirty.look_at(pid, |standing| purge::uses_standing(standing, old))
}

/// Purges old code of a module: its outcome at once, or as the reply to the request that is awaited.
fn purge_old(
    ctx: &mut NativeContext<'_>,
    old: Arc<Instance>,
    manner: Manner,
    to_value: fn(Outcome) -> OwnedTerm,
) -> NativeResult {
    let (caller, request) = (ctx.process.pid, ctx.vm.next_request());
    ctx.charge(PURGE_COST + ctx.vm.processes.count() / 8);
    let wish = Wish { old, manner, caller, request, to_value };
    match purger::purge(ctx.vm, ctx.process, &wish) {
        Some(outcome) => Ok(to_value(outcome).copy_to(&mut ctx.process.heap)),
        None => Err(Interrupt::Await(request)),
    }
}

/// `erts_internal:purge_module(Module, kill | soft)`: `{HadOld, Killed}`, or `false` if old code is in use.
fn purge_module(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let manner = match args[1].as_atom() {
        Some(atom::KILL) => Manner::Kill,
        Some(atom::SOFT) => Manner::Soft,
        _ => return Err(Exception::badarg().into()),
    };
    let Some(old) = ctx.vm.code.versions(name).and_then(|versions| versions.old) else {
        return Ok(ctx.process.heap.tuple(&[Term::bool(false), Term::bool(false)]));
    };
    purge_old(ctx, old, manner, |outcome| match outcome {
        Outcome::InUse => OwnedTerm::new(Term::bool(false)),
        Outcome::Gone { killed } => {
            OwnedTerm::build(|memory| memory.tuple(&[Term::bool(true), Term::bool(killed)]))
        }
    })
}

/// `erlang:purge_module/1`: there must be old code.
fn purge_module_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = args[0].as_atom().ok_or_else(Exception::badarg)?;
    let old = ctx.vm.code.versions(name).and_then(|versions| versions.old).ok_or_else(Exception::badarg)?;
    purge_old(ctx, old, Manner::Kill, |_| OwnedTerm::new(Term::bool(true)))
}

/// Items of `get_module_info/2`.
fn module_item(ctx: &mut NativeContext<'_>, instance: &Instance, item: Atom) -> Option<Term> {
    let heap = &mut ctx.process.heap;
    let pair = |heap: &mut crate::heap::Heap, name: Atom, arity: u32| {
        heap.tuple(&[Term::atom(name), Term::small(i64::from(arity))])
    };
    Some(match item {
        atom::MODULE => Term::atom(instance.name),
        atom::EXPORTS => {
            // The last one first that became known, be it as an exported function or as a constant before.
            let mut exports: Vec<_> = instance.exports.iter().map(|(export, _)| *export).collect();
            exports.sort_by_key(|export| std::cmp::Reverse(export.number.load(Ordering::Relaxed)));
            let list: Vec<Term> =
                exports.iter().map(|export| pair(heap, export.function, export.arity)).collect();
            heap.list(&list)
        }
        atom::FUNCTIONS => {
            let list: Vec<Term> =
                instance.functions.iter().map(|function| pair(heap, function.name, function.arity)).collect();
            heap.list(&list)
        }
        atom::NIFS => Term::NIL,
        atom::ATTRIBUTES => instance.attributes.copy_to(heap),
        atom::COMPILE => instance.compile_info.copy_to(heap),
        atom::MD5 => heap.binary(&instance.md5),
        atom::NATIVE => Term::bool(false),
        _ => return None,
    })
}

fn current_instance(ctx: &NativeContext<'_>, module: Term) -> Result<Arc<Instance>, Exception> {
    let name = module.as_atom().ok_or_else(Exception::badarg)?;
    ctx.vm.code.versions(name).and_then(|versions| versions.current).ok_or_else(Exception::badarg)
}

fn get_module_info_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(module) = args[0].as_atom().filter(|&name| native_modules::is_native(name)) {
        let name = args[1].as_atom().ok_or_else(Exception::badarg)?;
        return Ok(native_modules::item(ctx, module, name).ok_or_else(Exception::badarg)?);
    }
    let instance = current_instance(ctx, args[0])?;
    let item = args[1].as_atom().ok_or_else(Exception::badarg)?;
    Ok(module_item(ctx, &instance, item).ok_or_else(Exception::badarg)?)
}

fn get_module_info_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(module) = args[0].as_atom().filter(|&name| native_modules::is_native(name)) {
        return Ok(native_modules::info(ctx, module));
    }
    let instance = current_instance(ctx, args[0])?;
    let mut list = Vec::new();
    for item in [atom::MODULE, atom::EXPORTS, atom::ATTRIBUTES, atom::COMPILE, atom::MD5] {
        if let Some(value) = module_item(ctx, &instance, item) {
            list.push(ctx.process.heap.tuple(&[Term::atom(item), value]));
        }
    }
    Ok(ctx.process.heap.list(&list))
}

/// `load_nif/2`: libraries in the machine's own code are not taken in. Programs that can do without them hear of it as
/// they hear of one that is missing.
fn load_nif(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let path = crate::bif::argument::characters(args[0]).ok_or_else(Exception::badarg)?;
    let file = format!("{path}.so");
    let why = if std::path::Path::new(&file).exists() {
        "this system takes in no libraries"
    } else {
        "cannot open shared object file: No such file or directory"
    };
    let heap = &mut ctx.process.heap;
    let text = heap.string(&format!("Failed to load NIF library: '{file}: {why}'"));
    let reason = heap.tuple(&[named("load_failed"), text]);
    Ok(crate::bif::argument::error(heap, reason))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "load_nif"/2 = dirty => load_nif;
        "prepare_loading"/2 => prepare_loading;
        "has_prepared_code_on_load"/1 => has_prepared_on_load;
        "finish_loading"/1 => finish_loading;
        "load_module"/2 => load_module;
        "call_on_load_function"/1 => call_on_load;
        "finish_after_on_load"/2 => finish_after_on_load;
        "delete_module"/1 => delete_module;
        "purge_module"/1 => purge_module_1;
        "module_loaded"/1 => module_loaded;
        "check_old_code"/1 => check_old_code;
        "loaded"/0 => loaded;
        "pre_loaded"/0 => pre_loaded;
        "function_exported"/3 => function_exported;
        "is_builtin"/3 => is_builtin;
        "check_process_code"/2 => check_process_code;
        "check_process_code"/3 => check_process_code;
        "get_module_info"/1 => get_module_info_1;
        "get_module_info"/2 => get_module_info_2;
    }
    "erts_internal" {
        "purge_module"/2 => purge_module;
    }
};
