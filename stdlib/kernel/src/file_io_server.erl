%%% file_io_server: the process behind an open file.
%%%
%%% It answers the requests of `file` about bytes and the io protocol about
%%% characters. What was read from the file and not yet asked for is kept as
%%% bytes, so that the position is always known.
-module(file_io_server).

-export([start/3, without_cr/1]).
-export([init/4]).

%%   fd        the descriptor
%%   owner     a monitor of the process that opened the file
%%   bytes     read ahead, not yet asked for
-record(file, {fd, name, owner, bytes = <<>>, binary = false, encoding = latin1}).

-define(CHUNK, 8192).

%% Opens the file in a new process that ends with its owner.
start(Owner, Name, Modes) ->
    {Pid, Monitor} = spawn_monitor(?MODULE, init, [self(), Owner, Name, Modes]),
    receive
        {Pid, Reply} ->
            erlang:demonitor(Monitor, [flush]),
            Reply;
        {'DOWN', Monitor, process, Pid, Reason} ->
            {error, Reason}
    end.

init(Starter, Owner, Name, Modes) ->
    case open_bytes(Name, [Mode || Mode <- Modes, Mode =/= binary, not reads_ahead(Mode)]) of
        {ok, Fd} ->
            Monitor = erlang:monitor(process, Owner),
            Starter ! {self(), {ok, self()}},
            loop(#file{fd = Fd, name = Name, owner = Monitor, binary = lists:member(binary, Modes),
                       encoding = encoding(Modes)});
        {error, _} = Error ->
            Starter ! {self(), Error}
    end.

%% The bytes are in a file, or in memory where it is compressed.
open_bytes(Name, Modes) ->
    case ram_file:is_compressed(Modes) of
        true -> ram_file:open_compressed(Name, [binary | Modes]);
        false -> raw_file_io_delayed:open(Name, Modes)
    end.

%% This process does so itself.
reads_ahead(read_ahead) -> true;
reads_ahead({read_ahead, _}) -> true;
reads_ahead(_) -> false.

bytes_close(Fd) -> (module(Fd)):close(Fd).

bytes_read(Fd, Size) -> (module(Fd)):read(Fd, Size).

bytes_write(Fd, Bytes) -> (module(Fd)):write(Fd, Bytes).

bytes_position(Fd, At) ->
    try
        (module(Fd)):position(Fd, At)
    catch
        error:badarg -> {error, badarg}
    end.

bytes_truncate(Fd) -> (module(Fd)):truncate(Fd).

bytes_sync(Fd) -> (module(Fd)):sync(Fd).

bytes_datasync(Fd) -> (module(Fd)):datasync(Fd).

bytes_allocate(Fd, Offset, Length) -> (module(Fd)):allocate(Fd, Offset, Length).

module(Fd) when is_tuple(Fd) -> ram_file;
module(_Fd) -> prim_file.

encoding(Modes) ->
    case lists:keyfind(encoding, 1, [Mode || Mode <- Modes, is_tuple(Mode)]) of
        {encoding, Encoding} -> normal_encoding(Encoding);
        false -> latin1
    end.

%% What a file may be read and written in.
encodings() ->
    [latin1, unicode, utf8, utf16, utf32, {utf16, big}, {utf16, little}, {utf32, big}, {utf32, little}].

normal_encoding(utf8) -> unicode;
normal_encoding(utf16) -> {utf16, big};
normal_encoding(utf32) -> {utf32, big};
normal_encoding(Encoding) -> Encoding.

loop(#file{owner = Owner} = File) ->
    receive
        {file_request, From, Ref, close} ->
            Reply = bytes_close(File#file.fd),
            From ! {file_reply, Ref, Reply};
        {file_request, From, Ref, Request} ->
            case bytes_request(Request, File) of
                {stop, Reply, Reason} ->
                    _ = bytes_close(File#file.fd),
                    From ! {file_reply, Ref, Reply},
                    exit(Reason);
                {Reply, NewFile} ->
                    case is_broken(Reply) of
                        true -> _ = bytes_close(File#file.fd);
                        false -> ok
                    end,
                    From ! {file_reply, Ref, Reply},
                    is_broken(Reply) orelse loop(NewFile)
            end;
        {io_request, From, Ref, Request} ->
            case chars_request(Request, File) of
                {stop, Reply, Reason} ->
                    _ = bytes_close(File#file.fd),
                    From ! {io_reply, Ref, Reply},
                    exit(Reason);
                {Reply, NewFile} ->
                    case is_broken(Reply) of
                        true -> _ = bytes_close(File#file.fd);
                        false -> ok
                    end,
                    From ! {io_reply, Ref, Reply},
                    is_broken(Reply) orelse loop(NewFile)
            end;
        {'DOWN', Owner, process, _, _} ->
            bytes_close(File#file.fd);
        _ ->
            loop(File)
    end.

%% After a fault of reading or writing the file is closed.
is_broken({error, Reason}) -> lists:member(Reason, [ebadf, enospc, eio, efbig, edquot, eisdir, epipe]);
is_broken(_) -> false.

%%% Bytes.

bytes_request({read, Count}, #file{encoding = Encoding} = File) when Encoding =/= latin1, Count > 0 ->
    %% In another encoding than Latin-1 it is characters that are counted, of those that are bytes.
    case chars_request({get_chars, latin1, '', Count}, File) of
        {Chars, NewFile} when is_list(Chars); is_binary(Chars) -> {{ok, Chars}, NewFile};
        Other -> Other
    end;
bytes_request({write, Bytes}, #file{encoding = Encoding} = File) when Encoding =/= latin1 ->
    Settled = settle(File),
    {with_encoded(Bytes, Encoding, fun(Encoded) -> bytes_write(Settled#file.fd, Encoded) end), Settled};
bytes_request({pwrite, At, Bytes}, #file{encoding = Encoding} = File) when Encoding =/= latin1 ->
    Settled = settle(File),
    Write = fun(Encoded) -> at(At, Settled, fun(Fd) -> bytes_write(Fd, Encoded) end) end,
    {with_encoded(Bytes, Encoding, Write), Settled};
bytes_request({read, Size}, File) ->
    {Result, NewFile} = take_bytes(Size, File),
    {form(Result, NewFile), NewFile};
bytes_request(read_line, File) ->
    case take_line(File) of
        {{ok, Line}, NewFile} -> {form({ok, without_cr(Line)}, NewFile), NewFile};
        Other -> Other
    end;
bytes_request({write, Bytes}, File) ->
    write_bytes(Bytes, File);
bytes_request({position, At}, File) ->
    Settled = settle(File),
    {bytes_position(Settled#file.fd, At), Settled};
bytes_request({pread, At, Size}, File) ->
    Settled = settle(File),
    {form(at(At, Settled, fun(Fd) -> bytes_read(Fd, Size) end), Settled), Settled};
bytes_request({pwrite, At, Bytes}, File) ->
    Settled = settle(File),
    {at(At, Settled, fun(Fd) -> bytes_write(Fd, Bytes) end), Settled};
bytes_request(truncate, File) ->
    Settled = settle(File),
    {bytes_truncate(Settled#file.fd), Settled};
bytes_request(sync, File) ->
    {bytes_sync(File#file.fd), File};
bytes_request(datasync, File) ->
    {bytes_datasync(File#file.fd), File};
bytes_request({advise, _, _, Advice}, File) ->
    case lists:member(Advice, [normal, sequential, random, no_reuse, will_need, dont_need]) of
        true -> {ok, File};
        false -> {{error, einval}, File}
    end;
bytes_request({allocate, Offset, Length}, File) ->
    {bytes_allocate(File#file.fd, Offset, Length), File};
bytes_request(name, #file{name = Name} = File) ->
    {{ok, Name}, File};
bytes_request(_, File) ->
    {{error, request}, File}.

write_bytes(Bytes, File) ->
    Settled = settle(File),
    {bytes_write(Settled#file.fd, Bytes), Settled}.

%% Bytes are characters of Latin-1 that have to be encoded.
with_encoded(Bytes, Encoding, Write) ->
    try unicode:characters_to_binary(iolist_to_binary(Bytes), latin1, Encoding) of
        Encoded -> Write(Encoded)
    catch
        error:badarg -> {error, badarg}
    end.

%% Reading and writing somewhere else moves the position there.
at(At, #file{fd = Fd}, Fun) ->
    case bytes_position(Fd, At) of
        {ok, _} -> Fun(Fd);
        Error -> Error
    end.

form({ok, Bytes}, #file{binary = false}) when is_binary(Bytes) -> {ok, binary_to_list(Bytes)};
form(Result, _File) -> Result.

%% Forget what was read ahead, and let the position say so.
settle(#file{bytes = <<>>} = File) ->
    File;
settle(#file{bytes = Bytes, fd = Fd} = File) ->
    _ = bytes_position(Fd, {cur, -byte_size(Bytes)}),
    File#file{bytes = <<>>}.

take_bytes(Size, #file{bytes = Bytes} = File) when byte_size(Bytes) >= Size, Size > 0 ->
    {Taken, Rest} = split_binary(Bytes, Size),
    {{ok, Taken}, File#file{bytes = Rest}};
take_bytes(0, #file{bytes = Bytes} = File) when Bytes =/= <<>> ->
    {{ok, <<>>}, File};
take_bytes(Size, #file{bytes = Bytes, fd = Fd} = File) ->
    case bytes_read(Fd, Size - byte_size(Bytes)) of
        {ok, More} -> {{ok, list_to_binary([Bytes, More])}, File#file{bytes = <<>>}};
        eof when Bytes =:= <<>> -> {eof, File};
        eof -> {{ok, Bytes}, File#file{bytes = <<>>}};
        Error -> {Error, File}
    end.

%% The bytes up to and with the next line feed.
take_line(#file{bytes = Bytes} = File) -> take_line(Bytes, 0, File).

take_line(Bytes, From, File) ->
    Scope = {From, byte_size(Bytes) - From},
    case binary:match(Bytes, <<"\n">>, [{scope, Scope}]) of
        {At, 1} ->
            {Line, Rest} = split_binary(Bytes, At + 1),
            {{ok, Line}, File#file{bytes = Rest}};
        nomatch ->
            case bytes_read(File#file.fd, ?CHUNK) of
                {ok, More} -> take_line(list_to_binary([Bytes, More]), byte_size(Bytes), File);
                eof when Bytes =:= <<>> -> {eof, File#file{bytes = <<>>}};
                eof -> {{ok, Bytes}, File#file{bytes = <<>>}};
                Error -> {Error, File}
            end
    end.

%% A line that ends as in DOS ends as everywhere else.
without_cr(Line) ->
    Size = byte_size(Line) - 2,
    case Size >= 0 andalso binary:part(Line, Size, 2) of
        <<"\r\n">> -> list_to_binary([binary:part(Line, 0, Size), $\n]);
        _ -> Line
    end.

%%% Characters.

chars_request({put_chars, Encoding, Chars}, File) ->
    put_chars(Encoding, Chars, File);
chars_request({put_chars, Encoding, M, F, A}, File) ->
    try apply(M, F, A) of
        Chars -> put_chars(Encoding, Chars, File)
    catch
        _:_ -> {{error, {error, F}}, File}
    end;
chars_request({put_chars, Chars}, File) ->
    put_chars(latin1, Chars, File);
chars_request({put_chars, M, F, A}, File) ->
    chars_request({put_chars, latin1, M, F, A}, File);
chars_request({get_chars, Encoding, _Prompt, N}, File) when is_integer(N), N >= 0 ->
    get_chars(N, Encoding, File);
chars_request({get_line, Encoding, _Prompt}, File) ->
    case next_chars(File) of
        {{ok, Chars}, NewFile} -> reply(dos_line(Chars), Encoding, NewFile);
        {eof, NewFile} -> {eof, NewFile};
        {{error, _} = Error, NewFile} -> failed(Error, NewFile)
    end;
chars_request({get_until, Encoding, _Prompt, M, F, A}, File) ->
    get_until(M, F, A, Encoding, [], File);
chars_request({get_chars, Prompt, N}, File) ->
    chars_request({get_chars, latin1, Prompt, N}, File);
chars_request({get_line, Prompt}, File) ->
    chars_request({get_line, latin1, Prompt}, File);
chars_request({get_until, Prompt, M, F, A}, File) ->
    chars_request({get_until, latin1, Prompt, M, F, A}, File);
chars_request({setopts, Options}, File) when is_list(Options) ->
    set_options(Options, File, File);
chars_request(getopts, #file{binary = Binary, encoding = Encoding} = File) ->
    {[{binary, Binary}, {encoding, Encoding}], File};
chars_request({requests, Requests}, File) when is_list(Requests) ->
    requests(Requests, ok, File);
chars_request({get_geometry, _}, File) ->
    {{error, enotsup}, File};
chars_request(_, File) ->
    {{error, request}, File}.

requests([Request | Requests], _Previous, File) ->
    case chars_request(Request, File) of
        {stop, _, _} = Stop -> Stop;
        {{error, _} = Error, NewFile} -> {Error, NewFile};
        {Reply, NewFile} -> requests(Requests, Reply, NewFile)
    end;
requests([], Reply, File) ->
    {Reply, File}.

%% Text that the encoding of the file cannot express ends the file.
put_chars(From, Chars, #file{encoding = To} = File) ->
    try unicode:characters_to_binary(Chars, From, To) of
        Bytes when is_binary(Bytes) ->
            write_bytes(Bytes, File);
        _ ->
            {stop, {error, {no_translation, From, To}}, {no_translation, From, To}}
    catch
        error:_ -> {{error, {error, {put_chars, From, Chars}}}, File}
    end.

set_options([binary | Options], File, Old) ->
    set_options(Options, File#file{binary = true}, Old);
set_options([list | Options], File, Old) ->
    set_options(Options, File#file{binary = false}, Old);
set_options([{binary, Flag} | Options], File, Old) when is_boolean(Flag) ->
    set_options(Options, File#file{binary = Flag}, Old);
set_options([{encoding, Encoding} | Options], File, Old) ->
    case lists:member(Encoding, encodings()) of
        true -> set_options(Options, File#file{encoding = normal_encoding(Encoding)}, Old);
        false -> {{error, badarg}, Old}
    end;
set_options([], File, _Old) ->
    {ok, File};
set_options([{binary, _} | _], _File, Old) ->
    {{error, badarg}, Old};
set_options(_, _File, Old) ->
    {{error, enotsup}, Old}.

dos_line(Chars) ->
    case lists:reverse(Chars) of
        [$\n, $\r | Rev] -> lists:reverse([$\n | Rev]);
        _ -> Chars
    end.

get_chars(0, Encoding, File) ->
    reply([], Encoding, File);
get_chars(N, Encoding, File) ->
    get_chars(N, Encoding, [], File).

get_chars(N, Encoding, Taken, File) ->
    case next_chars(File) of
        {{ok, Chars}, NewFile} when length(Chars) >= N ->
            {Now, Rest} = lists:split(N, Chars),
            reply(lists:append(lists:reverse(Taken, [Now])), Encoding, put_back(Rest, NewFile));
        {{ok, Chars}, NewFile} ->
            get_chars(N - length(Chars), Encoding, [Chars | Taken], NewFile);
        {eof, NewFile} when Taken =:= [] ->
            {eof, NewFile};
        {eof, NewFile} ->
            reply(lists:append(lists:reverse(Taken)), Encoding, NewFile);
        {{error, _} = Error, NewFile} ->
            failed(Error, NewFile)
    end.

get_until(M, F, A, Encoding, Continuation, File) ->
    case next_chars(File) of
        {{error, _} = Error, NewFile} ->
            failed(Error, NewFile);
        {Next, NewFile} ->
            Chars = case Next of {ok, Line} -> Line; eof -> eof end,
            try apply(M, F, [Continuation, Chars | A]) of
                {done, Result, Rest} when is_list(Rest) ->
                    until_reply(Result, Encoding, put_back(Rest, NewFile));
                {done, Result, _Rest} ->
                    until_reply(Result, Encoding, NewFile);
                {more, More} ->
                    get_until(M, F, A, Encoding, More, NewFile);
                _ ->
                    {{error, {error, F}}, NewFile}
            catch
                _:_ -> {{error, {error, F}}, NewFile}
            end
    end.

until_reply(Result, Encoding, #file{binary = true} = File) when is_list(Result) ->
    try unicode:characters_to_binary(Result, unicode, Encoding) of
        Bytes when is_binary(Bytes) -> {Bytes, File};
        _ -> {Result, File}
    catch
        error:_ -> {Result, File}
    end;
until_reply(Result, _Encoding, File) ->
    {Result, File}.

%% Characters in the encoding that the client asks for.
reply(Chars, Encoding, #file{binary = true} = File) ->
    case unicode:characters_to_binary(Chars, unicode, Encoding) of
        Bytes when is_binary(Bytes) -> {Bytes, File};
        _ -> failed({error, {no_translation, unicode, Encoding}}, File)
    end;
reply(Chars, latin1, File) ->
    case lists:all(fun(C) -> C < 256 end, Chars) of
        true -> {Chars, File};
        false -> failed({error, {no_translation, unicode, latin1}}, File)
    end;
reply(Chars, _Encoding, File) ->
    {Chars, File}.

failed({error, {no_translation, _, _} = Reason} = Error, _File) -> {stop, Error, Reason};
failed(Error, File) -> {Error, File}.

%% The characters of the next line.
next_chars(#file{encoding = latin1} = File) ->
    case take_line(File) of
        {{ok, Line}, NewFile} -> {{ok, binary_to_list(Line)}, NewFile};
        Other -> Other
    end;
next_chars(#file{encoding = unicode} = File) ->
    case take_line(File) of
        {{ok, Line}, NewFile} ->
            case unicode:characters_to_list(Line) of
                Chars when is_list(Chars) -> {{ok, Chars}, NewFile};
                _ -> {{error, {no_translation, unicode, unicode}}, NewFile}
            end;
        Other ->
            Other
    end;
next_chars(#file{encoding = Encoding, bytes = Bytes} = File) ->
    %% A unit of two or four bytes is whole before it is looked at.
    case bytes_read(File#file.fd, 4) of
        {ok, More} -> wide_line(list_to_binary([Bytes, More]), Encoding, File);
        eof when Bytes =:= <<>> -> {eof, File};
        eof -> wide_line(Bytes, Encoding, File);
        Error -> {Error, File}
    end.

wide_line(Bytes, Encoding, File) ->
    case unicode:characters_to_list(Bytes, Encoding) of
        Chars when is_list(Chars) -> wide_chars(Chars, Bytes, Encoding, File);
        {incomplete, Chars, _Rest} -> wide_chars(Chars, Bytes, Encoding, File);
        {error, _, _} -> {{error, {no_translation, unicode, unicode}}, File}
    end.

wide_chars(Chars, Bytes, Encoding, File) ->
    case lists:splitwith(fun(C) -> C =/= $\n end, Chars) of
        {Line, [$\n | _]} ->
            Whole = Line ++ "\n",
            Used = byte_size(unicode:characters_to_binary(Whole, unicode, Encoding)),
            {_, Rest} = split_binary(Bytes, Used),
            {{ok, Whole}, File#file{bytes = Rest}};
        {_, []} ->
            case bytes_read(File#file.fd, ?CHUNK) of
                {ok, More} -> wide_line(list_to_binary([Bytes, More]), Encoding, File);
                eof -> {{ok, Chars}, File#file{bytes = <<>>}};
                Error -> {Error, File}
            end
    end.

put_back([], File) ->
    File;
put_back(Chars, #file{bytes = Bytes, encoding = Encoding} = File) ->
    Back = unicode:characters_to_binary(Chars, unicode, Encoding),
    File#file{bytes = list_to_binary([Back, Bytes])}.
