-module(ignored_values).
-export([main/0, f/1, g/1, h/1, i/1, j/1]).
main() -> lists:foreach(fun(X) -> X end, []), lists:map(fun(_) -> 1 end, []), [a || _ <- []], ok.
f(X) -> {X, 1}, [X], X, "a", #{a => X}, <<X>>, fun() -> X end, X + 1, -X, not X, X == 1, ok.
g(X) -> length(X), hd(X), is_atom(X), element(1, X), self(), node(), X ! a, ok.
h(X) -> atom_to_list(X), list_to_atom(X), X#{a => 1}, [Y || Y <- X], begin X, 1 end, ok.
i(X) -> case X of 1 -> a; 2 -> b end, if X -> a; true -> b end, try X catch _:_ -> 1 end, ok.
j(X) -> _ = X, _Y = 1, catch X, (X), {ok, X} = X, ok.
