%%% Queries: list comprehensions over lists, tables and other queries, evaluated when they are asked for.
%%%
%%% A query handle is opened to a stream: [], [Answer | Stream] or a fun that gives a stream. What the
%%% transform makes of a comprehension is described in swerl_qlc_transform.
-module(qlc).

-export([q/1, q/2, e/1, e/2, eval/1, eval/2, fold/3, fold/4, append/1, append/2, sort/1, sort/2, keysort/2,
         keysort/3, cursor/1, cursor/2, next_answers/1, next_answers/2, delete_cursor/1, table/2,
         string_to_handle/1, string_to_handle/2, string_to_handle/3, info/1, info/2, format_error/1,
         parse_transform/2, parse_transform_info/0, transform_from_evaluator/2]).

-export_type([query_handle/0, query_cursor/0, query_handle_or_list/0]).

-record(qlc_handle, {h}).
-record(qlc_lc, {lc, opts}).
-record(qlc_append, {hl}).
-record(qlc_table, {traverse, opts}).
-record(qlc_sort, {h, keypos, opts}).

-opaque query_handle() :: #qlc_handle{}.
-opaque query_cursor() :: {qlc_cursor, term()}.
-type query_handle_or_list() :: query_handle() | list().

-define(ANSWERS, 10).

%%% Making handles.

%% @doc The handle of a comprehension.
q(Lc) -> q(Lc, []).

%% @doc As q/1, with options: unique, cache, join, lookup, max_lookup.
q({qlc_lc, Fun, undefined}, Options) when is_function(Fun, 0) ->
    #qlc_handle{h = #qlc_lc{lc = Fun, opts = options(Options, query_options())}};
q(_, _) -> error(badarg).

query_options() -> [unique, cache, max_lookup, join, lookup, cache_all, unique_all, tmpdir, max_list_size, tmpdir_usage].

eval_options() -> [unique_all, cache_all, max_list_size, tmpdir, tmpdir_usage, spawn_options].

%% A map of known options; anything else is a bad argument.
options(Option, Known) when not is_list(Option) -> options([Option], Known);
options(Options, Known) ->
    maps:from_list([case Option of
                        {Key, _} -> known(Key, Option, Known);
                        Key -> known(Key, {Key, true}, Known)
                    end || Option <- Options]).

known(Key, Pair, Known) ->
    case lists:member(Key, Known) of
        true -> Pair;
        false -> error(badarg)
    end.

%% @doc The answers of one query after those of another.
append(Query1, Query2) -> append([Query1, Query2]).

%% @doc The answers of queries one after the other.
append(Queries) when is_list(Queries) ->
    _ = [check(Query) || Query <- Queries],
    #qlc_handle{h = #qlc_append{hl = Queries}};
append(_) -> error(badarg).

check(#qlc_handle{}) -> ok;
check(List) when is_list(List) -> ok;
check(Fun) when is_function(Fun, 0) -> ok;
check(_) -> error(badarg).

%% @doc The answers in order.
sort(Query) -> sort(Query, []).

%% @doc As sort/1, with options of file_sorter: order, unique.
sort(Query, Options) ->
    check(Query),
    #qlc_handle{h = #qlc_sort{h = Query, keypos = sort, opts = sort_options(Options)}}.

%% @doc The answers, tuples, in the order of an element, or of elements.
keysort(Position, Query) -> keysort(Position, Query, []).

%% @doc As keysort/2, with options.
keysort(Position, Query, Options) ->
    check(Query),
    Positions = if
                    is_list(Position) -> Position;
                    true -> [Position]
                end,
    Positions =/= [] andalso lists:all(fun(P) -> is_integer(P) andalso P > 0 end, Positions) orelse error(badarg),
    #qlc_handle{h = #qlc_sort{h = Query, keypos = Positions, opts = sort_options(Options)}}.

sort_options(Options) ->
    options(Options, [order, unique, tmpdir, size, no_files, compressed, format]).

%% @doc The handle of a table: a fun that gives its objects, and funs that say what it can do.
table(Traverse, Options) when is_function(Traverse, 0); is_function(Traverse, 1) ->
    Known = [pre_fun, post_fun, parent_fun, format_fun, info_fun, lookup_fun, stop_fun, key_equality],
    #qlc_handle{h = #qlc_table{traverse = Traverse, opts = options(Options, Known)}};
table(_, _) -> error(badarg).

%%% Answers.

%% @doc All answers.
e(Query) -> eval(Query).

%% @doc As e/1, with options.
e(Query, Options) -> eval(Query, Options).

%% @doc All answers.
eval(Query) -> eval(Query, []).

%% @doc As eval/1, with options: unique_all, cache_all and others.
eval(Query, []) when is_list(Query) ->
    Query;
eval(Query, Options) ->
    case fold(fun(Answer, Acc) -> [Answer | Acc] end, [], Query, Options) of
        Answers when is_list(Answers) -> lists:reverse(Answers);
        Other -> Other
    end.

%% @doc Folds over the answers.
fold(Fun, Acc, Query) -> fold(Fun, Acc, Query, []).

%% @doc As fold/3, with options.
fold(Fun, Acc, Query, Options) ->
    check(Query),
    Given = options(Options, eval_options()),
    {Stream, Close} = opened(Query, Given),
    try fold_stream(Fun, Acc, Stream)
    after Close()
    end.

fold_stream(Fun, Acc, [Answer | Stream]) -> fold_stream(Fun, Fun(Answer, Acc), Stream);
fold_stream(_, Acc, []) -> Acc;
fold_stream(Fun, Acc, More) when is_function(More, 0) -> fold_stream(Fun, Acc, More());
fold_stream(_, _, Other) ->
    %% A traversal may answer what is not a list: that is the answer of the query.
    Other.

%% The tables of a query are told before the first object and after the last.
opened(Query, Options) ->
    Tables = tables(Query),
    Parent = [F() || #{parent_fun := F} <- Tables],
    _ = [case Table of
             #{pre_fun := F} ->
                 F([{parent_value, first(Parent)}, {stop_fun, fun() -> ok end}]);
             _ -> ok
         end || Table <- Tables],
    Stream = open(Query, Options),
    {Stream, fun() -> _ = [F() || #{post_fun := F} <- Tables], ok end}.

first([Value | _]) -> Value;
first([]) -> undefined.

tables(#qlc_handle{h = #qlc_table{opts = Options}}) -> [Options];
tables(#qlc_handle{h = #qlc_append{hl = Queries}}) -> lists:append([tables(Query) || Query <- Queries]);
tables(#qlc_handle{h = #qlc_sort{h = Query}}) -> tables(Query);
tables(#qlc_handle{h = #qlc_lc{lc = Fun}}) ->
    {lc, Qualifiers, _, _} = Fun(),
    lists:append([tables(Source) || {generate, _, Source, _, _} <- Qualifiers]);
tables(_) -> [].

%%% Streams.

open(List, Options) when is_list(List) -> unique(List, Options, unique_all);
open(Fun, _) when is_function(Fun, 0) -> Fun;
open(Other, _) when not is_record(Other, qlc_handle) -> error(badarg);
open(#qlc_handle{h = #qlc_append{hl = Queries}}, Options) -> unique(append_streams(Queries, Options), Options, unique_all);
open(#qlc_handle{h = #qlc_sort{} = Sort}, Options) -> sorted(Sort, Options);
open(#qlc_handle{h = #qlc_table{} = Table}, Options) -> unique(traverse(Table, all), Options, unique_all);
open(#qlc_handle{h = #qlc_lc{lc = Fun, opts = Own}}, Options) ->
    {lc, Qualifiers, Template, _} = Fun(),
    Plan = swerl_qlc_plan:plan(Qualifiers, Own, fun source/1, fun(Query) -> open(Query, Options) end),
    Stream = run(Plan, [], Template, fun() -> [] end),
    unique(unique(Stream, Own, unique), Options, unique_all).

%% What a source can do, for the plan: its lookup fun and what it says of itself.
source(#qlc_handle{h = #qlc_table{opts = Options}}) -> Options;
source(_) -> #{}.

append_streams([Query | Queries], Options) ->
    append_stream(open(Query, Options), fun() -> append_streams(Queries, Options) end);
append_streams([], _) -> [].

append_stream([Answer | Stream], Rest) -> [Answer | fun() -> append_stream(Stream, Rest) end];
append_stream([], Rest) -> Rest();
append_stream(More, Rest) -> append_stream(More(), Rest).

traverse(#qlc_table{traverse = Traverse}, _) when is_function(Traverse, 0) -> Traverse;
traverse(#qlc_table{traverse = Traverse}, all) -> fun() -> Traverse([{'$1', [], ['$1']}]) end.

sorted(#qlc_sort{h = Query, keypos = Positions, opts = Given}, Options) ->
    Answers = to_list(open(Query, Options)),
    Key = case Positions of
              sort -> fun(Answer) -> Answer end;
              _ -> fun(Tuple) -> [element(P, Tuple) || P <- Positions] end
          end,
    Sorted = case maps:get(order, Given, ascending) of
                 ascending -> lists:sort(fun(A, B) -> Key(A) =< Key(B) end, Answers);
                 descending -> lists:sort(fun(A, B) -> Key(A) >= Key(B) end, Answers);
                 Order -> lists:sort(fun(A, B) -> Order(Key(A), Key(B)) end, Answers)
             end,
    Once = case maps:get(unique, Given, false) orelse maps:get(unique_all, Options, false) of
               true when Positions =:= sort -> without_copies(Sorted, fun(Answer) -> Answer end);
               true -> without_copies(Sorted, Key);
               false -> Sorted
           end,
    Once.

without_copies([A, B | Rest], Key) ->
    case Key(A) == Key(B) of
        true -> without_copies([A | Rest], Key);
        false -> [A | without_copies([B | Rest], Key)]
    end;
without_copies(Rest, _) -> Rest.

to_list(Stream) -> lists:reverse(fold_stream(fun(Answer, Acc) -> [Answer | Acc] end, [], Stream)).

%% The answers that did not come before, when an option wants that.
unique(Stream, Options, Key) ->
    case maps:get(Key, Options, false) of
        true -> fun() -> unique_stream(Stream, #{}) end;
        false -> Stream
    end.

unique_stream([Answer | Stream], Seen) when is_map_key(Answer, Seen) -> unique_stream(Stream, Seen);
unique_stream([Answer | Stream], Seen) -> [Answer | fun() -> unique_stream(Stream, Seen#{Answer => []}) end];
unique_stream([], _) -> [];
unique_stream(More, Seen) -> unique_stream(More(), Seen).

%% Runs a plan: each generator for each combination of what came before it.
run([{generate, Match, Open} | Plan], Env, Template, Rest) ->
    generate(Open(Env), Match, Plan, Env, Template, Rest);
run([{filter, Test} | Plan], Env, Template, Rest) ->
    case Test(Env) of
        true -> run(Plan, Env, Template, Rest);
        false -> Rest()
    end;
run([], Env, Template, Rest) ->
    [Template(Env) | Rest].

generate([Object | Stream], Match, Plan, Env, Template, Rest) ->
    case Match(Object, Env) of
        false -> generate(Stream, Match, Plan, Env, Template, Rest);
        Env1 ->
            run(Plan, Env1, Template, fun() -> generate(Stream, Match, Plan, Env, Template, Rest) end)
    end;
generate([], _, _, _, _, Rest) -> Rest();
generate(More, Match, Plan, Env, Template, Rest) when is_function(More, 0) ->
    generate(More(), Match, Plan, Env, Template, Rest);
generate(Other, _, _, _, _, _) -> error(badarg, [Other]).

%%% Cursors.

%% @doc A cursor: a process that gives answers a few at a time.
cursor(Query) -> cursor(Query, []).

%% @doc As cursor/1, with options.
cursor(Query, Options) ->
    check(Query),
    Given = options(Options, eval_options()),
    Owner = self(),
    Pid = spawn_opt(fun() -> cursor_process(Owner, Query, Given) end, maps:get(spawn_options, Given, [])),
    {qlc_cursor, {Pid, Owner}}.

%% @doc The next answers, ten at most.
next_answers(Cursor) -> next_answers(Cursor, ?ANSWERS).

%% @doc The next answers, so many at most, or all that remain.
next_answers({qlc_cursor, {Pid, Owner}}, Number)
  when is_integer(Number), Number > 0; Number =:= all_remaining ->
    Owner =:= self() orelse error(not_cursor_owner),
    Ref = erlang:monitor(process, Pid),
    Pid ! {next, self(), Ref, Number},
    receive
        {Ref, {answers, Answers}} -> erlang:demonitor(Ref, [flush]), Answers;
        {Ref, {failed, Class, Reason, Stack}} ->
            erlang:demonitor(Ref, [flush]),
            erlang:raise(Class, Reason, Stack);
        {'DOWN', Ref, process, Pid, _} -> error({qlc_cursor_pid_no_longer_exists, Pid})
    end;
next_answers(_, _) -> error(badarg).

%% @doc Ends a cursor.
delete_cursor({qlc_cursor, {Pid, Owner}}) ->
    Owner =:= self() orelse error(not_cursor_owner),
    Ref = erlang:monitor(process, Pid),
    Pid ! {stop, self()},
    receive {'DOWN', Ref, process, Pid, _} -> ok end;
delete_cursor(_) -> error(badarg).

cursor_process(Owner, Query, Options) ->
    Ref = erlang:monitor(process, Owner),
    {Stream, Close} = opened(Query, Options),
    cursor_loop(Stream, Close, Owner, Ref).

cursor_loop(Stream, Close, Owner, OwnerRef) ->
    receive
        {next, Owner, Ref, Number} ->
            try take(Stream, Number, []) of
                {Answers, Rest} ->
                    Owner ! {Ref, {answers, Answers}},
                    cursor_loop(Rest, Close, Owner, OwnerRef)
            catch
                Class:Reason:Stack ->
                    Close(),
                    Owner ! {Ref, {failed, Class, Reason, Stack}}
            end;
        {stop, Owner} -> Close();
        {'DOWN', OwnerRef, process, Owner, _} -> Close()
    end.

take(Stream, 0, Answers) -> {lists:reverse(Answers), Stream};
take([Answer | Stream], all_remaining, Answers) -> take(Stream, all_remaining, [Answer | Answers]);
take([Answer | Stream], N, Answers) -> take(Stream, N - 1, [Answer | Answers]);
take([], _, Answers) -> {lists:reverse(Answers), []};
take(More, N, Answers) -> take(More(), N, Answers).

%%% Queries from text.

%% @doc The handle of the text of a query.
string_to_handle(Text) -> string_to_handle(Text, []).

%% @doc As string_to_handle/1, with options.
string_to_handle(Text, Options) -> string_to_handle(Text, Options, erl_eval:new_bindings()).

%% @doc As string_to_handle/2, with values of variables.
string_to_handle(Text, Options, Bindings) when is_list(Text) ->
    Given = options(Options, query_options()),
    case erl_scan:string(Text, 1, [text]) of
        {ok, Tokens, _} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, [Expr]} -> expr_to_handle(Expr, maps:to_list(Given), Bindings);
                {ok, _} -> query_error({1, qlc, not_a_query_list_comprehension});
                {error, Error} -> query_error(Error)
            end;
        {error, Error, _} -> query_error(Error)
    end;
string_to_handle(_, _, _) -> error(badarg).

query_error({Location, Module, Reason}) -> {error, ?MODULE, {line_of(Location), Module, Reason}}.

line_of({Line, _}) -> Line;
line_of(Line) -> Line.

expr_to_handle(Expr, Options, Bindings) ->
    case erl_lint:exprs([Expr], orddict:from_list(bindings_list(Bindings))) of
        {error, [{_, [Error | _]} | _], _} -> query_error(Error);
        _ ->
            case Expr of
                {lc, A, _, _} ->
                    Call = {call, A, {remote, A, {atom, A, ?MODULE}, {atom, A, q}},
                            [Expr, erl_parse:abstract(Options, [{location, erl_anno:location(A)}])]},
                    evaluated(Call, Bindings);
                {call, _, {remote, _, {atom, _, ?MODULE}, {atom, _, q}}, [{lc, _, _, _} | _]} ->
                    evaluated(Expr, Bindings);
                _ -> query_error({erl_anno:location(element(2, Expr)), ?MODULE, not_a_query_list_comprehension})
            end
    end.

bindings_list(Bindings) when is_map(Bindings) -> maps:to_list(Bindings);
bindings_list(Bindings) -> Bindings.

evaluated({call, A, Function, [Lc | Options]}, Bindings) ->
    try swerl_qlc_transform:expr(Lc, []) of
        Query ->
            {value, Handle, _} = erl_eval:expr({call, A, Function, [Query | Options]}, Bindings),
            Handle
    catch
        throw:{qlc_error, Error} -> query_error(Error)
    end.

%% @doc The expression for a comprehension that is evaluated, not compiled.
transform_from_evaluator({lc, A, _, _} = Lc, _Bindings) ->
    try swerl_qlc_transform:expr(Lc, []) of
        Query -> {ok, {call, A, {remote, A, {atom, A, ?MODULE}, {atom, A, q}}, [Query]}}
    catch
        throw:{qlc_error, Error} -> {not_ok, query_error(Error)}
    end;
transform_from_evaluator(Expr, _) ->
    {not_ok, query_error({erl_anno:location(element(2, Expr)), ?MODULE, not_a_query_list_comprehension})}.

%% @doc The transform of modules that include qlc.hrl.
parse_transform(Forms, Options) -> swerl_qlc_transform:forms(Forms, Options).

%% @doc How the transform wants places.
parse_transform_info() -> #{error_location => column}.

%%% Texts.

%% @doc The query as the text of an expression.
info(Query) -> info(Query, []).

%% @doc As info/1; with {format, abstract_code} as a tree, with {format, debug} as a term.
info(Query, Options) ->
    check(Query),
    Given = options(Options, [format, flat, depth, n_elements | eval_options()]),
    case maps:get(format, Given, string) of
        debug -> debug(Query);
        abstract_code -> code(Query);
        string -> lists:flatten(erl_pp:expr(code(Query)))
    end.

debug(List) when is_list(List) -> {list, List};
debug(#qlc_handle{h = #qlc_append{hl = Queries}}) -> {append, [debug(Query) || Query <- Queries]};
debug(#qlc_handle{h = #qlc_sort{h = Query, keypos = sort}}) -> {sort, debug(Query)};
debug(#qlc_handle{h = #qlc_sort{h = Query, keypos = Positions}}) -> {keysort, Positions, debug(Query)};
debug(#qlc_handle{h = #qlc_table{opts = Options}}) -> {table, Options};
debug(#qlc_handle{h = #qlc_lc{lc = Fun, opts = Options}}) ->
    {lc, Qualifiers, _, _} = Fun(),
    {qlc, [{generate, debug(Source)} || {generate, _, Source, _, _} <- Qualifiers], maps:to_list(Options)}.

code(List) when is_list(List) -> erl_parse:abstract(List, 1);
code(Fun) when is_function(Fun) -> {var, 1, list_to_atom(erlang:fun_to_list(Fun))};
code(#qlc_handle{h = #qlc_append{hl = Queries}}) ->
    call(append, [lists:foldr(fun(Query, Tail) -> {cons, 1, code(Query), Tail} end, {nil, 1}, Queries)]);
code(#qlc_handle{h = #qlc_sort{h = Query, keypos = sort, opts = Options}}) ->
    call(sort, [code(Query) | options_code(Options)]);
code(#qlc_handle{h = #qlc_sort{h = Query, keypos = Positions, opts = Options}}) ->
    call(keysort, [code(Positions), code(Query) | options_code(Options)]);
code(#qlc_handle{h = #qlc_table{opts = #{format_fun := Format}}}) -> table_code(Format(all));
code(#qlc_handle{h = #qlc_table{}}) -> {call, 1, {remote, 1, {atom, 1, ?MODULE}, {atom, 1, table}}, [{var, 1, '_'}, {nil, 1}]};
code(#qlc_handle{h = #qlc_lc{lc = Fun, opts = Options}}) ->
    {lc, Qualifiers, _, {lc, _, Template, Parts}} = Fun(),
    Sources = maps:from_list([{N, Source} || {generate, _, Source, N, _} <- Qualifiers]),
    case {Template, with_sources(Parts, Sources, 1)} of
        {{var, _, V}, [{generate, _, {var, _, V}, Source}]} when Options =:= #{} -> Source;
        {_, Qualified} -> call(q, [{lc, 1, Template, Qualified} | options_code(Options)])
    end.

options_code(Options) when Options =:= #{} -> [];
options_code(Options) -> [erl_parse:abstract(maps:to_list(Options), 1)].

table_code({M, F, Args}) when is_atom(M), is_atom(F), is_list(Args) ->
    {call, 1, {remote, 1, {atom, 1, M}, {atom, 1, F}}, [argument(Arg) || Arg <- Args]};
table_code(Text) when is_list(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, [Expr]} = erl_parse:parse_exprs(Tokens),
    Expr;
table_code(Tree) -> Tree.

%% Tables have arguments that are written as calls only.
argument(Ref) when is_reference(Ref) -> converted(list_to_ref, erlang:ref_to_list(Ref));
argument(Pid) when is_pid(Pid) -> converted(list_to_pid, pid_to_list(Pid));
argument(Fun) when is_function(Fun) -> {var, 1, list_to_atom(erlang:fun_to_list(Fun))};
argument(Term) -> erl_parse:abstract(Term, 1).

converted(Function, Text) -> {call, 1, {atom, 1, Function}, [{string, 1, Text}]}.

call(Function, Args) -> {call, 1, {remote, 1, {atom, 1, ?MODULE}, {atom, 1, Function}}, Args}.

with_sources([{generate, A, Pattern, _} | Parts], Sources, N) ->
    [{generate, A, Pattern, code(maps:get(N, Sources))} | with_sources(Parts, Sources, N + 1)];
with_sources([Filter | Parts], Sources, N) -> [Filter | with_sources(Parts, Sources, N)];
with_sources([], _, _) -> [].

%% @doc The text of an error.
format_error(not_a_query_list_comprehension) -> io_lib:format("argument is not a query list comprehension", []);
format_error({used_generator_variable, V}) ->
    io_lib:format("generated variable ~w must not be used in list expression", [V]);
format_error(binary_generator) -> io_lib:format("cannot handle binary generators", []);
format_error(too_complex_join) -> io_lib:format("cannot handle join of three or more generators efficiently", []);
format_error(too_many_joins) -> io_lib:format("cannot handle more than one join efficiently", []);
format_error(nomatch_pattern) -> io_lib:format("pattern cannot possibly match", []);
format_error(nomatch_filter) -> io_lib:format("filter evaluates to 'false'", []);
format_error({Location, Module, Reason}) when is_integer(Location), is_atom(Module) ->
    io_lib:format("~p: ~ts~n", [Location, lists:flatten(Module:format_error(Reason))]);
format_error({bad_object, File}) -> io_lib:format("the temporary file \"~ts\" holding answers is corrupt", [File]);
format_error({error, ?MODULE, Reason}) -> format_error(Reason);
format_error(Other) -> [io_lib:format("~tp", [Other]), $\n].
