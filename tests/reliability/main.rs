//! What a machine must bear: great numbers, long work, limits, full disks, sudden ends. The programs print what OTP 25
//! prints, and figures on standard error, which `docs/reliability.md` tells of.
//!
//! Those that need minutes or gigabytes run when asked for: `cargo test -p swerl --test reliability -- --include-ignored`.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use swerl_tests::conformance::{Case, Kind, Programs};
use swerl_tests::process::{Errors, Outcome, run};

const SWERL: &str = env!("CARGO_BIN_EXE_swerl");
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reliability");
const LIMIT: Duration = Duration::from_secs(60);
const LONG_LIMIT: Duration = Duration::from_secs(900);

/// Programs that need minutes or gigabytes.
const LONG: &[&str] =
    &["churn", "fairness", "load_while_called", "million_processes", "ten_million_messages"];
/// The program that is run with few file descriptors.
const FEW_DESCRIPTORS: &str = "descriptors";

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for case in Case::all_in(Path::new(PROGRAMS), Kind::Module).expect("the folder of programs") {
        let name = case.name().to_owned();
        if name == FEW_DESCRIPTORS {
            trials.push(Trial::test(name, || few_descriptors().map_err(|error| format!("{error:?}").into())));
            continue;
        }
        let long = LONG.contains(&name.as_str());
        let limit = if long { LONG_LIMIT } else { LIMIT };
        let check = move || case.check(&Programs::of_swerl(SWERL), limit);
        let trial = Trial::test(name, move || check().map_err(|error| format!("{error:?}").into()));
        trials.push(trial.with_ignored_flag(long));
    }
    for (name, check) in [
        ("compiler_on_full_disk", compiler_on_full_disk as fn() -> Result<()>),
        ("compiler_killed", compiler_killed),
    ] {
        trials.push(Trial::test(name, move || check().map_err(|error| format!("{error:?}").into())));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Runs a line of the shell `sh` in a folder.
fn shell(line: &str, folder: &Path) -> Result<Outcome> {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("SWERL", SWERL);
    run(command, None, Errors::Apart, LIMIT, folder)
}

fn printed(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

fn few_descriptors() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let source = Path::new(PROGRAMS).join("descriptors.erl");
    let expected = std::fs::read_to_string(source.with_extension("out"))?;
    let source = source.to_str().context("a path in UTF-8")?;
    let compiled = shell(&format!("\"$SWERL\" erlc {source}"), scratch.path())?;
    ensure!(compiled.status == Some(0), "does not compile: {}", printed(&compiled));
    let line = "ulimit -n 64; exec \"$SWERL\" erl -noshell -s descriptors main -s init stop";
    let ran = shell(line, scratch.path())?;
    ensure!(printed(&ran) == expected, "it prints:\n{}", printed(&ran));
    Ok(())
}

/// A module of about a thousand functions.
fn large_module(folder: &Path) -> Result<()> {
    let mut text = String::from("-module(large).\n-export([f0/1]).\n");
    for number in 0..1000 {
        let next = (number + 1) % 1000;
        text.push_str(&format!(
            "f{number}(X) -> case X of {{{number}, Y}} -> f{next}(Y); _ -> {number} end.\n"
        ));
    }
    std::fs::write(folder.join("large.erl"), text)?;
    Ok(())
}

/// Where a file may not grow, the compiler says so, fails, and leaves nothing that could be taken for its result.
fn compiler_on_full_disk() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    large_module(scratch.path())?;
    let ran = shell("trap '' XFSZ; ulimit -f 8; exec \"$SWERL\" erlc large.erl 2>/dev/full", scratch.path())?;
    ensure!(ran.status == Some(1), "the exit status is {:?}", ran.status);
    ensure!(!scratch.path().join("large.beam").exists(), "a part of the module was left");
    Ok(())
}

/// However early the compiler is killed, there is a whole module or none, and the next run works.
fn compiler_killed() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    large_module(scratch.path())?;
    let beam = scratch.path().join("large.beam");
    let compile = |early: Option<u64>| -> Result<bool> {
        let mut compiler =
            Command::new(SWERL).args(["erlc", "large.erl"]).current_dir(scratch.path()).spawn()?;
        if let Some(milliseconds) = early {
            std::thread::sleep(Duration::from_millis(milliseconds));
            compiler.kill()?;
        }
        Ok(compiler.wait()?.success())
    };
    ensure!(compile(None)?, "the module does not compile");
    let whole = std::fs::read(&beam)?;
    for step in 0..40 {
        std::fs::remove_file(&beam).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        compile(Some(step * 10))?;
        ensure!(!beam.exists() || std::fs::read(&beam)? == whole, "a part of the module was left");
    }
    ensure!(compile(None)?, "the module does not compile any more");
    let ran =
        shell("exec \"$SWERL\" erl -noshell -eval 'io:write(large:f0({0,{1,x}})), halt().'", scratch.path())?;
    ensure!(printed(&ran) == "2", "it prints: {}", printed(&ran));
    Ok(())
}
