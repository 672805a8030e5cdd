%%% A million processes are alive at a time, and each answers.
%%! erl +P 2000000
-module(million_processes).
-export([main/0, wait/1]).

-define(COUNT, 1_000_000).

main() ->
    Before = memory(),
    T0 = erlang:monotonic_time(millisecond),
    Pids = [spawn(?MODULE, wait, [N rem 10]) || N <- lists:seq(1, ?COUNT)],
    T1 = erlang:monotonic_time(millisecond),
    io:format("alive: ~p~n", [lists:all(fun is_process_alive/1, Pids)]),
    After = memory(),
    Self = self(),
    T2 = erlang:monotonic_time(millisecond),
    [P ! {get, Self} || P <- Pids],
    io:format("sum: ~p~n", [sum(?COUNT, 0)]),
    T3 = erlang:monotonic_time(millisecond),
    [P ! stop || P <- Pids],
    gone(length(Pids)),
    figure("started in ~p ms, asked in ~p ms, ~p bytes resident each", [T1 - T0, T3 - T2, (After - Before) div ?COUNT]).

wait(Value) ->
    receive
        {get, From} -> From ! {value, Value}, wait(Value);
        stop -> ok
    end.

sum(0, Sum) -> Sum;
sum(N, Sum) -> receive {value, V} -> sum(N - 1, Sum + V) end.

gone(Count) ->
    case erlang:system_info(process_count) < 1000 of
        true -> io:format("~p gone~n", [Count]);
        false -> receive after 20 -> gone(Count) end
    end.

memory() ->
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Resident | _] = binary:split(Text, <<" ">>, [global]),
    binary_to_integer(Resident) * 4096.

figure(Format, Args) -> io:format(standard_error, "figure: " ++ Format ++ "~n", Args).
