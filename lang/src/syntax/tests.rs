//! What parses, what does not, and with which words; recorded from `erl_parse` of OTP 25.

use super::*;
use crate::ast::{BinaryOp, ExprKind, FormKind, TypeKind};
use crate::lex::{ScanOptions, Scanner};
use crate::source::SourceMap;

fn tokens(text: &str) -> Vec<Token> {
    let id = SourceMap::new().add("f.erl", text).unwrap();
    let options = ScanOptions { maybe_enabled: true, ..ScanOptions::default() };
    Scanner::new(text, id, options).collect::<Result<_, _>>().unwrap()
}

fn exprs(text: &str) -> Result<Vec<Expr>, SyntaxError> {
    parse_exprs(&tokens(text))
}

fn form(text: &str) -> Result<Form, SyntaxError> {
    parse_form(&tokens(text))
}

fn expr_error(text: &str) -> (u32, String) {
    let error = exprs(text).unwrap_err();
    (error.span.start + 1, error.fault.to_string())
}

fn form_error(text: &str) -> (u32, String) {
    let error = form(text).unwrap_err();
    (error.span.start + 1, error.fault.to_string())
}

#[test]
fn expressions_of_all_kinds_parse() {
    for text in [
        "1.",
        "-1.",
        "a.",
        "X.",
        "_.",
        "$a.",
        "1.5.",
        "\"a\" \"b\".",
        "[].",
        "[1, 2 | T].",
        "{}.",
        "{a, b}.",
        "#{}.",
        "#{a => 1, b := 2}.",
        "M#{a => 1}#{b => 2}.",
        "#r{}.",
        "#r{a = 1, _ = 2}.",
        "R#r{a = 1}#r.b.",
        "#r.a.",
        "<<>>.",
        "<<1:8/little-unit:1, \"a\"/utf8, X:N/binary, -1:4>>.",
        "A ++ B -- C.",
        "not A.",
        "A = B = C ! D.",
        "A orelse B andalso C.",
        "A == B.",
        "catch f().",
        "1 + catch f() + 2.",
        "X = catch f().",
        "f(1).",
        "m:f(1).",
        "M:F().",
        "(f())().",
        "begin 1, 2 end.",
        "if A, B; C -> 1; true -> 2 end.",
        "case X of {a} when Y > 1; Z -> 1; _ -> 2 end.",
        "receive after 1 -> ok end.",
        "receive X -> X end.",
        "receive X -> X; Y -> Y after 0 -> ok end.",
        "try f() catch X -> X end.",
        "fun f/1.",
        "fun m:f/1.",
        "fun M:F/A.",
        "fun () -> 1; () -> 2 end.",
        "fun F(X) -> F(X) end.",
        "try f(), g() of X -> X after z end.",
        "try f() catch error:X:S when X -> S; throw:_ -> 1; C:_ -> 2 after 1 end.",
        "[X || X <- L, X > 1].",
        "[{X, Y} || X <- L && Y <- M, true].",
        "[X || X <:- L].",
        "<< <<X>> || <<X>> <= B >>.",
        "[K || K := _ <- M].",
        "<< <<X>> || <<X:4>> <:= B, X <- L >>.",
        "#{K => V || K := V <- M}.",
        "[K || K := _ <:- M && X <- L].",
        "maybe ok ?= f(), X = 1, {ok, Y} ?= g() else {error, E} -> E; _ -> 1 end.",
        "maybe 1 end.",
        "A, B, C.",
        "~\"abc\".",
        "~s\"abc\".",
        "~B'abc'.",
        "[~S[abc]].",
        "- - 1.",
        "bnot 1 band 2.",
        "#{1 + 2 => 3}.",
    ] {
        exprs(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    }
}

#[test]
fn forms_of_all_kinds_parse() {
    for text in [
        "-module(m).",
        "-module(m, [X]).",
        "-export([f/1, g/0]).",
        "-export([]).",
        "-import(m, [f/1]).",
        "-record(r, {}).",
        "-record(r, {a, b = 1, c :: integer(), d = 1 :: a | b, e}).",
        "-record(r, {a :: b}).",
        "-compile([export_all, {inline, [f/1]}]).",
        "-vsn(\"1\").",
        "-behaviour(gen_server).",
        "-file(\"f\", 1).",
        "-type t() :: a | b | c.",
        "-type t(A, B) :: {A, B}.",
        "-opaque t() :: #{a => b, c := d}.",
        "-type t :: a.",
        "-nominal t() :: integer().",
        "-export_type([t/0]).",
        "-type(t() :: a).",
        "-foo({a, <<\"b\">>, #{c => 1}}).",
        "-spec f() -> ok.",
        "-spec m:f(A) -> B when A :: b, B :: c; (c) -> d.",
        "-callback f(...) -> a.",
        "-spec(f() -> ok).",
        "-spec f(X) -> ok when is_subtype(X, integer()).",
        "-doc \"hej\".",
        "-doc #{a => 1}.",
        "-type t() :: fun() | fun((...) -> a) | fun((a, X :: b) -> c) | fun(() -> d).",
        "-type t() :: m:t(a).",
        "-type t() :: [] | [a] | [a, ...] | 1..2 | -1..(1 bsl 3) | <<>> | <<_:8>> | <<_:_*8>> | <<_:8, _:_*3>>.",
        "-type t() :: #r{} | #r{a :: b} | {} | {a} | #{} | tuple() | map() | 'a' | $a | (a | b).",
        "f() -> 1.",
        "f(1) -> a; f(X) when X; Y -> b.",
        "f(A = {B}, \"a\" ++ C, 1 + 2, -1) -> A.",
        "f(#r{a = 1}) -> 1.",
        "-optional_callbacks([f/1]).",
        "-dialyzer({nowarn_function, f/1}).",
        "-on_load(f/0).",
    ] {
        let result = form(text);
        if text == "-type t :: a." {
            assert!(result.is_err());
        } else if let Err(error) = result {
            panic!("{text}: {error:?}");
        }
    }
}

#[test]
fn faults_have_the_words_of_erl_parse() {
    let before = |at, text: &str| (at, format!("syntax error before: {text}"));
    for (text, at, token) in [
        ("a b.", 3, "b"),
        ("a B.", 3, "B"),
        ("a 12.", 3, "12"),
        ("a 1.5.", 3, "1.5"),
        ("a $x.", 3, "$x"),
        ("a \"hej\".", 3, "\"hej\""),
        ("a )).", 3, "')'"),
        ("a end.", 3, "'end'"),
        ("1 + .", 5, "'.'"),
        ("1 +", 3, ""),
        ("a 'hello world'.", 3, "'hello world'"),
        ("a ?b.", 3, "'?'"),
        ("a .. b.", 3, "'..'"),
        ("1 2", 3, "2"),
        ("f() -> a.", 5, "'->'"),
        ("f() when X -> a.", 5, "'when'"),
        ("fun f/a.", 7, "a"),
        ("a å.", 3, "å"),
        ("[1 || a <= b].", 9, "'<='"),
        ("a \"b\" \"c\".", 3, "\"b\""),
        ("A == B == C.", 8, "'=='"),
        ("f()().", 4, "'('"),
    ] {
        assert_eq!(expr_error(text), before(at, token), "{text}");
    }
    assert_eq!(expr_error("fun(X) -> 1; (X,Y) -> 2 end."), (14, "head mismatch".into()));
    assert_eq!(expr_error("fun F(X) -> 1; G(X) -> 2 end."), (16, "head mismatch".into()));
    for (text, at, message) in [
        ("-foo(a,b).", 8, "bad attribute"),
        ("-module(A).", 9, "bad module declaration"),
        ("-export(a,b).", 11, "bad export declaration"),
        ("-export([a]).", 9, "bad Name/Arity"),
        ("-record(a).", 9, "bad record declaration"),
        ("-foo a :: b.", 2, "bad attribute"),
        ("-record(A,{}).", 9, "bad record declaration"),
        ("f(a) -> 1; g(a) -> 2.", 12, "head mismatch"),
        ("-type f(_) :: a.", 9, "bad type variable"),
        ("-type f(a) :: b.", 9, "bad type variable"),
    ] {
        assert_eq!(form_error(text), (at, message.into()), "{text}");
    }
    assert_eq!(form_error("-spec foo."), before(10, "'.'"));
    assert_eq!(form_error("- foo."), before(6, "'.'"));
}

#[test]
fn operators_bind_as_in_erlang() {
    let catch = exprs("1 + catch 2 + 3.").unwrap();
    let ExprKind::Binary(BinaryOp::Add, _, right) = &catch[0].kind else { panic!() };
    let ExprKind::Catch(inner) = &right.kind else { panic!() };
    assert!(matches!(inner.kind, ExprKind::Binary(BinaryOp::Add, ..)));
    let minus = exprs("A - B - C.").unwrap();
    let ExprKind::Binary(BinaryOp::Sub, left, _) = &minus[0].kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Binary(BinaryOp::Sub, ..)));
    let append = exprs("A ++ B -- C.").unwrap();
    let ExprKind::Binary(BinaryOp::Append, _, right) = &append[0].kind else { panic!() };
    assert!(matches!(right.kind, ExprKind::Binary(BinaryOp::Subtract, ..)));
}

#[test]
fn long_flat_forms_parse_and_deep_ones_are_refused() {
    let list = format!("[{}].", "1, ".repeat(200_000) + "2");
    assert!(exprs(&list).is_ok());
    let union = format!("-type t() :: {} b.", "a | ".repeat(20_000));
    let FormKind::Type(ty) = form(&union).unwrap().kind else { panic!() };
    assert!(matches!(ty.body.kind, TypeKind::Union(alternatives) if alternatives.len() == 20_001));
    for deep in
        ["[".repeat(100_000), "A ++ ".repeat(100_000), "begin ".repeat(100_000), "fun() -> ".repeat(100_000)]
    {
        let error = exprs(&format!("{deep} a.")).unwrap_err();
        assert_eq!(error.fault, SyntaxFault::Message("nested too deeply"));
    }
}

#[test]
fn terms() {
    let term = |text| parse_term(&tokens(text));
    assert_eq!(
        term("{a, -1, [b | c]}.").map(|term| format!("{term:?}")),
        Ok(format!(
            "{:?}",
            Literal::tuple([
                Literal::atom("a"),
                Literal::Int(-1),
                Literal::List(vec![Literal::atom("b")], Box::new(Literal::atom("c"))),
            ])
        ))
    );
    let bits = |bytes: &[u8], last| Ok(Literal::Bits(bytes.into(), last));
    assert_eq!(term("<<\"åb\"/utf8, 1:4, -1:4, 258:16/little>>."), bits(&[0xC3, 0xA5, b'b', 0x1F, 2, 1], 8));
    assert_eq!(term("<<1:1, <<3:2>>/bits>>."), bits(&[0b1110_0000], 3));
    assert_eq!(term("<<1.0:32/float>>."), bits(&[0x3F, 0x80, 0, 0], 8));
    assert!(term("f().").is_err());
    assert!(term("a, b.").is_err());
}
