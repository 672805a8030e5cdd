%%% logger_server: the process registered as `logger`.
%%%
%%% It keeps the configuration of the logger, in a table of this name that everybody reads, so that to log takes no
%%% question to another process; and it receives the reports of the machine about processes that crashed. Those are
%%% handed on to a second process, because to log one may need this process, the code server and the terminal.
%%%
%%% The process starts with the system, so this module is kept small and calls
%%% nothing outside of native functions.
-module(logger_server).

-export([start/1, get/1, get/2, put/2, insert_new/2, delete/1, snapshot/1]).
-export([forward/0, awake/1, default_handler/0]).

-define(TABLE, logger).

%% Returns when the process can be found under its name.
start(Level) ->
    Starter = self(),
    Pid = spawn_link(fun() -> init(Starter, Level) end),
    receive {Pid, registered} -> Pid end.

%% The value of a key, or undefined.
get(Key) ->
    case ets:lookup(?TABLE, Key) of
        [{_, Value}] -> Value;
        [] -> undefined
    end.

%% The values of two keys.
get(Key1, Key2) -> {?MODULE:get(Key1), ?MODULE:get(Key2)}.

put(Key, Value) -> call({put, Key, Value}).

insert_new(Key, Value) -> call({insert_new, Key, Value}).

%% Whether there was something to delete.
delete(Key) -> call({delete, Key}).

%% All {Key, Value} with a key {Kind, _}, in the order they were added.
snapshot(Kind) -> values(Kind, ?MODULE:get(order)).

values(Kind, [{Kind, _} = Key | Keys]) -> ets:lookup(?TABLE, Key) ++ values(Kind, Keys);
values(Kind, [_ | Keys]) -> values(Kind, Keys);
values(_, []) -> [].

call(Request) ->
    Ref = erlang:monitor(process, logger),
    logger ! {config, self(), Ref, Request},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> exit(Reason)
    end.

init(Starter, Level) ->
    register(logger, self()),
    ?TABLE = ets:new(?TABLE, [named_table, protected, {read_concurrency, true}]),
    Primary = maps:from_list([{level, Level}, {filter_default, log}, {filters, []},
                              {metadata, maps:from_list([])}]),
    true = ets:insert(?TABLE, [{order, [{handler, default}]}, {primary, Primary},
                               {{handler, default}, default_handler()}]),
    Starter ! {self(), registered},
    loop().

%% As in a new system: everything from this node to standard output, in the
%% format with a headline.
default_handler() ->
    Filters = [{remote_gl, {fun logger_filters:remote_gl/2, stop}},
               {domain, {fun logger_filters:domain/2, {log, super, [otp, sasl]}}},
               {no_domain, {fun logger_filters:domain/2, {log, undefined, []}}}],
    Format = maps:from_list([{legacy_header, true}, {single_line, false}]),
    Own = maps:from_list([{type, standard_io}, {burst_limit_enable, true},
                          {burst_limit_max_count, 500}, {burst_limit_window_time, 1000},
                          {drop_mode_qlen, 200}, {filesync_repeat_interval, no_repeat},
                          {flush_qlen, 1000}, {olp, counters:new(1, [])}, {overload_kill_enable, false},
                          {overload_kill_mem_size, 3000000}, {overload_kill_qlen, 20000},
                          {overload_kill_restart_after, 5000}, {sync_mode_qlen, 10}]),
    maps:from_list([{id, default}, {module, logger_std_h}, {level, all},
                    {filters, Filters}, {filter_default, stop},
                    {formatter, {logger_formatter, Format}}, {config, Own}]).

loop() ->
    receive
        {config, From, Ref, Request} ->
            From ! {Ref, handle(Request)},
            loop();
        {log, _, _, _, _} = Event ->
            hand_on(Event),
            loop();
        {log, _, _, _} = Event ->
            hand_on(Event),
            loop();
        {sync, From, Ref} ->
            From ! {Ref, synced},
            loop();
        _ ->
            loop()
    end.

handle({put, Key, Value}) ->
    case ets:member(?TABLE, Key) of
        true -> ets:insert(?TABLE, {Key, Value});
        false -> added(Key, Value)
    end,
    ok;
handle({insert_new, Key, Value}) ->
    (not ets:member(?TABLE, Key)) andalso added(Key, Value);
handle({delete, Key}) ->
    case ets:member(?TABLE, Key) of
        true ->
            ets:insert(?TABLE, {order, [K || K <- ?MODULE:get(order), K =/= Key]}),
            ets:delete(?TABLE, Key);
        false -> false
    end.

added(Key, Value) ->
    ets:insert(?TABLE, [{order, ?MODULE:get(order) ++ [Key]}, {Key, Value}]).

%% The second process is there from the beginning, asleep. Should it have died, another takes its place.
hand_on(Event) ->
    try logger_proxy ! Event
    catch
        error:badarg -> spawn(?MODULE, forward, []) ! Event
    end.

forward() ->
    _ = (catch register(logger_proxy, self())),
    forward_loop().

%% The process has its name already.
awake(logger_proxy) -> forward_loop().

forward_loop() ->
    receive
        {log, Level, Format, Args, Meta} ->
            _ = (catch logger:machine_event(Level, {Format, Args}, Meta)),
            forward_loop();
        {log, Level, Report, Meta} ->
            _ = (catch logger:machine_event(Level, {report, Report}, Meta)),
            forward_loop();
        {sync, From, Ref} ->
            From ! {Ref, synced},
            forward_loop();
        {'EXIT', _, Reason} ->
            exit(Reason);
        _ ->
            forward_loop()
    end.
