%% What logger_std_h and logger_disk_log_h say of their options: given, changed, set again.
-module(logger_handler_options).
-export([main/0]).

main() ->
    ok = logger:remove_handler(default),
    ok = logger:set_primary_config(level, none),
    Both = [{type, foo}, {foo, 1}, {olp, 1}, {filesync_repeat_interval, 0}, {filesync_repeat_interval, 7},
            {filesync_repeat_interval, foo}, {filesync_repeat_interval, no_repeat}, {sync_mode_qlen, -1}, {sync_mode_qlen, foo},
            {sync_mode_qlen, 300}, {drop_mode_qlen, 1}, {drop_mode_qlen, infinity}, {flush_qlen, 199}, {flush_qlen, 200},
            {burst_limit_enable, foo}, {burst_limit_max_count, 0}, {burst_limit_max_count, foo}, {burst_limit_window_time, foo},
            {overload_kill_enable, foo}, {overload_kill_qlen, foo}, {overload_kill_mem_size, foo},
            {overload_kill_restart_after, -1}, {overload_kill_restart_after, infinity}, {overload_kill_restart_after, foo},
            {file, 1}, {file, <<"b.log">>}, {file, 'c.log'}, {file, "sub/../d.log"}, {max_no_bytes, 0}, {max_no_bytes, 5},
            {max_no_bytes, infinity}, {max_no_files, -1}, {max_no_files, 2}, {max_no_files, 70000}, {max_no_files, foo},
            {modes, foo}, {modes, [write]}, {modes, [compressed]}, {compress_on_rotate, 1}, {compress_on_rotate, true},
            {file_check, -1}, {file_check, 5}],
    Types = [standard_io, standard_error, {device, user}, {device}, file, {file, "a.log"}, {file, "a.log", [raw]},
             {file, "a.log", foo}, {file, 1}, {file, <<"a.log">>}, wrap, halt],
    Levels = [#{sync_mode_qlen => S, drop_mode_qlen => D, flush_qlen => F}
              || {S, D, F} <- [{0, 1, 1}, {0, 2, 2}, {2, 2, 2}, {3, 2, 2}, {0, 3, 2}]],
    Several = [#{type => file, foo => 1, file => "e.log"}, #{foo => 1, bar => 2}, #{sync_mode_qlen => x, foo => 1},
               #{drop_mode_qlen => x, filesync_repeat_interval => x}, #{type => foo, sync_mode_qlen => x},
               #{type => {file, "f.log"}, modes => [exclusive]}, #{type => {file, "f.log"}, modes => [exclusive]}, []],
    _ = [added(Module, Config) || Module <- [logger_std_h, logger_disk_log_h],
                                  Config <- [#{type => Type} || Type <- Types] ++ Levels ++ Several
                                      ++ [maps:merge(#{K => V}, T) || {K, V} <- Both,
                                                                      T <- [#{}, #{type => case Module of logger_std_h -> file; _ -> halt end}],
                                                                      maps:size(T) =:= 0 orelse K =/= type]],
    _ = [changed(Module, Config, How, Both ++ [{type, Type} || Type <- Types])
         || {Module, Config} <- [{logger_std_h, #{}}, {logger_std_h, #{file => "g.log", max_no_bytes => 99}},
                                 {logger_disk_log_h, #{}}, {logger_disk_log_h, #{type => halt, file => "h.log"}}],
            How <- [set_handler_config, update_handler_config]],
    io:format("~0p~n", [catch logger_std_h:filesync(nobody)]).

added(Module, Config) ->
    Answer = logger:add_handler(x, Module, #{config => Config}),
    io:format("~w ~0p: ~0p ~0p~n", [Module, Config, plain(Answer), own()]),
    _ = logger:remove_handler(x).

changed(Module, Config, How, Changes) ->
    io:format("~w ~w ~0p ~0p~n", [How, Module, Config, logger:add_handler(x, Module, #{config => Config})]),
    lists:foreach(fun({Key, Value}) ->
                          Before = own(),
                          Answer = logger:How(x, config, #{Key => Value}),
                          After = own(),
                          io:format("  ~0p: ~0p ~0p~n", [{Key, Value}, plain(Answer), maps:filter(fun(K, V) -> maps:get(K, Before, none) =/= V end, After)])
                  end, Changes),
    ok = logger:remove_handler(x).

own() ->
    case logger:get_handler_config(x) of
        {ok, #{config := Own}} -> maps:from_list(maps:to_list(maps:remove(olp, Own)) -- usual());
        Error -> Error
    end.

usual() ->
    [{burst_limit_enable, true}, {burst_limit_max_count, 500}, {burst_limit_window_time, 1000}, {drop_mode_qlen, 200},
     {flush_qlen, 1000}, {overload_kill_enable, false}, {overload_kill_mem_size, 3000000}, {overload_kill_qlen, 20000},
     {overload_kill_restart_after, 5000}, {sync_mode_qlen, 10}].

plain([{M, F, A, I} | _]) when is_atom(M), is_atom(F), is_integer(A), is_list(I); is_atom(M), is_atom(F), is_list(A), is_list(I) -> trace;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Pid) when is_pid(Pid) -> pid;
plain(Other) -> Other.
