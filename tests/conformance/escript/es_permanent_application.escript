#!/usr/bin/env escript
%% A permanent application that fails to start takes the system down.
-module(es_permanent_application).
-mode(compile).
-export([start/2, stop/1]).

main(_) ->
    os:putenv("ERL_CRASH_DUMP_SECONDS", "0"),
    ok = logger:set_primary_config(level, none),
    ok = application:load({application, broken, [{mod, {?MODULE, no}}, {applications, [kernel, stdlib]}]}),
    {error, _} = application:start(broken, temporary),
    io:format("still there~n"),
    _ = application:start(broken, permanent),
    timer:sleep(infinity).

start(_, _) -> {error, no_will}.
stop(_) -> ok.
