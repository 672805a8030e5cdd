//! Runs every program of `examples/` as its README says and compares the output with the recorded one.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use libtest_mimic::{Arguments, Trial};
use swerl_tests::conformance::{Case, Kind, Programs};
use swerl_tests::known_failures::KnownFailures;

const LIMIT: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../"));
    let known =
        KnownFailures::read(&root.join("tests/examples/failing.txt")).expect("the list of failing examples");
    let trials = trials(&root.join("examples"), &known).expect("the folder of examples");
    let conclusion = libtest_mimic::run(&Arguments::from_args(), known.with_stale_entries(trials));
    known.write_update().expect("the list of failing examples is written");
    conclusion.exit_code()
}

fn trials(folder: &Path, known: &KnownFailures) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            for case in Case::all_in(&path, Kind::Module)? {
                let programs = Programs::of_swerl(env!("CARGO_BIN_EXE_swerl"));
                trials.push(known.trial(case.name().to_owned(), move || case.check(&programs, LIMIT)));
            }
        }
    }
    Ok(trials)
}
