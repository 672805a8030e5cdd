#!/usr/bin/env escript
%% A script does not outlive a process that it is linked to and that fails.
main(_) ->
    os:putenv("ERL_CRASH_DUMP_SECONDS", "0"),
    io:format("~p~n", [process_info(self(), trap_exit)]),
    Self = self(),
    spawn_link(fun() -> Self ! hello, timer:sleep(100), exit(oops) end),
    receive Hello -> io:format("~p~n", [Hello]) end,
    timer:sleep(5000),
    io:format("never~n").
