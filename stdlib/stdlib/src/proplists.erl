%%% Property lists: {Key, Value} pairs, with Atom short for {Atom, true}. Earlier entries win, and
%%% entries of other forms are passed over.
-module(proplists).

-export([append_values/2, compact/1, delete/2, expand/2, from_map/1, get_all_values/2,
         get_bool/2, get_keys/1, get_value/2, get_value/3, is_defined/2, lookup/2, lookup_all/2,
         normalize/2, property/1, property/2, split/2, substitute_aliases/2,
         substitute_negations/2, to_map/1, to_map/2, unfold/1]).

%% @doc A property in its shortest form.
property({Key, true}) when is_atom(Key) -> Key;
property(Property) -> Property.

%% @doc The property of a key and a value in its shortest form.
property(Key, true) when is_atom(Key) -> Key;
property(Key, Value) -> {Key, Value}.

%% @doc All atoms written as pairs.
unfold([H | T]) when is_atom(H) -> [{H, true} | unfold(T)];
unfold([H | T]) -> [H | unfold(T)];
unfold([]) -> [].

%% @doc All pairs of an atom and true written as atoms.
compact(List) -> [property(P) || P <- List].

%% The key of an entry: {key, Key}, or none.
key_of(P) when is_atom(P) -> {key, P};
key_of(P) when tuple_size(P) >= 1 -> {key, element(1, P)};
key_of(_) -> none.

has_key(Key, P) ->
    if
        is_atom(P) -> P =:= Key;
        tuple_size(P) >= 1 -> element(1, P) =:= Key;
        true -> false
    end.

%% @doc The first entry of a key as a tuple, or none.
lookup(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> {Key, true};
        tuple_size(P) >= 1, element(1, P) =:= Key -> P;
        true -> lookup(Key, Ps)
    end;
lookup(_, []) ->
    none.

%% @doc All entries of a key as tuples.
lookup_all(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [{Key, true} | lookup_all(Key, Ps)];
        tuple_size(P) >= 1, element(1, P) =:= Key -> [P | lookup_all(Key, Ps)];
        true -> lookup_all(Key, Ps)
    end;
lookup_all(_, []) ->
    [].

%% @doc Whether there is an entry of a key.
is_defined(Key, [P | Ps]) ->
    has_key(Key, P) orelse is_defined(Key, Ps);
is_defined(_, []) ->
    false.

%% @doc The value of a key, or undefined.
get_value(Key, List) -> get_value(Key, List, undefined).

%% @doc The value of a key, or the default.
get_value(Key, [P | Ps], Default) ->
    case has_key(Key, P) of
        true when is_atom(P) -> true;
        true ->
            case P of
                {_, Value} -> Value;
                _ -> Default
            end;
        false -> get_value(Key, Ps, Default)
    end;
get_value(_, [], Default) ->
    Default.

%% @doc The values of all pairs of a key.
get_all_values(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [true | get_all_values(Key, Ps)];
        true ->
            case P of
                {Key, Value} -> [Value | get_all_values(Key, Ps)];
                _ -> get_all_values(Key, Ps)
            end
    end;
get_all_values(_, []) ->
    [].

%% @doc As get_all_values/2, values that are lists joined.
append_values(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [true | append_values(Key, Ps)];
        true ->
            case P of
                {Key, Value} when is_list(Value) -> Value ++ append_values(Key, Ps);
                {Key, Value} -> [Value | append_values(Key, Ps)];
                _ -> append_values(Key, Ps)
            end
    end;
append_values(_, []) ->
    [].

%% @doc Whether the first entry of a key is the key itself or {Key, true}.
get_bool(Key, [P | Ps]) ->
    case has_key(Key, P) of
        true when is_atom(P) -> true;
        true ->
            case P of
                {_, true} -> true;
                _ -> false
            end;
        false -> get_bool(Key, Ps)
    end;
get_bool(_, []) ->
    false.

%% @doc The keys, each once.
get_keys(List) -> get_keys(List, sets:new()).

get_keys([P | Ps], Keys) ->
    case key_of(P) of
        {key, Key} -> get_keys(Ps, sets:add_element(Key, Keys));
        _ -> get_keys(Ps, Keys)
    end;
get_keys([], Keys) ->
    sets:to_list(Keys).

%% @doc The list without the entries of a key.
delete(Key, [P | Ps]) ->
    case has_key(Key, P) of
        true -> delete(Key, Ps);
        false -> [P | delete(Key, Ps)]
    end;
delete(_, []) ->
    [].

%% @doc Keys renamed by a list of {Key, NewKey}.
substitute_aliases(Aliases, List) ->
    [substitute_alias(Aliases, P) || P <- List].

substitute_alias(Aliases, P) ->
    case renamed(Aliases, P) of
        false -> P;
        {true, New} when is_atom(P) -> property(New, true);
        {true, New} -> property(setelement(1, P, New))
    end.

renamed([{Key, New} | Aliases], P) ->
    case has_key(Key, P) of
        true -> {true, New};
        false -> renamed(Aliases, P)
    end;
renamed([], _) ->
    false.

%% @doc Keys renamed and their truth turned, by a list of {Key, NewKey}.
substitute_negations(Negations, List) ->
    [substitute_negation(Negations, P) || P <- List].

substitute_negation(Negations, P) ->
    case renamed(Negations, P) of
        false -> P;
        {true, New} ->
            case P of
                _ when is_atom(P) -> {New, false};
                {_, true} -> {New, false};
                _ -> property(New, true)
            end
    end.

%% @doc Entries replaced by lists of entries, by a list of {Property, Expansion}. A property is
%% expanded where it is the first entry of its key; later entries of the key are then dropped.
expand(Expansions, List) when is_list(List) ->
    Properties = [{property(Property), Expansion} || {Property, Expansion} <- Expansions],
    splice(lists:foldl(fun({Property, Expansion}, Entries) ->
                               expand_first(Property, Expansion, Entries)
                       end, List, Properties)).

%% An expansion goes in as a list, so that it is not taken for an entry.
expand_first(Property, Expansion, List) ->
    case key_of(Property) of
        {key, Key} ->
            case lists:splitwith(fun(P) -> not has_key(Key, P) end, List) of
                {Before, [P | After]} ->
                    case property(P) of
                        Property -> Before ++ [Expansion | delete(Key, After)];
                        Other -> Before ++ [Other | After]
                    end;
                {_, []} ->
                    List
            end;
        none ->
            List
    end.

splice([H | T]) when is_list(H) -> H ++ splice(T);
splice([H | T]) -> [H | splice(T)];
splice([]) -> [].

%% @doc Applies stages of aliases, negations and expansions, then compacts.
normalize(List, [{aliases, Aliases} | Stages]) ->
    normalize(substitute_aliases(Aliases, List), Stages);
normalize(List, [{expand, Expansions} | Stages]) ->
    normalize(expand(Expansions, List), Stages);
normalize(List, [{negations, Negations} | Stages]) ->
    normalize(substitute_negations(Negations, List), Stages);
normalize(List, []) ->
    compact(List).

%% @doc The entries of each of the keys, and the others.
split(List, Keys) ->
    {Lists, Rest} = split(List, maps:from_list([{Key, []} || Key <- Keys]), []),
    {[lists:reverse(maps:get(Key, Lists)) || Key <- Keys], lists:reverse(Rest)}.

split([P | Ps], Groups, Others) ->
    case key_of(P) of
        {key, Key} when is_map_key(Key, Groups) ->
            split(Ps, maps:put(Key, [P | maps:get(Key, Groups)], Groups), Others);
        _ ->
            split(Ps, Groups, [P | Others])
    end;
split([], Groups, Others) ->
    {Groups, Others}.

%% @doc The property list of a map.
from_map(Map) -> maps:to_list(Map).

%% @doc The map of a property list. An entry that is a longer tuple hides later ones of its key.
to_map(List) ->
    lists:foldr(fun({Key, Value}, Map) -> maps:put(Key, Value, Map);
                   (P, Map) when is_atom(P) -> maps:put(P, true, Map);
                   (P, Map) when is_tuple(P), P =/= {} -> maps:remove(element(1, P), Map);
                   (_, Map) -> Map
                end, #{}, List).

%% @doc The map of a property list after stages as for normalize/2.
to_map(List, []) -> to_map(List);
to_map(List, Stages) -> to_map(normalize(List, Stages)).
