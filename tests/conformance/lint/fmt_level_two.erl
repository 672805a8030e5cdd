-module(fmt_level_two).
-compile({warn_format, 2}).
-export([f/2]).
f(X, Y) ->
    io:format(X, [1]),
    io:format("~p", Y),
    io:format("~p ~p", [X | Y]),
    io:format("~p ~p", [X]),
    io:format("~q", [X]),
    io_lib:format("~s", {X}).
