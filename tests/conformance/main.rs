//! Runs every case of this folder against swerl, and where an OTP is installed, each half of swerl
//! against the other half of OTP.
//!
//! `SWERL_TEST_WITH` says what runs, and each way has its own list of cases that fail today:
//!
//! | value      | compiler | machine | cases  | list                  |
//! |------------|----------|---------|--------|-----------------------|
//! | (not set)  | swerl    | swerl   | all    | `failing.txt`         |
//! | `otp`      | OTP      | OTP     | all    | (none may fail)       |
//! | `otp-erl`  | swerl    | OTP     | programs | `failing_otp_erl.txt` |
//! | `otp-erlc` | OTP      | swerl   | programs | `failing_otp_erlc.txt` |
//! | `otp-stdlib` | swerl  | swerl, with OTP's compiled stdlib in the place of its own | programs | `failing_otp_stdlib.txt` |
//!
//! The folder `otp_stdlib` is for the last of these: what its programs print depends on how OTP's library is written.
//!
//! `SWERL_TEST_SCHEDULERS=N` gives the machine so many schedulers; `SWERL_TEST_LIMIT=N` gives each program so
//! many seconds, for builds that are slow on purpose.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use swerl_tests::conformance::{Case, Kind, Programs};
use swerl_tests::known_failures::KnownFailures;

/// Time for one program of a case, and for one of a case that is expected to fail.
const LIMIT: Duration = Duration::from_secs(30);
const LISTED_LIMIT: Duration = Duration::from_secs(6);

/// The folder where the installed OTP keeps the compiled modules of its stdlib.
fn otp_stdlib() -> String {
    let query = "io:put_chars(code:lib_dir(stdlib, ebin)), halt().";
    let erl = Command::new("erl").args(["-noshell", "-eval", query]).output().expect("an installed OTP");
    String::from_utf8(erl.stdout).expect("the name of a folder")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance"));
    let (own, otp) = (Programs::of_swerl(env!("CARGO_BIN_EXE_swerl")), Programs::of_otp());
    let (programs, list, only_programs) = match std::env::var("SWERL_TEST_WITH").as_deref() {
        Err(_) | Ok("") => (own, Some("failing.txt"), false),
        Ok("otp") => (otp, None, false),
        Ok("otp-erl") => (Programs { erlc: own.erlc, ..otp }, Some("failing_otp_erl.txt"), true),
        Ok("otp-erlc") => (Programs { erlc: otp.erlc, ..own }, Some("failing_otp_erlc.txt"), true),
        Ok("otp-stdlib") => {
            let mut programs = own;
            programs.erl.extend(["-pa".to_owned(), otp_stdlib()]);
            (programs, Some("failing_otp_stdlib.txt"), true)
        }
        Ok(other) => panic!("SWERL_TEST_WITH={other} is none of otp, otp-erl, otp-erlc, otp-stdlib"),
    };
    let mut programs = programs;
    if let Ok(count) = std::env::var("SWERL_TEST_SCHEDULERS") {
        programs.erl.extend(["+S".to_owned(), format!("{count}:{count}")]);
    }
    let limit = std::env::var("SWERL_TEST_LIMIT").ok().and_then(|seconds| seconds.parse().ok());
    let limit = limit.map_or(LIMIT, Duration::from_secs);
    let known = match list {
        Some(list) => KnownFailures::read(&root.join(list)).expect("the list of failing cases"),
        None => KnownFailures::none(),
    };
    let mut trials: Vec<Trial> = Vec::new();
    let mut folders = Kind::FOLDERS.to_vec();
    if only_programs {
        folders.retain(|(_, kind)| *kind == Kind::Module);
    }
    if list == Some("failing_otp_stdlib.txt") {
        folders.push(("otp_stdlib", Kind::Module));
    }
    for (folder, kind) in folders {
        for case in Case::all_in(&root.join(folder), kind).expect("the folder of cases") {
            let programs = programs.clone();
            let name = format!("{folder}/{}", case.name());
            let limit = if known.contains(&name) { LISTED_LIMIT } else { limit };
            trials.push(known.trial(name, move || case.check(&programs, limit)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, known.with_stale_entries(trials));
    known.write_update().expect("the list of failing cases is written");
    conclusion.exit_code()
}
