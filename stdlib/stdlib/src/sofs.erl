%%% Sets of sets: finite sets, relations, functions and families with types.
%%%
%%% A set is {'Set', Elements, TypeOfElement}, its elements sorted; an atom or a tuple as the element of
%%% a set is {'OrdSet', Term, Type}. Within a term, sets are sorted lists and ordered sets tuples. A type
%%% is an atom, a tuple of types, or [Type]; '_' is the type of what an empty set has.
-module(sofs).

-export([from_term/1, from_term/2, from_external/2, empty_set/0, is_type/1, set/1, set/2, from_sets/1,
         relation/1, relation/2, a_function/1, a_function/2, family/1, family/2, to_external/1, type/1,
         to_sets/1, no_elements/1, specification/2, union/2, intersection/2, difference/2, symdiff/2,
         symmetric_partition/2, product/1, product/2, constant_function/2, is_equal/2, is_subset/2,
         is_sofs_set/1, is_set/1, is_empty_set/1, is_disjoint/2, union/1, intersection/1,
         canonical_relation/1, relation_to_family/1, domain/1, range/1, field/1, relative_product/1,
         relative_product/2, relative_product1/2, converse/1, image/2, inverse_image/2,
         strict_relation/1, weak_relation/1, extension/3, is_a_function/1, composite/2, inverse/1,
         restriction/2, restriction/3, drestriction/2, drestriction/3, substitution/2, projection/2,
         partition/1, partition/2, partition/3, multiple_relative_product/2, join/4,
         family_to_relation/1, family_specification/2, union_of_family/1, intersection_of_family/1,
         family_union/1, family_intersection/1, family_domain/1, family_range/1, family_field/1,
         family_union/2, family_intersection/2, family_difference/2, partition_family/2,
         family_projection/2, family_to_digraph/1, family_to_digraph/2, digraph_to_family/1,
         digraph_to_family/2, fam2rel/1, rel2fam/1]).

-export_type([anyset/0, binary_relation/0, external_set/0, a_function/0, family/0, relation/0,
              set_of_sets/0, set_fun/0, spec_fun/0, type/0, a_set/0, ordset/0]).

-record('Set', {data = [], type = '_'}).
-record('OrdSet', {data, type}).

-opaque ordset() :: #'OrdSet'{}.
-opaque a_set() :: #'Set'{}.
-type anyset() :: ordset() | a_set().
-type relation() :: a_set().
-type binary_relation() :: relation().
-type a_function() :: relation().
-type family() :: a_function().
-type set_of_sets() :: a_set().
-type external_set() :: term().
-type type() :: term().
-type set_fun() :: pos_integer() | {external, fun((external_set()) -> external_set())}
                 | fun((anyset()) -> anyset()).
-type spec_fun() :: {external, fun((external_set()) -> boolean())} | fun((anyset()) -> boolean()).

%% A relation of pairs, by the types of their parts; the untyped empty set is one too.
-define(PAIRS(Data, T1, T2), #'Set'{data = Data, type = {T1, T2}}).
-define(EMPTY, #'Set'{data = [], type = '_'}).

%%% Types.

%% @doc Whether a term is a type.
is_type(Type) when is_atom(Type) -> Type =/= '_';
is_type(['_']) -> true;
is_type([Type]) -> is_type(Type);
is_type(Type) when is_tuple(Type), tuple_size(Type) > 0 -> lists:all(fun is_type/1, tuple_to_list(Type));
is_type(_) -> false.

%% The more definite of two types that match, or none.
unify('_', Type) -> Type;
unify(Type, '_') -> Type;
unify(Type, Type) -> Type;
unify([T1], [T2]) ->
    case unify(T1, T2) of
        none -> none;
        Type -> [Type]
    end;
unify(T1, T2) when is_tuple(T1), is_tuple(T2), tuple_size(T1) =:= tuple_size(T2) ->
    Types = lists:zipwith(fun unify/2, tuple_to_list(T1), tuple_to_list(T2)),
    case lists:member(none, Types) of
        true -> none;
        false -> list_to_tuple(Types)
    end;
unify(_, _) -> none.

unified(T1, T2) ->
    case unify(T1, T2) of
        none -> error(type_mismatch);
        Type -> Type
    end.

%%% Making sets.

%% @doc The untyped empty set.
empty_set() -> ?EMPTY.

%% @doc The set of a term, its type found out.
from_term(Term) ->
    known(Term, '_').

%% @doc The set of a term, of a type; '_' for the elements of a set stands for what is to be found out.
from_term(Term, Type) ->
    is_type(Type) orelse error(badarg),
    known(Term, Type).

known(Term, Type) ->
    {Data, Found} = try canonical(Term, Type)
                    catch error:_ -> error(badarg)
                    end,
    wrap(Data, Found).

canonical(Term, '_') when is_list(Term) -> canonical(Term, ['_']);
canonical(Term, '_') when is_tuple(Term), tuple_size(Term) > 0 ->
    canonical(Term, erlang:make_tuple(tuple_size(Term), '_'));
canonical({}, '_') -> error(badarg);
canonical(Term, '_') -> {Term, atom};
canonical(Term, [Type]) when is_list(Term) ->
    {Elems, Types} = lists:unzip([canonical(Elem, Type) || Elem <- Term]),
    Found = lists:foldl(fun unify_or_badarg/2, Type, Types),
    %% Of elements that are equal the last stays, unless their type is given.
    case Type of
        '_' -> {lists:usort(lists:reverse(Elems)), [Found]};
        _ -> {lists:usort(Elems), [Found]}
    end;
canonical(Term, Type) when is_tuple(Type), is_tuple(Term), tuple_size(Term) =:= tuple_size(Type) ->
    {Elems, Types} = lists:unzip(lists:zipwith(fun canonical/2, tuple_to_list(Term), tuple_to_list(Type))),
    {list_to_tuple(Elems), list_to_tuple(Types)};
canonical(Term, Type) when is_atom(Type) -> {Term, Type};
canonical(_, _) -> error(badarg).

unify_or_badarg(T1, T2) ->
    case unify(T1, T2) of
        none -> error(badarg);
        Type -> Type
    end.

%% @doc The set of a term that is sorted as sets are.
from_external(Term, [Type]) -> #'Set'{data = Term, type = Type};
from_external(Term, Type) -> #'OrdSet'{data = Term, type = Type}.

%% @doc The set of the sets of a list, or the ordered set of those of a tuple.
from_sets(Sets) when is_list(Sets) ->
    are_sets(Sets) orelse error(badarg, [Sets]),
    {Elems, Types} = lists:unzip([{to_external(Set), type(Set)} || Set <- Sets]),
    #'Set'{data = lists:usort(Elems), type = lists:foldl(fun(T, Acc) -> unified(Acc, T) end, '_', Types)};
from_sets(Sets) when is_tuple(Sets) ->
    List = tuple_to_list(Sets),
    are_sets(List) orelse error(badarg, [Sets]),
    #'OrdSet'{data = list_to_tuple([to_external(Set) || Set <- List]),
              type = list_to_tuple([type(Set) || Set <- List])};
from_sets(_) -> error(badarg).

are_sets([Set | Sets]) -> is_sofs_set(Set) andalso are_sets(Sets);
are_sets(Rest) -> Rest =:= [].

%% @doc The set of the elements of a list.
set(List) -> set(List, [atom]).

%% @doc The set of a list, of a type.
set(List, [Type]) when is_list(List), is_atom(Type), Type =/= '_' ->
    try #'Set'{data = lists:usort(List), type = Type}
    catch _:_ -> error(badarg)
    end;
set(List, [_] = Type) when is_list(List) -> from_term(List, Type);
set(_, _) -> error(badarg).

%% @doc The relation of a list of tuples of one size.
relation([]) -> ?PAIRS([], atom, atom);
relation([Tuple | _] = Tuples) when is_tuple(Tuple) -> relation(Tuples, tuple_size(Tuple));
relation(_) -> error(badarg).

%% @doc The relation of a list of tuples of a size, or of a type.
relation(Tuples, Size) when is_integer(Size), Size > 0 ->
    relation(Tuples, [erlang:make_tuple(Size, atom)]);
relation(Tuples, [Type] = SetType) when is_list(Tuples), is_tuple(Type) ->
    is_type(SetType) orelse error(badarg),
    set_of_type(Tuples, SetType);
relation(_, _) -> error(badarg).

set_of_type(Term, Type) ->
    #'Set'{} = known(Term, Type).

%% @doc The function of a list of pairs.
a_function(Pairs) -> a_function(Pairs, [{atom, atom}]).

%% @doc The function of a list of pairs, of a type.
a_function(Pairs, [{_, _}] = Type) when is_list(Pairs) ->
    is_type(Type) orelse error(badarg),
    checked_function(set_of_type(Pairs, Type));
a_function(_, _) -> error(badarg).

%% @doc The family of a list of {Index, Elements}.
family(Pairs) -> family(Pairs, [{atom, [atom]}]).

%% @doc The family of a list of {Index, Elements}, of a type.
family(Pairs, [{_, [_]}] = Type) -> a_function(Pairs, Type);
family(_, _) -> error(badarg).

checked_function(#'Set'{data = Data} = Set) ->
    case is_function_list(Data) of
        true -> Set;
        false -> error(bad_function)
    end.

is_function_list([{A, _} | [{B, _} | _] = Rest]) -> A /= B andalso is_function_list(Rest);
is_function_list(_) -> true.

%%% Looking into sets.

%% A term of a type as a set.
wrap(Data, [Type]) -> #'Set'{data = Data, type = Type};
wrap(Data, Type) -> #'OrdSet'{data = Data, type = Type}.

%% @doc The term of a set.
to_external(#'Set'{data = Data}) -> Data;
to_external(#'OrdSet'{data = Data}) -> Data.

%% @doc The type of a set.
type(#'Set'{type = Type}) -> [Type];
type(#'OrdSet'{type = Type}) -> Type.

%% @doc The elements as sets.
to_sets(#'Set'{data = Data, type = Type}) -> [wrap(Elem, Type) || Elem <- Data];
to_sets(#'OrdSet'{data = Data, type = Type}) when is_tuple(Type) ->
    list_to_tuple(lists:zipwith(fun wrap/2, tuple_to_list(Data), tuple_to_list(Type)));
to_sets(#'OrdSet'{}) -> error(badarg).

%% @doc How many elements a set or an ordered set has.
no_elements(#'Set'{data = Data}) -> length(Data);
no_elements(#'OrdSet'{data = Data, type = Type}) when is_tuple(Type) -> tuple_size(Data);
no_elements(#'OrdSet'{}) -> error(badarg).

%% @doc Whether a term is a set or an ordered set.
is_sofs_set(#'Set'{}) -> true;
is_sofs_set(#'OrdSet'{}) -> true;
is_sofs_set(_) -> false.

%% @doc Whether it is a set that is not ordered.
is_set(#'Set'{}) -> true;
is_set(#'OrdSet'{}) -> false.

%% @doc Whether it is a set without elements.
is_empty_set(#'Set'{data = Data}) -> Data =:= [];
is_empty_set(#'OrdSet'{}) -> false.

%% @doc Whether two sets are equal.
is_equal(Set1, Set2) when is_record(Set1, 'Set'), is_record(Set2, 'Set');
                          is_record(Set1, 'OrdSet'), is_record(Set2, 'OrdSet') ->
    _ = unified(type(Set1), type(Set2)),
    to_external(Set1) == to_external(Set2);
is_equal(#'Set'{}, #'OrdSet'{}) -> error(type_mismatch);
is_equal(#'OrdSet'{}, #'Set'{}) -> error(type_mismatch).

%% @doc Whether the second set has all elements of the first.
is_subset(#'Set'{data = Data1, type = T1}, #'Set'{data = Data2, type = T2}) ->
    _ = unified(T1, T2),
    ordsets:is_subset(Data1, Data2).

%% @doc Whether two sets have no element in common.
is_disjoint(#'Set'{data = Data1, type = T1}, #'Set'{data = Data2, type = T2}) ->
    _ = unified(T1, T2),
    ordsets:is_disjoint(Data1, Data2).

%% @doc Whether a relation is a function.
is_a_function(?EMPTY) -> true;
is_a_function(?PAIRS(Data, _, _)) -> is_function_list(Data);
is_a_function(#'Set'{}) -> error(badarg).

%%% Operations on sets.

%% @doc The elements for which a function holds.
specification(Fun, #'Set'{data = Data, type = Type} = Set) ->
    Holds = case Fun of
                {external, External} -> External;
                _ when is_function(Fun, 1) -> fun(Elem) -> Fun(wrap(Elem, Type)) end;
                _ -> error(badarg)
            end,
    Set#'Set'{data = [Elem || Elem <- Data, is_true(Holds(Elem))]}.

is_true(Boolean) when is_boolean(Boolean) -> Boolean;
is_true(_) -> error(badarg).

%% @doc The elements of either set.
union(#'Set'{} = Set1, #'Set'{} = Set2) -> combined(fun ordsets:union/2, Set1, Set2).

%% @doc The elements of both sets.
intersection(#'Set'{} = Set1, #'Set'{} = Set2) -> combined(fun ordsets:intersection/2, Set1, Set2).

%% @doc The elements of the first set that the second does not have.
difference(#'Set'{} = Set1, #'Set'{} = Set2) -> combined(fun ordsets:subtract/2, Set1, Set2).

%% @doc The elements of one set but not of both.
symdiff(#'Set'{} = Set1, #'Set'{} = Set2) ->
    combined(fun(A, B) -> ordsets:union(ordsets:subtract(A, B), ordsets:subtract(B, A)) end, Set1, Set2).

combined(Fun, #'Set'{data = Data1, type = T1}, #'Set'{data = Data2, type = T2}) ->
    Type = unified(T1, T2),
    #'Set'{data = Fun(Data1, Data2), type = Type}.

%% @doc {OnlyInFirst, InBoth, OnlyInSecond}.
symmetric_partition(#'Set'{} = Set1, #'Set'{} = Set2) ->
    {difference(Set1, Set2), intersection(Set1, Set2), difference(Set2, Set1)}.

%% @doc The Cartesian product of the sets of a tuple.
product({Set1, Set2}) -> product(Set1, Set2);
product(Sets) when is_tuple(Sets) ->
    List = tuple_to_list(Sets),
    List =/= [] andalso lists:all(fun(Set) -> is_record(Set, 'Set') end, List) orelse error(badarg),
    case lists:any(fun(#'Set'{data = Data}) -> Data =:= [] end, List) of
        true -> ?EMPTY;
        false -> product_of(List)
    end.

product_of(List) ->
    Tuples = tuples([Data || #'Set'{data = Data} <- List]),
    #'Set'{data = [list_to_tuple(Tuple) || Tuple <- Tuples], type = list_to_tuple([Type || #'Set'{type = Type} <- List])}.

tuples([Data | Lists]) ->
    Rest = tuples(Lists),
    [[Elem | Tuple] || Elem <- Data, Tuple <- Rest];
tuples([]) -> [[]].

%% @doc The pairs of elements of two sets.
product(#'Set'{} = Set1, #'Set'{} = Set2) ->
    case lists:member(?EMPTY, [Set1, Set2]) of
        true -> ?EMPTY;
        false -> product_of([Set1, Set2])
    end.

%% @doc The function that maps each element of a set to one value.
constant_function(#'Set'{type = '_'} = Set, _) -> Set;
constant_function(#'Set'{data = Data, type = Type}, Value) ->
    is_sofs_set(Value) orelse error(badarg),
    External = to_external(Value),
    ?PAIRS([{Elem, External} || Elem <- Data], Type, type(Value));
constant_function(#'OrdSet'{}, _) -> error(badarg).

%% @doc The union of the sets of a set.
union(?EMPTY) -> ?EMPTY;
union(#'Set'{data = Data, type = [Type]}) -> #'Set'{data = ordsets:union(Data), type = Type};
union(#'Set'{}) -> error(badarg).

%% @doc The intersection of the sets of a set, which is not empty.
intersection(#'Set'{data = []}) -> error(badarg);
intersection(#'Set'{data = Data, type = [Type]}) -> #'Set'{data = ordsets:intersection(Data), type = Type};
intersection(#'Set'{}) -> error(badarg).

%% @doc The relation of {Element, Set} of the elements of the sets of a set.
canonical_relation(?EMPTY) -> ?EMPTY;
canonical_relation(#'Set'{data = Data, type = [Type]}) ->
    ?PAIRS(lists:usort([{Elem, Set} || Set <- Data, Elem <- Set]), Type, [Type]);
canonical_relation(#'Set'{}) -> error(badarg).

%%% Relations.

%% @doc The first parts of the pairs.
domain(?EMPTY) -> ?EMPTY;
domain(?PAIRS(Data, Type, _)) -> #'Set'{data = lists:usort([A || {A, _} <- Data]), type = Type};
domain(#'Set'{}) -> error(badarg).

%% @doc The second parts of the pairs.
range(?EMPTY) -> ?EMPTY;
range(?PAIRS(Data, _, Type)) -> #'Set'{data = lists:usort([B || {_, B} <- Data]), type = Type};
range(#'Set'{}) -> error(badarg).

%% @doc The first and the second parts of the pairs.
field(Relation) -> union(domain(Relation), range(Relation)).

%% @doc The pairs turned round.
converse(?EMPTY) -> ?EMPTY;
converse(?PAIRS(Data, T1, T2)) -> ?PAIRS(lists:sort([{B, A} || {A, B} <- Data]), T2, T1);
converse(#'Set'{}) -> error(badarg).

%% @doc The second parts of the pairs whose first part is in a set.
image(Relation, Set) -> range(restriction(1, Relation, Set)).

%% @doc The first parts of the pairs whose second part is in a set.
inverse_image(Relation, Set) -> image(converse(Relation), Set).

%% @doc The pairs of different parts.
strict_relation(?EMPTY) -> ?EMPTY;
strict_relation(?PAIRS(Data, T1, T2)) ->
    Type = unified(T1, T2),
    ?PAIRS([Pair || {A, B} = Pair <- Data, A /= B], Type, Type);
strict_relation(#'Set'{}) -> error(badarg).

%% @doc The relation with each element of its field related to itself.
weak_relation(?EMPTY) -> ?EMPTY;
weak_relation(?PAIRS(Data, T1, T2) = Relation) ->
    case unify(T1, T2) of
        none -> error(badarg);
        Type ->
            Own = [{Elem, Elem} || Elem <- to_external(field(Relation))],
            ?PAIRS(ordsets:union(Data, Own), Type, Type)
    end;
weak_relation(#'Set'{}) -> error(badarg).

%% @doc The pairs whose first part is in a set.
restriction(Relation, Set) -> restriction(1, Relation, Set).

%% @doc The elements that a function maps into a set.
restriction(Fun, Set1, Set2) -> {Inside, _} = partition(Fun, Set1, Set2), Inside.

%% @doc The pairs whose first part is not in a set.
drestriction(Relation, Set) -> drestriction(1, Relation, Set).

%% @doc The elements that a function does not map into a set.
drestriction(Fun, Set1, Set2) -> {_, Outside} = partition(Fun, Set1, Set2), Outside.

%% @doc The relation, with the elements of a set that its domain lacks related to a value.
extension(#'Set'{type = Type} = Relation, #'Set'{type = SetType} = Set, Value) ->
    is_sofs_set(Value) orelse error({case_clause, {Type, SetType, false}}),
    case Type of
        '_' when SetType =:= '_'; Value =:= ?EMPTY -> ?EMPTY;
        '_' -> #'Set'{data = [], type = {SetType, type(Value)}};
        _ -> extended(Relation, Set, Value)
    end.

extended(Relation, Set, Value) ->
    union(Relation, constant_function(difference(Set, domain(Relation)), Value)).

%% @doc The pairs {x, z} with {x, y} in the first function and {y, z} in the second.
composite(?EMPTY, #'Set'{}) -> ?EMPTY;
composite(#'Set'{}, ?EMPTY) -> ?EMPTY;
composite(?PAIRS(Data1, T1, T2) = F1, ?PAIRS(Data2, T3, T4) = F2) ->
    _ = unified(T2, T3),
    _ = checked_function(F1),
    _ = checked_function(F2),
    Map = maps:from_list([{key(A), B} || {A, B} <- Data2]),
    Pairs = [case maps:find(key(B), Map) of
                 {ok, C} -> {A, C};
                 error -> error(bad_function)
             end || {A, B} <- Data1],
    ?PAIRS(Pairs, T1, T4);
composite(#'Set'{}, #'Set'{}) -> error(badarg).

%% Elements are equal by value: 1 and 1.0 are one.
key(Float) when is_float(Float), trunc(Float) == Float -> trunc(Float);
key([Head | Tail]) -> [key(Head) | key(Tail)];
key(Tuple) when is_tuple(Tuple) -> list_to_tuple([key(Elem) || Elem <- tuple_to_list(Tuple)]);
key(Term) -> Term.

%% @doc The function turned round; no value may occur twice.
inverse(Function) ->
    Converse = converse(Function),
    _ = is_a_function(Function) orelse error(bad_function),
    checked_function(Converse).

%% @doc The relation {x, {y1, ..., yn}} of the relations of a tuple or a list.
relative_product(Relations) when is_tuple(Relations) -> relative_product(tuple_to_list(Relations));
relative_product([_ | _] = Relations) -> common_product(relations(Relations));
relative_product([]) -> error(badarg).

relations(Relations) ->
    lists:all(fun(?EMPTY) -> true;
                 (?PAIRS(_, _, _)) -> true;
                 (#'Set'{}) -> false
              end, Relations) orelse error(badarg),
    Relations.

common_product(Relations) ->
    case lists:member(?EMPTY, Relations) of
        true -> ?EMPTY;
        false ->
            Type = lists:foldl(fun(?PAIRS(_, T, _), Acc) -> unified(T, Acc) end, '_', Relations),
            Maps = [grouped(Data) || ?PAIRS(Data, _, _) <- Relations],
            [?PAIRS(First, _, _) | _] = Relations,
            Pairs = [{X, list_to_tuple(Ys)} || X <- lists:usort([A || {A, _} <- First]),
                                               Ys <- tuples([maps:get(key(X), Map, []) || Map <- Maps])],
            ?PAIRS(Pairs, Type, list_to_tuple([T || ?PAIRS(_, _, T) <- Relations]))
    end.

%% The second parts by first part.
grouped(Pairs) ->
    maps:map(fun(_, Bs) -> lists:reverse(Bs) end,
             lists:foldl(fun({A, B}, Map) ->
                                 Key = key(A),
                                 Map#{Key => [B | maps:get(Key, Map, [])]}
                         end, #{}, Pairs)).

%% @doc The relative product of two relations, or of that of several and one more.
relative_product(Relation1, Relation2) when is_record(Relation1, 'Set'), is_record(Relation2, 'Set') ->
    case relations([Relation1, Relation2]) of
        [?PAIRS(Data1, T1, T2), ?PAIRS(Data2, T3, T4)] ->
            _ = unified(T2, T3),
            Map = grouped(Data2),
            ?PAIRS(lists:usort([{A, C} || {A, B} <- Data1, C <- maps:get(key(B), Map, [])]), T1, T4);
        _ -> ?EMPTY
    end;
relative_product(Relations, Relation) when is_tuple(Relations) ->
    relative_product(tuple_to_list(Relations), Relation);
relative_product([_ | _] = Relations, #'Set'{} = Relation) ->
    relative_product(relative_product(Relations), Relation);
relative_product([], #'Set'{}) -> error(badarg).

%% @doc The pairs {y, z} with {x, y} in the first relation and {x, z} in the second.
relative_product1(Relation1, Relation2) -> relative_product(converse(Relation1), Relation2).

%% @doc The relation {{x1, ..., xn}, {y1, ..., yn}} with {xi, yi} in the i:th relation of a tuple.
multiple_relative_product(Relations, #'Set'{data = Data, type = Type})
  when is_tuple(Relations), is_tuple(Type), tuple_size(Relations) =:= tuple_size(Type) ->
    List = relations(tuple_to_list(Relations)),
    case lists:member(?EMPTY, List) of
        true -> ?EMPTY;
        false ->
            _ = [unified(T1, T2) || {T1, ?PAIRS(_, T2, _)} <- lists:zip(tuple_to_list(Type), List)],
            Maps = [grouped(Pairs) || ?PAIRS(Pairs, _, _) <- List],
            Found = [{Tuple, list_to_tuple(Ys)}
                     || Tuple <- Data,
                        Ys <- tuples([maps:get(key(X), Map, [])
                                      || {X, Map} <- lists:zip(tuple_to_list(Tuple), Maps)])],
            ?PAIRS(Found, Type, list_to_tuple([T || ?PAIRS(_, _, T) <- List]))
    end;
multiple_relative_product(Relations, ?EMPTY) when is_tuple(Relations) -> ?EMPTY;
multiple_relative_product(Relations, #'Set'{}) when is_tuple(Relations) -> error(badarg).

%% @doc The natural join of two relations on a part of each.
join(?EMPTY, I1, #'Set'{}, I2) when is_integer(I1), is_integer(I2) -> ?EMPTY;
join(#'Set'{}, I1, ?EMPTY, I2) when is_integer(I1), is_integer(I2) -> ?EMPTY;
join(#'Set'{data = Data1, type = T1}, I1, #'Set'{data = Data2, type = T2}, I2)
  when is_tuple(T1), is_tuple(T2), is_integer(I1), is_integer(I2), I1 > 0, I2 > 0,
       I1 =< tuple_size(T1), I2 =< tuple_size(T2) ->
    _ = unified(element(I1, T1), element(I2, T2)),
    Map = grouped([{element(I2, Tuple), tuple_to_list(erlang:delete_element(I2, Tuple))} || Tuple <- Data2]),
    Joined = [list_to_tuple(tuple_to_list(Tuple) ++ Rest)
              || Tuple <- Data1, Rest <- maps:get(key(element(I1, Tuple)), Map, [])],
    #'Set'{data = lists:usort(Joined),
           type = list_to_tuple(tuple_to_list(T1) ++ tuple_to_list(erlang:delete_element(I2, T2)))};
join(#'Set'{}, I1, #'Set'{}, I2) when is_integer(I1), is_integer(I2) -> error(badarg).

%%% Functions on the elements of sets.

%% [{Element, Image}] and the type of the images.
images(_, ?EMPTY) -> {[], '_'};
images(I, #'Set'{data = Data, type = Type}) when is_integer(I) ->
    is_tuple(Type) andalso I > 0 andalso I =< tuple_size(Type) orelse error(badarg),
    {[{Elem, element(I, Elem)} || Elem <- Data], element(I, Type)};
images({external, Fun}, #'Set'{data = Data, type = Type}) ->
    Image = Fun(Type),
    is_type(Image) orelse error(badarg),
    {[{Elem, Fun(Elem)} || Elem <- Data], Image};
images(Fun, #'Set'{data = Data, type = Type}) ->
    Sets = [{Elem, Fun(wrap(Elem, Type))} || Elem <- Data],
    lists:all(fun({_, Set}) -> is_sofs_set(Set) end, Sets) orelse error(badarg),
    Image = lists:foldl(fun({_, Set}, Acc) -> unified(type(Set), Acc) end, '_', Sets),
    {[{Elem, to_external(Set)} || {Elem, Set} <- Sets], Image}.

%% Whether a function has nothing to tell the types of images by.
nothing_known(I, _) when is_integer(I) -> false;
nothing_known({external, _}, _) -> false;
nothing_known(_, #'Set'{data = Data}) -> Data =:= [].

%% @doc The images of the elements.
projection(Fun, #'Set'{} = Set) ->
    {Pairs, Type} = images(Fun, Set),
    #'Set'{data = lists:usort([Image || {_, Image} <- Pairs]), type = Type}.

%% @doc The function from the elements to their images.
substitution(_, ?EMPTY) -> ?EMPTY;
substitution(Fun, #'Set'{type = Type} = Set) ->
    case nothing_known(Fun, Set) of
        true -> ?EMPTY;
        false ->
            {Pairs, Image} = images(Fun, Set),
            ?PAIRS(Pairs, Type, Image)
    end.

%% @doc The parts of the union of sets whose elements are in the same sets.
partition(?EMPTY) -> ?EMPTY;
partition(#'Set'{data = Sets, type = [Type]}) ->
    Numbered = lists:zip(lists:seq(1, length(Sets)), Sets),
    ByElem = grouped(lists:usort([{Elem, N} || {N, Set} <- Numbered, Elem <- Set])),
    Parts = grouped([{maps:get(key(Elem), ByElem), Elem} || Elem <- ordsets:union(Sets)]),
    #'Set'{data = lists:usort(maps:values(Parts)), type = [Type]};
partition(#'Set'{}) -> error(badarg).

%% @doc The parts of a set whose elements have the same image.
partition(Fun, #'Set'{type = Type} = Set) ->
    {Pairs, _} = images(Fun, Set),
    Parts = grouped([{Image, Elem} || {Elem, Image} <- Pairs]),
    #'Set'{data = lists:usort(maps:values(Parts)),
           type = case Type =:= '_' orelse nothing_known(Fun, Set) of
                      true -> '_';
                      false -> [Type]
                  end}.

%% @doc {Inside, Outside}: the elements that a function maps into a set, and the others.
partition(Fun, #'Set'{} = Set1, #'Set'{data = Data2, type = T2}) ->
    {Pairs, Type} = images(Fun, Set1),
    _ = unified(Type, T2),
    Wanted = maps:from_keys([key(Elem) || Elem <- Data2], true),
    {Inside, Outside} = lists:partition(fun({_, Image}) -> is_map_key(key(Image), Wanted) end, Pairs),
    {Set1#'Set'{data = [Elem || {Elem, _} <- Inside]}, Set1#'Set'{data = [Elem || {Elem, _} <- Outside]}}.

%%% Families.

%% @doc The family of the second parts by first part.
relation_to_family(?EMPTY) -> ?EMPTY;
relation_to_family(?PAIRS(Data, T1, T2)) -> ?PAIRS(family_pairs(Data), T1, [T2]);
relation_to_family(#'Set'{}) -> error(badarg).

family_pairs([{A, B} | Pairs]) ->
    {Same, Rest} = lists:splitwith(fun({A1, _}) -> A1 == A end, Pairs),
    [{A, lists:usort([B | [B1 || {_, B1} <- Same]])} | family_pairs(Rest)];
family_pairs([]) -> [].

%% @doc As relation_to_family/1.
rel2fam(Relation) -> relation_to_family(Relation).

%% @doc The pairs of indices and the elements of their sets.
family_to_relation(?EMPTY) -> ?EMPTY;
family_to_relation(?PAIRS(Data, T1, [T2])) -> ?PAIRS([{A, B} || {A, Bs} <- Data, B <- Bs], T1, T2);
family_to_relation(#'Set'{}) -> error(badarg).

%% @doc As family_to_relation/1.
fam2rel(Family) -> family_to_relation(Family).

%% @doc The family of the parts of a set whose elements have the same image, by image.
partition_family(_, ?EMPTY) -> ?EMPTY;
partition_family(Fun, #'Set'{type = Type} = Set) ->
    case nothing_known(Fun, Set) of
        true -> ?EMPTY;
        false ->
            {Pairs, Image} = images(Fun, Set),
            Sorted = lists:sort([{I, Elem} || {Elem, I} <- Pairs]),
            ?PAIRS(family_pairs(Sorted), Image, [Type])
    end.

%% @doc The members of a family for whose sets a function holds.
family_specification(_, ?EMPTY) -> ?EMPTY;
family_specification(Fun, ?PAIRS(Data, _, [Type]) = Family) ->
    Holds = case Fun of
                {external, External} -> External;
                _ -> fun(Set) -> Fun(#'Set'{data = Set, type = Type}) end
            end,
    Family#'Set'{data = [Pair || {_, Set} = Pair <- Data, is_true(Holds(Set))]};
family_specification(_, #'Set'{}) -> error(badarg).

%% @doc The union of the sets of a family.
union_of_family(?EMPTY) -> ?EMPTY;
union_of_family(?PAIRS(Data, _, [Type])) ->
    #'Set'{data = ordsets:union([Set || {_, Set} <- Data]), type = Type};
union_of_family(#'Set'{}) -> error(badarg).

%% @doc The intersection of the sets of a family, which is not empty.
intersection_of_family(?PAIRS([_ | _] = Data, _, [Type])) ->
    #'Set'{data = ordsets:intersection([Set || {_, Set} <- Data]), type = Type};
intersection_of_family(#'Set'{}) -> error(badarg).

%% @doc The family with each set of sets replaced by its union.
family_union(#'Set'{} = Family) -> family_each(fun union/1, fun union/1, Family).

%% @doc The family with each set of sets replaced by its intersection.
family_intersection(#'Set'{} = Family) -> family_each(fun intersection/1, fun union/1, Family).

%% @doc The family with each relation replaced by its domain.
family_domain(#'Set'{} = Family) -> family_each(fun domain/1, fun domain/1, Family).

%% @doc The family with each relation replaced by its range.
family_range(#'Set'{} = Family) -> family_each(fun range/1, fun range/1, Family).

%% @doc The family with each relation replaced by its field.
family_field(#'Set'{} = Family) -> family_each(fun field/1, fun field/1, Family).

%% A family of no sets still has a type: what comes of the empty set.
family_each(_, OfEmpty, ?PAIRS([], T1, [T2])) ->
    ?PAIRS([], T1, type(OfEmpty(#'Set'{data = [], type = T2})));
family_each(Fun, _, Family) -> family_projection(Fun, Family).

%% @doc The family with each set replaced by its image, which is a set.
family_projection(_, ?EMPTY) -> ?EMPTY;
family_projection(_, ?PAIRS([], _, [_])) -> ?EMPTY;
family_projection({external, _} = Fun, #'Set'{} = Family) -> error(badarg, [Fun, Family]);
family_projection(Fun, ?PAIRS(Data, T1, [T2])) ->
    Sets = [{A, Fun(#'Set'{data = Set, type = T2})} || {A, Set} <- Data],
    Type = lists:foldl(fun({_, Set}, Acc) -> unified(type(Set), Acc) end, '_', Sets),
    ?PAIRS([{A, to_external(Set)} || {A, Set} <- Sets], T1, Type);
family_projection(Fun, #'Set'{} = Family) -> error(badarg, [Fun, Family]).

%% @doc The family of the unions by index.
family_union(Family1, Family2) ->
    family_combined(fun(none, Set) -> Set;
                       (Set, none) -> Set;
                       (Set1, Set2) -> ordsets:union(Set1, Set2)
                    end, Family1, Family2).

%% @doc The family of the intersections by index, for the indices of both.
family_intersection(Family1, Family2) ->
    family_combined(fun(none, _) -> none;
                       (_, none) -> none;
                       (Set1, Set2) -> ordsets:intersection(Set1, Set2)
                    end, Family1, Family2).

%% @doc The family of the differences by index, for the indices of the first.
family_difference(Family1, Family2) ->
    family_combined(fun(none, _) -> none;
                       (Set, none) -> Set;
                       (Set1, Set2) -> ordsets:subtract(Set1, Set2)
                    end, Family1, Family2).

family_combined(Fun, #'Set'{data = Data1, type = T1}, #'Set'{data = Data2, type = T2}) ->
    _ = [error(badarg) || T <- [T1, T2], not is_family_type(T)],
    Type = unified(T1, T2),
    Map1 = maps:from_list([{key(A), {A, Set}} || {A, Set} <- Data1]),
    Map2 = maps:from_list([{key(A), {A, Set}} || {A, Set} <- Data2]),
    Sets = [case {maps:find(Key, Map1), maps:find(Key, Map2)} of
                {{ok, {A, Set1}}, {ok, {_, Set2}}} -> {A, Fun(Set1, Set2)};
                {{ok, {A, Set1}}, error} -> {A, Fun(Set1, none)};
                {error, {ok, {A, Set2}}} -> {A, Fun(none, Set2)}
            end || Key <- maps:keys(maps:merge(Map1, Map2))],
    #'Set'{data = lists:sort([Pair || {_, Set} = Pair <- Sets, Set =/= none]), type = Type}.

is_family_type('_') -> true;
is_family_type({_, [_]}) -> true;
is_family_type(_) -> false.

%% @doc The graph with an edge from each index to each element of its set.
family_to_digraph(Family) -> family_to_digraph(Family, []).

%% @doc As family_to_digraph/1, with options of digraph:new/1.
family_to_digraph(#'Set'{data = Data, type = Type}, Options) ->
    is_family_type(Type) orelse error(badarg),
    Graph = try digraph:new(Options)
            catch error:badarg -> error(badarg)
            end,
    _ = [digraph:add_vertex(Graph, A) || {A, _} <- Data],
    _ = [begin
             digraph:add_vertex(Graph, B),
             case digraph:add_edge(Graph, A, B) of
                 {error, {bad_edge, _}} -> digraph:delete(Graph), error(cyclic);
                 _ -> ok
             end
         end || {A, Bs} <- Data, B <- Bs],
    Graph.

%% @doc The family of the neighbours that each vertex has edges to.
digraph_to_family(Graph) -> digraph_to_family(Graph, [{atom, [atom]}]).

%% @doc As digraph_to_family/1, of a type.
digraph_to_family(Graph, [{_, [_]}] = Type) ->
    is_type(Type) orelse error(badarg),
    try [{Vertex, digraph:out_neighbours(Graph, Vertex)} || Vertex <- digraph:vertices(Graph)] of
        Pairs -> set_of_type(Pairs, Type)
    catch
        _:_ -> error(badarg)
    end;
digraph_to_family(_, _) -> error(badarg).
