%% Lists put before others, for nothing.
-module(warn_append_unwanted).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
a1(X) -> [X] ++ X, ok.
a2(X) -> [X] ++ [a], ok.
a3(X) -> [X] ++ g(X), ok.
a4(X) -> [X] ++ (X+1), ok.
a5(X) -> [X, X] ++ X, ok.
a6(X) -> [X|X] ++ X, ok.
a7(X) -> [g(X)] ++ X, ok.
a8(X) -> [g(X)] ++ (X + 1), ok.
a9(X) -> [X + 1] ++ (X + 1), ok.
b1(X) -> [X + 1] ++ X, ok.
b2(X) -> [1] ++ X, ok.
b3(X) -> [{X}] ++ {X}, ok.
b4(X) -> [{X}] ++ X, ok.
b5(X) -> V = [{X}] ++ X, ok.
b6(X) -> V = [X] ++ (X + 1), ok.
b7(X) -> "abcdef" ++ (X + 1), ok.
b8(X) -> X ++ (X + 1), ok.
b9(X) -> [1] ++ [X + 1], ok.
c1(X) -> [1] ++ {X}, ok.
c2(X) -> [1] ++ [X] ++ [2], ok.
c3(X) -> [X] ++ [1] ++ X, ok.
c4(X) -> [1] ++ begin X, X + 1 end, ok.
c5(X) -> [1] ++ case X of 1 -> X + 1; _ -> X end, ok.
c6(X) -> [] ++ (X + 1), ok.
c7(X) -> V = [1] ++ (X + 1), ok.
c8(X) -> {[1] ++ (X + 1)}, ok.
g(X) -> X.
