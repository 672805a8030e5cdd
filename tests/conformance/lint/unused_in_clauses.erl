-module(unused_in_clauses).
-compile(export_all).
-compile(nowarn_export_all).
a(X) -> case X of 1 -> V = {X}; _ -> V = 2 end, ok.
b(X) -> case X of 1 -> V = [X]; _ -> V = 2 end, ok.
c(X) -> case X of 1 -> V = #{a => X}; _ -> V = 2 end, ok.
d(X) -> case X of 1 -> V = <<X>>; _ -> V = 2 end, ok.
e(X) -> case X of 1 -> V = fun() -> X end; _ -> V = 2 end, ok.
f(X) -> case X of 1 -> V = "abc"; _ -> V = 2 end, ok.
g(X) -> case X of 1 -> V = X#{a => X}; _ -> V = 2 end, ok.
h(X) -> case X of 1 -> V = {X, X + 1}; _ -> V = 2 end, ok.
i(X) -> case X of 1 -> V = [{X} + 1, X]; _ -> V = 2 end, ok.
j(X) -> case X of 1 -> V = fun erlang:self/0; _ -> V = fun j/1 end, ok.
k(X) -> case X of 1 -> V = {X}, foo(X); _ -> V = 2, foo(X) end, ok.
l(X) -> V = {X}, ok.
m(X) -> V = fun() -> X end, W = <<X>>, Q = #{a => X}, R = [X], ok.
n(X) -> case X of 1 -> V = (X =:= 1); _ -> V = not X end, ok.
foo(X) -> X.
calls_a(X) -> case X of 1 -> V = foo(X) + 1; _ -> V = 2 end, ok.
calls_b(X) -> case X of 1 -> V = {X}; _ -> V = 2 end, ok.
calls_c(X) -> case X of 1 -> V = atom_to_list(X); _ -> V = 2 end, ok.
calls_d(X) -> case X of 1 -> V = X + 1, foo(X); _ -> V = 2, foo(X) end, ok.
calls_e(X) -> case X of 1 -> V = X + 1, foo(X); _ -> V = 2, foo(X) end, V.
calls_f(X) -> case X of 1 -> V = X + 1, foo(X); _ -> V = 2, foo(X) end.
calls_g(X) -> case X of 1 -> V = X + 1; _ -> V = 2 end.
calls_h(X) -> if X > 1 -> V = X + 1; true -> V = self() end, foo(X).
calls_i(X) -> receive X -> V = X + 1; _ -> V = self() end, foo(X).
calls_j(X) -> case X of 1 -> V = X + 1; _ -> foo(X) end, foo(X).
calls_k(X) -> case X of 1 -> V = X + 1, W = X + 2; _ -> V = 1, W = X * 2 end, W.
