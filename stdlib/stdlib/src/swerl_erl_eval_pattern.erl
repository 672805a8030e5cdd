%%% Matching of values against patterns of the abstract format, for `erl_eval'; and the variables
%%% that occur in an abstract term.
%%%
%%% New bindings are collected in one binding structure; the sizes of binary segments and the keys
%%% of maps are evaluated in another, the base. What is no pattern raises {illegal_pattern, P}.
-module(swerl_erl_eval_pattern).

-export([match/6, match_list/6, used_vars/1]).

%% Matches one pattern against one term.
-spec match(erl_parse:abstract_expr(), term(), erl_anno:anno(), erl_eval:binding_struct(),
            erl_eval:binding_struct(), erl_eval:non_local_function_handler()) ->
          {match, erl_eval:binding_struct()} | nomatch.
match(Pattern, Term, A, Bs, BBs, Ef) ->
    try pattern(Pattern, Term, A, Bs, BBs, Ef)
    catch throw:{?MODULE, Outcome} -> Outcome
    end.

%% Matches as many patterns as there are terms, from the left; none matches on unequal lengths.
-spec match_list([erl_parse:abstract_expr()], [term()], erl_anno:anno(),
                 erl_eval:binding_struct(), erl_eval:binding_struct(),
                 erl_eval:non_local_function_handler()) ->
          {match, erl_eval:binding_struct()} | nomatch.
match_list([P | Ps], [T | Ts], A, Bs0, BBs, Ef) ->
    case match(P, T, A, Bs0, BBs, Ef) of
        {match, Bs} -> match_list(Ps, Ts, A, Bs, BBs, Ef);
        nomatch -> nomatch
    end;
match_list([], [], _A, Bs, _BBs, _Ef) ->
    {match, Bs};
match_list(_, _, _A, _Bs, _BBs, _Ef) ->
    nomatch.

pattern({var, _, '_'}, _T, _A, Bs, _BBs, _Ef) ->
    {match, Bs};
pattern({var, _, Name}, T, _A, Bs, _BBs, _Ef) ->
    case erl_eval:binding(Name, Bs) of
        {value, T} -> {match, Bs};
        {value, _} -> nomatch;
        unbound -> {match, erl_eval:add_binding(Name, T, Bs)}
    end;
pattern({match, _, P1, P2}, T, A, Bs0, BBs, Ef) ->
    Bs1 = matched(pattern(P1, T, A, Bs0, BBs, Ef)),
    Bs2 = matched(pattern(P2, T, A, Bs0, BBs, Ef)),
    try {match, erl_eval:merge_bindings(Bs1, Bs2, A)}
    catch error:{badmatch, _} -> nomatch
    end;
pattern({cons, _, H, T}, [HV | TV], A, Bs0, BBs, Ef) ->
    Bs = matched(pattern(H, HV, A, Bs0, BBs, Ef)),
    pattern(T, TV, A, Bs, BBs, Ef);
pattern({cons, _, _, _}, _T, _A, _Bs, _BBs, _Ef) ->
    nomatch;
pattern({nil, _}, T, _A, Bs, _BBs, _Ef) ->
    equal([], T, Bs);
pattern({tuple, _, Ps}, T, A, Bs, BBs, Ef) when is_tuple(T), tuple_size(T) =:= length(Ps) ->
    pattern_list(Ps, tuple_to_list(T), A, Bs, BBs, Ef);
pattern({tuple, _, _}, _T, _A, _Bs, _BBs, _Ef) ->
    nomatch;
pattern({map, _, Fields}, T, A, Bs, BBs, Ef) when is_map(T) ->
    map_fields(Fields, T, A, Bs, BBs, Ef);
pattern({map, _, _}, _T, _A, _Bs, _BBs, _Ef) ->
    nomatch;
pattern({bin, _, Fs}, T, A, Bs, BBs, Ef) when is_bitstring(T) ->
    Match = fun(L, R, BsM) -> pattern(L, R, A, BsM, BBs, Ef) end,
    Eval = fun(E, BsE) -> erl_eval:expr(E, BsE, none, none, none) end,
    eval_bits:match_bits(Fs, T, Bs, BBs, Match, Eval);
pattern({bin, _, _}, _T, _A, _Bs, _BBs, _Ef) ->
    nomatch;
pattern({op, _, '++', {nil, _}, R}, T, A, Bs, BBs, Ef) ->
    pattern(R, T, A, Bs, BBs, Ef);
pattern({op, _, '++', {cons, CA, H, Rest}, R}, T, A, Bs, BBs, Ef) ->
    pattern({cons, CA, H, {op, CA, '++', Rest, R}}, T, A, Bs, BBs, Ef);
pattern({op, _, '++', {string, _, Prefix}, R}, T, A, Bs, BBs, Ef) ->
    case after_prefix(Prefix, T) of
        {ok, Rest} -> pattern(R, Rest, A, Bs, BBs, Ef);
        error -> nomatch
    end;
pattern(P, T, _A, Bs, BBs, _Ef) ->
    equal(constant(P, BBs), T, Bs).

%% The new bindings of a match; on a failed one leaves the whole pattern.
matched({match, Bs}) -> Bs;
matched(nomatch) -> throw({?MODULE, nomatch}).

equal(V, V, Bs) -> {match, Bs};
equal(_, _, _) -> nomatch.

pattern_list([P | Ps], [T | Ts], A, Bs0, BBs, Ef) ->
    Bs = matched(pattern(P, T, A, Bs0, BBs, Ef)),
    pattern_list(Ps, Ts, A, Bs, BBs, Ef);
pattern_list([], [], _A, Bs, _BBs, _Ef) ->
    {match, Bs}.

map_fields([{map_field_exact, _, K0, P} | Fields], Map, A, Bs0, BBs, Ef) ->
    case with_key(K0, Map, BBs) of
        {ok, V} ->
            Bs = matched(pattern(P, V, A, Bs0, BBs, Ef)),
            map_fields(Fields, Map, A, Bs, BBs, Ef);
        error ->
            nomatch
    end;
map_fields([], _Map, _A, Bs, _BBs, _Ef) ->
    {match, Bs}.

%% A key that cannot be computed is not there.
with_key(Key, Map, BBs) ->
    erl_lint:is_guard_expr(Key) orelse erlang:error(illegal_guard_expr),
    try erl_eval:expr(Key, BBs, none, none, none) of
        {value, K, _} -> maps:find(K, Map)
    catch
        error:{unbound_var, _} = Reason:Stack -> erlang:raise(error, Reason, Stack);
        error:_ -> error
    end.

after_prefix([C | Cs], [C | T]) -> after_prefix(Cs, T);
after_prefix([], T) -> {ok, T};
after_prefix(_, _) -> error.

%% The value of a literal, or of a constant arithmetic expression.
constant({Type, _, V}, _BBs)
  when Type =:= atom; Type =:= integer; Type =:= float; Type =:= char; Type =:= string ->
    V;
constant({value, _, V}, _BBs) ->
    V;
constant({op, _, _, _, _} = P, BBs) ->
    evaluated(P, BBs);
constant({op, _, _, _} = P, BBs) ->
    evaluated(P, BBs);
constant(P, _BBs) ->
    erlang:error({illegal_pattern, P}).

evaluated(P, BBs) ->
    case swerl_erl_eval_constant:partial_eval(P) of
        {op, _, _, _, _} -> erlang:error({illegal_pattern, P});
        {op, _, _, _} -> erlang:error({illegal_pattern, P});
        Folded -> constant(Folded, BBs)
    end.

%% The set of variables that occur anywhere in an abstract term.
-spec used_vars(term()) -> #{atom() => true}.
used_vars(Abstract) ->
    used_vars(Abstract, #{}).

used_vars({var, _, Name}, Acc) when is_atom(Name) ->
    maps:put(Name, true, Acc);
used_vars({value, _, _}, Acc) ->
    Acc;
used_vars({string, _, _}, Acc) ->
    Acc;
used_vars([H | T], Acc) ->
    used_vars(T, used_vars(H, Acc));
used_vars(Tuple, Acc) when is_tuple(Tuple) ->
    used_vars(tuple_to_list(Tuple), Acc);
used_vars(_, Acc) ->
    Acc.
