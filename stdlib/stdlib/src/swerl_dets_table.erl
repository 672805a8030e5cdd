%%% A table on disk that is open: its process.
%%%
%%% The objects are in memory. What was changed is written to the file (swerl_dets_file) when it has become much, or a
%%% little later, or when somebody asks what depends on where keys stand; saving and closing make the file whole.
-module(swerl_dets_table).
-behaviour(gen_server).

-export([start_link/2, call/2, agrees/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(AUTO_SAVE, 180000).
-define(DELAY, 3000).
-define(MOST_CHANGED, 500).

%% disk is undefined for a table that is only read; changed has the keys that the file does not know yet.
-record(state, {name, table, file, disk, head, type, keypos, access, auto_save, dirty = false, ram = false, changed = #{}, walk}).

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
    lists:all(fun(Key) -> maps:get(Key, Options, maps:get(Key, Known)) =:= maps:get(Key, Known) end, [file, type, keypos, access]).

%% @doc Reads the file, or makes it.
init({Name, #{file := File} = Options}) ->
    process_flag(trap_exit, true),
    Access = maps:get(access, Options, read_write),
    case swerl_dets_file:read(File) of
        {error, enoent} when Access =:= read_write, not is_map_key(must_exist, Options) ->
            opened(Name, Options, Access, none, [], anew);
        {error, {no_table, Why}} -> refused({Why, File});
        {error, Reason} -> refused({file_error, File, Reason});
        Read -> checked(Name, Options, Access, Read)
    end.

checked(Name, #{file := File} = Options, Access, Read) ->
    #{type := Type, keypos := KeyPos, hash := Hash} = Head = element(2, Read),
    Repair = maps:get(repair, Options, true),
    Wanted = case Options of
                 #{must_exist := true} -> Head;
                 _ -> maps:merge(#{type => set, keypos => 1}, Options)
             end,
    if
        map_get(type, Wanted) =/= Type -> refused({type_mismatch, File});
        map_get(keypos, Wanted) =/= KeyPos -> refused({keypos_mismatch, File});
        Access =:= read, element(1, Read) =:= damaged -> refused({not_closed, File});
        Access =:= read, Repair =:= force -> refused({access_mode, File});
        Repair =:= false, element(1, Read) =:= damaged -> refused({needs_repair, File});
        true ->
            {How, Objects} = case Read of
                                 {damaged, _, not_closed, Found} -> repaired("not properly closed, repairing", File, Found);
                                 {damaged, _, bad_free_lists, Found} -> repaired("has bad free lists, repairing", File, Found);
                                 {ok, _, _, All} when Repair =:= force -> repaired("is now compacted", File, All);
                                 {ok, _, _, All} when Hash =/= 1 -> {anew, All};
                                 {ok, _, Layout, All} -> {Layout, All}
                             end,
            opened(Name, maps:merge(Options, Head), Access, Head, Objects, How)
    end.

repaired(How, File, Objects) ->
    io:format(user, "dets: file ~tp ~ts ...~n", [File, How]),
    {anew, Objects}.

opened(Name, #{file := File} = Options, Access, Head, Objects, How) ->
    Type = maps:get(type, Options, set),
    KeyPos = maps:get(keypos, Options, 1),
    Table = ets:new(dets_objects, [Type, private, {keypos, KeyPos}]),
    replay({insert, Objects}, Table),
    State = #state{name = Name, table = Table, file = File, type = Type, keypos = KeyPos, access = Access, head = Head,
                   auto_save = maps:get(auto_save, Options, ?AUTO_SAVE), ram = maps:get(ram_file, Options, false)},
    case with_disk(How, Options, State) of
        {ok, Opened} -> {ok, Opened};
        {error, Reason} -> refused({file_error, File, Reason})
    end.

%% A table that is written to has a device; one that is in memory, a device in memory.
with_disk({_, _, _, _} = Layout, _, #state{access = read, head = Head} = State) ->
    {ok, State#state{disk = swerl_dets_file:opened(none, Head, Layout, false)}};
with_disk(anew, _, #state{access = read, head = Head} = State) ->
    {ok, State#state{disk = swerl_dets_file:opened(none, Head, {#{}, #{}, #{}, #{}}, false)}};
with_disk({_, _, _, _} = Layout, _, #state{head = #{free := Free} = Head} = State) ->
    case device(State, State#state.file) of
        {ok, Device} -> {ok, State#state{disk = swerl_dets_file:opened(Device, Head, Layout, {true, Free})}};
        Error -> Error
    end;
with_disk(anew, Options, #state{file = File, ram = Ram} = State) ->
    Slots = {slots_option(min_no_slots, 256, Options), slots_option(max_no_slots, 33554432, Options)},
    New = case State of
              #state{head = none} -> File;
              _ -> beside(File)
          end,
    maybe_all([fun(S) -> fresh(New, Slots, S) end, fun flushed/1,
               fun(S) when New =:= File; Ram -> {ok, S};
                  (S) -> with_state(file:rename(New, File), S)
               end], State).

maybe_all([], State) -> {ok, State};
maybe_all([Step | Steps], State) ->
    case Step(State) of
        {ok, Next} -> maybe_all(Steps, Next);
        Error -> Error
    end.

with_state(ok, State) -> {ok, State};
with_state(Error, _) -> Error.

beside(File) when is_atom(File) -> beside(atom_to_list(File));
beside(File) -> File ++ ".TMP".

device(#state{ram = false}, File) -> file:open(File, [read, write, raw, binary]);
device(#state{ram = true}, File) ->
    case file:read_file(File) of
        {ok, Bytes} -> file:open(Bytes, [read, write, ram, binary]);
        {error, enoent} -> file:open(<<>>, [read, write, ram, binary]);
        Error -> Error
    end.

%% A file without objects, into which all that there are have to be written.
fresh(File, Slots, #state{type = Type, keypos = KeyPos, table = Table} = State) ->
    case device(State, File) of
        {ok, Device} ->
            case swerl_dets_file:create(Device, #{type => Type, keypos => KeyPos}, Slots) of
                {ok, Disk} ->
                    Keys = table_keys(ets:first(Table), Table),
                    {ok, saved_later(State#state{disk = Disk, changed = maps:from_keys(Keys, true)})};
                Error -> Error
            end;
        Error -> Error
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

%% Who opens the table is told; it is nothing to report.
refused(Reason) -> {stop, {shutdown, Reason}}.

replay({insert, Objects}, Table) ->
    case ets:info(Table, type) of
        set -> ets:insert(Table, Objects);
        Type -> [insert_last(Type, Object, Table) || Object <- listed(Objects)]
    end;
replay({delete, Key}, Table) -> ets:delete(Table, Key);
replay({delete_object, Object}, Table) -> ets:delete_object(Table, Object).

%% @doc Serves the users of the table.
handle_call(known, _, #state{file = File, type = Type, keypos = KeyPos, access = Access} = State) ->
    {reply, #{file => File, type => Type, keypos => KeyPos, access => Access}, State};
handle_call({ets, Function, Args}, _, #state{table = Table} = State) ->
    {reply, attempt(fun() -> apply(ets, Function, [Table | Args]) end), State};
handle_call(Request, From, #state{changed = Changed, file = File} = State) when map_size(Changed) > 0 ->
    case asks_where(Request) of
        true ->
            case flushed(State) of
                {ok, State1} -> handle_call(Request, From, State1);
                {error, Reason} -> {reply, {error, {file_error, File, Reason}}, State}
            end;
        false -> answered(Request, State)
    end;
handle_call(Request, _, State) -> answered(Request, State).

%% Whether an answer depends on where keys stand, or on what is in the file.
asks_where({info, Item}) -> Item =:= file_size orelse Item =:= memory;
asks_where({Kind, _}) -> lists:member(Kind, [found, slot, next]);
asks_where(Request) -> lists:member(Request, [objects, first, info]).

answered(objects, State) ->
    {reply, objects(State), State};
answered({found, MatchSpec}, State) ->
    {reply, attempt(fun() -> found(MatchSpec, State) end), State};
answered({slot, N}, #state{table = Table, disk = Disk} = State) ->
    {_, Slots, _} = swerl_dets_file:no_slots(Disk),
    Reply = if
                N >= Slots -> '$end_of_table';
                true -> lists:append([ets:lookup(Table, Key) || Key <- keys(State), swerl_dets_file:slot(Key, Disk) =:= N])
            end,
    {reply, Reply, State};
answered(first, State) ->
    Walk = walk(keys(State), #{}, first),
    {reply, there(first, Walk, State), State#state{walk = Walk}};
answered({next, Key}, #state{walk = Walk} = State) when is_map_key({key, Key}, Walk) ->
    {reply, there({key, Key}, Walk, State), State};
answered({next, Key}, #state{table = Table} = State) ->
    Keys = keys(State),
    Slot = fun(Of) -> swerl_dets_file:slot(Of, State#state.disk) end,
    case ets:member(Table, Key) of
        true ->
            Walk = walk(Keys, #{}, first),
            {reply, there({key, Key}, Walk, State), State#state{walk = Walk}};
        false ->
            Later = [Other || Other <- Keys, Slot(Other) > Slot(Key)],
            {reply, hd(Later ++ ['$end_of_table']), State}
    end;
answered(info, State) ->
    {reply, [{Item, info(Item, State)} || Item <- [type, keypos, size, file_size, filename]], State};
answered({info, Item}, State) ->
    {reply, info(Item, State), State};
answered(sync, State) ->
    {Reply, State1} = saved(true, State),
    {reply, Reply, State1};
answered(close, #state{access = read} = State) ->
    {stop, normal, ok, State};
answered(close, State) ->
    {Reply, #state{disk = Disk} = State1} = saved(false, State),
    _ = swerl_dets_file:close(Disk),
    {stop, normal, Reply, State1#state{disk = undefined}};
answered(_, #state{access = read, file = File} = State) ->
    {reply, {error, {access_mode, File}}, State};
answered({insert, Objects}, State) ->
    {Reply, State1} = done({insert, Objects}, State),
    {reply, Reply, State1};
answered({insert_new, Objects}, #state{table = Table, keypos = KeyPos} = State) ->
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
answered({delete, _} = Change, State) ->
    {Reply, State1} = done(Change, State),
    {reply, Reply, State1};
answered({delete_object, _} = Change, State) ->
    {Reply, State1} = done(Change, State),
    {reply, Reply, State1};
answered(delete_all_objects, State) ->
    {Reply, State1} = done(delete_all_objects, State),
    {reply, Reply, State1};
answered({replace, Objects}, State) ->
    {_, State1} = done(delete_all_objects, State),
    {Reply, State2} = done({insert, Objects}, State1),
    {reply, Reply, State2};
answered({update_counter, Key, Increment}, #state{table = Table, type = Type} = State) ->
    case attempt(fun() -> ets:update_counter(Table, Key, Increment) end) of
        {value, _} = Reply when Type =:= set ->
            {_, State1} = logged({insert, ets:lookup(Table, Key)}, State),
            {reply, Reply, State1};
        Reply -> {reply, Reply, State}
    end;
answered({select_delete, MatchSpec}, #state{table = Table} = State) ->
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

%% Keys stand in slots: the order of their hashes. `first' and `next' go up; what looks at the
%% whole table goes through the file.
keys(State) -> [Key || {_, Key} <- lists:sort(slotted(State))].

slotted(#state{table = Table, disk = Disk}) ->
    [{swerl_dets_file:slot(Key, Disk), Key} || Key <- table_keys(ets:first(Table), Table)].

table_keys('$end_of_table', _) -> [];
table_keys(Key, Table) -> [Key | table_keys(ets:next(Table, Key), Table)].

objects(#state{table = Table, disk = Disk} = State) ->
    Keys = lists:sort([{swerl_dets_file:place(Slot, Disk), Key} || {Slot, Key} <- slotted(State)]),
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

%% Changes the objects, and remembers whose.
done(delete_all_objects, #state{table = Table} = State) ->
    ets:delete_all_objects(Table),
    emptied(State#state{walk = undefined});
done(Change, #state{table = Table} = State) ->
    replay(Change, Table),
    logged(Change, case Change of
                       {insert, _} -> State#state{walk = undefined};
                       _ -> State
                   end).

%% The file begins anew.
emptied(#state{file = File, type = Type, keypos = KeyPos, disk = Disk, ram = Ram} = State) ->
    {Least, _, Most} = swerl_dets_file:no_slots(Disk),
    case swerl_dets_file:emptied(#{type => Type, keypos => KeyPos}, {Least, Most}, Disk) of
        {ok, Disk1} when Ram -> {ok, State#state{disk = Disk1, changed = #{}, dirty = true}};
        {ok, Disk1} -> {ok, saved_later(State#state{disk = Disk1, changed = #{}})};
        {error, Reason} -> {{error, {file_error, File, Reason}}, State}
    end.

logged(Change, #state{changed = Changed, file = File} = State) ->
    Now = lists:foldl(fun(Key, Acc) -> Acc#{Key => true} end, Changed, keys_changed(Change, State)),
    State1 = saved_later(State#state{changed = Now}),
    case map_size(Now) >= ?MOST_CHANGED of
        true ->
            case flushed(State1) of
                {ok, _} = Flushed -> Flushed;
                {error, Reason} -> {{error, {file_error, File, Reason}}, State1}
            end;
        false ->
            map_size(Changed) =:= 0 andalso map_size(Now) > 0 andalso erlang:send_after(?DELAY, self(), flush),
            {ok, State1}
    end.

keys_changed({delete, Key}, _) -> [Key];
keys_changed({_, Objects}, #state{keypos = KeyPos}) -> [element(KeyPos, Object) || Object <- listed(Objects)].

%% The file knows all that was changed.
flushed(#state{changed = Changed} = State) when map_size(Changed) =:= 0 -> {ok, State};
flushed(#state{changed = Changed, table = Table, disk = Disk} = State) ->
    case swerl_dets_file:update(maps:keys(Changed), Table, Disk) of
        {ok, Disk1} -> {ok, State#state{disk = Disk1, changed = #{}}};
        Error -> Error
    end.

%% The file is whole, and could be read by others.
saved(Sync, #state{file = File} = State) ->
    case maybe_all([fun flushed/1, fun(S) -> saved_disk(Sync, S) end, fun ram_written/1], State) of
        {ok, Saved} -> {ok, Saved#state{dirty = false}};
        {error, Reason} -> {{error, {file_error, File, Reason}}, State}
    end.

saved_disk(Sync, #state{table = Table, disk = Disk, type = Type} = State) ->
    Keys = case Type of
               set -> ets:info(Table, size);
               _ -> length(table_keys(ets:first(Table), Table))
           end,
    case swerl_dets_file:save(ets:info(Table, size), Keys, Sync andalso not State#state.ram, Disk) of
        {ok, Disk1} -> {ok, State#state{disk = Disk1}};
        Error -> Error
    end.

ram_written(#state{ram = true, dirty = true, file = File, disk = Disk} = State) ->
    case swerl_dets_file:bytes(Disk) of
        {ok, Bytes} -> with_state(file:write_file(File, Bytes), State);
        Error -> Error
    end;
ram_written(State) -> {ok, State}.

saved_later(#state{auto_save = Time, dirty = false} = State) when is_integer(Time) ->
    _ = erlang:send_after(Time, self(), auto_save),
    State#state{dirty = true};
saved_later(State) -> State#state{dirty = true}.

info(type, #state{type = Type}) -> Type;
info(keypos, #state{keypos = KeyPos}) -> KeyPos;
info(size, #state{table = Table}) -> ets:info(Table, size);
info(no_objects, State) -> info(size, State);
info(no_keys, #state{table = Table, keypos = KeyPos}) ->
    length(lists:usort([element(KeyPos, Object) || Object <- ets:tab2list(Table)]));
info(filename, #state{file = File}) -> File;
info(file_size, #state{file = File, access = read}) -> filelib:file_size(File);
info(file_size, #state{disk = Disk}) -> swerl_dets_file:size(Disk);
info(memory, State) -> info(file_size, State);
info(access, #state{access = Access}) -> Access;
info(auto_save, #state{auto_save = AutoSave}) -> AutoSave;
info(bchunk_format, _) -> <<"objects">>;
info(hash, _) -> phash2;
info(no_slots, #state{disk = Disk}) -> swerl_dets_file:no_slots(Disk);
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
    {_, State1} = saved(true, State),
    {noreply, State1};
handle_info(flush, State) ->
    case flushed(State) of
        {ok, State1} -> {noreply, State1};
        {error, _} -> {noreply, State}
    end;
handle_info({'EXIT', _, Reason}, State) ->
    {stop, Reason, State};
handle_info(_, State) ->
    {noreply, State}.

%% @doc Closes the file.
terminate(_, #state{disk = undefined}) -> ok;
terminate(_, #state{access = read}) -> ok;
terminate(_, State) ->
    {_, #state{disk = Disk}} = saved(false, State),
    swerl_dets_file:close(Disk).
