%%% The last calls of a process, as process_flag(save_calls, _) has them kept.
-module(kept_calls).
-export([main/0, loop/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    ?T(process_flag(save_calls, -1)),
    ?T(process_flag(save_calls, 10001)),
    ?T(process_flag(save_calls, a)),
    ?T(process_info(self(), last_calls)),
    0 = process_flag(save_calls, 10),
    receive after 1 -> ok end,
    a = lists:last([a]),
    local(2),
    One = process_info(self(), last_calls),
    self() ! lists:last([{1, 2}]),
    receive {1, 2} -> ok end,
    receive after 1 -> ok end,
    [1, 2] = lists:sort([2, 1]),
    Two = process_info(self(), last_calls),
    10 = process_flag(save_calls, 3),
    catch throw(lists:last([17])),
    Three = process_info(self(), last_calls),
    self() ! a,
    erlang:send(self(), b),
    receive a -> ok end,
    receive after 0 -> ok end,
    Four = process_info(self(), last_calls),
    3 = process_flag(save_calls, 0),
    io:format("~p~n", [{One, Two, Three, Four}]),
    ?T(process_info(self(), last_calls)),
    Other = spawn(?MODULE, loop, []),
    ?T(process_flag(Other, save_calls, 4)),
    Other ! {self(), 1},
    receive 1 -> ok end,
    Other ! {self(), 2},
    receive 2 -> ok end,
    timer:sleep(10),
    ?T(process_info(Other, last_calls)),
    ?T(process_flag(Other, save_calls, 0)),
    ?T(process_info(Other, last_calls)).

local(X) -> X.

loop() ->
    receive {From, Message} -> From ! Message, ?MODULE:loop() end.
