%%% swerl_file_terms: files that hold terms or expressions, and words for what goes wrong.
-module(swerl_file_terms).

-export([consult/1, terms/1, path_consult/2, eval/2, path_eval/3, script/2, path_script/3, path_open/3,
         format_error/1]).

%%% Terms.

consult(Name) ->
    case file:read_file(Name) of
        {ok, Bytes} -> terms(Bytes);
        {error, _} = Error -> Error
    end.

%% The terms that the bytes of a file hold.
terms(Bytes) ->
    case swerl_lang:read_terms(Bytes, scan_options()) of
        {ok, Terms} -> {ok, Terms};
        error -> terms(decode(Bytes), 1, [])
    end.

%% One by one, to find out what is wrong with one.
terms(Text, Line, Acc) ->
    case next_form(Text, Line) of
        {ok, Tokens, End, Rest} ->
            case erl_parse:parse_term(Tokens) of
                {ok, Term} -> terms(Rest, End, [Term | Acc]);
                {error, _} = Error -> Error
            end;
        eof -> {ok, lists:reverse(Acc)};
        {error, _} = Error -> Error
    end.

%% The tokens up to the next full stop, and what is left of the text after them.
next_form({Text, AtEnd}, Line) ->
    case swerl_lang:scan_form(Text, Line, scan_options(), AtEnd =:= eof) of
        {done, {ok, Tokens, End}, Offset} ->
            {_, Rest} = split_binary(Text, Offset),
            {ok, Tokens, End, {Rest, AtEnd}};
        {done, {eof, _End}, _} -> eof;
        {done, {error, Error, _End}, _} -> {error, Error};
        more -> AtEnd
    end.

scan_options() ->
    [maybe_expr || lists:member(maybe_expr, erl_features:enabled())].

with_text(Name, Fun) ->
    case file:read_file(Name) of
        {ok, Bytes} -> Fun(decode(Bytes));
        {error, _} = Error -> Error
    end.

%% The text in UTF-8, and what comes after it: `eof', or that the next line is not in its encoding.
decode(Bytes) ->
    Encoding = case epp:read_encoding_from_binary(Bytes) of
                   none -> utf8;
                   Read -> Read
               end,
    case unicode:characters_to_binary(Bytes, Encoding) of
        Text when is_binary(Text) ->
            {Text, eof};
        {_, Good, _} ->
            Lines = binary:matches(Good, <<"\n">>),
            Length = case Lines of
                         [] -> 0;
                         _ -> element(1, lists:last(Lines)) + 1
                     end,
            {binary:part(Good, 0, Length), {error, {length(Lines) + 1, file_io_server, invalid_unicode}}}
    end.

%%% Expressions.

eval(Name, Bindings) ->
    case run_file(Name, Bindings) of
        {ok, _, _} -> ok;
        Error -> Error
    end.

script(Name, Bindings) ->
    case run_file(Name, Bindings) of
        {ok, {value, Value}, _} -> {ok, Value};
        {ok, none, Line} -> {error, {Line, file, undefined_script}};
        Error -> Error
    end.

run_file(Name, Bindings) ->
    with_text(Name, fun(Text) -> run(Text, 1, none, Bindings, none) end).

%% All expressions are run. What is told is the first that fails.
run(Text, Line, Value, Bindings, Failed) ->
    case next_form(Text, Line) of
        {ok, Tokens, End, Rest} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, Exprs} ->
                    try erl_eval:exprs(Exprs, Bindings) of
                        {value, New, NewBindings} -> run(Rest, End, {value, New}, NewBindings, Failed)
                    catch
                        Class:Reason:Trace ->
                            Error = {End, file, {Class, Reason, Trace}},
                            run(Rest, End, Value, Bindings, first(Failed, Error))
                    end;
                {error, Error} ->
                    run(Rest, End, Value, Bindings, first(Failed, Error))
            end;
        eof when Failed =:= none -> {ok, Value, Line};
        eof -> {error, Failed};
        {error, Error} -> {error, first(Failed, Error)}
    end.

first(none, Error) -> Error;
first(Failed, _) -> Failed.

%%% The same in the first directory of a path that has the file.

path_open(Path, Name, Modes) ->
    case file:file_name(Name) of
        {error, _} = Error ->
            Error;
        Flat ->
            case filename:pathtype(Flat) of
                relative -> open_in(Path, Flat, Modes);
                _ -> opened(Name, file:open(Name, Modes))
            end
    end.

open_in([Dir | Path], Name, Modes) ->
    case full_name(Dir, Name) of
        {ok, Full} ->
            case file:open(Full, Modes) of
                {error, Reason} when Reason =:= enoent; Reason =:= enotdir ->
                    open_in(Path, Name, Modes);
                Result ->
                    opened(Full, Result)
            end;
        error ->
            {error, badarg}
    end;
open_in([], _Name, _Modes) ->
    {error, enoent}.

full_name(".", Name) -> {ok, Name};
full_name(Dir, Name) ->
    try {ok, filename:join(Dir, Name)}
    catch error:_ -> error
    end.

opened(Full, {ok, Device}) -> {ok, Device, Full};
opened(_Full, {error, _} = Error) -> Error.

path_consult(Path, Name) ->
    in_path(Path, Name, fun consult/1).

path_eval(Path, Name, Bindings) ->
    Eval = fun(Full) ->
                   case eval(Full, Bindings) of
                       ok -> {ok, ok};
                       Error -> Error
                   end
           end,
    case in_path(Path, Name, Eval) of
        {ok, ok, Full} -> {ok, Full};
        Error -> Error
    end.

path_script(Path, Name, Bindings) ->
    in_path(Path, Name, fun(Full) -> script(Full, Bindings) end).

in_path(Path, Name, Fun) ->
    case path_open(Path, Name, [read, raw]) of
        {ok, Device, Full} ->
            _ = file:close(Device),
            case Fun(Full) of
                {ok, Result} -> {ok, Result, Full};
                Error -> Error
            end;
        {error, _} = Error ->
            Error
    end.

%%% Words.

format_error({_Line, file, undefined_script}) ->
    "no value returned from script";
format_error({Line, file, {Class, Reason, Trace}}) ->
    io_lib:format("~w: evaluation failed with reason ~w:~tp and stacktrace ~tp",
                  [Line, Class, Reason, Trace]);
format_error({Line, Module, Reason}) ->
    io_lib:format("~w: ~ts", [Line, Module:format_error(Reason)]);
format_error(badarg) -> "bad argument";
format_error(system_limit) -> "a system limit was hit, probably not enough ports";
format_error(terminated) -> "the file server process is terminated";
format_error(Reason) when is_atom(Reason) -> erl_posix_msg:message(Reason);
format_error(_) -> "unknown POSIX error".
