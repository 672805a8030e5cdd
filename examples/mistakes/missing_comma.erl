%%% A mistake: no comma between two expressions.
-module(missing_comma).
-export([greet/1]).

greet(Name) ->
    Text = "Hello, " ++ Name
    io:format("~s~n", [Text]).
