//! What is said to people about the mistakes of beginners: each program of `beginners.txt` with its report.
//!
//! With `SWERL_TEST_UPDATE=1` the reports are written anew; they are to be read as a beginner would.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write as _;
use std::sync::Arc;
use swerl_lang::compile::{Options, SourceText, compile};
use swerl_lang::diag::{rich, sort, worth_telling};
use swerl_lang::pp::NoFiles;

/// The reports about a program.
fn report(name: &str, text: &str) -> String {
    let source = SourceText { name: Arc::from(format!("{name}.erl")), bytes: text.as_bytes().to_vec() };
    let mut outcome = compile(source, &Options::default(), &NoFiles);
    sort(&mut outcome.diagnostics, &outcome.sources);
    let shown = worth_telling(&outcome.diagnostics, &outcome.sources);
    let mut out = String::new();
    for (diagnostic, is_shown) in outcome.diagnostics.iter().zip(shown) {
        if is_shown {
            out.push_str(&rich::render(diagnostic, &outcome.sources, false));
        }
    }
    out
}

const BEGIN: &str = "======== ";
const MIDDLE: &str = "--------\n";

#[test]
fn mistakes_of_beginners_are_explained() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/beginners.txt");
    let expected = std::fs::read_to_string(file).unwrap();
    let mut found = String::new();
    for case in expected.split(BEGIN).skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, _) = rest.split_once(MIDDLE).unwrap();
        write!(found, "{BEGIN}{name}\n{text}{MIDDLE}{}", report(name, text)).unwrap();
    }
    if std::env::var_os("SWERL_TEST_UPDATE").is_some() {
        std::fs::write(file, found).unwrap();
        return;
    }
    for (found, expected) in found.split(BEGIN).zip(expected.split(BEGIN)) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}
