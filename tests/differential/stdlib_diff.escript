#!/usr/bin/env escript
%%! -kernel logger_level none
%%% Compares the modules of stdlib/stdlib/src with OTP's own, function by function.
%%%
%%% Every module M found in the source folder is compiled under the name swerl_M, its calls to
%%% other modules of the folder renamed alike, and functions that the virtual machine provides
%%% (bodies `erlang:nif_error(undef)`) answered by OTP's own. A file
%%% of cases is a list of {Module, Function, ListOfArgumentLists}, as Erlang expressions.
%%%
%%% Usage: stdlib_diff.escript SOURCE_DIR [-frames] CASE_FILE...
%%% With -frames the top stack frame of exceptions is compared too.
-mode(compile).

main([Src | Args0]) ->
    Args = lists:delete("-frames", Args0),
    load_all(Src),
    Files = case Args of [] -> filelib:wildcard(here() ++ "/*.cases"); _ -> Args end,
    {Ok, Bad} = lists:foldl(fun run_file/2, {0, 0}, Files),
    io:format("~w cases equal, ~w different~n", [Ok, Bad]),
    halt(if Bad =:= 0 -> 0; true -> 1 end).

here() -> filename:dirname(escript:script_name()).

load_all(Src) ->
    Files = filelib:wildcard(Src ++ "/*.erl"),
    Mods = [list_to_atom(filename:basename(F, ".erl")) || F <- Files],
    put(mods, Mods),
    load_sorting(),
    [load(F, Mods) || F <- Files],
    ok.

%% The machine sorts natively what it can; here it says that it cannot.
load_sorting() ->
    Unfit = fun(Name, Arity) ->
                    {function, 1, Name, Arity,
                     [{clause, 1, lists:duplicate(Arity - 1, {var, 1, '_'}) ++ [{nil, 1}], [], [{nil, 1}]},
                      {clause, 1, lists:duplicate(Arity, {var, 1, '_'}), [], [{atom, 1, unfit}]}]}
            end,
    {ok, M, Bin} = compile:forms([{attribute, 1, module, swerl_sort}, {attribute, 1, compile, export_all},
                                  Unfit(sort, 1), Unfit(usort, 1), Unfit(keysort, 2)], [nowarn_export_all]),
    {module, M} = code:load_binary(M, "swerl_sort", Bin).

load(File, Mods) ->
    {ok, Forms} = epp:parse_file(File, [{includes, [filename:dirname(File)]}]),
    case [F || {error, F} <- Forms] of
        [] -> ok;
        Errors -> io:format("~s: ~p~n", [File, Errors]), halt(2)
    end,
    Mod = list_to_atom(filename:basename(File, ".erl")),
    New = rename_forms(Forms, Mod, Mods),
    case compile:forms(New, [binary, return_errors, nowarn_unused_function, debug_info]) of
        {ok, M, Bin} -> {module, M} = code:load_binary(M, File, Bin);
        Error -> io:format("~s: ~p~n", [File, Error]), halt(2)
    end.

swerl(M) -> list_to_atom("swerl_" ++ atom_to_list(M)).

rename_forms(Forms, Mod, Mods) -> [form(F, Mod, Mods) || F <- Forms].

form({attribute, L, module, M}, M, _) -> {attribute, L, module, swerl(M)};
form({function, L, N, A, [{clause, _, _, _, [{call, _, {remote, _, {atom, _, erlang}, {atom, _, nif_error}}, _}]}]}, Mod, _) ->
    Vars = [{var, L, list_to_atom("A" ++ integer_to_list(I))} || I <- lists:seq(1, A)],
    {function, L, N, A, [{clause, L, Vars, [], [{call, L, {remote, L, {atom, L, Mod}, {atom, L, N}}, Vars}]}]};
form({function, _, _, _, _} = F, _, Mods) -> expr(F, Mods);
form(F, _, _) -> F.

expr({remote, L, {atom, L1, M}, F}, Mods) ->
    M1 = case lists:member(M, Mods) of true -> swerl(M); false -> M end,
    {remote, L, {atom, L1, M1}, expr(F, Mods)};
expr({function, {atom, L1, M}, F, A}, Mods) ->
    M1 = case lists:member(M, Mods) of true -> swerl(M); false -> M end,
    {function, {atom, L1, M1}, F, A};
expr(T, Mods) when is_tuple(T) -> list_to_tuple([expr(E, Mods) || E <- tuple_to_list(T)]);
expr([H | T], Mods) -> [expr(H, Mods) | expr(T, Mods)];
expr(X, _) -> X.

run_file(File, Acc) ->
    {ok, Cases} = file:script(File, []),
    lists:foldl(fun({M, F, Argss}, Acc1) ->
                        lists:foldl(fun(Args, {Ok, Bad}) ->
                                            case same(M, F, Args) of
                                                true -> {Ok + 1, Bad};
                                                false -> {Ok, Bad + 1}
                                            end
                                    end, Acc1, Argss)
                end, Acc, Cases).

same(M, F, Args) ->
    Theirs = outcome(M, F, Args),
    Ours = outcome(swerl(M), F, Args),
    case Ours =:= Theirs of
        true -> true;
        false ->
            io:format("~ts:~ts(~0tp)~n  otp:   ~0tp~n  swerl: ~0tp~n", [M, F, Args, Theirs, Ours]),
            false
    end.

%% The swerl_ names and funs made by either side are made alike.
outcome(M, F, Args) ->
    rand:seed(exsss, {1, 2, 3}),
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Self ! {self(), outcome1(M, F, Args)} end),
    receive
        {Pid, R} -> erlang:demonitor(Ref, [flush]), R;
        {'DOWN', Ref, _, _, Why} -> {down, Why}
    after 5000 -> exit(Pid, kill), erlang:demonitor(Ref, [flush]), timeout
    end.

outcome1(M, F, Args) ->
    try apply(M, F, Args) of
        V -> {value, plain(text(M, V))}
    catch
        C:R:S ->
            case lists:member("-frames", init:get_plain_arguments()) of
                true -> {C, plain(R), plain_frame(S)};
                false -> {C, plain(R)}
            end
    end.

plain_frame([{M, F, A, _} | _]) -> {plain(M), F, plain(A)};
plain_frame([]) -> none.

%% Text may be nested differently.
text(M, V) ->
    case lists:member(M, [io_lib, swerl_io_lib, io_lib_pretty, swerl_io_lib_pretty, beam_lib, swerl_beam_lib]) andalso is_list(V) of
        true -> lists:flatten(V);
        false -> V
    end.

plain(A) when is_atom(A) ->
    case atom_to_list(A) of "swerl_" ++ Rest -> list_to_atom(Rest); _ -> A end;
plain(F) when is_function(F) ->
    {arity, N} = erlang:fun_info(F, arity), {'fun', N};
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain([H | T]) -> [plain(H) | plain(T)];
plain(M) when is_map(M) -> maps:from_list(plain(maps:to_list(M)));
plain(X) -> X.
