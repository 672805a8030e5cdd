%%% A mistake: no `end`.
-module(missing_end).
-export([size_of/1, double/1]).

size_of(N) ->
    case N of
        0 -> none;
        _ ->
            if
                N > 100 -> many;
                true -> some
            end.

double(N) -> 2 * N.
