%%% sys: messages that every well-behaved process answers: suspend and resume,
%%% state, status, tracing, change of code.
-module(sys).

-export([suspend/1, suspend/2, resume/1, resume/2, get_status/1, get_status/2,
         get_state/1, get_state/2, replace_state/2, replace_state/3,
         change_code/4, change_code/5, terminate/2, terminate/3,
         log/2, log/3, trace/2, trace/3, statistics/2, statistics/3,
         log_to_file/2, log_to_file/3, no_debug/1, no_debug/2,
         install/2, install/3, remove/2, remove/3]).
-export([handle_system_msg/6, handle_system_msg/7, handle_debug/4,
         debug_options/1, get_debug/3, get_log/1, print_log/1]).
-export([suspend_loop_hib/6]).

-export_type([dbg_opt/0, dbg_fun/0, debug_option/0, system_event/0, format_fun/0]).

-type system_event() :: {in, Msg :: term()} | {in, Msg :: term(), From :: term()}
                      | {out, Msg :: term(), To :: term()}
                      | {out, Msg :: term(), To :: term(), State :: term()}
                      | {noreply, State :: term()} | {continue, term()} | tuple() | term().
-type dbg_fun() :: fun((term(), term(), term()) -> done | term()).
-type format_fun() :: fun((term(), term(), term()) -> any()).
-type dbg_opt() :: {trace, true} | {log, term()} | {statistics, term()}
                 | {log_to_file, term()} | {term(), term()}.
-type debug_option() :: trace | log | {log, pos_integer()} | statistics | {log_to_file, term()}
                      | {install, {dbg_fun(), term()}} | {install, {term(), dbg_fun(), term()}}.

-define(DEFAULT_TIMEOUT, 5000).

-callback system_continue(Parent :: pid(), Debug :: [dbg_opt()], Misc :: term()) -> no_return().
-callback system_terminate(Reason :: term(), Parent :: pid(), Debug :: [dbg_opt()],
                           Misc :: term()) -> no_return().
-callback system_code_change(Misc :: term(), Module :: module(), OldVsn :: term(),
                             Extra :: term()) -> {ok, NewMisc :: term()} | term().
-callback system_get_state(Misc :: term()) -> {ok, State :: term()}.
-callback system_replace_state(StateFun :: fun((term()) -> term()), Misc :: term()) ->
    {ok, NState :: term(), NMisc :: term()}.

-optional_callbacks([system_get_state/1, system_replace_state/2]).

%%% Requests.

%% @doc Suspends a process: it answers system messages alone until it is resumed.
suspend(Name) -> send_system_msg(Name, suspend).

%% @doc The same, waiting at most so many milliseconds.
suspend(Name, Timeout) -> send_system_msg(Name, suspend, Timeout).

%% @doc Lets a suspended process go on.
resume(Name) -> send_system_msg(Name, resume).

%% @doc The same, waiting at most so many milliseconds.
resume(Name, Timeout) -> send_system_msg(Name, resume, Timeout).

%% @doc What is known of a process: {status, Pid, {module, Module}, [Dictionary, State, Parent, Debug, Misc]}.
get_status(Name) -> send_system_msg(Name, get_status).

%% @doc The same, waiting at most so many milliseconds.
get_status(Name, Timeout) -> send_system_msg(Name, get_status, Timeout).

%% @doc The state of a process; of a behaviour, that of its callback module. Fails if the process cannot give it.
get_state(Name) ->
    case send_system_msg(Name, get_state) of
        {ok, State} -> State;
        {error, Reason} -> error(Reason)
    end.

%% @doc The same, waiting at most so many milliseconds.
get_state(Name, Timeout) ->
    case send_system_msg(Name, get_state, Timeout) of
        {ok, State} -> State;
        {error, Reason} -> error(Reason)
    end.

%% @doc Replaces the state of a process by what a fun makes of it; gives the new one. Fails if the fun does.
replace_state(Name, Fun) ->
    case send_system_msg(Name, {replace_state, Fun}) of
        {ok, State} -> State;
        {error, Reason} -> error(Reason)
    end.

%% @doc The same, waiting at most so many milliseconds.
replace_state(Name, Fun, Timeout) ->
    case send_system_msg(Name, {replace_state, Fun}, Timeout) of
        {ok, State} -> State;
        {error, Reason} -> error(Reason)
    end.

%% @doc Makes a suspended process change its state for new code of a module; takes the old version and any term.
%% Gives ok or {error, Reason}.
change_code(Name, Module, Vsn, Extra) ->
    send_system_msg(Name, {change_code, Module, Vsn, Extra}).

%% @doc The same, waiting at most so many milliseconds.
change_code(Name, Module, Vsn, Extra, Timeout) ->
    send_system_msg(Name, {change_code, Module, Vsn, Extra}, Timeout).

%% @doc Makes a process end with a reason.
terminate(Name, Reason) -> send_system_msg(Name, {terminate, Reason}).

%% @doc The same, waiting at most so many milliseconds.
terminate(Name, Reason, Timeout) -> send_system_msg(Name, {terminate, Reason}, Timeout).

%% @doc Keeps the last events of a process: true (ten of them), {true, Number} or false; print shows them, get gives
%% them.
log(Name, Flag) -> send_system_msg(Name, {debug, {log, Flag}}).

%% @doc The same, waiting at most so many milliseconds.
log(Name, Flag, Timeout) -> send_system_msg(Name, {debug, {log, Flag}}, Timeout).

%% @doc Shows the events of a process as they happen, or no longer.
trace(Name, Flag) -> send_system_msg(Name, {debug, {trace, Flag}}).

%% @doc The same, waiting at most so many milliseconds.
trace(Name, Flag, Timeout) -> send_system_msg(Name, {debug, {trace, Flag}}, Timeout).

%% @doc Writes the events of a process to a file, or no longer if that is false. Gives {error, open_file}
%% if it cannot be opened.
log_to_file(Name, FileName) -> send_system_msg(Name, {debug, {log_to_file, FileName}}).

%% @doc The same, waiting at most so many milliseconds.
log_to_file(Name, FileName, Timeout) ->
    send_system_msg(Name, {debug, {log_to_file, FileName}}, Timeout).

%% @doc Counts what a process does: true or false; get gives {ok, Counts}, or {ok, no_statistics}.
statistics(Name, Flag) -> send_system_msg(Name, {debug, {statistics, Flag}}).

%% @doc The same, waiting at most so many milliseconds.
statistics(Name, Flag, Timeout) -> send_system_msg(Name, {debug, {statistics, Flag}}, Timeout).

%% @doc Ends all debugging of a process, with what install/2 has added.
no_debug(Name) -> send_system_msg(Name, {debug, no_debug}).

%% @doc The same, waiting at most so many milliseconds.
no_debug(Name, Timeout) -> send_system_msg(Name, {debug, no_debug}, Timeout).

%% @doc Gives each event of a process to a fun of its state, the event and the process's state: {Fun, State} or
%% {Id, Fun, State}. What the fun gives is its next state, or done.
install(Name, {Fun, State}) -> send_system_msg(Name, {debug, {install, {Fun, State}}});
install(Name, {Id, Fun, State}) -> send_system_msg(Name, {debug, {install, {Id, Fun, State}}}).

%% @doc The same, waiting at most so many milliseconds.
install(Name, {Fun, State}, Timeout) -> send_system_msg(Name, {debug, {install, {Fun, State}}}, Timeout);
install(Name, {Id, Fun, State}, Timeout) -> send_system_msg(Name, {debug, {install, {Id, Fun, State}}}, Timeout).

%% @doc Removes a fun that install/2 has added, by its identifier or itself.
remove(Name, FunOrId) -> send_system_msg(Name, {debug, {remove, FunOrId}}).

%% @doc The same, waiting at most so many milliseconds.
remove(Name, FunOrId, Timeout) -> send_system_msg(Name, {debug, {remove, FunOrId}}, Timeout).

send_system_msg(Name, Request) ->
    try gen:call(Name, system, Request) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, call_of(Name, Request, [])});
        error:Reason:Stack -> exit({{Reason, Stack}, call_of(Name, Request, [])})
    end.

send_system_msg(Name, Request, Timeout) ->
    try gen:call(Name, system, Request, Timeout) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, call_of(Name, Request, [Timeout])});
        error:Reason:Stack -> exit({{Reason, Stack}, call_of(Name, Request, [Timeout])})
    end.

%% The call that the user made, for the exit reason: where the request has no arguments of its own, the request itself
%% stands in the place of the function.
call_of(Name, {debug, {Function, Arg}}, Timeout) -> {?MODULE, Function, [Name, Arg | Timeout]};
call_of(Name, {change_code, Module, Vsn, Extra}, Timeout) ->
    {?MODULE, change_code, [Name, Module, Vsn, Extra | Timeout]};
call_of(Name, {terminate, Reason}, Timeout) -> {?MODULE, terminate, [Name, Reason | Timeout]};
call_of(Name, Request, Timeout) -> {?MODULE, Request, [Name | Timeout]}.

%%% The side of the process.

%% @doc For a process that got {system, From, Message}: does what the message asks for and goes on in its module's
%% system_continue/3 or system_terminate/4. Does not return.
handle_system_msg(Msg, From, Parent, Module, Debug, Misc) ->
    handle_system_msg(running, Msg, From, Parent, Module, Debug, Misc, false).

%% @doc The same; a suspended process hibernates if the last argument is true.
handle_system_msg(Msg, From, Parent, Module, Debug, Misc, Hibernate) ->
    handle_system_msg(running, Msg, From, Parent, Module, Debug, Misc, Hibernate).

handle_system_msg(SysState, Msg, From, Parent, Module, Debug, Misc, Hibernate) ->
    case do_cmd(SysState, Msg, Parent, Module, Debug, Misc) of
        {suspended, Reply, NewDebug, NewMisc} ->
            _ = gen:reply(From, Reply),
            suspend_loop(Parent, Module, NewDebug, NewMisc, Hibernate);
        {running, Reply, NewDebug, NewMisc} ->
            _ = gen:reply(From, Reply),
            Module:system_continue(Parent, NewDebug, NewMisc);
        {{terminating, Reason}, Reply, NewDebug, NewMisc} ->
            _ = gen:reply(From, Reply),
            Module:system_terminate(Reason, Parent, NewDebug, NewMisc)
    end.

%% A suspended process takes system messages and the end of its parent alone.
suspend_loop(Parent, Module, Debug, Misc, true) ->
    proc_lib:hibernate(?MODULE, suspend_loop_hib, [suspended, Parent, Module, Debug, Misc, true]);
suspend_loop(Parent, Module, Debug, Misc, Hibernate) ->
    suspend_loop_hib(suspended, Parent, Module, Debug, Misc, Hibernate).

suspend_loop_hib(SysState, Parent, Module, Debug, Misc, Hibernate) ->
    receive
        {system, From, Msg} ->
            handle_system_msg(SysState, Msg, From, Parent, Module, Debug, Misc, Hibernate);
        {'EXIT', Parent, Reason} ->
            Module:system_terminate(Reason, Parent, Debug, Misc)
    end.

do_cmd(_, suspend, _Parent, _Module, Debug, Misc) ->
    {suspended, ok, Debug, Misc};
do_cmd(_, resume, _Parent, _Module, Debug, Misc) ->
    {running, ok, Debug, Misc};
do_cmd(SysState, get_state, _Parent, Module, Debug, Misc) ->
    {SysState, get_state_of(Module, Misc), Debug, Misc};
do_cmd(SysState, {replace_state, Fun}, _Parent, Module, Debug, Misc) ->
    {Reply, NewMisc} = replace_state_of(Fun, Module, Misc),
    {SysState, Reply, Debug, NewMisc};
do_cmd(SysState, get_status, Parent, Module, Debug, Misc) ->
    {SysState, status(SysState, Parent, Module, Debug, Misc), Debug, Misc};
do_cmd(SysState, {debug, What}, _Parent, _Module, Debug, Misc) ->
    {Reply, NewDebug} = debug_cmd(What, Debug),
    {SysState, Reply, NewDebug, Misc};
do_cmd(_, {terminate, Reason}, _Parent, _Module, Debug, Misc) ->
    {{terminating, Reason}, ok, Debug, Misc};
do_cmd(suspended, {change_code, Module, Vsn, Extra}, _Parent, CallbackModule, Debug, Misc) ->
    {Reply, NewMisc} = do_change_code(CallbackModule, Module, Vsn, Extra, Misc),
    {suspended, Reply, Debug, NewMisc};
do_cmd(SysState, Other, _Parent, _Module, Debug, Misc) ->
    {SysState, {error, {unknown_system_msg, Other}}, Debug, Misc}.

get_state_of(Module, Misc) ->
    case erlang:function_exported(Module, system_get_state, 1) of
        true ->
            try
                {ok, State} = Module:system_get_state(Misc),
                {ok, State}
            catch
                Class:Reason -> {error, {callback_failed, {Module, system_get_state}, {Class, Reason}}}
            end;
        false ->
            {ok, Misc}
    end.

replace_state_of(Fun, Module, Misc) ->
    case erlang:function_exported(Module, system_replace_state, 2) of
        true ->
            try
                {ok, State, NewMisc} = Module:system_replace_state(Fun, Misc),
                {{ok, State}, NewMisc}
            catch
                Class:Reason ->
                    {{error, {callback_failed, {Module, system_replace_state}, {Class, Reason}}},
                     Misc}
            end;
        false ->
            try Fun(Misc) of
                NewMisc -> {{ok, NewMisc}, NewMisc}
            catch
                Class:Reason ->
                    {{error, {callback_failed, {?MODULE, replace_state}, {Class, Reason}}}, Misc}
            end
    end.

do_change_code(CallbackModule, Module, Vsn, Extra, Misc) ->
    case catch CallbackModule:system_code_change(Misc, Module, Vsn, Extra) of
        {ok, NewMisc} -> {ok, NewMisc};
        Else -> {{error, Else}, Misc}
    end.

status(SysState, Parent, Module, Debug, Misc) ->
    Dictionary = get(),
    Full = [Dictionary, SysState, Parent, Debug, Misc],
    Specific = case erlang:function_exported(Module, format_status, 2) of
                   true -> Module:format_status(normal, Full);
                   false -> Misc
               end,
    {status, self(), {module, Module}, [Dictionary, SysState, Parent, Debug, Specific]}.

%%% Debugging.
%%%
%%% The debug options of a process are a list of {Key, State}:
%%%   {trace, true}
%%%   {log, [Max | Entries]}           newest entry first
%%%   {statistics, {Start, {reductions, N}, In, Out}}
%%%   {log_to_file, Device}
%%%   {Fun, FunState} or {Id, {Fun, FunState}}

%% @doc Passes an event on to what debugs the process: takes its debug options, a function that writes an event to
%% a device, and a term for that; gives the new debug options.
handle_debug([{trace, true} = Option | Options], Format, Extra, Event) ->
    print_event(standard_io, {Event, Extra, Format}),
    [Option | handle_debug(Options, Format, Extra, Event)];
handle_debug([{log, [Max | Entries]} | Options], Format, Extra, Event) ->
    Kept = lists:sublist([{Event, Extra, Format} | Entries], Max),
    [{log, [Max | Kept]} | handle_debug(Options, Format, Extra, Event)];
handle_debug([{log_to_file, Device} = Option | Options], Format, Extra, Event) ->
    print_event(Device, {Event, Extra, Format}),
    [Option | handle_debug(Options, Format, Extra, Event)];
handle_debug([{statistics, Statistics} | Options], Format, Extra, Event) ->
    [{statistics, count(Event, Statistics)} | handle_debug(Options, Format, Extra, Event)];
handle_debug([{Id, {Fun, FunState}} | Options], Format, Extra, Event) ->
    case run_debug_fun(Fun, FunState, Event, Extra) of
        done -> handle_debug(Options, Format, Extra, Event);
        {ok, New} -> [{Id, {Fun, New}} | handle_debug(Options, Format, Extra, Event)]
    end;
handle_debug([{Fun, FunState} | Options], Format, Extra, Event) ->
    case run_debug_fun(Fun, FunState, Event, Extra) of
        done -> handle_debug(Options, Format, Extra, Event);
        {ok, New} -> [{Fun, New} | handle_debug(Options, Format, Extra, Event)]
    end;
handle_debug([], _Format, _Extra, _Event) ->
    [].

%% A fun that fails is removed like one that says it is done.
run_debug_fun(Fun, FunState, Event, Extra) ->
    try Fun(FunState, Event, Extra) of
        done -> done;
        New -> {ok, New}
    catch
        _:_ -> done
    end.

print_event(Device, {Event, Extra, {M, F}}) -> M:F(Device, Event, Extra);
print_event(Device, {Event, Extra, Format}) -> Format(Device, Event, Extra).

count(Event, {Start, Reductions, In, Out}) ->
    case is_tuple(Event) andalso tuple_size(Event) > 0 andalso element(1, Event) of
        in -> {Start, Reductions, In + 1, Out};
        out -> {Start, Reductions, In, Out + 1};
        _ -> {Start, Reductions, In, Out}
    end.

debug_cmd({trace, true}, Debug) ->
    {ok, put_option(trace, true, Debug)};
debug_cmd({trace, false}, Debug) ->
    {ok, drop_option(trace, Debug)};
debug_cmd({log, true}, Debug) ->
    debug_cmd({log, {true, 10}}, Debug);
debug_cmd({log, {true, Max}}, Debug) when is_integer(Max), Max > 0 ->
    {ok, put_option(log, [Max], Debug)};
debug_cmd({log, false}, Debug) ->
    {ok, drop_option(log, Debug)};
debug_cmd({log, print}, Debug) ->
    print_log(Debug),
    {ok, Debug};
debug_cmd({log, get}, Debug) ->
    {{ok, get_log(Debug)}, Debug};
debug_cmd({log_to_file, false}, Debug) ->
    {ok, close_log_file(Debug)};
debug_cmd({log_to_file, FileName}, Debug) ->
    Closed = close_log_file(Debug),
    case file:open(FileName, [write, {encoding, utf8}]) of
        {ok, Device} -> {ok, put_option(log_to_file, Device, Closed)};
        {error, _} -> {{error, open_file}, Closed}
    end;
debug_cmd({statistics, true}, Debug) ->
    {ok, put_option(statistics, start_statistics(), Debug)};
debug_cmd({statistics, false}, Debug) ->
    {ok, drop_option(statistics, Debug)};
debug_cmd({statistics, get}, Debug) ->
    {{ok, statistics_of(Debug)}, Debug};
debug_cmd(no_debug, Debug) ->
    _ = close_log_file(Debug),
    {ok, []};
debug_cmd({install, {Fun, FunState}}, Debug) ->
    {ok, put_option(Fun, FunState, Debug)};
debug_cmd({install, {Id, Fun, FunState}}, Debug) ->
    {ok, put_option(Id, {Fun, FunState}, Debug)};
debug_cmd({remove, FunOrId}, Debug) ->
    {ok, drop_option(FunOrId, Debug)};
debug_cmd(_Unknown, Debug) ->
    {unknown_debug, Debug}.

%% What is on already stays as it is.
put_option(Key, Value, Debug) ->
    case lists:keymember(Key, 1, Debug) of
        true -> Debug;
        false -> [{Key, Value} | Debug]
    end.

drop_option(Key, Debug) -> lists:keydelete(Key, 1, Debug).

log_entries(Debug) ->
    case lists:keyfind(log, 1, Debug) of
        {log, [_Max | Entries]} -> Entries;
        false -> []
    end.

%% @doc The logged events, oldest first.
get_log(Debug) ->
    lists:reverse([Event || {Event, _Extra, _Format} <- log_entries(Debug)]).

%% @doc Prints the events that the debug options have logged, oldest first.
print_log(Debug) ->
    lists:foreach(fun(Entry) -> print_event(standard_io, Entry) end,
                  lists:reverse(log_entries(Debug))).

%% @doc What debug options hold for a key, or the default.
get_debug(Key, Debug, Default) ->
    case lists:keyfind(Key, 1, Debug) of
        {log, _} -> get_log(Debug);
        {Key, Value} -> Value;
        false -> Default
    end.

close_log_file(Debug) ->
    case lists:keyfind(log_to_file, 1, Debug) of
        {log_to_file, Device} ->
            _ = file:close(Device),
            drop_option(log_to_file, Debug);
        false ->
            Debug
    end.

start_statistics() ->
    {erlang:localtime(), process_info(self(), reductions), 0, 0}.

statistics_of(Debug) ->
    case lists:keyfind(statistics, 1, Debug) of
        {statistics, {Start, {reductions, Before}, In, Out}} ->
            {reductions, Now} = process_info(self(), reductions),
            [{start_time, Start}, {current_time, erlang:localtime()}, {reductions, Now - Before},
             {messages_in, In}, {messages_out, Out}];
        false ->
            no_statistics
    end.

%% @doc What the option {debug, Options} of a behaviour stands for.
debug_options(Options) -> debug_options(Options, []).

debug_options([trace | Options], Debug) ->
    start_option({trace, true}, Options, Debug);
debug_options([log | Options], Debug) ->
    debug_options([{log, 10} | Options], Debug);
debug_options([{log, Max} | Options], Debug) when is_integer(Max), Max > 0 ->
    %% Of two logs the first counts.
    case lists:keymember(log, 1, Debug) of
        true -> debug_options(Options, Debug);
        false -> start_option({log, {true, Max}}, Options, Debug)
    end;
debug_options([statistics | Options], Debug) ->
    start_option({statistics, true}, Options, Debug);
debug_options([{log_to_file, FileName} | Options], Debug) ->
    start_option({log_to_file, FileName}, Options, Debug);
debug_options([{install, What} | Options], Debug) ->
    start_option({install, What}, Options, Debug);
debug_options([_Unknown | Options], Debug) ->
    debug_options(Options, Debug);
debug_options([], Debug) ->
    Debug.

start_option(Command, Options, Debug) ->
    {_, NewDebug} = debug_cmd(Command, Debug),
    debug_options(Options, NewDebug).
