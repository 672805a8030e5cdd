%%% A process that waits in a native function for a file can be asked about, and gets its signals.
-module(process_info_blocked).
-export([main/0]).

main() ->
    Name = "process_info_blocked.pipe",
    os:cmd("rm -f " ++ Name ++ "; mkfifo " ++ Name),
    Me = self(),
    Pid = spawn(fun() ->
                        {ok, File} = file:open(Name, [read, raw]),
                        Me ! {read, file:read(File, 10)},
                        file:close(File),
                        receive hello -> Me ! got_hello end,
                        receive stop -> ok end
                end),
    timer:sleep(200),
    Pid ! hello,
    Pid ! more,
    link(Pid),
    Monitor = monitor(process, Pid),
    register(waiting_in_file, Pid),
    io:format("~p~n", [is_process_alive(Pid)]),
    Items = [status, message_queue_len, messages, registered_name, trap_exit, initial_call, priority],
    [io:format("~p~n", [process_info(Pid, Item)]) || Item <- Items],
    io:format("~p ~p~n", [process_info(Pid, links) =:= {links, [self()]},
                          process_info(Pid, monitored_by) =:= {monitored_by, [self()]}]),
    io:format("~p~n", [length(process_info(Pid)) > 10]),
    garbage_collect(Pid, [{async, later}]),
    unlink(Pid),
    io:format("~p~n", [process_info(Pid, links)]),
    file:write_file(Name, "text", [raw]),
    receive {read, What} -> io:format("~p~n", [What]) end,
    receive got_hello -> io:format("hello~n") end,
    receive {garbage_collect, later, Done} -> io:format("collected ~p~n", [Done]) end,
    timer:sleep(50),
    io:format("~p~n", [process_info(Pid, [status, messages, registered_name])]),
    Pid ! stop,
    receive {'DOWN', Monitor, process, Pid, Reason} -> io:format("~p~n", [Reason]) end,
    file:delete(Name).
