-module(inline_list_funcs).
-export([a/1, b/0, c/2, d/1]).
-import(lists, [map/2]).
-compile([inline_list_funcs]).

a(L) -> map(fun(X) -> {X} end, L), ok.
b() -> lists:map(foo, []), _ = lists:all({x}, [1]), lists:map(fun(X, Y) -> X + Y end, [1]), foldl.
c(M, F) -> lists:map(fun M:F/1, [a]), lists:foldl([], 0, L = []), L.
d(L) -> F = bar, lists:filter(F, L), lists:sort(foo, L).
