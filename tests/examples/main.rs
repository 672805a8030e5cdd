//! Runs every program of `examples/` as its README says and compares the output with the recorded one. Those of
//! `examples/mistakes` are compiled: what is said about them is recorded.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
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
        if path.ends_with("mistakes") {
            trials.extend(mistakes(&path, known)?);
        } else if path.is_dir() {
            for case in Case::all_in(&path, Kind::Module)? {
                let programs = Programs::of_swerl(env!("CARGO_BIN_EXE_swerl"));
                trials.push(known.trial(case.name().to_owned(), move || case.check(&programs, LIMIT)));
            }
        }
    }
    Ok(trials)
}

/// The programs that do not compile, or should not be as they are: what is said about each, as people see it.
fn mistakes(folder: &Path, known: &KnownFailures) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "erl") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            trials.push(known.trial(format!("mistakes/{name}"), move || mistake(&path)));
        }
    }
    Ok(trials)
}

fn mistake(path: &Path) -> Result<()> {
    let results = tempfile::tempdir()?;
    let folder = path.parent().context("a program is in a folder")?;
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_swerl"))
        .args(["erlc", "--diag=rich", "-o"])
        .arg(results.path())
        .arg(path.file_name().context("a program has a name")?)
        .current_dir(folder)
        .output()?;
    let recorded = path.with_extension("txt");
    if std::env::var_os("SWERL_TEST_UPDATE").is_some() {
        std::fs::write(&recorded, &said.stdout)?;
    }
    let (said, expected) = (String::from_utf8(said.stdout)?, std::fs::read_to_string(&recorded)?);
    ensure!(said == expected, "recorded:\n{expected}\nsaid:\n{said}");
    Ok(())
}
