%% Files that cannot be code are refused, and the code that is there stays and runs on.
-module(code_bad_files).
-export([main/0]).

main() ->
    logger:set_primary_config(level, none),
    Good = version(1),
    {module, bad_m} = code:load_binary(bad_m, "bad_m.beam", Good),
    Next = version(2),
    p("empty", <<>>),
    p("no beam", <<"this is text">>),
    [p("cut", binary:part(Next, 0, byte_size(Next) * N div 8)) || N <- lists:seq(0, 7)],
    [p("without " ++ Id, without(Id, Next)) || Id <- ["AtU8", "Code", "ImpT", "ExpT", "StrT"], Id =/= "StrT"],
    p("unknown opcode", with_code(fun(<<Head:20/binary, _, Rest/binary>>) -> <<Head/binary, 255, Rest/binary>> end, Next)),
    p("opcode 0", with_code(fun(<<Head:20/binary, _, Rest/binary>>) -> <<Head/binary, 0, Rest/binary>> end, Next)),
    p("of a later system", with_code(fun(<<A:8/binary, _:32, Rest/binary>>) -> <<A/binary, 999:32, Rest/binary>> end, Next)),
    p("of another format", with_code(fun(<<A:4/binary, _:32, Rest/binary>>) -> <<A/binary, 7:32, Rest/binary>> end, Next)),
    p("without code", with_code(fun(<<Head:20/binary, _/binary>>) -> Head end, Next)),
    p("another module's", element(2, {x, other()})),
    ok = file:write_file("bad_m.beam", binary:part(Next, 0, 100)),
    io:format("file: ~p ~p~n", [code:load_file(bad_m), bad_m:v()]),
    ok = file:write_file("bad_m.beam", Next),
    io:format("whole: ~p ~p ~p~n", [code:load_file(bad_m), bad_m:v(), code:purge(bad_m)]),
    file:delete("bad_m.beam").

p(What, Bytes) ->
    io:format("~s: ~p ~p ~p~n", [What, code:load_binary(bad_m, "bad_m.beam", Bytes), bad_m:v(),
                                 erlang:check_old_code(bad_m)]).

version(N) ->
    forms([{attribute, 1, module, bad_m}, {attribute, 1, export, [{v, 0}, {w, 1}]},
           {function, 2, v, 0, [{clause, 2, [], [], [{integer, 2, N}]}]},
           {function, 3, w, 1, [{clause, 3, [{var, 3, 'X'}], [],
                                 [{call, 3, {remote, 3, {atom, 3, lists}, {atom, 3, reverse}}, [{var, 3, 'X'}]}]}]}]).

other() -> forms([{attribute, 1, module, other_m}]).

forms(Forms) ->
    {ok, _, Beam} = compile:forms(Forms, []),
    Beam.

without(Id, Beam) -> rebuild([C || {I, _} = C <- all(Beam), I =/= Id]).

with_code(Change, Beam) ->
    rebuild([case C of {"Code", Bytes} -> {"Code", Change(Bytes)}; _ -> C end || C <- all(Beam)]).

all(Beam) -> {ok, _, Chunks} = beam_lib:all_chunks(Beam), Chunks.

rebuild(Chunks) -> {ok, Beam} = beam_lib:build_module(Chunks), iolist_to_binary(Beam).
