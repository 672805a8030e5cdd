%%% code: loading modules, and where they are looked for.
%%%
%%% The work is done by the code server; what needs no state of its own is done
%%% here, in the process that asks.
-module(code).

-export([ensure_loaded/1, load_file/1, load_abs/1, load_abs/2, load_binary/3,
         delete/1, purge/1, soft_purge/1, is_loaded/1, which/1,
         all_loaded/0, all_available/0, get_object_code/1,
         get_path/0, set_path/1, add_path/1, add_patha/1, add_pathz/1,
         add_paths/1, add_pathsa/1, add_pathsz/1, del_path/1, replace_path/2,
         root_dir/0, lib_dir/0, lib_dir/1, lib_dir/2, priv_dir/1, compiler_dir/0,
         objfile_extension/0, where_is_file/1, where_is_file/2,
         is_sticky/1, stick_dir/1, unstick_dir/1, stick_mod/1, unstick_mod/1,
         get_mode/0, is_module_native/1, rehash/0, clash/0,
         module_md5/1, module_status/0, module_status/1, modified_modules/0,
         prepare_loading/1, finish_loading/1, atomic_load/1, ensure_modules_loaded/1,
         get_doc/1]).

-export_type([load_error_rsn/0, load_ret/0, prepared_code/0]).

-type load_error_rsn() :: badfile | nofile | not_purged | on_load_failure | sticky_directory.
-type load_ret() :: {error, What :: load_error_rsn()} | {module, Module :: module()}.
-opaque prepared_code() :: {prepared, [{module(), term(), file:filename()}]}.

%%% Loading.

%% @doc {module, Module}: loads a module unless it is loaded; {error, Reason}, as nofile, where that fails.
ensure_loaded(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> {module, Module};
        false -> call({ensure_loaded, Module})
    end.

%% @doc {module, Module}: loads a module from the path, in place of its present code; {error, Reason} if that fails.
load_file(Module) when is_atom(Module) ->
    call({load_file, Module}).

%% @doc Loads the module of a file, which is named without its ".beam"; the module is named as the file.
load_abs(File) when is_list(File); is_atom(File) ->
    load_abs(File, list_to_atom(filename:basename(File))).

%% @doc As load_abs/1, for a module with another name than the file.
load_abs(File, Module) when is_list(File); is_atom(File) ->
    Name = filename:absname(lists:concat([File, objfile_extension()])),
    case erl_prim_loader:get_file(Name) of
        {ok, Beam, _} -> call({load_binary, Module, Name, Beam});
        error -> {error, nofile}
    end.

%% @doc Loads a module from its object code; File is what which/1 tells then. Old code is purged before.
load_binary(Module, File, Beam)
  when is_atom(Module), is_list(File) orelse is_atom(File), is_binary(Beam) ->
    %% Unlike the others this makes room for itself.
    _ = erlang:check_old_code(Module) andalso purge(Module),
    case is_list(File) andalso not io_lib:char_list(File) of
        true -> {error, badarg};
        false -> call({load_binary, Module, File, Beam})
    end.

%% @doc Makes the present code of a module its old code. Whether it could; old code must have been purged.
delete(Module) when is_atom(Module) ->
    call({delete, Module}).

%% @doc Removes the old code of a module; processes that run it are killed. Whether any was.
%% Processes are asked or killed from this one, which does not hold up the server.
purge(Module) when is_atom(Module) ->
    case erts_code_purger:purge(Module) of
        {_HadOld, Killed} -> Killed;
        false -> false
    end.

%% @doc Removes the old code of a module unless a process runs it. Whether none did.
soft_purge(Module) when is_atom(Module) ->
    erts_code_purger:soft_purge(Module).

%%% Loading several modules at once.

%% @doc Loads those of the modules that are not loaded; {error, [{Module, Reason}]} for those that could not be.
ensure_modules_loaded(Modules) when is_list(Modules) ->
    case bad_entries(Modules, fun is_atom/1) of
        [] ->
            Missing = [M || M <- once(Modules, []), not erlang:module_loaded(M)],
            %% Those without a file are told first, the last of them before the others.
            Errors = [{M, Reason} || M <- Missing, {error, Reason} <- [ensure_loaded(M)]],
            {Absent, Bad} = lists:partition(fun({_, Reason}) -> Reason =:= nofile end, Errors),
            collect_errors(lists:reverse(Absent, Bad));
        _ ->
            error(function_clause, [Modules])
    end.

%% Each module once, in the order given.
once([M | Ms], Seen) ->
    case lists:member(M, Seen) of
        true -> once(Ms, Seen);
        false -> [M | once(Ms, [M | Seen])]
    end;
once([], _) -> [].

%% @doc Loads modules, each by name or as {Module, File, Binary}, all or none: ok, or {error, [{Module, Reason}]}.
atomic_load(Modules) ->
    case is_list(Modules) andalso bad_entries(Modules, fun is_entry/1) of
        [_ | _] -> error(function_clause, [Modules]);
        _ ->
            case prepare_loading(Modules) of
                {ok, Prepared} -> finish_loading(Prepared);
                {error, _} = Error -> Error
            end
    end.

%% @doc {ok, Prepared} of modules as in atomic_load/1, for finish_loading/1; {error, [{Module, Reason}]}.
prepare_loading(Modules) when is_list(Modules) ->
    case bad_entries(Modules, fun is_entry/1) of
        [] ->
            case duplicates(Modules) of
                [] -> prepare(Modules, [], []);
                Twice -> {error, [{M, duplicated} || M <- Twice]}
            end;
        _ ->
            error(badarg, [Modules])
    end.

is_entry({Module, File, Beam}) -> is_atom(Module) andalso is_list(File) andalso is_binary(Beam);
is_entry(Module) -> is_atom(Module).

bad_entries(Entries, Fun) -> [E || E <- Entries, not Fun(E)].

duplicates(Entries) ->
    Names = [case E of {M, _, _} -> M; M -> M end || E <- Entries],
    lists:usort(Names -- lists:usort(Names)).

prepare([Module | Rest], Done, Errors) when is_atom(Module) ->
    case get_object_code(Module) of
        {Module, Beam, File} -> prepare([{Module, File, Beam} | Rest], Done, Errors);
        error -> prepare(Rest, Done, [{Module, nofile} | Errors])
    end;
prepare([{Module, File, Beam} | Rest], Done, Errors) ->
    case erlang:prepare_loading(Module, Beam) of
        {error, Reason} ->
            prepare(Rest, Done, [{Module, Reason} | Errors]);
        Code ->
            case erlang:has_prepared_code_on_load(Code) of
                true -> prepare(Rest, Done, [{Module, on_load_not_allowed} | Errors]);
                false -> prepare(Rest, [{Module, File, Code} | Done], Errors)
            end
    end;
prepare([], Done, []) ->
    {ok, {prepared, lists:reverse(Done)}};
prepare([], _Done, Errors) ->
    {error, lists:reverse(Errors)}.

%% @doc Loads what prepare_loading/1 gave, all or none; {error, [{Module, Reason}]}, as not_purged, where that fails.
finish_loading({prepared, Prepared}) when is_list(Prepared) ->
    case [{M, not_purged} || {M, _, _} <- Prepared, erlang:check_old_code(M)] of
        [] -> call({finish_loading, Prepared, false});
        Errors -> {error, lists:reverse(Errors)}
    end.

collect_errors([]) -> ok;
collect_errors(Errors) -> {error, Errors}.

%%% What is loaded and where it is from.

%% @doc {file, File} that a loaded module is from (or preloaded, cover_compiled), or false.
is_loaded(Module) when is_atom(Module) ->
    call({is_loaded, Module}).

%% @doc The file that a module is from, or would be loaded from; non_existing where there is none.
which(Module) when is_atom(Module) ->
    case is_loaded(Module) of
        {file, File} -> File;
        false -> call({find_module, Module})
    end.

%% @doc {Module, File} for each module that is loaded.
all_loaded() ->
    call(all_loaded).

%% @doc Each module that is loaded or could be: {Name, File, IsLoaded}, sorted.
all_available() ->
    Loaded = [{atom_to_list(M), File, true} || {M, File} <- all_loaded()],
    Known = maps:from_list([{Name, true} || {Name, _, _} <- Loaded]),
    lists:sort(Loaded ++ not_loaded(available_files(), Known, [])).

not_loaded([{Name, File} | Files], Known, Acc) ->
    case maps:is_key(Name, Known) of
        true -> not_loaded(Files, Known, Acc);
        false -> not_loaded(Files, maps:put(Name, true, Known), [{Name, File, false} | Acc])
    end;
not_loaded([], _Known, Acc) ->
    Acc.

available_files() ->
    [{filename:rootname(Name), filename:join(Dir, Name)}
     || Dir <- get_path(), Name <- files_in(Dir), filename:extension(Name) =:= ".beam"].

files_in(Dir) ->
    case erl_prim_loader:list_dir(Dir) of
        {ok, Names} -> Names;
        error -> []
    end.

%% @doc {Module, Binary, File}: the object code of a module, found in the path; error where there is none.
get_object_code(Module) when is_atom(Module) ->
    call({get_object_code, Module}).

%% @doc How the names of files with object code end: ".beam".
objfile_extension() -> ".beam".

%% @doc The MD5 sum of what counts in object code, or undefined for what is none.
module_md5(Beam) when is_binary(Beam) ->
    case beam_lib:md5(Beam) of
        {ok, {_, Digest}} -> Digest;
        {error, _, _} -> undefined
    end.

%% @doc {Module, Status} for each module that is loaded, as module_status/1 tells it.
module_status() ->
    module_status([M || {M, _} <- all_loaded()]).

%% @doc Whether a module is not_loaded, or its file is as it was loaded, modified or removed; for each of a list.
module_status(Modules) when is_list(Modules) ->
    [{M, module_status(M)} || M <- Modules];
module_status(Module) when is_atom(Module) ->
    case is_loaded(Module) of
        false -> not_loaded;
        {file, preloaded} -> loaded;
        {file, cover_compiled} -> modified;
        {file, []} -> loaded;
        {file, [_ | _] = File} -> file_status(Module, File);
        {file, _} -> loaded
    end.

file_status(Module, File) ->
    case erl_prim_loader:get_file(File) of
        {ok, Beam, _} ->
            case module_md5(Beam) =:= erlang:get_module_info(Module, md5) of
                true -> loaded;
                false -> modified
            end;
        error ->
            removed
    end.

%% @doc The modules that are loaded and whose files have changed.
modified_modules() ->
    [M || {M, modified} <- module_status()].

%% @doc {ok, Docs}: the documentation of a module (EEP 48); {error, missing | non_existing} without one.
get_doc(Module) when is_atom(Module) ->
    case get_object_code(Module) of
        {Module, Bytes, _} ->
            case beam_lib:chunks(Bytes, ["Docs"], [allow_missing_chunks]) of
                {ok, {Module, [{"Docs", Docs}]}} when is_binary(Docs) -> {ok, binary_to_term(Docs)};
                _ -> {error, missing}
            end;
        error ->
            case which(Module) of
                non_existing -> {error, non_existing};
                _ -> {error, missing}
            end
    end.

%%% The path.

%% @doc The directories where modules are looked for, in this order.
get_path() -> call(get_path).

%% @doc Makes these directories the path: true, or {error, bad_directory}.
set_path(Dirs) when is_list(Dirs) -> call({set_path, Dirs}).

%% @doc Adds a directory at the end of the path: true, or {error, bad_directory}.
add_path(Dir) when is_list(Dir) -> call({add_path, last, Dir}).

%% @doc Adds a directory at the end of the path: true, or {error, bad_directory}.
add_pathz(Dir) when is_list(Dir) -> call({add_path, last, Dir}).

%% @doc Adds a directory at the beginning of the path, where it is from then on: true, or {error, bad_directory}.
add_patha(Dir) when is_list(Dir) -> call({add_path, first, Dir}).

%% @doc Adds directories at the end of the path; those that are none are left out. Gives ok.
add_paths(Dirs) when is_list(Dirs) -> call({add_paths, last, Dirs}).

%% @doc Adds directories at the end of the path; those that are none are left out. Gives ok.
add_pathsz(Dirs) when is_list(Dirs) -> call({add_paths, last, Dirs}).

%% @doc Adds directories at the beginning of the path, the last one first; those that are none are left out. Gives ok.
add_pathsa(Dirs) when is_list(Dirs) -> call({add_paths, first, Dirs}).

%% @doc Takes a directory, or that of an application by name, out of the path. Whether it was there.
del_path(Name) when is_list(Name); is_atom(Name) -> call({del_path, filename:flatten(Name)}).

%% @doc Puts a directory in the place of that of the named application: true, or {error, What}.
replace_path(Name, Dir) when is_atom(Name) orelse is_list(Name), is_atom(Dir) orelse is_list(Dir) ->
    call({replace_path, Name, Dir}).

%% @doc Does nothing: the directories of the path are read when they are needed.
rehash() -> ok.

%% @doc The directory where the system is installed.
root_dir() -> call(root_dir).

%% @doc The directory where the applications of the system are.
lib_dir() -> root_dir() ++ "/lib".

%% @doc The directory of an application, named with or without version; {error, bad_name} for one not in the path.
lib_dir(Name) when is_atom(Name) -> call({lib_dir, atom_to_list(Name)});
lib_dir(Name) when is_list(Name) -> call({lib_dir, Name}).

%% @doc A directory below that of an application; whether there is one is not asked.
lib_dir(Name, SubDir) when is_atom(Name), is_atom(SubDir) -> sub_dir(Name, SubDir).

sub_dir(Name, SubDir) ->
    case lib_dir(Name) of
        {error, _} = Error -> Error;
        Dir -> filename:append(Dir, atom_to_list(SubDir))
    end.

%% @doc The directory priv of an application, or {error, bad_name}; whether there is one is not asked.
priv_dir(Name) when is_atom(Name); is_list(Name) -> sub_dir(Name, priv).

%% @doc The directory of the application compiler.
compiler_dir() -> lib_dir(compiler).

%% @doc The full name of a file in the first directory of the path that has it, or non_existing.
where_is_file(Name) when is_list(Name) ->
    where_is_file(get_path(), Name).

%% @doc As where_is_file/1, in a path of one's own.
where_is_file([{Dir, Names} | Dirs], Name) ->
    case lists:member(Name, Names) of
        true -> filename:append(Dir, Name);
        false -> where_is_file(Dirs, Name)
    end;
where_is_file([Dir | Dirs], Name) when not is_list(Dir), not is_binary(Dir) ->
    where_is_file(Dirs, Name);
where_is_file([Dir | Dirs], Name) ->
    case erl_prim_loader:list_dir(Dir) of
        {ok, Names} -> where_is_file([{Dir, Names} | Dirs], Name);
        _ -> where_is_file(Dirs, Name)
    end;
where_is_file([], _Name) ->
    non_existing.

%% @doc interactive, where modules are loaded when they are needed, or embedded.
get_mode() -> call(get_mode).

%% @doc false for a module that is loaded, for none is native code; else undefined.
is_module_native(Module) when is_atom(Module) ->
    case is_loaded(Module) of
        {file, _} -> false;
        false -> undefined
    end.

%% @doc Prints which modules are in more than one place of the path, and how many.
clash() ->
    Found = clashes(available_files(), #{}, []),
    _ = [io:format("** ~ts hides ~ts~n", [First, Second]) || {First, Second} <- Found],
    io:format("** Found ~w name clashes in code paths ~n", [length(Found)]).

clashes([{Name, File} | Files], Seen, Acc) ->
    case maps:find(Name, Seen) of
        {ok, First} -> clashes(Files, Seen, [{First, File} | Acc]);
        error -> clashes(Files, maps:put(Name, File, Seen), Acc)
    end;
clashes([], _Seen, Acc) ->
    lists:reverse(Acc).

%%% Sticky modules.

%% @doc Whether a module is loaded and protected from being loaded anew, as those of the system are.
is_sticky(Module) when is_atom(Module) -> call({is_sticky, Module}).

%% @doc Protects the modules that are in a directory from being loaded anew: ok, or error where there is none.
stick_dir(Dir) when is_list(Dir) -> stick_dir(Dir, true).

%% @doc Ends the protection of the modules of a directory: ok, or error where there is none.
unstick_dir(Dir) when is_list(Dir) -> stick_dir(Dir, false).

stick_dir(Dir, Is) ->
    case erl_prim_loader:list_dir(Dir) of
        {ok, Names} -> call({stick, [list_to_atom(filename:rootname(Name)) || Name <- Names, filename:extension(Name) =:= ".beam"], Is});
        error -> error
    end.

%% @doc Protects a module from being loaded anew. Gives true.
stick_mod(Module) when is_atom(Module) -> call({stick, [Module], true}) =:= ok.

%% @doc Ends the protection of a module. Gives true.
unstick_mod(Module) when is_atom(Module) -> call({stick, [Module], false}) =:= ok.

call(Request) -> code_server:call(Request).
