%% A pool on a node that is not alive: what its functions say without one, with hosts that cannot be had, and on the node itself.
-module(pool_one_node).
-export([main/0, hello/1]).

hello(P) -> P ! {hello, node()}.

main() ->
    logger:set_primary_config(level, none),
    Calls = [{get_nodes, []}, {get_nodes_and_load, []}, {get_node, []}, {attach, [node()]}, {attach, [other]}, {pspawn, [?MODULE, hello, [self()]]},
             {pspawn_link, [?MODULE, hello, [self()]]}, {stop, []}],
    [t(F, A) || {F, A} <- Calls],
    ok = file:write_file(".hosts.erlang", "a"),
    t(start, [some]),
    t(start, ["some"]),
    t(stop, []),
    ok = file:write_file(".hosts.erlang", "'localhost'."),
    t(start, [some, "-x"]),
    [t(F, A) || {F, A} <- [{get_nodes_and_load, []}, {get_node, []}, {get_node, []}, {get_nodes_and_load, []}, {get_nodes, []}]],
    [t(F, A) || {F, A} <- [{attach, [node()]}, {pspawn, ["x", hello, []]}, {pspawn_link, ["x", hello, []]}, {pspawn, [?MODULE, hello, [self()]]}]],
    io:format("~p~n", [receive Hello -> Hello after 1000 -> none end]),
    [t(F, A) || {F, A} <- [{attach, [other]}, {get_node, []}, {start, [some]}, {stop, []}, {stop, []}]],
    ok = file:write_file(".hosts.erlang", ""),
    [t(F, A) || {F, A} <- [{start, [some]}, {get_nodes, []}, {stop, []}]],
    ok = file:delete(".hosts.erlang").

t(F, Args) ->
    Result = try plain({ok, apply(pool, F, Args)})
             catch
                 Class:{{Reason, [_ | _]}, _} -> {Class, Reason};
                 Class:Reason:Stack -> {M, G, A, _} = hd(Stack), {Class, plain(Reason), {M, G, plain(A)}}
             end,
    io:format("~w: ~0p~n", [F, Result]).

plain(X) when is_pid(X) -> pid;
plain([H | T]) -> [plain(H) | plain(T)];
plain(X) when is_tuple(X) -> list_to_tuple(plain(tuple_to_list(X)));
plain(X) -> X.
