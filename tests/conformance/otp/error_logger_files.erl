%% The log file of error_logger, and what is known of handlers that write files.
-module(error_logger_files).
-export([main/0]).

main() ->
    [file:delete(File) || File <- ["old.log", "new.log"]],
    io:format("~p~n", [error_logger:logfile(filename)]),
    io:format("~p~n", [error_logger:logfile(close)]),
    io:format("~p~n", [error_logger:logfile({open, "old.log"})]),
    io:format("~p~n", [error_logger:logfile(filename)]),
    io:format("~p~n", [error_logger:logfile({open, "other.log"})]),
    io:format("~p~n", [error_logger:logfile(close)]),
    io:format("~p~n", [error_logger:logfile(filename)]),
    [handler(Modes) || Modes <- [[append], [write], [write, raw], [{delayed_write, 100, 100}, append]]],
    [file:delete(File) || File <- ["old.log", "new.log"]].

handler(Modes) ->
    ok = logger:add_handler(new, logger_std_h, #{config => #{type => {file, "new.log", Modes}}}),
    {ok, #{config := Config}} = logger:get_handler_config(new),
    io:format("~p~n", [maps:to_list(maps:with([type, modes, file_check, max_no_bytes, max_no_files, compress_on_rotate], Config))]),
    ok = logger:remove_handler(new).
