%%% What can be read from the text of a query list comprehension: which conditions a match specification can hold, which
%%% elements have known values, and which elements of two generators are compared.
%%%
%%% A tree is {Template, Qualifiers}; a qualifier, numbered from 1, is {generate, Pattern}, {guard, Filter} or
%%% {test, Filter}, in abstract code without places, records written as tuples, which have {shown, Record} for a place. Variables are taken as bound by the last
%%% qualifier before that has them.
-module(swerl_qlc_tree).

-export([tree/3, variables/1, sizes/1, imports/1, doubts/1, generators/1, collected/2, concerned/2, head/3, term/2,
         conjunction/1, column_values/4, joins/2, elements/1, never/1, has_map/1]).

%% @doc The tree of a comprehension.
tree(Lc, Records, IsGuard) ->
    {lc, _, Template, Qualifiers} = without_places(Lc),
    {plain(Template, Records, expr),
     [case Qualifier of
          {generate, _, Pattern, _} -> {generate, plain(Pattern, Records, pattern)};
          Filter ->
              case IsGuard(Filter) of
                  true -> {guard, plain(Filter, Records, expr)};
                  false -> {test, plain(Filter, Records, expr)}
              end
      end || Qualifier <- Qualifiers]}.

without_places(Tree) -> erl_parse:map_anno(fun(_) -> erl_anno:new(0) end, Tree).

%% Records as tuples.
plain({record, _, Name, Fields} = Record, Records, How) when is_map_key(Name, Records) ->
    Given = maps:from_list([{Field, Value} || {record_field, _, {atom, _, Field}, Value} <- Fields]),
    Rest = [Value || {record_field, _, {var, _, '_'}, Value} <- Fields],
    {tuple, {shown, Record},
     [{atom, 0, Name} | [plain(case {Given, Rest, How} of
                             {#{Field := Value}, _, _} -> Value;
                             {_, [Value], _} -> Value;
                             {_, [], pattern} -> {var, 0, '_'};
                             {_, [], expr} -> without_places(Default)
                         end, Records, How) || {Field, Default} <- map_get(Name, Records)]]};
plain({record_field, _, Expr, Name, {atom, _, Field}} = Access, Records, How) when is_map_key(Name, Records) ->
    {call, {shown, Access}, {atom, 0, element}, [{integer, 0, index(Field, map_get(Name, Records), 2)}, plain(Expr, Records, How)]};
plain({record_index, _, Name, {atom, _, Field}} = Index, Records, _) when is_map_key(Name, Records) ->
    {integer, {shown, Index}, index(Field, map_get(Name, Records), 2)};
plain({record, _, Expr, Name, Fields} = Record, Records, How) when is_map_key(Name, Records) ->
    Given = maps:from_list([{Field, Value} || {record_field, _, {atom, _, Field}, Value} <- Fields]),
    Old = fun(Field) -> {record_field, 0, Expr, Name, {atom, 0, Field}} end,
    {tuple, {shown, Record}, [{atom, 0, Name} | [plain(maps:get(Field, Given, Old(Field)), Records, How)
                                                 || {Field, _} <- map_get(Name, Records)]]};
plain({call, _, {atom, _, is_record}, [Expr, {atom, _, Name}]} = Call, Records, How) when is_map_key(Name, Records) ->
    Size = length(map_get(Name, Records)) + 1,
    {call, {shown, Call}, {atom, 0, is_record}, [plain(Expr, Records, How), {atom, 0, Name}, {integer, 0, Size}]};
plain(Tuple, Records, How) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple), Records, How));
plain([Head | Tail], Records, How) -> [plain(Head, Records, How) | plain(Tail, Records, How)];
plain(Term, _, _) -> Term.

index(Field, [{Field, _} | _], N) -> N;
index(Field, [_ | Fields], N) -> index(Field, Fields, N + 1);
index(_, [], _) -> 0.

%% @doc The names of variables in a tree, each once.
variables(Tree) -> lists:usort(variables(Tree, [])).

variables({var, _, '_'}, Acc) -> Acc;
variables({var, _, Name}, Acc) -> [Name | Acc];
variables({_, {shown, _}, Part}, Acc) -> variables(Part, Acc);
variables({_, {shown, _}, Part1, Part2}, Acc) -> variables(Part2, variables(Part1, Acc));
variables(Tuple, Acc) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple), Acc);
variables([Head | Tail], Acc) -> variables(Tail, variables(Head, Acc));
variables(_, Acc) -> Acc.

%% @doc The variables that a pattern uses and does not bind: in sizes and as keys.
sizes(Pattern) ->
    Used = lists:usort(used(Pattern)),
    Used -- (variables(Pattern) -- Used).

used({bin_element, _, _, Size, _}) when Size =/= default -> variables(Size);
used({map_field_exact, _, Key, Value}) -> variables(Key) ++ used(Value);
used(Tuple) when is_tuple(Tuple) -> used(tuple_to_list(Tuple));
used([Head | Tail]) -> used(Head) ++ used(Tail);
used(_) -> [].

numbered({_, Qualifiers}) -> lists:zip(lists:seq(1, length(Qualifiers)), Qualifiers).

%% @doc The numbers and patterns of the generators.
generators(Tree) -> [{N, Pattern} || {N, {generate, Pattern}} <- numbered(Tree)].

%% The generators, last first, and what is bound in filters, as seen by a qualifier.
scope(N, Tree) ->
    lists:reverse([case Qualifier of
                       {generate, Pattern} -> {M, variables(Pattern)};
                       {test, Filter} -> {filter, matched(Filter)};
                       _ -> {filter, []}
                   end || {M, Qualifier} <- numbered(Tree), M < N]).

matched({match, _, Pattern, Expr}) -> variables(Pattern) ++ matched(Expr);
matched({clause, _, Patterns, _, Body}) -> variables(Patterns) ++ matched(Body);
matched(Tuple) when is_tuple(Tuple) -> matched(tuple_to_list(Tuple));
matched([Head | Tail]) -> matched(Head) ++ matched(Tail);
matched(_) -> [].

owner(V, Scope) ->
    case [M || {M, Vars} <- Scope, lists:member(V, Vars)] of
        [M | _] -> M;
        [] -> none
    end.

%% The generators (or `filter') that an expression depends on.
owners(Expr, N, Tree) ->
    Scope = scope(N, Tree),
    lists:usort([M || V <- variables(Expr), M <- [owner(V, Scope)], M =/= none]).

%% @doc The variables from outside that guards and a plain template use.
imports({Template, Qualifiers} = Tree) ->
    End = length(Qualifiers) + 1,
    Guards = [{Filter, N} || {N, {guard, Filter}} <- numbered(Tree)],
    Templates = [{Template, End} || is_plain(Template)],
    lists:usort([V || {Expr, N} <- Guards ++ Templates, V <- variables(Expr), owner(V, scope(N, Tree)) =:= none]).

is_plain(Expr) -> term(Expr, fun(_) -> {ok, '_'} end) =/= none.

%%% Match specifications.

%% The filters that may be asked before all others: guards that depend on one generator at most.
prefix(Tree) ->
    lists:takewhile(fun({N, {guard, Filter}}) ->
                            Owners = owners(Filter, N, Tree),
                            length(Owners) =< 1 andalso Owners =/= [filter] andalso is_plain(Filter);
                       (_) -> false
                    end, filters(Tree)).

filters(Tree) -> [Filter || {_, {Kind, _}} = Filter <- numbered(Tree), Kind =/= generate].

%% @doc The filters [{N, Filter}] that a generator's match specification can hold.
collected(G, Tree) -> [{N, Filter} || {N, {guard, Filter}} <- prefix(Tree), owners(Filter, N, Tree) =:= [G]].

%% @doc Whether some filter depends on a generator.
concerned(G, Tree) -> lists:any(fun({N, {_, Filter}}) -> lists:member(G, owners(Filter, N, Tree)) end, filters(Tree)).

%% @doc The head of a match specification for a generator's pattern, and what its variables are called there; `none' where
%% there is none. Variables that nobody uses have no number.
head({var, _, V}, _, _) -> {ok, '$1', #{V => '$1'}};
head({match, _, {var, _, V}, Pattern}, G, Tree) -> alias(V, head(Pattern, G, Tree));
head({match, _, Pattern, {var, _, V}}, G, Tree) -> alias(V, head(Pattern, G, Tree));
head({tuple, _, _} = Pattern, G, {Template, _} = Tree) ->
    Later = [{Template, length(element(2, Tree)) + 1} | [{Filter, N} || {N, {_, Filter}} <- filters(Tree)]],
    Used = lists:usort([V || {Expr, N} <- Later, V <- variables(Expr), owner(V, scope(N, Tree)) =:= G]),
    Twice = variables(Pattern, []) -- variables(Pattern),
    try head(Pattern, {Used ++ Twice, #{}, 1}) of
        {Head, {_, Names, _}} -> {ok, Head, Names}
    catch
        throw:not_plain -> none
    end;
head(_, _, _) -> none.

%% @doc Whether a pattern has maps within.
has_map({map, _, _}) -> true;
has_map(Tuple) when is_tuple(Tuple) -> has_map(tuple_to_list(Tuple));
has_map([Head | Tail]) -> has_map(Head) orelse has_map(Tail);
has_map(_) -> false.

alias(V, {ok, '$1', Names}) -> {ok, '$1', Names#{V => '$1'}};
alias(V, {ok, Head, Names}) -> {ok, Head, Names#{V => '$_'}};
alias(_, none) -> none.

head({var, _, '_'}, State) -> {'_', State};
head({var, _, V}, {Used, Names, Next} = State) ->
    case {Names, lists:member(V, Used)} of
        {#{V := Name}, _} -> {Name, State};
        {_, true} ->
            Name = list_to_atom([$$ | integer_to_list(Next)]),
            {Name, {Used, Names#{V => Name}, Next + 1}};
        {_, false} -> {'_', State}
    end;
head({tuple, _, Elems}, State) ->
    {Heads, State1} = lists:mapfoldl(fun head/2, State, Elems),
    {list_to_tuple(Heads), State1};
head({cons, _, Head, Tail}, State) ->
    {Head1, State1} = head(Head, State),
    {Tail1, State2} = head(Tail, State1),
    {[Head1 | Tail1], State2};
head({map, _, Fields}, State) ->
    {Pairs, State1} = lists:mapfoldl(fun({map_field_exact, _, Key, Value}, Acc) ->
                                             {ok, KeyTerm} = case constant(Key) of
                                                                 none -> throw(not_plain);
                                                                 Found -> Found
                                                             end,
                                             {Head, Acc1} = head(Value, Acc),
                                             {{KeyTerm, Head}, Acc1}
                                     end, State, Fields),
    {maps:from_list(Pairs), State1};
head(Constant, State) ->
    case constant(Constant) of
        {ok, Value} -> {Value, State};
        none -> throw(not_plain)
    end.

constant({Kind, _, Value}) when Kind =:= integer; Kind =:= float; Kind =:= char; Kind =:= string -> {ok, Value};
constant({atom, _, Value}) ->
    case atom_to_list(Value) of
        "$" ++ _ -> none;
        "_" -> none;
        _ -> {ok, Value}
    end;
constant({nil, _}) -> {ok, []};
constant({op, _, Sign, {Kind, _, Value}}) when Sign =:= '-', (Kind =:= integer orelse Kind =:= float) -> {ok, -Value};
constant({bin, _, _} = Bin) ->
    case variables(Bin) of
        [] ->
            try erl_parse:normalise(Bin) of
                Value -> {ok, Value}
            catch
                error:_ -> none
            end;
        _ -> none
    end;
constant(_) -> none.

%% @doc A guard or a template in the language of match specifications; Name gives {ok, Term} for a variable.
term(Expr, Name) ->
    try {ok, convert(Expr, Name)}
    catch
        throw:not_plain -> none
    end.

convert({var, _, V}, Name) ->
    case Name(V) of
        {ok, Term} -> Term;
        none -> throw(not_plain)
    end;
convert({tuple, _, Elems}, Name) -> {list_to_tuple([convert(Elem, Name) || Elem <- Elems])};
convert({cons, _, Head, Tail}, Name) -> [convert(Head, Name) | convert(Tail, Name)];
convert({map, _, Fields}, Name) ->
    maps:from_list([case Field of
                        {map_field_assoc, _, Key, Value} -> {convert(Key, Name), convert(Value, Name)};
                        _ -> throw(not_plain)
                    end || Field <- Fields]);
convert({call, _, {remote, _, {atom, _, erlang}, {atom, _, F}}, Args}, Name) -> called(F, Args, Name);
convert({call, _, {atom, _, F}, Args}, Name) -> called(F, Args, Name);
convert({op, _, _, _} = Op, Name) ->
    case constant(Op) of
        {ok, Value} -> Value;
        none -> operation(Op, Name)
    end;
convert({op, _, Op, Left, Right}, Name) ->
    lists:member(Op, ['andalso', 'orelse']) orelse is_operator(Op, 2) orelse throw(not_plain),
    {Op, convert(Left, Name), convert(Right, Name)};
convert(Constant, _) ->
    case constant(Constant) of
        {ok, Value} -> Value;
        none -> throw(not_plain)
    end.

operation({op, _, Op, Arg}, Name) ->
    is_operator(Op, 1) orelse throw(not_plain),
    {Op, convert(Arg, Name)}.

is_operator(Op, Arity) ->
    erl_internal:bool_op(Op, Arity) orelse erl_internal:comp_op(Op, Arity) orelse erl_internal:arith_op(Op, Arity).

called(F, Args, Name) ->
    lists:member({F, length(Args)}, guards()) orelse throw(not_plain),
    list_to_tuple([F | [convert(Arg, Name) || Arg <- Args]]).

%% The functions that match specifications know.
guards() ->
    [{is_atom, 1}, {is_float, 1}, {is_integer, 1}, {is_list, 1}, {is_number, 1}, {is_pid, 1}, {is_port, 1},
     {is_reference, 1}, {is_tuple, 1}, {is_map, 1}, {is_binary, 1}, {is_bitstring, 1}, {is_function, 1}, {is_boolean, 1},
     {is_record, 3}, {is_map_key, 2}, {map_get, 2}, {map_size, 1}, {abs, 1}, {element, 2}, {hd, 1}, {length, 1}, {node, 0}, {node, 1},
     {round, 1}, {size, 1}, {byte_size, 1}, {bit_size, 1}, {tl, 1}, {trunc, 1}, {self, 0}, {float, 1}, {tuple_size, 1}].

%% @doc Several conditions as one.
conjunction([]) -> [true];
conjunction([Only]) -> [Only];
conjunction([First | Rest]) -> [lists:foldl(fun(Term, Acc) -> {'andalso', Acc, Term} end, First, Rest)].

%%% Values of elements.

%% @doc The elements of the tuple that a pattern is, and the variables that are the whole object.
elements({var, _, '_'}) -> {any, []};
elements({var, _, V}) -> {any, [V]};
elements({match, _, {var, _, V}, Pattern}) -> whole(V, elements(Pattern));
elements({match, _, Pattern, {var, _, V}}) -> whole(V, elements(Pattern));
elements({tuple, _, Elems}) -> {Elems, []};
elements(_) -> {none, []}.

whole(V, {Elems, Whole}) -> {Elems, [V | Whole]}.

%% @doc The values [{Operator, Value}] that an element of a generator's objects has when the collected filters and the
%% equalities with other generators hold, and the filters that say no more than that: {Values, [{Ns, Ops}]}, or `none'.
column_values({G, Position}, Tree, Imports, Joins) ->
    case own_values({G, Position}, Tree, Imports) of
        none -> joined_values({G, Position}, Tree, Imports, Joins);
        Found -> Found
    end.

joined_values(Column, Tree, Imports, Joins) ->
    Others = [{Other, Op} || {_, Op, A, B, _} <- Joins, {This, Other} <- [{A, B}, {B, A}], This =:= Column],
    case [{Values, Op} || {Other, Op} <- Others, {Values, _} <- [own_values(Other, Tree, Imports)]] of
        [{Values, '=='} | _] -> {[{'==', Value} || {_, Value} <- Values], []};
        [{Values, _} | _] -> {Values, []};
        [] -> none
    end.

own_values({G, Position}, Tree, Imports) ->
    {G, Pattern} = lists:keyfind(G, 1, generators(Tree)),
    Filters = collected(G, Tree),
    {Elems, Whole} = elements(Pattern),
    Elem = case Elems of
               any -> {var, 0, '_'};
               none -> {var, 0, '_'};
               _ when length(Elems) < Position -> {var, 0, '_'};
               _ -> lists:nth(Position, Elems)
           end,
    case element_values(Elem, Filters, Imports) of
        none -> first([target_values({Position, V}, Filters, Imports) || V <- Whole]);
        Found -> Found
    end.

first([none | Rest]) -> first(Rest);
first([Found | _]) -> Found;
first([]) -> none.

element_values({var, _, '_'}, _, _) -> none;
element_values({var, _, V}, Filters, Imports) -> target_values(V, Filters, Imports);
element_values({tuple, _, Elems}, Filters, Imports) ->
    combined([element_values(Elem, Filters, Imports) || Elem <- Elems], fun list_to_tuple/1);
element_values({cons, _, Head, Tail}, Filters, Imports) ->
    combined([element_values(Elem, Filters, Imports) || Elem <- [Head, Tail]], fun([H, T]) -> [H | T] end);
element_values(Expr, _, _) ->
    case constant(Expr) of
        {ok, Value} -> {[{'=:=', Value}], []};
        none -> none
    end.

combined(Found, Make) ->
    case lists:member(none, Found) of
        true -> none;
        false ->
            Combinations = lists:foldr(fun({Values, _}, Acc) -> [[Value | Rest] || Value <- Values, Rest <- Acc] end, [[]],
                                       Found),
            {[{weakest([Op || {Op, _} <- Combination]), Make([Value || {_, Value} <- Combination])}
              || Combination <- Combinations], lists:append([Done || {_, Done} <- Found])}
    end.

weakest(Ops) ->
    case lists:member('==', Ops) of
        true -> '==';
        false -> '=:='
    end.

%% Of all filters that say something of a variable (or of an element of it): what they allow together.
target_values(Target, Filters, Imports) ->
    Said = [{N, Values, Exact} || {N, Filter} <- Filters, {Values, Exact} <- [allowed(Filter, Target, Imports)]],
    case Said of
        [] -> none;
        [{_, First, _} | Rest] ->
            case lists:foldl(fun({_, Values, _}, Acc) -> common(Acc, Values) end, First, Rest) of
                [] -> none;
                Common -> {Common, [{N, Values} || {N, Values, true} <- Said]}
            end
    end.

common(Values1, Values2) ->
    [{Op, Value} || {Op1, Value} <- Values1, {Op2, Other} <- Values2,
                    Op <- [weakest([Op1, Op2])], erlang:Op(Value, Other)].

%% {Values, whether the filter says nothing else}.
allowed({op, _, Op, Left, Right}, Target, Imports) when Op =:= '=:='; Op =:= '==' ->
    case {equal(Op, Left, Right, Target, Imports), equal(Op, Right, Left, Target, Imports)} of
        {none, Found} -> Found;
        {Found, _} -> Found
    end;
allowed({op, _, Op, Left, Right}, Target, Imports) when Op =:= 'and'; Op =:= 'andalso' ->
    case {allowed(Left, Target, Imports), allowed(Right, Target, Imports)} of
        {none, none} -> none;
        {{Values, _}, none} -> {Values, false};
        {none, {Values, _}} -> {Values, false};
        {{Values1, _}, {Values2, _}} -> {common(Values1, Values2), false}
    end;
allowed({op, _, Op, Left, Right}, Target, Imports) when Op =:= 'or'; Op =:= 'orelse' ->
    case {allowed(Left, Target, Imports), allowed(Right, Target, Imports)} of
        {{Values1, Exact1}, {Values2, Exact2}} -> {lists:usort(Values1 ++ Values2), Exact1 andalso Exact2};
        _ -> none
    end;
allowed(_, _, _) -> none.

equal(Op, Left, Right, Target, Imports) ->
    case {is_target(Left, Target), value(Right, Imports), {Left, Target}} of
        {true, {ok, Value}, _} -> {[{Op, Value}], true};
        {false, {ok, Tuple}, {{var, _, V}, {Position, V}}} when tuple_size(Tuple) >= Position ->
            {[{Op, element(Position, Tuple)}], false};
        _ -> none
    end.

is_target({var, _, V}, V) -> true;
is_target(Expr, {Position, V}) -> element_of(Expr) =:= {Position, V};
is_target(_, _) -> false.

element_of({call, _, {remote, _, {atom, _, erlang}, {atom, _, element}}, Args}) -> element_of(Args);
element_of({call, _, {atom, _, element}, Args}) -> element_of(Args);
element_of([{integer, _, Position}, {var, _, V}]) -> {Position, V};
element_of(_) -> none.

%% The value of an expression of constants and variables from outside.
value({var, _, V}, Imports) when is_map_key(V, Imports) -> {ok, map_get(V, Imports)};
value({tuple, _, Elems}, Imports) ->
    Values = [value(Elem, Imports) || Elem <- Elems],
    case lists:member(none, Values) of
        true -> none;
        false -> {ok, list_to_tuple([Value || {ok, Value} <- Values])}
    end;
value({cons, _, Head, Tail}, Imports) ->
    case {value(Head, Imports), value(Tail, Imports)} of
        {{ok, H}, {ok, T}} -> {ok, [H | T]};
        _ -> none
    end;
value(Expr, _) -> constant(Expr).

%%% Joins.

%% @doc The comparisons of elements of two generators: {N, Operator, {G1, Position1}, {G2, Position2}, Exact} of filter N, G1 before
%% G2; and why there is none, if generators are compared in a way that no join can do.
joins(Tree, _) ->
    Guards = lists:takewhile(fun({N, {Kind, Filter}}) -> Kind =:= guard andalso not lists:member(filter, owners(Filter, N, Tree))
                             end, filters(Tree)),
    Found = [{N, Op, A, B, Exact} || {N, {guard, Filter}} <- Guards, {Op, A, B, Exact} <- compared(Filter, N, Tree, true)],
    case lists:usort([{G1, G2} || {_, _, {G1, _}, {G2, _}, _} <- Found]) of
        [] -> {none, []};
        [_] -> {ok, Found};
        Pairs ->
            Generators = lists:append([[G1, G2] || {G1, G2} <- Pairs]),
            case length(lists:usort(Generators)) =:= length(Generators) of
                true -> {too_many_joins, []};
                false -> {too_complex_join, []}
            end
    end.

compared({op, _, Op, Left, Right}, N, Tree, Exact) when Op =:= '=:='; Op =:= '==' ->
    case {column(Left, N, Tree), column(Right, N, Tree)} of
        {{G1, _} = A, {G2, _} = B} when G1 < G2 -> [{Op, A, B, Exact}];
        {{G1, _} = A, {G2, _} = B} when G1 > G2 -> [{Op, B, A, Exact}];
        _ -> []
    end;
compared({op, _, Op, Left, Right}, N, Tree, _) when Op =:= 'and'; Op =:= 'andalso' ->
    compared(Left, N, Tree, false) ++ compared(Right, N, Tree, false);
compared(_, _, _, _) -> [].

%% The element of a generator's objects that an expression stands for.
column({var, _, V}, N, Tree) ->
    case owner(V, scope(N, Tree)) of
        G when is_integer(G) ->
            {Elems, _} = elements(proplists:get_value(G, generators(Tree))),
            case is_list(Elems) andalso [P || {P, {var, _, W}} <- lists:zip(lists:seq(1, length(Elems)), Elems), V =:= W] of
                [P | _] -> {G, P};
                _ -> none
            end;
        _ -> none
    end;
column(Expr, N, Tree) ->
    case element_of(Expr) of
        {Position, V} when Position > 0 ->
            case owner(V, scope(N, Tree)) of
                G when is_integer(G) ->
                    {_, Whole} = elements(proplists:get_value(G, generators(Tree))),
                    case lists:member(V, Whole) of
                        true -> {G, Position};
                        false -> none
                    end;
                _ -> none
            end;
        none -> none;
        _ -> none
    end.

%% @doc What the compiler warns of.
doubts(Tree) ->
    [nomatch_pattern || lists:any(fun({_, Pattern}) -> never(Pattern) end, generators(Tree))]
        ++ case joins(Tree, #{}) of
               {Reason, []} when Reason =/= none -> [Reason];
               _ -> []
           end.

%% @doc Whether a pattern asks for two things that are never the same.
never({match, _, Left, Right}) -> differ(Left, Right) orelse never(Left) orelse never(Right);
never(Tuple) when is_tuple(Tuple) -> never(tuple_to_list(Tuple));
never([Head | Tail]) -> never(Head) orelse never(Tail);
never(_) -> false.

differ({var, _, _}, _) -> false;
differ(_, {var, _, _}) -> false;
differ({match, _, Left, Right}, Other) -> differ(Left, Other) orelse differ(Right, Other);
differ(Other, {match, _, Left, Right}) -> differ(Left, Other) orelse differ(Right, Other);
differ({tuple, _, Elems1}, {tuple, _, Elems2}) ->
    length(Elems1) =/= length(Elems2)
        orelse lists:any(fun({Left, Right}) -> differ(Left, Right) end, lists:zip(Elems1, Elems2));
differ({cons, _, Head1, Tail1}, {cons, _, Head2, Tail2}) -> differ(Head1, Head2) orelse differ(Tail1, Tail2);
differ({cons, _, _, _}, {string, _, [_ | _]}) -> false;
differ({string, _, [_ | _]}, {cons, _, _, _}) -> false;
differ({bin, _, _}, {bin, _, _}) -> false;
differ({map, _, _}, {map, _, _}) -> false;
differ({op, _, _, _, _}, _) -> false;
differ(_, {op, _, _, _, _}) -> false;
differ(Left, Right) ->
    case {constant(Left), constant(Right)} of
        {{ok, Value1}, {ok, Value2}} -> Value1 =/= Value2;
        _ -> true
    end.
