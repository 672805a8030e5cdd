#!/usr/bin/env escript
%% The supervisor of the kernel restarts nothing: a server that ends takes the kernel and so the system along.
-mode(compile).

main(_) ->
    os:putenv("ERL_CRASH_DUMP_SECONDS", "0"),
    ok = logger:set_primary_config(level, none),
    exit(whereis(global_name_server), kill),
    receive after 10000 -> io:format("still there~n") end.
