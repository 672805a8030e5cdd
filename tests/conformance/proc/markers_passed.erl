%% A reference is made in one function and waited for in another: with a full mailbox, with messages taken in between,
%% and with references of other kinds.
-module(markers_passed).
-export([main/0, wait/1, count/2]).

main() ->
    [self() ! {old, N} || N <- lists:seq(1, 50)],
    Echo = spawn(fun echo/0),
    io:format("~p~n", [[call(Echo, N) || N <- lists:seq(1, 20)]]),
    io:format("~p~n", [many(Echo, 10)]),
    io:format("~p~n", [with_takes(Echo)]),
    io:format("~p~n", [twice(Echo)]),
    io:format("~p~n", [slowly(Echo)]),
    io:format("~p~n", [monitored()]),
    self() ! {name, here},
    io:format("~p~n", [wait(name)]),
    io:format("~p~n", [wait(make_ref(), 5)]),
    io:format("~p~n", [both(Echo)]),
    io:format("~p~n", [lists:sum(rest())]).

echo() ->
    receive
        {From, Ref, {repeat, N}} -> [From ! {Ref, I} || I <- lists:seq(1, N)], From ! {Ref, done}, echo();
        {From, Ref, {later, X}} -> timer:sleep(30), From ! {Ref, X}, echo();
        {From, Ref, X} -> From ! {Ref, X}, echo()
    end.

call(P, X) ->
    Ref = make_ref(),
    P ! {self(), Ref, X},
    wait(Ref).

wait(Ref) ->
    receive {Ref, X} -> X end.

wait(Ref, Time) ->
    receive {Ref, X} -> X after Time -> late end.

many(P, N) ->
    Ref = make_ref(),
    P ! {self(), Ref, {repeat, N}},
    count(Ref, 0).

count(Ref, Sum) ->
    receive
        {Ref, done} -> Sum;
        {Ref, X} -> count(Ref, Sum + X)
    end.

%% Messages from before are taken between the call and the answer: the places of the others change.
with_takes(P) ->
    Ref = make_ref(),
    Old = [receive {old, N} -> N end || N <- lists:seq(1, 40)],
    P ! {self(), Ref, x},
    {lists:sum(Old), wait(Ref)}.

twice(P) ->
    Ref = make_ref(),
    P ! {self(), Ref, a},
    P ! {self(), Ref, b},
    A = wait(Ref),
    {A, wait(Ref)}.

slowly(P) ->
    Ref = make_ref(),
    P ! {self(), Ref, {later, x}},
    again(Ref, 0).

again(Ref, N) ->
    receive {Ref, X} -> {X, N > 0}
    after 5 -> again(Ref, N + 1)
    end.

monitored() ->
    {Pid, Ref} = spawn_monitor(fun() -> exit(done) end),
    down(Pid, Ref).

down(Pid, Ref) ->
    receive {'DOWN', Ref, process, Pid, Why} -> Why end.

both(P) ->
    One = make_ref(),
    Two = make_ref(),
    P ! {self(), One, 1},
    P ! {self(), Two, 2},
    {wait(Two), wait(One)}.

rest() ->
    receive {old, N} -> [N | rest()] after 0 -> [] end.
