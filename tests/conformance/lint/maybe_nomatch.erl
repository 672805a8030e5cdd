-module(maybe_nomatch).
-feature(maybe_expr, enable).
-export([first/0, nested/0, with_else/0, tuples/1, good/1]).

first() -> maybe a ?= b, ok end.

nested() -> maybe 1 ?= 1, ok ?= maybe a ?= b, ok end end.

with_else() -> maybe {a, _} ?= {b, 1}, ok else X -> X end.

tuples(X) -> maybe {a, _} ?= {b, X}, ok else {a, _} -> X; {b, _} -> 2 end.

good(X) -> maybe {ok, Y} ?= X, {Y, _} ?= {Y, X}, Y end.
