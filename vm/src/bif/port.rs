//! Ports, as `erlang` offers them: opening, commands, what is known about them.

use super::argument::{self, index, name_of, named};
use super::{Interrupt, Native, NativeContext, NativeResult};
use crate::atom::{self, Atom};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::port::descriptor::Descriptor;
use crate::port::framing::{Cutter, Framing};
use crate::port::program::{self, Program, Wishes};
use crate::port::{Driver, Port, State};
use crate::proc::exception::Exception;
use crate::proc::registry::Registered;
use crate::proc::relations::Link;
use crate::sys::posix;
use crate::sys::spawn::{self, Plan};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What follows the name in `open_port/2`.
struct Settings {
    plan: Plan,
    framing: Framing,
    wishes: Wishes,
    is_binary: bool,
    /// `in` and `out`, if given.
    input: bool,
    output: bool,
    changes: Vec<(OsString, Option<OsString>)>,
}

/// The bytes of a file name or text, which holds no zero byte.
fn text(term: Term) -> Result<OsString, Exception> {
    let bytes = match term.as_binary() {
        Some(bytes) => bytes.into_owned(),
        None => super::unicode::text_bytes(term).ok_or_else(Exception::badarg)?,
    };
    if bytes.contains(&0) { Err(Exception::badarg()) } else { Ok(OsString::from_vec(bytes)) }
}

/// The same for a variable, which is a string.
fn variable(term: Term) -> Result<OsString, Exception> {
    if !term.is_list() {
        return Err(argument::badopt());
    }
    text(term).map_err(|_| argument::badopt())
}

fn settings(options: Term, is_executable: bool) -> Result<Settings, Exception> {
    let mut settings = Settings {
        plan: Plan::default(),
        framing: Framing::Stream,
        wishes: Wishes::default(),
        is_binary: false,
        input: false,
        output: false,
        changes: Vec::new(),
    };
    for option in argument::list(options).map_err(|_| argument::badopt())? {
        if option.as_atom().is_some() {
            match name_of(option) {
                "stream" => settings.framing = Framing::Stream,
                "use_stdio" => settings.plan.apart = false,
                "nouse_stdio" => settings.plan.apart = true,
                "stderr_to_stdout" => settings.plan.stderr_to_stdout = true,
                "exit_status" => settings.wishes.exit_status = true,
                "eof" => settings.wishes.eof = true,
                "binary" => settings.is_binary = true,
                "in" => settings.input = true,
                "out" => settings.output = true,
                "hide" | "overlapped_io" => {}
                _ => return Err(argument::badopt()),
            }
            continue;
        }
        let Some(&[key, value]) = option.as_tuple() else { return Err(argument::badopt()) };
        match name_of(key) {
            "packet" => match value.as_small() {
                Some(width @ (1 | 2 | 4)) if !matches!(settings.framing, Framing::Line(_)) => {
                    settings.framing = Framing::Packet(usize::try_from(width).unwrap_or(4));
                }
                _ => return Err(argument::badopt()),
            },
            "line" => match index(value).map_err(|_| argument::badopt())? {
                0 => return Err(argument::badopt()),
                _ if matches!(settings.framing, Framing::Packet(_)) => return Err(argument::badopt()),
                most => settings.framing = Framing::Line(most),
            },
            "cd" => settings.plan.folder = Some(PathBuf::from(text(value)?)),
            "env" => {
                for change in argument::list(value).map_err(|_| argument::badopt())? {
                    let Some(&[name, value]) = change.as_tuple() else { return Err(argument::badopt()) };
                    let value = if value == Term::bool(false) { None } else { Some(variable(value)?) };
                    let name = variable(name)?;
                    if name.as_encoded_bytes().contains(&b'=') {
                        return Err(argument::badopt());
                    }
                    settings.changes.push((name, value));
                }
            }
            "args" if is_executable => {
                for argument in argument::list(value).map_err(|_| argument::badopt())? {
                    settings.plan.args.push(text(argument).map_err(|_| argument::badopt())?);
                }
            }
            "arg0" if is_executable => {
                settings.plan.arg0 = Some(text(value).map_err(|_| argument::badopt())?);
            }
            "parallelism" if value.as_bool().is_some() => {}
            "busy_limits_port" | "busy_limits_msgq" if is_limits(value) => {}
            // Only programs that are not run by the shell have them.
            "arg0" if text(value).is_err() => return Err(argument::badopt()),
            "args" | "arg0" => return Err(Exception::badarg()),
            _ => return Err(argument::badopt()),
        }
    }
    Ok(settings)
}

/// An error of the system, as `open_port/2` raises it.
fn raise(error: &std::io::Error) -> Exception {
    Exception::error(named(posix::error_name(error)))
}

fn open_port(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(name) = args[0].as_tuple() else { return Err(Exception::badarg().into()) };
    let (title, port) = match *name {
        [kind, command] if matches!(name_of(kind), "spawn" | "spawn_executable") => {
            let is_executable = name_of(kind) == "spawn_executable";
            let mut settings = settings(args[1], is_executable)?;
            let command = match command.as_atom() {
                Some(name) if !is_executable => OsString::from(name.text()),
                _ => text(command)?,
            };
            if command.is_empty() {
                return Err(Exception::badarg().into());
            }
            if is_executable {
                check_executable(&command)?;
                // It is never looked for along the path.
                settings.plan.file = Path::new(".").join(&command).into_os_string();
                settings.plan.arg0.get_or_insert_with(|| command.clone());
            } else {
                let mut line = OsString::from("exec ");
                line.push(&command);
                settings.plan.file = "/bin/sh".into();
                settings.plan.arg0 = Some("sh".into());
                settings.plan.args = vec!["-c".into(), line];
            }
            (command.into_vec(), open_program(ctx, settings)?)
        }
        [kind, input, output] if name_of(kind) == "fd" => {
            let settings = settings(args[1], false)?;
            if !input.is_integer() || !output.is_integer() {
                return Err(Exception::badarg().into());
            }
            let (Some(input), Some(output)) = (input.as_usize(), output.as_usize()) else {
                return Err(raise(&std::io::Error::from_raw_os_error(libc::EINVAL)).into());
            };
            let title = format!("{input}/{output}").into_bytes();
            let fd = |fd: usize| i32::try_from(fd).unwrap_or(-1);
            let both = settings.input == settings.output;
            let fds =
                ((both || settings.input).then(|| fd(input)), (both || settings.output).then(|| fd(output)));
            let vm = ctx.vm;
            let port = vm.ports.insert(ctx.process.pid, settings.is_binary, Vec::new(), |number| {
                let cutter = Cutter::new(settings.framing);
                Descriptor::new(vm, number, fds, cutter, settings.wishes)
                    .map(|descriptor| Driver::Descriptor(Box::new(descriptor)))
            });
            (title, port.map_err(|error| raise(&error))?)
        }
        _ => return Err(Exception::badarg().into()),
    };
    let Some(port) = port else { return Err(Exception::system_limit().into()) };
    let owner = ctx.process.pid;
    port.with(|state| {
        state.common.opened(ctx.vm, owner, &title);
        state.common.title = title;
    });
    ctx.process.relations().links.insert(Pid::of_port(port.number), Link::Active);
    Ok(Term::port(port.number))
}

/// A file that may not be executed is told from one that is not there. Of a folder, the new program finds out.
fn check_executable(file: &std::ffi::OsStr) -> Result<(), Exception> {
    use std::os::unix::fs::PermissionsExt as _;
    let data = std::fs::metadata(file).map_err(|error| raise(&error))?;
    if data.permissions().mode() & 0o111 != 0 {
        Ok(())
    } else {
        Err(raise(&std::io::Error::from_raw_os_error(libc::EACCES)))
    }
}

fn open_program(ctx: &mut NativeContext<'_>, settings: Settings) -> Result<Option<Arc<Port>>, Exception> {
    let Settings { mut plan, framing, wishes, is_binary, input, output, changes } = settings;
    let both = input == output;
    plan.reads = both || input;
    plan.writes = both || output;
    let mut environment = ctx.vm.natives.environment.lock().clone();
    for (name, value) in changes {
        match value {
            Some(value) => drop(environment.insert(name, value)),
            None => drop(environment.remove(&name)),
        }
    }
    plan.environment = environment.into_iter().collect();
    if let Some(folder) = plan.folder.take_if(|folder| !folder.is_dir()) {
        // It is the new program that cannot go there, and says so.
        plan.file = "/bin/sh".into();
        plan.arg0 = None;
        plan.stderr_to_stdout = false;
        let script = "echo \"spawn: Could not cd to $0\" >&2; exit 2";
        plan.args = vec!["-c".into(), script.into(), folder.into_os_string()];
    }
    let vm = ctx.vm;
    let spawned = spawn::spawn(&plan).or_else(|error| match error.raw_os_error() {
        Some(
            number @ (libc::EACCES
            | libc::ENOENT
            | libc::ENOEXEC
            | libc::E2BIG
            | libc::ETXTBSY
            | libc::ELIBBAD),
        ) => {
            // It is the new program that cannot become another, and ends with the number.
            plan.file = "/bin/sh".into();
            plan.arg0 = None;
            plan.args = vec!["-c".into(), "exit $0".into(), number.to_string().into()];
            plan.environment.clear();
            spawn::spawn(&plan)
        }
        _ => Err(error),
    });
    let spawned = spawned.map_err(|error| raise(&error))?;
    let port = vm.ports.insert(ctx.process.pid, is_binary, Vec::new(), |number| {
        let program = Program::new(vm, number, spawned, Cutter::new(framing), wishes)?;
        Ok(Driver::Program(Box::new(program)))
    });
    port.map_err(|error| raise(&error))
}

/// The open port that a port or name means.
fn find(ctx: &NativeContext<'_>, port: Term) -> Option<Arc<Port>> {
    find_port(ctx.vm, port)
}

/// The open port that a port or name means.
pub(crate) fn find_port(vm: &Vm, port: Term) -> Option<Arc<Port>> {
    let number = match port.as_port() {
        Some(number) => number,
        None => match vm.registry.find(port.as_atom()?) {
            Some(Registered::Port(number)) => number,
            Some(Registered::Process(_)) | None => return None,
        },
    };
    vm.ports.find(number)
}

fn required(ctx: &NativeContext<'_>, port: Term) -> Result<Arc<Port>, Exception> {
    find(ctx, port).ok_or_else(Exception::badarg)
}

/// Are these limits of what may wait: `disabled`, or two marks?
fn is_limits(value: Term) -> bool {
    match value.as_tuple() {
        Some(&[low, high]) => low.as_u64().is_some() && high.as_u64().is_some(),
        _ => name_of(value) == "disabled",
    }
}

fn port_command(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (mut force, mut nosuspend) = (false, false);
    if let Some(options) = args.get(2) {
        for option in argument::list(*options).map_err(|_| argument::badopt())? {
            match name_of(option) {
                "force" => force = true,
                "nosuspend" => nosuspend = true,
                _ => return Err(argument::badopt().into()),
            }
        }
    }
    let port = required(ctx, args[0])?;
    let bytes = super::iodata::to_bytes(args[1]).inspect_err(|_| port.refuses(ctx.vm))?;
    let busy = port.with(|state| state.queued() > program::BUSY_LIMIT).ok_or_else(Exception::badarg)?;
    // Only sockets take more than fits.
    let is_socket = port.with(|state| matches!(state.driver, Driver::Tcp(_) | Driver::Udp(_)));
    if force && is_socket != Some(true) {
        return Err(Exception::error(Term::atom(atom::NOTSUP)).into());
    }
    if busy && nosuspend {
        return Ok(Term::bool(false));
    }
    ctx.charge(bytes.len() / 64);
    port.work(ctx.vm, |state| {
        state.common.commanded(ctx.vm, ctx.process.pid, &bytes);
        state.command(ctx.vm, bytes)
    });
    if !busy {
        return Ok(Term::bool(true));
    }
    // What was full before is waited for.
    let id = ctx.vm.next_request();
    let pid = ctx.process.pid;
    if port.with(|state| program::suspend_if_busy(state, pid, id)) == Some(true) {
        return Err(Interrupt::Await(id));
    }
    Ok(Term::bool(true))
}

fn port_close(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let port = required(ctx, args[0])?;
    port.with(|state| state.common.asked(ctx.vm, ctx.process.pid, Term::atom(atom::CLOSE)));
    port.close_for(ctx.vm, Term::atom(atom::NORMAL));
    Ok(Term::bool(true))
}

fn port_connect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[1].as_pid().filter(|&pid| ctx.vm.processes.find(pid).is_some());
    let pid = pid.ok_or_else(Exception::badarg)?;
    let port = required(ctx, args[0])?;
    if port.connect(ctx.vm, pid) { Ok(Term::bool(true)) } else { Err(Exception::badarg().into()) }
}

/// No port understands control operations or calls.
fn port_control(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    required(ctx, args[0])?;
    Err(Exception::badarg().into())
}

fn ports(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let all: Vec<Term> = ctx.vm.ports.numbers().into_iter().map(Term::port).collect();
    Ok(ctx.process.heap.list(&all))
}

/// The items of `port_info/1`, in its order.
const INFO: [&str; 7] = ["name", "links", "id", "connected", "input", "output", "os_pid"];

fn port_info_1(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(port) = found(ctx, args[0])? else { return Ok(Term::atom(atom::UNDEFINED)) };
    let heap = &mut ctx.process.heap;
    let list = port.with(|state| {
        let mut list = Vec::new();
        if state.common.registered.is_some() {
            list.extend(item(heap, state, "registered_name"));
        }
        list.extend(INFO.iter().filter_map(|name| item(heap, state, name)));
        heap.list(&list)
    });
    Ok(list.unwrap_or(Term::atom(atom::UNDEFINED)))
}

fn port_info_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(port) = found(ctx, args[0])? else { return Ok(Term::atom(atom::UNDEFINED)) };
    let name = argument::atom(args[1])?.text();
    let heap = &mut ctx.process.heap;
    match port.with(|state| item(heap, state, name)) {
        Some(Some(item)) => Ok(item),
        Some(None) if name == "registered_name" => Ok(Term::NIL),
        Some(None) => Err(Exception::badarg().into()),
        None => Ok(Term::atom(atom::UNDEFINED)),
    }
}

/// The port, if it is open; `badarg` for what is no port.
fn found(ctx: &NativeContext<'_>, port: Term) -> Result<Option<Arc<Port>>, Exception> {
    if port.is_port() || port.as_atom().is_some() { Ok(find(ctx, port)) } else { Err(Exception::badarg()) }
}

/// `{Name, Value}` of an item. `None` for a name that is none, and for a name that the port does not have.
fn item<B: Build + ?Sized>(heap: &mut B, state: &State, name: &str) -> Option<Term> {
    let common = &state.common;
    let value = match name {
        "registered_name" => Term::atom(common.registered?),
        "name" => heap.string(&String::from_utf8_lossy(&common.title)),
        "links" => {
            let links: Vec<Term> = common.links.iter().map(|pid| pid.term()).collect();
            heap.list(&links)
        }
        "id" => heap.unsigned(common.number * 8),
        "connected" => Term::pid(common.connected),
        "input" => heap.unsigned(common.input),
        "output" => heap.unsigned(common.output),
        "os_pid" => match &state.driver {
            Driver::Program(program) => heap.unsigned(u64::from(program.os_pid())),
            Driver::Descriptor(_) | Driver::Tcp(_) | Driver::Udp(_) | Driver::Closed => {
                Term::atom(atom::UNDEFINED)
            }
        },
        "queue_size" => heap.unsigned(state.queued() as u64),
        "memory" => heap.unsigned((size_of::<State>() + state.queued()) as u64),
        "monitors" => Term::NIL,
        "monitored_by" => {
            let watchers: Vec<Term> =
                common.watchers.values().map(|watcher| Term::pid(watcher.pid)).collect();
            heap.list(&watchers)
        }
        "parallelism" => Term::bool(false),
        "locking" => named("port_level"),
        _ => return None,
    };
    let name = Term::atom(Atom::new(name).ok()?);
    Some(heap.tuple(&[name, value]))
}

fn port_set_data(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let port = required(ctx, args[0])?;
    port.with(|state| state.common.data = Some(OwnedTerm::new(args[1])));
    Ok(Term::bool(true))
}

fn port_get_data(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let port = required(ctx, args[0])?;
    let heap = &mut ctx.process.heap;
    let data = port.with(|state| state.common.data.as_ref().map(|data| data.copy_to(heap)));
    Ok(data.flatten().ok_or_else(Exception::badarg)?)
}

/// Gives an open port without a name this name.
pub(crate) fn register(vm: &Vm, number: u64, name: Atom) -> Result<(), Exception> {
    let nothing = || argument::because("none");
    let port = vm.ports.find(number).ok_or_else(nothing)?;
    let done = port.with(|state| {
        if state.common.registered.is_some() {
            return Err(Exception::badarg_because(atom::REGISTERED_NAME));
        }
        if !vm.registry.insert(name, Registered::Port(number)) {
            return Err(nothing());
        }
        state.common.registered = Some(name);
        Ok(())
    });
    done.unwrap_or_else(|| Err(nothing()))
}

/// The name of a port was taken away.
pub(crate) fn unregister(vm: &Vm, number: u64) {
    if let Some(port) = vm.ports.find(number) {
        port.with(|state| state.common.registered = None);
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "open_port"/2 = dirty => open_port;
        "port_command"/2 => port_command;
        "port_command"/3 => port_command;
        "port_close"/1 => port_close;
        "port_connect"/2 => port_connect;
        "port_control"/3 => port_control;
        "port_call"/2 => port_control;
        "port_call"/3 => port_control;
        "ports"/0 => ports;
        "port_info"/1 => port_info_1;
        "port_info"/2 => port_info_2;
        "port_set_data"/2 => port_set_data;
        "port_get_data"/1 => port_get_data;
    }
};
