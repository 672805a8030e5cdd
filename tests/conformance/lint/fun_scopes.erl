-module(fun_scopes).
-export([main/0]).
main() -> f(fun() -> X = 1, ok end), case 1 of X -> X end, receive X -> 1 after Y -> 2 end, try Z = 1 catch _:Z -> Z after Z end, Z.
f(_) -> (fun F(X) -> 1 end)(2), fun(A, A) -> 1 end, fun() when true -> 1 end.
