%%% Folding of constant expressions of the abstract format.
-module(swerl_erl_eval_constant).

-export([is_constant/1, partial_eval/1]).

%% Whether the expression is a term written out, operators on constants included.
-spec is_constant(erl_parse:abstract_expr()) -> boolean().
is_constant(Expr) ->
    try value(Expr) of
        _ -> true
    catch
        throw:not_constant -> false;
        error:_ -> false
    end.

%% The expression with every constant subexpression replaced by its value. An operation that
%% fails stays as it is.
-spec partial_eval(erl_parse:abstract_expr()) -> erl_parse:abstract_expr().
partial_eval(Expr) ->
    A = element(2, Expr),
    try
        Folded = fold(Expr),
        erl_parse:anno_from_term(setelement(2, Folded, A))
    catch
        _:_ -> Expr
    end.

value({Type, _, V})
  when Type =:= atom; Type =:= integer; Type =:= float; Type =:= char; Type =:= string ->
    V;
value({value, _, V}) -> V;
value({nil, _}) -> [];
value({cons, _, H, T}) -> [value(H) | value(T)];
value({tuple, _, Es}) -> list_to_tuple([value(E) || E <- Es]);
value({map, _, Fields}) ->
    maps:from_list([{value(K), value(V)} || {map_field_assoc, _, K, V} <- Fields]);
value({op, _, Op, E}) -> erlang:Op(value(E));
value({op, _, Op, L, R}) when Op =/= 'andalso', Op =/= 'orelse', Op =/= '!' ->
    erlang:Op(value(L), value(R));
value({bin, _, _} = E) ->
    case used_in_bin(E) of
        true -> throw(not_constant);
        false ->
            {value, V, _} = erl_eval:expr(E, erl_eval:new_bindings(), none, none, none),
            V
    end;
value(_) -> throw(not_constant).

used_in_bin(E) -> map_size(swerl_erl_eval_pattern:used_vars(E)) > 0.

fold({op, A, Op, L0, R0}) ->
    L = partial_eval(L0),
    R = partial_eval(R0),
    case numeric(Op) andalso is_number_literal(L) andalso is_number_literal(R) of
        true -> literal(A, erlang:Op(value(L), value(R)));
        false -> {op, A, Op, L, R}
    end;
fold({op, A, Op, E0}) ->
    E = partial_eval(E0),
    case numeric(Op) andalso is_number_literal(E) of
        true -> literal(A, erlang:Op(value(E)));
        false -> {op, A, Op, E}
    end;
fold(Expr) ->
    Expr.

numeric(Op) ->
    lists:member(Op, ['+', '-', '*', '/', 'div', 'rem', 'band', 'bor', 'bxor', 'bnot', 'bsl', 'bsr']).

is_number_literal({Type, _, _}) -> Type =:= integer orelse Type =:= float orelse Type =:= char;
is_number_literal(_) -> false.

literal(A, V) when is_integer(V) -> {integer, A, V};
literal(A, V) when is_float(V) -> {float, A, V}.
