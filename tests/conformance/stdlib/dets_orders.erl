%% dets: the order of keys and objects, what operations answer, tables that are read only or not there
-module(dets_orders).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~w: ~0tp~n", [Line, Result]).

walk('$end_of_table') -> [];
walk(Key) -> [Key | walk(dets:next(t, Key))].

main() ->
    {ok, t} = dets:open_file(t, [{file, "orders.dets"}]),
    [ok = dets:insert(t, {I, I * I}) || I <- lists:seq(1, 12)],
    ?T(walk(dets:first(t))),
    ?T(dets:foldl(fun({Key, _}, Acc) -> [Key | Acc] end, [], t)),
    ?T(dets:foldr(fun({Key, _}, Acc) -> [Key | Acc] end, [], t)),
    ?T(dets:match(t, {'$1', '_'})),
    ?T(dets:match_object(t, {3, '_'})),
    ?T(dets:select(t, [{{'$1', '$2'}, [{'>', '$2', 500}], ['$1']}])),
    ?T([Key || Slot <- lists:seq(0, 255), {Key, _} <- dets:slot(t, Slot)]),
    ?T(dets:slot(t, 256)),
    ?T(dets:traverse(t, fun({Key, _}) -> {continue, Key} end)),
    ?T(dets:traverse(t, fun({Key, _}) -> if Key rem 2 =:= 0 -> {continue, Key}; true -> continue end end)),
    ?T(dets:traverse(t, fun({2, _}) -> {done, two}; ({Key, _}) -> {continue, Key} end)),
    ?T(dets:next(t, nowhere)),
    ?T(dets:info(t, no_slots)),
    ?T(dets:info(t, users) =:= [self()]),
    ?T(dets:insert_new(t, [{13, x}, {1, x}])),
    ?T(dets:update_counter(t, 6, {2, 4})),
    ?T(dets:select_delete(t, [{{'$1', '_'}, [{'>', '$1', 9}], [true]}])),
    ?T(walk(dets:first(t))),
    ?T(dets:close(t)),
    {ok, t} = dets:open_file(t, [{file, "orders.dets"}]),
    ?T(walk(dets:first(t))),
    ?T(dets:close(t)),
    {ok, b} = dets:open_file(b, [{file, "bag.dets"}, {type, bag}]),
    ?T(dets:insert(b, [{1, b}, {1, a}, {2, x}, {1, c}, {2, d}, {1, b}])),
    ?T(dets:match_object(b, '_')),
    ?T(dets:lookup(b, 1)),
    ?T(dets:close(b)).
