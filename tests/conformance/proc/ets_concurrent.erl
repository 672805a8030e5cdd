%%% Tables that many processes change at once: with write_concurrency, without, and with read_concurrency. What is
%%% seen at the end does not depend on who came first; what is seen meanwhile is whole.
-module(ets_concurrent).
-export([main/0]).

main() ->
    [run(Type, Options)
     || Type <- [set, bag, duplicate_bag, ordered_set],
        Options <- [[], [{read_concurrency, true}], [{write_concurrency, true}], [{write_concurrency, auto}],
                    [{read_concurrency, true}, {write_concurrency, true}]]],
    lists_are_whole(),
    names(),
    compare_and_swap(),
    order(),
    ok.

run(Type, Options) ->
    T = ets:new(t, [public, Type | Options]),
    Keys = lists:seq(1, 300),
    %% Each process has its keys; all share the counters.
    [ets:insert(T, {{counter, N}, 0}) || Type =:= set orelse Type =:= ordered_set, N <- lists:seq(1, 10)],
    together(8, fun(P) -> grow(T, Type, P, Keys) end),
    Counts = [ets:lookup_element(T, {counter, N}, 2) || ets:member(T, {counter, 1}), N <- lists:seq(1, 10)],
    Size = ets:info(T, size),
    Found = length([K || P <- lists:seq(1, 8), K <- Keys, ets:lookup(T, {P, K}) =:= [{{P, K}, K}]]),
    Walked = length(lists:usort(walk(T, ets:first(T)))),
    Selected = length(ets:select(T, [{{{'_', '$1'}, '_'}, [{is_integer, '$1'}], ['$1']}])),
    io:format("~w ~w: ~w of ~w, ~w walked, ~w selected, ~w~n", [Type, Options, Found, Size, Walked, Selected, Counts]),
    %% It shrinks, while others look on.
    together(8, fun(P) when P =< 4 -> [ets:delete(T, {P, K}) || K <- Keys];
                   (P) -> [[{{P, K}, K}] = ets:lookup(T, {P, K}) || K <- Keys],
                          N = length(ets:match(T, {{P, '$1'}, '_'})),
                          N = length(Keys)
                end),
    io:format("  ~w left~n", [ets:info(T, size)]),
    %% It is emptied, while others walk.
    together(4, fun(1) -> ets:select_delete(T, [{'_', [], [true]}]);
                   (_) -> ets:foldl(fun(Object, N) when is_tuple(Object) -> N + 1 end, 0, T)
                end),
    io:format("  ~w left~n", [ets:info(T, size)]),
    ets:delete(T).

grow(T, Type, P, Keys) ->
    lists:foreach(fun(K) ->
                          true = ets:insert_new(T, {{P, K}, K}),
                          [ets:update_counter(T, {counter, K rem 10 + 1}, 1) || Type =:= set orelse Type =:= ordered_set],
                          true = ets:insert(T, {{P, -K}, K}),
                          [{{P, K}, K}] = ets:lookup(T, {P, K}),
                          [{_, K}] = ets:take(T, {P, -K})
                  end, Keys).

walk(_, '$end_of_table') -> [];
walk(T, Key) -> [Key | walk(T, ets:next(T, Key))].

%% What is inserted as a list is seen whole or not at all.
lists_are_whole() ->
    T = ets:new(t, [public, {write_concurrency, true}]),
    All = [{K, 0} || K <- lists:seq(1, 100)],
    ets:insert(T, All),
    Seen = together(6, fun(P) when P =< 3 ->
                               [ets:insert(T, [{K, {P, N}} || {K, _} <- All]) || N <- lists:seq(1, 60)],
                               whole;
                          (_) ->
                               [case lists:usort(ets:select(T, [{{'_', '$1'}, [], ['$1']}])) of
                                    [_] -> whole;
                                    Several -> {several, length(Several)}
                                end || _ <- lists:seq(1, 60)]
                       end),
    io:format("lists: ~w~n", [lists:usort(lists:flatten(Seen))]).

%% A name leads to the table that has it now.
names() ->
    Results = together(4, fun(P) ->
                                  Name = list_to_atom("named_" ++ integer_to_list(P)),
                                  Other = list_to_atom("other_" ++ integer_to_list(P)),
                                  lists:usort([begin
                                                   Name = ets:new(Name, [named_table, {read_concurrency, N rem 2 =:= 0}]),
                                                   true = ets:insert(Name, {n, N}),
                                                   [{n, N}] = ets:lookup(Name, n),
                                                   Other = ets:rename(Name, Other),
                                                   [{n, N}] = ets:lookup(Other, n),
                                                   undefined = ets:info(Name, size),
                                                   Gone = (catch ets:lookup(Name, n)),
                                                   true = ets:delete(Other),
                                                   {is_tuple(Gone), ets:whereis(Other)}
                                               end || N <- lists:seq(1, 60)])
                          end),
    io:format("names: ~w~n", [Results]).

%% select_replace of one key is an atomic step.
compare_and_swap() ->
    [begin
         T = ets:new(t, [public, {write_concurrency, W}]),
         ets:insert(T, {k, 0}),
         together(5, fun(_) -> [swap(T) || _ <- lists:seq(1, 60)] end),
         io:format("swapped: ~w~n", [ets:lookup(T, k)])
     end || W <- [false, true]].

swap(T) ->
    [{k, N}] = ets:lookup(T, k),
    case ets:select_replace(T, [{{k, N}, [], [{const, {k, N + 1}}]}]) of
        1 -> ok;
        0 -> swap(T)
    end.

%% The order of objects, without write_concurrency and with it, as the table grows, is held fast, and shrinks.
order() ->
    Plain = ets:new(t, []),
    Parted = ets:new(t, [{write_concurrency, true}]),
    Both = fun(F) -> F(Plain), F(Parted), io:format("order: ~w~n", [same(Plain, Parted)]) end,
    Both(fun(T) -> [ets:insert(T, {K, K}) || K <- lists:seq(1, 5000)] end),
    Both(fun(T) -> [ets:insert(T, {K, K}) || K <- lists:seq(5001, 9000)] end),
    Both(fun(T) -> ets:safe_fixtable(T, true), [ets:delete(T, K) || K <- lists:seq(1, 6000)] end),
    Both(fun(T) -> [ets:insert(T, {{K}, K}) || K <- lists:seq(1, 3000)] end),
    Both(fun(T) -> ets:safe_fixtable(T, false) end),
    Both(fun(T) -> [ets:delete(T, K) || K <- lists:seq(6001, 8990)] end),
    Both(fun(T) -> [ets:delete(T, {K}) || K <- lists:seq(1, 2990)] end),
    Both(fun(T) -> [ets:insert(T, {integer_to_binary(K), "string", 1.5}) || K <- lists:seq(1, 700)] end),
    {L1, C} = ets:select(Parted, [{{'$1', '_'}, [], ['$1']}], 4),
    {L2, _} = ets:select(C),
    io:format("in portions: ~w ~w~n", [L1, L2]),
    io:format("~w~n", [[ets:info(T, I) || T <- [Plain, Parted], I <- [size, type, keypos]]]),
    Both(fun(T) -> ets:delete_all_objects(T) end).

same(A, B) ->
    Slots = fun(T) -> slots(T, 0) end,
    Hashes = [erlang:phash2(What(T)) || T <- [A, B], What <- [fun ets:tab2list/1, fun(X) -> walk(X, ets:first(X)) end]],
    {Hashes, Slots(A) =:= Slots(B), ets:info(A, size)}.

slots(T, N) ->
    case ets:slot(T, N) of
        '$end_of_table' -> [];
        Objects -> [Objects | slots(T, N + 1)]
    end.

together(N, Fun) ->
    Self = self(),
    Pids = [spawn_link(fun() -> Self ! {self(), Fun(P)} end) || P <- lists:seq(1, N)],
    [receive {Pid, Result} -> Result end || Pid <- Pids].
