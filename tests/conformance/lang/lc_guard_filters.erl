%% Filters of comprehensions that could stand in guards are guards: what is not true in them takes nothing.
-module(lc_guard_filters).
-export([main/0]).
main() ->
  T = fun(F) -> io:format("~p~n", [try F() catch C:E -> {C,E} end]) end,
  X = id([1,2]),
  T(fun() -> [Y || Y <- X, foo] end),
  T(fun() -> [Y || Y <- X, 1] end),
  T(fun() -> [Y || Y <- X, Y] end),
  T(fun() -> [Y || Y <- X, {Y}] end),
  T(fun() -> [Y || Y <- X, Y + 1] end),
  T(fun() -> [Y || Y <- X, hd(Y)] end),
  T(fun() -> [Y || Y <- X, hd([true])] end),
  T(fun() -> [Y || Y <- X, self()] end),
  T(fun() -> [Y || Y <- X, <<Y>> =:= <<1>>] end),
  T(fun() -> [Y || Y <- X, <<Y>>] end),
  T(fun() -> [Y || Y <- X, length(Y)] end),
  T(fun() -> [Y || Y <- X, begin Y end] end),
  T(fun() -> [Y || Y <- X, id(Y)] end),
  T(fun() -> << <<Y>> || Y <- X, foo >> end),
  T(fun() -> [Y || Y <- X, #{}] end),
  T(fun() -> [Y || Y <- X, "abc"] end),
  T(fun() -> [Y || Y <- X, not Y] end),
  T(fun() -> [Y || Y <- X, Y and true] end),
  T(fun() -> [Y || Y <- X, Y andalso true] end),
  T(fun() -> [Y || Y <- X, id(true) andalso Y] end),
  T(fun() -> [Y || Y <- X, element(3, Y)] end),
  T(fun() -> [Y || Y <- X, erlang:element(1, {Y})] end),
  T(fun() -> [Y || Y <- X, is_integer(Y), Y > 1] end).
id(X) -> X.
