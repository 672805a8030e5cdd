%% Updates of maps without the key: raised where somebody wants the new map, and only there.
-module(map_update_wanted). -export([main/0]).
p(T,F) -> io:format("~p ~p~n",[T,try F() catch _:R -> {error,R} end]).
main() -> L = #{1=>2}, K = id(99), Q = id(#{}),
 p(1,fun() -> L#{99 := x} =:= 1 end),
 p(2,fun() -> _ = L#{99 := x}, ok end),
 p(3,fun() -> L#{99 := x}, ok end),
 p(4,fun() -> Q#{99 := x} =:= 1 end),
 p(5,fun() -> Q#{K := x} =:= [] end),
 p(6,fun() -> is_map(Q#{K := x}) end),
 p(7,fun() -> case Q#{K := x} of [] -> a; _ -> b end end),
 p(8,fun() -> X = Q#{K := x}, is_list(X) end),
 p(9,fun() -> map_size(Q#{K := x}), ok end),
 p(10,fun() -> {Q#{K := x}}, ok end),
 p(11,fun() -> try Q#{K := x} of _ -> ok catch _:_ -> caught end end).
id(X) -> X.
