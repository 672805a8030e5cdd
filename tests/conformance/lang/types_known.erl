%% What types tell the compiler must hold: joins, guards with `or`, ranges, improper lists, updates of tuples,
%% exceptions, messages and exported functions that are called with anything.
-module(types_known).
-export([main/0, ext/2, cls/1, upd/2, hd1/1, sum/2, cnt/3, rng/1, sh/2, imp/1, tl1/1, dl/2, big/1, sel/1, tr/1, lt/2, eqi/1, rec/1, mk/0, srt/1, fl/2, acc/2, gd/1, mix/1, up3/4, many/1, ups/2, recv/0, orr/2, bin/1, lim/1, tup/1, updt/3, loopf/3]).
-record(r, {a=1, b=2.0, c=[], d, e, f, g, h}).
-record(big, {a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9,j=10,k=11,l=12}).
p(F) ->
    R = try {ok, F()} catch C:E -> {C, E} end, io:format("~w~n", [R]).
ext(X, Y) -> X + Y.
zero() -> 0.
cls(X) when is_integer(X), X > 3 -> {int, X band 7};
cls(X) when is_float(X) -> {float, X * 2};
cls([H|T]) when H =:= a; T =:= b -> {list, H, T};
cls({A,B}) when A < B orelse B =:= x -> {tup, A, B};
cls(X) -> {other, X}.
upd(R, N) -> R#r{a = N, c = [N]}.
ups(R, N) -> R1 = R#r{a = N}, R2 = R1#r{b = N * 2, h = R1#r.a}, {R1, R2#r{d = R2#r.b}}.
up3(R, A, B, C) -> R#big{a = A, f = B, l = C}.
many(R) -> X = R#big.a, Y = R#big.b, io:format("m~n"), Z = R#big.c, io:format("n~n"), {X, Y, Z, R#big{a=X+Y, b=Z}}.
updt(T, I, V) -> T2 = setelement(3, T, V), T3 = setelement(1, T2, I), setelement(2, T3, {V, I}).
tup(T) -> setelement(1, setelement(2, T, a), b).
hd1(L) -> [H|T] = L, {H, T, is_list(T)}.
sum([H|T], A) -> sum(T, A + H);
sum([], A) -> A.
cnt(0, _, A) -> A;
cnt(N, M, A) -> cnt(N - 1, M, (A * 31 + N) rem M).
rng(N) -> X = N band 255, Y = X bsl 8, Z = Y bor X, W = Z bxor 16#ffff, {X, Y, Z, W, W bsr 4, W - 65535, X div 3, X rem 5, -X, abs(-X)}.
sh(A, B) -> {sh1(A, B), sh2(A, B)}.
sh1(A, B) -> try A bsl B catch error:E -> E end.
sh2(A, B) -> try A bsr B catch error:E -> E end.
imp([H|T]) -> case T of [] -> {last, H}; [_|_] -> {more, H, imp(T)}; O -> {improper, H, O} end.
tl1(L) -> T = tl(L), case T of [] -> nil; [_|_] -> cons; _ -> {odd, T} end.
dl(X, L) -> R = lists:delete(X, L), {is_list(R), R}.
big(N) -> A = N * N, B = A * A, C = B * B, D = C * C, {A > 0, D rem 1000007, D band 16#ffffffffffff, D bsr 60, -D bsr 60}.
sel(X) -> case X rem 4 of 0 -> z; 1 -> o; -1 -> mo; 2 -> t; 3 -> th; -2 -> mt; _ -> oth end.
tr(F) -> try X = F(), {v, X} catch throw:{a, Y} -> {ta, Y}; error:E when is_atom(E) -> {e, E}; _:{Z, W} -> {o, Z, W} after ok end.
lt(A, B) when A < B, is_integer(A) -> {A + 1, B};
lt(A, B) when A >= B, is_integer(B) -> {A, B - 1};
lt(A, B) -> {none, A, B}.
eqi(X) when is_integer(X) -> Y = X band 3, if Y =/= 0, Y =/= 3 -> case Y of 1 -> one; 2 -> two; _ -> never end; true -> zero end.
rec(N) when N > 100 -> [];
rec(N) -> [{N, N * 1.0, [N]} | rec(N * 2)].
mk() -> L = [{X, Y} || X <- lists:seq(1, 3), Y <- lists:reverse([a, b])], [{A, B, is_integer(A), is_atom(B)} || {A, B} <- L].
srt(L) -> S = lists:sort(L), case S of [] -> none; [H|_] when is_integer(H) -> {int, H}; [H|_] -> {x, H} end.
fl(A, B) when is_float(A) -> C = A * B, D = C + A, E = D / 2, {C, D, E, C > D, -E};
fl(A, B) -> {A, B}.
acc([], Acc) -> lists:reverse(Acc);
acc([X|Xs], Acc) when is_integer(X) -> acc(Xs, [X + 1|Acc]);
acc([{X, Y}|Xs], Acc) -> acc(Xs, [X, Y|Acc]);
acc(X, Acc) -> [X|Acc].
gd(X) when element(1, X) =:= a; hd(X) =:= a; map_size(X) =:= 1; length(X) > 2 -> yes;
gd(_) -> no.
mix(X) -> Y = case X of {ok, V} -> V; error -> 0; N when is_integer(N) -> N * 2; L when is_list(L) -> length(L); _ -> none end,
  if is_integer(Y) -> {i, Y}; is_atom(Y) -> {a, Y}; true -> {o, Y} end.
recv() -> self() ! {x, 1}, self() ! {y, 2.0}, self() ! [z],
  A = receive {y, V} -> V; {q, V} -> V after 1000 -> none end,
  B = receive [Z|_] -> Z after 0 -> none end,
  C = receive {x, N} when N + 1 =:= 2 -> N after 0 -> none end,
  D = receive M -> M after 0 -> 7 end, {A, B, C, D + 1}.
orr(A, B) when is_integer(A) orelse is_float(A), B =:= 0 orelse A > 0 -> A + 1;
orr(A, _) when is_atom(A) orelse A =:= [] -> {n, A};
orr(_, B) -> B.
bin(<<A:8, B:16/signed, C:4, D:4/signed, R/bits>>) -> [{A, B, C, D, A + B * C, D bsl 2} | bin(R)];
bin(<<A:64, _/bits>>) -> {A, A band 255};
bin(<<C/utf8, R/binary>>) -> {C, R};
bin(R) -> [byte_size(R), bit_size(R)].
lim(X) -> Y = X + 16#7ffffffffffffff, Z = Y + Y, {Y, Z, Z - Y, Y * 2 bsr 1, -Y - 2}.
loopf(0, A, B) -> {A, B};
loopf(N, A, B) -> C = A * 0.5 + B, D = B - A, if C > 1000.0 -> loopf(N - 1, 1.0, D); true -> loopf(N - 1, C, D) end.
main() ->
  [p(fun() -> cls(X) end) || X <- [1, 5, 1 bsl 70, 2.5, [a], [b|b], [c, d], {1, 2}, {2, 1}, {2, x}, {x, x}, {[], 1}, foo, <<>>]],
  [p(fun() -> upd(X, Y) end) || X <- [#r{}, #r{c = x}, {r, 1}, r, #big{}], Y <- [1, a]],
  p(fun() -> ups(#r{}, 3) end), p(fun() -> ups(#r{}, x) end), p(fun() -> up3(#big{}, 1, 2.0, c) end), p(fun() -> up3({big}, 1, 2, 3) end),
  p(fun() -> many(#big{}) end), p(fun() -> many(x) end),
  [p(fun() -> updt(T, 1, 2) end) || T <- [{}, {1}, {1, 2}, {1, 2, 3}, {1, 2, 3, 4}, x]], [p(fun() -> tup(T) end) || T <- [{}, {1}, {1, 2}, {1, 2, 3}]],
  [p(fun() -> hd1(X) end) || X <- [[1], [1|2], [a, b], [], x]],
  p(fun() -> sum([1, 2.5, 1 bsl 65], 0) end), p(fun() -> sum([1|x], 0) end), p(fun() -> sum(lists:seq(1, 1000), 1 bsl 59) end), p(fun() -> sum([a], 1) end),
  p(fun() -> cnt(1000, 1000007, 1) end), p(fun() -> cnt(10, 0, 1) end), p(fun() -> cnt(100, -77, 5) end), p(fun() -> cnt(3, 1.0, 5) end),
  [p(fun() -> rng(X) end) || X <- [0, 255, 256, -1, 1 bsl 80 - 3, a, 1.0]],
  [p(fun() -> sh(A, B) end) || A <- [1, -1, 1 bsl 60, -5, a], B <- [0, 1, 62, 64, -3, -64, 100]],
  [p(fun() -> imp(X) end) || X <- [[1], [1, 2, 3], [1|2], [1, 2|x], x]],
  [p(fun() -> tl1(X) end) || X <- [[1], [1, 2], [1|2], [], a]],
  [p(fun() -> dl(a, X) end) || X <- [[a, b], [a|b], [b, c], [b|c], [], x]],
  [p(fun() -> big(X) end) || X <- [3, 1 bsl 15, -(1 bsl 31), 1 bsl 40]],
  [p(fun() -> sel(X) end) || X <- [0, 1, 2, 3, 4, -1, -2, -3, 1 bsl 64, -(1 bsl 66) - 1, a]],
  [p(fun() -> tr(X) end) || X <- [fun() -> 1 end, fun() -> throw({a, 2}) end, fun() -> error(x) end, fun() -> exit({1, 2}) end, fun() -> X0 = zero(), 1 / X0 end, fun() -> error({b, c}) end]],
  [p(fun() -> lt(A, B) end) || A <- [1, 2.5, a, [], 1 bsl 62], B <- [1, 2, 2.5, a, {}, -(1 bsl 62)]],
  [p(fun() -> eqi(X) end) || X <- [0, 1, 2, 3, 4, -1, 1 bsl 70 + 1, a]],
  p(fun() -> rec(1) end), p(fun() -> rec(a) end), p(fun() -> rec(0.5) end), p(fun() -> mk() end),
  [p(fun() -> srt(X) end) || X <- [[], [1], [b, 2], [c], [1.0], x, [a|b]]],
  [p(fun() -> fl(A, B) end) || A <- [1.5, 2, 1.0e308], B <- [2, 2.0, a, 1 bsl 2000]],
  [p(fun() -> acc(X, []) end) || X <- [[1, 2], [1, {a, b}, 3], [1|x], [], y, [{1, 2}|3]]],
  [p(fun() -> gd(X) end) || X <- [{a}, {b}, [a], [b], [b, c, d], #{}, #{1 => 2}, [b|c], [], x, {}]],
  [p(fun() -> mix(X) end) || X <- [{ok, 1}, {ok, a}, {ok, 1.0}, error, 5, [1, 2], [1|2], x, {}]],
  p(fun() -> recv() end),
  [p(fun() -> orr(A, B) end) || A <- [1, -1, 2.0, a, [], {}], B <- [0, 1]],
  [p(fun() -> bin(X) end) || X <- [<<1, 2, 3, 4, 5>>, <<255, 128, 0, 255>>, <<0:64>>, <<97, 16#c3, 16#a9>>, <<>>, <<1:3>>, <<255:64, 1>>, <<16#ffffffffffffffff:64>>]],
  [p(fun() -> lim(X) end) || X <- [0, 1, -1, 16#7ffffffffffffff, -(1 bsl 59), 1 bsl 59]],
  p(fun() -> loopf(50, 1.5, 2.5) end), p(fun() -> loopf(5, 1, 2.5) end), p(fun() -> loopf(5, a, 2.5) end),
  p(fun() -> ext(1, 2.0) end).
