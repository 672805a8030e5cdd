%%% Processes and ports run out: each time an error that can be caught, and the system goes on.
%%! erl +P 1024 +Q 1024
-module(process_and_port_limits).
-export([main/0]).

main() ->
    logger:set_primary_config(level, none),
    io:format("limits: ~p~n", [[erlang:system_info(Item) || Item <- [process_limit, port_limit]]]),
    {Processes, Why1} = until_error(fun() -> spawn(fun() -> receive stop -> ok end end) end, []),
    io:format("processes: ~p ~p~n", [Why1, in_range(length(Processes), 900, 1024)]),
    io:format("spawn_request: ~p~n", [requested()]),
    [exit(P, kill) || P <- Processes],
    io:format("again: ~p~n", [again(fun() -> spawn_monitor(fun() -> exit(fine) end) end)]),
    {Ports, Why2} = until_error(fun() -> open_port({spawn_executable, "/bin/cat"}, []) end, []),
    io:format("ports: ~p ~p~n", [Why2, length(Ports) =< 1024]),
    [port_close(P) || P <- Ports],
    io:format("again: ~p~n", [echo()]).

until_error(Fun, Made) ->
    try Fun() of
        New -> until_error(Fun, [New | Made])
    catch error:Why -> {Made, Why}
    end.

in_range(N, From, To) -> N >= From andalso N =< To.

requested() ->
    Id = spawn_request(fun() -> ok end, []),
    receive {spawn_reply, Id, error, Why} -> Why after 1000 -> none end.

again(Fun) ->
    try Fun() of
        {Pid, Ref} -> receive {'DOWN', Ref, process, Pid, Reason} -> Reason end
    catch error:system_limit -> receive after 10 -> again(Fun) end
    end.

echo() ->
    Port = open_port({spawn_executable, "/bin/cat"}, [binary]),
    true = port_command(Port, <<"hello">>),
    receive {Port, {data, Data}} -> port_close(Port), Data end.
