-module(rb_browses).
-export([main/0]).

%% Reports that sasl keeps in files, and what rb makes of them.
main() ->
    ok = file:make_dir("logs"),
    ok = application:load(sasl),
    [application:set_env(sasl, K, V) || {K, V} <- [{error_logger_mf_dir, "logs"}, {error_logger_mf_maxbytes, 20000},
                                                  {error_logger_mf_maxfiles, 3}]],
    ok = logger:remove_handler(default),
    ok = application:start(sasl),
    #{level := info} = logger:get_primary_config(),
    error_logger:error_msg("first ~p~n", [1]),
    error_logger:info_report([{a, 1}, {b, "two"}]),
    error_logger:warning_msg("careful ~s~n", ["now"]),
    error_logger:error_report(my_type, [{x, y}]),
    Pid = proc_lib:spawn(fun() -> exit(crashed) end),
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, process, Pid, _} -> ok end,
    error_logger:error_msg("bad ~p ~p~n", [form]),
    error_logger:info_msg("last~n"),
    timer:sleep(300),
    {ok, _} = rb:start([{report_dir, "logs"}]),
    [io:format("--- ~p~n~p~n", [{F, Args}, catch apply(rb, F, Args)])
     || {F, Args} <- [{list, []}, {list, [error]}, {list, [warning_msg]}, {list, [crash_report]}, {list, [nothing]},
                      {show, [1]}, {show, [99]}, {show, [error]}, {show, [foo]}, {show, []},
                      {grep, ["careful"]}, {grep, ["nowhere"]}, {grep, ["first|two"]}, {grep, [foo]}, {grep, [{"CAREFUL", [caseless]}]}, {grep, ["bad"]},
                      {filter, [[{a, 1}], {{{2000, 1, 1}, {1, 1, 1}}, bar}]}, {filter, [[{a, 1}], {{{2000, 1, 1}, {1, 1, 1}}, from}]},
                      {filter, [[{x, y}]]}, {filter, [[{b, "t.*", re}]]}, {filter, [[{nobody, 1}]]},
                      {rescan, []}, {rescan, [[{max, 2}]]}, {list, []}, {rescan, [[{type, error}, {max, all}, {abort_on_error, true}]]}, {list, []}, {show, []},
                      {rescan, [[{abort_on_error, false}]]}, {start_log, ["rb.txt"]}, {show, [2]}, {log_list, []}, {stop_log, []}]],
    {ok, Text} = file:read_file("rb.txt"),
    io:put_chars(Text),
    io:format("~p~n", [rb:stop()]),
    io:format("~p~n", [element(1, rb:start([{report_dir, "none"}]))]).
