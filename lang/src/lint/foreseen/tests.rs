//! What `erlc` says about code that does nothing or cannot work, recorded from OTP 25.

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::diag::{erlc, has_errors, sort};
use crate::lint::{foreseen, lint};
use crate::pp::{NoFiles, Options, preprocess};
use crate::source::SourceMap;
use crate::syntax::parse_items;
use swerl_beam::Literal;

/// The first lines of all messages about a text.
fn messages(text: &str) -> String {
    let mut map = SourceMap::new();
    let file = map.add("f.erl", text).unwrap();
    let items = preprocess(file, &mut map, &NoFiles, &Options::default()).unwrap();
    let (forms, mut diagnostics) = parse_items(items);
    let quiet = [Literal::atom("nowarn_unused_vars")];
    diagnostics.extend(lint(&forms, &map, &quiet));
    assert!(!has_errors(&diagnostics), "{diagnostics:?}");
    diagnostics.extend(foreseen(&forms, &map, &quiet));
    sort(&mut diagnostics, &map);
    let is_message = |line: &&str| line.starts_with("f.erl:");
    let printed = erlc::render_all(&diagnostics, &map);
    printed.lines().filter(is_message).map(|line| format!("{line}\n")).collect()
}

#[test]
fn messages_are_those_of_erlc() {
    let case = |extension: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lint/foreseen");
        std::fs::read_to_string(format!("{folder}/foreseen_cases.{extension}")).unwrap()
    };
    assert_same_lines(&messages(&case("erl")), &case("out"));
}

/// Shows only the lines that differ.
fn assert_same_lines(got: &str, expected: &str) {
    let missing: Vec<&str> =
        expected.lines().filter(|line| !got.lines().any(|other| other == *line)).collect();
    let extra: Vec<&str> = got.lines().filter(|line| !expected.lines().any(|other| other == *line)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing:\n{}\nextra:\n{}",
        missing.join("\n"),
        extra.join("\n")
    );
    assert_eq!(got, expected);
}
