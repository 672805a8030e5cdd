%%% pg: joining and leaving more than once, scopes that there are not, watching a scope and a group; what calls of scopes,
%%% debug options and starts of applications say that are not as they should be.
-module(pg_joins).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    logger:set_primary_config(level, none),
    Me = self(),
    ?T(pg:start(sc)),
    ?T([pg:join(sc, g, P) || P <- [Me, [Me, Me], []]]),
    ?T(length(pg:get_members(sc, g))),
    ?T([pg:leave(sc, g, P) || P <- [Me, [Me, Me, Me], [Me], Me, []]]),
    ?T({pg:get_members(sc, g), pg:which_groups(sc)}),
    ?T(pg:join(nosuch, g, Me)),
    ?T(pg:leave(nosuch, g, Me)),
    ?T(pg:monitor_scope(nosuch)),
    ?T(pg:monitor(nosuch, g)),
    ?T(pg:join(sc, g, foo)),
    ?T(begin
           {Ref, Before} = pg:monitor_scope(sc),
           {Ref2, Members} = pg:monitor(sc, h),
           pg:join(sc, h, Me), pg:join(sc, i, [Me, Me]), pg:leave(sc, i, Me), pg:leave(sc, h, [Me, Me]),
           pg:which_groups(sc),
           Seen = fun F() -> receive {R, What, Group, Ps} when R =:= Ref; R =:= Ref2 -> [{R =:= Ref, What, Group, length(Ps)} | F()] after 0 -> [] end end,
           {Before, Members, lists:sort(Seen()), pg:demonitor(sc, Ref), pg:demonitor(sc, Ref), pg:demonitor(sc, Ref2)}
       end),
    ?T([sys:debug_options(O) || O <- [[log, {log, 5}], [{log, 5}, log], [{log, 0}], [trace, trace, bad]]]),
    ?T([application:start(A, bad) || A <- [nosuch_application, kernel]]),
    ok.

t(L, F) -> io:format("~w ~0p~n", [L, plain(try F() catch C:R -> {C, R} end)]).

plain(P) when is_pid(P) -> pid;
plain([H | T]) -> [plain(H) | plain(T)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(X) -> X.
