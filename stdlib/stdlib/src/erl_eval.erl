%%% The evaluator of Erlang's abstract format: what the shell, `-eval', escripts and `file:eval'
%%% run expressions with.
%%%
%%% Patterns are matched in `swerl_erl_eval_pattern', binaries are built and taken apart in `eval_bits'.
%%% Invariants: an expression is evaluated in tail position with respect to its caller when only
%%% its value is wanted (`RBs =:= value'), so that an interpreted loop runs in constant space; and
%%% an exception is raised in the function whose name users see at that place in OTP's traces.
-module(erl_eval).

-export([exprs/2, exprs/3, exprs/4, expr/2, expr/3, expr/4, expr/5,
         expr_list/2, expr_list/3, expr_list/4,
         new_bindings/0, bindings/1, binding/2, add_binding/3, del_binding/2,
         check_command/2, fun_data/1, match_clause/4,
         is_constant_expr/1, partial_eval/1, eval_str/1,
         extended_parse_exprs/1, extended_parse_term/1]).

%% For swerl_erl_eval_pattern.
-export([merge_bindings/3]).

%% For the funs that this module makes.
-export([eval_fun/2, eval_named_fun/3]).

%% Something has gone wrong: raised in the function at hand, or by the handler of calls.
-define(FAIL(Reason, A, Bs, Ef, RBs),
        case Ef of none -> erlang:error(Reason); _ -> raised(Reason, current_stack(), A, Bs, Ef, RBs) end).

-export_type([binding_struct/0, bindings/0, expression/0, expressions/0,
              local_function_handler/0, non_local_function_handler/0]).

-type expression() :: erl_parse:abstract_expr().
-type expressions() :: [expression()].
-type name() :: term().
-type value() :: term().
-type bindings() :: [{name(), value()}].
-type binding_struct() :: orddict:orddict(name(), value()) | #{name() => value()}.
-type local_function_handler() ::
        {value, fun((atom(), [term()]) -> term()) | fun((erl_anno:anno(), atom(), [term()]) -> term())}
      | {eval, fun((atom(), expressions(), binding_struct()) -> {value, value(), binding_struct()})
             | fun((erl_anno:anno(), atom(), expressions(), binding_struct()) ->
                        {value, value(), binding_struct()})}
      | none.
-type func_spec() :: {module(), atom()} | fun().
-type non_local_function_handler() ::
        {value, fun((func_spec(), [term()]) -> term())
              | fun((erl_anno:anno(), func_spec(), [term()]) -> term())}
      | none.
%% What an interpreted fun closes over.
-type closure() :: {erl_anno:anno(), binding_struct(), local_function_handler(),
                    non_local_function_handler(), map(), [erl_parse:abstract_clause()]}.

%%% Entry points. Without function handlers nothing but plain Erlang can be meant: it is checked first.

%% @doc Evaluates expressions one after the other: {value, Value, Bindings} of the last. Fails where they are wrong.
-spec exprs(expressions(), binding_struct()) -> {value, value(), binding_struct()}.
exprs(Exprs, Bs) ->
    case check_command(Exprs, Bs) of
        ok -> exprs(Exprs, Bs, none, none, none, #{});
        {error, {_, _, Reason}} -> erlang:error(Reason)
    end.

%% @doc The same, with a handler for calls of local functions: {value, Fun}, {eval, Fun} or none.
-spec exprs(expressions(), binding_struct(), local_function_handler()) -> {value, value(), binding_struct()}.
exprs(Exprs, Bs, Lf) ->
    exprs(Exprs, Bs, Lf, none, none, #{}).

%% @doc The same, with a handler for calls of other modules' functions and of funs too: {value, Fun} or none.
-spec exprs(expressions(), binding_struct(), local_function_handler(),
            non_local_function_handler()) -> {value, value(), binding_struct()}.
exprs(Exprs, Bs, Lf, Ef) ->
    exprs(Exprs, Bs, Lf, Ef, none, #{}).

%% @doc Evaluates one expression with bindings: {value, Value, NewBindings}. Fails where it is not valid.
-spec expr(expression(), binding_struct()) -> {value, value(), binding_struct()}.
expr(Expr, Bs) ->
    case check_command([Expr], Bs) of
        ok -> expr(Expr, Bs, none, none, none, #{});
        {error, {_, _, Reason}} -> erlang:error(Reason)
    end.

%% @doc The same, with a handler for calls of local functions, as exprs/3.
-spec expr(expression(), binding_struct(), local_function_handler()) -> {value, value(), binding_struct()}.
expr(Expr, Bs, Lf) ->
    expr(Expr, Bs, Lf, none, none, #{}).

%% @doc The same, with a handler for calls of other modules' functions and of funs too, as exprs/4.
-spec expr(expression(), binding_struct(), local_function_handler(),
           non_local_function_handler()) -> {value, value(), binding_struct()}.
expr(Expr, Bs, Lf, Ef) ->
    expr(Expr, Bs, Lf, Ef, none, #{}).

%% @doc The same; if the last argument is value rather than none, the value alone is the result.
-spec expr(expression(), binding_struct(), local_function_handler(),
           non_local_function_handler(), none | value) ->
          {value, value(), binding_struct()} | value().
expr(Expr, Bs, Lf, Ef, RBs) ->
    expr(Expr, Bs, Lf, Ef, RBs, #{}).

%% @doc Evaluates expressions that do not see each other's bindings: {Values, Bindings}.
-spec expr_list(expressions(), binding_struct()) -> {[value()], binding_struct()}.
expr_list(Es, Bs) ->
    expr_list(Es, Bs, none, none, #{}).

%% @doc The same, with a handler for calls of local functions, as exprs/3.
-spec expr_list(expressions(), binding_struct(), local_function_handler()) -> {[value()], binding_struct()}.
expr_list(Es, Bs, Lf) ->
    expr_list(Es, Bs, Lf, none, #{}).

%% @doc The same, with a handler for calls of other modules' functions and of funs too, as exprs/4.
-spec expr_list(expressions(), binding_struct(), local_function_handler(),
                non_local_function_handler()) -> {[value()], binding_struct()}.
expr_list(Es, Bs, Lf, Ef) ->
    expr_list(Es, Bs, Lf, Ef, #{}).

%% @doc Whether expressions can be evaluated with bindings: ok, or {error, Info} of what is wrong first.
-spec check_command(expressions(), binding_struct()) ->
          ok | {error, {erl_anno:location(), module(), term()}}.
check_command(Exprs, Bs) ->
    case lists:all(fun is_plain_call/1, Exprs) of
        true -> ok;
        false -> lint(Exprs, Bs)
    end.

%% A call of a named function with constants, as command lines have it, has nothing to check.
is_plain_call({call, _, {remote, _, {atom, _, _}, {atom, _, _}}, Args}) ->
    lists:all(fun is_constant/1, Args);
is_plain_call({call, _, {atom, _, Name}, Args}) ->
    erl_internal:bif(Name, length(Args)) andalso lists:all(fun is_constant/1, Args);
is_plain_call(_) ->
    false.

is_constant({atom, _, _}) -> true;
is_constant({integer, _, _}) -> true;
is_constant({string, _, _}) -> true;
is_constant({nil, _}) -> true;
is_constant({cons, _, Head, Tail}) -> is_constant(Head) andalso is_constant(Tail);
is_constant({tuple, _, Elements}) -> lists:all(fun is_constant/1, Elements);
is_constant(_) -> false.

lint(Exprs, Bs) ->
    case erl_lint:exprs(Exprs, bindings(Bs)) of
        {ok, _Warnings} -> ok;
        {error, [{_File, [Error | _]} | _], _Warnings} -> {error, Error}
    end.

%%% Sequences.

exprs([E], Bs, Lf, Ef, RBs, FUVs) ->
    expr(E, Bs, Lf, Ef, RBs, FUVs);
exprs([E | Es], Bs0, Lf, Ef, RBs, FUVs) ->
    {value, _, Bs} = expr(E, Bs0, Lf, Ef, none, FUVs),
    exprs(Es, Bs, Lf, Ef, RBs, FUVs).

%% Sibling subexpressions all see the bindings from before; what they bind is merged.
expr_list(Es, Bs, Lf, Ef, FUVs) ->
    expr_list(Es, [], Bs, Bs, Lf, Ef, FUVs).

expr_list([E | Es], Vs, BsOrig, Bs0, Lf, Ef, FUVs) ->
    {value, V, Bs1} = expr(E, BsOrig, Lf, Ef, none, FUVs),
    expr_list(Es, [V | Vs], BsOrig, merge_bindings(Bs1, Bs0, element(2, E)), Lf, Ef, FUVs);
expr_list([], Vs, _, Bs, _, _, _) ->
    {lists:reverse(Vs), Bs}.

%%% One expression.

%% FUVs caches, by the clauses of each fun met, the variables used in it.
expr({var, A, V}, Bs, _Lf, Ef, RBs, _FUVs) ->
    case binding(V, Bs) of
        {value, Val} -> ret_expr(Val, Bs, RBs);
        unbound -> ?FAIL({unbound, V}, A, Bs, Ef, RBs)
    end;
expr({char, _, C}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(C, Bs, RBs);
expr({integer, _, I}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(I, Bs, RBs);
expr({float, _, F}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(F, Bs, RBs);
expr({atom, _, A}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(A, Bs, RBs);
expr({string, _, S}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(S, Bs, RBs);
expr({nil, _}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr([], Bs, RBs);
expr({value, _, Val}, Bs, _Lf, _Ef, RBs, _FUVs) ->
    ret_expr(Val, Bs, RBs);
expr({cons, A, H0, T0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, H, Bs1} = expr(H0, Bs0, Lf, Ef, none, FUVs),
    {value, T, Bs2} = expr(T0, Bs0, Lf, Ef, none, FUVs),
    ret_expr([H | T], merge_bindings(Bs1, Bs2, A), RBs);
expr({tuple, _, Es}, Bs0, Lf, Ef, RBs, FUVs) ->
    {Vs, Bs} = expr_list(Es, Bs0, Lf, Ef, FUVs),
    ret_expr(list_to_tuple(Vs), Bs, RBs);
expr({map, A, Base, Es}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Map0, Bs1} = expr(Base, Bs0, Lf, Ef, none, FUVs),
    {Fields, Bs2} = eval_map_fields(Es, Bs0, Lf, Ef, FUVs),
    %% Fails for what is not a map, even where there is no field to put in.
    _ = maps:put(k, v, Map0),
    Map = lists:foldl(fun({map_field_assoc, K, V}, M) -> maps:put(K, V, M);
                         ({map_field_exact, K, V}, M) -> maps:update(K, V, M)
                      end, Map0, Fields),
    ret_expr(Map, merge_bindings(Bs2, Bs1, A), RBs);
expr({map, _, Es}, Bs0, Lf, Ef, RBs, FUVs) ->
    {Fields, Bs} = eval_map_fields(Es, Bs0, Lf, Ef, FUVs),
    ret_expr(maps:from_list([{K, V} || {map_field_assoc, K, V} <- Fields]), Bs, RBs);
expr({bin, _, Fs}, Bs0, Lf, Ef, RBs, FUVs) ->
    EvalFun = fun(E, B) -> expr(E, B, Lf, Ef, none, FUVs) end,
    {value, V, Bs} = eval_bits:expr_grp(Fs, Bs0, EvalFun),
    ret_expr(V, Bs, RBs);
expr({block, _, Es}, Bs, Lf, Ef, RBs, FUVs) ->
    exprs(Es, Bs, Lf, Ef, RBs, FUVs);
expr({match, A, Lhs, Rhs0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Rhs, Bs1} = expr(Rhs0, Bs0, Lf, Ef, none, FUVs),
    case match(Lhs, Rhs, A, Bs1, Bs1, Ef) of
        {match, Bs} -> ret_expr(Rhs, Bs, RBs);
        nomatch -> ?FAIL({badmatch, Rhs}, A, Bs1, Ef, RBs)
    end;
expr({'if', A, Cs}, Bs, Lf, Ef, RBs, FUVs) ->
    if_clauses(Cs, A, Bs, Lf, Ef, FUVs, RBs);
expr({'case', A, E, Cs}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Val, Bs} = expr(E, Bs0, Lf, Ef, none, FUVs),
    case_clauses(Val, Cs, A, Bs, Lf, Ef, FUVs, RBs);
expr({'try', A, Es, Cases, Catches, AfterEs}, Bs, Lf, Ef, RBs, FUVs) ->
    try_clauses(Es, Cases, Catches, AfterEs, A, Bs, Lf, Ef, FUVs, RBs);
expr({'catch', _, E}, Bs0, Lf, Ef, RBs, FUVs) ->
    try expr(E, Bs0, Lf, Ef, none, FUVs) of
        {value, V, Bs} -> ret_expr(V, Bs, RBs)
    catch
        throw:Thrown -> ret_expr(Thrown, Bs0, RBs);
        exit:Reason -> ret_expr({'EXIT', Reason}, Bs0, RBs);
        error:Reason:Stack -> ret_expr({'EXIT', {Reason, Stack}}, Bs0, RBs)
    end;
expr({'receive', _, Cs}, Bs, Lf, Ef, RBs, FUVs) ->
    receive_clauses(Cs, Bs, Lf, Ef, FUVs, RBs);
expr({'receive', _, Cs, TimeoutE, TimeoutEs}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Timeout, Bs} = expr(TimeoutE, Bs0, Lf, Ef, none, FUVs),
    receive_clauses(Timeout, Cs, {TimeoutEs, Bs}, Bs, Lf, Ef, FUVs, RBs);
expr({'maybe', _, Es}, Bs, Lf, Ef, RBs, FUVs) ->
    {_, Val} = maybe_exprs(Es, Bs, Lf, Ef, FUVs),
    ret_expr(Val, Bs, RBs);
expr({'maybe', _, Es, {'else', A, Cs}}, Bs, Lf, Ef, RBs, FUVs) ->
    case maybe_exprs(Es, Bs, Lf, Ef, FUVs) of
        {success, Val} ->
            ret_expr(Val, Bs, RBs);
        {failure, Val} ->
            case match_clause(Cs, [Val], Bs, Lf, Ef, FUVs) of
                {Body, Bs1} -> exprs(Body, Bs1, Lf, Ef, RBs, FUVs);
                nomatch -> ?FAIL({else_clause, Val}, A, Bs, Ef, RBs)
            end
    end;
expr({lc, _, E, Quals}, Bs, Lf, Ef, RBs, FUVs) ->
    eval_lc(E, Quals, Bs, Lf, Ef, FUVs, RBs);
expr({bc, _, E, Quals}, Bs, Lf, Ef, RBs, FUVs) ->
    eval_bc(E, Quals, Bs, Lf, Ef, FUVs, RBs);
expr({mc, _, E, Quals}, Bs, Lf, Ef, RBs, FUVs) ->
    eval_mc(E, Quals, Bs, Lf, Ef, FUVs, RBs);
expr({call, _, {remote, _, {atom, _, record_info}, _}, _}, _Bs, _Lf, _Ef, _RBs, _FUVs) ->
    erlang:error(undef);
expr({call, _, {remote, _, {atom, _, qlc}, {atom, _, q}}, [{lc, _, _, _} = Lc | As0]}, Bs0, Lf, Ef, RBs, FUVs)
  when As0 =:= []; length(As0) =:= 1 ->
    %% The comprehension is rewritten as the compiler would have it rewritten.
    case qlc:transform_from_evaluator(Lc, Bs0) of
        {ok, {call, A1, Function, [Query]}} ->
            expr({call, A1, Function, [Query | As0]}, Bs0, Lf, Ef, RBs, FUVs);
        {not_ok, Error} -> ret_expr(Error, Bs0, RBs)
    end;
expr({call, A, {remote, _, Mod0, Func0}, As0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Mod, Bs1} = expr(Mod0, Bs0, Lf, Ef, none, FUVs),
    {value, Func, Bs2} = expr(Func0, Bs0, Lf, Ef, none, FUVs),
    {As, Bs3} = expr_list(As0, Bs0, Lf, Ef, FUVs),
    Bs = merge_bindings(merge_bindings(Bs1, Bs2, A), Bs3, A),
    do_apply({Mod, Func}, As, A, FUVs, Bs, Ef, RBs);
expr({call, A, {atom, _, Func}, As0}, Bs0, Lf, Ef, RBs, FUVs) ->
    case erl_internal:bif(Func, length(As0)) of
        true ->
            {As, Bs} = expr_list(As0, Bs0, Lf, Ef, FUVs),
            do_apply({erlang, Func}, As, A, FUVs, Bs, Ef, RBs);
        false ->
            local_func(Func, As0, A, Bs0, Lf, Ef, FUVs, RBs)
    end;
expr({call, A, Func0, As0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, Func, Bs1} = expr(Func0, Bs0, Lf, Ef, none, FUVs),
    {As, Bs2} = expr_list(As0, Bs1, Lf, Ef, FUVs),
    case is_function(Func) of
        false when Ef =:= none -> erlang:error({badfun, Func});
        _ -> do_apply(Func, As, A, FUVs, Bs2, Ef, RBs)
    end;
expr({'fun', A, {clauses, Cs}}, Bs, Lf, Ef, RBs, FUVs) ->
    Closure = {A, closure_bindings(Cs, Bs, FUVs), Lf, Ef, FUVs, Cs},
    ret_expr(make_fun(clauses_arity(Cs), Closure, {'fun', A, Cs}), Bs, RBs);
expr({named_fun, A, Name, Cs} = E, Bs, Lf, Ef, RBs, FUVs) ->
    Closure = {A, closure_bindings(Cs, Bs, FUVs), Lf, Ef, FUVs, Cs},
    ret_expr(make_named_fun(clauses_arity(Cs), Name, Closure, E), Bs, RBs);
expr({'fun', A, {function, Name, Arity}}, Bs, _Lf, Ef, RBs, _FUVs) ->
    case erl_internal:bif(Name, Arity) of
        true -> ret_expr(erlang:make_fun(erlang, Name, Arity), Bs, RBs);
        false -> raised(undef, [{?MODULE, Name, Arity, []} | current_stack()], A, Bs, Ef, RBs)
    end;
expr({'fun', _, {function, Mod, Name, Arity}}, Bs, _Lf, _Ef, RBs, _FUVs)
  when is_atom(Mod), is_atom(Name), is_integer(Arity) ->
    ret_expr(erlang:make_fun(Mod, Name, Arity), Bs, RBs);
expr({'fun', _, {function, Mod0, Name0, Arity0}}, Bs0, Lf, Ef, RBs, FUVs) ->
    {[Mod, Name, Arity], Bs} = expr_list([Mod0, Name0, Arity0], Bs0, Lf, Ef, FUVs),
    ret_expr(erlang:make_fun(Mod, Name, Arity), Bs, RBs);
expr({op, A, 'andalso', L, R}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, V, Bs1} = expr(L, Bs0, Lf, Ef, none, FUVs),
    case V of
        true -> last_operand(R, Bs0, Bs1, Lf, Ef, RBs, FUVs);
        false -> ret_expr(false, Bs1, RBs);
        _ -> ?FAIL({badarg, V}, A, Bs1, Ef, RBs)
    end;
expr({op, A, 'orelse', L, R}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, V, Bs1} = expr(L, Bs0, Lf, Ef, none, FUVs),
    case V of
        true -> ret_expr(true, Bs1, RBs);
        false -> last_operand(R, Bs0, Bs1, Lf, Ef, RBs, FUVs);
        _ -> ?FAIL({badarg, V}, A, Bs1, Ef, RBs)
    end;
expr({op, A, Op, E0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, V, Bs} = expr(E0, Bs0, Lf, Ef, none, FUVs),
    do_apply({erlang, Op}, [V], A, FUVs, Bs, Ef, RBs);
expr({op, A, Op, L0, R0}, Bs0, Lf, Ef, RBs, FUVs) ->
    {value, L, Bs1} = expr(L0, Bs0, Lf, Ef, none, FUVs),
    {value, R, Bs2} = expr(R0, Bs0, Lf, Ef, none, FUVs),
    do_apply({erlang, Op}, [L, R], A, FUVs, merge_bindings(Bs1, Bs2, A), Ef, RBs);
expr(E, Bs, _Lf, Ef, RBs, _FUVs)
  when element(1, E) =:= record; element(1, E) =:= record_index; element(1, E) =:= record_field ->
    ?FAIL({undef_record, element(tuple_size(E) - 1, E)}, element(2, E), Bs, Ef, RBs);
expr({remote, _, _, _}, _Bs, _Lf, _Ef, _RBs, _FUVs) ->
    erlang:error({badexpr, ':'}).

%% The right operand of andalso and orelse is in tail position where only the value is wanted. What
%% it binds is not kept.
last_operand(E, Bs0, _Bs1, Lf, Ef, value, FUVs) ->
    expr(E, Bs0, Lf, Ef, value, FUVs);
last_operand(E, Bs0, Bs1, Lf, Ef, RBs, FUVs) ->
    ret_expr(expr(E, Bs0, Lf, Ef, value, FUVs), Bs1, RBs).

ret_expr(V, _Bs, value) -> V;
ret_expr(V, Bs, none) -> {value, V, Bs}.

eval_map_fields(Fields, Bs, Lf, Ef, FUVs) ->
    eval_map_fields(Fields, Bs, Bs, Lf, Ef, FUVs, []).

eval_map_fields([{Kind, A, K0, V0} | Fields], BsOrig, Bs0, Lf, Ef, FUVs, Acc) ->
    {value, K, Bs1} = expr(K0, BsOrig, Lf, Ef, none, FUVs),
    {value, V, Bs2} = expr(V0, BsOrig, Lf, Ef, none, FUVs),
    Bs = merge_bindings(merge_bindings(Bs1, Bs2, A), Bs0, A),
    eval_map_fields(Fields, BsOrig, Bs, Lf, Ef, FUVs, [{Kind, K, V} | Acc]);
eval_map_fields([], _, Bs, _, _, _, Acc) ->
    {lists:reverse(Acc), Bs}.

%%% Calls.

local_func(Func, As0, _A, Bs0, {value, F}, Ef, FUVs, RBs) when is_function(F, 2) ->
    {As, Bs} = expr_list(As0, Bs0, {value, F}, Ef, FUVs),
    local_value(fun() -> F(Func, As) end, Bs, RBs);
local_func(Func, As0, A, Bs0, {value, F}, Ef, FUVs, RBs) when is_function(F, 3) ->
    {As, Bs} = expr_list(As0, Bs0, {value, F}, Ef, FUVs),
    local_value(fun() -> F(A, Func, As) end, Bs, RBs);
local_func(Func, As, _A, Bs, {eval, F}, _Ef, _FUVs, RBs) when is_function(F, 3) ->
    evaluated(F(Func, As, Bs), RBs);
local_func(Func, As, A, Bs, {eval, F}, _Ef, _FUVs, RBs) when is_function(F, 4) ->
    evaluated(F(A, Func, As, Bs), RBs);
local_func(Func, As0, _A, Bs0, {M, F}, Ef, FUVs, RBs) when is_atom(M), is_atom(F) ->
    {As, Bs} = expr_list(As0, Bs0, {M, F}, Ef, FUVs),
    local_value(fun() -> M:F(Func, As) end, Bs, RBs);
local_func(Func, As0, _A, Bs0, none, Ef, FUVs, _RBs) ->
    {As, _} = expr_list(As0, Bs0, none, Ef, FUVs),
    erlang:raise(error, undef, [{?MODULE, Func, length(As), []} | current_stack()]).

local_value(Call, _Bs, value) -> Call();
local_value(Call, Bs, RBs) -> ret_expr(Call(), Bs, RBs).

evaluated({value, V, Bs}, RBs) -> ret_expr(V, Bs, RBs).

%% Calls {Module, Function} or a fun, through the handler of non-local functions if there is one. It sees neither apply, but
%% what that is to call, nor funs that were made here.
do_apply({erlang, apply}, [M, F, As], A, FUVs, Bs, {value, _} = Ef, RBs) ->
    _ = length(As),
    do_apply({M, F}, As, A, FUVs, Bs, Ef, RBs);
do_apply({erlang, apply}, [F, As], A, FUVs, Bs, {value, _} = Ef, RBs) ->
    _ = length(As),
    do_apply(F, As, A, FUVs, Bs, Ef, RBs);
do_apply(Func, As, A, _FUVs, _Bs, Ef, value) -> handled(Func, As, A, Ef);
do_apply(Func, As, A, _FUVs, Bs, Ef, RBs) -> ret_expr(handled(Func, As, A, Ef), Bs, RBs).

%% Raises what has gone wrong here, through the handler if there is one, whose answer is the value then.
raised(Reason, Stack, _A, _Bs, none, _RBs) -> erlang:raise(error, Reason, Stack);
raised(Reason, Stack, A, Bs, Ef, RBs) -> do_apply({erlang, raise}, [error, Reason, Stack], A, none, Bs, Ef, RBs).

handled({M, F}, As, _A, none) -> apply(M, F, As);
handled(F, As, _A, none) -> apply(F, As);
handled(Func, As, A, {value, F}) ->
    case is_function(Func) andalso fun_data(Func) =/= false of
        true when not is_function(Func, length(As)) ->
            raised({badarity, {Func, As}}, current_stack(), A, [], {value, F}, value);
        true -> apply(Func, As);
        false when is_function(F, 2) -> F(Func, As);
        false -> F(A, Func, As)
    end.

%%% Funs.

%% @doc How a fun that this module made was written; false for any other fun.
-spec fun_data(fun()) ->
          {fun_data, binding_struct(), [erl_parse:abstract_clause()]}
        | {named_fun_data, binding_struct(), atom(), [erl_parse:abstract_clause()]}
        | false.
fun_data(F) when is_function(F) ->
    case erlang:fun_info(F, module) of
        {module, ?MODULE} ->
            case erlang:fun_info(F, env) of
                {env, [{_A, Bs, _Lf, _Ef, _FUVs, Cs}]} -> {fun_data, Bs, Cs};
                {env, [{_A, Bs, _Lf, _Ef, _FUVs, Cs}, Name]} when is_atom(Name) ->
                    {named_fun_data, Bs, Name, Cs};
                {env, [Name, {_A, Bs, _Lf, _Ef, _FUVs, Cs}]} when is_atom(Name) ->
                    {named_fun_data, Bs, Name, Cs};
                _ -> false
            end;
        _ -> false
    end;
fun_data(_) ->
    false.

clauses_arity([{clause, _, Ps, _, _} | _]) -> length(Ps).

%% The bindings that the clauses can refer to.
closure_bindings(Cs, Bs, FUVs) ->
    Used = case FUVs of
               #{Cs := Vars} -> Vars;
               _ -> swerl_erl_eval_pattern:used_vars(Cs)
           end,
    filter_bindings(fun(Name) -> is_map_key(Name, Used) end, Bs).

make_fun(0, C, _) -> fun() -> eval_fun([], C) end;
make_fun(1, C, _) -> fun(A) -> eval_fun([A], C) end;
make_fun(2, C, _) -> fun(A, B) -> eval_fun([A, B], C) end;
make_fun(3, X, _) -> fun(A, B, C) -> eval_fun([A, B, C], X) end;
make_fun(4, X, _) -> fun(A, B, C, D) -> eval_fun([A, B, C, D], X) end;
make_fun(5, X, _) -> fun(A, B, C, D, E) -> eval_fun([A, B, C, D, E], X) end;
make_fun(6, X, _) -> fun(A, B, C, D, E, F) -> eval_fun([A, B, C, D, E, F], X) end;
make_fun(7, X, _) -> fun(A, B, C, D, E, F, G) -> eval_fun([A, B, C, D, E, F, G], X) end;
make_fun(8, X, _) -> fun(A, B, C, D, E, F, G, H) -> eval_fun([A, B, C, D, E, F, G, H], X) end;
make_fun(9, X, _) ->
    fun(A, B, C, D, E, F, G, H, I) -> eval_fun([A, B, C, D, E, F, G, H, I], X) end;
make_fun(10, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J) -> eval_fun([A, B, C, D, E, F, G, H, I, J], X) end;
make_fun(11, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K) -> eval_fun([A, B, C, D, E, F, G, H, I, J, K], X) end;
make_fun(12, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L], X)
    end;
make_fun(13, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M], X)
    end;
make_fun(14, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N], X)
    end;
make_fun(15, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O], X)
    end;
make_fun(16, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P], X)
    end;
make_fun(17, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q], X)
    end;
make_fun(18, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R], X)
    end;
make_fun(19, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S], X)
    end;
make_fun(20, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T) ->
            eval_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T], X)
    end;
make_fun(_, _, Expr) ->
    erlang:error({argument_limit, Expr}).

make_named_fun(0, W, C, _) -> fun() -> eval_named_fun([], W, C) end;
make_named_fun(1, W, C, _) -> fun(A) -> eval_named_fun([A], W, C) end;
make_named_fun(2, W, C, _) -> fun(A, B) -> eval_named_fun([A, B], W, C) end;
make_named_fun(3, W, X, _) -> fun(A, B, C) -> eval_named_fun([A, B, C], W, X) end;
make_named_fun(4, W, X, _) -> fun(A, B, C, D) -> eval_named_fun([A, B, C, D], W, X) end;
make_named_fun(5, W, X, _) -> fun(A, B, C, D, E) -> eval_named_fun([A, B, C, D, E], W, X) end;
make_named_fun(6, W, X, _) ->
    fun(A, B, C, D, E, F) -> eval_named_fun([A, B, C, D, E, F], W, X) end;
make_named_fun(7, W, X, _) ->
    fun(A, B, C, D, E, F, G) -> eval_named_fun([A, B, C, D, E, F, G], W, X) end;
make_named_fun(8, W, X, _) ->
    fun(A, B, C, D, E, F, G, H) -> eval_named_fun([A, B, C, D, E, F, G, H], W, X) end;
make_named_fun(9, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I) -> eval_named_fun([A, B, C, D, E, F, G, H, I], W, X) end;
make_named_fun(10, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J], W, X)
    end;
make_named_fun(11, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K], W, X)
    end;
make_named_fun(12, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L], W, X)
    end;
make_named_fun(13, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M], W, X)
    end;
make_named_fun(14, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N], W, X)
    end;
make_named_fun(15, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O], W, X)
    end;
make_named_fun(16, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P], W, X)
    end;
make_named_fun(17, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q], W, X)
    end;
make_named_fun(18, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R], W, X)
    end;
make_named_fun(19, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S], W, X)
    end;
make_named_fun(20, W, X, _) ->
    fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T) ->
            eval_named_fun([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T], W, X)
    end;
make_named_fun(_, _, _, Expr) ->
    erlang:error({argument_limit, Expr}).

%% @doc Calls an interpreted fun.
-spec eval_fun([term()], closure()) -> value().
eval_fun(As, {A, Bs, Lf, Ef, FUVs, Cs}) ->
    fun_clauses(Cs, As, A, Bs, Lf, Ef, FUVs).

%% @doc Calls an interpreted fun that knows itself as the variable Name.
-spec eval_named_fun([term()], atom(), closure()) -> value().
eval_named_fun(As, Name, {A, Bs0, Lf, Ef, FUVs, Cs} = Closure) ->
    Self = make_named_fun(length(As), Name, Closure, none),
    Bs = case Name of
             '_' -> Bs0;
             _ -> add_binding(Name, Self, Bs0)
         end,
    fun_clauses(Cs, As, A, Bs, Lf, Ef, FUVs).

%% The parameters shadow what the fun closes over.
fun_clauses([{clause, A, Ps, Guard, Body} | Cs], As, FunA, Bs0, Lf, Ef, FUVs) ->
    case match_list(Ps, As, A, new_bindings(), Bs0, Ef) of
        {match, BsNew} ->
            Bs = add_bindings(BsNew, Bs0),
            case guard(Guard, Bs, Lf, Ef, FUVs) of
                true -> exprs(Body, Bs, Lf, Ef, value, FUVs);
                false -> fun_clauses(Cs, As, FunA, Bs0, Lf, Ef, FUVs)
            end;
        nomatch ->
            fun_clauses(Cs, As, FunA, Bs0, Lf, Ef, FUVs)
    end;
fun_clauses([], As, A, Bs, _Lf, Ef, _FUVs) ->
    raised(function_clause, [{?MODULE, '-inside-an-interpreted-fun-', As, []} | current_stack()], A, Bs, Ef, value).

%%% Choices.

if_clauses([{clause, _, [], Guard, Body} | Cs], A, Bs, Lf, Ef, FUVs, RBs) ->
    case guard(Guard, Bs, Lf, Ef, FUVs) of
        true -> exprs(Body, Bs, Lf, Ef, RBs, FUVs);
        false -> if_clauses(Cs, A, Bs, Lf, Ef, FUVs, RBs)
    end;
if_clauses([], A, Bs, _Lf, Ef, _FUVs, RBs) ->
    ?FAIL(if_clause, A, Bs, Ef, RBs).

case_clauses(Val, Cs, A, Bs, Lf, Ef, FUVs, RBs) ->
    case match_clause(Cs, [Val], Bs, Lf, Ef, FUVs) of
        {Body, Bs1} -> exprs(Body, Bs1, Lf, Ef, RBs, FUVs);
        nomatch -> ?FAIL({case_clause, Val}, A, Bs, Ef, RBs)
    end.

%% @doc Finds the clause for these values.
-spec match_clause([erl_parse:abstract_clause()], [value()], binding_struct(),
                   local_function_handler()) -> {expressions(), binding_struct()} | nomatch.
match_clause(Cs, Vs, Bs, Lf) ->
    match_clause(Cs, Vs, Bs, Lf, none, #{}).

match_clause([{clause, A, Ps, Guard, Body} | Cs], Vs, Bs0, Lf, Ef, FUVs) ->
    case match_list(Ps, Vs, A, Bs0, Bs0, Ef) of
        {match, Bs} ->
            case guard(Guard, Bs, Lf, Ef, FUVs) of
                true -> {Body, Bs};
                false -> match_clause(Cs, Vs, Bs0, Lf, Ef, FUVs)
            end;
        nomatch ->
            match_clause(Cs, Vs, Bs0, Lf, Ef, FUVs)
    end;
match_clause([], _Vs, _Bs, _Lf, _Ef, _FUVs) ->
    nomatch.

%% A guard is an or of ands; an exception in a test makes it false.
guard([], _Bs, _Lf, _Ef, _FUVs) -> true;
guard(Alternatives, Bs, Lf, Ef, FUVs) ->
    lists:any(fun(Tests) -> guard_tests(Tests, Bs, Lf, Ef, FUVs) end, Alternatives).

guard_tests([Test | Tests], Bs, Lf, Ef, FUVs) ->
    guard_test(Test, Bs, Lf, Ef, FUVs) andalso guard_tests(Tests, Bs, Lf, Ef, FUVs);
guard_tests([], _Bs, _Lf, _Ef, _FUVs) ->
    true.

%% All calls in guards are to the module erlang.
guard_test({call, A, {atom, AF, F}, As}, Bs, Lf, Ef, FUVs) ->
    Name = guard_test_name(F, length(As)),
    guard_test({call, A, {remote, AF, {atom, AF, erlang}, {atom, AF, Name}}, As},
               Bs, Lf, Ef, FUVs);
guard_test(Test, Bs, _Lf, Ef, FUVs) ->
    try expr(Test, Bs, none, Ef, value, FUVs) of
        true -> true;
        _ -> false
    catch
        error:_ -> false
    end.

%% The old names of type tests.
guard_test_name(F, N) ->
    case erl_internal:old_type_test(F, N) of
        true -> list_to_atom("is_" ++ atom_to_list(F));
        false -> F
    end.

%% Evaluates Es up to the first `?=' that does not match.
maybe_exprs([{maybe_match, A, Lhs, Rhs0} | Es], Bs0, Lf, Ef, FUVs) ->
    {value, Rhs, Bs1} = expr(Rhs0, Bs0, Lf, Ef, none, FUVs),
    case match(Lhs, Rhs, A, Bs1, Bs1, Ef) of
        {match, _Bs} when Es =:= [] -> {success, Rhs};
        {match, Bs} -> maybe_exprs(Es, Bs, Lf, Ef, FUVs);
        nomatch -> {failure, Rhs}
    end;
maybe_exprs([E], Bs, Lf, Ef, FUVs) ->
    {success, expr(E, Bs, Lf, Ef, value, FUVs)};
maybe_exprs([E | Es], Bs0, Lf, Ef, FUVs) ->
    {value, _, Bs} = expr(E, Bs0, Lf, Ef, none, FUVs),
    maybe_exprs(Es, Bs, Lf, Ef, FUVs).

%%% Exceptions.

try_clauses(Es, Cases, Catches, [], A, Bs, Lf, Ef, FUVs, RBs) ->
    try_of(Es, Cases, Catches, A, Bs, Lf, Ef, FUVs, RBs);
try_clauses(Es, Cases, Catches, AfterEs, A, Bs, Lf, Ef, FUVs, RBs) ->
    try
        try_of(Es, Cases, Catches, A, Bs, Lf, Ef, FUVs, RBs)
    after
        exprs(AfterEs, Bs, Lf, Ef, none, FUVs)
    end.

%% A section with clauses protects the expressions only, not the clause that is chosen.
try_of(Es, Cases, Catches, A, Bs, Lf, Ef, FUVs, RBs) ->
    try exprs(Es, Bs, Lf, Ef, none, FUVs) of
        {value, V, BsEs} when Cases =:= [] ->
            ret_expr(V, BsEs, RBs);
        {value, V, BsEs} ->
            case match_clause(Cases, [V], BsEs, Lf, Ef, FUVs) of
                {Body, BsBody} -> exprs(Body, BsBody, Lf, Ef, RBs, FUVs);
                nomatch -> ?FAIL({try_clause, V}, A, BsEs, Ef, RBs)
            end
    catch
        Class:Reason:Stack ->
            case match_clause(Catches, [{Class, Reason, Stack}], Bs, Lf, Ef, FUVs) of
                {Body, BsBody} -> exprs(Body, BsBody, Lf, Ef, RBs, FUVs);
                nomatch -> erlang:raise(Class, Reason, Stack)
            end
    end.

%% The stack of the caller.
current_stack() ->
    {current_stacktrace, Stack} = erlang:process_info(self(), current_stacktrace),
    tl(Stack).

%%% Messages.

receive_clauses(Cs, Bs, Lf, Ef, FUVs, RBs) ->
    receive_clauses(infinity, Cs, {[], Bs}, Bs, Lf, Ef, FUVs, RBs).

receive_clauses(Timeout, Cs, {TimeoutEs, TimeoutBs}, Bs, Lf, Ef, FUVs, RBs) ->
    Choose = fun(Message) -> match_clause(Cs, [Message], Bs, Lf, Ef, FUVs) end,
    case prim_eval:'receive'(Choose, Timeout) of
        {Body, Bs1} -> exprs(Body, Bs1, Lf, Ef, RBs, FUVs);
        timeout -> exprs(TimeoutEs, TimeoutBs, Lf, Ef, RBs, FUVs)
    end.

%%% Comprehensions.

eval_lc(E, Quals, Bs, Lf, Ef, FUVs, RBs) ->
    Add = fun(Bs1, Acc) -> [expr(E, Bs1, Lf, Ef, value, FUVs) | Acc] end,
    ret_expr(lists:reverse(eval_quals(Quals, Bs, Lf, Ef, FUVs, Add, [])), Bs, RBs).

eval_bc(E, Quals, Bs, Lf, Ef, FUVs, RBs) ->
    Add = fun(Bs1, Acc) ->
                  Bits = expr(E, Bs1, Lf, Ef, value, FUVs),
                  case is_bitstring(Bits) of
                      true -> [Bits | Acc];
                      false -> not_bits(Bits)
                  end
          end,
    Bits = lists:reverse(eval_quals(Quals, Bs, Lf, Ef, FUVs, Add, [])),
    ret_expr(erlang:list_to_bitstring(Bits), Bs, RBs).

%% As the construction of a binary out of a segment that is none.
-spec not_bits(term()) -> no_return().
not_bits(V) ->
    ErrorInfo = #{cause => {1, binary, type, V}, function => format_bs_fail,
                  module => erl_erts_errors},
    erlang:error(badarg, none, [{error_info, ErrorInfo}]).

eval_mc({map_field_assoc, _, K0, V0}, Quals, Bs, Lf, Ef, FUVs, RBs) ->
    Add = fun(Bs1, Acc) -> {[K, V], _} = expr_list([K0, V0], Bs1, Lf, Ef, FUVs), [{K, V} | Acc] end,
    Pairs = lists:reverse(eval_quals(Quals, Bs, Lf, Ef, FUVs, Add, [])),
    ret_expr(maps:from_list(Pairs), Bs, RBs).

%% Folds Add over the bindings that the qualifiers give.
eval_quals([{Kind, A, P, E} | Quals], Bs0, Lf, Ef, FUVs, Add, Acc)
  when Kind =:= generate; Kind =:= generate_strict ->
    {value, List, _} = expr(E, Bs0, Lf, Ef, none, FUVs),
    eval_generate(List, {Kind, A, P}, Quals, Bs0, Lf, Ef, {FUVs, Add}, Acc);
eval_quals([{Kind, _, P, E} | Quals], Bs0, Lf, Ef, FUVs, Add, Acc)
  when Kind =:= b_generate; Kind =:= b_generate_strict ->
    {value, Bin, _} = expr(E, Bs0, Lf, Ef, none, FUVs),
    eval_b_generate(Bin, {Kind, P}, Quals, Bs0, Lf, Ef, {FUVs, Add}, Acc);
eval_quals([{Kind, A, P, E} | Quals], Bs0, Lf, Ef, FUVs, Add, Acc)
  when Kind =:= m_generate; Kind =:= m_generate_strict ->
    {map_field_exact, _, K, V} = P,
    {value, Map, _} = expr(E, Bs0, Lf, Ef, none, FUVs),
    Pairs = eval_map_pairs(Map),
    ListKind = case Kind of
                   m_generate -> generate;
                   m_generate_strict -> generate_strict
               end,
    eval_generate(Pairs, {ListKind, A, {tuple, A, [K, V]}}, Quals, Bs0, Lf, Ef, {FUVs, Add}, Acc);
eval_quals([Filter | Quals], Bs0, Lf, Ef, FUVs, Add, Acc) ->
    eval_filter(Filter, Quals, Bs0, Lf, Ef, {FUVs, Add}, Acc);
eval_quals([], Bs, _Lf, _Ef, _FUVs, Add, Acc) ->
    Add(Bs, Acc).

eval_generate([V | Vs], {Kind, A, P} = Gen, Quals, Bs0, Lf, Ef, {FUVs, Add} = How, Acc0) ->
    Acc = case match(P, V, A, new_bindings(), Bs0, Ef) of
              {match, BsNew} ->
                  eval_quals(Quals, add_bindings(BsNew, Bs0), Lf, Ef, FUVs, Add, Acc0);
              nomatch when Kind =:= generate ->
                  Acc0;
              nomatch ->
                  erlang:error({badmatch, V})
          end,
    eval_generate(Vs, Gen, Quals, Bs0, Lf, Ef, How, Acc);
eval_generate([], _Gen, _Quals, _Bs, _Lf, _Ef, _How, Acc) ->
    Acc;
eval_generate(Other, {_, A, _}, _Quals, Bs, _Lf, Ef, _How, _Acc) ->
    ?FAIL({bad_generator, Other}, A, Bs, Ef, value).

eval_map_pairs(Map) when is_map(Map) -> maps:to_list(Map);
eval_map_pairs(Other) -> erlang:error({bad_generator, Other}).

eval_b_generate(Bin, {Kind, P} = Gen, Quals, Bs0, Lf, Ef, {FUVs, Add} = How, Acc)
  when is_bitstring(Bin) ->
    Match = fun(L, R, BsM) -> match(L, R, element(2, L), BsM, Bs0, Ef) end,
    Eval = fun(E, BsE) -> expr(E, BsE, Lf, Ef, none, FUVs) end,
    case eval_bits:bin_gen(P, Bin, new_bindings(), Bs0, Match, Eval) of
        {match, Rest, BsNew} ->
            Acc1 = eval_quals(Quals, add_bindings(BsNew, Bs0), Lf, Ef, FUVs, Add, Acc),
            eval_b_generate(Rest, Gen, Quals, Bs0, Lf, Ef, How, Acc1);
        {nomatch, _Rest} when Kind =:= b_generate_strict ->
            erlang:error({badmatch, Bin});
        {nomatch, Rest} ->
            eval_b_generate(Rest, Gen, Quals, Bs0, Lf, Ef, How, Acc);
        done ->
            Acc
    end;
eval_b_generate(Other, {_, P}, _Quals, Bs, _Lf, Ef, _How, _Acc) ->
    ?FAIL({bad_generator, Other}, element(2, P), Bs, Ef, value).

%% A filter that could stand in a guard fails as a guard does; any other must give a boolean.
eval_filter(F, Quals, Bs0, Lf, Ef, {FUVs, Add}, Acc) ->
    case erl_lint:is_guard_test(F) of
        true ->
            case guard_test(F, Bs0, Lf, Ef, FUVs) of
                true -> eval_quals(Quals, Bs0, Lf, Ef, FUVs, Add, Acc);
                false -> Acc
            end;
        false ->
            case expr(F, Bs0, Lf, Ef, none, FUVs) of
                {value, true, Bs} -> eval_quals(Quals, Bs, Lf, Ef, FUVs, Add, Acc);
                {value, false, _} -> Acc;
                {value, V, _} -> erlang:error({bad_filter, V})
            end
    end.

%%% Patterns.

%% New bindings go to Bs; sizes and map keys are looked up in BBs.
match(Pattern, Term, A, Bs, BBs, Ef) ->
    swerl_erl_eval_pattern:match(Pattern, Term, A, Bs, BBs, Ef).

match_list(Ps, Ts, A, Bs, BBs, Ef) ->
    swerl_erl_eval_pattern:match_list(Ps, Ts, A, Bs, BBs, Ef).

%%% Bindings: an orddict, or a map where the caller gave one.

%% @doc No bindings.
-spec new_bindings() -> binding_struct().
new_bindings() -> orddict:new().

%% @doc The bindings as a list: [{Name, Value}].
-spec bindings(binding_struct()) -> bindings().
bindings(Bs) when is_map(Bs) -> maps:to_list(Bs);
bindings(Bs) when is_list(Bs) -> orddict:to_list(Bs).

%% @doc {value, Value} of a name, or unbound.
-spec binding(name(), binding_struct()) -> {value, value()} | unbound.
binding(Name, Bs) ->
    Found = case is_map(Bs) of true -> maps:find(Name, Bs); false -> orddict:find(Name, Bs) end,
    case Found of {ok, V} -> {value, V}; error -> unbound end.

%% @doc The bindings with a value for a name, whatever it was before.
-spec add_binding(name(), value(), binding_struct()) -> binding_struct().
add_binding(Name, V, Bs) when is_map(Bs) -> maps:put(Name, V, Bs);
add_binding(Name, V, Bs) when is_list(Bs) -> orddict:store(Name, V, Bs).

%% @doc The bindings without a name.
-spec del_binding(name(), binding_struct()) -> binding_struct().
del_binding(Name, Bs) when is_map(Bs) -> maps:remove(Name, Bs);
del_binding(Name, Bs) when is_list(Bs) -> orddict:erase(Name, Bs).

%% The bindings of Bs, overridden by those of New.
add_bindings(New, Bs) ->
    lists:foldl(fun({Name, V}, Acc) -> add_binding(Name, V, Acc) end, Bs, bindings(New)).

filter_bindings(Keep, Bs) when is_map(Bs) -> maps:filter(fun(Name, _) -> Keep(Name) end, Bs);
filter_bindings(Keep, Bs) -> [Binding || {Name, _} = Binding <- Bs, Keep(Name)].

%% @doc The union of what two siblings bound. Raises {badmatch, V} where they disagree.
-spec merge_bindings(binding_struct(), binding_struct(), erl_anno:anno()) -> binding_struct().
merge_bindings(Bs, Bs, _A) ->
    Bs;
merge_bindings(Bs1, Bs2, _A) ->
    lists:foldl(fun({Name, V}, Bs) ->
                        case binding(Name, Bs) of
                            {value, V} -> Bs;
                            {value, V1} -> erlang:error({badmatch, V1});
                            unbound -> add_binding(Name, V, Bs)
                        end
                end, Bs2, bindings(Bs1)).

%%% Constants.

%% @doc Whether the expression is a term written out, or folds to one.
-spec is_constant_expr(expression()) -> boolean().
is_constant_expr(Expr) ->
    swerl_erl_eval_constant:is_constant(Expr).

%% @doc Folds the constant subexpressions.
-spec partial_eval(expression()) -> expression().
partial_eval(Expr) ->
    swerl_erl_eval_constant:partial_eval(Expr).

%% @doc Evaluates the text of an expression; for remote calls from other languages.
-spec eval_str(string() | binary()) -> {ok, string()} | {error, string()}.
eval_str(Str) ->
    swerl_erl_eval_extended:eval_str(Str).

%%% Parsing with the printed forms of pids, ports, references and funs.

%% @doc As erl_parse:parse_exprs/1, but takes printed pids, ports, references and funs; gives bindings for them too.
-spec extended_parse_exprs([erl_scan:token()]) ->
          {ok, expressions(), binding_struct()} | {error, erl_parse:error_info()}.
extended_parse_exprs(Tokens) ->
    swerl_erl_eval_extended:parse_exprs(Tokens).

%% @doc As erl_parse:parse_term/1, but takes printed pids, ports, references and funs.
-spec extended_parse_term([erl_scan:token()]) -> {ok, term()} | {error, erl_parse:error_info()}.
extended_parse_term(Tokens) ->
    swerl_erl_eval_extended:parse_term(Tokens).
