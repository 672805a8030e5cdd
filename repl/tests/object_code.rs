//! Object code that swerl's own compiler does not write: listings of other compilers, assembled and run. What comes of
//! them was recorded on OTP 25; of `later`, which it does not load, with the module compiled from its source.

use std::path::Path;
use std::process::Command;

fn swerl(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_swerl")).args(words).current_dir(folder).output();
    let output = output.expect("swerl runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?}: {stdout}{stderr}");
    stdout.into_owned()
}

/// Takes the files of a case to a folder of their own, compiles them, and compares what `NAME_main:main()` prints with
/// `NAME.out`.
fn check(name: &str, with: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/object_code");
    let folder = tempfile::tempdir().expect("a scratch folder");
    for file in [with, &format!("{name}_main.erl")] {
        std::fs::copy(here.join(file), folder.path().join(file)).expect("a file of the case");
        if !file.ends_with(".bin") {
            assert_eq!(swerl(folder.path(), &["erlc", file]), "", "{file}");
        }
    }
    let run = format!("{name}_main:main(), halt().");
    let expected = std::fs::read_to_string(here.join(format!("{name}.out"))).expect("what is expected");
    assert_eq!(swerl(folder.path(), &["erl", "-noshell", "-eval", &run]), expected);
}

/// `former.S` is `former.erl` as OTP 25 compiles it for OTP 24 (`erlc +r24 -S`): bit strings are begun by one
/// instruction and built by others.
#[test]
fn bit_strings_are_built_as_up_to_otp_24() {
    check("former", "former.S");
}

/// `later.S` is `later.erl` compiled by OTP 25, with `bs_match` of OTP 26 where bits of fixed sizes are matched.
#[test]
fn bit_strings_are_matched_as_from_otp_26_on() {
    check("later", "later.S");
}

/// Sources beyond the registers that an instruction calls live are kept when memory is collected at it.
#[test]
fn sources_beyond_live_registers_stay() {
    check("live", "live.S");
}

/// `patterns.bin` is what `tests/differential/precompiled_patterns.escript` records.
#[test]
fn patterns_that_otp_compiled_find_what_they_found_there() {
    check("patterns", "patterns.bin");
}
