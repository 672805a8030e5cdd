%% What the monitor and the profile of the system accept, say and tell.
-module(monitor_of_system).
-export([main/0]).

main() ->
    Me = self(),
    show(erlang:system_monitor()),
    show(erlang:system_monitor(Me, [{large_heap, 100000}, {long_gc, 1}, busy_port, busy_dist_port, {long_schedule, 100000}])),
    show(erlang:system_monitor()),
    {P, R} = spawn_monitor(fun() -> L = lists:seq(1, 200000), erlang:garbage_collect(), length(L) end),
    receive {'DOWN', R, _, _, _} -> ok end,
    show(lists:member(large_heap, events(P))),
    [show(catch_it(fun() -> erlang:system_monitor(Me, Options) end))
     || Options <- [[foo], [{large_heap, a}], [{long_gc, -1}], [busy_port | a], a]],
    show(catch_it(fun() -> erlang:system_monitor(a, [busy_port]) end)),
    show(erlang:system_monitor(a, [])),
    show(erlang:system_monitor()),
    show(erlang:system_monitor({Me, [{long_gc, 5}]})),
    show(erlang:system_monitor()),
    show(erlang:system_monitor(undefined)),
    Other = spawn(fun() -> receive stop -> ok end end),
    erlang:system_monitor(Other, [busy_port]),
    Other ! stop,
    timer:sleep(50),
    show(erlang:system_monitor()),
    show(erlang:system_profile()),
    show(erlang:system_profile(Me, [runnable_procs, exclusive])),
    show(erlang:system_profile()),
    X = spawn(fun() -> receive a -> ok end end),
    timer:sleep(20),
    X ! a,
    timer:sleep(20),
    show(profiled(X)),
    show(erlang:system_profile(undefined, [])).

show({Pid, What}) when Pid =:= self() -> io:format("own ~p~n", [What]);
show(Term) -> io:format("~p~n", [Term]).

catch_it(F) -> try F() catch C:R:S -> {C, R, [{M, N, Info} || {M, N, _, Info} <- lists:sublist(S, 1)]} end.

events(P) -> receive {monitor, P, Event, _} -> [Event | events(P)] after 100 -> [] end.

profiled(X) -> receive {profile, X, State, MFA, _} -> [{State, MFA} | profiled(X)] after 50 -> [] end.
