%%% How a query is carried out: which generators are looked up in their tables, and which two are joined.
%%%
%%% A plan is a list of {generate, Match, Open} and {filter, Test}, with Open a fun from the values bound
%%% so far to a stream.
-module(swerl_qlc_plan).

-export([plan/4]).

%% @doc The plan of qualifiers, with the options of the query. Source says what a source can do, Open opens
%% it.
plan(Qualifiers, Options, Source, Open) ->
    Lookup = maps:get(lookup, Options, any) =/= false,
    WithLookups = case Lookup of
                      true -> lookups(Qualifiers, Options, Source);
                      false -> Qualifiers
                  end,
    Caching = maps:get(cache, Options, false),
    joined(WithLookups, maps:get(join, Options, any), Source, fun(Query) -> cached(Open(Query), Caching) end).

%% A source that is kept is read once.
cached(Stream, Caching) when Caching =:= false; Caching =:= no -> Stream;
cached(Stream, _) -> whole(Stream, []).

whole([Object | Stream], Objects) -> whole(Stream, [Object | Objects]);
whole([], Objects) -> lists:reverse(Objects);
whole(More, Objects) -> whole(More(), Objects).

%%% Lookups.

%% Generators whose key, or another position with an index, has known values are looked up. A filter that
%% says no more than that is done with.
lookups([{generate, Match, Source, N, {Vars, Consts, _} = Info} | Rest], Options, Can) ->
    Table = Can(Source),
    case lookup(Table, Vars, Consts, Rest, maps:get(max_lookup, Options, infinity)) of
        {Objects, Done} ->
            [{generate, Match, Objects, N, Info} | lookups(Rest -- Done, Options, Can)];
        none ->
            [{generate, Match, Source, N, Info} | lookups(Rest, Options, Can)]
    end;
lookups([Filter | Rest], Options, Can) -> [Filter | lookups(Rest, Options, Can)];
lookups([], _, _) -> [].

lookup(#{lookup_fun := Lookup} = Table, Vars, Consts, Rest, Most) when is_function(Lookup, 2) ->
    Positions = positions(Table),
    Equality = maps:get(key_equality, Table, '=:='),
    ByPattern = [{P, [Value], []} || {P, Value} <- Consts, lists:member(P, Positions)],
    ByFilter = [{P, lists:usort(Values), done(Filter, Op, Equality, Values)}
                || {filter, _, {lookup, V, Op, Values}} = Filter <- Rest,
                   {W, P} <- Vars, V =:= W, lists:member(P, Positions), fits(Op, Equality, Values)],
    case [Found || {_, Values, _} = Found <- ByPattern ++ ByFilter, length(Values) =< Most] of
        [{P, Values, Done} | _] ->
            {Lookup(P, Values), Done};
        [] -> none
    end;
lookup(_, _, _, _, _) -> none.

positions(#{info_fun := Info}) ->
    Key = case Info(keypos) of
              P when is_integer(P) -> [P];
              _ -> []
          end,
    case Info(indices) of
        Indices when is_list(Indices) -> Key ++ Indices;
        _ -> Key
    end;
positions(_) -> [].

%% A table that compares keys by value answers for ==; one that compares them exactly answers for == where
%% the values have no numbers.
fits('=:=', _, _) -> true;
fits('==', '==', _) -> true;
fits('==', _, Values) -> not lists:any(fun has_number/1, Values).

done(Filter, Op, Equality, Values) ->
    case Op =:= Equality orelse not lists:any(fun has_number/1, Values) of
        true -> [Filter];
        false -> []
    end.

has_number(Term) when is_number(Term) -> true;
has_number([Head | Tail]) -> has_number(Head) orelse has_number(Tail);
has_number(Tuple) when is_tuple(Tuple) -> has_number(tuple_to_list(Tuple));
has_number(Map) when is_map(Map) -> has_number(maps:to_list(Map));
has_number(_) -> false.

%%% Joins.

%% Two generators whose elements a filter compares are joined: by lookup where one is a table that can, else
%% by merging both in order of the elements.
joined(Qualifiers, nested_loop, _, Open) -> nested(Qualifiers, Open);
joined(Qualifiers, How, Can, Open) ->
    Generators = [{N, Vars} || {generate, _, _, N, {Vars, _, _}} <- Qualifiers],
    Joins = [{A, PA, B, PB} || {filter, _, {join, V, _, W}} <- Qualifiers,
                               {A, VarsA} <- Generators, {V1, PA} <- VarsA, V1 =:= V,
                               {B, VarsB} <- Generators, {W1, PB} <- VarsB, W1 =:= W, A =/= B],
    case Joins of
        [{A, PA, B, PB} | _] when A < B -> join(Qualifiers, How, {A, PA}, {B, PB}, Can, Open);
        [{A, PA, B, PB} | _] -> join(Qualifiers, How, {B, PB}, {A, PA}, Can, Open);
        [] -> nested(Qualifiers, Open)
    end.

nested(Qualifiers, Open) ->
    [case Qualifier of
         {generate, Match, Source, _, _} -> {generate, Match, fun(_) -> Open(Source) end};
         {filter, Test, _} -> {filter, Test}
     end || Qualifier <- Qualifiers].

%% The pair of the two generators takes the place of the second; what is between them stays before it.
join(Qualifiers, How, {A, PA}, {B, PB}, Can, Open) ->
    {generate, MatchA, SourceA, _, _} = generator(A, Qualifiers),
    {generate, MatchB, SourceB, _, _} = generator(B, Qualifiers),
    Between = between(A, B, Qualifiers),
    case Between of
        true -> nested(Qualifiers, Open);
        false ->
            Pairs = pairs(How, SourceA, PA, SourceB, PB, Can, Open),
            Match = fun([ObjectA | ObjectB], Env) ->
                            case MatchA(ObjectA, Env) of
                                false -> false;
                                Env1 -> MatchB(ObjectB, Env1)
                            end
                    end,
            lists:append([case Qualifier of
                              {generate, _, _, A, _} -> [];
                              {generate, _, _, B, _} -> [{generate, Match, fun(_) -> Pairs() end}];
                              _ -> nested([Qualifier], Open)
                          end || Qualifier <- moved(A, B, Qualifiers)])
    end.

generator(N, Qualifiers) -> lists:keyfind(N, 4, [Q || Q <- Qualifiers, element(1, Q) =:= generate]).

%% Whether other generators stand between the two.
between(A, B, Qualifiers) ->
    lists:any(fun({generate, _, _, N, _}) -> N > A andalso N < B;
                 (_) -> false
              end, Qualifiers).

%% Filters between the two use variables of the first, and so come after the pair.
moved(A, B, Qualifiers) ->
    {Before, [First | Rest]} = lists:splitwith(fun(Q) -> not is_generator(A, Q) end, Qualifiers),
    {Filters, [Second | After]} = lists:splitwith(fun(Q) -> not is_generator(B, Q) end, Rest),
    {generate, _, _, _, {_, _, Bound}} = Second,
    Before ++ [First, Second] ++ [later(Filter, Bound) || Filter <- Filters] ++ After.

is_generator(N, {generate, _, _, M, _}) -> N =:= M;
is_generator(_, _) -> false.

%% The filter gets the values that were bound before the second generator bound more.
later({filter, Test, Facts}, Bound) -> {filter, fun(Env) -> Test(lists:nthtail(Bound, Env)) end, Facts}.

pairs(How, SourceA, PA, SourceB, PB, Can, Open) ->
    case {How =/= merge andalso can_lookup(Can(SourceA), PA), How =/= merge andalso can_lookup(Can(SourceB), PB)} of
        {{true, Lookup}, _} ->
            fun() -> looked_up(Open(SourceB), PB, fun(Value) -> Lookup(PA, [Value]) end, fun(B, A) -> [A | B] end) end;
        {_, {true, Lookup}} ->
            fun() -> looked_up(Open(SourceA), PA, fun(Value) -> Lookup(PB, [Value]) end, fun(A, B) -> [A | B] end) end;
        _ ->
            fun() -> merged(keyed(Open(SourceA), PA), PA, keyed(Open(SourceB), PB), PB) end
    end.

can_lookup(#{lookup_fun := Lookup} = Table, Position) when is_function(Lookup, 2) ->
    case lists:member(Position, positions(Table)) of
        true -> {true, Lookup};
        false -> false
    end;
can_lookup(_, _) -> false.

looked_up([Object | Stream], Position, Lookup, Pair) when is_tuple(Object), tuple_size(Object) >= Position ->
    Found = [Pair(Object, Other) || Other <- Lookup(element(Position, Object))],
    Found ++ fun() -> looked_up(Stream, Position, Lookup, Pair) end;
looked_up([_ | Stream], Position, Lookup, Pair) -> looked_up(Stream, Position, Lookup, Pair);
looked_up([], _, _, _) -> [];
looked_up(More, Position, Lookup, Pair) -> looked_up(More(), Position, Lookup, Pair).

%% The objects that have an element, in its order.
keyed(Stream, Position) ->
    lists:keysort(Position, [Object || Object <- whole(Stream, []), is_tuple(Object), tuple_size(Object) >= Position]).

merged([A | As], PA, [B | Bs], PB) ->
    KeyA = element(PA, A),
    KeyB = element(PB, B),
    if
        KeyA < KeyB -> merged(As, PA, [B | Bs], PB);
        KeyA > KeyB -> merged([A | As], PA, Bs, PB);
        true ->
            {SameA, RestA} = lists:splitwith(fun(X) -> element(PA, X) == KeyA end, [A | As]),
            {SameB, RestB} = lists:splitwith(fun(X) -> element(PB, X) == KeyA end, [B | Bs]),
            [[X | Y] || X <- SameA, Y <- SameB] ++ fun() -> merged(RestA, PA, RestB, PB) end
    end;
merged(_, _, _, _) -> [].
