%%% A mistake: `!=` and other operators from elsewhere.
-module(foreign_operators).
-export([differs/2]).

differs(A, B) ->
    A != B.
