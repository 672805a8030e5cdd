%%% Boot scripts and packages of releases.
-module(systools_make).

-export([make_script/1, make_script/2, make_tar/1, make_tar/2, make_hybrid_boot/4, get_release/2, get_release/3,
         read_release/2, read_application/4, pack_app/1, preloaded/0, format_error/1, format_warning/1,
         instructions/2]).

-include("systools_application.hrl").

-record(release, {name, vsn, erts_vsn, applications = [], incl_apps = []}).

%% @doc Makes NAME.script and NAME.boot of NAME.rel.
make_script(Name) -> make_script(Name, []).

%% @doc As make_script/1, with options: silent, {path, Folders}, {outdir, Folder}, no_warn_sasl,
%% no_dot_erlang, no_module_tests, {script_name, Name}, {variables, Variables}, warnings_as_errors.
make_script(Name, Options) when is_list(Name) ->
    case [Option || Option <- Options, not is_script_option(Option)] of
        [] -> told(fun() -> make_checked_script(Name, Options) end, Options);
        Bad -> erlang:error({badarg, Bad}, [Name, Options])
    end.

is_script_option({path, Folders}) -> is_list(Folders) andalso lists:all(fun is_text/1, Folders);
is_script_option({outdir, Folder}) -> is_text(Folder);
is_script_option({script_name, Name}) -> is_text(Name);
is_script_option({variables, Variables}) ->
    is_list(Variables) andalso lists:all(fun({Name, Folder}) -> is_text(Name) andalso is_text(Folder);
                                            (_) -> false
                                         end, Variables);
is_script_option({exref, Applications}) -> is_list(Applications);
is_script_option(Option) ->
    lists:member(Option, [silent, no_warn_sasl, no_dot_erlang, no_module_tests, src_tests, exref, local,
                          warnings_as_errors]).

is_text(Term) -> io_lib:char_list(Term).

make_checked_script(Name, Options) ->
    case get_release(Name, options_path(Options)) of
        {ok, Release, Applications} ->
            Warnings = warnings(Release, Options),
            Script = {script, {Release#release.name, Release#release.vsn}, instructions({Release, Applications}, Options)},
            Out = output(Name, systools_lib:option(script_name, Options, filename:basename(Name)), Options),
            case write_script(Out, Script) of
                ok -> result(ok, ?MODULE, Warnings, Options);
                {error, Reason} -> failed({open, Out ++ ".script", Reason}, Options)
            end;
        {error, _, Error} -> failed(Error, Options)
    end.

output(Name, Base, Options) ->
    case systools_lib:option(outdir, Options, none) of
        none -> filename:join(filename:dirname(Name), Base);
        Folder -> filename:join(Folder, Base)
    end.

write_script(Out, Script) ->
    Text = io_lib:format("%% script generated at ~w ~w~n~tp.~n", [date(), time(), Script]),
    case file:write_file(Out ++ ".script", unicode:characters_to_binary(Text)) of
        ok -> file:write_file(Out ++ ".boot", term_to_binary(Script));
        Error -> Error
    end.

%% Warnings that are to be errors are one.
warnings(#release{applications = Applications}, Options) ->
    Warnings = [{warning, missing_sasl} || not lists:keymember(sasl, 1, Applications),
                                           not lists:member(no_warn_sasl, Options)],
    case lists:member(warnings_as_errors, Options) of
        true when Warnings =/= [] -> wrong({warnings_treated_as_errors, [Warning || {warning, Warning} <- Warnings]});
        _ -> Warnings
    end.

%% What the caller gets, or is written where it is not silent.
result(Value, Module, Warnings, Options) ->
    case lists:member(silent, Options) of
        true when Value =:= ok -> {ok, Module, Warnings};
        true -> {ok, Value, Module, Warnings};
        false ->
            io:put_chars(Module:format_warning(Warnings)),
            ok
    end.

told(Make, Options) ->
    try Make()
    catch throw:{wrong, Error} -> failed(Error, Options)
    end.

failed(Error, Options) -> failed(?MODULE, Error, Options).

failed(Module, Error, Options) ->
    case lists:member(silent, Options) of
        true -> {error, Module, Error};
        false ->
            io:put_chars(Module:format_error(Error)),
            error
    end.

options_path(Options) ->
    systools_lib:get_path(systools_lib:option(path, Options, [])) ++ code:get_path().

%%% Releases and applications.

%% @doc The release of a .rel file, with its applications in the order of their start.
get_release(Name, Path) -> get_release(Name, Path, []).

%% @doc As get_release/2.
get_release(Name, Path, _Options) ->
    try
        Release = read_release_file(Name, Path),
        Applications = found_applications(Release#release.applications, Path),
        check_needs(Applications),
        check_modules(Applications),
        {ok, Release, in_order(Applications)}
    catch
        throw:{wrong, Error} -> {error, ?MODULE, Error}
    end.

%% @doc The release of a .rel file.
read_release(Name, Path) ->
    try {ok, read_release_file(Name, Path)}
    catch throw:{wrong, Error} -> {error, ?MODULE, Error}
    end.

wrong(Error) -> throw({wrong, Error}).

read_release_file(Name, Path) ->
    File = filename:rootname(Name, ".rel") ++ ".rel",
    case find_release(File, Path) of
        {ok, Found} ->
            case systools_lib:read_term(Found) of
                {ok, {release, {RelName, Vsn}, {erts, Erts}, Applications}} when is_list(Applications) ->
                    #release{name = RelName, vsn = Vsn, erts_vsn = Erts, applications = entries(Applications)};
                {ok, _} -> wrong(badly_formatted_release);
                {error, Reason} -> wrong({parse, File, Reason})
            end;
        {error, not_found} -> wrong({not_found, filename:basename(File)})
    end.

find_release(File, Path) ->
    case filelib:is_regular(File) of
        true -> {ok, File};
        false -> systools_lib:find_file(filename:basename(File), ["." | Path])
    end.

%% {Name, Vsn, Type, Included | default} of each; kernel and stdlib have to be among them.
entries(Applications) ->
    Entries = [{Application, entry(Application)} || Application <- Applications],
    case [Application || {Application, illegal} <- Entries] of
        [] -> ok;
        Illegal -> wrong({illegal_applications, Illegal})
    end,
    _ = [wrong({mandatory_app, Name, Type})
         || {_, {Name, _, Type, _}} <- Entries, Name =:= kernel orelse Name =:= stdlib, Type =/= permanent],
    _ = [wrong({missing_mandatory_app, Name})
         || Name <- [kernel, stdlib], not lists:any(fun({_, Entry}) -> element(1, Entry) =:= Name end, Entries)],
    [Entry || {_, Entry} <- Entries].

entry({Name, Vsn}) -> entry({Name, Vsn, permanent, default});
entry({Name, Vsn, Included}) when is_list(Included) -> entry({Name, Vsn, permanent, Included});
entry({Name, Vsn, Type}) -> entry({Name, Vsn, Type, default});
entry({Name, Vsn, Type, Included}) when is_atom(Name), is_list(Vsn), Included =:= default orelse is_list(Included) ->
    case lists:member(Type, [permanent, transient, temporary, load, none]) of
        true -> {Name, Vsn, Type, Included};
        false -> illegal
    end;
entry(_) -> illegal.

%% All that cannot be read is told.
found_applications(Entries, Path) ->
    Found = [{element(1, Entry), found_application(Entry, Path)} || Entry <- Entries],
    case [{error_reading, {Name, Reason}} || {Name, {error, Reason}} <- Found] of
        [] -> [Application || {_, {ok, Application}} <- Found];
        Errors -> wrong(lists:reverse(Errors))
    end.

found_application({Name, Vsn, Type, Included}, Path) ->
    case read_application(atom_to_list(Name), Vsn, Path, []) of
        {ok, Application} when Included =:= default ->
            {ok, Application#application{type = Type}};
        {ok, Application} ->
            case Included -- Application#application.includes of
                [] -> {ok, Application#application{type = Type, includes = Included}};
                Unknown -> {error, {override_include, Unknown}}
            end;
        Error -> Error
    end.

%% @doc The application of a name and version, found on a path.
read_application(Name, Vsn, Path, _Includes) ->
    Candidates = [{Folder, Term} || Folder <- Path, {ok, Term} <- [read_resource(filename:join(Folder, Name ++ ".app"))]],
    Key = list_to_atom(Name),
    try [Found || {Folder, Term} <- Candidates, Found <- [checked_application(Key, Term, Folder)], Found#application.vsn =:= Vsn] of
        [Application | _] -> {ok, Application};
        [] when Candidates =:= [] -> {error, {not_found, Name ++ ".app"}};
        [] ->
            [{Folder, {application, _, Keys}} | _] = Candidates,
            File = filename:join(Folder, Name ++ ".app"),
            {error, {no_valid_version, {{"should be", Vsn}, {"found file", File, proplists:get_value(vsn, Keys)}}}}
    catch
        throw:{resource, Reason} -> {error, Reason}
    end.

%% The term of a file, or a mistake in it.
read_resource(File) ->
    case erl_prim_loader:get_file(File) of
        {ok, Bytes, _} ->
            Read = case erl_scan:string(unicode:characters_to_list(Bytes)) of
                       {ok, Tokens, _} -> erl_parse:parse_term(Tokens);
                       {error, Mistake, _} -> {error, Mistake}
                   end,
            case Read of
                {error, {Line, _, Message}} -> {ok, {mistake, {parse_error, {File, Line, Message}}}};
                _ -> Read
            end;
        error -> error
    end.

checked_application(_, {mistake, Mistake}, _) -> throw({resource, Mistake});
checked_application(Name, {application, Name, Keys} = Term, Folder) when is_list(Keys) ->
    _ = [throw({resource, {{missing_param, Key}, Term}}) || Key <- [description, vsn, modules, registered, applications],
                                                            not lists:keymember(Key, 1, Keys)],
    Lists = [modules, registered, applications, included_applications, env],
    _ = [throw({resource, {{bad_param, Key}, Term}}) || Key <- Lists, not is_list(proplists:get_value(Key, Keys, []))],
    application(Name, Keys, Folder);
checked_application(_, Term, _) -> throw({resource, {badly_formatted_application, Term}}).

application(Name, Keys, Folder) ->
    Get = fun(Key, Default) -> proplists:get_value(Key, Keys, Default) end,
    #application{name = Name, vsn = Get(vsn, ""), id = Get(id, ""), description = Get(description, ""),
                 modules = Get(modules, []), uses = Get(applications, []), optional = Get(optional_applications, []),
                 includes = Get(included_applications, []), regs = Get(registered, []), env = Get(env, []),
                 maxT = Get(maxT, infinity), maxP = Get(maxP, infinity), mod = Get(mod, []),
                 start_phase = Get(start_phases, undefined), dir = Folder}.

check_needs(Applications) ->
    Names = [Name || #application{name = Name} <- Applications],
    case [{Name, Need} || #application{name = Name, uses = Uses, includes = Includes, optional = Optional} <- Applications,
                          Need <- (Uses -- Optional) ++ Includes, not lists:member(Need, Names)] of
        [] -> ok;
        Missing -> wrong({undefined_applications, lists:usort([Need || {_, Need} <- Missing])})
    end.

%% No module is in two applications.
check_modules(Applications) ->
    Owners = [{Module, Name, Dir} || #application{name = Name, dir = Dir, modules = Modules} <- Applications, Module <- Modules],
    case twice(lists:keysort(1, Owners)) of
        [] -> ok;
        Pairs -> wrong({duplicate_modules, Pairs})
    end.

twice([{Module, _, _} = One, {Module, _, _} = Other | Rest]) -> [{One, Other} | twice([Other | Rest])];
twice([_ | Rest]) -> twice(Rest);
twice([]) -> [].

%% Each after those it uses, otherwise as they are listed.
in_order(Applications) -> in_order(Applications, []).

in_order([], _) -> [];
in_order(Applications, Done) ->
    Names = [Name || #application{name = Name} <- Applications],
    Free = fun(#application{uses = Uses, includes = Includes}) ->
                   not lists:any(fun(Need) -> lists:member(Need, Names) end, Uses ++ Includes)
           end,
    case lists:filter(Free, Applications) of
        [First | _] -> [First | in_order(lists:delete(First, Applications), [First | Done])];
        [] -> wrong({circular_dependencies, Names})
    end.

%%% Scripts.

%% @doc The modules that are in the emulator.
preloaded() ->
    [atomics, counters, erl_init, erl_prim_loader, erl_tracer, erlang, erts_code_purger, erts_dirty_process_signal_handler,
     erts_internal, erts_literal_area_collector, init, persistent_term, prim_buffer, prim_eval, prim_file, prim_inet,
     prim_net, prim_socket, prim_zip, socket_registry, zlib].

%% @doc The instructions of the boot script of a release.
instructions({_Release, Applications}, Options) ->
    {value, Kernel} = lists:keysearch(kernel, #application.name, Applications),
    Early = [error_handler, application, application_controller, application_master, code, code_server, erl_eval,
             erl_lint, erl_parse, ets, file, filename, file_io_server, file_server, gen, gen_event, gen_server, heart,
             kernel, logger, logger_filters, logger_server, lists, proc_lib, supervisor],
    Paths = [path(Application, Options) || Application <- Applications],
    EarlyPaths = [path(Application, Options) || #application{name = Name} = Application <- Applications,
                                                Name =:= kernel orelse Name =:= stdlib],
    [{preLoaded, preloaded()}, {progress, preloaded}, {path, EarlyPaths}, {primLoad, Early}, {kernel_load_completed},
     {progress, kernel_load_completed}]
        ++ lists:append([[{path, [path(Application, Options)]},
                          {primLoad, lists:sort(Application#application.modules -- Early)}]
                         || Application <- Applications])
        ++ [{progress, modules_loaded}, {path, Paths}, {kernelProcess, heart, {heart, start, []}},
            {kernelProcess, logger, {logger_server, start_link, []}},
            {kernelProcess, application_controller, {application_controller, start, [resource(Kernel)]}},
            {progress, init_kernel_started}]
        ++ [{apply, {application, load, [resource(Application)]}}
            || #application{name = Name, type = Type} = Application <- Applications, Name =/= kernel, Type =/= none]
        ++ [{progress, applications_loaded}]
        ++ [{apply, {application, start_boot, [Name, Type]}}
            || #application{name = Name, type = Type} <- Applications, Type =/= none, Type =/= load,
               not is_included(Name, Applications)]
        ++ [{apply, {c, erlangrc, []}} || not lists:member(no_dot_erlang, Options)]
        ++ [{progress, started}].

is_included(Name, Applications) ->
    lists:any(fun(#application{includes = Includes}) -> lists:member(Name, Includes) end, Applications).

path(#application{name = Name, vsn = Vsn, dir = Dir}, Options) ->
    case [Variable ++ string:prefix(Dir, Prefix) || {Variable0, Prefix} <- systools_lib:option(variables, Options, []),
                                                   Variable <- ["$" ++ Variable0], lists:prefix(Prefix, Dir)] of
        [Path | _] -> Path;
        [] ->
            case lists:member(local, Options) of
                true -> Dir;
                false -> "$ROOT/lib/" ++ atom_to_list(Name) ++ "-" ++ Vsn ++ "/ebin"
            end
    end.

resource(#application{name = Name} = A) ->
    {application, Name,
     [{description, A#application.description}, {vsn, A#application.vsn}, {id, A#application.id},
      {modules, A#application.modules}, {registered, A#application.regs},
      {applications, A#application.uses}, {optional_applications, A#application.optional},
      {included_applications, A#application.includes}, {env, A#application.env},
      {maxT, A#application.maxT}, {maxP, A#application.maxP}]
     ++ case A#application.start_phase of
            undefined -> [];
            Phases -> [{start_phases, Phases}]
        end
     ++ case A#application.mod of
            [] -> [];
            Mod -> [{mod, Mod}]
        end}.

%% @doc A boot script that restarts in a new emulator in the middle of an upgrade.
make_hybrid_boot(Vsn, Boot1, Boot2, _Args) ->
    {script, {Name, _}, Instructions1} = binary_to_term(Boot1),
    {script, _, Instructions2} = binary_to_term(Boot2),
    {Early, _} = lists:splitwith(fun(I) -> I =/= {progress, init_kernel_started} end, Instructions1),
    Late = lists:dropwhile(fun(I) -> I =/= {progress, init_kernel_started} end, Instructions2),
    {ok, term_to_binary({script, {Name, Vsn}, Early ++ Late})}.

%%% Packages.

%% @doc Makes NAME.tar.gz of NAME.rel.
make_tar(Name) -> make_tar(Name, []).

%% @doc As make_tar/1, with options as of make_script/2, and {dirs, Folders}, {erts, Folder}.
make_tar(Name, Options) when is_list(Name) ->
    case [Option || Option <- Options, not is_tar_option(Option)] of
        [] -> told(fun() -> make_checked_tar(Name, Options) end, Options);
        Bad -> erlang:error({badarg, Bad}, [Name, Options])
    end.

is_tar_option({dirs, Folders}) -> is_list(Folders) andalso lists:all(fun is_atom/1, Folders);
is_tar_option({erts, Folder}) -> is_text(Folder);
is_tar_option({erts_all, Folder}) -> is_text(Folder);
is_tar_option({var_tar, How}) -> lists:member(How, [include, ownfile, omit]);
is_tar_option({extra_files, Files}) -> is_list(Files);
is_tar_option(Option) -> is_script_option(Option).

make_checked_tar(Name, Options) ->
    case get_release(Name, options_path(Options)) of
        {ok, Release, Applications} ->
            Warnings = warnings(Release, Options),
            File = output(Name, filename:basename(Name), Options) ++ ".tar.gz",
            case pack(File, Name, Release, Applications, Options) of
                ok -> result(ok, ?MODULE, Warnings, Options);
                {error, Reason} -> failed({tar_error, Reason}, Options)
            end;
        {error, _, Error} -> failed(Error, Options)
    end.

pack(File, Name, #release{vsn = Vsn}, Applications, Options) ->
    Members = lists:append([application_members(Application, Options) || Application <- Applications])
        ++ release_members(Name, Vsn, Options),
    case erl_tar:open(File, [write, compressed]) of
        {ok, Tar} ->
            Results = [{Member, erl_tar:add(Tar, Content, Member, [])} || {Member, Content} <- Members],
            _ = erl_tar:close(Tar),
            case [{Member, Reason} || {Member, {error, Reason}} <- Results] of
                [] -> ok;
                [{Member, Reason} | _] -> {error, {add, Member, Reason}}
            end;
        {error, Reason} -> {error, {open, File, Reason}}
    end.

application_members(#application{name = Name, vsn = Vsn, dir = Dir, modules = Modules}, Options) ->
    Prefix = "lib/" ++ atom_to_list(Name) ++ "-" ++ Vsn ++ "/",
    Files = [atom_to_list(Name) ++ ".app"] ++ [atom_to_list(Module) ++ ".beam" || Module <- Modules]
        ++ [atom_to_list(Name) ++ ".appup"],
    Ebin = lists:append([case erl_prim_loader:get_file(filename:join(Dir, File)) of
                             {ok, Bytes, _} -> [{Prefix ++ "ebin/" ++ File, Bytes}];
                             error -> []
                         end || File <- Files]),
    Root = filename:dirname(Dir),
    Folders = ["priv" | [atom_to_list(Folder) || Folder <- systools_lib:option(dirs, Options, [])]],
    Ebin ++ [{Prefix ++ Folder, filename:join(Root, Folder)} || Folder <- Folders,
                                                               filelib:is_dir(filename:join(Root, Folder))].

release_members(Name, Vsn, Options) ->
    Base = filename:basename(Name),
    Out = output(Name, Base, Options),
    Folder = filename:dirname(Name),
    Candidates = [{"releases/" ++ Base ++ ".rel", Name ++ ".rel"},
                  {"releases/" ++ Vsn ++ "/" ++ Base ++ ".rel", Name ++ ".rel"},
                  {"releases/" ++ Vsn ++ "/start.boot", Out ++ ".boot"},
                  {"releases/" ++ Vsn ++ "/relup", filename:join(Folder, "relup")},
                  {"releases/" ++ Vsn ++ "/sys.config", filename:join(Folder, "sys.config")}],
    [{Member, File} || {Member, File} <- Candidates, filelib:is_regular(File)]
        ++ [{Member, File} || {File, Member} <- systools_lib:option(extra_files, Options, [])].

%% @doc The term of a resource file for an application.
pack_app(#application{} = Application) -> resource(Application).

%% @doc The text of an error.
format_error(Errors) when is_list(Errors) -> [[format_error(Error), $\n] || Error <- Errors];
format_error(badly_formatted_release) -> "Syntax error in the release file\n";
format_error({missing_mandatory_app, Name}) ->
    io_lib:format("Mandatory application ~w must be specified in the release file~n", [Name]);
format_error({not_found, File}) -> io_lib:format("File not found: ~tp~n", [File]);
format_error({illegal_applications, Names}) -> io_lib:format("Illegal applications in the release file: ~p~n", [Names]);
format_error({undefined_applications, Names}) -> io_lib:format("Undefined applications: ~p~n", [Names]);
format_error({circular_dependencies, Names}) -> io_lib:format("Circular dependencies among applications: ~p~n", [Names]);
format_error({error_reading, {Name, {no_valid_version, {{_, Vsn}, {_, File, Found}}}}}) ->
    io_lib:format("~w: No valid version (~tp) of .app file found. Found file ~tp with version ~tp~n",
                  [Name, Vsn, File, Found]);
format_error({error_reading, {Name, {not_found, File}}}) -> io_lib:format("~w: File not found: ~tp~n", [Name, File]);
format_error({error_reading, {Name, {override_include, Names}}}) ->
    io_lib:format("~w: Tried to include not (in .app file) specified applications: ~p~n", [Name, Names]);
format_error({error_reading, {Name, {{missing_param, Key}, _}}}) ->
    io_lib:format("~w: Missing parameter in .app file: ~p~n", [Name, Key]);
format_error({error_reading, {Name, {{bad_param, Key}, _}}}) ->
    io_lib:format("~w: Bad parameter in .app file: ~p~n", [Name, Key]);
format_error({error_reading, {Name, {badly_formatted_application, _}}}) ->
    io_lib:format("~w: Syntax error in .app file~n", [Name]);
format_error({error_reading, {Name, {parse_error, {File, Line, Message}}}}) ->
    io_lib:format("~w: Parse error in file: ~tp.  Line: ~w  Error: ~tp; ~n", [Name, File, Line, Message]);
format_error({error_reading, {Name, Reason}}) -> io_lib:format("~w: ~tp~n", [Name, Reason]);
format_error({parse, File, {Line, Module, Message}}) ->
    io_lib:format("~ts:~w: ~ts~n", [File, Line, Module:format_error(Message)]);
format_error({open, File, Reason}) -> io_lib:format("Cannot open ~tp - ~ts~n", [File, file:format_error(Reason)]);
format_error({tar_error, {open, File, Reason}}) ->
    io_lib:format("Cannot open tar file ~ts - ~ts~n", [File, erl_tar:format_error(Reason)]);
format_error({tar_error, {add, File, Reason}}) ->
    io_lib:format("Cannot add file ~ts to tar file - ~ts~n", [File, erl_tar:format_error(Reason)]);
format_error({warnings_treated_as_errors, Warnings}) ->
    ["Warnings being treated as errors:\n" | [warning_text(Warning) || Warning <- Warnings]];
format_error({duplicate_modules, Pairs}) ->
    ["Duplicated modules: \n" | [io_lib:format("\t~w specified in ~w and ~w~n", [Module, One, Other])
                                 || {{Module, One, _}, {_, Other, _}} <- Pairs]];
format_error({mandatory_app, Name, Type}) ->
    io_lib:format("Mandatory application ~w must be of type 'permanent' in the release file. Is '~p'.~n", [Name, Type]);
format_error(Other) -> io_lib:format("~tp~n", [Other]).

%% @doc The text of warnings.
format_warning(Warnings) -> [format_one(Warning) || Warning <- Warnings].

format_one({warning, Warning}) -> ["*WARNING* ", warning_text(Warning)].

warning_text(missing_sasl) -> "Missing application sasl. Can not upgrade with this release\n";
warning_text({exref_undef, Undefined}) -> [io_lib:format("Undefined function ~w:~tw/~w~n", [M, F, A]) || {M, F, A} <- Undefined];
warning_text(Other) -> io_lib:format("~tp~n", [Other]).
