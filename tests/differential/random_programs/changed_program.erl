%%% Compiles changed sources for `random_changes.escript', one after the other within one system, and writes what the
%%% compiler says, or what comes of the programs, to a file. What runs too long or grows too large is not compared.
-module(changed_program).
-export([main/1]).

-define(LIMIT, 4000).
-define(WORDS, 20000000).

%% What to do, where the sources are, where results go, and the names.
main([What, Sources, Results | Names]) ->
    logger:set_primary_config(level, none),
    {ok, File} = file:open(Results, [append, raw]),
    [begin
        ok = file:write(File, ["== ", Name, "\n"]),
        ok = file:write(File, one(What, filename:join(Sources, Name), Results))
    end || Name <- Names],
    halt().

one("damaged", Source, _) ->
    case compile:file(Source, [return, binary]) of
        {ok, _, _, Warnings} -> ["compiled\n" | messages("warning", Warnings)];
        {error, Errors, Warnings} -> ["refused\n", messages("error", Errors), messages("warning", Warnings)]
    end;
one("other", Source, Results) ->
    case compile:file(Source, [return, binary]) of
        {ok, Module, Code, _} -> run(Module, Code, Results ++ ".printed");
        {error, _, _} -> "refused\n"
    end.

messages(Kind, Files) ->
    [io_lib:format("~s ~w ~w ~0p~n", [Kind, Where, Module, lists:flatten(Module:format_error(Text))])
     || {_, Some} <- Files, {Where, Module, Text} <- Some, not lists:member(Module, [sys_core_fold, v3_core, v3_kernel])].

%% What it prints, and how it ends.
run(Module, Code, Name) ->
    {module, Module} = code:load_binary(Module, "changed", Code),
    {ok, Output} = file:open(Name, [write, {encoding, utf8}]),
    Limits = [monitor, {max_heap_size, #{size => ?WORDS, kill => true, error_logger => false}}],
    {Pid, Ref} = spawn_opt(fun() ->
        group_leader(Output, self()),
        exit(try Module:main() of _ -> done catch Class:Reason -> {Class, Reason} end)
    end, Limits),
    End = receive
        {'DOWN', Ref, _, _, Reason} -> Reason
    after ?LIMIT ->
        exit(Pid, kill),
        receive {'DOWN', Ref, _, _, _} -> killed end
    end,
    ok = file:close(Output),
    [exit(P, kill) || P <- processes(), erlang:process_info(P, group_leader) =:= {group_leader, Output}],
    code:purge(Module),
    code:delete(Module),
    code:purge(Module),
    {ok, Printed} = file:read_file(Name),
    case End =:= killed orelse byte_size(Printed) > 100000 of
        true -> "compiled\n";
        false -> ["compiled\n", Printed, io_lib:format("~n~0p~n", [plain(End)])]
    end.

%% What a fun is called differs.
plain(F) when is_function(F) -> a_fun;
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(Other) -> Other.
