%% Macros with statements, overloads, and arguments in brackets.
-module(mac_assorted).
-export([main/0]).
-define(ASSERT(E), case E of true -> ok; _ -> {failed, ??E, ?LINE} end).
-define(WHILE(C, B), (fun W() -> case C of true -> B, W(); false -> done end end)()).
-define(LOG(F, A), {?MODULE, ?LINE, io_lib:format(F, A)}).
-define(ID(X), X). -define(TWICE(X), ?ID(X), ?ID(X)).
-define(CAT(A, B), A ++ B). -define(OPT(A), A). -define(OPT(A, B), {A, B}). -define(OPT(), none).
-define(BLOCK, begin X = 1, X + 1 end).
-define(Q, "quoted \"string\"").
-define(FUN(X), fun(Y) -> X + Y end).
main() -> io:format("~p~n", [run()]).

run() -> put(n, 0), [?ASSERT(1 < 2), ?ASSERT(1 > 2), ?WHILE(get(n) < 3, put(n, get(n) + 1)), ?LOG("~p", [x]), {?TWICE(z)}, ?CAT("a", "b"), ?OPT(1), ?OPT(1, 2), ?OPT(), ?BLOCK, ?Q, (?FUN(2))(3), ?OPT({a, b}), ?OPT([a, b], c), (?OPT(fun(A, B) -> A + B end))(1, 2), ?OPT(<<1, 2>>, #{a => 1, b => 2})].
