%%% A mistake: a misspelt variable.
-module(misspelt_variable).
-export([greet/2]).

greet(FirstName, LastName) ->
    io:format("Hello, ~s ~s~n", [FirstName, LastNmae]).
