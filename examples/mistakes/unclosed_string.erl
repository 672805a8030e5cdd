%%% A mistake: no closing quote.
-module(unclosed_string).
-export([greet/0]).

greet() ->
    io:format("Hello~n),
    bye().

bye() ->
    io:format("Bye~n").
