%%% EUnit: runs tests, and tells listeners about them.
-module(eunit).

-export([test/1, test/2, test/3, submit/1, submit/2, submit/3, start/0, start/1, stop/0, stop/1, watch/1,
         watch/2, watch/3, watch_path/1, watch_path/2, watch_path/3, watch_regexp/1, watch_regexp/2,
         watch_regexp/3, watch_app/1, watch_app/2, watch_app/3, test/0]).

%% @doc Tests EUnit itself.
test() -> test([?MODULE, eunit_lib]).

%% @doc Runs tests and writes what failed. Answers ok when all passed.
-spec test(Tests :: term()) -> ok | error | {error, term()}.
test(Tests) -> test(Tests, []).

%% @doc As test/1, with options: verbose, no_tty, {report, Module | {Module, Options}},
%% {print_depth, Depth}, exact_execution (modules without those of their names with _tests).
-spec test(Tests :: term(), Options :: [term()]) -> ok | error | {error, term()}.
test(Tests, Options) ->
    Listeners = listeners(Options),
    Wanted = case proplists:get_bool(exact_execution, Options) of
                 true -> exact(Tests);
                 false -> Tests
             end,
    run(Wanted, Listeners).

exact(Module) when is_atom(Module) -> {module, Module, alone};
exact({module, Module}) -> {module, Module, alone};
exact([Test | Tests]) -> [exact(Test) | exact(Tests)];
exact(Other) -> Other.

%% @doc As test/2, in a server.
test(Server, Tests, Options) -> wait(eunit_server:start_test(Server, Tests, Options)).

wait({ok, Ref}) ->
    receive {eunit_result, Ref, Result} -> Result end;
wait({error, _} = Error) -> Error.

%% The listener that writes comes first.
listeners(Options) ->
    Reports = proplists:get_all_values(report, Options),
    Wanted = case proplists:get_bool(no_tty, Options) of
                 true -> Reports;
                 false -> [{eunit_tty, Options} | Reports]
             end,
    [case Report of
         {Module, Opts} -> Module:start(Opts);
         Module -> Module:start([])
     end || Report <- Wanted].

%% The run is a process of its own: it dies with the caller, and what comes back is for it alone.
run(Tests, Listeners) ->
    {Pid, Ref} = spawn_monitor(fun() ->
                                       Keeper = eunit_proc:start(Tests, self()),
                                       exit({result, collect(Keeper, Listeners, #{})})
                               end),
    receive
        {'DOWN', Ref, process, Pid, {result, Counts}} ->
            Result = {ok, [{Key, maps:get(Key, Counts, 0)} || Key <- [pass, fail, skip, cancel]]},
            _ = [eunit_listener:stop(Listener, Result) || Listener <- Listeners],
            case maps:without([pass], Counts) =:= #{} of
                true -> ok;
                false -> error
            end;
        {'DOWN', Ref, process, Pid, Reason} ->
            _ = [eunit_listener:stop(Listener, {error, Reason}) || Listener <- Listeners],
            {error, Reason}
    end.

collect(Keeper, Listeners, Counts) ->
    receive
        {report, Keeper, Report} ->
            _ = [eunit_listener:tell(Listener, Report) || Listener <- Listeners],
            collect(Keeper, Listeners, count(Report, Counts));
        {done, Keeper} -> Counts
    end.

count({'end', test, _, Data}, Counts) ->
    Key = case proplists:get_value(status, Data) of
              ok -> pass;
              {error, _} -> fail;
              {skipped, _} -> skip
          end,
    add(Key, Counts);
count({cancel, _, _, _}, Counts) -> add(cancel, Counts);
count(_, Counts) -> Counts.

add(Key, Counts) -> Counts#{Key => maps:get(Key, Counts, 0) + 1}.

%%% The server.

%% @doc Starts the server.
start() -> start(eunit_server).

%% @doc Starts a server of a name.
start(Server) -> eunit_server:start(Server).

%% @doc Stops the server.
stop() -> stop(eunit_server).

%% @doc Stops a server of a name.
stop(Server) -> eunit_server:stop(Server).

%% @doc Has tests run by the server, without waiting for them.
submit(Tests) -> submit(Tests, []).

%% @doc As submit/1, with options.
submit(Tests, Options) -> submit(eunit_server, Tests, Options).

%% @doc As submit/2, by a server of a name.
submit(Server, Tests, Options) ->
    case eunit_server:start_test(Server, Tests, Options) of
        {ok, _} -> ok;
        Error -> Error
    end.

%% @doc Has the server run the tests of a module, or of modules, whenever their files change.
watch(Target) -> watch(Target, []).

%% @doc As watch/1, with options.
watch(Target, Options) -> watch(eunit_server, Target, Options).

%% @doc As watch/2, by a server of a name.
watch(Server, Target, Options) -> eunit_server:watch(Server, Target, Options).

%% @doc As watch/1, for the modules of a folder.
watch_path(Target) -> watch_path(Target, []).

%% @doc As watch_path/1, with options.
watch_path(Target, Options) -> watch_path(eunit_server, Target, Options).

%% @doc As watch_path/2, by a server of a name.
watch_path(Server, Target, Options) -> eunit_server:watch_path(Server, Target, Options).

%% @doc As watch/1, for the modules whose names match a regular expression.
watch_regexp(Target) -> watch_regexp(Target, []).

%% @doc As watch_regexp/1, with options.
watch_regexp(Target, Options) -> watch_regexp(eunit_server, Target, Options).

%% @doc As watch_regexp/2, by a server of a name.
watch_regexp(Server, Target, Options) -> eunit_server:watch_regexp(Server, Target, Options).

%% @doc As watch/1, for the modules of an application.
watch_app(Name) -> watch_app(Name, []).

%% @doc As watch_app/1, with options.
watch_app(Name, Options) -> watch_app(eunit_server, Name, Options).

%% @doc As watch_app/2, by a server of a name.
watch_app(Server, Name, Options) ->
    case code:lib_dir(Name) of
        Path when is_list(Path) -> watch_path(Server, filename:join(Path, "ebin"), Options);
        {error, bad_name} -> error
    end.
