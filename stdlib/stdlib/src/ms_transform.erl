%%% Funs as match specifications: `ets:fun2ms/1' in the shell.
%%%
%%% The fun has one parameter, whose pattern becomes the head; guards and body become conditions
%%% and results. Variables of the head are numbered; variables from outside become constants.
-module(ms_transform).

-export([transform_from_shell/3, format_error/1]).

%% Where in the fun an expression stands.
-type part() :: guard | body.

%% The match specification of a fun with these clauses and bindings.
-spec transform_from_shell(ets | dbg, [erl_parse:abstract_clause()],
                           erl_eval:binding_struct()) ->
          ets:match_spec() | {error, [{string(), [{erl_anno:location(), module(), term()}]}], []}.
transform_from_shell(Dialect, Clauses, Bindings) ->
    Outside = maps:from_list(erl_eval:bindings(Bindings)),
    try
        [clause(Dialect, C, Outside) || C <- Clauses]
    catch
        throw:{?MODULE, A, Reason} ->
            {error, [{"shell", [{erl_anno:location(A), ?MODULE, Reason}]}], []}
    end.

-spec fail(erl_anno:anno(), term()) -> no_return().
fail(A, Reason) -> throw({?MODULE, A, Reason}).

%% The environment gives for each variable what stands for it.
clause(Dialect, {clause, A, [Pattern0], Guard, Body}, Outside) ->
    {Pattern, Whole} = whole(Pattern0),
    valid_head(Dialect, A, Pattern),
    {Head, Inside} = head(Pattern, Whole),
    Env = maps:merge(maps:map(fun(_, V) -> {const, V} end, Outside), Inside),
    {Head, conditions(Guard, Env), [expr(E, body, Env) || E <- Body]};
clause(_, {clause, A, _, _, _}, _) ->
    fail(A, one_parameter).

%% `Object = Pattern', either way round, names the whole object.
whole({match, _, {var, _, Name}, Pattern}) -> {Pattern, #{Name => '$_'}};
whole({match, _, Pattern, {var, _, Name}}) -> {Pattern, #{Name => '$_'}};
whole(Pattern) -> {Pattern, #{}}.

valid_head(_, _, {var, _, _}) -> ok;
valid_head(ets, _, {tuple, _, _}) -> ok;
valid_head(dbg, _, {cons, _, _, _}) -> ok;
valid_head(dbg, _, {nil, _}) -> ok;
valid_head(Dialect, A, _) -> fail(A, {bad_head, Dialect}).

head(Pattern, Env0) ->
    {Head, {_, Env}} = pattern(Pattern, {1, Env0}),
    {Head, Env}.

pattern({var, _, '_'}, St) ->
    {'_', St};
pattern({var, _, Name}, {N, Env}) ->
    case maps:find(Name, Env) of
        {ok, Known} ->
            {Known, {N, Env}};
        error ->
            Numbered = list_to_atom("$" ++ integer_to_list(N)),
            {Numbered, {N + 1, maps:put(Name, Numbered, Env)}}
    end;
pattern({tuple, _, Ps0}, St0) ->
    {Ps, St} = lists:mapfoldl(fun pattern/2, St0, Ps0),
    {list_to_tuple(Ps), St};
pattern({cons, _, H0, T0}, St0) ->
    {H, St1} = pattern(H0, St0),
    {T, St} = pattern(T0, St1),
    {[H | T], St};
pattern({map, _, Fields}, St0) ->
    {Pairs, St} = lists:mapfoldl(fun({map_field_exact, _, K, P0}, St1) ->
                                         {P, St2} = pattern(P0, St1),
                                         {{literal(K), P}, St2}
                                 end, St0, Fields),
    {maps:from_list(Pairs), St};
pattern({match, A, _, _}, _St) ->
    fail(A, match_in_head);
pattern(P, St) ->
    {literal(P), St}.

literal(E) ->
    try erl_parse:normalise(erl_eval:partial_eval(E))
    catch error:_ -> fail(element(2, E), bad_literal)
    end.

%% Alternatives of a guard are one condition.
conditions([], _Env) ->
    [];
conditions([Tests], Env) ->
    [expr(T, guard, Env) || T <- Tests];
conditions(Alternatives, Env) ->
    [joined('orelse', [joined('andalso', [expr(T, guard, Env) || T <- Tests])
                       || Tests <- Alternatives])].

joined(_Op, [Condition]) -> Condition;
joined(Op, [Condition | Conditions]) -> {Op, Condition, joined(Op, Conditions)}.

-spec expr(erl_parse:abstract_expr(), part(), map()) -> term().
expr({var, A, Name}, _Part, Env) ->
    case maps:find(Name, Env) of
        {ok, Known} -> Known;
        error -> fail(A, {unbound, Name})
    end;
expr({atom, _, Atom}, _Part, _Env) ->
    case atom_to_list(Atom) of
        "$" ++ _ -> {const, Atom};
        "_" -> {const, Atom};
        _ -> Atom
    end;
expr({value, _, V}, _Part, _Env) ->
    {const, V};
expr({nil, _}, _Part, _Env) ->
    [];
expr({cons, _, H, T}, Part, Env) ->
    [expr(H, Part, Env) | expr(T, Part, Env)];
expr({tuple, _, Es}, Part, Env) ->
    {list_to_tuple([expr(E, Part, Env) || E <- Es])};
expr({map, _, Fields}, Part, Env) ->
    maps:from_list([{expr(K, Part, Env), expr(V, Part, Env)}
                    || {map_field_assoc, _, K, V} <- Fields]);
expr({op, A, Op, E}, Part, Env) ->
    case erl_internal:arith_op(Op, 1) orelse erl_internal:bool_op(Op, 1) of
        true -> folded({op, A, Op, E}, {Op, expr(E, Part, Env)});
        false -> fail(A, {operator, Op, 1, Part})
    end;
expr({op, A, Op, L, R}, Part, Env) ->
    case is_operator(Op) of
        true -> {Op, expr(L, Part, Env), expr(R, Part, Env)};
        false -> fail(A, {operator, Op, 2, Part})
    end;
expr({call, A, {remote, _, {atom, _, erlang}, {atom, _, F}}, As}, Part, Env) ->
    case is_callable(F, length(As)) of
        true -> list_to_tuple([F | [expr(E, Part, Env) || E <- As]]);
        false -> fail(A, {remote_call, erlang, F, length(As), Part})
    end;
expr({call, A, {remote, _, {atom, _, M}, {atom, _, F}}, As}, Part, _Env) ->
    fail(A, {remote_call, M, F, length(As), Part});
expr({call, _, {atom, _, object}, []}, _Part, _Env) ->
    '$_';
expr({call, _, {atom, _, bindings}, []}, _Part, _Env) ->
    '$$';
expr({call, A, {atom, _, F}, As}, Part, Env) ->
    case is_callable(F, length(As)) of
        true -> list_to_tuple([F | [expr(E, Part, Env) || E <- As]]);
        false -> fail(A, {local_call, F, length(As), Part})
    end;
expr({match, A, _, _}, Part, _Env) ->
    fail(A, {match, Part});
expr({Literal, _, V}, _Part, _Env)
  when Literal =:= integer; Literal =:= float; Literal =:= char; Literal =:= string ->
    V;
expr({bin, _, _} = Bin, _Part, _Env) ->
    literal(Bin);
expr(Other, Part, _Env) ->
    fail(element(2, Other), {construct, element(1, Other), Part}).

%% A sign before a number belongs to it.
folded(E, Otherwise) ->
    case erl_eval:partial_eval(E) of
        {Number, _, V} when Number =:= integer; Number =:= float -> V;
        _ -> Otherwise
    end.

is_operator(Op) ->
    Op =:= 'andalso' orelse Op =:= 'orelse' orelse erl_internal:arith_op(Op, 2)
        orelse erl_internal:bool_op(Op, 2) orelse erl_internal:comp_op(Op, 2).

is_callable(F, Arity) ->
    erl_internal:guard_bif(F, Arity) andalso not lists:member(F, [binary_part, ceil, floor]).

-spec format_error(term()) -> io_lib:chars().
format_error({local_call, F, Arity, Part}) ->
    io_lib:format("fun containing the local function call '~tw/~w' (called in ~w) "
                  "cannot be translated into match_spec", [F, Arity, Part]);
format_error({remote_call, M, F, Arity, Part}) ->
    io_lib:format("fun containing the remote function call '~tw:~tw/~w' (called in ~w) "
                  "cannot be translated into match_spec", [M, F, Arity, Part]);
format_error({operator, Op, Arity, Part}) ->
    io_lib:format("fun containing the operator '~w/~w' (used in ~w) "
                  "cannot be translated into match_spec", [Op, Arity, Part]);
format_error({construct, Name, Part}) ->
    io_lib:format("the language element ~w (in ~w) cannot be translated into match_spec",
                  [Name, Part]);
format_error({match, Part}) ->
    io_lib:format("fun with ~w matching ('=' in ~w) is illegal as match_spec", [Part, Part]);
format_error(match_in_head) ->
    "fun head contains matching ('=' in head) that is not of the whole object, "
        "cannot be translated into match_spec";
format_error(bad_literal) ->
    "fun head contains what is no pattern, cannot be translated into match_spec";
format_error(one_parameter) ->
    "ets:fun2ms requires fun with single variable or tuple parameter";
format_error({bad_head, ets}) ->
    "ets:fun2ms requires fun with single variable or tuple parameter";
format_error({bad_head, dbg}) ->
    "dbg:fun2ms requires fun with single variable or list parameter";
format_error({unbound, Name}) ->
    io_lib:format("variable '~ts' is unbound", [Name]).
