//! Forms nested as deep as is allowed go through all of the compiler.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use swerl_beam::Literal;
use swerl_lang::compile::{NoFiles, Options, SourceText, compile};
use swerl_lang::lex::{ScanOptions, Scanner};
use swerl_lang::source::SourceMap;
use swerl_lang::stack::with_room;
use swerl_lang::syntax::forms::{LineAndColumn, read_forms, write_form};
use swerl_lang::syntax::{MAX_DEPTH, parse_form};

/// Whether the form is not nested too deeply.
fn whole_way(text: &str) -> bool {
    let mut map = SourceMap::new();
    let id = map.add("f.erl", text).unwrap();
    let options = ScanOptions { maybe_enabled: true, ..ScanOptions::default() };
    let tokens: Vec<_> = Scanner::new(text, id, options).collect::<Result<_, _>>().unwrap();
    let Ok(form) = parse_form(&tokens) else { return false };
    let mut forms = vec![form];
    let written = write_form(&forms[0], &LineAndColumn(&map));
    let (again, _) = read_forms(&Literal::list(vec![written]), "f.erl").unwrap();
    assert_eq!(again.len(), 1);
    swerl_lang::expand::expand(&mut forms).unwrap();
    true
}

fn compiles(text: &str) {
    let bytes = format!("-module(m).\n-export([f/1]).\n{text}\ng(X) -> X.\n").into_bytes();
    let source = SourceText { name: "m.erl".into(), bytes };
    let outcome = compile(source, &Options::default(), &NoFiles);
    assert!(outcome.file.is_some() || !outcome.diagnostics.is_empty());
}

#[test]
fn deep_forms_do_not_exhaust_the_stack() {
    for (open, close) in [
        ("[", "]"),
        ("{", "}"),
        ("begin ", " end"),
        ("fun() -> ", " end"),
        ("case X of a -> ", " end"),
        ("g(", ")"),
        ("1 + ", ""),
        ("- ", ""),
        ("X = ", ""),
        ("<<(", ")>>"),
        ("#{a => ", "}"),
        ("[a | ", "]"),
        ("catch ", ""),
        ("maybe ", " end"),
        ("[X || X <- ", "]"),
        ("if true -> ", " end"),
        ("try ", " after ok end"),
    ] {
        let passes = |depth: usize| {
            let text = format!("f(X) -> {}X{}.", open.repeat(depth), close.repeat(depth));
            with_room(|| whole_way(&text))
        };
        let deepest = (1..=5).map(|parts| MAX_DEPTH / parts - 10).find(|&depth| passes(depth));
        assert!(!passes(2 * MAX_DEPTH), "{open}");
        let deepest = deepest.unwrap_or_else(|| panic!("{open} is never accepted"));
        // Code for these takes time with the square of the depth.
        let is_slow = ["fun() -> ", "catch ", "try "].contains(&open);
        let depth = if is_slow { deepest / 10 } else { deepest };
        compiles(&format!("f(X) -> {}X{}.", open.repeat(depth), close.repeat(depth)));
    }
}
