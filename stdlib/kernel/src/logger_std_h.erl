%%% logger_std_h: the handler that writes text to a device or a file.
%%%
%%% The text is made in the process that logs. To standard output it goes
%%% through `user`; a file has a process of its own that keeps it open.
-module(logger_std_h).

-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1,
         filesync/1]).
-export([writer/3]).

log(Event, #{config := #{type := Type}, formatter := {Formatter, FormatConfig}} = Config) ->
    Text = Formatter:format(Event, FormatConfig),
    write(Type, Text, Config).

write(standard_io, Text, _Config) ->
    to_device(user, Text);
write(standard_error, Text, _Config) ->
    to_device(standard_error, Text);
write({device, Device}, Text, _Config) ->
    to_device(Device, Text);
write(_File, Text, #{id := Id}) ->
    call_writer(Id, {write, unicode:characters_to_binary(Text)}).

%% The process that serves the device cannot ask itself.
to_device(Name, Text) ->
    case is_atom(Name) andalso whereis(Name) =:= self() of
        true -> swerl_tty:put_chars(unicode:characters_to_binary(Text));
        false -> io:put_chars(Name, Text)
    end.

%%% Changes of the configuration.

adding_handler(#{id := Id} = Config) ->
    Own = maps:merge(defaults(), maps:get(config, Config, #{})),
    case check(maps:to_list(Own)) of
        ok ->
            case start_writer(Id, maps:get(type, Own)) of
                {ok, Type} -> {ok, Config#{config => Own#{type := Type}}};
                Error -> Error
            end;
        Error ->
            Error
    end.

changing_config(How, #{config := OldOwn}, #{config := NewOwn} = New) ->
    Base = case How of
               set -> maps:merge(defaults(), maps:with([type], OldOwn));
               update -> OldOwn
           end,
    Own = maps:merge(Base, NewOwn),
    case maps:get(type, Own) =:= maps:get(type, OldOwn) of
        true ->
            case check(maps:to_list(Own)) of
                ok -> {ok, New#{config => Own}};
                Error -> Error
            end;
        false ->
            {error, {illegal_config_change, ?MODULE, maps:with([type], OldOwn),
                     maps:with([type], Own)}}
    end;
changing_config(How, Old, New) ->
    changing_config(How, Old, New#{config => #{}}).

removing_handler(#{id := Id}) ->
    case whereis(writer_name(Id)) of
        undefined -> ok;
        _ -> call_writer(Id, stop)
    end,
    ok.

filter_config(Config) -> Config.

defaults() ->
    #{type => standard_io, burst_limit_enable => true, burst_limit_max_count => 500,
      burst_limit_window_time => 1000, drop_mode_qlen => 200,
      filesync_repeat_interval => no_repeat, flush_qlen => 1000, overload_kill_enable => false,
      overload_kill_mem_size => 3000000, overload_kill_qlen => 20000,
      overload_kill_restart_after => 5000, sync_mode_qlen => 10}.

check([{type, Type} | Rest]) ->
    case Type of
        standard_io -> check(Rest);
        standard_error -> check(Rest);
        file -> check(Rest);
        {file, _} -> check(Rest);
        {file, _, _} -> check(Rest);
        {device, _} -> check(Rest);
        _ -> {error, {invalid_config, ?MODULE, #{type => Type}}}
    end;
check([{Key, Value} | Rest]) ->
    Known = lists:member(Key, [file, modes, file_check, max_no_bytes, max_no_files,
                               compress_on_rotate])
        orelse maps:is_key(Key, defaults()),
    case Known of
        true -> check(Rest);
        false -> {error, {invalid_config, ?MODULE, #{Key => Value}}}
    end;
check([]) ->
    ok.

%% Everything handed to the handler so far is on the device when this returns.
filesync(Id) ->
    case logger_server:get({handler, Id}) of
        #{module := ?MODULE} ->
            sync_machine_reports(),
            case whereis(writer_name(Id)) of
                undefined -> ok;
                _ -> call_writer(Id, sync)
            end;
        _ ->
            {error, {badarg, {filesync, [Id]}}}
    end.

%% The reports of the machine pass through a process of their own.
sync_machine_reports() ->
    case whereis(logger_proxy) of
        undefined ->
            ok;
        Proxy ->
            Ref = erlang:monitor(process, Proxy),
            Proxy ! {sync, self(), Ref},
            receive
                {Ref, synced} -> erlang:demonitor(Ref, [flush]);
                {'DOWN', Ref, process, _, _} -> true
            end
    end.

%%% The process of a file.

start_writer(Id, {file, File}) ->
    start_writer(Id, File, [append]);
start_writer(Id, {file, File, Modes}) ->
    start_writer(Id, File, Modes);
start_writer(Id, file) ->
    start_writer(Id, atom_to_list(Id), [append]);
start_writer(_Id, Type) ->
    {ok, Type}.

start_writer(Id, File, Modes) ->
    Name = filename:absname(File),
    {Pid, Monitor} = spawn_monitor(?MODULE, writer, [self(), Name, [raw | Modes -- [raw]]]),
    receive
        {Pid, ok} ->
            erlang:demonitor(Monitor, [flush]),
            register(writer_name(Id), Pid),
            {ok, {file, Name, Modes}};
        {Pid, {error, Reason}} ->
            erlang:demonitor(Monitor, [flush]),
            {error, {handler_not_added, {open_failed, Name, Reason}}};
        {'DOWN', Monitor, process, Pid, Reason} ->
            {error, {handler_not_added, Reason}}
    end.

writer_name(Id) -> list_to_atom("logger_std_h_" ++ atom_to_list(Id)).

call_writer(Id, Request) ->
    Name = writer_name(Id),
    Ref = erlang:monitor(process, Name),
    _ = (catch Name ! {self(), Ref, Request}),
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> {error, Reason}
    end.

writer(Starter, File, Modes) ->
    case file:open(File, Modes) of
        {ok, Fd} ->
            Starter ! {self(), ok},
            writer_loop(Fd);
        {error, _} = Error ->
            Starter ! {self(), Error}
    end.

writer_loop(Fd) ->
    receive
        {From, Ref, {write, Bytes}} ->
            From ! {Ref, file:write(Fd, Bytes)},
            writer_loop(Fd);
        {From, Ref, sync} ->
            From ! {Ref, file:datasync(Fd)},
            writer_loop(Fd);
        {From, Ref, stop} ->
            From ! {Ref, file:close(Fd)}
    end.
