%%% logger_std_h: the handler that writes text to a device or a file.
%%%
%%% The text is made in the process that logs. The process of the handler takes it, and hands it on to a process that
%%% owns the device or file: so the handler sees what waits while a device is slow, and a program that writes after
%%% it has logged is a step ahead of the log. How many texts wait is counted; where it is too many, who logs has to
%%% wait, and where it is far too many, texts are dropped. Every so often the handler waits for the writer.
-module(logger_std_h).

-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, filesync/1]).
-export([awake/1, start/3, writer/2]).

%% Of the handler's process: who writes, how many texts before it waits for that, how much in the current second.
-record(state, {id, config, writer, ahead = 0, window = 0, written = 0, unsynced = false}).

%% Of the process that writes.
-record(output, {config, device}).

%% So many texts the handler may be ahead of the writer.
-define(MOST_AHEAD, 20).

%% The counter of a handler has the texts that wait, and those that were dropped.
-define(WAITING, 1).
-define(DROPPED, 2).

%% @doc Hands the text of an event to the process of the handler.
log(Event, #{id := Id, config := #{olp := Counter} = Own, formatter := {Formatter, FormatConfig}}) ->
    Text = Formatter:format(Event, FormatConfig),
    #{sync_mode_qlen := Sync, drop_mode_qlen := Drop} = Own,
    case counters:get(Counter, ?WAITING) of
        Waiting when Waiting >= Drop ->
            counters:add(Counter, ?DROPPED, 1);
        Waiting ->
            counters:add(Counter, ?WAITING, 1),
            Name = process_name(Id),
            case Waiting >= Sync of
                true -> _ = call(Name, {write, Text}), ok;
                false ->
                    try Name ! {write, Text}, ok
                    catch error:badarg -> to_device(user, Text)
                    end
            end
    end.

process_name(Id) -> list_to_atom("logger_std_h_" ++ atom_to_list(Id)).

call(Process, Request) ->
    Ref = erlang:monitor(process, Process),
    _ = (catch Process ! {call, self(), Ref, Request}),
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> {error, Reason}
    end.

%%% Changes of the configuration.

%% @doc Checks the configuration and starts the process.
adding_handler(#{id := Id} = Config) ->
    Given = case maps:get(config, Config, #{}) of
                #{file := _} = Named when not is_map_key(type, Named) -> Named#{type => file};
                Other -> Other
            end,
    Own = maps:merge(defaults(Given), Given),
    case check(maps:to_list(Own), Own) of
        ok ->
            Full = with_file(Id, Own#{olp => counters:new(2, [])}),
            {Pid, Monitor} = spawn_monitor(?MODULE, start, [self(), Id, Full]),
            receive
                {Pid, ok} ->
                    erlang:demonitor(Monitor, [flush]),
                    {ok, Config#{config => Full}};
                {Pid, {error, Reason}} ->
                    erlang:demonitor(Monitor, [flush]),
                    #{file := File} = Full,
                    {error, {open_failed, File, Reason}};
                {'DOWN', Monitor, process, Pid, Reason} ->
                    {error, Reason}
            end;
        {error, Why} ->
            {error, Why}
    end.

%% The type file stands for a file named by the option file, or by the handler.
with_file(Id, #{type := Type} = Own) ->
    case Type of
        {file, File} -> with_file(Id, Own#{type => file, file => File});
        {file, File, Modes} -> with_file(Id, Own#{type => file, file => File, modes => Modes});
        file ->
            File = filename:absname(maps:get(file, Own, atom_to_list(Id))),
            Modes = full_modes(maps:get(modes, Own, [append])),
            maps:merge(file_defaults(Own), Own#{file => File, modes => Modes});
        _ -> Own
    end.

file_defaults(#{type := file}) ->
    #{max_no_bytes => infinity, max_no_files => 0, compress_on_rotate => false, file_check => 0};
file_defaults(_) -> #{}.

%% The modes with those that the handler needs.
full_modes(Modes) ->
    Raw = [raw || not lists:member(raw, Modes)],
    Delayed = [delayed_write || not lists:any(fun(Mode) -> Mode =:= delayed_write orelse element_is(delayed_write, Mode) end, Modes)],
    Delayed ++ Raw ++ Modes.

element_is(Name, Tuple) -> is_tuple(Tuple) andalso tuple_size(Tuple) > 0 andalso element(1, Tuple) =:= Name.

%% @doc Checks a change; what is about the file cannot be changed.
changing_config(How, #{id := Id, config := OldOwn}, #{config := NewOwn0} = New) ->
    Fixed = [type, file, modes, olp],
    Base = case How of
               set -> maps:merge(maps:merge(defaults(OldOwn), file_defaults(OldOwn)), maps:with(Fixed, OldOwn));
               update -> OldOwn
           end,
    NewOwn = with_file(Id, maps:merge(maps:with([type], OldOwn), NewOwn0)),
    Own = maps:merge(Base, maps:with(maps:keys(NewOwn0), NewOwn)),
    case [Key || Key <- Fixed, is_map_key(Key, NewOwn0), maps:get(Key, Own, none) =/= maps:get(Key, OldOwn, none)] of
        [] ->
            case check(maps:to_list(maps:remove(olp, Own)), Own) of
                ok ->
                    _ = call(process_name(Id), {config, Own}),
                    {ok, New#{config => Own}};
                Error -> Error
            end;
        Keys ->
            {error, {illegal_config_change, ?MODULE, fixed(Keys, OldOwn), fixed(Keys, Own)}}
    end;
changing_config(How, Old, New) ->
    changing_config(How, Old, New#{config => #{}}).

%% What is told of a change that cannot be: all that cannot be changed, where it is about a file.
fixed(Keys, Own) ->
    maps:with(case Own of
                  #{file := _} -> [type, file, modes];
                  _ -> Keys
              end, Own).

%% @doc Ends the process.
removing_handler(#{id := Id}) ->
    _ = call(process_name(Id), stop),
    ok.

%% @doc The counter is nobody else's business.
filter_config(#{config := Own} = Config) -> Config#{config => maps:remove(olp, Own)};
filter_config(Config) -> Config.

defaults(Given) ->
    Sync = case maps:get(type, Given, standard_io) of
               standard_io -> no_repeat;
               standard_error -> no_repeat;
               {device, _} -> no_repeat;
               _ -> 5000
           end,
    #{type => standard_io, burst_limit_enable => true, burst_limit_max_count => 500,
      burst_limit_window_time => 1000, drop_mode_qlen => 200,
      filesync_repeat_interval => Sync, flush_qlen => 1000, overload_kill_enable => false,
      overload_kill_mem_size => 3000000, overload_kill_qlen => 20000,
      overload_kill_restart_after => 5000, sync_mode_qlen => 10}.

check([{Key, Value} | Rest], Own) ->
    case is_valid(Key, Value) of
        true -> check(Rest, Own);
        false -> {error, {invalid_config, ?MODULE, #{Key => Value}}}
    end;
check([], #{sync_mode_qlen := Sync, drop_mode_qlen := Drop, flush_qlen := Flush}) ->
    case Sync =< Drop andalso Drop =< Flush of
        true -> ok;
        false ->
            {error, {invalid_olp_levels, #{sync_mode_qlen => Sync, drop_mode_qlen => Drop, flush_qlen => Flush}}}
    end.

is_valid(type, Type) ->
    case Type of
        standard_io -> true;
        standard_error -> true;
        file -> true;
        {file, _} -> true;
        {file, _, Modes} -> is_list(Modes);
        {device, _} -> true;
        _ -> false
    end;
is_valid(file, File) -> is_list(File) orelse is_binary(File) orelse is_atom(File);
is_valid(modes, Modes) -> is_list(Modes);
is_valid(max_no_bytes, N) -> N =:= infinity orelse is_integer(N) andalso N > 0;
is_valid(max_no_files, N) -> is_integer(N) andalso N >= 0;
is_valid(compress_on_rotate, Bool) -> is_boolean(Bool);
is_valid(file_check, N) -> is_integer(N) andalso N >= 0;
is_valid(filesync_repeat_interval, N) -> N =:= no_repeat orelse is_integer(N) andalso N > 0;
is_valid(overload_kill_restart_after, N) -> N =:= infinity orelse is_integer(N) andalso N >= 0;
is_valid(Key, Bool) when Key =:= burst_limit_enable; Key =:= overload_kill_enable -> is_boolean(Bool);
is_valid(Key, N) ->
    lists:member(Key, [sync_mode_qlen, drop_mode_qlen, flush_qlen, burst_limit_max_count, burst_limit_window_time,
                       overload_kill_qlen, overload_kill_mem_size])
        andalso is_integer(N) andalso N >= 0.

%% @doc Everything handed to the handler so far is written when this returns.
filesync(Id) ->
    case logger_server:get({handler, Id}) of
        #{module := ?MODULE} ->
            sync_machine_reports(),
            case call(process_name(Id), sync) of
                ok -> ok;
                {error, _} = Error -> Error
            end;
        _ -> exit({noproc, {gen_server, call, [process_name(Id), filesync]}})
    end.

%% The reports of the machine pass through processes of their own.
sync_machine_reports() ->
    _ = [case whereis(Name) of
             undefined -> ok;
             Pid ->
                 Ref = erlang:monitor(process, Pid),
                 Pid ! {sync, self(), Ref},
                 receive
                     {Ref, synced} -> erlang:demonitor(Ref, [flush]);
                     {'DOWN', Ref, process, _, _} -> true
                 end
         end || Name <- [logger, logger_proxy]],
    ok.

%%% The process.

%% @doc The process of the default handler: it has its name, and its first message waits.
awake(logger_std_h_default) ->
    case logger_server:get({handler, default}) of
        #{module := ?MODULE, config := Config} ->
            {ok, Writer} = writer_started(Config),
            enter(#state{id = default, config = Config, writer = Writer});
        _ -> ok
    end.

%% @doc The process of a handler that is added.
start(Starter, Id, Config) ->
    case writer_started(Config) of
        {ok, Writer} ->
            register(process_name(Id), self()),
            Starter ! {self(), ok},
            enter(#state{id = Id, config = Config, writer = Writer});
        {error, _} = Error -> Starter ! {self(), Error}
    end.

enter(#state{config = #{filesync_repeat_interval := Interval}} = State) ->
    process_flag(trap_exit, true),
    is_integer(Interval) andalso erlang:send_after(Interval, self(), repeated_sync),
    loop(State).

loop(#state{config = #{olp := Counter}, writer = Writer} = State) ->
    receive
        {write, Text} ->
            counters:sub(Counter, ?WAITING, 1),
            loop(write(Text, flushed(State)));
        {call, From, Ref, {write, Text}} ->
            counters:sub(Counter, ?WAITING, 1),
            Written = write(Text, State),
            From ! {Ref, ok},
            loop(Written);
        {call, From, Ref, sync} ->
            From ! {Ref, call(Writer, sync)},
            loop(State#state{ahead = 0, unsynced = false});
        {sync, From, Ref} ->
            From ! {Ref, call(Writer, sync)},
            loop(State#state{ahead = 0, unsynced = false});
        {call, From, Ref, {config, Config}} ->
            _ = call(Writer, {config, Config}),
            From ! {Ref, ok},
            loop(State#state{config = Config});
        {call, From, Ref, stop} ->
            unlink(Writer),
            _ = call(Writer, stop),
            unregister(process_name(State#state.id)),
            From ! {Ref, ok};
        repeated_sync ->
            #state{config = #{filesync_repeat_interval := Interval}} = State,
            _ = [call(Writer, sync) || State#state.unsynced],
            is_integer(Interval) andalso erlang:send_after(Interval, self(), repeated_sync),
            loop(State#state{unsynced = false});
        {'EXIT', Writer, Reason} ->
            exit(Reason);
        _ ->
            loop(State)
    end.

%% What waits is thrown away where it is too much to be ever written, and the handler ends where it is told
%% to end then.
flushed(#state{id = Id, config = #{olp := Counter, flush_qlen := Flush, overload_kill_enable := Kill,
                                   overload_kill_qlen := KillLength, overload_kill_mem_size := KillSize,
                                   overload_kill_restart_after := Again}} = State) ->
    Waiting = counters:get(Counter, ?WAITING),
    TooMuch = Kill andalso (Waiting > KillLength
                            orelse element(2, process_info(self(), memory)) > KillSize),
    if
        TooMuch ->
            spawn(fun() -> restarted(Id, Again) end),
            exit({shutdown, {overloaded, Id, Waiting}});
        Waiting > Flush ->
            N = drop_waiting(Counter, 0),
            notice(State, "Handler ~p flushed ~w log events", [Id, N]);
        true -> State
    end.

restarted(Id, Again) ->
    case logger_server:get({handler, Id}) of
        #{module := ?MODULE} = Config ->
            _ = logger:remove_handler(Id),
            case Again of
                infinity -> ok;
                _ ->
                    receive after Again -> ok end,
                    #{config := Own} = Config,
                    logger:add_handler(Id, ?MODULE, Config#{config => maps:remove(olp, Own)})
            end;
        _ -> ok
    end.

drop_waiting(Counter, N) ->
    receive
        {write, _} ->
            counters:sub(Counter, ?WAITING, 1),
            drop_waiting(Counter, N + 1)
    after 0 -> N
    end.

%% An event of the handler's own.
notice(#state{id = Id} = State, Format, Args) ->
    case logger_server:get({handler, Id}) of
        #{formatter := {Formatter, FormatConfig}} ->
            Meta = #{time => logger:timestamp(), pid => self(), gl => group_leader()},
            Event = #{level => notice, msg => {Format, Args}, meta => Meta},
            put_text(Formatter:format(Event, FormatConfig), State);
        _ -> State
    end.

%% More than the limit in one window of time is dropped.
write(Text, #state{config = #{burst_limit_enable := true, burst_limit_max_count := Max,
                              burst_limit_window_time := Length}, window = Start, written = Written} = State) ->
    Now = erlang:monotonic_time(millisecond),
    if
        Now - Start > Length -> put_text(Text, dropped(State#state{window = Now, written = 1}));
        Written < Max -> put_text(Text, dropped(State#state{written = Written + 1}));
        true -> State
    end;
write(Text, State) ->
    put_text(Text, dropped(State)).

%% Says how many events were dropped before.
dropped(#state{id = Id, config = #{olp := Counter}} = State) ->
    case counters:get(Counter, ?DROPPED) of
        0 -> State;
        N ->
            counters:sub(Counter, ?DROPPED, N),
            notice(State, "Handler ~p dropped ~w log events", [Id, N])
    end.

put_text(Text, #state{writer = Writer, ahead = ?MOST_AHEAD} = State) ->
    _ = call(Writer, {write, Text}),
    State#state{ahead = 0, unsynced = true};
put_text(Text, #state{writer = Writer, ahead = Ahead} = State) ->
    Writer ! {write, Text},
    State#state{ahead = Ahead + 1, unsynced = true}.

%%% The process that writes.

%% Only a file can fail to be opened; for another device nobody has to wait.
writer_started(#{type := Type} = Config) when Type =/= file ->
    {ok, spawn_link(?MODULE, writer, [none, Config])};
writer_started(Config) ->
    {Pid, Monitor} = spawn_opt(?MODULE, writer, [self(), Config], [link, monitor]),
    receive
        {Pid, ok} -> erlang:demonitor(Monitor, [flush]), {ok, Pid};
        {Pid, {error, _} = Error} -> erlang:demonitor(Monitor, [flush]), Error;
        {'DOWN', Monitor, process, Pid, Reason} -> {error, Reason}
    end.

%% @doc Opens the file, if it is one, and writes what it is sent.
writer(none, Config) ->
    lead(Config),
    writing(#output{config = Config});
writer(Handler, Config) ->
    case opened(#output{config = Config}) of
        {ok, Output} ->
            Handler ! {self(), ok},
            writing(Output);
        {error, _} = Error ->
            unlink(Handler),
            Handler ! {self(), Error}
    end.

%% What a handler writes to standard output goes there as that of all processes of an application: through its group
%% leader. A program that writes meanwhile is not held up by a log.
lead(#{type := standard_io}) -> group_leader(application_master:leader(whereis(user)), self());
lead(_) -> true.

writing(Output) ->
    receive
        {write, Text} ->
            writing(put_out(Text, Output));
        {call, From, Ref, {write, Text}} ->
            Next = put_out(Text, Output),
            From ! {Ref, ok},
            writing(Next);
        {call, From, Ref, sync} ->
            From ! {Ref, synced(Output)},
            writing(Output);
        {call, From, Ref, {config, Config}} ->
            delete_more(Config),
            From ! {Ref, ok},
            writing(Output#output{config = Config});
        {call, From, Ref, stop} ->
            _ = closed(Output),
            From ! {Ref, ok};
        _ ->
            writing(Output)
    end.

opened(#output{config = #{type := file, file := File, modes := Modes}} = Output) ->
    _ = filelib:ensure_dir(File),
    case file:open(File, [raw, append | Modes -- [raw, append, write]]) of
        {ok, Device} -> {ok, Output#output{device = Device}};
        Error -> Error
    end;
opened(Output) -> {ok, Output}.

put_out(Text, #output{config = #{type := Type}} = Output) ->
    case Type of
        standard_io -> to_device(group_leader(), Text), Output;
        standard_error -> to_device(standard_error, Text), Output;
        {device, Device} -> to_device(Device, Text), Output;
        file -> to_file(unicode:characters_to_binary(Text), rotated(reopened(Output)))
    end.

to_device(Device, Text) ->
    _ = (catch io:put_chars(Device, Text)),
    ok.

to_file(Bytes, #output{device = Device} = Output) ->
    _ = file:write(Device, Bytes),
    Output.

%% Somebody may have moved the file away.
reopened(#output{config = #{file := File}} = Output) ->
    case filelib:is_regular(File) of
        true -> Output;
        false -> opened_again(Output)
    end.

opened_again(#output{device = Device} = Output) ->
    _ = file:close(Device),
    case opened(Output) of
        {ok, Opened} -> Opened;
        {error, _} -> Output
    end.

%% A file that is full becomes number 0, the one before number 1, and so on.
rotated(#output{config = #{max_no_bytes := infinity}} = Output) -> Output;
rotated(#output{device = Device, config = #{file := File, max_no_bytes := Max, max_no_files := Files} = Config} = Output) ->
    _ = file:sync(Device),
    case filelib:file_size(File) >= Max of
        false -> Output;
        true ->
            _ = file:close(Device),
            Extension = case maps:get(compress_on_rotate, Config, false) of
                            true -> ".gz";
                            false -> ""
                        end,
            Archive = fun(N) -> File ++ "." ++ integer_to_list(N) ++ Extension end,
            _ = [file:rename(Archive(N - 1), Archive(N)) || N <- lists:seq(Files - 1, 1, -1)],
            _ = case {Files, Extension} of
                    {0, _} -> file:delete(File);
                    {_, ""} -> file:rename(File, Archive(0));
                    {_, ".gz"} ->
                        {ok, Bytes} = file:read_file(File),
                        _ = file:write_file(Archive(0), zlib:gzip(Bytes)),
                        file:delete(File)
                end,
            opened_again(Output)
    end.

%% Files that were full and are more than wanted now.
delete_more(#{type := file, file := File, max_no_files := Files}) -> delete_more(File, Files);
delete_more(_) -> ok.

delete_more(File, N) ->
    Name = File ++ "." ++ integer_to_list(N),
    case [Found || Found <- [Name, Name ++ ".gz"], filelib:is_regular(Found)] of
        [] -> ok;
        Old -> _ = [file:delete(One) || One <- Old], delete_more(File, N + 1)
    end.

synced(#output{device = undefined}) -> ok;
synced(#output{device = Device}) -> file:datasync(Device).

closed(#output{device = undefined}) -> ok;
closed(#output{device = Device}) -> file:close(Device).
