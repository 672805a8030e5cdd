%%% Plans written down: as abstract code, as text, or as a term.
-module(swerl_qlc_text).

-export([code/2, text/2, debug/1, format_fun/3]).

%% @doc A plan as the text of an expression.
text(Plan, Options) -> lists:flatten(erl_pp:expr(code(Plan, Options))).

%% @doc A plan as an expression; Options has flat, depth and n_elements.
code(Plan, Options) ->
    Limits = {maps:get(flat, Options, true), maps:get(depth, Options, infinity), maps:get(n_elements, Options, infinity)},
    {Code, {_, Named}} = code(Plan, Limits, {0, []}),
    case Named of
        [] -> Code;
        _ -> {block, 0, lists:reverse([Code | Named])}
    end.

%% A plan within another one: comprehensions get a name, {number of names, definitions, the last one first}.
inner(#{node := Node} = Plan, {Flat, _, _} = Limits, State) ->
    {Code, {N, Named} = State1} = code(Plan, Limits, State),
    case Flat andalso lists:member(element(1, Node), [lc, merge, lookup_join, kept]) of
        true ->
            Name = {var, 1, list_to_atom("V" ++ integer_to_list(N + 1))},
            {Name, {N + 1, [{match, 1, Name, Code} | Named]}};
        false -> {Code, State1}
    end.

code(#{node := Node}, Limits, State) -> node_code(Node, Limits, State).

node_code({list, List}, {_, Depth, Elements}, State) -> {abstract(first(List, Elements, Depth)), State};
node_code({match, #{node := {lookup, Table, _, _}} = Plan, _}, Limits, State) when not is_map_key(format_fun, Table) ->
    code(Plan, Limits, State);
node_code({match, Plan, Spec}, {_, Depth, _} = Limits, State) ->
    {Code, State1} = inner(Plan, Limits, State),
    Compiled = call(ets, match_spec_compile, [abstract([limited(Part, Depth) || Part <- Spec])]),
    {call(ets, match_spec_run, [Code, Compiled]), State1};
node_code({table, _, Table, all}, {_, Depth, Elements}, State) ->
    {table_code(Table, {all, Elements, limit(Depth)}, all), State};
node_code({table, _, Table, Spec}, {_, Depth, _}, State) ->
    Limited = [limited(Part, Depth) || Part <- Spec],
    {table_code(Table, {match_spec, Limited}, {match_spec, Limited}), State};
node_code({lookup, Table, Position, Keys}, {_, Depth, Elements}, State) ->
    {table_code(Table, {lookup, Position, Keys, Elements, limit(Depth)}, {lookup, Position, Keys}), State};
node_code({append, Plans}, Limits, State) ->
    {Codes, State1} = lists:mapfoldl(fun(Plan, Acc) -> inner(Plan, Limits, Acc) end, State, Plans),
    {call(qlc, append, [list(Codes)]), State1};
node_code({sort, Plan, Options}, Limits, State) ->
    {Code, State1} = inner(Plan, Limits, State),
    {call(qlc, sort, [Code, abstract(Options)]), State1};
node_code({keysort, Plan, Positions, Options}, Limits, State) ->
    {Code, State1} = inner(Plan, Limits, State),
    {call(qlc, keysort, [abstract(Positions), Code, abstract(Options)]), State1};
node_code({kept, Plan, Options}, Limits, State) ->
    {Code, State1} = inner(Plan, Limits, State),
    Var = {var, 0, 'SQV'},
    {query(Var, [{generate, 1, Var, Code}], Options), State1};
node_code({lc, Template, Qualifiers, _, _, Options}, Limits, State) ->
    {Codes, State1} = lists:mapfoldl(fun({generate, Pattern, _, Plan}, Acc) ->
                                             {Code, Acc1} = inner(Plan, Limits, Acc),
                                             {{generate, 1, values(Pattern), Code}, Acc1};
                                        ({filter, Filter, _}, Acc) -> {values(Filter), Acc}
                                     end, State, Qualifiers),
    {query(values(Template), Codes, Options), State1};
node_code({merge, First, P1, Second, P2, Options}, Limits, State) ->
    {Code1, State1} = inner(First, Limits, State),
    {Code2, State2} = inner(Second, Limits, State1),
    {pairs([{'G1', Code1}, {'G2', Code2}], '==', P1, P2, Options), State2};
node_code({lookup_join, Which, First, P1, Second, P2, Op, Options}, Limits, State) ->
    {Code1, State1} = inner(First, Limits, State),
    {Code2, State2} = inner(Second, Limits, State1),
    %% Of the first generator looked up, the positions are shown the other way round, as in OTP.
    case Which of
        first -> {pairs([{'G2', Code2}, {'G1', Code1}], Op, P2, P1, Options), State2};
        second -> {pairs([{'G1', Code1}, {'G2', Code2}], Op, P1, P2, Options), State2}
    end.

pairs(Generators, Op, P1, P2, Options) ->
    query({cons, 0, {var, 0, 'G1'}, {var, 0, 'G2'}},
          [{generate, 1, {var, 0, G}, Code} || {G, Code} <- Generators]
          ++ [{op, 0, Op, element_of(P1, 'G1'), element_of(P2, 'G2')}], Options).

element_of(Position, V) -> {call, 0, {atom, 0, element}, [{integer, 0, Position}, {var, 0, V}]}.

query(Template, Qualifiers, Options) ->
    call(qlc, q, [{lc, 1, Template, Qualifiers} | [abstract(Options) || Options =/= []]]).

call(Module, Function, Args) -> {call, 1, {remote, 1, {atom, 1, Module}, {atom, 1, Function}}, Args}.

list(Codes) -> lists:foldr(fun(Code, Tail) -> {cons, 1, Code, Tail} end, {nil, 1}, Codes).

%% Values that a plan has put into its conditions; and records as they were written.
values(Tuple) when tuple_size(Tuple) >= 2, tuple_size(element(2, Tuple)) =:= 2, element(1, element(2, Tuple)) =:= shown ->
    element(2, element(2, Tuple));
values({value, _, Value}) -> abstract(Value);
values(Tuple) when is_tuple(Tuple) -> list_to_tuple(values(tuple_to_list(Tuple)));
values([Head | Tail]) -> [values(Head) | values(Tail)];
values(Term) -> Term.

%%% Tables.

table_code(#{format_fun := Format}, Full, Plain) when is_function(Format, 1) ->
    formatted(try Format(Full)
              catch
                  _:_ -> Format(Plain)
              end);
table_code(_, _, _) -> call('$MOD', '$FUN', []).

formatted({Module, Function, Args}) when is_atom(Module), is_atom(Function), is_list(Args) ->
    {call, 1, {remote, 1, {atom, 1, Module}, {atom, 1, Function}}, [argument(Arg) || Arg <- Args]};
formatted(Tree) when is_tuple(Tree) -> Tree;
formatted(Text) when is_list(Text) ->
    {ok, Tokens, _} = erl_scan:string(lists:flatten(Text ++ "."), 1),
    {ok, [Expr]} = erl_parse:parse_exprs(Tokens),
    erl_parse:map_anno(fun(_) -> erl_anno:new(1) end, Expr).

%% What has no text of its own is written as it is printed.
argument(Term) -> abstract(Term).

abstract(Term) ->
    try erl_parse:abstract(Term, 1)
    catch
        error:_ -> printed(Term)
    end.

printed(Tuple) when is_tuple(Tuple) -> {tuple, 1, [abstract(Elem) || Elem <- tuple_to_list(Tuple)]};
printed([Head | Tail]) -> {cons, 1, abstract(Head), abstract(Tail)};
printed(Map) when is_map(Map) ->
    {map, 1, [{map_field_assoc, 1, abstract(Key), abstract(Value)} || {Key, Value} <- maps:to_list(Map)]};
printed(Fun) when is_function(Fun) ->
    [{name, Name}, {arity, Arity}, {module, Module}, {type, Type}] =
        [erlang:fun_info(Fun, Item) || Item <- [name, arity, module, type]],
    case Type of
        external -> {'fun', 1, {function, {atom, 1, Module}, {atom, 1, Name}, {integer, 1, Arity}}};
        local -> {'fun', 1, {function, Name, Arity}}
    end;
printed(Term) -> {var, 1, list_to_atom(lists:flatten(io_lib:format("~p", [Term])))}.

%% @doc The format_fun of a table of ets or dets.
format_fun(Module, Table, Options) ->
    fun({all, _, _}) -> {Module, table, [Table | [Options || Options =/= []]]};
       ({match_spec, Spec}) ->
            Given = if
                        is_list(Options) -> Options;
                        true -> [Options]
                    end,
            {Module, table, [Table, [{traverse, {select, Spec}} | Given]]};
       ({lookup, _, [Key], _, Depth}) ->
            io_lib:format("~w:lookup(~s, ~w)", [Module, name(Table), Depth(Key)]);
       ({lookup, _, Keys, Elements, Depth}) ->
            io_lib:format("lists:flatmap(fun(V) -> ~w:lookup(~s, V) end, ~w)",
                          [Module, name(Table), first(Keys, Elements, Depth)])
    end.

name(Table) when is_reference(Table) -> io_lib:format("list_to_ref(\"~s\")", [ref_to_list(Table)]);
name(Table) -> io_lib:format("~w", [Table]).

%%% Only so much of a term.

limit(Depth) -> fun(Term) -> limited(Term, Depth) end.

first(List, Elements, Depth) when is_function(Depth) -> first([Depth(Element) || Element <- List], Elements, infinity);
first(List, infinity, Depth) -> each(List, Depth);
first(List, Elements, Depth) ->
    try lists:split(Elements, List) of
        {_, []} -> each(List, Depth);
        {First, _} -> each(First, Depth) ++ '...'
    catch
        error:badarg -> each(List, Depth)
    end.

each(List, infinity) -> List;
each([Head | Tail], Depth) -> [limited(Head, Depth) | each(Tail, Depth)];
each(Tail, _) -> Tail.

limited(Term, infinity) -> Term;
limited(Term, Depth) when Depth =< 0, Term =/= [] -> '...';
limited(Tuple, Depth) when is_tuple(Tuple), Tuple =/= {} -> list_to_tuple(parts(tuple_to_list(Tuple), Depth - 1));
limited([Head | Tail], Depth) -> [limited(Head, Depth - 1) | limited(Tail, Depth - 1)];
limited(Map, Depth) when is_map(Map) -> maps:map(fun(_, Value) -> limited(Value, Depth - 1) end, Map);
limited(Term, _) -> Term.

parts([], _) -> [];
parts(_, Depth) when Depth =< 0 -> ['...'];
parts([Part | Parts], Depth) -> [limited(Part, Depth) | parts(Parts, Depth - 1)].

%%% As a term.

%% @doc A plan as a term; expressions are in it as their external format.
debug(#{node := Node}) -> node_debug(Node).

node_debug({list, List}) -> {list, List};
node_debug({match, Plan, Spec}) -> {list, debug(Plan), Spec};
node_debug({table, _, Table, all}) -> {table, described(Table, {all, infinity, limit(infinity)}, all)};
node_debug({table, _, Table, Spec}) -> {table, described(Table, {match_spec, Spec}, {match_spec, Spec})};
node_debug({lookup, Table, Position, Keys}) ->
    {table, described(Table, {lookup, Position, Keys, infinity, limit(infinity)}, {lookup, Position, Keys})};
node_debug({append, Plans}) -> {append, [debug(Plan) || Plan <- Plans]};
node_debug({sort, Plan, Options}) -> {sort, debug(Plan), Options};
node_debug({keysort, Plan, Positions, Options}) -> {keysort, debug(Plan), Positions, Options};
node_debug({kept, Plan, Options}) ->
    Var = term_to_binary({var, 0, 'SQV'}),
    {qlc, Var, [{generate, Var, debug(Plan)}], Options};
node_debug({lc, Template, Qualifiers, _, _, Options}) ->
    {qlc, term_to_binary(values(Template)), [case Qualifier of
                                         {generate, Pattern, _, Plan} -> {generate, term_to_binary(values(Pattern)), debug(Plan)};
                                         {filter, Filter, _} -> term_to_binary(values(Filter))
                                     end || Qualifier <- Qualifiers], Options};
node_debug({merge, First, P1, Second, P2, Options}) -> pairs_debug([{'G1', First}, {'G2', Second}], '==', P1, P2, Options);
node_debug({lookup_join, first, First, P1, Second, P2, Op, Options}) ->
    pairs_debug([{'G2', Second}, {'G1', First}], Op, P2, P1, Options);
node_debug({lookup_join, second, First, P1, Second, P2, Op, Options}) ->
    pairs_debug([{'G1', First}, {'G2', Second}], Op, P1, P2, Options).

pairs_debug(Generators, Op, P1, P2, Options) ->
    {qlc, term_to_binary({cons, 0, {var, 0, 'G1'}, {var, 0, 'G2'}}),
     [{generate, term_to_binary({var, 0, G}), debug(Plan)} || {G, Plan} <- Generators]
     ++ [term_to_binary({op, 0, Op, element_of(P1, 'G1'), element_of(P2, 'G2')})], Options}.

described(#{format_fun := Format}, Full, Plain) when is_function(Format, 1) ->
    try Format(Full)
    catch
        _:_ -> Format(Plain)
    end;
described(_, _, _) -> {'$MOD', '$FUN', []}.
