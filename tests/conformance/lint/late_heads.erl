-module(late_heads).
-export([f/1, g/1, h/1, i/2, j/1]).
f(X) when X > 1, false -> a; f(X) when true -> X; f(_) -> c.
g(X) when is_atom(1) -> X; g(X) when 1 =:= 2 -> X; g(X) when 1 -> X; g(X) when X; not X -> X.
h(1) -> a; h(1) -> b; h(X) when is_integer(X) -> c; h(2) -> d; h(_) -> e; h(z) -> f.
i(X, X) -> a; i(_, 1) -> b; i(Y, Y) -> c; i(_, _) -> d; i(1, 2) -> e.
j({a, _}) -> 1; j({a, 1}) -> 2; j([_ | _]) -> 3; j([1, 2]) -> 4; j("abc") -> 5; j(<<_/bits>>) -> 6; j(<<1>>) -> 7; j(#{}) -> 8; j(#{a := 1}) -> 9.
