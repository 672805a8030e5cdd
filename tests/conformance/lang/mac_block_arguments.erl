%% Commas in blocks, as arguments of macros.
-module(mac_block_arguments).
-export([main/0]).
-define(M(X), X).
main() -> io:format("~p~n", [run()]).

run() -> ?M(case 1 of 1 -> a, b; 2 -> c end), ?M(if true -> x, y end), ?M(begin 1, 2 end), ?M(fun() -> a, b end), ?M(try a, b catch _:_ -> c, d end), ?M(receive a -> b, c after 0 -> d, e end), {?M(1), ?M("a,b"), ?M($,), ?M('a,b')}.
