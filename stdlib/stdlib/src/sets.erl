%%% Sets of elements that match (=:=): version 1 in a hash table, version 2 the keys of a map.
-module(sets).

-export([new/0, new/1, is_set/1, size/1, is_empty/1, to_list/1, from_list/1, from_list/2,
         is_element/2, add_element/2, del_element/2, union/2, union/1, intersection/2,
         intersection/1, is_disjoint/2, subtract/2, is_subset/2, fold/3, filter/2]).

-compile({no_auto_import, [size/1]}).

-define(IS_TABLE(Term), is_record(Term, set, 9)).

%% @doc An empty set of version 1.
new() -> swerl_linear_hash:new(set).

%% @doc An empty set of the version that the options name.
new(Options) ->
    case version(Options) of
        1 -> new();
        2 -> #{}
    end.

version(Options) -> proplists:get_value(version, Options, 1).

%% @doc The set of the elements of a list.
from_list(List) -> lists:foldl(fun add_element/2, new(), List).

%% @doc The set of the elements of a list, of the version that the options name.
from_list(List, Options) ->
    case version(Options) of
        1 -> from_list(List);
        2 -> maps:from_keys(List, [])
    end.

%% @doc Whether a term looks like a set.
is_set(Set) -> is_map(Set) orelse ?IS_TABLE(Set).

%% @doc The number of elements.
size(Set) when is_map(Set) -> map_size(Set);
size(Set) when ?IS_TABLE(Set) -> element(2, Set).

%% @doc Whether the set has no elements.
is_empty(Set) when is_map(Set) -> map_size(Set) =:= 0;
is_empty(Set) when ?IS_TABLE(Set) -> element(2, Set) =:= 0.

%% @doc The elements.
to_list(Set) when is_map(Set) -> maps:keys(Set);
to_list(Set) when ?IS_TABLE(Set) -> fold(fun(Elem, Acc) -> [Elem | Acc] end, [], Set).

%% @doc Whether the set has an element.
is_element(Elem, Set) when is_map(Set) -> is_map_key(Elem, Set);
is_element(Elem, Set) when ?IS_TABLE(Set) ->
    lists:member(Elem, swerl_linear_hash:bucket(Set, swerl_linear_hash:slot(Set, Elem))).

%% @doc The set with an element.
add_element(Elem, Set) when is_map(Set) -> maps:put(Elem, [], Set);
add_element(Elem, Set) when ?IS_TABLE(Set) ->
    Slot = swerl_linear_hash:slot(Set, Elem),
    Elems = swerl_linear_hash:bucket(Set, Slot),
    case lists:member(Elem, Elems) of
        true -> Set;
        false ->
            swerl_linear_hash:added(swerl_linear_hash:set_bucket(Set, Slot, [Elem | Elems]), 1,
                              fun(E) -> E end)
    end.

%% @doc The set without an element.
del_element(Elem, Set) when is_map(Set) -> maps:remove(Elem, Set);
del_element(Elem, Set) when ?IS_TABLE(Set) ->
    Slot = swerl_linear_hash:slot(Set, Elem),
    Elems = swerl_linear_hash:bucket(Set, Slot),
    case lists:member(Elem, Elems) of
        true ->
            swerl_linear_hash:removed(swerl_linear_hash:set_bucket(Set, Slot, lists:delete(Elem, Elems)), 1);
        false -> Set
    end.

%% @doc The elements of either set.
union(Set1, Set2) when is_map(Set1), is_map(Set2) -> maps:merge(Set1, Set2);
union(Set1, Set2) ->
    case size(Set1) < size(Set2) of
        true -> fold(fun add_element/2, Set2, Set1);
        false -> fold(fun add_element/2, Set1, Set2)
    end.

%% @doc The elements of any of the sets.
union([Set1, Set2 | Sets]) -> union([union(Set1, Set2) | Sets]);
union([Set]) -> Set;
union([]) -> new().

%% @doc The elements of both sets.
intersection(Set1, Set2) when is_map(Set1), is_map(Set2), map_size(Set1) < map_size(Set2) -> maps:with(maps:keys(Set2), Set1);
intersection(Set1, Set2) when is_map(Set1), is_map(Set2) -> maps:with(maps:keys(Set1), Set2);
intersection(Set1, Set2) ->
    case size(Set1) < size(Set2) of
        true -> filter(fun(Elem) -> is_element(Elem, Set2) end, Set1);
        false -> filter(fun(Elem) -> is_element(Elem, Set1) end, Set2)
    end.

%% @doc The elements of all the sets.
intersection([Set1, Set2 | Sets]) -> intersection([intersection(Set1, Set2) | Sets]);
intersection([Set]) -> Set.

%% @doc Whether the sets have no element in common.
is_disjoint(Set1, Set2) ->
    case size(Set1) < size(Set2) of
        true -> not lists:any(fun(Elem) -> is_element(Elem, Set2) end, to_list(Set1));
        false -> not lists:any(fun(Elem) -> is_element(Elem, Set1) end, to_list(Set2))
    end.

%% @doc The elements of the first set that the second does not have.
subtract(Set1, Set2) when is_map(Set1), is_map(Set2) -> maps:without(maps:keys(Set2), Set1);
subtract(Set1, Set2) -> filter(fun(Elem) -> not is_element(Elem, Set2) end, Set1).

%% @doc Whether the second set has all elements of the first.
is_subset(Set1, Set2) ->
    fold(fun(Elem, Is) -> Is andalso is_element(Elem, Set2) end, true, Set1).

%% @doc Folds over the elements.
fold(Fun, Acc, Set) when is_map(Set), is_function(Fun, 2) -> lists:foldl(Fun, Acc, maps:keys(Set));
fold(Fun, Acc, Set) when ?IS_TABLE(Set), is_function(Fun, 2) -> swerl_linear_hash:fold(Fun, Acc, Set).

%% @doc The elements for which Pred holds.
filter(Pred, Set) when is_map(Set), is_function(Pred, 1) ->
    maps:from_keys(filter_elements(Pred, maps:keys(Set), []), []);
filter(Pred, Set) when ?IS_TABLE(Set), is_function(Pred, 1) ->
    %% Each bucket is turned round, as OTP does: the order of to_list/1 shows it.
    Each = fun(Elems) -> filter_elements(Pred, Elems, []) end,
    {Set1, Gone} = swerl_linear_hash:map_buckets(Each, Set),
    swerl_linear_hash:removed(Set1, Gone).

filter_elements(Pred, [Elem | Elems], Acc) ->
    case Pred(Elem) of
        true -> filter_elements(Pred, Elems, [Elem | Acc]);
        false -> filter_elements(Pred, Elems, Acc)
    end;
filter_elements(_, [], Acc) ->
    Acc.
