#!/usr/bin/env escript
%%% Which of the functions that OTP 25 documents are missing.
%%%
%%% Beside this file, exports.txt has a line for each module: its name and its functions. Run it with the
%%% escript of swerl; it prints what is not exported, and ends with status 1 if there is anything.
-mode(compile).

main(Args) ->
    File = filename:join(filename:dirname(escript:script_name()), "exports.txt"),
    {ok, Bytes} = file:read_file(File),
    Lines = [string:lexemes(Line, " ") || Line <- string:lexemes(binary_to_list(Bytes), "\n")],
    Wanted = [Line || [Module | _] = Line <- Lines, Args =:= [] orelse lists:member(Module, Args)],
    Missing = [{Module, Gone} || [Module | Functions] <- Wanted,
                                 Gone <- [missing(list_to_atom(Module), Functions)], Gone =/= []],
    [io:format("~s: ~s~n", [Module, lists:join(" ", Gone)]) || {Module, Gone} <- Missing],
    io:format("~w functions missing in ~w modules~n",
              [lists:sum([length(Gone) || {_, Gone} <- Missing]), length(Missing)]),
    halt(case Missing of [] -> 0; _ -> 1 end).

%% Native functions need no module around them.
missing(Module, Functions) ->
    _ = code:ensure_loaded(Module),
    [Function || Function <- Functions, not is_there(Module, string:split(Function, "/", trailing))].

is_there(Module, [Name, Arity]) ->
    Function = list_to_atom(Name),
    N = list_to_integer(Arity),
    erlang:function_exported(Module, Function, N) orelse erlang:is_builtin(Module, Function, N).
