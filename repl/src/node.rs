//! A running system: the machine, the embedded libraries and the host's functions joined, from the first
//! process to the exit status.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use swerl_lang::stack;
use swerl_vm::{BundledFile, Config, DirtyThreads, OwnedTerm, Vm};

use crate::cli::erl::{ErlCommand, FLAG_VARIABLES, MachineFlags};
use crate::host;
use crate::host::convert::atom;

/// Runs what a command line of `erl` asks for. Returns the exit status.
///
/// # Errors
/// When the system cannot be started.
pub fn run(command: &ErlCommand) -> Result<i32> {
    if !command.env.is_empty() {
        return Err(with_environment(command));
    }
    let vm = Vm::start(config(&command.machine), &host::natives());
    vm.take_signals().context("taking signals")?;
    vm.load_bundled(atom("init")).context("loading the module init")?;
    let args = OwnedTerm::build(|memory| {
        let args = command.boot_args(&root(), "erl");
        let args: Vec<_> = args.iter().map(|arg| memory.binary(arg)).collect();
        memory.list(&args)
    });
    vm.spawn_main(atom("init"), atom("boot"), &[args]).context("starting the first process")?;
    let status = vm.wait();
    host::tty::restore();
    if status == swerl_vm::ABORTED {
        std::process::abort();
    }
    Ok(status)
}

/// Variables are set by starting anew: within a program with threads nothing can set them safely.
fn with_environment(command: &ErlCommand) -> anyhow::Error {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return anyhow::Error::new(error).context("finding the program to start it anew"),
    };
    let mut again = Command::new(program);
    again.arg("erl").args(command.line_without_env()).envs(command.env.clone());
    for name in FLAG_VARIABLES {
        again.env_remove(name);
    }
    anyhow::Error::new(again.exec()).context("starting anew with the variables of -env")
}

/// What `code:root_dir/0` answers: the folder of the program.
#[must_use]
pub fn root() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().map(PathBuf::from).unwrap_or_default()
}

/// A module of the libraries, for the machine.
fn bundled(name: &str) -> Option<BundledFile> {
    let bytes = swerl_stdlib::module(name)?;
    Some(BundledFile { bytes, md5: swerl_stdlib::checksum(name)? })
}

fn config(flags: &MachineFlags) -> Config {
    let mut config = Config {
        bundle: bundled,
        dirty_threads: DirtyThreads { stack: stack::ROOM + (1 << 21), begin: stack::this_thread_has_room },
        ..Config::default()
    };
    let (all, online) = flags.schedulers.settled();
    config.schedulers = online as usize;
    config.all_schedulers = all as usize;
    let (dirty, dirty_online) = flags.dirty_cpu_schedulers.settled_beside((all, online));
    config.dirty_schedulers = (dirty as usize, dirty_online as usize);
    if let Some(count) = flags.dirty_io_schedulers {
        config.dirty_io_schedulers = count as usize;
    }
    if let Some(processes) = flags.processes {
        config.max_processes = (processes as usize).next_power_of_two();
    }
    if let Some(ports) = flags.ports {
        config.max_ports = (ports as usize).next_power_of_two();
    }
    config.max_tables = flags.tables.map(|tables| tables as usize);
    if let Some(atoms) = flags.atoms {
        swerl_vm::atom::set_limit(atoms as usize);
    }
    config.printable_unicode = flags.printable_unicode;
    config.min_heap_words = flags.min_heap_words.map(|words| words as usize);
    config.min_binary_words = flags.min_binary_words.map(|words| words as usize);
    let most = flags.max_heap_words.unwrap_or(0) as usize;
    config.max_heap = (most, !flags.spare_large_heaps, !flags.silent_about_large_heaps);
    config.off_heap_messages = flags.off_heap_messages;
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are read when they are called, and were not checked before.
    #[test]
    fn every_function_of_the_libraries_can_be_read() {
        let vm = Vm::start(config(&MachineFlags::default()), &host::natives());
        for name in swerl_stdlib::modules() {
            vm.read_bundled(atom(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    /// Where Erlang/OTP is installed: all functions of all its files.
    #[test]
    fn every_function_of_otp_can_be_read() {
        let library = ["-noshell", "-eval", "io:put_chars(code:lib_dir()), halt()."];
        let Ok(answer) = Command::new("erl").args(library).output() else { return };
        let vm = Vm::start(config(&MachineFlags::default()), &host::natives());
        let applications =
            std::fs::read_dir(String::from_utf8(answer.stdout).expect("a path")).expect("a folder");
        let objects =
            applications.flatten().filter_map(|entry| std::fs::read_dir(entry.path().join("ebin")).ok());
        let mut refused = Vec::new();
        for file in objects.flatten().flatten().map(|entry| entry.path()) {
            if file.extension().is_some_and(|extension| extension == "beam")
                && let Err(error) = vm.read(&std::fs::read(&file).expect("a file"))
            {
                refused.push(format!("{}: {error}", file.display()));
            }
        }
        assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
    }
}
