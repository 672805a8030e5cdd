#!/usr/bin/env escript
%% Without its application controller there is no system: who is asked for it fails, and the system ends.
-mode(compile).

main(_) ->
    os:putenv("ERL_CRASH_DUMP_SECONDS", "0"),
    ok = logger:set_primary_config(level, none),
    exit(whereis(application_controller), kill),
    receive after 50 -> ok end,
    io:format("~p~n", [catch application:which_applications()]),
    receive after 10000 -> io:format("still there~n") end.
