//! Trees before and after.

use super::*;
use crate::lex::{ScanOptions, Scanner};
use crate::source::SourceMap;
use crate::syntax::parse_form;

fn forms(text: &str) -> Vec<Form> {
    let id = SourceMap::new().add("f.erl", text).unwrap();
    let mut scanner = Scanner::new(text, id, ScanOptions::default());
    std::iter::from_fn(|| scanner.next_form()).map(|form| parse_form(&form.unwrap()).unwrap()).collect()
}

/// A function with all places alike, so that it can be compared.
fn bare(form: &Form) -> String {
    let text = format!("{:#?}", form.kind);
    let lines =
        text.lines().filter(|line| !line.contains("span: ") && !line.trim_start().starts_with("at: "));
    lines.collect::<Vec<_>>().join("\n")
}

/// The last function of `text`, expanded, is that of `expected`.
fn check(text: &str, expected: &str) {
    let declarations = "-record(r, {a, b = 2}).\n-record(s, {r = #r{}, x, y, z}).\n-import(m, [g/1]).\n";
    let mut expanded = forms(&format!("{declarations}{text}"));
    expand(&mut expanded).unwrap();
    assert_eq!(bare(expanded.last().unwrap()), bare(forms(expected).last().unwrap()), "{text}");
}

#[test]
fn records_become_tuples() {
    check("f() -> #r{a = 1}.", "f() -> {r, 1, 2}.");
    check("f() -> #r{_ = 1, b = 3}.", "f() -> {r, 1, 3}.");
    check("f() -> #s{x = #r{}}.", "f() -> {s, {r, undefined, 2}, {r, undefined, 2}, undefined, undefined}.");
    check("f(#r{b = B}) -> B.", "f({r, _, B}) -> B.");
    check("f(#r{_ = x}) -> #r.b.", "f({r, x, x}) -> 3.");
    check("f() -> record_info(size, r).", "f() -> 3.");
    check("f() -> record_info(fields, r).", "f() -> [a, b].");
    check("f(X) -> is_record(X, r).", "f(X) -> erlang:is_record(X, r, 3).");
    check("f(X) -> is_record(X, q).", "f(X) -> is_record(X, q).");
}

#[test]
fn imported_functions_get_their_module() {
    check("f(X) -> g(g(X)).", "f(X) -> m:g(m:g(X)).");
    check("f() -> fun g/1.", "f() -> fun m:g/1.");
    check("f(X) -> h(X).", "f(X) -> h(X).");
}

#[test]
fn guards_fail_on_what_is_no_record() {
    check(
        "f(X) when X#r.a == 1, X#r.b == 2 -> X.",
        "f(X) when erlang:is_record(X, r, 3) andalso erlang:element(2, X) == 1, erlang:element(3, X) == 2 -> X.",
    );
    check(
        "f(X) when X#r.a orelse true -> X.",
        "f(X) when ((erlang:is_record(X, r, 3) orelse fail) and erlang:element(2, X)) orelse true -> X.",
    );
    check("f(X) when is_record(X, r) -> X.", "f(X) when erlang:is_record(X, r, 3) -> X.");
}

#[test]
fn a_record_in_its_own_default_is_refused() {
    let mut forms = forms("-record(r, {a = #r{}}).\nf() -> #r{}.");
    assert_eq!(expand(&mut forms), Err(BadRecord { record: Atom::new("r") }));
}
