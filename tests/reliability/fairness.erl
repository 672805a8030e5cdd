%%% All schedulers are busy with the longest native functions and with pure loops; a process that wakes every ten
%%% milliseconds is served all the same. How late it is, is a figure; that it is served between two calls is checked.
%%% FAIRNESS_LOADS names the loads to run (all), FAIRNESS_TICKS the number of wakings of each, and with FAIRNESS_FOLDER
%%% each load's wakings are written there: when one was due (microseconds of the system's time), and how late it was.
-module(fairness).
-export([main/0]).


main() ->
    Numbers = lists:seq(1, 1_000_000),
    Backwards = lists:reverse(Numbers),
    Term = [{N, integer_to_list(N)} || N <- lists:seq(1, 300_000)],
    Coded = term_to_binary(Term),
    Comma = binary:copy(<<"a,">>, 1_000_000),
    Digits = binary_to_integer(binary:copy(<<"7">>, 100_000)),
    Table = ets:new(table, [public]),
    ets:insert(Table, [{N, N} || N <- Numbers]),
    Loads = [{pure_loops, fun() -> spin(1_000_000) end},
             {sort, fun() -> lists:sort(Backwards) end},
             {term_to_binary, fun() -> term_to_binary(Term) end},
             {binary_to_term, fun() -> binary_to_term(Coded) end},
             {expression, fun() -> re:run(lists:duplicate(24, $a) ++ "b", "^(a+)+$") end},
             {multiplication, fun() -> Digits * Digits end},
             {decimals, fun() -> integer_to_binary(Digits) end},
             {phash2, fun() -> erlang:phash2(Term) end},
             {md5, fun() -> erlang:md5(Coded) end},
             {split, fun() -> binary:split(Comma, <<",">>, [global]) end},
             {replace, fun() -> binary:replace(Comma, <<",">>, <<";">>, [global]) end},
             {characters, fun() -> unicode:characters_to_list(Comma) end},
             {iolist, fun() -> iolist_to_binary([Numbers, Coded]) end},
             {select, fun() -> ets:select(Table, [{{'$1', '$2'}, [{'<', '$1', 10}], ['$2']}]) end},
             {subtract, fun() -> Numbers -- Backwards end},
             {append, fun() -> length(Numbers ++ [1]) end},
             {reverse, fun() -> lists:reverse(Numbers) end},
             {member, fun() -> lists:member(none, Numbers) end},
             {messages, fun() -> spawn(fun() -> receive _ -> ok end end) ! Term end}],
    [io:format("~p: served ~p~n", [Name, served(Name, Load)]) || {Name, Load} <- Loads, wanted(Name)].

served(Name, Load) ->
    erlang:garbage_collect(),
    Stop = atomics:new(1, []),
    Busy = [spawn_monitor(fun() -> busy(Load, Stop) end) || _ <- lists:seq(1, erlang:system_info(schedulers))],
    Count = list_to_integer(os:getenv("FAIRNESS_TICKS", "20")),
    Ticks = [tick() || _ <- lists:seq(1, Count)],
    Late = lists:sort([By || {_, By} <- Ticks]),
    atomics:put(Stop, 1, 1),
    [receive {'DOWN', Ref, process, Pid, _} -> ok end || {Pid, Ref} <- Busy],
    io:format(standard_error, "figure: ~p: late by ~p us at the median, ~p us at 99.9%, ~p us at most~n",
              [Name, lists:nth(Count div 2, Late), lists:nth(max(1, Count * 999 div 1000), Late), lists:last(Late)]),
    keep(Name, Ticks),
    lists:nth(Count div 2, Late) < 500_000.

wanted(Name) ->
    case os:getenv("FAIRNESS_LOADS") of
        false -> true;
        Names -> lists:member(atom_to_list(Name), string:lexemes(Names, " "))
    end.

keep(Name, Ticks) ->
    case os:getenv("FAIRNESS_FOLDER") of
        false -> ok;
        Folder ->
            Lines = [io_lib:format("~w ~w~n", [Due, By]) || {Due, By} <- Ticks],
            ok = file:write_file(filename:join(Folder, atom_to_list(Name) ++ ".ticks"), Lines)
    end.

busy(Load, Stop) ->
    case atomics:get(Stop, 1) of
        0 -> _ = (catch Load()), busy(Load, Stop);
        1 -> ok
    end.

tick() ->
    Due = os:system_time(microsecond) + 10_000,
    T0 = erlang:monotonic_time(microsecond),
    receive after 10 -> ok end,
    {Due, erlang:monotonic_time(microsecond) - T0 - 10_000}.

spin(0) -> ok;
spin(N) -> spin(N - 1).
