%%% A mistake: no semicolon between two clauses.
-module(missing_semicolon).
-export([size_of/1]).

size_of(N) ->
    case N of
        0 -> none
        1 -> one;
        _ -> many
    end.
