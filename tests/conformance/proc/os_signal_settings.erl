%%% Which signals a program may set, and how; local times that are said to be summer time.
-module(os_signal_settings).
-export([main/0]).

main() ->
    Names = [sighup, sigquit, sigabrt, sigalrm, sigterm, sigusr1, sigusr2, sigchld, sigtstp, sigstop,
             sigcont, sigwinch, sigint, sigpipe, sigkill, nosignal, 1, "sighup"],
    [io:format("~p: ~p~n", [Name, set(Name, default)]) || Name <- Names],
    [io:format("~p: ~p~n", [How, set(sigusr2, How)])
     || How <- [ignore, handle, default, other, 1, "ignore"]],
    Days = [{2020, 1, 1}, {2020, 7, 1}, {1999, 12, 31}],
    [io:format("~p ~p: ~p~n", [Day, Summer, hours(Day, Summer)])
     || Day <- Days, Summer <- [false, true]],
    io:format("~p~n", [catch_(fun() -> erlang:localtime_to_universaltime({{2020, 13, 1}, {0, 0, 0}}, true) end)]),
    io:format("~p~n", [catch_(fun() -> erlang:localtime_to_universaltime({{2020, 1, 1}, {0, 0, 0}}, x) end)]).

set(Name, How) -> catch_(fun() -> os:set_signal(Name, How) end).

%% Hours between the time with and without summer time, whatever the zone.
hours(Day, Summer) ->
    Universal = fun(Flag) ->
                        Time = erlang:localtime_to_universaltime({Day, {12, 0, 0}}, Flag),
                        calendar:datetime_to_gregorian_seconds(Time)
                end,
    (Universal(Summer) - Universal(false)) div 3600.

catch_(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.
