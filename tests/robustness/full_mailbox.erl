%%% Calls take no longer when a million messages wait that nobody wants.
-module(full_mailbox).
-export([main/0]).

main() ->
    Self = self(),
    Server = spawn_link(fun() -> serve() end),
    [Self ! {unwanted, N} || N <- lists:seq(1, 1_000_000)],
    io:format("~p~n", [calls(20_000, Server, 0)]),
    io:format("~p~n", [monitored(2_000, 0)]),
    {message_queue_len, Waiting} = process_info(Self, message_queue_len),
    io:format("~p wait~n", [Waiting]).

calls(0, _, Sum) -> Sum;
calls(N, Server, Sum) -> calls(N - 1, Server, Sum + call(Server, N)).

call(Server, N) ->
    Ref = erlang:monitor(process, Server),
    Server ! {self(), Ref, N},
    receive
        {Ref, Answer} -> erlang:demonitor(Ref), Answer;
        {'DOWN', Ref, process, _, Reason} -> exit(Reason)
    after 60_000 -> exit(timeout)
    end.

serve() ->
    receive {From, Ref, N} -> From ! {Ref, N rem 7}, serve() end.

monitored(0, Sum) -> Sum;
monitored(N, Sum) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit(N rem 5) end),
    receive {'DOWN', Ref, process, Pid, Reason} -> monitored(N - 1, Sum + Reason) end.
