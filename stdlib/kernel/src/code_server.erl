%%% code_server: the process that owns the code path and loads modules.
%%%
%%% All loading goes through this one process, so that two callers who need the
%%% same module load it once. It never waits for another process: the function
%%% that an -on_load attribute names runs in a process of its own, and whoever
%%% asks for such a module meanwhile is answered when that one has ended.
%%%
%%% The libraries that come with the system are not files. The marker
%%% `embedded` stands for them in the path; to the outside they look like
%%% directories `ROOT/lib/APP-VSN/ebin`.
%%%
%%% This module is loaded before any other can be, so it calls native functions
%%% and itself alone on the way to loading a module.
-module(code_server).

-export([awake/1, call/1]).

%%   path      [string() | embedded]
%%   files     map of module to the file it was loaded from
%%   sticky    [{Module, Is}] of modules of which it was said whether they may be replaced
%%   protect   whether what is embedded is sticky at first
%%   index     none | [{App, Vsn, [Module]}], what is embedded
%%   running   the on_load functions at work
-record(state, {path = [], root, mode, files, sticky = [], protect = true,
                index = none, running = []}).

%% An on_load function at work: its process, and who waits for the outcome.
-record(on_load, {monitor, pid, module, file, waiting = []}).

%% Ask the server. It lives as long as the system does.
call(Request) ->
    Ref = erlang:monitor(process, code_server),
    code_server ! {code_call, {self(), Ref}, Request},
    receive
        {Ref, Reply} ->
            erlang:demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, process, _, _} ->
            exit({'DOWN', code_server, Request})
    end.

%% What the process does that `init' has started and named, when its first message has come.
awake(Flags) ->
    Root = case flag(root, Flags) of none -> "/swerl"; Dir -> Dir end,
    First = flag(before, Flags),
    Path = append_dirs(flag(behind, Flags), prepend_dirs(First, [".", embedded] ++ env_libs())),
    State = #state{path = prepend_dirs(First, []), root = Root, mode = flag(mode, Flags),
                   protect = flag(sticky, Flags), files = maps:from_list([])},
    Loaded = replace_early([lists, maps], State),
    loop(Loaded#state{path = Path}).

%% Modules of the library that were needed before there was a path are taken
%% from its first directories, if these have them.
replace_early(_, #state{path = []} = State) ->
    State;
replace_early([Module | Modules], #state{files = Files} = State) ->
    case get_object_code(Module, State) of
        {{Module, Beam, File}, NewState} ->
            {module, Module} = erlang:load_module(Module, Beam),
            replace_early(Modules, NewState#state{files = remember(Module, File, Files)});
        {error, NewState} ->
            replace_early(Modules, NewState)
    end;
replace_early([], State) ->
    State.

flag(Key, Flags) ->
    {Key, Value} = lists:keyfind(Key, 1, Flags),
    Value.

reply({Pid, Ref}, Reply) ->
    Pid ! {Ref, Reply}.

loop(State) ->
    receive
        {code_call, From, Request} ->
            case handle(Request, From, State) of
                {reply, Reply, NewState} ->
                    reply(From, Reply),
                    loop(NewState);
                {noreply, NewState} ->
                    loop(NewState)
            end;
        {'DOWN', Monitor, process, _, Outcome} ->
            loop(on_load_ended(Monitor, Outcome, State));
        _ ->
            loop(State)
    end.

%%% Requests.

handle({ensure_loaded, Module}, From, State) ->
    case erlang:module_loaded(Module) orelse is_preloaded(Module) of
        true -> {reply, {module, Module}, State};
        false -> load_by_name(Module, From, State)
    end;
handle({load_file, Module}, From, State) ->
    case is_protected(Module, State) of
        true -> {reply, refuse_sticky(Module), State};
        false -> load_by_name(Module, From, State)
    end;
handle({load_binary, Module, File, Beam}, From, State) ->
    load_checked(Module, File, Beam, From, State);
handle({finish_loading, Prepared, EnsureOnly}, _From, State) ->
    finish_loading(Prepared, EnsureOnly, State);
handle({delete, Module}, _From, #state{files = Files} = State) ->
    {Reply, NewFiles} = delete(Module, Files),
    {reply, Reply, State#state{files = NewFiles}};
handle({is_loaded, Module}, _From, State) ->
    {File, NewState} = loaded_file(Module, State),
    {reply, File, NewState};
handle(all_loaded, _From, State) ->
    {All, NewState} = all_loaded(erlang:pre_loaded() ++ (erlang:loaded() -- erlang:pre_loaded()), [], State),
    {reply, All, NewState};
handle({find_module, Module}, _From, State) ->
    {Found, NewState} = find_module(Module, State),
    {reply, Found, NewState};
handle({get_object_code, Module}, _From, State) ->
    case get_object_code(Module, State) of
        {{Module, Beam, embedded}, NewState} ->
            {File, Indexed} = embedded_file(Module, index(NewState)),
            {reply, {Module, Beam, File}, Indexed};
        {Found, NewState} ->
            {reply, Found, NewState}
    end;
handle(get_path, _From, State) ->
    NewState = expand(State),
    {reply, NewState#state.path, NewState};
handle({set_path, Dirs}, _From, State) ->
    set_path(Dirs, index(State));
handle({add_path, Where, Dir}, _From, State) ->
    {Reply, NewState} = add_path(Where, Dir, State),
    {reply, Reply, NewState};
handle({add_paths, Where, Dirs}, _From, State) ->
    {reply, ok, add_paths(Where, Dirs, State)};
handle({del_path, Dir}, _From, State) ->
    {Reply, NewState} = del_path(Dir, expand(State)),
    {reply, Reply, NewState};
handle({replace_path, Name, Dir}, _From, State) ->
    {Reply, NewState} = replace_path(Name, Dir, expand(State)),
    {reply, Reply, NewState};
handle(root_dir, _From, #state{root = Root} = State) ->
    {reply, Root, State};
handle({lib_dir, Name}, _From, State) ->
    NewState = expand(State),
    {reply, lib_dir(Name, NewState#state.path), NewState};
handle(get_mode, _From, #state{mode = Mode} = State) ->
    {reply, Mode, State};
handle(index, _From, State) ->
    NewState = index(State),
    {reply, NewState#state.index, NewState};
handle({is_sticky, Module}, _From, State) ->
    {reply, erlang:module_loaded(Module) andalso is_sticky(Module, State), State};
handle({stick, Modules, Is}, _From, #state{sticky = Sticky} = State) ->
    Others = [Known || {Module, _} = Known <- Sticky, not lists:member(Module, Modules)],
    {reply, ok, State#state{sticky = [{Module, Is} || Module <- Modules] ++ Others}};
handle(_Unknown, _From, State) ->
    {reply, {error, request}, State}.

%%% Loading.

load_by_name(Module, From, State) ->
    case is_running(Module, State) of
        true ->
            {noreply, wait_for(Module, From, State)};
        false ->
            case get_object_code(Module, State) of
                {{Module, Beam, File}, NewState} ->
                    load(Module, File, Beam, From, NewState);
                {error, NewState} ->
                    {reply, {error, nofile}, NewState}
            end
    end.

load_checked(Module, File, Beam, From, State) ->
    case is_protected(Module, State) of
        true ->
            {reply, refuse_sticky(Module), State};
        false ->
            case is_running(Module, State) of
                true -> {noreply, wait_for(Module, From, State)};
                false -> load(Module, File, Beam, From, State)
            end
    end.

load(Module, File, Beam, From, #state{files = Files} = State) ->
    case erlang:load_module(Module, Beam) of
        {module, Module} ->
            {reply, {module, Module}, State#state{files = remember(Module, File, Files)}};
        {error, on_load} ->
            {noreply, run_on_load(Module, File, From, State)};
        {error, Reason} ->
            {Name, NewState} = case File of
                                   embedded -> name_of_embedded(Module, State);
                                   _ -> {File, State}
                               end,
            report("Loading of ~ts failed: ~p\n", [Name, Reason]),
            {reply, {error, Reason}, NewState}
    end.

%% There may be no atoms left for the index: that is no reason to end.
name_of_embedded(Module, State) ->
    try
        embedded_file(Module, index(State))
    catch
        error:system_limit -> {erlang:atom_to_list(Module), State}
    end.

%% Where an embedded module came from can be told at any time.
remember(Module, embedded, Files) -> maps:remove(Module, Files);
remember(Module, File, Files) -> maps:put(Module, File, Files).

finish_loading(Prepared, EnsureOnly, State) ->
    Wanted = case EnsureOnly of
                 true -> [P || {M, _, _} = P <- Prepared, not erlang:module_loaded(M)];
                 false -> Prepared
             end,
    case [{M, sticky_directory} || {M, _, _} <- Wanted, is_protected(M, State)] of
        [] ->
            case erlang:finish_loading([Code || {_, _, Code} <- Wanted]) of
                ok -> {reply, ok, remember_all(Wanted, State)};
                {Reason, Modules} -> {reply, {error, [{M, Reason} || M <- Modules]}, State}
            end;
        Errors ->
            {reply, {error, Errors}, State}
    end.

remember_all([{Module, File, _} | More], #state{files = Files} = State) ->
    remember_all(More, State#state{files = remember(Module, File, Files)});
remember_all([], State) ->
    State.

delete(Module, Files) ->
    case erlang:check_old_code(Module) of
        true ->
            report("Module ~w must be purged before deleting\n", [Module]),
            {false, Files};
        false ->
            case erlang:delete_module(Module) of
                true -> {true, maps:remove(Module, Files)};
                undefined -> {false, Files}
            end
    end.

%%% on_load functions.

is_running(Module, #state{running = Running}) ->
    lists:keymember(Module, #on_load.module, Running).

wait_for(Module, From, #state{running = Running} = State) ->
    #on_load{waiting = Waiting} = Job = lists:keyfind(Module, #on_load.module, Running),
    New = Job#on_load{waiting = [From | Waiting]},
    State#state{running = replace_job(Module, New, Running)}.

replace_job(Module, New, [#on_load{module = Module} | Jobs]) -> [New | Jobs];
replace_job(Module, New, [Job | Jobs]) -> [Job | replace_job(Module, New, Jobs)].

%% The outcome of the function is the reason that its process exits with.
run_on_load(Module, File, From, #state{running = Running} = State) ->
    Run = fun() -> exit({on_load_result, erlang:call_on_load_function(Module)}) end,
    {Pid, Monitor} = spawn_monitor(Run),
    Job = #on_load{monitor = Monitor, pid = Pid, module = Module, file = File,
                   waiting = [From]},
    State#state{running = [Job | Running]}.

on_load_ended(Monitor, Outcome, #state{running = Running, files = Files} = State) ->
    case lists:keyfind(Monitor, #on_load.monitor, Running) of
        false ->
            State;
        #on_load{module = Module, file = File, waiting = Waiting} ->
            Keep = Outcome =:= {on_load_result, ok},
            erlang:finish_after_on_load(Module, Keep),
            Reply = case Keep of
                        true -> {module, Module};
                        false -> {error, on_load_failure}
                    end,
            report_on_load(Module, Outcome),
            _ = [reply(From, Reply) || From <- Waiting],
            NewFiles = case Keep of
                           true -> remember(Module, File, Files);
                           false -> Files
                       end,
            Left = lists:keydelete(Monitor, #on_load.monitor, Running),
            State#state{running = Left, files = NewFiles}
    end.

report_on_load(_Module, {on_load_result, ok}) ->
    ok;
report_on_load(Module, {on_load_result, Result}) ->
    report_warning("The on_load function for module ~s returned:~n~P\n", [Module, Result, 10]);
report_on_load(Module, Reason) ->
    report_warning("The on_load function for module ~s returned:~n~P\n",
                   [Module, Reason, 10]).

%%% Finding modules.

get_object_code(Module, #state{path = Path} = State) ->
    search(Path, Module, State).

search([embedded | Dirs], Module, State) ->
    case swerl_code:embedded(Module) of
        {ok, Beam} -> {{Module, Beam, embedded}, State};
        error -> search(Dirs, Module, State)
    end;
search([Dir | Dirs], Module, #state{root = Root} = State) ->
    case is_below(Root, Dir) of
        true ->
            NewState = index(State),
            case embedded_in(Dir, Module, NewState) of
                {ok, Beam} -> {{Module, Beam, embedded}, NewState};
                error -> search_dir(Dir, Dirs, Module, NewState)
            end;
        false ->
            search_dir(Dir, Dirs, Module, State)
    end;
search([], _Module, State) ->
    {error, State}.

search_dir(Dir, Dirs, Module, State) ->
    case prim_file:read_file(beam_file(Dir, Module)) of
        {ok, Beam} -> {{Module, Beam, beam_file(absolute(Dir), Module)}, State};
        {error, _} -> search(Dirs, Module, State)
    end.

%% As get_object_code, but only the name of the file.
find_module(Module, #state{path = Path} = State) ->
    find(Path, Module, State).

find([embedded | Dirs], Module, State) ->
    case swerl_code:embedded(Module) of
        {ok, _} -> embedded_file(Module, index(State));
        error -> find(Dirs, Module, State)
    end;
find([Dir | Dirs], Module, State) ->
    File = beam_file(Dir, Module),
    case is_regular(File) of
        true -> {File, State};
        false ->
            NewState = index(State),
            case embedded_in(Dir, Module, NewState) of
                {ok, _} -> {File, NewState};
                error -> find(Dirs, Module, NewState)
            end
    end;
find([], _Module, State) ->
    {non_existing, State}.

beam_file(Dir, Module) ->
    Dir ++ "/" ++ atom_to_list(Module) ++ ".beam".

%% The file a loaded module came from, as code:is_loaded/1 tells it.
loaded_file(Module, #state{files = Files} = State) ->
    case is_preloaded(Module) of
        true ->
            {{file, preloaded}, State};
        false ->
            case {erlang:module_loaded(Module), maps:find(Module, Files)} of
                {false, _} -> {false, State};
                {true, {ok, File}} -> {{file, File}, State};
                {true, error} -> origin(Module, State)
            end
    end.

%% Part of the machine.
is_preloaded(Module) -> lists:member(Module, erlang:pre_loaded()).

origin(Module, State) ->
    case embedded_file(Module, index(State)) of
        {non_existing, NewState} -> {{file, preloaded}, NewState};
        {File, NewState} -> {{file, File}, NewState}
    end.

all_loaded([Module | Modules], All, State) ->
    case loaded_file(Module, State) of
        {{file, File}, NewState} -> all_loaded(Modules, [{Module, File} | All], NewState);
        {false, NewState} -> all_loaded(Modules, All, NewState)
    end;
all_loaded([], All, State) ->
    {All, State}.

%%% What is embedded.

%% The index is read when somebody asks for more than code.
index(#state{index = none} = State) ->
    case swerl_code:embedded('$index') of
        {ok, Bytes} -> State#state{index = applications(split($\n, binary_to_list(Bytes), []))};
        error -> State#state{index = []}
    end;
index(State) ->
    State.

%% One application a line: its name, its version and its modules.
applications([[] | Lines]) ->
    applications(Lines);
applications([Line | Lines]) ->
    [App, Vsn | Modules] = split($\s, Line, []),
    [{list_to_atom(App), Vsn, [list_to_atom(M) || M <- Modules]} | applications(Lines)];
applications([]) ->
    [].

embedded_dirs(#state{index = Index} = State) ->
    [ebin(App, Vsn, State) || {App, Vsn, _} <- Index].

ebin(App, Vsn, #state{root = Root}) ->
    Root ++ "/lib/" ++ atom_to_list(App) ++ "-" ++ Vsn ++ "/ebin".

embedded_file(Module, #state{index = Index} = State) ->
    {embedded_file(Index, Module, State), State}.

embedded_file([{App, Vsn, Modules} | Apps], Module, State) ->
    case lists:member(Module, Modules) of
        true -> beam_file(ebin(App, Vsn, State), Module);
        false -> embedded_file(Apps, Module, State)
    end;
embedded_file([], _Module, _State) ->
    non_existing.

embedded_in(Dir, Module, #state{index = Index} = State) ->
    Here = [true || {App, Vsn, Modules} <- Index, ebin(App, Vsn, State) =:= Dir,
                    lists:member(Module, Modules)],
    case Here of
        [true | _] -> swerl_code:embedded(Module);
        [] -> error
    end.

is_below(Root, Dir) ->
    starts_with(Root ++ "/lib/", Dir).

starts_with([C | Prefix], [C | String]) -> starts_with(Prefix, String);
starts_with([], _) -> true;
starts_with(_, _) -> false.

%%% The path.

expand(#state{path = Path} = State) ->
    case lists:member(embedded, Path) of
        false -> State;
        true ->
            NewState = index(State),
            NewState#state{path = put_dirs(Path, embedded_dirs(NewState))}
    end.

put_dirs([embedded | Path], Dirs) -> Dirs ++ put_dirs(Path, Dirs);
put_dirs([Dir | Path], Dirs) -> [Dir | put_dirs(Path, Dirs)];
put_dirs([], _Dirs) -> [].

%% A directory that is put in front moves there; one that is put behind stays
%% where it is if it is in the path already.
prepend_dirs([Dir | Dirs], Path) ->
    case is_dir(Dir) of
        true -> prepend_dirs(Dirs, [Dir | lists:delete(Dir, Path)]);
        false -> prepend_dirs(Dirs, Path)
    end;
prepend_dirs([], Path) ->
    Path.

append_dirs([Dir | Dirs], Path) ->
    case lists:member(Dir, Path) orelse not is_dir(Dir) of
        true -> append_dirs(Dirs, Path);
        false -> append_dirs(Dirs, Path ++ [Dir])
    end;
append_dirs([], Path) ->
    Path.

add_path(Where, Name, State) ->
    Dir = tidy(Name),
    case is_code_dir(Dir, State) of
        {true, NewState} -> {true, insert(Where, Dir, NewState)};
        {false, NewState} -> {{error, bad_directory}, NewState}
    end.

add_paths(Where, [Dir | Dirs], State) ->
    {_, NewState} = add_path(Where, Dir, State),
    add_paths(Where, Dirs, NewState);
add_paths(_Where, [], State) ->
    State.

insert(first, Dir, #state{path = Path} = State) ->
    State#state{path = [Dir | lists:delete(Dir, Path)]};
insert(last, Dir, #state{path = Path} = State) ->
    case lists:member(Dir, Path) of
        true -> State;
        false -> State#state{path = Path ++ [Dir]}
    end.

is_code_dir(Dir, State) ->
    case is_dir(Dir) of
        true -> {true, State};
        false ->
            NewState = index(State),
            {lists:member(Dir, embedded_dirs(NewState)), NewState}
    end.

set_path(Names, State) ->
    case is_list_of_names(Names) of
        false ->
            {reply, {error, bad_path}, State};
        true ->
            Dirs = [tidy(Name) || Name <- Names],
            Known = embedded_dirs(State),
            case [Dir || Dir <- Dirs, not lists:member(Dir, Known), not is_dir(Dir)] of
                [] -> {reply, true, State#state{path = Dirs}};
                _ -> {reply, {error, bad_directory}, State}
            end
    end.

is_list_of_names([Name | Names]) when is_list(Name); is_atom(Name) -> is_list_of_names(Names);
is_list_of_names([]) -> true;
is_list_of_names(_) -> false.

%% A directory is named by itself, or by the application whose code it holds.
del_path(Name, #state{path = Path} = State) ->
    case [Dir || Dir <- Path, is_named(tidy(Name), Dir)] of
        [Dir | _] -> {true, State#state{path = lists:delete(Dir, Path)}};
        [] -> {false, State}
    end.

replace_path(Name, NewName, #state{path = Path} = State) ->
    New = tidy(NewName),
    Base = tidy(Name),
    case is_named(Base, New) of
        false ->
            {{error, bad_name}, State};
        true ->
            case is_code_dir(New, State) of
                {false, Same} ->
                    {{error, bad_directory}, Same};
                {true, Same} ->
                    {true, Same#state{path = replace_named(Base, New, Path)}}
            end
    end.

replace_named(Base, New, [Dir | Path]) ->
    case is_named(Base, Dir) of
        true -> [New | Path];
        false -> [Dir | replace_named(Base, New, Path)]
    end;
replace_named(_Base, New, []) ->
    [New].

is_named(Dir, Dir) -> true;
is_named(Name, Dir) -> app_of(Dir) =:= Name.

lib_dir(Name, Path) ->
    case [Dir || Dir <- Path, app_of(Dir) =:= Name] of
        [Dir | _] -> without_ebin(Dir);
        [] -> {error, bad_name}
    end.

%% "/x/lib/stdlib-4.2/ebin" belongs to "stdlib".
app_of(Dir) ->
    until_dash(last_part(without_ebin(Dir), [])).

without_ebin(Dir) ->
    case lists:reverse(Dir) of
        "nibe/" ++ Rev -> lists:reverse(Rev);
        _ -> Dir
    end.

last_part([$/ | Rest], _Part) -> last_part(Rest, []);
last_part([C | Rest], Part) -> last_part(Rest, [C | Part]);
last_part([], Part) -> lists:reverse(Part).

until_dash([$- | _]) -> [];
until_dash([C | Rest]) -> [C | until_dash(Rest)];
until_dash([]) -> [].

tidy(Name) when is_atom(Name) -> tidy(atom_to_list(Name));
tidy(Name) ->
    case lists:reverse(Name) of
        [$/, C | Rev] -> tidy(lists:reverse([C | Rev]));
        _ -> Name
    end.

absolute([$/ | _] = Dir) ->
    Dir;
absolute(Dir) ->
    case prim_file:get_cwd() of
        {ok, Cwd} when Dir =:= "." -> Cwd;
        {ok, Cwd} -> Cwd ++ "/" ++ Dir;
        {error, _} -> Dir
    end.

%% Libraries named by the environment variable ERL_LIBS.
env_libs() ->
    case os:getenv("ERL_LIBS") of
        false -> [];
        Libs -> [Dir || Lib <- split($:, Libs, []), Dir <- app_dirs(Lib)]
    end.

split(At, [At | Rest], Part) -> [lists:reverse(Part) | split(At, Rest, [])];
split(At, [C | Rest], Part) -> split(At, Rest, [C | Part]);
split(_At, [], Part) -> [lists:reverse(Part)].

app_dirs([]) ->
    [];
app_dirs(Lib) ->
    case prim_file:list_dir(Lib) of
        {ok, Names} -> [Dir || Name <- Names, Dir <- [Lib ++ "/" ++ Name ++ "/ebin"], is_dir(Dir)];
        {error, _} -> []
    end.

%% The third element of #file_info{} is the type.
is_dir(Name) -> file_type(Name) =:= directory.

is_regular(Name) -> file_type(Name) =:= regular.

file_type(Name) ->
    try prim_file:read_file_info(Name) of
        {ok, Info} -> element(3, Info);
        {error, _} -> none
    catch
        %% What cannot be the name of a file names none.
        error:badarg -> none
    end.

%%% Sticky modules and directories.

is_protected(Module, State) ->
    (erlang:module_loaded(Module) orelse is_preloaded(Module)) andalso is_sticky(Module, State).

%% Embedded modules and parts of the machine are sticky until told otherwise, by -nostick or later; others when told so.
is_sticky(Module, #state{files = Files, sticky = Sticky, protect = Protect}) ->
    case lists:keyfind(Module, 1, Sticky) of
        {Module, Is} -> Is;
        false -> Protect andalso maps:find(Module, Files) =:= error
    end.

refuse_sticky(Module) ->
    report("Can't load module '~w' that resides in sticky dir\n", [Module]),
    {error, sticky_directory}.

%%% Messages for the log. The logger is told, never asked: it may need this
%%% server to load its modules.

report(Format, Args) -> send_log(error, error, Format, Args).

report_warning(Format, Args) -> send_log(warning, warning_msg, Format, Args).

send_log(Level, Tag, Format, Args) ->
    Meta = maps:from_list([{pid, self()}, {gl, group_leader()},
                           {time, os:system_time(microsecond)},
                           {error_logger, maps:from_list([{tag, Tag}])}]),
    case whereis(logger) of
        undefined -> ok;
        Logger -> Logger ! {log, Level, Format, Args, Meta}, ok
    end.
