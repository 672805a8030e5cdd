%% Objects of all kinds of terms: what comes out of a table is what went in, and lives on when the table is gone.
-module(ets_all_terms).
-export([main/0]).

main() ->
    [io:format("~p ~p~n", [Type, through(Type)]) || Type <- [set, ordered_set, bag, duplicate_bag]],
    io:format("~p~n", [counts()]),
    io:format("~p~n", [many()]).

terms() ->
    Big = 1 bsl 200,
    Long = binary:copy(<<"0123456789">>, 100),
    <<_:3/binary, Part:500/binary, _/binary>> = Long,
    <<_:3, Bits:77/bits, _/bits>> = Long,
    X = {local, [Big, -Big]},
    [[], {}, a, 1, -1, 1.5, -0.0, Big, -Big, <<>>, <<1, 2, 3>>, Long, Part, Bits, "list", [a | b],
     [[[[]]], {{{}}}], #{}, #{a => 1, "b" => {2.0, Long}},
     maps:from_list([{{I, [I]}, <<I:900>>} || I <- lists:seq(1, 100)]),
     fun(Y) -> {X, Y} end, fun lists:map/2, fun ?MODULE:main/0, self(), make_ref(),
     {a, {b, {c, [d, {e, Part, [Big | Bits]}]}}}, lists:seq(1, 300), list_to_tuple(lists:seq(1, 300))].

through(Type) ->
    Terms = lists:zip(lists:seq(1, length(terms())), terms()),
    T = ets:new(t, [Type]),
    [ets:insert(T, {{key, N}, Term, N}) || {N, Term} <- Terms],
    Found = [ets:lookup(T, {key, N}) || {N, _} <- Terms],
    Elements = [ets:lookup_element(T, {key, N}, 2) || {N, _} <- Terms],
    Selected = lists:sort(ets:select(T, [{{{key, '$1'}, '$2', '_'}, [], [{{'$1', '$2'}}]}])),
    Other = spawn_link(fun() -> receive {T2, From} -> From ! {own, ets:tab2list(T2)} end end),
    ets:setopts(T, {heir, none}),
    Shared = ets:new(s, [Type, public]),
    ets:insert(Shared, ets:tab2list(T)),
    Other ! {Shared, self()},
    Taken = receive {own, L} -> lists:keysort(3, L) end,
    ets:delete(T),
    ets:delete(Shared),
    erlang:garbage_collect(),
    Same = fun(A, B) -> A =:= B andalso erlang:phash2(A) =:= erlang:phash2(B) end,
    {lists:all(fun({{N, Term}, [{{key, N}, Other1, N}]}) -> Same(Term, Other1) end, lists:zip(Terms, Found)),
     lists:all(fun({{_, Term}, E}) -> Same(Term, E) end, lists:zip(Terms, Elements)),
     [N || {{N, A}, {N, B}} <- lists:zip(Terms, Selected), not Same(A, B)],
     [N || {{N, A}, {_, B, N}} <- lists:zip(Terms, Taken), not Same(A, B)]}.

counts() ->
    T = ets:new(t, []),
    ets:insert(T, {c, 1, 1 bsl 59 - 1, 5, [x], 0}),
    A = [ets:update_counter(T, c, {2, 3}), ets:update_counter(T, c, {3, 1}), ets:update_counter(T, c, {3, -1}),
         ets:update_counter(T, c, [{2, 1}, {4, -7}, {6, 2, 1, 0}])],
    ets:update_element(T, c, {5, self()}),
    ets:update_element(T, c, {5, {nested, [1, 2]}}),
    ets:update_element(T, c, [{4, 9}, {5, y}]),
    {A, ets:lookup(T, c), reason(catch ets:update_counter(T, c, {5, 1})),
     reason(catch ets:update_counter(T, c, {9, 1}))}.

%% Many tables in turn, some gone, and tables used while another is looked through.
many() ->
    Tables = [ets:new(list_to_atom("t" ++ integer_to_list(N)), [named_table]) || N <- lists:seq(1, 40)],
    [ets:insert(T, {N, T}) || T <- Tables, N <- lists:seq(1, 50)],
    [ets:delete(T) || {N, T} <- lists:zip(lists:seq(1, 40), Tables), N rem 3 =:= 0],
    Sizes = [ets:info(T, size) || T <- Tables],
    Folded = ets:foldl(fun({N, _}, S) -> S + ets:lookup_element(t2, N, 1) + length(ets:lookup(t4, N)) end, 0, t1),
    {Sizes, Folded, [reason(catch ets:lookup(T, 7)) || T <- [t1, t3, t5, nosuch]]}.

reason({'EXIT', {Reason, [{M, F, _, [{error_info, Info}]} | _]}}) -> {Reason, M, F, maps:get(cause, Info, none)};
reason(Value) -> Value.
