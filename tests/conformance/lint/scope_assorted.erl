-module(scope_assorted).
-export([main/0]).
main() -> X = 1, case 2 of X when X > Y -> X; Y -> Y end.
f() -> fun(A) -> B = A, B end, A.
g(X) -> try Y = X, Y of Y -> Y catch _ -> Y end.
h() -> [X || X <- [1], Y], X.
i() -> begin Z = 1 end, if Z > 1 -> W = 1; true -> V = 2 end, {W, V}.
j() -> receive {a, P} -> P; {b, Q} -> Q end, P.
k() -> case a of b -> S = 1 end, S.
l() -> {S, T} = {1, 2}, S + T, U.
