-module(att_inline_list_funcs).
-export([main/0, all/2, any/2, foreach/2, map/2, flatmap/2, filter/2, foldl/2, foldr/2, mapfoldl/2, mapfoldr/2]).
-compile(inline_list_funcs).

%% Functions of lists that take a fun become loops of the caller: results, errors and who is on the stack.

show(Tag, Fun) ->
    Result = try {ok, Fun()}
             catch Class:Reason:Stack -> {Class, Reason, [{M, F, arguments(A)} || {M, F, A, _} <- lists:sublist(Stack, 3)]}
             end,
    io:format("~p: ~p~n", [Tag, Result]).

arguments(N) when is_integer(N) -> N;
arguments(L) -> [if is_function(A) -> 'fun'; true -> A end || A <- L].

one() -> [all, any, foreach, map, flatmap, filter].
two() -> [foldl, foldr, mapfoldl, mapfoldr].

main() ->
    Lists = [[], [a, b], [a, 1], [1, a], [1 | x], x, [a | b]],
    _ = [show({Name, List}, fun() -> ?MODULE:Name(fun erlang:is_atom/1, List) end)
         || Name <- one(), List <- Lists],
    _ = [show({Name, List}, fun() -> ?MODULE:Name(fun(A, B) -> {A, [A | B]} end, List) end)
         || Name <- two(), List <- Lists],
    _ = [show({Name, List}, fun() -> ?MODULE:Name(fun(_) -> [y] end, List) end)
         || Name <- one(), List <- Lists],
    _ = [show({bad, Name, List}, fun() -> ?MODULE:Name(Bad, List) end)
         || Name <- one() ++ two(), List <- [[], [a], x, [a | b]], Bad <- [bad, fun erlang:node/0]],
    show(order, fun() -> lists:map(begin io:format("1 "), fun(X) -> X end end, begin io:format("2~n"), [1, 2] end) end),
    show(clauses, fun() -> lists:map(fun(X) when X > 1 -> X; (a) -> b end, [a, 2, c, 1]) end),
    show(tuples, fun() -> lists:foldl(fun({A, _}, S) -> A + S end, 0, [{1, 2}, 3]) end),
    show(sum, fun() -> lists:foldr(fun(A, S) -> A + S end, 0, [b, 1]) end),
    show(improper, fun() -> lists:flatmap(fun(A) -> A end, [[1], [2 | 3], [4]]) end),
    show(last, fun() -> lists:flatmap(fun(A) -> A end, [[1], [2], 4]) end),
    show(nested, fun() ->
        Outer = [1, 2],
        lists:foldl(fun(X, Sum) -> lists:foldl(fun(Y, S) -> X * Y + S end, Sum, Outer) end, 0, [10, 20])
    end),
    show(named, fun() -> lists:map(fun F([]) -> 0; F([_ | T]) -> 1 + F(T) end, ["abc", [], "x"]) end),
    show(effects, fun() ->
        lists:foreach(fun(X) -> self() ! X end, [1, 2, 3]),
        receive 2 -> receive 1 -> receive 3 -> done end end end
    end),
    show(applied, fun() -> apply(lists, map, [fun(X) -> {X} end, [1, 2]]) end),
    show(long, fun() -> length(lists:filter(fun(X) -> X rem 7 =:= 0 end, lists:seq(1, 100000))) end),
    show(mapfold, fun() -> lists:mapfoldl(fun(X, S) -> {X + S, S + 1} end, 0, [5, 6, 7]) end),
    show(mapfold_back, fun() -> lists:mapfoldr(fun(X, S) -> {X + S, S + 1} end, 0, [5, 6, 7]) end),
    show(early, fun() -> lists:all(fun(X) -> io:format("~p ", [X]), X < 2 end, [1, 2, 3]) end),
    show(atom, fun() -> lists:map(foo, [1]) end),
    show(atom, fun() -> lists:map(foo, []) end),
    ok.

all(F, L) -> R = lists:all(F, L), {R}.
any(F, L) -> R = lists:any(F, L), {R}.
foreach(F, L) -> R = lists:foreach(F, L), {R}.
map(F, L) -> R = lists:map(F, L), {R}.
flatmap(F, L) -> R = lists:flatmap(F, L), {R}.
filter(F, L) -> R = lists:filter(F, L), {R}.
foldl(F, L) -> R = lists:foldl(F, [], L), {R}.
foldr(F, L) -> R = lists:foldr(F, [], L), {R}.
mapfoldl(F, L) -> R = lists:mapfoldl(F, [], L), {R}.
mapfoldr(F, L) -> R = lists:mapfoldr(F, [], L), {R}.
