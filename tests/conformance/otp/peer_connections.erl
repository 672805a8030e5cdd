%% Systems started by this one that need no distribution: over standard_io and over a port of TCP.
-module(peer_connections).
-export([main/0]).

main() ->
    {ok, P, Node} = peer:start(#{connection => standard_io, env => [{"PEER_VARIABLE", "value"}]}),
    p({is_pid(P), Node}),
    p(peer:call(P, erlang, node, [])),
    p(peer:call(P, os, getenv, ["PEER_VARIABLE"])),
    p(peer:call(P, lists, map, [fun erlang:abs/1, [1, -2]], 10000)),
    p([outcome(fun() -> peer:call(P, erlang, F, [reason]) end) || F <- [error, exit, throw]]),
    p(element(1, element(2, outcome(fun() -> peer:call(P, timer, sleep, [1000], 50) end)))),
    p(peer:get_state(P)),
    p(peer:call(P, io, format, ["printed there: ~p~n", [{a, "b"}]])),
    p(peer:cast(P, erlang, put, [a, b])),
    true = peer:call(P, erlang, apply, [fun erlang:is_atom/1, [x]]),
    p(peer:send(P, init, message)),
    p(peer:stop(P)),
    p(is_process_alive(P)),
    {ok, Q, _} = peer:start_link(#{connection => 0}),
    p(peer:call(Q, erlang, '+', [1, 2])),
    p(peer:stop(Q)),
    {ok, R, _} = peer:start(#{connection => standard_io}),
    Monitor = monitor(process, R),
    peer:cast(R, erlang, halt, [3]),
    receive {'DOWN', Monitor, process, R, Reason} -> p(Reason) end,
    {ok, S, _} = peer:start(#{connection => standard_io, peer_down => continue}),
    peer:cast(S, erlang, halt, [4]),
    p(gone(S)),
    peer:stop(S),
    p(outcome(fun() -> peer:start(#{name => named}) end)),
    p(peer:random_name() =/= peer:random_name()).

gone(Peer) ->
    case peer:get_state(Peer) of
        running -> timer:sleep(10), gone(Peer);
        State -> State
    end.

outcome(F) -> try F() catch Class:Reason -> {Class, Reason} end.

p(X) -> io:format("~p~n", [X]).
