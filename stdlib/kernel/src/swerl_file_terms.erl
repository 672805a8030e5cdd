%%% swerl_file_terms: files that hold terms or expressions, and words for what goes wrong.
-module(swerl_file_terms).

-export([consult/1, path_consult/2, eval/2, path_eval/3, script/2, path_script/3, path_open/3,
         format_error/1]).

%%% Terms.

consult(Name) ->
    case file:read_file(Name) of
        {ok, Bytes} ->
            case swerl_lang:read_terms(Bytes, scan_options()) of
                {ok, Terms} -> {ok, Terms};
                error -> terms(decode(Bytes), 1, [])
            end;
        {error, _} = Error ->
            Error
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
format_error(Reason) when is_atom(Reason) -> posix(Reason);
format_error(_) -> "unknown POSIX error".

posix(e2big) -> "argument list too long";
posix(eacces) -> "permission denied";
posix(eaddrinuse) -> "address already in use";
posix(eaddrnotavail) -> "can't assign requested address";
posix(eadv) -> "advertise error";
posix(eafnosupport) -> "address family not supported by protocol family";
posix(eagain) -> "resource temporarily unavailable";
posix(ealign) -> "EALIGN";
posix(ealready) -> "operation already in progress";
posix(ebade) -> "bad exchange descriptor";
posix(ebadf) -> "bad file number";
posix(ebadfd) -> "file descriptor in bad state";
posix(ebadmsg) -> "not a data message";
posix(ebadr) -> "bad request descriptor";
posix(ebadrpc) -> "RPC structure is bad";
posix(ebadrqc) -> "bad request code";
posix(ebadslt) -> "invalid slot";
posix(ebfont) -> "bad font file format";
posix(ebusy) -> "file busy";
posix(echild) -> "no children";
posix(echrng) -> "channel number out of range";
posix(ecomm) -> "communication error on send";
posix(econnaborted) -> "software caused connection abort";
posix(econnrefused) -> "connection refused";
posix(econnreset) -> "connection reset by peer";
posix(edeadlk) -> "resource deadlock avoided";
posix(edeadlock) -> "resource deadlock avoided";
posix(edestaddrreq) -> "destination address required";
posix(edirty) -> "mounting a dirty fs w/o force";
posix(edom) -> "math argument out of range";
posix(edotdot) -> "cross mount point";
posix(edquot) -> "disk quota exceeded";
posix(eduppkg) -> "duplicate package name";
posix(eexist) -> "file already exists";
posix(efault) -> "bad address in system call argument";
posix(efbig) -> "file too large";
posix(eftype) -> "EFTYPE";
posix(ehostdown) -> "host is down";
posix(ehostunreach) -> "host is unreachable";
posix(eidrm) -> "identifier removed";
posix(einit) -> "initialization error";
posix(einprogress) -> "operation now in progress";
posix(eintr) -> "interrupted system call";
posix(einval) -> "invalid argument";
posix(eio) -> "I/O error";
posix(eisconn) -> "socket is already connected";
posix(eisdir) -> "illegal operation on a directory";
posix(eisnam) -> "is a name file";
posix(el2hlt) -> "level 2 halted";
posix(el2nsync) -> "level 2 not synchronized";
posix(el3hlt) -> "level 3 halted";
posix(el3rst) -> "level 3 reset";
posix(elbin) -> "ELBIN";
posix(elibacc) -> "cannot access a needed shared library";
posix(elibbad) -> "accessing a corrupted shared library";
posix(elibexec) -> "cannot exec a shared library directly";
posix(elibmax) -> "attempting to link in more shared libraries than system limit";
posix(elibscn) -> ".lib section in a.out corrupted";
posix(elnrng) -> "link number out of range";
posix(eloop) -> "too many levels of symbolic links";
posix(emfile) -> "too many open files";
posix(emlink) -> "too many links";
posix(emsgsize) -> "message too long";
posix(emultihop) -> "multihop attempted";
posix(enametoolong) -> "file name too long";
posix(enavail) -> "not available";
posix(enet) -> "ENET";
posix(enetdown) -> "network is down";
posix(enetreset) -> "network dropped connection on reset";
posix(enetunreach) -> "network is unreachable";
posix(enfile) -> "file table overflow";
posix(enoano) -> "anode table overflow";
posix(enobufs) -> "no buffer space available";
posix(enocsi) -> "no CSI structure available";
posix(enodata) -> "no data available";
posix(enodev) -> "no such device";
posix(enoent) -> "no such file or directory";
posix(enoexec) -> "exec format error";
posix(enolck) -> "no locks available";
posix(enolink) -> "link has be severed";
posix(enomem) -> "not enough memory";
posix(enomsg) -> "no message of desired type";
posix(enonet) -> "machine is not on the network";
posix(enopkg) -> "package not installed";
posix(enoprotoopt) -> "bad proocol option";
posix(enospc) -> "no space left on device";
posix(enosr) -> "out of stream resources or not a stream device";
posix(enostr) -> "not a stream";
posix(enosym) -> "unresolved symbol name";
posix(enosys) -> "function not implemented";
posix(enotconn) -> "socket is not connected";
posix(enotdir) -> "not a directory";
posix(enotnam) -> "not a name file";
posix(enotsock) -> "socket operation on non-socket";
posix(enotsup) -> "operation not supported";
posix(enotty) -> "inappropriate device for ioctl";
posix(enotuniq) -> "name not unique on network";
posix(enxio) -> "no such device or address";
posix(eopnotsupp) -> "operation not supported on socket";
posix(eoverflow) -> "offset too large for file system";
posix(eperm) -> "not owner";
posix(epfnosupport) -> "protocol family not supported";
posix(epipe) -> "broken pipe";
posix(eproclim) -> "too many processes";
posix(eprocunavail) -> "bad procedure for program";
posix(eprogmismatch) -> "program version wrong";
posix(eprogunavail) -> "RPC program not available";
posix(eproto) -> "protocol error";
posix(eprotonosupport) -> "protocol not supported";
posix(eprototype) -> "protocol wrong type for socket";
posix(erange) -> "math result unrepresentable";
posix(erefused) -> "EREFUSED";
posix(eremchg) -> "remote address changed";
posix(eremdev) -> "remote device";
posix(eremote) -> "pathname hit remote file system";
posix(eremoteio) -> "remote i/o error";
posix(eremoterelease) -> "EREMOTERELEASE";
posix(erofs) -> "read-only file system";
posix(erpcmismatch) -> "RPC version is wrong";
posix(erremote) -> "object is remote";
posix(eshutdown) -> "can't send after socket shutdown";
posix(esocktnosupport) -> "socket type not supported";
posix(espipe) -> "invalid seek";
posix(esrch) -> "no such process";
posix(esrmnt) -> "srmount error";
posix(estale) -> "stale remote file handle";
posix(esuccess) -> "Error 0";
posix(etime) -> "timer expired";
posix(etimedout) -> "connection timed out";
posix(etoomanyrefs) -> "too many references: can't splice";
posix(etxtbsy) -> "text file or pseudo-device busy";
posix(euclean) -> "structure needs cleaning";
posix(eunatch) -> "protocol driver not attached";
posix(eusers) -> "too many users";
posix(eversion) -> "version mismatch";
posix(ewouldblock) -> "operation would block";
posix(exdev) -> "cross-domain link";
posix(exfull) -> "message tables full";
posix(nxdomain) -> "non-existing domain";
posix(_) -> "unknown POSIX error".
