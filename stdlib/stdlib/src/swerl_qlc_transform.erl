%%% The compile-time side of qlc: a list comprehension as the argument of qlc:q/1,2 becomes a term that
%%% describes it.
%%%
%%% The term is {qlc_lc, fun() -> {lc, Items, Template, Tree, Imports} end, undefined}. Items has the qualifiers,
%%% numbered from 1. While a query runs, what they have bound so far is a tuple with a place for each qualifier, which
%%% holds the list of the values of its variables:
%%%   {generate, Match, Source}  Match takes an object and that tuple, and gives the values, or false
%%%   {filter, Test}             Test takes the tuple and gives the values (of variables bound in a filter), or false
%%% Template takes the tuple and gives the answer. Tree is the comprehension as swerl_qlc_tree reads it, for finding a plan
%%% and for qlc:info/1,2; Imports has the values of variables from outside that conditions and the template use.
-module(swerl_qlc_transform).

-export([forms/2, expr/2]).

%% @doc The forms of a module with its queries rewritten; what is wrong or doubtful as the compiler wants it.
forms(Forms, Options) ->
    {Shadowed, Linted} = linted(erl_lint:module(Forms, "nofile", Options)),
    Records = records(Forms),
    {Rewritten, {_, Errors, Warnings}} = lists:mapfoldl(fun(Form, State) -> form(Form, Records, Shadowed, State) end,
                                                        {"nofile", [], []}, Forms),
    Own = [{File, [Warning]} || {File, Warning} <- lists:reverse(Warnings)],
    case {Errors, Linted} of
        {[], {ok, _}} when Own =:= [] -> Rewritten;
        {[], {ok, _}} -> {warning, Rewritten, Own};
        {[], _} -> Forms;
        {_, _} ->
            %% The program is not compiled then: what else is wrong with it is said here.
            Wrong = [{File, [Error]} || {File, Error} <- lists:reverse(Errors)],
            case Linted of
                {error, Others, LintWarnings} -> {error, Others ++ Wrong, LintWarnings};
                {ok, LintWarnings} -> {error, Wrong, LintWarnings}
            end
    end.

%% The places of variables in patterns of generators that shadow others, and all that lint says.
linted(Linted) ->
    Warnings = element(tuple_size(Linted), Linted),
    {maps:from_list([{{Location, V}, true} || {_, Infos} <- Warnings,
                                              {Location, _, {shadowed_var, V, generate}} <- Infos]), Linted}.

records(Forms) ->
    maps:from_list([{Name, [field(Field) || Field <- Fields]} || {attribute, _, record, {Name, Fields}} <- Forms]).

field({typed_record_field, Field, _}) -> field(Field);
field({record_field, _, {atom, _, Name}}) -> {Name, {atom, 0, undefined}};
field({record_field, _, {atom, _, Name}, Default}) -> {Name, Default}.

form({attribute, _, file, {File, _}} = Form, _, _, {_, Errors, Warnings}) ->
    {Form, {File, Errors, Warnings}};
form({function, _, _, _, _} = Form, Records, Shadowed, {File, Errors, Warnings}) ->
    Own = make_ref(),
    put(Own, []),
    Rewritten = walk(Form, {Records, Shadowed, fun(Said) -> put(Own, [Said | get(Own)]) end}),
    Said = erase(Own),
    {Rewritten, {File, [{File, Error} || {error, Error} <- Said] ++ Errors,
                 [{File, Warning} || {warning, Warning} <- Said] ++ Warnings}};
form(Form, _, _, State) ->
    {Form, State}.

%% @doc The expression for a comprehension; what is wrong is thrown as {qlc_error, {Location, qlc, Error}}.
expr({lc, A, _, _} = Lc, _Options) ->
    Context = {#{}, #{}, fun({error, Error}) -> throw({qlc_error, Error}); ({warning, _}) -> ok end},
    query(Lc, walk(Lc, Context), A, Context).

fail(Error) -> throw({qlc_error, Error}).

%% Rewrites the queries within a tree, inner ones first.
walk({call, A, {remote, _, {atom, _, qlc}, {atom, _, q}} = Call, [Arg0 | Rest0]} = Whole, {_, _, Report} = Context)
  when Rest0 =:= []; length(Rest0) =:= 1 ->
    Rest = walk(Rest0, Context),
    case Arg0 of
        {lc, _, _, _} ->
            try query(Arg0, walk(Arg0, Context), A, Context) of
                Query -> {call, A, Call, [Query | Rest]}
            catch
                throw:{qlc_error, Error} -> Report({error, Error}), Whole
            end;
        _ ->
            Report({error, {A, qlc, not_a_query_list_comprehension}}),
            Whole
    end;
walk(Tuple, Context) when is_tuple(Tuple) -> list_to_tuple(walk(tuple_to_list(Tuple), Context));
walk([Head | Tail], Context) -> [walk(Head, Context) | walk(Tail, Context)];
walk(Term, _) -> Term.

%%% One comprehension: as it stands, and with the queries within it rewritten.

query({lc, A, _, Qualifiers0} = Lc, {lc, A, _, _} = Lc0, CallPlace, {Records, Shadowed, Report}) ->
    _ = generators(Qualifiers0, []),
    Tree = swerl_qlc_tree:tree(Lc, Records, fun(Filter) -> is_guard(Filter, Records) end),
    Doubts = swerl_qlc_tree:doubts(Tree),
    {lc, _, Template, Qualifiers} = renamed(Lc0, A, Shadowed, Report),
    Scopes = scopes(Qualifiers, Template),
    {Items, Env} = items(Qualifiers, Scopes, length(Qualifiers), A, Records),
    TemplateFun = fun_of([env(Env, variables(Template), length(Qualifiers), A)], Template, A),
    _ = [Report({warning, {case Doubt of nomatch_pattern -> A; _ -> CallPlace end, qlc, Doubt}})
         || Doubt <- Doubts],
    Imports = list([{tuple, A, [{atom, A, V}, {var, A, V}]} || V <- swerl_qlc_tree:imports(Tree)], A),
    Code = erl_parse:abstract(Tree, [{location, erl_anno:location(A)}]),
    Body = {tuple, A, [{atom, A, lc}, list(Items, A), TemplateFun, Code, Imports]},
    {tuple, A, [{atom, A, qlc_lc}, {'fun', A, {clauses, [{clause, A, [], [], [Body]}]}}, {atom, A, undefined}]}.

%% The sources of generators stand by themselves.
generators([{generate, _, Pattern, Source} | Qualifiers], Generated) ->
    _ = [fail({place(V, Source), qlc, {used_generator_variable, V}}) || V <- free(Source), lists:member(V, Generated)],
    generators(Qualifiers, variables(Pattern) ++ Generated);
generators([{b_generate, A, _, _} | _], _) -> fail({A, qlc, binary_generator});
generators([_ | Qualifiers], Generated) -> generators(Qualifiers, Generated);
generators([], _) -> ok.

%% Where a variable stands first.
place(V, Source) -> hd(places(V, Source, [])).

places(V, {var, A, V}, Acc) -> Acc ++ [A];
places(V, Tuple, Acc) when is_tuple(Tuple) -> places(V, tuple_to_list(Tuple), Acc);
places(V, [Head | Tail], Acc) -> places(V, Tail, places(V, Head, Acc));
places(_, _, Acc) -> Acc.

%% A variable of a generator that shadows one from outside gets a name of its own, since it is going to be the argument of a fun;
%% what lint says of that is said here.
renamed({lc, A, _, Qualifiers} = Lc, A, Shadowed, Report) ->
    Found = [{V, Place} || {generate, _, Pattern, _} <- Qualifiers, {V, Place} <- occurrences(Pattern),
                           is_map_key({erl_anno:location(Place), V}, Shadowed)],
    _ = [Report({warning, {Place, erl_lint, {shadowed_var, V, generate}}}) || {V, Place} <- Found],
    lists:foldl(fun(V, Acc) -> rename_after(V, Acc) end, Lc, lists:usort([V || {V, _} <- Found])).

occurrences(Pattern) -> [{V, hd(places(V, Pattern, []))} || V <- variables(Pattern)].

%% From the generator on that binds it; sources are looked at with the name from outside.
rename_after(V, {lc, A, Template, Qualifiers}) ->
    New = list_to_atom("qlc " ++ atom_to_list(V)),
    {Before, After} = lists:splitwith(fun({generate, _, Pattern, _}) -> not lists:member(V, variables(Pattern));
                                         (_) -> true
                                      end, Qualifiers),
    {lc, A, rename(V, New, Template),
     Before ++ [case Qualifier of
                    {generate, B, Pattern, Source} -> {generate, B, rename(V, New, Pattern), Source};
                    Filter -> rename(V, New, Filter)
                end || Qualifier <- After]}.

rename(V, New, {var, A, V}) -> {var, A, New};
rename(V, New, Tuple) when is_tuple(Tuple) -> list_to_tuple(rename(V, New, tuple_to_list(Tuple)));
rename(V, New, [Head | Tail]) -> [rename(V, New, Head) | rename(V, New, Tail)];
rename(_, _, Term) -> Term.

list([Head | Tail], A) -> {cons, A, Head, list(Tail, A)};
list([], A) -> {nil, A}.

%% For each qualifier the variables that later ones use.
scopes(Qualifiers, Template) ->
    {Scopes, _} = lists:mapfoldr(fun(Qualifier, Used) -> {Used, lists:usort(used(Qualifier) ++ Used)} end,
                                 variables(Template), Qualifiers),
    Scopes.

used({generate, _, Pattern, _}) -> swerl_qlc_tree:sizes(Pattern);
used(Filter) -> variables(Filter).

items(Qualifiers, Scopes, Size, A, Records) ->
    {Items, {Env, _}} =
        lists:mapfoldl(fun({Qualifier, Later}, {Env, N}) ->
                               {Item, New} = item(Qualifier, Later, Env, Size, A, Records),
                               {Item, {[{N, New} | Env], N + 1}}
                       end, {[], 1}, lists:zip(Qualifiers, Scopes)),
    {Items, Env}.

item({generate, B, Pattern, Source}, Later, Env, Size, A, _) ->
    New = [V || V <- variables(Pattern) -- swerl_qlc_tree:sizes(Pattern), lists:member(V, Later)],
    {{tuple, B, [{atom, B, generate}, match_fun(Pattern, New, env(Env, swerl_qlc_tree:sizes(Pattern), Size, A), B), Source]},
     New};
item(Filter, Later, Env, Size, A, Records) ->
    New = [V || V <- bound(Filter), lists:member(V, Later), not lists:any(fun({_, Vs}) -> lists:member(V, Vs) end, Env)],
    B = element(2, Filter),
    Test = filter_fun(Filter, New, env(Env, variables(Filter), Size, B), is_guard(Filter, Records), A),
    {{tuple, B, [{atom, B, filter}, Test]}, New}.

fun_of(Patterns, Body, A) -> {'fun', A, {clauses, [{clause, A, Patterns, [], [Body]}]}}.

%% fun(Pattern, Env) -> New; (_, _) -> false end. The second clause is not there where the first always matches, and the
%% first not where it never does: the compiler would say once more what is said here.
match_fun(Pattern, New, Env, A) ->
    Taken = {clause, A, [Pattern, Env], [], [list([{var, A, V} || V <- New], A)]},
    Refused = {clause, generated(A), [{var, A, '_'}, {var, A, '_'}], [], [{atom, A, false}]},
    {'fun', A, {clauses, [Taken || not swerl_qlc_tree:never(Pattern)] ++ [Refused || element(1, Pattern) =/= var]}}.

%% A guard that fails is false; another filter must be a boolean.
filter_fun(Filter, _, Env, true, A) ->
    {'fun', A, {clauses, [{clause, A, [Env], [[Filter]], [{nil, A}]},
                          {clause, generated(A), [{var, A, '_'}], [], [{atom, A, false}]}]}};
filter_fun(Filter, New, Env, false, A) ->
    fun_of([Env], {'case', A, Filter,
                   [{clause, generated(A), [{atom, A, true}], [], [list([{var, A, V} || V <- New], A)]},
                    {clause, generated(A), [{atom, A, false}], [], [{atom, A, false}]}]}, A).

is_guard(Filter, Records) ->
    Forms = [{attribute, 0, record, {Name, [{record_field, 0, {atom, 0, Field}} || {Field, _} <- Fields]}}
             || {Name, Fields} <- maps:to_list(Records)],
    erl_lint:is_guard_test(Filter, Forms).

%% A clause that nobody wrote is nothing to warn of.
generated(A) -> erl_anno:set_generated(true, A).

%% The tuple of values as a pattern that binds those that are used: each as the last qualifier that has it.
env(Env, Used, Size, A) ->
    {tuple, A, [place_of(proplists:get_value(N, Env, []), later(N, Env), Used, A) || N <- lists:seq(1, Size)]}.

place_of(Vars, Later, Used, A) ->
    Names = [case lists:member(V, Used) andalso not lists:member(V, Later) of
                 true -> V;
                 false -> '_'
             end || V <- Vars],
    case lists:all(fun(Name) -> Name =:= '_' end, Names) of
        true -> {var, A, '_'};
        false -> list([{var, A, Name} || Name <- Names], A)
    end.

later(N, Env) -> lists:append([Vars || {M, Vars} <- Env, M > N]).

%% The names of variables in a tree, each once.
variables(Tree) -> swerl_qlc_tree:variables(Tree).

%% Those of a source that are not bound within it.
free(Source) -> variables(Source) -- inner(Source).

inner({'fun', _, {clauses, Clauses}}) -> heads(Clauses);
inner({named_fun, _, Name, Clauses}) -> [Name | heads(Clauses)];
inner({Kind, _, Template, Qualifiers}) when Kind =:= lc; Kind =:= bc ->
    lists:append([variables(Pattern) || {Generate, _, Pattern, _} <- Qualifiers,
                                        Generate =:= generate orelse Generate =:= b_generate])
        ++ inner([Template | Qualifiers]);
inner(Tuple) when is_tuple(Tuple) -> inner(tuple_to_list(Tuple));
inner([Head | Tail]) -> inner(Head) ++ inner(Tail);
inner(_) -> [].

heads(Clauses) -> lists:append([variables(Patterns) ++ inner(Body) || {clause, _, Patterns, _, Body} <- Clauses]).

%% The variables that a filter may bind.
bound({match, _, Pattern, Expr}) -> lists:usort(variables(Pattern) ++ bound(Expr));
bound({clause, _, Patterns, _, Body}) -> lists:usort(variables(Patterns) ++ bound(Body));
bound({Kind, _, _, _}) when Kind =:= lc; Kind =:= bc -> [];
bound({Kind, _, _}) when Kind =:= 'fun' -> [];
bound({named_fun, _, _, _}) -> [];
bound({'try', _, _, _, _, _}) -> [];
bound({'catch', _, _}) -> [];
bound(Tuple) when is_tuple(Tuple) -> bound(tuple_to_list(Tuple));
bound([Head | Tail]) -> lists:usort(bound(Head) ++ bound(Tail));
bound(_) -> [].
