%%% Who is told of long collections, long turns and large heaps; what the time of the schedulers looks like; a few items
%%% and flags of the machine and of a process.
-module(system_monitor_settings).
-export([main/0]).

main() ->
    Self = self(),
    show(none, fun() -> erlang:system_monitor() end),
    show(set, fun() -> erlang:system_monitor(Self, [busy_port]) end),
    show(kept, fun() -> element(2, erlang:system_monitor()) end),
    show(cleared, fun() -> element(2, erlang:system_monitor(undefined)) end),
    show(wrong_option, fun() -> erlang:system_monitor(Self, [foo]) end),
    show(wrong_limit, fun() -> erlang:system_monitor(Self, [{long_gc, a}]) end),
    show(wrong_list, fun() -> erlang:system_monitor(Self, foo) end),
    show(all, fun() -> erlang:system_monitor({Self, [{long_gc, 100}, {large_heap, 1000}, {long_schedule, 10},
                                                     busy_dist_port, busy_port]}) end),
    show(order, fun() -> element(2, erlang:system_monitor(undefined)) end),
    show(nothing, fun() -> erlang:system_monitor(Self, []) end),
    show(left, fun() -> erlang:system_monitor() end),
    large_heap(),
    gone(),
    wall_time(),
    [show(F, fun() -> process_flag(scheduler, F) end) || F <- [0, 1, 10000, a, 0]],
    show(logger, fun() -> erlang:system_flag(system_logger, foo) end),
    [show(Item, fun() -> erlang:system_info(Item) end)
     || Item <- [garbage_collection, context_reductions, hipe_architecture, taints, ets_realloc_moves]],
    show(tables, fun() -> Before = erlang:system_info(ets_count),
                          _ = ets:new(one, []),
                          erlang:system_info(ets_count) - Before end),
    show(request, fun() -> Ref = spawn_request(a, b, c), receive {spawn_reply, Ref, X, Y} -> {X, Y} end end).

show(What, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~w: ~0p~n", [What, Result]).

%% The process that is told hears of the one whose heap grows.
large_heap() ->
    erlang:system_monitor(self(), [{large_heap, 100000}]),
    {Pid, Ref} = spawn_monitor(fun() -> exit(length(grow(400000, []))) end),
    receive {'DOWN', Ref, process, Pid, Length} -> io:format("grown: ~p~n", [Length]) end,
    receive
        {monitor, Pid, large_heap, Info} -> io:format("told: ~w~n", [[Key || {Key, _} <- Info]])
    end,
    erlang:system_monitor(undefined).

grow(0, List) -> List;
grow(N, List) -> grow(N - 1, [N | List]).

%% With the process that is told the setting goes.
gone() ->
    {Pid, Ref} = spawn_monitor(fun() -> receive stop -> ok end end),
    erlang:system_monitor(Pid, [busy_port]),
    io:format("its: ~p~n", [element(1, erlang:system_monitor()) =:= Pid]),
    Pid ! stop,
    receive {'DOWN', Ref, process, Pid, _} -> ok end,
    wait_until(fun() -> erlang:system_monitor() =:= undefined end),
    io:format("gone: ~p~n", [erlang:system_monitor()]).

wait_until(Fun) -> Fun() orelse begin timer:sleep(1), wait_until(Fun) end.

wall_time() ->
    io:format("wall time: ~p~n", [erlang:statistics(scheduler_wall_time)]),
    io:format("was counted: ~p~n", [erlang:system_flag(scheduler_wall_time, true)]),
    Times = lists:sort(erlang:statistics(scheduler_wall_time)),
    All = erlang:statistics(scheduler_wall_time_all),
    Count = erlang:system_info(schedulers) + erlang:system_info(dirty_cpu_schedulers),
    io:format("each: ~p~n", [[Id || {Id, _, _} <- Times] =:= lists:seq(1, Count)]),
    io:format("all: ~p~n", [length(All) - Count =:= erlang:system_info(dirty_io_schedulers)]),
    io:format("at most the whole: ~p~n", [lists:all(fun({_, Active, Total}) -> Active =< Total end, Times)]),
    io:format("is counted: ~p~n", [erlang:system_flag(scheduler_wall_time, false)]),
    io:format("wall time: ~p~n", [erlang:statistics(scheduler_wall_time)]).
