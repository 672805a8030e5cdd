%%% Ten million messages pass through one mailbox, from ten senders that never wait; each sender's arrive in order.
-module(ten_million_messages).
-export([main/0]).

-define(SENDERS, 10).
-define(EACH, 1_000_000).

main() ->
    Self = self(),
    T0 = erlang:monotonic_time(millisecond),
    [spawn(fun() -> send(Self, Id, 1) end) || Id <- lists:seq(1, ?SENDERS)],
    Last = receive_all(?SENDERS * ?EACH, maps:from_keys(lists:seq(1, ?SENDERS), 0)),
    T1 = erlang:monotonic_time(millisecond),
    io:format("all in order: ~p~n", [lists:all(fun(N) -> N =:= ?EACH end, maps:values(Last))]),
    io:format("left: ~p~n", [process_info(self(), message_queue_len)]),
    io:format(standard_error, "figure: ~p messages a second~n", [?SENDERS * ?EACH * 1000 div max(1, T1 - T0)]).

send(_, _, N) when N > ?EACH -> ok;
send(To, Id, N) -> To ! {Id, N}, send(To, Id, N + 1).

receive_all(0, Last) -> Last;
receive_all(Left, Last) ->
    receive
        {Id, N} ->
            #{Id := Before} = Last,
            N = Before + 1,
            receive_all(Left - 1, Last#{Id := N})
    end.
