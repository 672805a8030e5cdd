%%% A mistake: a variable with a small letter.
-module(small_variable).
-export([area/0]).

area() ->
    side = 5,
    side * side.
