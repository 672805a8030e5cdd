%%% A mistake: a misspelt function.
-module(misspelt_function).
-export([run/0]).

run() ->
    prnt_total([1, 2, 3]).

print_total(Numbers) ->
    io:format("~p~n", [lists:sum(Numbers)]).
