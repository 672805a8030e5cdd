%%% Endless loops on twice as many processes as cores; the others are served all the same.
-module(busy_loops).
-export([main/0, spin/1]).

main() ->
    Loops = [spawn(?MODULE, spin, [0]) || _ <- lists:seq(1, 2 * erlang:system_info(schedulers))],
    Echo = spawn(fun echo/0),
    T0 = erlang:monotonic_time(millisecond),
    [begin Echo ! {self(), N}, receive {Echo, N} -> ok end end || N <- lists:seq(1, 10)],
    T1 = erlang:monotonic_time(millisecond),
    io:format("ten answers in time: ~p~n", [T1 - T0 < 2000]),
    io:format("all still at it: ~p~n", [lists:all(fun is_process_alive/1, Loops)]),
    [exit(P, kill) || P <- Loops],
    io:format("none left: ~p~n", [wait(Loops)]).

spin(N) -> spin(N + 1).

echo() ->
    receive {From, N} -> From ! {self(), N} end,
    echo().

wait(Loops) ->
    case lists:any(fun is_process_alive/1, Loops) of
        true -> receive after 10 -> wait(Loops) end;
        false -> true
    end.
