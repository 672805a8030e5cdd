%% Frames stay in a trace where a function of the same module is native.
-module(stk_native_stub).
-export([main/0]).

main() ->
    p(fun() -> maps:with([1|2], #{1 => 2}) end),
    p(fun() -> lists:rkeymerge(2, [300], [global]) end),
    p(fun() -> lists:keysort(1, foo) end),
    p(fun() -> ets:foldl(foo, 0, ets:new(x, [])) end),
    T = ets:new(x, []),
    ets:insert(T, {1}),
    p(fun() -> ets:foldl(foo, 0, T) end),
    p(fun() -> ets:foldr(foo, 0, T) end).

p(F) ->
    try F() of
        V -> io:format("~p~n", [V])
    catch
        C:R:S ->
            Known = [{maps, with, 2}, {lists, rkeymerge, 3}, {ets, foldr, 3}, {stk_native_stub, p, 1}],
            io:format("~p ~p ~p~n", [C, R, [K || {M, N, A, _} <- S, K <- [{M, N, A}], lists:member(K, Known)]])
    end.
