%%% Body recursion a million deep, and an exception through all of it.
-module(deep_calls).
-export([main/0]).

main() ->
    io:format("~p~n", [sum(1_000_000)]),
    io:format("~p~n", [try fail(1_000_000) catch throw:Reason -> {caught, Reason} end]),
    io:format("~p~n", [length(lists:map(fun(X) -> X + 1 end, lists:seq(1, 1_000_000)))]).

sum(0) -> 0;
sum(N) -> N + sum(N - 1).

fail(0) -> throw(bottom);
fail(N) -> 1 + fail(N - 1).
