%%% A list nested ten million deep is built, compared, hashed, sent, collected and dropped.
-module(deep_list).
-export([main/0]).

-define(DEPTH, 10_000_000).

main() ->
    A = deep(?DEPTH, []),
    B = deep(?DEPTH, []),
    io:format("equal: ~p~n", [A =:= B]),
    io:format("less than one deeper: ~p~n", [A < [B]]),
    io:format("same hash: ~p~n", [erlang:phash2(A) =:= erlang:phash2(B)]),
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> receive {list, L} -> Self ! {depth, depth(L, 0)} end end),
    Pid ! {list, A},
    receive {depth, D} -> io:format("depth as received: ~p~n", [D]) end,
    receive {'DOWN', Ref, process, Pid, Reason} -> io:format("receiver: ~p~n", [Reason]) end,
    erlang:garbage_collect(),
    io:format("depth after collection: ~p~n", [depth(A, 0)]),
    put(dropped, depth(B, 0)),
    erlang:garbage_collect(),
    io:format("dropped: ~p~n", [erlang:process_info(self(), total_heap_size) < {total_heap_size, 1_000_000}]).

deep(0, L) -> L;
deep(N, L) -> deep(N - 1, [L]).

depth([], N) -> N;
depth([L], N) -> depth(L, N + 1).
