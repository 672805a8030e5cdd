%% Options of epp, right and wrong.
-module(epp_options).
-export([main/0]).

main() ->
    ok = file:write_file("l1.erl", <<"-module(l1).\nf() -> \"", 233, "\".\n">>),
    ok = file:write_file("inc.hrl", <<"-define(INC, inc).\n">>),
    ok = file:write_file("u.erl", <<"-module(u).\n-include(\"inc.hrl\").\nf() -> {?INC, ?FILE}.\n">>),
    ok = filelib:ensure_dir("other/x"),
    Try = fun(Name, Options) -> io:format("~p ~p~n  ~p~n", [Name, Options, epp:parse_file(Name, Options)]) end,
    Try("l1.erl", []),
    Try("l1.erl", [{default_encoding, latin1}]),
    Try("u.erl", [{deterministic, true}, {source_name, "a/b.erl"}]),
    Try("u.erl", [{source_name, "other/u.erl"}]),
    [Try("u.erl", Options) || Options <- [[extra], [{extra, true}, {features, [maybe_expr]}]]],
    [Try("u.erl", [{macros, Macros}]) || Macros <- [[{'A', 1}, 'B', {c, d, e}], ['B', 'B'], [{'MODULE', x}], [{'FILE', x}]]],
    {ok, Device} = file:open("u.erl", [read]),
    {ok, Epp, Extra} = epp:open([{fd, Device}, {name, "q.erl"}, extra]),
    io:format("~p ~p ~p~n", [epp:parse_erl_form(Epp), epp:parse_erl_form(Epp), Extra]),
    ok = epp:close(Epp),
    {ok, Again} = file:open("u.erl", [read]),
    io:format("~p~n", [epp:parse_file("v.erl", [{fd, Again}])]),
    io:format("~p~n", [epp:open([{name, "nothere"}])]),
    Typed = {typed_record_field, {record_field, 1, {atom, 1, a}}, {type, 1, any, []}},
    io:format("~p~n", [epp:restore_typed_record_fields([{attribute, 1, record, {r, [Typed]}}, {attribute, 1, type, {{record, r}, [Typed], []}}])]),
    %% What tells nothing.
    io:format("~p~n", [erl_parse:parse_form([])]),
    [io:format("~p ~p~n", [O, tried(fun() -> erl_parse:abstract("ab", O) end)]) || O <- [[{encoding, E}] || E <- [none, latin1, utf8, unicode, foo]]],
    [io:format("~p ~p~n", [{F, A}, tried(fun() -> erl_anno:F(A) end)]) || F <- [column, end_location, file, generated, line, location, record, text],
                                                                          A <- [foo, -1, 0, {0, 1}, []]],
    [io:format("~p ~p~n", [S, tried(fun() -> erl_scan:string("a", S) end)]) || S <- [0, -1, a, {1, 0}, {0, 1}, {a, 1}, 1.0, {1, 2, 3}]],
    [io:format("~p ~p~n", [T, tried(fun() -> erl_scan:string(T) end)]) || T <- [[foo], [-1], [$a | b], a, [16#D800]]],
    [io:format("~p ~p~n", [P, erl_lint:is_pattern_expr(P)]) || P <- [{string, 1, "a"}, {nil, 1}, {cons, 1, {atom, 1, a}, {nil, 1}}, {tuple, 1, [{atom, 1, a}]},
                                                                     {op, 1, '+', {integer, 1, 1}, {char, 1, $a}}, {op, 1, '-', {atom, 1, a}}]].

tried(Fun) ->
    try Fun() catch error:Reason -> {error, Reason} end.
