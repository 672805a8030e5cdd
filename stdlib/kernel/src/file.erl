%%% file: files and directories.
%%%
%%% Whole files and directories are the business of native functions (prim_file).
%%% An open file is a process that serves it (file_io_server), or with the mode
%%% `raw` a descriptor that its owner uses directly. Evaluating the contents of
%%% files is in swerl_file_terms.
-module(file).

-export([open/2, close/1, read/2, read_line/1, write/2, pread/2, pread/3, pwrite/2, pwrite/3,
         position/2, truncate/1, sync/1, datasync/1, advise/4, allocate/3, sendfile/2, sendfile/5,
         copy/2, copy/3, read_file/1, write_file/2, write_file/3,
         delete/1, delete/2, rename/2, make_dir/1, del_dir/1, del_dir_r/1,
         list_dir/1, list_dir_all/1, make_link/2, make_symlink/2, read_link/1, read_link_all/1,
         read_file_info/1, read_file_info/2, read_link_info/1, read_link_info/2,
         write_file_info/2, write_file_info/3, change_mode/2, change_owner/2, change_owner/3,
         change_group/2, change_time/2, change_time/3, altname/1,
         get_cwd/0, get_cwd/1, set_cwd/1, native_name_encoding/0, pid2name/1, format_error/1,
         path_open/3, consult/1, path_consult/2, eval/1, eval/2, path_eval/2, path_eval/3,
         script/1, script/2, path_script/2, path_script/3,
         ipread_s32bu_p32bu/3]).
-export([file_name/1]).

-export_type([filename/0, filename_all/0, name_all/0, io_device/0, fd/0, mode/0, posix/0,
              file_info/0, date_time/0, location/0, deep_list/0, name/0, delete_option/0]).

-include("../include/file.hrl").

-type filename() :: string().
-type filename_all() :: string() | binary().
-type deep_list() :: [char() | atom() | deep_list()].
-type name() :: string() | atom() | deep_list().
-type name_all() :: string() | atom() | deep_list() | binary().
-type fd() :: #file_descriptor{}.
-type io_device() :: pid() | fd().
-type location() :: integer() | {bof | cur | eof, integer()} | bof | cur | eof.
-type mode() :: read | write | append | exclusive | raw | binary | atom() | tuple().
-type file_info() :: #file_info{}.
-type date_time() :: calendar:datetime().
-type posix() :: atom().
-type delete_option() :: raw.

%%% Names.

%% @doc The flat form of a name, or {error, badarg}.
-spec file_name(term()) -> filename_all() | {error, badarg}.
file_name(Name) when is_binary(Name) ->
    case binary:match(Name, <<0>>) of
        nomatch -> Name;
        _ -> {error, badarg}
    end;
file_name(Name) when is_atom(Name); is_list(Name) ->
    try filename:flatten(Name) of
        Flat ->
            case lists:all(fun(C) -> is_integer(C) andalso C > 0 end, Flat) of
                true -> Flat;
                false -> {error, badarg}
            end
    catch
        error:_ -> {error, badarg}
    end;
file_name(_Name) ->
    {error, badarg}.

with_name(Name, Fun) ->
    case file_name(Name) of
        {error, _} = Error -> Error;
        Flat -> Fun(Flat)
    end.

with_names(Name1, Name2, Fun) ->
    with_name(Name1, fun(Flat1) -> with_name(Name2, fun(Flat2) -> Fun(Flat1, Flat2) end) end).

%%% Whole files and directories.

%% @doc {ok, Binary}: the whole contents of a file; {error, Reason}, mostly enoent, eacces or eisdir.
read_file(Name) ->
    with_name(Name, fun prim_file:read_file/1).

%% @doc Makes a file with these bytes (iodata), in place of one that is there; {error, badarg} for other data.
write_file(Name, Data) ->
    with_name(Name, fun(Flat) ->
                            with_bytes(Data, fun(Bytes) -> prim_file:write_file(Flat, Bytes) end)
                    end).

%% @doc As write_file/2, with modes as for open/2: append adds to the file, exclusive wants that there is none.
write_file(Name, Data, []) ->
    write_file(Name, Data);
write_file(Name, Data, Modes) when is_list(Modes) ->
    Own = [Mode || Mode <- Modes, Mode =/= raw, Mode =/= binary, Mode =/= write],
    %% Who encodes is a process.
    Raw = case lists:keymember(encoding, 1, [Mode || Mode <- Modes, is_tuple(Mode)]) of
              true -> [Mode || raw = Mode <- Modes];
              false -> [raw]
          end,
    with_bytes(Data, fun(Bytes) -> write_opened(open(Name, Raw ++ [write, binary | Own]), Bytes) end).

write_opened({ok, Fd}, Bytes) ->
    case write(Fd, Bytes) of
        ok -> close(Fd);
        Error ->
            _ = close(Fd),
            Error
    end;
write_opened({error, _} = Error, _Bytes) ->
    Error.

with_bytes(Data, Fun) ->
    try iolist_to_binary(Data) of
        Bytes -> Fun(Bytes)
    catch
        error:_ -> {error, badarg}
    end.

%% @doc Deletes a file; {error, Reason} for one that is not there or a directory.
delete(Name) -> with_name(Name, fun prim_file:delete/1).

%% @doc As delete/1, with the option raw, with which no file server is asked; there is no difference here.
delete(Name, Options) when is_list(Options) -> with_options(Name, Options, fun prim_file:delete/1).

%% A name that is none is told of before options that are no list.
with_options(Name, Options, Fun) ->
    with_name(Name, fun(Flat) ->
                            _ = lists:member(raw, Options),
                            Fun(Flat)
                    end).

%% @doc Gives a file or directory another name, in place of a file of that name.
rename(From, To) -> with_names(From, To, fun prim_file:rename/2).

%% @doc Makes a directory, though not those above it; {error, eexist} where the name is taken.
make_dir(Name) -> with_name(Name, fun prim_file:make_dir/1).

%% @doc Deletes an empty directory. The working directory with something in it is told apart: einval, not eexist.
del_dir(Name) ->
    case with_name(Name, fun prim_file:del_dir/1) of
        {error, eexist} ->
            case prim_file:get_cwd() of
                {ok, Cwd} -> {error, case filename:absname(Name) of Cwd -> einval; _ -> eexist end};
                _ -> {error, eexist}
            end;
        Result -> Result
    end.

%% @doc Deletes a file, or a directory with all that is in it; links are removed, not followed.
del_dir_r(Name) ->
    with_name(Name, fun delete_tree/1).

delete_tree(Name) ->
    case read_link_info(Name) of
        {ok, #file_info{type = directory}} ->
            case list_dir_all(Name) of
                {ok, Names} -> delete_all([filename:join(Name, Inner) || Inner <- Names], Name);
                {error, _} = Error -> Error
            end;
        {ok, _} ->
            delete(Name);
        {error, _} = Error ->
            Error
    end.

delete_all([Inner | Rest], Dir) ->
    case delete_tree(Inner) of
        ok -> delete_all(Rest, Dir);
        {error, enoent} -> delete_all(Rest, Dir);
        {error, _} = Error -> Error
    end;
delete_all([], Dir) ->
    del_dir(Dir).

%% @doc {ok, Names} of what is in a directory, in no order. Names that are no text are left out, and it is said.
list_dir(Name) ->
    case list_dir_all(Name) of
        {ok, All} ->
            {Raw, Names} = lists:partition(fun is_binary/1, All),
            [error_logger:warning_msg("Non-unicode filename ~p ignored\n", [One]) || One <- Raw],
            {ok, Names};
        Error ->
            Error
    end.

%% @doc {ok, Names} of what is in a directory, in no order; names that are no text as binaries.
list_dir_all(Name) -> with_name(Name, fun prim_file:list_dir_all/1).

%% @doc Makes a hard link: a second name, New, for an existing file.
make_link(Existing, New) -> with_names(Existing, New, fun prim_file:make_link/2).

%% @doc Makes a symbolic link with the name New; whether there is what it points to is not asked.
make_symlink(Existing, New) -> with_names(Existing, New, fun prim_file:make_symlink/2).

%% @doc {ok, Name} that a symbolic link points to; {error, einval} for what is no link.
read_link(Name) -> with_name(Name, fun prim_file:read_link/1).

%% @doc As read_link/1; a name that is no text comes as binary.
read_link_all(Name) -> read_link(Name).

%% @doc The short name that a Windows file has; {error, enotsup}.
altname(Name) -> with_name(Name, fun(_) -> {error, enotsup} end).

%% @doc {ok, Name} of the working directory.
get_cwd() -> prim_file:get_cwd().

%% @doc The working directory of a drive, as "C:". There are no drives: {error, enotsup}; einval for what names none.
get_cwd([Letter, $:]) when is_integer(Letter) -> {error, enotsup};
get_cwd(Drive) when is_list(Drive); is_atom(Drive) -> {error, einval};
get_cwd(_Drive) -> {error, badarg}.

%% @doc Makes a directory the working directory, for all processes.
set_cwd(Name) -> with_name(Name, fun prim_file:set_cwd/1).

%% @doc The encoding of file names in the system: utf8.
native_name_encoding() -> utf8.

%%% What is known of a file.

%% @doc {ok, #file_info{}}: type, size, times and rights of a file; of what it points to if it is a link.
read_file_info(Name) -> read_file_info(Name, []).

%% @doc As read_file_info/1, with times as the option {time, local | universal | posix} says.
read_file_info(Name, Options) when is_list(Options) ->
    with_options(Name, Options, fun(Flat) ->
                                        with_form(Options, fun() -> info(prim_file:read_file_info(Flat), Options) end)
                                end).

%% @doc As read_file_info/1, but of a link itself, not of what it points to.
read_link_info(Name) -> read_link_info(Name, []).

%% @doc As read_link_info/1, with times as the option {time, local | universal | posix} says.
read_link_info(Name, Options) when is_list(Options) ->
    with_options(Name, Options, fun(Flat) ->
                                        with_form(Options, fun() -> info(prim_file:read_link_info(Flat), Options) end)
                                end).

with_form(Options, Fun) ->
    case lists:member(time_form(Options), [local, universal, posix]) of
        true -> Fun();
        false -> {error, badarg}
    end.

info({ok, Info}, Options) ->
    #file_info{atime = ATime, mtime = MTime, ctime = CTime} = Info,
    Form = time_form(Options),
    {ok, Info#file_info{atime = as_time(ATime, Form), mtime = as_time(MTime, Form),
                        ctime = as_time(CTime, Form)}};
info({error, _} = Error, _Options) ->
    Error.

time_form(Options) ->
    case lists:keyfind(time, 1, [Option || Option <- Options, is_tuple(Option)]) of
        {time, Form} -> Form;
        false -> local
    end.

%% The machine gives seconds since 1970.
as_time(undefined, _Form) -> undefined;
as_time(Seconds, posix) when is_integer(Seconds) -> Seconds;
as_time(Seconds, universal) when is_integer(Seconds) ->
    calendar:gregorian_seconds_to_datetime(Seconds + 62167219200);
as_time(Seconds, local) when is_integer(Seconds) ->
    erlang:universaltime_to_localtime(as_time(Seconds, universal));
as_time({_, _} = Local, local) -> Local;
as_time({_, _} = Local, universal) -> erlang:localtime_to_universaltime(Local);
as_time({_, _} = Local, posix) -> to_seconds(Local, local).

to_seconds(undefined, _Form, Default) -> Default;
to_seconds(Time, Form, _Default) -> to_seconds(Time, Form).

to_seconds(undefined, _Form) -> undefined;
to_seconds(Seconds, posix) when is_integer(Seconds) -> Seconds;
to_seconds(Time, universal) -> calendar:datetime_to_gregorian_seconds(Time) - 62167219200;
to_seconds(Time, local) -> to_seconds(erlang:localtime_to_universaltime(Time), universal).

%% @doc Changes mode, owner, group and times of a file to those of a #file_info{} that are set.
write_file_info(Name, #file_info{} = Info) -> write_file_info(Name, Info, []).

%% @doc As write_file_info/2, with times as the option {time, local | universal | posix} says.
%% The times of reading and change are now, unless it is said otherwise.
write_file_info(Name, #file_info{atime = ATime, mtime = MTime, ctime = CTime} = Info, Options) ->
    Form = time_form(Options),
    Now = erlang:system_time(second),
    %% The machine takes times in seconds since 1970.
    try Info#file_info{atime = to_seconds(ATime, Form, Now), mtime = to_seconds(MTime, Form, Now),
                       ctime = to_seconds(CTime, Form)} of
        Seconds -> with_name(Name, fun(Flat) -> prim_file:write_file_info(Flat, Seconds) end)
    catch
        error:_ -> {error, badarg}
    end.

%% @doc Sets the rights (mode) of a file, a number such as 8#644.
change_mode(Name, Mode) when is_integer(Mode) ->
    write_file_info(Name, #file_info{mode = Mode}).

%% @doc Makes a user, by number, the owner of a file.
change_owner(Name, OwnerId) when is_integer(OwnerId) ->
    write_file_info(Name, #file_info{uid = OwnerId}).

%% @doc Gives a file another owner and another group, by their numbers.
change_owner(Name, OwnerId, GroupId) when is_integer(OwnerId), is_integer(GroupId) ->
    write_file_info(Name, #file_info{uid = OwnerId, gid = GroupId}).

%% @doc Gives a file another group, by its number.
change_group(Name, GroupId) when is_integer(GroupId) ->
    write_file_info(Name, #file_info{gid = GroupId}).

%% @doc Sets the time at which a file was changed, a local date and time. The time of reading becomes now.
change_time(Name, {{_, _, _}, {_, _, _}} = Time) ->
    write_file_info(Name, #file_info{mtime = Time}).

%% @doc Sets the times at which a file was read and changed, local dates and times.
change_time(Name, {{_, _, _}, {_, _, _}} = ATime, {{_, _, _}, {_, _, _}} = MTime) ->
    write_file_info(Name, #file_info{atime = ATime, mtime = MTime}).

%%% Open files.

%% @doc {ok, Device}: opens a file with modes as read, write, append, exclusive, raw, binary, {encoding, _}, ram.
%% It is closed when the process that opened it ends. With the mode ram, Name is the contents.
open(Name, Modes) when is_list(Modes) ->
    case {lists:member(ram, Modes), check_modes(Modes)} of
        {true, ok} ->
            case [M || M <- Modes, M =/= ram, not is_mode(M)] of
                [] -> ram_file:open(Name, Modes);
                _ -> {error, badarg}
            end;
        {true, Error} -> Error;
        {false, ok} -> with_name(Name, fun(Flat) -> open_checked(Flat, [M || M <- Modes, is_mode(M)]) end);
        {false, Error} -> Error
    end;
open(Name, read) -> open(Name, [read]);
open(Name, write) -> open(Name, [write]);
open(Name, read_write) -> open(Name, [read, write]);
open(_Name, _Modes) ->
    {error, badarg}.

open_checked(Name, Modes) ->
    case lists:member(raw, Modes) of
        true -> open_raw(Name, Modes);
        false -> file_io_server:start(self(), Name, Modes)
    end.

open_raw(Name, Modes) ->
    case ram_file:is_compressed(Modes) of
        true -> ram_file:open_compressed(Name, Modes);
        false -> open_plain(Name, Modes)
    end.

open_plain(Name, Modes) ->
    case raw_file_io_delayed:open(Name, Modes) of
        {ok, Fd} -> {ok, #file_descriptor{module = prim_file, data = {Fd, is_binary_mode(Modes)}}};
        {error, _} = Error -> Error
    end.

is_binary_mode(Modes) -> lists:member(binary, Modes).

check_modes([Mode | Modes]) ->
    case Mode of
        {encoding, Encoding} ->
            case is_encoding(Encoding) of
                true -> check_modes(Modes);
                false -> {error, badarg}
            end;
        _ ->
            %% What is no mode counts for nothing.
            check_modes(Modes)
    end;
check_modes([]) ->
    ok;
check_modes(_) ->
    {error, badarg}.

is_mode({encoding, _}) -> true;
is_mode({delayed_write, Size, Delay}) -> is_integer(Size) andalso Size >= 0 andalso is_integer(Delay);
is_mode({read_ahead, Size}) -> is_integer(Size) andalso Size >= 0;
is_mode(Mode) ->
    lists:member(Mode, [read, write, append, exclusive, raw, binary, delayed_write, read_ahead,
                        sync, directory, compressed, compressed_one]).

is_encoding({Encoding, Endian}) when Encoding =:= utf16; Encoding =:= utf32 ->
    Endian =:= big orelse Endian =:= little;
is_encoding(Encoding) ->
    lists:member(Encoding, [latin1, unicode, utf8, utf16, utf32]).

%% @doc Closes a file; ok also for one that is closed already.
close(Device) ->
    case request(Device, close) of
        {error, terminated} -> ok;
        Result -> Result
    end.

%% @doc {ok, Data}: at most so many bytes (characters of a device by name) from where the file stands, or eof.
%% Data is a binary where the file was opened so, else a list.
read(Device, Size) when is_integer(Size), Size >= 0; is_atom(Device) ->
    case is_atom(Device) of
        true ->
            case io:request(Device, {get_chars, latin1, '', Size}) of
                Data when is_list(Data); is_binary(Data) -> {ok, Data};
                Other -> Other
            end;
        false ->
            request(Device, {read, Size})
    end;
read(_Device, _Size) ->
    {error, badarg}.

%% @doc {ok, Line} with its line feed, from where the file stands, or eof; a carriage return before it is left out.
read_line(Device) when is_atom(Device) ->
    case io:request(Device, {get_line, latin1, ''}) of
        Data when is_list(Data); is_binary(Data) -> {ok, Data};
        Other -> Other
    end;
read_line(Device) ->
    request(Device, read_line).

%% @doc Writes bytes (iodata) where the file stands; {error, badarg} for other data.
write(Device, Data) when is_atom(Device) ->
    with_bytes(Data, fun(Bytes) -> io:request(Device, {put_chars, latin1, Bytes}) end);
write(Device, Data) ->
    with_bytes(Data, fun(Bytes) -> request(Device, {write, Bytes}) end).

%% @doc {ok, Data}: at most so many bytes from a place in the file, or eof. Where it stands afterwards is not said.
pread(Device, At, Size) when is_integer(Size), Size >= 0 -> request(Device, {pread, At, Size});
pread(_Device, _At, _Size) -> {error, badarg}.

%% @doc {ok, [Data]}: pread/3 for each {Place, Size}; eof for one behind the end.
pread(Device, [{At, Size} | Rest]) ->
    case pread(Device, At, Size) of
        {ok, Data} -> more_reads(Data, pread(Device, Rest));
        eof -> more_reads(eof, pread(Device, Rest));
        Error -> Error
    end;
pread(_Device, []) ->
    {ok, []};
pread(_Device, _) ->
    {error, badarg}.

more_reads(Data, {ok, More}) -> {ok, [Data | More]};
more_reads(_Data, Error) -> Error.

%% @doc Writes bytes at a place in the file. Where it stands afterwards is not said.
pwrite(Device, At, Data) ->
    with_bytes(Data, fun(Bytes) -> request(Device, {pwrite, At, Bytes}) end).

%% @doc pwrite/3 for each {Place, Bytes}; {error, {N, Reason}} where N were written before one failed.
pwrite(#file_descriptor{} = Device, Writes) when is_list(Writes) ->
    %% Nothing is written unless all can be.
    case lists:all(fun is_write/1, Writes) of
        true -> pwrite_all(Device, Writes, 0);
        false -> {error, badarg}
    end;
pwrite(Device, Writes) when is_list(Writes), is_pid(Device) ->
    pwrite_all(Device, Writes, 0);
pwrite(_Device, _Writes) ->
    {error, badarg}.

is_write({At, Data}) when is_integer(At) -> with_bytes(Data, fun(_) -> true end) =:= true;
is_write(_) -> false.

pwrite_all(Device, [{At, Data} | Rest], Done) ->
    case pwrite(Device, At, Data) of
        ok -> pwrite_all(Device, Rest, Done + 1);
        {error, Reason} -> {error, {Done, Reason}}
    end;
pwrite_all(_Device, [], _Done) ->
    ok;
pwrite_all(_Device, _, _Done) ->
    {error, badarg}.

%% @doc {ok, Place}: moves to a place, counted from the beginning, or by {bof | cur | eof, Offset}; einval before it.
position(Device, At) -> request(Device, {position, At}).

%% @doc Cuts a file off where it stands.
truncate(Device) -> request(Device, truncate).

%% @doc Has what was written to a file put on the disk.
sync(Device) -> request(Device, sync).

%% @doc As sync/1, without what is known about the file where that can be left out.
datasync(Device) -> request(Device, datasync).

%% @doc Tells how a part of a file will be used: normal, sequential, random, no_reuse, will_need or dont_need.
advise(Device, Offset, Length, Advice) ->
    request(Device, {advise, Offset, Length, Advice}).

%% What the file system makes of it, nobody sees.
advised(Offset, Length, Advice) ->
    Known = lists:member(Advice, [normal, sequential, random, no_reuse, will_need, dont_need]),
    case Known andalso is_integer(Offset) andalso Offset >= 0 andalso is_integer(Length) andalso Length >= 0 of
        true -> ok;
        false -> {error, einval}
    end.

%% @doc Reserves room on the disk for a part of a file; {error, Reason} where the file system cannot.
allocate(Device, Offset, Length) when is_pid(Device); is_record(Device, file_descriptor) ->
    request(Device, {allocate, Offset, Length}).

%% @doc {ok, Bytes}: sends the contents of the file with this name to a TCP socket, and tells how many bytes it sent.
sendfile(Name, Socket) ->
    case open(Name, [read, raw, binary]) of
        {ok, Device} ->
            Result = sendfile(Device, Socket, 0, 0, []),
            _ = close(Device),
            Result;
        Error ->
            Error
    end.

%% @doc {ok, Sent}: sends bytes of an open file from a place on to a TCP socket, all that follow where Bytes is 0.
%% The option {chunk_size, Size} says how much is read at a time.
sendfile(Device, Socket, Offset, Bytes, Options) when is_integer(Offset), is_integer(Bytes) ->
    Chunk = proplists:get_value(chunk_size, Options, 65536),
    Left = case Bytes of 0 -> infinity; _ -> Bytes end,
    send_chunks(Device, Socket, Offset, Left, Chunk, 0).

send_chunks(_Device, _Socket, _At, 0, _Chunk, Sent) ->
    {ok, Sent};
send_chunks(Device, Socket, At, Left, Chunk, Sent) ->
    case pread(Device, At, min(Left, Chunk)) of
        {ok, Data} ->
            Size = iolist_size(Data),
            case gen_tcp:send(Socket, Data) of
                ok when Left =:= infinity ->
                    send_chunks(Device, Socket, At + Size, infinity, Chunk, Sent + Size);
                ok ->
                    send_chunks(Device, Socket, At + Size, Left - Size, Chunk, Sent + Size);
                Error ->
                    Error
            end;
        eof ->
            {ok, Sent};
        Error ->
            Error
    end.

%% @doc {ok, Name} of the file that a process serves, or undefined.
pid2name(Pid) when is_pid(Pid) ->
    %% Only a file answers.
    case process_info(Pid, initial_call) of
        {initial_call, {file_io_server, _, _}} ->
            case request(Pid, name) of
                {ok, Name} -> {ok, Name};
                _ -> undefined
            end;
        _ ->
            undefined
    end.

request(Pid, Request) when is_pid(Pid) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {file_request, self(), Ref, Request},
    receive
        {file_reply, Ref, Reply} ->
            erlang:demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, process, _, _} ->
            {error, terminated}
    end;
request(#file_descriptor{module = prim_file, data = {Fd, IsBinary}}, Request) ->
    as_asked(raw_request(Request, Fd), IsBinary);
request(#file_descriptor{module = Module} = Device, Request) ->
    [Function | Args] = case Request of
                            _ when is_atom(Request) -> [Request];
                            _ -> tuple_to_list(Request)
                        end,
    apply(Module, Function, [Device | Args]);
request(_Device, _Request) ->
    {error, badarg}.

raw_request(close, Fd) -> prim_file:close(Fd);
raw_request({read, Size}, Fd) -> prim_file:read(Fd, Size);
raw_request(read_line, Fd) -> read_raw_line(Fd);
raw_request({write, Bytes}, Fd) -> prim_file:write(Fd, Bytes);
raw_request({Function, At, _}, _Fd) when Function =:= pread orelse Function =:= pwrite, not is_integer(At) ->
    {error, badarg};
raw_request({Function, At, _}, _Fd) when Function =:= pread orelse Function =:= pwrite, At < 0 ->
    {error, einval};
raw_request({pread, At, Size}, Fd) -> prim_file:pread(Fd, At, Size);
raw_request({pwrite, At, Bytes}, Fd) -> prim_file:pwrite(Fd, At, Bytes);
raw_request({position, At}, Fd) ->
    try
        prim_file:position(Fd, At)
    catch
        error:badarg -> {error, badarg}
    end;
raw_request(truncate, Fd) -> prim_file:truncate(Fd);
raw_request(sync, Fd) -> prim_file:sync(Fd);
raw_request(datasync, Fd) -> prim_file:datasync(Fd);
raw_request({advise, Offset, Length, Advice}, _Fd) -> advised(Offset, Length, Advice);
raw_request({allocate, Offset, Length}, Fd) -> prim_file:allocate(Fd, Offset, Length);
raw_request(_, _Fd) -> {error, badarg}.

as_asked({ok, Bytes}, false) when is_binary(Bytes) -> {ok, binary_to_list(Bytes)};
as_asked(Reply, _IsBinary) -> Reply.

%% Reads ahead and goes back to behind the line feed.
read_raw_line(Fd) -> read_raw_line(Fd, <<>>).

read_raw_line(Fd, Before) ->
    case prim_file:read(Fd, 256) of
        {ok, Bytes} ->
            case binary:match(Bytes, <<"\n">>) of
                {At, 1} ->
                    Unused = byte_size(Bytes) - At - 1,
                    {ok, _} = prim_file:position(Fd, {cur, -Unused}),
                    Line = list_to_binary([Before, binary:part(Bytes, 0, At + 1)]),
                    {ok, file_io_server:without_cr(Line)};
                nomatch ->
                    read_raw_line(Fd, list_to_binary([Before, Bytes]))
            end;
        eof when Before =:= <<>> -> eof;
        eof -> {ok, Before};
        Error -> Error
    end.

%% @doc {ok, {Size, Place, Data}}: the block whose size and place stand in the eight bytes at a place;
%% eof where it is longer than the most.
ipread_s32bu_p32bu(File, At, Most) ->
    case pread(File, At, 8) of
        {ok, Header} ->
            case iolist_to_binary(Header) of
                <<0:32, Place:32>> -> {ok, {0, Place, eof}};
                <<Size:32, Place:32>> when Size =< Most ->
                    case pread(File, Place, Size) of
                        {ok, Data} -> {ok, {Size, Place, Data}};
                        eof -> {ok, {Size, Place, eof}};
                        Error -> Error
                    end;
                _ -> eof
            end;
        Other ->
            Other
    end.


%%% Copying.

%% @doc {ok, Bytes}: copies a file to another, each a name, {Name, Modes} or an open file; Bytes is how many.
copy(Source, Destination) -> copy(Source, Destination, infinity).

%% @doc As copy/2, of at most so many bytes.
copy(Source, Destination, Length)
  when is_integer(Length), Length >= 0; Length =:= infinity ->
    with_open(Source, read, fun(In) ->
                                    with_open(Destination, write,
                                              fun(Out) -> copy_bytes(In, Out, Length, 0) end)
                            end);
copy(Source, Destination, Length) when is_atom(Length) ->
    copy(Source, Destination, infinity);
copy(_Source, _Destination, _Length) ->
    {error, badarg}.

with_open(#file_descriptor{} = Device, _Mode, Fun) ->
    Fun(Device);
with_open(Pid, _Mode, Fun) when is_pid(Pid) ->
    Fun(Pid);
with_open({Name, Modes}, Mode, Fun) when is_list(Modes) ->
    Own = [M || M <- Modes, M =/= raw, M =/= binary, M =/= Mode],
    case open(Name, [raw, binary, Mode | Own]) of
        {ok, Device} ->
            Result = Fun(Device),
            _ = close(Device),
            Result;
        {error, _} = Error ->
            Error
    end;
with_open(Name, Mode, Fun) ->
    with_open({Name, []}, Mode, Fun).

copy_bytes(_In, _Out, 0, Done) ->
    {ok, Done};
copy_bytes(In, Out, Left, Done) ->
    case read(In, chunk(Left)) of
        {ok, Data} ->
            Bytes = iolist_to_binary(Data),
            case write(Out, Bytes) of
                ok -> copy_bytes(In, Out, less(Left, byte_size(Bytes)), Done + byte_size(Bytes));
                Error -> Error
            end;
        eof -> {ok, Done};
        Error -> Error
    end.

chunk(infinity) -> 65536;
chunk(Left) -> min(Left, 65536).

less(infinity, _N) -> infinity;
less(Left, N) -> Left - N.

%%% Files with terms and expressions.

%% @doc {ok, Device, FullName}: opens a file of the first directory of the path that has it; {error, enoent} if none.
path_open(Path, Name, Modes) -> swerl_file_terms:path_open(Path, Name, Modes).

%% @doc {ok, Terms}: the terms in a file, each ended by a full stop; {error, {Line, Module, What}} for bad ones.
consult(Name) -> swerl_file_terms:consult(Name).

%% @doc {ok, Terms, FullName}: consult/1 of the file in the first directory of the path that has it.
path_consult(Path, Name) -> swerl_file_terms:path_consult(Path, Name).

%% @doc Evaluates the expressions of a file, each row of them ended by a full stop; ok, or what went wrong first.
eval(Name) -> eval(Name, erl_eval:new_bindings()).

%% @doc As eval/1, with variables bound at the beginning.
eval(Name, Bindings) -> swerl_file_terms:eval(Name, Bindings).

%% @doc {ok, FullName}: eval/1 of the file in the first directory of the path that has it.
path_eval(Path, Name) -> path_eval(Path, Name, erl_eval:new_bindings()).

%% @doc As path_eval/2, with variables bound at the beginning.
path_eval(Path, Name, Bindings) -> swerl_file_terms:path_eval(Path, Name, Bindings).

%% @doc {ok, Value}: as eval/1, with the value of the last expression.
script(Name) -> script(Name, erl_eval:new_bindings()).

%% @doc As script/1, with variables bound at the beginning.
script(Name, Bindings) -> swerl_file_terms:script(Name, Bindings).

%% @doc {ok, Value, FullName}: script/1 of the file in the first directory of the path that has it.
path_script(Path, Name) -> path_script(Path, Name, erl_eval:new_bindings()).

%% @doc As path_script/2, with variables bound at the beginning.
path_script(Path, Name, Bindings) -> swerl_file_terms:path_script(Path, Name, Bindings).

%% @doc Words for the reason of an error that a function of this module gave.
format_error(Reason) -> swerl_file_terms:format_error(Reason).
