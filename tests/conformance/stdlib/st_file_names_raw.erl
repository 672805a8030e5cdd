%% Names that are no text, and files opened as directories.
-module(st_file_names_raw).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Value = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~p: ~w~n", [Line, Value]).

main() ->
    logger:set_primary_config(level, none),
    List = "st_file_names_raw.tmp",
    _ = file:del_dir_r(List),
    ok = file:make_dir(List),
    Raw = <<"st_file_names_raw.tmp/", 255, 254, $x>>,
    ?T(file:write_file(Raw, "raw")),
    ?T(file:list_dir_all(List)),
    ?T(file:list_dir(List)),
    ?T(file:read_file(Raw)),
    ?T(file:delete(Raw)),
    ?T(file:list_dir_all(List)),
    File = List ++ "/f",
    ?T(file:open(File, [write, directory])),
    ?T(file:open(File, [directory])),
    ?T(file:open(File, [append, directory])),
    ?T(file:list_dir(List)),
    ?T(file:write_file(File, "")),
    ?T(file:open(File, [directory])),
    ?T(file:open(File, [directory, raw])),
    ?T(element(1, file:open(List, [directory]))),
    ?T(element(1, file:open(List, [directory, raw]))),
    ?T(file:open(List, [directory, write])),
    ?T(file:open(List, [read])),
    ?T(begin
           {ok, Synced} = file:open(File, [write, sync, raw]),
           {file:write(Synced, "abc"), file:close(Synced), file:read_file(File)}
       end),
    ?T(file:get_cwd(foo)),
    ?T(file:get_cwd("x:")),
    ?T(file:get_cwd(1)),
    ?T(file:del_dir_r(List)).
