%% Listings: which files appear, what they hold, and what is returned instead of code.
-module(st_compile_listings).
-export([main/0]).

main() ->
    ok = filelib:ensure_dir("cl_dir/out/x"),
    ok = file:set_cwd("cl_dir"),
    ok = file:write_file("m.hrl", "-record(r, {a = 1 :: integer(), b}).\n-define(TWICE(X), (X) * 2).\n"),
    ok = file:write_file("m.erl",
        "-module(m).\n-export([f/1, g/0]).\n-import(lists, [map/2]).\n-include(\"m.hrl\").\n"
        "%% @doc Something.\n-spec f(#r{}) -> #r{}.\nf(#r{a = A} = R) when A > 1 -> R#r{b = ?TWICE(A)};\n"
        "f(#r{} = R) ->\n    R#r{a = ?LINE}.\n\ng() -> map(fun(X) -> X + 1 end, [1, 2]).\n"),
    [run(Options) || Options <- [['P'], ['E'], [dpp], [dabstr], [to_pp], ['P', 'E'],
                                 ['P', {outdir, "out"}], [to_pp, {outdir, "out"}], ['P', return], ['E', report]]],
    [begin
         io:format("~p: ", [O]),
         case compile:file(m, [O, binary]) of
             {ok, M, Forms} when is_list(Forms) ->
                 io:format("~0p ~0p~n", [M, [element(1, F) || F <- Forms]]);
             {ok, M, Bin} when is_binary(Bin) -> io:format("~p binary~n", [M]);
             {ok, M, Code} when is_tuple(Code) -> io:format("~0p ~0p~n", [M, {element(1, Code), tuple_size(Code)}]);
             Other -> io:format("~p~n", [Other])
         end
     end || O <- ['P', 'E', to_pp, to_exp, dpp, dabstr, dexp, 'S', to_asm]],
    {ok, m} = compile:file(m, ['S']),
    {ok, [{module, m}, {exports, Exports}, {attributes, A}, {labels, _} | _]} = file:consult("m.S"),
    io:format("~0p ~0p~n", [Exports, A]),
    {ok, m} = compile:file(m, [from_asm]),
    {module, m} = code:load_abs("m"),
    io:format("~p~n", [m:g()]),
    ok = file:write_file("n.erl", "-module(n).\n-export([f/1]).\n-record(r, {a = 1, b}).\nf(#r{a = A} = R) -> {A, R#r.b, #r{b = 2}}.\n"),
    {ok, []} = compile:file(n, [to_exp]),
    {ok, Expanded} = file:consult("n.E"),
    io:format("~p~n", [[element(1, F) || F <- Expanded]]),
    ok.

run(Options) ->
    Before = files(),
    io:format("~p: ~p~n", [Options, compile:file(m, Options)]),
    [begin
         {ok, Text} = file:read_file(File),
         io:format("--- ~ts~n~ts", [File, Text]),
         ok = file:delete(File)
     end || File <- files() -- Before].

files() -> lists:sort(filelib:wildcard("*") ++ filelib:wildcard("out/*")).
