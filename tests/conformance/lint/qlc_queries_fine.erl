-module(qlc_queries_fine).
-export([all/1, some/1, inner/1]).
-include_lib("stdlib/include/qlc.hrl").

all(L) -> qlc:q([X || X <- L]).
some(L) -> qlc:q([{X, Y} || X <- L, {Y, _} <- L, X > 1, other(Y)], unique).
inner(L) -> qlc:e(qlc:q([X || X <- qlc:q([Y || Y <- L]), X =:= 1])).
other(X) -> X < 5.
