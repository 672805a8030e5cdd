%% Comprehensions for the sake of what they do: no list is built, and the loop leaves no frames.
-module(lc_unwanted).
-export([main/0, each/1, nested/1, generator/1, filter/1, wanted/1]).

main() ->
    [io:format("~p ", [X]) || X <- [1, 2, 3]],
    _ = [io:format("~p ", [{X, Y}]) || X <- [1, 2], Y <- [a, b], X =/= 2 orelse Y =/= a],
    {[io:format("~p ", [X]) || {X, _} <- [{1, 2}, 3, {4, 5}]], [io:format("~p ", [X]) || <<X>> <= <<"ab">>]},
    [[io:format("~p ", [X + Y]) || X <- [1, 2]] || Y <- [10, 20]],
    io:format("~n"),
    traces(),
    try ok after [io:format("~p ", [X]) || X <- [y, z]] end,
    begin [put(N, N) || N <- [1, 2]], io:format("~p~n", [[get(1), get(2)]]) end.

traces() ->
    [frames(F) || F <- [each, nested, generator, filter, wanted]],
    ok.

each(L) -> [id(X) || X <- L], ok.
nested(L) -> _ = [[id(Y) || Y <- [X, X]] || X <- L], ok.
generator(_) -> [id(X) || X <- id(foo)], ok.
filter(L) -> [id(1) || X <- L, is_atom(X) andalso X], ok.
wanted(L) -> L1 = [id(X) || X <- L], {ok, L1}.

frames(F) ->
    try ?MODULE:F([1, 2, a, 4]) of
        R -> io:format("~p~n", [R])
    catch
        C:R:Stack -> io:format("~p ~p ~p~n", [C, R, [{N, A} || {?MODULE, N, A, _} <- Stack]])
    end.

id(a) -> error(at_a);
id(X) -> X.
