%% Subjects that the first clause takes apart without names for the parts.
-module(warn_subject_unwanted).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
a1(X) -> case X + 1 of _ -> a; b -> c end.
a2(X) -> case X + 1 of _ when X -> a; _ -> c end.
a3(X) -> case X + 1 of b -> a; _ -> c end.
a4(X) -> case {X, X + 1} of {a, _} -> a; {b, _} -> c end.
a5(X) -> case {X, X + 1} of {a, _} -> a end.
a6(X) -> case [X, X + 1] of [_ | _] -> a end.
a7(X) -> case g(X) of _ -> a end.
a8(X) -> case X + 1 of Y -> X end, Y.
a9(X) -> case #{a => X + 1} of _ -> a end.
b1(X) -> case fun() -> X end of _ -> a end.
b2(X) -> case (X + 1) =:= 2 of _ -> a end.
b3(X) -> case {X} of _ -> a end.
b4(X) -> case {X, X + 1} of {a, _} when X > 1 -> a; {b, _} -> c; {_, _} -> d end.
b5(X) -> case begin X, X + 1 end of _ -> a end.
b6(X) -> case X + a of _ -> a end.
b7(X) -> case length([a|X]) of _ -> a end.
b8(X) -> {A, A} = {1, 2}, {B, B} = {1, 3}.
b9(X) -> {A, A} = {1, 2}, B = 1 + a, B.
c1(X) -> [A, A] = [1, 2], B = 1 + a, B.
c2(X) -> [A, A] = [1, 2], 1 + a.
c3(X) -> [A, A] = [1, 2], {B, B} = {1, 3}, B.
c4(X) -> [A, A] = [1, 2], g(1 + a).
c5(X) -> [A, A] = [1, 2], hd([]), ok.
g(X) -> X.
