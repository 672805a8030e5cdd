-module(too_few_arguments).
-export([report/2]).

report(Name, Age) ->
    io:format("~s is ~p years old~n", [Name]).
