-module(zero_and_late).
-export([main/0]).
main() -> f(1.0), g(0.0), h(a).
f(0.0) -> z; f(-0.0) -> n; f(_) -> o.
g(X) -> X =:= 0.0, X == -0.0, case X of +0.0 -> a; _ -> b end.
h(X) -> case X of a -> 1; a -> 2; b when true -> 3; _ -> 4; c -> 5 end.
