%% The tokens of forms as the preprocessor leaves them, forms that the compiler adds, and forms that are none.
-module(epp_scan_form).
-export([main/0]).
-define(TWO, 2).
-define(PLUS(X), X + ?TWO).

main() ->
    {ok, Epp} = epp:open("epp_scan_form.erl", []),
    [io:format("~p~n", [epp:scan_erl_form(Epp)]) || _ <- [1, 2, 3]],
    {ok, {function, _, main, 0, _}} = epp:parse_erl_form(Epp),
    io:format("~p~n", [epp:scan_erl_form(Epp)]),
    io:format("~p~n", [epp:parse_erl_form(Epp)]),
    io:format("~p~n", [epp:scan_erl_form(Epp)]),
    io:format("~p~n", [epp:scan_erl_form(Epp)]),
    ok = epp:close(Epp),
    {ok, Columns} = epp:open([{name, "epp_scan_form.erl"}, {location, {1, 1}}]),
    [_ | _] = [epp:scan_erl_form(Columns) || _ <- [1, 2, 3, 4]],
    io:format("~p~n", [epp:scan_erl_form(Columns)]),
    Forms = [{attribute, 1, module, m}, {function, 2, f, 0, [{clause, 2, [], [], [{atom, 2, a}]}]}, {eof, 3}],
    io:format("~p~n", [erl_internal:add_predefined_functions(Forms)]),
    io:format("~p~n", [compile:forms(foo, [])]),
    {error, [{_, [{none, compile, {crash, transform_module, function_clause, _}}]}], []} =
        compile:forms(foo, [return]).

last(A) -> ?PLUS(A).

unread() -> ok.
