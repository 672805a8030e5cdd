#!/usr/bin/env escript
%%% Which of the functions that OTP 25 documents are missing, and which have no documentation.
%%%
%%% Beside this file, exports.txt has a line for each module: its name and its functions. Run it with the
%%% escript of swerl; it prints what is not exported, and what is but says nothing, and ends with status 1 if there is
%%% anything.
-mode(compile).

main(Args) ->
    File = filename:join(filename:dirname(escript:script_name()), "exports.txt"),
    {ok, Bytes} = file:read_file(File),
    Lines = [string:lexemes(Line, " ") || Line <- string:lexemes(binary_to_list(Bytes), "\n")],
    Wanted = [Line || [Module | _] = Line <- Lines, Args =:= [] orelse lists:member(Module, Args)],
    Missing = told("missing", fun missing/2, Wanted),
    Silent = told("without documentation", fun silent/2, Wanted),
    halt(min(Missing + Silent, 1)).

%% Prints those functions of each module that Which picks, and how many they are.
told(What, Which, Wanted) ->
    Found = [{Module, Some} || [Module | Functions] <- Wanted,
                               Some <- [Which(list_to_atom(Module), Functions)], Some =/= []],
    [io:format("~s: ~s~n", [Module, lists:join(" ", Some)]) || {Module, Some} <- Found],
    Count = lists:sum([length(Some) || {_, Some} <- Found]),
    io:format("~w functions ~s in ~w modules~n", [Count, What, length(Found)]),
    Count.

silent(Module, Functions) ->
    case code:get_doc(Module) of
        {ok, {docs_v1, _, erlang, _, _, _, Docs}} ->
            Told = [lists:concat([Name, "/", Arity]) || {{function, Name, Arity}, _, _, #{}, _} <- Docs],
            Functions -- Told;
        {error, _} ->
            Functions
    end.

%% Native functions need no module around them.
missing(Module, Functions) ->
    _ = code:ensure_loaded(Module),
    [Function || Function <- Functions, not is_there(Module, string:split(Function, "/", trailing))].

is_there(Module, [Name, Arity]) ->
    Function = list_to_atom(Name),
    N = list_to_integer(Arity),
    erlang:function_exported(Module, Function, N) orelse erlang:is_builtin(Module, Function, N).
