%% Whole maps of all sizes: walked over, changed, merged, made from lists.
-module(maps_whole).
-export([main/0]).

main() ->
    Sizes = [0, 1, 2, 31, 32, 33, 34, 127, 128, 129, 130, 200, 256, 257, 1000, 5000],
    [io:format("~w ~w~n", [N, one(N)]) || N <- Sizes],
    [io:format("~w ~w ~w~n", [A, B, two(A, B)]) || A <- [0, 1, 20, 32, 33, 500, 3000], B <- [0, 1, 20, 33, 400, 3000]],
    io:format("~p~n", [errors()]),
    io:format("~p~n", [doubles()]).

key(I) when I rem 5 =:= 0 -> I;
key(I) when I rem 5 =:= 1 -> {I, 7};
key(I) when I rem 5 =:= 2 -> <<"key", I:32>>;
key(I) when I rem 5 =:= 3 -> [I, I * 2];
key(I) -> "s" ++ integer_to_list(I).

numbers(N) -> maps:from_list([{I, I} || I <- lists:seq(1, N)]).
mixed(N) -> maps:from_list([{key(I), I} || I <- lists:seq(1, N)]).

%% The order is looked at for numbers.
one(N) ->
    M = numbers(N),
    X = mixed(N),
    Order = maps:fold(fun(K, V, A) -> [{K, V} | A] end, [], M),
    put(seen, []),
    maps:foreach(fun(K, _) -> put(seen, [K | get(seen)]) end, M),
    Walked = walk(maps:next(maps:iterator(M))),
    Begun = case maps:next(maps:iterator(M)) of
                none -> none;
                {_, _, I1} -> {maps:fold(fun(K, _, S) -> K + S end, 0, I1), maps:size(maps:map(fun(_, V) -> V end, I1))}
            end,
    Squares = maps:map(fun(_, V) -> V * V end, X),
    Even = maps:filter(fun(_, V) -> V rem 2 =:= 0 end, X),
    Some = maps:filtermap(fun(_, V) when V rem 3 =:= 0 -> true; (_, V) when V rem 3 =:= 1 -> {true, -V}; (_, _) -> false end, X),
    [erlang:phash2(Order), erlang:phash2(get(seen)), erlang:phash2(Walked), Begun,
     erlang:phash2(maps:to_list(M)), erlang:phash2(maps:keys(M)), erlang:phash2(maps:values(X)),
     erlang:phash2(Squares), maps:size(Squares), Squares =:= maps:from_list([{key(I), I * I} || I <- lists:seq(1, N)]),
     erlang:phash2(Even), maps:size(Even), erlang:phash2(Some), maps:size(Some),
     X =:= lists:foldl(fun(I, A) -> A#{key(I) => I} end, #{}, lists:reverse(lists:seq(1, N))),
     maps:map(fun(_, V) -> V end, X) =:= X, erlang:phash2(maps:to_list(Even))].

walk(none) -> [];
walk({K, V, Next}) -> [{K, V} | walk(maps:next(Next))].

two(A, B) ->
    One = mixed(A),
    Two = maps:from_list([{key(I), -I} || I <- lists:seq(A div 2, A div 2 + B - 1)]),
    M = maps:merge(One, Two),
    W = maps:merge_with(fun(_, V1, V2) -> V1 * V2 end, One, Two),
    Stepwise = lists:foldl(fun({K, V}, X) -> X#{K => V} end, One, maps:to_list(Two)),
    {maps:size(M), erlang:phash2(M), M =:= Stepwise, maps:to_list(M) =:= maps:to_list(Stepwise),
     maps:size(W), erlang:phash2(W), maps:merge(One, One) =:= One, maps:merge(M, Two) =:= M,
     maps:merge(Two, M) =:= M, erlang:phash2(maps:intersect(One, Two)), maps:size(maps:without(maps:keys(Two), M)),
     lists:all(fun(K) -> maps:get(K, M) =:= maps:get(K, Two) end, maps:keys(Two))}.

%% What a fun raises in the middle of a large map.
errors() ->
    M = numbers(300),
    [catch_it(fun() -> maps:map(fun(250, _) -> throw(there); (_, V) -> V end, M) end),
     catch_it(fun() -> maps:fold(fun(250, _, _) -> exit(there); (_, _, A) -> A end, 0, M) end),
     catch_it(fun() -> maps:filter(fun(K, _) -> K end, M) end),
     catch_it(fun() -> maps:foreach(fun(250, _) -> error(there); (_, _) -> ok end, M) end),
     catch_it(fun() -> maps:map(fun(_) -> a end, M) end),
     catch_it(fun() -> maps:fold(fun(_, _, A) -> A end, 0, [a | M]) end),
     catch_it(fun() -> maps:next([a | M]) end),
     catch_it(fun() -> maps:merge(M, a) end)].

catch_it(F) ->
    try F() catch C:R:S -> {C, short(R), [{X, Y} || {X, Y, _, _} <- lists:sublist(S, 1), X =:= maps, Y =/= filter_1]} end.

short({Reason, Term}) when is_list(Term); is_map(Term) -> Reason;
short(Reason) -> Reason.

%% The last of several pairs with a key wins.
doubles() ->
    L = [{key(I rem 700), I} || I <- lists:seq(1, 3000)],
    M = maps:from_list(L),
    {maps:size(M), erlang:phash2(M), M =:= lists:foldl(fun({K, V}, A) -> A#{K => V} end, #{}, L),
     maps:size(maps:from_list([{0.0, a}, {-0.0, b}, {0, c} | [{I, I} || I <- lists:seq(1, 60)]])),
     maps:size(maps:from_keys([key(I rem 90) || I <- lists:seq(1, 400)], x))}.
