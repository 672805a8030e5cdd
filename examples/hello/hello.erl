%%% The smallest program: prints a line.
-module(hello).
-export([main/0]).

main() ->
    io:format("Hello from ~ts!~n", ["Erlang"]).
