-module(warn_update_fails).
-export([f/0, g/0, h/1, i/1]).
-record(r, {a, b}).
f() -> (a)#r{b = 1}.
g() -> a = b = c.
h(0.0) -> 1; h(-0.0) -> 2; h(<<1>>) -> 3; h(<<1>>) -> 4; h(<<1:8/signed>>) -> 5.
i(X) -> <<1:a>>, <<(-1)/utf8>>, <<1:(-1)>>, X.
