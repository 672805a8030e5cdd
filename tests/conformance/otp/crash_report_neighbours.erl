%% Crash reports with neighbours: one started by proc_lib, one that is not (normalised by .sed).
-module(crash_report_neighbours).
-export([main/0, init/2, w/1]).
main() ->
    Main = self(),
    P1 = spawn(fun() -> proc_lib:spawn_link(?MODULE, init, [1, Main]), receive stop -> ok end end),
    crashed(),
    P2 = proc_lib:spawn(?MODULE, w, [Main]),
    crashed(),
    P1 ! P2, io:format("end~n").
crashed() ->
    receive {crasher, Pid} -> Ref = monitor(process, Pid), timer:sleep(20), Pid ! go, receive {'DOWN', Ref, _, _, _} -> ok end end,
    logger_std_h:filesync(default).
w(Main) -> proc_lib:spawn_link(?MODULE, init, [2, Main]), receive stop -> ok end.
init(N, Main) -> Main ! {crasher, self()}, receive go -> crash(N) end.
crash(1) -> exit({crash, 1});
crash(2) -> put(a, {some, long, value, lists:seq(1, 40)}), self() ! {a_message, "text", lists:seq(1, 30)}, lists:nosuch(1, "abc", lists:seq(1, 40)).
