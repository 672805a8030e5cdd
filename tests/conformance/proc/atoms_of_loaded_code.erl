%% Loading a module makes all of its atoms, also those in functions that nobody has called.
-module(atoms_of_loaded_code).
-export([main/0]).

main() ->
    Unused = [{function, 1, list_to_atom("f" ++ integer_to_list(N)), 1,
               [{clause, 1, [{integer, 1, K}], [], [{tuple, 1, [{integer, 1, K}, {atom, 1, list_to_atom(lists:concat([unused_, N, '_', K]))}]}]}
                || K <- lists:seq(1, 20)]} || N <- lists:seq(1, 60)],
    Forms = [{attribute, 1, module, big_with_atoms}, {attribute, 1, export, [{f1, 1}, {f60, 1}]} | Unused],
    {ok, big_with_atoms, Code} = compile:forms(Forms, [nowarn_unused_function]),
    {ok, Other, _} = peer:start(#{connection => standard_io}),
    Old = fun(Text) ->
              try peer:call(Other, erlang, list_to_existing_atom, [Text]) of _ -> there
              catch error:badarg -> unknown end
          end,
    Names = ["unused_60_20", "unused_1_7"],
    io:format("~p~n", [[Old(Name) || Name <- Names]]),
    io:format("~p~n", [peer:call(Other, code, load_binary, [big_with_atoms, "big_with_atoms.beam", Code])]),
    io:format("~p~n", [[Old(Name) || Name <- Names]]),
    io:format("~p~n", [peer:call(Other, big_with_atoms, f60, [20])]),
    peer:stop(Other).
