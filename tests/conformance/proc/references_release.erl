%% What a reference stands for goes with the last one to it, and not before.
-module(references_release).
-export([main/0]).

main() ->
    [io:format("~p~n", [bounded(F)]) || F <- [
        fun() -> counters:new(1000, []) end,
        fun() -> atomics:new(1000, []) end,
        fun() -> ets:match_spec_compile([{{make_ref(), lists:duplicate(500, '_')}, [], ['$_']}]) end
    ]],
    C = counters:new(2, [write_concurrency]),
    counters:add(C, 1, 5),
    T = ets:new(t, []),
    ets:insert(T, {c, C}),
    persistent_term:put(references_release, C),
    Spec = ets:match_spec_compile([{{'$1'}, [], ['$1']}]),
    Main = self(),
    Other = spawn(fun() ->
        receive {C2, Spec2} ->
            garbage_collect(),
            make_many(),
            Main ! {counters:get(C2, 1), ets:match_spec_run([{a}], Spec2)}
        end
    end),
    Other ! {C, Spec},
    receive Answer -> io:format("~p~n", [Answer]) end,
    garbage_collect(),
    make_many(),
    [{c, D}] = ets:lookup(T, c),
    io:format("~p ~p ~p~n", [counters:get(D, 1), counters:get(persistent_term:get(references_release), 1), D =:= C]),
    External = term_to_binary(C),
    io:format("~p ~p~n", [binary_to_term(External) =:= C, counters:get(binary_to_term(External), 1)]),
    io:format("~p ~p~n", [maps:get(C, #{C => found}), erlang:phash2(C) =:= erlang:phash2(D)]),
    {_, Pieces} = lists:foldl(fun(I, {Last, All}) -> {counters:new(1, []), [{I, Last} | All]} end,
                              {none, []}, lists:seq(1, 500)),
    garbage_collect(),
    make_many(),
    io:format("~p~n", [lists:sum([counters:get(E, 1) || {_, E} <- Pieces, E =/= none])]).

make_many() -> [counters:new(2, []) || _ <- lists:seq(1, 2000)].

%% The program must not grow by what it makes and forgets, which is 150 MB and more.
bounded(F) ->
    times(2000, F),
    Before = resident(),
    times(20000, F),
    case resident() - Before of
        Grown when Grown < 50000 -> bounded;
        Grown -> Grown
    end.

times(0, _) -> ok;
times(N, F) -> F(), times(N - 1, F).

resident() ->
    {ok, Status} = file:read_file("/proc/self/status"),
    {match, [KiloBytes]} = re:run(Status, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(KiloBytes).
