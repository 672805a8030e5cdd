%%% A process in a long native function, and one that waits in receive, hold up neither a load nor a purge.
-module(load_beside_native).
-export([main/0, busy/2]).

main() ->
    Self = self(),
    List = [(N * 7919) rem 1000003 || N <- lists:seq(1, 2000000)],
    Waiting = spawn_link(fun() -> receive {ask, P} -> P ! {answer, swapped:v()} end end),
    load(1),
    Busy = spawn_link(?MODULE, busy, [Self, List]),
    receive {Busy, begun} -> ok end,
    [begin load(N), true = swapped:v() =:= N end || N <- lists:seq(2, 6)],
    %% All of that while the other was still at work.
    receive {Busy, done} -> io:format("too late~n") after 0 -> io:format("loaded meanwhile~n") end,
    Waiting ! {ask, Self},
    receive {answer, V} -> io:format("version ~p~n", [V]) end,
    receive {Busy, done} -> io:format("done~n") end.

busy(Parent, List) ->
    Parent ! {self(), begun},
    _ = [erlang:md5(term_to_binary(lists:sort(L))) || L <- [List, List, List]],
    Parent ! {self(), done}.

load(N) ->
    {ok, _, Beam} = compile:forms([{attribute, 1, module, swapped}, {attribute, 1, export, [{v, 0}]},
                                   {function, 2, v, 0, [{clause, 2, [], [], [{integer, 2, N}]}]}], []),
    code:purge(swapped),
    {module, swapped} = code:load_binary(swapped, "swapped.beam", Beam).
