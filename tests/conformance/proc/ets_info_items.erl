%% Every item of ets:info/2, of tables of each kind and with each option.
-module(ets_info_items).
-export([main/0]).

main() ->
    Options = [[], [ordered_set], [bag], [duplicate_bag], [{write_concurrency, true}], [{write_concurrency, auto}],
               [{read_concurrency, true}], [{write_concurrency, true}, {read_concurrency, true}],
               [ordered_set, {write_concurrency, true}], [ordered_set, {read_concurrency, true}], [compressed],
               [named_table, public, {keypos, 2}], [private, {write_concurrency, true}]],
    [table(O) || O <- Options],
    T = ets:new(t, []),
    [begin
         ets:insert(T, [{I, I} || I <- lists:seq(1, N)]),
         io:format("~w ~w ~w~n", [N, ets:info(T, stats), ets:info(T, memory)])
     end || N <- [0, 1, 200, 250, 300, 1000, 10000]].

table(Options) ->
    io:format("~p~n", [Options]),
    T = ets:new(t, Options),
    Empty = ets:info(T, memory),
    ets:insert(T, [{I, I} || I <- lists:seq(1, 1000)]),
    Items = [binary, compressed, decentralized_counters, fixed, heir, id, keypos, name, named_table, node, owner,
             protection, read_concurrency, safe_fixed, safe_fixed_monotonic_time, size, type, write_concurrency,
             nothing_of_the_kind],
    [io:format("  ~p ~p~n", [I, show(catch ets:info(T, I))]) || I <- Items],
    io:format("  ~p ~p~n", [Empty, ets:info(T, memory)]),
    case ets:info(T, stats) of
        Stats when tuple_size(Stats) =:= 8 -> io:format("  ~p~n", [[element(I, Stats) || I <- [5, 7, 8]]]);
        Stats -> io:format("  ~p~n", [Stats])
    end,
    io:format("  ~p~n", [[{K, show(V)} || {K, V} <- ets:info(T), K =/= memory]]),
    ets:delete(T).

show(P) when is_pid(P) -> pid;
show(R) when is_reference(R) -> reference;
show({'EXIT', {Reason, _}}) -> Reason;
show(Other) -> Other.
