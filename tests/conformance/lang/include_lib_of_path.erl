%% -include_lib finds an application by the folders of the code path, with a version in its name or without.
-module(include_lib_of_path).
-export([main/0]).

main() ->
    [begin
         ok = filelib:ensure_dir(Folder ++ "/ebin/x"),
         ok = filelib:ensure_dir(Folder ++ "/include/x"),
         ok = file:write_file(Folder ++ "/include/x.hrl", "-define(FROM, \"" ++ Folder ++ "\").\n")
     end || Folder <- ["lib/dep_one", "lib/dep_two-1.2", "lib/dep_two_more"]],
    [begin
         ok = file:write_file("uses.erl", "-module(uses).\n-export([f/0]).\n-include_lib(\"" ++ Name ++ "/include/x.hrl\").\nf() -> ?FROM.\n"),
         io:format("~s: ~p~n", [Name, compiled()]),
         io:format("~p~n", [element(1, epp:parse_file("uses.erl", []))]),
         [io:format("~s~n", [epp:format_error(Reason)]) || {ok, Forms} <- [epp:parse_file("uses.erl", [])], {error, {_, epp, Reason}} <- Forms]
     end || Path <- ["none", "lib/dep_one/ebin", "lib/dep_two-1.2/ebin", "lib/dep_two_more/ebin"],
            code:add_patha(Path) =/= no, Name <- ["dep_one", "dep_two"]].

compiled() ->
    case compile:file("uses", [binary, return]) of
        {ok, Module, Binary, []} ->
            {module, Module} = code:load_binary(Module, "uses", Binary),
            Text = Module:f(),
            filename:basename(Text);
        {error, [{_, [{_, epp, Reason} | _]} | _], _} -> Reason
    end.
