-module(macro_maybe_argument).
-feature(maybe_expr, enable).
-export([main/0]).
-define(ID(X), X).
-define(TWO(X,Y), {X,Y}).
-define(S(X), ??X).
main() ->
  io:format("~p~n", [?ID(maybe {ok, A} ?= {ok, 1}, {A,2} end)]),
  io:format("~p~n", [?S(maybe {ok, A2} ?= {ok, 1}, {A2,2} end)]),
  io:format("~p~n", [?TWO(maybe {ok, A1} ?= {ok, 1}, A1 else X -> x, X end, 2)]),
  ?TWO((maybe), x end),
  ?ID(maybe ok end),
  ok.
a() -> ?TWO(else, x).
b() -> ?ID(maybe A, B end).
