%%% Supervisors: processes that start, watch, restart and stop other processes.
%%%
%%% A supervisor is a gen_server. Its state has the shape of OTP's, as programs look into it with sys:get_state/1: the
%%% ids of the children, the last one first, and a map from ids to children; those of a simple_one_for_one supervisor
%%% are a map from pids to the arguments they were started with, beside one child as a template. A child that could not be started again is marked
%%% {restarting, OldPid}, and a message to the supervisor itself makes it try once more.
-module(supervisor).
-behaviour(gen_server).

-import(swerl_report_text, [control/1, args/2]).
-export([start_link/2, start_link/3, start_child/2, restart_child/2, delete_child/2,
         terminate_child/2, get_childspec/2, which_children/1, count_children/1,
         check_childspecs/1, check_childspecs/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3,
         format_status/2]).
-export([adopt/4, try_again_restart/2, format_log/1, format_log/2, get_callback_module/1]).

-export_type([sup_flags/0, child_spec/0, strategy/0, startchild_ret/0, startchild_err/0,
              startlink_ret/0, startlink_err/0, sup_name/0, child_id/0, child/0, worker/0,
              restart/0, shutdown/0, modules/0, mfargs/0, sup_ref/0, significant/0,
              auto_shutdown/0]).

-include("supervisor_child.hrl").

-type child() :: undefined | pid().
-type child_id() :: term().
-type mfargs() :: {module(), atom(), [term()] | undefined}.
-type modules() :: [module()] | dynamic.
-type restart() :: permanent | transient | temporary.
-type significant() :: boolean().
-type shutdown() :: brutal_kill | timeout().
-type worker() :: worker | supervisor.
-type sup_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type sup_ref() :: atom() | {atom(), node()} | {global, term()} | {via, module(), term()} | pid().
-type child_spec() :: map() | {child_id(), mfargs(), restart(), shutdown(), worker(), modules()}.
-type strategy() :: one_for_all | one_for_one | rest_for_one | simple_one_for_one.
-type auto_shutdown() :: never | any_significant | all_significant.
-type sup_flags() :: map() | {strategy(), non_neg_integer(), pos_integer()}.
-type startlink_err() :: {already_started, pid()} | {shutdown, term()} | term().
-type startlink_ret() :: {ok, pid()} | ignore | {error, startlink_err()}.
-type startchild_err() :: already_present | {already_started, child()} | term().
-type startchild_ret() :: {ok, child()} | {ok, child(), term()} | {error, startchild_err()}.

-callback init(Args :: term()) -> {ok, {sup_flags(), [child_spec()]}} | ignore.

-record(state, {name, strategy, children = {[], #{}}, dynamics, intensity, period, restarts = [], dynamic_restarts = 0,
                auto_shutdown, module, args}).

%% The client side.

%% @doc Starts a supervisor linked to the caller.
start_link(Module, Args) ->
    gen_server:start_link(?MODULE, {self, Module, Args}, []).

%% @doc Starts a supervisor with a name, linked to the caller.
start_link(Name, Module, Args) ->
    gen_server:start_link(Name, ?MODULE, {Name, Module, Args}, []).

%% @doc The callback module of a supervisor.
get_callback_module(Supervisor) -> call(Supervisor, get_callback_module).

%% @doc Adds a child by a specification, or by extra arguments where all children are alike.
start_child(Supervisor, Spec) -> call(Supervisor, {start_child, Spec}).

%% @doc Starts a child again that is not running.
restart_child(Supervisor, Id) -> call(Supervisor, {restart_child, Id}).

%% @doc Forgets a child that is not running.
delete_child(Supervisor, Id) -> call(Supervisor, {delete_child, Id}).

%% @doc Stops a child, by its id or, where all children are alike, by its pid.
terminate_child(Supervisor, Id) -> call(Supervisor, {terminate_child, Id}).

%% @doc The specification of a child.
get_childspec(Supervisor, Id) -> call(Supervisor, {get_childspec, Id}).

%% @doc {Id, Pid, Type, Modules} of all children.
which_children(Supervisor) -> call(Supervisor, which_children).

%% @doc How many specifications, active children, supervisors and workers there are.
count_children(Supervisor) -> call(Supervisor, count_children).

call(Supervisor, Request) ->
    gen_server:call(Supervisor, Request, infinity).

%% @doc Whether specifications of children are right.
check_childspecs(Specs) -> check_childspecs(Specs, undefined).

%% @doc As check_childspecs/1, for a mode of automatic shutdown.
check_childspecs(Specs, AutoShutdown) when AutoShutdown =:= undefined; AutoShutdown =:= never;
                                           AutoShutdown =:= any_significant; AutoShutdown =:= all_significant ->
    case swerl_supervisor_spec:children(Specs, AutoShutdown) of
        {ok, _} -> ok;
        Error -> Error
    end;
check_childspecs(Specs, AutoShutdown) when is_list(Specs) -> {error, {badarg, AutoShutdown}};
check_childspecs(Specs, _) -> {error, {badarg, Specs}}.

%% @doc Makes a supervisor try again to restart a child.
try_again_restart(Supervisor, Child) ->
    gen_server:cast(Supervisor, {try_again_restart, Child}).

%% Starting.

%% @doc Starts the children that the callback module names.
init({SupName, Module, Args}) ->
    process_flag(trap_exit, true),
    case Module:init(Args) of
        {ok, {Flags, Specs}} ->
            case swerl_supervisor_spec:flags(Flags) of
                {ok, Checked} ->
                    Name = case SupName of
                               self -> {self(), Module};
                               _ -> SupName
                           end,
                    init_children(with_flags(#state{name = Name, module = Module, args = Args}, Checked), Specs);
                {error, What} ->
                    {stop, {supervisor_data, What}}
            end;
        ignore ->
            ignore;
        Other ->
            {stop, {bad_return, {Module, init, Other}}}
    end.

with_flags(Sup, #{strategy := Strategy, intensity := Intensity, period := Period, auto_shutdown := Auto}) ->
    Sup#state{strategy = Strategy, intensity = Intensity, period = Period, auto_shutdown = Auto}.

init_children(#state{strategy = simple_one_for_one} = Sup, [_] = Specs) ->
    case swerl_supervisor_spec:children(Specs, Sup#state.auto_shutdown) of
        {ok, Children} -> {ok, with_dynamic(#{}, with_children(Children, Sup))};
        {error, What} -> {stop, {start_spec, What}}
    end;
init_children(#state{strategy = simple_one_for_one}, Specs) ->
    {stop, {bad_start_spec, Specs}};
init_children(#state{auto_shutdown = Auto} = Sup, Specs) when is_list(Specs) ->
    case swerl_supervisor_spec:children(Specs, Auto) of
        {ok, Children} ->
            case start_children(Children, Sup) of
                {ok, Started} -> {ok, with_children(Started, Sup)};
                {error, Started, #child{id = Id} = Child, Reason} ->
                    report(start_error, Reason, Child, Sup),
                    _ = terminate_all(Started, Sup),
                    {stop, {shutdown, {failed_to_start_child, Id, Reason}}}
            end;
        {error, What} ->
            {stop, {start_spec, What}}
    end.

%% Starts children one after the other. Reports of crashes at the start show these functions by name and arity.
start_children(Children, Sup) ->
    children_map(fun(Child, Started) ->
                         case do_start_child(Child, Sup) of
                             {ok, undefined} when Child#child.restart_type =:= temporary -> Started;
                             {ok, Pid} -> [Child#child{pid = Pid} | Started];
                             {ok, Pid, _} -> [Child#child{pid = Pid} | Started];
                             {error, Reason} -> {error, Reason}
                         end
                 end, Children, [], Sup).

%% Started has those before, the last first.
children_map(Start, [Child | Children], Started, Sup) ->
    case Start(Child, Started) of
        {error, Reason} -> {error, lists:reverse(Started), Child, Reason};
        Started1 -> children_map(Start, Children, Started1, Sup)
    end;
children_map(_, [], Started, _) ->
    {ok, lists:reverse(Started)}.

do_start_child(#child{mfargs = {M, F, Args}} = Child, Sup) ->
    case do_start_child_i(M, F, Args) of
        {ok, Pid} when is_pid(Pid) ->
            progress(Child#child{pid = Pid}, Sup),
            {ok, Pid};
        {ok, Pid, Info} ->
            progress(Child#child{pid = Pid}, Sup),
            {ok, Pid, Info};
        Other -> Other
    end.

do_start_child_i(M, F, Args) ->
    case catch apply(M, F, Args) of
        {ok, Pid} when is_pid(Pid) -> {ok, Pid};
        {ok, Pid, Info} when is_pid(Pid) -> {ok, Pid, Info};
        ignore -> {ok, undefined};
        {error, What} -> {error, What};
        What -> {error, What}
    end.

%% @doc Turns the caller, which has its name already, into a supervisor of children that run already: [{Id, Pid}], where
%% a child that does not run is undefined. Those that are not named have come and gone.
adopt(Name, Module, Args, Pids) ->
    {ok, {Flags, Specs}} = Module:init(Args),
    {ok, #{auto_shutdown := Auto} = Checked} = swerl_supervisor_spec:flags(Flags),
    {ok, Children} = swerl_supervisor_spec:children(Specs, Auto),
    Sup = with_flags(#state{name = Name, module = Module, args = Args}, Checked),
    Running = [Child#child{pid = Pid} || #child{id = Id} = Child <- Children, {Known, Pid} <- Pids, Known =:= Id],
    gen_server:enter_loop(?MODULE, [], with_children(Running, Sup), Name).

%% Requests.

%% @doc Answers the functions of the client side.
handle_call({start_child, Extra}, _, #state{strategy = simple_one_for_one} = Sup) ->
    #child{mfargs = {M, F, A}} = template(Sup),
    Args = A ++ Extra,
    case do_start_child_i(M, F, Args) of
        {ok, undefined} -> {reply, {ok, undefined}, Sup};
        {ok, Pid} -> {reply, {ok, Pid}, add_dynamic(Pid, Args, Sup)};
        {ok, Pid, Info} -> {reply, {ok, Pid, Info}, add_dynamic(Pid, Args, Sup)};
        {error, What} -> {reply, {error, What}, Sup}
    end;
handle_call({start_child, Spec}, _, #state{auto_shutdown = Auto} = Sup) ->
    case swerl_supervisor_spec:child(Spec, Auto) of
        {ok, Child} ->
            {Reply, Sup1} = add_child(Child, Sup),
            {reply, Reply, Sup1};
        Error ->
            {reply, Error, Sup}
    end;
handle_call({get_childspec, Id}, _, Sup) ->
    case spec_of(Id, Sup) of
        false -> {reply, {error, not_found}, Sup};
        Child -> {reply, {ok, swerl_supervisor_spec:to_map(Child)}, Sup}
    end;
handle_call({terminate_child, Pid}, _, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    if
        not is_pid(Pid) -> {reply, {error, simple_one_for_one}, Sup};
        is_map_key(Pid, Dynamic) ->
            stop_child(dynamic_child(Pid, Sup), Sup),
            {reply, ok, with_dynamic(maps:remove(Pid, Dynamic), Sup)};
        true ->
            case node(Pid) =:= node() andalso is_process_alive(Pid) of
                true -> {reply, {error, not_found}, Sup};
                false -> {reply, ok, Sup}
            end
    end;
handle_call({Request, _}, _, #state{strategy = simple_one_for_one} = Sup)
  when Request =:= restart_child; Request =:= delete_child ->
    {reply, {error, simple_one_for_one}, Sup};
handle_call({terminate_child, Id}, _, Sup) ->
    case find(Id, Sup) of
        false -> {reply, {error, not_found}, Sup};
        Child ->
            stop_child(Child, Sup),
            {reply, ok, not_running(Child, Sup)}
    end;
handle_call({restart_child, Id}, _, Sup) ->
    case find(Id, Sup) of
        #child{pid = undefined} = Child ->
            case do_start_child(Child, Sup) of
                {ok, Pid} -> {reply, {ok, Pid}, replace(Child#child{pid = Pid}, Sup)};
                {ok, Pid, Info} -> {reply, {ok, Pid, Info}, replace(Child#child{pid = Pid}, Sup)};
                Error -> {reply, Error, Sup}
            end;
        Other -> {reply, {error, why_not(Other)}, Sup}
    end;
handle_call({delete_child, Id}, _, Sup) ->
    case find(Id, Sup) of
        #child{pid = undefined} -> {reply, ok, remove(Id, Sup)};
        Other -> {reply, {error, why_not(Other)}, Sup}
    end;
handle_call(get_callback_module, _, #state{module = Module} = Sup) ->
    {reply, Module, Sup};
handle_call(which_children, _, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    #child{child_type = Type, modules = Modules} = template(Sup),
    {reply, [{undefined, shown(Pid), Type, Modules} || Pid <- maps:keys(Dynamic)], Sup};
handle_call(which_children, _, Sup) ->
    {reply, [{Id, shown(Pid), Type, Modules}
             || #child{id = Id, pid = Pid, child_type = Type, modules = Modules} <- lists:reverse(children(Sup))],
     Sup};
handle_call(count_children, _, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    #child{child_type = Type} = template(Sup),
    Pids = maps:keys(Dynamic),
    Active = length([Pid || Pid <- Pids, is_pid(Pid)]),
    {Supervisors, Workers} = case Type of
                                 supervisor -> {length(Pids), 0};
                                 worker -> {0, length(Pids)}
                             end,
    {reply, counts(1, Active, Supervisors, Workers), Sup};
handle_call(count_children, _, Sup) ->
    Children = children(Sup),
    Active = length([Pid || #child{pid = Pid} <- Children, is_pid(Pid), is_process_alive(Pid)]),
    Supervisors = length([Child || #child{child_type = supervisor} = Child <- Children]),
    {reply, counts(length(Children), Active, Supervisors, length(Children) - Supervisors), Sup}.

counts(Specs, Active, Supervisors, Workers) ->
    [{specs, Specs}, {active, Active}, {supervisors, Supervisors}, {workers, Workers}].

shown({restarting, _}) -> restarting;
shown(Pid) -> Pid.

why_not(false) -> not_found;
why_not(#child{pid = {restarting, _}}) -> restarting;
why_not(#child{}) -> running.

add_child(#child{id = Id} = Child, Sup) ->
    case find(Id, Sup) of
        false ->
            case do_start_child(Child, Sup) of
                {ok, undefined} when Child#child.restart_type =:= temporary ->
                    {{ok, undefined}, Sup};
                {ok, Pid} ->
                    {{ok, Pid}, add_last(Child#child{pid = Pid}, Sup)};
                {ok, Pid, Info} ->
                    {{ok, Pid, Info}, add_last(Child#child{pid = Pid}, Sup)};
                {error, What} ->
                    {{error, {What, Child}}, Sup}
            end;
        #child{pid = undefined} ->
            {{error, already_present}, Sup};
        #child{pid = Pid} ->
            {{error, {already_started, Pid}}, Sup}
    end.

%% The children.

children(#state{children = {Ids, Children}}) ->
    lists:foldl(fun(Id, Acc) -> [maps:get(Id, Children) | Acc] end, [], Ids).

with_children(Children, Sup) ->
    Sup#state{children = {lists:reverse([Id || #child{id = Id} <- Children]),
                          maps:from_list([{Id, Child} || #child{id = Id} = Child <- Children])}}.

template(#state{children = {[Id], Children}}) -> maps:get(Id, Children).

find(Id, #state{children = {_, Children}}) -> maps:get(Id, Children, false).

spec_of(Pid, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) when is_map_key(Pid, Dynamic) ->
    template(Sup);
spec_of(Id, Sup) ->
    find(Id, Sup).

replace(#child{id = Id} = Child, #state{children = {Ids, Children}} = Sup) ->
    Sup#state{children = {Ids, Children#{Id := Child}}}.

remove(Id, #state{children = {Ids, Children}} = Sup) ->
    Sup#state{children = {lists:delete(Id, Ids), maps:remove(Id, Children)}}.

add_last(#child{id = Id} = Child, #state{children = {Ids, Children}} = Sup) ->
    Sup#state{children = {[Id | Ids], Children#{Id => Child}}}.

%% A child that runs no more: a temporary one is forgotten.
not_running(#child{id = Id, restart_type = temporary}, Sup) -> remove(Id, Sup);
not_running(Child, Sup) -> replace(Child#child{pid = undefined}, Sup).

%% Children that are all alike. The arguments of temporary ones are never needed again.
with_dynamic(Dynamic, Sup) ->
    Kind = case template(Sup) of
               #child{restart_type = temporary} -> mapsets;
               _ -> maps
           end,
    Sup#state{dynamics = {Kind, Dynamic}}.

add_dynamic(Pid, _, #state{dynamics = {mapsets, Dynamic}} = Sup) ->
    Sup#state{dynamics = {mapsets, Dynamic#{Pid => []}}};
add_dynamic(Pid, Args, #state{dynamics = {maps, Dynamic}} = Sup) ->
    Sup#state{dynamics = {maps, Dynamic#{Pid => Args}}}.

dynamic_child(Pid, #state{dynamics = {Kind, Dynamic}} = Sup) ->
    #child{mfargs = {M, F, _}} = Template = template(Sup),
    Args = case Kind of
               maps -> maps:get(Pid, Dynamic);
               mapsets -> undefined
           end,
    Template#child{pid = Pid, mfargs = {M, F, Args}}.

%% Messages.

%% @doc Tries again to restart a child that could not be started.
handle_cast({try_again_restart, Pid}, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    case is_map_key(Pid, Dynamic) of
        true -> restarted(restart(dynamic_child(Pid, Sup), Sup));
        false -> {noreply, Sup}
    end;
handle_cast({try_again_restart, Id}, Sup) ->
    case find(Id, Sup) of
        #child{pid = {restarting, _}} = Child -> restarted(restart(Child, Sup));
        _ -> {noreply, Sup}
    end.

%% @doc Takes note of children that exit.
handle_info({'EXIT', Pid, Reason}, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    case is_map_key(Pid, Dynamic) of
        true -> restarted(exited(Reason, dynamic_child(Pid, Sup), Sup));
        false -> {noreply, Sup}
    end;
handle_info({'EXIT', Pid, Reason}, Sup) ->
    case lists:keyfind(Pid, #child.pid, children(Sup)) of
        false -> {noreply, Sup};
        Child -> restarted(exited(Reason, Child, Sup))
    end;
handle_info(Message, Sup) ->
    logger:log(error, "Supervisor received unexpected message: ~tp~n", [Message],
               #{mfa => {?MODULE, handle_info, 2}, file => ?FILE, line => ?LINE,
                 domain => [otp], error_logger => #{tag => error}}),
    {noreply, Sup}.

restarted({ok, Sup}) -> {noreply, Sup};
restarted({shutdown, Sup}) -> {stop, shutdown, Sup}.

exited(Reason, #child{restart_type = permanent} = Child, Sup) ->
    report(child_terminated, Reason, Child, Sup),
    restart(Child, Sup);
exited(Reason, Child, Sup) ->
    case is_orderly(Reason) of
        true -> gone(Child, Sup);
        false ->
            report(child_terminated, Reason, Child, Sup),
            case Child#child.restart_type of
                transient -> restart(Child, Sup);
                temporary -> gone(Child, Sup)
            end
    end.

is_orderly(normal) -> true;
is_orderly(shutdown) -> true;
is_orderly({shutdown, _}) -> true;
is_orderly(_) -> false.

%% A child that is not to be restarted. It may be one whose end is the end of the supervisor.
gone(#child{pid = Pid, significant = Significant},
     #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}, auto_shutdown = Auto} = Sup) ->
    Left = maps:remove(Pid, Dynamic),
    IsEnd = Significant andalso (Auto =:= any_significant orelse Auto =:= all_significant andalso map_size(Left) =:= 0),
    {if IsEnd -> shutdown; true -> ok end, with_dynamic(Left, Sup)};
gone(#child{significant = Significant} = Child, #state{auto_shutdown = Auto} = Sup) ->
    Sup1 = not_running(Child, Sup),
    case Auto of
        any_significant when Significant -> {shutdown, Sup1};
        all_significant when Significant ->
            case [C || #child{significant = true, pid = Pid} = C <- children(Sup1), Pid =/= undefined] of
                [] -> {shutdown, Sup1};
                _ -> {ok, Sup1}
            end;
        _ -> {ok, Sup1}
    end.

%% Restarting.

restart(Child, Sup) ->
    case count_restart(Sup) of
        {ok, Sup1} ->
            restart_by(Sup1#state.strategy, Child, Sup1);
        {too_many, Sup1} ->
            report(shutdown, reached_max_restart_intensity, Child, Sup),
            {shutdown, given_up(Child, Sup1)}
    end.

given_up(#child{pid = Pid}, #state{strategy = simple_one_for_one, dynamics = {_, Dynamic}} = Sup) ->
    with_dynamic(maps:remove(Pid, Dynamic), Sup);
given_up(Child, Sup) ->
    not_running(Child, Sup).

%% The restarts within the period, this one included.
count_restart(#state{restarts = Restarts, intensity = Intensity, period = Period} = Sup) ->
    Now = erlang:monotonic_time(second),
    Recent = [Now | [Time || Time <- Restarts, Time >= Now - Period]],
    Sup1 = Sup#state{restarts = Recent},
    case length(Recent) > Intensity of
        true -> {too_many, Sup1};
        false -> {ok, Sup1}
    end.

restart_by(simple_one_for_one, #child{pid = Pid, mfargs = {M, F, Args}} = Child, #state{dynamics = {_, Dynamic}} = Sup) ->
    Rest = maps:remove(Pid, Dynamic),
    case do_start_child_i(M, F, Args) of
        {ok, undefined} -> {ok, with_dynamic(Rest, Sup)};
        {ok, New} -> {ok, with_dynamic(Rest#{New => Args}, Sup)};
        {ok, New, _} -> {ok, with_dynamic(Rest#{New => Args}, Sup)};
        {error, Reason} ->
            Marked = restarting(Pid),
            report(start_error, Reason, Child#child{pid = Marked}, Sup),
            try_again_restart(self(), Marked),
            {ok, with_dynamic(Rest#{Marked => Args}, Sup)}
    end;
restart_by(one_for_one, #child{id = Id, pid = Old} = Child, Sup) ->
    case do_start_child(Child, Sup) of
        {ok, Pid} -> {ok, replace(Child#child{pid = Pid}, Sup)};
        {ok, Pid, _} -> {ok, replace(Child#child{pid = Pid}, Sup)};
        {error, Reason} ->
            Marked = Child#child{pid = restarting(Old)},
            report(start_error, Reason, Marked, Sup),
            try_again_restart(self(), Id),
            {ok, replace(Marked, Sup)}
    end;
restart_by(rest_for_one, #child{id = Id} = Child, Sup) ->
    {Before, [_ | After]} = lists:splitwith(fun(#child{id = I}) -> I =/= Id end, children(Sup)),
    restart_group(Before, [Child | terminate_all(After, Sup)], Child, Sup);
restart_by(one_for_all, #child{id = Id} = Child, Sup) ->
    Children = children(Sup),
    Others = lists:keydelete(Id, #child.id, Children),
    Stopped = terminate_all(Others, Sup),
    InOrder = [case I of
                   Id -> Child;
                   _ -> lists:keyfind(I, #child.id, Stopped)
               end || #child{id = I} <- Children],
    restart_group([], [C || C <- InOrder, C =/= false], Child, Sup).

%% Starts children again that follow others. Where one fails, it and those after it wait.
restart_group(Before, Children, #child{pid = Old}, Sup) ->
    case start_children([C#child{pid = undefined} || C <- Children], Sup) of
        {ok, Started} ->
            {ok, with_children(Before ++ Started, Sup)};
        {error, Started, #child{id = Id} = Failed, Reason} ->
            Marked = Failed#child{pid = restarting(Old)},
            report(start_error, Reason, Marked, Sup),
            try_again_restart(self(), Id),
            [_ | Waiting] = lists:dropwhile(fun(#child{id = I}) -> I =/= Id end, Children),
            {ok, with_children(Before ++ Started ++ [Marked | [C#child{pid = undefined} || C <- Waiting]], Sup)}
    end.

restarting({restarting, _} = Pid) -> Pid;
restarting(Pid) -> {restarting, Pid}.

%% Stopping.

%% @doc Stops all children, the last first.
terminate(_, #state{strategy = simple_one_for_one} = Sup) ->
    terminate_dynamic(Sup);
terminate(_, Sup) ->
    _ = terminate_all(children(Sup), Sup),
    ok.

%% The children as they are after their end, in order, without temporary ones.
terminate_all(Children, Sup) ->
    lists:foldl(fun(#child{restart_type = temporary} = Child, Stopped) ->
                        stop_child(Child, Sup),
                        Stopped;
                   (Child, Stopped) ->
                        stop_child(Child, Sup),
                        [Child#child{pid = undefined} | Stopped]
                end, [], lists:reverse(Children)).

stop_child(#child{pid = Pid} = Child, Sup) when is_pid(Pid) ->
    case stop_pid(Pid, Child#child.shutdown) of
        ok -> ok;
        {error, normal} when Child#child.restart_type =/= permanent -> ok;
        {error, Reason} -> report(shutdown_error, Reason, Child, Sup)
    end;
stop_child(_, _) ->
    ok.

stop_pid(Pid, Shutdown) ->
    Monitor = watch(Pid),
    case Shutdown of
        brutal_kill ->
            exit(Pid, kill),
            receive
                {'DOWN', Monitor, process, Pid, killed} -> ok;
                {'DOWN', Monitor, process, Pid, Reason} -> ended(Pid, Reason)
            end;
        _ ->
            exit(Pid, shutdown),
            receive
                {'DOWN', Monitor, process, Pid, Reason} -> orderly(Pid, Reason)
            after Shutdown ->
                exit(Pid, kill),
                receive
                    {'DOWN', Monitor, process, Pid, Reason} -> ended(Pid, Reason)
                end
            end
    end.

%% The monitor takes the place of the link, whose exit message may be in the mailbox already.
watch(Pid) ->
    Monitor = erlang:monitor(process, Pid),
    unlink(Pid),
    Monitor.

orderly(Pid, Reason) ->
    case ended(Pid, Reason) of
        {error, shutdown} -> ok;
        {error, {shutdown, _}} -> ok;
        Other -> Other
    end.

%% A child that ended before it was watched told its reason by the link.
ended(Pid, Reason) ->
    receive
        {'EXIT', Pid, EarlierReason} -> {error, EarlierReason}
    after 0 -> {error, Reason}
    end.

%% All dynamic children are told at once, and then waited for together.
terminate_dynamic(#state{dynamics = {_, Dynamic}} = Sup) ->
    #child{shutdown = Shutdown} = template(Sup),
    Signal = case Shutdown of
                 brutal_kill -> kill;
                 _ -> shutdown
             end,
    Watched = maps:from_list([begin
                                  Monitor = watch(Pid),
                                  exit(Pid, Signal),
                                  {Monitor, Pid}
                              end || Pid <- maps:keys(Dynamic), is_pid(Pid)]),
    Timer = case Shutdown of
                Time when is_integer(Time) -> erlang:start_timer(Time, self(), kill);
                _ -> none
            end,
    Faults = wait_dynamic(Watched, template(Sup), Timer, []),
    is_reference(Timer) andalso erlang:cancel_timer(Timer),
    Reasons = maps:groups_from_list(fun({_, Reason}) -> Reason end, Faults),
    [report_dynamic(Reason, length(Children), Sup) || {Reason, Children} <- lists:sort(maps:to_list(Reasons))],
    ok.

wait_dynamic(Watched, _, _, Faults) when map_size(Watched) =:= 0 ->
    Faults;
wait_dynamic(Watched, #child{shutdown = Shutdown} = Child, Timer, Faults) ->
    receive
        {'DOWN', Monitor, process, Pid, Reason0} when is_map_key(Monitor, Watched) ->
            {error, Reason} = ended(Pid, Reason0),
            Expected = case Reason of
                           killed -> Shutdown =:= brutal_kill;
                           normal -> Child#child.restart_type =/= permanent;
                           _ -> is_orderly(Reason)
                       end,
            Faults1 = case Expected of
                          true -> Faults;
                          false -> [{Pid, Reason} | Faults]
                      end,
            wait_dynamic(maps:remove(Monitor, Watched), Child, Timer, Faults1);
        {timeout, Timer, kill} ->
            [exit(Pid, kill) || Pid <- maps:values(Watched)],
            wait_dynamic(Watched, Child, Timer, Faults)
    end.

%% Changing code.

%% @doc Takes over flags and specifications from the new version of the callback module.
code_change(_, #state{module = Module, args = Args} = Sup, _) ->
    case Module:init(Args) of
        {ok, {Flags, Specs}} ->
            case swerl_supervisor_spec:flags(Flags) of
                {ok, Checked} -> change_children(with_flags(Sup, Checked), Specs);
                {error, What} -> {error, {supervisor_data, What}}
            end;
        ignore -> {ok, Sup};
        Error -> Error
    end.

change_children(#state{auto_shutdown = Auto, strategy = Strategy} = Sup, Specs) ->
    Old = children(Sup),
    case swerl_supervisor_spec:children(Specs, Auto) of
        {ok, [_] = Children} when Strategy =:= simple_one_for_one ->
            {ok, with_children(Children, Sup)};
        {ok, _} when Strategy =:= simple_one_for_one ->
            {error, {ok, Specs}};
        {ok, Children} ->
            %% Children that the new version does not name stay, before the others.
            Kept = [Child || #child{id = Id} = Child <- Old, not lists:keymember(Id, #child.id, Children)],
            Changed = [case lists:keyfind(Id, #child.id, Old) of
                           #child{pid = Pid} -> Child#child{pid = Pid};
                           false -> Child
                       end || #child{id = Id} = Child <- Children],
            {ok, with_children(Kept ++ Changed, Sup)};
        {error, What} ->
            {error, {start_spec, What}}
    end.

%% @doc What sys:get_status/1 shows.
format_status(terminate, [_, Sup]) -> Sup;
format_status(_, [_, #state{module = Module} = Sup]) ->
    [{data, [{"State", Sup}]}, {supervisor, [{"Callback", Module}]}].

%% Reports.

report(Context, Reason, Child, #state{name = Name}) ->
    report_offender(Context, Reason, described(Child), place(Context), Name).

%% Dynamic children that ended for one reason while they were taken down.
report_dynamic(Reason, Count, #state{name = Name} = Sup) ->
    #child{mfargs = {M, F, A}} = Template = template(Sup),
    [{pid, _} | Child] = described(Template#child{mfargs = {M, F, A}}),
    report_offender(shutdown_error, Reason, [{nb_children, Count} | Child], {terminate_dynamic_children, 1}, Name).

%% Where OTP's supervisor tells it from.
place(start_error) -> {start_children, 2};
place(child_terminated) -> {do_restart, 3};
place(shutdown) -> {restart, 2};
place(shutdown_error) -> {do_terminate, 2}.

report_offender(Context, Reason, Offender, {Function, Arity}, Name) ->
    logger:log(error,
               #{label => {supervisor, Context},
                 report => [{supervisor, Name}, {errorContext, Context}, {reason, Reason},
                            {offender, Offender}]},
               #{mfa => {?MODULE, Function, Arity}, file => ?FILE, line => ?LINE,
                 domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "SUPERVISOR REPORT"},
                 error_logger => #{tag => error_report, type => supervisor_report,
                                   report_cb => fun ?MODULE:format_log/1}}).

progress(Child, #state{name = Name}) ->
    logger:log(info,
               #{label => {supervisor, progress},
                 report => [{supervisor, Name}, {started, described(Child)}]},
               #{mfa => {?MODULE, report_progress, 2}, file => ?FILE, line => ?LINE,
                 domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "PROGRESS REPORT"},
                 error_logger => #{tag => info_report, type => progress,
                                   report_cb => fun ?MODULE:format_log/1}}).

described(#child{pid = Pid, id = Id, mfargs = Start, restart_type = Restart,
                 significant = Significant, shutdown = Shutdown, child_type = Type}) ->
    [{pid, Pid}, {id, Id}, {mfargs, Start}, {restart_type, Restart}, {significant, Significant},
     {shutdown, Shutdown}, {child_type, Type}].

%% @doc The format and arguments of a report, for error_logger.
format_log(Report) ->
    Depth = error_logger:get_format_depth(),
    log_lines(limited(Report, Depth), #{single_line => false, depth => Depth, encoding => utf8}).

limited(Report, unlimited) -> Report;
limited(#{report := Items} = Report, Depth) ->
    Report#{report => [{Key, if
                                 Key =:= supervisor -> Value;
                                 true -> io_lib:limit_term(Value, Depth)
                             end} || {Key, Value} <- Items]}.

%% @doc The text of a report.
format_log(Report, Options0) ->
    Options = maps:merge(#{chars_limit => unlimited, depth => unlimited, single_line => false,
                           encoding => utf8}, Options0),
    Limits = case Options of
                 #{chars_limit := unlimited} -> [];
                 #{chars_limit := Limit} -> [{chars_limit, Limit}]
             end,
    {Format, Args} = case Options of
                         #{single_line := true} -> log_sentence(Report, Options);
                         _ -> log_lines(Report, Options)
                     end,
    io_lib:format(Format, Args, Limits).

log_lines(#{report := Items}, Options) ->
    {Formats, Args} =
        lists:unzip([{["    ", atom_to_list(Key), ": ", control(Options), "~n"], args(Value, Options)}
                     || {Key, Value} <- Items]),
    {lists:flatten(Formats), lists:append(Args)}.

log_sentence(#{report := [{supervisor, Name}, {started, Child}]}, Options) ->
    {Format, Args} = child_sentence("Started:", Child, Options),
    {"Supervisor: " ++ control(Options) ++ "." ++ Format, args(Name, Options) ++ Args};
log_sentence(#{report := [{supervisor, Name}, {errorContext, Context}, {reason, Reason}, {offender, Child}]},
             Options) ->
    {Format, Args} = child_sentence("Offender:", Child, Options),
    P = control(Options),
    {lists:append(["Supervisor: ", P, ". Context: ", P, ". Reason: ", P, ".", Format]),
     args(Name, Options) ++ args(Context, Options) ++ args(Reason, Options) ++ Args}.

%% What names a child: of a supervisor, or of a bridge.
child_sentence(Title, Child, Options) ->
    Shown = [Fact || Key <- [id, nb_children, pid, mod, mfa], {K, _} = Fact <- Child, K =:= Key],
    {Formats, Args} = lists:unzip([child_fact(Fact, Options) || Fact <- Shown]),
    {" ~s " ++ lists:append(lists:join(",", Formats)) ++ ".", [Title | lists:append(Args)]}.

child_fact({mfa, Call}, Options) -> {"mfa=" ++ control(Options), args(Call, Options)};
child_fact({Key, Value}, _) -> {atom_to_list(Key) ++ "=~w", [Value]}.
