%% Arguments that functions of the machine refuse, and the causes that they give.
-module(arguments_refused).
-export([main/0, traced/0]).

main() ->
    Ref = make_ref(),
    [show(M, F, A) || {M, F, A} <- [
        {os, getenv, [[a | b]]}, {os, getenv, [[a, b]]}, {os, getenv, [[$a | $b], none]}, {os, getenv, [a]},
        {os, getenv, [[[$N, "O"], "PE"], none]}, {os, putenv, [[a], "x"]}, {os, putenv, ["x", [a]]},
        {os, unsetenv, [[x]]},
        {counters, new, [3, foo]}, {counters, new, [3, [foo]]}, {counters, new, [0, []]},
        {atomics, new, [3, foo]}, {atomics, new, [3, [foo]]}, {atomics, new, [0, []]},
        {erlang, port_info, [no_such_port, Ref]}, {erlang, port_info, [no_such_port, name]},
        {erlang, trace_pattern, [{?MODULE, traced, 0}, foo, []]}, {erlang, trace_pattern, [foo, true, []]},
        {erlang, trace_pattern, [{'_', '_', 1}, false, []]}, {erlang, trace_pattern, [{'_', a, '_'}, true, []]},
        {erlang, trace_pattern, [{?MODULE, traced, 0}, true, [foo]]}, {erlang, trace_pattern, [send, foo, []]},
        {erlang, trace_info, [foo, flags]}
    ]],
    texts().

traced() -> ok.

show(M, F, A) ->
    try
        io:format("~p:~p ~p~n", [M, F, apply(M, F, A)])
    catch
        error:Reason:Trace ->
            [{M1, F1, A1, Info} | _] = Trace,
            Arity = if is_list(A1) -> length(A1); true -> A1 end,
            Cause = maps:get(cause, proplists:get_value(error_info, Info, #{}), none_given),
            io:format("~p ~p:~p/~p ~p~n", [Reason, M1, F1, Arity, Cause])
    end.

texts() ->
    [try apply(ets, F, A) catch
         error:Reason:Trace -> Call = hd(Trace), io:format("~ts~n", [erl_error:format_exception(error, Reason, [no_line(Call)])])
     end || {F, A} <- [{insert, [[], a]}, {insert_new, [no_such_table, b]}, {insert, [no_such_table, [a]]}]],
    ok.

no_line({M, F, A, Info}) -> {M, F, A, lists:keydelete(line, 1, lists:keydelete(file, 1, Info))}.
