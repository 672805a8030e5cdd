%% What functions that are written out where they are called leave in stack traces; what no clause of theirs matches
-module(stk_inlined).
-compile({inline, [plus/2, pick/1, pair/2, choose/1, part/1, whether/1, fail/1, twice/1, within/1]}).
-export([main/0, a/1, b/1, c/2, d/1, e/1, f/1, g/1, h/1, i/1, j/2, k/1]).

main() ->
    t("plus", fun() -> a(x) end),
    t("pick", fun() -> b(c) end),
    t("pair", fun() -> c(1, 2) end),
    t("choose", fun() -> d(3) end),
    t("part", fun() -> e({error, 1}) end),
    t("whether", fun() -> f(9) end),
    t("fail", fun() -> g(reason) end),
    t("twice", fun() -> h(z) end),
    t("tail", fun() -> i(z) end),
    t("caught", fun() -> j(pick, z) end),
    t("caught", fun() -> j(pick, a) end),
    t("order", fun() -> k(1) end).

t(What, Fun) ->
    try Fun() of
        Value -> io:format("~s: ~w~n", [What, Value])
    catch
        Class:Reason:Stack ->
            Own = [{F, A, proplists:get_value(line, I)} || {M, F, A, I} <- Stack, M =:= ?MODULE],
            io:format("~s: ~w ~w ~w~n", [What, Class, Reason, hd(Own)])
    end.

plus(A, B) -> A + B.
pick(a) -> 1;
pick(b) -> 2.
pair(A, B) when A > B, is_integer(A) -> {A, B}.
choose(X) ->
    case X of
        1 -> a;
        2 -> b
    end.
part(X) -> {ok, Y} = X, Y.
whether(X) ->
    if X < 3 -> a;
       X < 5 -> b
    end.
fail(X) -> error({bad, X}).
twice(X) -> [pick(X), pick(X)].
within(X) -> {put(order, [X | get(order)]), X}.

a(X) -> {plus(1, 2), [plus(X, 1)]}.
b(X) -> [pick(a), pick(X)].
c(X, Y) -> {pair(2, 1), pair(X, Y)}.
d(X) -> [choose(X)].
e(X) -> [part(X)].
f(X) -> [whether(X)].
g(X) -> [fail(X)].
h(X) -> [twice(X)].
i(X) -> pick(X).
j(pick, X) ->
    try pick(X) + 1 of
        Y -> {is, Y}
    catch
        error:function_clause:Stack -> {caught, [{F, A} || {M, F, A, _} <- [hd(Stack)], M =:= ?MODULE]}
    end.
k(X) ->
    put(order, []),
    _ = {within(X), within(X + 1), plus(element(2, within(X + 2)), 1)},
    get(order).
