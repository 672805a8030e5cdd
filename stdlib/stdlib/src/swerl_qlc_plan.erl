%%% How a query is carried out.
%%%
%%% A plan is a map with what is done (node) and what is known of its answers: whether they are all different (unique), whether
%%% giving them a second time costs nothing (cached: true, false, or exempt for tables, which are kept only if that is asked
%%% for), and in which order they come (sorted: none, term, or the position of the key). A node is one of
%%%   {list, List}                            {match, Plan, MatchSpec}
%%%   {table, Traverse, Options, MatchSpec | all}
%%%   {lookup, Options, Position, Keys}
%%%   {append, Plans}                         {sort, Plan, Options}    {keysort, Plan, Positions, Options}
%%%   {lc, Template, Qualifiers, Answer, Start, Options}
%%%       with qualifiers {generate, Pattern, Match, Plan} and {filter, Filter, Test}
%%%   {merge, Plan1, Position1, Plan2, Position2, Options}
%%%   {lookup_join, first | second, Plan1, Position1, Plan2, Position2, Operator, Options}
%%%   {kept, Plan, Options}                   the same answers, once each or kept
%%% where Options has cache (ets, list) and unique (true) as far as they apply.
-module(swerl_qlc_plan).

-export([plan/2]).

%% @doc The plan of a query (as qlc keeps it), with the options of an evaluation.
plan(Query, Options) -> plan(Query, Options, first).

plan(Query, Options, Place) -> as_wanted(raw(Query, Options), wanted(own(Query), Options), Place).

own({qlc_handle, {lc, _, Own}}) -> Own;
own(_) -> #{}.

%% The options of a query with those that hold for all.
wanted(Own, Options) ->
    #{unique => maps:get(unique, Own, false) orelse maps:get(unique_all, Options, false),
      cache => cache(maps:get(cache, Own, false)),
      cache_all => cache(maps:get(cache_all, Options, false))}.

cache(true) -> ets;
cache(no) -> false;
cache(How) -> How.

%% A plan that gives its answers once, or keeps them, if that is wanted and not so yet. What is asked for once only need not
%% be kept.
as_wanted(#{unique := Unique} = Plan, #{unique := WantUnique} = Wanted, Place) ->
    New = [{cache, How} || How <- [kept(Plan, Wanted, Place)], How =/= false]
        ++ [{unique, true} || WantUnique, not Unique],
    case {New, Plan} of
        {[], _} -> Plan;
        {_, #{named := V}} ->
            #{node => every(V, Plan, New), unique => Unique orelse WantUnique, cached => lists:keymember(cache, 1, New),
              sorted => maps:get(sorted, Plan)};
        {_, #{node := {lc, Template, Qualifiers, Answer, Start, Old}}} ->
            Plan#{node := {lc, Template, Qualifiers, Answer, Start, lists:usort(Old ++ New)}, unique := WantUnique orelse Unique,
                  cached := lists:keymember(cache, 1, New)};
        {_, #{node := {kept, Inner, Old}}} ->
            Plan#{node := {kept, Inner, lists:usort(Old ++ New)}, cached := lists:keymember(cache, 1, New)};
        _ -> #{node => {kept, Plan, New}, unique => Unique orelse WantUnique, cached => lists:keymember(cache, 1, New),
               sorted => maps:get(sorted, Plan)}
    end.

kept(_, _, first) -> false;
kept(#{cached := true}, _, _) -> false;
kept(_, #{cache := How}, _) when How =/= false -> How;
kept(#{cached := exempt, unique := Unique}, #{unique := Wanted, cache_all := How}, _) ->
    %% What is going to be given once each is no longer the table itself.
    Wanted andalso not Unique andalso How;
kept(_, #{cache_all := How}, _) -> How.

%% A plan without regard to what is wanted of its answers.
raw(List, _) when is_list(List) -> of_list(List);
raw({qlc_handle, Query}, Options) -> described(Query, Options);
raw(_, _) -> error(badarg).

described({append, Queries}, Options) ->
    case lists:append([parts(plan(Query, Options)) || Query <- Queries]) of
        [] -> of_list([]);
        [Only] -> Only;
        Plans ->
            Cached = lists:all(fun(#{cached := Cached}) -> Cached =/= false end, Plans),
            #{node => {append, Plans}, unique => false, cached => Cached, sorted => none}
    end;
described({sort, Query, Given}, Options) ->
    case plan(Query, Options) of
        #{node := {list, List}} = Plan when List =:= []; tl(List) =:= [] -> Plan;
        #{unique := true} = Plan -> sorted_plan({sort, Plan, Given -- [unique, {unique, true}]}, true, order(Given, term));
        Plan -> sorted_plan({sort, Plan, Given}, is_unique(Given), order(Given, term))
    end;
described({keysort, Positions, Query, Given}, Options) ->
    case plan(Query, Options) of
        #{node := {list, List}} = Plan when List =:= []; tl(List) =:= [] -> Plan;
        #{unique := Unique} = Plan ->
            Key = case Positions of
                      [First | _] -> First;
                      _ -> Positions
                  end,
            sorted_plan({keysort, Plan, Positions, Given}, Unique orelse is_unique(Given), order(Given, Key))
    end;
described({table, Traverse, Table}, _) ->
    Sorted = case {info(Table, is_sorted_key), info(Table, keypos)} of
                 {true, Position} when is_integer(Position) -> Position;
                 _ -> none
             end,
    #{node => {table, Traverse, Table, all}, unique => info(Table, is_unique_objects) =:= true, cached => exempt,
      sorted => Sorted};
described({lc, Fun, Own} = Query, Options) ->
    case Fun() of
        {lc, _, _, _, _} = Comprehension -> comprehension(Comprehension, Own, Options);
        _ -> error({unsupported_qlc_handle, {qlc_handle, Query}})
    end.

%% What is appended within is appended.
parts(#{node := {append, Plans}}) -> Plans;
parts(#{node := {list, []}}) -> [];
parts(Plan) -> [Plan].

of_list(List) ->
    Short = List =:= [] orelse tl(List) =:= [],
    #{node => {list, List}, unique => Short, cached => true, sorted => if Short -> term; true -> none end}.

sorted_plan(Node, Unique, Order) -> #{node => Node, unique => Unique, cached => true, sorted => Order}.

is_unique(Given) -> lists:member(unique, Given) orelse lists:member({unique, true}, Given).

order(Given, Order) ->
    case proplists:get_value(order, Given, ascending) of
        ascending -> Order;
        _ -> none
    end.

info(#{info_fun := Info}, What) when is_function(Info, 1) ->
    try Info(What)
    catch
        error:function_clause -> undefined
    end;
info(_, _) -> undefined.

%%% Comprehensions.

comprehension({lc, Items, Answer, {Template, Qualifiers} = Tree, Imports0}, Own, Options) ->
    Imports = maps:from_list(Imports0),
    Wanted = wanted(Own, Options),
    {Why, Joins} = swerl_qlc_tree:joins(Tree, Imports),
    Known = {Tree, Imports, Joins, Own},
    Generators = [{G, Pattern, plan(source(lists:nth(G, Items)), Options)} || {G, Pattern} <- swerl_qlc_tree:generators(Tree)],
    Chosen = [{G, Pattern, chosen(G, Pattern, Plan, Known)} || {G, Pattern, Plan} <- Generators],
    maps:get(lookup, Own, any) =:= true andalso not lists:any(fun({_, _, {_, _, _, How}}) -> How =:= lookup end, Chosen)
        andalso error(no_lookup_to_carry_out),
    Done = lists:append([Ns || {_, _, {_, Ns, _, _}} <- Chosen]),
    Left = [N || {N, {Kind, _}} <- lists:zip(lists:seq(1, length(Qualifiers)), Qualifiers), Kind =/= generate] -- Done,
    case {Chosen, Left} of
        {[{G, Pattern, {Plan, _, Names, _} = Choice}], []} ->
            single(G, Pattern, Plan, Names, Choice, Known, {Items, Answer, Template, Qualifiers}, Wanted, Options);
        _ ->
            several(Chosen, Left, Why, Known, {Items, Answer, Template, Qualifiers}, Wanted, Options)
    end.

source({generate, _, Source}) -> Source.

%% What becomes of a generator's source: {Plan, the filters that are done with, how a match specification on it is
%% made (or none), lookup or all}.
chosen(G, Pattern, Plan, {Tree, Imports, _, _} = Known) ->
    Collected = swerl_qlc_tree:collected(G, Tree),
    Headed = swerl_qlc_tree:head(Pattern, G, Tree),
    %% As in OTP, nothing is looked up where a pattern has maps.
    {Found, Skipped} = case Headed =:= none orelse swerl_qlc_tree:has_map(Pattern) of
                           true -> {Plan, []};
                           false -> looked_up(G, Plan, Known)
                       end,
    case {Found =/= Plan orelse is_selective(Plan), Headed} of
        {true, {ok, Head, Names}} ->
            Terms = [term(Filter, Names, Imports) || {_, Filter} <- Collected],
            How = if
                      Found =:= Plan -> all;
                      true -> lookup
                  end,
            Ns = [N || {N, _} <- Collected],
            Skips = Ns -- Skipped =:= [],
            Guards = if
                         How =:= lookup, Skips -> [];
                         true -> swerl_qlc_tree:conjunction(Terms)
                     end,
            Idle = Ns =:= [] andalso (swerl_qlc_tree:concerned(G, Tree) orelse Head =:= '$1')
                orelse How =:= lookup andalso Skips andalso Head =:= '$1',
            {Found, Ns, {Head, Guards, Names, Idle, Ns}, How};
        _ ->
            {Plan, [], none, all}
    end.

term(Expr, Names, Imports) ->
    {ok, Term} = swerl_qlc_tree:term(Expr, namer(Names, Imports)),
    Term.

namer(Names, Imports) ->
    fun(V) ->
            case {Names, Imports} of
                {#{V := Name}, _} -> {ok, Name};
                {_, #{V := Value}} -> {ok, {const, Value}};
                _ -> none
            end
    end.

%% Whether a match specification can be asked of a source.
is_selective(#{node := {list, _}}) -> true;
is_selective(#{node := {match, Plan, _}}) -> is_selective(Plan);
is_selective(#{node := {table, Traverse, _, all}}) -> is_function(Traverse, 1);
is_selective(_) -> false.

%% A table whose key (or element with an index) has known values is looked up; and the filters that say no more.
looked_up(G, #{node := {table, _, #{lookup_fun := Lookup} = Table, all}} = Plan, {Tree, Imports, Joins, Own})
  when is_function(Lookup, 2) ->
    Most = maps:get(max_lookup, Own, infinity),
    Equality = maps:get(key_equality, Table, '=:='),
    Found = [{Position, lists:usort([Value || {_, Value} <- Values]),
              [N || {N, Said} <- Done, lists:all(fun({Op, Value}) -> Op =:= Equality orelse not has_number(Value) end, Said)]}
             || maps:get(lookup, Own, any) =/= false,
                Position <- positions(Table),
                {Values, Done} <- [swerl_qlc_tree:column_values({G, Position}, Tree, Imports, Joins)],
                lists:all(fun({Op, Value}) -> Op =:= '=:=' orelse Equality =:= '==' orelse not has_number(Value) end, Values)],
    case [Choice || {_, Values, _} = Choice <- Found, length(Values) =< Most] of
        [{Position, Values, Skipped} | _] ->
            {unnamed(Plan#{node := {lookup, Table, Position, Values}, cached := true, sorted := none}), Skipped};
        [] -> {Plan, []}
    end;
looked_up(_, Plan, _) -> {Plan, []}.

positions(Table) ->
    Key = case info(Table, keypos) of
              P when is_integer(P) -> [P];
              _ -> []
          end,
    case info(Table, indices) of
        Indices when is_list(Indices) -> Key ++ Indices;
        _ -> Key
    end.

has_number(Term) when is_number(Term) -> true;
has_number([Head | Tail]) -> has_number(Head) orelse has_number(Tail);
has_number(Tuple) when is_tuple(Tuple) -> has_number(tuple_to_list(Tuple));
has_number(Map) when is_map(Map) -> has_number(maps:to_list(Map));
has_number(_) -> false.

%% A match specification asked of a source.
select(#{node := {table, Traverse, Table, all}} = Plan, Spec) ->
    unnamed(Plan#{node := {table, Traverse, Table, Spec}, cached := false});
select(#{node := {lookup, _, _, _}} = Plan, Spec) -> unnamed(Plan#{node := {match, Plan, Spec}});
select(Plan, Spec) -> unnamed(Plan#{node := {match, unnamed(Plan), Spec}, cached := false}).

unnamed(Plan) -> maps:remove(named, Plan).

%% One generator whose filters are all done with: a match specification makes the answers, too, if it can.
single(G, Pattern, Plan, Names, Choice, {_, Imports, _, _} = Known, {_, _, Template, _} = Parts, Wanted, Options) ->
    case {Template, Names} of
        {{var, _, V}, {'$1', _, _, true, _}} ->
            %% The objects are the answers.
            named(V, Plan);
        {{var, _, V}, none} when Pattern =:= Template, V =/= '_' ->
            named(V, Plan);
        {_, {Head, Guards, Variables, _, Ns}} ->
            case swerl_qlc_tree:term(Template, namer(Variables, Imports)) of
                {ok, Body} ->
                    Asked = case Ns of
                                [] -> [true];
                                _ -> Guards
                            end,
                    Selected = select(Plan, [{Head, Asked, [Body]}]),
                    Unique = Body =:= '$_' orelse (Head =:= '$1' andalso Body =:= '$1'),
                    Selected#{unique := Unique andalso maps:get(unique, Plan), sorted := moved(maps:get(sorted, Plan), Head, Body)};
                none ->
                    several([{G, Pattern, Choice}], [], none, Known, Parts, Wanted, Options)
            end;
        {_, none} ->
            several([{G, Pattern, Choice}], [], none, Known, Parts, Wanted, Options)
    end.

%% Objects that are the answers; should they be kept or given once, the variable of the query is shown.
named(V, #{node := {kept, Plan, Options}} = Kept) -> Kept#{node := (every(V, Plan, Options))};
named(V, Plan) -> Plan#{named => V}.

every(V, Plan, Options) ->
    Var = {var, 0, V},
    {lc, Var, [{generate, Var, fun(Object, _) -> {Object} end, unnamed(Plan)}], fun({Object}) -> Object end, {none}, Options}.

%% Where the key goes in the answers.
moved(Order, _, '$_') -> Order;
moved(Order, '$1', '$1') -> Order;
moved(Position, Head, {Body}) when is_integer(Position), is_tuple(Head), is_tuple(Body), tuple_size(Head) >= Position ->
    Key = element(Position, Head),
    case [P || P <- lists:seq(1, tuple_size(Body)), element(P, Body) =:= Key, Key =/= '_', is_atom(Key)] of
        [P | _] -> P;
        [] -> none
    end;
moved(_, _, _) -> none.

%% Generators one within another, two of them perhaps joined.
several(Chosen, Left0, Why, {_, _, Joins, Own} = Known, {Items, Answer, Template, Qualifiers}, Wanted, Options) ->
    How = maps:get(join, Own, any),
    Joinable = case Joins of
                   [] when How =:= any -> [];
                   [] -> error(no_join_to_carry_out);
                   _ when How =:= nested_loop -> [];
                   _ -> Joins
               end,
    _ = Why,
    Lookup = case [Found || How =/= merge, Join <- Joinable, Found <- [lookup_side(Join, Chosen, Known)], Found =/= none] of
                 [First | _] -> First;
                 [] when How =:= lookup -> error(cannot_carry_out_join);
                 [] -> none
             end,
    %% What is looked up for each object of another generator is the whole table; its conditions are asked afterwards.
    {Asked, Again} = case Lookup of
                         {_, _, G0} ->
                             {G0, Pattern0, {Plan0, Ns, _, _}} = lists:keyfind(G0, 1, Chosen),
                             {lists:keyreplace(G0, 1, Chosen, {G0, Pattern0, {Plan0, [], none, all}}), Ns};
                         none -> {Chosen, []}
                     end,
    Left = lists:sort(Again ++ Left0),
    Plans = [{G, Pattern, as_wanted(selected(Choice), wanted(own(source(lists:nth(G, Items))), Options), place(G, Chosen))}
             || {G, Pattern, Choice} <- Asked],
    {Skipped, Former, Second, Pair} = case {Joinable, Lookup} of
                                          {[], _} -> {[], none, none, none};
                                          {[Join | _], none} -> merge_join(Join, Plans, Known, Wanted);
                                          {_, {Join, Which, _}} -> lookup_join(Join, Which, Plans, Known, Wanted)
                                      end,
    Size = length(Items),
    Steps = [step(N, Qualifier, lists:nth(N, Items), Plans, {Former, Second, Pair}, Items)
             || {N, Qualifier} <- lists:zip(lists:seq(1, Size), Qualifiers), N =/= Second,
                element(1, Qualifier) =:= generate orelse lists:member(N, Left -- Skipped)],
    Shown = [{join, nested_loop} || How =:= nested_loop],
    #{node => {lc, Template, Steps, Answer, list_to_tuple(lists:duplicate(Size, [])), Shown}, unique => false, cached => false,
      sorted => in_order(Template, Steps)}.

%% The order of the answers where the objects of a single generator come in that of an element.
in_order({tuple, _, Elems}, [{generate, Pattern, _, #{sorted := Position}} | Steps]) when is_integer(Position) ->
    case {swerl_qlc_tree:elements(Pattern), [Step || {generate, _, _, _} = Step <- Steps]} of
        {{Parts, _}, []} when is_list(Parts), length(Parts) >= Position ->
            Key = lists:nth(Position, Parts),
            first([P || {P, Elem} <- lists:zip(lists:seq(1, length(Elems)), Elems), Elem =:= Key, element(1, Key) =:= var]);
        _ -> none
    end;
in_order({var, _, _} = Var, [{generate, Var, _, #{sorted := Order}} | Steps]) ->
    case [Step || {generate, _, _, _} = Step <- Steps] of
        [] -> Order;
        _ -> none
    end;
in_order(_, _) -> none.

first([First | _]) -> First;
first([]) -> none.

place(G, [{G, _, _} | _]) -> first;
place(_, _) -> other.

selected({Plan, _, none, _}) -> Plan;
selected({Plan, _, {_, _, _, true, _}, _}) -> Plan;
selected({Plan, _, {'$1', Guards, _, false, _}, _}) -> select(Plan, [{'$1', Guards, ['$1']}]);
selected({Plan, _, {Head, Guards, _, false, _}, _}) -> select(Plan, [{Head, Guards, ['$_']}]).

step(N, {generate, _}, {generate, MatchA, _}, Plans, {N, Second, Pair}, Items) ->
    {generate, MatchB, _} = lists:nth(Second, Items),
    {_, PatternA, _} = lists:keyfind(N, 1, Plans),
    {_, PatternB, _} = lists:keyfind(Second, 1, Plans),
    Match = fun([ObjectA | ObjectB], Env) ->
                    case MatchA(ObjectA, Env) of
                        false -> false;
                        VarsA ->
                            case MatchB(ObjectB, Env) of
                                false -> false;
                                VarsB -> setelement(N, setelement(Second, Env, VarsB), VarsA)
                            end
                    end
            end,
    {generate, {cons, 0, PatternA, PatternB}, Match, Pair};
step(N, {generate, Pattern}, {generate, Match, _}, Plans, _, _) ->
    {_, _, Plan} = lists:keyfind(N, 1, Plans),
    {generate, Pattern, fun(Object, Env) ->
                                case Match(Object, Env) of
                                    false -> false;
                                    Vars -> setelement(N, Env, Vars)
                                end
                        end, Plan};
step(_, {guard, Filter}, {filter, Test}, _, _, _) ->
    {filter, Filter, fun(Env) -> Test(Env) =/= false andalso Env end};
step(N, {test, Filter}, {filter, Test}, _, _, _) ->
    {filter, Filter, fun(Env) ->
                             case Test(Env) of
                                 false -> false;
                                 Vars -> setelement(N, Env, Vars)
                             end
                     end}.

%%% Joins.

%% The generator of a join whose objects can be looked up: {Join, first | second, Generator}.
lookup_side({_, Op, {A, PA}, {B, PB}, _} = Join, Chosen, {Tree, Imports, Joins, _}) ->
    case swerl_qlc_tree:column_values({A, PA}, Tree, Imports, Joins) of
        none ->
            %% A table that compares keys as the filter does is the better one.
            case {can_lookup(source_plan(A, Chosen), PA, Op), can_lookup(source_plan(B, Chosen), PB, Op)} of
                {Equality, Op} when Equality =/= Op -> {Join, second, B};
                {none, none} -> none;
                {none, _} -> {Join, second, B};
                _ -> {Join, first, A}
            end;
        _ -> none
    end.

source_plan(G, Chosen) ->
    {_, _, {Plan, _, _, _}} = lists:keyfind(G, 1, Chosen),
    Plan.

%% The filters done with by a join, the generators, and the plan for their pairs.
lookup_join({N, Op, {A, PA}, {B, PB}, Exact}, Which, Plans, Known, Wanted) ->
    {_, _, PlanA} = lists:keyfind(A, 1, Plans),
    {_, _, PlanB} = lists:keyfind(B, 1, Plans),
    {#{node := {table, _, Table, all}}, First, Second} =
        case Which of
            first -> {PlanA, PlanA, scanned({B, PB}, PlanB, Plans, Known)};
            second -> {PlanB, scanned({A, PA}, PlanA, Plans, Known), PlanB}
        end,
    Equality = maps:get(key_equality, Table, '=:='),
    {[N || Exact, Op =:= Equality], A, B,
     #{node => {lookup_join, Which, First, PA, Second, PB, Equality, kept_pairs([{join, lookup}], Wanted)},
       unique => false, cached => false, sorted => none}}.

%% How keys are compared by a table that can be looked up.
can_lookup(#{node := {table, _, #{lookup_fun := Lookup} = Table, all}}, Position, Op) when is_function(Lookup, 2) ->
    Equality = maps:get(key_equality, Table, '=:='),
    case lists:member(Position, positions(Table)) andalso (Op =:= '=:=' orelse Equality =:= '==') of
        true -> Equality;
        false -> none
    end;
can_lookup(_, _, _) -> none.

merge_join({N, Op, A, B, Exact}, Plans, {Tree, Imports, Joins, _} = Known, Wanted) ->
    IsOne = case swerl_qlc_tree:column_values(A, Tree, Imports, Joins) of
                {[_], _} -> true;
                _ -> false
            end,
    [First, Second] = [begin
                           {_, _, Plan} = lists:keyfind(G, 1, Plans),
                           Sorted = case IsOne of
                                        true -> Plan;
                                        false -> by_key(Plan, Position)
                                    end,
                           scanned(Column, Sorted, Plans, Known)
                       end || {G, Position} = Column <- [A, B]],
    {[N || Exact, Op =:= '=='], element(1, A), element(1, B),
     #{node => {merge, First, element(2, A), Second, element(2, B), kept_pairs([{join, merge}], Wanted)}, unique => false,
       cached => false, sorted => none}}.

%% The objects that a generator takes, as far as is known before they are joined.
scanned({G, Position}, Plan, Plans, {Tree, Imports, Joins, _}) ->
    {_, Pattern, _} = lists:keyfind(G, 1, Plans),
    {Elems, _} = swerl_qlc_tree:elements(Pattern),
    Positions = if
                    is_list(Elems) -> [P || {P, {var, _, _}} <- lists:zip(lists:seq(1, length(Elems)), Elems)];
                    true -> [Position]
                end,
    Known = [{P, Values} || P <- Positions,
                            {Values, _} <- [swerl_qlc_tree:column_values({G, P}, Tree, Imports, Joins)]],
    lists:foldl(fun({P, Values}, Acc) -> only([Value || {_, Value} <- Values], P, Pattern, Acc) end, matching(Pattern, Plan),
                Known).

kept_pairs(Join, #{unique := Unique, cache := Own, cache_all := All}) ->
    Join ++ [{cache, How} || How <- [case Own of false -> All; _ -> Own end], How =/= false] ++ [{unique, true} || Unique].

by_key(#{sorted := Position} = Plan, Position) -> Plan;
by_key(#{sorted := term} = Plan, 1) -> Plan;
by_key(Plan, Position) -> sorted_plan({keysort, Plan, Position, []}, maps:get(unique, Plan), Position).

%% Only the objects that a pattern takes.
matching({var, _, _}, Plan) -> Plan;
matching(Pattern, Plan) ->
    Object = {var, 0, 'P0'},
    Plan#{node := {lc, Object, [{generate, {match, 0, Object, Pattern}, taker(Pattern), Plan}],
                   fun({Answer}) -> Answer end, {none}, []}}.

%% A tuple of as many elements; what else a pattern asks for is asked once more when the pair is matched.
taker(Pattern) ->
    {Elems, _} = swerl_qlc_tree:elements(Pattern),
    Size = length(Elems),
    fun(Object, _) -> is_tuple(Object) andalso tuple_size(Object) =:= Size andalso {Object} end.

only(Values, Position, Pattern, Plan) ->
    Object = {var, 0, 'P0'},
    [First | Rest] = [{op, 0, '==', abstract(Value), element_of(Position, Object)} || Value <- Values],
    Filter = lists:foldl(fun(Test, Acc) -> {op, 0, 'or', Acc, Test} end, First, Rest),
    Test = fun({Answer} = Env) ->
                   is_tuple(Answer) andalso tuple_size(Answer) >= Position
                       andalso lists:any(fun(Value) -> Value == element(Position, Answer) end, Values) andalso Env
           end,
    case {Pattern, Plan} of
        {{var, _, _}, _} ->
            Plan#{node := {lc, Object, [{generate, Object, fun(Answer, _) -> {Answer} end, Plan}, {filter, Filter, Test}],
                           fun({Answer}) -> Answer end, {none}, []}};
        {_, #{node := {lc, Template, Qualifiers, Answer, Start, Own}}} ->
            Plan#{node := {lc, Template, Qualifiers ++ [{filter, Filter, Test}], Answer, Start, Own}}
    end.

element_of(Position, Object) -> {call, 0, {atom, 0, element}, [{integer, 0, Position}, Object]}.

abstract(Value) -> {value, 0, Value}.
