-module(rcd_field_variable).
-export([f/2, g/1, h/2]).
-record(r, {a, b = 1}).
f(X, Y) -> #r{X = 1, b = Y}.
g(#r{_A = 1}) -> ok.
h(R, X) -> R#r{X = 2}.
