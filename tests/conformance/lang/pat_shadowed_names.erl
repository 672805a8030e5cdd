%% What keys and sizes in heads that shadow mean: keys what is outside, sizes first what stands in front of them in
%% the same binary.
-module(pat_shadowed_names).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    V = id(8),
    M = #{8 => outside, 9 => next, 16 => inside, 17 => after_it},
    ?T((fun(V, #{V := X}) -> {V, X} end)(16, M)),
    ?T((fun(#{V := X}, V) -> {V, X} end)(M, 16)),
    ?T((fun({V, #{(V + 1) := X}}) -> {V, X} end)({16, M})),
    ?T((fun(V, <<X:V, _/bits>>) -> {V, X} end)(16, <<1, 2, 3>>)),
    ?T((fun(<<X:V, _/bits>>, V) -> {V, X} end)(<<1, 2, 3>>, 16)),
    ?T((fun(V, <<V, X:V, _/bits>>) -> {V, X} end)(16, <<16, 2, 3>>)),
    ?T((fun(<<V, X:(V - 8), _/bits>>, V) -> {V, X} end)(<<16, 2, 3>>, 16)),
    ?T((fun(V, <<V, _/bits>>) -> V; (_, _) -> other end)(15, <<16, 2, 3>>)),
    ?T((fun(V, #{(V + 1) := <<V, X:V>>}) -> {V, X}; (_, _) -> other end)(16, #{9 => <<16, 1:16>>, 17 => <<16, 3>>})),
    ?T((fun(V, #{(V + 1) := <<V, X:V>>}) -> {V, X}; (_, _) -> other end)(16, #{9 => <<16, 1>>, 17 => <<16, 3:16>>})),
    ?T((fun F(0, _) -> F(1, M); F(V, #{V := X}) -> {V, X} end)(0, none)),
    ?T([{V, X} || {V, #{V := X}} <- [{a, #{a => 1, 8 => 2}}, {b, #{}}]]),
    ?T([{V, X} || {V, <<X:V>>} <- [{16, <<1:8>>}, {16, <<2:16>>}]]),
    ?T(<< <<V, X>> || <<V:8, X:V, _:4>> <= <<4, 1:4, 1:4>> >>),
    ?T([fun(V) -> fun(#{V := W}, V) -> {V, W} end(#{V => a}, V + 1) end(A) || A <- [1, 2]]),
    ?T(try throw({8, M}) catch throw:{V, #{V := X}} -> X end).

t(Line, F) ->
    io:format("~w: ~0p~n", [Line, try F() catch C:R -> {C, R} end]).

id(X) -> X.
