%%% Tables.
-module(native_ets).
-include("cases.hrl").

cases() ->
    [?C("set", begin T = table([set]), ets:insert(T, [{1, a}, {2, b}, {1, c}, {1.0, d}]), {ets:lookup(T, 1), ets:lookup(T, 1.0), ets:info(T, size)} end),
     ?C("ordered", begin T = table([ordered_set]), ets:insert(T, [{2, b}, {1, a}, {1.0, d}, {3, c}]), {ets:lookup(T, 1), ets:first(T), ets:last(T), ets:next(T, 1), ets:prev(T, 1), ets:next(T, 2.5), ets:match_object(T, '_')} end),
     ?C("bag", begin T = table([bag]), ets:insert(T, [{1, a}, {1, b}, {1, a}, {2, c}]), {ets:lookup(T, 1), ets:lookup_element(T, 1, 2), ets:info(T, size)} end),
     ?C("duplicate", begin T = table([duplicate_bag]), ets:insert(T, [{1, a}, {1, b}, {1, a}]), L = ets:lookup(T, 1), ets:delete_object(T, {1, a}), {L, ets:lookup(T, 1)} end),
     ?C("keypos", begin T = table([{keypos, 2}]), ets:insert(T, {a, 1}), ets:lookup(T, 1) end),
     ?C("insert short", ets:insert(table([{keypos, 2}]), id({a}))), ?C("insert_new", begin T = table([]), {ets:insert_new(T, [{1, a}]), ets:insert_new(T, [{2, b}, {1, c}]), ets:info(T, size)} end),
     ?C("take", begin T = filled(), {ets:take(T, 2), ets:take(T, 2), ets:info(T, size)} end), ?C("member", [ets:member(filled(), K) || K <- [1, 9]]),
     ?C("lookup_element none", ets:lookup_element(filled(), id(9), 2)), ?C("lookup_element far", ets:lookup_element(filled(), id(1), 9)),
     ?C("counter", begin T = filled(), [ets:update_counter(T, 1, I) || I <- [5, {2, -3}, {3, 10, 15, 0}, {3, 10, 15, 0}, [{2, 1}, {3, 1}], []]] ++ ets:lookup(T, 1) end),
     ?C("counter default", begin T = filled(), {ets:update_counter(T, 77, {2, 3}, {x, 1, z}), ets:lookup(T, 77)} end), ?C("counter none", ets:update_counter(filled(), id(99), 1)),
     ?C("counter key", ets:update_counter(filled(), 1, id({1, 1}))), ?C("counter no number", begin T = table([]), ets:insert(T, {a, b}), ets:update_counter(T, a, 1) end),
     ?C("update_element", begin T = filled(), {ets:update_element(T, 1, [{2, x}, {3, y}]), ets:update_element(T, 99, {2, x}), ets:lookup(T, 1)} end), ?C("update_element key", ets:update_element(filled(), 1, id({1, 2}))),
     ?C("select", ets:select(ordered(), [{{'$1', '$2', '_'}, [{'>', '$1', 2}, {'<', '$2', 50}], [{{'$2', '$1'}}]}])),
     ?C("select several", ets:select(ordered(), [{{1, '$1', '_'}, [], ['$1']}, {{'$1', '_', '_'}, [{'=:=', {'rem', '$1', 2}, 0}], ['$_']}, {{3, '_', '_'}, [], ['$$']}])),
     ?C("select key", ets:select(ordered(), [{{3, '$1', '$2'}, [], [['$1', '$2', {const, '$1'}]]}])), ?C("select map", ets:select(ordered(), [{{3, '$1', '_'}, [], [#{a => '$1'}]}])),
     ?C("same variable", begin T = table([ordered_set]), ets:insert(T, [{1, 1}, {2, 3}, {3, 3}]), ets:match(T, {'$1', '$1'}) end),
     ?C("match order", ets:match(ordered(), {'$2', '$1', '_'})), ?C("match_object", ets:match_object(ordered(), {'_', 30, '_'})),
     ?C("body fails", ets:select(ordered(), [{{1, '$1', '_'}, [], [{'+', '$1', a}]}])), ?C("guard fails", ets:select(ordered(), [{{1, '$1', '_'}, [{'+', '$1', a}], ['$1']}])),
     ?C("booleans", ets:select(ordered(), [{{'$1', '_', '_'}, [{'orelse', {'==', '$1', 1}, {'andalso', {'>', '$1', 3}, {'not', {'==', '$1', 5}}}}], ['$1']}])),
     ?C("functions", ets:select(ordered(), [{{1, '$1', '$2'}, [{is_integer, '$1'}], [{{{element, 1, '$_'}, {length, [a, b]}, {abs, -3}, {hd, [x]}, {size, '$_'}}}]}])),
     ?C("no such function", ets:select(ordered(), [{{1, '$1', '_'}, [], [{max, 1, 2}]}])), ?C("select bad", ets:select(ordered(), id(foo))), ?C("select bad guard", ets:select(ordered(), [{{'$1', '$2', '_'}, [{foo, 1}], ['$_']}])), ?C("select unbound", ets:select(ordered(), [{{'$1'}, [], ['$2']}])),
     ?C("count", ets:select_count(ordered(), [{{'$1', '_', '_'}, [{'>', '$1', 3}], [true]}])),
     ?C("chunks", chunks(ets:select(ordered(), [{{'$1', '_', '_'}, [], ['$1']}], 2), fun ets:select/1)), ?C("chunks 3", chunks(ets:match(ordered(), {'$1', '_', '_'}, 3), fun ets:match/1)),
     ?C("chunks exact", chunks(ets:match_object(ordered(), '_', 6), fun ets:match_object/1)), ?C("chunks none", ets:select(ordered(), [{{99, '_', '_'}, [], ['$_']}], 3)),
     ?C("reverse", {ets:select_reverse(ordered(), [{{'$1', '_', '_'}, [], ['$1']}]), chunks(ets:select_reverse(ordered(), [{{'$1', '_', '_'}, [], ['$1']}], 4), fun ets:select_reverse/1)}),
     ?C("delete all", begin T = filled(), {ets:internal_delete_all(T, undefined), ets:info(T, size)} end),
     ?C("select_delete", begin T = ordered(), {ets:internal_select_delete(T, [{{'$1', '_', '_'}, [{'>', '$1', 2}], [true]}]), ets:match(T, {'$1', '_', '_'})} end),
     ?C("select_replace", begin T = ordered(), {ets:select_replace(T, [{{'$1', '$2', '$3'}, [{'>', '$1', 4}], [{{'$1', '$3', '$2'}}]}]), ets:match(T, {'$1', '$2', '_'})} end),
     ?C("named", begin N = ets:new(a_name, [named_table]), ets:insert(a_name, {1}), R = {N, ets:lookup(a_name, 1), is_reference(ets:whereis(a_name)), ets:rename(a_name, b_name), ets:info(a_name), ets:info(b_name, name)}, ets:delete(b_name), R end),
     ?C("named twice", begin T = ets:new(c_name, [named_table]), try ets:new(c_name, [named_table]) after ets:delete(T) end end),
     ?C("deleted", begin T = filled(), ets:delete(T), ets:lookup(T, 1) end), ?C("none", ets:lookup(id(no_such_table), 1)), ?C("bad table", ets:lookup(id(1), 1)), ?C("new bad", ets:new(x, [id(foo)])),
     ?C("info", begin T = table([bag, public, {keypos, 3}]), [ets:info(T, I) || I <- [type, keypos, protection, named_table, name, size, heir, node, compressed, read_concurrency, write_concurrency, fixed, safe_fixed]] end),
     ?C("info bad", ets:info(filled(), id(foo))), ?C("private", other(fun(T) -> ets:lookup(T, 1) end, private)), ?C("protected", other(fun(T) -> {ets:lookup(T, 1), catch_error(fun() -> ets:insert(T, {2}) end)} end, protected)),
     ?C("owner ends", begin S = self(), P = spawn(fun() -> S ! {table, ets:new(x, [public])} end), M = monitor(process, P), receive {table, T} -> receive {'DOWN', M, _, _, _} -> ok end, ets:info(T) end end),
     ?C("heir", begin S = self(), P = spawn(fun() -> T = ets:new(x, [{heir, S, data}]), ets:insert(T, {k}), S ! {table, T} end), receive {table, T} -> receive {'ETS-TRANSFER', T, P, data} -> {ets:lookup(T, k), ets:info(T, owner) =:= S} end end end),
     ?C("give", begin S = self(), T = filled(), P = spawn(fun() -> receive {'ETS-TRANSFER', X, S, gift} -> S ! {got, ets:info(X, owner) =:= self(), ets:insert(X, {5}), ets:lookup(X, 5)} end end), ets:give_away(T, P, gift), receive {got, A, B, C} -> {A, B, C} end end),
     ?C("fixed", begin T = filled(), ets:safe_fixtable(T, true), N = walk(T, ets:first(T), 0), ets:safe_fixtable(T, false), {N, ets:info(T, size)} end),
     ?C("slot", [ets:slot(ordered(), N) || N <- [0, 5, 6]]), ?C("slot bad", ets:slot(ordered(), id(7))), ?C("first", ets:first(table([]))), ?C("next", ets:next(filled(), id(99))),
     ?C("test", [erlang:match_spec_test({1, 2}, [{{'$1', '$2'}, [{'>', '$1', 0}], [{{'$2', '$1'}}]}], table), erlang:match_spec_test({1, 2}, [{{3, '_'}, [], ['$_']}], table)]),
     ?C("run", ets:match_spec_run_r([{1, a}, {2, b}, x, {3}], ets:match_spec_compile([{{'$1', '$2'}, [], ['$2']}]), [])), ?C("compile bad", ets:match_spec_compile(id([])))].

table(Options) -> ets:new(x, Options).

filled() ->
    T = table([public]),
    ets:insert(T, [{N, N * 10, N} || N <- [1, 2, 3, 4, 5, 6]]),
    T.

ordered() ->
    T = table([ordered_set]),
    ets:insert(T, [{N, N * 10, N} || N <- [3, 1, 2, 6, 5, 4]]),
    T.

chunks('$end_of_table', _) -> [];
chunks({Results, Continuation}, More) -> [Results | chunks(More(Continuation), More)].

catch_error(Fun) ->
    try Fun() catch error:Reason -> {error, Reason} end.

other(Fun, Protection) ->
    T = ets:new(x, [Protection]),
    ets:insert(T, {1}),
    S = self(),
    spawn(fun() -> S ! {answer, catch_error(fun() -> Fun(T) end)} end),
    receive {answer, Answer} -> Answer end.

walk(_, '$end_of_table', N) -> N;
walk(T, Key, N) ->
    ets:delete(T, Key),
    walk(T, ets:next(T, Key), N + 1).
