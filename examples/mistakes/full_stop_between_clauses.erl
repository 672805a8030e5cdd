%%% A mistake: a full stop between clauses of one function.
-module(full_stop_between_clauses).
-export([factorial/1]).

factorial(0) -> 1.
factorial(N) -> N * factorial(N - 1).
