%%% Changes of tables that are refused or find nothing: which fault counts first.
-module(ets_refused_changes).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) ->
    Value = try F()
            catch Class:Reason:Stack ->
                    [{_, _, _, Info} | _] = Stack,
                    Details = proplists:get_value(error_info, Info, #{}),
                    {Class, Reason, maps:get(cause, Details, none)}
            end,
    io:format("~w: ~p~n", [Line, Value]).

main() ->
    Set = ets:new(set, [set]),
    Ordered = ets:new(ordered, [ordered_set]),
    Bag = ets:new(bag, [bag]),
    Tables = [Set, Ordered, Bag],
    [ets:insert(Table, [{k, 1, 2}, {c, 5}]) || Table <- Tables],
    [?T(ets:update_element(Table, nokey, Spec))
     || Table <- Tables, Spec <- [{2, x}, {1, x}, {9, x}, foo, []]],
    [?T(ets:update_element(Table, k, Spec))
     || Table <- Tables, Spec <- [{1, x}, {9, x}, {0, x}, foo, [], {2, x}]],
    [?T(ets:update_counter(Table, c, Operation))
     || Table <- Tables, Operation <- [{0, 1}, {1, 1}, {3, 1}, {2, a}, foo, [], {2, 1, 2}]],
    [?T(ets:update_counter(Table, c, Operation, Default))
     || Table <- Tables,
        {Operation, Default} <- [{1, foo}, {{2, 1}, {z, a}}, {{9, 1}, {x, 1}}, {1, [{a}]}]],
    [?T(ets:update_counter(Table, new, Operation, Default))
     || Table <- Tables, {Operation, Default} <- [{1, foo}, {{3, 1}, {x, 1}}, {1, {x, 1}}]],
    [?T(ets:F(Table, nokey)) || F <- [next, prev], Table <- [Set, Bag]],
    [?T(ets:setopts(Set, Options))
     || Options <- [{heir, none}, [{heir, none}, {heir, none}], [], foo, [foo], [{heir, none} | x]]],
    [?T(ets:test_ms({1, [a, b]}, [{{'$1', '$2'}, [], [Body]}]))
     || Body <- [{'andalso', true, '$1'}, {'orelse', false, '$2'}, {'andalso', '$1', true},
                 {'orelse', true, '$1'}, {'andalso', true, true, '$2'}, {'and', true, '$1'}]],
    ?T(ets:test_ms({1, #{}}, [{{'$1', #{'$2' => 1}}, [], ['$1']}])),
    [?T(lists:sort(ets:tab2list(Table))) || Table <- Tables].
