%%% Compiles and runs random programs for `random_programs.escript`, one after the other within one system, and
%%% writes what comes of each to a file. A program that ends the system is known by its name without results:
%%% started again, the worker goes on with the next.
-module(random_worker).
-export([main/1]).

-define(LIMIT, 20000).

%% What to do, where the sources are, where the object code is, where results go, and the names.
main([What, Sources, Objects, Results | Names]) ->
    Done = case file:read_file(Results) of
        {ok, Text} -> [Name || <<"== ", Name/binary>> <- binary:split(Text, <<"\n">>, [global])];
        {error, enoent} -> []
    end,
    {ok, File} = file:open(Results, [append, raw]),
    [one(list_to_atom(What), filename:join(Sources, Name), Objects, Name, File)
     || Name <- Names, not lists:member(list_to_binary(Name), Done)],
    ok = file:close(File),
    halt().

one(What, Source, Objects, Name, File) ->
    ok = file:write(File, ["== ", Name, "\n"]),
    Me = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Me ! {self(), result(What, Source, Objects, Name)} end),
    Result = receive
        {Pid, R} -> R;
        {'DOWN', Ref, process, Pid, Reason} -> [line("ended", Reason)]
    after ?LIMIT -> exit(Pid, kill), ["slow\n"]
    end,
    erlang:demonitor(Ref, [flush]),
    Module = list_to_atom(Name),
    code:purge(Module),
    code:delete(Module),
    code:purge(Module),
    receive {Pid, _} -> ok after 0 -> ok end,
    ok = file:write(File, Result).

result(run, _, Objects, Name) -> run(Objects, Name);
result(interpret, Source, _, _) -> [line(N, Result) || {N, Result} <- random_eval:main(Source ++ ".erl")];
result(no_copt, Source, Objects, Name) -> plain([no_copt], Source, Objects, Name);
result(all_lines, Source, Objects, Name) -> all_lines([], Source, Objects, Name);
result(all_lines_no_types, Source, Objects, Name) ->
    all_lines([no_ssa_opt_type_start, no_ssa_opt_type_continue, no_ssa_opt_type_finish], Source, Objects, Name);
result(no_types, Source, Objects, Name) ->
    plain([no_ssa_opt_type_start, no_ssa_opt_type_continue, no_ssa_opt_type_finish], Source, Objects, Name);
result(no_bool_opt, Source, Objects, Name) -> plain([no_bool_opt], Source, Objects, Name);
result(no_ssa_opt, Source, Objects, Name) -> plain([no_ssa_opt], Source, Objects, Name);
result(no_opt, Source, Objects, Name) -> plain([no_copt, no_ssa_opt], Source, Objects, Name);
result(compile, Source, Objects, Name) ->
    case compile:file(Source, [return, {outdir, Objects}]) of
        {ok, _, Warnings} -> [messages("warning", Warnings) | run(Objects, Name)];
        {error, [{_, [{_, compile, {crash, _, _, _}} | _]}], _} -> ["slow\n"];
        {error, [{_, [{_, compile, _} | _]}], _} -> ["slow\n"];
        {error, Errors, Warnings} -> [messages("error", Errors), messages("warning", Warnings)]
    end.

%% Without some of OTP's optimisers.
plain(Without, Source, Objects, Name) ->
    case compile:file(Source, [{outdir, Objects} | Without]) of
        {ok, _} -> run(Objects, Name);
        _ -> ["slow\n"]
    end.

%% OTP's compiler notes a line that is the same as the one before it once, but its loader forgets those of tail calls:
%% here the line that was meant follows the label behind, after another, as the loader, too, notes the same line once.
all_lines(Without, Source, Objects, Name) ->
    case compile:file(Source, [to_asm, binary | Without]) of
        {ok, _, {Module, Exports, Attributes, Functions, Labels}} ->
            Noted = [{function, F, A, Entry, noted(Is, none)} || {function, F, A, Entry, Is} <- Functions],
            {ok, _, Code} = compile:forms({Module, Exports, Attributes, Noted, Labels}, [from_asm, binary]),
            ok = file:write_file(filename:join(Objects, Name ++ ".beam"), Code),
            run(Objects, Name);
        _ -> ["slow\n"]
    end.

noted([{line, _} = Line, {func_info, _, _, _} = Info | Is], _) -> [Line, Info | noted(Is, none)];
noted([{line, _} = Line | Is], _) -> [Line | noted(Is, Line)];
noted([I, {label, _} = Label | Is], {line, _} = Line)
  when element(1, I) =:= call_ext_last; element(1, I) =:= call_ext_only; element(1, I) =:= call_last; element(1, I) =:= call_only ->
    [I, Label, {line, []}, Line | noted(Is, Line)];
noted([I | Is], Line) -> [I | noted(Is, Line)];
noted([], _) -> [].

messages(Kind, Files) ->
    [line(Kind, {where(Where), Module, lists:flatten(Module:format_error(Text))}) || {_, Some} <- Files, {Where, Module, Text} <- Some].

where({Line, Column}) -> {Line, Column};
where(Line) -> Line.

run(Objects, Name) ->
    {module, Module} = code:load_abs(filename:join(Objects, Name)),
    [line(N, Result) || {N, Result} <- Module:main()].

line(What, Term) when is_integer(What) -> io_lib:format("~w ~w~n", [What, Term]);
line("ended", Term) -> io_lib:format("ended ~w~n", [Term]);
line(What, {Where, Module, Text}) -> io_lib:format("~s ~w ~w ~0p~n", [What, Where, Module, Text]).
