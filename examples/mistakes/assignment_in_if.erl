%%% A mistake: `=` where `==` is meant.
-module(assignment_in_if).
-export([is_answer/1]).

is_answer(X) ->
    if
        X = 42 -> yes;
        true -> no
    end.
