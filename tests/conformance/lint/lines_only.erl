%% Places in messages are lines alone when columns are not wanted, also those of other places.
%%! erlc +{error_location,line} +warn_export_vars
-module(lines_only).
-behaviour(gen_server).
-behaviour(gen_event).
-export([f/1, g/1]).

f(X) ->
    case X of 1 -> Z = 1; 2 -> Z = 2 end,
    Z.

g(X) ->
    case X of 1 -> Z = 1; 2 -> 3 end,
    Z.
