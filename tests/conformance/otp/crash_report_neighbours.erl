%% Crash reports with neighbours: one started by proc_lib, one that is not (normalised by .sed).
-module(crash_report_neighbours).
-export([main/0, init/1, mid/1, w/0]).
main() ->
    logger:set_primary_config(level, info),
    P = spawn(fun() -> mid(1), receive stop -> ok end end),
    timer:sleep(100),
    P2 = proc_lib:spawn(?MODULE, w, []),
    timer:sleep(50),
    P2 ! go, timer:sleep(100), logger_std_h:filesync(default), P ! P2, io:format("end~n").
w() -> mid(2), receive go -> ok end, timer:sleep(20), receive stop -> ok end.
mid(N) -> proc_lib:spawn_link(?MODULE, init, [N]).
init(1) -> timer:sleep(30), exit({crash, 1});
init(2) -> put(a, {some, long, value, lists:seq(1, 40)}), self() ! {a_message, "text", lists:seq(1, 30)}, timer:sleep(30), lists:nosuch(1, "abc", lists:seq(1, 40)).
