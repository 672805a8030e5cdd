%%% Two processes that send a ball back and forth, and a third that waits for both to end.
-module(ping_pong).
-export([main/0]).

main() ->
    {Pong, PongRef} = spawn_monitor(fun pong/0),
    {_Ping, PingRef} = spawn_monitor(fun() -> ping(Pong, 3) end),
    [receive {'DOWN', Ref, process, _, Reason} -> io:format("~p ended: ~p~n", [Name, Reason]) end
     || {Name, Ref} <- [{ping, PingRef}, {pong, PongRef}]],
    ok.

ping(Pong, 0) ->
    Pong ! stop;
ping(Pong, N) ->
    Pong ! {ping, self(), N},
    receive
        {pong, N} -> io:format("ping ~p came back~n", [N])
    end,
    ping(Pong, N - 1).

pong() ->
    receive
        {ping, From, N} ->
            From ! {pong, N},
            pong();
        stop ->
            ok
    end.
