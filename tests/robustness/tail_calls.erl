%%% Ten million iterations of a tail call, local and remote, hold memory constant.
-module(tail_calls).
-export([main/0, remote/2]).

main() ->
    Before = heap(),
    io:format("~p~n", [local(10_000_000, 0)]),
    io:format("~p~n", [?MODULE:remote(10_000_000, 0)]),
    io:format("~p~n", [mutual_even(10_000_000)]),
    io:format("constant: ~p~n", [heap() - Before < 10_000]).

heap() ->
    {total_heap_size, Words} = process_info(self(), total_heap_size),
    Words.

local(0, Sum) -> Sum;
local(N, Sum) -> local(N - 1, Sum + N).

remote(0, Sum) -> Sum;
remote(N, Sum) -> ?MODULE:remote(N - 1, Sum + N).

mutual_even(0) -> true;
mutual_even(N) -> mutual_odd(N - 1).

mutual_odd(0) -> false;
mutual_odd(N) -> mutual_even(N - 1).
