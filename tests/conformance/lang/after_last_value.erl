-module(after_last_value).
-export([main/0]).

%% A large `after' part is a function of its own, which makes its last value; a small one stands where it is used, and
%% what it makes for nobody is not made.
main() ->
    [io:format("~w ~p~n", [Name, what(Fun)]) || {Name, Fun} <- cases()].

cases() ->
    M = #{c => 1},
    [{small, fun() -> small(M) end},
     {large, fun() -> large(M) end},
     {large_tuple, fun() -> large_tuple(M) end},
     {large_in_the_middle, fun() -> middle(M) end},
     {choice, fun() -> choice(M, 1) end},
     {choice_of_tests, fun() -> choice_of_tests(M, 1) end},
     {choice_in_sequence, fun() -> sequence(M, 1) end},
     {both, fun() -> both(M, 1) end}].

what(Fun) ->
    try Fun() catch Class:Reason -> {Class, Reason} end.

small(M) ->
    try ok after M#{a => 1, b := 2} end.

large(M) ->
    try ok
    after
        (maps:update_with(a, fun(X) -> [X] end, x, M))#{
            a => 2,
            1.0 := fun(V) when false; true >= true, V == element(1, M) -> V; (_) -> M end}
    end.

large_tuple(M) ->
    try maps:size(M)
    after
        A = maps:size(M) + 1,
        B = maps:get(c, M) * A,
        {A, B, [A, B | M], fun(X) -> {X, A, B} end, #{A => B, B => A}}
    end.

middle(M) ->
    try maps:size(M)
    after
        A = maps:get(c, M),
        _ = M#{A := fun(X) when X > A, is_map(M) -> {X, A}; (Y) -> [Y, A | M] end, x => [A, A, A]},
        B = A + 1,
        maps:put(B, A, M)
    end.

%% How large a choice is, depends on its guards.
choice(M, X) ->
    try ok after M#{b := if X > 1 -> 2; true -> 3 end} end.

choice_of_tests(M, X) ->
    try ok
    after
        M#{b := if (X < length([])) xor is_list(map_get(a, M)), not (false) -> X;
                   (true =:= false) and (M =:= {a, {b, {c, [d]}}}), binary_part(<<1.5:64/float>>, 0, 255) == -0.5 -> X;
                   "ab" /= [a, b] -> X
                end}
    end.

sequence(M, X) ->
    try ok after g(X), g(X), g(X), M#{b := g(if X > 1; X < 0 -> 2; true -> 3 end)} end.

both(M, X) ->
    try ok after M#{b := if X > 1 andalso X < 5 -> 2; X == 1, X == 2 -> 3; true -> 3 end} end.

g(X) -> X.
