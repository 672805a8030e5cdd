%%% A mistake: a function with a capital letter.
-module(capital_function).
-export([area/1]).

area(Side) ->
    Square(Side).

Square(X) ->
    X * X.
