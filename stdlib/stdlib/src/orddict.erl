%%% Dictionaries as lists of pairs in the order of their keys. Keys are compared with ==.
-module(orddict).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2,
         fetch_keys/1, erase/2, take/2, store/3, append/3, append_list/3, update/3, update/4,
         update_counter/3, fold/3, map/2, filter/2, merge/3]).

-compile({no_auto_import, [size/1]}).

%% @doc An empty dictionary.
new() -> [].

%% @doc Whether the dictionary has a key.
is_key(Key, [{K, _} | _]) when Key < K -> false;
is_key(Key, [{K, _} | Dict]) when Key > K -> is_key(Key, Dict);
is_key(_, [{_, _} | _]) -> true;
is_key(_, []) -> false.

%% @doc The pairs in the order of the keys.
to_list(Dict) -> Dict.

%% @doc The dictionary of a list of pairs; later pairs win.
from_list([]) -> [];
from_list([{_, _}] = Pairs) -> Pairs;
from_list([_ | _] = Pairs) -> from_pairs(lists:reverse(lists:keysort(1, checked(Pairs))), []).

%% The list, which has nothing but pairs.
checked(Pairs) -> checked(Pairs, Pairs).

checked([{_, _} | Rest], Pairs) -> checked(Rest, Pairs);
checked([], Pairs) -> Pairs.

%% From the last pair; of equal keys the one met first stays.
from_pairs([{K, _} | Pairs], [{Kept, _} | _] = Dict) when K == Kept -> from_pairs(Pairs, Dict);
from_pairs([{_, _} = Pair | Pairs], Dict) -> from_pairs(Pairs, [Pair | Dict]);
from_pairs([], Dict) -> Dict.

%% @doc The number of keys.
size(Dict) -> length(Dict).

%% @doc Whether the dictionary has no keys.
is_empty([]) -> true;
is_empty([_ | _]) -> false.

%% @doc The value of a key, which must be there.
fetch(Key, [{K, _} | Dict]) when Key > K -> fetch(Key, Dict);
fetch(Key, [{K, Value} | _]) when Key == K -> Value.

%% @doc {ok, Value} of a key, or error.
find(Key, [{K, _} | _]) when Key < K -> error;
find(Key, [{K, _} | Dict]) when Key > K -> find(Key, Dict);
find(_, [{_, Value} | _]) -> {ok, Value};
find(_, []) -> error.

%% @doc The keys in order.
fetch_keys([{Key, _} | Dict]) -> [Key | fetch_keys(Dict)];
fetch_keys([]) -> [].

%% @doc The dictionary without a key.
erase(Key, [{K, _} | _] = Dict) when Key < K -> Dict;
erase(Key, [{K, _} = Pair | Dict]) when Key > K -> [Pair | erase(Key, Dict)];
erase(_, [{_, _} | Dict]) -> Dict;
erase(_, []) -> [].

%% @doc {Value, Rest} for a key, or error.
take(Key, Dict) -> take(Key, Dict, []).

take(Key, [{K, _} | _], _) when Key < K -> error;
take(Key, [{K, _} = Pair | Dict], Before) when Key > K -> take(Key, Dict, [Pair | Before]);
take(_, [{_, Value} | Dict], Before) -> {Value, lists:reverse(Before, Dict)};
take(_, [], _) -> error.

%% @doc The dictionary with a value for a key.
store(Key, New, [{K, _} | _] = Dict) when Key < K -> [{Key, New} | Dict];
store(Key, New, [{K, _} = Pair | Dict]) when Key > K -> [Pair | store(Key, New, Dict)];
store(Key, New, [{_, _} | Dict]) -> [{Key, New} | Dict];
store(Key, New, []) -> [{Key, New}].

%% @doc Puts a value at the end of the list that a key has.
append(Key, New, Dict) when is_list(Dict) -> append_list(Key, [New], Dict).

%% @doc Puts values at the end of the list that a key has.
append_list(Key, News, [{K, _} | _] = Dict) when Key < K -> [{Key, News} | Dict];
append_list(Key, News, [{K, _} = Pair | Dict]) when Key > K -> [Pair | append_list(Key, News, Dict)];
append_list(Key, News, [{_, Old} | Dict]) -> [{Key, Old ++ News} | Dict];
append_list(Key, News, []) -> [{Key, News}].

%% @doc Replaces the value of a key, which must be there, by Fun of it.
update(Key, Fun, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update(Key, Fun, Dict)];
update(Key, Fun, [{K, Value} | Dict]) when Key == K -> [{Key, Fun(Value)} | Dict].

%% @doc As update/3; a key that is not there gets the initial value.
update(Key, _, Init, [{K, _} | _] = Dict) when Key < K -> [{Key, Init} | Dict];
update(Key, Fun, Init, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update(Key, Fun, Init, Dict)];
update(Key, Fun, _, [{_, Value} | Dict]) -> [{Key, Fun(Value)} | Dict];
update(Key, _, Init, []) -> [{Key, Init}].

%% @doc Adds to the value of a key.
update_counter(Key, Incr, [{K, _} | _] = Dict) when Key < K -> [{Key, Incr} | Dict];
update_counter(Key, Incr, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update_counter(Key, Incr, Dict)];
update_counter(Key, Incr, [{_, Value} | Dict]) -> [{Key, Value + Incr} | Dict];
update_counter(Key, Incr, []) -> [{Key, Incr}].

%% @doc Folds over the pairs: Fun(Key, Value, Acc).
fold(Fun, Acc, [{Key, Value} | Dict]) -> fold(Fun, Fun(Key, Value, Acc), Dict);
fold(Fun, Acc, []) when is_function(Fun, 3) -> Acc.

%% @doc The dictionary with Fun(Key, Value) as values.
map(Fun, [{Key, Value} | Dict]) -> [{Key, Fun(Key, Value)} | map(Fun, Dict)];
map(Fun, []) when is_function(Fun, 2) -> [].

%% @doc The pairs for which Pred(Key, Value) holds.
filter(Pred, [{Key, Value} = Pair | Dict]) ->
    case Pred(Key, Value) of
        true -> [Pair | filter(Pred, Dict)];
        false -> filter(Pred, Dict)
    end;
filter(Pred, []) when is_function(Pred, 2) ->
    [].

%% @doc Both dictionaries in one; Fun(Key, Value1, Value2) where both have the key.
merge(Fun, [{K1, _} = Pair | Dict1], [{K2, _} | _] = Dict2) when K1 < K2 ->
    [Pair | merge(Fun, Dict1, Dict2)];
merge(Fun, [{K1, _} | _] = Dict1, [{K2, _} = Pair | Dict2]) when K1 > K2 ->
    [Pair | merge(Fun, Dict1, Dict2)];
merge(Fun, [{K1, V1} | Dict1], [{_, V2} | Dict2]) ->
    [{K1, Fun(K1, V1, V2)} | merge(Fun, Dict1, Dict2)];
merge(Fun, [], Dict2) when is_function(Fun, 3) ->
    Dict2;
merge(Fun, Dict1, []) when is_function(Fun, 3) ->
    Dict1.
