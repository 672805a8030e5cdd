%%% What memory is used for: each kind grows with what it counts, and shrinks again.
-module(memory_items).
-export([main/0]).

main() ->
    Items = erlang:memory(),
    io:format("~p~n", [[Item || {Item, Bytes} <- Items, is_integer(Bytes), Bytes >= 0]]),
    [Total, Processes, Used, System, Atom, AtomUsed, Binary, Code, Ets] = [Bytes || {_, Bytes} <- Items],
    io:format("~p~n", [[Total =:= Processes + System, Used =< Processes, AtomUsed =< Atom,
                        System >= Atom + Binary + Code + Ets]]),
    io:format("~p~n", [[Item || {Item, Bytes} <- erlang:memory([ets, total]), Bytes > 0]]),
    Bytes = grown(binary, fun() -> binary:copy(<<1>>, 5000000) end, fun(_) -> erlang:garbage_collect() end),
    io:format("binary ~p~n", [Bytes]),
    Fill = fun() -> T = ets:new(t, []), [ets:insert(T, {I, I}) || I <- lists:seq(1, 50000)], T end,
    io:format("ets ~p~n", [grown(ets, Fill, fun ets:delete/1)]),
    Start = fun() -> [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, 5000)] end,
    Stop = fun(Pids) ->
                   Refs = [monitor(process, Pid) || Pid <- Pids],
                   [Pid ! stop || Pid <- Pids],
                   [receive {'DOWN', Ref, _, _, _} -> ok end || Ref <- Refs]
           end,
    io:format("processes ~p~n", [grown(processes, Start, Stop)]),
    Hold = fun() ->
                   Self = self(),
                   Pid = spawn(fun() -> L = lists:seq(1, 500000), Self ! made, receive stop -> length(L) end end),
                   receive made -> [Pid] end
           end,
    io:format("heap ~p~n", [grown(processes, Hold, Stop)]),
    io:format("~p~n", [[catch element(1, (catch erlang:memory(Wrong))) || Wrong <- [foo, [foo], "a", 1]]]).

%% Whether an item is larger by a quarter of a million bytes and more while something is there, and then smaller again.
grown(Item, Make, Drop) ->
    erlang:garbage_collect(),
    Before = erlang:memory(Item),
    Made = Make(),
    Most = erlang:memory(Item),
    Drop(Made),
    dropped(Made),
    erlang:garbage_collect(),
    After = later(fun() -> erlang:memory(Item) < Most - 250000 end, 1000),
    {Most >= Before + 250000, After}.

dropped(_) -> ok.

later(Test, Tries) ->
    case Test() of
        false when Tries > 0 -> receive after 20 -> ok end, later(Test, Tries - 1);
        Result -> Result
    end.
