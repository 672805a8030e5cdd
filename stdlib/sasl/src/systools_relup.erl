%%% The relup file: how a release comes from others, and goes back to them.
-module(systools_relup).

-export([mk_relup/3, mk_relup/4, format_error/1, format_warning/1, appup_search_for_version/2, application_script/3]).

-include("systools_application.hrl").

-record(release, {name, vsn, erts_vsn, applications = [], incl_apps = []}).

%% @doc Makes the relup file of a release, from releases and back to releases.
mk_relup(Top, From, To) -> mk_relup(Top, From, To, []).

%% @doc As mk_relup/3, with options: silent, noexec, {path, Folders}, {outdir, Folder}, restart_emulator.
mk_relup(Top, From, To, Options) ->
    Path = systools_lib:get_path(systools_lib:option(path, Options, [])) ++ code:get_path(),
    try
        {Release, Applications} = release(Top, Path),
        %% The last release that is named comes first.
        Ups = lists:reverse([change(up, Base, Release, Applications, Path, Options) || Base <- From]),
        Downs = lists:reverse([change(dn, Base, Release, Applications, Path, Options) || Base <- To]),
        Relup = {Release#release.vsn, Ups, Downs},
        write(Relup, Options),
        case lists:member(silent, Options) orelse lists:member(noexec, Options) of
            true -> {ok, Relup, ?MODULE, []};
            false -> ok
        end
    catch
        throw:{wrong, Module, Error} ->
            case lists:member(silent, Options) orelse lists:member(noexec, Options) of
                true -> {error, Module, Error};
                false ->
                    io:put_chars(Module:format_error(Error)),
                    error
            end
    end.

wrong(Error) -> throw({wrong, ?MODULE, Error}).

write(Relup, Options) ->
    case lists:member(noexec, Options) of
        true -> ok;
        false ->
            File = filename:join(systools_lib:option(outdir, Options, "."), "relup"),
            case file:write_file(File, unicode:characters_to_binary(io_lib:format("~tp.~n", [Relup]))) of
                ok -> ok;
                {error, Reason} -> wrong({file_problem, {"relup", {open, Reason}}})
            end
    end.

release({File, _Description}, Path) -> release(File, Path);
release(File, Path) ->
    case systools_make:get_release(File, Path) of
        {ok, #release{applications = Listed} = Release, Applications} ->
            Told = Release#release{applications = [{Name, Vsn, Type} || {Name, Vsn, Type, _} <- Listed]},
            lists:keymember(sasl, 1, Listed) orelse wrong({missing_sasl, Told}),
            {Release, Applications};
        {error, Module, Error} -> throw({wrong, Module, Error})
    end.

%% {Vsn, Description, Instructions} for one other release.
change(Mode, Base, Release, Applications, Path, Options) ->
    {Other, OtherApplications} = release(Base, Path),
    Description = case Base of
                      {_, Text} -> Text;
                      _ -> []
                  end,
    Scripts = scripts(Mode, Applications, OtherApplications),
    Restart = [[restart_new_emulator] || Release#release.erts_vsn =/= Other#release.erts_vsn]
        ++ [[restart_emulator] || lists:member(restart_emulator, Options)],
    {After, Before} = case Mode of
                          up -> {Applications, OtherApplications};
                          dn -> {OtherApplications, Applications}
                      end,
    case systools_rc:translate_scripts(Mode, Restart ++ Scripts, After, Before) of
        {ok, Instructions} -> {Other#release.vsn, Description, Instructions};
        {error, Module, Error} -> throw({wrong, Module, Error})
    end.

%% The scripts of applications that change, come and go.
scripts(Mode, Applications, Others) ->
    Changed = [application_script(Mode, Application, Other#application.vsn)
               || #application{name = Name, vsn = Vsn} = Application <- Applications,
                  #application{} = Other <- [lists:keyfind(Name, #application.name, Others)],
                  Other#application.vsn =/= Vsn],
    New = [Application || #application{name = Name} = Application <- Applications,
                          not lists:keymember(Name, #application.name, Others)],
    Gone = [Other || #application{name = Name} = Other <- Others,
                     not lists:keymember(Name, #application.name, Applications)],
    {Added, Removed} = case Mode of
                           up -> {New, Gone};
                           dn -> {Gone, New}
                       end,
    [[{add_application, Name, Type}] || #application{name = Name, type = Type} <- Added]
        ++ Changed
        ++ [[{remove_application, Name}] || #application{name = Name} <- Removed].

%% @doc The instructions of the .appup file of an application, from or to a version; thrown is what is wrong.
application_script(Mode, #application{name = Name, dir = Dir} = Application, Other) ->
    File = filename:join(Dir, atom_to_list(Name) ++ ".appup"),
    case systools_lib:read_term(File) of
        {ok, {_, Ups, Downs}} ->
            Scripts = case Mode of
                          up -> Ups;
                          dn -> Downs
                      end,
            case appup_search_for_version(Other, Scripts) of
                {ok, Script} -> Script;
                error -> wrong({no_relup, File, Application, Other})
            end;
        {ok, _} = Read -> wrong({file_problem, {File, Read}});
        {error, Reason} -> wrong({file_problem, {File, {error, {open, File, Reason}}}})
    end.

%% @doc The script for a version, which entries name in full or, as a binary, by a regular expression.
appup_search_for_version(Vsn, [{Vsn, Script} | _]) -> {ok, Script};
appup_search_for_version(Vsn, [{Pattern, Script} | Scripts]) when is_binary(Pattern) ->
    case re:run(Vsn, Pattern, [unicode, {capture, first, list}]) of
        {match, [Vsn]} -> {ok, Script};
        _ -> appup_search_for_version(Vsn, Scripts)
    end;
appup_search_for_version(Vsn, [_ | Scripts]) -> appup_search_for_version(Vsn, Scripts);
appup_search_for_version(_, []) -> error.

%% @doc The text of an error.
format_error({file_problem, {File, _}}) -> io_lib:format("Could not open file ~ts~n", [File]);
format_error({no_relup, File, #application{name = Name}, Other}) ->
    io_lib:format("No release upgrade script entry for ~w-~ts to ~w-~ts in file ~ts~n", [Name, Other, Name, Other, File]);
format_error({missing_sasl, #release{name = Name, vsn = Vsn}}) ->
    io_lib:format("No sasl application in release ~ts, ~ts. Can not be upgraded.", [Name, Vsn]);
format_error(Other) -> io_lib:format("~tp~n", [Other]).

%% @doc The text of warnings.
format_warning(Warnings) -> [io_lib:format("*WARNING* ~tp~n", [Warning]) || Warning <- Warnings].
