%%% The server of EUnit: runs tests one after the other, for who submits them and for modules that it
%%% watches.
-module(eunit_server).

-export([start/1, stop/1, start_test/4, start_test/3, watch/3, watch_path/3, watch_regexp/3, main/1]).

-define(LOOK_AGAIN, 1000).

%% @doc Starts a server and gives it a name.
start(Name) when is_atom(Name) ->
    case whereis(Name) of
        undefined ->
            Pid = spawn(?MODULE, main, [#{name => Name, watched => [], seen => #{}}]),
            try register(Name, Pid) of
                true -> Pid
            catch
                error:badarg -> exit(Pid, kill), whereis(Name)
            end;
        Pid -> Pid
    end.

%% @doc Stops a server.
stop(Name) -> call(Name, stop).

%% @doc Has tests run; the caller gets {eunit_result, Ref, Result}.
start_test(Name, Tests, Options) ->
    case whereis(Name) of
        undefined when Name =:= eunit_server -> start(Name), start_test(Name, Tests, Options);
        _ -> call(Name, {test, self(), Tests, Options})
    end.

%% @doc As start_test/3, with a listener of its own.
start_test(Name, Listener, Tests, Options) -> start_test(Name, Tests, [{report, Listener}, no_tty | Options]).

%% @doc Has the tests of modules run when they are loaded anew.
watch(Name, Modules, Options) when is_list(Modules) ->
    _ = [call(Name, {watch, {module, Module}, Options}) || Module <- Modules],
    ok;
watch(Name, Module, Options) when is_atom(Module) -> call(Name, {watch, {module, Module}, Options}).

%% @doc As watch/3, for the modules of a folder.
watch_path(Name, Path, Options) -> call(Name, {watch, {path, filename:flatten(Path)}, Options}).

%% @doc As watch/3, for the modules whose names match a regular expression.
watch_regexp(Name, Regexp, Options) ->
    case re:compile(Regexp, [anchored]) of
        {ok, Compiled} -> call(Name, {watch, {regexp, Compiled}, Options});
        {error, _} -> {error, {bad_regexp, Regexp}}
    end.

call(Name, Request) ->
    case whereis(Name) of
        undefined -> {error, server_down};
        Pid ->
            Ref = erlang:monitor(process, Pid),
            Pid ! {request, self(), Ref, Request},
            receive
                {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
                {'DOWN', Ref, process, _, _} -> {error, server_down}
            end
    end.

%% @doc The loop of a server.
main(#{watched := Watched} = State) ->
    Wait = case Watched of
               [] -> infinity;
               _ -> ?LOOK_AGAIN
           end,
    receive
        {request, From, Ref, stop} ->
            From ! {Ref, ok};
        {request, From, Ref, {test, To, Tests, Options}} ->
            From ! {Ref, {ok, Ref}},
            To ! {eunit_result, Ref, eunit:test(Tests, Options)},
            ?MODULE:main(State);
        {request, From, Ref, {watch, Target, Options}} ->
            From ! {Ref, ok},
            Known = maps:from_list([{Module, version(Module)} || Module <- targets(Target)]),
            ?MODULE:main(State#{watched => [{Target, Options} | Watched],
                                seen => maps:merge(Known, maps:get(seen, State))})
    after Wait ->
        ?MODULE:main(look(State))
    end.

look(#{watched := Watched, seen := Seen} = State) ->
    Changed = [{Module, Options, version(Module)} || {Target, Options} <- Watched, Module <- targets(Target)],
    New = [Item || {Module, _, Version} = Item <- Changed, maps:get(Module, Seen, none) =/= Version],
    _ = [begin
             _ = code:purge(Module),
             _ = code:load_file(Module),
             eunit:test(Module, Options)
         end || {Module, Options, _} <- New],
    State#{seen => maps:merge(Seen, maps:from_list([{Module, Version} || {Module, _, Version} <- New]))}.

targets({module, Module}) -> [Module];
targets({path, Path}) ->
    [list_to_atom(filename:basename(File, ".beam")) || File <- filelib:wildcard(filename:join(Path, "*.beam"))];
targets({regexp, Regexp}) ->
    [Module || {Module, _} <- code:all_loaded(), re:run(atom_to_list(Module), Regexp, [{capture, none}]) =:= match].

%% What tells two versions of the file of a module apart.
version(Module) ->
    case code:which(Module) of
        File when is_list(File) -> filelib:last_modified(File);
        Other -> Other
    end.
