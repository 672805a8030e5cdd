%% Iterators that are none where they end: it is `next` that says so.
-module(st_maps_iter_bad).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    Bad = {k, v, x},
    ?T(maps:next(x)),
    ?T(maps:next(Bad)),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, Bad)),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, {k, v, none})),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, {k, v, {l, w, none}})),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, {k, v, {a, b}})),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, {k, v, #{a => 1}})),
    ?T(maps:fold(fun(K, V, Acc) -> {K, V, Acc} end, a, x)),
    ?T(maps:map(fun(_, V) -> V end, Bad)),
    ?T(maps:filter(fun(_, _) -> true end, Bad)),
    ?T(maps:filtermap(fun(_, _) -> true end, Bad)),
    ?T(maps:foreach(fun(_, _) -> true end, Bad)),
    ?T(maps:to_list(Bad)).

t(Line, F) ->
    Result = try F() catch C:R:S -> {C, R, called(hd(S))} end,
    io:format("~w: ~0p~n", [Line, Result]).

called({M, F, A, _}) when is_list(A) -> {M, F, length(A)};
called({M, F, A, _}) -> {M, F, A}.
