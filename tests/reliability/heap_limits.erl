%%% A process that crosses its max_heap_size is killed, whatever it was doing; the others go on.
-module(heap_limits).
-export([main/0]).

main() ->
    logger:set_primary_config(level, none),
    Big = lists:seq(1, 300_000),
    Binary = term_to_binary(Big),
    Ways = [{building, fun() -> grow([]) end},
            {native, fun() -> lists:seq(1, 10_000_000) end},
            {decoding, fun() -> length(binary_to_term(Binary)) end},
            {messages, fun() -> [self() ! lists:seq(1, 1000) || _ <- lists:seq(1, 1000)], keep([]) end},
            {dictionary, fun() -> [put(N, lists:seq(1, 100)) || N <- lists:seq(1, 10_000)] end},
            {tuple, fun() -> erlang:make_tuple(5_000_000, x) end}],
    [io:format("~p: ~p~n", [Name, ending(Fun)]) || {Name, Fun} <- Ways],
    io:format("not killed: ~p~n", [ending(#{size => 100_000, kill => false, error_logger => false},
                                          fun() -> exit(length(lists:seq(1, 500_000))) end)]),
    io:format("within its limit: ~p~n", [ending(fun() -> exit(length(lists:seq(1, 1000))) end)]),
    io:format("still here: ~p~n", [length(Big)]).

ending(Fun) -> ending(#{size => 100_000, kill => true, error_logger => false}, Fun).

ending(Limit, Fun) ->
    {Pid, Ref} = spawn_opt(Fun, [monitor, {max_heap_size, Limit}]),
    receive {'DOWN', Ref, process, Pid, Reason} -> Reason after 20_000 -> exit(Pid, kill), still_alive end.

grow(List) -> grow([make_ref() | List]).

keep(Held) -> receive M -> keep([M | Held]) after 100 -> length(Held) end.
