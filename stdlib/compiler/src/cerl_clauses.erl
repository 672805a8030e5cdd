%%% Clauses of Core Erlang: which of them can be chosen, as far as that is known when the program is not running.
-module(cerl_clauses).

-export([any_catchall/1, eval_guard/1, is_catchall/1, match/2, match_list/2, reduce/1, reduce/2]).

-export_type([bindings/0]).

%% Variables of a pattern, the last first, with what they stand for.
-type bindings() :: [{cerl:cerl(), expr()}].
-type expr() :: any | cerl:cerl().
-type match() :: none | {true, bindings()} | {false, bindings()}.

%% @doc Whether a clause fits whatever comes: its patterns are variables, and its guard holds.
-spec is_catchall(cerl:c_clause()) -> boolean().
is_catchall(Clause) ->
    lists:all(fun cerl:is_c_var/1, cerl:clause_pats(Clause)) andalso is_true(cerl:clause_guard(Clause)).

is_true(Guard) ->
    eval_guard(Guard) =:= {value, true}.

%% @doc Whether one of some clauses does.
-spec any_catchall([cerl:c_clause()]) -> boolean().
any_catchall(Clauses) ->
    lists:any(fun is_catchall/1, Clauses).

%% @doc The value of a guard, where it can be seen without evaluating anything.
-spec eval_guard(cerl:cerl()) -> none | {value, term()}.
eval_guard(Expr) ->
    case cerl:type(Expr) of
        literal -> {value, cerl:concrete(Expr)};
        values -> eval_single(cerl:values_es(Expr));
        seq -> eval_guard(cerl:seq_body(Expr));
        'try' -> eval_try(cerl:try_vars(Expr), cerl:try_body(Expr), eval_guard(cerl:try_arg(Expr)));
        _ -> none
    end.

eval_single([Expr]) -> eval_guard(Expr);
eval_single(_) -> none.

eval_try(_Vars, _Body, none) ->
    none;
eval_try([Var], Body, Value) ->
    case cerl:is_c_var(Body) andalso cerl:var_name(Body) =:= cerl:var_name(Var) of
        true -> Value;
        false -> eval_guard(Body)
    end;
eval_try(_Vars, Body, _Value) ->
    eval_guard(Body).

%% @doc Whether a pattern fits an expression: not at all, certainly, or perhaps.
-spec match(cerl:cerl(), expr()) -> match().
match(Pattern, Expr) ->
    match(Pattern, Expr, {true, []}).

%% @doc The same for as many patterns as expressions.
-spec match_list([cerl:cerl()], [expr()]) -> match().
match_list(Patterns, Exprs) ->
    match_all(Patterns, Exprs, {true, []}).

match_all([Pattern | Patterns], [Expr | Exprs], Known) ->
    case match(Pattern, Expr, Known) of
        none -> none;
        Matched -> match_all(Patterns, Exprs, Matched)
    end;
match_all([], [], Known) ->
    Known.

match(Pattern, Expr, {IsCertain, Bindings} = Known) ->
    case cerl:type(Pattern) of
        var ->
            {IsCertain, [{Pattern, Expr} | Bindings]};
        alias ->
            match(cerl:alias_pat(Pattern), Expr, {IsCertain, [{cerl:alias_var(Pattern), Expr} | Bindings]});
        binary ->
            match_binary(Pattern, Expr, Known);
        _ ->
            case Expr =/= any andalso cerl:is_data(Expr) of
                true -> match_data(Pattern, Expr, Known);
                false -> perhaps(cerl:data_es(Pattern), Known)
            end
    end.

match_data(Pattern, Expr, Known) ->
    case {cerl:data_type(Pattern), cerl:data_arity(Pattern)} =:= {cerl:data_type(Expr), cerl:data_arity(Expr)} of
        true -> match_all(cerl:data_es(Pattern), cerl:data_es(Expr), Known);
        false -> none
    end.

%% What is built of other terms is no bit string.
match_binary(Pattern, Expr, Known) ->
    Sizes = [cerl:bitstr_val(Segment) || Segment <- cerl:binary_segments(Pattern)],
    case Expr =/= any andalso cerl:is_data(Expr) andalso cerl:data_type(Expr) of
        {atomic, Bits} when is_bitstring(Bits) -> perhaps(Sizes, Known);
        false -> perhaps(Sizes, Known);
        _ -> none
    end.

%% The variables of the parts are bound to something.
perhaps(Patterns, {_, Bindings}) ->
    {_, More} = lists:foldl(fun(Pattern, Known) -> match(Pattern, any, Known) end, {false, Bindings}, Patterns),
    {false, More}.

%% @doc The clauses of a list that can be chosen, as reduce/2 gives them, if nothing is known of the values.
-spec reduce([cerl:c_clause()]) -> {true, {cerl:c_clause(), bindings()}} | {false, [cerl:c_clause()]}.
reduce(Clauses) ->
    reduce(Clauses, []).

%% @doc The clause that is certainly chosen for some values, with what its variables stand for; or those that may be.
-spec reduce([cerl:c_clause()], [expr()]) ->
          {true, {cerl:c_clause(), bindings()}} | {false, [cerl:c_clause()]}.
reduce(Clauses, Exprs) ->
    reduce(Clauses, Exprs, []).

reduce([Clause | Clauses], Exprs, Kept) ->
    Patterns = cerl:clause_pats(Clause),
    Given = case Exprs of
                [] -> [any || _ <- Patterns];
                _ -> Exprs
            end,
    case match_list(Patterns, Given) of
        none ->
            reduce(Clauses, Exprs, Kept);
        {false, _} ->
            reduce(Clauses, Exprs, [Clause | Kept]);
        {true, Bindings} ->
            case eval_guard(cerl:clause_guard(Clause)) of
                {value, true} when Kept =:= [] -> {true, {Clause, Bindings}};
                {value, true} -> {false, lists:reverse([Clause | Kept])};
                {value, false} -> reduce(Clauses, Exprs, Kept);
                _ -> reduce(Clauses, Exprs, [Clause | Kept])
            end
    end;
reduce([], _Exprs, Kept) ->
    {false, lists:reverse(Kept)}.
