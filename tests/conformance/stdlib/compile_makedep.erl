-module(compile_makedep).
-export([main/0]).

%% Rules for make: headers of libraries are not shown, they stand elsewhere with everyone.

main() ->
    ok = file:make_dir("deps"),
    ok = file:make_dir("deps/sub"),
    ok = file:set_cwd("deps"),
    ok = file:write_file("local.hrl", "-define(A, 1).\n"),
    ok = file:write_file("sub/s.hrl", "-define(B, 1).\n"),
    ok = file:write_file("md.erl", [
        "-module(md).\n-export([main/0]).\n-include(\"local.hrl\").\n-include_lib(\"kernel/include/file.hrl\").\n"
        "-include_lib(\"stdlib/include/assert.hrl\").\n-include(\"sub/s.hrl\").\n-ifdef(X).\n-include(\"absent.hrl\").\n"
        "-endif.\nmain() -> {?A, ?B, #file_info{}}.\n"]),
    ok = file:write_file("gone.erl", [
        "-module(gone).\n-export([main/0]).\n-include(\"local.hrl\").\n-include(\"nowhere.hrl\").\n"
        "-include_lib(\"nolib/include/nowhere.hrl\").\n-include_lib(\"kernel/include/nowhere.hrl\").\nmain() -> ?A.\n"]),
    ok = file:write_file("m$d.erl", "-module('m$d').\n-include(\"local.hrl\").\n"),
    file(md, [makedep]),
    file(md, [makedep, {makedep_output, "out.d"}]),
    file(md, [makedep, {makedep_output, "out.d"}, binary]),
    file(md, [makedep, binary]),
    file(md, [makedep, binary, 'P']),
    file(md, [makedep, binary, {makedep_target, "a b $c#"}]),
    file(md, [makedep, binary, {makedep_target, "a b $c#"}, makedep_quote_target]),
    file(md, [makedep, binary, makedep_phony]),
    file(md, [makedep, binary, return, {d, 'X'}]),
    file(md, [makedep, binary, return, {d, 'X'}, makedep_add_missing]),
    file(gone, [makedep, binary, return]),
    file(gone, [makedep, binary, makedep_add_missing, makedep_phony]),
    file('m$d', [makedep, binary]),
    file('m$d', [makedep, binary, makedep_quote_target]),
    file(md, [makedep, binary, {outdir, "sub"}]),
    file(md, [makedep, binary, {outdir, "."}]),
    file(md, [makedep, {outdir, "sub"}]),
    file(md, [makedep_side_effect, return]),
    file(md, [makedep_side_effect, {makedep_output, "out.d"}]),
    file(md, [makedep, {makedep_output, "nodir/out.d"}, return]),
    file(md, [makedep, {makedep_output, no_such_process}, return]),
    file(md, [makedep, {makedep_output, no_such_process}, report]),
    {ok, Device} = file:open("device.d", [write]),
    file(md, [makedep, {makedep_output, Device}, return]),
    ok = file:close(Device),
    file(absent, [makedep, return]),
    ok.

file(Name, Options) ->
    Result = case compile:file(Name, Options) of
                 {ok, Module, Rule} when is_binary(Rule) -> {ok, Module, own(Rule)};
                 {ok, Module, Rule, Warnings} when is_binary(Rule) -> {ok, Module, own(Rule), Warnings};
                 Other -> Other
             end,
    io:format("~p ~p~n    ~p~n", [Name, [O || O <- Options, shown(O)], Result]),
    [begin
         {ok, Content} = file:read_file(File),
         io:format("    ~s: ~p~n", [File, case Content of <<"FOR1", _/binary>> -> beam; _ -> own(Content) end]),
         File =/= "device.d" andalso file:delete(File)
     end || File <- lists:sort(filelib:wildcard("*.{d,Pbeam,beam}") ++ filelib:wildcard("sub/*.{d,Pbeam,beam}"))].

shown({makedep_output, Device}) -> not is_pid(Device);
shown(_) -> true.

%% The words of a rule, but those of libraries.
own(Rule) ->
    Words = string:lexemes(Rule, [$\s, $\\, $\n]),
    [unicode:characters_to_list(W) || W <- Words, string:find(W, "/include/") =:= nomatch orelse string:find(W, "nowhere") =/= nomatch].
