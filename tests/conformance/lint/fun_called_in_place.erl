-module(fun_called_in_place).
-compile(export_all).
-compile(nowarn_export_all).
a() -> 7 = (fun(X) -> X end)({a}), ok.
b() -> case (fun(X) -> X end)({a}) of 7 -> 7 end.
c() -> case (fun() -> {a} end)() of 7 -> 7 end.
d() -> Y = (fun(X) -> X end)({a}), 7 = Y.
e() -> Y = 7 = (fun(X) -> X end)({a}), f(Y).
f(_) -> case (fun(X) -> X end)({a}) of {b} -> 7; {b, _} -> ok end.
g() -> Y = (fun(X) -> X end)({a}), atom_to_list(Y).
h() -> atom_to_list((fun(X) -> X end)({a})).
i() -> (fun(X) -> X end)({a}) + 1.
l() -> Y = fun(X) -> X end, case Y({a}) of 7 -> ok end.
p() -> {(fun(X) -> X end)({a}) + 1}.
q() -> f((fun(X) -> X + 1 end)({a})).
r() -> f(begin (fun(X) -> X end)({a}) + 1 end).
s() -> try (fun(X) -> X end)({a}) + 1 catch _:_ -> ok end.
t() -> case (fun(X) -> X + 1 end)({a}) of 7 -> 7 end.
u() -> X = (fun(X) -> X + 1 end)({a}), f(X), X.
v() -> {_} = (fun(X) -> X + 1 end)({a}).
w() -> {7} = (fun(X) -> X end)({a}), ok.
x() -> [] = (fun(X) -> [X] end)({a}), ok.
y(A) -> [] = (fun(X) -> [X] end)(A), ok.
z(A) -> case (fun(X) -> [X] end)(A) of [] -> ok; [_] -> f(A) end.
b_a() -> case (fun(X) -> b(), X end)({a}) of 7 -> ok end.
b_b() -> case (fun(X) -> b(), X end)({a}) of 7 -> ok; 8 -> ok end.
b_c() -> 7 = (fun(X) -> b(), b(), X end)({a}).
b_d() -> {7} = (fun(X) -> b(), b(), X end)({a}).
b_e() -> {X} = (fun(X) -> b(), b(), X end)({a}), X.
b_f() -> b = (fun(X) -> b(), b(), X end)(a).
b_g() -> b = (fun(X) -> self() ! a, X end)(a).
b_h(A) -> b = (fun(X) -> A ! a, X end)([A]).
b_i(A) -> b = (fun(X) -> A ! a, X end)({A}).
