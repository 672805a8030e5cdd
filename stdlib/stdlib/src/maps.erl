%%% Maps.
%%%
%%% The functions that need to know how maps are laid out are answered by the virtual machine;
%%% an iterator is a list of the pairs still to come.
-module(maps).

-export([filter/2, filtermap/2, fold/3, foreach/2, from_keys/2, from_list/1, find/2, get/2,
         get/3, groups_from_list/2, groups_from_list/3, intersect/2, intersect_with/3, is_key/2,
         iterator/1, keys/1, map/2, merge/2, merge_with/3, new/0, next/1, put/3, remove/2, size/1,
         take/2, to_list/1, update/3, update_with/3, update_with/4, values/1, with/2, without/2]).

-compile({no_auto_import, [get/1, put/2, size/1]}).

%% Answered by the virtual machine.

%% @doc {ok, Value} of a key, or error.
find(_Key, _Map) -> erlang:nif_error(undef).

%% @doc A map with the same value for all keys.
from_keys(_Keys, _Value) -> erlang:nif_error(undef).

%% @doc A map of the pairs; later pairs win.
from_list(_Pairs) -> erlang:nif_error(undef).

%% @doc The value of a key; fails with {badkey, Key} where there is none.
get(_Key, _Map) -> erlang:nif_error(undef).

%% @doc Whether the map has the key.
is_key(_Key, _Map) -> erlang:nif_error(undef).

%% @doc The keys.
keys(_Map) -> erlang:nif_error(undef).

%% @doc Both maps in one; the second one's values win.
merge(_Map1, _Map2) -> erlang:nif_error(undef).

%% @doc The map with the value for the key.
put(_Key, _Value, _Map) -> erlang:nif_error(undef).

%% @doc The map without the key.
remove(_Key, _Map) -> erlang:nif_error(undef).

%% @doc {Value, Rest} for a key, or error.
take(_Key, _Map) -> erlang:nif_error(undef).

%% @doc The map with a new value for a key that it has.
update(_Key, _Value, _Map) -> erlang:nif_error(undef).

%% @doc The values.
values(_Map) -> erlang:nif_error(undef).

%% Written here. Errors are raised in the function that the user called.

-define(RAISE(Reason, Args),
        erlang:error(Reason, Args,
                     [{error_info, maps:from_list([{module, erl_stdlib_errors}])}])).

%% @doc An empty map.
new() ->
    #{}.

%% @doc The pairs of a map in the order of keys/1.
to_list(Map) when is_map(Map) ->
    erts_internal:map_next(0, Map, []);
to_list(Map) ->
    ?RAISE({badmap, Map}, [Map]).

%% @doc The number of keys.
size(Map) when is_map(Map) ->
    map_size(Map);
size(Map) ->
    ?RAISE({badmap, Map}, [Map]).

%% @doc The value of a key, or the default.
get(Key, Map, Default) when is_map(Map) ->
    case find(Key, Map) of
        {ok, Value} -> Value;
        error -> Default
    end;
get(Key, Map, Default) ->
    ?RAISE({badmap, Map}, [Key, Map, Default]).

%% @doc The map with the value of a key that it has replaced by Fun of it.
update_with(Key, Fun, Map) when is_function(Fun, 1), is_map(Map) ->
    case find(Key, Map) of
        {ok, Value} -> update(Key, Fun(Value), Map);
        error -> erlang:error({badkey, Key}, [Key, Fun, Map])
    end;
update_with(Key, Fun, Map) ->
    ?RAISE(bad_map_or_badarg(Map), [Key, Fun, Map]).

%% @doc As update_with/3; where the map has no such key it gets the initial value.
update_with(Key, Fun, Init, Map) when is_function(Fun, 1), is_map(Map) ->
    case find(Key, Map) of
        {ok, Value} -> update(Key, Fun(Value), Map);
        error -> put(Key, Init, Map)
    end;
update_with(Key, Fun, Init, Map) ->
    ?RAISE(bad_map_or_badarg(Map), [Key, Fun, Init, Map]).

bad_map_or_badarg(Map) when is_map(Map) -> badarg;
bad_map_or_badarg(Map) -> {badmap, Map}.

%% @doc The map with only the keys of a list.
with(Keys, Map) when is_list(Keys), is_map(Map) ->
    from_list(with_1(Keys, Map));
with(Keys, Map) ->
    ?RAISE(bad_map_or_badarg(Map), [Keys, Map]).

with_1([Key | Keys], Map) ->
    case find(Key, Map) of
        {ok, Value} -> [{Key, Value} | with_1(Keys, Map)];
        error -> with_1(Keys, Map)
    end;
with_1([], _) ->
    [].

%% @doc The map without the keys of a list.
without(Keys, Map) when is_list(Keys), is_map(Map) ->
    lists:foldl(fun remove/2, Map, Keys);
without(Keys, Map) ->
    ?RAISE(bad_map_or_badarg(Map), [Keys, Map]).

%% @doc What two maps have in common, with the values of the second.
intersect(Map1, Map2) when is_map(Map1), is_map(Map2) ->
    case map_size(Map1) =< map_size(Map2) of
        true -> with(keys(Map1), Map2);
        false -> filter(fun(Key, _) -> is_map_key(Key, Map1) end, Map2)
    end;
intersect(Map1, Map2) ->
    ?RAISE(first_bad_map(Map1, Map2), [Map1, Map2]).

%% @doc What two maps have in common, with Combiner(Key, Value1, Value2) as values.
intersect_with(Combiner, Map1, Map2)
  when is_map(Map1), is_map(Map2), is_function(Combiner, 3) ->
    case map_size(Map1) =< map_size(Map2) of
        true ->
            from_list([{Key, Combiner(Key, V1, get(Key, Map2))}
                       || {Key, V1} <- to_list(Map1), is_map_key(Key, Map2)]);
        false ->
            from_list([{Key, Combiner(Key, get(Key, Map1), V2)}
                       || {Key, V2} <- to_list(Map2), is_map_key(Key, Map1)])
    end;
intersect_with(Combiner, Map1, Map2) when is_function(Combiner, 3) ->
    ?RAISE(first_bad_map(Map1, Map2), [Combiner, Map1, Map2]);
intersect_with(Combiner, Map1, Map2) ->
    ?RAISE(badarg, [Combiner, Map1, Map2]).

%% @doc Both maps in one, with Combiner(Key, Value1, Value2) for the keys of both.
merge_with(Combiner, Map1, Map2)
  when is_map(Map1), is_map(Map2), is_function(Combiner, 3) ->
    case map_size(Map1) > map_size(Map2) of
        true ->
            lists:foldl(fun({Key, V2}, Map) ->
                                case find(Key, Map) of
                                    {ok, V1} -> update(Key, Combiner(Key, V1, V2), Map);
                                    error -> put(Key, V2, Map)
                                end
                        end, Map1, to_list(Map2));
        false ->
            lists:foldl(fun({Key, V1}, Map) ->
                                case find(Key, Map) of
                                    {ok, V2} -> update(Key, Combiner(Key, V1, V2), Map);
                                    error -> put(Key, V1, Map)
                                end
                        end, Map2, to_list(Map1))
    end;
merge_with(Combiner, Map1, Map2) when is_function(Combiner, 3) ->
    ?RAISE(first_bad_map(Map1, Map2), [Combiner, Map1, Map2]);
merge_with(Combiner, Map1, Map2) ->
    ?RAISE(badarg, [Combiner, Map1, Map2]).

first_bad_map(Map1, Map2) when is_map(Map1) -> bad_map_or_badarg(Map2);
first_bad_map(Map1, _) -> {badmap, Map1}.

%% @doc A map of lists: the elements by Fun of each.
groups_from_list(Fun, List) when is_function(Fun, 1), length(List) >= 0 ->
    groups(Fun, fun(Elem) -> Elem end, List);
groups_from_list(Fun, List) ->
    ?RAISE(badarg, [Fun, List]).

%% @doc As groups_from_list/2, with ValueFun of each element in the lists.
groups_from_list(Fun, ValueFun, List)
  when is_function(Fun, 1), is_function(ValueFun, 1), length(List) >= 0 ->
    groups(Fun, ValueFun, List);
groups_from_list(Fun, ValueFun, List) ->
    ?RAISE(badarg, [Fun, ValueFun, List]).

groups(Fun, ValueFun, List) ->
    %% From the end, so that each list comes out in order.
    lists:foldl(fun(Elem, Groups) ->
                        Key = Fun(Elem),
                        put(Key, [ValueFun(Elem) | get(Key, Groups, [])], Groups)
                end, #{}, lists:reverse(List, [])).

%% Iterators: [0 | Map] at first, then {Key, Value, Iterator}, of large maps [[Key] | Map] now and then, and none at the end.

%% @doc An iterator of a map.
iterator(Map) when is_map(Map) ->
    [0 | Map];
iterator(Map) ->
    ?RAISE({badmap, Map}, [Map]).

%% @doc {Key, Value, Iterator}, or none at the end.
next([0 | Map]) when is_map(Map) ->
    steps(erts_internal:map_chunk(Map));
next([[Key] | Map]) when is_map(Map) ->
    steps(erts_internal:map_chunk(Map, Key));
next({_, _, _} = Iterator) ->
    Iterator;
next(none) ->
    none;
next(Iterator) ->
    ?RAISE(badarg, [Iterator]).

%% Of a large map so many pairs are looked at as come at a time.
steps([{Key, Value} | Pairs]) -> {Key, Value, steps(Pairs)};
steps([]) -> none;
steps([Map | Key]) -> [[Key] | Map].

%% The pairs of a map or an iterator, or bad. Where the list ends with a map and a key, more follow behind that key.
pairs(Map) when is_map(Map) -> erts_internal:map_chunk(Map);
pairs([0 | Map]) when is_map(Map) -> pairs(Map);
pairs([[Key] | Map]) when is_map(Map) -> more(Map, Key);
pairs({_, _, _} = Iterator) -> further_pairs(Iterator);
pairs(none) -> [];
pairs(_) -> bad.

%% The pairs of an iterator within another. That it is none, `next` says.
further_pairs([0 | Map]) when is_map(Map) -> pairs(Map);
further_pairs([[Key] | Map]) when is_map(Map) -> more(Map, Key);
further_pairs({Key, Value, Iterator}) -> [{Key, Value} | further_pairs(Iterator)];
further_pairs(none) -> [];
further_pairs(Other) -> next(Other).

more(Map, Key) -> erts_internal:map_chunk(Map, Key).

%% @doc Folds over the pairs: Fun(Key, Value, Acc).
fold(Fun, Init, MapOrIterator) when is_function(Fun, 3) ->
    case pairs(MapOrIterator) of
        bad -> ?RAISE({badmap, MapOrIterator}, [Fun, Init, MapOrIterator]);
        Pairs -> fold_1(Fun, Init, Pairs)
    end;
fold(Fun, Init, MapOrIterator) ->
    ?RAISE(badarg, [Fun, Init, MapOrIterator]).

fold_1(Fun, Acc, [{Key, Value} | Pairs]) -> fold_1(Fun, Fun(Key, Value, Acc), Pairs);
fold_1(_, Acc, []) -> Acc;
fold_1(Fun, Acc, [Map | Key]) -> fold_1(Fun, Acc, more(Map, Key)).

%% @doc Calls Fun(Key, Value) for each pair.
foreach(Fun, MapOrIterator) when is_function(Fun, 2) ->
    case pairs(MapOrIterator) of
        bad -> ?RAISE({badmap, MapOrIterator}, [Fun, MapOrIterator]);
        Pairs -> foreach_1(Fun, Pairs)
    end;
foreach(Fun, MapOrIterator) ->
    ?RAISE(badarg, [Fun, MapOrIterator]).

foreach_1(Fun, [{Key, Value} | Pairs]) ->
    Fun(Key, Value),
    foreach_1(Fun, Pairs);
foreach_1(_, []) ->
    ok;
foreach_1(Fun, [Map | Key]) ->
    foreach_1(Fun, more(Map, Key)).

%% @doc The map with Fun(Key, Value) as values.
map(Fun, MapOrIterator) when is_function(Fun, 2) ->
    case pairs(MapOrIterator) of
        bad -> ?RAISE({badmap, MapOrIterator}, [Fun, MapOrIterator]);
        Pairs when is_map(MapOrIterator) -> erts_internal:map_with_values(MapOrIterator, map_1(Fun, Pairs));
        Pairs -> from_list(map_2(Fun, Pairs))
    end;
map(Fun, MapOrIterator) ->
    ?RAISE(badarg, [Fun, MapOrIterator]).

map_1(Fun, [{Key, Value} | Pairs]) -> [Fun(Key, Value) | map_1(Fun, Pairs)];
map_1(_, []) -> [];
map_1(Fun, [Map | Key]) -> map_1(Fun, more(Map, Key)).

map_2(Fun, [{Key, Value} | Pairs]) -> [{Key, Fun(Key, Value)} | map_2(Fun, Pairs)];
map_2(_, []) -> [];
map_2(Fun, [Map | Key]) -> map_2(Fun, more(Map, Key)).

%% @doc The pairs for which Pred(Key, Value) holds.
filter(Pred, MapOrIterator) when is_function(Pred, 2) ->
    case pairs(MapOrIterator) of
        bad -> ?RAISE({badmap, MapOrIterator}, [Pred, MapOrIterator]);
        Pairs -> from_list(filter_1(Pred, Pairs))
    end;
filter(Pred, MapOrIterator) ->
    ?RAISE(badarg, [Pred, MapOrIterator]).

filter_1(Pred, [{Key, Value} = Pair | Pairs]) ->
    case Pred(Key, Value) of
        true -> [Pair | filter_1(Pred, Pairs)];
        false -> filter_1(Pred, Pairs)
    end;
filter_1(_, []) ->
    [];
filter_1(Pred, [Map | Key]) ->
    filter_1(Pred, more(Map, Key)).

%% @doc The pairs that Fun keeps (true), with the values that it gives ({true, Value}).
filtermap(Fun, MapOrIterator) when is_function(Fun, 2) ->
    case pairs(MapOrIterator) of
        bad -> ?RAISE({badmap, MapOrIterator}, [Fun, MapOrIterator]);
        Pairs -> from_list(filtermap_1(Fun, Pairs))
    end;
filtermap(Fun, MapOrIterator) ->
    ?RAISE(badarg, [Fun, MapOrIterator]).

filtermap_1(Fun, [{Key, Value} = Pair | Pairs]) ->
    case Fun(Key, Value) of
        true -> [Pair | filtermap_1(Fun, Pairs)];
        {true, New} -> [{Key, New} | filtermap_1(Fun, Pairs)];
        false -> filtermap_1(Fun, Pairs)
    end;
filtermap_1(_, []) ->
    [];
filtermap_1(Fun, [Map | Key]) ->
    filtermap_1(Fun, more(Map, Key)).
