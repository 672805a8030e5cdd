%% Records taken apart by the compiler: the names that it makes, and annotations that forms bring along.
-module(compile_expanded).
-export([main/0]).
-record(r, {a = 1, b, c, d}).

main() ->
    {ok, _, Forms} = compile:file("compile_expanded.erl", ['E', binary]),
    [io:put_chars(erl_pp:form(Form)) || {function, _, Name, _, _} = Form <- Forms, Name =/= main],
    G = erl_anno:set_generated(true, erl_anno:new(7)),
    Given = [{attribute, G, module, m}, {attribute, 1, export, [{f, 0}]},
             {function, G, f, 0, [{clause, G, [], [], [{match, [{text, "X"}, {location, {7, 3}}], {var, 7, 'X'}, {integer, G, 1}}]}]}],
    {ok, m, Beam} = compile:forms(Given, [debug_info, nowarn_unused_vars]),
    {ok, {m, [{abstract_code, {raw_abstract_v1, Kept}}]}} = beam_lib:chunks(Beam, [abstract_code]),
    io:format("~p~n", [Kept]),
    io:format("~p~n", [erl_internal:add_predefined_functions([{attribute, 1, module, m},
                                                              {attribute, 2, callback, {{cb, 1}, []}}])]).

f(#r{a = A} = R) when A > 1 -> (R#r{b = 2})#r.b;
f(X) -> {X#r.a, (X#r{a = 1, b = 2, c = 3})#r.c}.

g(X, Y) ->
    {X#r{a = Y#r.b, b = Y#r{c = 1}}, (X#r.a)#r{b = (Y#r.a)#r.b}, case X of #r{} = Q -> Q#r.d end}.
