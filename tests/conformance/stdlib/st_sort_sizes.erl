%% Sorting of short and long lists, with elements that compare equal but differ.
-module(st_sort_sizes).
-export([main/0]).
main() ->
    rand:seed(exsss, {1,2,3}),
    T = fun() -> element(rand:uniform(6), {rand:uniform(50), rand:uniform(50)*1.0, a, b, {rand:uniform(9)}, [rand:uniform(3)]}) end,
    [begin L = [T() || _ <- lists:seq(1, N)], K = [{X, I} || {X, I} <- lists:zip(L, lists:seq(1, N))],
       io:format("~p~n", [erlang:phash2({lists:sort(L), lists:usort(L), lists:keysort(1, K), lists:ukeysort(1, K), lists:keysort(2,K)})]) end
     || N <- [0,1,2,3,4,5,10,100,1999,2000,2001,2500,30000]].
