%%% Several processes load and purge one module at the same time while others call it, hold its terms and keep its
%%% funs: every term stays what it was, and nobody is killed who has left the old code.
-module(code_purge_together).
-export([main/0, holder/2, caller/1]).

main() ->
    %% That a load fails as another was faster is told in the log.
    ok = logger:set_primary_config(level, none),
    Versions = [version(N) || N <- lists:seq(0, 3)],
    {module, together} = code:load_binary(together, "together.beam", hd(Versions)),
    Stop = atomics:new(1, []),
    Holders = [spawn_monitor(?MODULE, holder, [Stop, []]) || _ <- lists:seq(1, 8)],
    Callers = [spawn_monitor(?MODULE, caller, [Stop]) || _ <- lists:seq(1, 8)],
    Loaders = [spawn_monitor(fun() -> load(60, N, Versions) end) || N <- lists:seq(0, 3)],
    io:format("loaders: ~p~n", [ends(Loaders)]),
    atomics:put(Stop, 1, 1),
    io:format("holders: ~p~n", [ends(Holders)]),
    io:format("callers: ~p~n", [ends(Callers)]),
    io:format("current: ~p~n", [lists:member(together:number(), [0, 1, 2, 3])]).

ends(Processes) ->
    lists:usort([receive {'DOWN', Ref, process, Pid, Reason} -> Reason end || {Pid, Ref} <- Processes]).

load(0, _, _) -> exit(loaded);
load(Left, N, Versions) ->
    case N band 1 of
        0 -> _ = code:soft_purge(together);
        1 -> soft(100)
    end,
    _ = code:load_binary(together, "together.beam", lists:nth((N + Left) rem 4 + 1, Versions)),
    load(Left - 1, N, Versions).

soft(0) -> false;
soft(Times) -> code:soft_purge(together) orelse begin erlang:yield(), soft(Times - 1) end.

%% Keeps terms of many versions, and looks whether they are whole.
holder(Stop, Held) ->
    {N, Literal} = together:literal(),
    Literal = lists:duplicate(20, {N, [N], <<N:64>>}),
    All = lists:sublist([{N, Literal} | Held], 10),
    [L = lists:duplicate(20, {V, [V], <<V:64>>}) || {V, L} <- All],
    erlang:yield(),
    case atomics:get(Stop, 1) of
        0 -> holder(Stop, All);
        1 -> exit(held)
    end.

%% A fun of a version works while that is there, or fails as bad; never goes elsewhere.
caller(Stop) ->
    {N, Fun} = together:a_fun(),
    erlang:yield(),
    try Fun() of N -> ok catch error:{badfun, _} -> ok; error:undef -> ok end,
    case atomics:get(Stop, 1) of
        0 -> caller(Stop);
        1 -> exit(called)
    end.

version(N) ->
    L = 1,
    Literal = erl_parse:abstract({N, lists:duplicate(20, {N, [N], <<N:64>>})}),
    Fun = {'fun', L, {clauses, [{clause, L, [], [], [{integer, L, N}]}]}},
    Function = fun(Name, Body) -> {function, L, Name, 0, [{clause, L, [], [], [Body]}]} end,
    {ok, together, Binary} =
        compile:forms([{attribute, L, module, together},
                       {attribute, L, export, [{number, 0}, {literal, 0}, {a_fun, 0}]},
                       Function(number, {integer, L, N}), Function(literal, Literal),
                       Function(a_fun, {tuple, L, [{integer, L, N}, Fun]})]),
    Binary.
