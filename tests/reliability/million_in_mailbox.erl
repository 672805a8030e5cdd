%%% A call on a fresh reference takes as many reductions with a million messages waiting as with none.
-module(million_in_mailbox).
-export([main/0]).

main() ->
    Server = spawn_link(fun serve/0),
    {Few, T0} = calls(Server),
    [self() ! {unwanted, N} || N <- lists:seq(1, 1_000_000)],
    erlang:garbage_collect(),
    {Many, T1} = calls(Server),
    io:format("~p~n", [process_info(self(), message_queue_len)]),
    io:format("as many reductions: ~p~n", [Many < 2 * Few]),
    io:format("the time of before, or of the order: ~p~n", [T1 < 100 * T0]),
    io:format(standard_error, "figure: a thousand calls in ~p us with an empty mailbox, in ~p us with a million~n", [T0, T1]).

calls(Server) ->
    {reductions, R0} = process_info(self(), reductions),
    T0 = erlang:monotonic_time(microsecond),
    [N = call(Server, N) || N <- lists:seq(1, 1000)],
    T1 = erlang:monotonic_time(microsecond),
    {reductions, R1} = process_info(self(), reductions),
    {R1 - R0, T1 - T0}.

call(Server, N) ->
    Ref = make_ref(),
    Server ! {self(), Ref, N},
    receive {Ref, Answer} -> Answer end.

serve() ->
    receive {From, Ref, N} -> From ! {Ref, N}, serve() end.
