%%% A mistake: a clause behind one that takes everything.
-module(clause_too_late).
-export([fib/1]).

fib(N) -> fib(N - 1) + fib(N - 2);
fib(0) -> 0;
fib(1) -> 1.
