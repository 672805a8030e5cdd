%%% application_master: the process in charge of one running application.
%%%
%%% It is the group leader of all processes of the application, so it passes
%%% requests for input and output on. The callback module runs in a child of it,
%%% which is also the parent of the application's top supervisor.
-module(application_master).

-export([start/4, stop/1, get_child/1, leader/1]).
-export([init/4, start_it_old/4]).

start(Controller, Module, Args, Phases) ->
    spawn_link(?MODULE, init, [Controller, Module, Args, Phases]).

%% Returns when the application is gone.
stop(Master) ->
    Ref = erlang:monitor(process, Master),
    Master ! {stop, self(), Ref},
    receive
        {Ref, stopped} -> erlang:demonitor(Ref, [flush]), ok;
        {'DOWN', Ref, process, _, _} -> ok
    end.

%% A process that only passes requests on, as a master does for its application; it ends with its owner.
leader(Outer) ->
    Owner = self(),
    spawn(fun() ->
                  _ = erlang:monitor(process, Owner),
                  group_leader(self(), self()),
                  pass_on(Outer)
          end).

pass_on(Outer) ->
    receive
        {'DOWN', _, process, _, _} -> ok;
        Request ->
            Outer ! Request,
            pass_on(Outer)
    end.

get_child(Master) ->
    Ref = erlang:monitor(process, Master),
    Master ! {get_child, self(), Ref},
    receive
        {Ref, Child} -> erlang:demonitor(Ref, [flush]), Child;
        {'DOWN', Ref, process, _, _} -> undefined
    end.

init(Controller, Module, Args, Phases) ->
    process_flag(trap_exit, true),
    Outer = group_leader(),
    group_leader(self(), self()),
    Master = self(),
    Child = spawn_link(?MODULE, start_it_old, [Master, Module, Args, Phases]),
    starting(Controller, Outer, Child).

%% Until the start function has returned.
starting(Controller, Outer, Child) ->
    receive
        {io_request, _, _, _} = Request ->
            Outer ! Request,
            starting(Controller, Outer, Child);
        {Child, {ok, Pid}} ->
            Controller ! {started, self(), ok},
            running(Controller, Outer, Child, Pid);
        {Child, {error, Reason}} ->
            unlink(Controller),
            Controller ! {started, self(), {error, Reason}};
        {'EXIT', Child, Reason} ->
            unlink(Controller),
            Controller ! {started, self(), {error, Reason}};
        {'EXIT', Controller, Reason} ->
            exit(Child, kill),
            exit(Reason)
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
            From ! {Ref, stopped};
        {'EXIT', Child, Reason} ->
            unlink(Controller),
            Controller ! {ended, self(), Reason};
        {'EXIT', Controller, Reason} ->
            Child ! {self(), stop},
            await_end(Outer, Child),
            exit(Reason);
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

started(Master, Module, Args, Phases, Pid, State) ->
    link(Pid),
    case run_phases(Phases, Module, Args) of
        ok ->
            Master ! {self(), {ok, Pid}},
            serve(Master, Module, Pid, State);
        {error, Reason} ->
            end_child(Pid, shutdown),
            Master ! {self(), {error, Reason}}
    end.

run_phases([{Phase, Args} | Phases], Module, StartArgs) ->
    case catch Module:start_phase(Phase, normal, Args) of
        ok -> run_phases(Phases, Module, StartArgs);
        {error, Reason} -> {error, {Reason, {Module, start_phase, [Phase, normal, Args]}}};
        Other -> {error, {bad_return, {{Module, start_phase, [Phase, normal, Args]}, Other}}}
    end;
run_phases(_, _Module, _StartArgs) ->
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

%%% The child. The stack traces of start functions that fail show this function and its line, so
%%% both are those of OTP.
-file("application_master.erl", 290).
start_it_old(Master, Module, Args, Phases) ->
    process_flag(trap_exit, true),
    case catch Module:start(normal, Args) of
        {ok, Pid} when is_pid(Pid) ->
            started(Master, Module, Args, Phases, Pid, []);
        {ok, Pid, State} when is_pid(Pid) ->
            started(Master, Module, Args, Phases, Pid, State);
        {error, Reason} ->
            Master ! {self(), {error, {Reason, {Module, start, [normal, Args]}}}};
        Other ->
            Master ! {self(), {error, {bad_return, {{Module, start, [normal, Args]}, Other}}}}
    end.
