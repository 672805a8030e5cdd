%%% The compile-time side of qlc: a list comprehension as the argument of qlc:q/1,2 becomes a term that
%%% describes it.
%%%
%%% The term is {qlc_lc, fun() -> {lc, Qualifiers, Template, Code} end, undefined}. While a query runs,
%%% the variables bound so far are a list of their values, newest first. A qualifier is
%%%   {generate, Match, Source, Name, Info}  Match takes an object and that list, and gives the new list,
%%%                                          or false
%%%   {filter, Test, Facts}                  Test takes that list and gives a boolean
%%% and Template takes the list and gives the answer. Info and Facts say what can be looked up or joined.
-module(swerl_qlc_transform).

-export([forms/2, expr/2]).

%% @doc The forms of a module with its queries rewritten; [{File, [Error]}] in what is thrown.
forms(Forms, Options) ->
    {Rewritten, {_, Errors}} = lists:mapfoldl(fun form/2, {"nofile", []}, Forms),
    case Errors of
        [] ->
            Rewritten;
        _ ->
            %% The program is not compiled then: what else is wrong with it is said here.
            Own = [{File, [Error]} || {File, Error} <- lists:reverse(Errors)],
            case erl_lint:module(Forms, "nofile", Options) of
                {error, Others, Warnings} -> {error, Others ++ Own, Warnings};
                {ok, Warnings} -> {error, Own, Warnings}
            end
    end.

form({attribute, _, file, {File, _}} = Form, {_, Errors}) ->
    {Form, {File, Errors}};
form({function, _, _, _, _} = Form, {File, Errors}) ->
    case collect(Form) of
        {Rewritten, []} -> {Rewritten, {File, Errors}};
        {Rewritten, New} -> {Rewritten, {File, [{File, Error} || Error <- New] ++ Errors}}
    end;
form(Form, State) ->
    {Form, State}.

%% {Form, Errors}, the last error first.
collect(Form) ->
    Own = make_ref(),
    put(Own, []),
    Rewritten = walk(Form, fun(Error) -> put(Own, [Error | get(Own)]) end),
    {Rewritten, erase(Own)}.

%% @doc The expression for a comprehension; what is wrong is thrown as {qlc_error, {Location, qlc, Error}}.
expr({lc, _, _, _} = Lc, _Options) ->
    query(walk(Lc, fun fail/1)).

fail(Error) -> throw({qlc_error, Error}).

%% Rewrites the queries within a tree, inner ones first.
walk({call, A, {remote, _, {atom, _, qlc}, {atom, _, q}} = Call, [Arg0 | Rest0]} = Whole, Report)
  when Rest0 =:= []; length(Rest0) =:= 1 ->
    Rest = walk(Rest0, Report),
    case Arg0 of
        {lc, _, _, _} ->
            try query(walk(Arg0, Report)) of
                Query -> {call, A, Call, [Query | Rest]}
            catch
                throw:{qlc_error, Error} -> Report(Error), Whole
            end;
        _ ->
            Report({A, qlc, not_a_query_list_comprehension}),
            Whole
    end;
walk(Tuple, Report) when is_tuple(Tuple) -> list_to_tuple(walk(tuple_to_list(Tuple), Report));
walk([Head | Tail], Report) -> [walk(Head, Report) | walk(Tail, Report)];
walk(Term, _) -> Term.

%%% One comprehension.

query({lc, A, Template, Qualifiers} = Lc) ->
    {Items, Env} = qualifiers(Qualifiers, [], [], 1),
    Code = erl_parse:abstract(without_places(Lc), [{location, erl_anno:location(A)}]),
    Body = {tuple, A, [{atom, A, lc}, list(Items, A), fun_of([env(Env, Template, A)], Template, A), Code]},
    {tuple, A, [{atom, A, qlc_lc}, {'fun', A, {clauses, [{clause, A, [], [], [Body]}]}}, {atom, A, undefined}]}.

%% The comprehension as a term for qlc:info/1, without the queries rewritten in it.
without_places({lc, _, Template, Qualifiers}) -> {lc, erl_anno:new(0), plain(Template), plain(Qualifiers)}.

plain({tuple, _, [{atom, _, qlc_lc}, {'fun', _, {clauses, [{clause, _, [], [], [{tuple, _, [_, _, _, _]}]}]}}, _]}) ->
    {atom, 0, '...'};
plain({string, A, S}) -> {string, place(A), S};
plain(Tuple) when is_tuple(Tuple), tuple_size(Tuple) >= 2, is_atom(element(1, Tuple)) ->
    [Kind, Anno | Rest] = tuple_to_list(Tuple),
    case erl_anno:is_anno(Anno) of
        true -> list_to_tuple([Kind, place(Anno) | [plain(Part) || Part <- Rest]]);
        false -> list_to_tuple([plain(Part) || Part <- [Kind, Anno | Rest]])
    end;
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Term) -> Term.

place(_) -> 0.

list([Head | Tail], A) -> {cons, A, Head, list(Tail, A)};
list([], A) -> {nil, A}.

qualifiers([{generate, A, Pattern, Source} | Qualifiers], Env, Generated, N) ->
    _ = [fail({element(2, Source), qlc, {used_generator_variable, V}}) || V <- variables(Source),
                                                                      lists:member(V, Generated)],
    New = [V || V <- variables(Pattern), V =/= '_'],
    Env1 = New ++ Env,
    {Items, Last} = qualifiers(Qualifiers, Env1, New ++ Generated, N + 1),
    Item = {tuple, A, [{atom, A, generate}, match_fun(Pattern, New, A), Source, {integer, A, N},
                       pattern_info(Pattern, length(New), A)]},
    {[Item | Items], Last};
qualifiers([{b_generate, A, _, _} | _], _, _, _) ->
    fail({A, qlc, binary_generator});
qualifiers([Filter | Qualifiers], Env, Generated, N) ->
    A = element(2, Filter),
    {Items, Last} = qualifiers(Qualifiers, Env, Generated, N),
    Item = {tuple, A, [{atom, A, filter}, filter_fun(Filter, Env, A), filter_info(Filter, Env, A)]},
    {[Item | Items], Last};
qualifiers([], Env, _, _) ->
    {[], Env}.

fun_of(Patterns, Body, A) -> {'fun', A, {clauses, [{clause, A, Patterns, [], [Body]}]}}.

%% fun(Pattern, Env) -> [New | Env]; (_, _) -> false end, whose second clause is not there where the first always
%% matches.
match_fun(Pattern, New, A) ->
    EnvVar = {var, A, '__QlcEnv'},
    Result = lists:foldr(fun(V, Tail) -> {cons, A, {var, A, V}, Tail} end, EnvVar, New),
    {'fun', A, {clauses, [{clause, A, [Pattern, EnvVar], [], [Result]}
                          | [{clause, generated(A), [{var, A, '_'}, {var, A, '_'}], [], [{atom, A, false}]}
                             || element(1, Pattern) =/= var]]}}.

%% A guard that fails is false; another filter must be a boolean.
filter_fun(Filter, Env, A) ->
    Pattern = env(Env, Filter, A),
    case erl_lint:is_guard_test(Filter) of
        true ->
            {'fun', A, {clauses, [{clause, A, [Pattern], [[Filter]], [{atom, A, true}]},
                                  {clause, generated(A), [{var, A, '_'}], [], [{atom, A, false}]}]}};
        false ->
            fun_of([Pattern], {'case', A, Filter,
                               [{clause, generated(A), [{atom, A, true}], [], [{atom, A, true}]},
                                {clause, generated(A), [{atom, A, false}], [], [{atom, A, false}]}]}, A)
    end.

%% A clause that nobody wrote is nothing to warn of.
generated(A) -> erl_anno:set_generated(true, A).

%% The list of values as a pattern that binds what an expression uses.
env(Env, Expr, A) -> env(Env, variables(Expr), [], A).

env([V | Env], Used, Seen, A) ->
    Name = case lists:member(V, Used) andalso not lists:member(V, Seen) of
               true -> V;
               false -> '_'
           end,
    {cons, A, {var, A, Name}, env(Env, Used, [V | Seen], A)};
env([], _, _, A) -> {nil, A}.

%% The names of variables in a tree, each once.
variables(Tree) -> lists:usort(variables(Tree, [])).

variables({var, _, '_'}, Acc) -> Acc;
variables({var, _, Name}, Acc) -> [Name | Acc];
variables(Tuple, Acc) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple), Acc);
variables([Head | Tail], Acc) -> variables(Tail, variables(Head, Acc));
variables(_, Acc) -> Acc.

%%% What is known of patterns and filters.

%% {ElementVariables, Constants, Bound}: of a pattern that is a tuple, [{Variable, Position}] and
%% [{Position, Value}]; and how many variables it binds. As the code of a term.
pattern_info({tuple, _, Elems}, Bound, A) ->
    Numbered = lists:zip(lists:seq(1, length(Elems)), Elems),
    Vars = [{tuple, A, [{atom, A, V}, {integer, A, N}]} || {N, {var, _, V}} <- Numbered, V =/= '_'],
    Consts = [{tuple, A, [{integer, A, N}, Elem]} || {N, Elem} <- Numbered, variables(Elem) =:= [],
                                                      is_constant(Elem)],
    {tuple, A, [list(Vars, A), list(Consts, A), {integer, A, Bound}]};
pattern_info({match, _, {var, _, _}, Pattern}, Bound, A) -> pattern_info(Pattern, Bound, A);
pattern_info({match, _, Pattern, {var, _, _}}, Bound, A) -> pattern_info(Pattern, Bound, A);
pattern_info(_, Bound, A) -> {tuple, A, [{nil, A}, {nil, A}, {integer, A, Bound}]}.

is_constant({var, _, _}) -> false;
is_constant({match, _, _, _}) -> false;
is_constant({bin, _, _}) -> false;
is_constant({map, _, _}) -> false;
is_constant(Tuple) when is_tuple(Tuple) -> lists:all(fun is_constant/1, tuple_to_list(Tuple));
is_constant([Head | Tail]) -> is_constant(Head) andalso is_constant(Tail);
is_constant(_) -> true.

%% {lookup, Variable, Operator, Values}, {join, Variable1, Operator, Variable2} or none, as code.
filter_info({op, _, Op, {var, _, V}, {var, _, W}} = Filter, Env, A) when Op =:= '=:='; Op =:= '==' ->
    case {lists:member(V, Env), lists:member(W, Env)} of
        {true, true} -> {tuple, A, [{atom, A, join}, {atom, A, V}, {atom, A, Op}, {atom, A, W}]};
        _ -> lookup_info(Filter, Env, A)
    end;
filter_info(Filter, Env, A) ->
    lookup_info(Filter, Env, A).

lookup_info(Filter, Env, A) ->
    case equalities(Filter, Env) of
        {V, Op, Values} ->
            {tuple, A, [{atom, A, lookup}, {atom, A, V}, {atom, A, Op}, list(Values, A)]};
        none -> {atom, A, none}
    end.

%% A filter that says that a variable has one of some values.
equalities({op, _, Op, L, R}, Env) when Op =:= '=:='; Op =:= '==' ->
    case {L, R} of
        {{var, _, V}, _} -> equality(V, Op, R, Env, L);
        {_, {var, _, V}} -> equality(V, Op, L, Env, R);
        _ -> none
    end;
equalities({op, _, Or, L, R}, Env) when Or =:= 'orelse'; Or =:= 'or' ->
    case {equalities(L, Env), equalities(R, Env)} of
        {{V, Op, Values1}, {V, Op, Values2}} -> {V, Op, Values1 ++ Values2};
        _ -> none
    end;
equalities(_, _) -> none.

%% The value may use what is bound outside of the comprehension.
equality(V, Op, Value, Env, Var) ->
    IsBound = lists:member(V, Env),
    Uses = [W || W <- variables(Value), lists:member(W, Env)],
    case {IsBound, Uses, Value} of
        {true, [], _} ->
            case is_safe(Value) of
                true -> {V, Op, [Value]};
                false -> none
            end;
        {false, [W], {var, _, W}} -> {W, Op, [Var]};
        _ -> none
    end.

%% Whether to evaluate a value ahead of time can do no harm.
is_safe({var, _, _}) -> true;
is_safe({Kind, _, _}) when Kind =:= atom; Kind =:= integer; Kind =:= float; Kind =:= string; Kind =:= char -> true;
is_safe({nil, _}) -> true;
is_safe({cons, _, Head, Tail}) -> is_safe(Head) andalso is_safe(Tail);
is_safe({tuple, _, Elems}) -> lists:all(fun is_safe/1, Elems);
is_safe(_) -> false.
