%%% A mistake: another number of arguments.
-module(wrong_arity).
-export([run/0]).

run() ->
    print_total([1, 2, 3], "apples").

print_total(Numbers) ->
    io:format("~p~n", [lists:sum(Numbers)]).
