%%% Checks of expressions before they are evaluated, for the shell and `erl_eval'; and the
%%% questions that other modules ask of guards and patterns.
%%%
%%% Modules are checked by the compiler itself, in native code. This module finds what would make an
%%% expression meaningless: unbound and unsafe variables, undefined records and fields, what may
%%% not stand in a guard or pattern, malformed segments of binaries. There are no warnings.
-module(erl_lint).

-export([module/1, module/2, module/3, exprs/2, exprs_opt/3, is_guard_test/1, is_guard_test/2, is_guard_test/3,
         is_guard_expr/1, is_pattern_expr/1, format_error/1, check_format_string/1, bool_option/4, value_option/3,
         value_option/7]).

-type error_info() :: {erl_anno:location(), module(), term()}.

%% A variable is bound, or unsafe since the construct named, or free in a pattern.
-type env() :: #{atom() => bound | {unsafe, {atom(), erl_anno:location()}}}.

-record(lint, {records = #{} :: #{atom() => [atom()]},
               errors = [] :: [error_info()]}).

%%% Modules.

-type errors() :: [{file:filename(), [error_info()]}].

%% @doc Checks the forms of a module: {ok, Warnings} or {error, Errors, Warnings}, each with the file's name.
-spec module([erl_parse:abstract_form() | erl_parse:form_info()]) -> {ok, errors()} | {error, errors(), errors()}.
module(Forms) ->
    module(Forms, "nofile", []).

%% @doc The same, with the name of the file.
-spec module([erl_parse:abstract_form() | erl_parse:form_info()], atom() | string()) ->
          {ok, errors()} | {error, errors(), errors()}.
module(Forms, File) ->
    module(Forms, File, []).

%% @doc The same, with the compiler's options.
%% Errors in the order in which they are found, warnings in that of their places; both by files.
-spec module([erl_parse:abstract_form() | erl_parse:form_info()], atom() | string(), [compile:option()]) ->
          {ok, errors()} | {error, errors(), errors()}.
module(Forms, File, Options) ->
    Name = unicode:characters_to_binary(if is_atom(File) -> atom_to_list(File); true -> File end),
    {error, Messages} = swerl_lang:lint([Form || Form <- Forms, not is_message(Form)], Options, Name),
    Found = said(Forms, unicode:characters_to_list(Name))
        ++ [{What, unicode:characters_to_list(In), {Module, Descriptor}}
            || {What, In, none, _, {Module, Descriptor}} <- Messages]
        ++ [{What, unicode:characters_to_list(In), {Place, Module, Descriptor}}
            || {What, In, Place, _, {Module, Descriptor}} <- Messages, Place =/= none],
    Errors = by_file([{In, Info} || {error, In, Info} <- Found]),
    Warnings = [{In, lists:sort(Infos)} || {In, Infos} <- by_file([{In, Info} || {warning, In, Info} <- Found])],
    case Errors of
        [] -> {ok, Warnings};
        _ -> {error, Errors, Warnings}
    end.

is_message({error, _}) -> true;
is_message({warning, _}) -> true;
is_message(_) -> false.

%% Messages that stand among the forms.
said([{attribute, _, file, {File, _}} | Forms], _) -> said(Forms, File);
said([{What, Info} | Forms], File) when What =:= error; What =:= warning -> [{What, File, Info} | said(Forms, File)];
said([_ | Forms], File) -> said(Forms, File);
said([], _) -> [].

by_file(Found) ->
    [{File, [Info || {In, Info} <- Found, In =:= File]} || File <- lists:usort([In || {In, _} <- Found])].

%% @doc Checks expressions with bindings: {ok, Warnings} or {error, Errors, Warnings}.
-spec exprs([erl_parse:abstract_form() | erl_parse:abstract_expr()], [{atom(), term()}]) ->
          {ok, errors()} | {error, errors(), errors()}.
exprs(Exprs, Bindings) ->
    exprs_opt(Exprs, Bindings, []).

%% @doc As exprs/2, with the compiler's options. Record attributes may stand before the expressions.
-spec exprs_opt([erl_parse:abstract_form() | erl_parse:abstract_expr()], [{atom(), term()}],
                [term()]) -> {ok, errors()} | {error, errors(), errors()}.
exprs_opt(Exprs, Bindings, Options) ->
    Given = [Name || {Name, _} <- Bindings, is_atom(Name)],
    {Env, #lint{errors = Errors}} = sequence(Exprs, maps:from_keys(Given, bound), #lint{}),
    Warnings = warnings(Exprs, Given, maps:keys(Env), Options),
    case Errors of
        [] -> {ok, Warnings};
        _ -> {error, [{"nofile", lists:sort(Errors)}], Warnings}
    end.

%% The warnings about expressions: those about a function that consists of them and then uses all variables.
warnings(Exprs, Given, Known, Options) ->
    Nowhere = erl_anno:new(0),
    Vars = fun(Names) -> [{var, Nowhere, Name} || Name <- Names] end,
    {Records, Body} = lists:partition(fun(E) -> element(1, E) =:= attribute end, plain(Exprs)),
    Clause = {clause, Nowhere, Vars(Given), [], Body ++ [{tuple, Nowhere, Vars(Known)}]},
    Forms = [{attribute, Nowhere, module, exprs} | Records] ++ [{function, Nowhere, exprs, length(Given), [Clause]}],
    Found = case module(Forms, "nofile", [export_all, nowarn_export_all, nowarn_unused_record | Options]) of
                {ok, Ws} -> Ws;
                {error, _, Ws} -> Ws
            end,
    [{File, Kept} || {File, Infos} <- Found,
                     Kept <- [[Info || {Location, _, _} = Info <- Infos, Location =/= 0]], Kept =/= []].

%% Values that stand in the place of expressions are none to the linter.
plain({value, A, _}) -> {atom, A, value};
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([E | Es]) -> [plain(E) | plain(Es)];
plain(Other) -> Other.

fault(A, Reason, #lint{errors = Errors} = St) ->
    St#lint{errors = [{erl_anno:location(A), ?MODULE, Reason} | Errors]}.

%%% Expressions: the environment after them, and the errors in them.

-spec sequence([term()], env(), #lint{}) -> {env(), #lint{}}.
sequence([{attribute, _, record, {Name, Fields}} | Es], Env, #lint{records = Rs} = St) ->
    Names = [record_field_name(F) || F <- Fields],
    sequence(Es, Env, St#lint{records = maps:put(Name, Names, Rs)});
sequence([E | Es], Env0, St0) ->
    {Env, St} = expr(E, Env0, St0),
    sequence(Es, Env, St);
sequence([], Env, St) ->
    {Env, St}.

record_field_name({record_field, _, {atom, _, Name}}) -> Name;
record_field_name({record_field, _, {atom, _, Name}, _}) -> Name;
record_field_name({typed_record_field, Field, _}) -> record_field_name(Field).

%% Expressions beside each other: each sees the environment from before them all.
siblings(Es, Env, St) ->
    lists:foldl(fun(E, {EnvAcc, St0}) ->
                        {Env1, St1} = expr(E, Env, St0),
                        {maps:merge(EnvAcc, Env1), St1}
                end, {Env, St}, Es).

expr({var, A, Name}, Env, St) ->
    {Env, use(A, Name, Env, St)};
expr({value, _, _}, Env, St) ->
    {Env, St};
expr({cons, _, H, T}, Env, St) ->
    siblings([H, T], Env, St);
expr({tuple, _, Es}, Env, St) ->
    siblings(Es, Env, St);
expr({map, _, Fields}, Env, St) ->
    map_fields(Fields, Env, lists:foldl(fun(F, S) -> only_assoc(F, S) end, St, Fields));
expr({map, _, Base, Fields}, Env0, St0) ->
    {Env1, St1} = expr(Base, Env0, St0),
    {Env2, St2} = map_fields(Fields, Env0, St1),
    {maps:merge(Env1, Env2), St2};
expr({bin, _, Segments}, Env, St) ->
    lists:foldl(fun(S, {EnvAcc, St0}) ->
                        {Env1, St1} = bin_element(S, Env, St0),
                        {maps:merge(EnvAcc, Env1), St1}
                end, {Env, St}, Segments);
expr({block, _, Es}, Env, St) ->
    sequence(Es, Env, St);
expr({match, _, P, E}, Env0, St0) ->
    {Env1, St1} = expr(E, Env0, St0),
    {Env2, St2} = pattern(P, Env0, Env0, St1),
    {maps:merge(Env1, Env2), St2};
expr({maybe_match, A, P, E}, Env, St) ->
    expr({match, A, P, E}, Env, St);
expr({'if', A, Cs}, Env, St) ->
    clauses(Cs, 'if', A, Env, St);
expr({'case', A, E, Cs}, Env0, St0) ->
    {Env, St} = expr(E, Env0, St0),
    clauses(Cs, 'case', A, Env, St);
expr({'receive', A, Cs}, Env, St) ->
    clauses(Cs, 'receive', A, Env, St);
expr({'receive', A, Cs, Timeout, Es}, Env0, St0) ->
    {Env1, St1} = expr(Timeout, Env0, St0),
    branches([fun(S) -> clause(C, Env0, S) end || C <- Cs]
             ++ [fun(S) -> sequence(Es, Env1, S) end], 'receive', A, Env0, St1);
expr({'try', A, Es, Cases, Catches, After}, Env0, St0) ->
    {Env1, St1} = sequence(Es, Env0, St0),
    {Env2, St2} = branches([fun(S) -> clause(C, Env1, S) end || C <- Cases], 'try', A, Env1, St1),
    Unsure = unsafe_since(Env2, Env0, 'try', A),
    {Env3, St3} = branches([fun(S) -> clause(C, Unsure, S) end || C <- Catches], 'try', A,
                           Unsure, St2),
    {Env4, St4} = sequence(After, Unsure, St3),
    Exported = unsafe_since(maps:merge(Env3, Env4), Env0, 'try', A),
    {Exported, St4};
expr({'catch', A, E}, Env0, St0) ->
    {Env, St} = expr(E, Env0, St0),
    {unsafe_since(Env, Env0, 'catch', A), St};
expr({'maybe', A, Es}, Env0, St0) ->
    {Env, St} = sequence(Es, Env0, St0),
    {unsafe_since(Env, Env0, 'maybe', A), St};
expr({'maybe', A, Es, {'else', _, Cs}}, Env0, St0) ->
    {Env1, St1} = sequence(Es, Env0, St0),
    Unsure = unsafe_since(Env1, Env0, 'maybe', A),
    {Env2, St2} = clauses(Cs, 'else', A, Unsure, St1),
    {unsafe_since(Env2, Env0, 'maybe', A), St2};
expr({Comprehension, _, E, Quals}, Env, St)
  when Comprehension =:= lc; Comprehension =:= bc; Comprehension =:= mc ->
    {Inner, St1} = qualifiers(Quals, Env, St),
    {_, St2} = case E of
                   {map_field_assoc, _, K, V} -> siblings([K, V], Inner, St1);
                   _ -> expr(E, Inner, St1)
               end,
    {Env, St2};
expr({'fun', _, {clauses, Cs}}, Env, St) ->
    {Env, fun_clauses(Cs, Env, St)};
expr({named_fun, _, '_', Cs}, Env, St) ->
    {Env, fun_clauses(Cs, Env, St)};
expr({named_fun, _, Name, Cs}, Env, St) ->
    {Env, fun_clauses(Cs, maps:put(Name, bound, Env), St)};
expr({'fun', _, {function, M, F, Arity}}, Env, St)
  when is_tuple(M), is_tuple(F), is_tuple(Arity) ->
    siblings([M, F, Arity], Env, St);
expr({'fun', _, {function, _, _, _}}, Env, St) ->
    {Env, St};
expr({'fun', _, {function, _, _}}, Env, St) ->
    {Env, St};
expr({call, A, {atom, _, is_record}, [E, {atom, NA, Name}]}, Env0, St0) ->
    {Env, St} = expr(E, Env0, St0),
    {Env, known_record(A, NA, Name, St)};
expr({call, A, {remote, _, {atom, _, erlang}, {atom, _, is_record}}, [E, {atom, NA, Name}]}, Env0,
     St0) ->
    {Env, St} = expr(E, Env0, St0),
    {Env, known_record(A, NA, Name, St)};
expr({call, _, {atom, A, record_info}, [{atom, _, _} = What, {atom, _, Name}]}, Env, St) ->
    {Env, record_info(A, What, Name, St)};
expr({call, _, {remote, _, M, F}, As}, Env, St) ->
    siblings([M, F | As], Env, St);
expr({call, _, {atom, _, _}, As}, Env, St) ->
    siblings(As, Env, St);
expr({call, _, F, As}, Env, St) ->
    siblings([F | As], Env, St);
expr({record, A, Name, Fields}, Env, St) ->
    with_record(A, Name, Env, St,
                fun(Defined) -> record_fields(Fields, Name, Defined, Env, St) end);
expr({record, A, E, Name, Updates}, Env0, St0) ->
    {Env1, St1} = expr(E, Env0, St0),
    with_record(A, Name, Env1, St1,
                fun(Defined) ->
                        {Env2, St2} = record_fields(Updates, Name, Defined, Env0, St1),
                        {maps:merge(Env1, Env2), St2}
                end);
expr({record_index, A, Name, Field}, Env, St) ->
    with_record(A, Name, Env, St,
                fun(Defined) -> {Env, known_field(Field, Name, Defined, St)} end);
expr({record_field, A, E, Name, Field}, Env0, St0) ->
    {Env, St} = expr(E, Env0, St0),
    with_record(A, Name, Env, St,
                fun(Defined) -> {Env, known_field(Field, Name, Defined, St)} end);
expr({op, A, Op, L, R}, Env0, St0) when Op =:= 'andalso'; Op =:= 'orelse' ->
    {Env1, St1} = expr(L, Env0, St0),
    {Env2, St2} = expr(R, Env1, St1),
    {unsafe_since(Env2, Env1, Op, A), St2};
expr({op, _, _, L, R}, Env, St) ->
    siblings([L, R], Env, St);
expr({op, _, _, E}, Env, St) ->
    expr(E, Env, St);
expr({remote, _, M, _}, Env, St) ->
    {Env, fault(element(2, M), illegal_expr, St)};
expr({Literal, _, _}, Env, St)
  when Literal =:= atom; Literal =:= integer; Literal =:= float; Literal =:= char;
       Literal =:= string ->
    {Env, St};
expr({nil, _}, Env, St) ->
    {Env, St};
expr(Other, Env, St) ->
    {Env, fault(element(2, Other), illegal_expr, St)}.

use(A, '_', _Env, St) ->
    fault(A, {unbound_var, '_'}, St);
use(A, Name, Env, St) ->
    case maps:find(Name, Env) of
        {ok, bound} -> St;
        {ok, {unsafe, Where}} -> fault(A, {unsafe_var, Name, Where}, St);
        error -> fault(A, {unbound_var, Name}, St)
    end.

only_assoc({map_field_exact, A, _, _}, St) -> fault(A, illegal_map_construction, St);
only_assoc({map_field_assoc, _, _, _}, St) -> St.

map_fields(Fields, Env, St) ->
    siblings(lists:append([[K, V] || {_, _, K, V} <- Fields]), Env, St).

%% Variables that are new since Before, made unsafe.
unsafe_since(Env, Before, What, A) ->
    maps:map(fun(Name, bound) ->
                     case is_map_key(Name, Before) of
                         true -> bound;
                         false -> {unsafe, {What, erl_anno:location(A)}}
                     end;
                (_, Unsafe) -> Unsafe
             end, Env).

clauses(Cs, What, A, Env, St) ->
    branches([fun(S) -> clause(C, Env, S) end || C <- Cs], What, A, Env, St).

%% A variable is bound after alternatives if each binds it, and unsafe if only some do.
branches([], _What, _A, Env, St) ->
    {Env, St};
branches(Alternatives, What, A, Env, St0) ->
    {Envs, St} = lists:mapfoldl(fun(Alternative, S) -> Alternative(S) end, St0, Alternatives),
    All = lists:foldl(fun maps:merge/2, Env, Envs),
    Merged = maps:map(fun(Name, _) ->
                              States = [maps:get(Name, E, unbound) || E <- Envs],
                              state_after(lists:usort(States), What, A)
                      end, All),
    {Merged, St}.

state_after([State], _What, _A) ->
    State;
state_after(States, What, A) ->
    case [S || {unsafe, _} = S <- States] of
        [Unsafe | _] -> Unsafe;
        [] -> {unsafe, {What, erl_anno:location(A)}}
    end.

clause({clause, _, Ps, Guard, Body}, Env0, St0) ->
    {Env1, St1} = patterns(Ps, Env0, Env0, St0),
    St2 = guard(Guard, Env1, St1),
    sequence(Body, Env1, St2).

%% Parameters shadow.
fun_clauses(Cs, Env, St) ->
    lists:foldl(fun({clause, _, Ps, Guard, Body}, S0) ->
                        {New, S1} = patterns(Ps, #{}, Env, S0),
                        Inner = maps:merge(Env, New),
                        {_, S2} = sequence(Body, Inner, guard(Guard, Inner, S1)),
                        S2
                end, St, Cs).

qualifiers([{Kind, _, P, E} | Quals], Env0, St0)
  when Kind =:= generate; Kind =:= generate_strict; Kind =:= b_generate;
       Kind =:= b_generate_strict; Kind =:= m_generate; Kind =:= m_generate_strict ->
    {_, St1} = expr(E, Env0, St0),
    Ps = case P of
             {map_field_exact, _, K, V} -> [K, V];
             _ -> [P]
         end,
    {New, St2} = patterns(Ps, #{}, Env0, St1),
    qualifiers(Quals, maps:merge(Env0, New), St2);
qualifiers([Filter | Quals], Env0, St0) ->
    {Env, St} = expr(Filter, Env0, St0),
    qualifiers(Quals, Env, St);
qualifiers([], Env, St) ->
    {Env, St}.

%%% Records.

with_record(A, Name, Env, #lint{records = Rs} = St, Check) ->
    case maps:find(Name, Rs) of
        {ok, Defined} -> Check(Defined);
        error -> {Env, fault(A, {undefined_record, Name}, St)}
    end.

known_record(_A, NA, Name, #lint{records = Rs} = St) ->
    case is_map_key(Name, Rs) of
        true -> St;
        false -> fault(NA, {undefined_record, Name}, St)
    end.

record_info(A, {atom, _, What}, Name, #lint{records = Rs} = St)
  when What =:= fields; What =:= size ->
    case is_map_key(Name, Rs) of
        true -> St;
        false -> fault(A, {undefined_record, Name}, St)
    end;
record_info(_, {atom, A, _}, _, St) ->
    fault(A, illegal_record_info, St).

known_field({atom, A, Field}, Name, Defined, St) ->
    case lists:member(Field, Defined) of
        true -> St;
        false -> fault(A, {undefined_field, Name, Field}, St)
    end;
known_field(_, _, _, St) ->
    St.

record_fields(Fields, Name, Defined, Env, St0) ->
    St = record_field_names(Fields, Name, Defined, [], St0),
    siblings([E || {record_field, _, _, E} <- Fields], Env, St).

record_field_names([{record_field, _, {atom, A, Field} = F, _} | Fields], Name, Defined, Seen,
                   St0) ->
    St = case lists:member(Field, Seen) of
             true -> fault(A, {redefine_field, Name, Field}, St0);
             false -> known_field(F, Name, Defined, St0)
         end,
    record_field_names(Fields, Name, Defined, [Field | Seen], St);
record_field_names([_ | Fields], Name, Defined, Seen, St) ->
    record_field_names(Fields, Name, Defined, Seen, St);
record_field_names([], _Name, _Defined, _Seen, St) ->
    St.

%%% Patterns: Env gets the new variables; Known has those that sizes and keys may use.

patterns(Ps, Env, Known, St) ->
    lists:foldl(fun(P, {E, S}) -> pattern(P, E, Known, S) end, {Env, St}, Ps).

pattern({var, _, '_'}, Env, _Known, St) ->
    {Env, St};
pattern({var, A, Name}, Env, _Known, St) ->
    case maps:find(Name, Env) of
        {ok, {unsafe, Where}} ->
            {maps:put(Name, bound, Env), fault(A, {unsafe_var, Name, Where}, St)};
        _ ->
            {maps:put(Name, bound, Env), St}
    end;
pattern({match, _, P1, P2}, Env, Known, St) ->
    patterns([P1, P2], Env, Known, St);
pattern({cons, _, H, T}, Env, Known, St) ->
    patterns([H, T], Env, Known, St);
pattern({tuple, _, Ps}, Env, Known, St) ->
    patterns(Ps, Env, Known, St);
pattern({map, _, Fields}, Env, Known, St) ->
    lists:foldl(fun({map_field_assoc, A, _, _}, {E, S}) ->
                        {E, fault(A, illegal_pattern, S)};
                   ({map_field_exact, _, K, P}, {E, S}) ->
                        {_, S1} = expr(K, Known, S),
                        pattern(P, E, Known, S1)
                end, {Env, St}, Fields);
pattern({bin, _, Segments}, Env, Known, St) ->
    bin_pattern(Segments, Env, Known, St);
pattern({record, A, Name, Fields}, Env, Known, St) ->
    with_record(A, Name, Env, St,
                fun(Defined) ->
                        S = record_field_names(Fields, Name, Defined, [], St),
                        patterns([P || {record_field, _, _, P} <- Fields], Env, Known, S)
                end);
pattern({record_index, A, Name, Field}, Env, _Known, St) ->
    with_record(A, Name, Env, St,
                fun(Defined) -> {Env, known_field(Field, Name, Defined, St)} end);
pattern({op, _, '++', {nil, _}, P}, Env, Known, St) ->
    pattern(P, Env, Known, St);
pattern({op, _, '++', {string, _, _}, P}, Env, Known, St) ->
    pattern(P, Env, Known, St);
pattern({op, A, '++', {cons, _, H, T}, P}, Env0, Known, St0) ->
    {Env, St} = pattern(H, Env0, Known, St0),
    pattern({op, A, '++', T, P}, Env, Known, St);
pattern({Literal, _, _}, Env, _Known, St)
  when Literal =:= atom; Literal =:= integer; Literal =:= float; Literal =:= char;
       Literal =:= string; Literal =:= value ->
    {Env, St};
pattern({nil, _}, Env, _Known, St) ->
    {Env, St};
pattern(P, Env, _Known, St) ->
    case is_constant(P) of
        true -> {Env, St};
        false -> {Env, fault(element(2, P), illegal_pattern, St)}
    end.

%% Constants, and arithmetic on numbers written out.
is_constant({string, _, _}) -> true;
is_constant({nil, _}) -> true;
is_constant({cons, _, H, T}) -> is_constant(H) andalso is_constant(T);
is_constant({tuple, _, Es}) -> lists:all(fun is_constant/1, Es);
is_constant(E) -> is_pattern_expr(E).

%% @doc What a pattern may compute: a number or an atom that is written out, arithmetic on such.
-spec is_pattern_expr(erl_parse:abstract_expr()) -> boolean().
is_pattern_expr({Constant, _, _}) when Constant =:= integer; Constant =:= float; Constant =:= char -> true;
is_pattern_expr({atom, _, _}) -> true;
is_pattern_expr({op, _, Op, E}) -> erl_internal:arith_op(Op, 1) andalso is_pattern_number(E);
is_pattern_expr({op, _, Op, L, R}) ->
    erl_internal:arith_op(Op, 2) andalso is_pattern_number(L) andalso is_pattern_number(R);
is_pattern_expr(_) -> false.

is_pattern_number({atom, _, _}) -> false;
is_pattern_number(E) -> is_pattern_expr(E).

%%% Segments of binaries.

bin_element({bin_element, A, E, Size, Specifiers}, Env, St0) ->
    {Env1, St1} = expr(E, Env, St0),
    {Env2, St2} = case Size of
                      default -> {Env, St1};
                      _ -> expr(Size, Env, St1)
                  end,
    {maps:merge(Env1, Env2), bit_type(A, Size, Specifiers, false, St2)}.

%% A segment sees the variables of those before it.
bin_pattern([{bin_element, A, P, Size, Specifiers} | Segments], Env0, Known0, St0) ->
    St1 = case Size of
              default -> St0;
              {atom, SA, _} -> fault(SA, illegal_bitsize, St0);
              _ -> element(2, expr(Size, Known0, St0))
          end,
    St2 = bit_type(A, Size, Specifiers, Segments =/= [], St1),
    {Env, St} = segment_value(P, Env0, Known0, St2),
    Known = case P of
                {var, _, Name} when Name =/= '_' -> maps:put(Name, bound, Known0);
                _ -> Known0
            end,
    bin_pattern(Segments, Env, Known, St);
bin_pattern([], Env, _Known, St) ->
    {Env, St}.

segment_value({var, _, _} = P, Env, Known, St) -> pattern(P, Env, Known, St);
segment_value({string, _, _}, Env, _Known, St) -> {Env, St};
segment_value(P, Env, _Known, St) ->
    case is_pattern_number(P) of
        true -> {Env, St};
        false -> {Env, fault(element(2, P), illegal_pattern, St)}
    end.

bit_type(A, Size0, Specifiers, NotLastInPattern, St) ->
    case erl_bits:set_bit_type(Size0, Specifiers) of
        {ok, all, _} when NotLastInPattern -> fault(A, unsized_binary_not_at_end, St);
        {ok, {atom, _, all}, _} -> fault(A, illegal_bitsize, St);
        {ok, _, _} -> St;
        {error, Reason} -> fault(A, Reason, St)
    end.

%%% Guards.

guard(Alternatives, Env, St) ->
    lists:foldl(fun(Tests, S) ->
                        lists:foldl(fun(Test, S1) -> guard_test(Test, Env, S1) end, S, Tests)
                end, St, Alternatives).

guard_test({call, A, {atom, _, record}, [E, {atom, _, _} = Name]}, Env, St) ->
    guard_test({call, A, {atom, A, is_record}, [E, Name]}, Env, St);
guard_test({call, _, {atom, _, F}, As} = Test, Env, St) ->
    case erl_internal:old_type_test(F, length(As)) of
        true -> guard_exprs(As, Env, St);
        false -> guard_expr(Test, Env, St)
    end;
guard_test(Test, Env, St) ->
    guard_expr(Test, Env, St).

guard_exprs(Es, Env, St) ->
    lists:foldl(fun(E, S) -> guard_expr(E, Env, S) end, St, Es).

guard_expr(E, Env, St) ->
    case illegal_in_guard(E) of
        none -> element(2, expr(E, Env, St));
        A -> fault(A, illegal_guard_expr, St)
    end.

%% Where the first subexpression stands that may not be in a guard; none if there is none.
illegal_in_guard({call, A, {remote, _, {atom, _, erlang}, {atom, _, F}}, As}) ->
    Arity = length(As),
    Operator = (Arity =:= 1 orelse Arity =:= 2) andalso is_guard_op(F, Arity),
    first_illegal(erl_internal:guard_bif(F, Arity) orelse Operator, A, As);
illegal_in_guard({call, _, {atom, _, is_record}, [E, {atom, _, _}]}) ->
    illegal_in_guard(E);
illegal_in_guard({call, _, {atom, A, is_record}, [_, _]}) ->
    A;
illegal_in_guard({call, _, {atom, A, F}, As}) ->
    first_illegal(erl_internal:guard_bif(F, length(As)), A, As);
illegal_in_guard({op, A, Op, L, R}) ->
    first_illegal(Op =:= 'andalso' orelse Op =:= 'orelse' orelse is_guard_op(Op, 2), A, [L, R]);
illegal_in_guard({op, A, Op, E}) ->
    first_illegal(is_guard_op(Op, 1), A, [E]);
illegal_in_guard({cons, A, H, T}) ->
    first_illegal(true, A, [H, T]);
illegal_in_guard({tuple, A, Es}) ->
    first_illegal(true, A, Es);
illegal_in_guard({map, A, Fields}) ->
    first_illegal(true, A, lists:append([[K, V] || {_, _, K, V} <- Fields]));
illegal_in_guard({map, A, E, Fields}) ->
    first_illegal(true, A, [E | lists:append([[K, V] || {_, _, K, V} <- Fields])]);
illegal_in_guard({bin, A, Segments}) ->
    Sizes = [S || {bin_element, _, _, S, _} <- Segments, S =/= default],
    first_illegal(true, A, [V || {bin_element, _, V, _, _} <- Segments] ++ Sizes);
illegal_in_guard({record, A, _, Fields}) ->
    first_illegal(true, A, [E || {record_field, _, _, E} <- Fields]);
illegal_in_guard({record_field, A, E, _, _}) ->
    first_illegal(true, A, [E]);
illegal_in_guard({record_index, _, _, _}) ->
    none;
illegal_in_guard({Literal, _, _})
  when Literal =:= atom; Literal =:= integer; Literal =:= float; Literal =:= char;
       Literal =:= string; Literal =:= value; Literal =:= var ->
    none;
illegal_in_guard({nil, _}) ->
    none;
illegal_in_guard(Other) ->
    element(2, Other).

is_guard_op(Op, Arity) ->
    erl_internal:arith_op(Op, Arity) orelse erl_internal:bool_op(Op, Arity)
        orelse erl_internal:comp_op(Op, Arity).

first_illegal(false, A, _Es) -> A;
first_illegal(true, _A, Es) ->
    case [Found || E <- Es, (Found = illegal_in_guard(E)) =/= none] of
        [Found | _] -> Found;
        [] -> none
    end.

%% @doc Whether an expression may be a guard test.
-spec is_guard_test(erl_parse:abstract_expr()) -> boolean().
is_guard_test({call, _, {atom, _, F}, As} = E) ->
    case erl_internal:old_type_test(F, length(As)) of
        true -> lists:all(fun is_guard_expr/1, As);
        false -> is_guard_expr(E)
    end;
is_guard_test(E) ->
    is_guard_expr(E).

%% @doc The same; takes forms that define records, which change nothing.
-spec is_guard_test(erl_parse:abstract_expr(), [erl_parse:abstract_form()]) -> boolean().
is_guard_test(E, _RecordForms) ->
    is_guard_test(E).

%% @doc The same; the fun tells which functions of `erlang' the module has its own for: they are no guard tests.
-spec is_guard_test(erl_parse:abstract_expr(), [erl_parse:abstract_form()],
                    fun(({atom(), arity()}) -> boolean())) -> boolean().
is_guard_test({call, _, {atom, _, F}, As} = E, _RecordForms, IsOverridden) ->
    not IsOverridden({F, length(As)}) andalso is_guard_test(E);
is_guard_test(E, _RecordForms, _IsOverridden) ->
    is_guard_test(E).

%% @doc Whether an expression may stand in a guard.
-spec is_guard_expr(erl_parse:abstract_expr()) -> boolean().
is_guard_expr(E) ->
    illegal_in_guard(E) =:= none.

%%% Texts.

%% @doc The text of what is wrong in an error or warning of this module.
-spec format_error(term()) -> io_lib:chars().
format_error({bad_bit_unit, Unit}) ->
    io_lib:format("bit type {unit,~w} undefined", [Unit]);
format_error(Descriptor) ->
    swerl_erl_lint_text:text(Descriptor).

%%% Options, as parse transforms ask for them.

%% @private The last of two options that say yes and no.
-spec bool_option(atom(), atom(), boolean(), [term()]) -> boolean().
bool_option(On, Off, Default, Options) ->
    lists:foldl(fun(Option, _) when Option =:= On -> true;
                   (Option, _) when Option =:= Off -> false;
                   (_, Value) -> Value
                end, Default, Options).

%% @private The value of the last {Name, Value}.
-spec value_option(atom(), term(), [term()]) -> term().
value_option(Name, Default, Options) ->
    lists:foldl(fun({Key, Value}, _) when Key =:= Name -> Value;
                   (_, Known) -> Known
                end, Default, Options).

%% @private The last of what says yes, no or {Name, Value}.
-spec value_option(atom(), term(), atom(), term(), atom(), term(), [term()]) -> term().
value_option(Name, Default, On, OnValue, Off, OffValue, Options) ->
    lists:foldl(fun({Key, Value}, _) when Key =:= Name -> Value;
                   (Option, _) when Option =:= On -> OnValue;
                   (Option, _) when Option =:= Off -> OffValue;
                   (_, Known) -> Known
                end, Default, Options).

%% @private The arguments that a format string asks for.
-spec check_format_string(string() | atom() | unicode:chardata()) ->
          {ok, [term | int | float | string]} | {error, string()}.
check_format_string(Format) when is_atom(Format) -> check_format_string(atom_to_list(Format));
check_format_string(Format) -> swerl_lang:format_arguments(unicode:characters_to_binary(Format)).
