%% Arithmetic, comparison and storing of floats near and far from one, in chains as compilers leave them.
-module(floats_of_all_sizes).
-export([main/0]).
-record(b, {x, y, z, vx, vy, vz, m}).

main() ->
    Values = [0.0, -0.0, 1.0, -2.5, 1.0e-300, -1.0e-300, 1.0e300, 5.0e-324, 1.7e308, 2.3e-10, 4.0e77, -4.0e77],
    [io:format("~w ~w: ~w~n", [A, B, [try F(A, B) catch error:R -> R end || F <- operations()]])
     || A <- Values, B <- Values],
    [io:format("sqrt ~w: ~w~n", [V, catch_(fun() -> math:sqrt(V) end)]) || V <- [-1.0, 2, -4, a, 1 bsl 2000 | Values]],
    [io:format("~w~n", [step(#b{x = X, y = Y, z = 1.0, vx = Y, vy = X, vz = 0.5, m = 2.0}, 1.0e150)])
     || X <- Values, Y <- [1.0, 1.0e-300, 1.0e300]],
    io:format("~w~n", [[catch_(fun() -> iterate(A, B, 0.25, 0.5, 0) end) || A <- Values, B <- Values]]).

operations() ->
    [fun three/2, fun four/2, fun compare/2, fun mixed/2, fun halves/2].

three(A, B) when is_float(A), is_float(B) ->
    {A + B, A - B, A * B}.

four(A, B) when is_float(A), is_float(B) ->
    S = A * 0.5, T = B * 0.25, U = S - T, V = S * T,
    [S, T, U | V].

compare(A, B) when is_float(A), is_float(B) ->
    S = A * 0.5, T = B * 0.5,
    if S + T > 4.0 -> {more, S, T}; S - T < 0.0 -> {less, T}; S >= T -> {same, S}; true -> other end.

mixed(A, B) ->
    X = A + 1, Y = X * B,
    {X, Y / 3, if Y > X -> more; true -> not_more end}.

halves(A, B) when is_float(A), is_float(B) ->
    (A / 2.0) / (B + 3.0).

step(#b{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ, m = M} = B, F)
  when is_float(X), is_float(Y), is_float(Z) ->
    catch_(fun() -> B#b{vx = VX - X * F, vy = VY - Y * M, vz = VZ - Z * M} end).

iterate(_, _, _, _, 20) -> 20;
iterate(Zr, Zi, Cr, Ci, K) ->
    Zr2 = Zr * Zr,
    Zi2 = Zi * Zi,
    if
        Zr2 + Zi2 > 4.0 -> K;
        true -> iterate(Zr2 - Zi2 + Cr, 2.0 * Zr * Zi + Ci, Cr, Ci, K + 1)
    end.

catch_(F) -> try F() catch C:R -> {C, R} end.
