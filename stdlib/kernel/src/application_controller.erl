%%% application_controller: the process that knows which applications are loaded
%%% and running, and how they are configured.
%%%
%%% kernel and stdlib are always there.
-module(application_controller).

-export([set_env/3, set_env/4, unset_env/2, get_env/2, get_all_env/1, get_key/2, get_all_key/1, get_loaded/1,
         is_running/1, loaded_applications/0, which_applications/0, load_application/1, unload_application/1,
         start_application/2, stop_application/1, get_application/1, get_application_module/1]).
-export([call/1, call/2, call_soon/1, load/1, awake/1, kernel_ended/1, get_master/1, reload/2, prep_config_change/0, config_change/1]).
-export([format_log/1, format_log/2]).

%%   loaded    [{Name, Keys}], newest first
%%   running   [{Name, Type, Master | none}], newest first
%%   starting  the start in progress, one at a time: {Master, Name, Type, From}
%%   queue     requests that wait for it
%%   absent    optional applications known not to be there
%%   denied    names that may not run now (application:permit/2, and `permissions' of kernel)
%%   waiting   [{Name, Type}] of those that were started meanwhile: they run as soon as they may
%%   held      [{Name, Type}] of those that ran until it was denied
-record(state, {loaded = [], running = [], starting = none, queue = [],
                absent = [], denied = [], waiting = [], held = []}).

%% What is loaded, and the environment of all applications, is in a table too, so that everybody reads it without a
%% question to this process: {{loaded, Name}, Keys} and {{env, Name, Key}, Value, IsPersistent}.
-define(TABLE, ac_tab).

%%% Asking the controller.

call(Request) -> call(Request, infinity).

call(Request, Timeout) -> ask(Request, Timeout, [?MODULE, made(Request), Timeout]).

%% As call/2, with a limit that nobody has named.
call_soon(Request) -> ask(Request, 5000, [?MODULE, made(Request)]).

ask(Request, Timeout, Made) ->
    Ref = erlang:monitor(process, ?MODULE),
    catch ?MODULE ! {request, {self(), Ref}, Request},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> exit({Reason, {gen_server, call, Made}})
    after Timeout ->
        erlang:demonitor(Ref, [flush]),
        exit({timeout, {gen_server, call, Made}})
    end.

%% A request as who failed to make it is told of it.
made({load, _, _, Application}) -> {load_application, Application};
made({unload, Name}) -> {unload_application, Name};
made({start, Name, Type}) -> {start_application, Name, Type};
made({stop, Name}) -> {stop_application, Name};
made({permit, Name, Permission}) -> {permit_application, Name, Permission};
made({missing, Name}) -> {is_running, Name};
made({set_env, [{Name, Key, Value}], Options}) -> {set_env, Name, Key, Value, Options};
made(Request) -> Request.

%% The process has its name and becomes the controller; the kernel runs with this master.
awake(Kernel) ->
    Loaded = [{Name, Keys} || Name <- [kernel, stdlib], {ok, Keys} <- [read_spec(Name)]],
    %% The table gets its name when it is complete.
    Filling = ets:new(ac_tab_filling, [named_table, protected, {read_concurrency, true}]),
    lists:foreach(fun({Name, Keys}) -> enter(Filling, Name, Keys) end, Loaded),
    ?TABLE = ets:rename(Filling, ?TABLE),
    loop(#state{loaded = Loaded,
                denied = [Name || [{_, Permissions, _}] <- [ets:lookup(?TABLE, {env, kernel, permissions})],
                                  {Name, false} <- Permissions],
                running = [{stdlib, permanent, none}, {kernel, permanent, Kernel}]}).

%%% What libraries ask the controller itself rather than the module application.

get_loaded(Name) ->
    case get_all_key(Name) of
        {ok, Keys} -> {true, description(Name, Keys)};
        undefined -> false
    end.

is_running(Name) -> lists:keymember(Name, 1, which_applications()).
loaded_applications() -> application:loaded_applications().
which_applications() -> application:which_applications().
load_application(Application) -> application:load(Application).
unload_application(Name) -> application:unload(Name).
start_application(Name, Type) -> application:start(Name, Type).
stop_application(Name) -> application:stop(Name).
get_application(Pid) -> application:get_application(Pid).
get_application_module(Module) -> application:get_application(Module).
get_key(Name, Key) -> application:get_key(Name, Key).
unset_env(Name, Key) -> application:unset_env(Name, Key).
set_env(Name, Key, Value, Options) -> application:set_env(Name, Key, Value, Options).

%% The older way to application:set_env/3.
set_env(Name, Key, Value) -> application:set_env(Name, Key, Value).

%% {ok, Value}, or undefined.
get_env(Name, Key) ->
    case lookup({env, Name, Key}) of
        [{_, Value, _}] -> {ok, Value};
        [] -> undefined
    end.

get_all_env(Name) ->
    _ = lookup({loaded, Name}),
    lists:sort([{Key, Value} || [Key, Value] <- ets:match(?TABLE, {{env, Name, '$1'}, '$2', '_'})]).

%% {ok, [{Key, Value}]} of a loaded application, or undefined. The environment is as it is now.
get_all_key(Name) ->
    case lookup({loaded, Name}) of
        [{_, Keys}] -> {ok, lists:keyreplace(env, 1, Keys, {env, get_all_env(Name)})};
        [] -> undefined
    end.

%% Before the first question there is no table.
lookup(Key) ->
    try ets:lookup(?TABLE, Key)
    catch
        error:badarg ->
            ready = call(ready),
            ets:lookup(?TABLE, Key)
    end.

%%% Reading specifications, in the process that asks.

%% {ok, IncludedApplications} when the application is loaded now. What a specification cannot be read as is told by
%% the error that this raises.
load(Application) ->
    try specification(Application) of
        {ok, Name, Keys} -> call({load, Name, Keys, Application});
        Error -> Error
    catch
        throw:{badstartspec, _} = Fault -> {error, Fault};
        error:Reason:Stack -> {error, {Reason, Stack}}
    end.

specification({application, Name, Keys}) when is_atom(Name), is_list(Keys) ->
    {ok, Name, complete(Keys)};
specification({application, Name, Keys}) when is_atom(Name) ->
    {error, {invalid_options, Keys}};
specification(Name) when is_atom(Name) ->
    case get_all_key(Name) of
        {ok, _} ->
            {error, {already_loaded, Name}};
        undefined ->
            case read_spec(Name) of
                {ok, Keys} -> {ok, Name, Keys};
                Error -> Error
            end
    end;
specification(Other) ->
    {error, {bad_application, Other}}.

%% The master of a running application, or undefined.
get_master(Name) ->
    case call({master, Name}) of
        {ok, Master} -> Master;
        undefined -> undefined
    end.

%% Exchanges the keys of a loaded application for those of a resource file.
reload(Name, File) ->
    case erl_prim_loader:get_file(File) of
        {ok, Bytes, _} ->
            case parse_spec(filename:basename(File), Bytes) of
                {ok, Keys} -> call({reload, Name, Keys});
                Error -> Error
            end;
        error -> {error, {"no such file or directory", File}}
    end.

%% The environments of the running applications, for config_change/1.
prep_config_change() ->
    [{Name, get_all_env(Name)} || {Name, _, _} <- call(which_applications)].

%% Tells the callback modules what has changed since.
config_change(Before) ->
    _ = [begin
             New = get_all_env(Name),
             Changed = [Pair || {Key, Value} = Pair <- New, {K, Old} <- Env, K =:= Key, Old =/= Value],
             Added = [Pair || {Key, _} = Pair <- New, not lists:keymember(Key, 1, Env)],
             Removed = [Key || {Key, _} <- Env, not lists:keymember(Key, 1, New)],
             changed(get_all_key(Name), Changed, Added, Removed)
         end || {Name, Env} <- Before],
    ok.

changed(_, [], [], []) -> ok;
changed({ok, Keys}, Changed, Added, Removed) ->
    case proplists:get_value(mod, Keys) of
        {Module, _} ->
            case erlang:function_exported(Module, config_change, 3) of
                true -> catch Module:config_change(Changed, Added, Removed);
                false -> ok
            end;
        _ -> ok
    end;
changed(undefined, _, _, _) -> ok.

read_spec(Name) ->
    FileName = atom_to_list(Name) ++ ".app",
    case code:where_is_file(FileName) of
        non_existing ->
            {error, {"no such file or directory", FileName}};
        Full ->
            {ok, Bytes, _} = erl_prim_loader:get_file(Full),
            parse_spec(FileName, Bytes)
    end.

parse_spec(FileName, Bytes) ->
    case swerl_file_terms:terms(Bytes) of
        {ok, [{application, Name, Keys}]} when is_atom(Name), is_list(Keys) ->
            {ok, complete(Keys)};
        {ok, [Other]} ->
            {error, {bad_application, Other}};
        {error, {_, file_io_server, invalid_unicode}} ->
            {error, "bad encoding"};
        {error, Fault} ->
            {error, {file:format_error(Fault), FileName}}
    end.

%% All keys, also those that the specification leaves out. Settings are pairs, and what starts is a module with its
%% argument, or nothing.
complete(Keys) ->
    Defaults = [{description, []}, {id, []}, {vsn, []}, {modules, []}, {maxP, infinity},
                {maxT, infinity}, {registered, []}, {included_applications, []},
                {optional_applications, []}, {applications, []}, {env, []}, {mod, []},
                {start_phases, undefined}],
    Complete = [{Key, proplists:get_value(Key, Keys, Default)} || {Key, Default} <- Defaults],
    {mod, Start} = lists:keyfind(mod, 1, Complete),
    case Start of
        [] -> ok;
        {Module, _} when is_atom(Module) -> ok;
        _ -> throw({badstartspec, Start})
    end,
    {env, Env} = lists:keyfind(env, 1, Complete),
    lists:foreach(fun({_, _}) -> ok end, Env),
    case lists:keyfind(included_applications, 1, Complete) of
        {_, Included} when length(Included) >= 0 -> Complete;
        {_, Included} -> error({case_clause, Included})
    end.

%%% The loop.

loop(State) ->
    receive
        {request, From, Request} ->
            loop(request(Request, From, State));
        {started, Master, Result} ->
            loop(started(Master, Result, State));
        {'EXIT', Pid, Reason} ->
            Pid =:= whereis(init) andalso exit(Reason),
            loop(ended(Pid, Reason, State));
        {init_stop, From, Ref} ->
            stop_all(State#state.running),
            From ! {Ref, stopped},
            loop(State#state{running = [Kernel || {kernel, _, _} = Kernel <- State#state.running]});
        _ ->
            loop(State)
    end.

request(Request, From, #state{starting = {_, _, _, _}, queue = Queue} = State)
  when element(1, Request) =:= start; element(1, Request) =:= permit ->
    %% One start at a time; the others wait.
    State#state{queue = Queue ++ [{Request, From}]};
request({start, Name, Type}, From, #state{loaded = Loaded} = State) ->
    {Name, Keys} = lists:keyfind(Name, 1, Loaded),
    case may_start(Name, proplists:get_value(optional_applications, Keys, []), State) of
        ok ->
            case lists:member(Name, State#state.denied) of
                false -> start(Name, Type, From, State);
                true ->
                    Waiting = lists:keystore(Name, 1, State#state.waiting, {Name, Type}),
                    answer(From, ok, State#state{waiting = Waiting})
            end;
        Error -> answer(From, Error, State)
    end;
request({permit, Name, true}, From, #state{denied = Denied, waiting = Waiting, held = Held} = State) ->
    case {lists:keyfind(Name, 1, Waiting), lists:keyfind(Name, 1, Held), is_loaded(Name, State)} of
        {{_, Type}, _, true} ->
            request({start, Name, Type}, From, State#state{denied = lists:delete(Name, Denied),
                                                           waiting = lists:keydelete(Name, 1, Waiting)});
        {false, {_, Type}, true} -> request({start, Name, Type}, From, State);
        {_, _, true} -> answer(From, ok, State#state{denied = lists:delete(Name, Denied)});
        {_, _, false} -> answer(From, {error, {not_loaded, Name}}, State)
    end;
request({permit, Name, false}, From, #state{denied = Denied, running = Running, held = Held} = State) ->
    case {lists:keyfind(Name, 1, Running), is_loaded(Name, State)} of
        {{_, Type, Master}, _} ->
            %% It is started again by whoever asks for it: only what does not run is denied.
            stop_master(Master),
            report_exit(Name, stopped, Type),
            answer(From, ok, State#state{running = lists:keydelete(Name, 1, Running),
                                         held = lists:keystore(Name, 1, Held, {Name, Type})});
        {false, true} -> answer(From, ok, State#state{denied = [Name | lists:delete(Name, Denied)]});
        {false, false} -> answer(From, {error, {not_loaded, Name}}, State)
    end;
request(Request, From, State) ->
    {Reply, NewState} = handle(Request, State),
    answer(From, Reply, NewState).

answer({Pid, Ref}, Reply, State) ->
    Pid ! {Ref, Reply},
    State.

handle({missing, Name}, State) ->
    %% With what is optional: all that is there is to be started first.
    {may_start(Name, [], State), State};
handle({load, Name, Keys, Original}, #state{loaded = Loaded} = State) ->
    case lists:keymember(Name, 1, Loaded) of
        true ->
            {{error, {already_loaded, Original}}, State};
        false ->
            {included_applications, Included} = lists:keyfind(included_applications, 1, Keys),
            enter(?TABLE, Name, Keys),
            {{ok, Included}, State#state{loaded = [{Name, Keys} | Loaded]}}
    end;
handle({reload, Name, Keys}, #state{loaded = Loaded} = State) ->
    case lists:keymember(Name, 1, Loaded) of
        true ->
            true = ets:match_delete(?TABLE, {{env, Name, '_'}, '_', false}),
            enter(?TABLE, Name, Keys),
            {ok, State#state{loaded = lists:keyreplace(Name, 1, Loaded, {Name, Keys})}};
        false -> {{error, {not_loaded, Name}}, State}
    end;
handle({unload, Name}, #state{loaded = Loaded, running = Running} = State) ->
    case {lists:keymember(Name, 1, Running), lists:keymember(Name, 1, Loaded)} of
        {true, _} -> {{error, {running, Name}}, State};
        {false, false} -> {{error, {not_loaded, Name}}, State};
        {false, true} ->
            {_, Keys} = lists:keyfind(Name, 1, Loaded),
            %% What it includes goes along.
            {ok, lists:foldl(fun forget/2, State, [Name | proplists:get_value(included_applications, Keys)])}
    end;
handle({stop, Name}, #state{running = Running} = State) ->
    case lists:keyfind(Name, 1, Running) of
        {Name, Type, Master} ->
            stop_master(Master),
            report_exit(Name, stopped, Type),
            {ok, State#state{running = lists:keydelete(Name, 1, Running)}};
        false ->
            case lists:keytake(Name, 1, State#state.held) of
                {value, _, Held} -> {ok, State#state{held = Held}};
                false -> {{error, {not_started, Name}}, State}
            end
    end;
handle(info, #state{running = Running, waiting = Waiting, held = Held, starting = Starting} = State) ->
    Known = [{started, [{Name, Type} || {Name, Type, _} <- Running] ++ Held},
             {start_p_false, [{Name, Type, normal, undefined} || {Name, Type} <- Waiting]},
             {running, [{Name, case Master of none -> undefined; _ -> Master end} || {Name, _, Master} <- Running]},
             {starting, [{Name, Type, normal, From} || {_, Name, Type, From} <- [Starting]]}],
    {Known, State};
handle({absent, Name}, #state{absent = Absent} = State) ->
    {ok, State#state{absent = [Name | Absent]}};
handle(which_applications, #state{running = Running} = State) ->
    {[describe(Name, State) || {Name, _, _} <- Running], State};
handle(loaded_applications, #state{loaded = Loaded} = State) ->
    {[describe(Name, State) || {Name, _} <- Loaded], State};
handle(ready, State) ->
    {ready, State};
handle({set_env, [{_, Env} | _] = Config, Options}, State) when is_list(Env) ->
    {set(Options, [{Name, Key, Value} || {Name, Env1} <- Config, {Key, Value} <- Env1]), State};
handle({set_env, Settings, Options}, State) ->
    {set(Options, Settings), State};
handle({unset_env, Name, Key, _Options}, State) ->
    true = ets:delete(?TABLE, {env, Name, Key}),
    {ok, State};
handle({application_of_leader, Leader}, #state{running = Running, starting = Starting} = State) ->
    case {lists:keyfind(Leader, 3, Running), Starting} of
        {{Name, _, _}, _} -> {{ok, Name}, State};
        {false, {Leader, Name, _, _}} -> {{ok, Name}, State};
        _ -> {undefined, State}
    end;
handle({start_type_of_leader, Leader}, #state{running = Running, starting = Starting} = State) ->
    case {lists:keymember(Leader, 3, Running), Starting} of
        {true, _} -> {local, State};
        {false, {Leader, _, _, _}} -> {normal, State};
        _ -> {undefined, State}
    end;
handle({application_of_module, Module}, #state{loaded = Loaded} = State) ->
    case [Name || {Name, Keys} <- Loaded,
                  lists:member(Module, proplists:get_value(modules, Keys))] of
        [Name | _] -> {{ok, Name}, State};
        [] -> {undefined, State}
    end;
handle({master, Name}, #state{running = Running} = State) ->
    case lists:keyfind(Name, 1, Running) of
        {Name, _, Master} when is_pid(Master) -> {{ok, Master}, State};
        _ -> {undefined, State}
    end.

set(Options, Settings) ->
    Persistent = lists:member({persistent, true}, Options),
    true = ets:insert(?TABLE, [{{env, Name, Key}, Value, Persistent} || {Name, Key, Value} <- Settings]),
    ok.

is_loaded(Name, #state{loaded = Loaded}) -> lists:keymember(Name, 1, Loaded).

forget(Name, #state{loaded = Loaded} = State) ->
    true = ets:delete(?TABLE, {loaded, Name}),
    true = ets:match_delete(?TABLE, {{env, Name, '_'}, '_', '_'}),
    State#state{loaded = lists:keydelete(Name, 1, Loaded)}.

describe(Name, #state{loaded = Loaded}) ->
    {Name, Keys} = lists:keyfind(Name, 1, Loaded),
    description(Name, Keys).

description(Name, Keys) ->
    {Name, proplists:get_value(description, Keys), proplists:get_value(vsn, Keys)}.

%%% Environment: the specification, then -config files, then the command line.
%%% What was set to stay is not touched.

enter(Table, Name, Keys) ->
    ets:insert(Table, {{loaded, Name}, Keys}),
    Given = proplists:get_value(env, Keys) ++ swerl_application_config:env(Name) ++ command_line_env(Name),
    lists:foreach(fun({Key, Value}) ->
                          case ets:lookup(Table, {env, Name, Key}) of
                              [{_, _, true}] -> ok;
                              _ -> ets:insert(Table, {{env, Name, Key}, Value, false})
                          end
                  end, Given).

command_line_env(Name) ->
    case init:get_argument(Name) of
        {ok, Groups} -> lists:append([pairs(Group) || Group <- Groups]);
        error -> []
    end.

pairs([Key, Value | Rest]) ->
    case swerl_application_config:value(Value) of
        {ok, Term} -> [{list_to_atom(Key), Term} | pairs(Rest)];
        {error, _} -> pairs(Rest)
    end;
pairs(_) ->
    [].

%%% Starting.

%% Whether all that an application needs runs, but for what may be left out.
may_start(Name, Optional, #state{loaded = Loaded, running = Running, absent = Absent}) ->
    case lists:keymember(Name, 1, Running) of
        true ->
            {error, {already_started, Name}};
        false ->
            {Name, Keys} = lists:keyfind(Name, 1, Loaded),
            Needs = proplists:get_value(applications, Keys),
            case [Need || Need <- Needs, not lists:keymember(Need, 1, Running),
                          not lists:member(Need, Absent), not lists:member(Need, Optional)] of
                [] -> ok;
                [Need | _] -> {error, {not_started, Need}}
            end
    end.

start(Name, Type, From, #state{loaded = Loaded, running = Running, held = Held} = State0) ->
    State = State0#state{held = lists:keydelete(Name, 1, Held)},
    {Name, Keys} = lists:keyfind(Name, 1, Loaded),
    case proplists:get_value(mod, Keys) of
        [] ->
            %% A library has nothing to start.
            report_progress(Name),
            answer(From, ok, State#state{running = [{Name, Type, none} | Running]});
        {application_starter, [Module, Args]} = Starter ->
            case proplists:get_value(start_phases, Keys) of
                undefined -> start_master(Name, Type, From, Starter, [], State);
                _ ->
                    Phases = phases(Keys),
                    Calls = lists:append([phase_calls(Phase, Name, Loaded) || {Phase, _} <- Phases]),
                    start_master(Name, Type, From, {Module, Args}, Calls, State)
            end;
        {Module, _} = Start ->
            Calls = [{Module, Phase, PhaseArgs} || {Phase, PhaseArgs} <- phases(Keys)],
            start_master(Name, Type, From, Start, Calls, State)
    end.

%% The start phases, where they are a list of such: nobody has looked at them before.
phases(Keys) ->
    case proplists:get_value(start_phases, Keys) of
        Phases when length(Phases) >= 0 -> Phases;
        _ -> []
    end.

start_master(Name, Type, From, {Module, Args}, PhaseCalls, State) ->
    Master = application_master:start(self(), Module, Args, PhaseCalls),
    State#state{starting = {Master, Name, Type, From}}.

%% Who is called in a start phase: the application, then those that it includes, where they have that phase.
phase_calls(Phase, Name, Loaded) ->
    {Name, Keys} = lists:keyfind(Name, 1, Loaded),
    {Module, Included} = case proplists:get_value(mod, Keys) of
                             {application_starter, [Inner, _]} -> {Inner, proplists:get_value(included_applications, Keys)};
                             {Own, _} -> {Own, []};
                             [] -> {none, []}
                         end,
    [{Module, Phase, Args} || {P, Args} <- phases(Keys), P =:= Phase, Module =/= none]
        ++ lists:append([phase_calls(Phase, Other, Loaded) || Other <- Included]).

started(Master, Result, #state{starting = {Master, Name, Type, From},
                               running = Running} = State) ->
    NewState = case Result of
                   ok ->
                       report_progress(Name),
                       State#state{running = [{Name, Type, Master} | Running]};
                   {error, Reason} ->
                       report_exit(Name, Reason, Type),
                       State
               end,
    Answered = answer(From, Result, NewState#state{starting = none}),
    %% The caller has its answer even if the system goes down.
    _ = case Result of
            {error, Failed} when Type =:= permanent -> take_down(application_start_failure, Name, Failed, Running);
            {error, {{'EXIT', normal}, _}} -> ok;
            {error, Failed} when Type =:= transient -> take_down(application_start_failure, Name, Failed, Running);
            _ -> ok
        end,
    next(Answered);
started(_Master, _Result, State) ->
    State.

next(#state{queue = [{Request, From} | Queue]} = State) ->
    request(Request, From, State#state{queue = Queue});
next(State) ->
    State.

%%% Stopping.

stop_master(none) -> ok;
stop_master(Master) ->
    unlink(Master),
    application_master:stop(Master).

%% All but the kernel, which says what is still to be said.
stop_all(Running) ->
    _ = [stop_master(Master) || {Name, _, Master} <- Running, Name =/= kernel],
    ok.

%% An application that the system cannot do without takes it down.
ended(Master, Reason, #state{starting = {Master, _, _, _}} = State) ->
    started(Master, {error, Reason}, State);
ended(Master, Reason, #state{running = Running} = State) ->
    case lists:keyfind(Master, 3, Running) of
        {Name, Type, Master} ->
            report_exit(Name, Reason, Type),
            case Type =:= permanent orelse (Type =:= transient andalso Reason =/= normal) of
                true -> take_down(application_terminated, Name, Reason, Running);
                false -> ok
            end,
            State#state{running = lists:keydelete(Master, 3, Running)};
        false ->
            State
    end.

%% The other applications are stopped. That this process has ended is known to init, which ends the system.
take_down(What, Name, Reason, Running) ->
    stop_all(lists:keydelete(Name, 1, Running)),
    give_up(What, Name, Reason).

%% The kernel has ended before there was anything to control.
kernel_ended(Reason) -> give_up(application_terminated, kernel, Reason).

-spec give_up(atom(), atom(), term()) -> no_return().
give_up(What, Name, Reason) ->
    exit(lists:flatten(io_lib:format("~tw", [{What, Name, Reason}]))).

report_progress(Name) ->
    report(info, #{label => {?MODULE, progress}, report => [{application, Name}, {started_at, node()}]},
           #{mfa => {?MODULE, info_started, 2}, file => ?FILE, line => ?LINE, domain => [otp, sasl], logger_formatter => #{title => "PROGRESS REPORT"},
             error_logger => #{tag => info_report, type => progress, report_cb => fun ?MODULE:format_log/1}}).

report_exit(Name, Reason, Type) ->
    report(notice, #{label => {?MODULE, exit}, report => [{application, Name}, {exited, Reason}, {type, Type}]},
           #{mfa => {?MODULE, info_exited, 3}, file => ?FILE, line => ?LINE, domain => [otp], error_logger => #{tag => info_report, type => std_info, report_cb => fun ?MODULE:format_log/1}}).

report(Level, Report, Meta) ->
    Known = #{pid => self(), gl => group_leader(), time => logger:timestamp(), report_cb => fun ?MODULE:format_log/2},
    logger:log(Level, Report, maps:merge(Known, Meta)).

%% @doc The format and arguments of a report, for error_logger.
format_log(#{report := Report}) ->
    {Format, Args} = logger:format_report(Report),
    {Format ++ "~n", Args}.

%% @doc The text of a report.
format_log(#{report := Items}, Extra) ->
    Options = maps:merge(#{depth => unlimited, chars_limit => unlimited, single_line => false}, Extra),
    Limits = case Options of
                 #{chars_limit := unlimited} -> [];
                 #{chars_limit := Limit} -> [{chars_limit, Limit}]
             end,
    {Formats, Args} = lists:unzip([format_item(Item, Options) || Item <- Items]),
    Format = case Options of
                 #{single_line := true} -> lists:append(lists:join(" ", Formats));
                 _ -> lists:append(Formats)
             end,
    io_lib:format(Format, lists:append(Args), Limits).

format_item({Key, Value}, #{single_line := IsSingle, depth := Depth}) ->
    {Letter, Args} = case Depth of
                         unlimited -> {"p", [Value]};
                         _ -> {"P", [Value, Depth]}
                     end,
    case IsSingle of
        true -> {string:titlecase(string:replace(atom_to_list(Key), "_", " ")) ++ ": ~0t" ++ Letter ++ ".", Args};
        false -> {"    " ++ atom_to_list(Key) ++ ": ~t" ++ Letter ++ "~n", Args}
    end.
