-module(mac_maybe_argument).
-feature(maybe_expr, enable).
-export([g/0, k/0, l/0, o/0, h/0, m/0, f/0, n/0]).
-define(M(X), {X}).
-define(N(X, Y), begin X, Y end).
g() -> ?M(maybe ok end).
k() -> ?N(maybe a end, b).
l() -> ?M(maybe ok ?= x else a -> b; c -> d end).
o() -> ?M((maybe a, b end)).
h() -> ?N(maybe a, b end).
m() -> ?M(begin maybe a, b end end).
f() -> ?M(maybe ok ?= ok, 1 end).
n() -> ?M(case a of b -> maybe c, d else e -> f end end).
