%%% Dictionaries in a hash table. Keys match (=:=). An item of the table is [Key | Value].
-module(dict).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2,
         fetch_keys/1, erase/2, take/2, store/3, append/3, append_list/3, update/3, update/4,
         update_counter/3, fold/3, map/2, filter/2, merge/3]).

-compile({no_auto_import, [size/1]}).

-define(IS_DICT(Term), is_record(Term, dict, 9)).

%% @doc An empty dictionary.
new() -> swerl_linear_hash:new(dict).

items(Key, Dict) -> swerl_linear_hash:bucket(Dict, swerl_linear_hash:slot(Dict, Key)).

%% @doc {ok, Value} of a key, or error.
find(Key, Dict) -> find_1(Key, items(Key, Dict)).

find_1(Key, [[Key | Value] | _]) -> {ok, Value};
find_1(Key, [_ | Items]) -> find_1(Key, Items);
find_1(_, []) -> error.

%% @doc Whether the dictionary has a key.
is_key(Key, Dict) -> find(Key, Dict) =/= error.

%% @doc The value of a key, which must be there.
fetch(Key, Dict) ->
    case find(Key, Dict) of
        {ok, Value} -> Value;
        error -> erlang:error(badarg, [Key, Dict])
    end.

%% @doc The number of keys.
size(Dict) when ?IS_DICT(Dict) -> element(2, Dict).

%% @doc Whether the dictionary has no keys.
is_empty(Dict) when ?IS_DICT(Dict) -> element(2, Dict) =:= 0.

%% @doc The pairs.
to_list(Dict) -> fold(fun(Key, Value, Acc) -> [{Key, Value} | Acc] end, [], Dict).

%% @doc The keys.
fetch_keys(Dict) -> fold(fun(Key, _, Acc) -> [Key | Acc] end, [], Dict).

%% @doc The dictionary of a list of pairs; later pairs win.
from_list(Pairs) -> lists:foldl(fun({Key, Value}, Dict) -> store(Key, Value, Dict) end, new(), Pairs).

%% The dictionary with a value for a key: the given one where the key is new, or Fun of the old.
put_value(Key, Fun, New, Dict) ->
    Slot = swerl_linear_hash:slot(Dict, Key),
    Items = swerl_linear_hash:bucket(Dict, Slot),
    case put_item(Key, Fun, New, Items) of
        {old, Items1} -> swerl_linear_hash:set_bucket(Dict, Slot, Items1);
        {new, Items1} ->
            swerl_linear_hash:added(swerl_linear_hash:set_bucket(Dict, Slot, Items1), 1, fun key_of/1)
    end.

key_of([Key | _]) -> Key.

put_item(Key, Fun, _, [[Key | Value] | Items]) ->
    {old, [[Key | Fun(Value)] | Items]};
put_item(Key, Fun, New, [Item | Items]) ->
    {Age, Items1} = put_item(Key, Fun, New, Items),
    {Age, [Item | Items1]};
put_item(Key, Fun, New, []) when is_function(Fun, 1) ->
    {new, [[Key | New]]}.

%% @doc The dictionary with a value for a key.
store(Key, Value, Dict) -> put_value(Key, fun(_) -> Value end, Value, Dict).

%% @doc Puts a value at the end of the list that a key has.
append(Key, Value, Dict) -> append_list(Key, [Value], Dict).

%% @doc Puts values at the end of the list that a key has.
append_list(Key, Values, Dict) -> put_value(Key, fun(Old) -> Old ++ Values end, Values, Dict).

%% @doc Replaces the value of a key, which must be there, by Fun of it.
update(Key, Fun, Dict) ->
    case is_key(Key, Dict) of
        true -> put_value(Key, Fun, none, Dict);
        false -> erlang:error(badarg, [Key, Fun, Dict])
    end.

%% @doc As update/3; a key that is not there gets the initial value.
update(Key, Fun, Init, Dict) -> put_value(Key, Fun, Init, Dict).

%% @doc Adds to the value of a key.
update_counter(Key, Incr, Dict) when is_number(Incr) ->
    put_value(Key, fun(Old) -> Old + Incr end, Incr, Dict).

%% @doc The dictionary without a key.
erase(Key, Dict) ->
    case take(Key, Dict) of
        {_, Dict1} -> Dict1;
        error -> Dict
    end.

%% @doc {Value, Rest} for a key, or error.
take(Key, Dict) ->
    Slot = swerl_linear_hash:slot(Dict, Key),
    Items = swerl_linear_hash:bucket(Dict, Slot),
    case find_1(Key, Items) of
        {ok, Value} ->
            Rest = [Item || Item <- Items, key_of(Item) =/= Key],
            {Value, swerl_linear_hash:removed(swerl_linear_hash:set_bucket(Dict, Slot, Rest), 1)};
        error ->
            error
    end.

%% @doc Folds over the pairs: Fun(Key, Value, Acc).
fold(Fun, Acc, Dict) when is_function(Fun, 3); not ?IS_DICT(Dict) ->
    swerl_linear_hash:fold(fun([Key | Value], Acc1) -> Fun(Key, Value, Acc1) end, Acc, Dict).

%% @doc The dictionary with Fun(Key, Value) as values.
map(Fun, Dict) ->
    {Dict1, _} = swerl_linear_hash:map_buckets(fun(Items) -> map_items(Fun, Items) end, Dict),
    Dict1.

map_items(Fun, [[Key | Value] | Items]) -> [[Key | Fun(Key, Value)] | map_items(Fun, Items)];
map_items(Fun, []) when is_function(Fun, 2) -> [].

%% @doc The pairs for which Pred(Key, Value) holds.
filter(Pred, Dict) ->
    {Dict1, Gone} = swerl_linear_hash:map_buckets(fun(Items) -> filter_items(Pred, Items) end, Dict),
    swerl_linear_hash:removed(Dict1, Gone).

filter_items(Pred, [[Key | Value] = Item | Items]) ->
    case Pred(Key, Value) of
        true -> [Item | filter_items(Pred, Items)];
        false -> filter_items(Pred, Items)
    end;
filter_items(Pred, []) when is_function(Pred, 2) -> [].

%% @doc Both dictionaries in one; Fun(Key, Value1, Value2) where both have the key.
merge(Fun, Dict1, Dict2) ->
    case is_smaller(Dict1, Dict2) of
        true ->
            fold(fun(Key, V1, Dict) -> update(Key, fun(V2) -> Fun(Key, V1, V2) end, V1, Dict) end,
                 Dict2, Dict1);
        false ->
            fold(fun(Key, V2, Dict) -> update(Key, fun(V1) -> Fun(Key, V1, V2) end, V2, Dict) end,
                 Dict1, Dict2)
    end.

is_smaller(Dict1, Dict2) when ?IS_DICT(Dict1), ?IS_DICT(Dict2) -> element(2, Dict1) < element(2, Dict2);
is_smaller(_, _) -> false.
