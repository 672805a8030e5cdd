%% What a try catches, by class and shape.
-module(exc_kinds).
-export([main/0]).
main() -> io:format("~p~n", [run()]).

run() -> [f(X) || X <- lists:seq(1, 12)].
f(X) -> try g(X) of {ok, V} when V > 1 -> {big, V}; {ok, V} -> {ok, V}; V -> {other, V} catch throw:{a, V} -> {thrown, V}; throw:V -> {thr, V}; exit:{shutdown, R} -> {down, R}; error:{badmatch, V} -> {bm, V}; error:function_clause -> fc; error:R:St when R =/= undef -> {err, R, is_list(St)}; C:R -> {C, R} after put(last, X) end.
g(1) -> {ok, 1}; g(2) -> {ok, 2}; g(3) -> throw({a, 1}); g(4) -> throw(b); g(5) -> exit({shutdown, x}); g(6) -> exit(y); g(7) -> {ok, _} = id(z); g(8) -> h(q); g(9) -> error(custom); g(10) -> erlang:raise(exit, raised, []); g(11) -> id(1) + id(a).
h(1) -> 1. id(X) -> X.
