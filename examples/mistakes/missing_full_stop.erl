%%% A mistake: no full stop after a function.
-module(missing_full_stop).
-export([area/1, perimeter/1]).

area(Side) ->
    Side * Side

perimeter(Side) ->
    4 * Side.
