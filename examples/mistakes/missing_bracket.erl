%%% A mistake: no closing bracket.
-module(missing_bracket).
-export([total/1]).

total(Prices) ->
    lists:sum([Price * Count || {Price, Count} <- Prices).
