%%% The processes of the application kernel.
%%%
%%% A user expects a tree of supervisors and servers with well-known names, and a script wants to start
%%% without loading any of that. So the processes are there from the beginning, asleep: each hibernates until
%%% its first message, and only then becomes the supervisor or server that it stands for.
-module(kernel).
-behaviour(application).
-behaviour(supervisor).

-export([start_asleep/0, wake/1, child/1]).
-export([start/2, stop/1, config_change/3, init/1]).

%% Each with what it becomes. Those that are idle have a name in OTP and nothing to serve here.
-define(ASLEEP, [{application_controller, {own, application_controller}},
                 {kernel_sup, {supervisor, kernel}},
                 {rex, {gen_server, rpc}},
                 {global_name_server, {own, global}},
                 {global_group, idle},
                 {global_group_check, idle},
                 {file_server_2, {gen_server, file_server}},
                 {erl_signal_server, {own, erl_signal_handler}},
                 {standard_error_sup, idle},
                 {kernel_refc, idle},
                 {kernel_safe_sup, {supervisor, kernel}},
                 {logger_sup, {supervisor, kernel}},
                 {logger_handler_watcher, idle},
                 {logger_proxy, {own, logger_server}},
                 {logger_std_h_default, {own, logger_std_h}},
                 {erl_prim_loader, idle},
                 {erts_code_purger, idle},
                 {socket_registry, idle}]).

%% @doc Starts the processes. They die with the caller, which is init.
start_asleep() ->
    Ancestors = [self()],
    _ = [register(Name, spawn_link(fun() -> asleep(Name, Kind, Ancestors) end)) || {Name, Kind} <- ?ASLEEP],
    ok.

asleep(Name, Kind, Ancestors) ->
    process_flag(trap_exit, true),
    put('$ancestors', Ancestors),
    put('$initial_call', initial_call(Kind)),
    erlang:hibernate(?MODULE, wake, [{Name, Kind}]).

initial_call({supervisor, Module}) -> {supervisor, Module, 1};
initial_call({gen_server, Module}) -> {Module, init, 1};
initial_call({own, Module}) -> {Module, init, 1};
initial_call(idle) -> {?MODULE, wake, 1}.

%% Another library's supervisor starts its children, as it thinks, and says so to the log.
become_supervisor(Name, Module, Args) ->
    {ok, State} = supervisor:init({Name, Module, Args}),
    gen_server:enter_loop(supervisor, [], State, Name).

%% @doc What a process does when its first message has come, which is still to be received.
wake({Name, {supervisor, Module}}) ->
    case code:ensure_loaded(supervisor) of
        {module, supervisor} ->
            case erlang:function_exported(supervisor, adopt, 3) of
                true -> supervisor:adopt({local, Name}, Module, Name);
                false -> become_supervisor({local, Name}, Module, Name)
            end
    end;
wake({Name, {gen_server, Module}}) ->
    {ok, State} = Module:init([]),
    gen_server:enter_loop(Module, [], State, {local, Name});
wake({Name, {own, Module}}) ->
    Module:awake(Name);
wake({_, idle} = Process) ->
    receive
        {'EXIT', Pid, Reason} ->
            case get('$ancestors') of
                [Pid] -> exit(Reason);
                _ -> erlang:hibernate(?MODULE, wake, [Process])
            end;
        _ -> erlang:hibernate(?MODULE, wake, [Process])
    end.

%%% The application, for those who start it by its callbacks.

%% @doc The supervisor runs already.
start(_, _) -> {ok, whereis(kernel_sup), []}.

%% @doc The system is going down.
stop(_) -> ok.

%% @doc What changed in the environment of the application is of interest to the logger.
config_change(Changed, New, _Removed) ->
    _ = [logger:set_primary_config(level, Level) || {logger_level, Level} <- Changed ++ New],
    ok.

%% @doc The children of a supervisor of the application: those that run, by name.
init(kernel_sup) ->
    {ok, {#{strategy => one_for_all, intensity => 0, period => 1},
          running([{code_server, code_server, worker, [code]}, {rex, rex, worker, [rpc]},
                   {global_name_server, global_name_server, worker, [global]},
                   {net_sup, net_sup, supervisor, [erl_distribution]},
                   {global_group, global_group, worker, [global_group]},
                   {file_server_2, file_server_2, worker, [file, file_server, file_io_server, prim_file]},
                   {erl_signal_server, erl_signal_server, worker, dynamic},
                   {standard_error, standard_error_sup, supervisor, [standard_error]},
                   {user, user, supervisor, [user_sup]},
                   {kernel_refc, kernel_refc, worker, [kernel_refc]},
                   {kernel_safe_sup, kernel_safe_sup, supervisor, [?MODULE]},
                   {logger_sup, logger_sup, supervisor, [logger_sup]}])}};
init(kernel_safe_sup) ->
    {ok, {#{strategy => one_for_one, intensity => 4, period => 3600}, []}};
init(logger_sup) ->
    {ok, {#{strategy => one_for_one, intensity => 1, period => 10},
          running([{logger_handler_watcher, logger_handler_watcher, worker, [logger_handler_watcher]},
                   {logger_proxy, logger_proxy, worker, [logger_proxy]},
                   {logger_std_h_default, logger_std_h_default, worker, [logger_std_h]}])}}.

%% Children that are not started by the supervisor, but are there.
running(Children) ->
    [#{id => Id, start => {?MODULE, child, [Name]}, restart => temporary, shutdown => 2000, type => Type,
       modules => Modules} || {Id, Name, Type, Modules} <- Children].

child(Name) ->
    case whereis(Name) of
        undefined -> ignore;
        Pid -> {ok, Pid}
    end.
