%%% erl_tar: archives of files in the tape format of Unix.
%%%
%%% An archive is read whole and walked block by block. Written are the formats
%%% `ustar` and, for names, links and sizes that do not fit there, `pax`; read are
%%% those, the older `v7`, and the long names of GNU tar.
-module(erl_tar).

-export([create/2, create/3, open/2, add/3, add/4, close/1, init/3, table/1, table/2, t/1, tt/1,
         extract/1, extract/2, format_error/1]).

-export_type([tar_descriptor/0, open_type/0, name_in_archive/0, add_opt/0, extract_opt/0,
              create_opt/0, filelist/0]).

-include("../../kernel/include/file.hrl").

-define(BLOCK, 512).

-type open_type() :: file:filename_all() | {binary, binary()} | {file, file:io_device()}.
-type name_in_archive() :: string().
-type filelist() :: [file:filename() | {name_in_archive(), file:filename() | binary()}].
-type add_opt() :: dereference | verbose | {chunks, pos_integer()} | {atom(), term()}.
-type extract_opt() :: memory | cooked | compressed | keep_old_files | verbose | {cwd, string()}
                     | {files, [name_in_archive()]}.
-type create_opt() :: compressed | cooked | dereference | verbose.

%% An open archive: what its bytes go to or come from, and the function that
%% writes or reads them. One that was opened by name to be read is the bytes.
-record(tar, {handle, write, mode}).

-opaque tar_descriptor() :: #tar{}.

%% A member.
-record(member, {name, type = regular, size = 0, mtime = 0, mode = 8#644, uid = 0, gid = 0,
                 link = "", data = <<>>}).

%%% Writing.

%% @doc Creates an archive of files: names, {NameInArchive, Name} or {NameInArchive, Binary}.
create(Name, Files) -> create(Name, Files, []).

%% @doc The same, with options: compressed, cooked, dereference and verbose. Gives ok or {error, {Name, Reason}}.
create(Name, Files, Options) when is_list(Files), is_list(Options) ->
    {Modes, AddOptions} = lists:partition(fun(Option) -> Option =:= compressed orelse Option =:= cooked end,
                                          Options),
    case open(Name, [write | Modes]) of
        {ok, Tar} -> close_after(add_all(Files, Tar, AddOptions), Tar);
        Error -> Error
    end.

close_after(ok, Tar) ->
    close(Tar);
close_after(Error, Tar) ->
    _ = close(Tar),
    Error.

add_all([File | Files], Tar, Options) ->
    Result = case File of
                 {NameInArchive, NameOrBin} -> add(Tar, NameOrBin, NameInArchive, Options);
                 Name -> add(Tar, Name, Name, Options)
             end,
    case Result of
        ok -> add_all(Files, Tar, Options);
        Error -> Error
    end;
add_all([], _Tar, _Options) ->
    ok.

%% @doc Opens an archive to be written member by member, or to be read: {ok, Archive} or {error, {Name, Reason}}.
open({binary, _} = Archive, Modes) -> open_kind(Archive, Modes);
open({file, _} = Archive, Modes) -> open_kind(Archive, Modes);
open(Name, Modes) -> open_kind(Name, Modes).

open_kind(Archive, Modes) ->
    case {lists:member(write, Modes), lists:member(read, Modes), Modes -- [write, read, compressed, cooked, raw]} of
        {true, false, []} -> open_to_write(Archive, Modes);
        {false, _, []} -> open_to_read(Archive, Modes);
        _ -> {error, {Archive, einval}}
    end.

open_to_write({file, Device}, _Modes) ->
    init(Device, write, fun device/2);
open_to_write({binary, _}, _Modes) ->
    {error, einval};
open_to_write(Name, Modes) ->
    Raw = case lists:member(cooked, Modes) of true -> []; false -> [raw] end,
    Compressed = [compressed || lists:member(compressed, Modes)],
    case file:open(Name, [write, binary | Raw ++ Compressed]) of
        {ok, Device} -> init(Device, write, fun device/2);
        {error, Reason} -> {error, {Name, Reason}}
    end.

open_to_read(Archive, Modes) ->
    case contents(Archive, Modes) of
        {ok, Bytes} -> {ok, #tar{handle = Bytes, mode = read}};
        Error -> Error
    end.

device(write, {Device, Data}) -> file:write(Device, Data);
device(position, {Device, At}) -> file:position(Device, At);
device(read2, {Device, Size}) -> file:read(Device, Size);
device(close, Device) -> file:close(Device).

%% @doc An archive whose bytes go through a function of the caller.
init(UserData, Mode, Fun) when Mode =:= write; Mode =:= read ->
    case is_function(Fun, 2) of
        true -> {ok, #tar{handle = UserData, write = Fun, mode = Mode}};
        false -> {error, badarg}
    end;
init(_UserData, _Mode, _Fun) ->
    {error, badarg}.

%% @doc Adds a file to an archive that open/2 has opened for writing; options as for add/4.
add(Tar, Name, Options) -> add(Tar, Name, Name, Options).

%% @doc Adds a file, or a binary, under another name; options: dereference and verbose, for a binary mtime, uid, gid.
add(#tar{mode = read}, _File, _Name, _Options) ->
    {error, eacces};
add(#tar{} = Tar, File, NameInArchive, Options) ->
    Name = flat(NameInArchive),
    verbose(Options, "a ~ts~n", [Name]),
    Result = case File of
                 _ when is_binary(File) -> write_member(Tar, given(Name, File, Options));
                 _ -> add_file(Tar, flat(File), Name, Options)
             end,
    case Result of
        {error, {_, _}} -> Result;
        {error, Reason} -> {error, {File, Reason}};
        ok -> ok
    end.

flat(Name) when is_binary(Name) -> unicode:characters_to_list(Name);
flat(Name) -> filename:flatten(Name).

given(Name, Bytes, Options) ->
    Now = erlang:system_time(second),
    #member{name = Name, size = byte_size(Bytes), data = Bytes,
            mtime = proplists:get_value(mtime, Options, Now),
            mode = 8#100644, uid = proplists:get_value(uid, Options, 0),
            gid = proplists:get_value(gid, Options, 0)}.

add_file(Tar, File, Name, Options) ->
    Info = case lists:member(dereference, Options) of
               true -> file:read_file_info(File, [{time, posix}]);
               false -> file:read_link_info(File, [{time, posix}])
           end,
    case Info of
        {ok, #file_info{type = Type} = Facts} ->
            Member = #member{name = Name, type = Type, mtime = Facts#file_info.mtime,
                             mode = Facts#file_info.mode, uid = Facts#file_info.uid,
                             gid = Facts#file_info.gid},
            add_type(Type, Tar, File, Member, Options);
        {error, Reason} ->
            {error, {File, Reason}}
    end.

add_type(directory, Tar, File, #member{name = Name} = Member, Options) ->
    case file:list_dir(File) of
        {ok, Names} ->
            Inside = [{filename:join(Name, N), filename:join(File, N)} || N <- Names],
            case Inside of
                [] -> write_member(Tar, Member#member{name = with_slash(Name)});
                _ -> add_all(Inside, Tar, Options)
            end;
        {error, Reason} ->
            {error, {File, Reason}}
    end;
add_type(symlink, Tar, File, Member, _Options) ->
    case file:read_link(File) of
        {ok, Target} -> write_member(Tar, Member#member{link = Target});
        {error, Reason} -> {error, {File, Reason}}
    end;
add_type(regular, Tar, File, Member, _Options) ->
    case file:read_file(File) of
        {ok, Bytes} -> write_member(Tar, Member#member{size = byte_size(Bytes), data = Bytes});
        {error, Reason} -> {error, {File, Reason}}
    end;
add_type(_Type, _Tar, File, _Member, _Options) ->
    {error, {File, unsupported_file_type}}.

with_slash(Name) ->
    case lists:suffix("/", Name) of
        true -> Name;
        false -> Name ++ "/"
    end.

write_member(Tar, #member{data = Data} = Member) ->
    put_bytes(Tar, [headers(Member), Data, padding(byte_size(Data))]).

put_bytes(#tar{handle = Handle, write = Write}, Bytes) -> Write(write, {Handle, Bytes}).

padding(Size) ->
    case Size rem ?BLOCK of
        0 -> <<>>;
        Used -> <<0:((?BLOCK - Used) * 8)>>
    end.

%% @doc Ends an archive, if it is written with two empty blocks, and closes it.
close(#tar{mode = read, write = undefined}) ->
    ok;
close(#tar{mode = read, handle = Handle, write = Close}) ->
    Close(close, Handle);
close(#tar{handle = Handle, write = Write} = Tar) ->
    Result = put_bytes(Tar, <<0:(2 * ?BLOCK * 8)>>),
    Closed = Write(close, Handle),
    case Result of
        ok -> Closed;
        _ -> Result
    end;
close(_) ->
    {error, einval}.

%%% Headers.

%% The header of a member, behind one of extended facts where it needs that.
headers(#member{name = Name, link = Link, size = Size} = Member) ->
    {Prefix, Short, NameFacts} = split_name(Name),
    {ShortLink, LinkFacts} = case fits(Link, 100) of
                                 true -> {Link, []};
                                 false -> {lists:sublist(ascii(Link), 100), [{"linkpath", Link}]}
                             end,
    SizeFacts = [{"size", integer_to_list(Size)} || Size >= 8#77777777777],
    Own = header(Prefix, Short, ShortLink, Member),
    case NameFacts ++ LinkFacts ++ SizeFacts of
        [] ->
            Own;
        Facts ->
            Records = list_to_binary([pax_record(Key, Value) || {Key, Value} <- Facts]),
            Base = "PaxHeaders.0/" ++ filename:basename(Name),
            Extra = #member{name = Base, type = pax, size = byte_size(Records),
                            mtime = Member#member.mtime, mode = 8#644},
            [header("", lists:sublist(ascii(Base), 100), "", Extra), Records,
             padding(byte_size(Records)), Own]
    end.

fits(Text, Size) -> length(Text) =< Size andalso lists:all(fun(C) -> C < 128 end, Text).

ascii(Text) -> [case C < 128 of true -> C; false -> $? end || C <- Text].

%% A name of up to 100 characters, with up to 155 before its last slashes.
split_name(Name) ->
    case {fits(Name, 100), fits(Name, 256)} of
        {true, _} -> {"", Name, []};
        {false, true} -> split_at_slash(Name);
        {false, false} -> {"", lists:sublist(ascii(Name), 100), [{"path", Name}]}
    end.

split_at_slash(Name) ->
    Places = [At || {At, $/} <- lists:zip(lists:seq(0, length(Name) - 1), Name),
                    At > 0, At =< 155, length(Name) - At - 1 =< 100, length(Name) - At - 1 > 0],
    case Places of
        [] -> {"", lists:sublist(Name, 100), [{"path", Name}]};
        _ ->
            {Prefix, [_ | Rest]} = lists:split(lists:last(Places), Name),
            {Prefix, Rest, []}
    end.

%% "LENGTH KEY=VALUE\n", where the length counts itself.
pax_record(Key, Value) ->
    Rest = unicode:characters_to_binary([$\s, Key, $=, Value, $\n]),
    [integer_to_list(pax_length(byte_size(Rest), byte_size(Rest))), Rest].

pax_length(Rest, Guess) ->
    case Rest + length(integer_to_list(Guess)) of
        Guess -> Guess;
        Better -> pax_length(Rest, Better)
    end.

header(Prefix, Name, Link, #member{type = Type, size = Size, mtime = Mtime, mode = Mode,
                                   uid = Uid, gid = Gid}) ->
    Before = [field(Name, 100), octal(Mode, 8), octal(Uid, 8), octal(Gid, 8),
              octal(min(Size, 8#77777777777), 12), octal(Mtime, 12)],
    Behind = [flag(Type), field(Link, 100), "ustar", 0, "00", field("root", 32), field("root", 32),
              octal(0, 8), octal(0, 8), field(Prefix, 155), <<0:96>>],
    Sum = sum(iolist_to_binary([Before, "        ", Behind])),
    [Before, io_lib:format("~6.8.0b", [Sum]), 0, $\s, Behind].

field(Text, Size) -> [Text, <<0:((Size - length(Text)) * 8)>>].

%% Digits, and a zero byte at the end.
octal(Number, Size) ->
    Digits = integer_to_list(max(0, Number), 8),
    case length(Digits) < Size of
        true -> [lists:duplicate(Size - 1 - length(Digits), $0), Digits, 0];
        false -> <<1:1, Number:(Size * 8 - 1)>>
    end.

flag(regular) -> $0;
flag(symlink) -> $2;
flag(directory) -> $5;
flag(pax) -> $x.

sum(Bytes) -> lists:sum(binary_to_list(Bytes)).

%%% Reading.

%% The bytes of an archive; one that is compressed is unpacked.
contents({binary, Bytes}, Modes) -> unpacked(Bytes, Modes);
contents({file, Device}, _Modes) -> read_all(Device, []);
contents(#tar{mode = read, handle = Bytes, write = undefined}, _Modes) -> {ok, Bytes};
contents(#tar{mode = read, handle = Handle, write = Read}, _Modes) ->
    read_through(Handle, Read, []);
contents(Name, Modes) ->
    Compressed = [compressed || lists:member(compressed, Modes)],
    case Compressed of
        [] ->
            case file:read_file(Name) of
                {ok, Bytes} -> {ok, Bytes};
                {error, Reason} -> {error, {Name, Reason}}
            end;
        _ ->
            case file:open(Name, [read, raw, binary, compressed]) of
                {ok, Device} ->
                    Result = read_all(Device, []),
                    _ = file:close(Device),
                    Result;
                {error, Reason} ->
                    {error, {Name, Reason}}
            end
    end.

unpacked(Bytes, Modes) ->
    case lists:member(compressed, Modes) of
        true ->
            try {ok, zlib:gunzip(Bytes)}
            catch error:Reason -> {error, Reason}
            end;
        false ->
            {ok, Bytes}
    end.

read_all(Device, Read) ->
    case file:read(Device, 65536) of
        {ok, Bytes} -> read_all(Device, [Bytes | Read]);
        eof -> {ok, list_to_binary(lists:reverse(Read))};
        Error -> Error
    end.

read_through(Handle, Fun, Read) ->
    case Fun(read2, {Handle, 65536}) of
        {ok, Bytes} -> read_through(Handle, Fun, [Bytes | Read]);
        eof -> {ok, list_to_binary(lists:reverse(Read))};
        Error -> Error
    end.

%% Folds over the members: Fun(Member, Acc) -> {ok, Acc} | {error, Reason}.
fold(Archive, Options, Fun, Acc) ->
    case contents(Archive, Options) of
        {ok, Bytes} -> walk(Bytes, #{}, Fun, Acc);
        Error -> Error
    end.

walk(<<0:(?BLOCK * 8), Rest/binary>>, _Facts, _Fun, Acc) ->
    case Rest of
        <<0:(?BLOCK * 8), _/binary>> -> {ok, Acc};
        <<>> -> {error, eof};
        _ -> {error, invalid_end_of_archive}
    end;
walk(<<Header:?BLOCK/binary, Rest/binary>>, Facts, Fun, Acc) ->
    case member(Header) of
        {ok, Type, Member} -> take(Type, with_facts(Member, Facts), Rest, Facts, Fun, Acc);
        Error -> Error
    end;
walk(_Short, _Facts, _Fun, _Acc) ->
    {error, eof}.

take(Type, #member{size = Size} = Member, Bytes, Facts, Fun, Acc) ->
    Padded = Size + byte_size(padding(Size)),
    case Bytes of
        <<Data:Size/binary, _/binary>> ->
            Rest = case Bytes of
                       <<_:Padded/binary, Behind/binary>> -> Behind;
                       _ -> <<>>
                   end,
            case extra(Type, Data, Facts) of
                {facts, More} ->
                    walk(Rest, More, Fun, Acc);
                member ->
                    case Fun(Member#member{data = Data}, Acc) of
                        {ok, NewAcc} -> walk(Rest, #{}, Fun, NewAcc);
                        Error -> Error
                    end
            end;
        _ ->
            {error, eof}
    end.

%% Members that only tell something of the next one.
extra($x, Data, Facts) -> {facts, pax_facts(Data, Facts)};
extra($g, _Data, Facts) -> {facts, Facts};
extra($L, Data, Facts) -> {facts, Facts#{"path" => text(Data)}};
extra($K, Data, Facts) -> {facts, Facts#{"linkpath" => text(Data)}};
extra(_Type, _Data, _Facts) -> member.

pax_facts(<<>>, Facts) ->
    Facts;
pax_facts(Records, Facts) ->
    case binary:split(Records, <<" ">>) of
        [Digits, _] ->
            Length = binary_to_integer(Digits),
            Head = byte_size(Digits) + 1,
            Size = Length - Head - 1,
            <<_:Head/binary, Record:Size/binary, _, Rest/binary>> = Records,
            [Key, Value] = binary:split(Record, <<"=">>),
            pax_facts(Rest, Facts#{binary_to_list(Key) => text(Value)});
        _ ->
            Facts
    end.

with_facts(Member, Facts) ->
    maps:fold(fun("path", Name, M) -> M#member{name = Name};
                 ("linkpath", Link, M) -> M#member{link = Link};
                 ("size", Digits, M) -> M#member{size = list_to_integer(Digits)};
                 ("mtime", Digits, M) -> M#member{mtime = whole(Digits)};
                 ("uid", Digits, M) -> M#member{uid = list_to_integer(Digits)};
                 ("gid", Digits, M) -> M#member{gid = list_to_integer(Digits)};
                 (_, _, M) -> M
              end, Member, Facts).

whole(Digits) -> list_to_integer(hd(string:split(Digits, "."))).

member(<<Name:100/binary, Mode:8/binary, Uid:8/binary, Gid:8/binary, Size:12/binary,
         Mtime:12/binary, Sum:8/binary, Type, Link:100/binary, Magic:6/binary, _:82/binary,
         Prefix:155/binary, _/binary>> = Header) ->
    <<Before:148/binary, _:8/binary, Behind/binary>> = Header,
    try number(Sum) =:= sum(Before) + 8 * $\s + sum(Behind) of
        true ->
            Whole = case {Magic, text(Prefix)} of
                        {<<"ustar", 0>>, [_ | _] = Folder} -> Folder ++ "/" ++ text(Name);
                        _ -> text(Name)
                    end,
            {ok, Type, #member{name = without_slash(Whole), type = type(Type, Whole), size = size(Type, number(Size)),
                               mtime = number(Mtime), mode = number(Mode), uid = number(Uid),
                               gid = number(Gid), link = text(Link)}};
        false ->
            {error, invalid_tar_checksum}
    catch
        error:_ -> {error, invalid_tar_checksum}
    end.

without_slash(Name) -> string:trim(Name, trailing, "/").

%% Links and the like have no contents, whatever their size says.
size(Type, _Size) when Type >= $1, Type =< $6 -> 0;
size(_Type, Size) -> Size.

type($1, _) -> link;
type($2, _) -> symlink;
type($3, _) -> char;
type($4, _) -> block;
type($5, _) -> directory;
type($6, _) -> fifo;
type(_, Name) ->
    case lists:suffix("/", Name) of
        true -> directory;
        false -> regular
    end.

%% Octal digits; the top bit says that the number is binary.
number(<<1:1, Number/bitstring>>) ->
    Size = bit_size(Number),
    <<Value:Size>> = Number,
    Value;
number(Field) ->
    case [C || C <- binary_to_list(Field), C =/= 0, C =/= $\s] of
        [] -> 0;
        Digits -> list_to_integer(Digits, 8)
    end.

text(Field) ->
    [Bytes | _] = binary:split(Field, <<0>>),
    case unicode:characters_to_list(Bytes) of
        Text when is_list(Text) -> Text;
        _ -> binary_to_list(Bytes)
    end.

%%% Tables.

%% @doc The names of an archive's members: {ok, Names} or {error, Reason}.
table(Archive) -> table(Archive, []).

%% @doc The same, with options: compressed, cooked, and verbose, which tells type, size, time, mode and owner too.
table(Archive, Options) ->
    Verbose = lists:member(verbose, Options),
    in_order(fold(Archive, Options, fun(Member, Names) ->
                                            {ok, [entry(Member, Verbose) | Names]}
                                    end, [])).

in_order({ok, List}) -> {ok, lists:reverse(List)};
in_order(Error) -> Error.

entry(#member{name = Name}, false) ->
    Name;
entry(#member{name = Name, type = Type, size = Size, mtime = Mtime, mode = Mode, uid = Uid,
              gid = Gid}, true) ->
    {Name, Type, Size, Mtime, Mode, Uid, Gid}.

%% @doc Prints the names of the members.
t(Archive) when is_list(Archive) ->
    print(table(Archive), fun(Name) -> io:format("~ts\n", [Name]) end);
t(Archive) ->
    print(table(Archive), fun(Name) -> io:format("~ts\n", [Name]) end).

%% @doc The same with what is known of them.
tt(Archive) ->
    print(table(Archive, [verbose]), fun print_entry/1).

print({ok, Entries}, Print) -> lists:foreach(Print, Entries);
print(Error, _Print) -> Error.

print_entry({Name, Type, Size, Mtime, Mode, Uid, Gid}) ->
    {{Year, Month, Day}, {Hour, Minute, _}} =
        calendar:now_to_local_time({Mtime div 1000000, Mtime rem 1000000, 0}),
    MonthName = element(Month, {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                                "Nov", "Dec"}),
    io:format("~s~s ~4w/~-4w ~7w ~s ~2w ~2..0w:~2..0w ~w ~ts\n",
              [letter(Type), rights(Mode), Uid, Gid, Size, MonthName, Day, Hour, Minute, Year, Name]).

letter(directory) -> "d";
letter(symlink) -> "l";
letter(_) -> "-".

rights(Mode) ->
    [case Mode band Bit of 0 -> $-; _ -> Letter end
     || {Bit, Letter} <- [{8#400, $r}, {8#200, $w}, {8#100, $x}, {8#40, $r}, {8#20, $w}, {8#10, $x},
                          {8#4, $r}, {8#2, $w}, {8#1, $x}]].

%%% Extracting.

%% @doc Extracts all members of an archive into the current folder: ok or {error, Reason}.
extract(Archive) -> extract(Archive, []).

%% @doc The same, with options: cwd, files, compressed, cooked, keep_old_files, verbose, and memory: then nothing
%% is written and the result is {ok, [{Name, Binary}]}.
extract(Archive, Options) when is_list(Options) ->
    Wanted = case lists:keyfind(files, 1, [Option || Option <- Options, is_tuple(Option)]) of
                 {files, Names} -> fun(Name) -> lists:member(Name, Names) end;
                 false -> fun(_) -> true end
             end,
    Folder = proplists:get_value(cwd, Options, ""),
    case lists:member(memory, Options) of
        true ->
            in_order(fold(Archive, Options, fun(Member, Got) ->
                                                       in_memory(Member, Wanted, Options, Got)
                                               end, []));
        false ->
            Unpack = fun(Member, Acc) -> unpack(Member, Wanted, Folder, Options, Acc) end,
            case fold(Archive, Options, Unpack, []) of
                {ok, Folders} -> lists:foreach(fun({File, Member}) -> set_facts(File, Member) end, Folders);
                Error -> Error
            end
    end.

in_memory(#member{name = Name, type = regular, data = Data}, Wanted, Options, Got) ->
    case Wanted(Name) of
        true ->
            verbose(Options, "x ~ts~n", [Name]),
            {ok, [{Name, Data} | Got]};
        false -> {ok, Got}
    end;
in_memory(_Member, _Wanted, _Options, Got) ->
    {ok, Got}.

%% Folders get their times when everything is in them.
unpack(#member{name = [$/ | Name]} = Member, Wanted, Folder, Options, Folders) ->
    error_logger:info_msg("erl_tar: removed leading '/' from member names\n"),
    unpack(Member#member{name = Name}, Wanted, Folder, Options, Folders);
unpack(#member{name = Name} = Member, Wanted, Folder, Options, Folders) ->
    case Wanted(Name) of
        false ->
            {ok, Folders};
        true ->
            case is_safe(Member) of
                false ->
                    {error, {Name, unsafe_path}};
                true ->
                    File = filename:absname(Name, filename:absname(Folder)),
                    Result = write_out(File, Member, Options),
                    verbose(Options, case Result of
                                         kept -> "x ~ts - exists, not created~n";
                                         _ -> "x ~ts~n"
                                     end, [Name]),
                    done(Result, File, Member, Folders)
            end
    end.

done(ok, File, #member{type = directory} = Member, Folders) -> {ok, [{File, Member} | Folders]};
done(ok, File, #member{type = regular} = Member, Folders) -> set_facts(File, Member), {ok, Folders};
done(ok, _File, _Member, Folders) -> {ok, Folders};
done(kept, _File, _Member, Folders) -> {ok, Folders};
done({error, Reason}, _File, #member{name = Name}, _Folders) -> {error, {Name, Reason}}.

%% Nothing is written outside of the folder.
is_safe(#member{name = Name, type = symlink, link = Link}) ->
    is_inside(Name) andalso is_inside(filename:join(filename:dirname(Name), Link));
is_safe(#member{name = Name}) ->
    is_inside(Name).

is_inside(Name) ->
    filename:pathtype(Name) =:= relative andalso stays(filename:split(Name), 0).

stays([".." | _], 0) -> false;
stays([".." | Parts], Depth) -> stays(Parts, Depth - 1);
stays(["." | Parts], Depth) -> stays(Parts, Depth);
stays([_ | Parts], Depth) -> stays(Parts, Depth + 1);
stays([], _Depth) -> true.

write_out(File, #member{type = directory}, _Options) ->
    filelib:ensure_dir(filename:join(File, "x"));
write_out(File, #member{type = regular, data = Data}, Options) ->
    case lists:member(keep_old_files, Options) andalso file:read_link_info(File) of
        {ok, _} ->
            kept;
        _ ->
            with_folder(File, fun() -> file:write_file(File, Data) end)
    end;
write_out(File, #member{type = symlink, link = Link}, _Options) ->
    with_folder(File, fun() ->
                              case file:make_symlink(Link, File) of
                                  {error, eexist} -> ok;
                                  {error, enotsup} -> ok;
                                  Result -> Result
                              end
                      end);
write_out(_File, _Member, _Options) ->
    ok.

with_folder(File, Write) ->
    case Write() of
        {error, enoent} ->
            case filelib:ensure_dir(File) of
                ok -> Write();
                Error -> Error
            end;
        Result ->
            Result
    end.

set_facts(File, #member{mtime = Mtime, mode = Mode}) ->
    _ = file:write_file_info(File, #file_info{mode = Mode band 8#7777, mtime = Mtime, atime = Mtime},
                             [{time, posix}]),
    ok.

verbose(Options, Format, Args) ->
    case lists:member(verbose, Options) of
        true -> io:format(Format, Args);
        false -> ok
    end.

%%% Texts.

%% @doc The text of the reason of an error of this module.
format_error(invalid_tar_checksum) -> "Checksum failed";
format_error(bad_header) -> "Unrecognized tar header format";
format_error({bad_header, Reason}) ->
    lists:flatten(io_lib:format("Unrecognized tar header format: ~p", [Reason]));
format_error(invalid_end_of_archive) -> "Invalid end of archive";
format_error(eof) -> "Unexpected end of file";
format_error(unsafe_path) -> "The path points above the current working directory";
format_error({Name, Reason}) ->
    lists:flatten(io_lib:format("~ts: ~ts", [Name, format_error(Reason)]));
format_error(Reason) when is_atom(Reason) -> file:format_error(Reason);
format_error(Reason) -> lists:flatten(io_lib:format("~tp", [Reason])).
