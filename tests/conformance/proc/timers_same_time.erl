%%% Timers that run out at the same time do so in the order in which they were started.
-module(timers_same_time).
-export([main/0]).
main() ->
    [erlang:send_after(5, self(), N) || N <- lists:seq(1, 8)],
    io:format("~w~n", [[receive M -> M end || _ <- lists:seq(1, 8)]]),
    [erlang:start_timer(0, self(), N) || N <- lists:seq(1, 5)],
    io:format("~w~n", [[receive {timeout,_,M} -> M end || _ <- lists:seq(1, 5)]]),
    [erlang:send_after(300, self(), N) || N <- lists:seq(1, 8)],
    io:format("~w~n", [[receive M -> M end || _ <- lists:seq(1, 8)]]),
    T = erlang:monotonic_time(millisecond) + 50,
    [erlang:send_after(T, self(), N, [{abs, true}]) || N <- lists:seq(1, 8)],
    io:format("~w~n", [[receive M -> M end || _ <- lists:seq(1, 8)]]).
