%%% ram_file: files whose contents are in memory: those opened with the mode `ram`,
%%% and those that are compressed on disk.
%%%
%%% The contents belong to a process, which ends with whoever opened the file.
-module(ram_file).

-export([open/2, open_compressed/2, is_compressed/1, close/1, read/2, read_line/1, write/2, copy/3, pread/2, pread/3,
         pwrite/2, pwrite/3, position/2, truncate/1, sync/1, datasync/1, advise/4, allocate/3,
         get_file/1, get_size/1, set_file/2, ipread_s32bu_p32bu/3]).
-export([init/2]).

-include("../include/file.hrl").

%%   at        the position
%%   target    name of the compressed file that the contents go to, or none
-record(ram, {owner, contents, at = 0, read, write, binary, target = none}).

%%% Opening.

%% A file with these contents.
open(Contents, Modes) when is_list(Modes) ->
    try iolist_to_binary(Contents) of
        Bytes ->
            Write = lists:member(write, Modes),
            Read = lists:member(read, Modes) orelse not Write,
            start(Bytes, Read, Write, Modes, none)
    catch
        error:_ -> {error, badarg}
    end;
open(_Contents, _Modes) ->
    {error, badarg}.

%% A file that is compressed; one that turns out not to be is read as it is.
open_compressed(Name, Modes) ->
    Is = fun(Mode) -> lists:member(Mode, Modes) end,
    IsThere = fun() -> element(1, prim_file:read_file_info(Name)) =:= ok end,
    case {Is(write), Is(read) orelse Is(append)} of
        {true, true} ->
            {error, einval};
        {true, false} ->
            case Is(exclusive) andalso IsThere() orelse prim_file:write_file(Name, <<>>) of
                true -> {error, eexist};
                ok -> start(<<>>, false, true, Modes, Name);
                Error -> Error
            end;
        {false, _} ->
            case Is(append) orelse prim_file:read_file(Name) of
                true -> {error, einval};
                {ok, <<16#1f, 16#8b, _/binary>> = Bytes} ->
                    try inflated(Bytes, lists:member(compressed_one, Modes)) of
                        Contents -> start(Contents, true, false, Modes, none)
                    catch
                        error:_ -> {error, eio}
                    end;
                {ok, Bytes} -> start(Bytes, true, false, Modes, none);
                Error -> Error
            end
    end.

%% What is in a file: all of its members, or the first.
inflated(Bytes, false) ->
    zlib:gunzip(Bytes);
inflated(Bytes, true) ->
    Z = zlib:open(),
    zlib:inflateInit(Z, 31, cut),
    try
        iolist_to_binary(zlib:inflate(Z, Bytes))
    after
        zlib:close(Z)
    end.

is_compressed(Modes) -> lists:member(compressed, Modes) orelse lists:member(compressed_one, Modes).

start(Contents, Read, Write, Modes, Target) ->
    Ram = #ram{contents = Contents, read = Read, write = Write,
               binary = lists:member(binary, Modes), target = Target},
    Pid = spawn(?MODULE, init, [self(), Ram]),
    {ok, #file_descriptor{module = ?MODULE, data = Pid}}.

init(Owner, Ram) ->
    loop(Ram#ram{owner = erlang:monitor(process, Owner)}).

loop(#ram{owner = Owner} = Ram) ->
    receive
        {From, Ref, close} ->
            From ! {Ref, save(Ram)};
        {From, Ref, Request} ->
            {Reply, NewRam} = serve(Request, Ram),
            From ! {Ref, Reply},
            loop(NewRam);
        {'DOWN', Owner, process, _, _} ->
            save(Ram);
        _ ->
            loop(Ram)
    end.

save(#ram{target = none}) -> ok;
save(#ram{target = Name, contents = Contents}) -> prim_file:write_file(Name, zlib:gzip(Contents)).

%%% Requests.

close(File) -> call(File, close).

read(File, Size) when is_integer(Size), Size >= 0 -> call(File, {read, Size});
read(_File, _Size) -> {error, badarg}.

read_line(File) -> call(File, read_line).

write(File, Data) -> with_bytes(Data, fun(Bytes) -> call(File, {write, Bytes}) end).

pread(File, [{At, Size} | Rest]) ->
    case pread(File, At, Size) of
        {error, _} = Error -> Error;
        Result ->
            Data = case Result of {ok, Bytes} -> Bytes; eof -> eof end,
            case pread(File, Rest) of
                {ok, More} -> {ok, [Data | More]};
                Error -> Error
            end
    end;
pread(_File, []) ->
    {ok, []}.

pread(File, At, Size) when is_integer(Size), Size >= 0 -> call(File, {pread, At, Size});
pread(_File, _At, _Size) -> {error, badarg}.

pwrite(File, Writes) -> pwrite_all(File, Writes, 0).

pwrite_all(File, [{At, Data} | Writes], Done) ->
    case pwrite(File, At, Data) of
        ok -> pwrite_all(File, Writes, Done + 1);
        {error, Reason} -> {error, {Done, Reason}}
    end;
pwrite_all(_File, [], _Done) ->
    ok.

pwrite(File, At, Data) -> with_bytes(Data, fun(Bytes) -> call(File, {pwrite, At, Bytes}) end).

position(File, At) -> call(File, {position, At}).

truncate(File) -> call(File, truncate).

sync(File) -> call(File, sync).

datasync(File) -> call(File, sync).

advise(File, _Offset, _Length, _Advice) -> call(File, sync).

allocate(File, _Offset, _Length) -> call(File, sync).

%% The contents as a whole.
get_file(File) -> call(File, get_file).

get_size(File) -> call(File, get_size).

set_file(File, Data) -> with_bytes(Data, fun(Bytes) -> call(File, {set_file, Bytes}) end).

copy(From, To, Length) when is_integer(Length), Length >= 0; Length =:= infinity ->
    file:copy(From, To, Length).

ipread_s32bu_p32bu(File, At, Most) -> file:ipread_s32bu_p32bu(File, At, Most).

with_bytes(Data, Fun) ->
    try iolist_to_binary(Data) of
        Bytes -> Fun(Bytes)
    catch
        error:_ -> {error, badarg}
    end.

call(#file_descriptor{module = ?MODULE, data = Pid}, Request) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {self(), Ref, Request},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, _} -> {error, einval}
    end;
call(_File, _Request) ->
    {error, badarg}.

serve({read, _}, #ram{read = false} = Ram) ->
    {{error, ebadf}, Ram};
serve({read, Size}, #ram{at = At} = Ram) ->
    Bytes = part(At, Size, Ram),
    {given(Size, Bytes, Ram), Ram#ram{at = At + byte_size(Bytes)}};
serve(read_line, #ram{at = At, contents = Contents} = Ram) ->
    Rest = part(At, byte_size(Contents), Ram),
    case binary:match(Rest, <<"\n">>) of
        {End, 1} ->
            Line = file_io_server:without_cr(binary:part(Rest, 0, End + 1)),
            {given(1, Line, Ram), Ram#ram{at = At + End + 1}};
        nomatch ->
            {given(1, Rest, Ram), Ram#ram{at = At + byte_size(Rest)}}
    end;
serve({pread, At, Size}, Ram) ->
    case place(At, Ram) of
        {ok, Place} -> {given(Size, part(Place, Size, Ram), Ram), Ram};
        Error -> {Error, Ram}
    end;
serve({Write, _}, #ram{write = false} = Ram) when Write =:= write; Write =:= set_file ->
    {{error, ebadf}, Ram};
serve({pwrite, _, _}, #ram{write = false} = Ram) ->
    {{error, ebadf}, Ram};
serve({write, Bytes}, #ram{at = At} = Ram) ->
    {ok, (put_at(At, Bytes, Ram))#ram{at = At + byte_size(Bytes)}};
serve({pwrite, At, Bytes}, Ram) ->
    case place(At, Ram) of
        {ok, Place} -> {ok, put_at(Place, Bytes, Ram)};
        Error -> {Error, Ram}
    end;
serve({set_file, Bytes}, Ram) ->
    {{ok, byte_size(Bytes)}, Ram#ram{contents = Bytes, at = 0}};
serve({position, At}, Ram) ->
    case place(At, Ram) of
        {ok, Place} -> {{ok, Place}, Ram#ram{at = Place}};
        Error -> {Error, Ram}
    end;
serve(truncate, #ram{write = false} = Ram) ->
    {{error, ebadf}, Ram};
serve(truncate, #ram{at = At} = Ram) ->
    Padded = put_at(At, <<>>, Ram),
    {ok, Ram#ram{contents = binary:part(Padded#ram.contents, 0, At)}};
serve(sync, Ram) ->
    {ok, Ram};
serve(get_file, #ram{contents = Contents} = Ram) ->
    {{ok, form(Contents, Ram)}, Ram};
serve(get_size, #ram{contents = Contents} = Ram) ->
    {{ok, byte_size(Contents)}, Ram};
serve(_, Ram) ->
    {{error, badarg}, Ram}.

given(Size, <<>>, _Ram) when Size > 0 -> eof;
given(_Size, Bytes, Ram) -> {ok, form(Bytes, Ram)}.

form(Bytes, #ram{binary = true}) -> Bytes;
form(Bytes, #ram{binary = false}) -> binary_to_list(Bytes).

part(At, _Size, #ram{contents = Contents}) when At >= byte_size(Contents) -> <<>>;
part(At, Size, #ram{contents = Contents}) ->
    binary:part(Contents, At, min(Size, byte_size(Contents) - At)).

%% Bytes at a place; a gap before it is filled with zeros.
put_at(At, Bytes, #ram{contents = Contents} = Ram) when At =:= byte_size(Contents) ->
    Ram#ram{contents = <<Contents/binary, Bytes/binary>>};
put_at(At, Bytes, #ram{contents = Contents} = Ram) when At > byte_size(Contents) ->
    Gap = (At - byte_size(Contents)) * 8,
    Ram#ram{contents = <<Contents/binary, 0:Gap, Bytes/binary>>};
put_at(At, Bytes, #ram{contents = Contents} = Ram) ->
    Behind = At + byte_size(Bytes),
    Rest = case Contents of
               <<_:Behind/binary, Tail/binary>> -> Tail;
               _ -> <<>>
           end,
    Ram#ram{contents = <<(binary:part(Contents, 0, At))/binary, Bytes/binary, Rest/binary>>}.

place({bof, Offset}, _Ram) -> from(0, Offset);
place({cur, Offset}, #ram{at = At}) -> from(At, Offset);
place({eof, Offset}, #ram{contents = Contents}) -> from(byte_size(Contents), Offset);
place(Origin, Ram) when Origin =:= bof; Origin =:= cur; Origin =:= eof -> place({Origin, 0}, Ram);
place(Offset, _Ram) when is_integer(Offset) -> from(0, Offset);
place(_, _Ram) -> {error, badarg}.

from(Start, Offset) when is_integer(Offset), Start + Offset >= 0 -> {ok, Start + Offset};
from(_Start, Offset) when is_integer(Offset) -> {error, einval};
from(_Start, _Offset) -> {error, badarg}.
