%%% proplists:expand/2 and properties that are none, or in their long form.
-module(st_proplists_expand).
-export([main/0]).

main() ->
    [io:format("~0p ~0p ~0p~n", [Expansions, List, try proplists:expand(Expansions, List) catch C:R -> {C, R} end])
     || {Expansions, List} <- [{[{"no", [x]}], [a, {a, true}]}, {[{{a, 1, 2}, [b]}], [c, {a, true}, {a, 1, 2}]}, {[{{a, true}, [b]}], [{a, true}, a]},
                               {[{a, [b]}], [{a, true}, {a, 2}]}, {[{{a, 2}, [b]}], [{a, true}, {a, 2}]}, {[foo, {3, [x]}], [3, {3, true}]},
                               {[{{}, [x]}], [{}]}]].
