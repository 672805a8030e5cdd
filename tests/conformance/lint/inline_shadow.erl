-module(inline_shadow).
-export([a/1, b/1, c/1, d/1, e/1, f/1, g/1, h/2, i/1, k/1, n/1, o/1]).
-compile(inline).

%% What OTP's code generation finds is not told of where everything was inlined.
a(X) -> case X of 1 -> a; 1 -> b end.
b(X) -> case ext:f(X) of 1 -> a; 1 -> b end.
c(X) -> case X of _ -> a; 1 -> b end.
d(_) -> a;
d(1) -> b.
e(1) -> a;
e(1) -> b.
f(X) -> fun(1) -> a; (1) -> b; (_) -> c end(X).
g(X) -> case X of {A} -> A; {_} -> c end.
h(X, Y) -> case {X, Y} of {1, 2} -> a; {1, 2} -> b end.
i(X) -> try X of 1 -> a; 1 -> b catch _ -> a; _ -> b end.
k(X) -> if X == 1 -> a; true -> b; true -> c end.
n(X) -> case k(X) of {A} -> A; _ -> z; 1 -> b end.
o(X) -> case X of 1 -> a; 2 -> b; 1 -> c; 3 -> d end.
