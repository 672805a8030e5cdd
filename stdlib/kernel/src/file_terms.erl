%%% file_terms: files that hold terms or expressions, and words for what goes wrong.
-module(file_terms).

-export([consult/1, path_consult/2, eval/2, path_eval/3, script/2, path_script/3, path_open/3,
         format_error/1]).

%%% Terms.

consult(Name) ->
    with_text(Name, fun(Text) -> terms(Text, 1, []) end).

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

%% The tokens up to the next full stop.
next_form(Text, Line) ->
    case erl_scan:tokens([], Text, Line) of
        {done, Result, Rest} -> form(Result, Rest);
        {more, Continuation} ->
            {done, Result, _} = erl_scan:tokens(Continuation, eof, Line),
            form(Result, [])
    end.

form({ok, Tokens, End}, Rest) when is_list(Rest) -> {ok, Tokens, End, Rest};
form({ok, Tokens, End}, eof) -> {ok, Tokens, End, []};
form({eof, _End}, _Rest) -> eof;
form({error, Error, _End}, _Rest) -> {error, Error}.

with_text(Name, Fun) ->
    case file:read_file(Name) of
        {ok, Bytes} -> Fun(decode(Bytes));
        {error, _} = Error -> Error
    end.

%% UTF-8, unless a comment in one of the first two lines says otherwise.
decode(Bytes) ->
    case is_latin1(Bytes) of
        true -> binary_to_list(Bytes);
        false ->
            case unicode:characters_to_list(Bytes) of
                Text when is_list(Text) -> Text;
                _ -> binary_to_list(Bytes)
            end
    end.

is_latin1(Bytes) ->
    Head = binary:part(Bytes, 0, min(byte_size(Bytes), 200)),
    Lines = binary:split(Head, <<"\n">>, [global]),
    lists:any(fun(Line) ->
                      binary:match(Line, <<"coding">>) =/= nomatch
                          andalso binary:match(Line, <<"%">>) =/= nomatch
                          andalso binary:match(Line, [<<"latin-1">>, <<"latin1">>]) =/= nomatch
              end, lists:sublist(Lines, 2)).

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

path_open([], _Name, _Modes) ->
    {error, enoent};
path_open(Path, Name, Modes) when is_list(Path) ->
    case filename:pathtype(Name) of
        relative -> open_in(Path, Name, Modes);
        _ -> opened(Name, file:open(Name, Modes))
    end;
path_open(_Path, _Name, _Modes) ->
    {error, badarg}.

open_in([Dir | Path], Name, Modes) ->
    Full = case Dir of "." -> Name; _ -> filename:join(Dir, Name) end,
    case file:open(Full, Modes) of
        {error, Reason} when Reason =:= enoent; Reason =:= enotdir ->
            open_in(Path, Name, Modes);
        Result ->
            opened(Full, Result)
    end;
open_in([], _Name, _Modes) ->
    {error, enoent}.

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

format_error({_Line, ?MODULE, undefined_script}) ->
    "no value returned from script";
format_error({Line, file, {Class, Reason, Trace}}) ->
    io_lib:format("~w: evaluation failed with reason ~w:~tp and stacktrace ~tp",
                  [Line, Class, Reason, Trace]);
format_error({Line, file, undefined_script}) ->
    io_lib:format("~w: no value returned from script", [Line]);
format_error({Line, Module, Reason}) ->
    io_lib:format("~w: ~ts", [Line, Module:format_error(Reason)]);
format_error(badarg) -> "bad argument";
format_error(system_limit) -> "a system limit was hit, probably not enough ports";
format_error(terminated) -> "the file server process is terminated";
format_error(Reason) when is_atom(Reason) -> posix(Reason);
format_error(_) -> "unknown POSIX error".

posix(eacces) -> "permission denied";
posix(eagain) -> "resource temporarily unavailable";
posix(ebadf) -> "bad file number";
posix(ebusy) -> "file busy";
posix(edquot) -> "disk quota exceeded";
posix(eexist) -> "file already exists";
posix(efault) -> "bad address in system call argument";
posix(efbig) -> "file too large";
posix(eintr) -> "interrupted system call";
posix(einval) -> "invalid argument";
posix(eio) -> "I/O error";
posix(eisdir) -> "illegal operation on a directory";
posix(eloop) -> "too many levels of symbolic links";
posix(emfile) -> "too many open files";
posix(emlink) -> "too many links";
posix(enametoolong) -> "file name too long";
posix(enfile) -> "file table overflow";
posix(enodev) -> "no such device";
posix(enoent) -> "no such file or directory";
posix(enomem) -> "not enough memory";
posix(enospc) -> "no space left on device";
posix(enotblk) -> "block device required";
posix(enotdir) -> "not a directory";
posix(enotempty) -> "directory not empty";
posix(enotsup) -> "operation not supported";
posix(enxio) -> "no such device or address";
posix(eperm) -> "not owner";
posix(epipe) -> "broken pipe";
posix(erofs) -> "read-only file system";
posix(espipe) -> "invalid seek";
posix(esrch) -> "no such process";
posix(estale) -> "stale remote file handle";
posix(etxtbsy) -> "text file or pseudo-device busy";
posix(exdev) -> "cross-domain link";
posix(_) -> "unknown POSIX error".
