%%% A table on disk that is open: its process, and its file.
%%%
%%% The file begins with a line that says what it is, and goes on with records <<Size:32, Crc:32, Term>>. The
%%% first record has the keys of the table, the others what was done to it, in order. A record that is
%%% damaged, and what comes after it, is not read: it was being written when the system stopped. Closing
%%% writes the file anew with what the table has.
-module(swerl_dets_table).
-behaviour(gen_server).

-export([start_link/2, call/2, read_header/1, agrees/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(MAGIC, <<"swerl dets 1\n">>).
-define(AUTO_SAVE, 180000).

-record(state, {name, table, file, device, type, keypos, access, auto_save, dirty = false, ram = false,
                slots = 256, max_slots = 33554432, walk}).

%% @doc {ok, Pid, Known}, with what other users must agree with.
start_link(Name, Options) ->
    case gen_server:start_link(?MODULE, {Name, Options}, []) of
        {ok, Pid} ->
            Known = call(Pid, known),
            {ok, Pid, Known};
        {error, {shutdown, Reason} = Why} ->
            receive {'EXIT', _, Why} -> ok after 0 -> ok end,
            {error, Reason}
    end.

%% @doc Asks a table.
call(Pid, Request) -> gen_server:call(Pid, Request, infinity).

%% @doc Whether a table that is open is what options ask for.
agrees(Known, Options) ->
    lists:all(fun(Key) -> maps:get(Key, Options, maps:get(Key, Known)) =:= maps:get(Key, Known) end, [type, keypos, access]).

%% @doc The keys of the table in a file.
read_header(File) ->
    case file:read_file(File) of
        {ok, Bytes} ->
            case records(Bytes) of
                [Keys | _] when is_map(Keys) -> {ok, Keys};
                _ -> {error, not_a_dets_file}
            end;
        Error -> Error
    end.

records(Bytes) ->
    Size = byte_size(?MAGIC),
    case Bytes of
        <<Magic:Size/binary, Rest/binary>> when Magic =:= ?MAGIC -> records_in(Rest);
        _ -> none
    end.

records_in(<<Size:32, Crc:32, Term:Size/binary, Rest/binary>>) ->
    case erlang:crc32(Term) of
        Crc -> [binary_to_term(Term) | records_in(Rest)];
        _ -> []
    end;
records_in(_) -> [].

record(Term) ->
    Bytes = term_to_binary(Term),
    <<(byte_size(Bytes)):32, (erlang:crc32(Bytes)):32, Bytes/binary>>.

%% @doc Reads the file, or makes it.
init({Name, #{file := File} = Options}) ->
    process_flag(trap_exit, true),
    Access = maps:get(access, Options, read_write),
    case file:read_file(File) of
        {ok, <<>>} when Access =:= read_write -> opened(Name, Options, Access, []);
        {ok, Bytes} ->
            case records(Bytes) of
                [Keys | Records] when is_map(Keys) ->
                    Wanted = maps:merge(Keys, maps:with([type, keypos], Options)),
                    case maps:with([type, keypos], Wanted) =:= maps:with([type, keypos], Keys) of
                        true -> opened(Name, maps:merge(Options, Keys), Access, Records);
                        false ->
                            Which = case maps:get(type, Wanted) =:= maps:get(type, Keys) of
                                        true -> keypos_mismatch;
                                        false -> type_mismatch
                                    end,
                            refused({Which, File})
                    end;
                _ -> refused({not_a_dets_file, File})
            end;
        {error, enoent} when Access =:= read_write, not is_map_key(must_exist, Options) ->
            opened(Name, Options, Access, []);
        {error, Reason} -> refused({file_error, File, Reason})
    end.

opened(Name, #{file := File} = Options, Access, Records) ->
    Type = maps:get(type, Options, set),
    KeyPos = maps:get(keypos, Options, 1),
    Table = ets:new(dets_objects, [Type, private, {keypos, KeyPos}]),
    _ = [replay(Record, Table) || Record <- Records],
    State = #state{name = Name, table = Table, file = File, type = Type, keypos = KeyPos, access = Access,
                   auto_save = maps:get(auto_save, Options, ?AUTO_SAVE), ram = maps:get(ram_file, Options, false),
                   slots = slots_option(min_no_slots, 256, Options), max_slots = slots_option(max_no_slots, 33554432, Options)},
    case Access of
        read -> {ok, State};
        read_write ->
            case written_anew(State) of
                {ok, Opened} -> {ok, Opened};
                {error, Reason} -> refused({file_error, File, Reason})
            end
    end.

slots_option(Key, Default, Options) ->
    case Options of
        #{Key := N} when is_integer(N) -> power_of_two(256, N);
        _ -> Default
    end.

power_of_two(P, N) when P < N -> power_of_two(P * 2, N);
power_of_two(P, _) -> P.

listed(Objects) when is_list(Objects) -> Objects;
listed(Object) -> [Object].

%% An object of a bag that is there already becomes the last of its key.
insert_last(bag, Object, Table) ->
    ets:delete_object(Table, Object),
    ets:insert(Table, Object);
insert_last(duplicate_bag, Object, Table) ->
    ets:insert(Table, Object).

%% The objects, those of a key in the order they were inserted.
in_order(Table) -> in_order(ets:first(Table), Table).

in_order('$end_of_table', _) -> [];
in_order(Key, Table) -> ets:lookup(Table, Key) ++ in_order(ets:next(Table, Key), Table).

%% Who opens the table is told; it is nothing to report.
refused(Reason) -> {stop, {shutdown, Reason}}.

replay({insert, Objects}, Table) ->
    case ets:info(Table, type) of
        set -> ets:insert(Table, Objects);
        Type -> [insert_last(Type, Object, Table) || Object <- listed(Objects)]
    end;
replay({delete, Key}, Table) -> ets:delete(Table, Key);
replay({delete_object, Object}, Table) -> ets:delete_object(Table, Object);
replay(delete_all_objects, Table) -> ets:delete_all_objects(Table).

%% The file with the keys and the objects, open for more.
written_anew(#state{file = File, table = Table, type = Type, keypos = KeyPos} = State) ->
    New = case File of
              _ when is_atom(File) -> atom_to_list(File) ++ ".TMP";
              _ -> File ++ ".TMP"
          end,
    Content = [?MAGIC, record(#{type => Type, keypos => KeyPos})
               | [record({insert, Objects}) || Objects <- chunks(in_order(Table))]],
    case file:write_file(New, Content) of
        ok ->
            case file:rename(New, File) of
                ok ->
                    case file:open(File, [append, raw, binary]) of
                        {ok, Device} -> {ok, State#state{device = Device, dirty = false}};
                        Error -> Error
                    end;
                Error -> Error
            end;
        Error -> Error
    end.

chunks([]) -> [];
chunks(Objects) ->
    {Some, Rest} = lists:split(min(500, length(Objects)), Objects),
    [Some | chunks(Rest)].

%% @doc Serves the users of the table.
handle_call(known, _, #state{type = Type, keypos = KeyPos, access = Access} = State) ->
    {reply, #{type => Type, keypos => KeyPos, access => Access}, State};
handle_call({ets, Function, Args}, _, #state{table = Table} = State) ->
    {reply, attempt(fun() -> apply(ets, Function, [Table | Args]) end), State};
handle_call(objects, _, State) ->
    {reply, objects(State), State};
handle_call({found, MatchSpec}, _, State) ->
    {reply, attempt(fun() -> found(MatchSpec, State) end), State};
handle_call({slot, N}, _, #state{table = Table} = State) ->
    Slots = used_slots(State),
    Reply = if
                N >= Slots -> '$end_of_table';
                true -> lists:append([ets:lookup(Table, Key) || Key <- keys(State), slot(Key, Slots) =:= N])
            end,
    {reply, Reply, State};
handle_call(first, _, State) ->
    Walk = walk(keys(State), #{}, first),
    {reply, there(first, Walk, State), State#state{walk = Walk}};
handle_call({next, Key}, _, #state{walk = Walk} = State) when is_map_key({key, Key}, Walk) ->
    {reply, there({key, Key}, Walk, State), State};
handle_call({next, Key}, _, #state{table = Table} = State) ->
    Keys = keys(State),
    Slots = used_slots(State),
    case ets:member(Table, Key) of
        true ->
            Walk = walk(Keys, #{}, first),
            {reply, there({key, Key}, Walk, State), State#state{walk = Walk}};
        false ->
            Later = [Other || Other <- Keys, slot(Other, Slots) > slot(Key, Slots)],
            {reply, hd(Later ++ ['$end_of_table']), State}
    end;
handle_call(info, _, State) ->
    {reply, [{Item, info(Item, State)} || Item <- [type, keypos, size, file_size, filename]], State};
handle_call({info, Item}, _, State) ->
    {reply, info(Item, State), State};
handle_call(sync, _, State) ->
    {reply, synced(State), State#state{dirty = false}};
handle_call(close, _, #state{access = read} = State) ->
    {stop, normal, ok, State};
handle_call(close, _, #state{device = Device} = State) ->
    _ = file:close(Device),
    Reply = case written_anew(State) of
                {ok, #state{device = New}} -> file:close(New);
                Error -> Error
            end,
    {stop, normal, Reply, State#state{device = undefined}};
handle_call(_, _, #state{access = read, file = File} = State) ->
    {reply, {error, {access_mode, File}}, State};
handle_call({insert, Objects}, _, State) ->
    {Reply, State1} = done({insert, Objects}, State),
    {reply, Reply, State1};
handle_call({insert_new, Objects}, _, #state{table = Table, keypos = KeyPos} = State) ->
    List = if
               is_list(Objects) -> Objects;
               true -> [Objects]
           end,
    case lists:any(fun(Object) -> ets:member(Table, element(KeyPos, Object)) end, List) of
        true -> {reply, false, State};
        false ->
            {Reply, State1} = done({insert, Objects}, State),
            {reply, case Reply of
                        ok -> true;
                        Error -> Error
                    end, State1}
    end;
handle_call({delete, _} = Change, _, State) ->
    {Reply, State1} = done(Change, State),
    {reply, Reply, State1};
handle_call({delete_object, _} = Change, _, State) ->
    {Reply, State1} = done(Change, State),
    {reply, Reply, State1};
handle_call(delete_all_objects, _, State) ->
    {Reply, State1} = done(delete_all_objects, State),
    {reply, Reply, State1};
handle_call({replace, Objects}, _, State) ->
    {_, State1} = done(delete_all_objects, State),
    {Reply, State2} = done({insert, Objects}, State1),
    {reply, Reply, State2};
handle_call({update_counter, Key, Increment}, _, #state{table = Table, type = Type} = State) ->
    case attempt(fun() -> ets:update_counter(Table, Key, Increment) end) of
        {value, _} = Reply when Type =:= set ->
            {_, State1} = logged({insert, ets:lookup(Table, Key)}, State),
            {reply, Reply, State1};
        Reply -> {reply, Reply, State}
    end;
handle_call({select_delete, MatchSpec}, _, #state{table = Table} = State) ->
    case attempt(fun() ->
                         Compiled = ets:match_spec_compile(MatchSpec),
                         [Object || Object <- ets:tab2list(Table),
                                    ets:match_spec_run([Object], Compiled) =:= [true]]
                 end) of
        {value, Objects} ->
            State2 = lists:foldl(fun(Object, Acc) -> {_, Acc1} = done({delete_object, Object}, Acc), Acc1 end,
                                 State, Objects),
            {reply, {value, length(Objects)}, State2};
        Raised -> {reply, Raised, State}
    end.

%% Keys stand in slots: the order of their hashes. `first' and `next' go up, what looks at the whole table goes down.
keys(#state{table = Table} = State) ->
    Slots = used_slots(State),
    [Key || {_, Key} <- lists:sort([{slot(Key, Slots), Key} || Key <- table_keys(ets:first(Table), Table)])].

table_keys('$end_of_table', _) -> [];
table_keys(Key, Table) -> [Key | table_keys(ets:next(Table, Key), Table)].

slot(Key, Slots) -> erlang:phash2(Key) band (Slots - 1).

used_slots(#state{table = Table, slots = Least, max_slots = Most}) ->
    min(Most, power_of_two(Least, ets:info(Table, size) * 2 div 3)).

objects(#state{table = Table} = State) ->
    Slots = used_slots(State),
    Keys = lists:sort([{-slot(Key, Slots), Key} || Key <- table_keys(ets:first(Table), Table)]),
    lists:append([ets:lookup(Table, Key) || {_, Key} <- Keys]).

%% A pattern that says what the key is finds it; others look at all objects.
found(MatchSpec, #state{table = Table, keypos = KeyPos} = State) ->
    case lists:all(fun({Head, _, _}) -> is_tuple(Head) andalso tuple_size(Head) >= KeyPos
                                            andalso is_ground(element(KeyPos, Head));
                      (_) -> false
                   end, MatchSpec) of
        true -> ets:select(Table, MatchSpec);
        false -> ets:match_spec_run(objects(State), ets:match_spec_compile(MatchSpec))
    end.

is_ground('_') -> false;
is_ground(Atom) when is_atom(Atom) -> hd(atom_to_list(Atom) ++ "x") =/= $$;
is_ground([Head | Tail]) -> is_ground(Head) andalso is_ground(Tail);
is_ground(Tuple) when is_tuple(Tuple) -> is_ground(tuple_to_list(Tuple));
is_ground(Map) when is_map(Map) -> false;
is_ground(_) -> true.

%% Which key comes after which.
walk([Key | Keys], Walk, Before) -> walk(Keys, Walk#{Before => Key}, {key, Key});
walk([], Walk, Last) -> Walk#{Last => '$end_of_table'}.

%% The next key that is still there.
there(Before, Walk, #state{table = Table} = State) ->
    case maps:get(Before, Walk) of
        '$end_of_table' -> '$end_of_table';
        Key ->
            case ets:member(Table, Key) of
                true -> Key;
                false -> there({key, Key}, Walk, State)
            end
    end.

attempt(Fun) ->
    try {value, Fun()}
    catch error:Reason -> {raised, Reason}
    end.

done(Change, #state{table = Table} = State) ->
    replay(Change, Table),
    logged(Change, case Change of
                       {insert, _} -> State#state{walk = undefined};
                       _ -> State
                   end).

logged(_, #state{ram = true} = State) -> {ok, State};
logged(Change, #state{device = Device, file = File} = State) ->
    case file:write(Device, record(Change)) of
        ok -> {ok, saved_later(State)};
        {error, Reason} -> {{error, {file_error, File, Reason}}, State}
    end.

saved_later(#state{auto_save = Time, dirty = false} = State) when is_integer(Time) ->
    _ = erlang:send_after(Time, self(), auto_save),
    State#state{dirty = true};
saved_later(State) -> State#state{dirty = true}.

synced(#state{device = undefined}) -> ok;
synced(#state{device = Device}) -> file:sync(Device).

info(type, #state{type = Type}) -> Type;
info(keypos, #state{keypos = KeyPos}) -> KeyPos;
info(size, #state{table = Table}) -> ets:info(Table, size);
info(no_objects, State) -> info(size, State);
info(no_keys, #state{table = Table, keypos = KeyPos}) ->
    length(lists:usort([element(KeyPos, Object) || Object <- ets:tab2list(Table)]));
info(filename, #state{file = File}) -> File;
info(file_size, #state{file = File}) -> filelib:file_size(File);
info(memory, #state{table = Table}) -> ets:info(Table, memory) * erlang:system_info(wordsize);
info(access, #state{access = Access}) -> Access;
info(auto_save, #state{auto_save = AutoSave}) -> AutoSave;
info(bchunk_format, _) -> ?MAGIC;
info(hash, _) -> phash2;
info(no_slots, #state{slots = Least, max_slots = Most} = State) -> {Least, used_slots(State), Most};
info(owner, _) -> self();
info(pid, _) -> self();
info(ram_file, #state{ram = Ram}) -> Ram;
info(safe_fixed, #state{table = Table}) -> ets:info(Table, safe_fixed);
info(safe_fixed_monotonic_time, #state{table = Table}) -> ets:info(Table, safe_fixed_monotonic_time);
info(version, _) -> 9;
info(users, _) -> [];
info(_, _) -> undefined.

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc What was changed is written in time.
handle_info(auto_save, #state{dirty = true} = State) ->
    _ = synced(State),
    {noreply, State#state{dirty = false}};
handle_info({'EXIT', _, Reason}, State) ->
    {stop, Reason, State};
handle_info(_, State) ->
    {noreply, State}.

%% @doc Closes the file.
terminate(_, #state{device = undefined}) -> ok;
terminate(_, #state{device = Device}) -> file:close(Device).
