//! Programs with records and imports, run by a real `erl`: as they are, and with swerl's expansion. Passes without
//! looking where no `erl` is installed.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::process::Command;
use swerl_beam::Literal;
use swerl_lang::lex::{ScanOptions, Scanner};
use swerl_lang::source::SourceMap;
use swerl_lang::syntax::forms::{LineAndColumn, write_form};
use swerl_lang::syntax::parse_form;

const PROGRAM: &str = r#"
-module(records).
-export([main/0]).
-import(lists, [reverse/1, map/2]).
-record(r, {a, b = 2}).
-record(s, {r = #r{a = seen(default)}, x, y = fun(Y) -> Y#r.a end, z, last}).
-record(empty, {}).

seen(X) -> put(seen, [X | get(seen)]), X.

access(X) -> X#r.a.
deep(X) -> X#s.r#r.b.
update(X) -> X#r{a = 1}.
both(X) -> X#r{b = seen(b), a = seen(a)}.
few(X) -> X#s{z = seen(z), x = seen(x)}.
none(X) -> X#r{}.
guard1(X) when X#r.a orelse true -> yes; guard1(_) -> no.
guard2(X) when not X#r.a -> yes; guard2(_) -> no.
guard3(X) when is_integer(X); X#r.a == 1 -> yes; guard3(_) -> no.
guard4(X) when is_integer(X) orelse X#r.a == 1 -> yes; guard4(_) -> no.
guard5(X) when X#s.r#r.b > 1, X#s.x == X#s.y -> yes; guard5(_) -> no.
guard6(X) when (X#r.a == 1) == true, is_record(X, r) -> yes; guard6(_) -> no.
guard7(X, Y) when X == #r{b = Y} -> yes; guard7(_, _) -> no.
guard8(X) when record(X, r) -> yes; guard8(_) -> no.
guard9(X) when X#r.a; X#r.b -> yes; guard9(_) -> no.
guard10(X) when X#r.a or true -> yes; guard10(_) -> no.
guard11(X) when true or (false and X#r.a) -> yes; guard11(_) -> no.
choice(X) -> if X#r.a > 1 -> big; true -> small end.
match(#r{a = A, _ = B}) -> {A, B}; match(#empty{}) -> empty; match(_) -> none.
filters(L) -> {[X || X <- L, X#r.a], [X || X <- L, X#r.a == 1], [X || X <- L, is_record(X, r)],
               [X || #r{a = X} <- L], catch [X || X <- L, seen(X#r.a)]}.
tests(X) -> {is_record(X, r), erlang:is_record(X, s), is_record(seen(X), empty)}.
info() -> {record_info(size, s), record_info(fields, s), #s.z, record_info(fields, empty)}.
imported() -> {reverse([1, 2]), map(fun(L) -> reverse(L) end, [[1, 2], [3, 4]])}.
wild() -> #s{_ = seen(w), x = 1}.
maps(M, K) -> #{K#r.a := V} = M, V.
sizes(B, R) -> <<X:(R#r.a), _/bits>> = B, X.
tried(X) -> try X#r.a of #r{} -> inner; _ -> other catch error:{badrecord, #r{a = A}} -> A; error:R -> R after seen(X) end.

run(F, Args) ->
    put(seen, []),
    Result = try apply(F, Args) catch C:R -> {C, R} end,
    io:format("~p ~p~n", [Result, get(seen)]).

main() ->
    Values = [1, {r, 1}, #r{}, #r{a = 1}, #r{a = true}, #r{a = false}, #r{a = #r{}}, #s{y = 1}, #s{x = 5, y = 5}, #empty{}],
    One = [fun access/1, fun deep/1, fun update/1, fun both/1, fun few/1, fun none/1, fun guard1/1, fun guard2/1,
           fun guard3/1, fun guard4/1, fun guard5/1, fun guard6/1, fun guard8/1, fun guard9/1, fun guard10/1,
           fun guard11/1, fun choice/1, fun match/1, fun tests/1, fun tried/1],
    [run(F, [V]) || F <- One, V <- Values],
    run(fun guard7/2, [#r{b = 3}, 3]),
    run(fun filters/1, [[#r{a = true}, 7, #r{a = 1}]]),
    run(fun filters/1, [[#r{a = true}]]),
    run(fun info/0, []), run(fun imported/0, []), run(fun wild/0, []),
    run(fun maps/2, [#{1 => 2}, #r{a = 1}]), run(fun sizes/2, [<<1, 2>>, #r{a = 4}]),
    ((#s{})#s.y)(#r{a = called}).
"#;

/// Whether there is an `erl`.
fn is_installed() -> bool {
    Command::new("erl").args(["-noshell", "-s", "init", "stop"]).output().is_ok()
}

/// What `main/0` prints when the forms in the file `forms` are compiled and run.
fn run(forms: &[Literal]) -> String {
    let scratch = std::env::temp_dir().join(format!("swerl_expansion_{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    std::fs::write(scratch.join("forms"), Literal::list(forms.to_vec()).to_etf()).unwrap();
    let code = "{ok, B} = file:read_file(\"forms\"),
        case compile:forms(binary_to_term(B), [return_errors]) of
            {ok, M, Beam} -> {module, M} = code:load_binary(M, \"\", Beam), io:format(\"~p~n\", [M:main()]);
            Other -> io:format(\"~p~n\", [Other])
        end.";
    let erl = Command::new("erl")
        .args(["-noshell", "-eval", code, "-s", "init", "stop"])
        .current_dir(&scratch)
        .output();
    std::fs::remove_dir_all(&scratch).unwrap();
    String::from_utf8(erl.unwrap().stdout).unwrap()
}

#[test]
fn expanded_programs_do_the_same() {
    if !is_installed() {
        return;
    }
    let mut map = SourceMap::new();
    let id = map.add("records.erl", PROGRAM).unwrap();
    let mut scanner = Scanner::new(PROGRAM, id, ScanOptions::default());
    let forms = std::iter::from_fn(|| scanner.next_form());
    let mut forms: Vec<_> = forms.map(|form| parse_form(&form.unwrap()).unwrap()).collect();
    let written =
        |forms: &[_]| forms.iter().map(|form| write_form(form, &LineAndColumn(&map))).collect::<Vec<_>>();
    let before = run(&written(&forms));
    assert!(before.lines().count() > 200, "{before}");
    swerl_lang::expand::expand(&mut forms).unwrap();
    let mut after = written(&forms);
    after.retain(|form| !matches!(form, Literal::Tuple(parts) if parts[2] == Literal::atom("record")));
    let after = run(&after);
    for (before, after) in before.lines().zip(after.lines()) {
        assert_eq!(after, before);
    }
    assert_eq!(before, after);
}
