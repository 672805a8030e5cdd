%%% erl_prim_loader: reading files and embedded libraries alike.
%%%
%%% Names below ROOT/lib that belong to an embedded application are answered
%%% from memory, all others by the file system.
-module(erl_prim_loader).

-export([get_file/1, list_dir/1, read_file_info/1, read_link_info/1, get_cwd/0, get_cwd/1,
         get_path/0, set_path/1]).

-include_lib("kernel/include/file.hrl").

%% @doc {ok, Bytes, FullName} of a file, in the file system or embedded, or error.
get_file(Name) ->
    File = to_list(Name),
    case prim_file:read_file(File) of
        {ok, Bytes} -> {ok, Bytes, File};
        {error, _} -> embedded_file(File)
    end.

%% @doc {ok, Names} in a folder, or error.
list_dir(Name) ->
    Dir = to_list(Name),
    case prim_file:list_dir(Dir) of
        {ok, Names} -> {ok, Names};
        {error, _} -> embedded_dir(Dir)
    end.

%% @doc {ok, #file_info{}} of a file, in the file system or embedded, or error.
read_file_info(Name) -> info(Name, fun prim_file:read_file_info/1).

%% @doc As read_file_info/1, of a link itself and not of what it leads to.
read_link_info(Name) -> info(Name, fun prim_file:read_link_info/1).

info(Name, Read) ->
    File = to_list(Name),
    case Read(File) of
        {ok, Info} -> {ok, Info};
        {error, _} -> embedded_info(File)
    end.

%% @doc {ok, Dir}, the current folder, or error.
get_cwd() ->
    case prim_file:get_cwd() of
        {ok, Dir} -> {ok, Dir};
        {error, _} -> error
    end.

%% @doc As get_cwd/0, of a drive; there is one for all of them here.
get_cwd(_Drive) -> get_cwd().

%% @doc {ok, Dirs}, where modules are looked for.
get_path() -> {ok, code:get_path()}.

%% @doc Sets where modules are looked for.
set_path(Dirs) ->
    _ = code:set_path(Dirs),
    ok.

to_list(Name) when is_atom(Name) -> atom_to_list(Name);
to_list(Name) when is_binary(Name) -> unicode:characters_to_list(Name);
to_list(Name) -> lists:flatten(Name).

embedded_file(File) ->
    case find_embedded(File) of
        {beam, Module} -> embedded_bytes(Module, File);
        {app, App} -> embedded_bytes(app_key(App), File);
        _ -> error
    end.

embedded_bytes(Key, File) ->
    case swerl_code:embedded(Key) of
        {ok, Bytes} -> {ok, Bytes, File};
        error -> error
    end.

%% The archive keeps the application resource of kernel as 'kernel.app'.
app_key(App) -> list_to_atom(atom_to_list(App) ++ ".app").

embedded_dir(Dir) ->
    case find_embedded(Dir) of
        {ebin, App, Modules} ->
            {ok, [atom_to_list(App) ++ ".app" | [atom_to_list(M) ++ ".beam" || M <- Modules]]};
        app ->
            {ok, ["ebin"]};
        _ ->
            error
    end.

embedded_info(File) ->
    case find_embedded(File) of
        {beam, Module} -> regular(Module);
        {app, App} -> regular(app_key(App));
        none -> error;
        _ -> {ok, #file_info{type = directory, access = read, mode = 8#40555}}
    end.

regular(Key) ->
    case swerl_code:embedded(Key) of
        {ok, Bytes} ->
            {ok, #file_info{type = regular, access = read, mode = 8#100444,
                            size = byte_size(Bytes)}};
        error ->
            error
    end.

find_embedded(File) ->
    Lib = code:lib_dir() ++ "/",
    case lists:prefix(Lib, File) of
        true ->
            Parts = string:lexemes(lists:nthtail(length(Lib), File), "/"),
            find_embedded(Parts, code_server:call(index));
        false ->
            none
    end.

find_embedded([AppVsn | Parts], [{App, Vsn, Modules} | Apps]) ->
    case atom_to_list(App) ++ "-" ++ Vsn of
        AppVsn -> inside(Parts, App, Modules);
        _ -> find_embedded([AppVsn | Parts], Apps)
    end;
find_embedded(_, _) ->
    none.

inside([], _App, _Modules) ->
    app;
inside(["ebin"], App, Modules) ->
    {ebin, App, Modules};
inside(["ebin", Name], App, Modules) ->
    AppFile = atom_to_list(App) ++ ".app",
    case [M || M <- Modules, atom_to_list(M) ++ ".beam" =:= Name] of
        [Module] -> {beam, Module};
        [] when Name =:= AppFile -> {app, App};
        [] -> none
    end;
inside(_, _App, _Modules) ->
    none.
