%%% A mistake: no `end` before the next function.
-module(end_before_function).
-export([sign/1]).

sign(N) ->
    if
        N < 0 -> minus;
        true -> plus

show(N) ->
    io:format("~p~n", [sign(N)]).
