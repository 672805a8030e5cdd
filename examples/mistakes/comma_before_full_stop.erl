%%% A mistake: a comma before the full stop.
-module(comma_before_full_stop).
-export([greet/1]).

greet(Name) ->
    io:format("Hello, ~s~n", [Name]),
    ok,.
