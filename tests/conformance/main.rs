//! Runs every case of this folder against swerl, or with `SWERL_TEST_OTP=1` against an installed OTP.
//! `failing.txt` lists the cases that fail today.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use swerl_tests::conformance::{Case, Kind, Programs};
use swerl_tests::known_failures::KnownFailures;

/// Time for one program of a case, and for one of a case that is expected to fail.
const LIMIT: Duration = Duration::from_secs(30);
const LISTED_LIMIT: Duration = Duration::from_secs(6);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance"));
    let (programs, known) = if std::env::var_os("SWERL_TEST_OTP").is_some() {
        (Programs::of_otp(), KnownFailures::none())
    } else {
        let known = KnownFailures::read(&root.join("failing.txt")).expect("the list of failing cases");
        (Programs::of_swerl(env!("CARGO_BIN_EXE_swerl")), known)
    };
    let mut trials: Vec<Trial> = Vec::new();
    for (folder, kind) in Kind::FOLDERS {
        for case in Case::all_in(&root.join(folder), *kind).expect("the folder of cases") {
            let programs = programs.clone();
            let name = format!("{folder}/{}", case.name());
            let limit = if known.contains(&name) { LISTED_LIMIT } else { LIMIT };
            trials.push(known.trial(name, move || case.check(&programs, limit)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, known.with_stale_entries(trials));
    known.write_update().expect("the list of failing cases is written");
    conclusion.exit_code()
}
