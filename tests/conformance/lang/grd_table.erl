%% Guards, over values of all types.
-module(grd_table).
-export([main/0]).
main() -> io:format("~p~n", [run()]).

run() -> [catch F(X) || F <- [fun f/1, fun g/1, fun h/1, fun i/1, fun j/1], X <- [0, 1, -1, 1.5, a, [], [a], "ab", {}, {a, 1}, <<>>, <<"ab">>, #{}, #{a => 1}, 1 bsl 70]].
f(X) when is_integer(X), X > 0; is_float(X) -> pos; f(X) when is_atom(X) orelse X == [] -> at; f(X) when tuple_size(X) > 1 -> tup; f(X) when byte_size(X) rem 2 =:= 0 -> bin; f(_) -> other.
g(X) -> case X of _ when X band 1 =:= 1 -> odd; _ when X + 1 > 1 -> num; [_ | _] = L when length(L) =:= 1 -> one; _ when map_size(X) =< 0 -> empty; _ -> no end.
h(X) -> if X == 0 -> zero; abs(X) == 1 -> unit; element(1, X) == a -> a; is_map_key(a, X) -> key; true -> no end.
i(X) when not is_list(X), not is_number(X) -> {x, X}; i(X) when hd(X) == a; X == "ab" -> hd; i(X) -> {X, trunc(X)}.
j(X) when (X > 1) =:= true -> big; j(X) when X < 1 andalso not false -> small; j(X) when X /= X -> never; j(1) -> one; j(_) -> rest.
