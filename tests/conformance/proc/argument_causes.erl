%% The causes that come with badarg of functions of processes.
-module(argument_causes).
-export([main/0]).

main() ->
    Self = self(),
    register(me, Self),
    Dead = spawn(fun() -> ok end),
    _ = monitor(process, Dead),
    receive {'DOWN', _, _, _, _} -> ok end,
    [show(F, A) || {F, A} <- [
        {register, [foo, bar]}, {register, [undefined, Self]}, {register, ["a", Self]}, {register, [init, Self]},
        {register, [foo, Self]}, {register, [foo, Dead]}, {unregister, [foo]}, {unregister, ["a"]},
        {monitor, [time_offset, foo]}, {monitor, [foo, bar]}, {monitor, [process, 1]}, {monitor, [process, Self, [x]]},
        {garbage_collect, [Self, [{type, foo}]]}, {garbage_collect, [Self, [foo]]}, {garbage_collect, [Self, foo]},
        {send_after, [-1, Self, x]}, {send_after, [a, Self, x]}, {send_after, [1 bsl 64, Self, x]},
        {send_after, [1, 2, x]}, {send_after, [1, Self, x, [foo]]}, {start_timer, [-1, Self, x]},
        {start_timer, [1.5, Self, x, []]}, {start_timer, [a, Self, x, [{abs, true}]]},
        {cancel_timer, [foo]}, {read_timer, [foo, []]}, {demonitor, [foo]}, {link, [foo]}, {unlink, [foo]},
        {exit, [foo, bar]}, {alias, [[foo]]}, {unalias, [foo]}, {process_flag, [foo, bar]},
        {process_flag, [priority, foo]}, {process_flag, [save_calls, -1]}, {whereis, ["a"]}
    ]].

show(F, A) ->
    try
        io:format("~p ~p~n", [F, apply(erlang, F, A)])
    catch
        error:Reason:Trace ->
            [{M, N, _, Info} | _] = Trace,
            io:format("~p ~p ~p:~p ~p~n", [length(A), Reason, M, N, Info])
    end.
