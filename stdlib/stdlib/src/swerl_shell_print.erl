%%% How the shell lays out values, bindings, records and its history.
-module(swerl_shell_print).

-export([term/4, whole/3, history/3, bindings/3, records/3, encoding/1]).

%% How deep a value is shown, and how many characters of a line it takes beside its indentation.
-define(DEPTH, 30).
-define(LINE_CHARS, 60).

%% The characters of a value that is printed from Column on.
-spec term(term(), pos_integer(), swerl_shell_records:table(), latin1 | unicode | utf8) -> io_lib:chars().
term(Term, Column, Records, Encoding) ->
    layout(Term, Column, ?DEPTH, Records, Encoding).

layout(Term, Column, Depth, Records, Encoding) ->
    io_lib_pretty:print(Term, [{column, Column},
                               {line_length, columns()},
                               {depth, Depth},
                               {line_max_chars, ?LINE_CHARS},
                               {strings, strings()},
                               {record_print_fun, swerl_shell_records:print_fun(Records)},
                               {encoding, Encoding}]).

columns() ->
    case io:columns() of
        {ok, N} -> N;
        {error, _} -> 80
    end.

strings() ->
    case application:get_env(stdlib, shell_strings) of
        {ok, false} -> false;
        _ -> true
    end.

%% The encoding that a device's options name.
-spec encoding([tuple()] | {error, term()}) -> latin1 | unicode.
encoding(Options) when is_list(Options) ->
    case lists:keyfind(encoding, 1, Options) of
        {encoding, latin1} -> latin1;
        {encoding, Other} when Other =/= undefined -> unicode;
        _ -> latin1
    end;
encoding(_) ->
    latin1.

%% Prints a value, however deep.
-spec whole(term(), swerl_shell_records:table(), latin1 | unicode) -> ok.
whole(Term, Records, Encoding) ->
    put_line(layout(Term, 1, -1, Records, Encoding)).

%% Prints the commands with their results.
-spec history([{pos_integer(), [erl_parse:abstract_expr()], {ok, term()} | error}],
              swerl_shell_records:table(), latin1 | unicode) -> ok.
history(Entries, Records, Encoding) ->
    lists:foreach(fun({N, Exprs, Result}) -> entry(N, Exprs, Result, Records, Encoding) end,
                  Entries).

entry(N, Exprs, Result, Records, Encoding) ->
    Mark = io_lib:format("~w: ", [N]),
    Indent = length(lists:flatten(Mark)),
    put_line([Mark, erl_pp:exprs(Exprs, Indent, [{encoding, Encoding}])]),
    case Result of
        {ok, Value} -> put_line(["-> ", term(Value, 4, Records, Encoding)]);
        error -> ok
    end.

%% Prints the variables and their values.
-spec bindings([{atom(), term()}], swerl_shell_records:table(), latin1 | unicode) -> ok.
bindings(Bindings, Records, Encoding) ->
    lists:foreach(fun({Name, Value}) ->
                          Mark = io_lib:format("~ts = ", [Name]),
                          Column = length(lists:flatten(Mark)) + 1,
                          put_line([Mark, bound(Value, Column, Records, Encoding)])
                  end, lists:sort(Bindings)).

%% Funs that were written in the shell are shown as they were written.
bound(Value, Column, Records, Encoding) ->
    A = erl_anno:new(0),
    Options = [{encoding, Encoding}],
    case erl_eval:fun_data(Value) of
        {fun_data, _, Clauses} ->
            erl_pp:expr({'fun', A, {clauses, Clauses}}, Column - 1, none, Options);
        {named_fun_data, _, Name, Clauses} ->
            erl_pp:expr({named_fun, A, Name, Clauses}, Column - 1, none, Options);
        false ->
            term(Value, Column, Records, Encoding)
    end.

%% Prints record definitions, one or all.
-spec records(atom() | [atom()], swerl_shell_records:table(), latin1 | unicode) -> ok.
records(Names, Records, Encoding) ->
    lists:foreach(fun(Attribute) ->
                          Text = erl_pp:attribute(Attribute, [{encoding, Encoding}]),
                          io:requests([{put_chars, unicode, Text}])
                  end, swerl_shell_records:select(Names, Records)).

put_line(Chars) ->
    io:requests([{put_chars, unicode, Chars}, nl]).
