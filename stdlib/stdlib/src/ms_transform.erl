%%% Funs as match specifications: `ets:fun2ms/1' and `dbg:fun2ms/1', at compile time and in the shell.
%%%
%%% The fun has one parameter, whose pattern becomes the head; guards and body become conditions
%%% and results. Variables of the head are numbered; variables from outside become constants. The
%%% specification is made in the abstract format; the shell takes its value.
-module(ms_transform).

-export([parse_transform/2, parse_transform_info/0, transform_from_shell/3, format_error/1]).

%% Where in the fun an expression stands.
-type part() :: head | guard | body.

%% What an expression is translated with. What stands for a variable is in the environment, or
%% made by the function for what is outside.
-record(context, {part = body :: part(),
                  records :: #{atom() => [{atom(), erl_parse:abstract_expr()}]},
                  env = #{} :: #{atom() => erl_parse:abstract_expr()},
                  outside :: fun((erl_anno:anno(), atom()) -> erl_parse:abstract_expr())}).

%%% In the shell.

%% @doc The match specification of a fun with these clauses and bindings.
-spec transform_from_shell(ets | dbg, [erl_parse:abstract_clause()],
                           erl_eval:binding_struct()) ->
          ets:match_spec() | {error, [{string(), [{erl_anno:location(), module(), term()}]}], []}.
transform_from_shell(Dialect, Clauses, Bindings) ->
    Known = maps:from_list(erl_eval:bindings(Bindings)),
    Outside = fun(A, Name) ->
                      case maps:find(Name, Known) of
                          {ok, Value} -> {value, A, Value};
                          error -> fail(A, {unbound, Name})
                      end
              end,
    Context = #context{records = #{}, outside = Outside},
    try
        [value(C) || C <- lists:append([clauses(Dialect, C, Context) || C <- Clauses])]
    catch
        throw:{?MODULE, A, Reason} ->
            {error, [{"shell", [{erl_anno:location(A), ?MODULE, Reason}]}], []}
    end.

%% The value of a specification.
value({value, _, V}) -> V;
value({tuple, _, Es}) -> list_to_tuple([value(E) || E <- Es]);
value({cons, _, H, T}) -> [value(H) | value(T)];
value({map, _, Fields}) ->
    maps:from_list([{value(K), value(V)} || {map_field_assoc, _, K, V} <- Fields]);
value(E) -> erl_parse:normalise(E).

%%% At compile time.

%% @doc What the compiler asks of a parse transform: errors are to have columns.
-spec parse_transform_info() -> #{error_location => column}.
parse_transform_info() ->
    #{error_location => column}.

%% @doc Puts match specifications in the place of calls of fun2ms in the forms of a module; errors and warnings if
%% there are any. The compiler calls it for {parse_transform, ms_transform}.
-spec parse_transform([erl_parse:abstract_form()], [compile:option()]) ->
          [erl_parse:abstract_form()] | {warning, [erl_parse:abstract_form()], [tuple()]}
        | {error, [tuple()], [tuple()]}.
parse_transform(Forms0, _Options) ->
    Records = maps:from_list([{Name, [field(F) || F <- Fields]}
                              || {attribute, _, record, {Name, Fields}} <- Forms0]),
    _ = erase(?MODULE),
    {Forms, {_, Errors}} = lists:mapfoldl(fun(F, Acc) -> form(F, Records, Acc) end,
                                          {"nofile", []}, Forms0),
    Warnings = shadowed(),
    case {Errors, Warnings} of
        {[], []} -> Forms;
        {[], _} -> {warning, Forms, Warnings};
        _ -> {error, lists:reverse(Errors), Warnings}
    end.

field({typed_record_field, Field, _Type}) -> field(Field);
field({record_field, A, {atom, _, Name}}) -> {Name, {atom, A, undefined}};
field({record_field, _, {atom, _, Name}, Default}) -> {Name, Default}.

form({attribute, _, file, {File, _}} = Form, _Records, {_, Errors}) ->
    {Form, {File, Errors}};
form({function, A, Name, Arity, Clauses} = Form, Records, {File, Errors}) ->
    try {function, A, Name, Arity, [element(1, walk(C, {File, Records, #{}})) || C <- Clauses]} of
        Changed -> {Changed, {File, Errors}}
    catch
        throw:{?MODULE, At, Reason} ->
            Info = {erl_anno:location(At), ?MODULE, Reason},
            {Form, {File, [{File, [Info]} | Errors]}}
    end;
form(Form, _Records, Acc) ->
    {Form, Acc}.

%% Goes through a function with the variables that are bound so far.
walk({call, A, {remote, _, {atom, _, Dialect}, {atom, _, fun2ms}}, [Fun]}, State)
  when Dialect =:= ets; Dialect =:= dbg ->
    {_, Records, Bound} = State,
    case Fun of
        {'fun', _, {clauses, Clauses}} ->
            _ = [warn_of_shadowed(C, State) || C <- Clauses],
            Context = #context{records = Records, outside = fun(At, Name) -> {var, At, Name} end},
            Specs = lists:append([clauses(Dialect, C, Context) || C <- Clauses]),
            {list(A, Specs), Bound};
        _ ->
            fail(A, no_fun)
    end;
walk({var, _, Name} = Var, {_, _, Bound}) ->
    {Var, Bound#{Name => true}};
walk({'fun', _, {clauses, _}} = Fun, State) ->
    inner(Fun, State);
walk({named_fun, _, _, _} = Fun, State) ->
    inner(Fun, State);
walk({Comprehension, A, Template, Qualifiers}, {File, Records, Bound} = State)
  when Comprehension =:= lc; Comprehension =:= bc; Comprehension =:= mc ->
    {Qualified, Inside} = walk(Qualifiers, State),
    {Made, _} = walk(Template, {File, Records, Inside}),
    {{Comprehension, A, Made, Qualified}, Bound};
walk([{clause, _, _, _, _} | _] = Clauses, {_, _, Bound} = State) ->
    Walked = [walk_parts(C, State) || C <- Clauses],
    After = lists:foldl(fun({_, B}, Acc) -> maps:merge(Acc, B) end, Bound, Walked),
    {[C || {C, _} <- Walked], After};
walk(Term, State) ->
    walk_parts(Term, State).

%% What a construct binds for itself alone.
inner(Fun, {_, _, Bound} = State) ->
    {Walked, _} = walk_parts(Fun, State),
    {Walked, Bound}.

walk_parts(Tuple, State) when is_tuple(Tuple) ->
    {Parts, Bound} = walk_each(tuple_to_list(Tuple), State),
    {list_to_tuple(Parts), Bound};
walk_parts(List, State) when is_list(List) ->
    walk_each(List, State);
walk_parts(Other, {_, _, Bound}) ->
    {Other, Bound}.

walk_each(Terms, {File, Records, Bound0}) when is_list(Terms) ->
    case is_proper(Terms) of
        true -> lists:mapfoldl(fun(T, Bound) -> walk(T, {File, Records, Bound}) end, Bound0, Terms);
        false -> {Terms, Bound0}
    end.

is_proper([_ | T]) -> is_proper(T);
is_proper(T) -> T =:= [].

warn_of_shadowed({clause, _, Patterns, _, _}, {File, _, Bound}) ->
    _ = [put_warning(File, A, Name) || {A, Name} <- variables(Patterns), is_map_key(Name, Bound)],
    ok.

variables({var, _, '_'}) -> [];
variables({var, A, Name}) -> [{A, Name}];
variables(Tuple) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple));
variables([H | T]) -> variables(H) ++ variables(T);
variables(_) -> [].

put_warning(File, A, Name) ->
    Info = {erl_anno:location(A), ?MODULE, {shadowed, Name}},
    Before = case get(?MODULE) of undefined -> []; List -> List end,
    put(?MODULE, [{File, [Info]} | Before]).

shadowed() ->
    case erase(?MODULE) of
        undefined -> [];
        Warnings -> lists:usort(Warnings)
    end.

%%% Funs.

-spec fail(erl_anno:anno(), term()) -> no_return().
fail(A, Reason) -> throw({?MODULE, A, Reason}).

%% Each alternative of a guard makes a clause of its own.
clauses(Dialect, {clause, A, [Pattern0], Guards, Body}, Context) ->
    {Pattern, Whole} = whole(Pattern0),
    valid_head(Dialect, Pattern),
    {Head, {_, Env}} = pattern(Pattern, {1, Whole}, Context#context{part = head}),
    In = Context#context{env = Env},
    Results = list(A, [expr(E, In) || E <- Body]),
    [{tuple, A, [Head, list(A, [expr(T, In#context{part = guard}) || T <- Tests]), Results]}
     || Tests <- alternatives(Guards)];
clauses(Dialect, {clause, A, _, _, _}, _Context) ->
    fail(A, {bad_head, Dialect}).

alternatives([]) -> [[]];
alternatives(Guards) -> Guards.

%% `Object = Pattern', either way round, names the whole object.
whole({match, A, {var, _, Name}, Pattern}) -> {Pattern, #{Name => {atom, A, '$_'}}};
whole({match, A, Pattern, {var, _, Name}}) -> {Pattern, #{Name => {atom, A, '$_'}}};
whole(Pattern) -> {Pattern, #{}}.

valid_head(_, {var, _, _}) -> ok;
valid_head(ets, {tuple, _, _}) -> ok;
valid_head(ets, {record, _, _, _}) -> ok;
valid_head(dbg, {cons, _, _, _}) -> ok;
valid_head(dbg, {nil, _}) -> ok;
valid_head(Dialect, Pattern) -> fail(element(2, Pattern), {bad_head, Dialect}).

%%% Patterns.

pattern({var, A, '_'}, St, _) ->
    {{atom, A, '_'}, St};
pattern({var, A, Name}, {N, Env}, _) ->
    case maps:find(Name, Env) of
        {ok, Known} ->
            {Known, {N, Env}};
        error ->
            Numbered = {atom, A, list_to_atom("$" ++ integer_to_list(N))},
            {Numbered, {N + 1, Env#{Name => Numbered}}}
    end;
pattern({tuple, A, Ps0}, St0, C) ->
    {Ps, St} = patterns(Ps0, St0, C),
    {{tuple, A, Ps}, St};
pattern({cons, A, H0, T0}, St0, C) ->
    {H, St1} = pattern(H0, St0, C),
    {T, St} = pattern(T0, St1, C),
    {{cons, A, H, T}, St};
pattern({map, A, Fields0}, St0, C) ->
    {Fields, St} = lists:mapfoldl(fun({_, At, K, P0}, St1) ->
                                          {P, St2} = pattern(P0, St1, C),
                                          {{map_field_assoc, At, K, P}, St2}
                                  end, St0, Fields0),
    {{map, A, Fields}, St};
pattern({record, A, Name, Given}, St0, C) ->
    Declared = declared(A, Name, C),
    check_fields(Given, Name, Declared, C),
    Others = others(Given, {var, A, '_'}),
    Ps0 = [given(F, Given, Others) || {F, _} <- Declared],
    {Ps, St} = patterns(Ps0, St0, C),
    {{tuple, A, [{atom, A, Name} | Ps]}, St};
pattern({record_index, A, Name, {atom, _, F}}, St, C) ->
    {{integer, A, position(A, Name, F, C)}, St};
pattern({op, _, '++', {string, A, Text}, P0}, St0, C) ->
    {P, St} = pattern(P0, St0, C),
    {lists:foldr(fun(Char, T) -> {cons, A, {integer, A, Char}, T} end, P, Text), St};
pattern({op, _, '++', {nil, _}, P}, St, C) ->
    pattern(P, St, C);
pattern({op, _, '++', {cons, A, H, T}, P}, St, C) ->
    pattern({cons, A, H, {op, A, '++', T, P}}, St, C);
pattern({op, _, _, _} = Op, St, _) ->
    {constant(Op), St};
pattern({op, _, _, _, _} = Op, St, _) ->
    {constant(Op), St};
pattern({bin, _, Segments} = Bin, St, _) ->
    case variables(Segments) of
        [] -> {Bin, St};
        [{A, Name} | _] -> fail(A, {binary_match, Name})
    end;
pattern({atom, A, Atom} = E, St, _) ->
    case is_special(Atom) of
        true -> fail(A, {dollar_atom, Atom});
        false -> {E, St}
    end;
pattern({match, A, _, _}, _St, _) ->
    fail(A, match_in_head);
pattern(P, St, _) ->
    {P, St}.

patterns(Ps, St0, C) ->
    lists:mapfoldl(fun(P, St) -> pattern(P, St, C) end, St0, Ps).

%% The value of operators between constants.
constant(Op) ->
    case erl_eval:partial_eval(Op) of
        {op, A, _, _} -> fail(A, bad_literal);
        {op, A, _, _, _} -> fail(A, bad_literal);
        Value -> Value
    end.

%%% Expressions.

-spec expr(erl_parse:abstract_expr(), #context{}) -> erl_parse:abstract_expr().
expr({var, A, Name}, #context{env = Env, outside = Outside}) ->
    case maps:find(Name, Env) of
        {ok, Known} -> Known;
        error -> const(A, Outside(A, Name))
    end;
expr({value, A, V}, _) ->
    const(A, {value, A, V});
expr({atom, A, Atom} = E, _) ->
    case is_special(Atom) of
        true -> const(A, E);
        false -> E
    end;
expr({cons, A, H, T}, C) ->
    {cons, A, expr(H, C), expr(T, C)};
expr({tuple, A, Es}, C) ->
    tuple(A, [expr(E, C) || E <- Es]);
expr({map, A, Fields}, C) ->
    {map, A, [{map_field_assoc, At, expr(K, C), expr(V, C)} || {map_field_assoc, At, K, V} <- Fields]};
expr({record, A, Name, Given}, C) ->
    Declared = declared(A, Name, C),
    check_fields(Given, Name, Declared, C),
    tuple(A, [{atom, A, Name} | [expr(given(F, Given, others(Given, Default)), C)
                                 || {F, Default} <- Declared]]);
expr({record, A, Base0, Name, Given}, C) ->
    Declared = declared(A, Name, C),
    check_fields(Given, Name, Declared, C),
    Base = expr(Base0, C),
    Numbered = lists:zip(lists:seq(2, length(Declared) + 1), Declared),
    Values = [case given(F, Given, none) of
                  none -> called(A, element, [{integer, A, N}, Base]);
                  E -> expr(E, C)
              end || {N, {F, _}} <- Numbered],
    tuple(A, [{atom, A, Name} | Values]);
expr({record_field, A, Base, Name, {atom, _, F}}, C) ->
    called(A, element, [{integer, A, position(A, Name, F, C)}, expr(Base, C)]);
expr({record_index, A, Name, {atom, _, F}}, C) ->
    {integer, A, position(A, Name, F, C)};
expr({op, A, Op, E}, C) ->
    folded({op, A, Op, E}, fun() -> called(A, Op, [expr(E, C)]) end);
expr({op, A, Op, L, R}, C) ->
    folded({op, A, Op, L, R}, fun() -> called(A, Op, [expr(L, C), expr(R, C)]) end);
expr({call, A, {remote, _, {atom, _, erlang}, {atom, _, F}}, As}, C) ->
    case is_callable(F, length(As), C#context.part) of
        true -> function(A, F, As, C);
        false -> fail(A, {remote_call, erlang, F, length(As), C#context.part})
    end;
expr({call, A, {remote, _, {atom, _, M}, {atom, _, F}}, As}, C) ->
    fail(A, {remote_call, M, F, length(As), C#context.part});
expr({call, A, {atom, _, object}, []}, _) ->
    {atom, A, '$_'};
expr({call, A, {atom, _, bindings}, []}, _) ->
    {atom, A, '$*'};
expr({call, A, {atom, _, F}, As}, C) ->
    case is_callable(F, length(As), C#context.part) of
        true -> function(A, F, As, C);
        false -> fail(A, {local_call, F, length(As), C#context.part})
    end;
expr({match, A, _, _}, C) ->
    fail(A, {match, C#context.part});
expr({bin, _, Segments} = Bin, C) ->
    case variables(Segments) of
        [] -> Bin;
        [{A, Name} | _] -> fail(A, {binary_construction, Name, C#context.part})
    end;
expr({Literal, _, _} = E, _)
  when Literal =:= integer; Literal =:= float; Literal =:= char; Literal =:= string ->
    E;
expr({nil, _} = E, _) ->
    E;
expr(Other, C) ->
    fail(element(2, Other), {construct, construct(element(1, Other)), C#context.part}).

const(A, E) -> {tuple, A, [{atom, A, const}, E]}.

%% A tuple is one in a tuple: else it would be a call.
tuple(A, Es) -> {tuple, A, [{tuple, A, Es}]}.

called(A, F, As) -> {tuple, A, [{atom, A, F} | As]}.

list(A, Es) ->
    lists:foldr(fun(E, T) -> {cons, A, E, T} end, {nil, A}, Es).

is_special('_') -> true;
is_special(Atom) ->
    case atom_to_list(Atom) of
        "$" ++ _ -> true;
        _ -> false
    end.

%% Operators between constants have a value.
folded(Op, Otherwise) ->
    case erl_eval:partial_eval(Op) of
        {op, _, _, _} -> Otherwise();
        {op, _, _, _, _} -> Otherwise();
        Value -> Value
    end.

function(A, is_record, [E, {atom, _, Name} = Tag], C) ->
    Declared = declared(A, Name, C),
    called(A, is_record, [expr(E, C), Tag, {integer, A, length(Declared) + 1}]);
function(A, F, As, C) ->
    called(A, F, [expr(E, C) || E <- As]).

is_callable(F, Arity, Part) ->
    (erl_internal:guard_bif(F, Arity) andalso not lists:member(F, [binary_part, ceil, floor, tuple_size])
         andalso {F, Arity} =/= {is_function, 2})
        orelse (erl_internal:type_test(F, Arity) andalso Arity =:= 1)
        orelse {F, Arity} =:= {get_tcw, 0}
        orelse (Part =:= body andalso lists:member({F, Arity}, actions())).

%% What only bodies do.
actions() ->
    [{caller, 0}, {caller_line, 0}, {current_stacktrace, 0}, {current_stacktrace, 1}, {disable_trace, 1},
     {disable_trace, 2}, {display, 1}, {enable_trace, 1}, {enable_trace, 2}, {exception_trace, 0},
     {get_seq_token, 0}, {message, 1}, {process_dump, 0}, {return_trace, 0}, {set_seq_token, 2},
     {set_tcw, 1}, {silent, 1}, {trace, 2}, {trace, 3}].

construct('case') -> "case";
construct('if') -> "if";
construct('fun') -> "fun";
construct(named_fun) -> "fun";
construct('receive') -> "receive";
construct('try') -> "try";
construct('catch') -> "catch";
construct(block) -> "begin/end block";
construct(lc) -> "list comprehension";
construct(bc) -> "binary comprehension";
construct(mc) -> "map comprehension";
construct(map) -> "map";
construct(Other) -> atom_to_list(Other).

%%% Records.

declared(A, Name, #context{records = Records, part = Part}) ->
    case maps:find(Name, Records) of
        {ok, Declared} -> Declared;
        error -> fail(A, {unknown_record, Name, Part})
    end.

check_fields(Given, Name, Declared, #context{part = Part}) ->
    Names = [F || {record_field, _, {atom, _, F}, _} <- Given],
    _ = [lists:keymember(F, 1, Declared) orelse fail(A, {unknown_field, Name, F, Part})
         || {record_field, A, {atom, _, F}, _} <- Given],
    case Names -- lists:usort(Names) of
        [] -> ok;
        [F | _] -> fail(element(2, hd(Given)), {field_given_twice, Name, F, Part})
    end.

given(F, [{record_field, _, {atom, _, F}, E} | _], _Others) -> E;
given(F, [_ | Given], Others) -> given(F, Given, Others);
given(_F, [], Others) -> Others.

%% The value for `_', if there is one.
others(Given, Default) ->
    case [E || {record_field, _, {var, _, '_'}, E} <- Given] of
        [E | _] -> E;
        [] -> Default
    end.

position(A, Name, F, #context{part = Part} = C) ->
    Declared = declared(A, Name, C),
    case [N || {N, {Known, _}} <- lists:zip(lists:seq(2, length(Declared) + 1), Declared), Known =:= F] of
        [N] -> N;
        [] -> fail(A, {unknown_field, Name, F, Part})
    end.

%%% Messages.

%% @doc The text of what is wrong in an error or warning of this module.
-spec format_error(term()) -> io_lib:chars().
format_error({shadowed, Name}) ->
    format("variable ~p shadowed in ms_transform fun head", [Name]);
format_error(no_fun) ->
    "Parameter of ets/dbg:fun2ms/1 is not a literal fun";
format_error({bad_head, ets}) ->
    "ets:fun2ms requires fun with single variable or tuple parameter";
format_error({bad_head, dbg}) ->
    "dbg:fun2ms requires fun with single variable or list parameter";
format_error(match_in_head) ->
    "in fun head, only matching (=) on toplevel can be translated into match_spec";
format_error({dollar_atom, Atom}) ->
    format("fun head contains atom ~w, which conflics with reserved atoms in match_spec heads", [Atom]);
format_error({binary_match, Name}) ->
    format("fun head contains bit syntax matching of variable ~w, "
           "which cannot be translated into match_spec", [Name]);
format_error(bad_literal) ->
    "fun head contains what is no pattern, cannot be translated into match_spec";
format_error({match, guard}) ->
    "fun with guard matching ('=' in guard) is illegal as match_spec as well";
format_error({match, body}) ->
    "fun with body matching ('=' in body) is illegal as match_spec";
format_error({local_call, F, Arity, Part}) ->
    format("fun containing the local function call '~tw/~w' (called in ~w) "
           "cannot be translated into match_spec", [F, Arity, Part]);
format_error({remote_call, M, F, Arity, Part}) ->
    format("fun containing the remote function call '~w:~tw/~w' (called in ~w) "
           "cannot be translated into match_spec", [M, F, Arity, Part]);
format_error({construct, Name, Part}) ->
    format("the language element ~ts (in ~w) cannot be translated into match_spec", [Name, Part]);
format_error({binary_construction, Name, Part}) ->
    format("bit syntax construction with variable ~w (in ~w) "
           "cannot be translated into match_spec", [Name, Part]);
format_error({unbound, Name}) ->
    format("the variable ~s is unbound, cannot translate into match_spec", [Name]);
format_error({unknown_record, Name, Part}) ->
    format("fun ~w contains unknown record type ~tw", [Part, Name]);
format_error({unknown_field, Name, F, Part}) ->
    format("fun ~w contains reference to unknown field ~tw in record type ~tw", [Part, F, Name]);
format_error({field_given_twice, Name, F, Part}) ->
    format("fun ~w contains already defined field ~tw in record type ~tw", [Part, F, Name]).

format(Text, Arguments) ->
    lists:flatten(io_lib:format(Text, Arguments)).
