%%% A mistake: a format that wants more arguments.
-module(too_few_arguments).
-export([report/2]).

report(Name, Age) ->
    io:format("~s is ~p years old~n", [Name]).
