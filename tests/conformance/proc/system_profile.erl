%% system_profile: what it answers, and what it tells of a process that runs and waits. Microstate accounting.
-module(system_profile).
-export([main/0, wait/1]).

main() ->
    Waiter = spawn(?MODULE, wait, [self()]),
    until_waiting(Waiter),
    Main = self(),
    Profiler = spawn(fun() -> collect(Main, Waiter, []) end),
    p(before, erlang:system_profile()),
    p(set, erlang:system_profile(Profiler, [runnable_procs])),
    [begin Waiter ! go, receive gone -> ok end, until_waiting(Waiter) end || _ <- [1, 2]],
    p(during, named(erlang:system_profile(), Profiler)),
    p(unset, named(erlang:system_profile(undefined, []), Profiler)),
    Profiler ! {show, self()},
    receive {told, Told} -> [p(told, T) || T <- lists:sublist(Told, 4)] end,
    [begin
         erlang:system_profile(Profiler, Options),
         p(Options, named(erlang:system_profile(undefined, [scheduler]), Profiler))
     end || Options <- [[runnable_procs, exclusive], [scheduler], [runnable_ports], [runnable_procs, timestamp],
                        [runnable_procs, monotonic_timestamp], [scheduler, runnable_procs, runnable_ports, exclusive]]],
    erlang:system_profile(undefined, []),
    [p(wrong, try erlang:system_profile(Who, Options) catch error:Why -> Why end)
     || {Who, Options} <- [{self(), nothing}, {self(), [nothing]}, {undefined, []}, {an_atom, []}]],
    accounting().

wait(Main) ->
    receive go -> Main ! gone, wait(Main) end.

until_waiting(Pid) ->
    case process_info(Pid, status) of
        {status, waiting} -> ok;
        _ -> erlang:yield(), until_waiting(Pid)
    end.

collect(Main, Pid, Told) ->
    receive
        {show, From} -> From ! {told, lists:reverse(Told)}, collect(Main, Pid, []);
        {profile, Pid, What, Place, {_, _, _}} -> collect(Main, Pid, [{What, Place} | Told]);
        _ -> collect(Main, Pid, Told)
    end.

named({Pid, Options}, Pid) -> {profiler, Options};
named(Other, _) -> Other.

accounting() ->
    p(states, [erlang:system_flag(microstate_accounting, Value) || Value <- [true, true, reset, false, false, true]]),
    Threads = erlang:statistics(microstate_accounting),
    p(kinds, lists:usort([Kind || #{type := Kind} <- Threads])),
    p(counters, lists:usort([maps:keys(Counters) || #{counters := Counters} <- Threads])),
    Schedulers = lists:sort([Id || #{type := scheduler, id := Id} <- Threads]),
    p(schedulers, Schedulers =:= lists:seq(1, erlang:system_info(schedulers))),
    p(counting, sum(Threads) < sum(erlang:statistics(microstate_accounting))),
    erlang:system_flag(microstate_accounting, false),
    p(wrong, try erlang:system_flag(microstate_accounting, 1) catch error:Why -> Why end).

sum(Threads) ->
    lists:sum([lists:sum(maps:values(Counters)) || #{type := scheduler, counters := Counters} <- Threads]).

p(What, Term) -> io:format("~w: ~p~n", [What, Term]).
