-module(qlc_queries).
-export([all/1, some/1, wrong/0]).
-include_lib("stdlib/include/qlc.hrl").

all(L) -> qlc:q([X || X <- L]).
some(L) -> qlc:q([{X, Y} || X <- L, {Y, _} <- L, X > 1, other(Y)]).
other(X) -> X < 5.
wrong() -> qlc:q(no_query).
