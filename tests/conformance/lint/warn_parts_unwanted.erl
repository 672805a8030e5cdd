%% What is taken apart by variables that nobody uses, and what follows a match that fails by a test.
-module(warn_parts_unwanted).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
a1(X) -> V = W = {X, X+1}, ok.
a2(X) -> V = W = X+1, ok.
a3(X) -> V = W = [X,{X+1}], ok.
a4(X) -> V = _ = [X,X+1], ok.
a5(X) -> V = {_,_} = {X,X+1}, ok.
a6(X) -> V = {_,Z} = {X,X+1}, ok.
a7(X) -> V = W = [X,X+1].
a8(X) -> V = W = U = [X,X+1], ok.
a9(X) -> V = W = self(), ok.
b1(X) -> V = W = X == 1, ok.
b2(X) -> V = W = {a}, ok.
b3(X) -> V = W = [X,X+1], W.
b4(X) -> V = W = fun() -> X end, ok.
b5(X) -> V = W = #{X => X + 1}, ok.
b6(X) -> V = W = element(1, X), ok.
b7(X) -> V = W = <<X>>, ok.
b8(X) -> {V} = {W} = {[X,X+1]}, ok.
c1(X) -> case element(3, X) of _ -> ok end, ok.
c2(X) -> case element(3, X) of _ -> ok end.
c3(X) -> case element(3, X) of Y -> ok end.
c4(X) -> case X + 1 of _ -> ok end.
c5(X) -> T = {X, 1}, case element(3, T) of _ -> ok end.
c6(X) -> case {X, X + 1} of _ -> ok end.
c7(X) -> case {X, X + 1} of {_, _} -> ok end.
c8(X) -> case X == 1 of _ -> ok end.
c9(X) -> T = {X, 1}, element(3, T).
d1(X) -> T = {X, 1}, element(2, T) + a.
d2(X) -> T = {X, 1}, setelement(3, T, a).
d3(X) -> T = {X, 1}, case element(2, T) of 2 -> X; 1 -> ok end.
d4(X) -> T = {X, 1}, hd(T), tl(T), length(T), map_size(T), tuple_size(T) + a.
d5(X) -> T = {X, 1}, 3 = tuple_size(T).
d6(X) -> T = {X, 1}, is_tuple(T) orelse X, is_list(T) andalso X.
d7(X) -> T = {X, 1}, if is_list(T) -> X; true -> 1 end.
d8(X) -> L = [X, 1], 1 = length(L), 2 = hd(tl(L)).
d9(X) when is_atom(X) -> X + 1, X + 2; d9(X) when is_list(X) -> hd(X) + 1.
e1(X) -> Y = X + 1, if is_atom(Y) -> Y; true -> X end.
e2(X) -> Y = {X}, case Y of {_, _} -> 1; [] -> 2; {a} -> 3; Z -> Z end.
e4(X) -> [1] ++ (X + 1).
e5(X) -> maps:get(a, [X]), maps:get(a, X), maps:get(a, {X}), maps:get(a, b), maps:is_key(a, [X]), map_get(a, [X]), ok.
e6(X) -> [A, A] = [1,2], X + a.
e7(X) -> {X, a} = {1, b}, 1 + a.
e8(X) -> 1 = 2, 1 + a.
e9(X) -> A = 1, A = 2, 1 + a.
f1(X) -> case 1 of 2 -> 1 + a end, 2 + b.
f2(X) -> {A, A} = {X, 2}, {A, A} = {1, 3}, 2 + b.
g(X) -> X.
