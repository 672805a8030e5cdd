//! Programs that go to an extreme: depth, numbers, endless loops. What they print is what OTP 25 prints;
//! what they need beyond that is checked here, and that the library is whole.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use swerl_tests::conformance::{Case, Kind, Programs};
use swerl_tests::known_failures::KnownFailures;
use swerl_tests::process::{Errors, run};

const SWERL: &str = env!("CARGO_BIN_EXE_swerl");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");
const LIMIT: Duration = Duration::from_secs(90);
const LISTED_LIMIT: Duration = Duration::from_secs(20);

/// Resident memory that an idle process may cost.
const IDLE_PROCESS_BYTES: f64 = 1228.0;

fn main() -> ExitCode {
    let folder = Path::new(TESTS).join("robustness");
    let known = KnownFailures::read(&folder.join("failing.txt")).expect("the list of failing programs");
    let mut trials: Vec<Trial> = Vec::new();
    for case in Case::all_in(&folder, Kind::Module).expect("the folder of programs") {
        let limit = if known.contains(case.name()) { LISTED_LIMIT } else { LIMIT };
        let name = case.name().to_owned();
        trials.push(known.trial(name, move || case.check(&Programs::of_swerl(SWERL), limit)));
    }
    trials.push(known.trial("idle_processes_are_small".to_owned(), idle_processes_are_small));
    trials.push(known.trial("the_library_is_whole".to_owned(), the_library_is_whole));
    let conclusion = libtest_mimic::run(&Arguments::from_args(), known.with_stale_entries(trials));
    known.write_update().expect("the list of failing programs is written");
    conclusion.exit_code()
}

/// The benchmark of idle processes prints what each of its hundred thousand costs.
fn idle_processes_are_small() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let source = Path::new(TESTS).join("bench/programs/idle_procs.erl");
    let swerl = |args: &[&str]| {
        let mut command = Command::new(SWERL);
        command.args(args).current_dir(scratch.path());
        run(command, None, Errors::Joined, LISTED_LIMIT, scratch.path())
    };
    let compiled = swerl(&["erlc", source.to_str().context("a path in UTF-8")?])?;
    ensure!(compiled.status == Some(0), "does not compile: {}", String::from_utf8_lossy(&compiled.stdout));
    let ran = swerl(&["erl", "-noshell", "-s", "idle_procs", "main", "-s", "init", "stop"])?;
    let printed = String::from_utf8_lossy(&ran.stdout);
    let field = printed.split_whitespace().find_map(|word| word.strip_prefix("rss_bytes_per_proc="));
    let bytes: f64 = field.with_context(|| format!("it prints: {printed}"))?.parse()?;
    ensure!(bytes > 0.0 && bytes <= IDLE_PROCESS_BYTES, "an idle process costs {bytes} bytes");
    Ok(())
}

/// Every function that OTP 25 documents is there, and says in `h/3` what it does.
fn the_library_is_whole() -> Result<()> {
    let script = Path::new(TESTS).join("differential/exports.escript");
    let scratch = tempfile::tempdir()?;
    let mut command = Command::new(SWERL);
    command.arg("escript").arg(script).current_dir(scratch.path());
    let ran = run(command, None, Errors::Joined, LIMIT, scratch.path())?;
    ensure!(ran.status == Some(0), "{}", String::from_utf8_lossy(&ran.stdout));
    Ok(())
}
