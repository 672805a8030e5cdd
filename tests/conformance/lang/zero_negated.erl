%% The sign of a zero that is negated, where the compiler knows that it is a float.
-module(zero_negated).
-export([main/0, f/2, g/2, k/1]).

main() ->
    [io:format("~w ~w ~w ~w~n", [A, B, f(A, B), g(A, B)]) || A <- [1.0, 2, -0.5], B <- [0, 0.0, -0.0, 3, 2.5]].

f(A, B) -> -((A + abs(0.1) * abs(2.5)) * k(B)).

g(A, B) -> -((A + 0.75) * B).

k(B) when B > 5 -> a;
k(B) -> B.
