-module(foreign_operators).
-export([differs/2]).

differs(A, B) ->
    A != B.
