%%% A mistake: a loop as other languages write it.
-module(loop_of_elsewhere).
-export([count/0]).

count() ->
    for (I = 0; I < 10; I++) {
        io:format("~w~n", [I])
    }.
