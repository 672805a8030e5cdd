-module(parse_first_annotations).
-export([main/0]).

%% Where the annotation of a node comes from, when all its parts are located at one line: the text in each annotation
%% tells them apart.
main() ->
    [show(erl_parse:parse_exprs(tokens(Text)), Text) || Text <- exprs()],
    [show(erl_parse:parse_form(tokens(Text)), Text) || Text <- forms()],
    File = "parse_first_annotations.tmp",
    ok = file:write_file(File, [[Text, ".\n"] || Text <- quoted()]),
    [io:format("~p~n", [element(2, epp:parse_file(File, Options))]) || Options <- [[], [{location, {1, 1}}]]],
    ok = file:delete(File).

tokens(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ ".", 1, [text]),
    Tokens.

show({ok, Tree}, Text) -> io:format("~s~n    ~p~n", [Text, texts(Tree)]).

texts([{text, Text}, {location, 1}]) -> list_to_atom(Text);
texts(Tuple) when is_tuple(Tuple) -> list_to_tuple(texts(tuple_to_list(Tuple)));
texts([Head | Tail]) -> [texts(Head) | texts(Tail)];
texts(Other) -> Other.

exprs() ->
    ["{a, b} = c", "[a, {b, c}, d | {e, f}]", "[[a, b], [c, d] | e]", "{a, b}(c, d)", "(f(a))(b)", "a:b(e)",
     "case {a, b} of {c, d} when e -> f; g -> h end", "if {a, b}, c; d -> e; true -> f end",
     "try {a, b} of {c, d} -> e catch f:{h, i}:J when k -> l; {m, n} -> o; throw:{p, q} -> r; error:{s, _}:_ -> t end",
     "receive {a, b} -> c; d -> e after {f, g} -> {h, i} end", "fun({a, b}) when {c, d} -> e; (f) -> g end",
     "fun F({a, b}) -> e; F(f) -> g end", "#{{a, b} => {c, d}, e := f}", "{a, b}#{c => d}", "#r{a = {b, c}, _ = d}",
     "{a, b}#r{c = d}", "{a, b}#r.c", "<<({a, b}):({c, d})/float-unit:8, 1:2, ({e, f})>>",
     "[{a, b} || {c, d} <- {e, f}, {g, h}, <<X>> <= {i, j}]", "<<<<X>> || {c, d} <- {e, f}, {g, h}>>",
     "catch {a, b}", "{a, b} + {c, d} * {e, f}", "{a, b} andalso c", "X = {a, b} = Y = [c, d]", "a + b + c = d",
     "#{a => {b, c} = d}", "[\"a\" \"b\", c]"].

forms() ->
    ["f({a, b}, c) when {d, e} -> g; f(h, j) -> i", "-record(r, {a, b = {c, d}, e :: f, g = {h, i} :: {j, k}})",
     "-type t(A, B) :: {A, B} | [c] | #{d => {e, f}, g := h} | 1..3 | X :: {a, b}", "-type t() :: (a | b) | c",
     "-type t() :: 1 | 2..3", "-type t() :: {a, b} + 1 | 2", "-spec f(X :: {a, b}, Y :: c | d) -> {d, e} when X :: {f, g}"].

%% Quoted keywords of features keep their text without being asked.
quoted() ->
    ["f('else') -> {a, 'else'} = [b, {c, 'maybe'}, 'else']", "g(X) -> case X of {a, 'maybe'} -> {b, 'else'}(c) end",
     "h() -> try ok catch {a, 'else'} -> b; throw:{c, 'maybe'} -> {d,\n 'else'} = e end", "-type t() :: {a, 'else'} | 'maybe'",
     "i() -> <<({a, 'else'})/float, ('maybe')>>", "-define(M(X), {X, a} = {a, X})", "j() -> ?M('else'), ?M({a, 'maybe'})",
     "-define(CATCH(X), try X catch C:T:S -> {C, T, S}; throw:T:_ -> T; T -> T end)", "k() -> ?CATCH(ok)"].
