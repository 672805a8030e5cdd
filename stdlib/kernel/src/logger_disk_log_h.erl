%%% logger_disk_log_h: the handler that writes text to a log on disk, of one file or of several in turn.
-module(logger_disk_log_h).

-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, filesync/1]).
-export([start/3]).

%% @doc Hands the text of an event to the log.
log(Event, #{id := Id, formatter := {Formatter, FormatConfig}}) ->
    Text = unicode:characters_to_binary(Formatter:format(Event, FormatConfig)),
    _ = disk_log:balog(Id, Text),
    ok.

%% @doc Opens the log, for a process of the handler.
adding_handler(#{id := Id} = Config) ->
    Own = maps:merge(defaults(Id), maps:get(config, Config, #{})),
    case check(maps:to_list(Own)) of
        ok ->
            {Pid, Ref} = spawn_monitor(?MODULE, start, [self(), Id, Own]),
            receive
                {Pid, ok} ->
                    erlang:demonitor(Ref, [flush]),
                    {ok, Config#{config => Own#{handler_pid => Pid}}};
                {Pid, {error, Reason}} ->
                    erlang:demonitor(Ref, [flush]),
                    {error, {open_failed, Id, Reason}};
                {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
            end;
        {error, Why} -> {error, Why}
    end.

defaults(Id) ->
    #{file => atom_to_list(Id), type => wrap, max_no_bytes => 1048576, max_no_files => 10,
      filesync_repeat_interval => 5000, burst_limit_enable => true, burst_limit_max_count => 500,
      burst_limit_window_time => 1000, drop_mode_qlen => 200, flush_qlen => 1000, overload_kill_enable => false,
      overload_kill_mem_size => 3000000, overload_kill_qlen => 20000, overload_kill_restart_after => 5000,
      sync_mode_qlen => 10}.

check([{Key, Value} | Rest]) ->
    Valid = case Key of
                file -> is_list(Value) orelse is_binary(Value) orelse is_atom(Value);
                type -> lists:member(Value, [wrap, halt]);
                max_no_bytes -> Value =:= infinity orelse is_integer(Value) andalso Value > 0;
                max_no_files -> Value =:= undefined orelse is_integer(Value) andalso Value > 0;
                _ -> is_map_key(Key, defaults(none))
            end,
    case Valid of
        true -> check(Rest);
        false -> {error, {invalid_config, ?MODULE, #{Key => Value}}}
    end;
check([]) -> ok.

%% @doc The process that has the log open.
start(Starter, Id, #{file := File, type := Type, max_no_bytes := Bytes, max_no_files := Files} = Own) ->
    register(list_to_atom("logger_disk_log_h_" ++ atom_to_list(Id)), self()),
    Size = case Type of
               wrap -> {Bytes, Files};
               halt -> Bytes
           end,
    Name = case File of
               _ when is_atom(File) -> atom_to_list(File);
               _ -> unicode:characters_to_list(File)
           end,
    case disk_log:open([{name, Id}, {file, Name}, {type, Type}, {size, Size}, {format, external}]) of
        Opened when element(1, Opened) =:= ok; element(1, Opened) =:= repaired ->
            Starter ! {self(), ok},
            loop(Id, maps:get(filesync_repeat_interval, Own));
        {error, Reason} -> Starter ! {self(), {error, Reason}}
    end.

loop(Id, Interval) ->
    Wait = case Interval of
               no_repeat -> infinity;
               _ -> Interval
           end,
    receive
        {stop, From, Ref} ->
            _ = disk_log:close(Id),
            From ! {Ref, ok};
        _ -> loop(Id, Interval)
    after Wait ->
        _ = disk_log:sync(Id),
        loop(Id, Interval)
    end.

%% @doc What is about the log itself cannot be changed.
changing_config(How, #{id := Id, config := Old}, #{config := Given} = New) ->
    Fixed = [file, type, max_no_bytes, max_no_files, handler_pid],
    Base = case How of
               set -> maps:merge(defaults(Id), maps:with(Fixed, Old));
               update -> Old
           end,
    Own = maps:merge(Base, Given),
    case maps:with(Fixed, Own) =:= maps:with(Fixed, Old) of
        true ->
            case check(maps:to_list(maps:remove(handler_pid, Own))) of
                ok -> {ok, New#{config => Own}};
                Error -> Error
            end;
        false ->
            Changed = [Key || Key <- Fixed, maps:get(Key, Own, none) =/= maps:get(Key, Old, none)],
            {error, {illegal_config_change, ?MODULE, maps:with(Changed, Old), maps:with(Changed, Own)}}
    end;
changing_config(How, Old, New) ->
    changing_config(How, Old, New#{config => #{}}).

%% @doc Closes the log.
removing_handler(#{config := #{handler_pid := Pid}}) ->
    Ref = erlang:monitor(process, Pid),
    Pid ! {stop, self(), Ref},
    receive
        {Ref, ok} -> erlang:demonitor(Ref, [flush]), ok;
        {'DOWN', Ref, process, _, _} -> ok
    end.

%% @doc The process is nobody else's business.
filter_config(#{config := Own} = Config) -> Config#{config => maps:remove(handler_pid, Own)};
filter_config(Config) -> Config.

%% @doc Everything logged so far is on disk when this returns.
filesync(Id) ->
    case disk_log:sync(Id) of
        ok -> ok;
        {error, _} -> {error, {badarg, {filesync, [Id]}}}
    end.
