%%% A mistake: a variable that only some branches bind.
-module(bound_in_one_branch).
-export([describe/1]).

describe(N) ->
    if
        N > 0 -> Sign = positive;
        N < 0 -> Sign = negative;
        true -> ok
    end,
    {N, Sign}.
