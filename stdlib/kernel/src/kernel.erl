%%% The processes of the application kernel.
%%%
%%% A user expects a tree of supervisors and servers with well-known names, and a script wants to start
%%% without loading any of that. So the processes are there from the beginning, asleep: each hibernates until
%%% its first message, and only then becomes the supervisor or server that it stands for.
-module(kernel).
-behaviour(application).
-behaviour(supervisor).

-export([start_asleep/1, start_idle/1, wake/1, leave/1, adopted/1]).
-export([start/2, stop/1, config_change/3, init/1]).
-export([handle_call/3, handle_cast/2, handle_info/2]).

%% A process that is asleep at first:
%%   id       what its supervisor calls it
%%   name     the name it is registered by, or none
%%   kind     what it becomes: {gen_server, Module}; {own, Module}, whose function awake/1 it calls; supervisor; idle: it
%%            has a name in OTP and nothing to serve here; given: what init says; {keeper, Name}: starts a process that
%%            init says anew when it ends; none: there is no such process
%%   initial  the call that it was started by, as proc_lib tells it
%% and, of a child of a supervisor, what the supervisor knows of it.
-record(asleep, {id, name, kind = idle, initial, start, restart = permanent, shutdown = 2000, type = worker, modules}).

%% The children of a supervisor, in the order of their start.
children(kernel_sup) ->
    [#asleep{id = code_server, name = code_server, kind = given, start = {code, start_link, []}, modules = [code]},
     server(inet_db, idle, {inet_db, init, 1}, {inet_db, start_link, []}, [inet_db]),
     server(rex, {gen_server, rpc}, {rpc, init, 1}, {rpc, start_link, []}, [rpc]),
     server(global_name_server, {own, global}, {global, init, 1}, {global, start_link, []}, [global]),
     #asleep{id = net_sup, kind = none, start = {erl_distribution, start_link, []}, shutdown = infinity,
             type = supervisor, modules = [erl_distribution]},
     server(global_group, {idle, global_group_check}, {global_group, init, 1}, {global_group, start_link, []}, [global_group]),
     server(file_server_2, {gen_server, file_server}, {file_server, init, 1}, {file_server, start_link, []},
            [file, file_server, file_io_server, prim_file]),
     server(erl_signal_server, {own, erl_signal_handler}, {gen_event, init_it, 6},
            {gen_event, start_link, [{local, erl_signal_server}]}, dynamic),
     #asleep{id = standard_error, name = standard_error_sup, kind = {keeper, standard_error},
             initial = {supervisor_bridge, standard_error, 1}, start = {standard_error, start_link, []},
             restart = temporary, type = supervisor, modules = [standard_error]},
     #asleep{id = user, name = none, kind = {keeper, user}, initial = {supervisor_bridge, user_sup, 1},
             start = {user_sup, start, []}, restart = temporary, type = supervisor, modules = [user_sup]},
     #asleep{id = kernel_config, name = none, initial = {kernel_config, init, 1}, start = {kernel_config, start_link, []},
             modules = [kernel_config]},
     server(kernel_refc, idle, {kernel_refc, init, 1}, {kernel_refc, start_link, []}, [kernel_refc]),
     supervisor(kernel_safe_sup, {supervisor, kernel, 1}, {supervisor, start_link, [{local, kernel_safe_sup}, kernel, safe]},
                [kernel]),
     supervisor(logger_sup, {supervisor, logger_sup, 1}, {logger_sup, start_link, []}, [logger_sup])];
children(kernel_safe_sup) ->
    [];
children(logger_sup) ->
    [(server(logger_handler_watcher, idle, {logger_handler_watcher, init, 1}, {?MODULE, start_idle, [logger_handler_watcher]},
             [logger_handler_watcher]))#asleep{shutdown = brutal_kill},
     (server(logger_proxy, {own, logger_server}, {logger_olp, init, 1}, {logger_proxy, start_link, []},
             [logger_proxy]))#asleep{restart = temporary},
     #asleep{id = default, name = logger_std_h_default, kind = {own, logger_std_h}, initial = {logger_olp, init, 1},
             start = {logger_olp, start_link, []}, restart = temporary, modules = [logger_h_common]}].

server(Name, Kind, Initial, Start, Modules) ->
    #asleep{id = Name, name = Name, kind = Kind, initial = Initial, start = Start, modules = Modules}.

supervisor(Name, Initial, Start, Modules) ->
    #asleep{id = Name, name = Name, kind = supervisor, initial = Initial, start = Start, shutdown = infinity,
            type = supervisor, modules = Modules}.

flags(kernel_sup) -> {one_for_all, 0, 1};
flags(kernel_safe_sup) -> {one_for_one, 4, 3600};
flags(logger_sup) -> {one_for_one, 1, 10}.

%%% Starting.

%% @doc Starts the processes, for init, which says how some are started: [{Name, {TrapsExits, Module, Function, Args}}].
%% The answer is those without which there is no system: {System, Kernel}, each [{Pid, Name}].
start_asleep(Given) ->
    Init = self(),
    System = [{start_idle(Name, undefined), Name} || Name <- [erts_code_purger, socket_registry]],
    Loader = start_idle(erl_prim_loader, undefined),
    Master = spawn_link(fun() -> master(Init, Given) end),
    Controller = spawn_link(fun() ->
                                    link(Master),
                                    asleep({application_controller, start, 1}, [Init], {controller, Master})
                            end),
    register(application_controller, Controller),
    receive {Master, ready} -> ok end,
    {System, [{Loader, erl_prim_loader}, {Controller, application_controller}]}.

%% @doc Starts a process that has a name and nothing to do, linked to the caller.
start_idle(Name) -> {ok, start_idle(Name, {Name, init, 1})}.

start_idle(Name, Initial) ->
    Ancestors = case Initial of undefined -> undefined; _ -> ancestors() end,
    Pid = spawn_link(fun() -> asleep(Initial, Ancestors, {idle, Name}) end),
    register(Name, Pid),
    Pid.

ancestors() ->
    Me = case process_info(self(), registered_name) of
             {registered_name, Name} -> Name;
             [] -> self()
         end,
    case get('$ancestors') of
        undefined -> [Me];
        Others -> [Me | Others]
    end.

asleep(Initial, Ancestors, Becomes) ->
    process_flag(trap_exit, true),
    _ = Initial =:= undefined orelse put('$initial_call', Initial),
    _ = Ancestors =:= undefined orelse put('$ancestors', Ancestors),
    erlang:hibernate(?MODULE, wake, [Becomes]).

%% The application itself: its master is the group leader of all the others. A child of the master has started the
%% supervisor.
master(Init, Given) ->
    Master = self(),
    group_leader(Master, Master),
    Top = spawn_link(fun() -> top(Master, Given) end),
    receive
        {Top, Supervisor} ->
            Init ! {Master, ready},
            asleep({application_master, init, 4}, [Init], {master, Top, Supervisor})
    end.

top(Master, Given) ->
    Sup = supervisor(kernel_sup, {supervisor, ?MODULE, 1}, none, [?MODULE]),
    Supervisor = start_child(Sup, [self()], Given),
    Master ! {self(), Supervisor},
    asleep(undefined, undefined, {top, Master, Supervisor}).

start_child(#asleep{kind = none}, _, _) ->
    undefined;
start_child(#asleep{name = Name, kind = given}, _, Given) ->
    start_given(Name, Given);
start_child(#asleep{name = Name, kind = Kind, initial = Initial}, Ancestors, Given) ->
    Parent = self(),
    Pid = spawn_link(fun() -> child(Kind, Name, Initial, Ancestors, Parent, Given) end),
    _ = Name =:= none orelse register(Name, Pid),
    case Kind of
        {own, _} -> ok;
        {gen_server, _} -> ok;
        idle -> ok;
        _ -> receive {Pid, ready} -> ok end
    end,
    Pid.

%% What a child does before it falls asleep: some have children of their own.
child(supervisor, Name, Initial, Ancestors, Parent, Given) ->
    Pids = [{Id, start_child(Child, [Name | Ancestors], Given)} || #asleep{id = Id} = Child <- children(Name)],
    Parent ! {self(), ready},
    asleep(Initial, Ancestors, {supervisor, Name, Pids});
child({keeper, Kept}, _, Initial, Ancestors, Parent, Given) ->
    Pid = start_given(Kept, Given),
    Parent ! {self(), ready},
    asleep(Initial, Ancestors, {keeper, {Kept, Given, Pid}});
child({idle, Helper}, Name, Initial, Ancestors, Parent, _) ->
    _ = start_idle(Helper, undefined),
    Parent ! {self(), ready},
    asleep(Initial, Ancestors, {idle, Name});
child(Kind, Name, Initial, Ancestors, _, _) ->
    asleep(Initial, Ancestors, {Kind, Name}).

start_given(Name, Given) ->
    {TrapsExits, Module, Function, Args} = given(Name, Given),
    Pid = spawn_link(fun() ->
                             process_flag(trap_exit, TrapsExits),
                             erlang:hibernate(Module, Function, Args)
                     end),
    register(Name, Pid),
    Pid.

given(Name, [{Name, How} | _]) -> How;
given(Name, [_ | Given]) -> given(Name, Given).

%%% Waking.

%% @doc What a process does when its first message has come, which is still to be received.
wake({supervisor, Name, Started}) ->
    {module, supervisor} = code:ensure_loaded(supervisor),
    Pids = [Child || {_, Pid} = Child <- Started, not is_gone(Pid)],
    case erlang:function_exported(supervisor, adopt, 4) of
        true ->
            supervisor:adopt({local, Name}, ?MODULE, Name, Pids);
        false ->
            %% Another library's supervisor starts its children, as it thinks.
            {ok, State} = supervisor:init({{local, Name}, ?MODULE, {adopted, Name, Pids}}),
            gen_server:enter_loop(supervisor, [], State, {local, Name})
    end;
wake({{gen_server, Module}, Name}) ->
    {ok, State} = Module:init([]),
    gen_server:enter_loop(Module, [], State, {local, Name});
wake({{own, Module}, Name}) ->
    Module:awake(Name);
wake({controller, Master}) ->
    case whereis(code_server) of
        undefined -> receive {'EXIT', Master, Reason} -> application_controller:kernel_ended(Reason) end;
        _ -> application_controller:awake(Master)
    end;
wake({master, Top, Supervisor}) ->
    application_master:awake(whereis(application_controller), Top, Supervisor);
wake({top, Master, Supervisor}) ->
    application_master:awake_child(Master, ?MODULE, Supervisor);
wake({keeper, Kept}) ->
    gen_server:enter_loop(?MODULE, [], Kept);
wake({idle, Name}) ->
    case get('$initial_call') of
        undefined -> idle();
        _ when Name =:= none -> gen_server:enter_loop(?MODULE, [], idle);
        _ -> gen_server:enter_loop(?MODULE, [], idle, {local, Name})
    end.

%% Whether a process has taken its leave; of those that have just ended, the supervisor is to be told.
is_gone(undefined) -> false;
is_gone(Pid) ->
    {links, Links} = process_info(self(), links),
    not is_process_alive(Pid) andalso not lists:member(Pid, Links) andalso not is_told(Pid).

is_told(Pid) ->
    {messages, Messages} = process_info(self(), messages),
    lists:any(fun({'EXIT', From, _}) -> From =:= Pid; (_) -> false end, Messages).

%% @doc The calling process leaves its supervisor, which need not wake up for that.
leave(Supervisor) ->
    case process_info(whereis(Supervisor), current_function) of
        {current_function, {erlang, hibernate, 3}} -> unlink(whereis(Supervisor));
        _ -> true
    end.

%% Those that are no servers in OTP either. They end with init.
idle() ->
    receive
        {'EXIT', Pid, Reason} ->
            Pid =:= whereis(init) andalso exit(Reason),
            idle();
        _ -> idle()
    end.

%% @doc What a server is asked that keeps another process, or that is idle.
handle_call(which_children, _From, State) -> {reply, [], State};
handle_call(_Request, _From, State) -> {reply, {error, badcall}, State}.

%% @doc Nothing is expected.
handle_cast(_Request, State) -> {noreply, State}.

%% @doc A process that is kept has ended: another one takes its place.
handle_info({'EXIT', Pid, _}, {Name, Given, Pid}) ->
    New = start_given(Name, Given),
    _ = Name =:= user andalso is_known(New),
    {noreply, {Name, Given, New}};
handle_info(_Message, State) -> {noreply, State}.

%% Those who write by the process user itself.
is_known(User) ->
    _ = case whereis(user_drv) of
            undefined -> ok;
            Driver -> User ! {driver, Driver}
        end,
    group_leader(User, whereis(application_controller)).

%% @doc A child that runs already.
adopted(undefined) -> ignore;
adopted(Pid) -> {ok, Pid}.

%%% The application, for those who start it by its callbacks.

%% @doc The supervisor runs already.
start(_, _) -> {ok, whereis(kernel_sup), []}.

%% @doc The system is going down.
stop(_) -> ok.

%% @doc What changed in the environment of the application is of interest to the logger.
config_change(Changed, New, _Removed) ->
    _ = [logger:set_primary_config(level, Level) || {logger_level, Level} <- Changed ++ New],
    ok.

%% @doc The children of a supervisor of the application.
init({adopted, Name, Pids}) ->
    {ok, {flags(Name), [(spec(Child))#{start := {?MODULE, adopted, [Pid]}, restart := temporary}
                        || #asleep{id = Id} = Child <- children(Name), {Other, Pid} <- Pids, Other =:= Id]}};
init(Name) ->
    {ok, {flags(Name), [spec(Child) || Child <- children(Name)]}}.

spec(#asleep{id = Id, start = Start, restart = Restart, shutdown = Shutdown, type = Type, modules = Modules}) ->
    #{id => Id, start => Start, restart => Restart, shutdown => Shutdown, type => Type, modules => Modules}.
