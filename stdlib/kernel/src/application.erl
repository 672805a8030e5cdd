%%% application: starting, stopping and configuring applications.
%%%
%%% The state is kept by the application controller, which is started by the
%%% first call.
-module(application).

-export([load/1, load/2, unload/1, start/1, start/2, start_boot/1, start_boot/2,
         ensure_started/1, ensure_started/2, ensure_all_started/1, ensure_all_started/2,
         stop/1, takeover/2, permit/2, which_applications/0, which_applications/1,
         loaded_applications/0, info/0,
         get_env/1, get_env/2, get_env/3, get_all_env/0, get_all_env/1,
         set_env/1, set_env/2, set_env/3, set_env/4, unset_env/2, unset_env/3,
         get_key/1, get_key/2, get_all_key/0, get_all_key/1,
         get_application/0, get_application/1, get_supervisor/1, get_master/1, start_type/0]).

-export_type([start_type/0, restart_type/0, application_opt/0, tuple_of/1, application_spec/0]).

-type start_type() :: normal | {takeover, node()} | {failover, node()}.
-type restart_type() :: permanent | transient | temporary.
-type application_opt() :: {atom(), term()}.
-type application_spec() :: {application, atom(), [application_opt()]}.
-type tuple_of(_T) :: tuple().

-callback start(StartType :: start_type(), StartArgs :: term()) ->
    {ok, pid()} | {ok, pid(), State :: term()} | {error, Reason :: term()}.
-callback prep_stop(State) -> NewState when State :: term(), NewState :: term().
-callback start_phase(Phase :: atom(), StartType :: start_type(), PhaseArgs :: term()) ->
    ok | {error, Reason :: term()}.
-callback stop(State :: term()) -> term().
-callback config_change(Changed :: [tuple()], New :: [tuple()], Removed :: [atom()]) -> ok.

-optional_callbacks([prep_stop/1, start_phase/3, config_change/3]).

%%% Loading.

%% @doc Loads an application, by name or as its specification, with those that it includes. Nothing is started.
load(Application) -> load(Application, []).

%% @doc As load/1; the nodes say where an application of several nodes may run.
load(Application, DistNodes) ->
    case application_controller:load(Application) of
        {ok, Included} ->
            case load_all(Included) of
                ok when DistNodes =/= [] ->
                    %% The process for applications on several nodes; there is none where there is no distribution.
                    gen_server:call(dist_ac, {load_application, name(Application), DistNodes}, infinity);
                Result -> Result
            end;
        Error -> Error
    end.

%% Included applications are loaded along; those that are loaded may stay.
load_all([Name | Names]) ->
    case load(Name) of
        ok -> load_all(Names);
        {error, {already_loaded, _}} -> load_all(Names);
        Error -> Error
    end;
load_all([]) ->
    ok.

%% @doc Unloads an application that is not running, with those that it includes.
unload(Name) -> call({unload, Name}).

%%% Starting and stopping.

%% @doc As start/2, with the type temporary.
start(Application) -> start(Application, temporary).

%% @doc Loads an application where it is not loaded, and starts it; those it needs have to run.
%% When a permanent one ends so does the node; a transient one may end with normal, a temporary one as it likes.
start(Application, Type) ->
    case load(Application) of
        ok -> start_loaded(name(Application), Type);
        {error, {already_loaded, _}} -> start_loaded(name(Application), Type);
        Error -> Error
    end.

start_loaded(Name, Type) when Type =:= permanent; Type =:= transient; Type =:= temporary ->
    call({start, Name, Type});
start_loaded(_, Type) ->
    {error, {invalid_restart_type, Type}}.

%% @doc As start_boot/2, with the type temporary.
start_boot(Application) -> start_boot(Application, temporary).

%% @doc Starts an application as the boot script does.
start_boot(Application, Type) -> start(Application, Type).

name({application, Name, _}) -> Name;
name(Name) -> Name.

%% @doc As ensure_started/2, with the type temporary.
ensure_started(Application) -> ensure_started(Application, temporary).

%% @doc As start/2, but ok for an application that is running.
ensure_started(Application, Type) ->
    case start(Application, Type) of
        {error, {already_started, _}} -> ok;
        Result -> Result
    end.

%% @doc As ensure_all_started/2, with the type temporary.
ensure_all_started(Application) -> ensure_all_started(Application, temporary).

%% @doc Starts an application after those that it needs: {ok, Started}. Where one fails, those that were started for it
%% are stopped: {error, {Application, Reason}}.
ensure_all_started(Application, Type) when is_atom(Application) ->
    case start_with_needs(Application, Type, []) of
        {ok, Started} -> {ok, lists:reverse(Started)};
        {error, Failed, Reason, Now} ->
            _ = [stop(Done) || Done <- Now],
            {error, {Failed, Reason}}
    end.

start_with_needs(Name, Type, Started) ->
    case start_with_optional(Name, Type) of
        ok -> {ok, [Name | Started]};
        {error, {already_started, Name}} -> {ok, Started};
        {error, {not_started, Name}} -> {error, Name, {not_started, Name}, Started};
        {error, {not_started, Need}} ->
            case start_with_needs(Need, Type, Started) of
                {ok, Now} ->
                    start_with_needs(Name, Type, Now);
                {error, Need, Reason, Now} ->
                    case is_optional(Need, Name, Reason) of
                        true -> call_without(Name, Type, Need, Now);
                        false -> {error, Need, Reason, Now}
                    end;
                Error ->
                    Error
            end;
        {error, Reason} ->
            {error, Name, Reason, Started}
    end.

%% As start/2, where the optional applications that are not running are missed as well.
start_with_optional(Application, Type) ->
    case load(Application) of
        {error, Reason} when element(1, Reason) =/= already_loaded -> {error, Reason};
        _ ->
            case call({missing, name(Application)}) of
                ok -> start(Application, Type);
                Error -> Error
            end
    end.

%% An optional application may be absent.
is_optional(Need, Name, {"no such file or directory", _}) ->
    case get_key(Name, optional_applications) of
        {ok, Optional} -> lists:member(Need, Optional);
        undefined -> false
    end;
is_optional(_Need, _Name, _Reason) ->
    false.

call_without(Name, Type, Need, Started) ->
    ok = call({absent, Need}),
    start_with_needs(Name, Type, Started).

%% @doc Stops an application. Those that it needs run on.
stop(Name) -> call({stop, Name}).

%% @doc Takes over an application that runs on another node; {error, not_distributed} on a node that is alone.
takeover(_Application, _Type) -> {error, not_distributed}.

%% @doc Says whether an application may run on this node; one that may not and runs is stopped.
permit(Application, Permission) when is_boolean(Permission) -> call({permit, Application, Permission});
permit(Application, Permission) -> exit({badarg, {?MODULE, permit, [Application, Permission]}}).

%% @doc The applications that run, as {Name, Description, Version}.
which_applications() -> application_controller:call_soon(which_applications).

%% @doc As which_applications/0, with a time limit in milliseconds or infinity.
which_applications(Timeout) when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    application_controller:call(which_applications, Timeout).

%% @doc The applications that are loaded, as {Name, Description, Version}.
loaded_applications() -> call(loaded_applications).

%% @doc What the application controller knows: which applications are loaded, loading, running and waiting.
info() ->
    [{loaded, loaded_applications()}, {loading, []} | application_controller:call_soon(info)].

%%% Environment.

%% @doc {ok, Value} of a variable of the environment of the caller's application, or undefined.
get_env(Key) ->
    case get_application() of
        {ok, Name} -> get_env(Name, Key);
        undefined -> undefined
    end.

%% @doc {ok, Value} of a variable of an application's environment, or undefined.
get_env(Name, Key) -> application_controller:get_env(Name, Key).

%% @doc The value of a variable of an application's environment, or the one given where it has none.
get_env(Name, Key, Default) ->
    case get_env(Name, Key) of
        {ok, Value} -> Value;
        undefined -> Default
    end.

%% @doc The environment of the caller's application, as {Key, Value}; [] for a process of none.
get_all_env() ->
    case get_application() of
        {ok, Name} -> get_all_env(Name);
        undefined -> []
    end.

%% @doc The environment of an application, as {Key, Value}; [] where it has none.
get_all_env(Name) -> application_controller:get_all_env(Name).

%% @doc As set_env/2, without options.
set_env(Config) when is_list(Config) -> set_env(Config, []).

%% @doc Sets variables of several applications, given as [{Application, [{Key, Value}]}]. With {persistent, true}
%% loading an application does not change them. Fails with badarg where the list is wrong or names one twice.
set_env(Config, Options) when is_list(Config), is_list(Options) ->
    case swerl_application_config:fault(Config) of
        "" -> application_controller:call({set_env, Config, Options}, timeout(Options));
        Fault -> error({badarg, lists:flatten(Fault)}, [Config, Options])
    end.

%% @doc Sets a variable of an application's environment.
set_env(Name, Key, Value) -> application_controller:call_soon({set_env, [{Name, Key, Value}], []}).

%% @doc As set_env/3, with options (persistent, timeout), or with a time limit.
set_env(Name, Key, Value, Options) when is_list(Options) ->
    application_controller:call({set_env, [{Name, Key, Value}], Options}, timeout(Options));
set_env(Name, Key, Value, Timeout) when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    set_env(Name, Key, Value, [{timeout, Timeout}]).

%% Five seconds are the usual limit.
timeout(Options) -> proplists:get_value(timeout, Options, 5000).

%% @doc Takes a variable from an application's environment.
unset_env(Name, Key) -> application_controller:call_soon({unset_env, Name, Key, []}).

%% @doc As unset_env/2, with options, or with a time limit.
unset_env(Name, Key, Options) when is_list(Options) ->
    application_controller:call({unset_env, Name, Key, Options}, timeout(Options));
unset_env(Name, Key, Timeout) when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    unset_env(Name, Key, [{timeout, Timeout}]).

%%% Specification.

%% @doc {ok, Value} of an item in the specification of the caller's application, or undefined.
get_key(Key) ->
    case get_application() of
        {ok, Name} -> get_key(Name, Key);
        undefined -> undefined
    end.

%% @doc {ok, Value} of an item in an application's specification, or undefined.
get_key(Name, Key) ->
    case get_all_key(Name) of
        {ok, Keys} ->
            case lists:keyfind(Key, 1, Keys) of
                {Key, Value} -> {ok, Value};
                false -> undefined
            end;
        undefined ->
            undefined
    end.

%% @doc {ok, Items} of the specification of the caller's application; [] for a process of none.
get_all_key() ->
    case get_application() of
        {ok, Name} -> get_all_key(Name);
        undefined -> []
    end.

%% @doc {ok, Items} of the specification of an application, or undefined where it is not loaded.
get_all_key(Name) -> application_controller:get_all_key(Name).

%% @doc {ok, Application} that the calling process belongs to, or undefined.
get_application() -> get_application(self()).

%% @doc {ok, Application} that a process or a module belongs to, or undefined.
get_application(Pid) when is_pid(Pid) ->
    case process_info(Pid, group_leader) of
        {group_leader, Leader} -> call({application_of_leader, Leader});
        undefined -> undefined
    end;
get_application(Module) when is_atom(Module) ->
    call({application_of_module, Module}).

%% @doc {ok, Pid} of the supervisor at the top of an application that runs, or undefined.
get_supervisor(Name) ->
    case call({master, Name}) of
        {ok, Master} -> application_master:get_child(Master);
        undefined -> undefined
    end.

%% @doc The master process of an application that runs, or undefined.
get_master(Name) ->
    case call({master, Name}) of
        {ok, Master} -> Master;
        undefined -> undefined
    end.

%% @doc How the application of the calling process is being started, normal; local where it runs already, undefined where
%% the process belongs to none.
start_type() -> call({start_type_of_leader, group_leader()}).

call(Request) -> application_controller:call(Request).
