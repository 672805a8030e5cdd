%%% The client side of the io protocol.
%%%
%%% Every function sends {io_request, From, ReplyAs, Request} to a device (a process, or the group
%%% leader where none is named) and waits for {io_reply, ReplyAs, Reply}. The device is monitored
%%% meanwhile. Output functions raise an error for a bad answer; input functions return it.
-module(io).

-export([put_chars/1, put_chars/2, put_chars/3, nl/0, nl/1, write/1, write/2, format/1, format/2,
         format/3, fwrite/1, fwrite/2, fwrite/3]).
-export([get_chars/2, get_chars/3, get_line/1, get_line/2, get_password/0, get_password/1,
         fread/2, fread/3, read/1, read/2, read/3, read/4]).
-export([scan_erl_exprs/1, scan_erl_exprs/2, scan_erl_exprs/3, scan_erl_exprs/4, scan_erl_form/1,
         scan_erl_form/2, scan_erl_form/3, scan_erl_form/4, parse_erl_exprs/1, parse_erl_exprs/2,
         parse_erl_exprs/3, parse_erl_exprs/4, parse_erl_form/1, parse_erl_form/2,
         parse_erl_form/3, parse_erl_form/4]).
-export([columns/0, columns/1, rows/0, rows/1, getopts/0, getopts/1, setopts/1, setopts/2,
         printable_range/0, request/1, request/2, requests/1, requests/2]).

%% The error is raised in the function that the user called, so that the stack trace shows it.
-define(OUTPUT(Device, Request, Args),
        case output(Device, Request) of
            {failed, Reason, Info} -> erlang:error(Reason, Args, Info);
            Reply -> Reply
        end).

%% Output.

%% @doc Writes characters to the standard output.
put_chars(Chars) ->
    ?OUTPUT(group_leader(), {put_chars, unicode, Chars}, [Chars]).

%% @doc Writes characters to a device.
put_chars(Device, Chars) ->
    ?OUTPUT(Device, {put_chars, unicode, Chars}, [Device, Chars]).

%% @doc Writes characters in an encoding to a device.
put_chars(Device, Encoding, Chars) ->
    ?OUTPUT(Device, {put_chars, Encoding, Chars}, [Device, Encoding, Chars]).

%% @doc Writes a line break to the standard output.
nl() ->
    ?OUTPUT(group_leader(), nl, []).

%% @doc Writes a line break to a device.
nl(Device) ->
    ?OUTPUT(Device, nl, [Device]).

%% @doc Writes a term to the standard output.
write(Term) ->
    ?OUTPUT(group_leader(), {write, Term}, [Term]).

%% @doc Writes a term to a device.
write(Device, Term) ->
    ?OUTPUT(Device, {write, Term}, [Device, Term]).

%% @doc Writes a format without arguments to the standard output.
format(Format) ->
    ?OUTPUT(group_leader(), {format, Format, []}, [Format]).

%% @doc Writes formatted arguments to the standard output.
format(Format, Args) ->
    ?OUTPUT(group_leader(), {format, Format, Args}, [Format, Args]).

%% @doc Writes formatted arguments to a device.
format(Device, Format, Args) ->
    ?OUTPUT(Device, {format, Format, Args}, [Device, Format, Args]).

%% @doc The same as format/1.
fwrite(Format) ->
    ?OUTPUT(group_leader(), {format, Format, []}, [Format]).

%% @doc The same as format/2.
fwrite(Format, Args) ->
    ?OUTPUT(group_leader(), {format, Format, Args}, [Format, Args]).

%% @doc The same as format/3.
fwrite(Device, Format, Args) ->
    ?OUTPUT(Device, {format, Format, Args}, [Device, Format, Args]).

%% An error of this module is told from one that the device answers with.
output(Device, Request) ->
    Local = make_ref(),
    case request(Device, Request, Local) of
        {Local, Reason} -> {failed, error_reason(Reason), error_info(io, Reason)};
        {error, Reason} -> {failed, error_reason(Reason), error_info(device, Reason)};
        Reply -> Reply
    end.

error_info(Origin, Reason) ->
    [{error_info, maps:from_list([{cause, {Origin, Reason}}, {module, erl_stdlib_errors}])}].

error_reason(terminated) -> terminated;
error_reason(calling_self) -> calling_self;
error_reason({no_translation, _, _}) -> no_translation;
error_reason(_) -> badarg.

%% Input.

%% @doc Reads N characters from the standard input.
get_chars(Prompt, N) ->
    get_chars(group_leader(), Prompt, N).

%% @doc Reads N characters from a device.
get_chars(Device, Prompt, N) when is_integer(N), N >= 0 ->
    request(Device, {get_chars, unicode, Prompt, N}).

%% @doc Reads a line from the standard input.
get_line(Prompt) ->
    get_line(group_leader(), Prompt).

%% @doc Reads a line from a device.
get_line(Device, Prompt) ->
    request(Device, {get_line, unicode, Prompt}).

%% @doc Reads a line from the standard input without showing it.
get_password() ->
    get_password(group_leader()).

%% @doc Reads a line from a device without showing it.
get_password(Device) ->
    request(Device, {get_password, unicode}).

%% @doc Reads by a format from the standard input.
fread(Prompt, Format) ->
    fread(group_leader(), Prompt, Format).

%% @doc Reads by a format from a device.
fread(Device, Prompt, Format) ->
    request(Device, {fread, Prompt, Format}).

%% @doc Reads a term from the standard input.
read(Prompt) ->
    read(group_leader(), Prompt).

%% @doc Reads a term from a device.
read(Device, Prompt) ->
    case request(Device, {get_until, unicode, Prompt, erl_scan, tokens, [1]}) of
        {ok, Tokens, _} -> erl_parse:parse_term(Tokens);
        {error, Info, _} -> {error, Info};
        {eof, _} -> eof;
        Other -> Other
    end.

%% @doc Reads a term from a device; StartLocation is where the first line begins.
read(Device, Prompt, StartLocation) ->
    read(Device, Prompt, StartLocation, []).

%% @doc As read/3, with options of the scanner.
read(Device, Prompt, StartLocation, Options) ->
    parsed(scan(Device, Prompt, [StartLocation, Options]), fun erl_parse:parse_term/1).

%% @doc Reads the tokens of expressions from the standard input.
scan_erl_exprs(Prompt) ->
    scan_erl_exprs(group_leader(), Prompt).

%% @doc Reads the tokens of expressions from a device.
scan_erl_exprs(Device, Prompt) ->
    scan_erl_exprs(Device, Prompt, 1).

%% @doc As scan_erl_exprs/2, from a location.
scan_erl_exprs(Device, Prompt, StartLocation) ->
    scan_erl_exprs(Device, Prompt, StartLocation, []).

%% @doc As scan_erl_exprs/3, with options of the scanner.
scan_erl_exprs(Device, Prompt, StartLocation, Options) ->
    scan(Device, Prompt, [StartLocation, Options]).

%% @doc Reads the tokens of a form from the standard input.
scan_erl_form(Prompt) ->
    scan_erl_form(group_leader(), Prompt).

%% @doc Reads the tokens of a form from a device.
scan_erl_form(Device, Prompt) ->
    scan_erl_form(Device, Prompt, 1).

%% @doc As scan_erl_form/2, from a location.
scan_erl_form(Device, Prompt, StartLocation) ->
    scan_erl_form(Device, Prompt, StartLocation, []).

%% @doc As scan_erl_form/3, with options of the scanner.
scan_erl_form(Device, Prompt, StartLocation, Options) ->
    scan(Device, Prompt, [StartLocation, Options]).

%% @doc Reads expressions from the standard input.
parse_erl_exprs(Prompt) ->
    parse_erl_exprs(group_leader(), Prompt).

%% @doc Reads expressions from a device.
parse_erl_exprs(Device, Prompt) ->
    parse_erl_exprs(Device, Prompt, 1).

%% @doc As parse_erl_exprs/2, from a location.
parse_erl_exprs(Device, Prompt, StartLocation) ->
    parse_erl_exprs(Device, Prompt, StartLocation, []).

%% @doc As parse_erl_exprs/3, with options of the scanner.
parse_erl_exprs(Device, Prompt, StartLocation, Options) ->
    parsed(scan(Device, Prompt, [StartLocation, Options]), fun erl_parse:parse_exprs/1).

%% @doc Reads a form from the standard input.
parse_erl_form(Prompt) ->
    parse_erl_form(group_leader(), Prompt).

%% @doc Reads a form from a device.
parse_erl_form(Device, Prompt) ->
    parse_erl_form(Device, Prompt, 1).

%% @doc As parse_erl_form/2, from a location.
parse_erl_form(Device, Prompt, StartLocation) ->
    parse_erl_form(Device, Prompt, StartLocation, []).

%% @doc As parse_erl_form/3, with options of the scanner.
parse_erl_form(Device, Prompt, StartLocation, Options) ->
    parsed(scan(Device, Prompt, [StartLocation, Options]), fun erl_parse:parse_form/1).

scan(Device, Prompt, Args) ->
    request(Device, {get_until, unicode, Prompt, erl_scan, tokens, Args}).

parsed({ok, Tokens, EndLocation}, Parse) ->
    case Parse(Tokens) of
        {ok, Parsed} -> {ok, Parsed, EndLocation};
        {error, Info} -> {error, Info, EndLocation}
    end;
parsed(Other, _) ->
    Other.

%% The device itself.

%% @doc The number of columns of the standard output.
columns() ->
    columns(group_leader()).

%% @doc The number of columns of a device.
columns(Device) ->
    geometry(Device, columns).

%% @doc The number of rows of the standard output.
rows() ->
    rows(group_leader()).

%% @doc The number of rows of a device.
rows(Device) ->
    geometry(Device, rows).

geometry(Device, What) ->
    case request(Device, {get_geometry, What}) of
        N when is_integer(N), N > 0 -> {ok, N};
        _ -> {error, enotsup}
    end.

%% @doc The options of the standard input.
getopts() ->
    getopts(group_leader()).

%% @doc The options of a device.
getopts(Device) ->
    request(Device, getopts).

%% @doc Sets options of the standard input.
setopts(Options) ->
    setopts(group_leader(), Options).

%% @doc Sets options of a device.
setopts(Device, Options) ->
    request(Device, {setopts, Options}).

%% @doc The characters that count as text: latin1, or unicode after `+pc unicode`, which the
%% virtual machine answers for.
printable_range() ->
    erlang:nif_error(undef).

%% Requests.

%% @doc Sends a request to the standard output.
request(Request) ->
    request(group_leader(), Request).

%% @doc Sends a request to a device.
request(Device, Request) ->
    request(Device, Request, error).

%% @doc Sends several requests as one to the standard output.
requests(Requests) ->
    requests(group_leader(), Requests).

%% @doc Sends several requests as one to a device.
requests(Device, Requests) when is_pid(Device); is_atom(Device) ->
    request(Device, {requests, Requests}, error).

request(standard_io, Request, ErrorTag) ->
    request(group_leader(), Request, ErrorTag);
request(Pid, Request, ErrorTag) when is_pid(Pid) ->
    ask(Pid, protocol(Request), ErrorTag);
request(Name, Request, ErrorTag) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> {ErrorTag, arguments};
        Pid -> request(Pid, Request, ErrorTag)
    end.

ask(Pid, _, ErrorTag) when Pid =:= self() ->
    {ErrorTag, calling_self};
ask(Pid, Request, ErrorTag) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {io_request, self(), Ref, Request},
    receive
        {io_reply, Ref, Reply} ->
            erlang:demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, _, _, _} ->
            receive
                {'EXIT', Pid, _} -> true
            after 0 -> true
            end,
            {ErrorTag, terminated}
    end.

%% A request of this module in the words of the protocol.
protocol({format, Format, Args}) ->
    {put_chars, unicode, io_lib, format, [Format, Args]};
protocol({fwrite, Format, Args}) ->
    {put_chars, unicode, io_lib, fwrite, [Format, Args]};
protocol({write, Term}) ->
    {put_chars, unicode, io_lib, write, [Term]};
protocol(nl) ->
    {put_chars, unicode, "\n"};
protocol({put_chars, Encoding, Chars} = Request) when is_list(Chars) ->
    %% A binary is cheaper to send. What is not text is left to the device to refuse.
    case catch unicode:characters_to_binary(Chars, Encoding) of
        Bin when is_binary(Bin) -> {put_chars, Encoding, Bin};
        _ -> Request
    end;
protocol({fread, Prompt, Format}) ->
    {get_until, unicode, Prompt, io_lib, fread, [Format]};
protocol({requests, Requests}) ->
    {requests, all(Requests)};
protocol(Request) ->
    Request.

%% Requests within requests are made flat.
all([{requests, Inner} | Requests]) -> all(Inner) ++ all(Requests);
all([Request | Requests]) -> [protocol(Request) | all(Requests)];
all([]) -> [].
