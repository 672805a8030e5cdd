%%% Archives of the format zip.
-module(zip).

-export([zip/2, zip/3, create/2, create/3, unzip/1, unzip/2, extract/1, extract/2, list_dir/1, list_dir/2, table/1,
         table/2, t/1, tt/1, foldl/3, zip_open/1, zip_open/2, zip_close/1, zip_get/1, zip_get/2, zip_list_dir/1,
         openzip_open/1, openzip_open/2, openzip_get/1, openzip_get/2, openzip_close/1, openzip_list_dir/1]).

-include_lib("kernel/include/file.hrl").
-include("../include/zip.hrl").

-define(LOCAL, 16#04034b50).
-define(CENTRAL, 16#02014b50).
-define(END, 16#06054b50).
-define(STORED, 0).
-define(DEFLATED, 8).

%% Of a file in an archive, as the central directory has it.
%% An archive ends in a record of this size at most; in a shorter file there is no place to look for it at.
-define(LONGEST_END, 65557).

-record(entry, {name, method, crc, comp_size, size, offset, time, date, comment = "", mode = 8#644}).

%%% Making.

%% @doc Makes an archive of files, folders and {Name, Content}.
zip(Archive, Files) -> zip(Archive, Files, []).

%% @doc As zip/2, with options: memory, verbose, {comment, Text}, {cwd, Folder}, {compress, What},
%% {uncompress, Extensions}.
zip(Archive, Files, Options) when is_list(Files) ->
    try
        check_options(Options, [memory, verbose, cooked], [cwd, comment, compress, uncompress]),
        Cwd = proplists:get_value(cwd, Options, ""),
        Contents = lists:append([contents(File, Cwd) || File <- Files]),
        Bytes = iolist_to_binary(archive(Contents, Options)),
        case lists:member(memory, Options) of
            true -> {ok, {filename:basename(Archive), Bytes}};
            false ->
                Name = filename:join([Cwd || Cwd =/= ""] ++ [Archive]),
                case file:write_file(Archive, Bytes) of
                    ok -> {ok, Archive};
                    {error, Reason} -> {error, {Reason, Name}}
                end
        end
    catch
        throw:{failed, Failure} -> {error, Failure}
    end;
zip(_, _, _) -> {error, einval}.

%% @doc As zip/2.
create(Archive, Files) -> zip(Archive, Files).

%% @doc As zip/3.
create(Archive, Files, Options) -> zip(Archive, Files, Options).

failed(Reason) -> throw({failed, Reason}).

%% Options are names, or pairs of a name and a value.
check_options(Options, Names, Keys) ->
    Is = fun({Key, _}) -> lists:member(Key, Keys);
            (Name) -> lists:member(Name, Names)
         end,
    _ = [failed({bad_option, Option}) || Option <- Options, not Is(Option)],
    ok.

%% [{Name, Content, Info}], folders with what is in them.
contents({Name, Content}, _) when is_binary(Content) -> [{Name, Content, info(byte_size(Content), erlang:localtime())}];
contents({Name, Content, #file_info{} = Info}, _) when is_binary(Content) -> [{Name, Content, Info}];
contents(Name, _) when not is_list(Name) -> failed(einval);
contents(Name, Cwd) ->
    Full = case Cwd of
               "" -> Name;
               _ -> filename:join(Cwd, Name)
           end,
    case file:read_file_info(Full) of
        {ok, #file_info{type = directory} = Info} ->
            {ok, Names} = file:list_dir(Full),
            Own = [{filename:join([Name]) ++ "/", <<>>, Info}],
            Own ++ lists:append([contents(filename:join(Name, Inner), Cwd) || Inner <- lists:reverse(Names)]);
        {ok, Info} ->
            case file:read_file(Full) of
                {ok, Content} -> [{Name, Content, Info}];
                {error, Reason} -> failed(Reason)
            end;
        {error, Reason} -> failed(Reason)
    end.

info(Size, Time) ->
    #file_info{size = Size, type = regular, access = read_write, atime = Time, mtime = Time, ctime = Time,
               mode = 8#644, links = 1, major_device = 0, minor_device = 0, inode = 0, uid = 0, gid = 0}.

archive(Contents, Options) ->
    {Parts, {_, Entries}} = lists:mapfoldl(fun(Content, State) -> add(Content, State, Options) end, {0, []}, Contents),
    Central = iolist_to_binary([central(Entry) || Entry <- lists:reverse(Entries)]),
    Offset = iolist_size(Parts),
    Comment = unicode:characters_to_binary(proplists:get_value(comment, Options, "")),
    Count = length(Entries),
    [Parts, Central,
     <<?END:32/little, 0:16, 0:16, Count:16/little, Count:16/little, (byte_size(Central)):32/little, Offset:32/little,
       (byte_size(Comment)):16/little, Comment/binary>>].

add({Name, Content, #file_info{mtime = Time, mode = Mode, type = Type}}, {Offset, Entries}, Options) ->
    lists:member(verbose, Options) andalso io:format("adding: ~tp~n", [Name]),
    Wanted = Type =/= directory andalso is_compressed(Name, Options),
    {Method, Data} = case Wanted andalso deflated(Content) of
                         %% What does not get smaller stays as it is.
                         Smaller when is_binary(Smaller), byte_size(Smaller) < byte_size(Content) -> {?DEFLATED, Smaller};
                         _ -> {?STORED, Content}
                     end,
    {Date, Clock} = dos_time(Time),
    Entry = #entry{name = unicode:characters_to_binary(Name), method = Method, crc = erlang:crc32(Content),
                   comp_size = byte_size(Data), size = byte_size(Content), offset = Offset, date = Date, time = Clock,
                   mode = case Type of
                              directory -> 8#40755;
                              _ -> 8#100000 bor (Mode band 8#777)
                          end},
    Part = [local(Entry), Data],
    {Part, {Offset + iolist_size(Part), [Entry | Entries]}}.

%% Whether a file is to be compressed, by its extension.
is_compressed(Name, Options) ->
    Extension = filename:extension(Name),
    Never = [".Z", ".zip", ".zoo", ".arc", ".lzh", ".arj"],
    Wanted = case proplists:get_value(compress, Options, all) of
                 all -> true;
                 {add, Extensions} -> lists:member(Extension, Extensions);
                 {del, Extensions} -> not lists:member(Extension, Extensions);
                 Extensions -> lists:member(Extension, Extensions)
             end,
    Unwanted = case proplists:get_value(uncompress, Options, Never) of
                   {add, More} -> lists:member(Extension, Never ++ More);
                   {del, Less} -> lists:member(Extension, Never -- Less);
                   List -> lists:member(Extension, List)
               end,
    Wanted andalso not Unwanted.

deflated(Content) ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z, default, deflated, -15, 8, default),
    Data = zlib:deflate(Z, Content, finish),
    ok = zlib:deflateEnd(Z),
    ok = zlib:close(Z),
    iolist_to_binary(Data).

inflated(Data) ->
    Z = zlib:open(),
    ok = zlib:inflateInit(Z, -15),
    Content = zlib:inflate(Z, Data),
    ok = zlib:close(Z),
    iolist_to_binary(Content).

dos_time({{Y, M, D}, {H, Min, S}}) ->
    <<Date:16>> = <<(max(Y, 1980) - 1980):7, M:4, D:5>>,
    <<Clock:16>> = <<H:5, Min:6, (S div 2):5>>,
    {Date, Clock}.

from_dos(Date, Clock) ->
    <<Y:7, M:4, D:5>> = <<Date:16>>,
    <<H:5, Min:6, S:5>> = <<Clock:16>>,
    {{Y + 1980, M, D}, {H, Min, S * 2}}.

%% Names are in UTF-8, as bit 11 of the flags says.
local(#entry{name = Name, method = Method, crc = Crc, comp_size = Comp, size = Size, date = Date, time = Time}) ->
    <<?LOCAL:32/little, 20:16/little, (flags(Name)):16/little, Method:16/little, Time:16/little, Date:16/little,
      Crc:32/little, Comp:32/little, Size:32/little, (byte_size(Name)):16/little, 0:16, Name/binary>>.

central(#entry{name = Name, method = Method, crc = Crc, comp_size = Comp, size = Size, date = Date, time = Time,
               offset = Offset, mode = Mode}) ->
    <<?CENTRAL:32/little, 20, 3, 20:16/little, (flags(Name)):16/little, Method:16/little, Time:16/little,
      Date:16/little, Crc:32/little, Comp:32/little, Size:32/little, (byte_size(Name)):16/little, 0:16, 0:16, 0:16,
      0:16, (Mode bsl 16):32/little, Offset:32/little, Name/binary>>.

flags(Name) ->
    case lists:all(fun(Byte) -> Byte < 128 end, binary_to_list(Name)) of
        true -> 0;
        false -> 1 bsl 11
    end.

%%% Reading.

bytes(Archive) when is_binary(Archive) -> Archive;
bytes(Archive) ->
    case file:read_file(Archive) of
        {ok, Bytes} -> Bytes;
        {error, Reason} -> failed(Reason)
    end.

%% {Comment, Entries} of an archive.
directory(Archive, Bytes) ->
    case find_end(Bytes, byte_size(Bytes) - 22) of
        none when is_binary(Archive); byte_size(Bytes) > ?LONGEST_END -> failed(bad_eocd);
        none -> failed(einval);
        {Count, Offset, Comment} ->
            <<_:Offset/binary, Central/binary>> = Bytes,
            {Comment, entries(Central, Count)}
    end.

find_end(_, At) when At < 0 -> none;
find_end(Bytes, At) ->
    case Bytes of
        <<_:At/binary, ?END:32/little, _:16, _:16, _:16, Count:16/little, _:32, Offset:32/little, Size:16/little,
          Comment:Size/binary, _/binary>> when Offset =< byte_size(Bytes) ->
            {Count, Offset, text(Comment)};
        _ -> find_end(Bytes, At - 1)
    end.

text(Bytes) ->
    case unicode:characters_to_list(Bytes) of
        Chars when is_list(Chars) -> Chars;
        _ -> binary_to_list(Bytes)
    end.

entries(_, 0) -> [];
entries(<<?CENTRAL:32/little, _:16, _:16, _:16, Method:16/little, Time:16/little, Date:16/little, Crc:32/little,
          Comp:32/little, Size:32/little, NameSize:16/little, ExtraSize:16/little, CommentSize:16/little, _:16, _:16,
          External:32/little, Offset:32/little, Name:NameSize/binary, _:ExtraSize/binary, Comment:CommentSize/binary,
          Rest/binary>>, N) ->
    [#entry{name = text(Name), method = Method, crc = Crc, comp_size = Comp, size = Size, offset = Offset, time = Time,
            date = Date, comment = text(Comment), mode = External bsr 16} | entries(Rest, N - 1)];
entries(_, _) -> failed(bad_central_directory).

content(Bytes, #entry{offset = Offset, comp_size = Comp, method = Method, crc = Crc, name = Name}) ->
    case Bytes of
        <<_:Offset/binary, ?LOCAL:32/little, _:22/binary, NameSize:16/little, ExtraSize:16/little, _:NameSize/binary,
          _:ExtraSize/binary, Data:Comp/binary, _/binary>> ->
            Content = case Method of
                          ?STORED -> Data;
                          ?DEFLATED ->
                              try inflated(Data)
                              catch _:_ -> failed({bad_crc, Name})
                              end;
                          _ -> failed({bad_file_header, Name})
                      end,
            case erlang:crc32(Content) of
                Crc -> Content;
                _ -> failed({bad_crc, Name})
            end;
        _ -> failed({bad_file_header, Name})
    end.

is_folder(#entry{name = Name}) -> lists:suffix("/", Name).

entry_info(#entry{size = Size, date = Date, time = Time, mode = Mode} = Entry) ->
    Info = info(Size, from_dos(Date, Time)),
    case is_folder(Entry) of
        true -> Info#file_info{type = directory};
        false when Mode band 8#777 =/= 0 -> Info#file_info{mode = Mode band 8#777};
        false -> Info
    end.

file_record(#entry{name = Name, comment = Comment, offset = Offset, comp_size = Comp} = Entry) ->
    #zip_file{name = Name, info = entry_info(Entry), comment = Comment, offset = Offset, comp_size = Comp}.

attempt(Fun) ->
    try Fun()
    catch throw:{failed, Reason} -> {error, Reason}
    end.

%% @doc Takes the files out of an archive.
unzip(Archive) -> unzip(Archive, []).

%% @doc As unzip/1, with options: memory, verbose, keep_old_files, {file_list, Names}, {file_filter, Fun},
%% {cwd, Folder}.
unzip(Archive, _) when not is_list(Archive), not is_binary(Archive) -> {error, einval};
unzip(Archive, Options) ->
    attempt(fun() ->
                    check_options(Options, [memory, verbose, keep_old_files, cooked], [file_list, file_filter, cwd]),
                    Bytes = bytes(Archive),
                    {_, Entries} = directory(Archive, Bytes),
                    Chosen = [Entry || Entry <- Entries, is_chosen(Entry, Options)],
                    {ok, lists:append([take_out(Bytes, Entry, Options) || Entry <- Chosen])}
            end).

%% @doc As unzip/1.
extract(Archive) -> unzip(Archive).

%% @doc As unzip/2.
extract(Archive, Options) -> unzip(Archive, Options).

is_chosen(#entry{name = Name} = Entry, Options) ->
    Listed = case proplists:get_value(file_list, Options) of
                 undefined -> true;
                 Names -> lists:member(Name, Names)
             end,
    Listed andalso (proplists:get_value(file_filter, Options, fun(_) -> true end))(file_record(Entry)).

take_out(Bytes, #entry{name = Name} = Entry, Options) ->
    case lists:member(memory, Options) of
        true ->
            case is_folder(Entry) of
                true -> [];
                false ->
                    told(Name, Options),
                    [{Name, content(Bytes, Entry)}]
            end;
        false ->
            is_safe(Name) orelse failed({unsafe_path, Name}),
            Path = case proplists:get_value(cwd, Options, "") of
                       "" -> Name;
                       Cwd -> filename:join(Cwd, Name)
                   end,
            case is_folder(Entry) of
                true ->
                    %% Folders come with what is in them.
                    _ = filelib:ensure_dir(Path),
                    [];
                false ->
                    Keep = lists:member(keep_old_files, Options) andalso filelib:is_file(Path),
                    Keep orelse begin told(Name, Options), write(Path, content(Bytes, Entry), Entry) end,
                    [Path || not Keep]
            end
    end.

told(Name, Options) ->
    lists:member(verbose, Options) andalso io:format("extracting: ~tp~n", [Name]).

%% A name must not lead out of the folder.
is_safe(Name) ->
    filename:pathtype(Name) =:= relative andalso not lists:member("..", filename:split(Name)).

write(Path, Content, Entry) ->
    _ = filelib:ensure_dir(Path),
    case file:write_file(Path, Content) of
        ok ->
            #file_info{mode = Mode, mtime = Time} = entry_info(Entry),
            _ = file:change_mode(Path, Mode),
            _ = file:change_time(Path, Time),
            ok;
        {error, Reason} -> failed(Reason)
    end.

%% @doc What is in an archive: its comment first, then its files.
list_dir(Archive) -> list_dir(Archive, []).

%% @doc As list_dir/1, with options.
list_dir(Archive, Options) ->
    attempt(fun() ->
                    {Comment, Entries} = directory(Archive, bytes(Archive)),
                    case lists:member(names_only, Options) of
                        true -> {ok, [Name || #entry{name = Name} <- Entries]};
                        false -> {ok, [#zip_comment{comment = Comment} | [file_record(Entry) || Entry <- Entries]]}
                    end
            end).

%% @doc As list_dir/1.
table(Archive) -> list_dir(Archive).

%% @doc As list_dir/2.
table(Archive, Options) -> list_dir(Archive, Options).

%% @doc Writes the names of the files of an archive.
t({_, Bytes}) -> t(Bytes);
t(Archive) ->
    show(Archive, fun(#zip_file{name = Name}) -> io:format("~ts~n", [Name]) end).

show(Archive, Show) ->
    case list_dir(Archive) of
        {ok, [#zip_comment{comment = Comment} | Files]} ->
            Comment =:= "" orelse io:format("Archive comment: ~ts~n", [Comment]),
            lists:foreach(Show, Files);
        Error -> Error
    end.

%% @doc Writes the names of the files of an archive, with size and time.
tt(Archive) ->
    show(Archive, fun(#zip_file{name = Name, info = Info, comp_size = Packed, comment = Comment}) ->
                          {{Y, M, D}, {H, Min, _}} = Info#file_info.mtime,
                          Month = lists:nth(M, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                                                "Dec"]),
                          Size = Info#file_info.size,
                          Percent = case Size of
                                        0 -> 100;
                                        _ -> round(Packed * 100 / Size)
                                    end,
                          io:format("~8w ~s ~2w ~2..0w:~2..0w ~w ~8w ~2w% ~ts ~ts~n",
                                    [Packed, Month, D, H, Min, Y, Size, Percent, Name, Comment])
                  end).

%% @doc Folds over the files: Fun(Name, GetInfo, GetContent, Acc).
foldl(Fun, Acc, {_, Bytes}) when is_binary(Bytes) -> foldl(Fun, Acc, Bytes);
foldl(Fun, Acc, Archive) when is_function(Fun, 4) ->
    attempt(fun() ->
                    Bytes = bytes(Archive),
                    {_, Entries} = directory(Archive, Bytes),
                    {ok, lists:foldl(fun(#entry{name = Name} = Entry, A) ->
                                             Fun(Name, fun() -> entry_info(Entry) end,
                                                 fun() -> content(Bytes, Entry) end, A)
                                     end, Acc, Entries)}
            end);
foldl(_, _, _) -> {error, einval}.

%%% Archives that stay open.

%% @doc Opens an archive, in a process of its own.
zip_open(Archive) -> zip_open(Archive, []).

%% @doc As zip_open/1, with options.
zip_open(Archive, Options) ->
    case openzip_open(Archive, Options) of
        {ok, Open} ->
            Owner = self(),
            {ok, spawn(fun() -> serve(erlang:monitor(process, Owner), Open) end)};
        Error -> Error
    end.

serve(Owner, Open) ->
    receive
        {From, Ref, close} -> From ! {Ref, openzip_close(Open)};
        {From, Ref, {F, Args}} ->
            From ! {Ref, case {F, Args} of
                             {get, []} -> openzip_get(Open);
                             {get, [Name]} -> openzip_get(Name, Open);
                             {list_dir, []} -> openzip_list_dir(Open)
                         end},
            serve(Owner, Open);
        {'DOWN', Owner, process, _, _} -> ok
    end.

ask(Pid, Request) when is_pid(Pid) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {self(), Ref, Request},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, _} -> {error, einval}
    end;
ask(_, _) -> {error, einval}.

%% @doc Takes all files out of an open archive.
zip_get(Pid) -> ask(Pid, {get, []}).

%% @doc Takes a file out of an open archive.
zip_get(Name, Pid) -> ask(Pid, {get, [Name]}).

%% @doc What is in an open archive.
zip_list_dir(Pid) -> ask(Pid, {list_dir, []}).

%% @doc Closes an archive.
zip_close(Pid) -> ask(Pid, close).

%% @doc Opens an archive, without a process.
openzip_open(Archive) -> openzip_open(Archive, []).

%% @doc As openzip_open/1, with options.
openzip_open(Archive, Options) ->
    attempt(fun() ->
                    Bytes = bytes(Archive),
                    {Comment, Entries} = directory(Archive, Bytes),
                    {ok, {openzip, Bytes, Comment, Entries, Options}}
            end).

%% @doc Takes all files out.
openzip_get({openzip, Bytes, _, Entries, Options}) ->
    attempt(fun() -> {ok, lists:append([take_out(Bytes, Entry, Options) || Entry <- Entries])} end);
openzip_get(_) -> {error, einval}.

%% @doc Takes a file out.
openzip_get(Name, {openzip, Bytes, _, Entries, Options}) ->
    attempt(fun() ->
                    case lists:keyfind(Name, #entry.name, Entries) of
                        false -> failed(file_not_found);
                        Entry ->
                            [Result] = take_out(Bytes, Entry, Options),
                            {ok, Result}
                    end
            end);
openzip_get(_, _) -> {error, einval}.

%% @doc What is in the archive.
openzip_list_dir({openzip, _, Comment, Entries, _}) ->
    {ok, [#zip_comment{comment = Comment} | [file_record(Entry) || Entry <- Entries]]};
openzip_list_dir(_) -> {error, einval}.

%% @doc Closes the archive.
openzip_close({openzip, _, _, _, _}) -> ok;
openzip_close(_) -> {error, einval}.
