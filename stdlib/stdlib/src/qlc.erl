%%% Queries: list comprehensions over lists, tables and other queries, evaluated when they are asked for.
%%%
%%% A query is a list or {qlc_handle, Query}: {lc, Fun, Options}, {table, Traverse, Options}, {append, Queries},
%%% {sort, Query, Options} or {keysort, Positions, Query, Options}. What the transform makes of a comprehension is described in
%%% swerl_qlc_transform, what a query becomes before it is evaluated in swerl_qlc_plan, and how that is done in swerl_qlc_run.
-module(qlc).

-export([q/1, q/2, e/1, e/2, eval/1, eval/2, fold/3, fold/4, append/1, append/2, sort/1, sort/2, keysort/2,
         keysort/3, cursor/1, cursor/2, next_answers/1, next_answers/2, delete_cursor/1, table/2,
         string_to_handle/1, string_to_handle/2, string_to_handle/3, info/1, info/2, format_error/1,
         parse_transform/2, parse_transform_info/0, transform_from_evaluator/2]).

-export_type([query_handle/0, query_cursor/0, query_handle_or_list/0]).

-record(qlc_handle, {h}).

-opaque query_handle() :: #qlc_handle{}.
-opaque query_cursor() :: {qlc_cursor, term()}.
-type query_handle_or_list() :: query_handle() | list().

-define(ANSWERS, 10).

%%% Making handles.

%% @doc The handle of a comprehension.
q(Lc) -> q(Lc, []).

%% @doc As q/1, with options: unique, cache, join, lookup, max_lookup.
q({qlc_lc, Fun, undefined} = Lc, Options) when is_function(Fun, 0) ->
    case options(Options, query_options()) of
        badarg -> error(badarg, [Lc, Options]);
        Given -> #qlc_handle{h = {lc, Fun, Given}}
    end;
q(Lc, Options) -> error(badarg, [Lc, Options]).

query_options() -> [unique, cache, max_lookup, join, lookup].

eval_options() -> [unique_all, cache_all, max_list_size, tmpdir, tmpdir_usage].

%% A map of known options, each given once; or badarg.
options(Options, Known) when is_list(Options) -> options(Options, Known, #{});
options(Option, Known) -> options([Option], Known, #{}).

options([{Key, Value} | Options], Known, Acc) when not is_map_key(Key, Acc) ->
    case lists:member(Key, Known) andalso is_value(Key, Value) of
        true -> options(Options, Known, Acc#{Key => Value});
        false -> badarg
    end;
options([Key | Options], Known, Acc)
  when Key =:= unique; Key =:= unique_all; Key =:= cache; Key =:= cache_all; Key =:= lookup ->
    options([{Key, true} | Options], Known, Acc);
options([], _, Acc) -> Acc;
options(_, _, _) -> badarg.

is_value(Key, Value) when Key =:= unique; Key =:= unique_all; Key =:= flat -> is_boolean(Value);
is_value(Key, Value) when Key =:= cache; Key =:= cache_all -> lists:member(Value, [true, ets, list, no, false]);
is_value(join, Value) -> lists:member(Value, [any, merge, lookup, nested_loop]);
is_value(lookup, Value) -> lists:member(Value, [any, true, false]);
is_value(Key, Value) when Key =:= max_lookup; Key =:= max_list_size; Key =:= depth ->
    Value =:= infinity orelse is_integer(Value) andalso Value >= 0;
is_value(n_elements, Value) -> Value =:= infinity orelse is_integer(Value) andalso Value > 0;
is_value(tmpdir, Value) -> is_list(Value);
is_value(tmpdir_usage, Value) -> lists:member(Value, [allowed, not_allowed, info_msg, warning_msg, error_msg]);
is_value(spawn_options, Value) -> Value =:= default orelse is_list(Value);
is_value(format, Value) -> lists:member(Value, [abstract_code, string, debug]);
is_value(key_equality, Value) -> Value =:= '=:=' orelse Value =:= '==';
is_value(pre_fun, Value) -> is_fun(Value, 1);
is_value(post_fun, Value) -> is_fun(Value, 0);
is_value(parent_fun, Value) -> is_fun(Value, 0);
is_value(format_fun, Value) -> is_fun(Value, 1);
is_value(info_fun, Value) -> is_fun(Value, 1);
is_value(lookup_fun, Value) -> is_fun(Value, 2);
is_value(_, _) -> false.

is_fun(Value, Arity) -> Value =:= undefined orelse is_function(Value, Arity).

%% @doc The answers of one query after those of another.
append(Query1, Query2) ->
    is_query(Query1) andalso is_query(Query2) orelse error(badarg, [Query1, Query2]),
    #qlc_handle{h = {append, [Query1, Query2]}}.

%% @doc The answers of queries one after the other.
append(Queries) ->
    _ = [is_query(Query) orelse error(badarg, [Queries]) || Query <- Queries],
    #qlc_handle{h = {append, Queries}}.

is_query(Query) -> is_record(Query, qlc_handle) orelse is_list(Query).

%% @doc The answers in order.
sort(Query) -> sort(Query, []).

%% @doc As sort/1, with options of file_sorter: order, unique.
sort(Query, Options) ->
    case is_query(Query) andalso sort_options(Options) of
        Given when is_list(Given) -> #qlc_handle{h = {sort, Query, Given}};
        _ -> error(badarg, [Query, Options])
    end.

%% @doc The answers, tuples, in the order of an element, or of elements.
keysort(Position, Query) -> keysort(Position, Query, []).

%% @doc As keysort/2, with options.
keysort(Positions, Query, Options) ->
    IsPosition = fun(P) -> is_integer(P) andalso P > 0 end,
    Fits = IsPosition(Positions) orelse is_list(Positions) andalso Positions =/= [] andalso lists:all(IsPosition, Positions),
    case Fits andalso is_query(Query) andalso sort_options(Options) of
        Given when is_list(Given) -> #qlc_handle{h = {keysort, Positions, Query, Given}};
        _ -> error(badarg, [Positions, Query, Options])
    end.

sort_options(Options) when is_list(Options) -> lists:all(fun is_sort_option/1, Options) andalso Options;
sort_options(Option) -> sort_options([Option]).

is_sort_option(unique) -> true;
is_sort_option({unique, Value}) -> is_boolean(Value);
is_sort_option({order, Order}) -> Order =:= ascending orelse Order =:= descending orelse is_function(Order, 2);
is_sort_option({tmpdir, Dir}) -> is_list(Dir);
is_sort_option(compressed) -> true;
is_sort_option({compressed, Value}) -> is_boolean(Value);
is_sort_option({Key, Value}) when Key =:= size; Key =:= no_files -> is_integer(Value) andalso Value > 0;
is_sort_option(_) -> false.

%% @doc The handle of a table: a fun that gives its objects, and funs that say what it can do.
table(Traverse, Options) when is_function(Traverse, 0); is_function(Traverse, 1) ->
    Known = [pre_fun, post_fun, parent_fun, format_fun, info_fun, lookup_fun, key_equality],
    case options(Options, Known) of
        badarg -> error(badarg, [Traverse, Options]);
        Given -> #qlc_handle{h = {table, Traverse, maps:filter(fun(_, Value) -> Value =/= undefined end, Given)}}
    end;
table(Traverse, Options) -> error(badarg, [Traverse, Options]).

%%% Answers.

%% @doc All answers.
e(Query) -> eval(Query, []).

%% @doc As e/1, with options.
e(Query, Options) -> eval(Query, Options).

%% @doc All answers.
eval(Query) -> eval(Query, []).

%% @doc As eval/1, with options: unique_all, cache_all and others.
eval(Query, Options) ->
    case given(Query, Options, eval_options()) of
        badarg -> error(badarg, [Query, Options]);
        Given -> swerl_qlc_run:all(Query, Given)
    end.

%% The options for a query, or badarg if one of the two is none.
given(Query, Options, Known) ->
    case is_query(Query) of
        true -> options(Options, Known);
        false -> badarg
    end.

%% @doc Folds over the answers.
fold(Fun, Acc, Query) -> fold(Fun, Acc, Query, []).

%% @doc As fold/3, with options.
fold(Fun, Acc, Query, Options) ->
    case given(Query, Options, eval_options()) of
        badarg -> error(badarg, [Fun, Acc, Query, Options]);
        Given -> swerl_qlc_run:fold(Fun, Acc, Query, Given)
    end.

%%% Cursors.

%% @doc A cursor: a process that gives answers a few at a time.
cursor(Query) -> cursor(Query, []).

%% @doc As cursor/1, with options.
cursor(Query, Options) ->
    case given(Query, Options, [spawn_options | eval_options()]) of
        badarg -> error(badarg, [Query, Options]);
        Given -> swerl_qlc_run:cursor(Query, Given)
    end.

%% @doc The next answers, ten at most.
next_answers(Cursor) -> next_answers(Cursor, ?ANSWERS).

%% @doc The next answers, so many at most, or all that remain.
next_answers({qlc_cursor, Cursor}, Number) when is_integer(Number), Number > 0; Number =:= all_remaining ->
    swerl_qlc_run:next_answers(Cursor, Number);
next_answers(Cursor, Number) -> error(badarg, [Cursor, Number]).

%% @doc Ends a cursor.
delete_cursor({qlc_cursor, Cursor}) -> swerl_qlc_run:delete_cursor(Cursor);
delete_cursor(Cursor) -> error(badarg, [Cursor]).

%%% Queries from text.

%% @doc The handle of the text of a query.
string_to_handle(Text) -> string_to_handle(Text, []).

%% @doc As string_to_handle/1, with options.
string_to_handle(Text, Options) -> string_to_handle(Text, Options, erl_eval:new_bindings()).

%% @doc As string_to_handle/2, with values of variables.
string_to_handle(Text, Options, Bindings) when is_list(Text), is_list(Bindings) ->
    string_to_handle(Text, Options, maps:from_list(Bindings));
string_to_handle(Text, Options, Bindings) when is_list(Text) ->
    case options(Options, query_options()) of
        badarg -> error(badarg, [Text, Options, Bindings]);
        Given -> parsed(erl_scan:string(Text), maps:to_list(Given), Bindings)
    end;
string_to_handle(Text, Options, Bindings) -> error(badarg, [Text, Options, Bindings]).

parsed({ok, Tokens, _}, Options, Bindings) ->
    case erl_parse:parse_exprs(Tokens) of
        {ok, [Expr]} -> expr_to_handle(Expr, Options, Bindings);
        {ok, _} -> query_error({1, qlc, not_a_query_list_comprehension});
        {error, Error} -> query_error(Error)
    end;
parsed({error, Error, _}, _, _) -> query_error(Error).

query_error({Location, Module, Reason}) -> {error, ?MODULE, {erl_anno:line(erl_anno:new(Location)), Module, Reason}}.

expr_to_handle(Expr, Options, Bindings) ->
    case {Expr, mistakes(Expr, Bindings)} of
        {_, [Error | _]} -> query_error(Error);
        {{lc, A, _, _}, []} ->
            Call = {call, A, {remote, A, {atom, A, ?MODULE}, {atom, A, q}},
                    [Expr, erl_parse:abstract(Options, [{location, erl_anno:location(A)}])]},
            evaluated(Call, Bindings);
        {_, []} -> query_error({erl_anno:location(element(2, Expr)), ?MODULE, not_a_query_list_comprehension})
    end.

%% What is wrong with the expression as the body of a function that has the variables as arguments.
mistakes(Expr, Bindings) ->
    Vars = [{var, 1, V} || V <- maps:keys(Bindings)],
    Forms = [{attribute, 1, file, {"nofile", 1}}, {attribute, 1, module, nofile},
             {attribute, 1, export, [{main, length(Vars)}]},
             {function, 1, main, length(Vars), [{clause, 1, Vars, [], [Expr]}]}, {eof, 1}],
    case erl_lint:module(Forms, "nofile", [nowarn_unused_vars]) of
        {error, Errors, _} -> [Error || {_, Infos} <- Errors, Error <- Infos];
        {ok, _} -> []
    end.

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
    case given(Query, Options, [format, flat, depth, n_elements | eval_options()]) of
        badarg -> error(badarg, [Query, Options]);
        #{format := debug} = Given -> swerl_qlc_text:debug(swerl_qlc_plan:plan(Query, Given));
        #{format := abstract_code} = Given -> swerl_qlc_text:code(swerl_qlc_plan:plan(Query, Given), Given);
        Given -> swerl_qlc_text:text(swerl_qlc_plan:plan(Query, Given), Given)
    end.

%% @doc The text of an error.
format_error(not_a_query_list_comprehension) -> io_lib:format("argument is not a query list comprehension", []);
format_error({used_generator_variable, V}) ->
    io_lib:format("generated variable ~w must not be used in list expression", [V]);
format_error(binary_generator) -> io_lib:format("cannot handle binary generators", []);
format_error(too_complex_join) -> io_lib:format("cannot handle join of three or more generators efficiently", []);
format_error(too_many_joins) -> io_lib:format("cannot handle more than one join efficiently", []);
format_error(nomatch_pattern) -> io_lib:format("pattern cannot possibly match", []);
format_error(nomatch_filter) -> io_lib:format("filter evaluates to 'false'", []);
format_error({Line, Module, Reason}) when is_integer(Line), is_atom(Module) ->
    io_lib:format("~p: ~ts~n", [Line, lists:flatten(Module:format_error(Reason))]);
format_error({{Line, Column}, Module, Reason}) when is_integer(Line), is_atom(Module) ->
    io_lib:format("~p:~p: ~ts~n", [Line, Column, lists:flatten(Module:format_error(Reason))]);
format_error({bad_object, File}) -> io_lib:format("the temporary file \"~ts\" holding answers is corrupt", [File]);
format_error({premature_eof, File}) -> io_lib:format("\"~ts\": end-of-file was encountered inside some binary term", [File]);
format_error({file_error, File, Reason}) -> io_lib:format("\"~ts\": ~tp~n", [File, file:format_error(Reason)]);
format_error({tmpdir_usage, Why}) -> io_lib:format("temporary file was needed for ~w~n", [Why]);
format_error({error, Module, Reason}) -> Module:format_error(Reason);
format_error(Other) -> io_lib:format("~tp~n", [Other]).
