%%% A log on disk that is open: its process, and its files.
%%%
%%% A file of terms begins with <<1,2,3,4>> and <<6,7,8,9>> while it is open, <<99,88,77,11>> after it was
%%% closed; each term has its size and <<98,87,76,65>> before it, and a large one its MD5 sum too. The files of
%%% a wrap log end in numbers; FILE.idx has the current one and the number of terms in each, FILE.siz the size.
-module(swerl_disk_log_process).

-export([open/1, ask/2, ask_pid/2, tell/2, names/0, name/1, size_of_files/1, terms/1]).
-export([init/2, go_on/1, stop/2]).

-define(TABLE, disk_log_names).
-define(MAGIC, 1649888321).
-define(LARGE, 65528).
-define(HEAD, <<1, 2, 3, 4>>).
-define(OPENED, <<6, 7, 8, 9>>).
-define(CLOSED, <<99, 88, 77, 11>>).
-define(CHUNK, 65536).

%% counts: terms by number of file; owners: [{Pid, Monitor, Notify}].
-record(log, {name, file, type, format, size, mode, head, device, bytes = 0, current = 1, counts = #{}, items = 0,
              written = 0, owners = [], users = 0, blocked = none, queue = [], full = false, overflows = 0,
              %% How many of them were told before.
              told = 0}).

%%% Requests.

%% @doc Opens a log, or joins who has it open.
open(#{name := Name} = Options) ->
    case table_lookup(Name) of
        undefined ->
            Starter = self(),
            {Pid, Ref} = spawn_monitor(?MODULE, init, [Starter, Options]),
            receive
                {Pid, Result} ->
                    erlang:demonitor(Ref, [flush]),
                    Result;
                {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
            end;
        Pid -> ask_pid(Pid, {join, self(), Options})
    end.

%% @doc Asks a log by name.
ask(Name, Request) ->
    case table_lookup(Name) of
        undefined -> {error, no_such_log};
        Pid -> ask_pid(Pid, Request)
    end.

%% @doc Asks the process of a log.
ask_pid(Pid, Request) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {self(), Ref, Request},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, _} -> {error, no_such_log}
    end.

%% @doc As ask/2, without an answer.
tell(Name, Request) ->
    case table_lookup(Name) of
        undefined -> {error, no_such_log};
        Pid -> Pid ! {none, none, Request}, ok
    end.

table_lookup(Name) ->
    case lists:keyfind(Name, 1, persistent_term:get(?TABLE, [])) of
        {_, Pid} ->
            case is_process_alive(Pid) of
                true -> Pid;
                false -> undefined
            end;
        false -> undefined
    end.

%% @doc The logs that are open.
names() -> lists:sort([Name || {Name, Pid} <- persistent_term:get(?TABLE, []), is_process_alive(Pid)]).

%% @doc The name of the log of a process.
name(Pid) ->
    case lists:keyfind(Pid, 2, persistent_term:get(?TABLE, [])) of
        {Name, _} -> {ok, Name};
        false -> undefined
    end.

%% @doc The size that a wrap log was made with.
size_of_files(#{file := File}) -> read_size(File);
size_of_files(#{name := Name}) -> read_size(lists:flatten(io_lib:format("~tp.LOG", [Name]))).

read_size(File) ->
    case file:read_file(File ++ ".siz") of
        {ok, <<2, Bytes:64, Files:32>>} -> {ok, {Bytes, Files}};
        _ -> error
    end.

%%% The process.

%% @doc Opens the files and serves.
init(Starter, #{name := Name, file := File, type := Type, format := Format, size := Size, mode := Mode} = Options) ->
    process_flag(trap_exit, true),
    Log0 = #log{name = Name, file = File, type = Type, format = Format, size = Size, mode = Mode,
                head = maps:get(head, Options)},
    case opened(Log0, Options) of
        {Result, Log} when element(1, Result) =:= ok; element(1, Result) =:= repaired ->
            persistent_term:put(?TABLE, [{Name, self()} | lists:keydelete(Name, 1, persistent_term:get(?TABLE, []))]),
            Starter ! {self(), Result},
            loop(joined(Starter, Options, Log));
        {error, _} = Error -> Starter ! {self(), Error}
    end.

joined(_, #{linkto := none}, #log{users = Users} = Log) -> Log#log{users = Users + 1};
joined(_, #{linkto := Pid, notify := Notify}, #log{owners = Owners} = Log) ->
    case lists:keymember(Pid, 1, Owners) of
        true -> Log;
        false -> Log#log{owners = [{Pid, erlang:monitor(process, Pid), Notify} | Owners]}
    end.

%% What was given that the open log is not like.
mismatches(Given, #{linkto := Pid, notify := Notify}, #log{name = Name, owners = Owners} = Log) ->
    #log{file = File, mode = Mode, type = Type, format = Format, size = Size} = Log,
    [case Key of
         file -> {name_already_open, Name};
         mode when Mode =:= read_write -> {open_read_write, Name};
         mode -> {open_read_only, Name};
         size -> {size_mismatch, Own, Value};
         _ -> {arg_mismatch, Key, Own, Value}
     end || {Key, Own} <- [{file, File}, {mode, Mode}, {type, Type}, {format, Format}] ++ [{size, Size} || Type =:= wrap],
            {ok, Value} <- [maps:find(Key, Given)], Value =/= Own]
        ++ [{arg_mismatch, notify, Own, Notify} || {Owner, _, Own} <- Owners, Owner =:= Pid, Own =/= Notify].

opened(#log{type = halt, file = File} = Log, Options) ->
    case open_file(File, Log, Options) of
        {ok, Device, Items, Bytes} -> {{ok, Log#log.name}, fresh(Items, Log#log{device = Device, items = Items, bytes = Bytes})};
        {repaired, Device, Items, Bytes, Bad} ->
            {{repaired, Log#log.name, {recovered, Items}, {badbytes, Bad}},
             Log#log{device = Device, items = Items, bytes = Bytes}};
        Error -> Error
    end;
opened(#log{file = File, size = {_, Files} = Size} = Log, Options) ->
    Index = case file:read_file(File ++ ".idx") of
                {ok, <<0:32, 0, 2, Current0:32, Counts0/binary>>} ->
                    {Current0, maps:from_list(lists:zip(lists:seq(1, byte_size(Counts0) div 8),
                                                        [N || <<N:64>> <= Counts0]))};
                _ -> {1, #{}}
            end,
    {Current, Counts} = Index,
    Log1 = Log#log{current = min(Current, Files), counts = Counts},
    case open_file(numbered(Log1), Log1, Options) of
        {error, _} = Error -> Error;
        Result ->
            {Items, Bytes} = {element(3, Result), element(4, Result)},
            Log#log.mode =:= read_only orelse file:write_file(File ++ ".siz", size_bytes(Size)),
            Log2 = fresh(Items, Log1#log{device = element(2, Result), bytes = Bytes, items = Items,
                                         counts = Counts#{Log1#log.current => Items}}),
            save_index(Log2),
            {{ok, Log#log.name}, Log2}
    end.

size_bytes({Bytes, Files}) -> <<2, Bytes:64, Files:32>>.

numbered(#log{file = File, current = N}) -> File ++ "." ++ integer_to_list(N).

save_index(#log{type = halt}) -> ok;
save_index(#log{mode = read_only}) -> ok;
save_index(#log{file = File, current = Current, counts = Counts, size = {_, Files}}) ->
    Numbers = << <<(maps:get(N, Counts, 0)):64>> || N <- lists:seq(1, Files) >>,
    _ = file:write_file(File ++ ".idx", <<0:32, 0, 2, Current:32, Numbers/binary>>),
    ok.

%% A file that is new gets its head; one that was not closed is repaired.
open_file(File, #log{format = external, mode = Mode}, _) ->
    Size = filelib:file_size(File),
    case file:open(File, modes(Mode)) of
        {ok, Device} -> {ok, Device, 0, Size};
        {error, Reason} -> {error, {file_error, File, Reason}}
    end;
open_file(File, #log{mode = Mode}, #{repair := Repair}) ->
    case file:read_file(File) of
        {ok, <<1, 2, 3, 4, State:4/binary, Rest/binary>>} ->
            {Terms, Left} = terms(Rest),
            Bad = byte_size(Left),
            case {Bad, Repair} of
                {0, Repair} when Repair =/= truncate -> reopened_file(File, Mode, State, length(Terms), byte_size(Rest) + 8);
                {_, truncate} -> new_file(File, Mode);
                {_, false} -> {error, {need_repair, File}};
                _ when State =:= ?CLOSED ->
                    %% What somebody else put behind the end is left.
                    reopened_file(File, Mode, State, length(Terms), byte_size(Rest) + 8);
                _ ->
                    Good = byte_size(Rest) - Bad,
                    <<Kept:Good/binary, _/binary>> = Rest,
                    _ = file:write_file(File, [?HEAD, ?OPENED, Kept]),
                    {ok, Device} = file:open(File, modes(Mode)),
                    {repaired, Device, length(Terms), Good + 8, Bad}
            end;
        {ok, <<>>} when Mode =:= read_write -> new_file(File, Mode);
        {ok, _} when Repair =:= truncate -> new_file(File, Mode);
        {ok, _} -> {error, {not_a_log_file, File}};
        {error, enoent} when Mode =:= read_write -> new_file(File, Mode);
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

reopened_file(File, Mode, _, Items, Bytes) ->
    case file:open(File, modes(Mode)) of
        {ok, Device} ->
            mark(Device, Mode, ?OPENED),
            {ok, Device, Items, Bytes};
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

new_file(File, Mode) ->
    case file:write_file(File, [?HEAD, ?OPENED]) of
        ok -> reopened_file(File, Mode, ?OPENED, 0, 8);
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

modes(read_only) -> [read, raw, binary];
modes(read_write) -> [read, write, raw, binary].

mark(_, read_only, _) -> ok;
mark(Device, read_write, State) -> file:pwrite(Device, 4, State).

%% An empty file begins with the head of the log.
fresh(0, #log{mode = read_write, bytes = Bytes} = Log) when Bytes =< 8 ->
    case head(Log) of
        none -> Log;
        Head -> element(2, write([Head], Log))
    end;
fresh(_, Log) -> Log.

head(#log{head = none}) -> none;
head(#log{head = {head, Head}, format = internal}) -> term_to_binary(Head);
head(#log{head = {head, Head}}) -> iolist_to_binary(Head);
head(#log{head = {head_func, {M, F, A}}, format = Format}) ->
    case apply(M, F, A) of
        {ok, Head} when Format =:= internal -> term_to_binary(Head);
        {ok, Head} -> iolist_to_binary(Head)
    end.

%% @doc {Terms, Left} of what follows the head of a file.
terms(Bytes) -> terms(Bytes, []).

terms(<<Size:32, ?MAGIC:32, Term:Size/binary, Rest/binary>>, Terms) when Size < ?LARGE -> terms(Rest, [Term | Terms]);
terms(<<Size:32, ?MAGIC:32, Sum:16/binary, Term:Size/binary, Rest/binary>>, Terms) when Size >= ?LARGE ->
    case erlang:md5(<<Size:32>>) =:= Sum orelse erlang:md5(Term) =:= Sum of
        true -> terms(Rest, [Term | Terms]);
        false -> {lists:reverse(Terms), <<Size:32, ?MAGIC:32, Sum/binary, Term/binary, Rest/binary>>}
    end;
terms(Left, Terms) -> {lists:reverse(Terms), Left}.

framed(Term) when byte_size(Term) < ?LARGE -> [<<(byte_size(Term)):32, ?MAGIC:32>>, Term];
framed(Term) -> [<<(byte_size(Term)):32, ?MAGIC:32>>, erlang:md5(<<(byte_size(Term)):32>>), Term].

%%% Serving.

%% @private
go_on(Log) -> loop(Log).

%% @private
stop(Reason, Log) ->
    shut(Log),
    exit(Reason).

loop(#log{blocked = Blocked} = Log) ->
    receive
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, self(), disk_log, [], Log);
        {From, Ref, {unblock, By}} when Blocked =/= none ->
            case Blocked of
                {By, _} ->
                    answer(From, Ref, ok),
                    _ = [self() ! Message || Message <- lists:reverse(Log#log.queue)],
                    loop(Log#log{blocked = none, queue = []});
                _ ->
                    answer(From, Ref, {error, {not_blocked_by_pid, Log#log.name}}),
                    loop(Log)
            end;
        {From, Ref, {unblock, _}} ->
            answer(From, Ref, {error, {not_blocked, Log#log.name}}),
            loop(Log);
        {From, Ref, Request} = Message when Blocked =/= none, Request =/= info ->
            case Blocked of
                {By, true} when By =/= From -> loop(Log#log{queue = [Message | Log#log.queue]});
                _ ->
                    answer(From, Ref, {error, {blocked_log, Log#log.name}}),
                    loop(Log)
            end;
        {From, Ref, {close, Pid}} ->
            case closed(Pid, Log) of
                {ok, Open} ->
                    answer(From, Ref, ok),
                    loop(Open);
                last ->
                    shut(Log),
                    answer(From, Ref, ok);
                Error ->
                    answer(From, Ref, Error),
                    loop(Log)
            end;
        {From, Ref, Request} ->
            {Reply, Log1} = allowed(Request, Log),
            answer(From, Ref, Reply),
            loop(Log1);
        {'DOWN', _, process, Pid, _} ->
            case closed(Pid, Log) of
                {ok, Open} -> loop(Open);
                last -> shut(Log);
                _ -> loop(Log)
            end;
        _ -> loop(Log)
    end.

answer(none, _, _) -> ok;
answer(From, Ref, Reply) -> From ! {Ref, Reply}.

closed(Pid, #log{owners = Owners, users = Users} = Log) ->
    case lists:keytake(Pid, 1, Owners) of
        {value, {_, Monitor, _}, []} when Users =:= 0 -> erlang:demonitor(Monitor, [flush]), last;
        {value, {_, Monitor, _}, Rest} -> erlang:demonitor(Monitor, [flush]), {ok, Log#log{owners = Rest}};
        false when Users > 1 -> {ok, Log#log{users = Users - 1}};
        false when Users =:= 1, Owners =:= [] -> last;
        false when Users =:= 1 -> {ok, Log#log{users = 0}};
        false -> {error, {not_owner, Pid}}
    end.

shut(#log{name = Name, device = Device, format = Format, mode = Mode} = Log) ->
    _ = [mark(Device, Mode, ?CLOSED) || Format =:= internal],
    _ = file:close(Device),
    save_index(Log),
    persistent_term:put(?TABLE, lists:keydelete(Name, 1, persistent_term:get(?TABLE, []))).

%% What is open for reading is not changed.
allowed(Request, #log{mode = read_only, name = Name} = Log) ->
    Kind = case is_tuple(Request) of true -> element(1, Request); false -> Request end,
    case lists:member(Kind, [log, sync, truncate, reopen, change_header, change_size]) of
        true -> {{error, {read_only_mode, Name}}, Log};
        false -> handle(Request, Log)
    end;
allowed(Request, Log) ->
    handle(Request, Log).

handle({join, Pid, #{given := Given} = Options}, #log{name = Name} = Log) ->
    case mismatches(Given, Options, Log) of
        [] -> {{ok, Name}, joined(Pid, Options, Log)};
        [Mismatch | _] -> {{error, Mismatch}, Log}
    end;
handle({log, internal, _}, #log{format = external, name = Name} = Log) -> {{error, {format_external, Name}}, Log};
handle({log, _, Terms}, Log) -> write(Terms, Log);
handle(sync, #log{device = Device} = Log) -> {file:sync(Device), Log};
handle({truncate, Head}, Log) -> {ok, with_head(Head, emptied(Log))};
handle({reopen, File, Head}, #log{type = halt, file = Own, device = Device, format = Format, mode = Mode} = Log) ->
    _ = [mark(Device, Mode, ?CLOSED) || Format =:= internal],
    _ = file:close(Device),
    case file:rename(Own, File) of
        ok -> {ok, with_head(Head, begun(Own, Log))};
        {error, Reason} -> {{error, {file_error, File, Reason}}, begun(Own, Log)}
    end;
handle({reopen, _, _}, Log) -> {{error, {badarg, reopen}}, Log};
handle(next_file, #log{type = halt, name = Name} = Log) -> {{error, {halt_log, Name}}, Log};
handle(next_file, Log) -> {ok, next_file(Log)};
handle({change_size, Size}, #log{type = halt, bytes = Bytes, name = Name} = Log) when is_integer(Size), Size < Bytes ->
    {{error, {new_size_too_small, Name, Bytes}}, Log};
handle({change_size, Size}, #log{file = File, type = Type} = Log) ->
    Type =:= halt orelse file:write_file(File ++ ".siz", size_bytes(Size)),
    Log1 = Log#log{size = Size, full = false},
    save_index(Log1),
    {ok, Log1};
handle({change_notify, Pid, Notify}, #log{owners = Owners} = Log) ->
    case lists:keyfind(Pid, 1, Owners) of
        {Pid, Monitor, _} -> {ok, Log#log{owners = lists:keystore(Pid, 1, Owners, {Pid, Monitor, Notify})}};
        false -> {{error, {not_owner, Pid}}, Log}
    end;
handle({change_header, Head}, Log) -> {ok, Log#log{head = Head}};
handle({block, Pid, Queue}, Log) -> {ok, Log#log{blocked = {Pid, Queue}}};
handle({chunk, _, _}, #log{format = external, name = Name} = Log) -> {{error, {format_external, Name}}, Log};
handle({chunk, Place, N}, Log) -> {chunk(Place, N, Log), Log};
handle({chunk_step, Place, Step}, Log) -> {chunk_step(Place, Step, Log), Log};
handle(info, Log) -> {info(Log), Log#log{told = Log#log.overflows}}.

with_head(none, Log) -> fresh(0, Log);
with_head({head, Bytes}, Log) -> element(2, write([Bytes], Log)).

emptied(#log{type = halt, file = File, device = Device} = Log) ->
    _ = file:close(Device),
    begun(File, Log);
emptied(#log{file = File, device = Device, size = {_, Files}} = Log) ->
    _ = file:close(Device),
    _ = [file:delete(File ++ "." ++ integer_to_list(N)) || N <- lists:seq(1, Files)],
    Log1 = begun(numbered(Log#log{current = 1}), Log#log{current = 1, counts = #{}}),
    save_index(Log1),
    Log1.

begun(File, #log{format = internal, mode = Mode} = Log) ->
    {ok, Device, 0, Bytes} = new_file(File, Mode),
    Log#log{device = Device, bytes = Bytes, items = 0, full = false};
begun(File, #log{mode = Mode} = Log) ->
    ok = file:write_file(File, <<>>),
    {ok, Device} = file:open(File, modes(Mode)),
    Log#log{device = Device, bytes = 0, items = 0, full = false}.

write(Terms, #log{full = true, name = Name} = Log) when Terms =/= [] -> {{error, {full, Name}}, Log};
write([], Log) -> {ok, Log};
write([Term | Terms], #log{format = Format, bytes = Bytes, type = Type, size = Size, name = Name} = Log) ->
    Data = case Format of
               internal -> framed(Term);
               external -> Term
           end,
    Length = iolist_size(Data),
    case {Type, Size} of
        {halt, Most} when is_integer(Most), Bytes + Length > Most ->
            notify(full, Log),
            {{error, {full, Name}}, Log#log{full = true}};
        {halt, _} -> put(Data, Length, Terms, Log);
        {_, {Most, _}} when Bytes + Length > Most, Log#log.items > 0 -> write([Term | Terms], next_file(Log));
        _ -> put(Data, Length, Terms, Log)
    end.

put(Data, Length, Terms, #log{device = Device, bytes = Bytes, items = Items, written = Written, counts = Counts,
                              current = Current, file = File} = Log) ->
    case file:pwrite(Device, Bytes, Data) of
        ok ->
            write(Terms, Log#log{bytes = Bytes + Length, items = Items + 1, written = Written + 1,
                                 counts = Counts#{Current => Items + 1}});
        {error, Reason} -> {{error, {file_error, File, Reason}}, Log}
    end.

next_file(#log{device = Device, current = Current, size = {_, Files}, format = Format, mode = Mode, counts = Counts,
               overflows = Overflows} = Log) ->
    _ = [mark(Device, Mode, ?CLOSED) || Format =:= internal],
    _ = file:close(Device),
    Next = Current rem Files + 1,
    Lost = maps:get(Next, Counts, 0),
    Log1 = begun(numbered(Log#log{current = Next}), Log#log{current = Next, counts = Counts#{Next => 0},
                                                           overflows = Overflows + 1}),
    notify({wrap, Lost}, Log1),
    Log2 = fresh(0, Log1),
    save_index(Log2),
    Log2.

notify(What, #log{owners = Owners, name = Name}) ->
    _ = [Pid ! {disk_log, node(), Name, What} || {Pid, _, true} <- Owners],
    ok.

%%% Reading. A place is {NumberOfFile, FilesToCome, Offset}.

chunk(start, N, #log{type = halt} = Log) -> chunk({none, [], 8}, N, Log);
chunk(start, N, Log) ->
    case in_order(Log) of
        [First | Rest] -> chunk({First, Rest, 8}, N, Log);
        [] -> eof
    end;
chunk({File, Rest, Offset}, N, Log) ->
    Name = case File of
               none -> Log#log.file;
               _ -> numbered(Log#log{current = File})
           end,
    case {read(Name, Offset), Rest} of
        {<<>>, []} -> eof;
        {<<>>, [Next | Later]} -> chunk({Next, Later, 8}, N, Log);
        {Bytes, _} ->
            {All, Left} = terms(Bytes),
            Terms = case N of
                        infinity -> All;
                        _ -> lists:sublist(All, N)
                    end,
            Size = iolist_size([framed(Term) || Term <- Terms]),
            case Terms of
                [] -> chunk_end(Left, Rest, N, Log);
                _ -> {{continuation, self(), {File, Rest, Offset + Size}, []}, Terms}
            end
    end.

%% What cannot be read at the end of a file is passed over.
chunk_end(Left, [], _, #log{name = Name}) when byte_size(Left) > 8 -> {error, {corrupt_log_file, Name}};
chunk_end(_, [], _, _) -> eof;
chunk_end(_, [Next | Later], N, Log) -> chunk({Next, Later, 8}, N, Log).

%% The oldest file comes first.
in_order(#log{current = Current, counts = Counts, size = {_, Files}}) ->
    [N || N <- lists:seq(Current + 1, Files) ++ lists:seq(1, Current), is_map_key(N, Counts)].

read(File, Offset) ->
    case file:open(File, [read, raw, binary]) of
        {ok, Device} ->
            Bytes = case file:pread(Device, Offset, ?CHUNK * 64) of
                        {ok, Read} -> Read;
                        _ -> <<>>
                    end,
            _ = file:close(Device),
            Bytes;
        _ -> <<>>
    end.

chunk_step(_, _, #log{type = halt, name = Name}) -> {error, {not_internal_wrap, Name}};
chunk_step(Place, Step, Log) ->
    Files = in_order(Log),
    At = case Place of
             start -> 1;
             {File, _, _} -> length(lists:takewhile(fun(N) -> N =/= File end, Files)) + 1
         end,
    case At + Step of
        New when New >= 1, New =< length(Files) ->
            [File1 | Rest] = lists:nthtail(New - 1, Files),
            {ok, {continuation, self(), {File1, Rest, 8}, []}};
        _ -> {error, end_of_log}
    end.

info(#log{type = Type, size = Size, owners = Owners, users = Users} = Log) ->
    Head = case Log#log.head of
               none -> none;
               {head, H} -> H;
               {head_func, MFA} -> MFA
           end,
    Common = [{name, Log#log.name}, {file, Log#log.file}, {type, Type}, {format, Log#log.format}, {size, Size},
              {items, case Type of
                          halt -> Log#log.items;
                          _ -> lists:sum(maps:values(Log#log.counts))
                      end},
              {owners, [{Pid, Notify} || {Pid, _, Notify} <- Owners]}, {users, Users}, {head, Head},
              {mode, Log#log.mode}, {status, case Log#log.blocked of
                                                 none -> ok;
                                                 {_, Queue} -> {blocked, Queue}
                                             end},
              {node, node()}],
    Common ++ case Type of
                  halt -> [{full, Log#log.full}, {no_written_items, Log#log.written}];
                  _ ->
                      [{no_current_bytes, Log#log.bytes}, {no_current_items, Log#log.items},
                       {no_items, lists:sum(maps:values(Log#log.counts))}, {no_written_items, Log#log.written},
                       {current_file, Log#log.current}, {no_overflows, {Log#log.overflows, Log#log.overflows - Log#log.told}}]
              end.
