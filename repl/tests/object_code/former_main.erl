%%% Calls what is in `former.S` and prints what comes of it.
-module(former_main).
-export([main/0]).

main() ->
    [show(former, F, A) || {F, A} <- [
        {byte, [1]}, {byte, [a]}, {mixed, [2, 3]}, {mixed, [1, b]}, {append, [<<"xx">>, 5, 12]}, {append, [x, 1, 2]}, {append, [<<>>, 1, a]},
        {append, [<<>>, 1, -1]}, {append, [<<1:3>>, 1, 8]}, {append, [<<>>, 1, 1 bsl 70]}, {each, [[1, 2, 3]]}, {each, [[a]]}, {each, [[]]}, {halves, [<<1, 2>>]},
        {characters, [8364, 65]}, {characters, [65536, 66000]}, {characters, [-1, 2]}, {characters, [16#d800, 2]}, {floats, [1.5]}, {floats, [3]}, {floats, [a]},
        {odd, [<<1:3>>]}, {odd, [a]}, {part, [<<1, 2, 3>>, 4]}, {part, [<<1>>, 10]}, {record, [<<1, 2, 3, 4>>, 3, 17]}, {record, [<<1, 2>>, 3, 1]},
        {guard, [1, 3]}, {guard, [1, 4]}, {guard, [a, 3]}, {guard, [1, a]}, {guard, [1, -1]}
    ]],
    %% Much of it, so that memory is collected in between.
    io:format("~w~n", [erlang:phash2([former:long(list_to_binary([N rem 256]), N) || N <- lists:seq(1, 3000)])]),
    io:format("~w~n", [erlang:phash2([former:each(lists:seq(N, N + 200)) || N <- lists:seq(1, 50)])]),
    io:format("~w~n", [erlang:phash2([former:record(binary:copy(<<7>>, 100), N, N) || N <- lists:seq(1, 90)])]).

show(Module, F, A) ->
    io:format("~w ~w~n", [F, try apply(Module, F, A) catch Class:Reason -> {Class, Reason} end]).
