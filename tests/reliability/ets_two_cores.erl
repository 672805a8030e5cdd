%%% Two processes on one table: nothing is lost, whatever they do at once, and with two cores they do more than one alone.
%%% How much more is a figure, since others may want the cores.
-module(ets_two_cores).
-export([main/0]).

-define(KEYS, 20_000).
-define(ROUNDS, 20_000).

main() ->
    Kinds = [{"set", [set]}, {"set, read_concurrency", [set, {read_concurrency, true}]},
             {"set, write_concurrency", [set, {write_concurrency, true}]},
             {"set, both", [set, {write_concurrency, true}, {read_concurrency, true}]},
             {"ordered_set", [ordered_set]},
             {"ordered_set, write_concurrency", [ordered_set, {write_concurrency, true}]}],
    [kind(Name, Options) || {Name, Options} <- Kinds].

kind(Name, Options) ->
    Table = ets:new(table, [public | Options]),
    [ets:insert(Table, {Key, 0}) || Key <- lists:seq(0, ?KEYS - 1)],
    Figures = [{What, together(1, Table, Work), together(2, Table, Work)}
               || {What, Work} <- [{lookups, fun lookups/3}, {inserts, fun inserts/3}, {counters, fun counters/3}]],
    Sum = ets:foldl(fun({Key, N}, Acc) when is_integer(Key) -> Acc + N; (_, Acc) -> Acc end, 0, Table),
    io:format("~s: ~p counted, ~p objects~n", [Name, Sum, ets:info(Table, size)]),
    [io:format(standard_error, "figure: ~s, ~p: ~.1f us an operation alone, ~.1f for each of two (~.2f times as much done)~n",
               [Name, What, One / ?ROUNDS, Two / ?ROUNDS, 2 * One / Two])
     || {What, One, Two} <- Figures],
    ets:delete(Table).

%% Microseconds until all have done it.
together(Count, Table, Work) ->
    Begin = erlang:monotonic_time(microsecond),
    Workers = [spawn_monitor(fun() -> Work(Table, Number, ?ROUNDS) end) || Number <- lists:seq(1, Count)],
    [receive {'DOWN', Monitor, process, Pid, normal} -> ok end || {Pid, Monitor} <- Workers],
    erlang:monotonic_time(microsecond) - Begin.

lookups(_, _, 0) -> ok;
lookups(Table, Seed, Left) ->
    [{_, _}] = ets:lookup(Table, key(Seed, Left)),
    lookups(Table, Seed, Left - 1).

%% Each its own keys, again and again.
inserts(_, _, 0) -> ok;
inserts(Table, Seed, Left) ->
    true = ets:insert(Table, {{Seed, Left rem 1000}, Left}),
    inserts(Table, Seed, Left - 1).

%% All the same ones.
counters(_, _, 0) -> ok;
counters(Table, Seed, Left) ->
    ets:update_counter(Table, key(Seed, Left), 1),
    counters(Table, Seed, Left - 1).

key(Seed, N) -> (N * 7919 + Seed * 104729) rem ?KEYS.
