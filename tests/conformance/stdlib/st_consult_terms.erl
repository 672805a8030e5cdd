%% Terms of files: funs, large maps, and what is wrong with a file.
-module(st_consult_terms).
-export([main/0]).

main() ->
    Map = maps:from_list([{I, {v, I}} || I <- lists:seq(1, 100)]),
    ok = file:write_file("consult_1.terms", io_lib:format("~p.~n{fun lists:map/2, ~w}.~n", [Map, [fun erlang:'+'/2]])),
    {ok, [Read, {F, [G]}]} = file:consult("consult_1.terms"),
    io:format("~p ~p ~p ~p ~p~n", [Read =:= Map, F, G, F(fun(X) -> -X end, [1, 2]), G(1, 2)]),
    {ok, Tokens, _} = erl_scan:string("{fun a:b/3, #{k => #{1 => 2, 1 => 3}}, fun 'X y':'Z'/0}."),
    io:format("~p~n", [erl_parse:parse_term(Tokens)]),
    [begin
         ok = file:write_file("consult_2.terms", Text),
         io:format("~p: ~p~n", [Text, file:consult("consult_2.terms")])
     end || Text <- ["", "\n%% nothing\n", "a.", "a. b.c.", "a.\n\nb", "{a,\n b}.\nX.\n", "a.\nf(1).\n", "1 + 1.", "-1. +2. -1.5.",
                     "\"a\" \"b\".", "<<1,2:16>>.\n<<\"x\"/utf8>>.", "fun a:b/c.", "fun() -> 1 end.", "#r{}.", "[1|2].", "a b.",
                     "$a. $\\n.", "16#ff. 1_000.", "a.%c\nb.", "\"open.\n", "'a\n.", <<"a.\n\"", 255, "\".\n">>,
                     <<"%% coding: latin-1\n\"", 255, "\".\n">>, <<"\"", 206, 187, "\".">>, "a.\n#{a => 1, a => 2}.\n#{a := 1}.",
                     "[].[a].", "'maybe'. maybe. else.", "..", "a..", "a.\nb c.\n"]],
    io:format("~p~n", [file:consult("consult_3.terms")]),
    ok = file:write_file("consult_2.terms", [["{", integer_to_list(I), ", \"", lists:duplicate(50, $x), "\"}.\n"] || I <- lists:seq(1, 5000)]),
    {ok, Many} = file:consult("consult_2.terms"),
    io:format("~p ~p~n", [length(Many), lists:last(Many)]),
    ok = file:write_file("consult_2.terms", "X = 3.\nY = X + 1.\nio:format(\"~p~n\", [Y]).\n{X, Y}.\n"),
    io:format("~p~n", [file:eval("consult_2.terms")]),
    io:format("~p~n", [file:script("consult_2.terms")]),
    ok = file:write_file("consult_2.terms", [["Y = ", integer_to_list(I), ".\nY = X.\n"] || I <- lists:seq(1, 3)]),
    io:format("~p~n", [catch element(1, element(2, file:script("consult_2.terms", [{'X', 2}])))]).
