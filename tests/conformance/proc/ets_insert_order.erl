%% The order of the objects of a key after lists of objects went in.
-module(ets_insert_order).
-export([main/0]).
main() ->
  [begin T = ets:new(x,[Y|O]), ets:insert(T,L), io:format("~w ~w ~w ~w~n",[Y,O,L,ets:lookup(T,1)]) end || Y <- [set,ordered_set,bag,duplicate_bag], O <- [[],[public],[public,{write_concurrency,true}],[private]], L <- [[{1,a},{1,b}],[{1,a},{1,b},{1,c}],[{1,a},{2,a},{1,b}],[{1,a},{1,b},{2,a}],[{2,a},{1,a},{1,b}]]],
  T2 = ets:new(x,[bag]), ets:insert(T2,{5,a}), ets:insert(T2,[{1,a},{1,b}]), io:format("~w~n",[ets:lookup(T2,1)]),
  T3 = ets:new(x,[bag]), ets:insert(T3,{1,z}), ets:insert(T3,[{1,a},{1,b}]), io:format("~w~n",[ets:lookup(T3,1)]),
  T4 = ets:new(x,[bag]), ets:insert_new(T4,[{1,a},{1,b}]), io:format("~w~n",[ets:lookup(T4,1)]).
