%% Tracing of messages, of starts and ends, of links and names; flags and who may set them.
-module(trace_events).
-export([main/0, loop/0]).
main() ->
    p(flags, begin P0 = spawn(fun loop/0), erlang:trace(P0, true, [call, send, procs]),
        {erlang:trace_info(P0, flags), element(2, erlang:trace_info(P0, tracer)) =:= self()} end),
    p(off, begin erlang:trace(P0, false, [all]), {erlang:trace_info(P0, flags), erlang:trace_info(P0, tracer)} end),
    S = self(), register(here, S),
    P = spawn(fun slave/0),
    erlang:trace(P, true, [send, 'receive']),
    do(P, fun() -> S ! hi, here ! reg, {here, node()} ! tup, erlang:send(S, a3, []) end), show(),
    do(P, fun() -> {D, R} = spawn_monitor(fun() -> ok end), receive {'DOWN', R, _, _, _} -> ok end, D ! dead,
        receive never -> ok after 1 -> ok end end), show(),
    erlang:trace_pattern(send, [{['_', {a, '_'}], [], []}], []),
    do(P, fun() -> S ! {a, 1}, S ! {b, 1} end), show(),
    p(send_pattern, erlang:trace_info(send, match_spec)), erlang:trace_pattern(send, true, []),
    erlang:trace(P, false, [all]), erlang:trace(P, true, [procs]),
    do(P, fun() -> process_flag(trap_exit, true), register(pp, self()), Q = spawn_link(?MODULE, loop, []), unlink(Q),
        link(Q), exit(Q, kill), receive {'EXIT', Q, killed} -> ok end, unregister(pp) end), show(),
    erlang:trace(P, true, [set_on_first_spawn]),
    do(P, fun() -> wait(spawn(?MODULE, loop, [])), wait(spawn(?MODULE, loop, [])) end), show(),
    exit(P, bye), receive_exit(P), show(),
    p(new, erlang:trace(new_processes, true, [procs])),
    p(new_flags, erlang:trace_info(new, flags)),
    {N, NR} = spawn_monitor(?MODULE, loop, []), N ! stop, receive {'DOWN', NR, _, _, _} -> ok end,
    erlang:trace(new_processes, false, [all]), show(),
    p(wrong, [ex(fun() -> erlang:trace(A, B, C) end)
              || {A, B, C} <- [{foo, true, []}, {P0, x, [send]}, {P0, true, [foo]}, {P0, true, foo}, {P, true, [send]}]]),
    p(match_spec_test, [erlang:match_spec_test(A, B, trace)
              || {A, B} <- [{[1, 2], [{['$1', '$2'], [], ['$2']}]}, {[1], [{'_', [], [{return_trace}, {message, hi}]}]},
                            {[1], [{[2], [], []}]}, {[1], [{'_', [], [{message, false}]}]}]]).
loop() -> receive stop -> ok end.
wait(P) -> R = monitor(process, P), P ! stop, receive {'DOWN', R, _, _, _} -> ok end.
receive_exit(P) -> R = monitor(process, P), receive {'DOWN', R, _, _, _} -> ok end.
slave() -> receive {do, F, From} -> F(), From ! done, slave(); {'EXIT', _, R} -> exit(R) end.
do(P, F) -> P ! {do, F, self()}, receive done -> ok after 2000 -> stuck end,
    R = erlang:trace_delivered(all), receive {trace_delivered, all, R} -> ok end.
show() ->
    receive
        T when element(1, T) =:= trace ->
            [_, _ | L] = tuple_to_list(T),
            Text = re:replace(io_lib:format("~0p", [L]), "<[0-9.]*>|#Fun<[^>]*>", "X", [global]),
            io:format("  ~s~n", [Text]), show();
        X when not is_tuple(X); element(1, X) =/= trace_delivered -> show()
    after 30 -> ok
    end.
p(T, V) -> io:format("~s: ~0p~n", [T, V]).
ex(F) -> try F() catch C:R -> {C, R} end.
