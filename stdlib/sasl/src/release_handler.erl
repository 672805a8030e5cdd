%%% Releases: unpacking, installing and removing them, and changing single applications.
%%%
%%% The releases of a system are listed in releases/RELEASES under its root, as
%%% {release, Name, Vsn, ErtsVsn, [{Application, Vsn, Folder}], Status}.
-module(release_handler).
-behaviour(gen_server).

-export([start_link/0, create_RELEASES/1, create_RELEASES/2, create_RELEASES/3, create_RELEASES/4,
         unpack_release/1, check_install_release/1, check_install_release/2, install_release/1,
         install_release/2, make_permanent/1, reboot_old_release/1, remove_release/1, set_unpacked/2,
         set_removed/1, install_file/2, which_releases/0, which_releases/1, upgrade_app/2, downgrade_app/2,
         downgrade_app/3, upgrade_script/2, downgrade_script/3, eval_appup_script/4]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-include("systools_application.hrl").

-record(release, {name, vsn, erts_vsn, libs = [], status}).
-record(state, {root, rel_dir, releases = [], unpurged = []}).

%%% Single applications.

%% @doc Takes a running application to the version in a folder, by its .appup file.
-spec upgrade_app(App :: atom(), Dir :: file:filename()) ->
          {ok, Unpurged :: [module()]} | restart_emulator | {error, term()}.
upgrade_app(App, Dir) ->
    try upgrade_script(App, Dir) of
        {ok, NewVsn, Script} -> eval_appup_script(App, NewVsn, Dir, Script)
    catch
        throw:Reason -> {error, Reason}
    end.

%% @doc As downgrade_app/3, with the version that the name of the folder has.
downgrade_app(App, OldDir) ->
    case string:split(filename:basename(OldDir), "-", trailing) of
        [Name, OldVsn] ->
            case atom_to_list(App) of
                Name -> downgrade_app(App, OldVsn, OldDir);
                _ -> {error, {unknown_version, App}}
            end;
        _ -> {error, {unknown_version, App}}
    end.

%% @doc Takes a running application back to a version in a folder, by the .appup file of the version that
%% runs.
-spec downgrade_app(App :: atom(), OldVsn :: string(), Dir :: file:filename()) ->
          {ok, Unpurged :: [module()]} | restart_emulator | {error, term()}.
downgrade_app(App, OldVsn, OldDir) ->
    try downgrade_script(App, OldVsn, OldDir) of
        {ok, Script} -> eval_appup_script(App, OldVsn, OldDir, Script)
    catch
        throw:Reason -> {error, Reason}
    end.

%% @doc The instructions that take an application to the version in a folder: {ok, NewVsn, Script}. What is wrong
%% is thrown.
upgrade_script(App, NewDir) ->
    attempt(fun() ->
                    Current = current(App),
                    has_appup(App, filename:join(NewDir, "ebin")),
                    New = resource(App, NewDir),
                    Script = systools_relup:application_script(up, New, Current#application.vsn),
                    {ok, New#application.vsn, translated(up, Script, New, Current)}
            end).

%% @doc The instructions that take an application back to the version in a folder: {ok, Script}. What is wrong is
%% thrown.
downgrade_script(App, OldVsn, OldDir) ->
    attempt(fun() ->
                    Current = current(App),
                    has_appup(App, Current#application.dir),
                    Old = resource(App, OldDir),
                    Script = systools_relup:application_script(dn, Current, OldVsn),
                    {ok, translated(dn, Script, Old, Current)}
            end).

attempt(Fun) ->
    try Fun()
    catch
        throw:{wrong, _, Reason} -> throw(Reason);
        throw:{failed, Reason} -> throw(Reason)
    end.

has_appup(App, Ebin) ->
    filelib:is_regular(filename:join(Ebin, atom_to_list(App) ++ ".appup")) orelse throw({failed, no_appup_found}).

current(App) ->
    case application:get_key(App, vsn) of
        {ok, _} ->
            case code:lib_dir(App) of
                {error, bad_name} -> throw({failed, {app_not_found, App}});
                Dir -> resource(App, Dir)
            end;
        undefined -> throw({failed, {app_not_running, App}})
    end.

resource(App, Dir) ->
    File = filename:join([Dir, "ebin", atom_to_list(App) ++ ".app"]),
    case systools_lib:read_term(File) of
        {ok, {application, App, Keys}} ->
            #application{name = App, vsn = proplists:get_value(vsn, Keys),
                         modules = proplists:get_value(modules, Keys, []),
                         uses = proplists:get_value(applications, Keys, []),
                         dir = filename:join(Dir, "ebin")};
        {ok, _} -> throw({failed, {bad_application, File}});
        {error, Reason} -> throw({failed, {Reason, File}})
    end.

translated(Mode, Script, After, Before) ->
    case systools_rc:translate_scripts(Mode, [Script], [After], [Before]) of
        {ok, Instructions} -> Instructions;
        {error, Module, Reason} -> throw({wrong, Module, Reason})
    end.

%% @doc Carries out instructions for an application; its environment, keys and folder are then those of the
%% other version.
eval_appup_script(App, ToVsn, ToDir, Script) ->
    EnvBefore = application_controller:prep_config_change(),
    case release_handler_1:eval_script(Script, [], [], [{App, ToVsn, ToDir}], []) of
        {ok, Unpurged} ->
            changed_folder(App, ToDir),
            case application_controller:reload(App, filename:join([ToDir, "ebin", atom_to_list(App) ++ ".app"])) of
                ok ->
                    application_controller:config_change(EnvBefore),
                    {ok, Unpurged};
                {error, _} = Error -> Error
            end;
        {error, _} = Error -> Error;
        {restart_new_emulator, _} -> restart_emulator;
        {restart_emulator, _} -> restart_emulator
    end.

changed_folder(App, Dir) ->
    Ebin = filename:join(Dir, "ebin"),
    case code:replace_path(App, Ebin) of
        true -> true;
        {error, _} -> code:add_patha(Ebin)
    end.

%%% Releases.

%% @doc Starts the release handler.
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc {Name, Vsn, Applications, Status} of all releases.
which_releases() ->
    [{Name, Vsn, Applications, Status} || {Name, Vsn, Applications, Status} <- call(which_releases)].

%% @doc As which_releases/0, of a status.
which_releases(Status) -> [Release || {_, _, _, S} = Release <- which_releases(), S =:= Status].

%% @doc Unpacks a package in the folder releases.
unpack_release(Name) -> call({unpack_release, Name}).

%% @doc Whether a release can be installed.
check_install_release(Vsn) -> check_install_release(Vsn, []).

%% @doc As check_install_release/1, with the option purge.
check_install_release(Vsn, Options) -> call({check_install_release, Vsn, Options}).

%% @doc Installs a release by its relup file.
install_release(Vsn) -> install_release(Vsn, []).

%% @doc As install_release/1, with options.
install_release(Vsn, Options) -> call({install_release, Vsn, Options}).

%% @doc Has the system start with a release from now on.
make_permanent(Vsn) -> call({make_permanent, Vsn}).

%% @doc Starts the system again with an old release.
reboot_old_release(Vsn) -> call({reboot_old_release, Vsn}).

%% @doc Removes a release and its files.
remove_release(Vsn) -> call({remove_release, Vsn}).

%% @doc Enters a release that was unpacked by other means.
set_unpacked(RelFile, Dirs) -> call({set_unpacked, RelFile, Dirs}).

%% @doc Forgets a release that was removed by other means.
set_removed(Vsn) -> call({set_removed, Vsn}).

%% @doc Copies a file of a release to its place.
install_file(Vsn, File) -> call({install_file, File, Vsn}).

call(Request) -> gen_server:call(?MODULE, Request, infinity).

%% @doc Writes the first RELEASES file of a system.
create_RELEASES([Root, RelFile | Dirs]) -> create_RELEASES(Root, filename:join(Root, "releases"), RelFile, Dirs).

%% @doc As create_RELEASES/1.
create_RELEASES(RelDir, RelFile) -> create_RELEASES(code:root_dir(), RelDir, RelFile, []).

%% @doc As create_RELEASES/2, with {Application, Vsn, Folder} of some applications.
create_RELEASES(RelDir, RelFile, Dirs) -> create_RELEASES(code:root_dir(), RelDir, RelFile, Dirs).

%% @doc As create_RELEASES/3, for a root.
create_RELEASES(Root, RelDir, RelFile, Dirs) ->
    case read_release(RelFile, Root, Dirs) of
        {ok, Release} -> write_releases(RelDir, [Release#release{status = permanent}]);
        Error -> Error
    end.

read_release(RelFile, Root, Dirs) ->
    case systools_lib:read_term(RelFile) of
        {ok, {release, {Name, Vsn}, {erts, ErtsVsn}, Applications}} ->
            Libs = [begin
                        App = element(1, Application),
                        AppVsn = element(2, Application),
                        Folder = case [Dir || {A, V, Dir} <- Dirs, A =:= App, V =:= AppVsn] of
                                     [Dir | _] -> Dir;
                                     [] -> filename:join([Root, "lib", atom_to_list(App) ++ "-" ++ AppVsn])
                                 end,
                        {App, AppVsn, Folder}
                    end || Application <- Applications],
            {ok, #release{name = Name, vsn = Vsn, erts_vsn = ErtsVsn, libs = Libs, status = unpacked}};
        {ok, _} -> {error, {bad_rel_file, RelFile}};
        {error, Reason} -> {error, {Reason, RelFile}}
    end.

write_releases(RelDir, Releases) ->
    Terms = [{release, Name, Vsn, ErtsVsn, Libs, Status}
             || #release{name = Name, vsn = Vsn, erts_vsn = ErtsVsn, libs = Libs, status = Status} <- Releases],
    file:write_file(filename:join(RelDir, "RELEASES"), unicode:characters_to_binary(io_lib:format("~tp.~n", [Terms]))).

read_releases(RelDir) ->
    case systools_lib:read_term(filename:join(RelDir, "RELEASES")) of
        {ok, Terms} when is_list(Terms) ->
            [#release{name = Name, vsn = Vsn, erts_vsn = ErtsVsn, libs = Libs, status = current_status(Status)}
             || {release, Name, Vsn, ErtsVsn, Libs, Status} <- Terms];
        _ ->
            [#release{name = "swerl", vsn = erlang:system_info(otp_release), erts_vsn = erlang:system_info(version),
                      libs = [{App, Vsn, code:lib_dir(App)} || {App, _, Vsn} <- application:loaded_applications()],
                      status = permanent}]
    end.

%% What was tried and not made permanent is old when the system has started again.
current_status(tmp_current) -> unpacked;
current_status(current) -> unpacked;
current_status(Status) -> Status.

%% @doc Reads the releases of the system.
init([]) ->
    process_flag(trap_exit, true),
    Root = code:root_dir(),
    RelDir = case application:get_env(sasl, releases_dir) of
                 {ok, Dir} -> Dir;
                 undefined ->
                     case os:getenv("RELDIR") of
                         false -> filename:join(Root, "releases");
                         Dir -> Dir
                     end
             end,
    {ok, #state{root = Root, rel_dir = RelDir, releases = read_releases(RelDir)}}.

%% @doc Serves the requests.
handle_call(which_releases, _, #state{releases = Releases} = State) ->
    {reply, [{Name, Vsn, [atom_to_list(App) ++ "-" ++ V || {App, V, _} <- Libs], Status}
             || #release{name = Name, vsn = Vsn, libs = Libs, status = Status} <- Releases], State};
handle_call({unpack_release, Name}, _, #state{root = Root, rel_dir = RelDir} = State) ->
    Tar = filename:join(RelDir, Name ++ ".tar.gz"),
    case erl_tar:extract(Tar, [compressed, {cwd, Root}]) of
        ok -> entered(filename:join(RelDir, Name ++ ".rel"), [], State);
        {error, Reason} -> {reply, {error, {cannot_extract_file, Tar, Reason}}, State}
    end;
handle_call({set_unpacked, RelFile, Dirs}, _, State) ->
    entered(RelFile, Dirs, State);
handle_call({check_install_release, Vsn, Options}, _, #state{releases = Releases} = State) ->
    case script(Vsn, State) of
        {ok, Other, Description, Script} ->
            _ = [code:purge(Module) || lists:member(purge, Options), {load, {Module, _, _}} <- Script],
            case release_handler_1:check_script(Script, Other#release.libs) of
                {ok, _} -> {reply, {ok, current_vsn(Releases), Description}, State};
                Error -> {reply, Error, State}
            end;
        Error -> {reply, Error, State}
    end;
handle_call({install_release, Vsn, _Options}, _, #state{releases = Releases} = State) ->
    case script(Vsn, State) of
        {ok, #release{libs = Libs}, Description, Script} ->
            Before = current_vsn(Releases),
            case release_handler_1:eval_script(Script, [], [], Libs, []) of
                {ok, Unpurged} ->
                    _ = [changed_folder(App, Dir) || {App, _, Dir} <- Libs],
                    _ = [application_controller:reload(App, filename:join([Dir, "ebin", atom_to_list(App) ++ ".app"]))
                         || {App, _, Dir} <- Libs],
                    New = [case Release of
                               #release{vsn = Vsn, status = permanent} -> Release;
                               #release{vsn = Vsn} -> Release#release{status = current};
                               #release{status = current} -> Release#release{status = old};
                               _ -> Release
                           end || Release <- Releases],
                    changed(New, {ok, Before, Description}, State#state{unpurged = Unpurged});
                {error, _} = Error -> {reply, Error, State};
                {Restart, _} when Restart =:= restart_emulator; Restart =:= restart_new_emulator ->
                    init:reboot(),
                    {reply, {continue_after_restart, Before, Description}, State}
            end;
        Error -> {reply, Error, State}
    end;
handle_call({make_permanent, Vsn}, _, #state{releases = Releases} = State) ->
    case lists:keyfind(Vsn, #release.vsn, Releases) of
        #release{status = Status} when Status =:= current; Status =:= permanent ->
            New = [case Release of
                       #release{vsn = Vsn} -> Release#release{status = permanent};
                       #release{status = permanent} -> Release#release{status = old};
                       _ -> Release
                   end || Release <- Releases],
            changed(New, ok, State);
        #release{status = Status} -> {reply, {error, {bad_status, Status}}, State};
        false -> {reply, {error, {no_such_release, Vsn}}, State}
    end;
handle_call({reboot_old_release, Vsn}, _, #state{releases = Releases} = State) ->
    case lists:keyfind(Vsn, #release.vsn, Releases) of
        #release{status = old} ->
            init:reboot(),
            {reply, ok, State};
        #release{status = Status} -> {reply, {error, {bad_status, Status}}, State};
        false -> {reply, {error, {no_such_release, Vsn}}, State}
    end;
handle_call({remove_release, Vsn}, _, #state{releases = Releases, rel_dir = RelDir} = State) ->
    case lists:keyfind(Vsn, #release.vsn, Releases) of
        #release{status = permanent} -> {reply, {error, {permanent, Vsn}}, State};
        #release{libs = Libs} ->
            Kept = lists:keydelete(Vsn, #release.vsn, Releases),
            Used = [Dir || #release{libs = Others} <- Kept, {_, _, Dir} <- Others],
            _ = [file:del_dir_r(Dir) || {_, _, Dir} <- Libs, not lists:member(Dir, Used)],
            _ = file:del_dir_r(filename:join(RelDir, Vsn)),
            changed(Kept, ok, State);
        false -> {reply, {error, {no_such_release, Vsn}}, State}
    end;
handle_call({set_removed, Vsn}, _, #state{releases = Releases} = State) ->
    case lists:keyfind(Vsn, #release.vsn, Releases) of
        #release{status = permanent} -> {reply, {error, {permanent, Vsn}}, State};
        #release{} -> changed(lists:keydelete(Vsn, #release.vsn, Releases), ok, State);
        false -> {reply, {error, {no_such_release, Vsn}}, State}
    end;
handle_call({install_file, File, Vsn}, _, #state{releases = Releases, rel_dir = RelDir} = State) ->
    case lists:keymember(Vsn, #release.vsn, Releases) of
        true ->
            To = filename:join([RelDir, Vsn, filename:basename(File)]),
            Reply = case file:copy(File, To) of
                        {ok, _} -> ok;
                        Error -> Error
                    end,
            {reply, Reply, State};
        false -> {reply, {error, {no_such_release, Vsn}}, State}
    end.

entered(RelFile, Dirs, #state{root = Root, releases = Releases} = State) ->
    case read_release(RelFile, Root, Dirs) of
        {ok, #release{vsn = Vsn} = Release} ->
            case lists:keymember(Vsn, #release.vsn, Releases) of
                true -> {reply, {error, {existing_release, Vsn}}, State};
                false -> changed([Release | Releases], {ok, Vsn}, State)
            end;
        Error -> {reply, Error, State}
    end.

changed(Releases, Reply, #state{rel_dir = RelDir} = State) ->
    case write_releases(RelDir, Releases) of
        ok -> {reply, Reply, State#state{releases = Releases}};
        {error, Reason} -> {reply, {error, {Reason, filename:join(RelDir, "RELEASES")}}, State}
    end.

current_vsn(Releases) ->
    case lists:keyfind(current, #release.status, Releases) of
        #release{vsn = Vsn} -> Vsn;
        false ->
            #release{vsn = Vsn} = lists:keyfind(permanent, #release.status, Releases),
            Vsn
    end.

%% The instructions to a release: from its own relup file upwards, from that of the current one downwards.
script(Vsn, #state{releases = Releases, rel_dir = RelDir}) ->
    Current = current_vsn(Releases),
    case lists:keyfind(Vsn, #release.vsn, Releases) of
        #release{} = Other ->
            case {relup(RelDir, Vsn), relup(RelDir, Current)} of
                {{ok, {Vsn, Ups, _}}, _} ->
                    case lists:keyfind(Current, 1, Ups) of
                        {_, Description, Script} -> {ok, Other, Description, Script};
                        false -> downwards(Vsn, Other, relup(RelDir, Current))
                    end;
                {_, Relup} -> downwards(Vsn, Other, Relup)
            end;
        false -> {error, {no_such_release, Vsn}}
    end.

downwards(Vsn, Other, {ok, {_, _, Downs}}) ->
    case lists:keyfind(Vsn, 1, Downs) of
        {_, Description, Script} -> {ok, Other, Description, Script};
        false -> {error, {no_matching_relup, Vsn}}
    end;
downwards(Vsn, _, _) -> {error, {no_matching_relup, Vsn}}.

relup(RelDir, Vsn) -> systools_lib:read_term(filename:join([RelDir, Vsn, "relup"])).

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc Nothing is expected.
handle_info(_, State) -> {noreply, State}.

%% @doc Nothing is left to do.
terminate(_, _) -> ok.

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
