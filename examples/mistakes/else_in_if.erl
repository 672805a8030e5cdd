%%% A mistake: `else`.
-module(else_in_if).
-export([sign/1]).

sign(N) ->
    if
        N >= 0 -> positive
        else -> negative
    end.
