%%% A hundred thousand processes at a time, each answering once.
-module(many_processes).
-export([main/0]).

main() ->
    Self = self(),
    Pids = [spawn(fun() -> receive {get, From} -> From ! {value, N} end end) || N <- lists:seq(1, 100_000)],
    io:format("alive: ~p~n", [lists:all(fun is_process_alive/1, Pids)]),
    [P ! {get, Self} || P <- Pids],
    io:format("sum: ~p~n", [sum(100_000, 0)]).

sum(0, Sum) -> Sum;
sum(N, Sum) -> receive {value, V} -> sum(N - 1, Sum + V) end.
