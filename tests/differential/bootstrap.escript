#!/usr/bin/env escript
%%% OTP's own stdlib and compiler, compiled by swerl and loaded into an installed Erlang/OTP, compile all of stdlib and
%%% the compiler again: the object code must be what the ordinary OTP makes of them.
%%%
%%%     escript bootstrap.escript -swerl PATH [-keep FOLDER]
-mode(compile).

main(["-second", From, To | Files]) ->
    own_modules(From),
    lists:foreach(fun(File) -> compile_one(File, To) end, Files);
main(Arguments) ->
    #{swerl := Swerl, keep := Keep} = options(Arguments, #{keep => "/tmp/bootstrap"}),
    [First, Second, Ordinary] = [filename:join(Keep, Name) || Name <- ["first", "second", "ordinary"]],
    [ok = filelib:ensure_dir(filename:join(Folder, "x")) || Folder <- [First, Second, Ordinary]],
    Files = sources(stdlib) ++ sources(compiler),
    io:format("~w modules~n", [length(Files)]),
    Refused = [File || File <- Files, not compiled(Swerl, First, File)],
    report("refused by swerl", Refused),
    run("escript", ["none", Ordinary | Files]),
    run("ERL_FLAGS=\"-nostick -pa " ++ First ++ "\" escript", [First, Second | Files]),
    Modules = [filename:basename(File, ".erl") || File <- Files],
    Missing = [Module || Module <- Modules, not filelib:is_file(beam(Ordinary, Module))],
    report("not compiled by OTP", Missing),
    Different = [Module || Module <- Modules -- Missing,
                           code(beam(Ordinary, Module)) =/= code(beam(Second, Module))],
    report("different", Different),
    halt(case Refused ++ Different of [] -> 0; _ -> 1 end).

options(["-swerl", Path | Rest], Options) -> options(Rest, Options#{swerl => filename:absname(Path)});
options(["-keep", Folder | Rest], Options) -> options(Rest, Options#{keep := filename:absname(Folder)});
options([], Options) -> Options.

sources(Application) ->
    lists:sort(filelib:wildcard(filename:join([code:lib_dir(Application), "src", "*.erl"]))).

report(What, Names) ->
    io:format("~s: ~w~n", [What, length(Names)]),
    [io:format("  ~s~n", [Name]) || Name <- Names].

compiled(Swerl, Folder, File) ->
    Includes = [["-I ", Path, $\s] || Path <- includes(File)],
    os:cmd(lists:flatten([Swerl, " erlc -W0 -DCOMPILER_VSN='\"1\"' ", Includes, "-o ", Folder, $\s, File])),
    filelib:is_file(beam(Folder, filename:basename(File, ".erl"))).

includes(File) ->
    [filename:dirname(File), code:lib_dir(stdlib) ++ "/include", code:lib_dir(kernel) ++ "/include",
     code:lib_dir(kernel) ++ "/src"].

run(Program, Arguments) ->
    io:put_chars(os:cmd(lists:flatten(lists:join($\s, [Program, escript:script_name(), "-second" | Arguments])))).

%% Modules that the system began with are exchanged too.
own_modules("none") ->
    ok;
own_modules(Folder) ->
    [{module, _} = code:load_abs(filename:rootname(Beam)) || Beam <- filelib:wildcard(filename:join(Folder, "*.beam"))],
    [Beam = code:which(Module)
     || Module <- [lists, erl_scan, erl_lint, compile, v3_core, beam_ssa_opt, beam_validator],
        Beam <- [beam(Folder, atom_to_list(Module))]].

compile_one(File, Folder) ->
    Options = [{outdir, Folder}, {d, 'COMPILER_VSN', "1"}, report_errors | [{i, Path} || Path <- includes(File)]],
    try compile:file(File, Options)
    catch Class:Reason:Stack -> io:format("~s: ~tp~n", [File, {Class, Reason, Stack}])
    end.

beam(Folder, Module) ->
    filename:join(Folder, Module ++ ".beam").

code(File) ->
    case file:read_file(File) of
        {ok, Bytes} ->
            {ok, _, Chunks} = beam_lib:all_chunks(Bytes),
            lists:sort([Chunk || {Id, _} = Chunk <- Chunks, Id =/= "CInf"]);
        {error, _} ->
            none
    end.
