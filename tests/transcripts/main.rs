//! Plays every `*.transcript` below this folder in a pseudo-terminal, against swerl or, to check a
//! script itself, against the shell that `SWERL_TEST_SHELL` names (for example `erl`). Scripts named `own_*` show
//! what swerl does otherwise than OTP 25, and are played against swerl alone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use swerl_tests::known_failures::KnownFailures;
use swerl_tests::{player, process};

fn main() -> ExitCode {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/transcripts"));
    let shell = process::command_from_env("SWERL_TEST_SHELL");
    let known = match &shell {
        Some(_) => KnownFailures::none(),
        None => KnownFailures::read(&folder.join("failing.txt")).expect("the list of failing scripts"),
    };
    let is_own = shell.is_none();
    let command = shell.unwrap_or_else(|| vec![env!("CARGO_BIN_EXE_swerl").to_owned()]);
    let scripts = scripts(folder).into_iter().filter(|(name, _)| is_own || !name.starts_with("own_"));
    let trials = scripts.map(|(name, path)| {
        let command = command.clone();
        known.trial(name, move || player::play(&path, &command))
    });
    let trials: Vec<Trial> = trials.collect();
    let conclusion = libtest_mimic::run(&Arguments::from_args(), known.with_stale_entries(trials));
    known.write_update().expect("the list of failing scripts is written");
    conclusion.exit_code()
}

/// The scripts, named by their path below the folder.
fn scripts(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of the tests is there").flatten() {
            let path = entry.path();
            match path.extension().and_then(|e| e.to_str()) {
                _ if path.is_dir() => open.push(path),
                Some("transcript") => {
                    let name = path.file_stem().expect("it has an extension").to_string_lossy().into_owned();
                    found.push((name, path));
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}
