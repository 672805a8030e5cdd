%%% A mistake: a semicolon before `end`.
-module(semicolon_before_end).
-export([size_of/1]).

size_of(N) ->
    case N of
        0 -> none;
        1 -> one;
        _ -> many;
    end.
