//! Tests of the preprocessor: what comes out for a text, as tokens and messages.

use super::*;
use crate::diag::erlc;
use crate::syntax::token_text;
use std::collections::HashMap;

struct Files(HashMap<&'static str, &'static str>);

impl Includes for Files {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).map(|text| text.as_bytes().to_vec())
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        (application == "app").then(|| "/lib/app-1".into())
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "HOME").then(|| "/home".into())
    }
}

fn run(files: &[(&'static str, &'static str)], options: &Options) -> Vec<String> {
    let mut map = SourceMap::new();
    let main = map.add(files[0].0, files[0].1).unwrap();
    let includes = Files(files[1..].iter().copied().collect());
    let items = preprocess(main, &mut map, &includes, options).unwrap();
    items
        .iter()
        .filter_map(|item| match item {
            Item::Form(tokens) => {
                let texts: Vec<_> = tokens
                    .iter()
                    .map(|token| match token.kind.fixed_text() {
                        Some(text) => text.to_owned(),
                        None => token_text(&token.kind).trim_matches('\'').to_owned(),
                    })
                    .collect();
                Some(texts.join(" "))
            }
            Item::File { place, name, line, .. } if map.line(*place) > 1 || map.files().count() > 1 => {
                Some(format!("file {name} {line}"))
            }
            Item::Diagnostic(diagnostic) => Some(erlc::render(diagnostic, &map).lines().next()?.to_owned()),
            Item::File { .. } | Item::Eof(_) => None,
        })
        .collect()
}

#[track_caller]
fn check(text: &'static str, expected: &[&str]) {
    assert_eq!(run(&[("f.erl", text)], &Options::default()), expected);
}

#[test]
fn macros_are_expanded() {
    check("-define(A, 1 + ?B).\n-define(B, 2).\nf() -> ?A.", &["f ( ) -> 1 + 2 ."]);
    check("-define(ADD(X, Y), X + Y).\n?ADD({a, b}, (c)).", &["{ a , b } + ( c ) ."]);
    check("-define(F(), f).\n-define(F(X), X).\n-define(F, none).\n?F() ?F(1) ?F .", &["f 1 none ."]);
    check("-define(ONLY, x).\n?ONLY(1, 2).", &["x ( 1 , 2 ) ."]);
    check(
        "-define(F(X), X).\n?F(fun(A, B) -> A end) ?F(fun N(A, B) -> A end) ?F(begin a, b end).",
        &["fun ( A , B ) -> A end fun N ( A , B ) -> A end begin a , b end ."],
    );
    check("-define(F(X), ?G(X)).\n-define(G(X), [X]).\n?F(?F(1)).", &["[ [ 1 ] ] ."]);
    check(
        "-define(S(X), ??X).\n?S({a,'B c', \"d\" ,$e, 1.0}).",
        &[r#""{ a , 'B c' , \"d\" , $e , 1.0 }" ."#],
    );
}

#[test]
fn predefined_macros() {
    check(
        "-module(m).\n?MODULE ?MODULE_STRING ?FILE ?LINE ?MACHINE ?OTP_RELEASE.",
        &["- module ( m ) .", r#"m "m" "f.erl" 2 BEAM 25 ."#],
    );
    check(
        "f(A, {b, c}) -> ?FUNCTION_NAME, ?FUNCTION_ARITY;\nf([], x) -> ?FUNCTION_ARITY.",
        &["f ( A , { b , c } ) -> f , 2 ; f ( [ ] , x ) -> 2 ."],
    );
    check("g() -> ?FUNCTION_ARITY.", &["g ( ) -> 0 ."]);
    check("-define(L, ?LINE).\nf() ->\n ?L,\n ?LINE.", &["f ( ) -> 3 , 4 ."]);
    check(
        "?FEATURE_AVAILABLE(maybe_expr) ?FEATURE_ENABLED(maybe_expr).",
        &["( ( maybe_expr ) == maybe_expr ) false ."],
    );
    check("a?MODULE.", &["f.erl:1:3: undefined macro 'MODULE'"]);
}

#[test]
fn conditionals() {
    check("-ifdef(X).\na.\n-else.\nb.\n-endif.\nc.", &["b .", "c ."]);
    check("-define(X, 1).\n-ifdef(X).\na.\n-ifndef(X).\nb.\n-endif.\n-else.\nc.\n-endif.", &["a ."]);
    check("-ifndef(X).\n-ifdef(Y).\na.\n-else.\nb.\n-endif.\n-endif.\nc.", &["b .", "c ."]);
    check(
        "-if(?OTP_RELEASE >= 25 andalso defined(MODULE)).\na.\n-elif(true).\nb.\n-else.\nc.\n-endif.",
        &["a ."],
    );
    check(
        "-if(?OTP_RELEASE < 25).\na.\n-elif(1 + 1 =:= 2).\nb.\n-elif(true).\nc.\n-else.\nd.\n-endif.",
        &["b ."],
    );
    // The first `-elif` after a part that was taken is passed over, the next is not.
    check("-if(true).\na.\n-elif(true).\nb.\n-elif(true).\nc.\n-else.\nd.\n-endif.", &["a .", "c ."]);
    check("-if(true).\na.\n-elif(true).\nb.\n-elif(false).\nc.\n-else.\nd.\n-endif.", &["a .", "d ."]);
    check("-if(hd([]) =:= 1).\na.\n-elif(false).\nb.\n-else.\nd.\n-endif.", &["d ."]);
    check("-ifdef(X).\n1.0e999.\n-if(foo bar).\n-endif.\na.\n-endif.\nb.", &["b ."]);
    check(
        "-ifdef(X).\n-else.\n-else.\n-elif(a).\na.\n-endif.",
        &["f.erl:3:2: repeated '-else'", "f.erl:4:2: 'elif' following 'else'"],
    );
    check("-if(true).\n-ifdef(X).\n", &["f.erl:3:1: unterminated '-ifdef'"]);
    check("-undef(BEAM).\n-ifdef(BEAM).\na.\n-endif.", &[]);
}

#[test]
fn faults_have_the_words_of_erlc() {
    check(
        "-define(REC, ?REC).\n-define(A, ?B).\n-define(B, ?A).\n-define(I(X), X).\nf() -> ?REC.\ng() -> ?A.\nh() -> ?I(?I(1)).",
        &["f.erl:5:9: circular macro 'REC'", "f.erl:6:9: circular macro 'A'", "h ( ) -> 1 ."],
    );
    check(
        "-error(\"no\").\n-warning({a, [1]}).\na.",
        &["f.erl:1:2: -error(\"no\").", "f.erl:2:2: Warning: -warning({a,[1]}).", "a ."],
    );
}

#[test]
fn macros_that_double_themselves_are_stopped() {
    let mut text = String::from("-define(A0, x, x).\n");
    for level in 1..60 {
        text.push_str(&format!("-define(A{level}, ?A{}, ?A{}).\n", level - 1, level - 1));
    }
    text.push_str("?A59.");
    let lines = run(&[("f.erl", text.leak())], &Options::default());
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("is too large"), "{lines:?}");
}

#[test]
fn long_chains_of_macros_take_no_native_stack() {
    let mut text = String::from("-define(A0, x).\n");
    for level in 1..50_000 {
        text.push_str(&format!("-define(A{level}, ?A{}).\n", level - 1));
    }
    text.push_str("?A49999.");
    assert_eq!(run(&[("f.erl", text.leak())], &Options::default()), ["x ."]);
}

#[test]
fn files_are_included() {
    let options = Options { include_path: vec!["inc".into()], ..Options::default() };
    let files = [
        (
            "src/f.erl",
            "-include(\"a.hrl\").\n?A ?FILE.\n-include(\"b.hrl\").\n-include_lib(\"app/include/c.hrl\").\nx.",
        ),
        ("src/a.hrl", "-define(A, a).\n"),
        ("inc/b.hrl", "-include(\"$HOME/d.hrl\").\n"),
        ("/lib/app-1/include/c.hrl", "c ?FILE.\n"),
        ("/home/d.hrl", "d.\n-ifdef(A)."),
    ];
    assert_eq!(
        run(&files, &options)[..],
        [
            "file src/f.erl 1",
            "file src/a.hrl 1",
            "file src/f.erl 2",
            "a \"src/f.erl\" .",
            "file inc/b.hrl 1",
            "file /home/d.hrl 1",
            "d .",
            "/home/d.hrl:2:11: unterminated '-ifdef'",
            "file inc/b.hrl 2",
            "file src/f.erl 4",
            "file /lib/app-1/include/c.hrl 1",
            "c \"/lib/app-1/include/c.hrl\" .",
            "file src/f.erl 5",
            "x .",
        ]
    );
    let endless = [("f.erl", "-include(\"f.erl\").\n"), ("f.erl", "-include(\"f.erl\").\n")];
    let lines = run(&endless, &options);
    assert!(lines.contains(&"f.erl:1:10: include too deep".to_owned()), "{lines:?}");
}

#[test]
fn the_file_attribute_renames_lines() {
    check(
        "a.\n-file(\"y.yrl\", 10).\n?LINE ?FILE.\n\n?X.",
        &["a .", "file y.yrl 10", "11 \"y.yrl\" .", "y.yrl:13:2: undefined macro 'X'"],
    );
}

#[test]
fn the_maybe_feature() {
    check(
        "-feature(maybe_expr, enable).\nmaybe.\n-ifdef(X).\n-else.\nelse.\n-endif.",
        &["maybe .", "else ."],
    );
    check(
        "-export([]).\n-feature(maybe_expr, enable).",
        &[
            "- export ( [ ] ) .",
            "f.erl:2:2: feature directive not allowed after exports or record definitions",
        ],
    );
}

#[test]
fn macros_from_outside() {
    let define = |name, value| Define::with_value(name, value).unwrap();
    let options = Options { defines: vec![Define::flag("T"), define("V", "{a, 1}")], ..Options::default() };
    assert_eq!(run(&[("f.erl", "?T ?V.")], &options), ["true { a , 1 } ."]);
    let mut map = SourceMap::new();
    let main = map.add("f.erl", "").unwrap();
    let twice = Options { defines: vec![Define::flag("LINE")], ..Options::default() };
    let error = preprocess(main, &mut map, &Files(HashMap::new()), &twice).map(|_| ()).unwrap_err();
    assert_eq!(error, "redefining predefined macro 'LINE'");
}
