%%% Updates of maps whose value nobody needs: a key that is missing is no error there, what is no map is one. And what
%%% stands before a comprehension's result with `++`: it is evaluated last.
-module(map_update_unneeded).
-export([main/0, a/1, b/1, d/1, e/1, g/1, j/1, l/1, n/1, o/1, p/1]).

main() ->
    [io:format("~w ~w: ~p~n", [F, X, try ?MODULE:F(X) catch C:R -> {C, R} end])
     || F <- [a, b, d, e, g, j, l, n, o, p], X <- [1, #{}, #{a => 2}]].

a(X) -> X#{a := 1}, ok.
b(X) -> X#{a => 1}, ok.
d(X) -> Y = X#{a := 1}, case X of 1 -> ok; _ -> Y end.
e(X) -> _ = X#{a := 1}, ok.
g(X) -> Y = X#{a := 1}, is_list(Y).
j(X) -> try X#{a := 1}, 1 of _ -> ok catch error:E -> {caught, E} end.
l(X) -> case X#{a := 1} of Y when is_map(Y) -> ok; _ -> no end.
n(X) -> _ = X#{a := throw(X)}, ok.
o(X) -> [error(left) || _ <- [1]] ++ throw({right, X}).
p(X) -> [throw(left) || _ <- [1]] ++ [throw(middle) || _ <- [1]] ++ begin put(map_update_unneeded, X), [2] end.
