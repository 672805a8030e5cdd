%%% application_master: the process in charge of one running application.
%%%
%%% It is the group leader of all processes of the application, so it passes
%%% requests for input and output on. The callback module runs in a child of it,
%%% which is also the parent of the application's top supervisor.
-module(application_master).

-export([start/4, stop/1, get_child/1, awake/3, awake_child/3]).
-export([init/4, start_it_old/4]).

%% What the application is started with; the phases are calls, {Module, Phase, Args}.
-record(application, {module, args, phases}).

%% A process of its own starts the master, and is what a crash report names as its ancestor. Both are linked
%% until the application runs.
start(Controller, Module, Args, Phases) ->
    Application = #application{module = Module, args = Args, phases = Phases},
    Starter = spawn(fun() -> starter(Controller, Application) end),
    receive {Starter, Master} -> Master end.

starter(Controller, Application) ->
    process_flag(trap_exit, true),
    Master = proc_lib:spawn_link(?MODULE, init, [Controller, self(), group_leader(), Application]),
    receive {Master, linked} -> ok end,
    Controller ! {self(), Master},
    receive
        {Master, running} -> ok;
        {'EXIT', Master, _} -> ok
    end.

%% Returns when the application is gone.
stop(Master) ->
    Ref = erlang:monitor(process, Master),
    Master ! {stop, self(), Ref},
    receive
        {Ref, stopped} -> erlang:demonitor(Ref, [flush]), ok;
        {'DOWN', Ref, process, _, _} -> ok
    end.

%% @doc The master of the kernel, which was asleep: its child, and the supervisor there. What was printed still comes out
%% when it ends, as it ends no other processes.
awake(Controller, Child, Supervisor) -> running(Controller, user, Child, Supervisor).

%% @doc The child of the master of the kernel, which was asleep.
awake_child(Master, Module, Supervisor) -> serve(Master, Module, Supervisor, []).

get_child(Master) ->
    Ref = erlang:monitor(process, Master),
    Master ! {get_child, self(), Ref},
    receive
        {Ref, Child} -> erlang:demonitor(Ref, [flush]), Child;
        {'DOWN', Ref, process, _, _} -> undefined
    end.

%% Until the start function has returned, and the process that called it has ended if that failed. Its end stays
%% among the messages, where the crash report shows it.
starting(Controller, Outer, Child) ->
    receive
        {io_request, _, _, _} = Request ->
            Outer ! Request,
            starting(Controller, Outer, Child);
        {Child, {ok, Pid}} ->
            {ok, Pid};
        {Child, {error, _} = Error} ->
            receive {'EXIT', Child, _} = End -> self() ! End end,
            Error;
        {'EXIT', Child, Reason} ->
            {error, Reason};
        {'EXIT', Controller, Reason} ->
            exit(Child, kill),
            {error, Reason}
    end.

running(Controller, Outer, Child, Pid) ->
    receive
        {io_request, _, _, _} = Request ->
            Outer ! Request,
            running(Controller, Outer, Child, Pid);
        {get_child, From, Ref} ->
            From ! {Ref, {ok, Pid}},
            running(Controller, Outer, Child, Pid);
        {stop, From, Ref} ->
            Child ! {self(), stop},
            await_end(Outer, Child),
            end_group(Outer),
            From ! {Ref, stopped};
        {'EXIT', Child, Reason} ->
            end_group(Outer),
            terminate(Reason, none);
        {'EXIT', Controller, Reason} ->
            Child ! {self(), stop},
            await_end(Outer, Child),
            end_group(Outer),
            terminate(Reason, none);
        _ ->
            running(Controller, Outer, Child, Pid)
    end.

await_end(Outer, Child) ->
    receive
        {'EXIT', Child, _} -> ok;
        {io_request, _, _, _} = Request ->
            Outer ! Request,
            await_end(Outer, Child)
    end.

%% With its master all of an application ends: whoever has the master as group leader. What belongs to the kernel (the
%% requests go to `user') may still have something to print.
end_group(user) -> ok;
end_group(Outer) ->
    Mine = {group_leader, self()},
    case [Pid || Pid <- processes(), Pid =/= self(), process_info(Pid, group_leader) =:= Mine] of
        [] -> ok;
        Left ->
            Ended = [{exit(Pid, kill), erlang:monitor(process, Pid)} || Pid <- Left],
            _ = [receive {'DOWN', Ref, process, _, _} -> ok end || {true, Ref} <- Ended],
            end_group(Outer)
    end.

started(Master, Module, Phases, Pid, State) ->
    link(Pid),
    case run_phases(Phases) of
        ok ->
            Master ! {self(), {ok, Pid}},
            serve(Master, Module, Pid, State);
        {error, Reason} ->
            end_child(Pid, shutdown),
            Master ! {self(), {error, Reason}}
    end.

run_phases([{Module, Phase, Args} | Phases]) ->
    case catch Module:start_phase(Phase, normal, Args) of
        ok -> run_phases(Phases);
        {error, Reason} -> {error, {Reason, {Module, start_phase, [Phase, normal, Args]}}};
        Other -> {error, {bad_return_value, {{Module, start_phase, [Phase, normal, Args]}, Other}}}
    end;
run_phases([]) ->
    ok.

serve(Master, Module, Pid, State) ->
    receive
        {Master, stop} ->
            Prepared = prepare_stop(Module, State),
            end_child(Pid, shutdown),
            _ = (catch Module:stop(Prepared)),
            exit(normal);
        {'EXIT', Pid, Reason} ->
            _ = (catch Module:stop(State)),
            exit(Reason);
        {'EXIT', Master, Reason} ->
            Prepared = prepare_stop(Module, State),
            end_child(Pid, Reason),
            _ = (catch Module:stop(Prepared)),
            exit(Reason);
        _ ->
            serve(Master, Module, Pid, State)
    end.

prepare_stop(Module, State) ->
    case erlang:function_exported(Module, prep_stop, 1) of
        true ->
            case catch Module:prep_stop(State) of
                {'EXIT', _} -> State;
                New -> New
            end;
        false ->
            State
    end.

end_child(Pid, Reason) ->
    exit(Pid, Reason),
    receive {'EXIT', Pid, _} -> ok end.

%%% Functions that stack traces show when an application fails, with their lines: both are those of OTP.

-file("application_master.erl", 127).
init(Controller, Starter, Outer, #application{module = Module, args = Args, phases = Phases}) ->
    link(Controller),
    Starter ! {self(), linked},
    process_flag(trap_exit, true),
    group_leader(self(), self()),
    Master = self(),
    Child = spawn_link(?MODULE, start_it_old, [Master, Module, Args, Phases]),
    case starting(Controller, Outer, Child) of
        {ok, Pid} ->
            unlink(Starter),
            Starter ! {self(), running},
            Controller ! {started, self(), ok},
            running(Controller, Outer, Child, Pid);
        {error, Reason} ->
            exit(Reason)
    end.

-file("application_master.erl", 234).
terminate(Reason, _) ->
    exit(Reason).

%% The child.
-file("application_master.erl", 290).
start_it_old(Master, Module, Args, Phases) ->
    process_flag(trap_exit, true),
    case catch Module:start(normal, Args) of
        {ok, Pid} -> started(Master, Module, Phases, Pid, []);
        {ok, Pid, State} -> started(Master, Module, Phases, Pid, State);
        {error, Reason} ->
            Master ! {self(), {error, {Reason, {Module, start, [normal, Args]}}}};
        {'EXIT', normal} = Exit ->
            Master ! {self(), {error, {Exit, {Module, start, [normal, Args]}}}};
        Other ->
            Master ! {self(), {error, {bad_return, {{Module, start, [normal, Args]}, Other}}}}
    end.
