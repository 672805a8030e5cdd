%%% gb_sets and array, called with what is no set, no list and no option.
-module(st_gb_sets_faults).
-export([main/0]).

main() ->
    S = gb_sets:from_list([a, 1]),
    [io:format("~w ~0p ~0p~n", [F, Args, try apply(M, F, Args) catch C:R -> {C, R} end])
     || {M, F, Args} <- [{gb_sets, union, [[S | x]]}, {gb_sets, intersection, [[S | x]]}, {gb_sets, union, [[]]}, {gb_sets, intersection, [[]]},
                         {gb_sets, union, [[S, S]]}, {gb_sets, difference, [S, {b, []}]}, {gb_sets, difference, [S, {0, x}]},
                         {gb_sets, is_subset, [S, {b, nil}]}, {gb_sets, intersection, [S, {b, nil}]},
                         {array, new, [[17 | 2]]}, {array, new, [3]}, {array, new, [[{size, 3}, fixed]]}, {array, new, [fixed]},
                         {array, new, [2, {default, x}]}, {array, new, [2, [{default, x} | y]]}, {array, new, [{fixed, x}]}]].
