%%% Programs that are there and may be executed, but cannot: the port opens, and ends with the number of the error.
-module(port_exec_failures).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Folder = "port_exec_failures.dir",
    ok = file:make_dir(Folder),
    Plain = filename:join(Folder, "plain"),
    Lost = filename:join(Folder, "lost"),
    Empty = filename:join(Folder, "empty"),
    [begin ok = file:write_file(File, Text), ok = file:change_mode(File, 8#755) end
     || {File, Text} <- [{Plain, "echo plain\n"}, {Lost, "#!/no/such/interpreter\n"}, {Empty, ""}]],
    [io:format("~ts: ~p~n", [File, opened({spawn_executable, File}, Options)])
     || File <- [Folder, Plain, Lost, Empty], Options <- [[exit_status], []]],
    Here = "port_exec_failures.sh",
    ok = file:write_file(Here, "#!/bin/sh\necho $1\n"),
    ok = file:change_mode(Here, 8#755),
    io:format("~p~n", [opened({spawn_executable, Here}, [exit_status, {line, 80}, {args, ["one"]}])]),
    ok = file:delete(Here),
    ok = file:change_mode(Plain, 8#644),
    [io:format("~p: ~p~n", [What, opened(What, [exit_status])])
     || What <- [{spawn_executable, Plain}, {spawn_executable, Plain ++ "er"}, {spawn_executable, "port_exec_failures.none"}]],
    [ok = file:delete(File) || File <- [Plain, Lost, Empty]],
    ok = file:del_dir(Folder).

opened(What, Options) ->
    try open_port(What, Options) of
        Port -> told(Port)
    catch
        error:Reason -> Reason
    end.

told(Port) ->
    receive
        {Port, Told} -> [Told | told(Port)];
        {'EXIT', Port, Reason} -> [{exit, Reason}]
    after 3000 -> [nothing]
    end.
