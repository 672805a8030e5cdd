%%% A hundred processes that each count for themselves, and a sum over all of them.
-module(tally).
-export([main/0]).

-record(counter, {name, pid}).

main() ->
    Counters = [#counter{name = N, pid = spawn_link(fun() -> count(0) end)} || N <- lists:seq(1, 100)],
    [Pid ! {add, N} || #counter{name = N, pid = Pid} <- Counters, _ <- lists:seq(1, 10)],
    Values = [{N, read(Pid)} || #counter{name = N, pid = Pid} <- Counters],
    io:format("the first five: ~w~n", [lists:sublist(Values, 5)]),
    io:format("the sum of all: ~w~n", [lists:sum([V || {_, V} <- Values])]),
    [Pid ! stop || #counter{pid = Pid} <- Counters],
    ok.

read(Pid) ->
    Ref = make_ref(),
    Pid ! {read, self(), Ref},
    receive
        {Ref, Value} -> Value
    after 1000 ->
        exit({no_answer, Pid})
    end.

count(Value) ->
    receive
        {add, K} -> count(Value + K);
        {read, From, Ref} -> From ! {Ref, Value}, count(Value);
        stop -> ok
    end.
