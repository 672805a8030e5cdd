%%% A mistake: a remainder by `%`, which begins a comment.
-module(remainder_by_percent).
-export([last_digit/1]).

last_digit(N) ->
    Digit = N % 10,
    {digit, Digit}.
