%%% Carries out the instructions of a release change in the running system.
-module(release_handler_1).

-export([eval_script/1, eval_script/5, check_script/2, get_current_vsn/1, get_supervised_procs/0,
         get_supervised_procs/1]).

%% Of a change: where the applications are, before and after; the code that was read; the processes that
%% are suspended or stopped; the versions of old modules; what to purge at the end.
-record(state, {new_libs = [], code = [], suspended = [], stopped = [], versions = [], unpurged = [],
                apps = []}).

%% @doc As eval_script/5, without anything known before.
eval_script(Script) -> eval_script(Script, [], [], [], []).

%% @doc {ok, Unpurged} when all instructions were carried out, or {error, Reason},
%% {restart_emulator, Unpurged} or {restart_new_emulator, Unpurged}. NewLibs has {Name, Vsn, Folder}.
eval_script(Script, Apps, _OldLibs, NewLibs, _Options) ->
    case check_script(Script, NewLibs) of
        {ok, _} ->
            try run(Script, #state{new_libs = NewLibs, apps = Apps}) of
                {Outcome, #state{unpurged = Unpurged}} -> {Outcome, Unpurged}
            catch
                throw:{failed, Reason} -> {error, Reason}
            end;
        Error -> Error
    end.

%% @doc {ok, OldModules} when all instructions are known and stand where they may, and no module that must be purged softly has
%% processes in its old code.
check_script(Script, _Libs) ->
    {Before, After} = case lists:splitwith(fun(Instruction) -> Instruction =/= point_of_no_return end, Script) of
                          {All, []} -> {[], All};
                          {First, [_ | Last]} -> {First, Last}
                      end,
    case {[I || I <- Before, not is_before(I)], [I || I <- After, not is_after(I)]} of
        {[Wrong | _], _} -> {error, {illegal_instruction_before_point_of_no_return, Wrong}};
        {[], [Wrong | _]} -> {error, {illegal_instruction_after_point_of_no_return, Wrong}};
        {[], []} -> check_purges(Script)
    end.

%% Before it anything can still be taken back; what restarts the emulator at once is the very first.
is_before({load_object_code, {Name, _, Modules}}) -> is_atom(Name) andalso is_list(Modules);
is_before(restart_new_emulator) -> true;
is_before(Instruction) -> is_after(Instruction).

is_after({Kind, {Module, Pre, Post}}) when Kind =:= load; Kind =:= remove -> is_atom(Module) andalso is_atom(Pre) andalso is_atom(Post);
is_after({Kind, Items}) when Kind =:= purge; Kind =:= suspend; Kind =:= resume; Kind =:= code_change; Kind =:= stop; Kind =:= start ->
    is_list(Items);
is_after({code_change, Mode, Items}) -> (Mode =:= up orelse Mode =:= down) andalso is_list(Items);
is_after({sync_nodes, _, _}) -> true;
is_after({apply, {M, F, Args}}) -> is_atom(M) andalso is_atom(F) andalso is_list(Args);
is_after(restart_emulator) -> true;
is_after(_) -> false.

check_purges(Script) ->
    Soft = [Module || {Kind, {Module, soft_purge, _}} <- Script, Kind =:= load orelse Kind =:= remove],
    case [Module || Module <- Soft, not may_purge(Module)] of
        [] -> {ok, []};
        Busy -> {error, {old_processes, hd(Busy)}}
    end.

may_purge(Module) ->
    not erlang:check_old_code(Module)
        orelse not lists:any(fun(Pid) -> erlang:check_process_code(Pid, Module) =:= true end, processes()).

failed(Reason) -> throw({failed, Reason}).

run([restart_emulator], State) -> {restart_emulator, State};
run([restart_new_emulator | _], State) -> {restart_new_emulator, State};
run([Instruction | Script], State) -> run(Script, step(Instruction, State));
run([], State) -> {ok, State}.

step({load_object_code, {Name, Vsn, Modules}}, #state{new_libs = Libs, code = Code} = State) ->
    Dir = case [Dir || {N, V, Dir} <- Libs, N =:= Name, V =:= Vsn] of
              [Found | _] -> Found;
              [] -> failed({no_such_library, {Name, Vsn}})
          end,
    Read = [begin
                File = filename:join([Dir, "ebin", atom_to_list(Module) ++ ".beam"]),
                case erl_prim_loader:get_file(File) of
                    {ok, Bytes, _} -> {Module, {Bytes, File}};
                    error -> failed({no_such_file, File})
                end
            end || Module <- Modules],
    State#state{code = Read ++ Code};
step(point_of_no_return, State) ->
    State;
step({load, {Module, Pre, Post}}, #state{code = Code, versions = Versions, unpurged = Unpurged} = State) ->
    {Bytes, File} = case lists:keyfind(Module, 1, Code) of
                        {_, Found} -> Found;
                        false -> failed({no_object_code, Module})
                    end,
    Version = {Module, get_current_vsn(Module)},
    purge(Module, Pre),
    case code:load_binary(Module, File, Bytes) of
        {module, Module} -> ok;
        {error, Reason} -> failed({load, Module, Reason})
    end,
    State#state{versions = [Version | Versions], unpurged = unpurged(Module, Post, Unpurged)};
step({remove, {Module, Pre, Post}}, #state{unpurged = Unpurged} = State) ->
    purge(Module, Pre),
    _ = code:delete(Module),
    State#state{unpurged = unpurged(Module, Post, Unpurged)};
step({purge, Modules}, State) ->
    _ = [code:purge(Module) || Module <- Modules],
    State;
step({suspend, Modules}, #state{suspended = Suspended} = State) ->
    Procs = get_supervised_procs(),
    New = [{Module, suspend(pids(Module, Procs), Timeout)}
           || Item <- Modules, {Module, Timeout} <- [with_timeout(Item)]],
    State#state{suspended = New ++ Suspended};
step({resume, Modules}, #state{suspended = Suspended} = State) ->
    _ = [[catch sys:resume(Pid) || Pid <- Pids] || Module <- Modules, {M, Pids} <- Suspended, M =:= Module],
    State#state{suspended = [Item || {Module, _} = Item <- Suspended, not lists:member(Module, Modules)]};
step({code_change, Modules}, State) ->
    step({code_change, up, Modules}, State);
step({code_change, Mode, Modules}, #state{suspended = Suspended} = State) ->
    _ = [[change_code(Pid, Module, old_version(Mode, Module, State), Extra) || {M, Pids} <- Suspended, M =:= Module, Pid <- Pids]
         || {Module, Extra} <- Modules],
    State;
step({stop, Modules}, #state{stopped = Stopped} = State) ->
    Procs = get_supervised_procs(),
    New = [{Module, [{Sup, Id} || {Sup, Id, Pid, Ms} <- Procs, has_module(Module, Pid, Ms)]} || Module <- Modules],
    _ = [supervisor:terminate_child(Sup, Id) || {_, Children} <- New, {Sup, Id} <- Children],
    State#state{stopped = New ++ Stopped};
step({start, Modules}, #state{stopped = Stopped} = State) ->
    _ = [supervisor:restart_child(Sup, Id) || {Module, Children} <- Stopped, lists:member(Module, Modules),
                                              {Sup, Id} <- Children],
    State#state{stopped = [Item || {Module, _} = Item <- Stopped, not lists:member(Module, Modules)]};
step({sync_nodes, Id, {M, F, Args}}, State) ->
    step({sync_nodes, Id, apply(M, F, Args)}, State);
step({sync_nodes, Id, Nodes}, State) ->
    case [Node || Node <- Nodes, Node =/= node(), not lists:member(Node, nodes())] of
        [] -> ok;
        Missing -> failed({sync_error, Id, Missing})
    end,
    State;
step({apply, {M, F, Args}}, State) ->
    case catch apply(M, F, Args) of
        {'EXIT', Reason} -> failed({'EXIT', Reason});
        {error, Reason} -> failed({error, {apply, {M, F, Args}, Reason}});
        _ -> State
    end;
step(Other, _) ->
    failed({bad_instruction, Other}).

purge(Module, brutal_purge) -> code:purge(Module);
purge(Module, soft_purge) ->
    case code:soft_purge(Module) of
        true -> true;
        false -> failed({old_processes, Module})
    end.

%% What is to be purged once the change is done; softly, that may wait for processes.
unpurged(Module, brutal_purge, Unpurged) -> lists:delete(Module, Unpurged);
unpurged(Module, soft_purge, Unpurged) -> [Module | lists:delete(Module, Unpurged)].

with_timeout({Module, Timeout}) -> {Module, Timeout};
with_timeout(Module) -> {Module, default}.

suspend(Pids, Timeout) ->
    [Pid || Pid <- Pids,
            ok =:= (catch case Timeout of
                              default -> sys:suspend(Pid);
                              _ -> sys:suspend(Pid, Timeout)
                          end)].

change_code(Pid, Module, Version, Extra) ->
    case sys:change_code(Pid, Module, Version, Extra) of
        ok -> ok;
        {error, Reason} -> failed({code_change_failed, Pid, Module, Version, Reason})
    end.

%% The version that a process comes from; downwards, the one that it goes to.
old_version(up, Module, #state{versions = Versions}) ->
    case lists:keyfind(Module, 1, Versions) of
        {Module, Version} -> Version;
        false -> get_current_vsn(Module)
    end;
old_version(down, Module, #state{code = Code}) ->
    case lists:keyfind(Module, 1, Code) of
        {Module, {Bytes, _}} ->
            case beam_lib:version(Bytes) of
                {ok, {Module, Version}} -> {down, single(Version)};
                _ -> {down, undefined}
            end;
        false -> {down, undefined}
    end.

%% @doc The version of a module that is loaded, or of its file.
get_current_vsn(Module) ->
    Attributes = case erlang:module_loaded(Module) of
                     true -> Module:module_info(attributes);
                     false -> []
                 end,
    case lists:keyfind(vsn, 1, Attributes) of
        {vsn, Version} -> single(Version);
        false -> undefined
    end.

%% A version that is text is a list anyway; any other stands in a list.
single(Version) ->
    case {io_lib:printable_unicode_list(Version), Version} of
        {false, [Only]} -> Only;
        _ -> Version
    end.

%%% Processes.

pids(Module, Procs) ->
    lists:usort([Pid || {_, _, Pid, Modules} <- Procs, has_module(Module, Pid, Modules)]).

has_module(Module, _, Modules) when is_list(Modules) -> lists:member(Module, Modules);
has_module(Module, Pid, dynamic) ->
    case catch get_modules(Pid) of
        Modules when is_list(Modules) -> lists:member(Module, Modules);
        _ -> false
    end;
has_module(_, _, _) -> false.

%% The modules of an event manager are those of its handlers.
get_modules(Pid) ->
    case catch gen_event:which_handlers(Pid) of
        Handlers when is_list(Handlers) ->
            [case Handler of
                 {Module, _} -> Module;
                 Module -> Module
             end || Handler <- Handlers];
        _ -> []
    end.

%% @doc {Supervisor, Id, Pid, Modules} of the processes in the supervision trees of all applications.
get_supervised_procs() ->
    get_supervised_procs([Name || {Name, _, _} <- application:which_applications()]).

%% @doc As get_supervised_procs/0, of some applications.
get_supervised_procs(Names) ->
    lists:append([top(Name) || Name <- Names]).

top(Name) ->
    case application_controller:get_master(Name) of
        Master when is_pid(Master) ->
            case application_master:get_child(Master) of
                {ok, Pid} -> [{undefined, Name, Pid, own_modules(Pid)} | children(Pid)];
                _ -> []
            end;
        _ -> []
    end.

own_modules(Pid) ->
    case catch supervisor:get_callback_module(Pid) of
        Module when is_atom(Module) -> [Module];
        _ -> []
    end.

children(Sup) ->
    case catch supervisor:which_children(Sup) of
        Children when is_list(Children) ->
            lists:append([case {Pid, Type} of
                              {Pid, supervisor} when is_pid(Pid) ->
                                  [{Sup, Id, Pid, own_modules(Pid) ++ listed(Modules)} | children(Pid)];
                              {Pid, worker} when is_pid(Pid) -> [{Sup, Id, Pid, Modules}];
                              _ -> []
                          end || {Id, Pid, Type, Modules} <- Children]);
        _ -> []
    end.

listed(dynamic) -> [];
listed(Modules) -> Modules.
