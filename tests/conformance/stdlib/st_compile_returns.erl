%% What compile:file/2 and compile:forms/2 return and print, by option.
-module(st_compile_returns).
-export([main/0]).

main() ->
    ok = filelib:ensure_dir("cr_dir/out/x"),
    ok = file:set_cwd("cr_dir"),
    write("good.erl", "-module(good).\n-export([f/0]).\nf() -> ok.\n"),
    write("warn.erl", "-module(warn).\n-export([f/0]).\nf() -> X = 1, ok.\ng() -> ok.\n"),
    write("bad.erl", "-module(bad).\n-export([f/0, g/1]).\nf() -> Y.\nh() -> Z = 1, ok.\n"),
    write("worse.erl", "-module(worse).\nf( -> ok.\ng() -> [1,.\nh() -> X.\n"),
    write("named.erl", "-module(other).\n-export([f/0]).\nf() -> ok.\n"),
    write("nomod.erl", "f() -> ok.\n"),
    write("own.erl", "-module(own).\n-compile([export_all, nowarn_export_all, nowarn_unused_vars]).\nf() -> X = 1, ok.\n"),
    write("own2.erl", "-module(own2).\n-compile(export_all).\n-compile({nowarn_unused_function, [{g, 0}]}).\nf() -> ok.\ng() -> ok.\n"),
    Combinations = [[], [return], [report], [return_errors], [return_warnings], [report_errors], [report_warnings],
                    [return, report], [warnings_as_errors], [warnings_as_errors, return],
                    [warnings_as_errors, report], [warnings_as_errors, return_errors, report_warnings],
                    [nowarn_unused_vars, return], [verbose, report], [brief, report]],
    [show(File, Options) || File <- [good, "warn", "warn.erl", bad, worse, named, nomod, missing, "own", own2],
                            Options <- Combinations],
    io:format("~p~n", [lists:sort(filelib:wildcard("*.beam"))]),
    [show(good, Options) || Options <- [[binary], [binary, return], [{outdir, "out"}], [{outdir, "none"}, return],
                                        [{outdir, "none"}, report], [strong_validation, return], [basic_validation],
                                        [no_error_module_mismatch], return, report]],
    show(named, [no_error_module_mismatch, return]),
    io:format("~p~n", [lists:sort(filelib:wildcard("*.beam") ++ filelib:wildcard("out/*.beam"))]),
    [io:format("~0p ~0p~n", [O, compile:output_generated(O)]) || O <- [[], [binary], [strong_validation], ['S'], [return]]],
    forms().

write(Name, Text) -> ok = file:write_file(Name, Text).

show(File, Options) ->
    io:format("~0p ~0p:~n", [File, Options]),
    Result = compile:file(File, Options),
    io:format("  ~0p~n", [short(Result)]).

short({ok, M, B}) when is_binary(B) -> {ok, M, binary};
short({ok, M, B, W}) when is_binary(B) -> {ok, M, binary, W};
short(Other) -> Other.

forms() ->
    Good = [{attribute, 1, module, fgood}, {attribute, 1, export, [{f, 0}]},
            {function, 2, f, 0, [{clause, 2, [], [], [{atom, 2, ok}]}]}],
    Warn = [{attribute, 1, file, {"w.erl", 1}}, {attribute, 1, module, fwarn}, {attribute, {1, 3}, export, [{f, 1}]},
            {function, {2, 1}, f, 1, [{clause, {2, 1}, [{var, {2, 5}, 'X'}], [], [{atom, {2, 9}, ok}]}]}, {eof, 4}],
    Bad = [{attribute, 1, file, {"b.erl", 1}}, {attribute, 1, module, fbad}, {attribute, 1, export, [{f, 1}]},
           {function, 2, f, 1, [{clause, 2, [{var, 2, 'X'}], [], [{var, 2, 'Y'}]}]},
           {error, {{3, 1}, erl_parse, ["syntax error before: ", "x"]}}],
    [begin
         io:format("~0p ~0p:~n", [Name, Options]),
         io:format("  ~0p~n", [short(compile:forms(Forms, Options))])
     end || {Name, Forms} <- [{good, Good}, {warn, Warn}, {bad, Bad}],
            Options <- [[], [return], [report], [return, report, warnings_as_errors], [{source, "s.erl"}, return],
                        report, [{error_location, line}, return]]],
    io:format("~p~n", [short(compile:forms(Good))]),
    io:format("~p~n", [short(compile:noenv_forms(Good, return))]).
