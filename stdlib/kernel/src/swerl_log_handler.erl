%%% swerl_log_handler: what the handlers that write text have in common.
%%%
%%% The text is made in the process that logs. The process of the handler takes it, and hands it on to a process that
%%% owns the device, file or log: so the handler sees what waits while a device is slow, and a program that writes after
%%% it has logged is a step ahead of the log. With each text it looks at what waits. Where that is too much, who logs has
%%% to wait, or is not heard; where it is far too much, all of it is thrown away, or the handler ends for a while. Every
%%% so often the handler waits for the writer.
%%%
%%% The module of a handler says what is written: `opened/2', `put_out/2', `changed/2', `synced/1' and `closed/1' work on
%%% a value of its own, and `may_fail/1' says whether anybody has to wait for the opening.
-module(swerl_log_handler).

-export([log/3, added/3, changed/3, removed/2, sync/2, name/2]).
-export([limits/0, checked/3, checked_limits/1]).
-export([enter/3, start/4, writer/4]).

%% Of the handler's process: who writes, how many texts before it waits for that, how much in the current second.
-record(state, {id, module, config, writer, mode = async, ahead = 0, window = 0, written = 0, unsynced = false}).

%% So many texts the handler may be ahead of the writer.
-define(MOST_AHEAD, 20).

%% What those who log are told, at the first place of the handler's counter.
-define(ASYNC, 0).
-define(SYNC, 1).
-define(DROP, 2).

%% @doc Hands the text of an event to the process of a handler; {nobody, Text} where there is none.
log(Module, Event, #{id := Id, config := #{olp := Counter}, formatter := {Formatter, FormatConfig}}) ->
    Text = Formatter:format(Event, FormatConfig),
    case counters:get(Counter, 1) of
        ?DROP -> ok;
        ?SYNC -> _ = call(name(Module, Id), {write, Text}), ok;
        ?ASYNC ->
            try name(Module, Id) ! {write, Text}, ok
            catch error:badarg -> {nobody, Text}
            end
    end.

%% @doc The name of a handler's process.
name(Module, Id) -> list_to_atom(atom_to_list(Module) ++ "_" ++ atom_to_list(Id)).

call(Process, Request) ->
    Ref = erlang:monitor(process, Process),
    _ = (catch Process ! {call, self(), Ref, Request}),
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> {error, Reason}
    end.

%%% Limits.

%% @doc The limits where nothing is said.
limits() ->
    #{burst_limit_enable => true, burst_limit_max_count => 500, burst_limit_window_time => 1000, drop_mode_qlen => 200,
      flush_qlen => 1000, overload_kill_enable => false, overload_kill_mem_size => 3000000,
      overload_kill_qlen => 20000, overload_kill_restart_after => 5000, sync_mode_qlen => 10}.

%% @doc Whether the configuration of a handler is one, where IsValid(Key, Value) knows what belongs to its module:
%% ok or {error, Reason}.
checked(Module, Config, IsValid) ->
    Special = maps:without([filesync_repeat_interval | maps:keys(limits())], Config),
    case [{Key, Value} || {Key, Value} <- lists:sort(maps:to_list(Special)), not IsValid(Key, Value)] of
        [{Key, Value} | _] -> {error, {invalid_config, Module, #{Key => Value}}};
        [] ->
            case checked_interval(Module, Config) of
                ok -> checked_limits(Config);
                Error -> Error
            end
    end.

checked_interval(Module, #{filesync_repeat_interval := Interval}) ->
    case Interval =:= no_repeat orelse is_integer(Interval) of
        true -> ok;
        false -> {error, {invalid_config, Module, #{filesync_repeat_interval => Interval}}}
    end.

%% @doc Whether limits are such: ok or {error, Reason}.
checked_limits(Config) ->
    Limits = #{sync_mode_qlen := Sync, drop_mode_qlen := Drop, flush_qlen := Flush} =
        maps:with(maps:keys(limits()), Config),
    case [{Key, Value} || {Key, Value} <- lists:sort(maps:to_list(Limits)), not is_limit(Key, Value)] of
        [{Key, Value} | _] -> {error, {invalid_olp_config, #{Key => Value}}};
        [] when Drop > 1, Sync =< Drop, Drop =< Flush -> ok;
        [] -> {error, {invalid_olp_levels, maps:with([sync_mode_qlen, drop_mode_qlen, flush_qlen], Limits)}}
    end.

is_limit(Key, Value) when Key =:= burst_limit_enable; Key =:= overload_kill_enable -> is_boolean(Value);
is_limit(overload_kill_restart_after, infinity) -> true;
is_limit(_, Value) -> is_integer(Value).

%%% Handlers come, change and go.

%% @doc Starts the process of a handler: {ok, Config}, with all that the process needs, or {error, Reason}.
added(Module, Id, Own) ->
    Full = Own#{olp => counters:new(1, [])},
    {Pid, Monitor} = spawn_monitor(?MODULE, start, [self(), Module, Id, Full]),
    receive
        {Pid, ok} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, Full};
        {Pid, {error, _} = Error} ->
            erlang:demonitor(Monitor, [flush]),
            Error;
        {'DOWN', Monitor, process, Pid, Reason} ->
            {error, Reason}
    end.

%% @doc Tells the process of a handler its configuration.
changed(Module, Id, Own) ->
    _ = call(name(Module, Id), {config, Own}),
    ok.

%% @doc Ends the process of a handler.
removed(Module, Id) ->
    _ = call(name(Module, Id), stop),
    ok.

%% @doc Everything handed to the handler so far is written when this returns.
sync(Module, Id) ->
    case logger_server:get({handler, Id}) of
        #{module := Module} ->
            sync_machine_reports(),
            case call(name(Module, Id), sync) of
                ok -> ok;
                {error, _} = Error -> Error
            end;
        _ when is_atom(Id) -> exit({noproc, {gen_server, call, [name(Module, Id), filesync]}});
        _ -> {error, {badarg, {filesync, [Id]}}}
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

%% @doc The process of a handler that is added.
start(Starter, Module, Id, Config) ->
    case writer_started(Module, Id, Config) of
        {ok, Writer} ->
            try repeat(Config) of
                _ ->
                    register(name(Module, Id), self()),
                    Starter ! {self(), ok},
                    enter(#state{id = Id, module = Module, config = Config, writer = Writer})
            catch
                error:Reason ->
                    unlink(Writer),
                    _ = call(Writer, stop),
                    Starter ! {self(), {error, Reason}}
            end;
        {error, _} = Error -> Starter ! {self(), Error}
    end.

%% @doc The process of a handler that is there from the beginning: it has its name, and its first message waits.
enter(Module, Id, Config) ->
    {ok, Writer} = writer_started(Module, Id, Config),
    _ = repeat(Config),
    enter(#state{id = Id, module = Module, config = Config, writer = Writer}).

enter(State) ->
    process_flag(trap_exit, true),
    loop(State#state{window = erlang:monotonic_time(millisecond)}).

repeat(#{filesync_repeat_interval := no_repeat}) -> ok;
repeat(#{filesync_repeat_interval := Interval}) -> erlang:send_after(Interval, self(), repeated_sync).

loop(#state{module = Module, id = Id, writer = Writer} = State) ->
    receive
        {write, Text} ->
            loop(taken(Text, State));
        {call, From, Ref, {write, Text}} ->
            Written = taken(Text, State),
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
            is_repeated(State#state.config) orelse repeat(Config),
            loop(State#state{config = Config});
        {call, From, Ref, stop} ->
            unlink(Writer),
            _ = call(Writer, stop),
            unregister(name(Module, Id)),
            kernel:leave(logger_sup),
            From ! {Ref, ok};
        repeated_sync ->
            _ = [call(Writer, sync) || State#state.unsynced],
            _ = repeat(State#state.config),
            loop(State#state{unsynced = false});
        {'EXIT', Writer, Reason} ->
            exit(Reason);
        {'EXIT', _, Reason} ->
            %% The supervisor of the default handler goes.
            _ = call(Writer, sync),
            exit(Reason);
        _ ->
            loop(State)
    after idle(State) ->
        loop(State#state{written = 0})
    end.

%% A handler that nobody has written to for so long forgets how much that was.
idle(#state{written = 0}) -> infinity;
idle(_) -> 100.

is_repeated(#{filesync_repeat_interval := Interval}) -> Interval =/= no_repeat.

%% What waits behind a text says what becomes of it.
taken(Text, #state{config = #{sync_mode_qlen := Sync, drop_mode_qlen := Drop, flush_qlen := Flush}} = State) ->
    {message_queue_len, Waiting} = process_info(self(), message_queue_len),
    is_too_much(Waiting, State) andalso overloaded(State),
    if
        Waiting >= Flush ->
            N = drop_waiting(0),
            notice(mode(async, State), "Handler ~p flushed ~w log events", [State#state.id, N]);
        Waiting >= Drop -> write(Text, mode(drop, State));
        Waiting >= Sync -> write(Text, mode(sync, State));
        true -> write(Text, mode(async, State))
    end.

is_too_much(_, #state{config = #{overload_kill_enable := false}}) -> false;
is_too_much(Waiting, #state{config = #{overload_kill_qlen := Length, overload_kill_mem_size := Size}}) ->
    Waiting > Length orelse element(2, process_info(self(), memory)) > Size.

%% The handler ends, and is added again when it has been told to.
overloaded(#state{id = Id, module = Module, writer = Writer, config = #{overload_kill_restart_after := Again}} = State) ->
    _ = notice(State, "Handler ~p overloaded and stopping", [Id]),
    unlink(Writer),
    _ = call(Writer, stop),
    spawn(fun() -> restarted(Id, Module, Again) end),
    exit({shutdown, {overloaded, Id}}).

restarted(Id, Module, Again) ->
    case logger_server:get({handler, Id}) of
        #{module := Module} = Config ->
            _ = logger:remove_handler(Id),
            is_integer(Again) andalso added_again(Id, Module, Config, Again);
        _ -> ok
    end.

added_again(Id, Module, #{config := Own} = Config, Again) ->
    receive after max(0, Again) -> ok end,
    Result = logger:add_handler(Id, Module, Config#{config => maps:remove(olp, Own)}),
    Result =:= ok andalso call(name(Module, Id), {write, own_text({"Handler ~p restarted", [Id]}, restart_format())}),
    logger:allow(debug, ?MODULE)
        andalso logger:macro_log(#{internal_log_event => true}, debug, [{logger_olp, restart}, {result, Result}]).

%% The handler's formatter is not asked for that.
restart_format() -> {logger_formatter, #{legacy_header => true, single_line => false}}.

%% Whoever logs is told how. When events begin or cease to be dropped, the log says so.
mode(Mode, #state{mode = Mode} = State) -> State;
mode(Mode, #state{mode = Old, id = Id, config = #{olp := Counter}} = State) ->
    counters:put(Counter, 1, case Mode of async -> ?ASYNC; sync -> ?SYNC; drop -> ?DROP end),
    Changed = State#state{mode = Mode},
    case Mode =:= drop orelse Old =:= drop of
        true -> notice(Changed, "Handler ~p switched from  ~p to ~p mode", [Id, Old, Mode]);
        false -> Changed
    end.

drop_waiting(N) ->
    receive
        {write, _} -> drop_waiting(N + 1);
        {call, From, Ref, {write, _}} ->
            From ! {Ref, dropped},
            drop_waiting(N + 1)
    after 0 -> N
    end.

%% An event of the handler's own.
notice(#state{id = Id} = State, Format, Args) ->
    case logger_server:get({handler, Id}) of
        #{formatter := Formatter} -> put_text(own_text({Format, Args}, Formatter), State);
        _ -> State
    end.

own_text(Message, {Formatter, FormatConfig}) ->
    Meta = #{time => logger:timestamp(), pid => self(), gl => group_leader()},
    Formatter:format(#{level => notice, msg => Message, meta => Meta}, FormatConfig).

%% More than the limit in one window of time is dropped. Which window it is, is asked when the limit is reached.
write(Text, #state{config = #{burst_limit_enable := true, burst_limit_max_count := Max}, written = Written} = State)
  when Written < Max ->
    put_text(Text, State#state{written = Written + 1});
write(Text, #state{config = #{burst_limit_enable := true, burst_limit_window_time := Length}, window = Start} = State) ->
    case erlang:monotonic_time(millisecond) of
        Now when Now - Start > Length -> put_text(Text, State#state{window = Now, written = 0});
        _ -> State
    end;
write(Text, State) ->
    put_text(Text, State).

put_text(Text, #state{writer = Writer, ahead = ?MOST_AHEAD} = State) ->
    _ = call(Writer, {write, Text}),
    State#state{ahead = 0, unsynced = true};
put_text(Text, #state{writer = Writer, ahead = Ahead} = State) ->
    Writer ! {write, Text},
    State#state{ahead = Ahead + 1, unsynced = true}.

%%% The process that writes.

writer_started(Module, Id, Config) ->
    case Module:may_fail(Config) of
        false -> {ok, spawn_link(?MODULE, writer, [none, Module, Id, Config])};
        true ->
            {Pid, Monitor} = spawn_opt(?MODULE, writer, [self(), Module, Id, Config], [link, monitor]),
            receive
                {Pid, ok} -> erlang:demonitor(Monitor, [flush]), {ok, Pid};
                {Pid, {error, _} = Error} -> erlang:demonitor(Monitor, [flush]), Error;
                {'DOWN', Monitor, process, Pid, Reason} -> {error, Reason}
            end
    end.

%% @doc Opens what is written to, and writes what it is sent.
writer(none, Module, Id, Config) ->
    {ok, Output} = Module:opened(Id, Config),
    writing(Module, Output);
writer(Handler, Module, Id, Config) ->
    case Module:opened(Id, Config) of
        {ok, Output} ->
            Handler ! {self(), ok},
            writing(Module, Output);
        {error, _} = Error ->
            unlink(Handler),
            Handler ! {self(), Error}
    end.

writing(Module, Output) ->
    receive
        {write, Text} ->
            writing(Module, Module:put_out(Text, Output));
        {call, From, Ref, {write, Text}} ->
            Next = Module:put_out(Text, Output),
            From ! {Ref, ok},
            writing(Module, Next);
        {call, From, Ref, sync} ->
            From ! {Ref, Module:synced(Output)},
            writing(Module, Output);
        {call, From, Ref, {config, Config}} ->
            Next = Module:changed(Config, Output),
            From ! {Ref, ok},
            writing(Module, Next);
        {call, From, Ref, stop} ->
            _ = Module:closed(Output),
            From ! {Ref, ok};
        _ ->
            writing(Module, Output)
    end.
