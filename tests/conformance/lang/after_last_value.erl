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
     {large_in_the_middle, fun() -> middle(M) end}].

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
