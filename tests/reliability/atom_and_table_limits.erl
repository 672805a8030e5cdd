%%% Atoms and tables run out: each time an error that can be caught, and the system goes on. OTP has no such errors
%%% (it ends when there are too many atoms, and does not limit tables), so what is printed is what is promised.
%%! erl +t 40000 +e 300
-module(atom_and_table_limits).
-export([main/0]).

main() ->
    %% What is needed below: a module that is loaded needs atoms.
    {module, erl_scan} = code:ensure_loaded(erl_scan),
    _ = io_lib:format("~0p ~p", [{error, system_limit}, "text"]),
    io:format("limits: ~p~n", [[erlang:system_info(Item) || Item <- [atom_limit, ets_limit]]]),
    {Tables, Why1} = until_error(fun() -> ets:new(t, []) end, []),
    io:format("tables: ~p ~p~n", [Why1, length(Tables) =< 300]),
    [ets:delete(T) || T <- Tables],
    io:format("again: ~p~n", [ets:info(ets:new(t, []), size)]),
    Why2 = atoms(0),
    io:format("atoms: ~p ~p~n", [Why2, erlang:system_info(atom_count)]),
    Name = lists:reverse("erom_eno"),
    Ways = [fun() -> list_to_atom(Name) end,
            fun() -> binary_to_atom(list_to_binary(Name)) end,
            fun() -> binary_to_term(list_to_binary([131, 119, length(Name), Name])) end,
            fun() -> list_to_existing_atom(Name) end,
            fun() -> erl_scan:string(Name) end,
            fun() -> lists:sum([1, 2, 3]) end],
    [io:format("~0p~n", [try Way() catch Class:Why -> {Class, Why} end]) || Way <- Ways].

until_error(Fun, Made) ->
    try Fun() of
        New -> until_error(Fun, [New | Made])
    catch error:Why -> {Made, Why}
    end.

atoms(N) ->
    try list_to_atom("numbered " ++ integer_to_list(N)) of
        _ -> atoms(N + 1)
    catch error:Why -> Why
    end.
